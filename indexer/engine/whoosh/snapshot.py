"""One committed state of the index, and the evaluation of questions on its arrays."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from archive.access import Label
from archive.dates import PartialDate
from indexer.engine import FACETS, Answer, FacetName, Filters, Hit, Mark, Question
from indexer.engine.fields import (
    K1,
    B,
    FieldName,
    Lookup,
    PrefixLookup,
    fact_values,
    idf,
    lookups,
)
from indexer.engine.whoosh.segment import UNDATED, Array, Field, Postings, Segment
from indexer.query.ast import And, Everything, Fact, Not, Or, Phrase, Prefix, Query, Word

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]


class Part:
    """A segment with the documents of it that are deleted."""

    def __init__(self, segment: Segment, deleted: Sequence[int]) -> None:
        """Take an open segment."""
        self.segment, self.size = segment, segment.size
        self.alive: Mask = np.ones(segment.size, np.bool_)
        self.alive[list(deleted)] = False
        self.ids = segment.section("documents/record_ids")
        self.first = segment.section("documents/first")
        self.last = segment.section("documents/last")
        self._seen: dict[frozenset[Label], Mask] = {}

    def seen_by(self, labels: frozenset[Label]) -> Mask:
        """Return which documents a holder of *labels* may see."""
        if labels not in self._seen:
            held = [n for n, label in enumerate(self.segment.labels) if label in labels]
            visible = np.isin(self.segment.section("documents/label"), held)
            self._seen[labels] = visible & self.alive
        return self._seen[labels]

    @cached_property
    def place_of(self) -> dict[int, int]:
        """Record number → document, of those that are alive."""
        return {int(self.ids[n]): int(n) for n in np.flatnonzero(self.alive)}


@dataclass(slots=True)
class Statistics:
    """What scores are reckoned from: the documents that one set of labels may see."""

    documents: int
    languages: frozenset[str]
    average_lengths: dict[str, float]
    norms: dict[tuple[int, str], Array] = field(default_factory=dict)


class Snapshot:
    """A committed state. It never changes, so threads may share it."""

    def __init__(self, generation: int, parts: Sequence[Part], mark: Mark) -> None:
        """Take the open segments of a generation."""
        self.generation, self.parts, self.mark = generation, parts, mark
        self._statistics: dict[frozenset[Label], Statistics] = {}

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record."""
        for part in self.parts:
            yield from part.ids[part.alive].tolist()

    def answer(self, question: Question) -> Answer:
        """Evaluate the question."""
        statistics = self.statistics(question.labels)
        evaluation = _Evaluation(self, question.labels, statistics)
        found = [
            _Found(part, number, *evaluation.of(question.query, number))
            for number, part in enumerate(self.parts)
        ]
        facets: dict[FacetName, Counter[str]] = {name: Counter() for name in FACETS}
        total = possibly = 0
        candidates: list[tuple[Array, Array, Array]] = []
        for one in found:
            one.mask &= one.part.seen_by(question.labels)
            narrowed = _Narrowed(one.part, one.mask, question.filters)
            for name in FACETS:
                narrowed.count(name, facets[name])
            wanted = np.flatnonzero(narrowed.wanted)
            total += len(wanted)
            possibly += narrowed.possibly
            candidates.append(_best(one, wanted, question))
        return Answer(
            total=total,
            hits=_page(candidates, question),
            facets={name: dict(counts) for name, counts in facets.items()},
            possibly=possibly,
            mark=self.mark,
        )

    def statistics(self, labels: frozenset[Label]) -> Statistics:
        """Return the statistics of what *labels* may see, reckoned once a state."""
        if labels not in self._statistics:
            documents, languages = 0, set[str]()
            totals: Counter[str] = Counter()
            for part in self.parts:
                seen = part.seen_by(labels)
                documents += int(seen.sum())
                spoken = np.unique(part.segment.section("documents/language")[seen])
                languages |= {part.segment.languages[n] for n in spoken}
                for name, one in part.segment.fields.items():
                    totals[name] += int(one.lengths[seen].sum(dtype=np.int64))
            averages = {name: total / documents if documents else 0.0 for name, total in totals.items()}
            self._statistics[labels] = Statistics(documents, frozenset(languages), averages)
        return self._statistics[labels]


@dataclass(slots=True)
class _Found:
    """What a query found in one segment."""

    part: Part
    number: int
    mask: Mask
    scores: Array


