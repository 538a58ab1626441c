"""Which words records hold, and how many records that an asker may see hold each."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archive.access import Label
from indexer import analysis
from indexer.engine import Term
from indexer.engine.fields import FieldName, searched
from indexer.engine.whoosh import vocabulary
from indexer.engine.whoosh.segment import Array, Integers
from indexer.engine.whoosh.vocabulary import Distances
from indexer.query.ast import Fuzzy, Prefix, Wildcard

if TYPE_CHECKING:
    from indexer.engine.whoosh.snapshot import Part

_FIRST_LOOK = 2
"""How many times as many words as are wanted are counted in full to begin with."""


@dataclass(frozen=True, slots=True)
class _Column:
    """The words of one field of one segment that match, the most held first."""

    part: "Part"
    name: FieldName
    numbers: Integers
    distances: Distances
    holders: Integers
    all_holders: Array
    """Of every word of the field."""
    within: range
    """Where in the field the words stand, maybe with others between."""

    def holders_of(self, term: bytes) -> int:
        """Return how many hold *term*, one of the words that match, in this field."""
        # Not by `Field.find`: what is not among the most held is hardly asked for again.
        field = self.part.segment.fields[self.name]
        number = bisect_left(field, term, self.within.start, self.within.stop)
        if number < self.within.stop and field[number] == term:
            return int(self.all_holders[number])
        return 0

    def first(self, many: int) -> Iterable[tuple[str, int]]:
        """Yield word and distance of the first ones."""
        field = self.part.segment.fields[self.name]
        rows = zip(self.numbers[:many].tolist(), self.distances[:many].tolist(), strict=True)
        return ((field[number].decode(), distance) for number, distance in rows)

    def bound(self, many: int) -> int:
        """Return how many hold a word that is not among the first ones, at most."""
        return int(self.holders[many]) if many < len(self.holders) else 0


def like(
    parts: Sequence["Part"], part: Prefix | Wildcard | Fuzzy, labels: frozenset[Label], limit: int
) -> tuple[Term, ...]:
    """Return what `Engine.terms_like` does.

    A record may hold a word in several fields, so the exact count of a word takes a look at its
    records. That look is taken only at words that may be among those wanted: a word has at most
    as many holders as its fields have together.
    """
    names = searched(part.field)
    columns = _columns(parts, names, part, labels)
    look, distances = max(1, limit) * _FIRST_LOOK, dict[str, int]()
    while True:
        for column in columns:
            distances.update(column.first(look))
        unseen = sum(column.bound(look) for column in columns)
        bounds = {text: sum(one.holders_of(text.encode()) for one in columns) for text in distances}
        best = _best(parts, names, distances, bounds, labels, limit)
        if not unseen or not limit or (len(best) == limit and best[-1].holders > unseen):
            return best
        look *= 4


def _best(
    parts: Sequence["Part"],
    names: Sequence[FieldName],
    distances: Mapping[str, int],
    bounds: Mapping[str, int],
    labels: frozenset[Label],
    limit: int,
) -> tuple[Term, ...]:
    """Return the most held of the words, counting no more of them than it takes.

    *bounds*: how many hold each word, counted once a field.
    """
    best: list[Term] = []
    for text in sorted(bounds, key=lambda text: (-bounds[text], text)):
        if len(best) >= limit and (not best or bounds[text] < best[-1].holders):
            break
        best.append(Term(text, count(parts, names, text, labels), distances[text]))
        best.sort(key=lambda term: (-term.holders, term.text))
        del best[limit:]
    return tuple(best)


def count(
    parts: Sequence["Part"], names: Iterable[FieldName], text: str, labels: frozenset[Label]
) -> int:
    """Return how many documents that *labels* may see hold the word in any of the fields."""
    term, total = text.encode(), 0
    for part in parts:
        lists = [part.segment.fields[name].postings(term).documents for name in names]
        some = [documents for documents in lists if len(documents)]
        if len(some) == 1:
            total += int(np.count_nonzero(part.seen_by(labels)[some[0]]))
        elif some:
            held = np.zeros(part.size, np.bool_)
            for documents in some:
                held[documents] = True
            total += int(np.count_nonzero(held & part.seen_by(labels)))
    return total


def _columns(
    parts: Sequence["Part"],
    names: Sequence[FieldName],
    wanted: Prefix | Wildcard | Fuzzy,
    labels: frozenset[Label],
) -> list[_Column]:
    places = [(part, name) for part in parts for name in names]
    fields = [part.segment.fields[name] for part, name in places]
    if isinstance(wanted, Prefix):
        prefix = analysis.fold(wanted.text).encode()
        ranges = [field.prefixed(prefix) for field in fields]
        found = [(np.arange(one.start, one.stop), np.zeros(len(one), np.uint8)) for one in ranges]
    else:
        found = vocabulary.matching(fields, wanted)
    columns = []
    for (part, name), (numbers, distances) in zip(places, found, strict=True):
        every = visible(part, name, labels)
        holders = every[numbers]
        within = range(int(numbers.min()), int(numbers.max()) + 1) if len(numbers) else range(0)
        order = np.argsort(-holders, kind="stable")[: int(np.count_nonzero(holders))]
        most = numbers[order], distances[order], holders[order]
        columns.append(_Column(part, name, *most, every, within))
    return columns


def visible(part: "Part", name: FieldName, labels: frozenset[Label]) -> Array:
    """Return how many documents that *labels* may see hold each term of a field, reckoned once."""
    key = (name, labels)
    if key not in part.holders_of_terms:
        field = part.segment.fields[name]
        starts = field.starts.astype(np.int64)
        seen = part.seen_by(labels)
        if not seen.all():
            starts = np.concatenate(([0], np.cumsum(seen[field.documents])))[starts]
        part.holders_of_terms[key] = np.diff(starts).astype(np.int32)
    return part.holders_of_terms[key]
