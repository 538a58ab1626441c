"""The map of a result: a square a country, and a table that says the same."""

import re
from html import unescape

import pytest
from babel import Locale

from archive.countries import BODIES
from tests.webui.library import index, put, reader_of, unlabelled
from webui import cartogram

# Codes of CLDR that are none of ISO 3166-1, and places of it where nobody lives.
NO_CODES_OF_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}  # fmt: skip
NOBODY_LIVES_THERE = {"AQ", "BV", "HM", "IO", "TF", "UM"}

SQUARE = re.compile(r'<a href="([^"]+)" tabindex="-1" class="s(\d)[^"]*"><title>([^<]+): ([\d,]+)<')
ROW = re.compile(r'<th scope="row"><a href="([^"]+)">([^<]+)</a>.*?<td>([\d,]+)</td>', re.DOTALL)


def test_each_inhabited_place_of_iso_3166_has_one_square():
    codes = {c for c in Locale.parse("en").territories if len(c) == 2 and c.isalpha()}
    drawn = [code for line in cartogram.GRID for code in line.split() if code != ".."]
    assert sorted(drawn) == sorted(codes - NO_CODES_OF_ISO - NOBODY_LIVES_THERE)
    assert len({len(line) for line in cartogram.GRID}) == 1


NEIGHBOURS = [("FR", "DE"), ("GE", "AZ"), ("AM", "AZ"), ("TR", "GE"), ("US", "MX"), ("KE", "TZ"), ("IN", "BD"), ("AU", "NZ")]  # fmt: skip


@pytest.mark.parametrize(("west", "east"), [("PT", "RU"), ("US", "JP"), ("AR", "ZA"), ("TR", "AZ")])
def test_what_lies_west_is_drawn_left(west, east):
    assert cartogram.SQUARES[west][0] < cartogram.SQUARES[east][0]


@pytest.mark.parametrize(("a", "b"), NEIGHBOURS)
def test_neighbours_are_not_far_apart(a, b):
    (x, y), (u, v) = cartogram.SQUARES[a], cartogram.SQUARES[b]
    assert max(abs(x - u), abs(y - v)) <= 4


@pytest.mark.parametrize("who", [None, "anna"])
def test_squares_and_table_say_what_the_facet_says(new_archive, who):
    archive = new_archive()
    for code in ("AZ", "AZ", "AZ", "TR", "FR", "UN", "SUHH", None):
        put(archive, f"From {code}", "a lantern", country=code)
    put(archive, "Hidden", "a lantern", country="AM", access="restricted")
    index(archive)
    someone = reader_of(archive)
    if who:
        someone.signed_in(who)
    html = someone.page("/search/map?q=lantern")
    expected = {"Azerbaijan": 3, "Türkiye": 1, "France": 1, "United Nations": 1, "Soviet Union": 1}
    if who:
        expected["Armenia"] = 1
    assert {name: int(n) for _, _, name, n in SQUARE.findall(html)} == expected
    rows = {name: int(n) for _, name, n in ROW.findall(html)}
    assert rows == {**expected, "country unknown": 1}
    assert ("Armenia" in rows) == bool(who)
    for address, name, n in ROW.findall(html):
        result = unlabelled(someone.page(unescape(address).replace("/search/map", "/search")))
        assert re.search(rf"\b{n} documents?\b", result), name


def test_a_country_that_is_chosen_can_be_left_again(reader):
    html = reader.page("/search/map?q=water&country=FR")
    [address] = [a for a, name, _ in ROW.findall(html) if name == "France"]
    assert unescape(address) == "/search?q=water"
    assert 'class="on"' in html


def test_where_nothing_is_found_there_is_nothing_to_choose(reader):
    html = reader.page("/search/map?q=zebrafish")
    assert not SQUARE.findall(html)
    assert "No document of this result has a country" in html


def test_bodies_stand_in_a_row_of_their_own(reader):
    html = reader.page("/search/map")
    under = cartogram.ROWS * cartogram.SIDE
    for code in BODIES:
        [y] = re.findall(rf'y="(\d+)"[^>]*/><text [^>]*>{code}<', html)
        assert int(y) > under
