"""Words meet that a reader takes for one, in the index, in a query and in a passage."""

import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access import PUBLIC
from archive.catalogue.records import PageText
from indexer import analysis, snippets
from indexer.engine import Engine, IndexDocument, Mark, Question
from indexer.engine.memory import MemoryEngine
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse

_CASES = Path(__file__).parents[1] / "cases"
TABLE = tomllib.loads((_CASES / "analysis.toml").read_text(encoding="utf-8"))
CASES = [(language, *row) for language, rows in TABLE.items() for row in rows]
IDS = {
    (language, text): number
    for number, (language, text) in enumerate(
        sorted({(language, text) for language, text, _, _ in CASES}), start=1
    )
}


def document(record_id: int, language: str, text: str) -> IndexDocument:
    return IndexDocument(
        record_id=record_id, label="public", language=language, title="", text=text, aside="",
        numbers=(), date=None,
        facets={"year": frozenset(), "country": frozenset(), "kind": frozenset(),
                "language": frozenset({language}), "text": frozenset({"yes"})},
    )  # fmt: skip


@pytest.fixture(scope="module", params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Engine]:
    memory = request.param == "memory"
    made = MemoryEngine() if memory else WhooshEngine(tmp_path_factory.mktemp("index"))
    with made.writing(wait=True):
        made.rebuild([document(n, *key) for key, n in IDS.items()], Mark(1, {"public": 1}))
    yield made
    made.close()


def test_the_table_is_as_large_as_promised():
    assert len(CASES) >= 200
    assert len(TABLE) >= 15


@pytest.mark.parametrize(("language", "text", "typed", "expected"), CASES)
def test_what_is_found(engine, language, text, typed, expected):
    answer = engine.search(Question(parse(typed).query, PUBLIC, limit=1000))
    assert (IDS[language, text] in {hit.record_id for hit in answer.hits}) == expected


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [(language, text, typed) for language, text, typed, found in CASES if found],
)
def test_what_is_found_is_marked(language, text, typed):
    if " -" in typed:
        return
    what = snippets.wanted(parse(typed).query, frozenset(TABLE))
    [passage] = snippets.passages([PageText(1, text)], what, language=language, paged=True)
    assert passage.marks


@given(st.text())
def test_folding_again_changes_nothing(text):
    assert analysis.fold(analysis.fold(text)) == analysis.fold(text)


@given(st.text(max_size=12))
def test_the_first_term_is_the_folded_word_and_decides_the_others(word):
    for one in analysis.words(word):
        terms = analysis.terms_of(one)
        folded = analysis.fold(one)
        assert terms[:1] == ((folded,) if folded else ())
        if terms:
            assert analysis.terms_of(terms[0]) == terms


@given(st.text())
def test_tokens_stand_in_the_text_in_order(text):
    at = 0
    for token in analysis.tokens(text):
        assert at <= token.start < token.end <= len(text)
        assert token.terms
        at = token.end


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_how_a_text_is_composed_does_not_matter(form):
    for language, text, _, _ in CASES:
        if language in {"zh", "ja"} or any(c in text for c in "²¹º№ᵉ"):
            # Every character is a token here, or reads otherwise when it is taken apart.
            continue
        composed = [token.terms for token in analysis.tokens(text)]
        other = unicodedata.normalize(form, text)
        assert [token.terms for token in analysis.tokens(other)] == composed
