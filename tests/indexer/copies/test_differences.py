"""Differences, applied to one text, make the other."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.copies import differences
from indexer.copies.differences import Change, changes


def applied(one, other, found):
    made, at = [], 0
    for change in found:
        assert change.one_start >= at
        made += one[at : change.one_start] + other[change.other_start : change.other_end]
        at = change.one_end
    return made + one[at:]


@given(st.lists(st.integers(0, 5), max_size=60), st.lists(st.integers(0, 5), max_size=60))
def test_short_texts_become_one_another(one, other):
    assert applied(one, other, changes(one, other)) == other


@given(st.integers(0, 2**32), st.integers(2, 3000))
def test_long_texts_become_one_another(seed, vocabulary):
    chance = random.Random(seed)
    one = [chance.randrange(vocabulary) for _ in range(chance.randrange(600))]
    other = list(one)
    for _ in range(chance.randrange(40)):
        at = chance.randrange(len(other) + 1)
        other[at : at + chance.randrange(30)] = [
            chance.randrange(vocabulary) for _ in range(chance.randrange(30))
        ]
    assert applied(one, other, changes(one, other)) == other


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([], [], []),
        ([1, 2, 3], [1, 2, 3], []),
        ([], [1], [Change(0, 0, 0, 1)]),
        ([1, 2, 3], [1, 9, 3], [Change(1, 2, 1, 2)]),
        ([1, 2, 3], [1, 3], [Change(1, 2, 1, 1)]),
        ([1, 3], [1, 2, 3], [Change(1, 1, 1, 2)]),
    ],
)
def test_what_differs(one, other, found):
    assert changes(one, other) == found


def test_one_word_changed_in_a_long_text_is_one_change():
    one = list(range(100_000))
    other = [*one[:50_000], -1, *one[50_001:]]
    assert changes(one, other) == [Change(50_000, 50_001, 50_000, 50_001)]


def test_a_part_that_moved_is_taken_out_and_put_in():
    one = list(range(1000))
    other = [*range(500, 1000), *range(500)]
    found = changes(one, other)
    assert sum(change.one_end - change.one_start for change in found) == 500


@pytest.mark.parametrize(
    "texts",
    [
        ([0] * 30_000, [0, 1] * 15_000),
        ([n % 7 for n in range(40_000)], [n % 11 for n in range(40_000)]),
        (list(range(40_000)), list(range(39_999, -1, -1))),
        ([n // 2 for n in range(40_000)], [n // 3 for n in range(40_000)]),
    ],
    ids=["one word", "two rhythms", "backwards", "doubled"],
)
def test_hostile_texts_cost_no_more_than_their_share(texts, monkeypatch):
    compared = []
    plain = differences.SequenceMatcher

    def counted(junk, one, other, autojunk):
        compared.append(len(one) * len(other))
        return plain(junk, one, other, autojunk)

    monkeypatch.setattr(differences, "SequenceMatcher", counted)
    one, other = texts
    assert applied(one, other, changes(one, other)) == other
    assert sum(compared) <= differences._ALL_CELLS_MAX
    assert max(compared, default=0) <= differences._CELLS_MAX
