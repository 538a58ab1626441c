"""A Whoosh codec over our segments: whatever Whoosh can ask of an index, it can ask of this one.

Whoosh's own queries, searchers and readers work on an index that we write, slowly: it is how
others read it, and what our evaluation is compared with. Whoosh does not write it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo

from indexer.engine.whoosh.segment import Field, Segment

EXTENSION = "mun"


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads; every writer is refused."""

    def terms_reader(self, storage: Any, segment: "ArraySegment") -> "_Terms":
        """Return the terms of a segment."""
        return _Terms(segment.opened(storage))

    def per_document_reader(self, storage: Any, segment: "ArraySegment") -> "_Documents":
        """Return the documents of a segment."""
        return _Documents(segment.opened(storage), segment)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Refuse."""
        raise TypeError("this index is written by Muniment alone")

    field_writer = postings_writer = new_segment = postings_reader = per_document_writer


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What the table of contents holds of a segment: its name, its size, what is deleted."""

    def __init__(self, indexname: str, size: int) -> None:
        """Make a name for a new segment."""
        super().__init__(indexname)
        self.size = size
        self.deleted: frozenset[int] = frozenset()

    def without(self, documents: Iterable[int]) -> "ArraySegment":
        """Return this segment with more documents deleted."""
        copy = ArraySegment(self.indexname, self.size)
        copy.segid = self.segid
        copy.deleted = self.deleted | frozenset(documents)
        return copy

    def file_name(self) -> str:
        """Return the name of its file."""
        return str(self.make_filename(f".{EXTENSION}"))

    def opened(self, storage: Any) -> Segment:
        """Open its file in a Whoosh storage."""
        return Segment(Path(storage.folder) / self.file_name())

    def codec(self, **_options: Any) -> ArrayCodec:
        """Return who reads it."""
        return ArrayCodec()

    def should_assemble(self) -> bool:
        """Say that it is one file already."""
        return False

    def doc_count_all(self) -> int:
        """Return how many documents it has, the deleted with them."""
        return self.size

    def deleted_count(self) -> int:
        """Return how many are deleted."""
        return len(self.deleted)

    def deleted_docs(self) -> Iterable[int]:
        """Return the deleted."""
        return self.deleted

    def is_deleted(self, docnum: int) -> bool:
        """Whether one is deleted."""
        return docnum in self.deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Refuse."""
        raise TypeError("this index is written by Muniment alone")


class _Terms(base.TermsReader):  # type: ignore[misc]
    """The terms of every field, by field, in order."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.segment.fields.get(term[0])
        return field is not None and field.find(term[1]) is not None

    def indexed_field_names(self) -> Iterable[str]:
        return list(self.segment.fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in sorted(self.segment.fields):
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        field = self.segment.fields[fieldname]
        for number in range(field.first_from(prefix), len(field)):
            yield fieldname, field[number]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        field, number = self._found(fieldname, text)
        postings = field.postings_of(number)
        lengths = field.lengths[postings.documents]
        return TermInfo(
            weight=float(postings.frequencies.sum(dtype=np.int64)),
            df=len(postings.documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(postings.frequencies.max()),
            minid=int(postings.documents[0]),
            maxid=int(postings.documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> int:
        field, number = self._found(fieldname, text)
        return int(field.postings_of(number).frequencies.sum(dtype=np.int64))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        field, number = self._found(fieldname, text)
        return len(field.postings_of(number).documents)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        field, number = self._found(fieldname, text)
        postings = field.postings_of(number)
        return ListMatcher(
            postings.documents.tolist(),
            postings.frequencies.astype(float).tolist(),
            _values(field, number, format_) if field.has_positions else None,
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def cursor(self, fieldname: str, fieldobj: Any) -> "_Cursor":
        return _Cursor(self, fieldname, fieldobj)

    def _found(self, fieldname: str, text: bytes) -> tuple[Field, int]:
        field = self.segment.fields.get(fieldname)
        number = None if field is None else field.find(text)
        if field is None or number is None:
            raise KeyError((fieldname, text))
        return field, number


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """A place among the terms of a field, for Whoosh's fuzzy queries."""

    def __init__(self, terms: _Terms, name: str, fieldobj: Any) -> None:
        self.terms, self.name, self.fieldobj = terms, name, fieldobj
        self.field, self.number = terms.segment.fields[name], 0

    def first(self) -> str | None:
        self.number = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        self.number = self.field.first_from(term.encode() if isinstance(term, str) else term)
        return self.text()

    def next(self) -> str | None:
        self.number += 1
        return self.text()

    def text(self) -> str | None:
        return str(self.fieldobj.from_bytes(self.field[self.number])) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        return self.terms.term_info(self.name, self.field[self.number]) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self.number < len(self.field)


class _Documents(base.PerDocumentReader):  # type: ignore[misc]
    """What is kept of each document."""

    def __init__(self, opened: Segment, segment: ArraySegment) -> None:
        self.opened, self.segment = opened, segment
        self.ids = opened.section("documents/record_ids")

    def doc_count(self) -> int:
        return self.segment.size - len(self.segment.deleted)

    def doc_count_all(self) -> int:
        return self.segment.size

    def has_deletions(self) -> bool:
        return bool(self.segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.segment.deleted

    def deleted_docs(self) -> Iterable[int]:
        return self.segment.deleted

    def supports_columns(self) -> bool:
        return False

    def has_column(self, fieldname: str) -> bool:
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        field = self.opened.fields.get(fieldname)
        return default if field is None else int(field.lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self.opened.fields[fieldname].lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        return int(self.opened.fields[fieldname].lengths.min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        return int(self.opened.fields[fieldname].lengths.max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, int]:
        return {"record_id": int(self.ids[docnum])}


def _values(field: Field, number: int, format_: Any) -> list[bytes]:
    size = len(field.postings_of(number).documents)
    counts, positions = field.positions_in(number, np.arange(size))
    which = np.repeat(np.arange(size), counts)
    apart = np.split(positions, np.searchsorted(which, np.arange(1, size)))
    return [format_.encode([int(p) for p in some]) for some in apart]
