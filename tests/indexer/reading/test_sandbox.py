"""How a reading ends, and what the process that asked for it may rely on."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from archive.config import ExtractSettings
from archive.config import read as read_settings
from archive.errors import ConfigError, Undrawable
from indexer.describe import FIELDS
from indexer.reading import sandbox as sandbox_module
from indexer.reading.sandbox import ReaderUnavailable, Sandbox
from indexer.reading.worker import WARM_UP
from tests.indexer.reading.trial import EVIL, LIMITS, PATIENT, ROOT


def goes_on(attempt) -> bool:
    return attempt("echo", text="still here").extraction.text == "still here"


# --- how it is ended -------------------------------------------------------------


@pytest.mark.parametrize(("do", "asked", "status", "reason"), [
    ("allocate", {}, "over_limit", "more than 512 MiB of memory"),
    ("spin", {}, "over_limit", "more than 1 s of processor time"),
    ("spin_on", {"caught": "SIGXCPU"}, "over_limit", "more than 1 s of processor time"),
    ("sleep", {}, "over_limit", "not done after 3 s"),
    ("stop_self", {}, "over_limit", "not done after 3 s"),
    ("abort", {}, "over_limit", "ran out of memory (512 MiB) or crashed"),
    ("crash", {}, "unreadable", "crashed on this file (SIGSEGV)"),
    ("leave", {"status": 0}, "unreadable", "without an answer (exit status 0)"),
    ("leave", {"status": 5}, "unreadable", "without an answer (exit status 5)"),
    ("flood_text", {"declared": 1 << 30}, "over_limit", "larger than a document"),
    ("flood_text", {"declared": 1 << 63}, "over_limit", "larger than a document"),
    ("flood", {}, "over_limit", "larger than a document"),
    ("echo", {"text": "x" * 400_001}, "over_limit", "larger than a document"),
    ("send_pickle", {}, "unreadable", "made no sense"),
    ("raw", {"hexadecimal": "00" * 5000}, "unreadable", "made no sense"),
    ("raw", {"hexadecimal": "00" * 5000, "then": "sleep"}, "unreadable", "made no sense"),
    ("fail", {}, "unreadable", "(ValueError: broken at … second line)"),
    ("recurse", {}, "unreadable", "RecursionError"),
])  # fmt: skip
def test_how_it_ended_is_told(attempt, monkeypatch, do, asked, status, reason):
    if do.startswith("spin"):  # on a busy machine the wall clock could be first
        monkeypatch.setattr(sandbox_module, "WALL_PER_CPU", 60)
    found = attempt(do, **asked)
    assert found.extraction.status == status
    assert reason in found.extraction.reason
    assert found.extraction.pages == ()
    assert found.description.findings == ()
    assert goes_on(attempt)


@pytest.mark.parametrize(("do", "asked", "reason"), [
    ("allocate", {}, "more than 512 MiB of memory"),
    ("spin", {}, "more than 1 s of processor time"),
    ("sleep", {}, "not done after 3 s"),
    ("crash", {}, "crashed on this file (SIGSEGV)"),
    ("flood", {}, "larger than a document"),
    ("echo", {"text": "no picture"}, "made no sense"),
    ("echo", {"text": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\x00\x01" + "x" * 20}, "made no sense"),
    ("raw", {"hexadecimal": "50" + "ff" * 8}, "larger than a document"),
    ("fail", {}, "(ValueError: broken at … second line)"),
])  # fmt: skip
def test_a_page_that_cannot_be_drawn_is_told_and_nothing_else_is_believed(
    sandbox, tmp_path, monkeypatch, do, asked, reason
):
    if do == "spin":
        monkeypatch.setattr(sandbox_module, "WALL_PER_CPU", 60)
    path = tmp_path / "file"
    path.write_text(json.dumps({"do": do, **asked}))
    with pytest.raises(Undrawable) as told:
        sandbox.draw(path, 1, width=700, words=["x" * 10_000] * 1000)
    assert reason in str(told.value)


def test_the_media_type_is_kept_of_a_file_that_was_not_read(attempt):
    assert attempt("abort").extraction.media_type == "text/plain"


def test_a_child_that_closes_its_answer_and_goes_on_is_ended(attempt, monkeypatch):
    monkeypatch.setattr(sandbox_module, "EXIT_TIMEOUT_S", 1)
    started = time.monotonic()
    extraction = attempt("close_answer").extraction
    assert extraction.status == "unreadable"
    assert "closed its answer" in extraction.reason
    assert time.monotonic() - started < 30


def test_a_pickle_is_never_opened(attempt):
    attempt("send_pickle")
    assert not Path("/tmp/muniment-pickle-was-here").exists()


def test_what_is_printed_goes_nowhere(attempt, capfd):
    assert attempt("print_much").extraction.text == "printed"
    assert capfd.readouterr() == ("", "")


def test_a_process_left_behind_is_ended(outcome):
    assert gone(outcome("background", programs=True)["pid"])


def test_a_process_that_left_its_group_is_ended(outcome):
    assert gone(outcome("background", programs=True, leave_group=True)["pid"])


def test_a_fork_bomb_is_ended_to_the_last_process(attempt):
    assert goes_on(attempt)  # the server runs
    before = descendants()
    assert attempt("fork_bomb", programs=True).extraction.status == "over_limit"
    wait_for(lambda: descendants() <= before)


@pytest.mark.parametrize(("how", "why"), [
    ("spin", "more than 1 s of processor time"),
    ("raise", "(LookupError: no words in …)"),
    ("die", "crashed on this file (SIGSEGV)"),
])  # fmt: skip
def test_what_was_read_is_kept_when_describing_is_stopped(attempt, monkeypatch, how, why):
    monkeypatch.setattr(sandbox_module, "WALL_PER_CPU", 60)
    found = attempt("echo", text=json.dumps(f"describe: {how}"))
    assert found.extraction.status == "text"
    assert found.extraction.text == f'"describe: {how}"'
    (note,) = found.extraction.notes
    assert note.startswith("describing was stopped: ")
    assert why in note
    assert found.description.findings == ()


def test_a_reading_comes_with_its_description(attempt):
    found = attempt("echo", text="hello")
    assert found.description.best(FIELDS[0]).value == "echo.txt"


# --- what the parent may rely on -------------------------------------------------


def test_a_server_that_is_killed_is_replaced(attempt, outcome):
    first = outcome("server")["server"]
    os.kill(first, signal.SIGKILL)
    assert outcome("server")["server"] != first


def test_a_server_killed_in_the_middle_costs_the_file_it_was_reading(attempt):
    with Sandbox(PATIENT, reader=EVIL) as fresh, ThreadPoolExecutor() as threads:
        waiting = threads.submit(attempt, "sleep", within=fresh, programs=True)
        wait_for(lambda: children_of(fresh))
        time.sleep(0.3)  # the parent has heard that it began; before, it would try again
        started = time.monotonic()
        server_of(fresh).kill()
        extraction = waiting.result(60).extraction
        assert time.monotonic() - started < 30
        assert extraction.status == "over_limit"
        assert "ended" in extraction.reason
        assert attempt("echo", within=fresh, text="next").extraction.text == "next"


def test_what_programs_left_is_ended_with_the_server(attempt, tmp_path):
    with Sandbox(PATIENT, reader=EVIL) as fresh, ThreadPoolExecutor() as threads:
        waiting = threads.submit(attempt, "fork_bomb", within=fresh, programs=True)
        wait_for(lambda: len(children_of(fresh)) > 60)
        all_of_them = children_of(fresh)
        server_of(fresh).kill()
        assert waiting.result(30).extraction.status == "over_limit"
        wait_for(lambda: not any(alive(one) for one in all_of_them))


def test_many_threads_get_each_its_own_answer(sandbox, tmp_path):
    def ask(number: int) -> bool:
        path = tmp_path / str(number)
        path.write_text(json.dumps({"do": "echo", "text": f"text {number}"}))
        found = sandbox.read(path, f"{number}.txt")
        return (
            found.extraction.text == f"text {number}"
            and found.description.findings[0].value == f"{number}.txt"
        )

    before = open_here(), descendants()
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(400)))
    wait_for(lambda: open_here() <= before[0])  # an earlier test may still be letting go
    wait_for(lambda: descendants() <= before[1] | {server_of(sandbox).pid})


def test_nothing_is_left_open_or_running_after_close(attempt):
    before = open_here(), descendants()
    with Sandbox(LIMITS, reader=EVIL) as fresh, ThreadPoolExecutor(4) as threads:
        for do in ("echo", "crash", "abort", "spin", "flood", "raw"):
            asked = {"echo": {"text": ""}, "raw": {"hexadecimal": "00"}}.get(do, {})
            threads.submit(attempt, do, within=fresh, **asked)
    wait_for(lambda: open_here() <= before[0] and descendants() <= before[1])
    with pytest.raises(ValueError, match="closed"):
        attempt("echo", within=fresh, text="")


def test_no_process_is_started_before_the_first_read():
    before = descendants()
    with Sandbox(LIMITS, reader=EVIL):
        assert descendants() == before


def test_a_server_that_cannot_start_is_an_error_that_says_why(tmp_path):
    path = tmp_path / "x"
    path.write_text("x")
    with (
        Sandbox(LIMITS, reader="tests.indexer.reading.nobody:read") as broken,
        pytest.raises(ReaderUnavailable, match=r"ModuleNotFoundError.*nobody"),
    ):
        broken.read(path, "x")


def test_only_ordinary_files_are_read(sandbox, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "missing"):
        with pytest.raises(OSError):
            sandbox.read(path, "x")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_reads_the_files_of_others(sandbox, tmp_path):
    path = tmp_path / "theirs"
    path.write_text(json.dumps({"do": "echo", "text": "theirs"}))
    os.chown(path, 12_345, 12_345)
    path.chmod(0o600)
    assert sandbox.read(path, "x").extraction.text == "theirs"


def test_a_file_that_was_unlinked_meanwhile_is_read(sandbox, tmp_path):
    path = tmp_path / "short-lived"
    path.write_text(json.dumps({"do": "echo", "text": "was here"}))
    link = Path(f"/proc/self/fd/{os.open(path, os.O_RDONLY)}")
    path.unlink()
    try:
        assert sandbox.read(link, "x").extraction.text == "was here"
    finally:
        os.close(int(link.name))


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a\nb\0c", "n" * 100_000, "\udcff.html", "İ.html"]
)
def test_any_name_will_do(sandbox, tmp_path, name):
    path = tmp_path / "x"
    path.write_text(json.dumps({"do": "echo", "text": "fine"}))
    assert sandbox.read(path, name).extraction.text == "fine"


def test_a_fork_of_the_parent_starts_its_own_server(tmp_path):
    said = script(
        """
        first = ask("server")["server"]
        if os.fork() == 0:
            print("fork", ask("server")["server"] != first, flush=True)
            sandbox.close()
            os._exit(0)
        os.wait()
        print("parent", ask("server")["server"] == first, flush=True)
        """,
        tmp_path,
    ).communicate(timeout=60)[0]
    assert said.split("\n")[:2] == ["fork True", "parent True"]


def test_a_fork_that_lives_on_does_not_keep_the_server_of_a_killed_parent(tmp_path):
    parent = script(
        """
        print(ask("server")["server"], flush=True)
        if os.fork() == 0:
            print(os.getpid(), flush=True)
        time.sleep(600)
        """,
        tmp_path,
    )
    try:
        server, fork = (int(parent.stdout.readline()) for _ in range(2))
        parent.kill()
        assert gone(server)
        assert psutil.pid_exists(fork)
    finally:
        os.kill(fork, signal.SIGKILL)
        parent.communicate()


def test_a_parent_that_is_killed_takes_everything_with_it(tmp_path):
    parent = script(
        """
        threading.Thread(target=ask, args=("fork_bomb",), kwargs={"programs": True}).start()
        time.sleep(600)
        """,
        tmp_path,
        timeout_s=200,
    )
    try:
        wait_for(lambda: len(psutil.Process(parent.pid).children(recursive=True)) > 61)
        all_of_them = psutil.Process(parent.pid).children(recursive=True)
    finally:
        parent.kill()
        parent.communicate()
    wait_for(lambda: not any(alive(one) for one in all_of_them))


def test_a_sandbox_that_nobody_closed_ends_with_its_process(tmp_path):
    process = script('print(ask("server")["server"], flush=True)', tmp_path)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert gone(int(said))


def test_nothing_a_user_writes_chooses_the_reader():
    with pytest.raises(ConfigError):
        read_settings({"extract": {"reader": EVIL}}, {})
    with pytest.raises(ConfigError):
        read_settings({}, {"MUNIMENT_EXTRACT_READER": EVIL})


# --- with the readers themselves ---------------------------------------------------


@pytest.fixture(scope="module")
def real():
    with Sandbox(ExtractSettings(timeout_s=60)) as real:
        yield real


@pytest.mark.parametrize(("name", "content", "reader", "text"), [
    ("a.html", b"<title>Minutes</title><p>The council met.</p>", None, "The council met."),
    ("a.txt", "Şura 5 may 1994-cü ildə toplaşdı.".encode(), None, "toplaşdı"),
    ("a.pdf", WARM_UP["warm.pdf"], "pdfium", "Decree of 5 May 1994"),
    ("a.md", b"# Minutes\n\nThe *council* met.\n", "pandoc", "The council met."),
])  # fmt: skip
def test_a_document_is_read(real, tmp_path, name, content, reader, text):
    path = tmp_path / "kept-under-a-digest"
    path.write_bytes(content)
    extraction = real.read(path, name).extraction
    assert extraction.status == "text", extraction.reason
    assert text in extraction.text
    assert reader in {None, extraction.reader}


@pytest.mark.parametrize("content", [
    b"<html><body><p>On 5 May 1994 the thing happened at length.</p></body></html>",
    "Милли Мәҹлис 5 май 1994-ҹү илдә топлашды.".encode(),
    b"# Minutes\n\nThe *council* met on 5 May 1994.\n",
], ids=["a page whose date needs dateparser", "text whose language needs the model", "for pandoc"])  # fmt: skip
def test_the_first_file_is_read_like_every_other(tmp_path, content):
    """What a library loads at its first use is there, or can be loaded in the child."""
    path = tmp_path / "x"
    path.write_bytes(content)
    with Sandbox(ExtractSettings()) as fresh:
        first, second, third = (fresh.read(path, "x.md") for _ in range(3))
    assert first.extraction.status == "text"
    assert first.extraction.notes == ()
    assert first.description.findings
    assert first == second == third


def test_the_server_has_one_thread(real, tmp_path):
    """A fork copies one thread; a lock that another one held would stay locked for ever."""
    path = tmp_path / "x"
    path.write_text("The council met.")
    real.read(path, "x.txt")
    assert server_of(real).num_threads() == 1


# --- helpers ---------------------------------------------------------------------


def script(body: str, folder: Path, timeout_s: int = 1) -> "subprocess.Popen[str]":
    """Run *body* in a process of its own, with a Sandbox and `ask` at hand."""
    head = f"""
        import json, os, sys, threading, time
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from archive.config import ExtractSettings
        from indexer.reading.sandbox import Sandbox
        sandbox = Sandbox(ExtractSettings(timeout_s={timeout_s}), reader={EVIL!r})
        def ask(do, **asked):
            path = Path({str(folder)!r}, do)
            path.write_text(json.dumps({{"do": do, **asked}}))
            return json.loads(sandbox.read(path, do).extraction.text)
    """
    program = textwrap.dedent(head) + textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(pid: int) -> bool:
    wait_for(lambda: not psutil.pid_exists(pid))
    return True


def server_of(sandbox: Sandbox) -> psutil.Process:
    return psutil.Process(sandbox._running.process.pid)


def children_of(sandbox: Sandbox) -> list[psutil.Process]:
    if sandbox._running is None:
        return []
    return server_of(sandbox).children(recursive=True)


def descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def open_here() -> int:
    return psutil.Process().num_fds()
