"""Documents to be scored, and what is added up for each of them."""

from functools import cached_property

import numpy as np

from indexer.engine.whoosh.positions import Mask
from indexer.engine.whoosh.segment import Array, Integers, Postings

_RARER = 32
"""A list that is so many times as long is looked into for each of the chosen, else gone through."""


class Chosen:
    """Documents that all answer a query."""

    def __init__(self, documents: Integers, mask: Mask) -> None:
        """Take them twice: as numbers that ascend, and as a mask of all documents."""
        self.documents, self.mask = documents, mask
        self.few = len(documents) * 8 < len(mask)
        """Whether it is better to look at these alone than at all documents."""

    @cached_property
    def _places(self) -> Integers:
        """For each document the place among the chosen; anything for those that are not."""
        places = np.empty(len(self.mask), np.intp)
        places[self.documents] = np.arange(len(self.documents))
        return places

    def sums(self, weighed: list[tuple[Postings, Array]]) -> Array:
        """Return for each of the chosen how often it is in the lists, weighed and summed.

        With each list goes what an occurrence counts in each document.
        """
        if self.few:
            often = np.zeros(len(self.documents))
            for postings, counted in weighed:
                at, documents, frequencies = self._among(postings)
                often[at] += counted.take(documents) * frequencies
            return often
        numbers = []
        for postings, counted in weighed:
            numbers.append(counted.take(postings.documents))
            numbers[-1] *= postings.frequencies
        documents = np.concatenate([postings.documents for postings, _ in weighed])
        return np.bincount(documents, np.concatenate(numbers), len(self.mask)).take(self.documents)

    def _among(self, postings: Postings) -> tuple[Integers, Integers, Array]:
        """Return places among the chosen, documents and frequencies of the postings in them."""
        held = postings.documents
        if len(self.documents) * _RARER < len(held):
            at = held.searchsorted(self.documents)
            at[at == len(held)] = 0
            places = (held.take(at) == self.documents).nonzero()[0]
            return places, self.documents.take(places), postings.frequencies.take(at.take(places))
        kept = self.mask.take(held).nonzero()[0]
        documents = held.take(kept)
        return self._places.take(documents), documents, postings.frequencies.take(kept)
