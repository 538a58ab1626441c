"""What a segment holds is what stands in its documents: quick inversion and plain give the same."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import analysis
from indexer.engine import FACETS, IndexDocument
from indexer.engine.fields import places
from indexer.engine.whoosh import building
from indexer.engine.whoosh.segment import Segment
from indexer.engine.whoosh.words import PIECE_BYTES, Vocabulary

# Scripts with and without spaces, signs inside words, what folds to nothing or to two letters.
PIECES = (
    "peace", "Peace", "the", "treaties", "İstanbul’un", "əsas", "Ağdərə", "l’accord", "qu'il", "été",
    "мирный", "договоров", "Ёлка", "м’ята", 'צה"ל', '"ב', 'א"', "ירושלים", "السلام", "كتاب", "東京都",
    "ภาษาไทย", "नमस्ते", "Straße", "ﬁn", "naïve", "\u00ad", "\u0301", "a\u00adb", "x²", "\udc80",
    "351-IVQ", "A/RES/48/114", "snake_case", "“quoted”", "—", "·", "\x00", "0123456789" * 4,
    "governmental-intergovernmental", "государственность", "достопримечательностями", "ünïcödé" * 9,
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).flatmap(
    lambda words: st.sampled_from([" ", "", "\n", '"', ", "]).map(lambda by: by.join(words))
)
LANGUAGES = st.sampled_from([None, "en", "en-GB", "az", "ru", "fr", "he", "xx"])


def document(
    record_id: int, title: str, text: str, aside: str, language: str | None
) -> IndexDocument:
    return IndexDocument(
        record_id=record_id,
        label="public" if record_id % 3 else "staff",
        language=language,
        title=title,
        text=text,
        aside=aside,
        numbers=tuple({word for word in title.split() if word.isalnum() and word.isascii()}),
        facets={
            name: frozenset({language or "", f"{name}{record_id % 2}"})
            if name == "kind"
            else frozenset({f"{name}{record_id % 3}"})
            for name in FACETS
        },
        date=None,
    )


DOCUMENTS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS, LANGUAGES), max_size=8).map(
    lambda parts: [document(n, *texts) for n, texts in enumerate(parts, 10)]
)


Postings = dict[str, dict[bytes, dict[int, list[int]]]]


def plain(documents: Iterable[IndexDocument]) -> Postings:
    """Return field → term → record → places, the slow way."""
    found: Postings = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for one in documents:
        for name, text in places(one).items():
            for at, terms in enumerate(text):
                for term in terms:
                    found[name][term.encode()][one.record_id].append(at)
    return found


def compared(segment: Segment, documents: Sequence[IndexDocument]) -> None:
    expected = plain(documents)
    ids = segment.section("documents/record_ids").tolist()
    assert ids == [one.record_id for one in documents]
    for name, field in segment.fields.items():
        assert [field[n] for n in range(len(field))] == sorted(expected[name])
        lengths: Counter[int] = Counter()
        for number, term in enumerate(sorted(expected[name])):
            postings = field.postings_of(number)
            held = [ids[place] for place in postings.documents.tolist()]
            counts = dict(zip(held, postings.frequencies.tolist(), strict=True))
            wanted = expected[name][term]
            assert counts == {record: len(at) for record, at in wanted.items()}, (name, term)
            assert held == sorted(held)
            lengths.update(counts)
            if field.has_positions:
                every = building.np.arange(len(held))
                counts, at = field.positions_in(number, every)
                which = building.np.repeat(every, counts)
                stood = [(held[n], int(p)) for n, p in zip(which, at, strict=True)]
                assert stood == [(r, p) for r in held for p in wanted[r]], (name, term)
        assert field.lengths.tolist() == [lengths[record] for record in ids]
    for name, facet in segment.facets.items():
        borne = [
            {facet.values[o] for o in facet.ordinals[facet.offsets[n] : facet.offsets[n + 1]]}
            for n in range(len(ids))
        ]
        assert borne == [set(one.facets[name]) for one in documents]


def built(path: Path, documents: Iterable[IndexDocument]) -> Segment:
    builder = building.Builder()
    for one in documents:
        builder.add(one)
    builder.write(path)
    return Segment(path)


@settings(deadline=None)
@given(DOCUMENTS)
def test_a_segment_holds_what_stands_in_its_documents(documents):
    with TemporaryDirectory() as folder:
        compared(built(Path(folder) / "segment", documents), documents)


@settings(max_examples=50, deadline=None)
@given(DOCUMENTS, st.integers(0, 8), st.sets(st.integers(0, 7)))
def test_a_merged_segment_is_the_one_that_its_documents_would_make(documents, cut, gone):
    first, second = documents[:cut], documents[cut:]
    with TemporaryDirectory() as name:
        folder = Path(name)
        parts = [built(folder / "first", first), built(folder / "second", second)]
        deleted = sorted(n for n in gone if n < len(first))
        building.merge(folder / "merged", [(parts[0], deleted), (parts[1], [])])
        left = [one for n, one in enumerate(first) if n not in gone] + second
        built(folder / "at once", left)
        merged, at_once = Segment(folder / "merged"), Segment(folder / "at once")
        assert merged.header == at_once.header
        merged.verify()


def test_texts_larger_than_a_piece_and_more_words_than_a_table_holds_at_first():
    rng = random.Random(7)
    rare = [f"{rng.choice(PIECES)}{n}" for n in range(60_000)]
    words = [rng.choice(PIECES) if rng.random() < 0.5 else rng.choice(rare) for _ in range(300_000)]
    texts = ["", " ".join(words[:10]), " ".join(words), "·".join(words[:50_000]), ""]
    assert len(texts[2]) > 2 * PIECE_BYTES
    vocabulary = Vocabulary()
    for _ in range(2):  # the second time every stretch is known
        told = vocabulary.numbers_of(texts)
        found = [vocabulary.terms[n] for n in told.numbers.tolist()]
        assert found == [token.terms[0] for text in texts for token in analysis.tokens(text)]
        assert told.counts.tolist() == [sum(1 for _ in analysis.tokens(text)) for text in texts]


@settings(deadline=None)
@given(st.lists(TEXTS | st.text(), max_size=6), st.sampled_from([" ", "\n", ".", "-", "_", "\x00"]))
def test_a_text_may_be_cut_where_no_word_can_stand(texts, sign):
    assert sign.encode() not in analysis.INSIDE
    assert analysis.words(sign.join(texts)) == [w for text in texts for w in analysis.words(text)]
