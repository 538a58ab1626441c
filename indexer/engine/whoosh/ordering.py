"""The best of many, without sorting them."""

import numpy as np

from indexer.engine.whoosh.segment import Array, Integers

_BLOCK = 64


def greatest_places(keys: Array, enough: int, slack: float = 0.0) -> Integers:
    """Return the places of at least the *enough* greatest *keys*, in order of place.

    With them come all that are equal to the least of these, or less by at most *slack*.
    """
    size = len(keys)
    rows = size // _BLOCK
    if size <= 2 * enough:
        return np.arange(size)
    if rows < 2 * enough:
        return np.flatnonzero(keys >= np.partition(keys, size - enough)[size - enough] - slack)
    # So many blocks have a key that is not below the limit: so many keys are not.
    blocks = keys[: rows * _BLOCK].reshape(_BLOCK, rows)
    greatest = blocks.max(axis=0)
    limit = np.partition(greatest, rows - enough)[rows - enough] - slack
    # The others hold nothing that is wanted.
    some = np.flatnonzero(greatest >= limit)
    block, column = np.nonzero(blocks[:, some] >= limit)
    rest = np.flatnonzero(keys[rows * _BLOCK :] >= limit) + rows * _BLOCK
    return np.concatenate([block * rows + some[column], rest])
