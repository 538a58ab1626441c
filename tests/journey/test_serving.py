"""`muniment serve`: web workers and a job worker under one command, and a clean stop."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from archive.catalogue import adding, checks, records
from archive.catalogue.records import Description, Item, PageText
from indexer import bootstrap
from indexer.engine.whoosh.merging import MERGE_FACTOR
from tests.keeping import fill, flip_a_bit, place_of

COMMAND = [sys.executable, "-m", "webui.cli"]


def arguments_of(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):  # it ended while we looked
        return process.cmdline()
    return []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def until(condition, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass in time")


@pytest.fixture
def site(home, tmp_path) -> Iterator[tuple[str, subprocess.Popen]]:
    port = free_port()
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        [*COMMAND, "--home", str(home), "serve", "--port", str(port)], stdout=log, stderr=log
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: fetch(f"{base}/healthz")[0] == 200)
        yield base, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        log.close()


def test_it_answers_catches_up_and_stops_cleanly(site, home, tmp_path):
    base, process = site
    # The web server, its two workers, the job worker: the first that is up answers already.
    until(lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 4)
    family = psutil.Process(process.pid).children(recursive=True)
    assert json.loads(fetch(f"{base}/healthz")[1])

    archive = bootstrap.open_archive(home, {})
    with archive.catalogue.writing() as session:
        adding.add(
            session,
            accession_id=records.open_accession(session, agent="t", via="command"),
            agent="t",
            description=Description(title="A record that only the job worker indexes"),
            findings=[],
            item=Item("a" * 64, "a.txt", 1, "text/plain", "text"),
            embedded=[],
            pages=[PageText(1, "unmistakableword")],
            state="published",
            access="public",
        )
    archive.close()
    until(lambda: "only the job worker indexes" in fetch(f"{base}/search?q=unmistakableword")[1])

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    for line in (tmp_path / "log").read_text().splitlines():
        assert {"at", "level", "event"} <= set(json.loads(line)), line


def test_a_job_worker_that_dies_is_started_again(site):
    base, process = site

    def workers() -> list[psutil.Process]:
        return [p for p in psutil.Process(process.pid).children() if "work" in arguments_of(p)]

    [worker] = workers()
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: [p.pid for p in workers()] not in ([], [worker.pid]))
    assert fetch(f"{base}/healthz")[0] == 200


def test_nothing_outlives_the_command_when_it_is_killed(site):
    _, process = site
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_nothing_outlives_the_command_when_it_is_killed_while_they_begin(archive, home):
    command = [*COMMAND, "--home", str(home), "serve", "--port", str(free_port())]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until(lambda: len(psutil.Process(process.pid).children()) >= 2)  # they still import
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_the_job_worker_compares_originals_with_their_digests(archive, home, tmp_path):
    ids = fill(archive, 5)
    flip_a_bit(place_of(archive, ids[3]))

    def ended() -> bool:
        with archive.catalogue.reading() as session:
            run = checks.last(session, scheduled=True)
        return run is not None and run.ended_at is not None

    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([*COMMAND, "--home", str(home), "worker"], stderr=log)
        try:
            until(ended)
        finally:
            process.terminate()
            assert process.wait(60) == 0
    with archive.catalogue.reading() as session:
        assert [one.public_id for one in checks.failing(session)] == [ids[3]]
    told = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    [line] = [one for one in told if "compared" in one["event"]]
    assert (line["level"], line["checked"], line["failed"]) == ("error", 5, 1)


def test_a_site_that_cannot_begin_says_why(tmp_path):
    said = subprocess.run(
        [*COMMAND, "--home", str(tmp_path), "serve"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert "muniment init" in said.stderr


def test_the_job_worker_tidies_the_index_up(archive, ingest, home, tmp_path):
    for n in range(MERGE_FACTOR):
        file = tmp_path / f"{n}.txt"
        file.write_text(f"Letter number{n}", "utf-8")
        ingest(file, publish=True)

    def segments() -> int:
        return len([*(home / "data" / "index").glob("*/*.mun")])

    assert segments() == MERGE_FACTOR
    worker = subprocess.Popen([*COMMAND, "--home", str(home), "worker"], stderr=subprocess.DEVNULL)
    try:
        until(lambda: segments() == 1)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    assert len({*archive.engine.record_ids()}) == MERGE_FACTOR
