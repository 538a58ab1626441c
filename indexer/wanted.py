"""Which words of a text a query asks for, and where in a text they stand.

`InLanguage.plainly` is the definition: every word of the text is folded, stemmed and compared.
`InLanguage.hits` finds the same without looking at every word.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never

from indexer import analysis
from indexer.numbers import canonical, number_typed, numbers_in
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

Hit = tuple[int, int, int]
"""The half-open range of characters where something wanted stands, and which words of the query
it is: one bit for each of them."""

CHANGED_AT_THE_END = {
    "az": ".", "ca": ".", "da": ".", "en": "ie|[eily]", "es": ".", "eu": ".", "fr": "..", "hu": ".",
    "it": ".", "lt": ".", "no": ".", "pt": ".", "ro": ".", "ru": ".", "sv": ".", "tr": ".",
}  # fmt: skip
"""Language → what at the end of a stem may be none of its word's, as an expression ("dying": "die").

A word begins with the rest of its stem. The stemmers of other languages change words anywhere
(German, Dutch, Finnish, Serbian, …), or are met in no text of ASCII letters.
`tests/indexer/test_wanted.py` holds the table against the stemmers.
"""
_CHANGED = {name: re.compile(f"(?:{ends})$") for name, ends in CHANGED_AT_THE_END.items()}

# What is no part of a word, of all that is not ASCII: the commonest.
_SIGNS = "\u00a0’‘“”„–—…«»°•"
# Letters that fold to one ASCII letter each: a word of them folds to those letters together.
_ACCENTED = (
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿĞğİıŞşĄąĆćĘęŁłŃńŚśŹźŻżČčĎďĚěŇňŘřŠšŤťŮůŽž"
    "ĂăȘșȚțŐőŰűĀāĒēĪīŪūĐđ"
)
_CHUNK = re.compile(r"\S*")
_SPACE = re.compile(r"\s")
_ASCII = "".join(map(chr, range(128)))
# A byte for each of these; whatever else there is becomes a question mark.
_TO_BYTES = codecs.charmap_build(f"{_ASCII}{_SIGNS}{_ACCENTED}".ljust(256, "\ufffe"))
_SPELT = [analysis.fold(one) if one.isalnum() else " " for one in f"{_ASCII}{_SIGNS}{_ACCENTED}"]
_TO_WORDS = "".join(_SPELT).encode("ascii").ljust(256)
# The same for the bytes of Latin-1, which are had many times faster; what has none is a question mark.
_LATIN = "".join(map(chr, range(256)))
_LATIN_TO_WORDS = _LATIN.translate(
    {ord(one): "?" for one in _LATIN[128:]}
    | dict(zip(map(ord, f"{_ASCII}{_SIGNS}{_ACCENTED}"), _SPELT, strict=True))
    | {ord("?"): "?"}
).encode("ascii")
_PART_CHARS = 2000
_PIECE_CHARS = 16_000
_FOREIGN_SHARE = 20
_UNLATIN_SHARE = 100


@dataclass(frozen=True)
class Wanted:
    """The words of a query that may be marked, each with its bits (`Hit`)."""

    exact: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    prefixes: dict[str, int] = field(default_factory=dict)
    patterns: dict[Wildcard | Fuzzy, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Numbers of documents in canonical form."""
    number_prefixes: dict[str, int] = field(default_factory=dict)
    _searches: dict[str, "InLanguage"] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def words(self) -> int:
        """The bits of all words together."""
        together = 0
        for several in (self.exact, self.stems, self.prefixes, self.patterns, self.numbers):
            for bits in several.values():
                together |= bits
        for bits in self.number_prefixes.values():
            together |= bits
        return together

    def in_language(self, language: str | None) -> "InLanguage":
        """Return what finds the words in texts of *language*: one for all texts of a page."""
        known = self._searches.get(language or "")
        if known is None:
            primary = (language or "").split("-")[0]
            known = self._searches.get(primary) or InLanguage(self, primary)
            self._searches[primary] = self._searches[language or ""] = known
        return known


