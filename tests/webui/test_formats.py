"""How values are shown."""

import pytest

from archive.dates import parse_edtf
from archive.kinds import KINDS
from indexer.extract import STATUSES
from webui import formats


@pytest.mark.parametrize(
    ("edtf", "shown"),
    [
        ("1993-12-20", "20 December 1993"),
        ("1993-12", "December 1993"),
        ("1993", "1993"),
        ("1993~", "c. 1993"),
        ("1993-12~", "c. December 1993"),
        ("199X", "1990s"),
        ("1991/1993", "1991–1993"),
        ("1991-05/1993-06", "May 1991 – June 1993"),
        ("1991-05-03/1993-06-04", "3 May 1991 – 4 June 1993"),
        ("0987-01-02", "2 January 987"),
    ],
)
def test_a_date_is_shown_no_more_precise_than_it_is_known(edtf, shown):
    assert formats.partial_date(parse_edtf(edtf)) == shown


def test_every_status_has_words():
    assert set(formats.STATUSES) == set(STATUSES)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("az", "Azerbaijani"),
        ("und", "Undetermined"),
        ("zh-Hant", "Chinese (Traditional)"),
        ("qqq", "qqq"),
        ("", ""),
        ("x" * 99, "x" * 99),
    ],
)
def test_a_language_has_its_english_name(tag, name):
    assert formats.language(tag) == name


def test_every_kind_has_a_name(reader):
    with reader.app.app_context():
        assert all(formats.kind(slug) for slug in KINDS)
        assert formats.kind("decree/decree") == "Decree"
        assert formats.kind("<b>") == "<b>"
