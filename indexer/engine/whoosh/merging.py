"""Which segments should become one: few enough to be searched fast, without writing all anew."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

# A segment in the making takes about 45 bytes an occurrence. What a query does for each segment
# costs as much as many postings: the fewer the better.
SEGMENT_OCCURRENCES = 16_000_000
SEGMENT_DOCUMENTS = 50_000
# Segments of one tier are merged when there are so many; tiers end at these sizes.
MERGE_FACTOR = 8
TIERS = (10, 100, 1_000, 10_000)
# Fewer are not worth it where no more fit into one segment.
MERGE_LEAST = 4
DELETED_SHARE = 0.2
"""With more deleted than this a segment is written anew without them."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a segment is."""

    documents: int
    """Without the deleted."""
    deleted: int
    occurrences: int
    """With the deleted."""


def due(sizes: Sequence[Size]) -> list[int]:
    """Return which segments should become one now, by their place in *sizes*; none: all is tidy.

    What is written is never larger than a segment may be, and at most one tier is merged.

    >>> due([Size(3, 0, 90)] * 8), due([Size(3, 0, 90)] * 7), due([Size(70, 30, 2000)])
    ([0, 1, 2, 3, 4, 5, 6, 7], [], [0])
    """
    for limit in TIERS:
        small = [n for n, one in enumerate(sizes) if one.documents <= limit]
        if len(small) >= MERGE_FACTOR:
            chosen = _fitting(sizes, small)
            if len(chosen) >= MERGE_LEAST:
                return chosen
    return next(([n] for n, one in enumerate(sizes) if _thinned(one)), [])


def carried(parts: Sequence[tuple[int, Set[int], Set[int]]]) -> list[int]:
    """Return what is deleted of a merged segment, by the numbers that its documents have there.

    *parts*: of each segment it was made of, in order, how many documents there are, those that
    were left out, and those that are deleted by now.

    >>> carried([(3, {0}, {0, 2}), (2, set(), {0})])
    [1, 2]
    """
    gone: list[int] = []
    number = 0
    for size, left_out, deleted in parts:
        for document in range(size):
            if document not in left_out:
                if document in deleted:
                    gone.append(number)
                number += 1
    return gone


def _fitting(sizes: Sequence[Size], small: Sequence[int]) -> list[int]:
    """Return as many of the smallest as one segment holds."""
    chosen: list[int] = []
    documents = occurrences = 0
    for n in sorted(small, key=lambda n: sizes[n].documents):
        documents += sizes[n].documents
        occurrences += sizes[n].occurrences
        if documents > SEGMENT_DOCUMENTS or occurrences > SEGMENT_OCCURRENCES:
            break
        chosen.append(n)
    return sorted(chosen)


def _thinned(one: Size) -> bool:
    return one.deleted > DELETED_SHARE * (one.documents + one.deleted)