def wanted(query: Query, languages: frozenset[str]) -> Wanted:
    """Return what to mark for *query*; what it excludes is not wanted.

    *languages* are those of the texts, by whose rules the forms of a word are found.
    """
    what = Wanted()
    names: dict[str, int] = {}

    def bits_of(name: str) -> int:
        return names.setdefault(name, 1 << len(names))

    for part in _positive(query):
        if part.field == "number":
            spelt = canonical(part.text)
            some = what.number_prefixes if isinstance(part, Prefix) else what.numbers
            some.setdefault(spelt, bits_of(spelt))
            continue
        match part:
            case Prefix():
                prefix = analysis.fold(part.text)
                what.prefixes.setdefault(prefix, bits_of(f"{prefix}*"))
            case Wildcard() | Fuzzy():
                what.patterns.setdefault(part, bits_of(str(part)))
            case Phrase() | Word():
                together = 0
                for token in analysis.tokens(part.text):
                    bits = bits_of(token.terms[0])
                    together |= bits
                    for term in token.terms:
                        what.exact.setdefault(term, bits)
                        if isinstance(part, Word):
                            for stem in analysis.stems_for_query(term, languages):
                                what.stems.setdefault(stem, bits)
                if isinstance(part, Word):
                    for term in _spelt_otherwise(part):
                        what.exact.setdefault(term, together)
                        for stem in analysis.stems_for_query(term, languages):
                            what.stems.setdefault(stem, together)
                if part.field is None and (number := number_typed(part.text)):
                    # Where the number stands, all that was typed stands.
                    what.numbers.setdefault(number, together | bits_of(f"№ {number}"))
            case _:
                assert_never(part)
    return what


def _spelt_otherwise(word: Word) -> Iterator[str]:
    for spelling in word.also:
        for token in analysis.tokens(spelling):
            yield from token.terms


def _positive(query: Query) -> Iterator[Leaf]:
    match query:
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
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


