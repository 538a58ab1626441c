"""Documents to be scored, and what is added up for each of them."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from indexer.engine.whoosh.positions import Mask
from indexer.engine.whoosh.segment import Array, Integers

_RARER = 32
"""A list that is so many times as long is looked into for each of the chosen, else gone through."""


class Weighed(NamedTuple):
    """Postings, and what they count."""

    documents: Integers
    """Ascending."""
    frequencies: Array
    boost: float
    """What an occurrence counts in a field of average length."""
    norms: Array
    """How much of that it counts in each document."""


class Chosen:
    """Documents that all answer a query."""

    def __init__(self, documents: Integers, mask: Mask) -> None:
        """Take them twice: as numbers that ascend, and as a mask of all documents."""
        self.documents, self.mask = documents, mask
        self.few = len(documents) * 8 < len(mask)
        """Whether it is better to look at these alone than at all documents."""
        self._norms: dict[int, Array] = {}

    @cached_property
    def _places(self) -> Integers:
        """For each document the place among the chosen; anything for those that are not."""
        places = np.empty(len(self.mask), np.intp)
        places[self.documents] = np.arange(len(self.documents))
        return places

    def sums(self, lists: Sequence[Weighed]) -> Array:
        """Return for each of the chosen how often it is in the lists, weighed and summed."""
        if self.few:
            often = np.zeros(len(self.documents))
            for held, every, boost, norms in lists:
                at, documents, frequencies = self._among(held, every)
                often[at] += norms.take(documents) * (frequencies * boost)
            return often
        # Most lists are of one field: its norms are looked up once, at the end.
        most = max(lists, key=lambda one: len(one.documents)).norms
        documents = np.concatenate([one.documents for one in lists])
        weights, end = np.empty(len(documents)), 0
        for held, frequencies, boost, norms in lists:
            begin, end = end, end + len(held)
            np.multiply(frequencies, boost, out=weights[begin:end])
            if norms is not most:
                weights[begin:end] *= norms.take(held) / most.take(held)
        every = np.bincount(documents, weights, len(self.mask))
        return every.take(self.documents) * self._norms_here(most)

    def _norms_here(self, norms: Array) -> Array:
        if id(norms) not in self._norms:
            self._norms[id(norms)] = norms.take(self.documents)
        return self._norms[id(norms)]

    def _among(self, held: Integers, frequencies: Array) -> tuple[Integers, Integers, Array]:
        """Return places among the chosen, documents and frequencies of the postings in them."""
        if len(self.documents) * _RARER < len(held):
            at = held.searchsorted(self.documents)
            at[at == len(held)] = 0
            places = (held.take(at) == self.documents).nonzero()[0]
            return places, self.documents.take(places), frequencies.take(at.take(places))
        kept = self.mask.take(held).nonzero()[0]
        documents = held.take(kept)
        return self._places.take(documents), documents, frequencies.take(kept)
