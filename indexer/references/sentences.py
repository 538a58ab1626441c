"""The sentences of a text, and what stands in each: words for kinds, numbers, dates."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.describe.mentions import Mention, mentions
from indexer.numbers import Found, numbers_in
from indexer.references.instruments import Form, forms_in
from indexer.references.words import (
    MORE_PARTICULAR,
    NUMBERED_ONLY,
    OWN,
    ActWord,
    act_word,
    plain,
)

SENTENCE_CHARS = 1_200
"""A sentence that is longer is cut: no rule looks further."""

_BREAK = re.compile(
    r"\n[ \t]*\n|[.!?…;][\"»”’)]*\s+(?=[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĶŁĽŃŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽƏА-ЯЁІЇЄҐ«“\"(•–—-])"
)
# What may stand before a full stop that ends no sentence.
_SHORT = re.compile(
    r"(?:^|[^\w])(?:[^\W\d_]|no|nos|nr|núm|num|art|arts|mr|mrs|dr|st|res|pub|doc|vol|ch|sec|para|p|pp|гг|ст|пп|им|тыс|руб|bk|say|e\.o|exec|approx|inc|ltd|co|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|janv|févr|juil|déc|ene|abr|ago|dic)$",
    re.IGNORECASE,
)
_BEFORE_CHARS = 10
_OWN_CHARS = 30
_SPACES = "\n\r\t\f\v\u00a0\u202f\u2009"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
# "Kanun Hükmünde Kararname" is a decree: its last word says so.
_BY_FORCE_OF_LAW = "hükmünde kararname"
_GRAND_DUCAL = "grand-ducal"
_WORDS_KEPT = 1 << 17
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Word:
    """A word for a kind of instrument, where it stands."""

    start: int
    end: int
    kind: str
    weak: bool
    own: bool
    """It means the very text it stands in, or one named before."""
    only_numbered: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A reference in its sentence; the fields are those of Reference."""

    start: int
    end: int
    kind: str
    rule: str
    confidence: float
    number: str = ""
    date: str = ""
    name: str = ""
    issuer: str = ""
    country: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence; what stands in it is looked for when first asked for."""

    place: int
    """Where it begins on its page."""
    text: str
    """Lines joined by a space, every character in its place."""
    language: str
    home: str
    """The country that is meant where none is named; may be empty."""
    names: Sequence[Form]
    """The forms of named instruments that the text around may hold."""
    narrates: bool = True
    """Whether the document tells what happened; an act speaks of other acts otherwise."""

    @cached_property
    def plain(self) -> str:
        """The text as the rules are written."""
        return plain(self.text)

    @cached_property
    def words(self) -> Sequence[Word]:
        """The words for kinds, in order."""
        return tuple(_words(self.plain))

    @cached_property
    def numbers(self) -> Sequence[Found]:
        """The numbers of documents, in order."""
        if not _FIGURE.search(self.text):
            return ()
        return [one for one in numbers_in(self.text) if not self._is_day(one)]

    @cached_property
    def dates(self) -> Sequence[Mention]:
        """The dates that are read surely, in order."""
        if not _FIGURE.search(self.text):
            return ()
        return [one for one in mentions(self.text, self.language, self.home) if not one.doubtful]

    def _is_day(self, number: Found) -> bool:
        """Return whether a number is (the day of) a date behind a kind: `указ 13 февраля 2014`."""
        at = bisect_left(self.dates, number.end, key=lambda date: date.end)
        if at == len(self.dates) or self.dates[at].start >= number.end:
            return False
        short = len(number.canonical) <= 2 and number.canonical.isdecimal()
        return short or self.dates[at].form in {"figures", "short", "iso"}

    def word_between(self, start: int, end: int) -> bool:
        """Return whether a word for a kind begins between two places."""
        at = bisect_left(self.words, start, key=lambda word: word.start)
        return at < len(self.words) and self.words[at].start < end

    def number_between(self, start: int, end: int) -> bool:
        """Return whether a number of a document begins between two places."""
        at = bisect_left(self.numbers, start, key=lambda number: number.start)
        return at < len(self.numbers) and self.numbers[at].start < end


def sentences(text: str, language: str, home: str, narrates: bool = True) -> Iterator[Sentence]:
    """Give the sentences of *text* in order; what else is given is said of each of them."""
    flat = text
    for space in _SPACES:
        flat = flat.replace(space, " ")
    names = forms_in(plain(flat))
    begin = 0
    for found in _BREAK.finditer(text):
        if text[found.start()] == "." and _SHORT.search(
            text[max(0, found.start() - _BEFORE_CHARS) : found.start()]
        ):
            continue
        for place, piece in _cut(flat, begin, found.end()):
            yield Sentence(place, piece, language, home, names, narrates)
        begin = found.end()
    for place, piece in _cut(flat, begin, len(flat)):
        yield Sentence(place, piece, language, home, names, narrates)


def _cut(text: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    while begin < end:
        stop = min(end, begin + SENTENCE_CHARS)
        if stop < end and (space := text.rfind(" ", begin + SENTENCE_CHARS // 2, stop)) > 0:
            stop = space + 1
        piece = text[begin:stop]
        if piece.strip():
            yield begin, piece
        begin = stop


class _Acts(dict[str, ActWord | None]):
    """Word as `plain` makes it → what it names, or its last part: `décret-loi`, `мини-закон`."""

    def __missing__(self, word: str) -> ActWord | None:
        act = act_word(word)
        if act is None and "-" in word:
            act = act_word(word.rpartition("-")[2])
        if len(self) >= _WORDS_KEPT:
            self.clear()
        self[word] = act
        return act


_acts = _Acts()


def _words(text: str) -> Iterator[Word]:
    if not any(map(_acts.__getitem__, _WORD.findall(text))):
        return
    before: list[re.Match[str]] = []
    for found in _WORD.finditer(text):
        act = _acts[found[0]]
        if act is not None and not text.startswith(_BY_FORCE_OF_LAW, found.end() + 1):
            start, kind = _particular(found, act, before)
            if kind == "regulation" and text.startswith(_GRAND_DUCAL, found.end() + 1):
                kind = "grand_ducal_regulation"
            yield Word(
                start,
                found.end(),
                kind,
                act.weak,
                OWN.search(text[max(0, start - _OWN_CHARS) : start]) is not None,
                found[0] in NUMBERED_ONLY,
            )
        before = [*before[-1:], found]


def _particular(found: re.Match[str], act: ActWord, before: list[re.Match[str]]) -> tuple[int, str]:
    """Return where the name of the kind begins, and the kind."""
    for beginning, kind, meant in MORE_PARTICULAR:
        if kind == act.kind:
            for word in before:
                if word[0].startswith(beginning):
                    return word.start(), meant
    return found.start(), act.kind
