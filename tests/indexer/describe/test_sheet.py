"""A document made ready for the rules."""

import pytest

from indexer.describe.sheet import HEAD_CHARS, TAIL_CHARS, passage, sheet_of, tidy
from indexer.extract import Extraction, MediaType, Page
from tests.indexer.describe.tables import sheet


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("          У К А З", "УКАЗ"),
        ("Q Ə R A R I Ν 2", "QƏRARI Ν 2"),
        ("п о с т а н о в л я ю :", "постановляю :"),
        ("## Heading", "Heading"),
        ("**bold**", "bold"),
        ("&#34;quoted&#34;", '"quoted"'),
        ("a b c words", "abc words"),
        ("695-IQ nömr ə li Qanunu", "695-IQ nömrəli Qanunu"),
        ("NАХÇIVАN MUХTАR", "NAXÇIVAN MUXTAR"),
        ("Москва", "Москва"),
        ("one\u00ad two", "one two"),
    ],
)
def test_a_line_is_freed_of_its_printing(raw, line):
    assert tidy(raw) == line


def test_cells_of_a_table_are_lines():
    made = sheet("| 7 Kasım 2025 | Resmî Gazete | Sayı : 33070 |\nleft\tright")
    assert [line.text for line in made.head] == [
        "7 Kasım 2025",
        "Resmî Gazete",
        "Sayı : 33070",
        "left",
        "right",
    ]


def test_head_and_tail_do_not_overlap():
    text = "".join(f"line {number}\n" for number in range(5_000))
    made = sheet(text)
    read = sum(len(line.text) + 1 for line in (*made.head, *made.tail))
    assert read <= HEAD_CHARS + TAIL_CHARS + 40
    assert made.tail[-1].text == "line 4999"
    assert not sheet("short").tail


def test_pages_are_counted_where_the_format_has_them():
    pages = (Page(1, "one"), Page(2, "two"))
    made = sheet_of(
        Extraction("text", MediaType("application/pdf"), "test", "1", pages, paged=True)
    )
    assert [line.page for line in made.head] == [1, 2]


def test_evidence_is_cut_around_what_was_found():
    evidence = passage("x" * 500 + "here" + "y" * 500, 3, (500, 504))
    assert len(evidence.passage) == 200
    assert "here" in evidence.passage
    assert evidence.page == 3
