"""The sample corpus is taken in whole, and the system finds out by itself what is true of it."""

import tomllib
import unicodedata
from pathlib import Path

import pytest

from archive.config import ExtractSettings
from archive.dates import parse_edtf
from archive.kinds import KINDS
from indexer.describe import Description
from indexer.describe.number import canonical
from indexer.reading import Reader
from indexer.reading.sandbox import Sandbox

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
TRUTH = tomllib.loads((CORPUS / "MANIFEST.toml").read_text("utf-8"))["document"]


@pytest.fixture(scope="module")
def readings() -> dict[str, Description]:
    reader: Reader = Sandbox(ExtractSettings())
    try:
        return {
            row["file"]: reader.read(CORPUS / row["file"], Path(row["file"]).name).description
            for row in TRUTH
        }
    finally:
        reader.close()


def plain(text: str) -> str:
    """Letters and figures alone, as titles are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def asserted(description: Description, field: str) -> str | None:
    finding = description.asserted(field)  # type: ignore[arg-type]
    return finding.value if finding else None


def test_every_document_is_in_the_manifest_and_every_entry_is_a_document():
    named = {row["file"] for row in TRUTH}
    there = {f"documents/{path.name}" for path in (CORPUS / "documents").iterdir()}
    assert named == there


def test_the_corpus_is_as_wide_as_it_says():
    assert len(TRUTH) >= 48
    assert len({row["country"] for row in TRUTH}) >= 15
    assert len({row["language"] for row in TRUTH}) >= 6
    assert {KINDS[row["kind"]].parent for row in TRUTH} == {
        "article",
        "resolution",
        "decree",
        "law",
        "other",
    }
    years = [parse_edtf(row["date"]).first.year for row in TRUTH]
    assert min(years) <= 1945
    assert max(years) >= 2024


@pytest.mark.parametrize("row", TRUTH, ids=[row["file"] for row in TRUTH])
def test_what_is_true_is_found(row, readings):
    found = readings[row["file"]]
    assert plain(asserted(found, "title") or "") == plain(row["title"])
    assert asserted(found, "date") == row["date"]
    assert asserted(found, "kind") == row["kind"]
    assert asserted(found, "country") == row["country"]
    assert asserted(found, "language") == row["language"]
    number = asserted(found, "number")
    assert (canonical(number) if number else None) == (
        canonical(row["number"]) if "number" in row else None
    )
