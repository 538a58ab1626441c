"""One committed state of the index: what every record bears as arrays, and its evaluation."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh_query
from whoosh.index import FileIndex

from archive.dates import PartialDate
from archive.errors import IndexUnavailable
from indexer.engine import FACETS, Answer, FacetName, Filters, Hit, Mark, Question
from indexer.engine.fields import K1, B, FieldName, Lookup, PrefixLookup, fact_values, idf, lookups
from indexer.query.ast import And, Everything, Fact, Not, Or, Phrase, Prefix, Query, Word

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Documents = NDArray[np.int64]

_UNDATED = np.iinfo(np.int64).max
FIELD_NAMES: tuple[FieldName, ...] = (
    "title",
    "title_stem",
    "text",
    "text_stem",
    "aside",
    "numbers",
)


@dataclass(frozen=True, slots=True)
class Facet:
    """Which documents bear which values: pairs, so that a document may bear several."""

    values: list[str]
    documents: Documents
    ordinals: Documents

    def bearers(self, wanted: frozenset[str], size: int) -> Mask:
        """Return which documents bear any of the values *wanted*."""
        chosen = [n for n, value in enumerate(self.values) if value in wanted]
        mask = np.zeros(size, np.bool_)
        mask[self.documents[np.isin(self.ordinals, chosen)]] = True
        return mask

    def counts(self, among: Mask) -> dict[str, int]:
        """Return how many documents of *among* bear each value."""
        numbers = np.bincount(self.ordinals[among[self.documents]], minlength=len(self.values))
        return {value: int(n) for value, n in zip(self.values, numbers, strict=True) if n}


class Snapshot:
    """An open searcher and the facts of every document, in arrays by document number."""

    def __init__(
        self, index: FileIndex, folder: Path, rows: dict[str, list[dict[str, Any]]]
    ) -> None:
        """Take *rows*: the facts of each segment's documents, by segment id."""
        self.folder, self.lock = folder, threading.Lock()
        self._index, self._searcher, self.rows = index, index.searcher(), rows
        facts = [row for leaf in self._leaves() for row in rows[leaf[2]]]
        reader = self._searcher.reader()
        alive = np.array([not reader.is_deleted(n) for n in range(len(facts))], np.bool_)
        marks = [
            row["mark"] for row, lives in zip(facts, alive, strict=True) if lives and "mark" in row
        ]
        if len(marks) != 1:
            raise IndexUnavailable(f"the index in {folder} does not say how far it is")
        self.noted: dict[str, Any] = marks[0]
        self.size = len(facts)
        self.ids = np.array([row.get("record_id", -1) for row in facts], np.int64)
        self._labels = np.array([row.get("label", "") for row in facts])
        self._languages = np.array([row.get("language", "") for row in facts])
        self._first = np.array([_or_undated(row.get("first")) for row in facts], np.int64)
        self._last = np.array([_or_undated(row.get("last")) for row in facts], np.int64)
        self._alive = alive & (self.ids >= 0)
        self._lengths = {
            name: np.array([row.get("lengths", {}).get(name, 0) for row in facts], np.float64)
            for name in FIELD_NAMES
        }
        self.facets = {
            name: _facet([row.get("facets", {}).get(name, ()) for row in facts]) for name in FACETS
        }
        self.postings = lru_cache(maxsize=4096)(self._postings)

    @classmethod
    def of(cls, index: FileIndex, folder: Path, before: "Snapshot | None") -> "Snapshot":
        """Open the state that *index* is in; what *before* read of a segment is not read again."""
        try:
            searcher = index.searcher()
            known = before.rows if before is not None else {}
            rows = {}
            for reader, _offset in searcher.reader().leaf_readers():
                segment = str(reader.segment().segment_id())
                rows[segment] = known.get(segment) or _facts_of(reader)
            searcher.close()
            return cls(index, folder, rows)
        except IndexUnavailable:
            raise
        except Exception as error:  # Whoosh raises whatever a damaged or vanished file leads to
            raise IndexUnavailable(f"the index in {folder} cannot be read ({error})") from error

    def is_current(self) -> bool:
        """Whether nothing was committed since."""
        return bool(self._index.latest_generation() == self._searcher.reader().generation())

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record."""
        yield from self.ids[self._alive].tolist()

    def close(self) -> None:
        """Close the searcher."""
        self._searcher.close()
        self._index.close()

    def answer(self, question: Question, mark: Mark) -> Answer:
        """Evaluate the question. One thread at a time: the searcher is not safe to share."""
        seen = self._alive & np.isin(self._labels, sorted(question.labels))
        found, scores = _Evaluation(self, seen).evaluate(question.query)
        found = found & seen
        filters = question.filters
        inside = found & self._passing(filters, possibly=False)
        overlapping = found & self._passing(filters, possibly=True)
        wanted = np.flatnonzero(overlapping if filters.possibly else inside)
        ordered = wanted[self._order(wanted, scores, question.sort)]
        page = ordered[question.offset : question.offset + question.limit]
        return Answer(
            total=len(wanted),
            hits=tuple(Hit(int(self.ids[n]), float(scores[n])) for n in page),
            facets={name: self._counts(found, filters, name) for name in FACETS},
            possibly=int(overlapping.sum() - inside.sum()),
            mark=mark,
        )

    def languages(self, seen: Mask) -> frozenset[str]:
        """Return the languages of the documents of *seen*."""
        return frozenset(np.unique(self._languages[seen]).tolist())

    def lengths(self, field: FieldName) -> Numbers:
        """Return how many terms each document has in *field*."""
        return self._lengths[field]

    def _passing(
        self, filters: Filters, *, possibly: bool, leaving_out: FacetName | None = None
    ) -> Mask:
        mask = np.ones(self.size, np.bool_)
        for name, values in filters.chosen.items():
            if values and name != leaving_out:
                mask &= self.facets[name].bearers(values, self.size)
        if filters.dates is not None and leaving_out != "year":
            mask &= self._lying_in(filters.dates, possibly=possibly)
        return mask

    def _lying_in(self, span: PartialDate, *, possibly: bool) -> Mask:
        first, last = span.first.toordinal(), span.last.toordinal()
        dated = self._first != _UNDATED
        if possibly:
            lying: Mask = dated & (self._first <= last) & (self._last >= first)
        else:
            lying = dated & (self._first >= first) & (self._last <= last)
        return lying

    def _counts(self, found: Mask, filters: Filters, name: FacetName) -> dict[str, int]:
        passing = self._passing(filters, possibly=filters.possibly, leaving_out=name)
        return self.facets[name].counts(found & passing)

    def _order(self, documents: Documents, scores: Numbers, sort: str) -> Documents:
        ids = self.ids[documents]
        match sort:
            case "newest":
                last = self._last[documents]
                key = np.where(last == _UNDATED, 1, -last)
            case "oldest":
                key = self._first[documents]
            case "added":
                key = -ids
            case _:
                # Two ways to add the same numbers differ in the last digits.
                key = -np.round(scores[documents], 9)
        return np.lexsort((ids, key))

    def _postings(self, field: FieldName, term: str) -> tuple[Documents, Numbers]:
        """Return the documents that hold *term* in *field*, ascending, and how often each does."""
        documents: list[int] = []
        frequencies: list[float] = []
        for reader, offset, _segment in self._leaves():
            if (field, term) in reader:
                matcher = reader.postings(field, term)
                while matcher.is_active():
                    documents.append(offset + matcher.id())
                    frequencies.append(matcher.weight())
                    matcher.next()
        return np.array(documents, np.int64), np.array(frequencies, np.float64)

    def holding_phrase(self, field: FieldName, terms: Sequence[str]) -> Documents:
        """Return the documents in whose *field* the terms follow one another."""
        phrase = whoosh_query.Phrase(field, list(terms))
        documents: list[int] = []
        for searcher, offset in self._searcher.leaf_searchers():
            documents += (offset + n for n in phrase.matcher(searcher).all_ids())
        return np.array(documents, np.int64)

    def holding_prefix(self, field: FieldName, prefix: str) -> Mask:
        """Return which documents hold a term of *field* that begins so."""
        mask = np.zeros(self.size, np.bool_)
        for term in self._searcher.reader().expand_prefix(field, prefix):
            mask[self.postings(field, term.decode("utf-8"))[0]] = True
        return mask

    def _leaves(self) -> Iterator[tuple[Any, int, str]]:
        for reader, offset in self._searcher.reader().leaf_readers():
            yield reader, offset, str(reader.segment().segment_id())


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One query over the documents that its asker may see."""

    snapshot: Snapshot
    seen: Mask

    def evaluate(self, query: Query) -> tuple[Mask, Numbers]:
        """Return which documents answer *query*, and every document's score.

        Documents outside `seen` may be marked; their scores mean nothing.
        """
        nothing = np.zeros(self.snapshot.size)
        match query:
            case Everything():
                return self.seen, nothing
            case Word() | Phrase() | Prefix():
                return self._looked_up(lookups(query, self.snapshot.languages(self.seen)))
            case Fact(field=field, value=value):
                facet = self.snapshot.facets[field]
                return facet.bearers(fact_values(field, value), self.snapshot.size), nothing
            case Not(part=part):
                return ~self.evaluate(part)[0], nothing
            case And(parts=parts):
                found, scores = zip(*map(self.evaluate, parts), strict=True)
                return np.logical_and.reduce(found), np.add.reduce(scores)
            case Or(parts=parts):
                found, scores = zip(*map(self.evaluate, parts), strict=True)
                return np.logical_or.reduce(found), np.add.reduce(scores)
            case _:
                assert_never(query)

    def _looked_up(self, where: Iterable[Lookup | PrefixLookup]) -> tuple[Mask, Numbers]:
        found = np.zeros(self.snapshot.size, np.bool_)
        scores = np.zeros(self.snapshot.size)
        for lookup in where:
            if isinstance(lookup, PrefixLookup):
                bearing = self.snapshot.holding_prefix(lookup.field, lookup.prefix)
                found |= bearing
                scores += lookup.boost * bearing
            else:
                documents = self._holding(lookup)
                found[documents] = True
                self._score(lookup, documents, scores)
        return found, scores

    def _holding(self, lookup: Lookup) -> Documents:
        if len(lookup.terms) == 1:
            return self.snapshot.postings(lookup.field, lookup.terms[0])[0]
        if any(not len(self.snapshot.postings(lookup.field, t)[0]) for t in lookup.terms):
            return np.array([], np.int64)
        return self.snapshot.holding_phrase(lookup.field, lookup.terms)

    def _score(self, lookup: Lookup, documents: Documents, scores: Numbers) -> None:
        """Add what *lookup* tells of *documents*, by statistics of what is seen alone."""
        documents = documents[self.seen[documents]]
        if not len(documents):
            return
        lengths, size = self.snapshot.lengths(lookup.field), int(self.seen.sum())
        average = lengths[self.seen].sum() / size
        norm = K1 * (1 - B + B * (lengths[documents] / average if average else 1.0))
        for term in lookup.terms:
            holders, frequencies = self.snapshot.postings(lookup.field, term)
            weight = idf(int(self.seen[holders].sum()), size) * lookup.boost
            frequency = frequencies[np.searchsorted(holders, documents)]
            scores[documents] += weight * frequency * (K1 + 1) / (frequency + norm)


def _facts_of(reader: Any) -> list[dict[str, Any]]:
    return [json.loads(reader.stored_fields(n)["facts"]) for n in range(reader.doc_count_all())]


def _facet(values_of: Sequence[Iterable[str]]) -> Facet:
    pairs = [(n, value) for n, values in enumerate(values_of) for value in values]
    names = sorted({value for _n, value in pairs})
    place = {name: n for n, name in enumerate(names)}
    return Facet(
        names,
        np.array([n for n, _value in pairs], np.int64),
        np.array([place[value] for _n, value in pairs], np.int64),
    )


def _or_undated(ordinal: int | None) -> int:
    return _UNDATED if ordinal is None else ordinal
