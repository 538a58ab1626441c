"""What a reader may not see is not there: on every route."""

import re

import pytest

from indexer import referring
from tests.webui.library import Reader, index, put, reader_of, unlabelled

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


def _referring(html: str) -> str:
    """Return the part of a document's page that says what refers to it."""
    begin = html.find("Referred to by")
    return html[begin : html.index("</section>", begin)] if begin >= 0 else ""


def test_no_reference_betrays_what_is_hidden(shelf, reader: Reader, ids):
    held, staff = f"/d/{ids['plain']}", reader_of(shelf).signed_in("anna")
    assert ids["secret_article"] not in reader.page(held)
    for who in ("secret_article", "withheld_article"):
        assert ids[who] not in _referring(reader.page(held))
        assert ids[who] in _referring(staff.page(held))
    assert "Refers to" not in reader.page(f"/d/{ids['withheld_article']}")
    assert "48/114" not in reader.page(f"/d/{ids['withheld_article']}")
    assert "Refers to" in staff.page(f"/d/{ids['withheld_article']}")


def test_a_page_is_the_same_with_and_without_hidden_documents_that_could_be_meant(new_archive):
    archive = new_archive()
    article = put(archive, "News", "The president signed a decree on February 13, 2014, on water.",
                  kind="news_article", country="AZ", language="en")  # fmt: skip
    about = {"kind": "decree", "country": "AZ", "date": "2014-02-13"}
    decree = put(archive, "Decree one", "a", **about)
    referring.look_through(archive.catalogue)
    someone = reader_of(archive)

    def pages() -> list[str]:
        asked = (someone.page(f"/d/{one}") for one in (article, decree))
        return [re.sub(r'name="csrf_token" value="[^"]+"', "", html) for html in asked]

    before = pages()
    put(archive, "Decree two", "b", access="restricted", **about)
    put(archive, "News two", "By Parliament: a decree of February 13, 2014.", state="waiting",
        kind="news_article", country="AZ", language="en")  # fmt: skip
    referring.look_through(archive.catalogue)
    assert pages() == before


def test_a_feed_and_a_recorded_search_are_the_same_with_and_without_hidden_documents(new_archive):
    archive = new_archive()
    put(archive, "Letter", "a lantern")
    index(archive)
    someone = reader_of(archive)
    response = someone.post("/searches/record", {"search": "/search?q=lantern"})

    def told() -> list[str]:
        return [
            someone.get("/search.atom?q=lantern").text,
            someone.get(f"{response.location}.json").text,
            someone.page(response.location),
        ]

    before = told()
    put(archive, "Hidden letter", "a lantern", access="restricted")
    put(archive, "Waiting letter", "a lantern", state="waiting")
    index(archive)
    assert told() == before


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


TYPED = ("wa", "water ri", "reso", "A/RES/4", "A/RES/48/1", "gen", "sec", "zirconia", "watre")
ASKED = (
    "watre", "zirconiun", "resolutoin watre", "wa ter", "waterrivers", "zirconium", "water nothing",
    "rivers rocks", "water&country=TR", "water&bars=decade", "water&bars=year", "*&bars=month",
)  # fmt: skip


def test_suggestions_are_byte_equal_with_and_without_what_is_hidden(new_archive):
    archive = new_archive()
    about = {"date": "1993-12-20", "issuer": "General Assembly"}
    ids = [
        put(archive, "Resolution on water", "Of rivers.", number="A/RES/48/114", **about),
        put(archive, "Water of rivers", "A resolution, A/RES/48/114.", date="1993"),
        put(archive, "A withheld well", "Water.", access="text_withheld", issuer="General Staff"),
        *(put(archive, f"Law {n}", "Water in lakes and rivers.") for n in range(9)),
    ]
    index(archive)

    def everything(who: Reader) -> list[bytes]:
        answers = [who.get("/complete", query_string={"q": typed}) for typed in TYPED]
        pages = [who.page(f"/search?q={asked}") for asked in ASKED]
        pages += [who.page(f"/d/{public_id}") for public_id in ids]
        return [
            *(answer.data + answer.headers["ETag"].encode() for answer in answers),
            *(unlabelled(page).encode() for page in pages),
        ]

    before = everything(reader_of(archive))
    for hidden in ({"access": "restricted"}, {"state": "waiting"}):
        for n in range(12):
            put(
                archive,
                f"Secret resolution {n} on water, watre, zirconium, waterrivers",
                "Zirconium watre zirconiun resolutoin of rivers and rocks. A/RES/48/114.",
                number=f"A/RES/48/1{n}",
                issuer="Secret General Council",
                date=f"18{n:02}-05",
                language="fr",
                **hidden,
            )
    index(archive)
    assert everything(reader_of(archive)) == before
    staff = reader_of(archive).signed_in("anna")
    assert "Secret General Council" in staff.get("/complete?q=sec").text
