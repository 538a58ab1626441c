"""Several are worked on at once, and nothing comes out of turn."""

import threading
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ahead import AHEAD, TOGETHER, in_order


def taken(items, work, **more):
    limits = {"at_once": 3, "size_of": lambda _done: 1, "size_max": 1_000, **more}
    return in_order(items, work, **limits)


@given(st.lists(st.integers(0, 3)), st.integers(1, 4), st.integers(0, 5))
def test_all_come_once_in_order_with_what_came_of_them(items, at_once, size_max):
    found = list(taken(items, lambda one: one * 2, at_once=at_once, size_max=size_max))
    assert [pair for some in found for pair in some] == [(one, one * 2) for one in items]
    assert all(1 <= len(some) <= TOGETHER for some in found)


def test_one_that_takes_long_holds_up_nobody_behind_it():
    rest = threading.Event()

    def work(one):
        if one == 0:
            assert rest.wait(60)
        elif one == 20:
            rest.set()
        return one

    assert sum(map(len, taken(range(30), work, at_once=2))) == 30


@pytest.mark.parametrize(("size_max", "last", "never"), [(5, 6, 10), (1_000, AHEAD - 1, AHEAD)])
def test_what_is_done_and_waits_is_bounded(size_max, last, never):
    begun = threading.Event()

    def items():
        for one in range(200):
            assert one < never or begun.is_set(), "too many wait for the first"
            yield one

    def work(one):
        if one == 0:
            assert begun.wait(60)
        elif one == last:
            begun.set()
        return one

    assert sum(map(len, taken(items(), work, at_once=2, size_max=size_max))) == 200


def test_a_failure_is_raised_in_its_turn_and_what_came_before_it_comes_out():
    def work(one):
        if one == 5:
            raise ZeroDivisionError
        return one

    found = []

    def go_through():
        for some in taken(range(40), work):
            found.extend(done for _, done in some)

    with pytest.raises(ZeroDivisionError):
        go_through()
    assert found == [0, 1, 2, 3, 4]


def test_nothing_is_at_work_once_it_is_closed():
    before = threading.active_count()
    with closing(taken(range(100), lambda one: one)) as found:
        next(found)
    assert threading.active_count() == before
