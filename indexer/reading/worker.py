"""The child's side: a fork server that reads one untrusted file a process.

Started by `sandbox.py` as a fresh interpreter; it listens on one inherited
socket, forks a child for each request and reports how each of them ended. The
child gives up its rights, reads, writes its answer and exits.

Nothing here knows the catalogue or the settings.
"""

import contextlib
import gc
import importlib
import json
import os
import re
import selectors
import shutil
import signal
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from indexer.describe import Description
from indexer.extract import Extraction, Limits
from indexer.reading import confine, hugepages, wire
from indexer.references import Reference

MESSAGE_MAX = 16_384
OUT_OF_MEMORY = 71
"""Exit status of a child that could not even say that its memory was at an end."""
FILE, ANSWER = 3, 4
"""The descriptors of the file and of the answer in every child."""
INPUT = Path(f"/proc/self/fd/{FILE}")
_GARBAGE = 200_000
"""A child looks for garbage after so many objects: it lives for one file, and what it would find
seldom matters before that."""

# Never needed to read a file. Guards against an import by mistake, not against hostile
# code: what keeps the catalogue from that is that its folder cannot be opened.
FORBIDDEN = (
    "archive.access", "archive.accounts", "archive.backup", "archive.catalogue", "archive.config",
    "archive.fixity", "archive.originals", "archive.review", "flask", "indexer.bootstrap",
    "indexer.engine", "indexer.indexing", "indexer.ingest", "indexer.jobs", "indexer.search",
    "sqlalchemy", "webui", "whoosh",
)  # fmt: skip
# The readers that hand the file to a program.
STARTS_PROGRAMS = frozenset({"doc", "pandoc"})
# Those that do so where OCR is asked for.
RECOGNISES = frozenset({"image", "pdf"})
PROGRAMS = ("antiword", "tesseract")
"""Beside pandoc, which comes with its wheel."""


