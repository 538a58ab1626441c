"""The search guide: every example is read as it is explained."""

import re

import pytest

from indexer.query.parser import parse
from webui.help import GUIDE


@pytest.mark.parametrize("query", [one.query for _, examples in GUIDE for one in examples])
def test_an_example_is_read_without_a_notice(query):
    assert parse(query).notices == ()


def test_an_example_finds_as_many_as_the_guide_says(reader):
    html = reader.page("/help")
    rows = re.findall(r'<a href="(/search[^"]+)"><code.*?class="n">([\d,]*)</td>', html)
    assert len(rows) == sum(len(examples) for _, examples in GUIDE)
    for address, count in rows:
        result = reader.page(address.replace("&amp;", "&"))
        assert f"<h1>{count} document" in result, address


def test_an_archive_without_an_index_is_explained_all_the_same(new_archive):
    from tests.webui.library import reader_of

    assert "How to search" in reader_of(new_archive()).page("/help")


def test_a_page_is_gone_to_by_its_number(reader, ids):
    answer = reader.get(f"/d/{ids['long']}/page?number=75&q=water")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/d/{ids['long']}?q=water&part=2#p75"
    for number in ("0", "999", "x", "", "9" * 40, "-1"):
        html = reader.page(f"/d/{ids['long']}/page?number={number}", 404)
        assert "has the pages 1 to" in html
