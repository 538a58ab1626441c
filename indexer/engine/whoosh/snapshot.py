"""One committed state of the index, and the answers it gives."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from archive.access import Label
from indexer import analysis
from indexer.engine import (
    FACETS,
    Answer,
    FacetName,
    Hit,
    Mark,
    Matching,
    Question,
    Sort,
    Term,
    spellings,
)
from indexer.engine.bars import BarStep
from indexer.engine.fields import (
    FIELDS,
    AnyLookup,
    FieldName,
    Forms,
    NumberLookup,
    PrefixLookup,
    lookups,
    searched,
)
from indexer.engine.whoosh import terms
from indexer.engine.whoosh.chosen import Chosen
from indexer.engine.whoosh.counting import Column, Joint, Narrowed, column_of, joints_of
from indexer.engine.whoosh.evaluation import Evaluation
from indexer.engine.whoosh.expanding import Expanded
from indexer.engine.whoosh.histogram import Bars, bars_of
from indexer.engine.whoosh.ordering import greatest_places
from indexer.engine.whoosh.positions import Mask
from indexer.engine.whoosh.segment import UNDATED, Array, Field, Integers, Segment
from indexer.engine.whoosh.written import Written
from indexer.query.ast import Fuzzy, Phrase, Prefix, Query, Wildcard, Word


class Runs(NamedTuple):
    """Where the postings of a term stand in the segments that have it."""

    fields: tuple[tuple[Field, int, int], ...]
    """A field of a segment, and its postings from one number to before another."""
    bases: Integers
    """The number of the first document of each of these segments."""
    counts: Integers
    """How many postings there are in each."""

    @classmethod
    def of(cls, found: Sequence[tuple[Field, int, int, int]]) -> "Runs":
        """Take field, numbers of postings and first document of each."""
        bases = np.array([base for *_, base in found], np.intp)
        counts = np.array([end - begin for _, begin, end, _ in found], np.intp)
        return cls(tuple((field_, begin, end) for field_, begin, end, _ in found), bases, counts)

    def documents(self) -> Integers:
        """Return the documents of all of them: ascending where they are of one term."""
        if not self.fields:
            return _NOWHERE
        # A segment's numbers may be too small for the base.
        found: Integers = np.concatenate(
            [field_.documents[begin:end] for field_, begin, end in self.fields], dtype=np.intp
        )
        found += self.bases.repeat(self.counts)
        return found

    def frequencies(self) -> Array:
        """Return how often each of the documents holds the term."""
        if not self.fields:
            return _NEVER
        return np.concatenate([field_.often(begin, end) for field_, begin, end in self.fields])


_NOWHERE: Integers = np.empty(0, np.intp)
_NEVER = np.empty(0, np.uint8)

_TIED = 1e-8
"""Scores so near to one another may be equal when they are rounded."""


class Part:
    """A segment with the documents of it that are deleted."""

    def __init__(self, segment: Segment, deleted: Sequence[int]) -> None:
        """Take an open segment."""
        self.segment, self.size = segment, segment.size
        self.alive: Mask = np.ones(segment.size, np.bool_)
        self.alive[list(deleted)] = False
        self.ids = segment.section("documents/record_ids")
        self._seen: dict[frozenset[Label], Mask] = {}
        self._totals: dict[frozenset[Label], Totals] = {}
        self.holders_of_terms: dict[tuple[FieldName, frozenset[Label]], Array] = {}
        """Kept by `terms.py`."""

    def seen_by(self, labels: frozenset[Label]) -> Mask:
        """Return which documents a holder of *labels* may see."""
        if labels not in self._seen:
            held = [n for n, label in enumerate(self.segment.labels) if label in labels]
            visible = np.isin(self.segment.section("documents/label"), held)
            self._seen[labels] = visible & self.alive
        return self._seen[labels]

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
    norms: dict[FieldName, Array] = field(default_factory=dict)
    """Field → what the length of each document counts in it."""


class Snapshot:
    """A committed state. It never changes, so threads may share it.

    Documents are numbered over all segments, one after the other: what is reckoned for every
    segment apart costs most of a query's time when there are many.
    """

    def __init__(self, generation: int, parts: Sequence[Part], mark: Mark) -> None:
        """Take the open segments of a generation."""
        self.generation, self.parts, self.mark = generation, parts, mark
        self.bases = [0, *accumulate(part.size for part in parts)]
        self.size = self.bases.pop()
        self.slices = [
            slice(base, base + part.size) for base, part in zip(self.bases, parts, strict=True)
        ]
        self._fields = {
            name: [
                (part.segment.fields[name], base)
                for part, base in zip(parts, self.bases, strict=True)
            ]
            for name in FIELDS
        }
        self._runs_of = lru_cache(maxsize=1 << 14)(self._runs)
        """Where the postings of a term stand in each segment that has it."""
        self._runs_begun = lru_cache(maxsize=1 << 12)(self._runs_of_all)
        """The same of all terms that begin so."""
        self.lookups = lru_cache(maxsize=1 << 12)(self._lookups)
        """Where to look for a word in an archive of these languages: each is worked out once."""
        self.of_stems = lru_cache(maxsize=1 << 12)(self._of_stems)
        self.issuers = lru_cache(maxsize=8)(self._all_issuers)
        """The issuers of what a holder of labels may see, those of most records first."""
        self._variants_of = lru_cache(maxsize=1 << 12)(self._other_spellings)
        self._begun = lru_cache(maxsize=8)(self._beginning)
        self._statistics: dict[frozenset[Label], Statistics] = {}
        self._seen: dict[frozenset[Label], tuple[Mask, bool]] = {}
        self._bars: dict[BarStep, Bars] = {}
        self.expansions: dict[tuple[frozenset[Label], Query, int], Expanded] = {}
        """What wildcards and fuzzy words stand for, for who may see what, up to how many words."""

    @cached_property
    def ids(self) -> Array:
        """The number of each document's record."""
        return _joined([part.ids for part in self.parts], np.int64)

    @cached_property
    def first(self) -> Array:
        """The first day that each document's date may mean."""
        return self._section("documents/first")

    @cached_property
    def last(self) -> Array:
        """The last day that each document's date may mean."""
        return self._section("documents/last")

    def _section(self, name: str) -> Array:
        return _joined([part.segment.section(name) for part in self.parts], np.int32)

    @cached_property
    def alive(self) -> Mask:
        """Which documents are not deleted."""
        return _joined([part.alive for part in self.parts], np.bool_)

    @cached_property
    def facets(self) -> dict[FacetName, Column]:
        """What each document bears."""
        return {
            name: column_of([part.segment.facets[name] for part in self.parts]) for name in FACETS
        }

    @cached_property
    def joints(self) -> list[Joint]:
        """The facets in groups that are counted at once."""
        return joints_of(self.facets)

    def bars(self, step: BarStep) -> Bars:
        """Return under which bar each document counts, reckoned once."""
        if step not in self._bars:
            self._bars[step] = bars_of(self.first, self.last, step)
        return self._bars[step]

    def lengths(self, name: str) -> Array:
        """Return the length of a field in each document."""
        return _joined([part.segment.fields[name].lengths for part in self.parts], np.float64)

    def seen_by(self, labels: frozenset[Label]) -> Mask:
        """Return which documents a holder of *labels* may see."""
        return self._visible(labels)[0]

    def all_are_seen_by(self, labels: frozenset[Label]) -> bool:
        """Whether a holder of *labels* may see every document."""
        return self._visible(labels)[1]

    def _visible(self, labels: frozenset[Label]) -> tuple[Mask, bool]:
        if labels not in self._seen:
            mask = _joined([part.seen_by(labels) for part in self.parts], np.bool_)
            self._seen[labels] = mask, bool(mask.all())
        return self._seen[labels]

    def documents(self, name: FieldName, term: str) -> Integers:
        """Return the documents that hold *term*, deleted ones included, ascending."""
        return self._runs_of(name, term).documents()

    def frequencies(self, name: FieldName, term: str) -> Array:
        """Return how often each of its `documents` holds *term*."""
        return self._runs_of(name, term).frequencies()

    def count(self, name: FieldName, term: str) -> int:
        """Return how many `documents` hold *term*."""
        return int(self._runs_of(name, term).counts.sum())

    def beginning(self, name: FieldName, prefix: str) -> Mask:
        """Return which documents hold a term that begins so, deleted ones included."""
        return _mask_of(self._runs_begun(name, prefix).documents(), self.size)

    def _runs(self, name: FieldName, term: str) -> Runs:
        found = []
        for field_, base in self._fields[name]:
            number = field_.find(term.encode())
            if number is not None:
                begin, end = field_.starts[number : number + 2].tolist()
                found.append((field_, begin, end, base))
        return Runs.of(found)

    def _runs_of_all(self, name: FieldName, prefix: str) -> Runs:
        found = []
        for field_, base in self._fields[name]:
            if numbers := field_.prefixed(prefix.encode()):
                begin, end = int(field_.starts[numbers.start]), int(field_.starts[numbers.stop])
                found.append((field_, begin, end, base))
        return Runs.of(found)

    def _lookups(
        self, part: Word | Phrase | Prefix, languages: frozenset[str]
    ) -> tuple[AnyLookup, ...]:
        """Return those lookups whose terms any segment has: of most forms of a word none has."""
        return tuple(one for one in lookups(part, languages) if self._is_held(one))

    def _is_held(self, lookup: AnyLookup) -> bool:
        if isinstance(lookup, NumberLookup):
            return True
        if isinstance(lookup, PrefixLookup):
            return bool(self._runs_begun(lookup.field, lookup.prefix).fields)
        # Of a phrase one word is enough: how common it is in this field counts in any.
        return any(self._runs_of(lookup.field, term).fields for term in lookup.terms)

    def _of_stems(self, forms: Forms, language: str) -> frozenset[str]:
        """Return the words, whoever holds them, that in *language* have a stem of *forms*."""
        terms = self._begun(forms.heads)
        stems = zip(terms, analysis.stems(terms, language), strict=True)
        return frozenset(term for term, stem in stems if stem in forms.stems)

    def _beginning(self, heads: tuple[str, ...]) -> list[str]:
        """Return the words of every field that begin with one of *heads*."""
        fields = [field_ for name in searched(None) for field_, _ in self._fields[name]]
        found: set[bytes] = set()
        for head in heads:
            for field_ in fields:
                found.update(field_.terms(field_.prefixed(head.encode())))
        return [term.decode() for term in found]

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record."""
        for part in self.parts:
            yield from part.ids[part.alive].tolist()

    def answer(self, question: Question) -> Answer:
        """Evaluate the question."""
        evaluation = self.evaluation(question.labels)
        narrowed = self.narrowed(evaluation, question)
        hits = self.best(evaluation, narrowed, question)
        return Answer(
            total=len(narrowed.wanted),
            hits=hits,
            facets=narrowed.counts(question.facets),
            possibly=narrowed.possibly,
            mark=self.mark,
            notices=evaluation.finish(),
            bars=narrowed.bars(question.bars) if question.bars else {},
        )

    def totals(self, queries: Sequence[Query], labels: frozenset[Label]) -> tuple[int, ...]:
        """Return how many documents answer each query; what queries share is reckoned once."""
        evaluation = self.evaluation(labels)
        seen = self.seen_by(labels)
        return tuple(int(np.count_nonzero(evaluation.which(one) & seen)) for one in queries)

    def matching(self, question: Question) -> Matching:
        """Return the records that answer."""
        narrowed = self.narrowed(self.evaluation(question.labels), question)
        return Matching(tuple(np.sort(self.ids[narrowed.wanted]).tolist()), self.mark)

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

    def variants(
        self, words: Iterable[str], labels: frozenset[Label]
    ) -> dict[str, tuple[str, ...]]:
        """Return the other spellings of those words that are names, found once a state."""
        return {word: other for word in words if (other := self._variants_of(word, labels))}

    def _other_spellings(self, word: str, labels: frozenset[Label]) -> tuple[str, ...]:
        return spellings.variants(word, Written(self.parts, labels))

    def _all_issuers(self, labels: frozenset[Label]) -> tuple[str, ...]:
        """Count the records of each; a segment is counted once, however many commits follow."""
        found: Counter[str] = Counter()
        for part in self.parts:
            field_ = part.segment.fields["issuers"]
            held = terms.visible(part, "issuers", labels)
            for number in np.flatnonzero(held).tolist():
                found[field_[number].decode()] += int(held[number])
        return tuple(sorted(found, key=lambda name: (-found[name], name)))

    def as_written(self, words: Iterable[str], labels: frozenset[Label]) -> dict[str, str]:
        """Return each folded word as most documents write it."""
        source = Written(self.parts, labels)
        return {word: spellings.as_written(word, source) for word in words}

    def evaluation(self, labels: frozenset[Label]) -> Evaluation:
        """Return what evaluates queries for a holder of *labels*."""
        return Evaluation(self, labels, self.statistics(labels))

    def narrowed(self, evaluation: Evaluation, question: Question) -> Narrowed:
        """Return the documents that answer, and what the filters leave of them."""
        found = evaluation.which(question.query)
        if not self.all_are_seen_by(question.labels):
            found = found & self.seen_by(question.labels)
        return Narrowed(self, found, question.filters)

    def best(
        self, evaluation: Evaluation, narrowed: Narrowed, question: Question
    ) -> tuple[Hit, ...]:
        """Return the hits that stand on the page, in the order asked for."""
        enough = question.offset + question.limit
        wanted = narrowed.wanted
        if not question.limit or not len(wanted):
            return ()
        if question.sort == "relevance":
            chosen = Chosen(wanted, narrowed.passing)
            scores = evaluation.scores(question.query, chosen)
            some = greatest_places(scores, enough, slack=_TIED)
            # Two ways to add the same numbers differ in the last digits.
            key = -np.round(scores[some], 9)
            documents, scores = wanted[some], scores[some]
        else:
            key = self._key(question.sort, wanted)
            some = greatest_places(-key, enough)
            key, documents = key[some], wanted[some]
            chosen = Chosen(documents, _mask_of(documents, self.size))
            scores = evaluation.scores(question.query, chosen)
        ids = self.ids[documents]
        order = np.lexsort((ids, key))[question.offset : enough]
        return tuple(map(Hit, ids[order].tolist(), scores[order].tolist()))

    def _key(self, sort: Sort, wanted: Array) -> Array:
        """Return by what the documents are sorted, ascending."""
        match sort:
            case "newest":
                last = self.last[wanted]
                return np.where(last == UNDATED, 1.0, -last.astype(np.float64))
            case "oldest":
                return self.first[wanted].astype(np.float64)
            case _:
                return -self.ids[wanted].astype(np.float64)

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


def _joined(arrays: Sequence[Array], kind: DTypeLike) -> Array:
    return np.concatenate(arrays, dtype=kind) if arrays else np.empty(0, kind)


def _mask_of(documents: Array, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[documents] = True
    return mask
