"""What every test may use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.catalogue import Catalogue
from indexer import bootstrap
from indexer.bootstrap import Archive
from indexer.ingest import Outcome, take_in
from indexer.sources import walk

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue of this version."""
    with Catalogue.at(tmp_path / "catalogue.sqlite") as fresh:
        fresh.upgrade()
        yield fresh


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A new archive home."""
    place = tmp_path / "home"
    bootstrap.make_home(place)
    return place


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    """A new archive, open."""
    opened = bootstrap.open_archive(home, {})
    yield opened
    opened.close()


@pytest.fixture
def ingest(archive: Archive) -> Callable[..., list[Outcome]]:
    """Takes paths into the archive and returns what became of each file."""

    def taking(*paths: Path, **options: object) -> list[Outcome]:
        told: list[Outcome] = []
        take_in(
            walk(paths, archive.incoming, archive.settings.ingest),
            archive=archive,
            agent="test",
            via="command",
            told=told.append,
            **options,  # type: ignore[arg-type]
        )
        return told

    return taking


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the unpacked sets, or a skip that says why."""
    named = os.environ.get("MUNIMENT_DATA")
    if not named or not Path(named, "docs").is_dir():
        pytest.skip("MUNIMENT_DATA names no folder with the unpacked sets")
    return Path(named)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the seed article and the citation items, or a skip that says why."""
    named = os.environ.get("MUNIMENT_SHARED_DATA")
    place = Path(named) if named else ROOT.parent / "shared" / "data"
    if not (place / "seed-article.txt").exists():
        pytest.skip("MUNIMENT_SHARED_DATA names no folder with seed-article.txt")
    return place


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Where nothing may be skipped, a skip is a failure."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("MUNIMENT_NO_SKIPS"):
        terminalreporter.write_line(
            f"{len(skipped)} tests were skipped; here none may be", red=True
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Set the exit status for it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("MUNIMENT_NO_SKIPS") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
