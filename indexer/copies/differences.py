"""Where two texts differ, word by word, in time that grows with their length.

Shingles that stand once in each text are anchors; those that keep their order (the longest
rising run, as in patience sorting) hold the texts together. What lies between two anchors is
small as a rule and compared word by word; where it is not, single words that stand once on
either side are anchors in turn, and what even these leave is taken as changed whole.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SHINGLE_WORDS = 3
# Words of one side times words of the other that are compared each with each: at most in one
# place, and in all places of a comparison.
_CELLS_MAX = 10_000
_ALL_CELLS_MAX = 2_000_000
_DEPTH_MAX = 8


@dataclass(frozen=True, slots=True)
class Change:
    """Words of one text that stand for others, or none, in the other: half-open ranges."""

    one_start: int
    one_end: int
    other_start: int
    other_end: int


def changes(one: Sequence[int], other: Sequence[int]) -> list[Change]:
    """Return where two texts, given as a number for each word, differ; in order, apart."""
    return list(_Comparison(one, other).changes())


@dataclass(slots=True)
class _Comparison:
    """A comparison under way."""

    one: Sequence[int]
    other: Sequence[int]
    cells: int = 0

    def changes(self) -> Iterator[Change]:
        whole = Change(0, len(self.one), 0, len(self.other))
        yield from self._between(whole, SHINGLE_WORDS, 0)

    def _between(self, gap: Change, size: int, depth: int) -> Iterator[Change]:
        """Yield what differs in *gap*, whose anchors are *size* words long."""
        gap = self._trimmed(gap)
        ones, others = gap.one_end - gap.one_start, gap.other_end - gap.other_start
        if not ones and not others:
            return
        if not ones or not others:
            yield gap
            return
        if ones * others <= _CELLS_MAX and self.cells + ones * others <= _ALL_CELLS_MAX:
            self.cells += ones * others
            yield from self._word_by_word(gap)
            return
        anchors = self._anchors(gap, size) if depth < _DEPTH_MAX else []
        if not anchors and size > 1:
            size = 1
            anchors = self._anchors(gap, size)
        if not anchors:
            yield gap
            return
        one_at, other_at = gap.one_start, gap.other_start
        for one, at in anchors:
            if one > one_at or at > other_at:
                yield from self._between(Change(one_at, one, other_at, at), 1, depth + 1)
            one_at, other_at = one + 1, at + 1
        yield from self._between(Change(one_at, gap.one_end, other_at, gap.other_end), 1, depth + 1)

    def _trimmed(self, gap: Change) -> Change:
        one_start, one_end = gap.one_start, gap.one_end
        other_start, other_end = gap.other_start, gap.other_end
        one, other = self.one, self.other
        while (
            one_start < one_end and other_start < other_end and one[one_start] == other[other_start]
        ):
            one_start += 1
            other_start += 1
        while (
            one_start < one_end
            and other_start < other_end
            and one[one_end - 1] == other[other_end - 1]
        ):
            one_end -= 1
            other_end -= 1
        return Change(one_start, one_end, other_start, other_end)

    def _word_by_word(self, gap: Change) -> Iterator[Change]:
        matcher = SequenceMatcher(
            None,
            self.one[gap.one_start : gap.one_end],
            self.other[gap.other_start : gap.other_end],
            autojunk=False,
        )
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                yield Change(
                    gap.one_start + a, gap.one_start + b, gap.other_start + c, gap.other_start + d
                )

    def _anchors(self, gap: Change, size: int) -> list[tuple[int, int]]:
        """Return the places (of the one, of the other) of common words that keep their order."""
        ones = _single(self.one, gap.one_start, gap.one_end, size)
        others = _single(self.other, gap.other_start, gap.other_end, size)
        places = [(at, others[key]) for key, at in ones.items() if key in others]
        return _longest_rising(places)


def _single(words: Sequence[int], start: int, end: int, size: int) -> dict[tuple[int, ...], int]:
    """Return the runs of *size* words that stand once between two places, with where, in order."""
    runs = list(zip(*(words[start + n : end - size + 1 + n] for n in range(size)), strict=True))
    counts = Counter(runs)
    return {run: start + at for at, run in enumerate(runs) if counts[run] == 1}


def _longest_rising(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of *places*, which rise in the first number, that rises in both."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, at) in enumerate(places):
        length = bisect_left(ends, at)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(at)
            last.append(place)
        else:
            ends[length], last[length] = at, place
    found = []
    place = last[-1] if last else -1
    while place >= 0:
        found.append(places[place])
        place = before[place]
    return found[::-1]
