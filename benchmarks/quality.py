"""Figures of reading against their floors; fails where one fell below.

    python -m benchmarks.quality               MUNIMENT_DATA names the unpacked sets

Floors stand in benchmarks/floors.toml. They go up; one goes down only with a reason in
CHANGELOG.md.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_name("floors.toml")


def main() -> None:
    """Measure and compare; exit status 1 where a figure is below its floor."""
    data = os.environ.get("MUNIMENT_DATA")
    if not data:
        raise SystemExit(
            "MUNIMENT_DATA names no folder with the unpacked sets; nothing was measured"
        )
    fell = _retrieval_fell(Path(data))
    for name, floors in tomllib.loads(FLOORS.read_text("utf-8"))["description"].items():
        fields = _description(Path(data) / name)
        for field, floor in floors.items():
            figures = fields[field]
            right = figures["right"] / figures["asked"]
            wrong = figures["wrong"] / figures["asked"]
            fine = right >= floor["right"] and wrong <= floor["wrong"]
            fell |= not fine
            print(
                f"{'ok  ' if fine else 'FELL'} {name:15} {field:9} right {right:.3f} (floor {floor['right']}) "
                f"wrong but asserted {wrong:.3f} (ceiling {floor['wrong']}) of {figures['asked']}"
            )
    sys.exit(1 if fell else 0)


def _retrieval_fell(data: Path) -> bool:
    fell = False
    for name, floors in tomllib.loads(FLOORS.read_text("utf-8"))["retrieval"].items():
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.retrieval", str(data / name), "--json"],
            stdout=subprocess.PIPE,
            check=True,
        )
        figures = json.loads(said.stdout)
        for measure, floor in floors.items():
            fine = figures[measure] >= floor
            fell |= not fine
            print(
                f"{'ok  ' if fine else 'FELL'} {name} {measure} {figures[measure]} (floor {floor})"
            )
    return fell


def _description(folder: Path) -> dict[str, Any]:
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.description", str(folder), "--json"],
        stdout=subprocess.PIPE,
        check=True,
    )
    fields: dict[str, Any] = json.loads(said.stdout)["fields"]
    return fields


if __name__ == "__main__":
    main()
