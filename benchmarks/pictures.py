"""Makes the pictures of README.md from the sample archive, in Debian's Chromium.

python -m benchmarks.pictures
"""

import os
import tempfile
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from playwright.sync_api import sync_playwright

import corpus
from indexer import bootstrap, ingest, sources
from webui import create_app

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SIZE = {"width": 1280, "height": 800}


class _Silent(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    """Take the sample corpus in, serve it on loopback, and picture its pages."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        bootstrap.make_home(home)
        archive = bootstrap.open_archive(home, os.environ)
        documents = Path(corpus.__file__).with_name("documents")
        found = sources.walk([documents], archive.incoming, archive.settings.ingest)
        ingest.take_in(found, archive=archive, agent="pictures", via="command", publish=True)
        server = make_server("127.0.0.1", 0, create_app(archive), handler_class=_Silent)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            _picture(f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            archive.close()


def _picture(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{base}/search?q=council+OR+assembly")
        page.screenshot(path=PICTURES / "search.png")
        page.click(".hits h2 a, .hit h2 a")
        page.wait_for_load_state()
        page.screenshot(path=PICTURES / "record.png")
        browser.close()


if __name__ == "__main__":
    main()
