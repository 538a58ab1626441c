"""Which of the dates is the document's."""

import pytest

from indexer.describe import Finding
from indexer.describe.dates import document_dates
from indexer.describe.declared_dates import metadatum_date
from tests.indexer.describe.tables import sheet


def best(text: str, kind: str, language: str = "en", **more: object) -> Finding | None:
    found = sorted(
        document_dates(sheet(text, **more), kind, language, ""), key=lambda one: -one.confidence
    )
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "kind", "date", "which"),
    [
        ("A title\n\n10:37 | 26.02.2024\n\nSomething happened on 1 May 1992.", "news_article", "2024-02-26", "published"),
        ("General Comment No. 9\n\nAdopted: 3 December 1998\n\nThe Committee of 5 May 1990.", "general_comment", "1998-12-03", "adopted"),
        ("ÇEK KANUNU\nKanun Numarası : 5941\nKabul Tarihi : 14/12/2009\nYayımlandığı Resmî Gazete : Tarih : 20/12/2009", "law", "2009-12-14", "adopted"),
        ("Loi du 5 mai 2000 modifiant la loi du 4 mai 1990\n\nArt. 1er. La loi du 4 mai 1990 est abrogée.", "law", "2000-05-05", "adopted"),
        ("An Act to keep archives.\n\n[9th November 1998]\n\nBe it enacted", "law", "1998-11-09", "adopted"),
        ("TEBLİĞ\n\n7 Kasım 2025 CUMA\nResmî Gazete\n\nMADDE 1- 27/9/2024 tarihli karar", "communique", "2025-11-07", "published"),
    ],
)  # fmt: skip
def test_the_date_is_the_one_that_the_document_bears(text, kind, date, which):
    found = best(text, kind)
    assert found is not None
    assert (found.value, found.which) == (date, which)
    assert found.confidence >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "The General Assembly,\n\nRecalling resolution 46/182 of 19 December 1991,",
        "Закон\n\n(в ред. Федерального закона от 31.12.2005 N 199-ФЗ)\n\nСтатья 1.",
        "Qanun\n\nMaddə 1. 25 iyun 1999-cu il tarixli Qanuna dəyişiklik edilsin.",
    ],
)
def test_the_date_of_another_act_is_offered_at_most(text):
    found = best(text, "law", "")
    assert found is None or found.confidence < 0.5


def test_a_day_that_could_be_a_month_is_offered():
    found = best("Archive opens\n\n03/04/2021\n\nIt opens.", "news_article")
    assert found is not None
    assert found.confidence < 0.5


def test_what_a_page_declares_of_an_article_counts():
    found = best(
        "It opens.", "news_article", metadata={"jsonld.datePublished": "2021-04-03T09:00:00+02:00"}
    )
    assert found is not None
    assert (found.value, found.which) == ("2021-04-03", "published")
    assert found.evidence.passage == "jsonld.datepublished: 2021-04-03T09:00:00+02:00"
    assert found.evidence.page is None


def test_a_time_in_utc_is_the_night_of_the_day_that_is_printed():
    found = best(
        "Archive opens\n\n3 de mayo de 2022, 22:41\n\nAbre.",
        "news_article",
        "es",
        metadata={"jsonld.datePublished": "2022-05-04T02:41:00Z"},
    )
    assert found is not None
    assert found.value == "2022-05-03"


def test_the_first_of_january_that_a_program_made_up_is_no_date():
    found = best("It opens.", "news_article", metadata={"htmldate.published": "2015-01-01"})
    assert found is not None
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    ("value", "edtf"),
    [
        ("2021-04-03", "2021-04-03"),
        ("2021-04-03T09:00:00Z", "2021-04-03"),
        ("2021-04", "2021-04"),
        ("20210403", "2021-04-03"),
        ("2017/01", "2017-01"),
        ("Wed, 04 May 2022 02:41:00 GMT", "2022-05-04"),
        ("2021-02-31", None),
        ("soon", None),
    ],
)
def test_dates_as_machines_write_them(value, edtf):
    date = metadatum_date(value)
    assert (None if date is None else str(date)) == edtf
