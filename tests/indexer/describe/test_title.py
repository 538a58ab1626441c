"""What a document is called."""

import pytest

from indexer.describe import Finding
from indexer.describe.title import cleaned, recased, titles, without_site
from tests.indexer.describe.tables import sheet, table


def best(text: str, kind: str, language: str = "en", **more: object) -> Finding | None:
    return max(
        titles(sheet(text, **more), kind, language), key=lambda one: one.confidence, default=None
    )


@pytest.mark.parametrize(
    ("page_title", "headings", "site", "title"), table("describe_page_titles.tsv")
)
def test_the_site_is_cut_off(page_title, headings, site, title):
    sites = set() if site == "-" else {"".join(sign for sign in site.casefold() if sign.isalnum())}
    others = [] if headings == "-" else headings.split("/")
    assert without_site(page_title, sites, others) == title


def test_a_title_printed_three_times_is_one():
    found = best(
        "Archive opens\n\n10:37 | 26.02.2024\nArchive opens\n\nArchive opens\n\nIt opens.",
        "news_article",
    )
    assert found is not None
    assert found.value == "Archive opens"


def test_the_sources_of_a_page_vote():
    found = best(
        "It opens.",
        "news_article",
        web=True,
        headings=("Menu", "Archive opens"),
        metadata={
            "og:title": "Archive opens - The Herald",
            "html.title": "Archive opens | The Herald",
            "og:site_name": "The Herald",
        },
    )
    assert found is not None
    assert found.value == "Archive opens"
    assert found.confidence >= 0.9


def test_a_heading_that_rewords_what_the_page_declares_is_its_title():
    declared = "Minister Smith warns of floods in archives"
    found = best(
        "Minister warns of floods in the archives\n\nIt rains.",
        "news_article",
        web=True,
        headings=("Politics today", "Minister warns of floods in the archives"),
        metadata={"og:title": declared, "html.title": declared, "jsonld.headline": declared},
    )
    assert found is not None
    assert found.value == "Minister warns of floods in the archives"
    assert found.confidence >= 0.5


def test_a_heading_that_is_the_name_of_the_site_is_no_title():
    found = best(
        "The Old Archive Herald\n\nIt rains.",
        "news_article",
        web=True,
        headings=("The Old Archive Herald", "Floods in the archives"),
        metadata={
            "html.title": "The Old Archive Herald » Floods in the archives",
            "html.canonical": "https://web.archive.org/web/2014/http://www.theoldarchiveherald.org/1/",
        },
    )
    assert found is not None
    assert found.value == "Floods in the archives"


def test_a_line_that_repeats_the_title_is_no_part_of_it():
    found = best(
        "MONEDAS Y ARCHIVOS -MODIFICAN LEY-\n\nMONEDAS Y ARCHIVOS\nDecreto 1/92", "decree", "es"
    )
    assert found is not None
    assert found.value == "MONEDAS Y ARCHIVOS -MODIFICAN LEY-"


def test_a_title_is_shown_with_the_accents_it_is_printed_with():
    found = best(
        "FIJA LA CONSTITUCIÓN DE LOS ARCHIVOS\n\nVisto: la ley",
        "decree",
        "es",
        metadata={"xml.TituloNorma": "FIJA LA CONSTITUCION DE LOS ARCHIVOS"},
    )
    assert found is not None
    assert found.value == "FIJA LA CONSTITUCIÓN DE LOS ARCHIVOS"


def test_what_only_the_window_is_called_is_offered():
    found = best("Something.", "news_article", web=True, metadata={"html.title": "Our newspaper"})
    assert found is not None
    assert found.confidence < 0.5


def test_the_name_of_the_site_declared_as_a_title_is_not_the_act():
    found = best(
        "Archives Act 1999\n\nBe it enacted",
        "law",
        web=True,
        headings=("Archives Act 1999",),
        metadata={"dc.title": "electronic Statute Book"},
    )
    assert found is not None
    assert found.value == "Archives Act 1999"


def test_lines_of_a_heading_are_joined_and_a_parted_word_is_whole():
    found = best(
        "Executive Order 14143 of January 16, 2025\nProviding for the Appoint-\nment of Archivists\nBy the authority vested in me",
        "executive_order",
    )
    assert found is not None
    assert found.value == "Providing for the Appointment of Archivists"


@pytest.mark.parametrize(
    ("title", "language", "shown"),
    [
        ("İŞ KANUNU", "tr", "İş Kanunu"),
        ("KATMA DEĞER VERGİSİ VE ARŞİV", "tr", "Katma Değer Vergisi ve Arşiv"),
        ("SIĞORTA HAQQINDA", "az", "Sığorta Haqqında"),
        ("CASA DE MONEDA", "es", "CASA DE MONEDA"),
        ("Çek Kanunu", "tr", "Çek Kanunu"),
        ("VERGİ (II) SAYILI LİSTE", "tr", "Vergi (II) Sayılı Liste"),
    ],
)
def test_capitals_that_hide_a_letter_are_set_as_the_gazette_indexes_them(title, language, shown):
    assert recased(title, language) == shown


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("7 JANVIER 2024. - Loi sur les archives", "Loi sur les archives"),
        ("►B Regulation on archives (OJ L 257 28.8.2014, p. 73)", "Regulation on archives"),
        ("Arxivlər haqqında Azərbaycan Respublikası Prezidentinin Fərmanı", "Arxivlər haqqında"),
        ("Archives [1]", "Archives"),
    ],
)
def test_marks_of_the_printing_are_no_part_of_a_title(printed, title):
    assert cleaned(printed) == title
