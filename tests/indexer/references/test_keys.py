"""When two references mean one instrument, and by which keys a record is asked for."""

import pytest

from indexer.describe import Evidence
from indexer.references import Reference
from indexer.references.instruments import INSTRUMENTS, named_by_title
from indexer.references.keys import asked_of, key_of, known_as, scope_of
from indexer.references.words import act_word, plain


def reference(**said):
    blank = dict.fromkeys(("kind", "number", "date", "name", "issuer", "country"), "")
    return Reference(
        **{**blank, **said}, written="w", evidence=Evidence("w", None), start=0, end=1, times=1,
        confidence=0.9, rule="test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "scope"),
    [
        ("S/RES/822", "world"), ("A/RES/48/114", "world"), ("CCPR/C/GC/34", "world"), ("SI/2010/1234", "world"),
        ("596/2014", "country"), ("351/IVQ", "country"), ("5411", "country"), ("14003", "country"),
        ("275", "day"), ("44/ФЗ", "day"), ("86/1067", "day"),
    ],
)  # fmt: skip
def test_within_what_a_number_is_borne_once(number, scope):
    assert scope_of(reference(number=number, kind="law", country="TR")) == scope


def test_a_number_of_each_year_is_another_instrument_on_another_day():
    one, other = (
        reference(number="275", kind="decree", country="AZ", date=date)
        for date in ("2013-01-05", "2014-02-13")
    )
    assert key_of(one) != key_of(other)
    assert asked_of(one) == asked_of(other) == "number:275"


def test_a_number_of_one_country_is_another_instrument_in_another():
    one, other = (reference(number="5411", kind="law", country=code) for code in ("TR", "US"))
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Universal Declaration of Human Rights", "Universal Declaration of Human Rights"),
        ("Déclaration universelle des droits de l'homme", "Universal Declaration of Human Rights"),
        ("Всеобщая декларация прав человека", "Universal Declaration of Human Rights"),
        ("İnsan Hakları Evrensel Beyannamesi", "Universal Declaration of Human Rights"),
        ("Convention on the Rights of the Child", "Convention on the Rights of the Child"),
        ("What the Universal Declaration of Human Rights means today", None),
        ("Minutes of a meeting", None),
    ],
)
def test_a_title_that_is_a_name(title, name):
    found = named_by_title(title)
    assert (found.name if found else None) == name


def test_a_record_is_asked_for_by_number_title_and_name():
    keys = known_as(
        title="A title that is long enough",
        kind="resolution",
        country="UN",
        numbers=["S/RES/822 (1993)"],
    )
    assert keys == {"number:S/RES/822", "name:atitlethatislongenough"}
    declaration = known_as(
        title="x", kind="resolution", country="UN", numbers=["A/RES/217 (III) A"]
    )
    assert asked_of(reference(name="Universal Declaration of Human Rights")) in declaration
    [constitution] = known_as(title="x", kind="constitution", country="AZ")
    assert constitution == asked_of(reference(name="Constitution (AZ)", kind="constitution"))


def test_every_named_instrument_is_found_by_each_of_its_forms():
    for row in INSTRUMENTS:
        for needle, pattern in row.forms:
            assert needle in pattern.pattern.replace("\\", "") or " " in needle
        assert row.name
        assert row.kind in {"treaty", "resolution"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Qərarının", "decision"), ("qanunvericilik", None), ("Qanunda", "law"), ("kararlı", None),
        ("Kanununun", "law"), ("указом", "decree"), ("указан", None), ("указывает", None),
        ("résolutions", "resolution"), ("decreto-ley", "decree"), ("house", None), ("qanuni", None),
    ],
)  # fmt: skip
def test_a_word_for_a_kind(word, kind):
    found = act_word(plain(word))
    assert (found.kind if found else None) == kind
