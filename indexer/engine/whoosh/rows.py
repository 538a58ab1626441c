"""Words that follow one another in a field of a segment: phrases."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.positions import standing
from indexer.engine.whoosh.segment import Array, Field, Integers

_BITS_KEPT = 32
"""Of so many terms the places are kept as bits: a segment of eight million words takes a
megabyte for each."""
_BITS_A_DOCUMENT = 2
"""A term that stands less often than in so many places a document is looked for place by place."""

Bits = NDArray[np.uint64]
Row = tuple[int, ...]
"""Numbers of terms that follow one another."""


class Rows:
    """Finds rows of terms; what several of the rows *wanted* share is reckoned once.

    Where a term stands in many places and in several rows, its places are bits, one a word of
    the field, those of each document from a multiple of 64 on. The places where two terms
    follow one another are then the bits of one and those of the other, moved by one.
    """

    def __init__(self, field_: Field, wanted: Iterable[Row]) -> None:
        """Look at nothing yet."""
        self._field = field_
        self._uses = Counter(term for row in wanted for term in row)
        self._first_words: Integers | None = None
        self._document_of: Integers | None = None
        self._bits: dict[int, Bits] = {}

    def documents(self, row: Row) -> Array:
        """Return the documents that hold *row*, ascending."""
        if not self._all_as_bits(row):
            return _documents_of(_following(self._field, row))
        words = np.flatnonzero(self._row(row))
        return _each_once(self._laid_out()[1][words])

    def places(self, row: Row) -> Integers:
        """Return document and first place, as one number, wherever *row* stands, ascending."""
        if not self._all_as_bits(row):
            return _following(self._field, row)
        eighths = self._row(row).view(np.uint8)
        some = np.flatnonzero(eighths)
        which, bit = np.nonzero(np.unpackbits(eighths[some], bitorder="little").reshape(-1, 8))
        at = some[which] * 8 + bit
        first_words, document_of = self._laid_out()
        documents = document_of[at >> 6]
        found: Integers = (documents << 32) + at - (first_words[documents] << 6)
        return found

    def _all_as_bits(self, row: Row) -> bool:
        return all(self._uses[term] > 1 and self._is_frequent(term) for term in set(row))

    def _is_frequent(self, term: int) -> bool:
        begin, end = self._field.position_starts[term : term + 2].tolist()
        return bool(end - begin >= _BITS_A_DOCUMENT * len(self._field.lengths))

    def _row(self, row: Row) -> Bits:
        """Return the bits at which *row* begins."""
        found = self._bits_of(row[0]).copy()
        for offset, term in enumerate(row[1:], 1):
            words, bits = divmod(offset, 64)
            other = self._bits_of(term)[words:]
            moved = other >> np.uint64(bits)
            if bits:
                moved[:-1] |= other[1:] << np.uint64(64 - bits)
            found[: len(moved)] &= moved
            found[len(moved) :] = 0
            if not found.any():
                break
        return found

    def _bits_of(self, term: int) -> Bits:
        if term not in self._bits:
            if len(self._bits) >= _BITS_KEPT:
                self._bits.pop(next(iter(self._bits)))
            first_words, document_of = self._laid_out()
            documents, often = self._field.span_of(term)
            begin, end = self._field.position_starts[term : term + 2].tolist()
            at = np.repeat(first_words[documents] << 6, often)
            at += self._field.positions[begin:end]
            marks = np.zeros(len(document_of) << 6, np.bool_)
            marks[at] = True
            self._bits[term] = np.packbits(marks, bitorder="little").view(np.uint64)
        return self._bits[term]

    def _laid_out(self) -> tuple[Integers, Integers]:
        """Return the first 64 bits of each document, and the document of each 64 bits."""
        if self._first_words is None or self._document_of is None:
            # One bit at least is free at the end: nothing goes on in the next document.
            words = self._field.lengths.astype(np.int64) // 64 + 1
            self._first_words = np.cumsum(words) - words
            self._document_of = np.repeat(np.arange(len(words)), words)
        return self._first_words, self._document_of


def _following(field_: Field, row: Sequence[int]) -> Integers:
    """Return document and first place, as one number, wherever *row* stands, ascending."""
    lists = [field_.span_of(term)[0] for term in row]
    # The rarest term first: of the others only what it leaves is looked at.
    order = sorted(range(len(row)), key=lambda n: len(lists[n]))
    size = len(field_.lengths)
    common = lists[order[0]]
    for n in order[1:]:
        common = lists[n][_marked(common, size)[lists[n]]]
    keys = np.empty(0, np.int64)
    for nth, offset in enumerate(order):
        # A place before the beginning matches nothing: no text is so long that it gets there,
        # and before the first document there is none.
        key = standing(field_, row[offset], lists[offset], _marked(common, size)) - offset
        key = key[np.searchsorted(key, 0) :]
        keys = keys[_held_by(keys, key)] if nth else key
        common = _documents_of(keys).astype(common.dtype)
        if not len(common):
            break
    return keys


def _marked(documents: Array, size: int) -> NDArray[np.bool_]:
    mask = np.zeros(size, np.bool_)
    mask[documents] = True
    return mask


def _documents_of(places: Integers) -> Integers:
    return _each_once(places >> 32)


def _each_once(ascending: Integers) -> Integers:
    first = np.ones(len(ascending), np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return ascending[first]


def _held_by(some: Array, others: Array) -> NDArray[np.bool_]:
    """Return which of *some* are among *others*; both ascend, no two alike."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    places = np.searchsorted(others, some)
    places[places == len(others)] = 0
    found: NDArray[np.bool_] = others[places] == some
    return found
