"""Tables of cases, and sheets made of a few lines."""

from pathlib import Path

from indexer.describe.sheet import Sheet, sheet_of
from indexer.extract import Extraction, MediaType, Metadatum, Page

CASES = Path(__file__).resolve().parents[2] / "cases"


def table(name: str) -> list[tuple[str, ...]]:
    """Return the rows of tests/cases/`name`, cells parted by tabs."""
    lines = (CASES / name).read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def extraction(
    text: str,
    *,
    metadata: dict[str, str] | None = None,
    headings: tuple[str, ...] = (),
    aside: str = "",
    web: bool = False,
) -> Extraction:
    """Return an extraction that holds *text*."""
    return Extraction(
        status="text",
        media_type=MediaType("text/html" if web else "text/plain"),
        reader="test",
        reader_version="1",
        pages=(Page(1, text, aside),),
        metadata=tuple(Metadatum(name, value) for name, value in (metadata or {}).items()),
        headings=headings,
    )


def sheet(text: str, **more: object) -> Sheet:
    """Return the sheet of *text*."""
    return sheet_of(extraction(text, **more))  # type: ignore[arg-type]
