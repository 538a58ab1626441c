"""Phrases: the same rows are found however often their terms stand and however many are asked for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import FACETS, IndexDocument
from indexer.engine.whoosh.building import Builder
from indexer.engine.whoosh.rows import Rows
from indexer.engine.whoosh.segment import Segment

WORDS = ("a", "b", "c", "d")
# Of some lengths the words of a document fill their bits to the last.
TEXTS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(WORDS), max_size=12),
        st.lists(st.sampled_from(WORDS), min_size=60, max_size=70),
        st.sampled_from([["a"] * 63, ["a"] * 64, ["a", "b"] * 64]),
    ),
    min_size=1,
    max_size=6,
)
ROWS = st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=70), min_size=1, max_size=6)


def document(number: int, text: str) -> IndexDocument:
    facets = {name: frozenset({""}) for name in FACETS}
    return IndexDocument(number, "public", "", "", text, "", (), facets, None)


@settings(deadline=None)
@given(TEXTS, ROWS)
def test_a_row_is_found_wherever_its_terms_follow_one_another(tmp_path_factory, texts, rows):
    builder = Builder()
    for number, words in enumerate(texts, 1):
        builder.add(document(number, " ".join(words)))
    path = tmp_path_factory.mktemp("rows") / "segment"
    builder.write(path)
    field = Segment(path).fields["text"]
    numbers = {word: field.find(word.encode()) for word in WORDS}
    known = [row for row in rows if all(numbers[word] is not None for word in row)]
    wanted = [tuple(numbers[word] for word in row) for row in known]
    together = Rows(field, wanted)
    for row, terms in zip(known, wanted, strict=True):
        expected = [
            (n << 32) + at
            for n, words in enumerate(texts)
            for at in range(len(words) - len(row) + 1)
            if words[at : at + len(row)] == row
        ]
        assert together.places(terms).tolist() == expected
        assert Rows(field, [terms]).places(terms).tolist() == expected
        assert together.documents(terms).tolist() == sorted({place >> 32 for place in expected})
