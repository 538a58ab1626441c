"""Several at once: two that take in, ten that read, and nobody hears of a lock."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from archive.access import PUBLIC
from archive.catalogue import records
from indexer import bootstrap
from indexer.search import Asked, answer

FILES = 60
COMMAND = [sys.executable, "-m", "webui.cli"]


def test_two_ingests_and_ten_readers(home: Path, tmp_path: Path):
    folder = tmp_path / "files"
    folder.mkdir()
    for n in range(FILES):
        (folder / f"{n:03}.txt").write_text(
            f"Decree No. {n}\n\nOf 3 May 1994. word number{n}.", "utf-8"
        )
    (folder / "twin.txt").write_bytes((folder / "000.txt").read_bytes())
    first = bootstrap.open_archive(home, {})
    first.engine.mark()
    from indexer import indexing

    indexing.catch_up(first.catalogue, first.engine, batch=500, wait=True)
    reports = [tmp_path / f"report{n}.jsonl" for n in range(2)]
    runs = [
        subprocess.Popen(
            [
                *COMMAND,
                "--home",
                str(home),
                "ingest",
                "--publish",
                "--report",
                str(report),
                str(folder),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for report in reports
    ]
    done = threading.Event()
    troubles: list[BaseException] = []
    totals: list[list[int]] = [[] for _ in range(10)]

    def read(seen: list[int]) -> None:
        archive = bootstrap.open_archive(home, {})
        try:
            while not done.is_set():
                page = answer(
                    Asked(query="word"),
                    labels=PUBLIC,
                    catalogue=archive.catalogue,
                    engine=archive.engine,
                    settings=archive.settings.search,
                    state_key="k",
                )
                assert page.total == sum(page.facets["year"].values())
                seen.append(page.total)
        except BaseException as error:
            troubles.append(error)
        finally:
            archive.close()

    readers = [threading.Thread(target=read, args=(seen,)) for seen in totals]
    for reader in readers:
        reader.start()
    said = [run.communicate(timeout=300)[0] for run in runs]
    done.set()
    for reader in readers:
        reader.join()
    assert troubles == []
    assert [run.returncode for run in runs] == [0, 0], said
    assert all(seen == sorted(seen) for seen in totals), (
        "a later answer knew less than an earlier one"
    )
    outcomes = [
        json.loads(line)["outcome"]
        for report in reports
        for line in report.read_text().splitlines()
    ]
    assert outcomes.count("taken") == FILES
    assert outcomes.count("held") == FILES + 2
    with first.catalogue.reading() as session:
        assert records.count(session) == FILES
    assert len(set(first.engine.record_ids())) == FILES
    assert all("lock" not in text for text in said)
    first.close()
