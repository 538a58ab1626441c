"""The original beside its text."""

import struct

import pytest

from tests.indexer.extract.making import pdf
from tests.webui.library import index, put, reader_of
from webui import originals

PDF = "application/pdf"


def sides(picture: bytes) -> tuple[int, int]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", picture[16:24])
    return wide, high


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """An archive with a PDF of two pages under several accesses, and a web page."""
    from tests.webui import library

    archive = library.open_new(tmp_path_factory.mktemp("originals") / "home")
    pages = ["The Assembly met.", "The second page."]
    ids = {}
    for number, access in enumerate(("public", "text_withheld", "restricted")):
        content = pdf(*([(72, 700, text)] for text in pages)) + b"%% %d" % number
        ids[access] = put(archive, f"A {access} paper", pages, access=access, content=content,
                          name="a.pdf", media_type=PDF)  # fmt: skip
    ids["broken"] = put(archive, "Broken", pages, content=b"%PDF-1.4 no", media_type=PDF)
    html = b"<script>alert(1)</script><h1>Old page</h1><img src='https://example.org/x.png'>"
    ids["web"] = put(archive, "A web page", "Old page", content=html, access="public")
    ids["plain"] = put(archive, "Plain", "x", media_type="text/plain", name="a.txt")
    index(archive)
    yield archive, ids
    archive.close()


def test_a_page_is_a_picture_as_wide_as_asked_and_kept_by_what_was_asked(shown):
    archive, ids = shown
    someone = reader_of(archive)
    address = f"/d/{ids['public']}/page/1.png"
    plain, fine, marked, same = (
        someone.get(address + more) for more in ("", "?fine=1", "?q=assembly", "?q=zebra")
    )
    assert plain.content_type == "image/png"
    assert [sides(one.data)[0] for one in (plain, fine)] == [700, 1400]
    assert marked.data != plain.data
    assert same.headers["ETag"] == plain.headers["ETag"] != marked.headers["ETag"]
    again = someone.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert someone.get(f"/d/{ids['public']}/page/2.png").data != plain.data


@pytest.mark.parametrize(("which", "address", "who", "status"), [
    ("public", "page/3.png", None, 404),
    ("public", "page/0.png", None, 404),
    ("public", "framed", None, 404),
    ("web", "page/1.png", None, 404),
    ("plain", "framed", None, 404),
    ("broken", "page/1.png", None, 404),
    ("text_withheld", "page/1.png", None, 403),
    ("text_withheld", "page/1.png", "anna", 200),
    ("restricted", "page/1.png", None, 404),
    ("restricted", "page/1.png", "rita", 404),
    ("restricted", "page/1.png", "anna", 200),
])  # fmt: skip
def test_who_gets_what(shown, which, address, who, status):
    archive, ids = shown
    someone = reader_of(archive)
    if who:
        someone.signed_in(who)
    assert someone.get(f"/d/{ids[which]}/{address}").status_code == status


def test_a_page_that_cannot_be_drawn_says_so(shown):
    archive, ids = shown
    assert "cannot be shown as a picture" in reader_of(archive).page(
        f"/d/{ids['broken']}/page/1.png", 404
    )


def test_a_framed_page_is_as_received_and_can_do_nothing(shown):
    archive, ids = shown
    response = reader_of(archive).get(f"/d/{ids['web']}/framed")
    assert b"<script>alert(1)</script>" in response.data
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert not any(part.startswith(("script-src", "connect-src")) for part in policy)
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_of_a_document_offers_its_original_and_shows_it_when_asked(shown):
    archive, ids = shown
    someone = reader_of(archive)
    for which, sign in (("public", '<img class="facsimile"'), ("web", '<iframe class="facsimile"')):
        page = someone.page(f"/d/{ids[which]}?q=page")
        assert "Original beside it" in page
        assert sign not in page
        page = someone.page(f"/d/{ids[which]}?q=page&view=original")
        assert sign in page
        assert "Text alone" in page
    for which in ("plain", "text_withheld"):
        page = someone.page(f"/d/{ids[which]}?view=original")
        assert "facsimile" not in page
        assert "Original beside it" not in page


def test_pictures_that_were_not_asked_for_longest_make_room():
    shelf = originals._Shelf(10)
    for key in "abc":
        shelf.put(key, b"1234")
    assert [shelf.get(key) for key in "abc"] == [None, b"1234", b"1234"]
    shelf.get("b")
    shelf.put("d", b"123456")
    assert [shelf.get(key) for key in "bcd"] == [b"1234", None, b"123456"]
    shelf.put("e", b"x" * 100)
    assert shelf.get("e") == b"x" * 100