class InLanguage:
    """Finds wanted words in texts of one language, looking at each distinct word once."""

    def __init__(self, what: Wanted, language: str) -> None:
        """Take the primary language of the texts."""
        self.what, self.language = what, language
        self.known: dict[str, int] = {}
        self.spelt: dict[bytes, int] = {}
        """The same for words of small ASCII letters and figures."""
        self.asks_numbers = bool(what.numbers or what.number_prefixes)
        self.wants_words = bool(what.exact or what.stems or what.prefixes or what.patterns)
        self.beginnings = _beginnings(what, language)
        self.near = _near(what)
        self.seen: set[bytes] = set()
        self.bearing: set[bytes] = set()
        """Which of the seen are wanted."""

    def bits_of(self, word: str) -> int:
        """Return which of the wanted a word as written is, 0 for none."""
        if word not in self.known:
            self.known[word] = self._bits_of(word)
        return self.known[word]

    def parts(self, text: str) -> Iterator[tuple[int, int]]:
        """Cut *text* between paragraphs into parts that are looked at one by one.

        Nothing wanted stands across two of them: whoever has seen enough may stop.
        """
        at, size = 0, len(text)
        while size - at > 2 * _PART_CHARS and not self.asks_numbers:
            end = text.find("\n\n", at + _PART_CHARS)
            if end < 0:
                break
            yield at, end
            at = end
        yield at, size

    def hits(self, text: str) -> list[Hit]:
        """Return where something wanted stands in *text*, in order, apart."""
        return self.hits_between(text, 0, len(text))

    def hits_between(self, text: str, begin: int, end: int) -> list[Hit]:
        """Return where something wanted stands in a part of *text*, or in all of it."""
        if not self.wants_words:
            words = []
        elif end - begin <= _PIECE_CHARS:
            words = self._in_piece(text[begin:end], begin)
        else:
            words = self._in_pieces(text, begin, end)
        if not self.asks_numbers:
            return words
        # Numbers are looked for in a text as a whole: it is one part.
        return list(self._with_numbers(text, iter(words)))

    def plainly(self, text: str) -> list[Hit]:
        """Return the same, by looking at every word."""
        words = (
            (start, end, bits)
            for word, start, end in analysis.placed(text)
            if (bits := self._bits_of(word))
        )
        return list(self._with_numbers(text, words) if self.asks_numbers else words)

    def _bits_of(self, word: str) -> int:
        for term in analysis.terms_of(word):
            if bits := self._bits_of_term(term):
                return bits
        return 0

    def _bits_of_term(self, term: str) -> int:
        what = self.what
        if term in what.exact:
            return what.exact[term]
        if what.stems and (stem := analysis.stem(term, self.language)) in what.stems:
            return what.stems[stem]
        for prefix, bits in what.prefixes.items():
            if term.startswith(prefix):
                return bits
        for pattern, bits in what.patterns.items():
            if patterns.distance(pattern, term) is not None:
                return bits
        return 0

    def _with_numbers(self, text: str, words: Iterator[Hit]) -> Iterator[Hit]:
        """Put wanted numbers of documents in the place of the words that they consist of."""
        word = next(words, None)
        for found in numbers_in(text):
            if not (bits := self._bits_of_number(found.canonical)):
                continue
            while word and word[1] <= found.start:
                yield word
                word = next(words, None)
            yield found.start, found.end, bits
            while word and word[0] < found.end:
                word = next(words, None)
        while word:
            yield word
            word = next(words, None)

    def _bits_of_number(self, number: str) -> int:
        if number in self.what.numbers:
            return self.what.numbers[number]
        for prefix, bits in self.what.number_prefixes.items():
            if number.startswith(prefix):
                return bits
        return 0

    def _in_pieces(self, text: str, at: int, end: int) -> list[Hit]:
        found = []
        while at < end:
            space = _SPACE.search(text, at + _PIECE_CHARS, end)
            stop = space.start() if space else end
            found += self._in_piece(text[at:stop], at)
            at = stop
        return found

    def _in_piece(self, text: str, base: int) -> list[Hit]:
        """Return the hits of a piece of a text that begins at *base* in it."""
        if text.isascii():
            return self._spelt_hits(_spelling(text.encode("ascii")), base)
        latin = text.encode("latin-1", "replace")
        if latin.count(b"?") * _UNLATIN_SHARE < len(latin):
            spelt = latin.translate(_LATIN_TO_WORDS)
            if not _foreign(text, spelt):
                return self._spelt_hits(b" %b " % spelt.replace(b"?", b" "), base)
        letters = codecs.charmap_encode(text, "replace", _TO_BYTES)[0]
        foreign = _foreign(text, letters)
        if not foreign:
            return self._spelt_hits(_spelling(letters), base)
        if letters.count(b"?") * _FOREIGN_SHARE < len(letters):
            return self._among_foreign(text, foreign, _spelling(letters), base)
        # Most pieces hold none: they are not looked at word by word.
        words = {word: self.bits_of(word) for word in set(analysis.words(text))}
        if not any(words.values()):
            return []
        return [
            (base + start, base + stop, bits)
            for word, start, stop in analysis.placed(text)
            if (bits := words[word])
        ]

    def _spelt_hits(self, spelling: bytes, base: int) -> list[Hit]:
        """Look only where a word begins as a wanted one must."""
        beginnings = self._spelt_in(spelling) if self.beginnings is None else self.beginnings
        known, find = self.spelt, spelling.find
        found: list[Hit] = []
        for beginning in beginnings:
            place = find(beginning)
            while place >= 0:
                end = find(b" ", place + 1)
                word = spelling[place + 1 : end]
                bits = known.get(word)
                if bits is None:
                    bits = known[word] = self._bits_of_term(word.decode())
                if bits:
                    found.append((base + place, base + end - 1, bits))
                place = find(beginning, end)
        if len(beginnings) > 1:
            found.sort()
        return found

    def _among_foreign(
        self, text: str, foreign: list[int], spelling: bytes, base: int
    ) -> list[Hit]:
        """Look there, and at what begins at the *foreign* places, which may hold any letters."""
        places, found = self._places_in(spelling) + foreign, []
        places.sort()
        done = 0
        for place in places:
            if place < done:
                continue
            end = spelling.find(b" ", place + 1) - 1
            if end > place and _parted(text, place - 1) and _parted(text, end):
                done = end
                if bits := self.bits_of(spelling[place + 1 : end + 1].decode()):
                    found.append((base + place, base + end, bits))
                continue
            # A letter that is not spelt may belong to the word.
            begin = place
            while begin > done and not text[begin - 1].isspace():
                begin -= 1
            chunk = _CHUNK.match(text, place)
            assert chunk is not None
            done = chunk.end()
            for word, start, stop in analysis.placed(text[begin:done]):
                if bits := self.bits_of(word):
                    found.append((base + begin + start, base + begin + stop, bits))
        return found

    def _places_in(self, spelling: bytes) -> list[int]:
        """Return where a word of *spelling* begins as a wanted one must, in order."""
        beginnings = self._spelt_in(spelling) if self.beginnings is None else self.beginnings
        places, find = [], spelling.find
        for beginning in beginnings:
            place = find(beginning)
            while place >= 0:
                places.append(place)
                place = find(beginning, place + 1)
        if len(beginnings) > 1:
            places.sort()
        return places

    def _spelt_in(self, spelling: bytes) -> list[bytes]:
        """Return the wanted words among those of *spelling*.

        Of a word with other letters it sees parts; `_among_foreign` looks at such a word whole.
        """
        words = set(spelling.split())
        fresh = words - self.seen
        self.seen |= fresh
        self.bearing.update(
            word for word in self._possible(fresh) if self._bits_of_term(word.decode())
        )
        return [b" %b " % word for word in self.bearing & words]

    def _possible(self, words: set[bytes]) -> Iterable[bytes]:
        """Leave out words that are surely too far from what they would have to be near to."""
        if self.near is None:
            return words
        possible: set[bytes] = set()
        for low, high, letters, edits in self.near:
            held = bytes(letter for letter in letters if letter < 128)
            # Each letter that the other lacks is an edit of its own.
            possible.update(
                [
                    word
                    for word in words
                    if low <= len(word) <= high
                    and len(word.translate(None, held)) <= edits
                    and len(letters.difference(word)) <= edits
                ]
            )
        return possible


