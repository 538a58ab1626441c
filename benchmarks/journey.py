"""The real sets from files to a searchable archive, whole: counts, wall and processor time.

    python -m benchmarks.journey [--json]      MUNIMENT_DATA names the unpacked sets

For each of docs, docs-languages and hostile: what became of every file, what a second run
takes in (nothing), seconds by the clock and of processor time (children included), and
what appeared outside the archive's home (nothing).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

SETS = ("docs/files", "docs-languages/files", "hostile")
# What a run may leave outside its home: caches of the interpreter, nothing of a document's.
WATCHED = (Path("/tmp"), Path.home(), Path("/etc"), Path("/"))


@dataclass(frozen=True, slots=True)
class Figures:
    """What taking in one set came to."""

    set: str
    files: int
    accounted: int
    outcomes: dict[str, int]
    taken_by_second_run: int
    wall_s: float
    cpu_s: float
    peak_mib: int
    """Of the largest process of the run."""
    appeared_outside: list[str]


def measure(folder: Path, name: str, home: Path) -> Figures:
    """Take the set in twice."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    before = _entries()
    began, cpu = time.monotonic(), _children_cpu_s()
    first = _ingest(folder, home, home / "first.jsonl")
    wall_s, cpu_s = time.monotonic() - began, _children_cpu_s() - cpu
    second = _ingest(folder, home, home / "second.jsonl")
    told = {line["file"] for line in first}
    return Figures(
        set=name,
        files=len(files),
        accounted=sum(1 for path in files if str(path) in told),
        outcomes=dict(Counter(line["outcome"] for line in first)),
        taken_by_second_run=sum(1 for line in second if line["outcome"] in {"taken", "kept"}),
        wall_s=round(wall_s, 1),
        cpu_s=round(cpu_s, 1),
        peak_mib=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        appeared_outside=sorted(_entries() - before),
    )


def main(arguments: list[str]) -> None:
    """Print the figures of every set."""
    data = os.environ.get("MUNIMENT_DATA")
    if not data:
        raise SystemExit(
            "MUNIMENT_DATA names no folder with the unpacked sets; nothing was measured"
        )
    figures = []
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as scratch:
        for name in SETS:
            home = Path(scratch) / name.replace("/", "-")
            _muniment("init", str(home))
            figures.append(measure(Path(data) / name, name, home))
            if "--json" not in arguments:
                print(_line(figures[-1]), flush=True)
    if "--json" in arguments:
        print(json.dumps([asdict(one) for one in figures], indent=2))


def _line(one: Figures) -> str:
    return (
        f"{one.set}: {one.accounted} of {one.files} files accounted for, {one.outcomes}; "
        f"a second run took in {one.taken_by_second_run}; {one.wall_s} s by the clock, "
        f"{one.cpu_s} s of processor time, at most {one.peak_mib} MiB in one process; "
        f"appeared outside the home: {one.appeared_outside or 'nothing'}"
    )


def _ingest(folder: Path, home: Path, report: Path) -> list[dict[str, str]]:
    _muniment("--home", str(home), "ingest", "--publish", str(folder), "--report", str(report))
    return [json.loads(line) for line in report.read_text("utf-8").splitlines()]


def _muniment(*arguments: str) -> None:
    command = [sys.executable, "-m", "webui.cli", *arguments]
    # Exit status 1 says that something was refused: the report has it.
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _entries() -> set[str]:
    return {str(entry) for folder in WATCHED for entry in folder.iterdir()}


if __name__ == "__main__":
    main(sys.argv[1:])
