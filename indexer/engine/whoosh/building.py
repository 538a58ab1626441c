"""From documents to a segment, and from several segments to one: inversion by sorting.

Every occurrence of a term becomes one number made of term, document and position, so that
one sort of one array puts the postings of a field in order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from archive.access import Label
from indexer import analysis
from indexer.engine import FACETS, NOT_KNOWN, FacetName, IndexDocument
from indexer.engine.fields import FieldName
from indexer.engine.spellings import capitals_tell
from indexer.engine.whoosh import segment as segment_file
from indexer.engine.whoosh import written
from indexer.engine.whoosh.segment import OVERFLOWING, UNDATED, Array, Segment
from indexer.engine.whoosh.vocabulary import Shapes
from indexer.engine.whoosh.words import Vocabulary

POSITIONED: tuple[FieldName, ...] = ("title", "text", "aside")
BORNE: tuple[FieldName, ...] = ("numbers", "issuers")
STEMMED: dict[FieldName, FieldName] = {"title_stem": "title", "text_stem": "text"}

# Texts wait until there are so many characters of them; then their words are numbered together.
WAITING_CHARS = 1 << 20
_CHARS_A_WORD = 4
_BLOCK = 1 << 16
"""Numbers that fit into a processor's cache."""

Keys = NDArray[np.uint64]


@dataclass(slots=True)
class _Words:
    """The words of one field of every document, one after the other."""

    numbers: list[Array] = field(default_factory=list)
    counts: list[Array] = field(default_factory=list)
    """How many words each document has."""


@dataclass(slots=True)
class Occurrences:
    """Where terms stand."""

    terms: list[bytes]
    """In order, no two alike; some may stand nowhere."""
    keys: Keys
    """Number of the term, document, position of each occurrence as one number; in any order.
    Whoever inverts them uses them up."""
    document_bits: int
    position_bits: int
    lengths: Array
    """How many occurrences each document has."""


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
        self._documents: list[_Described] = []
        self._waiting: list[IndexDocument] = []
        self._waiting_chars = self._counted = 0
        self._vocabulary = Vocabulary()
        self._words = {name: _Words() for name in POSITIONED}
        self._borne: dict[FieldName, list[tuple[str, int]]] = {name: [] for name in BORNE}
        """Value, and a document that bears it."""
        self._entries: list[Array] = []
        """Numbers of entries of `spellings.py` and of documents that hold them, in two rows."""

    def __len__(self) -> int:
        """Return how many documents were added."""
        return len(self._documents)

    @property
    def occurrences(self) -> int:
        """How much memory writing takes: about forty bytes for each."""
        return self._counted + self._waiting_chars // _CHARS_A_WORD

    def add(self, document: IndexDocument) -> None:
        """Add a document; the caller sees to it that no two have one record number."""
        self._waiting.append(document)
        self._waiting_chars += len(document.title) + len(document.text) + len(document.aside)
        here = len(self._documents)
        self._borne["numbers"] += ((number, here) for number in document.numbers)
        if document.issuer:
            self._borne["issuers"].append((document.issuer, here))
        self._documents.append(_without_texts(document))
        if self._waiting_chars >= WAITING_CHARS:
            self._number_words()

    def record_ids(self) -> list[int]:
        """Return the number of every record that was added, in order."""
        return [document.record_id for document in self._documents]

    def write(self, path: Path) -> None:
        """Write the segment, durably."""
        self._number_words()
        size = len(self._documents)
        languages = sorted({document.language or "" for document in self._documents})
        language = np.array([languages.index(d.language or "") for d in self._documents], np.uint16)
        terms, rank = _ranked(term.encode() for term in self._vocabulary.terms)
        inverted: dict[str, _Inverted] = {}
        for name, words in self._words.items():
            inverted[name] = _invert(_occurrences(words, self._vocabulary, terms, rank))
        for name, source in STEMMED.items():
            inverted[name] = _stemmed(inverted[source], languages, language)
        for name, borne in self._borne.items():
            given: dict[str, int] = {}
            numbers = np.array([given.setdefault(one, len(given)) for one, _ in borne], np.int64)
            bearers = np.array([document for _, document in borne], np.int64)
            inverted[name] = _of_pairs(given, numbers, bearers, size)
        entry, document = np.concatenate([*self._entries, np.empty((2, 0), np.int64)], axis=1)
        inverted["written"] = _of_pairs(self._vocabulary.entries, entry, document, size)
        keys = written.keys_of(inverted["written"].terms)
        _write(path, self._documents, inverted, keys, languages, language)

    def _number_words(self) -> None:
        """Turn the texts that wait into numbers."""
        size = len(self._waiting)
        if not size:
            return
        texts = [getattr(document, name) for name in POSITIONED for document in self._waiting]
        found = self._vocabulary.numbers_of(texts)
        begin = 0
        for words, mine in zip(
            self._words.values(), np.split(found.counts, len(POSITIONED)), strict=True
        ):
            end = begin + int(mine.sum())
            words.numbers.append(found.numbers[begin:end])
            words.counts.append(mine)
            begin = end
        document = found.bearers - POSITIONED.index("text") * size
        kept = (document >= 0) & (document < size)
        entries, document = found.entries[kept], document[kept]
        tell = np.array([capitals_tell(one.language) for one in self._waiting])
        kept = tell[document] | ~self._vocabulary.capital[entries]
        first = len(self._documents) - size
        self._entries.append(np.stack([entries[kept].astype(np.int64), document[kept] + first]))
        self._counted += len(found.numbers)
        self._waiting, self._waiting_chars = [], 0


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
    segments = [part for part, _ in parts]
    inverted: dict[str, _Inverted] = {}
    for name in POSITIONED:
        inverted[name] = _invert(_gathered(segments, new_numbers, name, size))
    for name in (*STEMMED, *BORNE, "written"):
        inverted[name] = _merged_counts(segments, new_numbers, name)
    keys = written.merged_keys(segments, inverted["written"].terms)
    documents = [
        document
        for (part, _), numbers in zip(parts, new_numbers, strict=True)
        for document in _documents_of(part, np.flatnonzero(numbers >= 0))
    ]
    languages = sorted({document.language or "" for document in documents})
    language = np.array([languages.index(d.language or "") for d in documents], np.uint16)
    _write(path, documents, inverted, keys, languages, language)


