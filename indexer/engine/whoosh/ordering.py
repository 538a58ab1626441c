"""The least of many numbers, without sorting them."""

import numpy as np

from indexer.engine.whoosh.segment import Array, Integers

_BLOCK = 64


def least_places(keys: Array, enough: int, slack: float = 0.0) -> Integers:
    """Return the places of at least the *enough* least *keys*, in order of place.

    With them come all that are equal to the greatest of these, or greater by at most *slack*.
    """
    blocks = len(keys) // _BLOCK
    if blocks < 2 * enough:
        if len(keys) <= 2 * enough:
            return np.arange(len(keys))
        limit = np.partition(keys, enough - 1)[enough - 1]
    else:
        # So many blocks have a key that is not above the limit: so many keys are not.
        least = keys[: blocks * _BLOCK].reshape(_BLOCK, blocks).min(axis=0)
        limit = np.partition(least, enough - 1)[enough - 1]
    return np.flatnonzero(keys <= limit + slack)
