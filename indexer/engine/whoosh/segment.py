"""One segment on disk: arrays in one file, mapped into memory and never changed.

The file: the magic bytes, the length of the header (8 bytes, little-endian), the header
(JSON: the sections with their place, type and CRC-32, and the values of each facet), then
the sections, each beginning at a multiple of 64 bytes so that it can be mapped as an array.
A name of a section says what it holds:

    documents/record_ids …        one number a document, in order of document
    facet/country/offsets, …      which values each document bears
    field/text/terms, …           the terms in order, and their postings

All postings of a field are one after the other in order of term, then document. For term t
they are those from `starts[t]` to `starts[t + 1]`; the positions of a term's postings stand
in `positions` from `position_starts[t]` on, as many for each posting as its frequency.
"""

import json
import mmap
import os
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.errors import IndexUnavailable

MAGIC = b"muniment-segment-1\n"
_ALIGN = 64
_LENGTH = struct.Struct("<Q")
_HEADS_APART = 64
OVERFLOWING = 255
"""A frequency that says: look it up among the large ones."""
UNDATED = np.iinfo(np.int32).max

Array = NDArray[Any]
Integers = NDArray[np.int64]


def write(path: Path, sections: Mapping[str, Array], more: Mapping[str, Any]) -> None:
    """Write a segment file, durably: when this returns, a power cut cannot lose it.

    *more* is what the header says besides, as JSON can hold it.
    """
    table: dict[str, dict[str, Any]] = {}
    place = 0
    for name, array in sections.items():
        place += -place % _ALIGN
        table[name] = {
            "at": place,
            "size": int(array.size),
            "type": array.dtype.str,
            "crc": zlib.crc32(np.ascontiguousarray(array).view(np.uint8).data),
        }
        place += array.nbytes
    header = json.dumps({"sections": table, **more}).encode()
    begin = len(MAGIC) + _LENGTH.size + len(header)
    begin += -begin % _ALIGN
    with path.open("xb") as file:
        file.write(MAGIC + _LENGTH.pack(len(header)) + header)
        for name, array in sections.items():
            file.seek(begin + table[name]["at"])
            file.write(np.ascontiguousarray(array).data)
        file.truncate(max(begin + place, file.tell()))
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that hold a term, ascending, and how often each does."""

    documents: Array
    frequencies: Array


NO_POSTINGS = Postings(np.empty(0, np.intp), np.empty(0, np.uint8))


class Field:
    """The terms of one field and their postings. Arrays are views of the file: nothing is read
    before it is asked for, and the memory is shared by every process that has it mapped."""

    def __init__(self, segment: "Segment", name: str) -> None:
        """Take the sections of field *name*."""
        self.name = name
        self.blob = segment.section(f"field/{name}/terms").data
        self.term_ends = segment.section(f"field/{name}/term_ends")
        self.starts = segment.section(f"field/{name}/starts")
        self.documents = segment.section(f"field/{name}/documents")
        self.frequencies = segment.section(f"field/{name}/frequencies")
        self._large_at = segment.section(f"field/{name}/large_at")
        self._large = segment.section(f"field/{name}/large")
        terms = np.searchsorted(self.starts, self._large_at, side="right") - 1
        self._with_large = frozenset(self.starts[terms].tolist())
        """Where the postings of terms begin that have a large frequency."""
        self.lengths = segment.section(f"field/{name}/lengths")
        self.has_positions = segment.has(f"field/{name}/positions")
        if self.has_positions:
            self.positions = segment.section(f"field/{name}/positions")
            self.position_starts = segment.section(f"field/{name}/position_starts")
        self.find = lru_cache(maxsize=1 << 14)(self._find)
        if segment.has(f"field/{name}/letter_counts"):
            # What is quickly compared of words (`vocabulary.Shapes`).
            self.letter_counts = segment.section(f"field/{name}/letter_counts")
            self.letter_signs = segment.section(f"field/{name}/letter_signs")

    def __len__(self) -> int:
        """Return how many terms there are."""
        return len(self.term_ends)

    def __getitem__(self, number: int) -> bytes:
        """Return the term of this number, in UTF-8."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        begin = int(self.term_ends[number - 1]) if number else 0
        return bytes(self.blob[begin : int(self.term_ends[number])])

    def terms(self, numbers: range) -> list[bytes]:
        """Return the terms of numbers that follow one another."""
        begin = int(self.term_ends[numbers.start - 1]) if numbers.start else 0
        ends = self.term_ends[numbers.start : numbers.stop].tolist()
        return [bytes(self.blob[a:b]) for a, b in pairwise([begin, *ends])]

    @cached_property
    def _heads(self) -> list[bytes]:
        """Every 64th term: most of a search is done in them, without a look at the file."""
        ends = self.term_ends[::_HEADS_APART].tolist()
        begins = [0, *self.term_ends[_HEADS_APART - 1 :: _HEADS_APART].tolist()]
        return [bytes(self.blob[begin:end]) for begin, end in zip(begins, ends, strict=False)]

    def first_from(self, term: bytes) -> int:
        """Return the number of the first term that is not less than *term*."""
        block = bisect_left(self._heads, term) * _HEADS_APART
        return bisect_left(self, term, max(0, block - _HEADS_APART), min(block, len(self)))

    def prefixed(self, prefix: bytes) -> range:
        """Return the numbers of the terms that begin with *prefix*."""
        first = self.first_from(prefix)
        # The next prefix of this length in byte order; 0xFF does not occur in UTF-8.
        return range(first, self.first_from(prefix + b"\xff"))

    def postings(self, term: bytes) -> Postings:
        """Return the postings of *term*; none where no document holds it."""
        number = self.find(term)
        return NO_POSTINGS if number is None else self.postings_of(number)

    def postings_of(self, number: int) -> Postings:
        """Return the postings of the term of this number."""
        return Postings(*self.span_of(number))

    def span_of(self, number: int) -> tuple[Array, Array]:
        """Return the same as two arrays: the documents, and how often each holds the term."""
        begin, end = self.starts[number : number + 2].tolist()
        return self.documents[begin:end], self.often(begin, end)

    def often(self, begin: int, end: int) -> Array:
        """Return the frequencies of the postings from *begin* to before *end*, all of one term."""
        return (
            self._frequencies(begin, end)
            if begin in self._with_large
            else self.frequencies[begin:end]
        )

    def documents_of(self, numbers: Integers) -> tuple[Array, Integers]:
        """Return the documents of each of these terms, one term after the other, and how many each has."""
        begins = self.starts[numbers].astype(np.int64)
        counts = self.starts[numbers + 1] - begins
        at = np.repeat(begins - (np.cumsum(counts) - counts), counts)
        at += np.arange(len(at))
        return self.documents[at], counts

    def all_frequencies(self) -> Integers:
        """Return the frequency of every posting of the field."""
        return self._frequencies(0, len(self.frequencies)).astype(np.int64)

    def _frequencies(self, begin: int, end: int) -> Array:
        frequencies = self.frequencies[begin:end]
        first, last = np.searchsorted(self._large_at, (begin, end)).tolist()
        whole = frequencies.astype(np.uint32)
        whole[self._large_at[first:last] - begin] = self._large[first:last]
        return whole

    def positions_in(self, number: int, postings: Integers) -> tuple[Array, Array]:
        """Return how often the term stands in each of *postings*, and all its positions there.

        *postings* are numbers of postings within the term, ascending; the positions are in
        order of posting, then position.
        """
        frequencies = self.span_of(number)[1]
        begin = int(self.position_starts[number])
        if len(postings) == len(frequencies):
            end = begin + int(frequencies.sum(dtype=np.int64))
            return frequencies, self.positions[begin:end]
        counts = frequencies[postings]
        ends = np.cumsum(counts, dtype=np.int64)
        # How much further on the positions of each posting stand than those of the chosen alone.
        skipped = np.cumsum(frequencies, dtype=np.int64)[postings] - ends
        at = np.repeat(skipped + begin, counts)
        at += np.arange(len(at))
        return counts, self.positions[at]

    def _find(self, term: bytes) -> int | None:
        number = self.first_from(term)
        return number if number < len(self) and self[number] == term else None


