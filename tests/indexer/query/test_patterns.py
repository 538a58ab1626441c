"""What a wildcard and a fuzzy word stand for, and that arrays say the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine.whoosh import segment as segment_file
from indexer.engine.whoosh import vocabulary
from indexer.engine.whoosh.segment import Segment
from indexer.query import patterns
from indexer.query.ast import Fuzzy, Wildcard


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [
        ("", "", 0),
        ("peace", "", 5),
        ("peace", "peace", 0),
        ("peace", "paece", 1),
        ("peace", "pece", 1),
        ("peace", "peaces", 1),
        ("peace", "piece", 2),
        ("ca", "abc", 2),
        ("abcd", "badc", 2),
        ("мир", "мри", 1),
    ],
)
def test_how_many_letters_differ(one, other, away):
    assert patterns.edits(one, other) == patterns.edits(other, one) == away


@pytest.mark.parametrize(
    ("pattern", "term", "away"),
    [
        (Fuzzy("Peace"), "paece", 1),
        (Fuzzy("peace"), "piece", None),
        (Fuzzy("treaty"), "tretays", 2),
        (Wildcard("w?rd"), "word", 0),
        (Wildcard("w?rd"), "wrd", None),
        (Wildcard("wo*d*s"), "words", 0),
        (Wildcard("wo*d*s"), "wooods", 0),
        (Wildcard("wo*d*s"), "wosd", None),
        (Wildcard("Wo*D"), "wood", 0),
        # Words that mix two alphabets: one Cyrillic е, one Latin o, one Latin a.
        (Wildcard("yе?irsinlər"), "yetirsinlər", 0),
        (Wildcard("Mo?ква"), "москва", 0),
        (Wildcard("пaр*ент"), "парламент", 0),
    ],
)
def test_what_matches(pattern, term, away):
    assert patterns.distance(pattern, term) == away


def test_many_stars_take_no_longer_than_few():
    pattern = Wildcard("aa" + "*a" * 30 + "*b")
    assert patterns.distance(pattern, "a" * 5_000) is None


def segment_of(folder: Path, terms: list[str]) -> Segment:
    """Write a segment that has nothing but terms."""
    written = [term.encode() for term in terms]
    blob, ends = b"".join(written), np.cumsum([*map(len, written)], dtype=np.uint32)
    shapes = vocabulary.Shapes.of(blob, ends)
    field = {
        "terms": np.frombuffer(blob, np.uint8),
        "term_ends": ends,
        "letter_counts": shapes.lengths,
        "letter_signs": shapes.signs,
        **dict.fromkeys(
            ("starts", "documents", "frequencies", "large_at", "large", "lengths"),
            np.zeros(1, np.uint32),
        ),
    }
    sections = {f"field/text/{name}": array for name, array in field.items()}
    sections["documents/record_ids"] = np.zeros(1, np.int64)
    path = folder / "segment"
    path.unlink(missing_ok=True)
    more = {"fields": ["text"], "facets": {}, "labels": [], "languages": []}
    segment_file.write(path, sections, more)
    return Segment(path)


LETTERS = "abcé漢𝔸"
FORMS = st.one_of(
    st.text("abc漢", min_size=3, max_size=8).map(Fuzzy),
    st.from_regex(r"\A[abc][?bc][abc](\*|\?|[abc]){1,3}[ab]\Z").map(Wildcard),
)


@settings(max_examples=300, deadline=None)
@given(st.sets(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=60), FORMS)
def test_arrays_find_what_one_by_one_is_found(tmp_path_factory, terms, pattern):
    ordered = sorted(terms, key=str.encode)
    segment = segment_of(tmp_path_factory.getbasetemp(), ordered)
    [(numbers, distances)] = vocabulary.matching([segment.fields["text"]], pattern)
    found = {ordered[n]: away for n, away in zip(numbers.tolist(), distances.tolist(), strict=True)}
    one_by_one = {term: patterns.distance(pattern, term) for term in ordered}
    assert found == {term: away for term, away in one_by_one.items() if away is not None}
