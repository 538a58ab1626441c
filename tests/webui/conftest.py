"""One archive that all pages are read from, and new ones for tests that write."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.catalogue import records
from archive.catalogue.records import Described
from indexer import referring
from indexer.bootstrap import Archive
from tests.webui import library
from tests.webui.library import Reader, put, reader_of

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(scope="session")
def _shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, dict[str, str]]]:
    archive = library.open_new(tmp_path_factory.mktemp("home") / "home")
    ids = _fill(archive)
    library.index(archive)
    yield archive, ids
    archive.close()


@pytest.fixture
def shelf(_shelf: tuple[Archive, dict[str, str]]) -> Archive:
    """The archive that is only read."""
    return _shelf[0]


@pytest.fixture
def ids(_shelf: tuple[Archive, dict[str, str]]) -> dict[str, str]:
    """Its documents by what is particular to them."""
    return _shelf[1]


@pytest.fixture
def reader(shelf: Archive) -> Reader:
    """Somebody not signed in."""
    return reader_of(shelf)


@pytest.fixture
def new_archive(tmp_path: Path) -> Iterator[Callable[..., Archive]]:
    """Make archives of one's own, with settings as variables."""
    opened: list[Archive] = []

    def make(**environ: str) -> Archive:
        opened.append(library.open_new(tmp_path / f"home{len(opened)}", environ))
        return opened[-1]

    yield make
    for archive in opened:
        archive.close()


def _fill(archive: Archive) -> dict[str, str]:
    ids = {
        "plain": put(
            archive,
            "Resolution on water",
            "The Assembly speaks of water.\n\nSecond paragraph on rivers & <b>lakes</b>.",
            date="1993-12-20",
            kind="resolution",
            country="UN",
            language="en",
            number="A/RES/48/114",
            issuer="General Assembly",
            findings=(
                Described("issuer", "General Assembly", "Assembly", 0.9, True, "The Assembly speaks of water.", None, "test"),
                Described("country", "FR", "France", 0.3, False, "said in France", None, "test"),
            ),
        ),
        "hostile": put(
            archive,
            f"Title {HOSTILE}",
            f"Some water {HOSTILE} here",
            name=f"{HOSTILE}.html",
            kind="news_article",
            source_url="javascript:alert(1)",
            issuer=HOSTILE,
            findings=(
                Described("issuer", HOSTILE, HOSTILE, 0.9, True, f"by {HOSTILE} said", None, "test"),
            ),
        ),
        "long": put(
            archive,
            "A long report",
            [f"Page {number} speaks of water." for number in range(1, 131)],
            date="1993",
            kind="report",
            country="FR",
            language="en",
        ),
        "verbose": put(
            archive,
            "Many paragraphs",
            "\n\n".join(f"Paragraph {number} of the water book." for number in range(1, 901)),
            date="1991/1993",
            language="fr",
        ),
        "scanned": put(archive, "A scanned decree", status="needs_ocr", kind="decree", date="1992-05"),
        "withheld": put(
            archive, "A withheld letter", "Secret water in the well.", access="text_withheld",
            kind="letter", country="TR", date="1990",
            findings=(Described("country", "TR", "well", 0.9, True, "Secret water in the well.", None, "test"),),
        ),
        "restricted": put(archive, "A restricted paper", "Hidden water.", access="restricted"),
        "waiting": put(archive, "A waiting paper", "Waiting water.", state="waiting"),
        "withdrawn": put(archive, "A withdrawn paper", "Gone water."),
        "never_public": put(archive, "Never seen", "Gone water.", state="waiting"),
    }  # fmt: skip
    ids |= {
        "article": put(
            archive, "An article on law", "The council recalled resolution A/RES/48/114 of 20 December 1993. "
            "The ministry quoted Law No. 5411 of 19 October 2005 twice; Law No. 5411 of 19 October 2005 is long.",
            kind="news_article", country="TR", language="en", date="2014-05-01",
        ),
        "secret_article": put(
            archive, "A closed article", "Behind doors, resolution A/RES/48/114 was quoted, and so was Decree No. 66 of 3 May 1999.",
            kind="news_article", country="TR", language="en", access="restricted",
        ),
        "withheld_article": put(
            archive, "A withheld article", "Unread: resolution A/RES/48/114 of 20 December 1993.",
            kind="news_article", country="TR", language="en", access="text_withheld",
        ),
    }  # fmt: skip
    for place, country in enumerate(("AZ", "TR", "RU", "FR", "ES", "US", "DE", "IT", "PL", "UA")):
        put(
            archive, f"Law number {place}", "On taxes and roads.", date=f"{2000 + place}-01-02",
            kind="law" if place % 2 else "code", country=country, language="en",
        )  # fmt: skip
    referring.look_through(archive.catalogue)
    with archive.catalogue.writing() as session:
        for which in ("withdrawn", "never_public"):
            records.change_state(
                session, ids[which], "withdrawn", "otto", "asked for by its author"
            )
    return ids
