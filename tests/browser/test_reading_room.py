"""What a researcher does in a browser: leaves out, looks through, reads on, by mouse and by key."""

import re

import pytest


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    yield page
    assert page.complaints == []
    context.close()


def total(page) -> int:
    return int(re.match(r"[\d,]+", page.get_by_role("heading", level=1).text_content())[0])


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_a_value_is_left_out_and_taken_back(browser, serve, filled, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{serve(filled[0])}/search?q=water")
    before = total(page)
    row = page.locator("fieldset", has_text="Language").locator(".pickone").first
    count = int(row.locator(".n").text_content())
    row.get_by_role("button", name="Leave out").click()
    page.wait_for_url(re.compile("not=language"))
    assert total(page) == before - count
    page.locator(".chips a").first.click()
    page.wait_for_url(lambda url: "not=" not in url)
    assert total(page) == before
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_one_reads_on_to_the_end_of_the_result_and_back_to_it(browser, serve, filled, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{serve(filled[0])}/search?q=water&size=100")
    titles = page.locator(".hits h2 a").all_text_contents()
    page.locator(".hits h2 a").first.click()
    read = [page.get_by_role("heading", level=1).text_content()]
    while (on := page.locator(".beside-it a[rel=next]")).count():
        on.click()
        page.wait_for_load_state("load")
        read.append(page.get_by_role("heading", level=1).text_content())
    assert read == titles
    page.get_by_role("link", name="Back to the results").click()
    assert page.locator(".hits h2 a").all_text_contents() == titles
    context.close()


def test_keys_lead_through_a_result_and_its_hits(page, serve, filled):
    page.goto(f"{serve(filled[0])}/search?q=water&size=100")
    links = page.locator(".hits h2 a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert links.nth(1).evaluate("one => one === document.activeElement")
    page.keyboard.press("x")
    assert page.locator(".hit input").nth(1).is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("at=2"))
    page.keyboard.press("n")
    now = page.locator("mark.now")
    assert now.count() == 1
    assert now.evaluate("one => one === document.activeElement")
    page.keyboard.press("]")
    page.wait_for_url(re.compile("at=3"))
    page.keyboard.press("[")
    page.wait_for_url(re.compile("at=2"))
    page.keyboard.press("u")
    page.wait_for_url(re.compile("/search"))
    page.keyboard.press("/")
    assert page.locator("input[name=q]").evaluate("one => one === document.activeElement")
    page.keyboard.type("j?")
    assert page.locator("input[name=q]").input_value() == "j?", "keys are letters in a field"


def test_hits_go_on_in_the_next_part_of_a_long_document(page, serve, filled):
    archive, ids = filled
    page.goto(f"{serve(archive)}/d/{ids['long']}?q=page")
    shown = page.locator("mark").count()
    assert shown > 1
    page.locator("mark").last.scroll_into_view_if_needed()
    for _ in range(shown):
        page.get_by_role("button", name="Next hit").click()
        if "part=2" in page.url:
            break
    page.wait_for_url(re.compile("part=2"))
    assert page.locator("mark").first.evaluate("one => one.classList.contains('now')")
    page.get_by_role("button", name="Previous hit").click()
    page.wait_for_url(lambda url: "part=2" not in url)
    assert page.locator("mark").last.evaluate("one => one.classList.contains('now')")


def test_the_list_of_keys_opens_on_a_question_mark_and_switches_them_off(page, serve, filled):
    page.goto(f"{serve(filled[0])}/search?q=water")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    assert keys.is_visible()
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    assert not keys.is_visible()
    page.keyboard.press("j")
    assert page.locator(".hits a:focus").count() == 0
    page.reload()
    page.keyboard.press("j")
    assert page.locator(".hits a:focus").count() == 0
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    assert page.locator(".hits a:focus").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_one_goes_to_a_page_by_its_number(browser, serve, filled, script):
    archive, ids = filled
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{serve(archive)}/d/{ids['long']}?q=water")
    page.get_by_label("Page", exact=True).fill("75")
    page.get_by_role("button", name="Go", exact=True).click()
    page.wait_for_url(re.compile(r"part=2#p75$"))
    assert "q=water" in page.url
    context.close()


def test_searches_of_late_stay_in_this_browser(page, serve, filled, browser):
    site = serve(filled[0])
    for query in ("water", "taxes&country=AZ", "water"):
        page.goto(f"{site}/search?q={query}")
    page.goto(f"{site}/history")
    listed = page.locator("#history a")
    assert listed.all_text_contents() == ["water", "taxes · Azerbaijan"]
    listed.last.click()
    page.wait_for_url(re.compile("q=taxes&country=AZ"))
    other = browser.new_context().new_page()
    other.goto(f"{site}/history")
    assert other.locator("#history a").count() == 0
    page.goto(f"{site}/history")
    page.get_by_role("button", name="Forget them all").click()
    page.get_by_text("There is none yet").wait_for()


def test_every_value_of_a_facet_is_looked_through_without_a_script(browser, serve, filled):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{serve(filled[0])}/search/values/country?q=water")
    page.get_by_label("Name holds").fill("FRANCE")
    page.get_by_role("button", name="Look").click()
    assert page.locator(".all .choice").count() == 1
    page.get_by_label(re.compile("^France")).check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile("/search.*country=FR"))
    assert total(page) >= 1
    context.close()


def test_nothing_is_asked_of_another_site_and_a_page_weighs_little(browser, serve, filled):
    archive, ids = filled
    site = serve(archive)
    context = browser.new_context()
    page = context.new_page()
    weight: dict[str, int] = {}
    page.on("response", lambda r: weight.__setitem__(r.url, len(r.body())))
    for address in ("/", "/search?q=water", f"/d/{ids['plain']}?q=water", "/help", "/upload"):
        weight.clear()
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        assert all(url.startswith(site) for url in weight), weight
        assert sum(weight.values()) < 100_000, weight
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_a_bar_and_a_square_narrow_to_what_they_count(browser, serve, filled, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    site = serve(filled[0])
    page.goto(f"{site}/search?bars=decade")
    bar = page.locator("svg.years a").first
    count = int(bar.locator("title").text_content().rpartition(": ")[2].replace(",", ""))
    bar.locator("rect").last.click()
    page.wait_for_url(re.compile("from="))
    assert total(page) == count
    page.goto(f"{site}/search/map")
    square = page.locator(".tiles a").first
    count = int(square.locator("title").text_content().rpartition(": ")[2].replace(",", ""))
    square.locator("rect").click()
    page.wait_for_url(re.compile("country="))
    assert total(page) == count
    context.close()


def test_the_pictures_are_read_from_their_tables_by_keyboard(page, serve, filled):
    site = serve(filled[0])
    page.goto(f"{site}/search/map")
    row = page.locator(".bycountry tbody tr").first
    count = int(row.locator("td").text_content().replace(",", ""))
    row.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("country="))
    assert total(page) == count
    page.goto(f"{site}/search?bars=year")
    page.get_by_text("By year", exact=True).click()
    row = page.locator(".byyear tr", has=page.locator("a")).first
    count = int(row.locator("td").text_content().replace(",", ""))
    row.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("from="))
    assert total(page) == count


