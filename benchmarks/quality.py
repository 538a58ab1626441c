"""Figures of reading, description, references and retrieval against their floors; fails where one fell below.

    python -m benchmarks.quality               MUNIMENT_DATA names the unpacked sets

Floors stand in benchmarks/floors.toml. They go up; one goes down only with a reason in
CHANGELOG.md.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True)
class Check:
    """A figure and what it must not fall below, or as a ceiling rise above."""

    of: str
    what: str
    figure: float
    limit: float
    ceiling: bool = False

    @property
    def fine(self) -> bool:
        """Whether it holds."""
        return self.figure <= self.limit if self.ceiling else self.figure >= self.limit

    def __str__(self) -> str:
        kind = "ceiling" if self.ceiling else "floor"
        return f"{'ok  ' if self.fine else 'FELL'} {self.of} {self.what} {self.figure:.4g} ({kind} {self.limit:.4g})"


def main() -> None:
    """Measure and compare; exit status 1 where a figure is below its floor."""
    data = os.environ.get("MUNIMENT_DATA")
    if not data:
        raise SystemExit(
            "MUNIMENT_DATA names no folder with the unpacked sets; nothing was measured"
        )
    fell = False
    for check in checks(Path(data), tomllib.loads(FLOORS.read_text("utf-8"))):
        print(check, flush=True)
        fell |= not check.fine
    sys.exit(1 if fell else 0)


def checks(data: Path, floors: Mapping[str, Any]) -> Iterator[Check]:
    """Yield every figure that has a floor, as it is measured."""
    for name, wanted in floors["retrieval"].items():
        figures = _said("retrieval", data / name)
        yield from (Check(name, what, figures[what], floor) for what, floor in wanted.items())
    for name, wanted in floors["articles"].items():
        figures = _said("articles", data / name)
        # In the same run, on the same pages.
        yield Check(name, "text F1", figures["f1"], figures["trafilatura"]["f1"])
        for what, floor in wanted.items():
            share = figures["f1"] if what == "f1" else figures[what]["share"]
            yield Check(name, what, share, floor)
        yield Check(name, "pages without text", len(figures["empty"]), 0, ceiling=True)
    for name, wanted in floors["pdf_text"].items():
        figures = _said("pdf_text", data / name)
        for what, floor in wanted.items():
            yield Check(name, f"PDF {what}, median", figures[what]["median"], floor)
    if wanted := floors["references"]:
        recall = _said("references", data / "docs", data / "docs-languages")["recall"]
        for draw in wanted["draws"]:
            figures = recall[draw]
            found, right = figures["found"] / figures["marked"], figures["right"] / figures["here"]
            yield Check("references", f"{draw}, recall", found, wanted["draws"][draw]["recall"])
            yield Check(
                "references", f"{draw}, precision", right, wanted["draws"][draw]["precision"]
            )
    for name, wanted in floors["description"].items():
        fields = _said("description", data / name)["fields"]
        for field, limits in wanted.items():
            asked = fields[field]["asked"]
            yield Check(name, f"{field} right", fields[field]["right"] / asked, limits["right"])
            wrong = fields[field]["wrong"] / asked
            yield Check(name, f"{field} wrong", wrong, limits["wrong"], ceiling=True)


def _said(program: str, *folders: Path) -> dict[str, Any]:
    said = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{program}", *map(str, folders), "--json"],
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, Any] = json.loads(said.stdout)
    return figures


if __name__ == "__main__":
    main()
