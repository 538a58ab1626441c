"""The forms of one Azerbaijani noun meet; two nouns do not."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import fold
from indexer.stemming_az import stem

_CASES = Path(__file__).parents[1] / "cases"
TABLE = tomllib.loads((_CASES / "stemming_az.toml").read_text(encoding="utf-8"))
FORMS = [(row.split()[0], form) for row in TABLE["same"] for form in row.split()]


def test_the_table_is_as_large_as_promised():
    assert len(FORMS) >= 80


@pytest.mark.parametrize(("noun", "form"), FORMS)
def test_forms_of_one_noun_have_one_stem(noun, form):
    assert stem(fold(form)) == stem(fold(noun))


@pytest.mark.parametrize(("noun", "form"), FORMS)
def test_a_form_typed_without_its_own_letters_has_the_stem_of_such_a_noun(noun, form):
    assert stem(fold(form).replace("ə", "e")) == stem(fold(noun).replace("ə", "e"))


@pytest.mark.parametrize("nouns", TABLE["apart"])
def test_two_nouns_stay_apart(nouns):
    one, other = nouns.split()
    assert stem(fold(one)) != stem(fold(other))


@given(st.text(alphabet="abcdəefgilmnoqrstuyz", max_size=24))
def test_a_stem_begins_the_word_and_is_not_too_short(word):
    made = stem(word)
    assert len(made) >= min(len(word), 3)
    # The last letter may be the other of the pairs q–g and k–y.
    assert word.startswith(made[:-1])
