"""Pictures of the pages, in Debian's Chromium: those of README.md, or every page to look at.

    python -m benchmarks.pictures [FOLDER]

Without a folder the two pictures of README.md are made anew from the sample archive. With one,
search, record, upload, help, an archive with nothing in it and an error go there, each at three
widths, in light and in dark.
"""

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from playwright.sync_api import Browser, sync_playwright

import corpus
from archive import accounts
from indexer import bootstrap, ingest, sources
from webui import create_app

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SIZE = {"width": 1280, "height": 800}
WIDTHS = (390, 1280, 1920)
NAME, PASSWORD = "pictures", "a password of the pictures"
SEARCH = "/search?q=council+OR+assembly"
HITS = ".hits h2 a"


class _Silent(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    """Take the sample corpus in, serve it on loopback, and picture its pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with served(Path(scratch) / "filled", filled=True) as base:
            if folder is None:
                _for_the_readme(browser, base)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                with served(Path(scratch) / "empty", filled=False) as empty:
                    _everything(browser, base, empty, folder)
        browser.close()


@contextlib.contextmanager
def served(home: Path, *, filled: bool) -> Iterator[str]:
    """Serve an archive on loopback: the sample corpus, or one with nothing in it."""
    bootstrap.make_home(home)
    archive = bootstrap.open_archive(home, os.environ)
    with archive.catalogue.writing() as session:
        accounts.add(session, NAME, "archivist", PASSWORD, archive.settings.accounts)
    if filled:
        documents = Path(corpus.__file__).with_name("documents")
        found = sources.walk([documents], archive.incoming, archive.settings.ingest)
        ingest.take_in(found, archive=archive, agent="pictures", via="command", publish=True)
    server = make_server("127.0.0.1", 0, create_app(archive), handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        archive.close()


def _for_the_readme(browser: Browser, base: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    page.goto(base + SEARCH)
    page.screenshot(path=PICTURES / "search.png")
    page.click(HITS)
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / "record.png")


def _everything(browser: Browser, base: str, empty: str, folder: Path) -> None:
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 1000},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            page = context.new_page()
            page.goto(base + SEARCH)
            record = str(page.locator(HITS).first.get_attribute("href"))
            page.goto(f"{base}/sign-in")
            page.fill("[name=name]", NAME)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            for name, address in {
                "search": base + SEARCH,
                "record": base + record,
                "upload": f"{base}/upload",
                "nothing": f"{base}/search?q=zebrafish+council&country=FR",
                "help": f"{base}/help",
                "error": f"{base}/nowhere",
                "empty": f"{empty}/",
            }.items():
                page.goto(address)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
            context.close()


if __name__ == "__main__":
    main()
