"""Passages of a document that show why it was found, each with its place.

Nothing else in Muniment turns a document's text into HTML.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from archive.catalogue.records import PageText
from indexer.wanted import Hit, InLanguage, Wanted, wanted

__all__ = [
    "Passage", "Span", "Wanted", "marked", "marks_in", "paragraphs", "passages",
    "passages_plainly", "wanted",
]  # fmt: skip

PASSAGES_MAX = 3
PASSAGE_CHARS = 240
# How far an end may move to stand at a sentence's or a word's end.
_SLACK_CHARS = 60
_GLANCE_CHARS = 8

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(r"[.!?…。؟](?=[\s\"”»)]|$)")
_BEHIND_SENTENCES = frozenset(' \t\n\r\f\v\x1c\x1d\x1e\x1f")')
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
    every, best = what.words, list[_Window]()
    held, repeating = list[_Place](), list[_Place]()
    short = 2 * len(title)
    for place in _held(pages, what.in_language(language), paged=paged):
        if place.end - place.begin <= short and _repeats(place.text, title):
            repeating.append(place)
            continue
        held.append(place)
        hits, taken, last = place.hits, -1, 0
        for first, (start, _end, words) in enumerate(hits):
            if start <= taken:
                continue
            if last < first:
                last = first
            if last + 1 < len(hits):
                last = _last_within(hits, last, start)
            if words != every:
                for n in range(first + 1, last + 1):
                    words |= hits[n][2]
            if words == every:
                best.append(_Window(words, place, first, last))
                if len(best) == PASSAGES_MAX:
                    # Nothing that comes later has more words.
                    return tuple(map(_cut, best))
                taken = hits[last][1] + PASSAGE_CHARS // 2
    if best and not every & (every - 1):
        # Of a single word every window holds all there is.
        return tuple(map(_cut, best))
    if repeating and not held and _all_repeat(pages, title, paged=paged):
        held = repeating
    if held:
        windows = [window for place in held for window in _windows(place)]
        return tuple(map(_cut, _chosen(windows)))
    return _beginning(pages, title, paged=paged)


def passages_plainly(
    pages: Sequence[PageText], what: Wanted, *, language: str | None, paged: bool, title: str = ""
) -> tuple[Passage, ...]:
    """Return what `passages` must return: every word is looked at, every window compared."""
    find = what.in_language(language).plainly
    others = not _all_repeat(pages, title, paged=paged)
    windows: list[_Window] = []
    before = 0
    for page in pages:
        hits, size = find(page.text), len(page.text)
        places = [_Place(page.number, page.text, 0, size, hits)] if hits else []
        if not paged:
            places, before, counted = _by_paragraph(page.text, 0, size, hits, before)
            before += len(paragraphs(page.text[counted:]))
        for place in places:
            if not (others and _repeats(place.text, title)):
                windows += _windows(place)
    if windows:
        return tuple(map(_cut, _chosen(windows)))
    return _beginning(pages, title, paged=paged)


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
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
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
    while at < len(text):
        end, following = _paragraph_end(text, at, len(text))
        if bare := text[at:end].strip():
            start = text.index(bare, at)
            found.append(Span(start, start + len(bare)))
        at = following
    return found


def _paragraph_end(text: str, at: int, end: int) -> tuple[int, int]:
    """Return where what stands at *at* ends, before *end*, and where what follows it begins."""
    # Not by one expression for all: lines are long.
    stop, following = end, end
    place = text.find("\n", at, end)
    while 0 <= place < end - 1:
        after = text[place + 1]
        if after == "\n":
            stop, following = place, place + 2
            break
        if after in " \t" and (found := _BLANK_LINE.match(text, place, end)):
            stop, following = found.span()
            break
        place = text.find("\n", place + 1, end)
    break_ = text.find("\f", at, stop)
    return (stop, following) if break_ < 0 else (break_, break_ + 1)


class _Place(NamedTuple):
    """A page, or a paragraph of a document without pages."""

    locator: int
    whole: str
    """The text of the page."""
    begin: int
    end: int
    hits: Sequence[Hit] = ()
    """In the whole text."""

    @property
    def text(self) -> str:
        return self.whole[self.begin : self.end]


class _Window(NamedTuple):
    """Hits of one place that fit into one passage."""

    words: int
    place: _Place
    first: int
    last: int
    """Those of the window are place.hits[first] to place.hits[last]."""

    def overlaps(self, other: "_Window") -> bool:
        if self.place is not other.place:
            return False
        hits, apart = self.place.hits, PASSAGE_CHARS // 2
        return not (
            hits[self.last][1] + apart < hits[other.first][0]
            or hits[other.last][1] + apart < hits[self.first][0]
        )


def _places(pages: Sequence[PageText], *, paged: bool) -> Iterator[_Place]:
    before = 0
    for page in pages:
        if paged:
            yield _Place(page.number, page.text, 0, len(page.text))
            continue
        spans = paragraphs(page.text)
        for number, (start, end) in enumerate(spans, before + 1):
            yield _Place(number, page.text, start, end)
        before += len(spans)


def _repeats(text: str, title: str) -> bool:
    """Whether *text* is *title* again: letter by letter, whatever is between."""
    if len(text) > 2 * len(title):
        return False
    told = _letters(title)
    return told.startswith(_letters(text[:_GLANCE_CHARS])) and _letters(text) == told


def _all_repeat(pages: Sequence[PageText], title: str, *, paged: bool) -> bool:
    return all(_repeats(one.text, title) for one in _places(pages, paged=paged))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _held(pages: Sequence[PageText], found: InLanguage, *, paged: bool) -> Iterator[_Place]:
    """Yield every place that holds wanted words, as `_places` names it.

    Pages are looked through part by part, and no further than the answer needs.
    """
    before = 0
    for page in pages:
        text = page.text
        if paged:
            if hits := found.hits(text):
                yield _Place(page.number, text, 0, len(text), hits)
            continue
        counted = 0
        for at, end in found.parts(text):
            if hits := found.hits_between(text, at, end):
                places, before, counted = _by_paragraph(text, counted, end, hits, before)
                yield from places
        # Paragraphs are counted where something stands behind them.
        if page is not pages[-1]:
            before += len(paragraphs(text[counted:]))


def _by_paragraph(
    text: str, at: int, end: int, hits: Sequence[Hit], before: int
) -> tuple[list[_Place], int, int]:
    """Part the *hits* among the paragraphs that stand between *at* and *end* in a text.

    Return them, how many paragraphs there were with those *before*, and where the counting
    ended: behind the last of the hits.
    """
    found, number, first, size = [], before, 0, len(hits)
    simple = text.find("\f", at, end) < 0
    while first < size and at < end:
        begin, stop = at, text.find("\n", at, end)
        if simple and (stop < 0 or stop == end - 1):
            stop = at = end
        elif simple and text[stop + 1] == "\n":
            at = stop + 2
        else:
            stop, at = _paragraph_end(text, begin, end)
        if text[begin].isspace():
            begin += len(text[begin:stop]) - len(text[begin:stop].lstrip())
            if begin == stop:
                continue
        number += 1
        if hits[first][0] >= stop:
            continue
        after = first + 1
        while after < size and hits[after][0] < stop:
            after += 1
        while text[stop - 1].isspace():
            stop -= 1
        inside = hits[first:after]
        if inside[-1][1] > stop:
            # A document number may be broken by the end of a paragraph.
            inside = [hit for hit in inside if hit[1] <= stop]
        if inside:
            found.append(_Place(number, text, begin, stop, inside))
        first = after
    return found, number, at


def _windows(place: _Place) -> Iterator[_Window]:
    hits, last = place.hits, 0
    for first, (start, _end, words) in enumerate(hits):
        last = _last_within(hits, max(first, last), start)
        for n in range(first + 1, last + 1):
            words |= hits[n][2]
        yield _Window(words, place, first, last)


def _last_within(hits: Sequence[Hit], last: int, start: int) -> int:
    """Return the last hit, *last* or a later one, of a window that begins at *start*."""
    limit = start + PASSAGE_CHARS * 2 // 3
    while last + 1 < len(hits) and hits[last + 1][1] <= limit:
        last += 1
    return last


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
    _words, (locator, whole, begin, end, hits), first, last = window
    text, hits = whole[begin:end], hits[first : last + 1]
    start, stop = hits[0][0] - begin, hits[-1][1] - begin
    room = PASSAGE_CHARS - (stop - start)
    start = _start_near(text, start - (room if room > 40 else 40) // 2, start)
    end = start + PASSAGE_CHARS
    stop = _end_near(text, end if end > stop else stop, stop)
    return _passage(text, start, stop, hits, begin, locator)


def _beginning(pages: Sequence[PageText], title: str, *, paged: bool) -> tuple[Passage, ...]:
    """Return the beginning of the text, of what only repeats the title where there is no other."""
    first: _Place | None = None
    for place in _places(pages, paged=paged):
        first = first or place
        if not _repeats(place.text, title):
            first = place
            break
    if first is None:
        return ()
    text = first.text
    return (_passage(text, 0, _end_near(text, PASSAGE_CHARS, 0), (), 0, first.locator),)


def _start_near(text: str, at: int, limit: int) -> int:
    """Return where a passage begins that must hold *limit*: after a sentence, or at a word."""
    if at <= 0:
        return 0
    low = max(0, at - _SLACK_CHARS)
    ends = _sentence_ends(text, low, limit)
    if ends:
        nearest = _nearest(ends, at)
        while nearest < limit and text[nearest] in ' "”»)':
            nearest += 1
        return nearest
    space = _SPACE.search(text, at, limit)
    return space.end() if space else at


def _end_near(text: str, at: int, least: int) -> int:
    """Return where a passage ends that must hold all before *least*."""
    if at >= len(text):
        return len(text)
    low = max(least, at - _SLACK_CHARS)
    ends = _sentence_ends(text, low, at + _SLACK_CHARS)
    if ends:
        return _nearest(ends, at)
    space = text.rfind(" ", least, at)
    return space if space > least else at


def _sentence_ends(text: str, low: int, high: int) -> list[int]:
    """Return where a sentence ends between *low* and *high*, in order."""
    some = text[low:high]
    if not some.isascii() or "!" in some or "?" in some:
        return [found.end() for found in _SENTENCE_END.finditer(text, low, high)]
    # The same, many times faster.
    ends, size, at = [], len(some), some.find(".") + 1
    while at:
        if at == size or some[at] in _BEHIND_SENTENCES:
            ends.append(low + at)
        at = some.find(".", at) + 1
    return ends


def _nearest(ends: Sequence[int], at: int) -> int:
    """Return the first of those *ends*, which ascend, that are nearest to *at*."""
    nearest = ends[0]
    for end in ends[1:]:
        if abs(end - at) >= abs(nearest - at):
            break
        nearest = end
    return nearest


def _passage(
    whole: str, start: int, end: int, hits: Sequence[Hit], begin: int, locator: int
) -> Passage:
    """Collapse white space and move the *hits* along, counted from *begin* characters before
    the *whole*, to be marks."""
    text, base = whole[start:end], begin + start
    # Of all white space only the single space is printable.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        marks = [Span._make((at - base, stop - base)) for at, stop, _words in hits]
    else:
        cut, text = text, " ".join(text.split())
        places = [(at - base, stop - base) for at, stop, _words in hits]
        if len(text) != len(cut):
            places = [(_collapsed(cut[:at]), _collapsed(cut[:stop])) for at, stop in places]
        marks = [Span._make(place) for place in places]
    late = start > 0 and (not whole[0].isspace() or _SOLID.search(whole, 0, start) is not None)
    early = end < len(whole) and (not whole[-1].isspace() or _SOLID.search(whole, end) is not None)
    return Passage(text, tuple(marks), locator, late, early)


def _collapsed(text: str) -> int:
    """Return how long the beginning of a text is when its white space is collapsed."""
    collapsed = " ".join(text.split())
    return len(collapsed) + bool(collapsed and text[-1].isspace())
