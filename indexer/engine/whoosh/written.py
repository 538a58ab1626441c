"""How the texts of segments write their words (`spellings.py`), and the keys of their names."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from archive.access import Label
from indexer.engine.spellings import beginning_of, form_in, hash_of, hashes_of
from indexer.engine.whoosh import terms
from indexer.engine.whoosh.segment import Array, Segment

if TYPE_CHECKING:
    from indexer.engine.whoosh.snapshot import Part

KEYS = "written/keys"
"""The section of the keys of names, ascending: each a number of 32 bits, then that of its entry."""
_ENTRY = np.uint64((1 << 32) - 1)


def keys_of(entries: Sequence[bytes]) -> Array:
    """Return the keys of the entries of a segment."""
    pairs = [
        hashed << 32 | number
        for number, entry in enumerate(entries)
        for hashed in hashes_of(form_in(entry.decode()))
    ]
    return np.unique(np.array(pairs, np.uint64))


def merged_keys(parts: Sequence[Segment], entries: Sequence[bytes]) -> Array:
    """Return the keys of those *entries* that are left of several segments."""
    numbers = {entry: number for number, entry in enumerate(entries)}
    found: list[Array] = [np.empty(0, np.uint64)]
    for part in parts:
        field, keys = part.fields["written"], part.section(KEYS)
        now = np.array([numbers.get(field[n], -1) for n in (keys & _ENTRY).tolist()], np.int64)
        left = now >= 0
        found.append(keys[left] & ~_ENTRY | now[left].astype(np.uint64))
    return np.unique(np.concatenate(found))


class Written:
    """A `spellings.Source`: what a holder of *labels* may see of the segments of a snapshot."""

    def __init__(self, parts: Sequence["Part"], labels: frozenset[Label]) -> None:
        """Take the segments."""
        self._parts, self._labels = parts, labels

    def holders(self, term: str) -> int:
        """Return how many documents hold the folded word in their text."""
        return terms.count(self._parts, ("text",), term, self._labels)

    def forms(self, term: str) -> dict[str, int]:
        """Return the forms of a folded word, and how many documents write each."""
        beginning = beginning_of(term).encode()
        found: dict[str, int] = {}
        for part in self._parts:
            field = part.segment.fields["written"]
            for number in field.prefixed(beginning):
                if many := self._many(part, number):
                    form = form_in(field[number].decode())
                    found[form] = found.get(form, 0) + many
        return found

    def keyed(self, keys: Iterable[str]) -> set[str]:
        """Return the entries of capitalised forms that have one of the keys, or maybe another."""
        first = [hash_of(key) << 32 for key in keys]
        bounds = np.array([*first, *(one | 0xFFFFFFFF for one in first)], np.uint64)
        found: set[bytes] = set()
        for part in self._parts:
            section = part.segment.section(KEYS)
            at = section.searchsorted(bounds).tolist()
            for begin, end in zip(at, at[len(first) :], strict=False):
                if begin < end:
                    field = part.segment.fields["written"]
                    found.update(field[n & 0xFFFFFFFF] for n in section[begin:end].tolist())
        return {entry.decode() for entry in found}

    def _many(self, part: "Part", number: int) -> int:
        documents = part.segment.fields["written"].span_of(number)[0]
        return int(np.count_nonzero(part.seen_by(self._labels)[documents]))
