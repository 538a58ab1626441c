"""Passages of a document that show why it was found, each with its place.

Nothing else in Muniment turns a document's text into HTML.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup, escape

from archive.catalogue.records import PageText
from indexer.wanted import Hit, Wanted, wanted

__all__ = [
    "Passage", "Span", "Wanted", "marked", "marks_in", "paragraphs", "passages",
    "passages_plainly", "wanted",
]  # fmt: skip

PASSAGES_MAX = 3
PASSAGE_CHARS = 240
# How far an end may move to stand at a sentence's or a word's end.
_SLACK_CHARS = 60
_GLANCE_CHARS = 8

_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n|\f")
_SENTENCE_END = re.compile(r"[.!?…。؟](?=[\s\"”»)]|$)")
_SPECIAL = re.compile("[&<>'\"]")
_SPACE, _SOLID = re.compile(r"\s"), re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's text, and where in it the query's words stand."""

    text: str
    """In the original spelling; white space collapsed."""
    marks: tuple[Span, ...]
    """Ranges of `text` to be marked, in order, apart."""
    locator: int
    """The page where the format has pages, else the paragraph, from 1: the anchor is #p<locator>."""
    starts_late: bool
    """Whether text of the same page stands before it."""
    ends_early: bool
    """Whether text of the same page stands after it."""

    @property
    def html(self) -> Markup:
        """The passage with its words in <mark>, everything else escaped."""
        before, after = ("… " if self.starts_late else ""), (" …" if self.ends_early else "")
        # Every part is escaped or ours.
        return Markup(f"{before}{marked(self.text, self.marks)}{after}")  # noqa: S704


def passages(
    pages: Sequence[PageText], what: Wanted, *, language: str | None, paged: bool, title: str = ""
) -> tuple[Passage, ...]:
    """Return up to three passages, those with most distinct words first.

    A paragraph that only repeats *title* is passed over where there is anything else. Where
    no wanted word stands in the text, the beginning of the text, unmarked.
    """
    windows: list[_Window] = []
    repeating: list[_Window] = []
    best: list[_Window] = []
    repeats = _repeating(title)
    for place, hits in _held(pages, what.in_language(language).hits, paged=paged):
        if repeats(place.text):
            repeating += _windows(place, hits)
            continue
        for window in _windows(place, hits):
            windows.append(window)
            if window.words == what.words and not any(map(window.overlaps, best)):
                best.append(window)
                if len(best) == PASSAGES_MAX:
                    # Nothing that comes later has more words.
                    return tuple(map(_cut, best))
    if windows or (repeating and all(repeats(one.text) for one in _places(pages, paged=paged))):
        return tuple(map(_cut, _chosen(windows or repeating)))
    return _beginning(pages, repeats, paged=paged)


def passages_plainly(
    pages: Sequence[PageText], what: Wanted, *, language: str | None, paged: bool, title: str = ""
) -> tuple[Passage, ...]:
    """Return what `passages` must return: every word is looked at, every window compared."""
    repeats = _repeating(title)
    others = not all(repeats(one.text) for one in _places(pages, paged=paged))
    windows = [
        window
        for place, hits in _held(pages, what.in_language(language).plainly, paged=paged)
        if not (others and repeats(place.text))
        for window in _windows(place, hits)
    ]
    if windows:
        return tuple(map(_cut, _chosen(windows)))
    return _beginning(pages, repeats, paged=paged)


def marks_in(text: str, what: Wanted, language: str | None) -> tuple[Span, ...]:
    """Return where in *text* wanted words stand, in order."""
    found = what.in_language(language).hits(text)
    return tuple(Span(start, end) for start, end, _words in found)


def marked(text: str, marks: Iterable[Span]) -> Markup:
    """Return *text* escaped, with the *marks* in <mark>."""
    pieces, at = [], 0
    for mark in marks:
        pieces += [text[at : mark.start], text[mark.start : mark.end]]
        at = mark.end
    pieces.append(text[at:])
    if _SPECIAL.search(text):
        pieces = [str(escape(piece)) for piece in pieces]
    out = []
    for number, piece in enumerate(pieces):
        out.append(f"<mark>{piece}</mark>" if number % 2 else piece)
    return Markup("".join(out))  # noqa: S704  # every piece is escaped, or need not be


def paragraphs(text: str) -> Iterator[Span]:
    """Yield where each paragraph of *text* stands: what blank lines set apart."""
    at = 0
    for end in chain(_ends(text), (len(text),)):
        chunk = text[at:end]
        if bare := chunk.strip():
            start = at + len(chunk) - len(chunk.lstrip())
            yield Span(start, start + len(bare))
        at = end


def _ends(text: str) -> Iterator[int]:
    if "\f" in text:
        yield from (found.start() for found in _BETWEEN_PARAGRAPHS.finditer(text))
        return
    # The same, many times faster: lines are long.
    place = text.find("\n")
    while place >= 0:
        found = _BETWEEN_PARAGRAPHS.match(text, place)
        if found:
            yield place
        place = text.find("\n", found.end() if found else place + 1)


@dataclass(frozen=True, slots=True)
class _Place:
    """A page, or a paragraph of a document without pages."""

    locator: int
    text: str


