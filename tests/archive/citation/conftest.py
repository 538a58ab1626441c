"""Records to cite, and the programs that read our files back."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.access import Access, State
from archive.catalogue.records import Dated, Description, Item, Record
from archive.config import SiteSettings
from archive.dates import parse_edtf

MakeRecord = Callable[..., Record]
ReadBack = Callable[[str, str], list[dict[str, Any]]]

STATE: State = "published"
ACCESS: Access = "public"


@pytest.fixture(scope="session")
def site() -> SiteSettings:
    return SiteSettings(name="Archive", public_url="https://archive.example/", archive="")


@pytest.fixture(scope="session")
def make() -> MakeRecord:
    """A record of what is said; its date as EDTF, its digest from its id."""

    def record(
        public_id: str = "3f9k2bcd7", *, dated: str = "", sha256: str = "", **about: Any
    ) -> Record:
        about.setdefault("title", "A title")
        when = Dated(parse_edtf(dated), "adopted") if dated else None
        moment = datetime(2026, 3, 14, tzinfo=UTC)
        item = Item(sha256 or "0f" * 32, "a.pdf", 1, "application/pdf", "read")
        return Record(
            1, public_id, STATE, ACCESS, moment, moment, Description(dated=when, **about), (item,)
        )

    return record


@pytest.fixture(scope="session")
def full(make: MakeRecord) -> MakeRecord:
    """A record with every field, each value told from every other; arguments replace some."""

    def record(public_id: str = "3f9k2bcd7", **about: Any) -> Record:
        everything: dict[str, Any] = {
            "title": "On the keeping of papers",
            "kind": "decree",
            "country": "AZ",
            "dated": "1996-12-30",
            "number": "A/12-b",
            "issuer": "President of Exampleland",
            "language": "en-GB",
            "authors": ("Okafor, Ngozi A.",),
            "publication": "Gazette of Exampleland",
            "volume": "79",
            "issue": "6",
            "page_range": "101-109",
            "section": "Part B",
            "place": "Old Town",
            "session": "48th",
            "publisher": "State Press",
            "source_url": "https://gazette.example/a_b%20c?x=1&y=~2#p3",
            "accessed": date(2026, 3, 4),
            "archive": "State Archive of Exampleland",
            "location": "Fond 28, delo 99",
            "collection": "Frontier papers",
            "rights": "Public domain",
        }
        return make(public_id, **everything | about)

    return record


@pytest.fixture(scope="session")
def pandoc(tmp_path_factory: pytest.TempPathFactory) -> ReadBack:
    """Read a text with pandoc and return the CSL items it made of it."""
    pypandoc = pytest.importorskip("pypandoc", reason="pandoc is not installed")
    try:
        program = pypandoc.get_pandoc_path()
    except OSError:
        pytest.skip("pandoc is not installed")
    folder: Path = tmp_path_factory.mktemp("pandoc")

    def read(text: str, reader: str) -> list[dict[str, Any]]:
        source = folder / "source"
        source.write_text(text, "utf-8", newline="")
        answer = subprocess.run(
            [program, "--sandbox", "-f", reader, "-t", "csljson", str(source)],
            capture_output=True,
            timeout=120,
            check=True,
        )
        return list(json.loads(answer.stdout))

    return read
