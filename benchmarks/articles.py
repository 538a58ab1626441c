"""The article out of a web page, beside trafilatura's own in the same run.

    python -m benchmarks.articles DIR [--json] [--worst N]

DIR holds html/ and a gold.jsonl. A line with `must_contain` and `must_not_contain` is scored by
those segments, counted over all pages; one with `expected_html` by the bag of its 4-grams of
words, F1 by page and then the mean. Title and date are what the description asserts, over the
pages that have one.
"""

import argparse
import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trafilatura
from bs4 import BeautifulSoup

from archive.config import ExtractSettings
from benchmarks.description import plain
from indexer.describe import ASSERTED, Description
from indexer.reading import Reading
from indexer.reading.sandbox import Sandbox

GRAM = 4
_AT_ONCE = 2


@dataclass(slots=True)
class Score:
    """How well the text of pages was found."""

    segments: Counter[str] = field(default_factory=Counter)
    """true (wanted, there), missed (wanted, not there), wrong (unwanted, there)."""
    by_page: list[tuple[str, float]] = field(default_factory=list)
    """Page and F1: of the segments, or of the 4-grams."""
    grams: list[float] = field(default_factory=list)

    def add(self, gold: dict[str, Any], text: str, folder: Path) -> None:
        """Score one page."""
        if "expected_html" in gold:
            wanted = BeautifulSoup((folder / gold["expected_html"]).read_bytes(), "lxml").get_text(
                " "
            )
            f1 = overlap(_grams(wanted), _grams(text))
            self.grams.append(f1)
        else:
            flat = " ".join(text.split())
            one = Counter(
                true=sum(_flat(part) in flat for part in gold["must_contain"]),
                wrong=sum(_flat(part) in flat for part in gold["must_not_contain"]),
            )
            one["missed"] = len(gold["must_contain"]) - one["true"]
            self.segments += one
            f1 = _f1(one)
        self.by_page.append((gold["file"], f1))

    @property
    def f1(self) -> float:
        """The score over all pages."""
        return statistics.fmean(self.grams) if self.grams else _f1(self.segments)


def _f1(counts: Counter[str]) -> float:
    whole = 2 * counts["true"] + counts["missed"] + counts["wrong"]
    return 2 * counts["true"] / whole if whole else 1.0


def _flat(text: str) -> str:
    return " ".join(text.split())


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    size = min(GRAM, max(1, len(words)))
    return Counter(zip(*(words[n:] for n in range(size)), strict=False))


def overlap(wanted: Counter[Any], found: Counter[Any]) -> float:
    """Return F1 of two bags; 1 where both are empty.

    >>> overlap(Counter("aab"), Counter("abb"))
    0.6666666666666666
    """
    both = (wanted & found).total()
    whole = wanted.total() + found.total()
    return 2 * both / whole if whole else 1.0


def measure(folder: Path) -> dict[str, Any]:
    """Read every page and return the figures, ours and trafilatura's."""
    golds = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    with Sandbox(ExtractSettings()) as reader, ThreadPoolExecutor(_AT_ONCE) as threads:
        readings = list(threads.map(lambda gold: _read(reader, folder, gold["file"]), golds))
    ours, theirs = Score(), Score()
    empty = []
    for gold, reading in zip(golds, readings, strict=True):
        text = reading.extraction.text
        if not text.strip():
            empty.append(gold["file"])
        ours.add(gold, text, folder)
        page = (folder / gold["file"]).read_bytes()
        theirs.add(gold, trafilatura.extract(page, include_comments=False) or "", folder)
    title = _described(golds, readings, "title", lambda truth, said: plain(said) == plain(truth))
    key = "date" if any("date" in gold for gold in golds) else "publishedTime"
    date = _described(golds, readings, "date", lambda truth, said: said[:10] == truth[:10], key)
    return {
        "pages": len(golds),
        "empty": empty,
        "f1": round(ours.f1, 4),
        "trafilatura": {"f1": round(theirs.f1, 4)},
        "title": title,
        "date": date,
        "worst": [
            [file, round(mine, 3), round(other, 3)]
            for (file, mine), (_, other) in zip(ours.by_page, theirs.by_page, strict=True)
            if mine < other
        ],
    }


def _read(reader: Sandbox, folder: Path, file: str) -> Reading:
    return reader.read(folder / file, Path(file).name)


def _described(
    golds: Sequence[dict[str, Any]],
    readings: Sequence[Reading],
    name: str,
    same: Callable[[str, str], bool],
    key: str = "",
) -> dict[str, Any]:
    asked = right = wrong = 0
    for gold, reading in zip(golds, readings, strict=True):
        truth = gold.get(key or name) or ""
        if not truth:
            continue
        asked += 1
        said = _asserted(reading.description, name)
        right += bool(said) and same(truth, said)
        wrong += bool(said) and not same(truth, said)
    share = round(right / asked, 4) if asked else None
    return {"asked": asked, "right": right, "wrong": wrong, "share": share}


def _asserted(description: Description, name: str) -> str:
    for finding in description.findings:
        if finding.field == name and finding.confidence >= ASSERTED:
            return finding.value
    return ""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="pages where we lose")
    arguments = parser.parse_args()
    if not (arguments.folder / "gold.jsonl").exists():
        raise SystemExit(f"{arguments.folder} holds no gold.jsonl; nothing was measured")
    told = measure(arguments.folder)
    worst = sorted(told.pop("worst"), key=lambda row: row[1] - row[2])
    if arguments.json:
        print(json.dumps(told))
        return
    print(f"{told['pages']} pages, {len(told['empty'])} without text")
    print(f"text F1 {told['f1']:.4f}, trafilatura's {told['trafilatura']['f1']:.4f}")
    for name in ("title", "date"):
        one = told[name]
        print(f"{name}: {one['right']} of {one['asked']} right, {one['wrong']} wrong")
    for file, mine, other in worst[: arguments.worst]:
        print(f"  {mine:.3f} < {other:.3f}  {file}", file=sys.stderr)


if __name__ == "__main__":
    main()
