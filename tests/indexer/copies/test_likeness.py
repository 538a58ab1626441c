"""Documents whose number or date differ are never the same, whatever their texts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.records import Dated, Description
from archive.dates import parse_edtf
from indexer.copies import likeness
from indexer.copies.likeness import Common

BODY = " ".join(
    f"The Assembly recalls its concern about {subject} and invites all States to report on it in due time."
    for subject in ("rivers", "lakes", "roads", "harbours", "bridges", "forests", "schools", "archives")
)  # fmt: skip


def about(date=None, number=None, title="", which="adopted", **others):
    return Description(
        title=title,
        number=number,
        dated=Dated(parse_edtf(date), which) if date else None,
        other_dates=tuple(Dated(parse_edtf(when), name) for name, when in others.items()),
    )


def said(one, other, one_about=None, other_about=None):
    texts = likeness.text_of([one]), likeness.text_of([other])
    common = likeness.with_figures(likeness.common(*texts), *texts)
    return likeness.verdict(common, one_about or about(), other_about or about())


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (about("1993-12-20"), about("1993-12-20"), False),
        (about("1993-12-20"), about("1993-12-21"), True),
        (about("1993-12-20"), about("1993-12"), False),
        (about("1993-12-20"), about("1993"), False),
        (about("1993-12-20"), about("1994"), True),
        (about("1991/1993"), about("1992-05"), False),
        (about("1991/1993"), about("1992/1995"), True),
        (about("1993-12-20"), about(), False),
        (about("1993-12-20"), about("1994-01-05", which="published"), True),
        (about("1993-12-20", published="1994"), about("1994-01-05", which="published"), False),
        (about("1993-12-20"), about("1994-01-05", which="published", adopted="1993-12-20"), False),
        (about(number="A/RES/48/114"), about(number="A/RES/48/114"), False),
        (about(number="S/RES/822 (1993)"), about(number="resolution 822 (1993)"), False),
        (about(number="S/RES/822 (1993)"), about(number="S/RES/853 (1993)"), True),
        (about(number="№ 1807"), about(number="No. 1808"), True),
        (about(number="666/2001"), about(number="666"), False),
        (about(number="666/2001"), about(number="666/2002"), True),
        (about(number="12"), about(), False),
    ],
)  # fmt: skip
def test_descriptions_that_contradict(one, other, apart):
    assert likeness.contradict(one, other) is apart
    assert likeness.contradict(other, one) is apart
    assert said(BODY, BODY, one, other) == ("related" if apart else "same_text")


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (BODY, BODY.upper().replace(" ", "\n"), "same_text"),
        (BODY, BODY.replace("rivers", "streams"), "near_copy"),
        (BODY, f"Reprinted from the gazette. {BODY}", "near_copy"),
        (BODY, "Nothing in common at all with what the others say here.", None),
        (f"Decree No. 12 of 1993. {BODY}", f"Decree No. 13 of 1993. {BODY}", "related"),
        (f"Session of 1993. {BODY}", f"Session of 1994. {BODY}", "related"),
        (f"{BODY} Signed 4 May 1993.", f"{BODY} Signed 4 June 1993.", "related"),
        (f"{BODY} Подписано 4 мая.", f"{BODY} Подписано 4 июня.", "related"),
        (f"{BODY} Fee: 300 crowns. {BODY}", f"{BODY} Fee: 400 crowns. {BODY}", "related"),
        (f"Decree No. 12 of 1993. {BODY}", f"Decree of 1993. {BODY}", "near_copy"),
        ("", "", None),
        ("", BODY, None),
        ("Short.", "Short!", "same_text"),
        ("Short.", "Long.", None),
    ],
)
def test_verdicts_from_texts_alone(one, other, verdict):
    assert said(one, other) == verdict
    assert said(other, one) == verdict


def test_a_figure_slipped_in_a_long_text_among_other_slips_makes_no_other_document():
    middle = " ".join(
        f"paragraph of {a} and {b}" for a, b in itertools.permutations("klmnopqrst", 2)
    )
    one = f"{BODY} {middle} {BODY} in 1993 {middle} {BODY}"
    other = one.replace("1993", "1998").replace("k and", "k und").replace("l and", "l und")
    assert said(one, other) == "near_copy"


def test_where_number_and_date_are_known_the_figures_of_the_text_are_not_asked():
    known = about("1993-12-20", "A/RES/48/114")
    one, other = f"Page 1. {BODY}", f"Page 2. {BODY}"
    assert said(one, other, known, known) == "near_copy"
    assert said(one, other, known, about("1993-12-20")) == "related"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Resolution of 1993", "Resolution of 1994", "related"),
        ("Decree No. 12", "Decree No. 13", "related"),
        ("Decree No. 12", "Decree", "same_text"),
        ("On water", "About water", "same_text"),
        ("scan_0001", "scan_0002", "same_text"),
    ],
)
def test_titles_that_name_different_years_or_numbers(one, other, verdict):
    assert said(BODY, BODY, about(title=one), about(title=other)) == verdict


@given(st.text(), st.text())
def test_any_two_texts_can_be_judged_in_either_order(one, other):
    assert said(one, other) == said(other, one)


@given(st.floats(0, 1), st.booleans())
def test_a_contradiction_is_never_a_copy(share, same):
    common = Common(1.0 if same else share, same_words=same, figures_differ=False)
    assert likeness.verdict(common, about("1993"), about("1994")) in {"related", None}
