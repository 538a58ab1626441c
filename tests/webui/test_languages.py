"""The interface speaks six languages, and misses no sentence in any."""

import pytest

from tests.webui.library import Reader, reader_of
from webui.languages import LANGUAGES


@pytest.mark.parametrize(
    ("address", "cookie", "browser", "shown"),
    [
        ("/", "", "", "en"),
        ("/", "", "fr", "fr"),
        ("/", "", "fr-CA,en;q=0.5", "fr"),
        ("/", "", "de,az-Latn;q=0.8,en;q=0.5", "az"),
        ("/", "", "de", "en"),
        ("/", "ru", "fr", "ru"),
        ("/", "xx", "fr", "fr"),
        ("/?lang=tr", "ru", "fr", "tr"),
        ("/?lang=xx", "ru", "fr", "ru"),
        ("/nowhere?lang=es", "", "", "es"),
    ],
)
def test_the_address_chooses_then_the_cookie_then_the_browser(
    reader: Reader, address, cookie, browser, shown
):
    if cookie:
        reader.client.set_cookie("language", cookie)
    response = reader.client.get(address, headers={"Accept-Language": browser} if browser else {})
    assert f'<html lang="{shown}">' in response.text
    assert response.headers["Content-Language"] == shown
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))


def test_a_choice_is_kept(reader: Reader):
    response = reader.client.get("/?lang=az")
    cookie = next(one for one in response.headers.getlist("Set-Cookie") if "language=" in one)
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert '<html lang="az">' in reader.page("/sign-in")


def test_every_page_leads_to_itself_in_each_language(reader: Reader):
    html = reader.page("/search?q=water&year=1993&year=2000")
    for code, name in LANGUAGES.items():
        link = f'href="/search?q=water&amp;year=1993&amp;year=2000&amp;lang={code}"'
        assert f'{link} rel="nofollow" lang="{code}" hreflang="{code}"' in html
        assert f">{name}</a>" in html


@pytest.mark.parametrize(
    "address", ["/search.atom?q=water", "/d/{plain}/cite.bib", "/complete?q=wat"]
)
def test_what_machines_read_is_the_same_in_every_language(shelf, ids, address):
    told = {
        reader_of(shelf).client.get(address.format(**ids), headers={"Accept-Language": code}).data
        for code in LANGUAGES
    }
    assert len(told) == 1
