"""The plain engine: every document held and looked at, no cleverness. The reference.

It shows what is meant; the other engines are compared with it. It ends with the process.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import assert_never

from archive.access import Label
from archive.dates import PartialDate
from archive.errors import IndexUnavailable
from indexer import analysis
from indexer.engine import (
    Answer,
    FacetName,
    Filters,
    Hit,
    IndexDocument,
    Mark,
    Matching,
    Question,
    Term,
    spellings,
)
from indexer.engine.bars import BarStep, bar_of
from indexer.engine.fields import (
    BOOSTS,
    AnyLookup,
    Expansion,
    FieldName,
    Forms,
    Lookup,
    NumberLookup,
    Place,
    PrefixLookup,
    coordinated,
    expansion,
    fact_values,
    idf,
    in_average,
    lookups,
    near_forms,
    no_bearer,
    places,
    saturated,
    searched,
)
from indexer.query import patterns
from indexer.query.ast import (
    And,
    AnyOf,
    AtLeast,
    Dated,
    Everything,
    Fact,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Wildcard,
    Word,
)

Stretch = tuple[int, int]
"""The first and the last place of what was found."""


@dataclass(frozen=True, slots=True)
class _Held:
    document: IndexDocument
    fields: dict[FieldName, list[Place]]


class MemoryEngine:
    """Every document in a dictionary."""

    def __init__(self) -> None:
        """Begin without an index."""
        self._held: dict[int, _Held] = {}
        self._mark: Mark | None = None
        self._turn = threading.Lock()

    def mark(self) -> Mark | None:
        """Return how far the index is."""
        return self._mark

    def commit(self, puts: Iterable[IndexDocument], deletes: Iterable[int], mark: Mark) -> None:
        """Put and delete."""
        held = dict(self._held)
        for record_id in deletes:
            held.pop(record_id, None)
        held.update((document.record_id, _Held(document, places(document))) for document in puts)
        self._held, self._mark = held, mark

    def rebuild(self, documents: Iterable[IndexDocument], mark: Mark) -> None:
        """Hold these and no others."""
        self._held = {d.record_id: _Held(d, places(d)) for d in documents}
        self._mark = mark

    def tidy(self) -> bool:
        """There is nothing to do."""
        return False

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Take the turn in this process."""
        taken = self._turn.acquire(blocking=wait)
        try:
            yield taken
        finally:
            if taken:
                self._turn.release()

    def search(self, question: Question) -> Answer:
        """Look at every document that the asker may see."""
        if self._mark is None:
            raise IndexUnavailable("there is no index in memory yet; commit something first")
        seen = self._seen_by(question.labels)
        evaluation = _Evaluation(seen)
        scores = evaluation.scores(question.query)
        found = [seen[record_id] for record_id in scores]
        inside = [held for held in found if passes(held.document, question.filters)]
        overlapping = [
            held for held in found if passes(held.document, question.filters, possibly=True)
        ]
        wanted = overlapping if question.filters.possibly else inside
        hits = [Hit(h.document.record_id, scores[h.document.record_id]) for h in wanted]
        hits.sort(key=lambda hit: _order(hit, seen[hit.record_id].document, question.sort))
        return Answer(
            total=len(hits),
            hits=tuple(hits[question.offset : question.offset + question.limit]),
            facets={name: _counts(found, question.filters, name) for name in question.facets},
            possibly=len(overlapping) - len(inside),
            mark=self._mark,
            notices=tuple(dict.fromkeys((*evaluation.notices, *evaluation.missing))),
            bars=_bars(found, question.filters, question.bars) if question.bars else {},
        )

    def terms_like(
        self, part: Prefix | Wildcard | Fuzzy, labels: frozenset[Label], limit: int
    ) -> tuple[Term, ...]:
        """Compare every word that *labels* may see."""
        prefix = analysis.fold(part.text) if isinstance(part, Prefix) else None
        found = []
        for text, number in self._all_holders(labels, searched(part.field)).items():
            if isinstance(part, Prefix):
                distance = 0 if text.startswith(str(prefix)) else None
            else:
                distance = patterns.distance(part, text)
            if distance is not None:
                found.append(Term(text, number, distance))
        return tuple(sorted(found, key=lambda term: (-term.holders, term.text))[:limit])

    def holders(self, terms: Iterable[str], labels: frozenset[Label]) -> tuple[int, dict[str, int]]:
        """Count."""
        every = self._all_holders(labels, searched(None))
        seen = sum(1 for held in self._held.values() if held.document.label in labels)
        return seen, {term: every[term] for term in terms if term in every}

    def _all_holders(self, labels: frozenset[Label], fields: tuple[FieldName, ...]) -> Counter[str]:
        if self._mark is None:
            raise IndexUnavailable("there is no index in memory yet; commit something first")
        return Counter(
            term
            for held in self._held.values()
            if held.document.label in labels
            for term in {t for name in fields for place in held.fields[name] for t in place}
        )

    def variants(
        self, words: Iterable[str], labels: frozenset[Label]
    ) -> dict[str, tuple[str, ...]]:
        """Compare every name that *labels* may see."""
        source = self._written(labels)
        found = {word: spellings.variants(word, source) for word in words}
        return {word: other for word, other in found.items() if other}

    def issuers(self, labels: frozenset[Label]) -> tuple[str, ...]:
        """Count."""
        if self._mark is None:
            raise IndexUnavailable("there is no index in memory yet; commit something first")
        seen = self._seen_by(labels).values()
        held = Counter(one for h in seen if (one := h.document.issuer))
        return tuple(sorted(held, key=lambda name: (-held[name], name)))

    def as_written(self, terms: Iterable[str], labels: frozenset[Label]) -> dict[str, str]:
        """Count."""
        source = self._written(labels)
        return {term: spellings.as_written(term, source) for term in terms}

    def _written(self, labels: frozenset[Label]) -> "_Written":
        if self._mark is None:
            raise IndexUnavailable("there is no index in memory yet; commit something first")
        return _Written(self._seen_by(labels))

    def totals(self, queries: Sequence[Query], labels: frozenset[Label]) -> tuple[int, ...]:
        """Answer each query and count."""
        if self._mark is None:
            raise IndexUnavailable("there is no index in memory yet; commit something first")
        seen = self._seen_by(labels)
        return tuple(len(_Evaluation(seen).scores(query)) for query in queries)

    def matching(self, question: Question) -> Matching:
        """Look at every document that the asker may see."""
        everything = replace(question, offset=0, limit=len(self._held), sort="added", bars=None)
        answer = self.search(everything)
        return Matching(tuple(sorted(hit.record_id for hit in answer.hits)), answer.mark)

    def _seen_by(self, labels: frozenset[Label]) -> dict[int, _Held]:
        return {n: held for n, held in self._held.items() if held.document.label in labels}

    def verify(self) -> None:
        """Find nothing wrong: memory has no checksums."""

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every document."""
        yield from self._held

    def close(self) -> None:
        """Nothing is open."""


class _Written:
    """A `spellings.Source`: the words of documents."""

    def __init__(self, seen: dict[int, _Held]) -> None:
        texts = [held.fields for held in seen.values()]
        terms = [{term for place in fields["text"] for term in place} for fields in texts]
        self._terms = Counter(term for some in terms for term in some)
        written = [{entry for [entry] in fields["written"]} for fields in texts]
        self._entries = Counter(entry for some in written for entry in some)

    def holders(self, term: str) -> int:
        """Return how many hold the folded word."""
        return self._terms[term]

    def forms(self, term: str) -> dict[str, int]:
        """Return its forms."""
        beginning = spellings.beginning_of(term)
        every = self._entries.items()
        return {spellings.form_in(one): n for one, n in every if one.startswith(beginning)}

    def keyed(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield what has one of the keys."""
        wanted = {spellings.hash_of(key) for key in keys}
        for entry in self._entries:
            if not wanted.isdisjoint(spellings.hashes_of(spellings.form_in(entry))):
                yield entry


