"""What must hold on every route."""

import re

import pytest

from indexer.bootstrap import Archive
from tests.webui.library import Reader, reader_of
from webui import create_app, security

ADDRESSES = (
    "/", "/search", "/search?q=water", "/search?page=x", "/selection", "/sign-in", "/upload", "/unsearchable", "/fixity", "/wanted", "/wanted.csv", "/healthz", "/search/map?q=water",
    "/nowhere", "/d/xxxxxxxxx", "/selection/cite.ris", "/cite", "/static/muniment.css", "/static/muniment.js",
)  # fmt: skip


def _checked(response) -> None:
    headers = response.headers
    assert headers["Content-Security-Policy"] in {
        security.CONTENT_POLICY,
        "sandbox; default-src 'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", [None, "anna"])
def test_headers(shelf, address, who):
    someone = reader_of(shelf)
    if who:
        someone.signed_in(who)
    response = someone.get(address)
    _checked(response)
    if not address.startswith("/static"):
        assert response.headers["Cache-Control"] == (
            "private, no-store" if who else "private, no-cache"
        )


def test_headers_of_documents(reader: Reader, ids):
    for address in ("/d/{}", "/d/{}/original", "/d/{}/cite.ris"):
        for which in ("plain", "restricted"):
            _checked(reader.get(address.format(ids[which])))


def test_no_page_needs_an_inline_script_or_style(shelf, ids):
    someone = reader_of(shelf).signed_in("anna")
    for address in (*ADDRESSES[:10], f"/d/{ids['plain']}?q=water", f"/d/{ids['long']}"):
        html = someone.get(address).text
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), address
        assert "<style" not in html
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", html), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1:8000/d/)', html), address


def test_every_form_that_changes_something_is_checked(shelf):
    app = create_app(shelf)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            response = app.test_client().post(rule.rule, data={"id": "x"})
            assert response.status_code in {400, 403}, rule.rule


def test_a_failure_tells_nothing_of_the_inside_and_is_logged(shelf: Archive, caplog, monkeypatch):
    def fail(*_args, **_more):
        raise RuntimeError("the inside")

    monkeypatch.setattr("webui.search.search.answer", fail)
    response = reader_of(shelf).get("/search?q=water")
    assert response.status_code == 500
    assert "the inside" not in response.text
    assert "noted" in response.text
    assert any(record.exc_info and "a page failed" in record.message for record in caplog.records)
    assert not any("q=water" in record.getMessage() for record in caplog.records)


def test_a_failing_catalogue_still_gets_a_page(shelf: Archive, monkeypatch, caplog):
    someone = reader_of(shelf).signed_in("anna")

    def fail(*_args, **_more):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("webui.here.accounts.by_number", fail)
    response = someone.get("/search")
    assert response.status_code == 500
    assert "Something went wrong" in response.text
    assert "database" not in response.text
    assert caplog.records


def test_static_files_are_kept_by_their_content(reader: Reader):
    html = reader.page("/")
    address = re.search(r'href="(/static/muniment\.css\?v=[0-9a-f]{12})"', html)[1]
    response = reader.get(address)
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert len(response.data) < 20_000, "the style sheet stays small"
    response.close()


def test_an_unknown_method_helps_too(reader: Reader):
    response = reader.client.get("/selection/add")
    assert response.status_code == 405
    assert "<h1>" in response.text


def test_health_names_no_numbers(reader: Reader):
    assert reader.get("/healthz").json == {"catalogue": "ok", "index": "ok"}
