"""One query on the arrays of a snapshot: which documents answer, and how well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, assert_never

import numpy as np

from archive.access import Label
from indexer import analysis
from indexer.engine.fields import (
    BOOSTS,
    AnyLookup,
    FieldName,
    Forms,
    Lookup,
    NumberLookup,
    PrefixLookup,
    coordinated,
    fact_values,
    idf,
    in_average,
    length_of,
    near_forms,
    no_bearer,
    saturated,
    searched,
    telling,
)
from indexer.engine.whoosh.chosen import Chosen, Weighed
from indexer.engine.whoosh.expanding import Expanded, expand
from indexer.engine.whoosh.positions import Mask, Stretches, ascending, places_of
from indexer.engine.whoosh.rows import Row, Rows
from indexer.engine.whoosh.segment import UNDATED, Array, Field, Integers
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


_UNSCORED = (Everything, Fact, Dated, Not)


@dataclass(slots=True)
class Evaluation:
    """One query over the documents that its asker may see.

    First `which` documents answer, then the `scores` of those that are wanted. Documents are
    numbered over all segments, one segment after the other (`Snapshot.bases`).
    """

    snapshot: "Snapshot"
    labels: frozenset[Label]
    statistics: "Statistics"
    held: dict[tuple[FieldName, str], Integers] = field(default_factory=dict)
    """Documents with a term."""
    rows: dict[Lookup, Integers] = field(default_factory=dict)
    begun: dict[tuple[FieldName, str], Mask] = field(default_factory=dict)
    """Documents with a term that begins so."""
    answering: dict[Query, Mask] = field(default_factory=dict)
    forms: dict[tuple[Forms, FieldName, int], tuple[list[int], dict[int, list[int]]]] = field(
        default_factory=dict
    )
    borne: dict[Fact, bool] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def which(self, query: Query) -> Mask:
        """Return which documents answer *query*, those that the asker may not see included.

        It is not to be changed: it is kept.
        """
        if query not in self.answering:
            self.answering[query] = self._which(query)
        return self.answering[query]

    def _which(self, query: Query) -> Mask:
        match query:
            case Everything():
                return self.snapshot.alive
            case Word() | Phrase() | Prefix():
                return self._holding(self._lookups(query))
            case Wildcard() | Fuzzy():
                return self._holding_any(query)
            case AnyOf(parts=parts) | Or(parts=parts):
                self._find_all_rows(parts)
                return reduce(np.logical_or, map(self.which, parts))
            case And(parts=parts):
                self._find_all_rows(parts)
                return reduce(np.logical_and, map(self.which, parts))
            case AtLeast(least=least, parts=parts):
                self._find_all_rows(parts)
                held = np.zeros(self.snapshot.size, np.uint8)
                for part in parts:
                    held += self.which(part)
                return np.asarray(held >= least)
            case Near():
                return self._near(query)
            case Fact():
                return self._bearing(query)
            case Dated():
                return _within(query, self.snapshot.first, self.snapshot.last)
            case Not(part=inner):
                return ~self.which(inner)
            case _:
                assert_never(query)

    def scores(self, query: Query, chosen: Chosen) -> Array:
        """Return the score of each of the *chosen* documents, all of which answer *query*."""
        match query:
            case Everything() | Fact() | Dated() | Not():
                return np.zeros(len(chosen.documents))
            case Word() | Phrase() | Prefix():
                return self._told(query, chosen)
            case Wildcard() | Fuzzy():
                return self._told_by_any(query, chosen)
            case AnyOf(parts=names):
                return reduce(np.maximum, (self.scores(name, chosen) for name in names))
            case Near(parts=beside):
                return self._sum(beside, chosen)
            case And(parts=parts) | Or(parts=parts):
                return self._sum(parts, chosen)
            case AtLeast(parts=parts):
                held = np.zeros(len(chosen.documents), np.uint8)
                for part in parts:
                    held += self.which(part)[chosen.documents]
                shares = np.array([coordinated(n, len(parts)) for n in range(len(parts) + 1)])
                return np.asarray(self._sum(parts, chosen) * shares[held])
            case _:
                assert_never(query)

    def _sum(self, parts: Iterable[Query], chosen: Chosen) -> Array:
        told = np.zeros(len(chosen.documents))
        for part in parts:
            if isinstance(part, (Word, Phrase, Prefix)):
                told += self._told(part, chosen)
            elif not isinstance(part, _UNSCORED):
                # What holds some words of an AND only must not bring their scores into an OR.
                told += self.scores(part, chosen) * self.which(part)[chosen.documents]
        return told

    def _bearing(self, fact: Fact) -> Mask:
        column = self.snapshot.facets[fact.field]
        mask = column.bearers(fact_values(fact.field, fact.value))
        self.borne[fact] = bool((mask & self.snapshot.seen_by(self.labels)).any())
        return mask

    def finish(self) -> tuple[str, ...]:
        """Return what is to be told of the query."""
        facts = self.borne.items() if self.statistics.documents else ()
        missing = [no_bearer(fact) for fact, borne in facts if not borne]
        return tuple(dict.fromkeys((*self.notices, *missing)))

    def _holding_any(self, part: Wildcard | Fuzzy) -> Mask:
        mask = np.zeros(self.snapshot.size, np.bool_)
        for number, _, terms in self.expanded(part).terms:
            documents, _ = terms.documents()
            mask[self.snapshot.slices[number]][documents] = True
        return mask

    def _told_by_any(self, part: Wildcard | Fuzzy, chosen: Chosen) -> Array:
        told = np.zeros(len(chosen.documents))
        expanded = self.expanded(part)
        for name in searched(part.field):
            best = np.zeros(self.snapshot.size)
            for number, its_name, terms in expanded.terms:
                if its_name == name:
                    documents, weights = terms.documents()
                    # The nearest terms stand last: what counts most stays.
                    best[self.snapshot.slices[number]][documents] = BOOSTS[name] * weights
            told += best[chosen.documents]
        return saturated(told)

    def expanded(self, part: Wildcard | Fuzzy) -> Expanded:
        """Return the words that *part* stands for, reckoned once a state."""
        known = self.snapshot.expansions
        key = (self.labels, part, part.most)
        found = known.get(key)
        if found is None:
            found = expand(self.snapshot.parts, part, self.labels)
            if len(known) >= EXPANSIONS_KEPT:
                known.clear()
            known[key] = found
        if found.notice and found.notice not in self.notices:
            self.notices.append(found.notice)
        return found

    def _near(self, near: Near) -> Mask:
        """Return where the parts stand near one another, of the documents that hold them all."""
        common = reduce(np.logical_and, map(self.which, near.parts))
        found = np.zeros(self.snapshot.size, np.bool_)
        for number, place in enumerate(self.snapshot.slices):
            if common[place].any():
                for name in searched(None):
                    found[place] |= self._standing_near(near, name, number, common[place])
        return found

    def _standing_near(self, near: Near, name: FieldName, number: int, common: Mask) -> Mask:
        field_ = self.snapshot.parts[number].segment.fields[name]
        if not len(field_):
            return np.zeros(len(common), np.bool_)
        rows = Rows(field_, self._rows_of(near.parts, field_))
        here = self._stretches(near.parts[0], name, number, common, rows)
        for gap, one in zip(near.gaps, near.parts[1:], strict=True):
            # What has nothing that stands near so far need not be looked at further.
            left = _mask_of(here.first >> 32, len(common))
            here = self._stretches(one, name, number, left, rows).near(here, gap)
        return _mask_of(here.first >> 32, len(common))

    def _rows_of(self, parts: Iterable[Leaf | AnyOf], field_: Field) -> Iterator[Row]:
        for part in parts:
            if isinstance(part, AnyOf):
                yield from self._rows_of(part.parts, field_)
            elif isinstance(part, (Word, Phrase)):
                yield _row_of(field_, _row_terms(near_forms(part, self.statistics.languages)))

    def _stretches(
        self, part: Leaf | AnyOf, name: FieldName, number: int, chosen: Mask, rows: Rows
    ) -> Stretches:
        """Return where *part* stands in a field of the *chosen* documents of a segment."""
        if isinstance(part, AnyOf):
            several = [self._stretches(one, name, number, chosen, rows) for one in part.parts]
            return Stretches.joined(several)
        if name not in searched(part.field):
            return Stretches()
        field_ = self.snapshot.parts[number].segment.fields[name]
        match part:
            case Word() | Phrase():
                forms = near_forms(part, self.statistics.languages)
                if len(forms) == 1:
                    places = self._places(forms[0], name, number, chosen)
                    return Stretches(places, places)
                row = _row_of(field_, _row_terms(forms))
                starts = rows.places(row) if row else np.empty(0, np.int64)
                starts = starts[chosen[starts >> 32]]
                return Stretches(starts, starts + len(forms) - 1)
            case Prefix():
                numbers: Iterable[int] = field_.prefixed(analysis.fold(part.text).encode())
            case Wildcard() | Fuzzy():
                numbers = self.expanded(part).numbers(number, name)
            case _:
                assert_never(part)
        standing = places_of(field_, numbers, chosen)
        return Stretches(standing, standing)

    def _places(self, forms: Forms, name: FieldName, number: int, chosen: Mask) -> Integers:
        """Return where any of *forms* stands in the *chosen* documents, ascending."""
        part = self.snapshot.parts[number]
        field_ = part.segment.fields[name]
        spoken = part.segment.section("documents/language")
        exact, by_language = self._numbers(forms, name, number)
        found = [places_of(field_, exact, chosen)]
        for ordinal, numbers in by_language.items():
            found.append(places_of(field_, numbers, chosen & (spoken == ordinal)))
        return ascending(found)

    def _numbers(
        self, forms: Forms, name: FieldName, number: int
    ) -> tuple[list[int], dict[int, list[int]]]:
        """Return the numbers of the terms of *forms*, and of those of their stems by language."""
        key = (forms, name, number)
        if key not in self.forms:
            segment = self.snapshot.parts[number].segment
            field_ = segment.fields[name]
            exact = _held_of(field_, forms.terms)
            by_language = {
                ordinal: _held_of(field_, others)
                for ordinal, language in enumerate(segment.languages)
                if (others := self.snapshot.of_stems(forms, language).difference(forms.terms))
            }
            self.forms[key] = exact, by_language
        return self.forms[key]

    def _lookups(self, part: Word | Phrase | Prefix) -> tuple[AnyLookup, ...]:
        return self.snapshot.lookups(part, self.statistics.languages)

    def documents(self, name: FieldName, term: str) -> Integers:
        """Return the documents of all segments that hold *term*, ascending."""
        key = (name, term)
        if key not in self.held:
            self.held[key] = self.snapshot.documents(name, term)
        return self.held[key]

    def _holding(self, where: Sequence[AnyLookup]) -> Mask:
        mask = np.zeros(self.snapshot.size, np.bool_)
        for lookup in telling(where):
            match lookup:
                case Lookup(field=name, terms=[term]):
                    mask[self.documents(name, term)] = True
                case Lookup():
                    mask[self._in_a_row(lookup)] = True
                case PrefixLookup(field=name, prefix=prefix):
                    mask |= self._beginning(name, prefix)
                case NumberLookup():
                    mask |= self._with_number(lookup)
                case _:
                    assert_never(lookup)
        return mask

    def _with_number(self, lookup: NumberLookup) -> Mask:
        if lookup.prefix:
            return self._beginning("numbers", lookup.number)
        mask = np.zeros(self.snapshot.size, np.bool_)
        mask[self.documents("numbers", lookup.number)] = True
        return mask

    def _beginning(self, name: FieldName, prefix: str) -> Mask:
        key = (name, prefix)
        if key not in self.begun:
            self.begun[key] = self.snapshot.beginning(name, prefix)
        return self.begun[key]

    def _in_a_row(self, lookup: Lookup) -> Integers:
        """Return the documents, ascending, in which the terms follow one another."""
        if lookup not in self.rows:
            self._find_rows([lookup])
        return self.rows[lookup]

    def _find_all_rows(self, parts: Iterable[Query]) -> None:
        """Find what follows one another in any of *parts*: one segment after the other."""
        words = (part for part in parts if isinstance(part, (Word, Phrase)))
        every = (lookup for word in words for lookup in self._lookups(word))
        rows = [one for one in every if isinstance(one, Lookup) and len(one.terms) > 1]
        self._find_rows([one for one in dict.fromkeys(rows) if one not in self.rows])

    def _find_rows(self, wanted: Sequence[Lookup]) -> None:
        found: dict[Lookup, list[Integers]] = {lookup: [] for lookup in wanted}
        for part, base in zip(self.snapshot.parts, self.snapshot.bases, strict=True):
            for name in dict.fromkeys(lookup.field for lookup in wanted):
                field_ = part.segment.fields[name]
                numbers = {
                    lookup: row
                    for lookup in wanted
                    if lookup.field == name and (row := _row_of(field_, lookup.terms))
                }
                rows = Rows(field_, numbers.values())
                for lookup, row in numbers.items():
                    found[lookup].append(rows.documents(row).astype(np.intp) + base)
        for lookup, several in found.items():
            self.rows[lookup] = np.concatenate(several) if several else np.empty(0, np.intp)

    def _told(self, part: Word | Phrase | Prefix, chosen: Chosen) -> Array:
        """Return what one word, or words that follow one another, tell of the *chosen* documents."""
        told: list[Array] = []
        begun: list[PrefixLookup] = []
        words: list[Lookup] = []
        for lookup in self._lookups(part):
            match lookup:
                case Lookup():
                    words.append(lookup)
                case PrefixLookup():
                    begun.append(lookup)
                case NumberLookup():
                    told.append(lookup.score * self._with_number(lookup)[chosen.documents])
                case _:
                    assert_never(lookup)
        if begun:
            told.append(self._told_by_beginnings(begun, chosen))
        if words:
            told += self._told_by_words(words, chosen)
        return reduce(np.add, told) if told else np.zeros(len(chosen.documents))

    def _told_by_beginnings(self, begun: Sequence[PrefixLookup], chosen: Chosen) -> Array:
        """Return what words tell that begin so: it depends on the fields alone that hold one."""
        fields = np.zeros(self.snapshot.size, np.uint8)
        sums = np.zeros(1)
        for bit, lookup in enumerate(begun):
            fields |= self._beginning(lookup.field, lookup.prefix).view(np.uint8) << bit
            sums = np.concatenate((sums, sums + lookup.boost))
        return saturated(sums).take(fields.take(chosen.documents))

    def _told_by_words(self, words: Sequence[Lookup], chosen: Chosen) -> Iterator[Array]:
        """Yield what each place tells of one word, or of words that follow one another."""
        rows = [self._in_a_row(one) if len(one.terms) > 1 else None for one in words]
        for at in range(len(words[0].terms)):
            lists = [self._weighed(one, at, row) for one, row in zip(words, rows, strict=True)]
            yield saturated(chosen.sums(lists), self._weight(words, at))

    def _weighed(self, lookup: Lookup, at: int, row: Integers | None) -> Weighed:
        """Return a term of *lookup* where it counts: in the documents of its *row* alone."""
        name, term = lookup.field, lookup.terms[at]
        documents, frequencies = self.documents(name, term), self.snapshot.frequencies(name, term)
        if row is not None:
            documents, frequencies = row, frequencies[np.searchsorted(documents, row)]
        return Weighed(documents, frequencies, lookup.boost, self._in_average(name))

    def _in_average(self, name: FieldName) -> Array:
        """Return what the length of each document counts in a field: one array for it and its stems."""
        length, norms = length_of(name), self.statistics.norms
        if length not in norms:
            average = self.statistics.average_lengths[length]
            norms[length] = in_average(self.snapshot.lengths(length), average)
        return norms[length]

    def _weight(self, words: Iterable[Lookup], at: int) -> float:
        """Return what the word at a place of *words* tells, by its commonest form: stems are as
        common as what they join."""
        holders = max([self._holders(one.field, one.terms[at]) for one in words])
        return idf(holders, self.statistics.documents)

    def _holders(self, name: FieldName, term: str) -> int:
        if self.snapshot.all_are_seen_by(self.labels):
            return self.snapshot.count(name, term)
        seen = self.snapshot.seen_by(self.labels)
        return int(np.count_nonzero(seen[self.documents(name, term)]))


def _held_of(field_: Field, terms: Iterable[str]) -> list[int]:
    """Return the numbers of those of the *terms* that the field has, ascending."""
    numbers = (field_.find(term.encode()) for term in terms)
    return sorted(number for number in numbers if number is not None)


def _row_terms(forms: Sequence[Forms]) -> list[str]:
    """Return the terms of a phrase, each of which has one form; none of a single word."""
    return [term for one in forms for term in one.terms] if len(forms) > 1 else []


def _mask_of(documents: Integers, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[documents] = True
    return mask


def _row_of(field_: Field, terms: Sequence[str]) -> Row:
    """Return the numbers of *terms*; nothing where one of them is not held."""
    numbers = [field_.find(term.encode()) for term in terms]
    known = tuple(number for number in numbers if number is not None)
    return known if len(known) == len(terms) else ()


def _within(dated: Dated, first: Array, last: Array) -> Mask:
    mask: Mask = first != UNDATED
    if dated.first is not None:
        mask &= first >= dated.first.toordinal()
    if dated.last is not None:
        mask &= last <= dated.last.toordinal()
    return mask
