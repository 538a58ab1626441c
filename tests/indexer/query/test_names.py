"""The other spellings of what a query names come into it where it says so."""

import pytest
from hypothesis import given

from indexer.query.ast import Word
from indexer.query.names import QUERY_VARIANTS_MAX, VARIANTS_MAX, with_variants
from indexer.query.parser import parse
from tests.indexer.query.test_parser import TREES

SPELT = {"Khojaly": ("Xocalı", "Ходжалы"), "khojaly": ("Xocalı",)}


def added(typed: str) -> list[str]:
    return [one.typed for one in with_variants(parse(typed).query, lambda words: SPELT)[1]]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Khojaly", ["Khojaly"]),
        ("khojaly", ["khojaly"]),
        ("town of Khojaly, 1992", ["Khojaly"]),
        ("title:Khojaly OR peace", ["Khojaly"]),
        ("Khojaly NEAR/5 town", ["Khojaly"]),
        ("Khojaly Khojaly", ["Khojaly"]),
        ('"Khojaly"', []),
        ("{Khojaly Hocalı}", []),
        ("peace -Khojaly", []),
        ("peace NOT Khojaly", []),
        ("Khojaly*", []),
        ("Khojaly~", []),
        ("Khojaly-Aghdam", []),
        ("peace", []),
    ],
)
def test_which_words_are_looked_for_in_other_spellings(typed, names):
    assert added(typed) == names


def test_the_text_of_a_query_is_as_typed():
    query, also = with_variants(parse("Khojaly town").query, lambda words: SPELT)
    assert str(query) == "(Khojaly AND town)"
    assert str(also[0]) == (
        'Khojaly was also looked for as Xocalı, Ходжалы; for this spelling alone type "Khojaly"'
    )


def test_no_word_and_no_query_has_more_spellings_than_allowed():
    many = tuple(f"Name{n}" for n in range(VARIANTS_MAX + 3))
    query, also = with_variants(parse("Khojaly").query, lambda words: dict.fromkeys(words, many))
    assert isinstance(query, Word)
    assert query.also == also[0].spellings == many[:VARIANTS_MAX]
    assert "(3 more were left out)" in str(also[0])
    words = " ".join(f"word{letter}" for letter in "abcdefgh")
    _, also = with_variants(parse(words).query, lambda words: dict.fromkeys(words, many))
    assert sum(len(one.spellings) for one in also) == QUERY_VARIANTS_MAX
    assert all("left out" in str(one) for one in also)


@given(TREES)
def test_without_other_spellings_a_query_stays_as_it_is(query):
    assert with_variants(query, lambda words: {}) == (query, ())
