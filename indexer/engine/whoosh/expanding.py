"""The words that a wildcard or a fuzzy word stands for, and where each segment has them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archive.access import Label
from indexer.engine.fields import FieldName, WordField, expansion, searched
from indexer.engine.whoosh import vocabulary
from indexer.engine.whoosh.segment import Array, Field, Integers
from indexer.engine.whoosh.terms import visible
from indexer.query import patterns
from indexer.query.ast import Fuzzy, Wildcard

if TYPE_CHECKING:
    from indexer.engine.whoosh.snapshot import Part


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of one field of a segment, those that count least first."""

    field: Field
    numbers: Integers
    weights: Array

    def documents(self) -> tuple[Array, Array]:
        """Return the documents of each term, one term after the other, and what it counts there."""
        documents, counts = self.field.documents_of(self.numbers)
        return documents, np.repeat(self.weights, counts)


@dataclass(frozen=True, slots=True)
class Expanded:
    """What a wildcard or a fuzzy word stands for."""

    terms: tuple[tuple[int, WordField, Terms], ...]
    """Number of the segment, name of the field, the terms there."""
    notice: str
    """What was cut short."""

    def numbers(self, segment: int, name: FieldName) -> list[int]:
        """Return the numbers of the terms in a field of a segment."""
        mine = (terms for n, its_name, terms in self.terms if (n, its_name) == (segment, name))
        return [number for terms in mine for number in terms.numbers.tolist()]


def expand(parts: Sequence["Part"], part: Wildcard | Fuzzy, labels: frozenset[Label]) -> Expanded:
    """Return the words for *part* of those that a holder of *labels* may see."""
    places = [(n, name) for n in range(len(parts)) for name in searched(part.field)]
    fields = [parts[n].segment.fields[name] for n, name in places]
    holders: Counter[str] = Counter()
    distances: dict[str, int] = {}
    seen: list[tuple[Integers, list[str]]] = []
    matching = vocabulary.matching(fields, part)
    for (n, name), field, (numbers, far) in zip(places, fields, matching, strict=True):
        held = visible(parts[n], name, labels)[numbers]
        some = np.flatnonzero(held)
        words = [field[number].decode() for number in numbers[some].tolist()]
        for word, many, distance in zip(
            words, held[some].tolist(), far[some].tolist(), strict=True
        ):
            holders[word] += many
            distances[word] = distance
        seen.append((numbers[some], words))
    weights = {word: patterns.closeness(distance) for word, distance in distances.items()}
    chosen = expansion(part, holders, weights)
    terms = []
    for (n, name), field, (numbers, words) in zip(places, fields, seen, strict=True):
        weighed = np.array([chosen.weights.get(word, 0.0) for word in words])
        order = np.argsort(weighed, kind="stable")
        order = order[np.count_nonzero(weighed == 0) :]
        if len(order):
            terms.append((n, name, Terms(field, numbers[order], weighed[order])))
    return Expanded(tuple(terms), chosen.notice)