def passes(
    document: IndexDocument,
    filters: Filters,
    *,
    leaving_out: FacetName | None = None,
    possibly: bool = False,
) -> bool:
    """Whether *document* is let through by every filter but that of the facet left out."""
    for name, values in filters.chosen.items():
        if values and name != leaving_out and not values & document.values(name):
            return False
    for name, values in filters.excluded.items():
        if name != leaving_out and values & document.values(name):
            return False
    if filters.dates is None or leaving_out == "year":
        return True
    return lies_in(document.date, filters.dates, possibly=possibly)


def lies_in(date: PartialDate | None, span: PartialDate, *, possibly: bool) -> bool:
    """Whether a date lies wholly inside *span*, or possibly: whether it may."""
    if date is None:
        return False
    if possibly:
        return date.first <= span.last and date.last >= span.first
    return date.first >= span.first and date.last <= span.last


def _counts(found: Iterable[_Held], filters: Filters, name: FacetName) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for held in found:
        if passes(held.document, filters, leaving_out=name, possibly=filters.possibly):
            counts.update(held.document.values(name))
    return dict(counts)


def _bars(found: Iterable[_Held], filters: Filters, step: BarStep) -> dict[str, int]:
    passing = (h.document for h in found if passes(h.document, filters, leaving_out="year"))
    return dict(Counter(bar_of(document.date, step) for document in passing))


