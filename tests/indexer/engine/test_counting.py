"""Facets counted together are what each of them counts."""

import numpy as np
import pytest

from indexer.engine import FacetName
from indexer.engine.whoosh.counting import Column, joints_of

SIZE = 5_000


def column(values: int, seed: int, *, single: bool = True) -> Column:
    ordinals = np.random.default_rng(seed).integers(0, values, SIZE)
    offsets = None if single else np.arange(SIZE + 1)
    return Column([f"{n:04}" for n in range(values)], ordinals, offsets, SIZE)


@pytest.mark.parametrize(
    ("values", "together"),
    [
        ((108, 120, 12, 7), {frozenset({"country", "language"}), frozenset({"year", "kind"})}),
        ((1, 120, 1, 7), set()),
        ((108, 120, 1, 1), set()),
        ((4_000, 120, 30, 7), {frozenset({"country", "kind"})}),
        ((400, 300, 200, 80), {frozenset({"kind", "language"})}),
    ],
)
def test_which_facets_are_counted_together(values, together):
    names: tuple[FacetName, ...] = ("year", "country", "kind", "language")
    columns = {name: column(number, 1) for name, number in zip(names, values, strict=True)}
    joints = joints_of(columns)
    assert {frozenset(joint.names) for joint in joints} == together
    places = np.sort(np.random.default_rng(2).choice(SIZE, 700, replace=False))
    for joint in joints:
        for name, counts in joint.counts(places).items():
            assert counts.tolist() == columns[name].counts(places).tolist()


def test_a_facet_of_many_values_a_document_is_counted_alone():
    columns: dict[FacetName, Column] = {
        "year": column(108, 1),
        "spoken_of": column(120, 2, single=False),
        "kind": column(12, 3),
        "language": column(7, 4),
    }
    assert all("spoken_of" not in joint.names for joint in joints_of(columns))
