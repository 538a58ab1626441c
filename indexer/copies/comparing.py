"""Two texts side by side: what was taken out, what was put in, and the words around it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from archive.catalogue.records import PageText
from indexer import analysis, snippets
from indexer.copies import differences, likeness, sketches
from indexer.copies.differences import Change
from indexer.copies.likeness import Common

PLACES_MAX = 200
CONTEXT_WORDS = 12
_SHOWN_WORDS_MAX = 150
"""Of one side of a change; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, its white space collapsed."""

    kind: Literal["same", "deleted", "inserted"]
    text: str
    more_words: int = 0
    """How many words of it are left out at its end."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place where the texts differ, with the words around it."""

    pieces: tuple[Piece, ...]
    one_locator: int
    """The page, or the paragraph where the format has no pages, of each text."""
    other_locator: int
    starts_late: bool
    ends_early: bool
    """Whether words that are the same stand before and after it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where two texts differ in their words; case, accents, punctuation and space tell nothing."""

    common: Common
    places: tuple[Place, ...]
    place_count: int
    """`places` may hold fewer."""
    deleted_words: int
    inserted_words: int


def compare(
    one: Sequence[PageText], other: Sequence[PageText], *, one_paged: bool, other_paged: bool
) -> Comparison:
    """Compare two texts; what stands in *one* alone is deleted, in *other* alone inserted.

    The time it takes grows with the length of the texts; `PLACES_MAX` places are shown.
    """
    ours, theirs = _Side(one, paged=one_paged), _Side(other, paged=other_paged)
    changes = differences.changes(ours.hashes, theirs.hashes)
    together = list(_together(changes))
    return Comparison(
        common=likeness.with_figures(
            likeness.common(ours.text, theirs.text), ours.text, theirs.text
        ),
        places=tuple(_place(some, ours, theirs) for some in islice(together, PLACES_MAX)),
        place_count=len(together),
        deleted_words=sum(change.one_end - change.one_start for change in changes),
        inserted_words=sum(change.other_end - change.other_start for change in changes),
    )


class _Side:
    """A text, and where each of its words stands."""

    def __init__(self, pages: Sequence[PageText], *, paged: bool) -> None:
        """Find the words of every page."""
        self.pages, self.paged = pages, paged
        self.text = likeness.text_of([page.text for page in pages])
        self.hashes = self.text.hashes
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.first_words: list[int] = []
        for page in pages:
            self.first_words.append(len(self.starts))
            found = list(analysis.placed(page.text))
            hashes = sketches.hashes_of([word for word, _, _ in found]).tolist()
            kept = [one for one, value in zip(found, hashes, strict=True) if value]
            self.starts += [start for _, start, _ in kept]
            self.ends += [end for _, _, end in kept]
        self._paragraphs: list[int] | None = None

    def written(self, start: int, end: int) -> str:
        """Return the words of a half-open range as they stand in the text."""
        parts = []
        at = start
        while at < end:
            page = self._page(at)
            beyond = self.first_words[page + 1] if page + 1 < len(self.pages) else len(self.starts)
            last = min(end, beyond) - 1
            parts.append(self.pages[page].text[self.starts[at] : self.ends[last]])
            at = last + 1
        return " ".join(" ".join(parts).split())

    def locator(self, word: int) -> int:
        """Return the page or paragraph of a word, or of the last one where there is none after."""
        word = max(0, min(word, len(self.starts) - 1))
        if not self.starts:
            return 1
        page = self._page(word)
        if self.paged:
            return self.pages[page].number
        if self._paragraphs is None:
            self._paragraphs = [s.start for s in snippets.paragraphs(self.pages[0].text)]
        return max(1, bisect_right(self._paragraphs, self.starts[word])) if page == 0 else 1

    def _page(self, word: int) -> int:
        return bisect_right(self.first_words, word) - 1


def _together(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield changes that are so near that the words between them are shown whole."""
    some: list[Change] = []
    for change in changes:
        if some and change.one_start - some[-1].one_end > 2 * CONTEXT_WORDS:
            yield some
            some = []
        some.append(change)
    if some:
        yield some


def _place(changes: Sequence[Change], one: _Side, other: _Side) -> Place:
    first, last = changes[0], changes[-1]
    begin = max(0, first.other_start - CONTEXT_WORDS)
    end = min(len(other.hashes), last.other_end + CONTEXT_WORDS)
    pieces: list[Piece] = []
    at = begin
    for change in changes:
        pieces.append(Piece("same", other.written(at, change.other_start)))
        pieces.append(_piece("deleted", one, change.one_start, change.one_end))
        pieces.append(_piece("inserted", other, change.other_start, change.other_end))
        at = change.other_end
    pieces.append(Piece("same", other.written(at, end)))
    return Place(
        tuple(piece for piece in pieces if piece.text),
        one.locator(first.one_start),
        other.locator(first.other_start),
        starts_late=begin > 0,
        ends_early=end < len(other.hashes),
    )


def _piece(kind: Literal["deleted", "inserted"], side: _Side, start: int, end: int) -> Piece:
    shown = min(end, start + _SHOWN_WORDS_MAX)
    return Piece(kind, side.written(start, shown), end - shown)
