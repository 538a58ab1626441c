"""The text of PDFs beside poppler's, and how fast it is read.

    python -m benchmarks.pdf_text DIR [--json] [--worst N]

Every PDF under DIR is read by our readers and by `pdftotext` (Debian: poppler-utils). Words
are compared as a bag (F1; folded, of what is no letter or figure nothing is left), their order
by the bag of pairs that follow one another. Pages a second are those of our readers, in CPU
time of this process, describing left out.
"""

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.articles import overlap
from indexer.extract import Limits, extract, preload
from indexer.extract.visible import words

LIMITS = Limits(text_max_chars=20_000_000, pdf_reader="auto")


@dataclass(frozen=True, slots=True)
class Compared:
    """One PDF."""

    file: str
    pages: int
    words: int
    f1: float
    order: float
    cpu_s: float


def compared(path: Path, folder: Path) -> Compared:
    """Read one PDF both ways."""
    began = time.process_time()
    extraction = extract(path, path.name, limits=LIMITS)
    spent = time.process_time() - began
    ours = _words("\n".join(f"{page.text}\n{page.aside}" for page in extraction.pages))
    run = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=False
    )
    theirs = _words(_rejoined(run.stdout.decode("utf-8", "replace")))
    return Compared(
        str(path.relative_to(folder)),
        len(extraction.pages),
        len(theirs),
        overlap(Counter(theirs), Counter(ours)),
        overlap(_pairs(theirs), _pairs(ours)),
        spent,
    )


def _words(text: str) -> list[str]:
    return words(unicodedata.normalize("NFKC", text))


def _rejoined(text: str) -> str:
    """Join words that the end of a line divides, as our readers do."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and lines[-1].endswith("-") and line[:1].islower():
            lines[-1] = lines[-1][:-1] + line
        else:
            lines.append(line)
    return "\n".join(lines)


def _pairs(some: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(itertools.pairwise(some))


def measure(folder: Path) -> dict[str, Any]:
    """Read every PDF under *folder* and return the figures."""
    preload()
    found = [compared(path, folder) for path in sorted(folder.rglob("*.pdf"))]
    written = [one for one in found if one.words]
    pages, cpu_s = sum(one.pages for one in found), sum(one.cpu_s for one in found)
    return {
        "files": len(found),
        "without_words": len(found) - len(written),
        "pages": pages,
        "pages_per_cpu_s": round(pages / cpu_s, 1) if cpu_s else 0.0,
        "f1": _spread([one.f1 for one in written]),
        "order": _spread([one.order for one in written]),
        "worst": [
            [one.file, round(one.f1, 3), round(one.order, 3)]
            for one in sorted(written, key=lambda one: one.f1)
        ],
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 4),
        "mean": round(statistics.fmean(ordered), 4),
        "tenth": round(ordered[len(ordered) // 10], 4),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="the least alike")
    arguments = parser.parse_args()
    if shutil.which("pdftotext") is None:
        raise SystemExit("pdftotext is not installed (Debian: poppler-utils); nothing was measured")
    told = measure(arguments.folder)
    worst = told.pop("worst")
    if arguments.json:
        print(json.dumps(told))
        return
    print(f"{told['files']} PDFs, {told['pages']} pages, {told['without_words']} without words")
    for name in ("f1", "order"):
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in told[name].items()))
    print(f"{told['pages_per_cpu_s']} pages a CPU-second")
    for file, f1, order in worst[: arguments.worst]:
        print(f"  {f1:.3f} {order:.3f}  {file}", file=sys.stderr)


if __name__ == "__main__":
    main()
