"""The parent's side: hands untrusted files to child processes, and believes nothing they say."""

import contextlib
import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.config import ExtractSettings
from archive.errors import ReaderUnavailable, Undrawable
from indexer.describe import Description
from indexer.extract import Extraction, Status
from indexer.reading import Reading, wire
from indexer.reading.worker import OUT_OF_MEMORY

NAME_MAX = 1_000
WALL_PER_CPU = 3
"""A child may live this many times its processor time: it may wait for its turn."""
START_TIMEOUT_S = 120
"""Importing every reader takes two seconds of processor time; a loaded machine needs more."""
ANSWER_TIMEOUT_S = 60
"""How long the server may take to fork, or to bury a child it was told to end."""
EXIT_TIMEOUT_S = 30
"""How long a child may take to exit after it closed its answer, and the server to be told."""
CHUNK = 1 << 20
DRAW_TIMEOUT_S = 20
"""Processor time for the picture of one page; somebody waits for it."""
WORD_MAX, WORDS_MAX = 60, 60
"""Characters of a word to be boxed, and how many of them: a request is one message."""

# Nothing of the parent's environment, where passwords and keys are.
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",  # a thread would not survive the fork
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
}
# `python -I -m` finds only what is installed; a checkout is not. Appending its folder
# by hand keeps the isolation (no working directory, no PYTHONPATH, no user site).
_BOOT = (
    "import sys; sys.path[:0] = [p for p in sys.argv[3:] if p not in sys.path]; "
    "from indexer.reading.worker import main; main(int(sys.argv[1]), sys.argv[2])"
)


class _Gone(Exception):
    """The server ended before it began with this file."""


class Sandbox:
    """Reads each file in a process of its own, limited, and gives up on it without harm.

    The server that forks these processes is started by the first `read` in each
    process that uses this object (so a copy made by a fork starts its own), again
    when it died, and not before. Threads may share it. `close` ends everything.
    """

    def __init__(self, settings: ExtractSettings, *, reader: str = "") -> None:
        """*reader*, `module:function`, is for tests and `layers`; nothing a user says sets it."""
        self._settings = settings
        self._reader = reader
        self._closed = False
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._drawing = threading.Lock()
        self._running: _Server | None = None
        _sandboxes.add(self)

    def read(self, path: Path, name: str) -> Reading:
        """As `Reader.read`. OSError if *path* cannot be opened or is no ordinary file."""
        return self._read(path, name, self._settings, "")

    def recognise(self, path: Path, name: str, *, languages: str, pages: int) -> Reading:
        """As `Reader.recognise`; OSError as `read`."""
        limits = self._settings
        timeout_s = limits.timeout_s + limits.ocr_page_timeout_s * max(1, pages)
        return self._read(path, name, replace(limits, timeout_s=timeout_s), languages)

    def draw(self, path: Path, page: int, *, width: int, words: Sequence[str]) -> bytes:
        """As `Reader.draw`; OSError as `read`."""
        limits = replace(self._settings, timeout_s=min(self._settings.timeout_s, DRAW_TIMEOUT_S))
        some = [word[:WORD_MAX] for word in words[:WORDS_MAX]]
        received = wire.Answer(picture_max_bytes=wire.PICTURE_MAX)
        with self._drawing:
            ending = self._asked(path, "page.pdf", limits, received, draw=[page, width, some])
        if received.picture is None or ending.stopped:
            raise Undrawable(_why(received, ending, limits)[1])
        return received.picture

    def _read(self, path: Path, name: str, limits: ExtractSettings, languages: str) -> Reading:
        # UTF-8 needs at most four bytes a character.
        received = wire.Answer(text_max_bytes=4 * limits.text_max_chars)
        ending = self._asked(path, name, limits, received, ocr=languages)
        return _reading(received, ending, limits)

    def _asked(
        self,
        path: Path,
        name: str,
        limits: ExtractSettings,
        received: wire.Answer,
        *,
        ocr: str = "",
        draw: Sequence[object] = (),
    ) -> "_Ending":
        request = {
            "name": name[:NAME_MAX].encode("utf-8", "replace").decode(),
            "timeout_s": limits.timeout_s, "memory_mib": limits.memory_mib,
            "text_max_chars": limits.text_max_chars, "pdf_reader": limits.pdf_reader,
            "ocr": ocr, "draw": draw,
        }  # fmt: skip
        descriptor = _opened(path)
        try:
            for attempt in (1, 2, 3):
                try:
                    return self._server().ask(
                        descriptor, request, received, limits.timeout_s * WALL_PER_CPU
                    )
                except _Gone:
                    # Ended between two files, as by the kernel when memory is short.
                    if attempt == 3:
                        raise ReaderUnavailable(
                            "the process that reads files ends as soon as it is started; "
                            "run 'muniment doctor', and look for messages about memory in the system's log"
                        ) from None
            raise AssertionError
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """As `Reader.close`."""
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.stop()
                self._running = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _server(self) -> "_Server":
        if self._pid != os.getpid():  # a fork that Python was not told of
            self._after_fork()
        with self._lock:
            if self._closed:
                raise ValueError("this Sandbox was closed")
            if self._running is not None and not self._running.alive():
                self._running.stop()
                self._running = None
            if self._running is None:
                self._running = _Server.start(self._reader)
            return self._running

    def _after_fork(self) -> None:
        """In a fork of the process: let go of the parent's server without ending it."""
        if self._running is not None:
            self._running.abandon()
        self._pid = os.getpid()
        # A thread that is not here may have held them.
        self._lock, self._drawing = threading.Lock(), threading.Lock()
        self._running = None


