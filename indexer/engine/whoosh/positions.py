"""Where words stand in a field, and which of them stand together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.segment import Array, Field, Integers

Mask = NDArray[np.bool_]


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
        kept = _some_within(np.sort(others.last), self.first - 1 - gap, self.first - 1)
        kept |= _some_within(others.first, self.last + 1, self.last + 1 + gap)
        return Stretches(self.first[kept], self.last[kept])


def following(field_: Field, terms: Sequence[int]) -> Array:
    """Return the documents, ascending, in which the terms follow one another."""
    lists = [field_.span_of(term)[0] for term in terms]
    # The rarest term first: of the others only what it leaves is looked at.
    order = sorted(range(len(terms)), key=lambda n: len(lists[n]))
    size = len(field_.lengths)
    common = lists[order[0]]
    for n in order[1:]:
        common = lists[n][_marked(common, size)[lists[n]]]
    keys = np.empty(0, np.int64)
    for nth, offset in enumerate(order):
        if not len(common):
            return common
        # A place before the beginning matches nothing: no text is so long that it gets there.
        key = _standing(field_, terms[offset], lists[offset], _marked(common, size)) - offset
        keys = keys[_held_by(keys, key)] if nth else key
        if nth or len(terms) == 1:
            found = (keys >> 32).astype(common.dtype)
            first = np.ones(len(found), np.bool_)
            np.not_equal(found[1:], found[:-1], out=first[1:])
            common = found[first]
    return common


def _marked(documents: Array, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[documents] = True
    return mask


def _standing(field_: Field, term: int, documents: Array, chosen: Mask) -> Integers:
    """Return document and place, as one number, of a term that *documents* hold, where *chosen*."""
    postings = np.flatnonzero(chosen[documents])
    counts, positions = field_.positions_in(term, postings)
    places = np.repeat(documents[postings].astype(np.int64) << 32, counts)
    places += positions
    return places


def _held_by(some: Array, others: Array) -> Mask:
    """Return which of *some* are among *others*; both ascend, no two alike."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    places = np.searchsorted(others, some)
    places[places == len(others)] = 0
    found: Mask = others[places] == some
    return found


def _some_within(places: Integers, least: Integers, most: Integers) -> Mask:
    """Return for each range whether one of the ascending *places* lies in it."""
    # A range that begins in the document before begins too far on to reach its words.
    found: Mask = np.searchsorted(places, most, "right") > np.searchsorted(places, least, "left")
    return found


def places_of(field_: Field, terms: Iterable[int], chosen: Mask) -> Integers:
    """Return document and place, as one number, of the terms in the *chosen* documents."""
    lists = ((term, field_.span_of(term)[0]) for term in terms)
    return ascending([_standing(field_, term, held, chosen) for term, held in lists])


def ascending(found: Sequence[Integers]) -> Integers:
    """Join ascending numbers."""
    some = [numbers for numbers in found if len(numbers)]
    if len(some) < 2:
        return some[0] if some else np.empty(0, np.int64)
    joined: Integers = np.concatenate(some)
    joined.sort(kind="stable")  # merges what is in order already
    return joined
