"""What a reader may not see is not there: on every route."""

import pytest

from tests.webui.library import Reader, reader_of

ROUTES = (
    "/d/{id}",
    "/d/{id}?q=water",
    "/d/{id}/original",
    "/d/{id}/original/2",
    "/d/{id}/cite.ris",
    "/d/{id}/cite.csl-json",
    "/cite?id={id}&format=ris",
    "/d/{id}/compare/{plain}",
    "/d/{plain}/compare/{id}",
)


@pytest.mark.parametrize("who", [None, "rita"])
@pytest.mark.parametrize("which", ["restricted", "waiting", "never_public"])
@pytest.mark.parametrize("route", ROUTES)
def test_what_is_hidden_is_404_and_says_nothing(shelf, ids, who, which, route):
    someone = reader_of(shelf)
    if who:
        someone.signed_in(who)
    html = someone.page(route.format(id=ids[which], plain=ids["plain"]), 404)
    for word in ("paper", "Hidden", "Waiting", "Never"):
        assert word not in html


@pytest.mark.parametrize("which", ["restricted", "waiting"])
@pytest.mark.parametrize("route", ROUTES)
def test_an_archivist_sees_it(shelf, ids, which, route):
    expected = 404 if route.endswith("/2") else 200
    reader_of(shelf).signed_in("anna").page(
        route.format(id=ids[which], plain=ids["plain"]), expected
    )


def test_a_result_holds_no_trace_of_what_is_hidden(shelf, reader: Reader, ids):
    html = reader.page("/search?q=water&size=100")
    for which in ("restricted", "waiting", "withdrawn", "never_public"):
        assert ids[which] not in html
    assert "<h1>5 documents" in html
    assert "<h1>7 documents" in reader_of(shelf).signed_in("anna").page("/search?q=water&size=100")


def test_a_selection_shows_and_exports_only_what_may_be_seen(shelf, ids):
    staff = reader_of(shelf).signed_in("anna")
    staff.post("/selection/add", {"id": [ids["plain"], ids["restricted"]]})
    assert "A restricted paper" in staff.page("/selection")
    assert staff.get("/selection/cite.ris").text.count("TY  - ") == 2
    staff.post("/sign-out")
    html = staff.page("/selection")
    assert "A restricted paper" not in html
    assert "1 document of your selection is no longer open to you" in html
    assert staff.get("/selection/cite.ris").text.count("TY  - ") == 1


def test_a_role_is_read_anew_with_every_request(new_archive):
    from sqlalchemy import text

    archive = new_archive()
    anna = reader_of(archive).signed_in("anna")
    assert anna.get("/upload").status_code == 200
    with archive.catalogue.writing() as session:
        session.execute(text("UPDATE account SET role = 'reader' WHERE name = 'anna'"))
    assert anna.get("/upload").status_code == 403
    with archive.catalogue.writing() as session:
        session.execute(text("DELETE FROM account WHERE name = 'anna'"))
    assert "/sign-in" in anna.get("/upload").location
