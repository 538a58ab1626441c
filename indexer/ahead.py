"""Several files are worked on at once, and come out in the order in which they went in."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice, takewhile
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

TOGETHER = 8
"""How many are handed on at once, where so many are ready."""
AHEAD = 64
"""How many may wait at most for one before them that takes long."""


def in_order(
    items: Iterable[T],
    work: Callable[[T], R],
    *,
    at_once: int,
    size_of: Callable[[R], int],
    size_max: int,
) -> Generator[list[tuple[T, R]], None, None]:
    """Do *work* on *at_once* of the items at a time; yield items with what came of them, in order.

    Some come together, up to eight. By *size_of*, what is done and not handed on comes to no more
    than *size_max*, and then no more is begun than is at work or next. What *work* raises is raised
    in the turn of its item, after those before it. Nothing is at work when the iterator is closed.
    """
    waiting: deque[tuple[T, Future[R]]] = deque()

    def ready() -> int:
        return sum(1 for _ in takewhile(lambda one: one[1].done(), islice(waiting, TOGETHER)))

    def too_many() -> bool:
        done = [one for _, one in waiting if one.done() and not one.exception()]
        return len(waiting) >= AHEAD or sum(size_of(one.result()) for one in done) > size_max

    with ThreadPoolExecutor(at_once, "reader") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(work, item)))
                while True:
                    at_work = [one for _, one in waiting if not one.done()]
                    full = too_many()
                    if (front := ready()) == TOGETHER or (front and full):
                        yield _taken(waiting, front)
                    elif full or len(at_work) >= 2 * at_once:  # some are there to begin with next
                        wait(at_work, return_when=FIRST_COMPLETED)
                    else:
                        break
            while waiting:
                wait([one for _, one in islice(waiting, TOGETHER)])
                yield _taken(waiting, ready())
        finally:
            for _, one in waiting:
                one.cancel()


def _taken(waiting: deque[tuple[T, Future[R]]], count: int) -> list[tuple[T, R]]:
    """Take the first *count* that are done, or those before the first that failed; raise what the
    very first did."""
    taken: list[tuple[T, R]] = []
    while len(taken) < count and not (taken and waiting[0][1].exception()):
        item, done = waiting[0]
        taken.append((item, done.result()))
        waiting.popleft()
    return taken
