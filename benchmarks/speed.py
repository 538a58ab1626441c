"""The page job, indexing, size, memory and upload-to-searchable, against peers in one run.

    python -m benchmarks.speed [--documents N] [--peers] [--json] [--again] [--per-kind N]

Everything is process CPU time, all threads counted, unless it says otherwise. The page job is
the ten best documents, exact counts over all matches by year, country and kind, and highlighted
snippets of the ten. Engines take turns query by query; the first run of a query is discarded,
the median of the next three counts; the first runs are told apart. Corpora and indexes are kept in MUNIMENT_BENCH_CACHE
(~/.cache/muniment-bench); --again makes the indexes anew. Peers: pip install --group bench.
"""

import argparse
import hashlib
import importlib.util
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

import psutil

import indexer.analysis
import indexer.engine
from benchmarks import peers
from benchmarks.corpora import (
    MEDIAN_WORDS,
    Corpus,
    DataMissing,
    Document,
    cache_folder,
    corpus,
)
from benchmarks.peers import Asked, Contender, QueryKind
from benchmarks.peers.xapian import library
from benchmarks.questions import questions
from indexer.engine import IndexDocument, Mark, Shares
from indexer.engine.whoosh import WhooshEngine

STOCK_MAX_DOCUMENTS = 100_000
STOCK_PER_KIND = 3
REPEATS = 3
UPLOADS = 40
IN_PLACE = frozenset({"fts5", "xapian"})
"""The engines that change files of an index where they stand."""

T = TypeVar("T")


def cpu_ms() -> float:
    """Return the CPU time of this process so far."""
    return time.process_time_ns() / 1e6


@dataclass(slots=True)
class Figures:
    """What was measured of one engine."""

    page_ms: dict[QueryKind, list[float]] = field(default_factory=dict)
    first_ms: list[float] = field(default_factory=list)
    """The run of each query that `page_ms` leaves out."""
    index: dict[str, float] = field(default_factory=dict)
    serving: dict[str, float] = field(default_factory=dict)
    upload_ms: list[float] = field(default_factory=list)
    upload_wall_ms: list[float] = field(default_factory=list)
    processes_speedup: float = 0.0
    same_total: int = 0
    """Queries that found as many documents as ours."""

    def all_pages(self) -> list[float]:
        """Return the times of every query, of whatever kind."""
        return [ms for kind in self.page_ms.values() for ms in kind]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that *share* of all do not exceed.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)] if ordered else 0.0


def pages(engines: dict[str, Contender], asked: Iterable[Asked]) -> dict[str, Figures]:
    """Time the page job of every query in every engine, in turns."""
    figures = {name: Figures() for name in engines}
    seen: dict[QueryKind, int] = {}
    for one in asked:
        seen[one.kind] = seen.get(one.kind, 0) + 1
        totals: dict[str, int] = {}
        times: dict[str, list[float]] = {}
        for repeat in range(REPEATS + 1):
            for name, engine in engines.items():
                if name == "whoosh" and (seen[one.kind] > STOCK_PER_KIND or repeat > 1):
                    continue
                began = cpu_ms()
                page = engine.page(one)
                spent = cpu_ms() - began
                if page is not None and not repeat:
                    figures[name].first_ms.append(spent)
                if page is not None and repeat:
                    times.setdefault(name, []).append(spent)
                    totals[name] = page.total
        for name, spent_ms in times.items():
            figures[name].page_ms.setdefault(one.kind, []).append(statistics.median(spent_ms))
            figures[name].same_total += totals[name] == totals.get("muniment")
    return figures


