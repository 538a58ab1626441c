"""Countries that a text names."""

import pytest

from indexer.describe.spoken_of import COUNTRIES_MAX, countries_named


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("en", "The Republic of Armenia and Azerbaijan", "AM AZ"),
        ("en", "an Azerbaijani, American or Turkish newspaper", ""),
        ("en", "the USA, the U.S., the United States and the United States of America", "US"),
        ("en", "Bosnia and Herzegovina; Trinidad and Tobago; Burma; Côte d’Ivoire", "BA TT MM CI"),
        ("en", "Georgia and Alabama", ""),
        ("en", "Georgia, Armenia", "GE AM"),
        ("en", "Michael Jordan", ""),
        ("en", "Jordan and Iraq", "JO IQ"),
        ("en", "the Soviet Union; the USSR", "SUHH"),
        ("en", "turkey for dinner, in china", ""),
        ("en", "Turkey, Türkiye", "TR"),
        ("az", "Azərbaycanın, Azərbaycanda və Ermənistandan", "AZ AM"),
        ("az", "ABŞ-ın, Rusiya Federasiyasının, Gürcüstana", "US RU GE"),
        ("az", "azərbaycanlılar", ""),
        ("tr", "Azerbaycan'ın, Ermenistan’a, Rusya'dan, ABD'nin", "AZ AM RU US"),
        ("ru", "в Азербайджане, с Арменией, Российской Федерации, США", "AZ AM RU US"),
        ("ru", "азербайджанский язык", ""),
        ("fr", "l'Azerbaïdjan, d’Arménie, les États-Unis, de l’Iran", "AZ AM US IR"),
        ("es", "Azerbaiyán, Armenia y los Estados Unidos", "AZ AM US"),
        ("", "Azerbaijan, without a language", "AZ"),
        ("xx", "Azerbaijan, in a language that nobody knows", "AZ"),
        ("en", "", ""),
    ],
)
def test_a_country_is_known_by_its_name(language, text, codes):
    assert [one.code for one in countries_named([(1, text)], language)] == codes.split()


def test_the_one_named_most_comes_first_with_the_place_of_its_first_naming():
    pages = [(3, "Iran."), (4, "Armenia, Iran’s and Armenia"), (7, "Armenia")]
    first, second = countries_named(pages, "en")
    assert (first.code, first.times, first.page, first.written) == ("AM", 3, 4, "Armenia")
    assert (second.code, second.times, second.page, second.written) == ("IR", 2, 3, "Iran")


def test_a_list_of_the_world_keeps_those_it_names_most():
    from indexer.describe.spoken_of import _names

    names = [name.title() for name in _names("en").codes if name.isalpha()]
    text = ", ".join([*names, *["France"] * 20])
    found = countries_named([(1, text)], "en")
    assert len(found) == COUNTRIES_MAX
    assert found[0].code == "FR"
