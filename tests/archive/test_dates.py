"""Dates as honest as the document."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import dates
from archive.dates import PartialDate, parse_edtf


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("1993-12-20", date(1993, 12, 20), date(1993, 12, 20), "day"),
        ("1993-02", date(1993, 2, 1), date(1993, 2, 28), "month"),
        ("1992-02", date(1992, 2, 1), date(1992, 2, 29), "month"),
        ("1993", date(1993, 1, 1), date(1993, 12, 31), "year"),
        ("1993~", date(1993, 1, 1), date(1993, 12, 31), "circa"),
        ("199X", date(1990, 1, 1), date(1999, 12, 31), "decade"),
        ("1991/1993-06", date(1991, 1, 1), date(1993, 6, 30), "range"),
        (" 0987 ", date(987, 1, 1), date(987, 12, 31), "year"),
    ],
)
def test_what_is_written_means_these_days(written, first, last, precision):
    assert parse_edtf(written) == PartialDate(first, last, precision)


@pytest.mark.parametrize(
    "written", ["", "93", "1993-13", "1993-02-30", "20.12.1993", "1993-1-1", "1993/1991", "soon"]
)
def test_what_is_no_date_is_refused_with_a_reason(written):
    with pytest.raises(ValueError, match=r"date|before"):
        parse_edtf(written)


@given(st.dates(min_value=date(1, 1, 1)), st.sampled_from(["day", "month", "year"]))
def test_the_written_form_reads_back(that, precision):
    made = {
        "day": lambda: dates.day(that.year, that.month, that.day),
        "month": lambda: dates.month(that.year, that.month),
        "year": lambda: dates.year(that.year),
    }[precision]()
    assert parse_edtf(str(made)) == made


@pytest.mark.parametrize("written", ["1993~", "1993-05~", "199X", "1991-01-01/1993-06-30"])
def test_the_other_forms_read_back(written):
    assert str(parse_edtf(written)) == written


def test_a_range_over_new_year_lies_in_no_one_year():
    assert parse_edtf("1993-12/1994-01").year is None
    assert parse_edtf("1993-01/1993-04").year == 1993