_sandboxes: "weakref.WeakSet[Sandbox]" = weakref.WeakSet()


def _after_fork() -> None:
    for sandbox in list(_sandboxes):
        sandbox._after_fork()


os.register_at_fork(after_in_child=_after_fork)


def _opened(path: Path) -> int:
    # O_NONBLOCK: opening a named pipe would wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} is not an ordinary file")
    return descriptor


@dataclass(slots=True)
class _Ending:
    """How a child ended, by the server and by what we did to it."""

    stopped: str = ""
    """Why we ended it ourselves; empty where we did not."""
    exit: int = 0
    signal: int = 0
    cpu_s: float = 0.0
    known: bool = False
    """False where the server itself is gone and nobody can say."""


class _Server:
    """A running fork server."""

    def __init__(self, process: "subprocess.Popen[bytes]", requests: socket.socket) -> None:
        self.process = process
        self.requests = requests
        self.lock = threading.Lock()
        self.broken = False
        # Ends it too when nobody called `close`, at the latest when this process exits.
        self.stop = weakref.finalize(self, _end, process, requests)

    @classmethod
    def start(cls, reader: str) -> "_Server":
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", _BOOT, str(theirs.fileno()), reader,
                 str(Path(__file__).resolve().parents[2])],
                env=ENVIRONMENT, cwd="/", pass_fds=(theirs.fileno(),), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        server = cls(process, ours)
        ours.settimeout(START_TIMEOUT_S)
        try:
            said = _message(ours)
        except OSError as error:
            server.stop()
            raise ReaderUnavailable(
                f"the process that reads files did not start: {error}"
            ) from error
        if "ready" not in said:
            server.stop()
            why = said.get("error", "it ended at once")
            raise ReaderUnavailable(
                f"the process that reads files did not start: {why}; run 'muniment doctor'"
            )
        ours.settimeout(ANSWER_TIMEOUT_S)
        return server

    def alive(self) -> bool:
        return not self.broken and self.process.poll() is None

    def abandon(self) -> None:
        """In a fork of the process that owns it: close our copies, wait for nothing."""
        self.stop.detach()
        self.requests.close()
        self.process.returncode = 0  # not ours to wait for

    def ask(
        self, file: int, request: dict[str, Any], received: wire.Answer, wall_s: float
    ) -> _Ending:
        """Have a child do *request* with the open *file* and fill *received*.

        _Gone if the server did not begin with it.
        """
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        answer, answer_end = os.pipe()
        try:
            control.settimeout(ANSWER_TIMEOUT_S)
            try:
                with self.lock:
                    socket.send_fds(
                        self.requests,
                        [json.dumps(request).encode()],
                        [file, answer_end, theirs.fileno()],
                    )
                theirs.close()
                os.close(answer_end)
                answer_end = -1
                pid = _message(control).get("pid")
            except OSError as error:
                self._give_up()
                raise _Gone from error
            if not isinstance(pid, int):
                self._give_up()
                raise _Gone
            stopped = _receive(answer, control, received, wall_s)
            return self._bury(control, pid, stopped)
        finally:
            control.close()
            theirs.close()
            os.close(answer)
            if answer_end >= 0:
                os.close(answer_end)

    def _bury(self, control: socket.socket, pid: int, stopped: str) -> _Ending:
        """Have the child's group ended if it still runs, and learn how it ended."""
        said: dict[str, Any] = {}
        with contextlib.suppress(OSError):
            if not stopped:
                control.settimeout(EXIT_TIMEOUT_S)
                try:
                    said = _message(control)
                except TimeoutError:
                    stopped = "silent"
            if stopped:
                control.settimeout(ANSWER_TIMEOUT_S)
                # Not close: a fork of this process may hold a copy of the socket.
                control.shutdown(socket.SHUT_WR)
                said = _message(control)
        if "exit" in said:
            return _Ending(stopped, said["exit"], said["signal"], said["cpu_s"], known=True)
        # The server is gone or stuck. The kernel killed its children with it; what they
        # had started is in their group.
        self._give_up()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        return _Ending(stopped)

    def _give_up(self) -> None:
        self.broken = True
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


