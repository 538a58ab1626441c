"""Passages of a document that show why it was found, each with its place.

Nothing else in Muniment turns a document's text into HTML.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup, escape

from archive.catalogue.records import PageText
from indexer import analysis
from indexer.query import patterns
from indexer.query.ast import (
    And,
    AnyOf,
    AtLeast,
    Dated,
    Everything,
    Fact,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Wildcard,
    Word,
)

PASSAGES_MAX = 3
PASSAGE_CHARS = 240
# How far an end may move to stand at a sentence's or a word's end.
_SLACK_CHARS = 60

_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n|\f")
_SENTENCE_END = re.compile(r"[.!?…。؟](?=[\s\"”»)]|$)")


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
        return Markup("").join([before, marked(self.text, self.marks), after])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a query that may be marked."""

    exact: frozenset[str]
    stems: frozenset[str]
    prefixes: tuple[str, ...]
    patterns: tuple[Wildcard | Fuzzy, ...] = ()

    def found_in(self, word: str, language: str | None) -> str | None:
        """Return which of the wanted a word as written is, or None."""
        for term in analysis.terms_of(word):
            if term in self.exact:
                return term
            if self.stems and (stem := analysis.stem(term, language)) in self.stems:
                return stem
            for prefix in self.prefixes:
                if term.startswith(prefix):
                    return prefix
            for pattern in self.patterns:
                if patterns.distance(pattern, term) is not None:
                    return pattern.text
        return None


def wanted(query: Query, languages: frozenset[str]) -> Wanted:
    """Return what to mark for *query*; what it excludes is not wanted."""
    exact: set[str] = set()
    stems: set[str] = set()
    prefixes: set[str] = set()
    spelt: set[Wildcard | Fuzzy] = set()
    for part in _positive(query):
        terms = {term for token in analysis.tokens(part.text) for term in token.terms}
        match part:
            case Prefix():
                prefixes.add(analysis.fold(part.text))
            case Wildcard() | Fuzzy():
                spelt.add(part)
            case Phrase():
                exact |= terms
            case Word():
                exact |= terms
                for term in terms:
                    stems |= analysis.stems_for_query(term, languages)
    return Wanted(
        frozenset(exact),
        frozenset(stems),
        tuple(sorted(prefixes)),
        tuple(sorted(spelt, key=str)),
    )


def passages(
    pages: Sequence[PageText], what: Wanted, *, language: str | None, paged: bool, title: str = ""
) -> tuple[Passage, ...]:
    """Return up to three passages, those with most distinct words first.

    A paragraph that only repeats *title* is passed over where there is anything else. Where
    no wanted word stands in the text, the beginning of the text, unmarked.
    """
    places = list(_places(pages, paged=paged))
    told, longest = _letters(title), 2 * len(title)
    places = [p for p in places if len(p.text) > longest or _letters(p.text) != told] or places
    search = _Search(what, language)
    windows = [w for place in places for w in _windows(place, search.hits(place.text))]
    chosen: list[_Window] = []
    covered: set[str] = set()
    while windows and len(chosen) < PASSAGES_MAX:
        best = max(windows, key=lambda w: (len(w.words - covered), len(w.words), -w.order))
        chosen.append(best)
        covered |= best.words
        windows = [w for w in windows if not w.overlaps(best)]
    if not chosen:
        return tuple(_beginning(places[0]) for _ in places[:1])
    return tuple(_cut(window) for window in chosen)


def marks_in(text: str, what: Wanted, language: str | None) -> tuple[Span, ...]:
    """Return where in *text* wanted words stand, in order."""
    return tuple(span for span, _word in _Search(what, language).hits(text))


def marked(text: str, marks: Iterable[Span]) -> Markup:
    """Return *text* escaped, with the *marks* in <mark>."""
    out, at = [], 0
    for mark in marks:
        out += [escape(text[at : mark.start]), Markup("<mark>")]
        out += [escape(text[mark.start : mark.end]), Markup("</mark>")]
        at = mark.end
    return Markup("").join([*out, escape(text[at:])])


def paragraphs(text: str) -> Iterator[Span]:
    """Yield where each paragraph of *text* stands: what blank lines set apart."""
    at = 0
    for end in [*(found.start() for found in _BETWEEN_PARAGRAPHS.finditer(text)), len(text)]:
        chunk = text[at:end]
        if bare := chunk.strip():
            start = at + len(chunk) - len(chunk.lstrip())
            yield Span(start, start + len(bare))
        at = end


