"""Which terms of fields match a wildcard or a fuzzy word: their letters in arrays, compared at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer import analysis
from indexer.engine.whoosh.segment import Array, Field, Integers
from indexer.query import patterns
from indexer.query.ast import Fuzzy, Wildcard

Letters = NDArray[np.uint32]
Signs = NDArray[np.uint64]
Distances = NDArray[np.uint8]

_LONG = np.iinfo(np.uint16).max
_FAR = 200
"""More than any number of edits that is allowed."""


def matching(fields: Sequence[Field], part: Wildcard | Fuzzy) -> list[tuple[Integers, Distances]]:
    """Return for each of the *fields* the numbers of its terms that match *part*, and how near."""
    if isinstance(part, Fuzzy):
        word = analysis.fold(part.text)
        return _near(fields, word, patterns.allowed_edits(word))
    found = [_of_form(field, part.text) for field in fields]
    return [(numbers, np.zeros(len(numbers), np.uint8)) for numbers in found]


@dataclass(frozen=True, slots=True)
class Shapes:
    """What is quickly compared of the terms of a field: how long they are, of which letters."""

    lengths: NDArray[np.uint16]
    """None is said to be longer than `_LONG`."""
    signs: Signs
    """A bit for each letter that occurs; some letters share one."""

    @classmethod
    def of(cls, blob: bytes, term_ends: Array) -> "Shapes":
        """Look at every one of the terms, which stand one after the other in *blob*."""
        terms = _Terms.of(blob, term_ends, range(len(term_ends)))
        bits = np.left_shift(np.uint64(1), (terms.letters & 63).astype(np.uint64))
        signs = np.bitwise_or.reduceat(bits, terms.starts) if len(term_ends) else bits
        return cls(np.minimum(terms.lengths, _LONG).astype(np.uint16), signs)

    def near(self, word: str, allowed: int) -> Integers:
        """Return the numbers of terms that may be *allowed* edits away from *word*.

        An edit brings at most one letter that was not there, and takes away at most one.
        """
        lengths = self.lengths.astype(np.int32)
        some = np.flatnonzero(np.abs(lengths - len(word)) <= allowed)
        sign = np.bitwise_or.reduce([np.uint64(1 << (ord(letter) & 63)) for letter in word])
        signs = self.signs[some]
        kept = np.bitwise_count(signs & ~sign) <= allowed
        kept &= np.bitwise_count(sign & ~signs) <= allowed
        near: Integers = some[kept]
        return near


@dataclass(frozen=True, slots=True)
class _Terms:
    """Letters of terms that follow one another: those of term n begin at starts[n]."""

    first: int
    """The number of the first of them in the field."""
    letters: Letters
    starts: Integers
    lengths: Integers

    @classmethod
    def of(cls, whole: bytes | memoryview, term_ends: Array, numbers: range) -> "_Terms":
        begin = int(term_ends[numbers.start - 1]) if numbers.start else 0
        ends = term_ends[numbers.start : numbers.stop].astype(np.int64) - begin
        end = begin + int(ends[-1]) if len(ends) else begin
        blob = np.frombuffer(whole[begin:end], np.uint8)
        # A byte that does not go on with a letter begins one.
        begins = (blob & 0xC0) != 0x80
        letters = np.frombuffer(blob.tobytes().decode().encode("utf-32-le"), np.uint32)
        letter_ends = np.concatenate(([0], np.cumsum(begins)))[ends]
        starts = np.concatenate(([0], letter_ends[:-1])).astype(np.int64)
        return cls(numbers.start, letters, starts, letter_ends - starts)


def _of_form(field: Field, text: str) -> Integers:
    """Return the numbers of the terms of a wildcard's form."""
    form = patterns.pieces(text)
    head = form[0] if form[0] not in {"*", "?"} else ""
    terms = _Terms.of(field.blob, field.term_ends, field.prefixed(head.encode()))
    if "*" not in form:
        return _with_letters(terms, "".join(form), whole=True)
    fullmatch = patterns.expression(text).fullmatch
    some = _with_letters(terms, "".join(form[: form.index("*")]), whole=False)
    return np.array([n for n in some.tolist() if fullmatch(field[n].decode())], np.int64)


def _with_letters(terms: _Terms, pattern: str, *, whole: bool) -> Integers:
    """Return the terms that begin with the letters of *pattern*, or are those and no more."""
    size = len(pattern)
    chosen = np.flatnonzero(terms.lengths == size if whole else terms.lengths >= size)
    for place, letter in enumerate(pattern):
        if letter != "?":
            chosen = chosen[terms.letters[terms.starts[chosen] + place] == ord(letter)]
    return chosen + terms.first


def _near(fields: Sequence[Field], word: str, allowed: int) -> list[tuple[Integers, Distances]]:
    """Return the terms at most *allowed* edits away from *word*."""
    shapes = [Shapes(field.letter_counts, field.letter_signs) for field in fields]
    numbers = [one.near(word, allowed) for one in shapes]
    # Most words stand in several segments: each is compared once.
    places: dict[bytes, int] = {}
    which = [
        np.array([places.setdefault(field[n], len(places)) for n in some.tolist()], np.intp)
        for field, some in zip(fields, numbers, strict=True)
    ]
    distances = _edits([term.decode() for term in places], word, allowed)
    found = []
    for some, mine in zip(numbers, which, strict=True):
        kept = distances[mine] <= allowed
        found.append((some[kept], distances[mine][kept]))
    return found


def _edits(terms: Sequence[str], word: str, allowed: int) -> Distances:
    """Return how far each of the *terms* is from *word*, any number above *allowed* where farther.

    The table of `patterns.edits`, a band of it, for all terms at once. With at most two edits
    letters that are exchanged have at most one letter between them. No term is longer than
    *word* by more than is allowed.
    """
    longest = len(word) + allowed
    whole = np.array([*terms], f"<U{longest}").view(np.uint32).reshape(len(terms), longest)
    columns: list[Letters] = [np.ascontiguousarray(column) for column in whole.T]
    rows = [_row(len(terms), longest, allowed)]
    for row, letter in enumerate(word, 1):
        new = [np.full(len(terms), _FAR, np.uint8) for _ in range(longest + 1)]
        if row <= allowed:
            new[0][:] = row
        for column in range(max(1, row - allowed), min(longest, row + allowed) + 1):
            there = columns[column - 1]
            cell = rows[-1][column - 1] + (there != ord(letter))
            np.minimum(cell, rows[-1][column] + 1, out=cell)
            np.minimum(cell, new[column - 1] + 1, out=cell)
            for back, over, cost in ((2, 2, 1), (3, 2, 2), (2, 3, 2)):
                if row >= back and column >= over:
                    before = ord(word[row - back])
                    exchanged = (there == before) & (columns[column - over] == ord(letter))
                    costs = rows[row - back][column - over] + np.uint8(cost)
                    cell = np.where(exchanged, np.minimum(cell, costs), cell)
            new[column] = cell
        rows.append(new)
    lengths = np.fromiter(map(len, terms), np.intp, len(terms))
    return np.stack(rows[-1])[lengths, np.arange(len(terms))]


def _row(size: int, longest: int, allowed: int) -> list[Distances]:
    """Return the first row of the table."""
    return [np.full(size, n if n <= allowed else _FAR, np.uint8) for n in range(longest + 1)]
