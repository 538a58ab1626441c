"""Whole documents, whatever is in them."""

import time
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.kinds import kind_of
from indexer.describe import FIELDS
from indexer.describe.number import canonical
from indexer.describe.read import describe
from indexer.describe.sheet import letters_of
from indexer.extract import Extraction, MediaType, Metadatum, Page
from tests.indexer.describe.tables import CASES, extraction

DOCUMENTS = tomllib.loads((CASES / "describe_documents.toml").read_text("utf-8"))["document"]
SEED = """Thirty-two years pass since the flood

10:37 | 26.02.2024
Thirty-two years pass since the flood

Thirty-two years pass since the flood

Thirty-two years ago the river rose, and the town stood under water.

On the night of February 25, 1992, all roads were blocked. President A. Person signed a decree on February 13, 2014.
Follow us !"""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["name"])
def test_a_document_of_each_tradition_is_described(document):
    description = describe(extraction(document["text"].strip()), "a file")
    asserted = {field: description.asserted(field) for field in FIELDS}
    said = {field: finding.value for field, finding in asserted.items() if finding}
    for field in ("date", "country", "language"):
        if field in document:
            assert said.get(field) == document[field], field
    if "title" in document:
        assert letters_of(said.get("title", "")) == letters_of(document["title"])
    if "number" in document:
        assert canonical(said.get("number", "")) == canonical(document["number"])
    if "kind" in document:
        assert said.get("kind") == document["kind"]
    assert not set(document.get("silent", ())) & set(said)


def test_the_first_article_ever_ingested_is_described():
    description = describe(extraction(SEED), "seed-article.txt")
    title, date = description.asserted("title"), description.asserted("date")
    assert title is not None
    assert title.value == "Thirty-two years pass since the flood"
    assert date is not None
    assert (date.value, date.which) == ("2024-02-26", "published")
    assert "26.02.2024" in date.evidence.passage
    kind, language = description.asserted("kind"), description.asserted("language")
    assert kind is not None
    assert kind.value == "news_article"
    assert language is not None
    assert language.value == "en"


def test_findings_are_sorted_and_bounded_and_carry_evidence():
    for document in DOCUMENTS:
        findings = describe(extraction(document["text"]), "x").findings
        places = [(FIELDS.index(finding.field), -finding.confidence) for finding in findings]
        assert places == sorted(places)
        for finding in findings:
            assert 0 < finding.confidence < 1
            assert finding.rule
            assert len(finding.evidence.passage) <= 200
            assert finding.which in {"", "adopted", "published", "in_force"}
            assert finding.value or finding.field == "language"
            assert finding.field != "kind" or kind_of(finding.value)


def test_the_name_of_the_file_is_no_evidence():
    text = extraction("Some lines.\n\nOf no importance.")
    assert describe(text, "UKAZ-2002-09-09-N974.txt") == describe(text, "x")


def test_an_empty_extraction_has_no_findings():
    empty = Extraction("no_text", MediaType("text/plain"), "", "")
    assert describe(empty, "x").findings == ()
    assert describe(extraction(""), "x").findings == ()


words = st.sampled_from(["12", "1999", "№", "от", "Loi", "decreto", "(", ")", "{", "|", "\t", "\n", "\n\n", "I-", "/", ".", "May", "HAQQINDA", "ə", "İ", "ليوم", "A/RES/1", "2020-13-45", "0000", "99999999", "&#34;", "\u0307"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(words | st.text(max_size=20), max_size=60),
    st.lists(st.tuples(words, st.text(max_size=30)), max_size=4),
    st.booleans(),
)
def test_nothing_in_a_file_makes_it_fail(parts, metadata, web):
    made = Extraction(
        "text",
        MediaType("text/html" if web else "text/plain"),
        "test",
        "1",
        pages=(Page(1, " ".join(parts), "".join(parts)),),
        metadata=(
            *(Metadatum(name, value) for name, value in metadata),
            *(
                Metadatum(name, value)
                for name, (_, value) in zip(
                    ("html.title", "akn.FRBRdate", "og:url", "xml.RTosa"), metadata, strict=False
                )
            ),
        ),
        headings=tuple(parts[:3]),
    )
    describe(made, "")


HARD = [" ", "1", "1 ", "a ", "1/", "1.1.", "A ", "(", "№ ", "mil ", "x\n", "1\n", "|", "ə ", "| a ", "de ", "A/B/", "Министерство ", "-", "1999 ", "haqqında "]  # fmt: skip


@pytest.mark.parametrize("part", HARD)
def test_a_hundred_kilobytes_of_one_thing_take_no_time(part):
    text = part * (100_000 // len(part))
    one = extraction(
        text, aside=text, headings=(text[:2_000],), metadata={"html.title": text[:3_000]}
    )

    def spent() -> float:
        began = time.process_time()
        describe(one, "x")
        return time.process_time() - began

    # 4 to 100 ms; a quadratic rule takes seconds, every time. What is loaded at first use, once.
    assert any(spent() < 0.4 for _ in range(3))


def test_a_document_takes_some_milliseconds():
    began = time.process_time()
    for document in DOCUMENTS:
        describe(extraction(document["text"]), "x")
    assert (time.process_time() - began) / len(DOCUMENTS) < 0.1
