"""Our scores beside those of stock Whoosh, where both define one.

Compared: words in exactly this form in the field `text` (a single word, AND, OR, a phrase),
scored by Whoosh's own BM25F, run by Whoosh's own matchers over an index of its own codec and
over ours. Settings that make the two formulas one:

- K1. In BM25F after Robertson and Zaragoza a field's weight w stands inside the saturation:
  w f / (w f + K1 n) = f / (f + (K1 / w) n). So Whoosh is given K1 / w; what differs then is the
  constant (K1 + 1) / (K1 / w + 1).
- idf. Ours is log(1 + (N - n + 1/2) / (n + 1/2)), Whoosh's log(N / (n + 1)) + 1. Whoosh is given
  ours by a subclass; for single words also its own, since a score is idf times the rest.

Different on purpose, and not compared: several fields (Whoosh saturates each by itself and adds
them), stems, beginnings, numbers, statistics of what a reader may see, and lengths that Whoosh's
codec rounds to keep them in a byte (11 becomes 12): the texts here have others.
"""

import random

import pytest
from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh import scoring
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.util.numeric import byte_to_length, length_to_byte

from archive.access import PUBLIC
from indexer.engine import Mark, Question
from indexer.engine.fields import BOOSTS, K1, B, idf
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse
from tests.indexer.engine.test_whoosh_index import WORDS, current, document, some_text

WEIGHT = BOOSTS["text"] + BOOSTS["text_stem"]
SCALE = (K1 + 1) / (K1 / WEIGHT + 1)
RARE = "khojaly"


class WithOurIdf(scoring.BM25F):
    """Whoosh's BM25F with our measure of what a term tells."""

    def idf(self, searcher, fieldname, text):
        parent = searcher.get_parent()
        return idf(parent.doc_frequency(fieldname, text), parent.doc_count_all())


def word(text: str) -> whoosh_query.Term:
    return whoosh_query.Term("text", text)


CASES = {
    'text:"peace"': word("peace"),
    f'text:"{RARE}"': word(RARE),
    'text:"peace" text:"law"': whoosh_query.And([word("peace"), word("law")]),
    f'text:"peace" OR text:"{RARE}" OR text:"border"': whoosh_query.Or(
        [word("peace"), word(RARE), word("border")]
    ),
    'text:"peace treaty"': whoosh_query.Phrase("text", ["peace", "treaty"]),
    'text:"law peace" OR text:"decree"': whoosh_query.Or(
        [whoosh_query.Phrase("text", ["law", "peace"]), word("decree")]
    ),
}


@pytest.fixture(scope="module")
def texts() -> dict[int, str]:
    rng = random.Random(7)
    made = {n: some_text(rng).split() + [RARE] * (n % 17 == 0) for n in range(1, 120)}
    return {n: " ".join(text[-_kept_exactly(len(text)) :]) for n, text in made.items()}


def _kept_exactly(length: int) -> int:
    """Return the nearest length from *length* downwards that Whoosh's codec does not round."""
    return next(n for n in range(length, 0, -1) if byte_to_length(length_to_byte(n)) == n)


@pytest.fixture(scope="module")
def engine(tmp_path_factory, texts) -> WhooshEngine:
    made = WhooshEngine(tmp_path_factory.mktemp("ours"))
    made.rebuild([document(n, text) for n, text in texts.items()], Mark(1, {"public": 1}))
    return made


@pytest.fixture(scope="module", params=["stock", "ours"])
def index(request, tmp_path_factory, texts, engine):
    """An index that Whoosh searches: of its own codec, or ours."""
    if request.param == "ours":
        opened = whoosh_index.open_dir(str(current(engine.root)), indexname="MAIN")
    else:
        schema = whoosh_fields.Schema(
            record_id=whoosh_fields.STORED,
            text=whoosh_fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
        )
        opened = whoosh_index.create_in(str(tmp_path_factory.mktemp("stock")), schema)
        writer = opened.writer()
        for n, text in texts.items():
            writer.add_document(record_id=n, text=text)
        writer.commit()
    yield opened
    opened.close()


def ours(engine: WhooshEngine, typed: str) -> dict[int, float]:
    hits = engine.search(Question(parse(typed).query, PUBLIC, limit=1_000)).hits
    return {hit.record_id: hit.score for hit in hits}


def theirs(index, query, weighting) -> dict[int, float]:
    with index.searcher(weighting=weighting) as searcher:
        return {hit["record_id"]: hit.score for hit in searcher.search(query, limit=None)}


@pytest.mark.parametrize("typed", CASES)
def test_with_our_idf_whoosh_gives_the_same_scores(engine, index, typed):
    found = theirs(index, CASES[typed], WithOurIdf(B=B, K1=K1 / WEIGHT))
    expected = {n: score * SCALE for n, score in found.items()}
    assert expected
    assert ours(engine, typed) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("term", [*WORDS, RARE])
def test_a_single_word_differs_from_stock_bm25f_by_its_idf_alone(engine, index, term):
    stock = theirs(index, word(term), scoring.BM25F(B=B, K1=K1 / WEIGHT))
    with index.searcher() as searcher:
        told = searcher.idf("text", term)
        own = idf(searcher.doc_frequency("text", term), searcher.doc_count_all())
    expected = {n: score / told * own * SCALE for n, score in stock.items()}
    assert ours(engine, f'text:"{term}"') == pytest.approx(expected, abs=1e-6)
