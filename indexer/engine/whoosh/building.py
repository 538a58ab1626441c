"""From documents to a segment, and from several segments to one: inversion by sorting.

Every occurrence of a term becomes one number made of term, document and position, so that
one sort of one array puts the postings of a field in order.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import analysis
from indexer.engine import FACETS, IndexDocument
from indexer.engine.fields import FieldName
from indexer.engine.whoosh import segment as segment_file
from indexer.engine.whoosh.segment import OVERFLOWING, UNDATED, Array, Segment

POSITIONED: tuple[FieldName, ...] = ("title", "text", "aside")
STEMMED: dict[FieldName, FieldName] = {"title_stem": "title", "text_stem": "text"}

_DROPPED = 0xFFFFFFFF
Keys = NDArray[np.uint64]


class _Vocabulary(dict[str, int]):
    """Word as written → number of its first term; what folding leaves nothing of is dropped.

    Analysis runs once for each distinct word of a segment.
    """

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[str] = []
        self.numbers: dict[str, int] = {}
        self.variants: dict[int, tuple[int, ...]] = {}
        """Number of a first term → numbers of what else stands at the same place."""

    def __missing__(self, word: str) -> int:
        terms = analysis.terms_of(word)
        if not terms:
            self[word] = _DROPPED
            return _DROPPED
        first, *others = (self._number(term) for term in terms)
        if others:
            self.variants[first] = tuple(others)
        self[word] = first
        return first

    def _number(self, term: str) -> int:
        number = self.numbers.setdefault(term, len(self.terms))
        if number == len(self.terms):
            self.terms.append(term)
        return number


@dataclass(slots=True)
class _Words:
    """The words of one field of every document, one after the other."""

    vocabulary: _Vocabulary = field(default_factory=_Vocabulary)
    numbers: "array[int]" = field(default_factory=lambda: array("I"))
    counts: "array[int]" = field(default_factory=lambda: array("I"))
    """How many words each document has."""

    def add(self, text: str) -> None:
        words = analysis.words(text)
        self.numbers.extend(map(self.vocabulary.__getitem__, words))
        self.counts.append(len(words))


@dataclass(slots=True)
class Occurrences:
    """Where terms stand: three arrays of one length, in any order."""

    terms: list[bytes]
    """By number; any order, no two alike."""
    term: Array
    document: Array
    position: Array


@dataclass(slots=True)
class _Inverted:
    """A field in order, as it is written."""

    terms: list[bytes]
    starts: Array
    documents: Array
    frequencies: Array
    lengths: Array
    positions: Array | None = None
    position_starts: Array | None = None


class Builder:
    """Takes documents and writes them as one segment."""

    def __init__(self) -> None:
        """Begin empty."""
        self._documents: list[IndexDocument] = []
        self._words = {name: _Words() for name in POSITIONED}
        self._numbers: list[tuple[bytes, int]] = []
        self.occurrences = 0
        """How much memory this takes: about forty bytes for each."""

    def __len__(self) -> int:
        """Return how many documents were added."""
        return len(self._documents)

    def add(self, document: IndexDocument) -> None:
        """Add a document; the caller sees to it that no two have one record number."""
        for name, words in self._words.items():
            words.add(getattr(document, name))
            self.occurrences += words.counts[-1]
        here = len(self._documents)
        self._numbers += ((number.encode(), here) for number in document.numbers)
        # Its texts are in arrays now.
        self._documents.append(_without_texts(document))

    def write(self, path: Path) -> None:
        """Write the segment, durably."""
        size = len(self._documents)
        languages = sorted({document.language or "" for document in self._documents})
        language = np.array([languages.index(d.language or "") for d in self._documents], np.uint16)
        inverted: dict[str, _Inverted] = {}
        for name, words in self._words.items():
            inverted[name] = _invert(_occurrences(words), size)
        for name, source in STEMMED.items():
            inverted[name] = _stemmed(inverted[source], languages, language)
        inverted["numbers"] = _invert(_of_numbers(self._numbers), size, positions=False)
        _write(path, self._documents, inverted, languages, language)


def merge(path: Path, parts: Sequence[tuple[Segment, Sequence[int]]]) -> None:
    """Write one segment of several, each with its deleted documents, which are left out.

    Nothing is analysed again: the terms are those of the parts.
    """
    new_numbers, size = [], 0
    for part, deleted in parts:
        alive = np.ones(part.size, np.bool_)
        alive[list(deleted)] = False
        numbers = np.cumsum(alive) - 1 + size
        new_numbers.append(np.where(alive, numbers, -1))
        size += int(alive.sum())
    inverted: dict[str, _Inverted] = {}
    for name in POSITIONED:
        gathered = _gathered([part for part, _ in parts], new_numbers, name)
        inverted[name] = _invert(gathered, size)
    for name in (*STEMMED, "numbers"):
        inverted[name] = _merged_counts([part for part, _ in parts], new_numbers, name, size)
    documents = [
        document
        for (part, _), numbers in zip(parts, new_numbers, strict=True)
        for document in _documents_of(part, np.flatnonzero(numbers >= 0))
    ]
    languages = sorted({document.language or "" for document in documents})
    language = np.array([languages.index(d.language or "") for d in documents], np.uint16)
    _write(path, documents, inverted, languages, language)


def _occurrences(words: _Words) -> Occurrences:
    numbers = np.frombuffer(words.numbers, np.uint32) if words.numbers else np.empty(0, np.uint32)
    counts = np.array(words.counts, np.int64)
    document = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    kept = numbers != _DROPPED
    if not kept.all():
        numbers, document = numbers[kept], document[kept]
        counts = np.bincount(document, minlength=len(counts))
    begins = (np.cumsum(counts) - counts).astype(np.uint32)
    position = np.arange(len(numbers), dtype=np.uint32)
    position -= np.repeat(begins, counts)
    terms = [term.encode() for term in words.vocabulary.terms]
    places, others = _variant_places(words.vocabulary, numbers)
    if len(places):
        numbers = np.concatenate([numbers, others])
        document = np.concatenate([document, document[places]])
        position = np.concatenate([position, position[places]])
    return Occurrences(terms, numbers, document, position)


def _variant_places(vocabulary: _Vocabulary, numbers: Array) -> tuple[Array, Array]:
    """Return (place among *numbers*, number of what else stands there), however many stand there."""
    firsts = np.fromiter(vocabulary.variants, np.uint32, len(vocabulary.variants))
    counts = np.zeros(len(vocabulary.terms), np.int64)
    counts[firsts] = [len(others) for others in vocabulary.variants.values()]
    starts = np.zeros(len(vocabulary.terms), np.int64)
    starts[firsts] = np.cumsum(counts[firsts]) - counts[firsts]
    flat = np.array([n for others in vocabulary.variants.values() for n in others], np.uint32)
    having = np.flatnonzero(counts[numbers] > 0)
    each = counts[numbers[having]]
    places = np.repeat(having, each)
    within = np.arange(len(places)) - np.repeat(np.cumsum(each) - each, each)
    return places, flat[starts[numbers[places]] + within]


def _of_numbers(pairs: Sequence[tuple[bytes, int]]) -> Occurrences:
    terms = sorted({number for number, _ in pairs})
    place = {term: n for n, term in enumerate(terms)}
    term = np.array([place[number] for number, _ in pairs], np.int64)
    document = np.array([document for _, document in pairs], np.int64)
    return Occurrences(terms, term, document, np.arange(len(pairs)))


def _invert(found: Occurrences, size: int, *, positions: bool = True) -> _Inverted:
    """Put occurrences in order of term, document, position."""
    order = sorted(range(len(found.terms)), key=found.terms.__getitem__)
    rank = np.empty(len(order), np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    # Of a vocabulary some words may stand in no document any more.
    document_bits = _bits(size)
    position_bits = _bits(int(found.position.max(initial=0)) + 1)
    if _bits(len(order)) + document_bits + position_bits > 64:
        raise OverflowError("a segment is too large; let it hold fewer documents")
    # In place: memory is what bounds how large a segment may be.
    key: Keys = rank[found.term] if len(found.term) else np.empty(0, np.uint64)
    key <<= np.uint64(document_bits)
    key |= found.document.astype(np.uint32, copy=False)
    key <<= np.uint64(position_bits)
    key |= found.position.astype(np.uint32, copy=False)
    key.sort()
    pair = key >> np.uint64(position_bits)
    terms = [found.terms[n] for n in order]
    inverted = _of_pairs(terms, pair, document_bits, size)
    if positions:
        key &= np.uint64((1 << position_bits) - 1)
        inverted.positions = key.astype(_unsigned(1 << position_bits))
        pair >>= np.uint64(document_bits)
        inverted.position_starts = _starts(pair.astype(np.int64), len(terms))
    return inverted


def _of_pairs(terms: list[bytes], pair: Keys, document_bits: int, size: int) -> _Inverted:
    """Return postings of sorted pairs of term and document; a pair that repeats is a frequency."""
    new = np.empty(len(pair), np.bool_)
    new[:1] = True
    np.not_equal(pair[1:], pair[:-1], out=new[1:])
    first = np.flatnonzero(new)
    frequency = np.diff(first, append=len(pair))
    single = pair[first]
    documents = (single & np.uint64((1 << document_bits) - 1)).astype(_unsigned(size))
    term_of = (single >> np.uint64(document_bits)).astype(np.int64)
    return _counted(terms, term_of, documents, frequency, size)


def _counted(
    terms: list[bytes], term_of: Array, documents: Array, frequency: Array, size: int
) -> _Inverted:
    lengths = np.bincount(documents, weights=frequency, minlength=size).astype(np.uint32)
    return _Inverted(
        terms,
        _starts(term_of, len(terms)),
        documents,
        frequency.astype(_unsigned(int(frequency.max(initial=0)) + 1)),
        lengths,
    )


def _stemmed(words: _Inverted, languages: Sequence[str], language: Array) -> _Inverted:
    """Return the postings of stems: each term's, by the language of the document it stands in."""
    size = len(language)
    term_of = np.repeat(np.arange(len(words.terms)), np.diff(words.starts).astype(np.int64))
    numbers: dict[bytes, int] = {}
    stem_of = np.zeros(len(term_of), np.int64)
    spoken = language[words.documents]
    for ordinal, name in enumerate(languages):
        inside = np.flatnonzero(spoken == ordinal)
        if not len(inside):
            continue
        present, back = np.unique(term_of[inside], return_inverse=True)
        stems = analysis.stems([words.terms[n].decode() for n in present], name)
        stem_numbers = [numbers.setdefault(stem.encode(), len(numbers)) for stem in stems]
        stem_of[inside] = np.array(stem_numbers, np.int64)[back]
    return _summed(list(numbers), stem_of, words.documents, words.frequencies, size)


