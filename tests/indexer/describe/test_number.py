"""Numbers in the form of their tradition, and when two are one."""

import pytest

from indexer.describe.number import canonical, numbers, with_year
from tests.indexer.describe.tables import sheet, table


@pytest.mark.parametrize(("line", "kind", "number"), table("describe_numbers.tsv"))
def test_a_number_is_given_in_the_form_of_its_tradition(line, kind, number):
    found = sorted(numbers(sheet(line), kind), key=lambda one: -one.confidence)
    asserted = found[0].value if found and found[0].confidence >= 0.5 else "-"
    assert asserted == number


@pytest.mark.parametrize(("one", "other", "verdict"), table("describe_canonical.tsv"))
def test_two_writings_of_one_number(one, other, verdict):
    assert (canonical(one) == canonical(other)) == (verdict == "same")


@pytest.mark.parametrize("text", ["", "https://www.example.org/2010-09-11", "no figures"])
def test_what_is_no_number_has_no_canonical_form(text):
    assert canonical(text) == ""


def test_the_canonical_form_is_its_own():
    for one, other, _ in table("describe_canonical.tsv"):
        assert canonical(canonical(one)) == canonical(one)
        assert canonical(canonical(other)) == canonical(other)


def test_a_decree_of_a_country_that_counts_by_years_gets_its_year():
    (found,) = (one for one in numbers(sheet("DECRETO N° 1.645"), "decree"))
    assert with_year(found, "AR", "1985-08-23").value == "Decreto 1645/1985"
    assert with_year(found, "CL", "1985-08-23").value == "Decreto 1645"
    assert with_year(found, "AR", "").value == "Decreto 1645"
