"""Under which bar every document of a segment counts: `bars.bar_of`, for all at once."""

from dataclasses import dataclass

import numpy as np

from indexer.engine.bars import BarStep
from indexer.engine.whoosh.segment import UNDATED, Array

_EPOCH = 719_163
"""The day 1970-01-01 as `date.toordinal` counts."""
_NO_BAR = -(1 << 20)


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one segment."""

    keys: tuple[str, ...]
    ordinals: Array
    """Document → place of its key."""

    def counts(self, documents: Array) -> Array:
        """Return for each key how many of *documents* count under it."""
        return np.bincount(self.ordinals[documents], minlength=len(self.keys))


def bars_of(first: Array, last: Array, step: BarStep) -> Bars:
    """Return the bars of documents with these first and last days."""
    dated = first != UNDATED
    begin, end = _months(np.where(dated, first, 1)), _months(np.where(dated, last, 1))
    codes = np.full(len(first), _NO_BAR, np.int64)
    decade = dated & (begin // 120 == end // 120)
    codes[decade] = -1 - begin[decade] // 120
    if step != "decade":
        year = dated & (begin // 12 == end // 12)
        codes[year] = begin[year] // 12 * 100
    if step == "month":
        month = dated & (begin == end)
        codes[month] = begin[month] // 12 * 100 + begin[month] % 12 + 1
    values, ordinals = np.unique(codes, return_inverse=True)
    kept = np.min_scalar_type(max(len(values) - 1, 0))
    return Bars(tuple(map(_key, values.tolist())), ordinals.astype(kept))


def _months(days: Array) -> Array:
    """Return the months since the beginning of the year 0."""
    since_1970 = (days.astype(np.int64) - _EPOCH).view("datetime64[D]").astype("datetime64[M]")
    return since_1970.astype(np.int64) + 1970 * 12


def _key(code: int) -> str:
    if code == _NO_BAR:
        return ""
    if code < 0:
        return f"{-1 - code:03}X"
    year, month = divmod(code, 100)
    return f"{year:04}-{month:02}" if month else f"{year:04}"
