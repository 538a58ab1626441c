"""From texts to numbers of terms, many texts at once.

The texts of many documents are cut into stretches, in UTF-8: what stands between two
characters that no word holds. NumPy finds the stretches and, by hash tables made of arrays,
which of them it has met; Python sees a stretch once a segment, when the analysis says which
words it holds. Most stretches are one word.
"""

import re
import secrets
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import analysis
from indexer.engine.spellings import BEFORE_A_WORD, entry_of, form_in, joined

Array = NDArray[Any]

# So many bytes are looked at together: what is made of them fits into a processor's cache.
PIECE_BYTES = 1 << 19
# Longer stretches are mostly of scripts without spaces, where no two are alike.
_LONGEST_KEPT = 64
_EIGHT = 8
"""Bytes in one number of 64 bits."""
_WIDTHS = (8, 16, 32)
_FIRST_BITS = 12
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_EIGHT + 1)], np.uint64)
"""Number of bytes → what leaves so many of eight."""
# Nobody can write a text whose words all fall into one place of the table.
_MULTIPLIERS = [np.uint64(secrets.randbits(64) | 1) for _ in range(_WIDTHS[-1] // _EIGHT)]
_INSIDE = bytes(byte in analysis.INSIDE for byte in range(256))
_BEFORE = np.array([byte in BEFORE_A_WORD for byte in range(256)])
_SPACE = ord(" ")
# A quotation mark may belong to a Hebrew word.
_CUT = re.compile(b'[^"%s]' % re.escape(analysis.INSIDE))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The words of several texts."""

    numbers: Array
    """Of the first term of each word, one text after the other."""
    counts: Array
    """How many words each text has."""
    entries: Array
    """Of the words whose spelling is kept (`spellings.py`), the numbers of their entries."""
    bearers: Array
    """Which text each of those stands in."""


class Vocabulary:
    """The terms of a segment, numbered as they come, and which of them each stretch holds."""

    def __init__(self) -> None:
        """Begin empty."""
        self.terms: list[str] = []
        self.variants: dict[int, tuple[int, ...]] = {}
        """Number of a first term → numbers of what else stands at the same place."""
        self.entries: list[str] = []
        self._capital = bytearray()
        """Whether an entry counts inside a sentence alone."""
        self._numbers: dict[str, int] = {}
        self._entry_numbers: dict[str, int] = {}
        # The words of stretch n are flat[ends[n - 1]:ends[n]], as numbers of first terms; written
        # has the number of the entry of each, one more than that, or 0.
        self._flat, self._ends, self._written = array("I"), array("I"), array("I")
        self._tables = [_Table(width // _EIGHT) for width in _WIDTHS]
        self._long: dict[bytes, int] = {}

    def numbers_of(self, texts: Sequence[str]) -> Numbered:
        """Return the words of *texts* as numbers."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        ends = np.cumsum([len(one) + 1 for one in encoded])
        upto = np.zeros(len(texts), np.int64)
        found: list[Array] = []
        entries: list[Array] = []
        places: list[Array] = []
        words = 0
        for base, piece in _pieces(b"\n".join(encoded)):
            starts, lengths = _stretches_of(piece)
            stretches = self._stretches_in(piece, starts, lengths)
            at, before = self._words_in(stretches)
            upto += before[np.searchsorted(starts, ends - base)]
            found.append(np.frombuffer(self._flat, np.uint32)[at])
            written = np.frombuffer(self._written, np.uint32)[at]
            kept = np.flatnonzero(written)
            entries.append(written[kept] - 1)
            going_on = np.repeat(_go_on(piece, starts), np.diff(before))[kept]
            kept_too = going_on | ~self.capital[entries[-1]]
            entries[-1] = entries[-1][kept_too]
            places.append(kept[kept_too] + words)
            words += len(at)
        counts = np.diff(upto, prepend=0)
        bearers = np.searchsorted(upto, np.concatenate(places), side="right")
        return Numbered(np.concatenate(found), counts, np.concatenate(entries), bearers)

    @property
    def capital(self) -> Array:
        """Which entries have a capital, as of now."""
        return np.array(self._capital, np.bool_)

    def _words_in(self, stretches: Array) -> tuple[Array, Array]:
        """Return where the words of *stretches* are noted, and how many stand before each."""
        ends = np.frombuffer(self._ends, np.uint32)
        last = ends[stretches].astype(np.int64)
        begins = ends[stretches - 1].astype(np.int64)
        begins[stretches == 0] = 0
        counts = last - begins
        before = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=before[1:])
        at = np.repeat(begins - before[:-1], counts)
        at += np.arange(len(at))
        return at, before

    def _stretches_in(self, piece: bytes, starts: Array, lengths: Array) -> Array:
        """Return the number of the stretch that begins at each of *starts*."""
        stretches = np.empty(len(starts), np.int64)
        shortest = 0
        for width, table in zip(_WIDTHS, self._tables, strict=True):
            inside = np.flatnonzero((lengths > shortest) & (lengths <= width))
            shortest = width
            if not len(inside):
                continue
            at, long = starts[inside], lengths[inside]
            columns = list(_columns(piece, at, long, width))
            stretches[inside], new = table.find(columns, len(self._ends))
            ends = (at[new] + long[new]).tolist()
            self._learn([piece[a:b] for a, b in zip(at[new].tolist(), ends, strict=True)])
        for n in np.flatnonzero(lengths > shortest).tolist():
            stretches[n] = self._long_one(piece[starts[n] : starts[n] + lengths[n]])
        return stretches

    def _long_one(self, stretch: bytes) -> int:
        number = self._long.get(stretch)
        if number is None:
            number = len(self._ends)
            self._learn([stretch])
            if len(stretch) <= _LONGEST_KEPT:
                self._long[stretch] = number
        return number

    def _learn(self, stretches: Sequence[bytes]) -> None:
        """Note the words of stretches, which get the next numbers."""
        # One call for all that are a word each.
        plain = b"\n".join(one for one in stretches if one.isascii()).decode()
        words = iter(zip(analysis.fold(plain).split("\n"), plain.split("\n"), strict=True))
        for one in stretches:
            if one.isascii():
                term, word = next(words)
                self._flat.append(self._number(term))
                told = word != term and word.isalpha()
                self._written.append(self._entry(joined(term, word)) if told else 0)
            else:
                self._learn_words(one.decode("utf-8", "surrogatepass"))
            self._ends.append(len(self._flat))

    def _learn_words(self, text: str) -> None:
        for word in analysis.words(text):
            terms = analysis.terms_of(word)
            if terms:
                first = self._number(terms[0])
                if len(terms) > 1:
                    self.variants[first] = tuple(map(self._number, terms[1:]))
                self._flat.append(first)
                self._written.append(self._entry(entry_of(word)))

    def _entry(self, entry: str) -> int:
        """Return one more than the number of an entry, 0 for none."""
        if not entry:
            return 0
        number = self._entry_numbers.setdefault(entry, len(self.entries))
        if number == len(self.entries):
            self.entries.append(entry)
            self._capital.append(form_in(entry)[0].isupper())
        return number + 1

    def _number(self, term: str) -> int:
        number = self._numbers.setdefault(term, len(self.terms))
        if number == len(self.terms):
            self.terms.append(term)
        return number


class _Table:
    """A hash table of arrays: keys of so many columns of 64 bits, each with a number.

    No key has 0 in its first column: that is a free place. What does not find its place free
    goes to the next.
    """

    def __init__(self, columns: int) -> None:
        self._held, self._bits = 0, _FIRST_BITS
        self._keys = [np.zeros(1 << self._bits, np.uint64) for _ in range(columns)]
        self._numbers = np.zeros(1 << self._bits, np.int64)

    def find(self, columns: Sequence[Array], first_new: int) -> tuple[Array, Array]:
        """Return the number of each key, and which rows held a key for the first time.

        Keys that are new get the numbers from *first_new* on, in the order of those rows.
        """
        places = self._places(columns)
        same = self._same(places, columns)
        numbers = self._numbers[places]
        left = np.flatnonzero(~same)
        new: list[Array] = [np.empty(0, np.int64)]
        while len(left):
            taken = self._keys[0][places[left]] != 0
            settled = self._settle(places, columns, left[~taken])
            self._numbers[places[settled]] = first_new + np.arange(len(settled))
            first_new += len(settled)
            self._held += len(settled)
            new.append(settled)
            if 2 * self._held > len(self._numbers):
                self._grow()
                places[left] = self._places([column[left] for column in columns])
            else:
                on = left[taken]
                places[on] = (places[on] + 1) & (len(self._numbers) - 1)
            found = self._same(places[left], [column[left] for column in columns])
            numbers[left[found]] = self._numbers[places[left[found]]]
            left = left[~found]
        return numbers, np.concatenate(new)

    def _settle(self, places: Array, columns: Sequence[Array], rows: Array) -> Array:
        """Put the keys of *rows* into their free places; return the rows that got one.

        Of several that want one place the last gets it.
        """
        wanted = places[rows]
        self._numbers[wanted] = rows
        settled: Array = rows[self._numbers[wanted] == rows]
        for key, column in zip(self._keys, columns, strict=True):
            key[places[settled]] = column[settled]
        return settled

    def _grow(self) -> None:
        """Take four times the room."""
        held = np.flatnonzero(self._keys[0])
        columns, numbers = [key[held] for key in self._keys], self._numbers[held]
        self._bits += 2
        self._keys = [np.zeros(1 << self._bits, np.uint64) for _ in columns]
        self._numbers = np.zeros(1 << self._bits, np.int64)
        places, left = self._places(columns), np.arange(len(held))
        while len(left):
            taken = self._keys[0][places[left]] != 0
            settled = self._settle(places, columns, left[~taken])
            self._numbers[places[settled]] = numbers[settled]
            left = np.setdiff1d(left, settled, assume_unique=True)
            places[left] = (places[left] + 1) & (len(self._numbers) - 1)

    def _places(self, columns: Sequence[Array]) -> Array:
        hashes = columns[0] * _MULTIPLIERS[0]
        for column, multiplier in zip(columns[1:], _MULTIPLIERS[1:], strict=False):
            hashes += column * multiplier
        return (hashes >> np.uint64(64 - self._bits)).astype(np.int64)

    def _same(self, places: Array, columns: Sequence[Array]) -> Array:
        same: Array = self._keys[0][places] == columns[0]
        for key, column in zip(self._keys[1:], columns[1:], strict=True):
            same &= key[places] == column
        return same


def _pieces(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (where it begins, piece) of *text*, cut where no word can stand.

    Around each piece stands what belongs to no word, so that eight bytes may be read from
    wherever a stretch begins; a comma before it says that a sentence may go on.
    """
    begin = 0
    while True:
        cut = _CUT.search(text, begin + PIECE_BYTES)
        end = cut.start() if cut else len(text)
        before = b"," if begin and text[begin - 1] in BEFORE_A_WORD else b"\n"
        yield begin - 1, before + text[begin:end] + bytes(_WIDTHS[-1])
        if end == len(text):
            return
        begin = end


def _stretches_of(piece: bytes) -> tuple[Array, Array]:
    """Return where each stretch of *piece* begins, and how many bytes it has."""
    inside = np.frombuffer(bytearray(piece.translate(_INSIDE)), np.bool_)
    if b'"\xd7' in piece:
        marks = np.array([found.start() for found in re.finditer(b'"(?=\xd7)', piece)])
        inside[marks] = True
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    return edges[::2], edges[1::2] - edges[::2]


def _go_on(piece: bytes, starts: Array) -> Array:
    """Return which of the stretches stand inside a sentence."""
    every = np.frombuffer(piece, np.uint8)
    going_on: Array = (every[starts - 1] == _SPACE) & _BEFORE[every[starts - 2]]
    return going_on


def _columns(piece: bytes, starts: Array, lengths: Array, width: int) -> Iterator[Array]:
    """Yield the bytes of stretches, eight at a time, filled up with zeros."""
    for at in range(0, width, _EIGHT):
        eights = np.ndarray((len(piece) - at - _EIGHT + 1,), "<u8", piece, offset=at, strides=(1,))
        yield eights[starts] & _MASKS[np.clip(lengths - at, 0, _EIGHT)]
