"""Facets: who bears which value, what filters leave, and how many of these bear each value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from archive.dates import PartialDate
from indexer.engine import FacetName, Filters
from indexer.engine.bars import BarStep
from indexer.engine.whoosh.segment import Array, Facet, Integers

if TYPE_CHECKING:
    from indexer.engine.whoosh.positions import Mask
    from indexer.engine.whoosh.snapshot import Snapshot

_JOINT_VALUES_MAX = 1 << 14
"""A greater table of counts takes longer to add up than documents take to be counted twice."""


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one facet, over all segments."""

    values: list[str]
    """In order, each once."""
    ordinals: Array
    """Places of values."""
    offsets: Array | None
    """Where the ordinals of each document begin, and the last end; None where it is one for each
    document."""
    size: int
    """How many documents there are."""

    def bearers(self, values: frozenset[str]) -> Mask:
        """Return which documents bear any of *values*."""
        if self.offsets is None and len(values) == 1:
            # One comparison of small numbers takes a tenth of looking each of them up.
            [value] = values
            number = self.values.index(value) if value in self.values else -1
            return np.asarray(self.ordinals == number)
        chosen = np.array([value in values for value in self.values], np.bool_)
        if self.offsets is None:
            return np.asarray(chosen[self.ordinals])
        before = np.zeros(len(self.ordinals) + 1, np.intp)
        np.cumsum(chosen[self.ordinals], out=before[1:])
        at = before[self.offsets]
        return np.asarray(at[1:] > at[:-1])

    def counts(self, places: Integers) -> Array:
        """Return how many of the documents at *places* bear each value."""
        if self.offsets is not None:
            begins = self.offsets[places].astype(np.int64)
            lengths = self.offsets[places + 1] - begins
            ends = np.cumsum(lengths)
            total = int(ends[-1]) if len(ends) else 0
            ordinals = self.ordinals[
                np.repeat(begins - (ends - lengths), lengths) + np.arange(total)
            ]
        elif len(self.values) == 1:
            return np.array([len(places)])
        else:
            ordinals = self.ordinals.take(places)
        return np.bincount(ordinals, minlength=len(self.values))


def column_of(facets: Sequence[Facet]) -> Column:
    """Join the facets of segments, one after the other."""
    values = sorted({value for facet in facets for value in facet.values})
    place_of = {value: n for n, value in enumerate(values)}
    kind = np.min_scalar_type(max(len(values) - 1, 0))
    ordinals: list[Array] = [np.empty(0, kind)]
    counts: list[Array] = [np.zeros(1, np.int64)]
    for facet in facets:
        mine = np.array([place_of[value] for value in facet.values], kind)
        ordinals.append(mine[facet.ordinals])
        counts.append(np.diff(facet.offsets.astype(np.int64)))
    single = all(facet.single for facet in facets)
    offsets = None if single else np.cumsum(np.concatenate(counts), dtype=np.uint32)
    return Column(values, np.concatenate(ordinals), offsets, sum(map(len, counts)) - 1)


@dataclass(frozen=True, slots=True)
class Joint:
    """Facets with one value a document, that are counted at once."""

    names: tuple[FacetName, ...]
    shape: tuple[int, ...]
    """How many values each has."""
    codes: Integers
    """One number a document for the values of all."""

    def counts(self, places: Integers) -> dict[FacetName, Array]:
        """Return for each facet how many of the documents at *places* bear each value."""
        table = np.bincount(self.codes.take(places), minlength=self.size)
        counted: dict[FacetName, Array] = {}
        for name, size in zip(reversed(self.names), reversed(self.shape), strict=True):
            # The last of those that are left; then they are counted together.
            rows = table.reshape(-1, size)
            counted[name], table = np.add.reduce(rows, 0), np.add.reduce(rows, 1)
        return counted

    @property
    def size(self) -> int:
        """How many values there are of all facets together."""
        return math.prod(self.shape)


def joints_of(columns: Mapping[FacetName, Column]) -> list[Joint]:
    """Group the facets that have one value a document: few groups, none with a large table."""
    columns = {n: one for n, one in columns.items() if one.offsets is None and len(one.values) > 1}
    groups: list[list[FacetName]] = [[], []]

    def size(group: Sequence[FacetName]) -> int:
        return math.prod(len(columns[name].values) for name in group)

    for name in sorted(columns, key=lambda name: -size([name])):
        least = min(groups, key=size)
        if size([*least, name]) > _JOINT_VALUES_MAX:
            groups.append(least := [])
        least.append(name)
    return [_joint([(name, columns[name]) for name in group]) for group in groups if len(group) > 1]


