"""`kill -9` at random moments of an ingest loses nothing and needs no hand."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from archive.catalogue import records
from indexer import bootstrap, indexing
from indexer.bootstrap import Archive
from indexer.search import Asked, answer

FILES = 200
KILLS = int(os.environ.get("MUNIMENT_TEST_KILLS", "30"))
COMMAND = [sys.executable, "-m", "webui.cli"]


def write_files(folder: Path) -> None:
    folder.mkdir()
    for n in range(FILES):
        text = (
            f"Decree No. {n}\n\nOf 3 May 1994. The district number{n} is named. "
            + "More words follow. " * 40
        )
        (folder / f"{n:03}.txt").write_text(text, "utf-8")


def begin(home: Path, folder: Path) -> "subprocess.Popen[bytes]":
    # It is no setting: the command would refuse to begin, and nothing would be killed at work.
    ours = {name: value for name, value in os.environ.items() if name != "MUNIMENT_TEST_KILLS"}
    return subprocess.Popen(
        [*COMMAND, "--home", str(home), "ingest", "--publish", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**ours, "MUNIMENT_INDEX_BATCH": "20"},
    )


def nothing_is_half_there(archive: Archive) -> int:
    """Check what the catalogue promises, let the index catch up, and return how many there are."""
    with archive.catalogue.reading() as session:
        for digest in records.digests(session):
            archive.originals.verify(digest)
        everyone = records.every(session, limit=FILES + 1)
        pages = records.pages_of(session, (r.record_id for r in everyone))
        for record in everyone:
            assert len(record.items) == 1
            assert len(pages[record.record_id]) == record.items[0].page_count
            kinds = [h.kind for h in records.provenance_of(session, record.record_id)]
            assert kinds == ["received", "read", "published"]
    indexing.catch_up(archive.catalogue, archive.engine, batch=500, wait=True)
    assert sorted(archive.engine.record_ids()) == [r.record_id for r in everyone]
    return len(everyone)


def test_thirty_kills_while_200_files_are_taken_in(home, tmp_path):
    folder = tmp_path / "files"
    write_files(folder)
    rng = random.Random(9)
    held = killed = 0
    for _ in range(KILLS):
        process = begin(home, folder)
        if held == 0:
            # The first kills fall while the program begins; the later ones while it works.
            time.sleep(rng.uniform(0.2, 3.0))
        else:
            time.sleep(rng.uniform(1.0, 3.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        archive = bootstrap.open_archive(home, {})
        now = nothing_is_half_there(archive)
        archive.close()
        assert now >= held
        held = now
        if held == FILES:
            # All in: begin again with an empty archive, so that every kill hits work.
            bootstrap_again(home)
            held = 0
    assert killed > KILLS // 2
    last = begin(home, folder)
    assert last.wait(300) == 0
    archive = bootstrap.open_archive(home, {})
    assert nothing_is_half_there(archive) == FILES
    page = answer(
        Asked(query="number117"),
        labels=frozenset({"public"}),
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="k",
    )
    assert page.total == 1
    archive.close()


def bootstrap_again(home: Path) -> None:
    import shutil

    shutil.rmtree(home)
    bootstrap.make_home(home)
