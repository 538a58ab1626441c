"""Broken, odd and malicious files through the sandbox: is every one accounted for?

    python -m benchmarks.hostile DIR [--json]

DIR holds files and a manifest.csv with the columns `file`, `expect` and `ref_chars`.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.config import ExtractSettings
from indexer.extract import STATUSES, Extraction
from indexer.reading import Reader
from indexer.reading.sandbox import Sandbox

ENOUGH = 0.5  # of the reference's characters: what counts as having found the text


@dataclass(slots=True)
class Score:
    """What came of the files."""

    files: int = 0
    accounted: int = 0
    """A status that is known, with a reason where it is not `text`."""
    crashed: int = 0
    """Nothing came back, or the reader's process was ended by a fault of its own."""
    over_limit: int = 0
    asked_for_text: int = 0
    gave_text: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def note(self, row: dict[str, str], extraction: Extraction | None, seconds: float) -> None:
        """Count one file; *extraction* is None where reading it raised."""
        self.files += 1
        self.slowest = sorted([*self.slowest, (seconds, row["file"])], reverse=True)[:5]
        if extraction is None:
            self.crashed += 1
        else:
            self.statuses[extraction.status] += 1
            known = extraction.status in STATUSES
            self.accounted += known and (extraction.status == "text" or bool(extraction.reason))
            self.over_limit += extraction.status == "over_limit"
            self.crashed += extraction.status == "unreadable" and "crashed" in extraction.reason
        if row["expect"] == "text":
            self.asked_for_text += 1
            enough = extraction is not None and _length(extraction) >= ENOUGH * int(
                row["ref_chars"]
            )
            self.gave_text += enough
            if not enough:
                self.lost.append(row["file"])

    def report(self) -> dict[str, object]:
        """Return the figures as they are printed."""
        recall = self.gave_text / self.asked_for_text if self.asked_for_text else None
        return {
            "files": self.files,
            "accounted": self.accounted,
            "crashed": self.crashed,
            "over_limit": self.over_limit,
            "text_recall": None if recall is None else round(recall, 4),
            "statuses": dict(sorted(self.statuses.items())),
        }


def _length(extraction: Extraction) -> int:
    return sum(len(page.text) + len(page.aside) for page in extraction.pages)


def score(folder: Path, reader: Reader) -> Score:
    """Read every file of the manifest in *folder* and count what came of it."""
    total = Score()
    for row in _manifest(folder):
        began = time.monotonic()
        path = folder / row["file"]
        try:
            extraction = reader.read(path, path.name).extraction
        except Exception as error:
            print(f"{row['file']}: {type(error).__name__}: {error}", file=sys.stderr)
            extraction = None
        total.note(row, extraction, time.monotonic() - began)
    return total


def _manifest(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    arguments = parser.parse_args()
    reader = Sandbox(ExtractSettings())
    try:
        total = score(arguments.folder, reader)
    finally:
        reader.close()
    if arguments.json:
        print(json.dumps(total.report()))
        return
    for name, value in total.report().items():
        print(f"{name:12} {value}")
    for seconds, name in total.slowest:
        print(f"{seconds:8.1f} s  {name}")
    for name in total.lost:
        print(f"text lost   {name}")


if __name__ == "__main__":
    main()
