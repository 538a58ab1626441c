"""A reader that does harm. What it tries is written in the file it is given.

The file holds `{"do": name, …}`; the function of that name runs in the child, in
the place of a reader. Only a Sandbox made with `reader=` can reach it.
"""

import ctypes
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from indexer.describe import Description, Evidence, Finding
from indexer.extract import Extraction, Limits, MediaType, Page

PLAIN = MediaType("text/plain")
ANSWER = 4


def media_type(path: Path, name: str, limits: Limits) -> tuple[str, bool]:
    return PLAIN, bool(json.loads(path.read_text()).get("programs"))


def read(path: Path, name: str, limits: Limits) -> Extraction:
    asked = json.loads(path.read_text())
    result = globals()[asked.pop("do")](
        **{key: value for key, value in asked.items() if key != "programs"}
    )
    return said(result if isinstance(result, str) else json.dumps(result))


def describe(extraction: Extraction, name: str) -> Description:
    match extraction.text:
        case '"describe: spin"':
            spin()
        case '"describe: raise"':
            raise LookupError("no words in /srv/archive/words.txt")
        case '"describe: die"':
            os.kill(os.getpid(), signal.SIGSEGV)
    return Description((Finding("title", name, name, 0.9, Evidence(name, 1), "test"),))


def draw(path: Path, page: int, width: int, words: tuple[str, ...]) -> bytes:
    asked = json.loads(path.read_text())
    result = globals()[asked.pop("do")](**asked)
    return result.encode("latin-1") if isinstance(result, str) else b""


def said(text: str) -> Extraction:
    return Extraction("text", PLAIN, "evil", "1", pages=(Page(1, text),))


def tried(attempt) -> str:
    """Return what became of *attempt*."""
    try:
        attempt()
    except OSError as error:
        return "refused" if error.errno in (1, 13) else f"failed: {error}"
    return "went through"


def echo(text: str) -> str:
    return text


def allocate() -> str:
    return str(len(bytearray(4 << 30)))


def spin() -> None:
    while True:
        pass


def spin_on(caught: str) -> None:
    signal.signal(getattr(signal, caught), signal.SIG_IGN)
    spin()


def sleep(seconds: float = 600) -> None:
    time.sleep(seconds)


def open_files(paths: list[str]) -> dict[str, str]:
    return {path: tried(lambda path=path: Path(path).open("rb").close()) for path in paths}


def secrets() -> dict[str, str]:
    found = {f"own {key}": value for key, value in os.environ.items()}
    for pid in range(os.getppid(), os.getppid() - 200, -1):
        try:
            found[f"of {pid}"] = Path(f"/proc/{pid}/environ").read_text()
        except OSError:
            continue
    return found


def write_files(paths: list[str]) -> dict[str, str]:
    return {path: tried(lambda path=path: Path(path).write_text("was here")) for path in paths}


def rewrite_itself() -> dict[str, str]:
    own = Path("/proc/self/fd/3")
    return {
        "write": tried(lambda: own.write_text("changed")),
        "chmod": tried(lambda: own.chmod(0o777)),
        "truncate": tried(lambda: os.truncate(own, 0)),
        "times": tried(lambda: os.utime(own, (0, 0))),
    }


def connect(port: int) -> str:
    return tried(lambda: socket.create_connection(("127.0.0.1", port), 2).close())


def udp(port: int) -> str:
    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"secret", ("127.0.0.1", port))

    return tried(send)


def fork_bomb() -> str:
    for _ in range(60):
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
    time.sleep(600)
    return "went through"


def fork_once() -> str:
    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    return tried(fork)


def execute(program: str) -> str:
    return tried(lambda: subprocess.run([program, "-c", "exit 0"], check=False))


def execute_here(program: str) -> str:
    return tried(lambda: os.execv(program, [program, "-c", "exit 0"]))


def background(leave_group: bool = False) -> dict[str, int]:
    """Leave a process behind that holds everything open."""
    pid = os.fork()
    if pid == 0:
        if leave_group:
            try:
                os.setsid()
            except OSError:
                pass
        for caught in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(caught, signal.SIG_IGN)
        time.sleep(600)
        os._exit(0)
    return {"pid": pid}


def flood() -> None:
    while True:
        os.write(ANSWER, b"E" + b"\xff" * 65_535)


def flood_text(declared: int) -> None:
    os.write(ANSWER, b"T" + declared.to_bytes(8, "big"))
    while True:
        os.write(ANSWER, b"x" * 65_536)


def print_much() -> str:
    for _ in range(16_384):
        sys.stdout.buffer.write(b"x" * 65_536)
        os.write(2, b"\x1b]0;owned\x07")
    return "printed"


def raw(hexadecimal: str, then: str = "exit") -> None:
    os.write(ANSWER, bytes.fromhex(hexadecimal))
    if then == "exit":
        os._exit(0)
    sleep()


class _Payload:
    def __reduce__(self):
        return os.mkdir, ("/tmp/muniment-pickle-was-here",)


def send_pickle() -> None:
    raw(pickle.dumps(_Payload()).hex())


def kill(pid: int) -> str:
    return tried(lambda: os.kill(pid, signal.SIGKILL))


def kill_server() -> str:
    return tried(lambda: os.kill(os.getppid(), signal.SIGKILL))


def kill_all() -> str:
    return tried(lambda: os.kill(-1, signal.SIGTERM))


def stop_self() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def crash() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def leave(status: int) -> None:
    os._exit(status)


def close_answer() -> None:
    os.close(ANSWER)
    sleep()


def fail() -> None:
    raise ValueError("broken at /srv/archive/data/originals/ab/cdef\nsecond line")


def recurse() -> None:
    def again(n: int) -> int:
        return again(n + 1) + 1

    again(0)


def modules() -> dict[str, object]:
    wanted = (
        "archive.catalogue",
        "archive.config",
        "archive.originals",
        "sqlalchemy",
        "webui",
        "indexer.engine",
    )
    imports = {}
    for name in wanted:
        try:
            __import__(name)
        except ImportError:
            imports[name] = "refused"
        else:
            imports[name] = "imported"
    return {
        "imports": imports,
        "loaded": sorted(name for name in sys.modules if sys.modules[name] is not None),
    }


def descriptors() -> dict[str, str]:
    found = {}
    for number in range(64):
        try:
            found[str(number)] = str(Path(f"/proc/self/fd/{number}").readlink())
        except OSError:
            continue
    return found


def server() -> dict[str, int]:
    return {"server": os.getppid(), "self": os.getpid()}


def late_import() -> str:
    import fractions
    import wave

    return wave.__name__ + str(fractions.Fraction(1, 2))


def raise_limits() -> dict[str, str]:
    import resource

    outcomes = {}
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE"):
        try:
            resource.setrlimit(
                getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )
        except (OSError, ValueError):
            outcomes[name] = "refused"
        else:
            outcomes[name] = "went through"
    return outcomes
