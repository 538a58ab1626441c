"""Issuer, author, publication and source: suggestions."""

from indexer.describe.issuer import authors, issuers, publications, source_urls
from indexer.describe.issuers import sightings
from tests.indexer.describe.tables import sheet


def test_the_issuer_is_named_as_the_table_names_it():
    made = sheet("УКАЗ\nПРЕЗИДЕНТА РОССИЙСКОЙ ФЕДЕРАЦИИ\n\nО порядке")
    found = list(issuers("decree", "RU", {"head": sightings(made.head)}))
    assert found[0].value == "Президент Российской Федерации"
    assert found[0].written == "ПРЕЗИДЕНТА РОССИЙСКОЙ ФЕДЕРАЦИИ"


def test_a_body_without_a_name_in_the_table_is_named_in_its_own_words():
    made = sheet("Ticaret Bakanlığından:\n\nTEBLİĞ")
    found = list(issuers("communique", "TR", {"head": sightings(made.head)}))
    assert found[0].value == "Ticaret Bakanlığı"


def test_articles_have_no_issuer():
    assert not list(issuers("news_article", "TR", {}))


def test_an_author_is_never_sure():
    made = sheet(
        "It opens.",
        metadata={"jsonld.author.name": "A. Writer", "trafilatura.author": "https://example.org/a"},
    )
    (found,) = authors(made, "news_article")
    assert found.value == "A. Writer"
    assert found.confidence <= 0.6


def test_publication_and_address_are_what_the_page_declares():
    made = sheet(
        "It opens.",
        metadata={"og:site_name": "The Herald", "html.canonical": "https://example.org/a"},
    )
    assert [one.value for one in publications(made, "news_article")] == ["The Herald"]
    assert [one.value for one in source_urls(made)] == ["https://example.org/a"]
