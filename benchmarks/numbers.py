"""How surely a document is found by its number: python -m benchmarks.numbers [--json]

Takes the numbers of tests/cases/numbers.toml and the resolutions of the catalogue-unsc set,
files each as a document that also mentions neighbours, and asks for each in every usual way.
"""

import csv
import json
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from archive.access import PUBLIC
from indexer.engine import FACETS, Engine, IndexDocument, Mark, Question
from indexer.engine.memory import MemoryEngine
from indexer.engine.whoosh import WhooshEngine
from indexer.numbers import mentioned, number_typed
from indexer.query.ast import Word

CATALOGUE = Path.home() / ".cache/muniment-data/catalogue-unsc/UNSC_Resolutions.csv"
TABLE = Path(__file__).parents[1] / "tests/cases/numbers.toml"


def writings() -> tuple[dict[str, set[str]], bool]:
    """Return each number with the ways of writing it, and whether the catalogue was there."""
    formats = tomllib.loads(TABLE.read_text(encoding="utf-8"))["format"]
    numbers: dict[str, set[str]] = {}

    def add(form: dict[str, list[str]], parts: list[object]) -> None:
        number = str(form["canonical"]).format(*parts)
        ways = [*form["written"], *form.get("typed", [])]
        numbers.setdefault(number, set()).update(way.format(*parts) for way in ways)

    for form in formats:
        for parts in form["numbers"]:
            add(form, parts)
    if not CATALOGUE.exists():
        return numbers, False
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            add(formats[0], [int(row["Number"]), int(row["Year"])])
    return numbers, True


def documents(ids: dict[str, int]) -> Iterator[IndexDocument]:
    """Give a document to each number, which mentions the one before and the one after."""
    numbers = list(ids)
    for place, number in enumerate(numbers):
        beside = {numbers[place - 1], numbers[(place + 1) % len(numbers)]}
        yield IndexDocument(
            record_id=ids[number],
            label="public",
            language="en",
            title="",
            text="A decision.",
            aside="",
            numbers=(number, *sorted(map(mentioned, beside))),
            facets={name: frozenset() for name in FACETS},
            date=None,
        )


def asked(engine: Engine, ids: dict[str, int], numbers: dict[str, set[str]]) -> Counter[str]:
    """Ask for every number in every way and count how it went."""
    count: Counter[str] = Counter()
    for number, ways in numbers.items():
        for way in sorted(ways):
            count["asked"] += 1
            typed = number_typed(way)
            if typed != number:
                count["misread"] += 1
                continue
            hits = engine.search(Question(Word(typed, "number"), PUBLIC, limit=10)).hits
            best = [hit.record_id for hit in hits if hit.score >= hits[0].score]
            if best == [ids[number]]:
                count["first"] += 1
            elif ids[number] in best:
                count["tied"] += 1
            else:
                count["missed"] += 1
            if set(best) - {ids[number]}:
                count["neighbours"] += 1
    return count


def main() -> None:
    """Print the figures of both engines."""
    numbers, whole = writings()
    ids = {number: place for place, number in enumerate(numbers, start=1)}
    report: dict[str, object] = {"numbers": len(numbers), "catalogue": whole}
    with tempfile.TemporaryDirectory() as folder:
        engines: dict[str, Engine] = {"whoosh": WhooshEngine(Path(folder) / "index")}
        if "--memory" in sys.argv:
            engines["memory"] = MemoryEngine()
        for name, engine in engines.items():
            with engine.writing(wait=True):
                engine.rebuild(documents(ids), Mark(1, {"public": 1}))
            began = process_time()
            report[name] = {
                **asked(engine, ids, numbers),
                "seconds": round(process_time() - began, 1),
            }
            engine.close()
    if "--json" in sys.argv:
        print(json.dumps(report))
        return
    for key, value in report.items():
        print(f"{key:10} {value}")
    if not whole:
        print(f"without the resolutions of the Security Council: there is no {CATALOGUE}")


if __name__ == "__main__":
    main()
