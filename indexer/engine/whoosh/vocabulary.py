"""The terms of a field as letters in arrays, so that all of them are compared with a word at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer import analysis
from indexer.engine.whoosh.segment import Integers, Segment
from indexer.query import patterns
from indexer.query.ast import Fuzzy, Wildcard

Letters = NDArray[np.uint32]
Distances = NDArray[np.uint8]

_FAR = 200
"""More than any number of edits that is allowed."""


def matching(segment: Segment, name: str, part: Wildcard | Fuzzy) -> Iterator[tuple[int, int]]:
    """Yield (number, distance) of every term of the field *name* that matches *part*."""
    if isinstance(part, Fuzzy):
        word = analysis.fold(part.text)
        terms = _Terms.of(segment, name, range(len(segment.fields[name])))
        yield from _near(terms, word, patterns.allowed_edits(word))
    else:
        yield from ((number, 0) for number in _of_form(segment, name, part.text))


@dataclass(frozen=True, slots=True)
class _Terms:
    """Letters of terms that follow one another: those of term n begin at starts[n]."""

    first: int
    """The number of the first of them in the field."""
    letters: Letters
    starts: Integers
    lengths: Integers

    @classmethod
    def of(cls, segment: Segment, name: str, numbers: range) -> "_Terms":
        all_ends = segment.section(f"field/{name}/term_ends")
        begin = int(all_ends[numbers.start - 1]) if numbers.start else 0
        ends = all_ends[numbers.start : numbers.stop].astype(np.int64) - begin
        end = begin + int(ends[-1]) if len(ends) else begin
        blob = segment.section(f"field/{name}/terms")[begin:end]
        # A byte that does not go on with a letter begins one.
        begins = (blob & 0xC0) != 0x80
        letters = np.frombuffer(blob.tobytes().decode().encode("utf-32-le"), np.uint32)
        letter_ends = np.concatenate(([0], np.cumsum(begins)))[ends]
        starts = np.concatenate(([0], letter_ends[:-1])).astype(np.int64)
        return cls(numbers.start, letters, starts, letter_ends - starts)


def _of_form(segment: Segment, name: str, text: str) -> list[int]:
    """Return the numbers of the terms of a wildcard's form."""
    form = patterns.pieces(text)
    field = segment.fields[name]
    head = form[0] if form[0] not in {"*", "?"} else ""
    terms = _Terms.of(segment, name, field.prefixed(head.encode()))
    if "*" not in form:
        return _with_letters(terms, "".join(form), whole=True)
    fullmatch = patterns.expression(text).fullmatch
    some = _with_letters(terms, "".join(form[: form.index("*")]), whole=False)
    return [number for number in some if fullmatch(field[number].decode())]


def _with_letters(terms: _Terms, pattern: str, *, whole: bool) -> list[int]:
    """Return the terms that begin with the letters of *pattern*, or are those and no more."""
    size = len(pattern)
    chosen = np.flatnonzero(terms.lengths == size if whole else terms.lengths >= size)
    for place, letter in enumerate(pattern):
        if letter != "?":
            chosen = chosen[terms.letters[terms.starts[chosen] + place] == ord(letter)]
    return [int(n) for n in chosen + terms.first]


def _near(terms: _Terms, word: str, allowed: int) -> Iterator[tuple[int, int]]:
    """Yield the terms at most *allowed* edits away from *word*: one length after the other."""
    for length in range(max(1, len(word) - allowed), len(word) + allowed + 1):
        some = np.flatnonzero(terms.lengths == length)
        if len(some):
            which, distances = _edits(terms, some, length, word, allowed)
            yield from zip((which + terms.first).tolist(), distances.tolist(), strict=True)


def _edits(
    terms: _Terms, some: Integers, length: int, word: str, allowed: int
) -> tuple[Integers, Distances]:
    """Return those of the terms, all of one length, that are near, and how near.

    The table of `patterns.edits`, a band of it, for all terms at once. With at most two edits
    letters that are exchanged have at most one letter between them.
    """
    columns: list[Letters] = [terms.letters[terms.starts[some] + n] for n in range(length)]
    rows = [_row(len(some), length, allowed)]
    for row, letter in enumerate(word, 1):
        new = [np.full(len(some), _FAR, np.uint8) for _ in range(length + 1)]
        if row <= allowed:
            new[0][:] = row
        best = new[0].copy()
        for column in range(max(1, row - allowed), min(length, row + allowed) + 1):
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
            np.minimum(best, cell, out=best)
        rows.append(new)
        kept = best <= allowed
        if kept.sum() < len(kept) // 2:
            some, columns = some[kept], [column[kept] for column in columns]
            rows = [[cell[kept] for cell in one] for one in rows]
    near = rows[-1][length] <= allowed
    return some[near], rows[-1][length][near]


def _row(size: int, length: int, allowed: int) -> list[Distances]:
    """Return the first row of the table."""
    return [np.full(size, n if n <= allowed else _FAR, np.uint8) for n in range(length + 1)]
