"""Where words stand in a field, and which of them stand together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.segment import Array, Field, Integers

Mask = NDArray[np.bool_]

_FAR = 1 << 62


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where something stands in a field: document and place as one number, `document << 32 | place`.

    Ascending by the first place; two arrays of one length.
    """

    first: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    last: Integers = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def joined(cls, several: Sequence["Stretches"]) -> "Stretches":
        """Return all of them."""
        first = np.concatenate([one.first for one in several])
        order = np.argsort(first, kind="stable")
        return cls(first[order], np.concatenate([one.last for one in several])[order])

    def near(self, others: "Stretches", gap: int) -> "Stretches":
        """Return those that have one of *others* beside them, at most *gap* words between."""
        # What stands in another document is farther away than any gap; so are both ends.
        firsts = np.concatenate(([-_FAR], others.first, [_FAR]))
        after = np.searchsorted(others.first, self.last, "right")
        kept = firsts[after + 1] <= self.last + (gap + 1)
        if self.first is self.last and others.first is others.last:
            lasts = firsts
            after -= firsts[after] == self.first
            before = after
        else:
            lasts = np.concatenate(([-_FAR], np.sort(others.last), [_FAR]))
            before = np.searchsorted(lasts[1:-1], self.first)
        kept |= lasts[before] >= self.first - (gap + 1)
        first = self.first[kept]
        return Stretches(first, first if self.first is self.last else self.last[kept])


def standing(field_: Field, term: int, documents: Array, chosen: Mask) -> Integers:
    """Return document and place, as one number, of a term that *documents* hold, where *chosen*."""
    postings = np.flatnonzero(chosen[documents])
    counts, positions = field_.positions_in(term, postings)
    places = np.repeat(documents[postings].astype(np.int64) << 32, counts)
    places += positions
    return places


def places_of(field_: Field, terms: Iterable[int], chosen: Mask) -> Integers:
    """Return document and place, as one number, of the terms in the *chosen* documents."""
    lists = ((term, field_.span_of(term)[0]) for term in terms)
    return ascending([standing(field_, term, held, chosen) for term, held in lists])


def ascending(found: Sequence[Integers]) -> Integers:
    """Join ascending numbers."""
    some = [numbers for numbers in found if len(numbers)]
    if len(some) < 2:
        return some[0] if some else np.empty(0, np.int64)
    joined: Integers = np.concatenate(some)
    joined.sort(kind="stable")  # merges what is in order already
    return joined