def beginning_of(stem: str, language: str) -> str:
    """Return how a word begins that has this stem, in a language whose words begin as their stems."""
    changed = _CHANGED.get(language)
    return changed.sub("", stem) if changed else stem


def _beginnings(what: Wanted, language: str) -> tuple[bytes, ...] | None:
    """Return how a word of ASCII letters begins that is wanted, each with a space before it.

    None where that cannot be said.
    """
    if what.stems and language in analysis.SNOWBALL and language not in CHANGED_AT_THE_END:
        return None
    begun = {*what.exact, *what.prefixes, *(beginning_of(one, language) for one in what.stems)}
    for pattern in what.patterns:
        if isinstance(pattern, Fuzzy):
            return None
        first = patterns.pieces(pattern.text)[0]
        begun.add("" if first in {"*", "?"} else first)
    if "" in begun:
        return None
    shortest: list[str] = []
    for one in sorted(one for one in begun if one.isascii()):
        if not (shortest and one.startswith(shortest[-1])):
            shortest.append(one)
    return tuple(b" %b" % one.encode() for one in shortest)


def _near(what: Wanted) -> list[tuple[int, int, frozenset[int], int]] | None:
    """Return least and greatest length, letters and edits of fuzzy words, if all wanted are such."""
    if what.exact or what.stems or what.prefixes:
        return None
    near = []
    for pattern in what.patterns:
        if not isinstance(pattern, Fuzzy):
            return None
        word = analysis.fold(pattern.text)
        edits = patterns.allowed_edits(word)
        near.append((len(word) - edits, len(word) + edits, frozenset(map(ord, word)), edits))
    return near


def _spelling(letters: bytes) -> bytes:
    """Return the words of bytes of `_TO_BYTES` as they fold, with a space for everything else.

    The place of a word in the text is that of the space before it in the spelling.
    """
    return b" %b " % letters.translate(_TO_WORDS)


def _foreign(text: str, letters: bytes) -> list[int]:
    """Return where letters begin that have no byte, one place for what no space parts."""
    places = []
    place = letters.find(b"?")
    while place >= 0:
        end = place + 1
        if not _parted(text, place):
            places.append(place)
            chunk = _CHUNK.match(text, place)
            assert chunk is not None
            end = chunk.end()
        place = letters.find(b"?", end)
    return places


def _parted(text: str, place: int) -> bool:
    """Whether the character at *place*, which is not spelt, surely belongs to no word."""
    if not 0 <= place < len(text):
        return True
    letter = text[place]
    return letter < "\x80" or letter in _SIGNS or letter.isspace()
