"""A passage shows why a document was found, in its own spelling, escaped, with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.records import PageText
from indexer.query.parser import parse
from indexer.snippets import PASSAGE_CHARS, marked, marks_in, paragraphs, passages, wanted

EN = frozenset({"en", "az", "ru"})


def shown(text, typed, *, paged=False, language="en"):
    pages = [PageText(n, page) for n, page in enumerate(text.split("\f"), start=1)]
    return passages(pages, wanted(parse(typed).query, EN), language=language, paged=paged)


def words(passage):
    return [passage.text[mark.start : mark.end] for mark in passage.marks]


@pytest.mark.parametrize(
    ("text", "typed", "marked_words"),
    [
        ("The Treaties were signed.", "treaty", ["Treaties"]),
        ("The Treaties were signed.", '"treaty"', []),
        ("İSTANBUL və Bakı", "istanbul", ["İSTANBUL"]),
        ("Azərbaycan Respublikası", "azerbaycan", ["Azərbaycan"]),
        ("Straße der Ruhe", "STRASSE", ["Straße"]),
        ("Савёловский вокзал", "савеловский", ["Савёловский"]),
        ("co\u00adopera\u00adtion agreed", "cooperation", ["co\u00adopera\u00adtion"]),
        ("peace and war", "peace -war", ["peace"]),
        ("displaced, displacement", "displac*", ["displaced", "displacement"]),
        ("women and woman", "wom?n", ["women", "woman"]),
        ("Kelbajar or Kalbacar", "kelbacar~", ["Kelbajar", "Kalbacar"]),
        ("peace of the treaties", "treaty NEAR/3 peace", ["peace", "treaties"]),
        ("Yeltsin, that is Eltsin", "{Yeltsin Eltsin}", ["Yeltsin", "Eltsin"]),
        ("peace in 1993", "peace date:1993", ["peace"]),
    ],
)
def test_what_is_marked_is_what_was_meant_as_it_is_spelt(text, typed, marked_words):
    [passage] = shown(text, typed)
    assert words(passage) == marked_words


def test_everything_but_the_marks_is_escaped():
    [passage] = shown("<script>alert(1)</script> peace & <b>quiet</b>", "peace")
    assert str(passage.html) == (
        "&lt;script&gt;alert(1)&lt;/script&gt; <mark>peace</mark> &amp; &lt;b&gt;quiet&lt;/b&gt;"
    )


def test_a_passage_says_its_page_or_its_paragraph():
    pages = "first page\fsecond page has treaty\fthird"
    assert [p.locator for p in shown(pages, "treaty", paged=True)] == [2]
    assert [p.locator for p in shown("one\n\ntwo\n\nthe treaty", "treaty")] == [3]


def test_passages_with_most_distinct_words_come_first():
    text = "treaty alone here\n\n" + "filler " * 100 + "\n\ntreaty of peace here"
    assert [p.locator for p in shown(text, "treaty peace")] == [3, 1]


def test_a_paragraph_that_only_repeats_the_title_is_passed_over():
    pages = [PageText(1, "A peace treaty\n\nThe treaty was signed.")]
    what = wanted(parse("treaty").query, EN)
    for text, locators in [("A Peace Treaty", [2]), ("Another", [1, 2])]:
        found = passages(pages, what, language="en", paged=False, title=text)
        assert [p.locator for p in found] == locators
    alone = [PageText(1, "A peace treaty")]
    assert passages(alone, what, language="en", paged=False, title="A peace treaty")


def test_a_document_without_the_words_shows_its_beginning():
    [passage] = shown("Nothing of the kind. " * 50, "treaty")
    assert passage.text.startswith("Nothing")
    assert passage.marks == ()
    assert passage.ends_early


def test_a_document_without_text_shows_nothing():
    assert shown("", "treaty") == ()


def test_paragraphs_are_what_blank_lines_set_apart():
    text = "\n\n one\nline \n\n\ntwo\n \nthree\n"
    assert [text[p.start : p.end] for p in paragraphs(text)] == ["one\nline", "two", "three"]


@given(
    text=st.text(alphabet="peace war.\n<&İё \f", max_size=400),
    typed=st.sampled_from(["peace", "war peace", "pea*", '"peace war"', "p -w"]),
    paged=st.booleans(),
)
def test_marks_lie_inside_the_passage_and_passages_are_short(text, typed, paged):
    what = wanted(parse(typed).query, EN)
    for passage in shown(text, typed, paged=paged):
        assert len(passage.text) <= PASSAGE_CHARS * 2
        assert "\n" not in passage.text
        for mark in passage.marks:
            assert [m for m in marks_in(passage.text, what, "en") if m == mark]
        assert "<" not in str(passage.html).replace("<mark>", "").replace("</mark>", "")


def test_marked_keeps_the_text_whole():
    assert str(marked("a<b", [])) == "a&lt;b"