def test_what_was_meant_and_ways_out_find_what_they_say(page, serve, filled):
    site = serve(filled[0])
    page.goto(f"{site}/search?q=watre+lakes")
    meant = page.locator(".meant")
    count = int(re.findall(r"\d+", meant.text_content())[-1])
    meant.get_by_role("link").click()
    assert total(page) == count
    page.goto(f"{site}/search?q=taxes&country=UN&from=1950")
    way = page.locator(".help li", has=page.locator("a")).first
    count = int(re.findall(r"\d+", way.text_content())[-1])
    way.get_by_role("link").click()
    assert total(page) == count > 0


def test_order_size_and_pages_of_a_result_stay_one_result(page, serve, filled):
    page.goto(f"{serve(filled[0])}/search?size=3")
    every = total(page)
    page.get_by_role("link", name="newest").click()
    page.wait_for_url(re.compile("sort=newest"))
    seen: list[str] = []
    while True:
        seen += page.locator(".hits h2 a").all_text_contents()
        following = page.locator(".pager a[rel=next]")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state("load")
    assert len(seen) == every


def test_a_search_is_recorded_followed_and_run_again(page, serve, filled):
    site = serve(filled[0])
    page.goto(f"{site}/search?q=water&not=language:fr")
    count = total(page)
    feed = page.request.get(
        site + page.get_by_role("link", name="Feed of what is new").get_attribute("href")
    )
    assert feed.ok
    assert feed.headers["content-type"].startswith("application/atom+xml")
    page.get_by_role("button", name="Record this search").first.click()
    page.wait_for_url(re.compile("/s/"))
    kept = page.url
    assert f"{count} document" in page.locator(".lead").text_content()
    again = page.request.get(f"{kept}.json").json()
    assert again["now"]["digest"] == again["digest"]
    page.get_by_role("link", name="Search again").click()
    assert total(page) == count


def test_a_selection_is_kept_cited_and_emptied_without_an_account(page, serve, filled):
    page.goto(f"{serve(filled[0])}/search?q=water")
    boxes = page.locator(".hit input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Keep the ticked").click()
    page.get_by_role("link", name="Selection (2)").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="RIS", exact=True).click()
    assert coming.value.path().read_text("utf-8").count("TY  - ") == 2
    page.get_by_role("button", name="Take all out").click()
    assert page.get_by_role("heading", level=1).text_content().startswith("0 ")


def test_by_keyboard_alone_from_a_question_to_a_citation(page, serve, filled):
    """Tab, space and Enter only: none of the keys of our own."""
    page.goto(f"{serve(filled[0])}/")

    def tab_to(found: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({found!r})"):
                return
        raise AssertionError(f"{found} is not reached")

    tab_to("input[name=q]")
    page.keyboard.type("water")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=water"))
    before = total(page)
    tab_to("input[name=language]")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("language="))
    assert total(page) <= before
    assert page.evaluate("document.activeElement.name") == "language", "the focus stays"
    page.reload()
    tab_to(".hits h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/d/"))
    with page.expect_download() as coming:
        tab_to("#cite a.button")
        page.keyboard.press("Enter")
    assert coming.value.path().read_text("utf-8").startswith("TY  - ")
