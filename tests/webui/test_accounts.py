"""Signing in and out."""

import re

import pytest

from tests.webui.library import PASSWORD, Reader, reader_of


def _session_of(reader: Reader) -> dict[str, object]:
    with reader.client.session_transaction() as session:
        return dict(session)


def test_a_session_begins_anew_at_sign_in(shelf):
    someone = reader_of(shelf)
    with someone.client.session_transaction() as session:
        session["planted"] = "by a stranger"
    before = someone.token()
    someone.signed_in("anna")
    assert "planted" not in _session_of(someone)
    assert before != someone.token()
    someone.post("/sign-out")
    assert "account" not in _session_of(someone)
    assert "Sign in" in someone.page("/")


def test_a_token_from_before_signing_in_no_longer_counts(shelf, ids):
    someone = reader_of(shelf)
    with someone.client.session_transaction():
        pass
    before = someone.token()
    someone.signed_in("anna")
    response = someone.client.post(
        "/selection/add", data={"id": ids["plain"], "csrf_token": before}
    )
    assert response.status_code == 400


def test_an_unknown_name_is_told_the_same_as_a_wrong_password(new_archive):
    reader = reader_of(new_archive())
    pages = [
        reader.post("/sign-in", {"name": name, "password": "not the password"}).text.replace(
            name, "NAME"
        )
        for name in ("anna", "nobody")
    ]
    plain = [re.sub(r'name="csrf_token" value="[^"]+"', "", page) for page in pages]
    assert plain[0] == plain[1]
    assert "do not belong together" in plain[0]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": "anna"},
        {"password": PASSWORD},
        {"name": "", "password": ""},
        {"name": "x" * 9999, "password": "\x00"},
    ],
)
def test_a_form_half_filled_is_a_failed_attempt(new_archive, form):
    assert reader_of(new_archive()).post("/sign-in", form).status_code == 401


def test_after_too_many_failures_even_the_right_password_must_wait(new_archive):
    archive = new_archive(MUNIMENT_ACCOUNTS_ATTEMPTS="3")
    reader = reader_of(archive)
    for _ in range(3):
        assert reader.post("/sign-in", {"name": "anna", "password": "guess"}).status_code == 401
    response = reader.post("/sign-in", {"name": "anna", "password": PASSWORD})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert "Wait 15 minutes" in response.text


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "http:///evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(shelf, onward):
    someone = reader_of(shelf)
    response = someone.post("/sign-in", {"name": "anna", "password": PASSWORD, "next": onward})
    assert response.location == "/"
    assert "evil" not in someone.get("/sign-in", query_string={"next": onward}).location


def test_signing_in_leads_on_to_what_was_asked_for(shelf):
    someone = reader_of(shelf)
    asked = someone.get("/upload")
    assert asked.location == "/sign-in?next=/upload"
    response = someone.post("/sign-in", {"name": "anna", "password": PASSWORD, "next": "/upload"})
    assert response.location == "/upload"


def test_a_session_ends_after_its_hours(shelf, monkeypatch):
    someone = reader_of(shelf).signed_in("anna")
    with someone.client.session_transaction() as session:
        session["until"] = 1.0
    assert "/sign-in" in someone.get("/upload").location


def test_the_cookie_of_the_session_is_out_of_reach_of_scripts(shelf):
    someone = reader_of(shelf)
    token = someone.token()
    response = someone.client.post(
        "/sign-in", data={"csrf_token": token, "name": "anna", "password": PASSWORD}
    )
    cookie = next(
        one for one in response.headers.getlist("Set-Cookie") if one.startswith("session=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert PASSWORD not in cookie


def test_cookies_are_secure_where_the_setting_says_so(new_archive):
    someone = reader_of(new_archive(MUNIMENT_SERVE_SECURE_COOKIES="true"))
    cookies = someone.get("/sign-in").headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in one for one in cookies)


def test_signing_out_needs_a_form_of_ours(shelf):
    someone = reader_of(shelf).signed_in("anna")
    assert someone.get("/sign-out").status_code == 405
    assert someone.client.post("/sign-out").status_code == 400
    assert someone.get("/upload").status_code == 200