def _end(process: "subprocess.Popen[bytes]", requests: socket.socket) -> None:
    """End the server and every child; wait until it is buried."""
    requests.close()  # it ends its children, then itself
    process.terminate()  # heeded only while it has no children and prepares itself
    try:
        process.wait(EXIT_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()  # the kernel then kills its children
        process.wait()


def _message(channel: socket.socket) -> dict[str, Any]:
    """Return the server's next message; empty where it has closed."""
    received = channel.recv(65_536)
    return json.loads(received) if received else {}


def _receive(answer: int, control: socket.socket, received: wire.Answer, wall_s: float) -> str:
    """Take in frames until the child or the server ends.

    Return why the child must be ended before that, or nothing.
    """
    deadline = time.monotonic() + wall_s
    poll = select.poll()
    poll.register(answer, select.POLLIN)
    poll.register(control, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        ready = dict(poll.poll(left * 1000)) if left > 0 else {}
        if not ready:
            return "wall"
        if answer in ready:
            chunk = os.read(answer, CHUNK)
            if not chunk:
                return ""
            try:
                received.feed(chunk)
            except wire.TooLarge:
                return "large"
            except wire.WireError:
                return "garbage"
        elif not control.recv(1, socket.MSG_PEEK):
            return ""  # the server is gone, and what programs left may hold the answer open
        else:
            poll.unregister(control)  # it tells how the child ended; `_bury` reads that


# --- what holds on this machine --------------------------------------------


def layers(settings: ExtractSettings) -> dict[str, bool | str]:
    """Return for each layer True where it holds on this machine, else what went through.

    Each is tried in a child like those that read files. ReaderUnavailable if none starts.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(settings, reader="indexer.reading.probe:read") as sandbox,
    ):
        path = Path(folder, "probe")
        path.write_text(folder, "utf-8")
        Path(folder, "other").write_text("not its file", "utf-8")
        extraction = sandbox.read(path, "probe").extraction
    if not extraction.metadata:
        return {
            "starting programs": f"not refused, or the tries came to no end: {extraction.reason}"
        }
    return {one.name: one.value == "holds" or one.value for one in extraction.metadata}


# --- what it came to -------------------------------------------------------


def _reading(answer: wire.Answer, ending: _Ending, limits: ExtractSettings) -> Reading:
    nothing = Description(())
    if answer.extraction is not None:
        if answer.references is not None and answer.description and not ending.stopped:
            return Reading(answer.extraction, answer.description, answer.references)
        _, why = _why(answer, ending, limits)
        # What came before the time was over is worth keeping; what came out of order is not.
        known = answer.description if ending.stopped in ("", "wall") else None
        stage = "describing" if known is None else "looking for references"
        notes = (*answer.extraction.notes, f"{stage} was stopped: {why}")
        return Reading(replace(answer.extraction, notes=notes), known or nothing)
    status, why = _why(answer, ending, limits)
    return Reading(
        Extraction(
            status=status, media_type=answer.media_type, reader="", reader_version="", reason=why
        ),
        nothing,
    )


def _why(answer: wire.Answer, ending: _Ending, limits: ExtractSettings) -> tuple[Status, str]:
    """Return the status and, for an archivist, the reason why a child gave no full answer."""
    memory = f"the reader needed more than {limits.memory_mib} MiB of memory ([extract] memory_mib)"
    cpu = f"the reader took more than {limits.timeout_s} s of processor time ([extract] timeout_s)"
    match ending.stopped:
        case "wall":
            wall_s = limits.timeout_s * WALL_PER_CPU
            return (
                "over_limit",
                f"the reader was not done after {wall_s} s ({WALL_PER_CPU} × [extract] timeout_s)",
            )
        case "large":
            return "over_limit", "the reader's answer was larger than a document can be"
        case "silent":
            return (
                "unreadable",
                "the reader closed its answer and went on; the file may be built to take it over",
            )
        case "garbage":
            return (
                "unreadable",
                "the reader's answer made no sense; the file may be built to deceive it",
            )
    if answer.failure is not None:
        if answer.failure.error == "MemoryError":
            return "over_limit", memory
        said = f": {answer.failure.message}" if answer.failure.message else ""
        return "unreadable", f"the reader failed on this file ({answer.failure.error}{said})"
    if not ending.known:
        return (
            "over_limit",
            "the process that reads files ended; the file may need more memory than the machine has",
        )
    match ending.signal:
        case 0 if ending.exit == OUT_OF_MEMORY:
            return "over_limit", memory
        case 0:
            return "unreadable", f"the reader ended without an answer (exit status {ending.exit})"
        case signal.SIGXCPU:
            return "over_limit", cpu
        case signal.SIGKILL if ending.cpu_s >= limits.timeout_s:
            return "over_limit", cpu
        case signal.SIGKILL:
            return (
                "over_limit",
                "the reader was killed from outside, most likely because the machine ran out of memory",
            )
        case signal.SIGABRT | signal.SIGTRAP | signal.SIGILL:
            # pdfium aborts when memory is refused; it does not say which it was.
            return (
                "over_limit",
                f"the reader ran out of memory ({limits.memory_mib} MiB) or crashed on this file",
            )
        case number:
            name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
            return "unreadable", f"the reader crashed on this file ({name})"