def _order(hit: Hit, document: IndexDocument, sort: str) -> tuple[float, int]:
    match sort:
        case "newest":
            key = -document.date.last.toordinal() if document.date else 0.5
        case "oldest":
            key = document.date.first.toordinal() if document.date else float("inf")
        case "added":
            key = -hit.record_id
        case _:
            # Two ways to add the same numbers differ in the last digits.
            key = -round(hit.score, 9)
    return (key, hit.record_id)


def lies_within(date: PartialDate | None, dated: Dated) -> bool:
    """Whether a date is known and lies wholly in the days of a query."""
    return (
        date is not None
        and (dated.first is None or date.first >= dated.first)
        and (dated.last is None or date.last <= dated.last)
    )


class _Evaluation:
    """One question over the documents that its asker may see."""

    def __init__(self, seen: dict[int, _Held]) -> None:
        self.seen = seen
        self.languages = frozenset(h.document.language or "" for h in seen.values())
        self.notices: list[str] = []
        self.missing: list[str] = []
        self.expansions: dict[Wildcard | Fuzzy, Expansion] = {}

    def scores(self, query: Query) -> dict[int, float]:
        """Return the score of every record that answers *query*."""
        match query:
            case Everything():
                return dict.fromkeys(self.seen, 0.0)
            case Word() | Phrase() | Prefix():
                return self._looked_up(lookups(query, self.languages))
            case Wildcard() | Fuzzy():
                return self._expanded(query)
            case AnyOf(parts=parts):
                best: dict[int, float] = {}
                for name in parts:
                    for n, score in self.scores(name).items():
                        best[n] = max(score, best.get(n, 0.0))
                return best
            case Near():
                return self._near(query)
            case Fact():
                return self._bearing(query)
            case Dated():
                dated = (n for n, h in self.seen.items() if lies_within(h.document.date, query))
                return dict.fromkeys(dated, 0.0)
            case Not(part=inner):
                left_out = self.scores(inner)
                return {n: 0.0 for n in self.seen if n not in left_out}
            case AtLeast(least=least, parts=parts):
                every = [self.scores(part) for part in parts]
                held = Counter(n for scores in every for n in scores)
                return {
                    n: sum(scores.get(n, 0.0) for scores in every) * coordinated(number, len(parts))
                    for n, number in held.items()
                    if number >= least
                }
            case And(parts=parts):
                all_scores = [self.scores(part) for part in parts]
                common = set.intersection(*(set(scores) for scores in all_scores))
                return {n: sum(scores[n] for scores in all_scores) for n in common}
            case Or(parts=parts):
                sums: dict[int, float] = {}
                for part in parts:
                    _add(sums, self.scores(part))
                return sums
            case _:
                assert_never(query)

    def _bearing(self, fact: Fact) -> dict[int, float]:
        values = fact_values(fact.field, fact.value)
        bearers = [n for n, h in self.seen.items() if values & h.document.values(fact.field)]
        if self.seen and not bearers:
            self.missing.append(no_bearer(fact))
        return dict.fromkeys(bearers, 0.0)

    def _expanded(self, part: Wildcard | Fuzzy) -> dict[int, float]:
        weights = self._expansion(part).weights
        sums: dict[int, float] = {}
        for field in searched(part.field):
            best: dict[int, float] = {}
            for n in self.seen:
                found = [weights[term] for term in self._terms(n, field) if term in weights]
                if found:
                    best[n] = BOOSTS[field] * max(found)
            _add(sums, best)
        return {n: saturated(nearest) for n, nearest in sums.items()}

    def _expansion(self, part: Wildcard | Fuzzy) -> Expansion:
        if part not in self.expansions:
            holders = Counter[str]()
            for field in searched(part.field):
                for n in self.seen:
                    holders.update(self._terms(n, field))
            distances = {term: patterns.distance(part, term) for term in holders}
            weights = {t: patterns.closeness(d) for t, d in distances.items() if d is not None}
            matching = {term: count for term, count in holders.items() if term in weights}
            self.expansions[part] = expansion(part, matching, weights)
            if notice := self.expansions[part].notice:
                self.notices.append(notice)
        return self.expansions[part]

    def _near(self, near: Near) -> dict[int, float]:
        """Return the sum of the scores of the parts, where they stand near one another."""
        scores = [self.scores(part) for part in near.parts]
        common = set.intersection(*(set(found) for found in scores))
        return {
            n: sum(found[n] for found in scores)
            for n in common
            if any(self._stands_near(near, n, field) for field in searched(None))
        }

    def _stands_near(self, near: Near, record_id: int, field: FieldName) -> bool:
        found = self._stretches(near.parts[0], record_id, field)
        for gap, part in zip(near.gaps, near.parts[1:], strict=True):
            found = {
                here
                for here in self._stretches(part, record_id, field)
                if any(_apart(here, there, gap) for there in found)
            }
        return bool(found)

    def _stretches(self, part: Leaf | AnyOf, record_id: int, field: FieldName) -> set[Stretch]:
        """Return where in a field of a document *part* stands."""
        if isinstance(part, AnyOf):
            return {s for one in part.parts for s in self._stretches(one, record_id, field)}
        if field not in searched(part.field):
            return set()
        text = self._field(record_id, field)
        match part:
            case Word() | Phrase():
                language = self.seen[record_id].document.language
                forms = near_forms(part, self.languages)
                starts = range(len(text) - len(forms) + 1)
                return {
                    (at, at + len(forms) - 1)
                    for at in starts
                    if all(_fits(text[at + n], one, language) for n, one in enumerate(forms))
                }
            case Prefix():
                prefix = analysis.fold(part.text)
                places = enumerate(text)
                return {(n, n) for n, place in places if any(t.startswith(prefix) for t in place)}
            case Wildcard() | Fuzzy():
                weights = self._expansion(part).weights
                return {(n, n) for n, place in enumerate(text) if any(t in weights for t in place)}
            case _:
                assert_never(part)

    def _terms(self, record_id: int, field: FieldName) -> set[str]:
        return {term for place in self._field(record_id, field) for term in place}

    def _looked_up(self, where: tuple[AnyLookup, ...]) -> dict[int, float]:
        sums: dict[int, float] = {}
        begun: dict[int, float] = {}
        words = [lookup for lookup in where if isinstance(lookup, Lookup)]
        if words:
            _add(sums, self._words(words))
        for lookup in where:
            if isinstance(lookup, PrefixLookup):
                # Each of the words would tell something else; that they begin alike tells one.
                _add(
                    begun, dict.fromkeys(self._beginning(lookup.field, lookup.prefix), lookup.boost)
                )
            elif isinstance(lookup, NumberLookup):
                bearers = self._bearers(lookup)
                _add(sums, dict.fromkeys(bearers, lookup.score))
        _add(sums, {n: saturated(fields) for n, fields in begun.items()})
        return sums

    def _words(self, words: list[Lookup]) -> dict[int, float]:
        """Return what the lookups of a word, or of words that follow one another, tell together."""
        averages = {
            name: sum(self._length(n, name) for n in self.seen) / (len(self.seen) or 1)
            for name in {lookup.field for lookup in words}
        }
        scores: dict[int, float] = {}
        for at in range(len(words[0].terms)):
            occurrences: dict[int, float] = {}
            for lookup in words:
                for n in self.seen:
                    text = self._field(n, lookup.field)
                    if _follows(text, lookup.terms):
                        length = float(self._length(n, lookup.field))
                        counted = lookup.boost * in_average(length, averages[lookup.field])
                        _add(occurrences, {n: counted * _frequency(text, lookup.terms[at])})
            weight = min(self._idf(lookup.field, lookup.terms[at]) for lookup in words)
            _add(scores, {n: weight * saturated(often) for n, often in occurrences.items()})
        return scores

    def _idf(self, field: FieldName, term: str) -> float:
        holders = sum(1 for n in self.seen if _frequency(self._field(n, field), term))
        return idf(holders, len(self.seen))

    def _bearers(self, lookup: NumberLookup) -> Iterator[int]:
        if lookup.prefix:
            yield from self._beginning("numbers", lookup.number)
        else:
            yield from (n for n in self.seen if lookup.number in self._terms(n, "numbers"))

    def _beginning(self, field: FieldName, prefix: str) -> Iterator[int]:
        for n in self.seen:
            if any(term.startswith(prefix) for term in self._terms(n, field)):
                yield n

    def _field(self, record_id: int, field: FieldName) -> list[Place]:
        return self.seen[record_id].fields[field]

    def _length(self, record_id: int, field: FieldName) -> int:
        return sum(len(place) for place in self._field(record_id, field))


def _follows(text: list[Place], terms: tuple[str, ...]) -> bool:
    starts = range(len(text) - len(terms) + 1)
    return any(all(term in text[at + n] for n, term in enumerate(terms)) for at in starts)


def _fits(place: Place, forms: Forms, language: str | None) -> bool:
    return any(
        term in forms.terms
        or (term.startswith(forms.heads) and analysis.stem(term, language) in forms.stems)
        for term in place
    )


def _apart(one: Stretch, other: Stretch, gap: int) -> bool:
    """Whether two stretches do not overlap and at most *gap* words stand between them."""
    first, second = sorted((one, other))
    return 0 <= second[0] - first[1] - 1 <= gap


def _frequency(text: list[Place], term: str) -> int:
    return sum(place.count(term) for place in text)


def _add(sums: dict[int, float], more: dict[int, float]) -> None:
    for record_id, score in more.items():
        sums[record_id] = sums.get(record_id, 0.0) + score
