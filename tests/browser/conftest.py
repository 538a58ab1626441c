"""A site on a loopback port and a browser to look at it with."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from archive import fixity
from archive.catalogue import records, translations
from indexer.bootstrap import Archive
from indexer.copies import duplicates
from tests.indexer.extract.making import pdf
from tests.keeping import flip_a_bit, place_of
from tests.webui import library
from tests.webui.conftest import _fill
from webui import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say by name what cannot run without a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def browser():
    """Chromium, without a window."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Archive], str]]:
    """Serve archives for the time of a test; give the address of each."""
    servers = []

    def start(archive: Archive) -> str:
        server = make_server("127.0.0.1", 0, create_app(archive), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive with nothing in it."""
    opened = library.open_new(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, dict[str, str]]]:
    """The archive of tests/webui, to be looked at."""
    opened = library.open_new(tmp_path_factory.mktemp("browser") / "home")
    ids = _fill(opened)
    page = [(72, 700, "A decree on water."), (72, 680, "Signed.")]
    ids["facsimile"] = library.put(
        opened, "A printed decree", ["A decree on water.\n\nSigned.", "The second page."],
        content=pdf(page, [(72, 700, "The second page.")]), media_type="application/pdf",
        language="en", country="FR", kind="decree", name="decree.pdf",
    )  # fmt: skip
    ids["damaged"] = library.put(opened, "A damaged paper", "Dry words.", name="file.txt")
    flip_a_bit(place_of(opened, ids["damaged"]))
    for _ in fixity.verify(opened.catalogue, opened.originals, agent="anna"):
        pass
    ids["arabic"] = library.put(
        opened, "الإعلان العالمي لحقوق الإنسان", ["يولد جميع الناس أحرارًا.", "المادة الثانية"],
        language="ar", country="UN", kind="other", date="1948-12-10",
    )  # fmt: skip
    body = " ".join(f"The council heard of matter {number} and voted." for number in range(90))
    for which, text in (("one", body), ("other", body.replace("matter 7", "business 7"))):
        ids[which] = library.put(opened, "Minutes of the council", text, language="en")
    duplicates.make_missing(opened.catalogue)
    with opened.catalogue.writing() as session:
        linked = [records.by_public_id(session, ids[which]) for which in ("one", "arabic")]
        translations.link(session, *linked, "anna")
    library.index(opened)
    yield opened, ids
    opened.close()
