"""One query on the arrays of a snapshot: which documents answer, and how well."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, assert_never

import numpy as np
from numpy.typing import NDArray

from archive.access import Label
from indexer import analysis
from indexer.engine.fields import (
    BOOSTS,
    AnyLookup,
    Expansion,
    FieldName,
    Forms,
    Lookup,
    NumberLookup,
    PrefixLookup,
    coordinated,
    expansion,
    fact_values,
    idf,
    in_average,
    lookups,
    near_forms,
    no_bearer,
    saturated,
    searched,
)
from indexer.engine.whoosh import vocabulary
from indexer.engine.whoosh.segment import UNDATED, Array, Field, Integers, Postings
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

if TYPE_CHECKING:
    from indexer.engine.whoosh.snapshot import Snapshot, Statistics

EXPANSIONS_KEPT = 256
SPARSE = 16
"""Where a word stands in fewer than one of so many documents, only these are reckoned with."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where something stands in a field: document and place as one number, `document << 32 | place`.

    Ascending by the first place; two arrays of one length.
    """

    first: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    last: Integers = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def joined(cls, several: Sequence["Stretches"]) -> "Stretches":
        """Return all of them."""
        first = np.concatenate([one.first for one in several])
        order = np.argsort(first, kind="stable")
        return cls(first[order], np.concatenate([one.last for one in several])[order])

    def near(self, others: "Stretches", gap: int) -> "Stretches":
        """Return those that have one of *others* beside them, at most *gap* words between."""
        kept = _some_within(np.sort(others.last), self.first - 1 - gap, self.first - 1)
        kept |= _some_within(others.first, self.last + 1, self.last + 1 + gap)
        return Stretches(self.first[kept], self.last[kept])


@dataclass(slots=True)
class Evaluation:
    """One query over the documents that its asker may see, segment by segment."""

    snapshot: "Snapshot"
    labels: frozenset[Label]
    statistics: "Statistics"
    looked_up: dict[Query, tuple[AnyLookup, ...]] = field(default_factory=dict)
    weights: dict[tuple[FieldName, str], float] = field(default_factory=dict)
    forms: dict[tuple[Forms, FieldName, int], tuple[list[int], dict[int, list[int]]]] = field(
        default_factory=dict
    )
    borne: dict[Fact, bool] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def of(self, query: Query, number: int) -> tuple[Mask, Array]:
        """Return which documents of a segment answer *query*, and every document's score.

        Documents that the asker may not see may be marked; their scores mean nothing.
        """
        part = self.snapshot.parts[number]
        match query:
            case Everything():
                return part.alive.copy(), np.zeros(part.size)
            case Word() | Phrase() | Prefix():
                return self._looked_up(self.lookups_of(query), number)
            case Wildcard() | Fuzzy():
                return self._expanded(query, number)
            case AnyOf(parts=parts):
                return self._best_of(parts, number)
            case Near():
                return self._near(query, number)
            case Fact():
                return self._bearing(query, number), np.zeros(part.size)
            case Dated():
                return _within(query, part.first, part.last), np.zeros(part.size)
            case Not(part=inner):
                return ~self.of(inner, number)[0], np.zeros(part.size)
            case AtLeast(least=least, parts=parts):
                return self._at_least(least, parts, number)
            case And(parts=parts):
                return self._joined(parts, number, np.logical_and)
            case Or(parts=parts):
                return self._joined(parts, number, np.logical_or)
            case _:
                assert_never(query)

    def _bearing(self, fact: Fact, number: int) -> Mask:
        part = self.snapshot.parts[number]
        facet = part.segment.facets[fact.field]
        values = fact_values(fact.field, fact.value)
        chosen = np.array([one in values for one in facet.values], np.bool_)
        mask = np.zeros(part.size, np.bool_)
        mask[facet.owners()[chosen[facet.ordinals]]] = True
        self.borne[fact] = self.borne.get(fact, False) or bool(
            (mask & part.seen_by(self.labels)).any()
        )
        return mask

    def finish(self) -> tuple[str, ...]:
        """Return what is to be told of the query, when it has been asked of every segment."""
        facts = self.borne.items() if self.statistics.documents else ()
        missing = [no_bearer(fact) for fact, borne in facts if not borne]
        return tuple(dict.fromkeys((*self.notices, *missing)))

    def _best_of(self, parts: Iterable[Leaf], number: int) -> tuple[Mask, Array]:
        found, scores = zip(*(self.of(part, number) for part in parts), strict=True)
        return reduce(np.logical_or, found), reduce(np.maximum, scores)

    def _expanded(self, part: Wildcard | Fuzzy, number: int) -> tuple[Mask, Array]:
        size = self.snapshot.parts[number].size
        found, scores = np.zeros(size, np.bool_), np.zeros(size)
        weights = self.expansion(part).weights
        for name in searched(part.field):
            field_ = self.snapshot.parts[number].segment.fields[name]
            best = np.zeros(size)
            # The nearest terms last: what counts most stays.
            for term in sorted(weights, key=lambda term: weights[term]):
                best[field_.postings(term.encode()).documents] = BOOSTS[name] * weights[term]
            found |= best > 0
            scores += best
        return found, saturated(scores)

    def expansion(self, part: Wildcard | Fuzzy) -> Expansion:
        """Return the words that *part* stands for, reckoned once a state."""
        known = self.snapshot.expansions
        key = (self.labels, part, part.most)
        found = known.get(key)
        if found is None:
            holders = Counter[str]()
            weights: dict[str, float] = {}
            for one in self.snapshot.parts:
                seen = one.seen_by(self.labels)
                for name in searched(part.field):
                    field_ = one.segment.fields[name]
                    for number, distance in vocabulary.matching(one.segment, name, part):
                        held = int(seen[field_.postings_of(number).documents].sum())
                        if held:
                            term = field_[number].decode()
                            holders[term] += held
                            weights[term] = patterns.closeness(distance)
            found = expansion(part, holders, weights)
            if len(known) >= EXPANSIONS_KEPT:
                known.clear()
            known[key] = found
        if found.notice and found.notice not in self.notices:
            self.notices.append(found.notice)
        return found

    def _near(self, near: Near, number: int) -> tuple[Mask, Array]:
        part = self.snapshot.parts[number]
        found = np.zeros(part.size, np.bool_)
        masks, scores = zip(*(self.of(one, number) for one in near.parts), strict=True)
        common = reduce(np.logical_and, masks)
        if common.any():
            for name in searched(None):
                found |= self._standing_near(near, name, number, common)
        return found, sum(scores) * found

    def _standing_near(self, near: Near, name: FieldName, number: int, common: Mask) -> Mask:
        mask = np.zeros(len(common), np.bool_)
        here = self._stretches(near.parts[0], name, number, common)
        for gap, one in zip(near.gaps, near.parts[1:], strict=True):
            if not len(here.first):
                return mask
            here = self._stretches(one, name, number, common).near(here, gap)
        mask[here.first >> 32] = True
        return mask

    def _stretches(
        self, part: Leaf | AnyOf, name: FieldName, number: int, chosen: Mask
    ) -> "Stretches":
        """Return where *part* stands in a field of the *chosen* documents of a segment."""
        if isinstance(part, AnyOf):
            several = [self._stretches(one, name, number, chosen) for one in part.parts]
            return Stretches.joined(several)
        if name not in searched(part.field):
            return Stretches()
        field_ = self.snapshot.parts[number].segment.fields[name]
        match part:
            case Word() | Phrase():
                forms = near_forms(part, self.statistics.languages)
                places = [self._places(one, name, number, chosen) for one in forms]
                lined_up = [found - offset for offset, found in enumerate(places)]
                starts: Integers = reduce(np.intersect1d, lined_up)
                return Stretches(starts, starts + len(forms) - 1)
            case Prefix():
                numbers: Iterable[int] = field_.prefixed(analysis.fold(part.text).encode())
            case Wildcard() | Fuzzy():
                terms = (field_.find(term.encode()) for term in self.expansion(part).weights)
                numbers = [term for term in terms if term is not None]
            case _:
                assert_never(part)
        standing = _places_of(field_, numbers, chosen)
        return Stretches(standing, standing)

    def _places(self, forms: Forms, name: FieldName, number: int, chosen: Mask) -> Integers:
        """Return where any of *forms* stands in the *chosen* documents, ascending."""
        part = self.snapshot.parts[number]
        field_ = part.segment.fields[name]
        spoken = part.segment.section("documents/language")
        exact, by_language = self._numbers(forms, name, number)
        found = [_places_of(field_, exact, chosen)]
        for ordinal, numbers in by_language.items():
            found.append(_places_of(field_, numbers, chosen & (spoken == ordinal)))
        return _ascending(found)

    def _numbers(
        self, forms: Forms, name: FieldName, number: int
    ) -> tuple[list[int], dict[int, list[int]]]:
        """Return the numbers of the terms of *forms*, and of those of their stems by language."""
        key = (forms, name, number)
        if key not in self.forms:
            segment = self.snapshot.parts[number].segment
            field_ = segment.fields[name]
            found = (field_.find(term.encode()) for term in forms.terms)
            exact = [term for term in found if term is not None]
            heads = {n for head in forms.heads for n in field_.prefixed(head.encode())}
            terms = {n: field_[n].decode() for n in sorted(heads.difference(exact))}
            by_language: dict[int, list[int]] = {}
            for ordinal, language in enumerate(segment.languages):
                stems = analysis.stems(list(terms.values()), language)
                same = [n for n, stem in zip(terms, stems, strict=True) if stem in forms.stems]
                if same:
                    by_language[ordinal] = same
            self.forms[key] = exact, by_language
        return self.forms[key]

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

    def _at_least(self, least: int, parts: Sequence[Query], number: int) -> tuple[Mask, Array]:
        size = self.snapshot.parts[number].size
        held, scores = np.zeros(size, np.uint8), np.zeros(size)
        for query in parts:
            more, higher = self.of(query, number)
            held += more
            scores += higher
        found: Mask = held >= least
        shares = np.array([coordinated(n, len(parts)) for n in range(len(parts) + 1)])
        scores *= shares[held]
        scores *= found
        return found, scores

    def lookups_of(self, part: Word | Phrase | Prefix) -> tuple[AnyLookup, ...]:
        """Return where to look for *part*, without the forms that no segment has."""
        if part not in self.looked_up:
            self.looked_up[part] = tuple(
                one for one in lookups(part, self.statistics.languages) if self._is_held(one)
            )
        return self.looked_up[part]

    def _is_held(self, lookup: AnyLookup) -> bool:
        """Whether any segment has the terms at all: of most forms of a word none has."""
        if not isinstance(lookup, Lookup):
            return True
        terms = [term.encode() for term in lookup.terms]
        return any(
            all(part.segment.fields[lookup.field].find(term) is not None for term in terms)
            for part in self.snapshot.parts
        )

    def _looked_up(self, where: Iterable[AnyLookup], number: int) -> tuple[Mask, Array]:
        size = self.snapshot.parts[number].size
        found, scores = np.zeros(size, np.bool_), np.zeros(size)
        words: list[Lookup] = []
        begun: Array | None = None
        for lookup in where:
            match lookup:
                case Lookup():
                    words.append(lookup)
                case PrefixLookup(field=name, prefix=prefix, boost=boost):
                    bearing = self.beginning(name, prefix, number)
                    begun = boost * bearing if begun is None else begun + boost * bearing
                    found |= bearing
                case NumberLookup(number=borne, score=score):
                    bearing = self.beginning("numbers", borne, number, whole=not lookup.prefix)
                    found |= bearing
                    scores += score * bearing
                case _:
                    assert_never(lookup)
        if words:
            self._words(words, number, found, scores)
        if begun is not None:
            scores += saturated(begun)
        return found, scores

    def beginning(self, name: FieldName, begin: str, number: int, *, whole: bool = False) -> Mask:
        """Return which documents have a term that begins so, or with *whole*: this term."""
        part = self.snapshot.parts[number]
        field_ = part.segment.fields[name]
        bearing = np.zeros(part.size, np.bool_)
        if whole:
            bearing[field_.postings(begin.encode()).documents] = True
        else:
            terms = field_.prefixed(begin.encode())
            first, last = int(field_.starts[terms.start]), int(field_.starts[terms.stop])
            bearing[field_.documents[first:last]] = True
        return bearing

    def _words(self, words: Sequence[Lookup], number: int, found: Mask, scores: Array) -> None:
        """Add what the lookups of a word, or of words that follow one another, tell together."""
        segment = self.snapshot.parts[number].segment
        every: list[Array] = []
        counts: list[list[Array]] = [[] for _ in words[0].terms]
        for lookup in words:
            field_ = segment.fields[lookup.field]
            terms = [field_.find(term.encode()) for term in lookup.terms]
            numbers = [term for term in terms if term is not None]
            if len(numbers) < len(terms):
                continue
            documents = following(field_, numbers)
            every.append(documents)
            counted = self._in_average(lookup.field, number).take(documents)
            counted *= lookup.boost
            for at, term in enumerate(numbers):
                counts[at].append(counted * _frequencies_in(field_.postings_of(term), documents))
        if not every:
            return
        among = np.concatenate(every)
        holders = np.unique(among) if len(among) < len(found) // SPARSE else None
        if holders is None:
            found[among] = True
        else:
            found[holders] = True
            among = np.searchsorted(holders, among)
        for at, several in enumerate(counts):
            often: Array = np.bincount(
                among, np.concatenate(several), len(found) if holders is None else 0
            )
            # What the word tells, by its commonest form: stems are as common as what they join.
            weight = min(self._weight(one.field, one.terms[at]) for one in words)
            if holders is None:
                scores += weight * saturated(often)
            else:
                scores[holders] += weight * saturated(often)

    def _in_average(self, field_: FieldName, number: int) -> Array:
        key = (number, field_)
        if key not in self.statistics.norms:
            lengths = self.snapshot.parts[number].segment.fields[field_].lengths.astype(np.float64)
            average = self.statistics.average_lengths[field_]
            self.statistics.norms[key] = in_average(lengths, average)
        return self.statistics.norms[key]

    def _weight(self, field_: FieldName, term: str) -> float:
        key = (field_, term)
        if key not in self.weights:
            holders = 0
            for part in self.snapshot.parts:
                holders += part.holders(field_, term.encode(), self.labels)
            self.weights[key] = idf(holders, self.statistics.documents)
        return self.weights[key]


def _frequencies_in(postings: Postings, documents: Array) -> Array:
    """Return how often each of *documents*, which all hold the term, does."""
    if len(documents) == len(postings.documents):
        return postings.frequencies
    return postings.frequencies[np.searchsorted(postings.documents, documents)]


def following(field_: Field, terms: Sequence[int]) -> Array:
    """Return the documents, ascending, in which the terms follow one another."""
    if len(terms) == 1:
        return field_.postings_of(terms[0]).documents
    lists = [field_.postings_of(term).documents for term in terms]
    # The rarest term first: of the others only what it leaves is looked at.
    order = sorted(range(len(terms)), key=lambda n: len(lists[n]))
    common = lists[order[0]]
    for n in order[1:]:
        common = common[_held_by(common, lists[n])]
    if not len(common):
        return common
    keys: Array | None = None
    for offset in order:
        which, position = field_.positions_in(terms[offset], np.searchsorted(lists[offset], common))
        # One number for document and place; a place before the beginning matches nothing.
        key = (common[which].astype(np.int64) << 32) + position - offset
        key = key[position >= offset]
        keys = key if keys is None else keys[_held_by(keys, key)]
        found = (keys >> 32).astype(common.dtype)
        first = np.ones(len(found), np.bool_)
        np.not_equal(found[1:], found[:-1], out=first[1:])
        common = found[first]
        if not len(common):
            break
    return common


def _held_by(some: Array, others: Array) -> Mask:
    """Return which of *some* are among *others*; both ascend, no two alike."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    places = np.searchsorted(others, some)
    places[places == len(others)] = 0
    found: Mask = others[places] == some
    return found


