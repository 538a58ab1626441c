"""Lines to paragraphs, cut words, and the order of right-to-left lines."""

import pytest

from indexer.extract.pdf_lines import Line, is_garbled, logical, paragraphs, rejoined


def lines(*given: tuple[str, float, float]) -> list[Line]:
    return [Line(text, left, left + 6 * len(text), base) for text, left, base in given]


def test_no_lines_are_no_text():
    assert paragraphs([]) == ""


def test_a_wider_gap_parts_paragraphs():
    given = lines(("one one one", 50, 700), ("two two two", 50, 688), ("new new new", 50, 660))
    assert paragraphs(given) == "one one one\ntwo two two\n\nnew new new"


def test_the_next_column_goes_on_with_the_sentence():
    given = lines(("the end of the", 50, 100), ("first column", 300, 700))
    assert paragraphs(given) == "the end of the\nfirst column"


def test_a_short_last_line_ends_a_paragraph():
    given = lines(
        ("a full line of text it is", 50, 700),
        ("short.", 50, 688),
        ("a full line of text now", 50, 676),
    )
    assert paragraphs(given) == "a full line of text it is\nshort.\n\na full line of text now"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("recom\ufffe\nmend it", "recommend\nit"),
        ("recom\x02\r\nmend it", "recommend\nit"),
        ("A/RES\u2010\n48 on", "A/RES-48\non"),
        ("Foreign\ufffe\nControlled land", "Foreign-Controlled\nland"),
        ("covid\ufffe\n19 and", "covid-19\nand"),
        ("33\ufffe\ncü maddə", "33-cü\nmaddə"),
        ("on its own - \nline", "on its own - \nline"),
        ("\ufb01rst o\ufb03ce", "first office"),
        ("well-known", "well-known"),
    ],
)
def test_cut_words(printed, meant):
    assert rejoined(printed) == meant


@pytest.mark.parametrize(
    ("seen", "read_as"),
    [
        ("םולש", "שלום"),
        ("1948 תנש", "שנת 1948"),
        ("(ב) א", "א (ב)"),
        ("\ufe8e\ufe92\ufea3\ufeae\ufee3", "مرحبا"),
        ("plain English", "plain English"),
        ("1948", "1948"),
        ("", ""),
    ],
)
def test_right_to_left_lines_are_put_in_the_order_of_reading(seen, read_as):
    assert logical(seen) == read_as


@pytest.mark.parametrize(
    ("raw", "garbled"),
    [
        ("-<&;6:7\x0e(;/;98\x1a51594;9\x0e\x102223%\x12\x1a03(.%(2/0", True),
        ("\ue041\ue042\ue043 " * 20, True),
        ("\x0e", False),
        ("1 234,5 67,8 9,01 " * 5, False),
        ("Contents ........................ 12\n" * 3, False),
        ("•\uf0b7 a list with the bullets of a symbol font, as many have", False),
    ],
)
def test_garbled(raw, garbled):
    assert is_garbled(raw) is garbled
