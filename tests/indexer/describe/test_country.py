"""Whose document it is."""

import pytest

from archive.countries import names
from indexer.describe import Finding
from indexer.describe.country import countries
from indexer.describe.issuers import ISSUERS, is_body, sightings
from indexer.describe.nations import code_of_words
from tests.indexer.describe.tables import sheet, table


def best(text: str, kind: str, language: str, **more: object) -> Finding | None:
    made = sheet(text, **more)
    bodies = {"head": sightings(made.head), "tail": sightings(made.tail)}
    return max(
        countries(made, kind, language, bodies), key=lambda one: one.confidence, default=None
    )


@pytest.mark.parametrize(("line", "country"), table("describe_countries.tsv"))
def test_a_body_tells_the_country_that_it_issues_for(line, country):
    found = best(line, "law", "")
    assert found is not None
    assert found.value == country
    assert found.confidence >= 0.5
    assert found.evidence.passage == line


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("President of Azerbaijan and the Prime Minister of Armenia", "en", ["AZ", "AM"]),
        ("Azərbaycanın və Gürcüstanda", "az", ["AZ", "GE"]),
        ("В России и во Франции", "ru", ["RU", "FR"]),
        ("La Cina non c'entra: cinayət", "az", []),
        ("the United States of America", "en", ["US"]),
    ],
)
def test_names_are_whole_words_with_their_endings(text, language, codes):
    assert [code for code, _ in code_of_words(text, language)] == codes


def test_a_publisher_is_known_by_its_address_but_not_by_a_sold_one():
    found = best(
        "It opens.", "news_article", "es", web=True, metadata={"og:url": "https://example.uy/a"}
    )
    assert found is not None
    assert found.value == "UY"
    assert (
        best(
            "It opens.", "news_article", "en", web=True, metadata={"og:url": "https://example.tv/a"}
        )
        is None
    )


def test_akoma_ntoso_says_it():
    found = best(
        "Loi",
        "law",
        "fr",
        metadata={
            "akn.FRBRcountry": "http://publications.europa.eu/resource/authority/country/LUX"
        },
    )
    assert found is not None
    assert found.value == "LU"


def test_every_issuer_has_a_code_that_is_known_and_a_needle():
    for row in ISSUERS:
        assert row.country in names()
        assert all(row.needles)


@pytest.mark.parametrize(("line", "letterhead"), [("Security Council", True), ("RÉPUBLIQUE FRANÇAISE", True), ("What the Security Council did in the long winter of that year", False)])  # fmt: skip
def test_a_letterhead_is_a_body_and_little_else(line, letterhead):
    assert is_body(line) == letterhead