def _some_within(places: Integers, least: Integers, most: Integers) -> Mask:
    """Return for each range whether one of the ascending *places* lies in it."""
    # A range that begins in the document before begins too far on to reach its words.
    found: Mask = np.searchsorted(places, most, "right") > np.searchsorted(places, least, "left")
    return found


def _places_of(field_: Field, terms: Iterable[int], chosen: Mask) -> Integers:
    """Return document and place, as one number, of the terms in the *chosen* documents."""
    found = []
    for term in terms:
        documents = field_.postings_of(term).documents
        postings = np.flatnonzero(chosen[documents])
        if len(postings):
            which, place = field_.positions_in(term, postings)
            found.append((documents[postings].astype(np.int64)[which] << 32) + place)
    return _ascending(found)


def _ascending(found: Sequence[Integers]) -> Integers:
    """Join ascending numbers."""
    some = [numbers for numbers in found if len(numbers)]
    if len(some) < 2:
        return some[0] if some else np.empty(0, np.int64)
    joined: Integers = np.concatenate(some)
    joined.sort(kind="stable")  # merges what is in order already
    return joined


def _within(dated: Dated, first: Array, last: Array) -> Mask:
    mask: Mask = first != UNDATED
    if dated.first is not None:
        mask &= first >= dated.first.toordinal()
    if dated.last is not None:
        mask &= last <= dated.last.toordinal()
    return mask
