"""What every engine is asked, and what it has to give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from benchmarks.corpora import Corpus, Document
from indexer.engine import FacetName

PAGE = 10
FACETS: tuple[FacetName, ...] = ("year", "country", "kind")

QueryKind = Literal["rare", "common", "or", "and", "phrase", "prefix", "fuzzy", "filtered"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of the benchmark, in nobody's language."""

    kind: QueryKind
    words: tuple[str, ...]
    country: str = ""
    years: tuple[int, int] = (0, 0)

    @property
    def edits(self) -> int:
        """How many edits a fuzzy word may be away: as our query language has it."""
        return 1 if len(self.words[0]) <= 5 else 2


@dataclass(frozen=True, slots=True)
class Page:
    """What the page job made."""

    total: int
    numbers: tuple[int, ...]
    facets: Mapping[Any, Mapping[Any, int]]
    snippets: tuple[str, ...]


class Contender(Protocol):
    """An engine under measurement, over a folder of its own."""

    name: str

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open nothing yet."""

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""

    def open(self) -> None:
        """Make ready for the first question."""

    def page(self, asked: Asked) -> Page | None:
        """Do the page job: ten best, exact counts over all matches, highlighted snippets of the
        ten. None where the engine has no such query."""

    def put(self, document: Document) -> bool:
        """Commit one document more and say whether it is found."""

    def size_bytes(self) -> int:
        """Return the size of the index on disk."""

    def close(self) -> None:
        """Let go of everything."""


def typed(asked: Asked) -> str:
    """Return the query as a person types it."""
    match asked.kind:
        case "or":
            return " OR ".join(asked.words)
        case "phrase":
            return f'"{" ".join(asked.words)}"'
        case "prefix":
            return f"{asked.words[0]}*"
        case "fuzzy":
            return f"{asked.words[0]}~"
        case _:
            return " ".join(asked.words)


def folder_bytes(folder: Path) -> int:
    """Return the size of all files in *folder*."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
