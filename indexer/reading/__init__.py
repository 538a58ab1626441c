"""Reads and describes a file that nobody trusts: the port.

`sandbox.py` is the parent's side, `worker.py` the child's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer.describe import Description
from indexer.extract import Extraction
from indexer.references import Reference


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and what it seems to be."""

    extraction: Extraction
    description: Description
    """Without findings where there was no text, or where describing was stopped
    (then the extraction's notes say so)."""
    references: tuple[Reference, ...] = ()
    """What the text refers to; none where looking for them was stopped (the notes say so)."""


class Reader(Protocol):
    """Reads files that nobody trusts."""

    def read(self, path: Path, name: str) -> Reading:
        """Read the file at *path*, whose user-given name is *name* (a hint, never a path).

        Never raises for what is in the file: a reader that fails, runs out of memory or
        time, or is killed gives a reading that says so. Nothing is written, and no other
        file and no network is reached. Safe to call from several threads at once.
        """

    def recognise(self, path: Path, name: str, *, languages: str, pages: int) -> Reading:
        """Read as `read` does, and the text of pictures by OCR: seconds a page.

        *languages* as tesseract names them, joined by `+`; *pages*, as many as the document
        has, bounds the time.
        """

    def draw(self, path: Path, page: int, *, width: int, words: Sequence[str]) -> bytes:
        """Return a page of a PDF as a PNG of *width* pixels, with *words* boxed on it.

        Undrawable where that cannot be: no such page, no PDF, damaged, a limit reached.
        One page is drawn at a time.
        """

    def close(self) -> None:
        """End every process that was started. The reader cannot be used afterwards."""
