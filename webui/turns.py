"""Pages that are reckoned are made one after the other, in the order in which they were asked for.

Threads of one process share one interpreter: two pages at once take each twice as long, and a
short one waits for a long one that came after it. In turns nobody waits longer than for those
before.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Turns:
    """Lets one thread in at a time, those that wait in the order in which they came."""

    def __init__(self) -> None:
        """Begin with nobody inside."""
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for one's turn, and end it on leaving."""
        with self._lock:
            mine = threading.Lock() if self._busy else None
            if mine is not None:
                mine.acquire()
                self._waiting.append(mine)
            self._busy = True
        if mine is not None:
            mine.acquire()  # whoever ends a turn lets the next one in
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._busy = False


_PAGES = Turns()


def in_turn(view: Callable[Given, Result]) -> Callable[Given, Result]:
    """Mark a view that reckons and waits for nothing: no upload, no child process."""

    @wraps(view)
    def waiting(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with _PAGES.taken():
            return view(*args, **kwargs)

    return waiting