def _summed(
    terms: list[bytes], term: Array, documents: Array, frequencies: Array, size: int
) -> _Inverted:
    """Return postings in order, the frequencies of pairs that repeat added up."""
    order = sorted(range(len(terms)), key=terms.__getitem__)
    rank = np.empty(len(order), np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    document_bits = _bits(size)
    frequency_bits = _bits(int(frequencies.max(initial=0)) + 1)
    key: Keys = rank[term] if len(term) else np.empty(0, np.uint64)
    key = (key << np.uint64(document_bits)) | documents.astype(np.uint64)
    key = (key << np.uint64(frequency_bits)) | frequencies.astype(np.uint64)
    key.sort()
    pair = key >> np.uint64(frequency_bits)
    new = np.empty(len(pair), np.bool_)
    new[:1] = True
    np.not_equal(pair[1:], pair[:-1], out=new[1:])
    first = np.flatnonzero(new)
    counts = (key & np.uint64((1 << frequency_bits) - 1)).astype(np.int64)
    frequency = np.add.reduceat(counts, first) if len(first) else counts
    single = pair[first]
    return _counted(
        [terms[n] for n in order],
        (single >> np.uint64(document_bits)).astype(np.int64),
        (single & np.uint64((1 << document_bits) - 1)).astype(_unsigned(size)),
        frequency,
        size,
    )


def _vocabulary_of(parts: Sequence[Segment], name: str) -> tuple[list[bytes], list[Array]]:
    """Return the terms of several segments, and for each segment the number of each of its terms."""
    numbers: dict[bytes, int] = {}
    maps = []
    for part in parts:
        mine = part.fields[name]
        maps.append(
            np.array(
                [numbers.setdefault(mine[n], len(numbers)) for n in range(len(mine))], np.int64
            )
        )
    return list(numbers), maps


def _gathered(parts: Sequence[Segment], new_numbers: Sequence[Array], name: str) -> Occurrences:
    terms, maps = _vocabulary_of(parts, name)
    term, document, position = [], [], []
    for part, numbers, mapped in zip(parts, new_numbers, maps, strict=True):
        mine = part.fields[name]
        frequencies = mine.all_frequencies()
        term_of = np.repeat(mapped, np.diff(mine.starts).astype(np.int64))
        here = np.repeat(numbers[mine.documents], frequencies)
        kept = here >= 0
        term.append(np.repeat(term_of, frequencies)[kept])
        document.append(here[kept])
        position.append(mine.positions[kept].astype(np.int64))
    return _without_unused(
        Occurrences(terms, np.concatenate(term), np.concatenate(document), np.concatenate(position))
    )


def _without_unused(found: Occurrences) -> Occurrences:
    used, back = np.unique(found.term, return_inverse=True)
    return Occurrences([found.terms[n] for n in used], back, found.document, found.position)


def _merged_counts(
    parts: Sequence[Segment], new_numbers: Sequence[Array], name: str, size: int
) -> _Inverted:
    terms, maps = _vocabulary_of(parts, name)
    term, document, frequency = [], [], []
    for part, numbers, mapped in zip(parts, new_numbers, maps, strict=True):
        mine = part.fields[name]
        here = numbers[mine.documents]
        kept = here >= 0
        term.append(np.repeat(mapped, np.diff(mine.starts).astype(np.int64))[kept])
        document.append(here[kept])
        frequency.append(mine.all_frequencies()[kept])
    all_terms = np.concatenate(term)
    used, back = np.unique(all_terms, return_inverse=True)
    return _summed(
        [terms[n] for n in used], back, np.concatenate(document), np.concatenate(frequency), size
    )


def _documents_of(part: Segment, chosen: Array) -> Iterable[IndexDocument]:
    ids, labels = part.section("documents/record_ids"), part.section("documents/label")
    language = part.section("documents/language")
    first, last = part.section("documents/first"), part.section("documents/last")
    for n in chosen.tolist():
        yield _Described(
            int(ids[n]),
            part.labels[int(labels[n])],
            part.languages[int(language[n])] or None,
            {
                name: frozenset(
                    facet.values[o] for o in facet.ordinals[facet.offsets[n] : facet.offsets[n + 1]]
                )
                for name, facet in part.facets.items()
            },
            int(first[n]),
            int(last[n]),
        )  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class _Described:
    """What is kept of a document beside its terms."""

    record_id: int
    label: str
    language: str | None
    facets: Any
    first: int
    last: int


def _without_texts(document: IndexDocument) -> Any:
    date = document.date
    return _Described(
        document.record_id,
        document.label,
        document.language,
        document.facets,
        date.first.toordinal() if date else UNDATED,
        date.last.toordinal() if date else UNDATED,
    )


def _write(
    path: Path,
    documents: Sequence[Any],
    inverted: dict[str, _Inverted],
    languages: list[str],
    language: Array,
) -> None:
    labels = sorted({document.label for document in documents})
    sections: dict[str, Array] = {
        "documents/record_ids": np.array([d.record_id for d in documents], np.int64),
        "documents/label": np.array([labels.index(d.label) for d in documents], np.uint8),
        "documents/language": language,
        "documents/first": np.array([d.first for d in documents], np.int32),
        "documents/last": np.array([d.last for d in documents], np.int32),
    }
    facet_values: dict[str, list[str]] = {}
    for name in FACETS:
        values = sorted({value for d in documents for value in d.facets[name]})
        ordinal = {value: n for n, value in enumerate(values)}
        borne = [sorted(ordinal[value] for value in d.facets[name]) for d in documents]
        sections[f"facet/{name}/offsets"] = np.cumsum([0, *map(len, borne)], dtype=np.uint32)
        flat = [one for some in borne for one in some]
        sections[f"facet/{name}/ordinals"] = np.array(flat, _unsigned(len(values) + 1))
        facet_values[name] = values
    for field_name, one in inverted.items():
        sections[f"field/{field_name}/terms"] = np.frombuffer(b"".join(one.terms), np.uint8)
        sections[f"field/{field_name}/term_ends"] = np.cumsum(
            [*map(len, one.terms)], dtype=np.uint32
        )
        sections[f"field/{field_name}/starts"] = one.starts
        sections[f"field/{field_name}/documents"] = one.documents
        # One in thousands does not fit into a byte; those stand apart.
        large = np.flatnonzero(one.frequencies >= OVERFLOWING)
        sections[f"field/{field_name}/frequencies"] = np.minimum(
            one.frequencies, OVERFLOWING
        ).astype(np.uint8)
        sections[f"field/{field_name}/large_at"] = large
        sections[f"field/{field_name}/large"] = one.frequencies[large].astype(np.uint32)
        sections[f"field/{field_name}/lengths"] = one.lengths
        if one.positions is not None and one.position_starts is not None:
            sections[f"field/{field_name}/positions"] = one.positions
            sections[f"field/{field_name}/position_starts"] = one.position_starts
    more = {
        "fields": list(inverted),
        "facets": facet_values,
        "labels": labels,
        "languages": languages,
    }
    segment_file.write(path, sections, more)


def _starts(term_of: Array, terms: int) -> Array:
    """Return where each term begins among ascending numbers of terms, and where the last ends."""
    starts = np.zeros(terms + 1, np.int64)
    np.cumsum(np.bincount(term_of, minlength=terms), out=starts[1:])
    return starts.astype(np.uint32 if len(term_of) < 1 << 32 else np.uint64)


def _unsigned(limit: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest type that holds every number below *limit*."""
    return np.uint8 if limit <= 1 << 8 else np.uint16 if limit <= 1 << 16 else np.uint32


def _bits(limit: int) -> int:
    """Return how many bits hold every number below *limit*."""
    return max(1, (limit - 1).bit_length())
