"""What may be chosen beside a result, left out of it, and looked through."""

import re

import pytest

from archive.catalogue.records import SpokenOf
from indexer.bootstrap import Archive
from tests.webui.library import Reader, index, put, reader_of


@pytest.fixture
def assembly(new_archive) -> tuple[Archive, Reader]:
    archive = new_archive()
    for n in range(30):
        put(
            archive,
            f"Decision {n}",
            "water",
            country="AZ" if n % 2 else "FR",
            kind="decree" if n < 20 else "law",
            language="en",
            issuer=f"Ministry of Things {n % 15:02}",
            collection="Papers: A–K" if n < 3 else None,
            spoken_of=(SpokenOf("AM", "Armenia", 2, 1),) if n < 5 else (),
        )
    put(archive, "Kept close", "water", access="restricted", issuer="A hidden chancery")
    index(archive)
    return archive, reader_of(archive)


def total(html: str) -> int:
    found = re.search(r"<h1>([\d,]+) document", html)
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("not=country:AZ", 15),
        ("not=country:AZ&not=kind:law", 10),
        ("country=FR&not=kind:decree", 5),
        ("not=spoken_of:AM", 25),
        ("not=spoken_of:unknown", 5),
        ("not=collection:Papers:+A–K", 27),
        ("collection=Papers:+A–K", 3),
        ("issuer=Ministry+of+Things+07", 2),
        ("spoken_of=AM&not=country:FR", 2),
        ("access=public", 30),
    ],
)
def test_a_value_narrows_or_is_left_out(assembly, address, count):
    assert total(assembly[1].page(f"/search?q=water&{address}")) == count


def test_what_is_left_out_keeps_its_count_and_can_be_taken_back(assembly):
    html = assembly[1].page("/search?q=water&not=country:AZ")
    assert re.search(r'name="not" value="country:AZ" checked', html)
    assert re.search(r'country:AZ" checked>.*?class="n">15<', html)
    [chip] = re.findall(r'<a class="chip" href="([^"]+)"', html)
    assert total(assembly[1].page(chip.replace("&amp;", "&"))) == 30


def test_what_cannot_be_left_out_is_a_notice(assembly):
    html = assembly[1].page("/search?q=water&not=weather:bad")
    assert total(html) == 30
    assert "is excluded by" in html


def test_every_value_of_a_long_facet_stands_on_a_page_with_a_search_in_it(assembly):
    _, reader = assembly
    html = reader.page("/search?q=water&kind=decree")
    [there] = re.findall(r'href="(/search/values/issuer[^"]+)"', html)
    every = reader.page(there.replace("&amp;", "&"))
    assert len(re.findall(r'type="checkbox" name="issuer"', every)) == 15
    # However it is spelt.
    some = reader.page("/search/values/issuer?q=water&kind=decree&find=THINGS+0")
    assert len(re.findall(r'type="checkbox" name="issuer"', some)) == 10
    assert 'name="kind" value="decree"' in some
    assert "No name holds" in reader.page("/search/values/issuer?find=zebra")
    assert reader.get("/search/values/text").status_code == 404


def test_what_is_chosen_stays_chosen_while_one_looks_for_more(assembly):
    html = assembly[1].page("/search/values/issuer?issuer=Ministry+of+Things+01&find=02")
    assert '<input type="hidden" name="issuer" value="Ministry of Things 01">' in html


def test_nobody_learns_of_a_value_that_only_hidden_records_bear(assembly):
    archive, reader = assembly
    for address in ("/search?q=water", "/search/values/issuer", "/search/values/access"):
        assert "hidden chancery" not in reader.page(address)
        assert "archivists only" not in reader.page(address)
    staff = reader_of(archive).signed_in("anna")
    assert "hidden chancery" in staff.page("/search/values/issuer?q=water")
