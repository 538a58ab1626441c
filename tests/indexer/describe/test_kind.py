"""What a document is."""

import pytest

from archive.kinds import KINDS
from indexer.describe.acts import ENDINGS, FORMULAS, OPENINGS
from indexer.describe.kind import is_act, kinds
from tests.indexer.describe.tables import sheet, table


def best(text: str, **more: object) -> tuple[str, float]:
    found = max(kinds(sheet(text, **more)), key=lambda one: one.confidence)
    return found.value, found.confidence


@pytest.mark.parametrize(("line", "kind"), table("describe_kinds.tsv"))
def test_a_heading_names_the_kind(line, kind):
    found, confidence = best(line)
    assert found == kind
    assert confidence >= 0.5


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("РАСПОРЯЖЕНИЕ\nПРЕЗИДЕНТА РОССИЙСКОЙ ФЕДЕРАЦИИ\n\n1. Выделить", "presidential_order"),
        ("NAXÇIVAN MUXTAR RESPUBLİKASI ALİ MƏHKƏMƏSİNİN\nRƏYASƏT HEYƏTİNİN\nQ Ə R A R I № 2", "court_decision"),
        ("AZƏRBAYCAN RESPUBLİKASININ\nNAZİRLƏR KABİNETİ\nQƏRAR\n№ 91", "resolution"),
        ("Dear Mr Bruce,\n\nThank you for your letter.\n\nYours sincerely,\n\nJ. Curtin", "letter"),
    ],
)  # fmt: skip
def test_the_kind_may_be_spread_over_lines(text, kind):
    assert best(text)[0] == kind


def test_an_article_about_an_act_is_an_article():
    page = "Resolution adopted on archives\n\nThe council adopted a resolution, officials said."
    assert best(page, web=True, metadata={"jsonld.@type": "NewsArticle"})[0] == "news_article"


def test_a_text_without_any_sign_is_asserted_to_be_nothing():
    assert best("Leaves fall. Nobody knows why.")[1] < 0.5


def test_every_row_names_a_leaf():
    assert {row.kind for row in (*OPENINGS, *ENDINGS, *FORMULAS)} <= set(KINDS)


def test_articles_are_published_and_acts_are_adopted():
    assert is_act("law")
    assert not is_act("news_article")
    assert not is_act("")
