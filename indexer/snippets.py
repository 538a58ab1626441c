"""Passages of a document that show why it was found, each with its place.

Nothing else in Muniment turns a document's text into HTML.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

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


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class Passage(NamedTuple):
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
        inside = "".join(_pieces(self.text, self.marks))
        before, after = ("… " if self.starts_late else ""), (" …" if self.ends_early else "")
        # Every part is escaped or ours.
        return Markup(f"{before}{inside}{after}")  # noqa: S704


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
    repeats, every = _repeating(title), what.words
    found = what.in_language(language)
    for place, hits in _held(pages, found.parts, found.hits, paged=paged):
        if repeats(place.text):
            repeating += _windows(place, hits)
            continue
        for window in _windows(place, hits):
            windows.append(window)
            if window.words == every and not any(map(window.overlaps, best)):
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
        for place, hits in _held(pages, _whole, what.in_language(language).plainly, paged=paged)
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
    return Markup("".join(_pieces(text, marks)))  # noqa: S704  # escaped, or ours


def _pieces(text: str, marks: Iterable[Span]) -> list[str]:
    """Return *text* as pieces of HTML."""
    pieces, at = [], 0
    if _SPECIAL.search(text):
        for start, end in marks:
            pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
        return [*pieces, escape(text[at:])]
    for start, end in marks:
        pieces += [text[at:start], "<mark>", text[start:end], "</mark>"]
        at = end
    pieces.append(text[at:])
    return pieces


def paragraphs(text: str) -> list[Span]:
    """Return where each paragraph of *text* stands: what blank lines set apart."""
    found, at = [], 0
    for end in (*_ends(text), len(text)):
        chunk = text[at:end]
        if bare := chunk.strip():
            start = at if len(bare) == len(chunk) else at + len(chunk) - len(chunk.lstrip())
            found.append(Span(start, start + len(bare)))
        at = end
    return found


def _ends(text: str) -> list[int]:
    if "\f" in text:
        return [found.start() for found in _BETWEEN_PARAGRAPHS.finditer(text)]
    # The same, many times faster: lines are long.
    ends, place = [], text.find("\n")
    while place >= 0:
        end = place + 1
        match text[end : end + 1]:
            case "\n":
                ends.append(place)
                end += 1
            case " " | "\t":
                if found := _BETWEEN_PARAGRAPHS.match(text, place):
                    ends.append(place)
                    end = found.end()
        place = text.find("\n", end)
    return ends


class _Place(NamedTuple):
    """A page, or a paragraph of a document without pages."""

    locator: int
    text: str


class _Window(NamedTuple):
    """Hits of one place that fit into one passage."""

    words: int
    place: _Place
    hits: Sequence[Hit]
    """Of the whole place."""
    first: int
    last: int
    """Those of the window are hits[first] to hits[last]."""

    def overlaps(self, other: "_Window") -> bool:
        return self.place is other.place and not (
            self.hits[self.last][1] + PASSAGE_CHARS // 2 < other.hits[other.first][0]
            or other.hits[other.last][1] + PASSAGE_CHARS // 2 < self.hits[self.first][0]
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


def _whole(text: str) -> tuple[str]:
    return (text,)


def _held(
    pages: Sequence[PageText],
    parts: Callable[[str], Iterable[str]],
    find: Callable[[str], list[Hit]],
    *,
    paged: bool,
) -> Iterator[tuple[_Place, list[Hit]]]:
    """Yield every place that holds wanted words, with the hits in it, as `_places` names it.

    Pages are looked through part by part, and no further than the answer needs.
    """
    if paged:
        for page in pages:
            if hits := find(page.text):
                yield _Place(page.number, page.text), hits
        return
    before, passed = 0, list[str]()
    for page in pages:
        for part in parts(page.text):
            hits = find(part)
            if not hits:
                passed.append(part)
                continue
            # Paragraphs are counted where something stands behind them.
            before += sum(len(paragraphs(one)) for one in passed)
            passed.clear()
            spans = paragraphs(part)
            yield from _by_paragraph(part, spans, hits, before)
            before += len(spans)


def _by_paragraph(
    text: str, spans: Sequence[Span], hits: list[Hit], before: int
) -> Iterator[tuple[_Place, list[Hit]]]:
    """Part the *hits* among the paragraphs of *text*, which follow *before* others."""
    at = 0
    for number, (start, end) in enumerate(spans, before + 1):
        begin = at
        while at < len(hits) and hits[at][0] < end:
            at += 1
        # A document number may be broken by the end of a paragraph.
        inside = [(a - start, b - start, bits) for a, b, bits in hits[begin:at] if b <= end]
        if inside:
            yield _Place(number, text[start:end]), inside
        if at == len(hits):
            return


def _windows(place: _Place, hits: Sequence[Hit]) -> Iterator[_Window]:
    last, size = 0, len(hits)
    for first, (start, _end, words) in enumerate(hits):
        last = max(last, first)
        limit = start + PASSAGE_CHARS * 2 // 3
        while last + 1 < size and hits[last + 1][1] <= limit:
            last += 1
        for n in range(first + 1, last + 1):
            words |= hits[n][2]
        yield _Window(words, place, hits, first, last)


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
    text, hits = window.place.text, window.hits[window.first : window.last + 1]
    first, last = hits[0][0], hits[-1][1]
    room = max(PASSAGE_CHARS - (last - first), 40)
    start = _start_near(text, max(0, first - room // 2), first)
    end = _end_near(text, max(start + PASSAGE_CHARS, last), last)
    return _passage(window.place, start, end, hits)


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
        nearest = _nearest(ends, at)
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
        return _nearest(ends, at)
    space = text.rfind(" ", least, at)
    return space if space > least else at


def _nearest(ends: Sequence[int], at: int) -> int:
    """Return the first of those *ends*, which ascend, that are nearest to *at*."""
    nearest = ends[0]
    for end in ends:
        if abs(end - at) >= abs(nearest - at) and end != nearest:
            break
        nearest = end
    return nearest


def _passage(place: _Place, start: int, end: int, hits: Sequence[Hit]) -> Passage:
    """Collapse white space and move the marks along."""
    whole = place.text
    text = cut = whole[start:end]
    # Of all white space only the single space is printable.
    if not cut.isprintable() or "  " in cut or cut[:1] == " " or cut[-1:] == " ":
        text = " ".join(cut.split())
    if len(text) == len(cut):
        marks = [Span(begin - start, stop - start) for begin, stop, _words in hits]
    else:
        marks = [
            Span(_collapsed(cut[: begin - start]), _collapsed(cut[: stop - start]))
            for begin, stop, _words in hits
        ]
    return Passage(
        text,
        tuple(marks),
        place.locator,
        starts_late=start > 0 and _SOLID.search(whole, 0, start) is not None,
        ends_early=end < len(whole) and _SOLID.search(whole, end) is not None,
    )


def _collapsed(text: str) -> int:
    """Return how long the beginning of a text is when its white space is collapsed."""
    collapsed = " ".join(text.split())
    return len(collapsed) + bool(collapsed and text[-1].isspace())
