"""Documents to be scored, and what is added up for each of them."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from indexer.engine.whoosh.positions import Mask
from indexer.engine.whoosh.segment import Array, Integers, Postings

_RARER = 32
"""A list that is so many times as long is looked into for each of the chosen, else gone through."""


class Weighed(NamedTuple):
    """Postings, and what they count."""

    postings: Postings
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
            for postings, boost, norms in lists:
                at, documents, frequencies = self._among(postings)
                often[at] += norms.take(documents) * (frequencies * boost)
            return often
        # Most lists are of one field: its norms are looked up once, at the end.
        most = max(lists, key=lambda one: len(one.postings.documents)).norms
        numbers = []
        for postings, boost, norms in lists:
            numbers.append(postings.frequencies * boost)
            if norms is not most:
                numbers[-1] *= norms.take(postings.documents) / most.take(postings.documents)
        documents = np.concatenate([one.postings.documents for one in lists])
        every = np.bincount(documents, np.concatenate(numbers), len(self.mask))
        return every.take(self.documents) * most.take(self.documents)

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