@dataclass(slots=True)
class _Narrowed:
    """What filters leave of what was found in one segment."""

    part: Part
    found: Mask
    filters: Filters
    masks: dict[FacetName, Mask] = field(init=False)
    inside: Mask | None = field(init=False, default=None)
    overlapping: Mask | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.masks = {
            name: self._bearers(name, values)
            for name, values in self.filters.chosen.items()
            if values
        }
        if (span := self.filters.dates) is not None:
            self.inside, self.overlapping = self._lying_in(span)

    @property
    def wanted(self) -> Mask:
        return self._passing(None)

    @property
    def possibly(self) -> int:
        if self.inside is None or self.overlapping is None:
            return 0
        passing = reduce(np.logical_and, self.masks.values(), self.found)
        return int((passing & self.overlapping).sum() - (passing & self.inside).sum())

    def count(self, name: FacetName, counts: Counter[str]) -> None:
        """Add how many documents bear each value, counted without the facet's own choice."""
        passing = self._passing(name)
        facet = self.part.segment.facets[name]
        if facet.single:
            ordinals = facet.ordinals[passing]
        else:
            ordinals = facet.ordinals[passing[facet.owners()]]
        numbers = np.bincount(ordinals, minlength=len(facet.values))
        for ordinal in np.flatnonzero(numbers):
            counts[facet.values[ordinal]] += int(numbers[ordinal])

    def _passing(self, leaving_out: FacetName | None) -> Mask:
        masks = [mask for name, mask in self.masks.items() if name != leaving_out]
        dates = self.overlapping if self.filters.possibly else self.inside
        if dates is not None and leaving_out != "year":
            masks.append(dates)
        return reduce(np.logical_and, masks, self.found)

    def _bearers(self, name: FacetName, values: frozenset[str]) -> Mask:
        facet = self.part.segment.facets[name]
        chosen = np.array([value in values for value in facet.values], np.bool_)
        if facet.single:
            return chosen[facet.ordinals]
        mask = np.zeros(self.part.size, np.bool_)
        mask[facet.owners()[chosen[facet.ordinals]]] = True
        return mask

    def _lying_in(self, span: PartialDate) -> tuple[Mask, Mask]:
        first, last = span.first.toordinal(), span.last.toordinal()
        dated = self.part.first != UNDATED
        inside = dated & (self.part.first >= first) & (self.part.last <= last)
        overlapping = dated & (self.part.first <= last) & (self.part.last >= first)
        return inside, overlapping


def _best(one: _Found, wanted: Array, question: Question) -> tuple[Array, Array, Array]:
    """Return (key, record number, score) of the documents that may stand on the page."""
    ids = one.part.ids[wanted]
    scores = one.scores[wanted]
    match question.sort:
        case "newest":
            last = one.part.last[wanted]
            key = np.where(last == UNDATED, 1.0, -last.astype(np.float64))
        case "oldest":
            key = one.part.first[wanted].astype(np.float64)
        case "added":
            key = -ids.astype(np.float64)
        case _:
            # Two ways to add the same numbers differ in the last digits.
            key = -np.round(scores.astype(np.float64), 9)
    enough = question.offset + question.limit
    if len(wanted) > 2 * enough:
        # Ties at the limit may matter: keep all that are not worse than the last one.
        limit = np.partition(key, enough - 1)[enough - 1] if enough else -np.inf
        kept = key <= limit
        return key[kept], ids[kept], scores[kept]
    return key, ids, scores


def _page(candidates: Sequence[tuple[Array, Array, Array]], question: Question) -> tuple[Hit, ...]:
    if not candidates:
        return ()
    key, ids, scores = (np.concatenate(arrays) for arrays in zip(*candidates, strict=True))
    order = np.lexsort((ids, key))[question.offset : question.offset + question.limit]
    return tuple(Hit(int(ids[n]), float(scores[n])) for n in order)


