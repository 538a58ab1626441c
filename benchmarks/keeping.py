"""Keeping many originals: fixity, backup, restore, bags; time, memory, and whether it is all there.

    python -m benchmarks.keeping [--originals N] [--json]

Makes an archive of N originals (10,000) of seeded bytes and verifies it; flips one bit of one
original, verifies again and looks whether that one is named by the command, by its record, and
no other is; puts it back; backs up, restores into an empty home, compares originals and
catalogue; writes all documents into a bag. Each step is the command as shipped, in a process
of its own.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.catalogue import adding, records
from archive.catalogue.records import Description, Item, PageText
from indexer import bootstrap

SEED = 20
BATCH = 500
MEDIAN_BYTES = 40_000
NOT_COMPARED = {"secret", "sign_in", "change"}
"""Tables that a backup leaves out in part, and what the index has not seen."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command."""

    name: str
    wall_s: float
    cpu_s: float
    peak_mib: int
    status: int


def fill(home: Path, count: int) -> int:
    """Make an archive of *count* originals and return their bytes together."""
    rng, size_bytes = random.Random(SEED), 0
    bootstrap.make_home(home)
    archive = bootstrap.open_archive(home, {})
    source = archive.incoming / "source"
    for start in range(0, count, BATCH):
        with archive.catalogue.writing() as session:
            accession_id = records.open_accession(session, agent="benchmark", via="command")
            for number in range(start, min(count, start + BATCH)):
                text = f"Decree No. {number}. The district number{number} is named."
                size = min(2_000_000, int(rng.lognormvariate(0, 1) * MEDIAN_BYTES))
                source.write_bytes(text.encode() + rng.randbytes(size))
                digest = archive.originals.put(source)
                size_bytes += source.stat().st_size
                adding.add(
                    session,
                    accession_id=accession_id,
                    agent="benchmark",
                    description=Description(title=f"Decree {number}"),
                    findings=[],
                    item=Item(digest, f"{number}.txt", source.stat().st_size, "text/plain", "text"),
                    embedded=[],
                    pages=[PageText(1, text)],
                    state="published",
                    access="public",
                )
    source.unlink()
    archive.close()
    bootstrap.upgrade(home, {})  # as 'restore' does: sketches and references, then the index
    return size_bytes


def run(name: str, *arguments: str) -> tuple[Step, str]:
    """Run a command and return what it took and said."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "webui.cli", *arguments], stdout=said, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.monotonic() - began
        said.seek(0)
        step = Step(
            name,
            round(wall_s, 1),
            round(used.ru_utime + used.ru_stime, 1),
            used.ru_maxrss // 1024,
            process.returncode,
        )
        return step, said.read()


def flipped(home: Path, rng: random.Random) -> tuple[Path, bytes, str]:
    """Flip one bit of one original; return where it lies, what it held, and whose it is."""
    with closing(sqlite3.connect(home / "data" / "catalogue.sqlite")) as database:
        rows = database.execute(
            "SELECT digest, public_id FROM item JOIN record USING (record_id) ORDER BY digest"
        ).fetchall()
    digest, public_id = rng.choice(rows)
    path = home / "data" / "originals" / digest[:2] / digest[2:4] / digest
    whole = path.read_bytes()
    at = rng.randrange(len(whole) * 8)
    changed = bytearray(whole)
    changed[at // 8] ^= 1 << at % 8
    path.chmod(0o600)
    path.write_bytes(changed)
    return path, whole, public_id


def told_of(home: Path) -> list[str]:
    """Return the ids of the records whose provenance has an event of fixity."""
    with closing(sqlite3.connect(home / "data" / "catalogue.sqlite")) as database:
        found = database.execute(
            "SELECT DISTINCT public_id FROM event JOIN record USING (record_id) WHERE event.kind = 'fixity'"
        )
        return [public_id for (public_id,) in found]


def alike(home: Path, other: Path) -> dict[str, bool]:
    """Compare two homes: every original byte for byte, every table row for row."""

    def places(one: Path) -> list[Path]:
        root = one / "data" / "originals"
        return sorted(path.relative_to(root) for path in root.glob("??/??/*"))

    same = places(home) == places(other) and all(
        (home / "data" / "originals" / path).read_bytes()
        == (other / "data" / "originals" / path).read_bytes()
        for path in places(home)
    )
    with (
        closing(sqlite3.connect(home / "data" / "catalogue.sqlite")) as one,
        closing(sqlite3.connect(other / "data" / "catalogue.sqlite")) as two,
    ):
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        tables = {name for (name,) in one.execute(query)} - NOT_COMPARED
        rows = all(
            sorted(map(repr, one.execute(f"SELECT * FROM {table}")))
            == sorted(map(repr, two.execute(f"SELECT * FROM {table}")))
            for table in tables
        )
    return {"originals": same, "catalogue": rows}


def measure(count: int, folder: Path) -> dict[str, object]:
    """Run every step and return the figures."""
    home, other, rng = folder / "home", folder / "other", random.Random(SEED)
    size_bytes = fill(home, count)
    steps = [run("verify", "--home", str(home), "verify")[0]]
    path, whole, public_id = flipped(home, rng)
    step, said = run("verify, one bit flipped", "--home", str(home), "verify")
    steps.append(step)
    found = {
        "named by the command": path.name in said and public_id in said and step.status == 1,
        "named by its record and no other": told_of(home) == [public_id],
    }
    path.write_bytes(whole)
    step, said = run("verify, put back", "--home", str(home), "verify")
    steps.append(step)
    found["repair noticed"] = step.status == 0 and "1 of them repaired" in said
    backup, bag = folder / "backup.zip", folder / "bag.zip"
    steps.append(run("backup", "--home", str(home), "backup", str(backup))[0])
    steps.append(run("restore, with its index", "restore", str(backup), str(other))[0])
    export = ("export", "--bag", str(bag), "--query", "")
    steps.append(run("export all as a bag", "--home", str(home), *export)[0])
    return {
        "originals": count,
        "originals_mb": round(size_bytes / 1e6),
        "backup_mb": round(backup.stat().st_size / 1e6),
        "steps": [asdict(one) for one in steps],
        "flipped_bit": found,
        "restored_alike": alike(home, other),
    }


def main(arguments: list[str]) -> None:
    """Print the figures; exit status 1 where something was not found or not alike."""
    count = 10_000
    if "--originals" in arguments:
        count = int(arguments[arguments.index("--originals") + 1])
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as scratch:
        figures = measure(count, Path(scratch))
    if "--json" in arguments:
        print(json.dumps(figures, indent=2))
    else:
        print(_text(figures))
    well = {**figures["flipped_bit"], **figures["restored_alike"]}  # type: ignore[dict-item]
    sys.exit(0 if all(well.values()) else 1)


def _text(figures: dict[str, object]) -> str:
    lines = [
        f"{figures['originals']} originals, {figures['originals_mb']} MB; "
        f"the backup has {figures['backup_mb']} MB"
    ]
    lines += [
        f"  {one['name']}: {one['wall_s']} s by the clock, {one['cpu_s']} s of processor time, "
        f"at most {one['peak_mib']} MiB, exit status {one['status']}"
        for one in figures["steps"]  # type: ignore[attr-defined]
    ]
    lines.append(f"  one flipped bit: {figures['flipped_bit']}")
    lines.append(f"  restored alike: {figures['restored_alike']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
