"""Each language fits its pages, and documents keep their own direction in all of them."""

import pytest

from tests.browser.test_accessible import _violations
from tests.webui.library import PASSWORD
from webui.languages import LANGUAGES

PAGES = {
    "front": "/",
    "search": "/search?q=water&country=FR&country=unknown&from=1990&to=1994&bars=month",
    "nothing": "/search?q=taxes&country=UN&from=1950",
    "document": "/d/{plain}?q=rivers",
    "restricted": "/d/{scanned}",
    "right to left": "/d/{arabic}",
    "differences": "/d/{one}/compare/{other}",
    "upload": "/upload",
    "not searchable": "/unsearchable",
    "wanted": "/wanted",
    "error": "/nowhere",
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_fits_in_every_language(browser, serve, filled, code, width):
    archive, ids = filled
    site = serve(archive)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=code)
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.locator("#name").fill("anna")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    wide, wrong = {}, {}
    for name, address in PAGES.items():
        page.goto(site + address.format(**ids))
        assert page.locator("html").get_attribute("lang") == code
        if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[name] = found
        if width == 390 and name in {"search", "nothing", "document", "upload", "error"}:
            wrong[name] = _violations(page)
    context.close()
    assert not wide
    assert not {name: found for name, found in wrong.items() if found}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_document_from_right_to_left_stands_so_on_every_page(browser, serve, filled, code):
    archive, ids = filled
    site = serve(archive)
    context = browser.new_context(locale=code, java_script_enabled=False)
    page = context.new_page()
    for address in ("/search?language=ar", f"/d/{ids['arabic']}"):
        page.goto(site + address)
        title = page.get_by_text("الإعلان العالمي لحقوق الإنسان").first
        assert title.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert title.get_attribute("lang") == "ar"
        assert page.evaluate("getComputedStyle(document.body).direction") == "ltr"
    text = page.get_by_text("يولد جميع الناس أحرارًا.").first
    box, sheet = text.bounding_box(), page.locator(".sheet").bounding_box()
    assert text.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1
    # What the page says inside the text stays in the page's own language and direction.
    number = page.locator(".leaf").first
    assert number.get_attribute("lang") == code
    assert number.evaluate("one => getComputedStyle(one).direction") == "ltr"
    context.close()


def test_a_language_is_chosen_at_the_foot_of_the_page_without_a_script(browser, serve, filled):
    archive, _ = filled
    site = serve(archive)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/search?q=water")
    page.get_by_role("link", name="Azərbaycanca").click()
    assert page.get_by_role("button", name="Axtar").first.is_visible()
    assert page.locator("input[name=q]").first.input_value() == "water"
    page.goto(f"{site}/selection")
    assert page.locator("html").get_attribute("lang") == "az"
    assert page.get_by_role("link", name="Azərbaycanca").get_attribute("aria-current") == "true"
    context.close()
