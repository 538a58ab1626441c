"""One committed state of the index, and the answers it gives."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from archive.access import Label
from archive.dates import PartialDate
from indexer.engine import FACETS, Answer, FacetName, Filters, Hit, Mark, Question, Term
from indexer.engine.bars import BarStep
from indexer.engine.fields import Expansion, FieldName, searched
from indexer.engine.whoosh import terms
from indexer.engine.whoosh.counting import Counting
from indexer.engine.whoosh.evaluation import Evaluation, Mask
from indexer.engine.whoosh.histogram import Bars, bars_of
from indexer.engine.whoosh.segment import UNDATED, Array, Segment
from indexer.query.ast import Fuzzy, Prefix, Query, Wildcard


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
        self._all_seen: dict[frozenset[Label], bool] = {}
        self._totals: dict[frozenset[Label], Totals] = {}
        self._bars: dict[BarStep, Bars] = {}
        self.holders_of_terms: dict[tuple[FieldName, frozenset[Label]], Array] = {}
        """Kept by `terms.py`."""

    def holders(self, name: str, term: bytes, labels: frozenset[Label]) -> int:
        """Return how many documents that a holder of *labels* may see hold *term*."""
        documents = self.segment.fields[name].postings(term).documents
        seen = self.seen_by(labels)
        if labels not in self._all_seen:
            self._all_seen[labels] = bool(seen.all())
        return len(documents) if self._all_seen[labels] else int(np.count_nonzero(seen[documents]))

    def seen_by(self, labels: frozenset[Label]) -> Mask:
        """Return which documents a holder of *labels* may see."""
        if labels not in self._seen:
            held = [n for n, label in enumerate(self.segment.labels) if label in labels]
            visible = np.isin(self.segment.section("documents/label"), held)
            self._seen[labels] = visible & self.alive
        return self._seen[labels]

    def bars(self, step: BarStep) -> Bars:
        """Return under which bar each document counts, reckoned once."""
        if step not in self._bars:
            self._bars[step] = bars_of(self.first, self.last, step)
        return self._bars[step]

    def totals(self, labels: frozenset[Label]) -> "Totals":
        """Return what a holder of *labels* may see, counted once however many commits follow."""
        if labels not in self._totals:
            seen, segment = self.seen_by(labels), self.segment
            spoken = np.unique(segment.section("documents/language")[seen])
            self._totals[labels] = Totals(
                int(seen.sum()),
                frozenset(segment.languages[n] for n in spoken),
                {n: int(f.lengths[seen].sum(dtype=np.int64)) for n, f in segment.fields.items()},
            )
        return self._totals[labels]


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the documents of one segment that one set of labels may see."""

    documents: int
    languages: frozenset[str]
    lengths: dict[str, int]
    """Field → words in it."""


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
        self.expansions: dict[tuple[frozenset[Label], Query, int], Expansion] = {}
        """What wildcards and fuzzy words stand for, for who may see what, up to how many words."""
        self._values = {
            name: sorted({value for part in parts for value in part.segment.facets[name].values})
            for name in FACETS
        }
        self._ordinals = [self._ordinals_of(part) for part in parts]

    def _ordinals_of(self, part: Part) -> dict[FacetName, Array]:
        """Return for each value of a segment's facet its place among those of all segments."""
        return {
            name: np.array([bisect_left(values, one) for one in mine], np.int64)
            for name, values in self._values.items()
            for mine in [part.segment.facets[name].values]
        }

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record."""
        for part in self.parts:
            yield from part.ids[part.alive].tolist()

    def answer(self, question: Question) -> Answer:
        """Evaluate the question."""
        statistics = self.statistics(question.labels)
        evaluation = Evaluation(self, question.labels, statistics)
        found = [
            _Found(part, number, *evaluation.of(question.query, number))
            for number, part in enumerate(self.parts)
        ]
        facets = {name: np.zeros(len(self._values[name]), np.int64) for name in FACETS}
        total = possibly = 0
        candidates: list[tuple[Array, Array, Array]] = []
        bars: Counter[str] = Counter()
        for one in found:
            one.mask &= one.part.seen_by(question.labels)
            narrowed = _Narrowed(one.part, one.mask, question.filters)
            for name in FACETS:
                facets[name][self._ordinals[one.number][name]] += narrowed.counts(name)
            if question.bars:
                bars.update(narrowed.bars(question.bars))
            wanted = narrowed.wanted
            total += len(wanted)
            possibly += narrowed.possibly
            candidates.append(_best(one, wanted, question))
        return Answer(
            total=total,
            hits=_page(candidates, question),
            facets={name: _named(self._values[name], counts) for name, counts in facets.items()},
            possibly=possibly,
            mark=self.mark,
            notices=evaluation.finish(),
            bars=dict(bars),
        )

    def terms_like(
        self, part: Prefix | Wildcard | Fuzzy, labels: frozenset[Label], limit: int
    ) -> tuple[Term, ...]:
        """Return the most held words that match."""
        return terms.like(self.parts, part, labels, limit)

    def holders(self, words: Iterable[str], labels: frozenset[Label]) -> tuple[int, dict[str, int]]:
        """Return how many documents there are, and how many hold each word."""
        counts = {word: terms.count(self.parts, searched(None), word, labels) for word in words}
        held = {word: number for word, number in counts.items() if number}
        return self.statistics(labels).documents, held

    def totals(self, queries: Sequence[Query], labels: frozenset[Label]) -> tuple[int, ...]:
        """Return how many documents that *labels* may see answer each of the queries."""
        counting = Counting(Evaluation(self, labels, self.statistics(labels)))
        return tuple(counting.total(query) for query in queries)

    def statistics(self, labels: frozenset[Label]) -> Statistics:
        """Return the statistics of what *labels* may see, reckoned once a state."""
        if labels not in self._statistics:
            documents, languages = 0, frozenset[str]()
            totals: Counter[str] = Counter()
            for part in self.parts:
                mine = part.totals(labels)
                documents += mine.documents
                languages |= mine.languages
                totals.update(mine.lengths)
            averages = {
                name: total / documents if documents else 0.0 for name, total in totals.items()
            }
            self._statistics[labels] = Statistics(documents, languages, averages)
        return self._statistics[labels]


def _named(values: Sequence[str], counts: Array) -> dict[str, int]:
    return {values[n]: int(counts[n]) for n in np.flatnonzero(counts).tolist()}


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
    places: dict[FacetName | None, Array] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.masks = {
            name: self._bearers(name, values)
            for name, values in self.filters.chosen.items()
            if values
        }
        if (span := self.filters.dates) is not None:
            self.inside, self.overlapping = self._lying_in(span)

    @property
    def wanted(self) -> Array:
        return self._places(None)

    @property
    def possibly(self) -> int:
        if self.inside is None or self.overlapping is None:
            return 0
        passing = reduce(np.logical_and, self.masks.values(), self.found)
        return int((passing & self.overlapping).sum() - (passing & self.inside).sum())

    def counts(self, name: FacetName) -> Array:
        """Return how many documents bear each value, counted without the facet's own choice."""
        facet = self.part.segment.facets[name]
        if not facet.single:
            ordinals = facet.ordinals[self._passing(name)[facet.owners()]]
        elif len(facet.values) == 1:
            return np.array([len(self._places(name))])
        else:
            ordinals = facet.ordinals[self._places(name)]
        return np.bincount(ordinals, minlength=len(facet.values))

    def bars(self, step: BarStep) -> dict[str, int]:
        """Return how many documents lie in each bar, whatever dates and years are chosen."""
        bars = self.part.bars(step)
        counts = bars.counts(self._places("year"))
        return {bars.keys[n]: int(counts[n]) for n in np.flatnonzero(counts).tolist()}

    def _places(self, leaving_out: FacetName | None) -> Array:
        """Return which documents pass; most facets have no choice of their own to leave out."""
        by_dates = leaving_out == "year" and self.inside is not None
        key = leaving_out if leaving_out in self.masks or by_dates else None
        if key not in self.places:
            self.places[key] = np.flatnonzero(self._passing(key))
        return self.places[key]

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