# Read by the server itself before it serves, so that what libraries load at their first use
# is there for its forks: some could not load it there (py3langid unpacks its model through a
# temporary file). Ours, hence trusted. The page has a date for machines: without one, two
# seconds of dateparser would be spent here.
WARM_UP = {
    "warm.html": (
        b"<!DOCTYPE html><html lang=en><head><title>Resolution 1 (1994)</title>"
        b"<meta property='article:published_time' content='1994-05-05'></head><body><article>"
        b"<h1>Resolution</h1><p>The General Assembly, meeting in New York on 5 May 1994, adopts "
        b"the resolution of the Republic of Azerbaijan.</p></article></body></html>"
    ),
    "warm.txt": "The Council met on 3 June 1993. Шура собралась 3 июня 1993 года.\n".encode(),
    "warm.xml": b"<?xml version='1.0'?><act><title>Act</title><p>Adopted.</p></act>",
    "warm.eml": b"From: a@example.org\nSubject: Minutes\nMessage-ID: <1@example.org>\n\nThe minutes.\n",
    "warm.md": b"# Minutes\n\nThe minutes.\n",
    "warm.pdf": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        b"4 0 obj<</Length 44>>stream\nBT /F 9 Tf 9 50 Td (Decree of 5 May 1994) Tj ET\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readers:
    """What the server calls in its children."""

    media_type: Callable[[Path, str, Limits], tuple[str, bool]]
    """What the file is, and whether its reader starts a program."""
    extract: Callable[[Path, str, Limits], Extraction]
    describe: Callable[[Extraction, str], Description]
    refer: Callable[[Extraction, Description], tuple[Reference, ...]]
    """What the text refers to."""
    draw: Callable[[Path, int, int, tuple[str, ...]], bytes]
    """A page of a PDF as a PNG of a width, with words on it boxed."""
    warm_up: Callable[[], None] | None = None
    """What a child can load too, if slowly, and a first file need not wait for."""


def main(socket_fd: int, reader: str) -> NoReturn:
    """Serve requests on the socket until it is closed."""
    for name in FORBIDDEN:
        sys.modules[name] = None  # type: ignore[assignment]  # importing it raises
    with socket.socket(fileno=socket_fd) as requests:
        requests.set_inheritable(False)
        try:
            readers = _preloaded(reader)
        except BaseException as error:
            requests.send(
                json.dumps({"error": wire.line(f"{type(error).__name__}: {error}")}).encode()
            )
            os._exit(1)
        requests.send(json.dumps({"ready": os.getpid()}).encode())
        _settle()
        _Server(requests, readers).serve()
    os._exit(0)


def _preloaded(reader: str) -> Readers:
    if reader:  # tests and `doctor` bring their own
        module_name, _, function = reader.partition(":")
        module = importlib.import_module(module_name)
        read = getattr(module, function)
        return Readers(
            media_type=getattr(
                module, "media_type", lambda _path, _name, _limits: (wire.UNKNOWN, False)
            ),
            extract=lambda path, name, limits: read(path, name, limits),
            describe=getattr(module, "describe", lambda _extraction, _name: Description(())),
            refer=getattr(module, "refer", lambda _extraction, _description: ()),
            draw=getattr(module, "draw", lambda _path, _page, _width, _words: b""),
        )
    from indexer import extract
    from indexer.describe import nations
    from indexer.describe.read import describe
    from indexer.extract import pdf_drawing, sniff
    from indexer.references.finding import references_in

    for name in sorted(set(extract.READERS.values())):
        importlib.import_module(f"{extract.__name__}.{name}")

    def media_type(path: Path, name: str, limits: Limits) -> tuple[str, bool]:
        found = sniff.look_into(path, name).media_type
        reader = extract.READERS.get(found)
        return found, reader in STARTS_PROGRAMS or bool(limits.ocr and reader in RECOGNISES)

    def warm_up() -> None:
        extract.preload()  # dateparser's languages: two seconds, for some pages only
        nations.warm_up()

    readers = Readers(
        media_type=media_type,
        extract=lambda path, name, limits: extract.extract(path, name, limits=limits),
        describe=describe,
        refer=references_in,
        draw=pdf_drawing.drawn,
        warm_up=warm_up,
    )
    for name, content in WARM_UP.items():
        _warm(readers, name, content)
    return readers


def _warm(readers: Readers, name: str, content: bytes) -> None:
    with open(os.memfd_create(name), "w+b") as file:  # noqa: PTH123 it has no path
        file.write(content)
        file.flush()
        with contextlib.suppress(Exception):  # what is broken shows when a document needs it
            path = Path(f"/proc/self/fd/{file.fileno()}")
            limits = Limits(text_max_chars=10_000, pdf_reader="auto")
            extraction = readers.extract(path, name, limits)
            readers.refer(extraction, readers.describe(extraction, name))


def _settle() -> None:
    """Take what is there out of the collector's sight: it would copy every page in every child."""
    gc.collect()
    gc.freeze()
    hugepages.gather()


class _Server:
    """One thread; a child a request; nothing of a request is parsed here but our own JSON."""

    def __init__(self, requests: socket.socket, readers: Readers) -> None:
        self.requests = requests
        self.readers = readers
        self.controls: dict[int, socket.socket] = {}
        """By the process id of the child: where its parent hears of it, and hangs up."""
        self.selector = selectors.DefaultSelector()
        self.woken, self.wake = os.pipe()
        self.allowed = _Allowed.here()
        self.cold = readers.warm_up
        self.began = False

    def serve(self) -> None:
        confine.adopt_orphans()
        os.set_blocking(self.woken, False)
        os.set_blocking(self.wake, False)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        for heard in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(heard, lambda _signal, _frame: None)
        self.selector.register(self.requests, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)
        while True:
            # Not before the first file: somebody waits for it, and it may be the only one.
            idle = self.cold is not None and self.began and not self.controls
            events = self.selector.select(0 if idle else None)
            if idle and not events:
                self._warm_up()
            for key, _ in events:
                if key.fileobj is self.requests:
                    if not self._accept():
                        self._end_all()
                        return
                elif key.fileobj == self.woken:
                    with contextlib.suppress(BlockingIOError):
                        while os.read(self.woken, 4096):
                            pass
                else:  # the parent hung up: it wants this child no longer
                    self.selector.unregister(key.fileobj)
                    _kill(key.data)
            self._reap()

    def _warm_up(self) -> None:
        if self.cold is not None:
            # While nothing else is heard, the parent can end this by a signal.
            heard = signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self.cold()
            signal.signal(signal.SIGTERM, heard)
            self.cold = None
            _settle()

    def _accept(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.requests, MESSAGE_MAX, 3)
        if not message:
            return False
        if self.began:
            self._warm_up()
        file, answer, control = descriptors
        channel = socket.socket(fileno=control)
        try:
            server = os.getpid()
            pid = os.fork()
            if pid == 0:
                _child(self, json.loads(message), server, file, answer)
        except OSError:  # too many processes: the parent tries again
            channel.close()
            return True
        finally:
            os.close(file)
            os.close(answer)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)  # in both processes: whoever comes first
        self.began = True
        self.controls[pid] = channel
        self.selector.register(channel, selectors.EVENT_READ, pid)
        _tell(channel, {"pid": pid})
        return True

    def _reap(self) -> None:
        while True:
            try:
                # WNOWAIT: while the leader is not reaped, no other group can get its number.
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            pid = ended.si_pid
            if pid in self.controls:
                _kill(pid)  # what it started and left behind
            _, status, used = os.wait4(pid, 0)
            if channel := self.controls.pop(pid, None):
                with contextlib.suppress(KeyError):
                    self.selector.unregister(channel)
                code = os.waitstatus_to_exitcode(status)
                _tell(channel, {
                    "exit": max(code, 0), "signal": max(-code, 0),
                    "cpu_s": used.ru_utime + used.ru_stime, "memory_mib": used.ru_maxrss // 1024,
                })  # fmt: skip
                channel.close()
            self._end_strays()

    def _end_strays(self) -> None:
        """Kill what left its group and lost its parent (where seccomp could not prevent it)."""
        pid = os.getpid()
        with contextlib.suppress(OSError, ValueError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
            for stray in set(map(int, children)) - self.controls.keys():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(stray, signal.SIGKILL)

    def _end_all(self) -> None:
        for pid in self.controls:
            _kill(pid)
        self._end_strays()


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # it may not lead its group yet
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def _tell(channel: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the parent may have gone
        channel.send(json.dumps(message).encode())


# --- one file --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What a child may open."""

    read: tuple[Path, ...]
    read_write: tuple[Path, ...]
    execute: tuple[Path, ...]

    @classmethod
    def here(cls) -> "_Allowed":
        ours = Path(__file__).resolve().parents[2]
        libraries = [
            sysconfig.get_paths()[one] for one in ("stdlib", "platstdlib", "purelib", "platlib")
        ]
        shared = [f"{prefix}/lib" for prefix in (sys.base_prefix, sys.prefix)]
        system = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/lib", "/lib64",
                  "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/dev/urandom",
                  "/dev/zero"]  # fmt: skip
        return cls(
            read=(
                *map(Path, dict.fromkeys(libraries + shared + system)),
                ours / "indexer",
                ours / "archive",
            ),
            read_write=(Path(os.devnull),),
            execute=tuple(_programs()),
        )


def _programs() -> Iterable[Path]:
    for name in PROGRAMS:
        if found := shutil.which(name):
            yield Path(found)
    with contextlib.suppress(ImportError, OSError):
        import pypandoc

        yield Path(pypandoc.get_pandoc_path())
    for folder in ("/lib", "/lib64"):  # the loader that starts them
        yield from Path(folder).glob("ld-*.so*")


def _child(
    server: _Server, request: dict[str, Any], server_pid: int, file: int, answer: int
) -> NoReturn:
    """Read one file and exit. Never returns into the server's code."""
    status = 1
    try:
        gc.set_threshold(_GARBAGE)
        signal.set_wakeup_fd(-1)
        for heard in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(heard, signal.SIG_DFL)
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        confine.die_with(server_pid)
        confine.be_first_out_of_memory()
        _keep_only(file, answer)
        status = _read_one(server.readers, server.allowed, request)
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException:  # noqa: S110 its exit status says it
        pass
    finally:
        os._exit(status)


def _keep_only(file: int, answer: int) -> None:
    """Leave open the null device as standard streams, the file as 3 and the answer as 4."""
    # First out of each other's way, above what was opened before.
    file, answer = (os.dup(one) for one in (file, answer))
    top = max(file, answer, ANSWER) + 1
    os.dup2(file, top, inheritable=False)
    os.dup2(answer, top + 1, inheritable=False)
    os.dup2(top, FILE, inheritable=False)
    os.dup2(top + 1, ANSWER, inheritable=False)
    os.closerange(ANSWER + 1, os.sysconf("SC_OPEN_MAX"))


def _read_one(readers: Readers, allowed: _Allowed, request: dict[str, Any]) -> int:
    name = str(request["name"])
    limits = Limits(
        text_max_chars=request["text_max_chars"],
        pdf_reader=request["pdf_reader"],
        ocr=request["ocr"],
    )
    _confine(allowed, memory_mib=request["memory_mib"], timeout_s=request["timeout_s"])
    stage = "reading"
    try:
        media_type, starts_programs = readers.media_type(INPUT, name, limits)
        _send([wire.media_type_frame(media_type)])
        if not starts_programs:
            for layer in (confine.landlock_programs, confine.seccomp_programs):
                with contextlib.suppress(OSError):
                    layer()
        if wanted := request["draw"]:
            stage = "drawing"
            page, width, words = wanted
            _send([wire.picture_frame(readers.draw(INPUT, page, width, tuple(words)))])
            return 0
        extraction = readers.extract(INPUT, name, limits)
        if str(INPUT) in extraction.reason:  # it explains nothing to an archivist
            reason = extraction.reason.replace(str(INPUT), "the file")
            extraction = replace(extraction, reason=reason)
        _send(wire.extraction_frames(extraction))
        stage = "describing"
        description = readers.describe(extraction, name)
        _send([wire.description_frame(description)])
        stage = "referring"
        _send([wire.references_frame(readers.refer(extraction, description))])
    except BrokenPipeError:
        return 1
    except Exception as error:
        # A path of this machine is nobody's business.
        message = re.sub(r"(?<!\w)/[\w.+/-]+", "…", str(error))
        _send([wire.failure_frame(wire.Failure(stage, type(error).__name__, message))])  # type: ignore[arg-type]
    return 0


def _confine(allowed: _Allowed, *, memory_mib: int, timeout_s: int) -> None:
    """Give up every right that reading a file does not need; each layer as far as it exists."""
    with contextlib.suppress(OSError):
        confine.give_up_privileges()
    _reopenable()
    confine.limit(memory_mib=memory_mib, timeout_s=timeout_s)
    with contextlib.suppress(OSError):
        confine.landlock(
            read=allowed.read,
            read_write=allowed.read_write,
            execute=allowed.execute,
            descriptor=FILE,
        )
    with contextlib.suppress(OSError):
        confine.seccomp()


def _reopenable() -> None:
    """Put a copy in memory in the file's place where it could not be opened anew by its path.

    So it is for root, now without its privileges, and a file of somebody else.
    """
    try:
        os.close(os.open(INPUT, os.O_RDONLY))
    except OSError:
        copy = os.memfd_create("input")
        with open(FILE, "rb", closefd=False) as source, open(copy, "wb", closefd=False) as target:
            shutil.copyfileobj(source, target)
        os.dup2(copy, FILE, inheritable=False)
        os.close(copy)


def _send(frames: Iterable[bytes]) -> None:
    for frame in frames:
        view = memoryview(frame)
        while view:
            view = view[os.write(ANSWER, view) :]
