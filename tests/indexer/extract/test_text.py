"""Plain text."""

from dataclasses import replace

from tests.indexer.extract.making import LIMITS


def test_lines_are_kept_as_they_were_broken(read):
    extraction = read("A title\n\nA first line\nand a second one.\n")
    assert (extraction.status, extraction.paged, len(extraction.pages)) == ("text", False, 1)
    assert extraction.text == "A title\n\nA first line\nand a second one."


def test_form_feeds_part_pages(read):
    extraction = read("one\ftwo\n\fthree\n\f")
    assert extraction.paged
    assert [(page.number, page.text) for page in extraction.pages] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


def test_html_entities_in_a_text_are_letters(read):
    assert read("&laquo;Указ&raquo; &#8470;&nbsp;1807").text == "«Указ» №\u00a01807"


def test_one_entity_may_be_the_subject(read):
    assert read("write &amp; for an ampersand").text == "write &amp; for an ampersand"


def test_an_encoding_other_than_utf_8_is_noted(read):
    extraction = read("О внесении изменений в Указ Президента".encode("cp1251"))
    assert extraction.text == "О внесении изменений в Указ Президента"
    assert extraction.notes == ("read as cp1251",)


def test_a_long_text_is_cut_not_lost(read):
    extraction = read("слово " * 10_000, limits=replace(LIMITS, text_max_chars=600))
    assert (extraction.status, len(extraction.text)) == ("partial", 600)
