"""The selection in its cookie."""

import pytest

from archive.catalogue.records import is_public_id, new_public_id
from tests.webui.library import Reader, reader_of
from webui import selection


def test_adding_ticking_removing_clearing(reader: Reader, ids):
    first, second = ids["plain"], ids["long"]
    response = reader.post("/selection/add", {"id": first, "next": "/search?q=water"})
    assert response.location == "/search?q=water"
    assert "Selection (1)" in reader.page("/")
    assert f'value="{first}" aria-label="Select Resolution on water" checked' in reader.page(
        "/search?q=water"
    )
    reader.post("/selection/mark", {"shown": [first, second], "id": [second]})
    html = reader.page("/selection")
    assert "A long report" in html
    assert "Resolution on water" not in html
    reader.post("/selection/remove", {"id": second})
    assert "0 documents selected" in reader.page("/selection")
    reader.post("/selection/add", {"id": [first, second]})
    reader.post("/selection/clear")
    assert "0 documents selected" in reader.page("/selection")


def test_exports_keep_the_order_in_which_things_were_added(reader: Reader, ids):
    reader.post("/selection/add", {"id": [ids["long"], ids["plain"]]})
    text = reader.get("/selection/cite.ris").text
    assert text.index("A long report") < text.index("Resolution on water")


def test_five_hundred_fit_into_a_cookie_and_more_are_refused_in_words(reader: Reader):
    many = [new_public_id() for _ in range(503)]
    response = reader.post("/selection/add", {"id": many})
    cookie = response.headers.getlist("Set-Cookie")
    kept = next(one for one in cookie if one.startswith("selection="))
    assert len(kept.partition(";")[0]) < 4000
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    html = reader.page("/selection")
    assert "3 documents were not added" in html
    assert "Selection (500)" in html


@pytest.mark.parametrize("cookie", ["", "x", "AAAA.BBBB", "AAAAAAAAAA", "é", "." * 5000])
def test_a_cookie_that_is_not_ours_is_an_empty_selection(reader: Reader, cookie):
    assert (
        "0 documents selected"
        in reader.get("/selection", headers={"Cookie": f"selection={cookie}"}).text
    )


def test_what_is_no_id_is_not_selected(reader: Reader):
    reader.post("/selection/add", {"id": ["<script>", "bcdfghjkm", "../../etc"]})
    assert "0 documents selected" in reader.page("/selection")


def test_ids_survive_packing():
    for _ in range(200):
        public_id = new_public_id()
        assert selection._public_id(selection._number(public_id)) == public_id
        assert is_public_id(public_id)


@pytest.mark.parametrize(
    "address", ["/selection/add", "/selection/mark", "/selection/remove", "/selection/clear"]
)
def test_a_form_from_elsewhere_changes_nothing(shelf, ids, address):
    stranger = reader_of(shelf)
    assert stranger.client.post(address, data={"id": ids["plain"]}).status_code == 400
    assert stranger.get(address).status_code == 405


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "/\n/evil.example",
    ],
)
def test_no_form_leads_away(reader: Reader, ids, onward):
    response = reader.post("/selection/add", {"id": ids["plain"], "next": onward})
    assert response.location == "/selection"
