"""Dates as people write them."""

import pytest

from indexer.describe.mentions import mentions
from indexer.describe.numerals import value_of
from tests.indexer.describe.tables import table


@pytest.mark.parametrize(("written", "language", "edtf", "doubt"), table("describe_mentions.tsv"))
def test_a_date_is_read_as_its_language_writes_it(written, language, edtf, doubt):
    found = mentions(written, "" if language == "-" else language)
    if edtf == "-":
        assert not [mention for mention in found if mention.date.precision == "day"]
        return
    assert [str(mention.date) for mention in found][:1] == [edtf]
    assert found[0].doubtful == (doubt == "doubtful")


def test_one_certain_date_settles_the_order_of_the_others():
    assert [mention.doubtful for mention in mentions("03/04/2021 and 24/12/2021", "en")] == [
        False,
        False,
    ]


def test_where_the_month_comes_first_it_does():
    (found,) = mentions("03/04/2021", "en", "US")
    assert str(found.date) == "2021-03-04"
    assert not found.doubtful


def test_a_stretch_of_text_is_one_date():
    assert len(mentions("25 iyun 1999-cu il, 26.02.2024 and 2024-02-26")) == 3


@pytest.mark.parametrize(
    ("words", "language", "number"),
    [
        ("dos mil dieciocho", "es", 2018),
        ("mil novecientos noventa y tres", "es", 1993),
        ("nineteen hundred ninety-three", "en", 1993),
        ("nineteen ninety-three", "en", 1993),
        ("two thousand and twenty", "en", 2020),
        ("mil neuf cent quatre-vingt-treize", "fr", 1993),
        ("mil novecentos e setenta e quatro", "pt", 1974),
        ("dos mil palabras", "es", None),
    ],
)
def test_a_number_in_words(words, language, number):
    assert value_of(words, language) == number
