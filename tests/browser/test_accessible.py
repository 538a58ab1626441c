"""axe finds nothing wrong with any page in any state, in light and in dark."""

import pytest

from tests.webui.library import PASSWORD, put

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}

OPEN = {
    "front": "/",
    "result": "/search?q=water",
    "everything": "/search?size=100",
    "chosen": "/search?q=taxes&country=AZ&country=TR&kind=code&year=2000&from=1999&to=2005&sort=newest",
    "many chips": "/search?year=2000&country=AZ&country=TR&country=FR&country=RU&country=US&kind=law&kind=report",
    "possibly": "/search?q=water&from=1993-06&to=1994",
    "notices": "/search?q=water+OR+%22lake+)+(&kind=nokind&from=x",
    "empty": "/search?q=taxes&country=UN&from=1950",
    "meant": "/search?q=watre+lakes",
    "bars": "/search?q=water&bars=month&from=1990&to=1994",
    "map": "/search/map?q=water&country=FR",
    "map of nothing": "/search/map?q=zebrafish",
    "pages beside": "/d/{facsimile}?q=water&view=original",
    "frame beside": "/d/{plain}?q=water&view=original",
    "past the end": "/search?page=9",
    "left out": "/search?q=water&not=language:en&not=kind:law",
    "values of a facet": "/search/values/country?q=water",
    "no such value": "/search/values/issuer?find=zebra",
    "help": "/help",
    "history": "/history",
    "in a result": "/d/{long}?q=page&at=1&sort=added",
    "no such page": "/d/{long}/page?number=999",
    "pages": "/search?size=3&page=3",
    "refused": "/search?page=x",
    "selection": "/selection",
    "sign in": "/sign-in",
    "lost": "/nowhere",
    "document": "/d/{plain}?q=rivers",
    "hostile": "/d/{hostile}",
    "parts": "/d/{long}?q=water&part=2",
    "paragraphs": "/d/{verbose}",
    "scanned": "/d/{scanned}",
    "withheld": "/d/{withheld}",
    "withdrawn": "/d/{withdrawn}",
    "right to left": "/d/{arabic}",
    "copies": "/d/{one}",
    "differences": "/d/{one}/compare/{other}",
    "nothing in common": "/d/{arabic}/compare/{plain}",
}
STAFF = {
    "upload": "/upload",
    "wanted": "/wanted",
    "fixity": "/fixity",
    "damaged": "/d/{damaged}",
    "references": "/d/{article}",
    "result for staff": "/search?q=water",
    "restricted": "/d/{restricted}",
    "waiting": "/d/{waiting}",
    "translations": "/d/{one}",
}


def _violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    for folded in page.locator("details").all():
        folded.evaluate("one => one.open = true")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['any'][:1] and node['any'][0]['message']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.fixture(
    params=[("light", 1280), ("dark", 1280), ("light", 390)], ids=lambda p: f"{p[0]} {p[1]}"
)
def page(request, browser):
    scheme, width = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    yield context.new_page()
    context.close()


def test_open_pages(page, serve, filled):
    archive, ids = filled
    site = serve(archive)
    wrong = {}
    for name, address in OPEN.items():
        page.goto(site + address.format(**ids))
        wrong[name] = _violations(page)
    assert not {name: found for name, found in wrong.items() if found}


def test_what_is_offered_while_typing(page, serve, filled):
    archive, ids = filled
    site = serve(archive)
    wrong = {}
    for name, address in {"front": "/", "result": "/search?q=taxes"}.items():
        page.goto(site + address)
        field = page.get_by_role("combobox", name="Search the archive")
        field.press_sequentially("x")
        field.fill("resolution on wa")
        option = page.get_by_role("option", name="Resolution on water document")
        option.wait_for()
        assert field.get_attribute("aria-expanded") == "true"
        field.press("ArrowDown")
        assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
        assert option.get_attribute("aria-selected") == "true"
        wrong[name] = _violations(page)
        field.press("Escape")
        assert not option.is_visible()
        assert field.input_value() == "resolution on wa"
        field.press_sequentially("t")
        option.wait_for()
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url(f"{site}/d/{ids['plain']}")
    assert not {name: found for name, found in wrong.items() if found}


def test_the_list_of_keys_and_a_hit_that_was_gone_to(page, serve, filled):
    archive, ids = filled
    page.goto(f"{serve(archive)}/d/{ids['long']}?q=page")
    page.keyboard.press("n")
    assert page.locator("mark.now").count() == 1
    wrong = _violations(page)
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    assert wrong + _violations(page) == []
    page.keyboard.press("Escape")
    page.goto(f"{page.url.split('/d/')[0]}/search?q=water")
    page.goto(f"{page.url.split('/search')[0]}/history")
    page.locator("#history a").first.wait_for()
    assert _violations(page) == []


def test_pages_behind_a_form(page, serve, filled, tmp_path):
    archive, ids = filled
    site = serve(archive)
    wrong = {}
    page.goto(f"{site}/d/{ids['plain']}")
    page.get_by_role("button", name="Add to my selection").click()
    wrong["added"] = _violations(page)
    page.goto(f"{site}/selection")
    wrong["selection"] = _violations(page)
    page.goto(f"{site}/sign-in")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("a wrong one")
    page.get_by_role("button", name="Sign in").click()
    wrong["wrong password"] = _violations(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for name, address in STAFF.items():
        page.goto(site + address.format(**ids))
        wrong[name] = _violations(page)
    page.goto(f"{site}/searches")
    wrong["no saved search"] = _violations(page)
    page.goto(f"{site}/search?q=water&country=FR")
    page.get_by_role("button", name="Save this search").click()
    wrong["saved searches"] = _violations(page)
    page.goto(f"{site}/search?q=water&country=FR")
    page.get_by_role("button", name="Record this search as anybody sees it").click()
    assert page.get_by_role("heading", name="Record of a search").is_visible()
    wrong["record of a search"] = _violations(page)
    page.goto(f"{site}/upload")
    (tmp_path / "empty.txt").write_bytes(b"")
    page.get_by_label("Files").set_input_files([tmp_path / "empty.txt"])
    page.get_by_role("button", name="Take in").click()
    wrong["report"] = _violations(page)
    assert not {name: found for name, found in wrong.items() if found}


def test_an_archive_with_nothing_in_it(page, serve, archive):
    site = serve(archive)
    page.goto(site)
    wrong = _violations(page)
    page.goto(f"{site}/search")
    wrong += _violations(page)
    (archive.home / "data" / "index" / "CURRENT").unlink(missing_ok=True)
    put(archive, "Not indexed", "x")
    page.goto(f"{site}/search?q=x")
    assert not wrong + _violations(page)


def test_differences_fit_a_narrow_page(browser, serve, filled):
    archive, ids = filled
    site = serve(archive)
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    for address in (f"/d/{ids['one']}/compare/{ids['other']}", f"/d/{ids['one']}"):
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