@dataclass(frozen=True, slots=True)
class _Place:
    """A page, or a paragraph of a document without pages."""

    locator: int
    text: str


@dataclass(frozen=True, slots=True)
class _Window:
    """Hits of one place that fit into one passage."""

    place: _Place
    order: int
    hits: tuple[Span, ...]
    words: frozenset[str]

    def overlaps(self, other: "_Window") -> bool:
        return self.place is other.place and not (
            self.hits[-1].end + PASSAGE_CHARS // 2 < other.hits[0].start
            or other.hits[-1].end + PASSAGE_CHARS // 2 < self.hits[0].start
        )


def _positive(query: Query) -> Iterator[Leaf]:
    match query:
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            if query.field != "number":
                yield query
        case And(parts=parts) | Or(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _positive(part)
        case AnyOf(parts=names):
            for name in names:
                yield from _positive(name)
        case Near(parts=beside):
            for one in beside:
                yield from _positive(one)
        case Not() | Fact() | Dated() | Everything():
            return
        case _:
            assert_never(query)


def _places(pages: Sequence[PageText], *, paged: bool) -> Iterator[_Place]:
    number = 0
    for page in pages:
        if paged:
            yield _Place(page.number, page.text)
        else:
            for span in paragraphs(page.text):
                number += 1
                yield _Place(number, page.text[span.start : span.end])


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


class _Search:
    """Finds wanted words in the texts of one document, looking at each distinct word once."""

    def __init__(self, what: Wanted, language: str | None) -> None:
        self.what, self.language = what, language
        self.known: dict[str, str | None] = {}

    def hits(self, text: str) -> list[tuple[Span, str]]:
        """Return where wanted words stand in *text*, each with which of the wanted it is."""
        what = self.what
        if not (what.exact or what.stems or what.prefixes or what.patterns):
            return []
        words = set(analysis.words(text))
        for word in words - self.known.keys():
            self.known[word] = self.what.found_in(word, self.language)
        # Most pages of a long document hold none: they are not looked at word by word.
        if not any(self.known[word] for word in words):
            return []
        return [
            (Span(start, end), found)
            for word, start, end in analysis.placed(text)
            if (found := self.known[word]) is not None
        ]


def _windows(place: _Place, hits: Sequence[tuple[Span, str]]) -> Iterator[_Window]:
    last = 0
    for first, (span, _word) in enumerate(hits):
        last = max(last, first)
        while last + 1 < len(hits) and hits[last + 1][0].end - span.start <= PASSAGE_CHARS * 2 // 3:
            last += 1
        inside = hits[first : last + 1]
        yield _Window(
            place,
            place.locator * 1_000_000 + first,
            tuple(span for span, _ in inside),
            frozenset(word for _, word in inside),
        )


def _cut(window: _Window) -> Passage:
    text = window.place.text
    room = max(PASSAGE_CHARS - (window.hits[-1].end - window.hits[0].start), 40)
    start = _start_near(text, max(0, window.hits[0].start - room // 2), window.hits[0].start)
    end = _end_near(text, max(start + PASSAGE_CHARS, window.hits[-1].end), window.hits[-1].end)
    inside = [hit for hit in window.hits if start <= hit.start and hit.end <= end]
    return _passage(window.place, start, end, inside)


def _beginning(place: _Place) -> Passage:
    return _passage(place, 0, _end_near(place.text, PASSAGE_CHARS, 0), [])


def _start_near(text: str, at: int, limit: int) -> int:
    """Return where a passage begins that must hold *limit*: after a sentence, or at a word."""
    if at == 0:
        return 0
    low = max(0, at - _SLACK_CHARS)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, low, limit)]
    if ends:
        nearest = min(ends, key=lambda end: abs(end - at))
        return nearest + len(text[nearest:limit]) - len(text[nearest:limit].lstrip(' "”»)'))
    space = re.compile(r"\s").search(text, at, limit)
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


def _passage(place: _Place, start: int, end: int, hits: Sequence[Span]) -> Passage:
    """Collapse white space and move the marks along."""
    out: list[str] = []
    moved: dict[int, int] = {}
    length = 0
    for at in range(start, end):
        moved[at] = length
        character = place.text[at]
        if character.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                length += 1
        else:
            out.append(character)
            length += 1
    moved[end] = length
    text = "".join(out).rstrip()
    return Passage(
        text,
        tuple(Span(moved[hit.start], moved[hit.end]) for hit in hits),
        place.locator,
        starts_late=bool(place.text[:start].strip()),
        ends_early=bool(place.text[end:].strip()),
    )
