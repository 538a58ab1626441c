"""The best of many numbers."""

import numpy as np
import pytest

from indexer.engine.whoosh.ordering import greatest_places


@pytest.mark.parametrize("size", [0, 3, 20, 21, 700, 1279, 1280, 1281, 5000])
@pytest.mark.parametrize("values", [2, 40, 10**9])
def test_no_place_is_left_out_whose_key_is_among_the_greatest_or_as_good_as_one(size, values):
    keys = np.random.default_rng(size).integers(0, values, size).astype(np.float64)
    found = greatest_places(keys, 10, slack=0.5)
    assert found.tolist() == sorted(set(found.tolist()))
    if size > 20:
        limit = np.sort(keys)[-10] - 0.5
        assert set(np.flatnonzero(keys >= limit)) <= set(found)
    else:
        assert len(found) == size