@dataclass(slots=True)
class _Evaluation:
    """One query over the documents that its asker may see, segment by segment."""

    snapshot: Snapshot
    labels: frozenset[Label]
    statistics: Statistics
    looked_up: dict[Query, tuple[Lookup | PrefixLookup, ...]] = field(default_factory=dict)
    weights: dict[tuple[FieldName, str], float] = field(default_factory=dict)

    def of(self, query: Query, number: int) -> tuple[Mask, Array]:
        """Return which documents of a segment answer *query*, and every document's score.

        Documents that the asker may not see may be marked; their scores mean nothing.
        """
        part = self.snapshot.parts[number]
        match query:
            case Everything():
                return part.alive.copy(), np.zeros(part.size)
            case Word() | Phrase() | Prefix():
                return self._looked_up(self._lookups(query), number)
            case Fact(field=name, value=value):
                facet = part.segment.facets[name]
                values = fact_values(name, value)
                chosen = np.array([one in values for one in facet.values], np.bool_)
                mask = np.zeros(part.size, np.bool_)
                mask[facet.owners()[chosen[facet.ordinals]]] = True
                return mask, np.zeros(part.size)
            case Not(part=inner):
                return ~self.of(inner, number)[0], np.zeros(part.size)
            case And(parts=parts):
                return self._joined(parts, number, np.logical_and)
            case Or(parts=parts):
                return self._joined(parts, number, np.logical_or)
            case _:
                assert_never(query)

    def _joined(
        self, parts: Iterable[Query], number: int, join: Callable[..., Mask]
    ) -> tuple[Mask, Array]:
        found: Mask | None = None
        scores: Array = np.zeros(0)
        for query in parts:
            more, higher = self.of(query, number)
            if found is None:
                found, scores = more, higher
            else:
                join(found, more, out=found)
                scores += higher
        assert found is not None
        if join is np.logical_and:
            # What holds some of the parts only must not bring their scores into an OR around.
            scores *= found
        return found, scores

    def _lookups(self, part: Word | Phrase | Prefix) -> tuple[Lookup | PrefixLookup, ...]:
        if part not in self.looked_up:
            self.looked_up[part] = lookups(part, self.statistics.languages)
        return self.looked_up[part]

    def _looked_up(
        self, where: Iterable[Lookup | PrefixLookup], number: int
    ) -> tuple[Mask, Array]:
        part = self.snapshot.parts[number]
        found = np.zeros(part.size, np.bool_)
        scores = np.zeros(part.size)
        for lookup in where:
            field_ = part.segment.fields[lookup.field]
            if isinstance(lookup, PrefixLookup):
                bearing = np.zeros(part.size, np.bool_)
                numbers = field_.prefixed(lookup.prefix.encode())
                begin, end = int(field_.starts[numbers.start]), int(field_.starts[numbers.stop])
                bearing[field_.documents[begin:end]] = True
                found |= bearing
                scores += lookup.boost * bearing
            elif len(lookup.terms) == 1:
                postings = field_.postings(lookup.terms[0].encode())
                if len(postings.documents):
                    found[postings.documents] = True
                    scores[postings.documents] += self._bm25(lookup, 0, postings, number)
            else:
                self._phrase(lookup, field_, number, found, scores)
        return found, scores

    def _phrase(
        self, lookup: Lookup, field_: Field, number: int, found: Mask, scores: Array
    ) -> None:
        terms = [field_.find(term.encode()) for term in lookup.terms]
        numbers = [term for term in terms if term is not None]
        if len(numbers) < len(terms):
            return
        documents = _following(field_, numbers)
        found[documents] = True
        for at, term in enumerate(numbers):
            postings = field_.postings_of(term)
            chosen = np.searchsorted(postings.documents, documents)
            some = Postings(documents, postings.frequencies[chosen])
            scores[documents] += self._bm25(lookup, at, some, number)

    def _bm25(self, lookup: Lookup, at: int, postings: Postings, number: int) -> Array:
        """Return what one term of *lookup* tells of each of its documents."""
        norm = self._norm(lookup.field, number)[postings.documents]
        frequency = postings.frequencies.astype(np.float64)
        weight = self._weight(lookup.field, lookup.terms[at]) * lookup.boost * (K1 + 1)
        return weight * frequency / (frequency + norm)

    def _norm(self, field_: FieldName, number: int) -> Array:
        key = (number, field_)
        if key not in self.statistics.norms:
            lengths = self.snapshot.parts[number].segment.fields[field_].lengths.astype(np.float64)
            average = self.statistics.average_lengths[field_]
            relative = lengths / average if average else np.ones(len(lengths))
            self.statistics.norms[key] = K1 * (1 - B + B * relative)
        return self.statistics.norms[key]

    def _weight(self, field_: FieldName, term: str) -> float:
        key = (field_, term)
        if key not in self.weights:
            holders = 0
            for part in self.snapshot.parts:
                documents = part.segment.fields[field_].postings(term.encode()).documents
                seen = part.seen_by(self.labels)
                holders += int(seen[documents].sum())
            self.weights[key] = idf(holders, self.statistics.documents)
        return self.weights[key]


def _following(field_: Field, terms: Sequence[int]) -> Array:
    """Return the documents, ascending, in which the terms follow one another."""
    lists = [field_.postings_of(term).documents for term in terms]
    common = reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), sorted(lists, key=len))
    if not len(common):
        return common
    keys: Array | None = None
    for offset, (term, documents) in enumerate(zip(terms, lists, strict=True)):
        which, position = field_.positions_in(term, np.searchsorted(documents, common))
        # One number for document and place; a place before the beginning matches nothing.
        key = (which << 32) + position - offset
        key = key[position >= offset]
        keys = key if keys is None else np.intersect1d(keys, key)
        if not len(keys):
            return common[:0]
    assert keys is not None
    return common[np.unique(keys >> 32)]