def _joint(columns: Sequence[tuple[FacetName, Column]]) -> Joint:
    codes = np.zeros(columns[0][1].size, np.intp)
    for _name, column in columns:
        codes *= len(column.values)
        codes += column.ordinals
    shape = tuple(len(column.values) for _name, column in columns)
    # Narrow, for they are read here and there.
    narrow = codes.astype(np.min_scalar_type(math.prod(shape) - 1))
    return Joint(tuple(name for name, _column in columns), shape, narrow)


class Narrowed:
    """What filters leave of the documents that were found."""

    def __init__(self, snapshot: Snapshot, found: Mask, filters: Filters) -> None:
        """Take which documents were found."""
        self.snapshot, self.found, self.filters = snapshot, found, filters
        self._masks = {
            name: snapshot.facets[name].bearers(values)
            for name, values in filters.chosen.items()
            if values
        }
        for name, values in filters.excluded.items():
            if values:
                bearing = snapshot.facets[name].bearers(values)
                chosen = self._masks.get(name)
                self._masks[name] = ~bearing if chosen is None else chosen & ~bearing
        self._places: dict[FacetName | None, Integers] = {}
        self._dated: Mask | None = None
        if filters.dates is not None:
            lying = _overlapping if filters.possibly else _inside
            self._dated = lying(filters.dates, snapshot.first, snapshot.last)

    @cached_property
    def passing(self) -> Mask:
        """Which documents pass every filter."""
        return self._passing(None)

    @property
    def wanted(self) -> Integers:
        """The same, as numbers that ascend."""
        return self._places_without(None)

    @property
    def possibly(self) -> int:
        """How many more there would be if dates had only to overlap."""
        dates = self.filters.dates
        if dates is None:
            return 0
        if "year" in self._masks:
            passing = np.flatnonzero(reduce(np.logical_and, self._masks.values(), self.found))
        else:
            passing = self._places_without("year")
        first, last = self.snapshot.first.take(passing), self.snapshot.last.take(passing)
        overlapping = np.count_nonzero(_overlapping(dates, first, last))
        return int(overlapping - np.count_nonzero(_inside(dates, first, last)))

    def counts(self, names: Sequence[FacetName]) -> dict[FacetName, dict[str, int]]:
        """Return how many documents bear each value of these facets, counted without the
        facet's own choice."""
        snapshot = self.snapshot
        counted: dict[FacetName, Array] = {}
        chosen = [name for name in names if self._has_choice(name)]
        for joint in snapshot.joints:
            asked = [name for name in joint.names if name in names]
            free = not any(map(self._has_choice, joint.names))
            if free and len(asked) > 1 and 2 * len(self.wanted) > joint.size:
                counted |= joint.counts(self.wanted)
        for name in names:
            if name not in counted:
                places = self._places_without(name) if name in chosen else self.wanted
                counted[name] = snapshot.facets[name].counts(places)
        return {name: _named(snapshot.facets[name].values, counted[name]) for name in names}

    def bars(self, step: BarStep) -> dict[str, int]:
        """Return how many documents lie in each bar, whatever dates and years are chosen."""
        bars = self.snapshot.bars(step)
        own: FacetName | None = "year" if self._has_choice("year") else None
        return _named(bars.keys, bars.counts(self._places_without(own)))

    def _has_choice(self, name: FacetName) -> bool:
        return name in self._masks or (name == "year" and self._dated is not None)

    def _places_without(self, name: FacetName | None) -> Integers:
        if name not in self._places:
            passing = self._passing(name) if name else self.passing
            self._places[name] = passing.nonzero()[0]
        return self._places[name]

    def _passing(self, leaving_out: FacetName | None) -> Mask:
        masks = [mask for name, mask in self._masks.items() if name != leaving_out]
        if self._dated is not None and leaving_out != "year":
            masks.append(self._dated)
        return reduce(np.logical_and, masks, self.found)


def _inside(span: PartialDate, first: Array, last: Array) -> Mask:
    # What is undated begins after every date, and ends there.
    return np.asarray((first >= span.first.toordinal()) & (last <= span.last.toordinal()))


def _overlapping(span: PartialDate, first: Array, last: Array) -> Mask:
    return np.asarray((first <= span.last.toordinal()) & (last >= span.first.toordinal()))


def _named(values: Sequence[str], counts: Array) -> dict[str, int]:
    some = counts.tolist()
    return dict(zip(compress(values, some), filter(None, some), strict=True))
