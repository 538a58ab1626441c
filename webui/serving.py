"""Serves the site: gunicorn's web workers and one job worker under one command."""

import contextlib
import gc
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from archive import fixity
from archive.errors import MunimentError
from indexer import bootstrap, indexing, rereading
from indexer.bootstrap import Archive

log = logging.getLogger(__name__)

STOP_S = 30
"""How long what is begun may take to end after SIGTERM."""
RESTART_S = 2.0
POLL_S = 1.0
RECOGNISE_POLL_S = 10.0
FIXITY_POLL_S = 60.0
CHECK_S = 24 * 3600.0
"""How often the whole index is read and compared with its checksums."""
WARM_UP = ("/", "/search?q=the+resoluton", "/complete?q=res")
"""What a web worker asks itself before it serves others."""
_PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """An event with its fields as one line of JSON; nothing in it can break the line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        line: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            **fields,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json() -> None:
    """Let every log go to standard error as lines of JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every look at the tables


def serve(home: Path, host: str, port: int, workers: int) -> int:
    """Run the site until SIGTERM or SIGINT, and return the exit status.

    Whatever was begun ends first. A job worker that dies is started again; when the web
    server ends by itself, everything does.
    """
    bootstrap.open_archive(home, os.environ).close()  # what is wrong is told here, once
    log_as_json()
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    web = _start("web", home, host, str(port), str(workers))
    worker = _start("work", home)
    while not stopping.wait(0.2):
        if web.poll() is not None:
            break
        if worker.poll() is not None:
            log.error(
                "the job worker ended; it is started again", extra={"status": worker.returncode}
            )
            if stopping.wait(RESTART_S):
                break
            worker = _start("work", home)
    status = 0 if stopping.is_set() else 1
    _end([web, worker])
    return status


def work(archive: Archive) -> None:
    """Do the work that waits, until SIGTERM: keep the index where the catalogue is, and tidy."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    log.info("job worker started")
    # Beside the index: recognising one document may take an hour.
    recogniser = threading.Thread(target=_recognise, args=(archive, stopping), daemon=True)
    recogniser.start()
    watcher = threading.Thread(target=_compare, args=(archive, stopping), daemon=True)
    watcher.start()
    settings, next_check = archive.settings.index, 0.0
    while not stopping.is_set():
        try:
            if time.monotonic() >= next_check:
                indexing.check(archive.catalogue, archive.engine, processes=settings.processes)
                next_check = time.monotonic() + CHECK_S
            indexing.catch_up(
                archive.catalogue,
                archive.engine,
                batch=settings.batch,
                wait=False,
                processes=settings.processes,
            )
            if indexing.tidy(archive.engine):
                continue
        except MunimentError:
            log.exception("the index could not be brought up to date; it is tried again")
        stopping.wait(POLL_S)
    archive.reader.close()  # what it reads is begun anew next time
    recogniser.join(STOP_S)
    watcher.join(STOP_S)
    log.info("job worker stopped")


def _recognise(archive: Archive, stopping: threading.Event) -> None:
    """Recognise the text of pictures, one document after the other."""
    while not stopping.is_set():
        try:
            if rereading.recognise_next(archive) is not None:
                continue
        except Exception:
            # One document must not keep the others from being recognised, nor end the worker.
            if not stopping.is_set():
                log.exception("a document could not be recognised; it is tried again")
        stopping.wait(RECOGNISE_POLL_S)


def _compare(archive: Archive, stopping: threading.Event) -> None:
    """Compare originals with their digests, a minute's share at a time."""
    settings = archive.settings.fixity
    share_bytes = settings.mib_per_hour * fixity.MIB // 60
    while not stopping.is_set():
        try:
            if fixity.is_due(archive.catalogue, settings):
                run = fixity.go_on(archive.catalogue, archive.originals, most_bytes=share_bytes)
                if run.ended_at is not None:
                    figures = {"checked": run.checked, "failed": run.failed, "missing": run.missing}
                    level = logging.ERROR if run.failed or run.missing else logging.INFO
                    log.log(level, "every original was compared with its digest", extra=figures)
        except Exception:
            # A disk that is not there for a while must not end the worker.
            log.exception("originals could not be compared with their digests; it is tried again")
        stopping.wait(FIXITY_POLL_S)


class RootLogger(Logger):  # type: ignore[misc]
    """Gunicorn's events, told like ours."""

    def setup(self, cfg: Any) -> None:  # noqa: ARG002 (the parent's signature)
        """Leave them to the root logger."""
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)


class Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn with threads; each worker process opens the archive for itself."""

    def __init__(self, home: Path, host: str, port: int, workers: int) -> None:
        """Serve the archive at *home*."""
        self.home, self.host, self.port, self.workers = home, host, port, workers
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what it needs to know."""
        archive = bootstrap.open_archive(self.home, os.environ)
        threads = archive.settings.serve.threads
        archive.close()
        options: dict[str, object] = {
            "bind": f"{self.host}:{self.port}",
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": threads,
            # Nobody queues in a worker that is busy while another is free: who waits, waits
            # where all of them look. So no connection is kept that says nothing.
            "worker_connections": threads,
            "keepalive": 0,
            "graceful_timeout": STOP_S,
            "timeout": 120,
            "accesslog": None,
            "logger_class": RootLogger,
            "post_fork": _prepare_worker,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Open the archive in this worker process and return the application."""
        from webui import create_app  # the command need not import Flask to ingest

        app = create_app(bootstrap.open_archive(self.home, os.environ))
        # What is opened, compiled or counted at its first use: no reader need wait for it.
        visitor = app.test_client()
        for address in WARM_UP:
            visitor.get(address)
        # What is loaded stays. Looking through it for garbage makes one page in a hundred wait
        # for a tenth of a second.
        gc.collect()
        gc.freeze()
        return app


def _prepare_worker(_server: object, _worker: object) -> None:
    log_as_json()


def _start(what: str, home: Path, *rest: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "webui.serving", str(os.getpid()), what, str(home), *rest]
    return subprocess.Popen(command)


def _end(children: Iterable["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    deadline = time.monotonic() + STOP_S + 5
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("a process did not end in time; it is killed", extra={"pid": child.pid})
            child.kill()
            child.wait()


def _main(arguments: list[str]) -> None:
    log_as_json()
    match arguments:
        case [parent, "web", home, host, port, workers]:
            _end_with(int(parent))
            Web(Path(home), host, int(port), int(workers)).run()
        case [parent, "work", home]:
            _end_with(int(parent))
            archive = bootstrap.open_archive(Path(home), os.environ)
            try:
                work(archive)
            finally:
                archive.close()
        case _:
            raise SystemExit("this is started by 'muniment serve'")


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, however and however early it died."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    watcher: Callable[[], None] = watch
    threading.Thread(target=watcher, name="parent", daemon=True).start()


if __name__ == "__main__":
    _main(sys.argv[1:])
