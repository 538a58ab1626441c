"""The original beside its text, in a browser."""


def test_pages_stand_beside_their_text_as_pictures(browser, serve, filled):
    archive, ids = filled
    site = serve(archive)
    for width in (1280, 390):
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        page.goto(f"{site}/d/{ids['facsimile']}?q=water")
        page.get_by_role("link", name="Original beside it").click()
        picture = page.get_by_role("img", name="Page 1 of the original")
        picture.scroll_into_view_if_needed()
        page.wait_for_function(
            "one => one.complete && one.naturalWidth > 0", arg=picture.element_handle()
        )
        text, beside = page.locator(".leaf").first.bounding_box(), picture.bounding_box()
        if width == 1280:
            assert beside["x"] >= text["x"] + text["width"]
        else:
            assert beside["y"] >= text["y"] + text["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="Text alone").click()
        assert page.get_by_role("img", name="Page 1 of the original").count() == 0
        context.close()


def test_a_framed_page_shows_and_does_nothing(browser, serve, filled):
    archive, ids = filled
    site = serve(archive)
    context = browser.new_context()
    page = context.new_page()
    asked, dialogs = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site}/d/{ids['plain']}?view=original")
    frame = page.frame_locator("iframe.facsimile").locator("body")
    frame.wait_for(state="attached")
    assert "Resolution on water" in frame.inner_text()
    page.goto(f"{site}/d/{ids['plain']}/framed")
    assert "Resolution on water" in page.locator("body").inner_text()
    assert dialogs == []
    assert all(address.startswith(site) for address in asked)
    context.close()
