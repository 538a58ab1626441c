"""What is text, what is not, and how much of it is kept."""

import time

import pytest

from indexer.extract import Extraction, Limits, MediaType, Metadatum, Page
from indexer.extract.cleaning import clean, cleaned

PLAIN = MediaType("text/plain")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\n\ne"),
        ("one\n\n\n\n two  \n", "one\n\n two"),
        ("nul\x00 bell\x07 tab\t.", "nul bell tab\t."),
        ("good \u202egnp.exe\u202c \u2066x\u2069", "good gnp.exe x"),
        ("\ufeffmark \ufffe \uffff", "mark"),
        ("half \ud83d of a pair", "half  of a pair"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e"),
        ("I\u0307stanbul e\u0301", "İstanbul é"),
        ("ﬁne №", "ﬁne №"),
        ("\x85next", "next"),
    ],
)
def test_clean(written, kept):
    assert clean(written) == kept


def test_a_million_combining_marks_take_no_time():
    began = time.process_time()
    cleaned_text = clean("a" + "\u0301\u0327" * 500_000)
    assert time.process_time() - began < 2
    assert len(cleaned_text) < 40


def test_a_line_of_five_million_spaces_takes_no_time():
    began = time.process_time()
    assert clean("a" + " \t" * 2_500_000 + "b\n").endswith("b")
    assert time.process_time() - began < 2


def text(*pages: Page, **other: object) -> Extraction:
    return Extraction("text", PLAIN, "test", "1", pages=pages, **other)  # type: ignore[arg-type]


def test_text_within_the_limit_is_whole():
    extraction = cleaned(text(Page(1, "12345"), Page(2, "678", "90")), Limits(10, "auto"))
    assert extraction.status == "text"
    assert [(page.text, page.aside) for page in extraction.pages] == [("12345", ""), ("678", "90")]


def test_text_beyond_the_limit_is_cut_in_its_order():
    extraction = cleaned(text(Page(1, "12345"), Page(2, "678", "90")), Limits(6, "auto"))
    assert extraction.status == "partial"
    assert [(page.text, page.aside) for page in extraction.pages] == [("12345", ""), ("6", "")]
    assert extraction.reason == "the text was cut after 6 characters"


def test_a_reason_that_was_given_is_kept_beside_the_cut():
    extraction = cleaned(text(Page(1, "1234"), reason="page 2 failed"), Limits(3, "auto"))
    assert extraction.reason == "page 2 failed; the text was cut after 3 characters"


def test_where_nothing_is_left_there_is_no_text():
    extraction = cleaned(text(Page(1, " \x00\n"), Page(2, "")), Limits(10, "auto"))
    assert (extraction.status, bool(extraction.reason)) == ("no_text", True)


def test_metadata_is_one_line_each_without_repeats_and_empty_ones():
    given = tuple(
        Metadatum(*pair)
        for pair in [("dc.title", "On\nPeace "), ("dc.title", "On Peace"), ("dc.date", "\x00")]
    )
    assert cleaned(text(metadata=given), Limits(9, "auto")).metadata == (
        Metadatum("dc.title", "On Peace"),
    )
