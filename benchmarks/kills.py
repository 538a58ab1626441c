"""SIGKILL at random moments of commits, tidying and rebuilds: the index is as it was last committed.

    python -m benchmarks.kills [--number N] [--json]

A process writes to an index and says what it begins; it is killed a random moment later. Then
the index must open, be whole by its checksums, hold the documents of the last commit that was
told of (or of the one that was at work), and find them. Exit status 1 where it does not.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from archive.access import PUBLIC
from archive.errors import IndexUnavailable
from indexer.engine import FACETS, IndexDocument, Mark, Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.ast import Word

HELD = 60
"""Records in the index: each commit puts one in and deletes the oldest."""
REBUILD_EVERY = 25
WORDS = ("peace", "treaty", "council", "republic", "assembly", "decree", "border", "law")


def document(number: int) -> IndexDocument:
    """Return the document of this number, always the same."""
    rng = random.Random(number)
    text = " ".join(rng.choices(WORDS, k=rng.randint(1, 300)))
    facets = {name: frozenset({str(number % 3)}) for name in FACETS}
    return IndexDocument(number, "public", "en", f"number{number}", text, "", (), facets, None)


def held_at(change: int) -> range:
    """Return the records that the index holds after this change."""
    return range(max(1, change - HELD + 1), change + 1)


def write(folder: Path) -> None:
    """Commit, tidy and rebuild until killed; say before each what it is and which change."""
    engine = WhooshEngine(folder)
    mark = engine.mark()
    assert mark is not None
    change = mark.change_id
    while True:
        change += 1
        with engine.writing(wait=True):
            if change % REBUILD_EVERY == 0:
                print("rebuild", change, flush=True)
                engine.rebuild(map(document, held_at(change)), Mark(change, {"public": change}))
            else:
                print("commit", change, flush=True)
                engine.commit([document(change)], [change - HELD], Mark(change, {"public": change}))
        print("tidy", change, flush=True)
        while engine.tidy():
            pass


def kill_one(folder: Path, rng: random.Random) -> str:
    """Let a process write and kill it; return what it was at. IndexUnavailable: it did harm."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.kills", "--write", str(folder)], stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    # What is begun is told first, so the last line is what it was at, or had just ended.
    lines = [writer.stdout.readline() for _ in range(rng.randint(1, 60))]
    time.sleep(rng.uniform(0, 0.02))
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    with writer.stdout:
        lines += writer.stdout.readlines()
    at_work, change = lines[-1].decode().split()
    engine = WhooshEngine(folder)
    mark = engine.mark()
    if mark is None:
        raise IndexUnavailable("the index does not open")
    if mark.change_id not in {int(change), int(change) - (at_work != "tidy")}:
        raise IndexUnavailable(f"{at_work} {change} was told of, {mark.change_id} is there")
    _check(engine, mark.change_id)
    engine.close()
    return at_work


def _check(engine: WhooshEngine, change: int) -> None:
    engine.verify()
    if sorted(engine.record_ids()) != list(held_at(change)):
        raise IndexUnavailable(f"after change {change} other records are there")
    for number in (change, min(held_at(change), default=0)):
        hits = engine.search(Question(Word(f"number{number}"), PUBLIC)).hits
        if [hit.record_id for hit in hits] != [number] * bool(number):
            raise IndexUnavailable(f"after change {change} record {number} is not found")


def run(number: int, folder: Path, seed: int = 9) -> Counter[str]:
    """Kill *number* writers of an index in *folder*; return how many were at what."""
    rng = random.Random(seed)
    engine = WhooshEngine(folder)
    with engine.writing(wait=True):
        engine.rebuild([], Mark(0, {}))
    engine.close()
    return Counter(kill_one(folder, rng) for _ in range(number))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--number", type=int, default=100, metavar="N", help="how many are killed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.write:
        write(arguments.write)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            told = run(arguments.number, Path(scratch) / "index")
        except IndexUnavailable as error:
            raise SystemExit(f"{error}") from error
    if arguments.json:
        print(json.dumps({"kills": told.total(), "during": dict(told)}))
    else:
        print(f"{told.total()} kills, every time the index opened as last committed; during:")
        for what, times in told.most_common():
            print(f"  {what:8} {times}")


if __name__ == "__main__":
    main()