@dataclass(frozen=True, slots=True)
class Facet:
    """Which values each document bears: those of document d are ordinals[offsets[d]:offsets[d+1]]."""

    values: list[str]
    offsets: Array
    ordinals: Array

    @property
    def single(self) -> bool:
        """Whether every document bears exactly one value."""
        return len(self.ordinals) == len(self.offsets) - 1


class Segment:
    """An open segment file. Safe to share by threads; it may be deleted while it is open."""

    def __init__(self, path: Path) -> None:
        """Open the file at *path*; IndexUnavailable where it is missing, short or no segment."""
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"the segment {path} cannot be opened: {error}") from error
        self.header = self._read_header()
        self.size = len(self.section("documents/record_ids"))
        self.fields = {name: Field(self, name) for name in self.header["fields"]}
        self.facets = {
            name: Facet(
                values,
                self.section(f"facet/{name}/offsets"),
                self.section(f"facet/{name}/ordinals"),
            )
            for name, values in self.header["facets"].items()
        }
        self.labels: list[str] = self.header["labels"]
        self.languages: list[str] = self.header["languages"]

    @property
    def occurrences(self) -> int:
        """How often terms stand anywhere, the deleted documents counted too."""
        return sum(len(one.positions) for one in self.fields.values() if one.has_positions)

    def has(self, name: str) -> bool:
        """Whether there is a section of this name."""
        return name in self.header["sections"]

    def section(self, name: str) -> Array:
        """Return a section as an array that cannot be written."""
        entry = self.header["sections"][name]
        return np.frombuffer(self._map, entry["type"], entry["size"], self._begin + entry["at"])

    def sections(self) -> Iterator[str]:
        """Yield the name of every section."""
        yield from self.header["sections"]

    def verify(self) -> None:
        """Read every section and compare its checksum; IndexUnavailable names the first that differs."""
        for name, entry in self.header["sections"].items():
            if zlib.crc32(self.section(name).view(np.uint8).data) != entry["crc"]:
                raise IndexUnavailable(f"the segment {self.path} is damaged in {name}")

    def _read_header(self) -> dict[str, Any]:
        begin = len(MAGIC) + _LENGTH.size
        try:
            if self._map[: len(MAGIC)] != MAGIC:
                raise ValueError("it does not begin like one")
            (length,) = _LENGTH.unpack(self._map[len(MAGIC) : begin])
            header: dict[str, Any] = json.loads(self._map[begin : begin + length])
            self._begin = begin + length + -(begin + length) % _ALIGN
            for entry in header["sections"].values():
                end = self._begin + entry["at"] + entry["size"] * np.dtype(entry["type"]).itemsize
                if end > len(self._map):
                    raise ValueError("it is shorter than it says")
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise IndexUnavailable(f"{self.path} is no whole segment: {error}") from error
        return header