@dataclass(frozen=True, slots=True)
class _Window:
    """Hits of one place that fit into one passage."""

    place: _Place
    hits: Sequence[Hit]
    words: int

    def overlaps(self, other: "_Window") -> bool:
        return self.place is other.place and not (
            self.hits[-1][1] + PASSAGE_CHARS // 2 < other.hits[0][0]
            or other.hits[-1][1] + PASSAGE_CHARS // 2 < self.hits[0][0]
        )


def _places(pages: Sequence[PageText], *, paged: bool) -> Iterator[_Place]:
    number = 0
    for page in pages:
        if paged:
            yield _Place(page.number, page.text)
        else:
            for span in paragraphs(page.text):
                number += 1
                yield _Place(number, page.text[span.start : span.end])


def _repeating(title: str) -> Callable[[str], bool]:
    """Return what says whether a text is *title* again: letter by letter, whatever is between."""
    told, longest = _letters(title), 2 * len(title)

    def repeats(text: str) -> bool:
        return (
            len(text) <= longest
            and told.startswith(_letters(text[:_GLANCE_CHARS]))
            and _letters(text) == told
        )

    return repeats


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _held(
    pages: Sequence[PageText], find: Callable[[str], Iterator[Hit]], *, paged: bool
) -> Iterator[tuple[_Place, list[Hit]]]:
    """Yield every place that holds wanted words, with the hits in it, as `_places` names it.

    A page is looked through as a whole, and no further than the answer needs.
    """
    number = 0
    for page in pages:
        hits = find(page.text)
        if paged:
            if held := list(hits):
                yield _Place(page.number, page.text), held
            continue
        hit = next(hits, None)
        if hit is None and page is pages[-1]:
            return
        for span in paragraphs(page.text):
            number += 1
            inside: list[Hit] = []
            while hit and hit[0] < span.end:
                # A document number may be broken by the end of a paragraph.
                if hit[1] <= span.end:
                    inside.append((hit[0] - span.start, hit[1] - span.start, hit[2]))
                hit = next(hits, None)
            if inside:
                yield _Place(number, page.text[span.start : span.end]), inside


def _windows(place: _Place, hits: Sequence[Hit]) -> Iterator[_Window]:
    last = 0
    for first, (start, _end, _words) in enumerate(hits):
        last = max(last, first)
        while last + 1 < len(hits) and hits[last + 1][1] - start <= PASSAGE_CHARS * 2 // 3:
            last += 1
        inside = hits[first : last + 1]
        words = 0
        for hit in inside:
            words |= hit[2]
        yield _Window(place, inside, words)


def _chosen(windows: list[_Window]) -> list[_Window]:
    """Return the windows that show most, the first of equals, apart from one another."""
    chosen: list[_Window] = []
    covered = 0
    while windows and len(chosen) < PASSAGES_MAX:
        more = [
            ((one.words & ~covered).bit_count() << 16) + one.words.bit_count() for one in windows
        ]
        best = windows[more.index(max(more))]
        chosen.append(best)
        covered |= best.words
        windows = [one for one in windows if not one.overlaps(best)]
    return chosen


def _cut(window: _Window) -> Passage:
    text, hits = window.place.text, window.hits
    first, last = hits[0][0], hits[-1][1]
    room = max(PASSAGE_CHARS - (last - first), 40)
    start = _start_near(text, max(0, first - room // 2), first)
    end = _end_near(text, max(start + PASSAGE_CHARS, last), last)
    return _passage(window.place, start, end, [hit for hit in hits if hit[1] <= end])


def _beginning(
    pages: Sequence[PageText], repeats: Callable[[str], bool], *, paged: bool
) -> tuple[Passage, ...]:
    """Return the beginning of the text, of what only repeats the title where there is no other."""
    first: _Place | None = None
    for place in _places(pages, paged=paged):
        first = first or place
        if not repeats(place.text):
            first = place
            break
    if first is None:
        return ()
    return (_passage(first, 0, _end_near(first.text, PASSAGE_CHARS, 0), []),)


def _start_near(text: str, at: int, limit: int) -> int:
    """Return where a passage begins that must hold *limit*: after a sentence, or at a word."""
    if at == 0:
        return 0
    low = max(0, at - _SLACK_CHARS)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, low, limit)]
    if ends:
        nearest = min(ends, key=lambda end: abs(end - at))
        return nearest + len(text[nearest:limit]) - len(text[nearest:limit].lstrip(' "”»)'))
    space = _SPACE.search(text, at, limit)
    return space.end() if space else at


def _end_near(text: str, at: int, least: int) -> int:
    """Return where a passage ends that must hold all before *least*."""
    if at >= len(text):
        return len(text)
    low = max(least, at - _SLACK_CHARS)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, low, at + _SLACK_CHARS)]
    if ends:
        return min(ends, key=lambda end: abs(end - at))
    space = text.rfind(" ", least, at)
    return space if space > least else at


def _passage(place: _Place, start: int, end: int, hits: Sequence[Hit]) -> Passage:
    """Collapse white space and move the marks along."""
    cut = place.text[start:end]
    text = " ".join(cut.split())

    def moved(at: int) -> int:
        if len(text) == len(cut):
            return at - start
        before = cut[: at - start]
        collapsed = " ".join(before.split())
        return len(collapsed) + bool(collapsed and before[-1].isspace())

    return Passage(
        text,
        tuple(Span(moved(hit[0]), moved(hit[1])) for hit in hits),
        place.locator,
        starts_late=_SOLID.search(place.text, 0, start) is not None,
        ends_early=_SOLID.search(place.text, end) is not None,
    )
