"""From signing in to a citation, with scripts and without."""

import re

import pytest

from tests.webui.library import PASSWORD

FILES = {
    "lakes.html": "<html lang=en><title>Resolution 12 on lakes</title><h1>Resolution 12 on lakes</h1><p>Adopted on 20 December 1993 by the Assembly.</p><p>The lakes are deep and cold.</p></html>",
    "roads.txt": "Law No. 7 of 3 March 2001\n\nOn roads\n\nRoads lead along the lakes.\n",
    "zakon.txt": "Закон № 176 от 17 июля 1999 г.\n\nО почтовой связи\n\nПочта идёт мимо озёр.\n",
}


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_sign_in_upload_find_narrow_open_cite(browser, serve, archive, tmp_path, script):
    files = []
    for name, content in FILES.items():
        files.append(tmp_path / name)
        files[-1].write_text(content, "utf-8")
    site = serve(archive)
    context = browser.new_context(java_script_enabled=script)
    complaints = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(site)
    page.get_by_role("link", name="sign in").first.click()
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Upload", exact=True).click()
    page.get_by_label("Files").set_input_files(files)
    page.get_by_role("button", name="Take in").click()
    assert page.get_by_role("row").count() == 4, "a heading and one row a file"
    assert page.get_by_text("taken in: 3").is_visible()

    page.get_by_label("Search the archive").fill("lakes")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("heading", level=1).text_content() == "2 documents"
    page.get_by_label(re.compile("^English")).check()
    if not script:
        page.locator(".apply").get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile("language=en"))
    assert page.get_by_label(re.compile("^English")).is_checked()

    page.get_by_role("checkbox", name="Select Resolution 12 on lakes").check()
    page.get_by_role("button", name="Keep the ticked").click()
    assert page.get_by_role("link", name="Selection (1)").is_visible()
    page.get_by_role("link", name="Resolution 12 on lakes", exact=True).click()
    assert page.locator("mark").first.text_content() == "lakes"
    if script:
        assert page.get_by_role("button", name="Copy").is_visible()
    with page.expect_download() as coming:
        page.get_by_role("link", name="RIS", exact=True).click()
    text = coming.value.path().read_text("utf-8")
    assert text.startswith("TY  - ")
    assert "on lakes" in text
    page.get_by_role("link", name="Back to the results").click()
    assert "language=en" in page.url

    page.get_by_role("button", name="Sign out anna").click()
    assert page.get_by_role("link", name="Sign in").is_visible()
    assert not complaints
    context.close()


def test_the_first_hit_stands_high_though_much_is_chosen(browser, serve, filled):
    site = serve(filled[0])
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(
        site
        + "/search?q=taxes+OR+water+OR+%22roads+OR+)+%22+-&country=AZ&country=TR&country=RU&country=FR"
        "&country=ES&country=US&country=unknown&country=UN&kind=law&kind=nokind&kind=resolution&kind=unknown&kind=report"
        "&language=en&language=fr&language=unknown&from=1900&to=x&year=2000&year=2001&year=unknown"
    )
    page.goto(page.url.replace("&from=1900", "&from=y").replace("%22roads", "roads"))
    assert page.locator(".hit").count(), page.locator("h1").text_content()
    assert page.locator(".hit").first.bounding_box()["y"] < 380
    page.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_page_is_wider_than_the_window(browser, serve, filled, width):
    archive, ids = filled
    site = serve(archive)
    page = browser.new_page(viewport={"width": width, "height": 900})
    for address in (
        "/",
        "/search?q=water",
        "/search?q=zebra",
        f"/d/{ids['plain']}?q=water",
        f"/d/{ids['hostile']}",
        f"/d/{ids['long']}",
        "/selection",
        "/sign-in",
        "/nowhere",
        "/help",
        "/history",
        "/search/values/country",
        "/search?not=country:AZ&not=kind:law",
    ):
        page.goto(site + address)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{address} is {over} px too wide"
    page.close()


def test_a_passage_of_another_part_is_found_by_its_anchor(browser, serve, filled):
    archive, ids = filled
    page = browser.new_page()
    page.goto(f"{serve(archive)}/d/{ids['long']}#p125")
    page.wait_for_url(re.compile(r"part=3.*#p125$"))
    assert page.locator("#p125").is_visible()
    page.close()


def test_print_is_the_citation_and_the_text(browser, serve, filled):
    archive, ids = filled
    page = browser.new_page()
    page.goto(f"{serve(archive)}/d/{ids['plain']}")
    page.emulate_media(media="print")
    for shown in ("#reference", "h1", ".sheet"):
        assert page.locator(shown).is_visible(), shown
    for hidden in (".top", ".foot", ".trail", ".tools", "#cite .row"):
        assert not page.locator(hidden).first.is_visible(), hidden
    page.close()


def test_the_keyboard_reaches_the_results_first(browser, serve, filled):
    page = browser.new_page()
    page.goto(f"{serve(filled[0])}/search?q=water")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")
    page.close()
