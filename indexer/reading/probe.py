"""Tries what a reader must not be able to do, in the place of a reader.

A layer counts as holding when the attempt failed here and now, never because the
kernel says that it offers it. `sandbox.layers` has this run and returns what it found.
"""

import ctypes
import errno
import json
import mmap
import os
import resource
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from indexer.extract import Extraction, Limits, MediaType, Metadatum
from indexer.reading.worker import FORBIDDEN, INPUT

_TYPE = MediaType("application/x-muniment-probe")
_REFUSED = {errno.EPERM, errno.EACCES}


def read(path: Path, _name: str, _limits: Limits) -> Extraction:
    """Try everything; runs in the child."""
    folder = Path(path.read_text("utf-8"))
    tries: dict[str, Callable[[], str]] = {
        "memory": _memory,
        "processor time": lambda: _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY),
        "open files": lambda: _limit(resource.RLIMIT_NOFILE, 1024),
        "core files": lambda: _limit(resource.RLIMIT_CORE, 0),
        "writing to files": lambda: _writing(folder),
        "reading other files": lambda: _reading(folder),
        "listing folders": lambda: _refused(lambda: list(folder.iterdir())),
        "network": _network,
        "local sockets": lambda: _refused(lambda: socket.socket(socket.AF_UNIX)),
        "starting processes": _forking,
        "signals to other processes": lambda: _refused(lambda: os.kill(os.getppid(), 0)),
        "looking into other processes": _looking,
        "namespaces": lambda: _refused(lambda: _call("unshare", 0x1000_0000)),
        "changing modes and owners": lambda: _refused(lambda: path.chmod(0o600)),
        "privileges": lambda: _refused(lambda: os.setgroups([])),
        "environment": _environment,
        "imports": _imports,
        "starting programs": lambda: _refused(_executing),
    }
    found = []
    for what, attempt in tries.items():
        try:
            outcome = attempt()
        except Exception as error:
            outcome = f"could not be tried: {type(error).__name__}: {error}"
        found.append(Metadatum(what, outcome or "holds"))
    return Extraction("text", _TYPE, "probe", "1", metadata=tuple(found))


def _refused(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        if error.errno in _REFUSED:
            return ""
        return f"not refused: {error.strerror}"
    return "went through"


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _memory() -> str:
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return "no limit"
    try:
        mmap.mmap(-1, limit).close()
    except OSError:
        return ""
    return "more than the limit was given"


def _limit(which: int, below: int) -> str:
    for one in resource.getrlimit(which):
        if one == resource.RLIM_INFINITY or (
            below not in (resource.RLIM_INFINITY,) and one > below
        ):
            return "no limit"
    return ""


def _writing(folder: Path) -> str:
    for path in (
        folder / "written",
        Path.cwd() / "muniment-probe",
        Path("/dev/shm/muniment-probe"),
    ):
        try:
            with path.open("w") as file:
                file.write("x")
        except OSError:
            continue
        return f"a file could be written in {path.parent}"
    try:
        os.fsync(os.open(INPUT, os.O_WRONLY))
    except OSError:
        return ""
    return "the file itself could be opened for writing"


def _reading(folder: Path) -> str:
    for path in (Path("/etc/passwd"), Path(f"/proc/{os.getppid()}/environ"), folder / "other"):
        try:
            with path.open("rb") as file:
                file.read(1)
        except PermissionError:
            continue
        except OSError as error:
            return f"{path}: not refused: {error.strerror}"
        return f"{path} could be read"
    return ""


def _network() -> str:
    for family, kind in (
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
        (socket.AF_NETLINK, socket.SOCK_RAW),
    ):
        try:
            with socket.socket(family, kind) as one:
                if kind != socket.SOCK_STREAM:
                    return f"a {family.name} {kind.name} socket could be made"
                one.settimeout(1)
                one.connect(("127.0.0.1" if family == socket.AF_INET else "::1", 9))
        except OSError as error:
            if error.errno in _REFUSED or error.errno == errno.EAFNOSUPPORT:
                continue
            return f"{family.name}: not refused: {error.strerror}"
        return f"{family.name}: connected"
    return ""


def _forking() -> str:
    try:
        pid = os.fork()
    except OSError as error:
        return "" if error.errno in _REFUSED else f"not refused: {error.strerror}"
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "went through"


def _executing() -> None:
    """Start a program in this process. Tried last: where it goes through, no answer comes."""
    os.execv(sys.executable, [sys.executable, "-I", "-c", ""])


def _looking() -> str:
    # PTRACE_SEIZE: unlike ATTACH it would not stop the server if it went through.
    return _refused(lambda: _call("ptrace", 0x4206, os.getppid(), 0, 0))


def _environment() -> str:
    known = {
        "PATH",
        "LANG",
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OMP_THREAD_LIMIT",
    }
    return json.dumps(sorted(os.environ.keys() - known)) if os.environ.keys() - known else ""


def _imports() -> str:
    for name in FORBIDDEN:
        if sys.modules.get(name) is not None:
            return f"{name} is loaded"
    return ""
