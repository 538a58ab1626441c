"""How many documents answer a query, and nothing else of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import assert_never

import numpy as np

from indexer.engine.fields import AnyLookup, Lookup, NumberLookup, PrefixLookup
from indexer.engine.whoosh.evaluation import Evaluation, Mask, following
from indexer.query.ast import And, AtLeast, Query, Word


@dataclass(slots=True)
class Counting:
    """Several queries of the same words, as the readings of one are: each word is found once."""

    evaluation: Evaluation
    holding: dict[tuple[Word, int], Mask] = field(default_factory=dict)

    def total(self, query: Query) -> int:
        """Return how many documents that the asker may see answer *query*."""
        parts = self.evaluation.snapshot.parts
        return sum(
            int(np.count_nonzero(self._answering(query, n) & part.seen_by(self.evaluation.labels)))
            for n, part in enumerate(parts)
        )

    def _answering(self, query: Query, number: int) -> Mask:
        match query:
            case Word():
                if (query, number) not in self.holding:
                    where = self.evaluation.lookups_of(query)
                    self.holding[query, number] = self._holding(where, number)
                return self.holding[query, number]
            case And(parts=parts):
                return reduce(np.logical_and, (self._answering(one, number) for one in parts))
            case AtLeast(least=least, parts=parts):
                held = np.zeros(self.evaluation.snapshot.parts[number].size, np.uint8)
                for one in parts:
                    held += self._answering(one, number)
                answering: Mask = held >= least
                return answering
            case _:
                return self.evaluation.of(query, number)[0]

    def _holding(self, where: Iterable[AnyLookup], number: int) -> Mask:
        part = self.evaluation.snapshot.parts[number]
        holding = np.zeros(part.size, np.bool_)
        for lookup in where:
            match lookup:
                case Lookup(field=name, terms=terms):
                    field_ = part.segment.fields[name]
                    found = [field_.find(term.encode()) for term in terms]
                    numbers = [term for term in found if term is not None]
                    if len(numbers) == len(terms):
                        holding[following(field_, numbers)] = True
                case PrefixLookup(field=name, prefix=prefix):
                    holding |= self.evaluation.beginning(name, prefix, number)
                case NumberLookup(number=borne, prefix=prefixed):
                    holding |= self.evaluation.beginning(
                        "numbers", borne, number, whole=not prefixed
                    )
                case _:
                    assert_never(lookup)
        return holding
