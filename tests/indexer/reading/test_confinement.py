"""What a file may do to the machine that reads it: nothing. Real processes, no stand-ins."""

import ast
import json
import os
import socket
import sys
from pathlib import Path

import pytest

from indexer.extract import READERS
from indexer.reading import confine
from indexer.reading.sandbox import Sandbox, layers
from indexer.reading.worker import RECOGNISES, STARTS_PROGRAMS
from tests.indexer.reading.trial import EVIL, LIMITS, ROOT

needs_landlock = pytest.mark.skipif(
    confine.landlock_abi() == 0, reason="this kernel offers no Landlock"
)
needs_landlock_net = pytest.mark.skipif(
    confine.landlock_abi() < 4, reason="this kernel's Landlock knows no TCP"
)
needs_seccomp = pytest.mark.skipif(
    not Path("/proc/sys/kernel/seccomp/actions_avail").exists()
    or os.uname().machine not in {"x86_64", "aarch64"},
    reason="no seccomp filters here",
)


@needs_landlock
def test_no_file_but_its_own_can_be_opened(outcome, tmp_path):
    catalogue = tmp_path / "catalogue.sqlite"
    catalogue.write_text("secret")
    paths = [
        "/etc/passwd",
        "/etc/shadow",
        "/proc/1/environ",
        str(catalogue),
        str(ROOT / "config.toml"),
    ]
    assert outcome("open_files", paths=paths) == dict.fromkeys(paths, "refused")


def test_the_environment_is_not_passed_on(outcome, monkeypatch):
    monkeypatch.setenv("MUNIMENT_SECRET_KEY", "hunter2-hunter2")
    with Sandbox(LIMITS, reader=EVIL) as fresh:
        assert "hunter2" not in json.dumps(outcome("secrets", within=fresh))


@pytest.mark.parametrize("programs", [True, False])
def test_no_file_can_be_written(outcome, tmp_path, programs):
    paths = [str(tmp_path / "new"), "/tmp/muniment-evil", "muniment-evil", "/dev/shm/muniment-evil"]
    assert set(outcome("write_files", paths=paths, programs=programs).values()) == {"refused"}
    assert not any(Path(path).exists() for path in paths)


@needs_seccomp
def test_the_file_itself_cannot_be_changed(attempt, tmp_path):
    path = tmp_path / "original"
    path.write_text(json.dumps({"do": "rewrite_itself"}))
    path.chmod(0o640)
    before = path.read_bytes(), path.stat()
    with Sandbox(LIMITS, reader=EVIL) as sandbox:
        tries = json.loads(sandbox.read(path, "x").extraction.text)
    assert set(tries.values()) == {"refused"}
    after = path.read_bytes(), path.stat()
    assert after[0] == before[0]
    assert (after[1].st_mode, after[1].st_mtime_ns) == (before[1].st_mode, before[1].st_mtime_ns)


@pytest.mark.enable_socket
@pytest.mark.skipif(
    confine.landlock_abi() < 4 and not Path("/proc/sys/kernel/seccomp").exists(),
    reason="neither seccomp nor Landlock for TCP here",
)
def test_the_network_is_closed(outcome):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        assert outcome("connect", port=listening.getsockname()[1]) == "refused"
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.enable_socket
@needs_seccomp
def test_no_datagram_leaves(outcome):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
        receiving.bind(("127.0.0.1", 0))
        receiving.settimeout(0.2)
        assert outcome("udp", port=receiving.getsockname()[1]) == "refused"
        with pytest.raises(TimeoutError):
            receiving.recv(10)


@needs_seccomp
def test_a_reader_that_needs_no_program_cannot_start_a_process(outcome):
    assert outcome("fork_once") == "refused"
    assert outcome("execute", program="/bin/sh") == "refused"
    assert outcome("execute_here", program="/bin/sh") == "refused"


@needs_landlock
def test_a_reader_that_needs_programs_can_start_only_those(outcome):
    assert outcome("execute", program="/bin/sh", programs=True) == "refused"
    assert outcome("execute", program=sys.executable, programs=True) == "refused"


def test_every_reader_that_starts_a_program_is_known():
    found = {reader for reader in READERS.values() if starts_programs(reader)}
    assert found == STARTS_PROGRAMS | RECOGNISES


def starts_programs(module: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the module of `indexer.extract`, or one that it imports there, uses subprocess."""
    path = ROOT / "indexer" / "extract" / f"{module}.py"
    if module in seen or not path.exists():
        return False
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = {
        name.removeprefix("indexer.extract.")
        for name in imported
        if name.startswith("indexer.extract.")
    }
    return "subprocess" in imported or any(starts_programs(one, seen | {module}) for one in ours)


@needs_landlock
def test_the_network_is_closed_to_readers_with_programs_too(outcome):
    assert outcome("connect", port=9, programs=True) == "refused"


@pytest.mark.skipif(confine.landlock_abi() < 6, reason="this kernel's Landlock knows no signals")
@pytest.mark.parametrize("programs", [True, False])
def test_others_cannot_be_killed(attempt, outcome, programs):
    server = outcome("server")["server"]
    assert outcome("kill_server", programs=programs) == "refused"
    assert outcome("kill", pid=os.getpid(), programs=programs) == "refused"
    assert outcome("server")["server"] == server


def test_limits_cannot_be_raised(outcome):
    assert set(outcome("raise_limits").values()) == {"refused"}


def test_catalogue_and_settings_are_neither_loaded_nor_importable(outcome):
    found = outcome("modules")
    assert set(found["imports"].values()) == {"refused"}
    upper = ("archive.catalogue", "archive.config", "archive.originals", "sqlalchemy", "webui")
    assert [name for name in found["loaded"] if name.startswith(upper)] == []


def test_only_the_file_and_the_answer_are_open(outcome):
    found = outcome("descriptors")
    own = {key: value for key, value in found.items() if "/proc/" not in value}
    assert set(own) == {"0", "1", "2", "3", "4"}
    assert own["0"] == own["1"] == own["2"] == "/dev/null"


def test_a_library_can_still_be_imported_late(outcome):
    assert outcome("late_import") == "wave1/2"


# --- what holds here -------------------------------------------------------------


@pytest.fixture(scope="module")
def found():
    return layers(LIMITS)


@pytest.mark.parametrize("layer", [
    "memory", "processor time", "open files", "core files", "writing to files", "environment",
    "imports", "privileges",
])  # fmt: skip
def test_a_layer_that_every_system_has_holds(found, layer):
    assert found[layer] is True


@needs_landlock
@pytest.mark.parametrize("layer", ["reading other files", "listing folders", "starting programs"])
def test_a_layer_of_landlock_holds(found, layer):
    assert found[layer] is True


@needs_seccomp
@pytest.mark.parametrize("layer", [
    "network", "local sockets", "starting processes", "signals to other processes",
    "looking into other processes", "namespaces", "changing modes and owners",
])  # fmt: skip
def test_a_layer_of_seccomp_holds(found, layer):
    assert found[layer] is True
