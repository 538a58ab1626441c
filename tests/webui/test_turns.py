"""Pages are made in the order in which they were asked for."""

import threading
import time

import pytest

from webui.turns import Turns


def test_one_at_a_time_in_the_order_of_asking():
    turns, inside, order = Turns(), 0, []

    def ask(number: int) -> None:
        nonlocal inside
        with turns.taken():
            inside += 1
            assert inside == 1
            order.append(number)
            time.sleep(0.005)
            inside -= 1

    with turns.taken():
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
        for number, one in enumerate(threads, start=1):
            one.start()
            while len(turns._waiting) < number:
                time.sleep(0.001)
    for one in threads:
        one.join()
    assert order == list(range(12))


def test_a_page_that_fails_lets_the_next_one_in():
    turns = Turns()
    with pytest.raises(ValueError), turns.taken():
        raise ValueError
    with turns.taken():
        pass
