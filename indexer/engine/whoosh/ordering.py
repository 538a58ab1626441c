"""The best of many, without sorting them."""

import numpy as np

from indexer.engine.whoosh.segment import Array, Integers

_BLOCK = 64


def greatest_places(keys: Array, enough: int, slack: float = 0.0) -> Integers:
    """Return the places of at least the *enough* greatest *keys*, in order of place.

    With them come all that are equal to the least of these, or less by at most *slack*.
    """
    size = len(keys)
    if size <= 2 * enough:
        return np.arange(size)
    best, rows = keys, size // _BLOCK
    if rows >= 2 * enough:
        # So many blocks have a key that is not below the limit: so many keys are not.
        best = np.maximum.reduce(keys[: rows * _BLOCK].reshape(_BLOCK, rows), 0)
    limit = np.partition(best, len(best) - enough)[len(best) - enough]
    places: Integers = (keys >= limit - slack).nonzero()[0]
    return places