def _ranked(terms: Iterable[bytes]) -> tuple[list[bytes], Keys]:
    """Return terms in order, and for each as it was given its place in that order."""
    given = list(terms)
    order = sorted(range(len(given)), key=given.__getitem__)
    rank = np.empty(len(order), np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    return [given[n] for n in order], rank


def _occurrences(
    words: _Words, vocabulary: Vocabulary, terms: list[bytes], rank: Keys
) -> Occurrences:
    size = sum(map(len, words.counts))
    most = max((int(counts.max()) for counts in words.counts), default=0)
    found = _empty_occurrences(terms, sum(map(len, words.numbers)), size, most)
    rank = rank << np.uint64(found.document_bits + found.position_bits)
    others: list[Keys] = []
    begin = document = 0
    for numbers, counts in zip(words.numbers, words.counts, strict=True):
        # Document and position of an occurrence: its own place, less where its document begins.
        bases = np.arange(document, document + len(counts)) << found.position_bits
        place = np.repeat(bases - (np.cumsum(counts) - counts), counts)
        place += np.arange(len(place))
        keys = found.keys[begin : begin + len(numbers)]
        np.take(rank, numbers, out=keys)
        keys |= place.view(np.uint64)
        at, more = _variant_places(vocabulary, numbers)
        others.append(rank[more] | place[at].view(np.uint64))
        found.lengths[document : document + len(counts)] = counts
        begin += len(numbers)
        document += len(counts)
    if any(map(len, others)):
        found.keys = np.concatenate([found.keys, *others])
        bearers = np.concatenate(others) >> np.uint64(found.position_bits)
        bearers &= np.uint64((1 << found.document_bits) - 1)
        found.lengths += np.bincount(bearers.astype(np.int64), minlength=size).astype(np.uint32)
    return found


def _empty_occurrences(terms: list[bytes], number: int, size: int, most: int) -> Occurrences:
    """Return room for *number* occurrences in *size* documents of at most *most* places."""
    document_bits, position_bits = _bits(size), _bits(most)
    if _bits(len(terms)) + document_bits + position_bits > 64:
        raise OverflowError("a segment is too large; let it hold fewer documents")
    keys = np.empty(number, np.uint64)
    return Occurrences(terms, keys, document_bits, position_bits, np.zeros(size, np.uint32))


def _variant_places(vocabulary: Vocabulary, numbers: Array) -> tuple[Array, Array]:
    """Return (place among *numbers*, number of what else stands there), however many stand there."""
    firsts = np.fromiter(vocabulary.variants, np.uint32, len(vocabulary.variants))
    counts = np.zeros(len(vocabulary.terms), np.uint8)
    counts[firsts] = [len(others) for others in vocabulary.variants.values()]
    starts = np.zeros(len(vocabulary.terms), np.int64)
    starts[firsts] = np.cumsum(counts[firsts], dtype=np.int64) - counts[firsts]
    flat = np.array([n for others in vocabulary.variants.values() for n in others], np.uint32)
    having = np.flatnonzero(counts[numbers])
    each = counts[numbers[having]].astype(np.int64)
    places = np.repeat(having, each)
    within = np.arange(len(places)) - np.repeat(np.cumsum(each) - each, each)
    return places, flat[starts[numbers[places]] + within]


def _of_pairs(given: Iterable[str], numbers: Array, document: Array, size: int) -> _Inverted:
    """Return the postings of terms that stand in documents, wherever: each pair of *numbers*, of
    the terms as they are *given*, and *document* is an occurrence."""
    terms, rank = _ranked(term.encode() for term in given)
    lengths = np.bincount(document, minlength=size).astype(np.uint32)
    return _summed(terms, rank[numbers], document, np.ones(len(numbers), np.int64), lengths)


def _invert(found: Occurrences) -> _Inverted:
    """Put occurrences in order of term, document, position."""
    keys, size = found.keys, len(found.lengths)
    keys.sort()
    # In place and in blocks: memory is what bounds how large and how quick a segment may be.
    positions = np.empty(len(keys), _unsigned(1 << found.position_bits))
    for begin in range(0, len(keys), _BLOCK):
        block = keys[begin : begin + _BLOCK]
        positions[begin : begin + _BLOCK] = block & np.uint64((1 << found.position_bits) - 1)
        block >>= np.uint64(found.position_bits)
    first = _changes(keys)
    pairs = keys[first]
    documents = (pairs & np.uint64((1 << found.document_bits) - 1)).astype(_unsigned(size))
    pairs >>= np.uint64(found.document_bits)
    terms, starts = _starts(found.terms, pairs)
    first = np.append(first, len(keys))
    frequencies = np.diff(first).astype(np.uint32)
    position_starts = first[starts].astype(np.uint32)
    return _Inverted(
        terms, starts, documents, frequencies, found.lengths, positions, position_starts
    )


def _stemmed(words: _Inverted, languages: Sequence[str], language: Array) -> _Inverted:
    """Return the postings of stems: each term's, by the language of the document it stands in."""
    term_of = np.repeat(np.arange(len(words.terms), dtype=np.uint32), np.diff(words.starts))
    numbers: dict[bytes, int] = {}
    stem_of = np.empty(len(term_of), np.uint32)
    spoken = language[words.documents]
    number_of = np.empty(len(words.terms), np.uint32)
    for ordinal, name in enumerate(languages):
        inside = np.flatnonzero(spoken == ordinal)
        mine = term_of[inside]
        stands = np.zeros(len(words.terms), np.bool_)
        stands[mine] = True
        present = np.flatnonzero(stands)
        stems = analysis.stems([words.terms[n].decode() for n in present.tolist()], name)
        number_of[present] = [numbers.setdefault(stem.encode(), len(numbers)) for stem in stems]
        stem_of[inside] = number_of[mine]
    terms, rank = _ranked(numbers)
    return _summed(terms, rank[stem_of], words.documents, words.frequencies, words.lengths)


def _summed(
    terms: list[bytes], term: Keys, documents: Array, frequencies: Array, lengths: Array
) -> _Inverted:
    """Return postings in order, the frequencies of pairs that repeat added up.

    *lengths*: how long the field of each document is. *term* is used up.
    """
    size = len(lengths)
    document_bits = _bits(size)
    frequency_bits = _bits(int(frequencies.max(initial=0)) + 1)
    key = term
    key <<= np.uint64(document_bits)
    key |= documents.astype(np.uint64)
    key <<= np.uint64(frequency_bits)
    key |= frequencies.astype(np.uint64)
    key.sort()
    pair = key >> np.uint64(frequency_bits)
    first = _changes(pair)
    key &= np.uint64((1 << frequency_bits) - 1)
    frequency = np.add.reduceat(key, first) if len(first) else key
    single = pair[first]
    documents = (single & np.uint64((1 << document_bits) - 1)).astype(_unsigned(size))
    single >>= np.uint64(document_bits)
    used, starts = _starts(terms, single)
    return _Inverted(used, starts, documents, frequency, lengths)


def _changes(ascending: Array) -> Array:
    """Return where another number begins."""
    new = np.empty(len(ascending), np.bool_)
    new[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return np.flatnonzero(new)


def _starts(terms: list[bytes], term_of: Array) -> tuple[list[bytes], Array]:
    """Return the terms that have postings, and where those of each begin and the last end.

    *term_of* is the number of the term of each posting, ascending.
    """
    begins = _changes(term_of)
    starts = np.append(begins, len(term_of)).astype(np.uint32)
    return [terms[n] for n in term_of[begins].tolist()], starts


def _vocabulary_of(parts: Sequence[Segment], name: str) -> tuple[list[bytes], list[Keys]]:
    """Return the terms of several segments, and for each segment the number of each of its terms."""
    numbers: dict[bytes, int] = {}
    maps = []
    for part in parts:
        mine = part.fields[name]
        maps.append([numbers.setdefault(mine[n], len(numbers)) for n in range(len(mine))])
    terms, rank = _ranked(numbers)
    return terms, [rank[one] if one else np.empty(0, np.uint64) for one in maps]


def _gathered(
    parts: Sequence[Segment], new_numbers: Sequence[Array], name: str, size: int
) -> Occurrences:
    terms, maps = _vocabulary_of(parts, name)
    fields = [part.fields[name] for part in parts]
    most = max(int(mine.positions.max(initial=0)) for mine in fields) + 1
    found = _empty_occurrences(terms, sum(len(mine.positions) for mine in fields), size, most)
    end = 0
    for mine, numbers, mapped in zip(fields, new_numbers, maps, strict=True):
        frequencies = mine.all_frequencies()
        here = np.repeat(numbers[mine.documents], frequencies)
        kept = here >= 0
        keys: Keys = np.repeat(np.repeat(mapped, np.diff(mine.starts)), frequencies)[kept]
        keys <<= np.uint64(found.document_bits)
        keys |= here[kept].view(np.uint64)
        keys <<= np.uint64(found.position_bits)
        keys |= mine.positions[kept]
        found.keys[end : end + len(keys)] = keys
        end += len(keys)
    found.keys = found.keys[:end]
    alive = [m.lengths[numbers >= 0] for m, numbers in zip(fields, new_numbers, strict=True)]
    found.lengths = np.concatenate(alive)
    return found


def _merged_counts(parts: Sequence[Segment], new_numbers: Sequence[Array], name: str) -> _Inverted:
    terms, maps = _vocabulary_of(parts, name)
    term, document, frequency, lengths = [], [], [], []
    for part, numbers, mapped in zip(parts, new_numbers, maps, strict=True):
        mine = part.fields[name]
        here = numbers[mine.documents]
        kept = here >= 0
        term.append(np.repeat(mapped, np.diff(mine.starts).astype(np.int64))[kept])
        document.append(here[kept])
        frequency.append(mine.all_frequencies()[kept])
        lengths.append(mine.lengths[numbers >= 0])
    gathered = (np.concatenate(one) for one in (term, document, frequency, lengths))
    return _summed(terms, *gathered)


def _documents_of(part: Segment, chosen: Array) -> Iterable["_Described"]:
    ids, labels = part.section("documents/record_ids"), part.section("documents/label")
    language = part.section("documents/language")
    first, last = part.section("documents/first"), part.section("documents/last")
    for n in chosen.tolist():
        yield _Described(
            int(ids[n]),
            cast("Label", part.labels[int(labels[n])]),
            part.languages[int(language[n])] or None,
            {
                name: frozenset(
                    facet.values[o] for o in facet.ordinals[facet.offsets[n] : facet.offsets[n + 1]]
                )
                for name, facet in part.facets.items()
            },
            int(first[n]),
            int(last[n]),
        )


@dataclass(frozen=True, slots=True)
class _Described:
    """What is kept of a document beside its terms."""

    record_id: int
    label: Label
    language: str | None
    facets: Mapping[FacetName, frozenset[str]]
    first: int
    last: int


def _without_texts(document: IndexDocument) -> _Described:
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
    documents: Sequence[_Described],
    inverted: dict[str, _Inverted],
    keys: Array,
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
    sections[written.KEYS] = keys
    facet_values: dict[str, list[str]] = {}
    for name in FACETS:
        facet_values[name], offsets, ordinals = _facet(
            [d.facets.get(name, NOT_KNOWN) for d in documents]
        )
        sections[f"facet/{name}/offsets"], sections[f"facet/{name}/ordinals"] = offsets, ordinals
    for field_name, one in inverted.items():
        blob, ends = b"".join(one.terms), np.cumsum([*map(len, one.terms)], dtype=np.uint32)
        sections[f"field/{field_name}/terms"] = np.frombuffer(blob, np.uint8)
        sections[f"field/{field_name}/term_ends"] = ends
        if field_name in POSITIONED:
            shapes = Shapes.of(blob, ends)
            sections[f"field/{field_name}/letter_counts"] = shapes.lengths
            sections[f"field/{field_name}/letter_signs"] = shapes.signs
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


def _facet(borne: Sequence[frozenset[str]]) -> tuple[list[str], Array, Array]:
    """Return the values in order, and the offsets and ordinals of the sets of values *borne*."""
    # Few sets are borne by many documents.
    sets: dict[frozenset[str], int] = {}
    which = np.array([sets.setdefault(one, len(sets)) for one in borne], np.int64)
    values = sorted(frozenset().union(*sets))
    ordinal = {value: n for n, value in enumerate(values)}
    flat = np.array([n for one in sets for n in sorted(map(ordinal.__getitem__, one))], np.int64)
    counts = np.array([*map(len, sets)], np.int64)
    begins = np.cumsum(counts) - counts
    offsets = np.zeros(len(borne) + 1, np.uint32)
    np.cumsum(counts[which], out=offsets[1:])
    at = np.repeat(begins[which] - offsets[:-1], counts[which]) + np.arange(int(offsets[-1]))
    return values, offsets, flat[at].astype(_unsigned(len(values) + 1))


def _unsigned(limit: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest type that holds every number below *limit*."""
    return np.uint8 if limit <= 1 << 8 else np.uint16 if limit <= 1 << 16 else np.uint32


def _bits(limit: int) -> int:
    """Return how many bits hold every number below *limit*."""
    return max(1, (limit - 1).bit_length())