def made(name: str, source: Corpus, *, again: bool) -> tuple[Path, dict[str, float]]:
    """Return the folder of an engine's index and what making it took, maybe long ago."""
    version = _code_digest() if name == "muniment" else "1"
    folder = cache_folder() / f"{name}-{version}-{source.digest}-{source.count}"
    noted = folder.with_suffix(".json")
    if again or not noted.exists():
        for old in cache_folder().glob(f"{name}-*-{source.digest}-{source.count}*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        noted.write_text(json.dumps(apart(_index, name, folder, source.path)))
    return folder, json.loads(noted.read_text("utf-8"))


def _code_digest() -> str:
    """Return a digest of the code that our index depends on."""
    digest = hashlib.sha256(Path(indexer.analysis.__file__).read_bytes())
    for path in sorted(Path(indexer.engine.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def apart(work: Callable[..., T], *arguments: Any) -> T:
    """Do *work* in a fresh process, so that its memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _index(name: str, folder: Path, path: Path) -> dict[str, float]:
    source = Corpus(path)
    # What is mapped of the corpus would be counted as memory that indexing takes.
    source.connection.execute("PRAGMA mmap_size = 0")
    engine = peers.CONTENDERS[name](folder, source)
    reading = _Reading(source)
    began, wall = cpu_ms(), time.monotonic()
    engine.index(reading)
    cpu_s = (cpu_ms() - began - reading.spent_ms) / 1000
    return {
        "cpu_s": cpu_s,
        "wall_s": time.monotonic() - wall,
        "docs_per_cpu_s": source.count / cpu_s,
        "mb_per_cpu_s": source.text_bytes / 1e6 / cpu_s,
        "bytes": engine.size_bytes(),
        "to_text": engine.size_bytes() / source.text_bytes,
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float:
    # getrusage would tell the peak of the process that started this one, too.
    (line,) = (
        one
        for one in Path("/proc/self/status").read_text("ascii").splitlines()
        if one.startswith("VmHWM:")
    )
    return int(line.split()[1]) / 1024


@dataclass(frozen=True, slots=True)
class _Share:
    """The documents of one process of several, read there."""

    path: Path
    number: int
    of: int

    def __iter__(self) -> Iterator[IndexDocument]:
        return map(peers.index_document, Corpus(self.path).share(self.number, self.of))


def processes_speedup(source: Corpus) -> float:
    """Return how many times quicker by the clock two processes make our index than one does."""
    return apart(_filling_s, source.path, 1) / apart(_filling_s, source.path, 2)


def _filling_s(path: Path, processes: int) -> float:
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="filling-") as scratch:
        engine = WhooshEngine(Path(scratch))
        shares = tuple(_Share(path, number, processes) for number in range(processes))
        began = time.monotonic()
        engine.rebuild(Shares(shares), Mark(1, {"public": 1}))
        return time.monotonic() - began


class _Reading:
    """Gives the documents and keeps account of what fetching them took: that is not indexing."""

    def __init__(self, source: Corpus) -> None:
        self.source, self.spent_ms = source, 0.0

    def __iter__(self) -> Iterator[Document]:
        rows = self.source.documents()
        while True:
            # Of this thread alone: an engine may be at work in others meanwhile.
            began = time.thread_time_ns()
            document = next(rows, None)
            self.spent_ms += (time.thread_time_ns() - began) / 1e6
            if document is None:
                return
            yield document


def _serve(name: str, folder: Path, path: Path, asked: Sequence[Asked]) -> dict[str, float]:
    source = Corpus(path)
    if name == "tantivy":
        importlib.import_module("tantivy")
    began, wall = cpu_ms(), time.monotonic()
    engine = peers.CONTENDERS[name](folder, source)
    engine.open()
    open_cpu_ms, open_wall_ms = cpu_ms() - began, (time.monotonic() - wall) * 1000
    began = cpu_ms()
    engine.page(asked[0])
    first_ms = cpu_ms() - began
    for one in asked[1:]:
        engine.page(one)
    memory = psutil.Process().memory_full_info()
    engine.close()
    return {
        "open_cpu_ms": open_cpu_ms,
        "open_wall_ms": open_wall_ms,
        "first_page_ms": first_ms,
        "rss_mib": memory.rss / 2**20,
        "private_mib": memory.uss / 2**20,
    }


def uploads(name: str, folder: Path, source: Corpus, figures: Figures) -> None:
    """Commit documents one at a time to a copy of the index until each is found."""
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="upload-") as scratch:
        copy = Path(scratch) / "index"
        # What is never changed in place need not be copied.
        shutil.copytree(folder, copy, copy_function=shutil.copy2 if name in IN_PLACE else _linked)
        engine = peers.CONTENDERS[name](copy, source)
        engine.open()
        rows = source.documents()
        for number in range(UPLOADS + 1):
            document = replace(next(rows), number=source.count + 1 + number)
            began, wall = cpu_ms(), time.monotonic()
            found = engine.put(document)
            spent, passed = cpu_ms() - began, (time.monotonic() - wall) * 1000
            if not found:
                raise RuntimeError(f"{name} does not find what it was given")
            if number:
                figures.upload_ms.append(spent)
                figures.upload_wall_ms.append(passed)
        rows.close()  # type: ignore[attr-defined]
        engine.close()


def _linked(source: str, target: str) -> str:
    # Locks and lists are small and written in place.
    if Path(source).stat().st_size < 100_000:
        return shutil.copy2(source, target)
    os.link(source, target)
    return target


def measure(
    count: int, names: Sequence[str], per_kind: int, *, again: bool, median: int = MEDIAN_WORDS
) -> dict[str, Any]:
    """Measure the engines *names* on a corpus of *count* documents, half of them *median* words long."""
    source = corpus(count, median)
    asked = questions(source, per_kind)
    folders, indexing = {}, {}
    for name in names:
        folders[name], indexing[name] = made(name, source, again=again)
        print(f"{name}: indexed", file=sys.stderr)
    engines = {name: peers.CONTENDERS[name](folders[name], source) for name in names}
    for engine in engines.values():
        engine.open()
    figures = pages(engines, asked)
    for name, engine in engines.items():
        engine.close()
        one = figures[name]
        one.index = indexing[name]
        sample = asked[:: max(1, len(asked) // 16)]
        if name == "muniment":
            one.processes_speedup = processes_speedup(source)
        one.serving = apart(_serve, name, folders[name], source.path, sample)
        if name != "whoosh":
            uploads(name, folders[name], source, one)
    return {
        "corpus": {
            "documents": source.count,
            "words": source.words,
            "text_bytes": source.text_bytes,
            "digest": source.digest,
        },
        "queries": len(asked),
        **report(figures),
    }


def report(figures: dict[str, Figures]) -> dict[str, Any]:
    """Return the figures as they are printed."""

    def each(of: Callable[[Figures], Any]) -> dict[str, Any]:
        return {name: of(one) for name, one in figures.items()}

    return {
        "page_job_cpu_ms": each(lambda one: _spread(one.all_pages())),
        "page_job_by_kind_cpu_ms": each(
            lambda one: {kind: _spread(ms) for kind, ms in one.page_ms.items()}
        ),
        "page_job_first_cpu_ms": each(lambda one: _spread(one.first_ms)),
        "same_total": each(lambda one: one.same_total),
        "index_docs_per_cpu_s": each(lambda one: round(one.index["docs_per_cpu_s"], 1)),
        "index_processes_speedup": each(lambda one: round(one.processes_speedup, 2) or {}),
        "index_peak_mib": each(lambda one: round(one.index["peak_mib"])),
        "index_to_text": each(lambda one: round(one.index["to_text"], 3)),
        "open_wall_ms": each(lambda one: round(one.serving["open_wall_ms"], 1)),
        "open_cpu_ms": each(lambda one: round(one.serving["open_cpu_ms"], 1)),
        "first_page_cpu_ms": each(lambda one: round(one.serving["first_page_ms"], 1)),
        "private_mib": each(lambda one: round(one.serving["private_mib"])),
        "rss_mib": each(lambda one: round(one.serving["rss_mib"])),
        "upload_cpu_ms": each(lambda one: _spread(one.upload_ms)),
        "upload_wall_ms": each(lambda one: _spread(one.upload_wall_ms)),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {
        "p50": round(percentile(values, 0.5), 2),
        "p95": round(percentile(values, 0.95), 2),
        "mean": round(statistics.fmean(values), 2),
        "n": len(values),
    }


def show(told: dict[str, Any]) -> None:
    """Print the tables."""
    held = told["corpus"]
    print(
        f"{held['documents']} documents, {held['words']} words, {held['text_bytes'] / 1e6:.1f} MB, "
        f"digest {held['digest']}; {told['queries']} queries; CPU time"
    )
    names = list(told["page_job_cpu_ms"])
    print(f"{'page job, ms':12} " + " ".join(f"{name:>22}" for name in names))
    for kind in ("all", *get_args(QueryKind)):
        cells = []
        for name in names:
            by_kind = told["page_job_by_kind_cpu_ms"][name]
            one = told["page_job_cpu_ms"][name] if kind == "all" else by_kind.get(kind)
            cells.append(f"{one['p50']:.2f}/{one['p95']:.2f}/{one['mean']:.2f}" if one else "–")
        print(f"{kind:12} " + " ".join(f"{cell:>22}" for cell in cells))
    for what in list(told)[list(told).index("page_job_first_cpu_ms") :]:
        cells = []
        for name in names:
            one = told[what][name]
            if isinstance(one, dict):
                one = f"{one['p50']}/{one['p95']}" if one else "–"
            cells.append(str(one))
        print(f"{what:22} " + " ".join(f"{cell:>18}" for cell in cells))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--peers", action="store_true", help="the other engines, too")
    parser.add_argument("--per-kind", type=int, default=26, metavar="N", help="queries a kind")
    parser.add_argument("--again", action="store_true", help="make kept indexes anew")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    arguments = parser.parse_args()
    names = ["muniment"]
    if arguments.peers:
        if importlib.util.find_spec("tantivy") is None:
            print("tantivy is not installed: pip install --group bench", file=sys.stderr)
        else:
            names.append("tantivy")
        names.append("fts5")
        try:
            library()
            names.append("xapian")
        except ModuleNotFoundError:
            print("xapian is not installed: Debian's package is python3-xapian", file=sys.stderr)
        if arguments.documents <= STOCK_MAX_DOCUMENTS:
            names.append("whoosh")
    try:
        told = measure(arguments.documents, names, arguments.per_kind, again=arguments.again)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    if arguments.json:
        print(json.dumps(told))
    else:
        show(told)


if __name__ == "__main__":
    main()
