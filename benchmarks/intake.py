"""The documents of both sets from files to searchable, by one reading process and by two.

    python -m benchmarks.intake [--json] [--repeats N]      MUNIMENT_DATA names the unpacked sets

Prints documents a CPU-second, where the time goes, and how much faster two are by the clock
(the best of the repeats of each; they take turns). One has one core for everything, two have
two. It wants two idle cores: what else runs makes every figure worse.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer import bootstrap, extract, indexing, ingest, sources
from indexer.bootstrap import Archive
from indexer.copies import sketches
from indexer.describe.read import describe
from indexer.references.finding import references_in

SETS = ("docs/files", "docs-languages/files")


@dataclass(frozen=True, slots=True)
class Figures:
    """What taking in all files came to, with so many readers at once."""

    readers: int
    files: int
    wall_s: float
    reading_cpu_s: float
    """Of the processes that read, describe and look for references."""
    indexing_cpu_s: float
    rest_cpu_s: float
    """Of the process that files originals and records."""

    @property
    def cpu_s(self) -> float:
        """All of it."""
        return self.reading_cpu_s + self.indexing_cpu_s + self.rest_cpu_s


def measure(folders: list[Path], home: Path, readers: int) -> Figures:
    """Take everything in."""
    bootstrap.make_home(home)
    archive = bootstrap.open_archive(home, {"MUNIMENT_INGEST_READERS": str(readers)})
    cores = os.sched_getaffinity(0)
    # As many cores as readers: beside one reader the second would file and index meanwhile.
    os.sched_setaffinity(0, sorted(cores)[:readers])
    # The server that reads is started, as it is where one upload follows another: with the second
    # file it has loaded what a first one need not wait for.
    for _ in range(2):
        archive.reader.read(Path(__file__), "warm.py")
    children, own = _cpu_s(resource.RUSAGE_CHILDREN), _cpu_s(resource.RUSAGE_SELF)
    began = time.monotonic()
    with _timed_indexing() as spent:
        summary = ingest.take_in(
            sources.walk(folders, archive.incoming, archive.settings.ingest),
            archive=archive,
            agent="benchmark",
            via="command",
            publish=True,
        )
    wall_s = time.monotonic() - began
    own = _cpu_s(resource.RUSAGE_SELF) - own
    _close(archive)
    os.sched_setaffinity(0, cores)
    return Figures(
        readers,
        summary.counts.total(),
        round(wall_s, 2),
        round(_cpu_s(resource.RUSAGE_CHILDREN) - children, 2),
        round(spent[0], 2),
        round(own - spent[0], 2),
    )


def _close(archive: Archive) -> None:
    archive.close()  # its children are counted when they are gone


def steps(folders: list[Path]) -> dict[str, float]:
    """Return the CPU-seconds of each step of reading, all in this process, without its fork.

    What programs take that a reader starts, pandoc for instance, is a step of its own.
    """
    limits = extract.Limits(text_max_chars=20_000_000, pdf_reader="auto")
    extract.preload()
    spent = dict.fromkeys(("text", "programs", "describing", "references", "sketches"), 0.0)
    children = _cpu_s(resource.RUSAGE_CHILDREN)
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        moments = [time.process_time()]
        found = extract.extract(path, path.name, limits=limits)
        moments.append(time.process_time())
        described = describe(found, path.name)
        moments.append(time.process_time())
        references_in(found, described)
        moments.append(time.process_time())
        sketches.sketch_of([page.text for page in found.pages])
        moments.append(time.process_time())
        for name, begin, end in zip(
            ("text", "describing", "references", "sketches"), moments, moments[1:], strict=False
        ):
            spent[name] += end - begin
    spent["programs"] = _cpu_s(resource.RUSAGE_CHILDREN) - children
    return {name: round(seconds, 1) for name, seconds in spent.items()}


@contextmanager
def _timed_indexing() -> Iterator[list[float]]:
    """Add up what indexing takes of this thread."""
    spent = [0.0]
    plain = indexing.catch_up

    def timed(*arguments: Any, **named: Any) -> bool:
        began = time.thread_time()
        try:
            return plain(*arguments, **named)
        finally:
            spent[0] += time.thread_time() - began

    indexing.catch_up = timed
    try:
        yield spent
    finally:
        indexing.catch_up = plain


def _cpu_s(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--repeats", type=int, default=2, metavar="N")
    arguments = parser.parse_args()
    data = os.environ.get("MUNIMENT_DATA")
    if not data:
        raise SystemExit(
            "MUNIMENT_DATA names no folder with the unpacked sets; nothing was measured"
        )
    folders = [Path(data) / name for name in SETS]
    best: dict[int, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as scratch:
        for number in range(2 * arguments.repeats):
            readers = 1 + number % 2
            found = measure(folders, Path(scratch) / str(number), readers)
            if readers not in best or found.wall_s < best[readers].wall_s:
                best[readers] = found
    one, two = best[1], best[2]
    told = {
        "docs_per_cpu_s": round(one.files / one.cpu_s, 1),
        "speedup_of_two": round(one.wall_s / two.wall_s, 2),
        "runs": [asdict(one), asdict(two)],
        "steps_cpu_s": steps(folders),
    }
    if arguments.json:
        print(json.dumps(told))
        return
    print(f"{one.files} files, {told['docs_per_cpu_s']} a CPU-second")
    for run in (one, two):
        print(
            f"{run.readers} readers: {run.wall_s} s by the clock; CPU: reading {run.reading_cpu_s} s, "
            f"indexing {run.indexing_cpu_s} s, the rest {run.rest_cpu_s} s"
        )
    print(
        "the steps of reading, CPU:", *(f"{name} {s} s" for name, s in told["steps_cpu_s"].items())
    )
    print(f"two are {told['speedup_of_two']} times as fast by the clock")


if __name__ == "__main__":
    main()
