"""What a text refers to, in six languages; and what is none."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.describe import Description, Evidence, Finding
from indexer.extract import Extraction, MediaType, Page
from indexer.references import Reference
from indexer.references.finding import in_sentence, references_in
from indexer.references.keys import key_of
from indexer.references.sentences import sentences

CASES = Path(__file__).resolve().parents[2] / "cases" / "references.tsv"
ROWS = [
    tuple(line.split("\t"))
    for line in CASES.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def shown(one: Reference) -> str:
    said = one.number or one.name.replace(" ", "_")
    return " ".join(part or "-" for part in (one.kind, said, one.date, one.country))


def read(text: str, language: str = "en", home: str = "", *, news: bool = True) -> list[Reference]:
    return [
        reference
        for sentence in sentences(text, language, home, narrates=news)
        for reference in in_sentence(sentence)
    ]


@pytest.mark.parametrize(
    ("language", "home", "manner", "text", "expected"), ROWS, ids=[row[3][:60] for row in ROWS]
)
def test_a_reference(language, home, manner, text, expected):
    found = read(text, language, home.strip("-"), news=manner == "news")
    assert "; ".join(map(shown, found)) == expected.replace("none", "")


def test_the_table_is_large_enough():
    assert len(ROWS) >= 80
    assert {row[0] for row in ROWS} == {"en", "az", "tr", "ru", "fr", "es"}


def extraction(*pages: str, paged: bool = False) -> Extraction:
    return Extraction(
        status="text",
        media_type=MediaType("text/plain"),
        reader="test",
        reader_version="1",
        pages=tuple(Page(number, text) for number, text in enumerate(pages, 1)),
        paged=paged,
    )


def described(**values: str) -> Description:
    return Description(
        tuple(
            Finding(name, value, value, 0.9, Evidence("", None), "test")
            for name, value in values.items()
        )
    )


def test_each_instrument_comes_once_with_its_first_passage_and_how_often():
    text = (
        "Decree No. 275 of 13 February 2014 is long.\n\nDecree No. 275 of 13 February 2014 again."
    )
    [one] = references_in(extraction("Nothing.", text, paged=True), described(country="KZ"))
    assert (one.times, one.evidence.page) == (2, 2)
    assert one.evidence.passage.startswith("Decree No. 275 of 13 February 2014 is long")
    assert text[one.start : one.end] == one.written == "Decree No. 275 of 13 February 2014"


def test_a_number_without_its_date_joins_the_same_with_it():
    text = "Decree No. 275 of 13 February 2014 is long. The text of Decree No. 275 is short."
    [one] = references_in(extraction(text), described(country="KZ", kind="decree"))
    assert (one.number, one.date, one.times) == ("275", "2014-02-13", 2)


def test_two_writings_of_one_instrument_have_one_key():
    one, other = (
        read(text)[0] for text in ("See A/RES/48/114.", "See General Assembly resolution 48/114.")
    )
    assert key_of(one) == key_of(other)
    one, other = (
        read(text)[0]
        for text in ("See A/RES/217 (III) A.", "The Universal Declaration of Human Rights holds.")
    )
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    "about",
    [
        {"number": "275"},
        {"kind": "decree", "date": "2014-02-13", "country": "KZ", "number": "275"},
    ],
)
def test_a_document_is_no_reference_to_itself(about):
    text = "Decree No. 275 of 13 February 2014\n\nDecree No. 276 of 14 February 2014 is repealed."
    assert [one.number for one in references_in(extraction(text), described(**about))] == ["276"]


def test_what_has_its_own_kind_and_date_is_the_document_itself():
    text = "The decree of 13 February 2014 consists of three parts."
    about = described(kind="decree", date="2014-02-13", country="KZ")
    assert references_in(extraction(text), about) == ()


def test_an_article_means_the_country_that_it_speaks_of():
    text = "Armenia and Armenia met. The president signed a decree on February 13, 2014."
    [one] = references_in(extraction(text), described(kind="news_article", language="en"))
    assert one.country == "AM"


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from(["en", "az", "tr", "ru", "fr", "es", ""]))
def test_no_text_makes_it_raise(text, language):
    for one in references_in(
        extraction(text), described(language=language) if language else described()
    ):
        assert 0 <= one.start < one.end <= len(text)
        assert one.number or one.date or one.name


PIECES = st.lists(
    st.sampled_from(
        [
            "Act",
            "1998",
            "Decree",
            "No.",
            "№",
            "275",
            "of",
            "13",
            "February",
            "2014",
            "tarixli",
            "nömrəli",
            "sayılı",
            "Kanun",
            "указ",
            "от",
            ")",
            "(",
            "«",
            ".",
            ",",
            ";",
            "Aa",
            "of",
            "the",
            "resolution",
            "48/114",
            "A/RES/",
            "(EU)",
            "596/2014",
            "Resmî",
            "Gazete",
            "adopted",
            "signed",
            "the",
            "\n",
            "\n\n",
            "1.1.36",
            "-",
            "and",
        ]
    ),
    max_size=60,
).map(" ".join)


@settings(deadline=None)
@given(PIECES)
def test_no_order_of_the_words_that_it_knows_makes_it_raise(text):
    assert all(key_of(one) for one in references_in(extraction(text), described(country="AZ")))


@pytest.mark.parametrize(
    "piece",
    ["Aa ", "Act 1998 ", "decree ", "No. 5 ", "5 May 1994 ", "указ № 5 ", "(", "\n", ". A", "1", "of the ",
     "13 fevral 2014-cü il tarixli ", "sayılı Kanun ", "resolution 48/114, ", "A/RES/", "«", "Constitution of the "],
)  # fmt: skip
def test_time_grows_with_the_length_alone(piece):
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    references_in(extraction(text), described(country="AZ", language="en"))
    # A second or less; what grew with the square of the length would take an hour.
    assert time.process_time() - began < 20
