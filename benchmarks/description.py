"""Are title, date, country, kind, number and language described right?

    python -m benchmarks.description DIR [--json] [--held-out] [--wrong FIELD]

DIR holds files/ and a metadata.csv with the columns of the `docs` set. *Asserted* is the
best finding at a confidence of one half or more; right, wrong and silent are counted of
that. --held-out prints the third that no rule was written on, and each language, too;
--json always holds them. *Strict* are titles compared without folding the Turkish letters i.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from archive.config import ExtractSettings
from archive.kinds import kind_of
from indexer.describe import Description, Field
from indexer.describe.number import canonical
from indexer.reading import Reader
from indexer.reading.sandbox import Sandbox

# Field, column of the truth, column that says whether it stands in the file.
ASKED: tuple[tuple[Field, str, str], ...] = (
    ("title", "title", "score_title"),
    ("date", "date", "score_date"),
    ("country", "country", "score_country"),
    ("kind", "doc_type", ""),
    ("number", "identifier", "score_number"),
    ("language", "language", ""),
)
OUTCOMES = ("asked", "right", "wrong", "silent")
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """One field of one file."""

    file: str
    language: str
    field: Field
    truth: str
    said: str
    confidence: float
    rule: str
    outcome: str


def plain(title: str) -> str:
    """Return a title as two are compared: NFKC, casefold, spaces and punctuation collapsed.

    The Turkish letters i are one, as in the READMEs of the sets: capitals hide which is meant.
    """
    for letter in "İIı":
        title = title.replace(letter, "i")
    return strict(title)


def strict(title: str) -> str:
    """Return a title after NFKC and casefold, spaces and punctuation collapsed."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def right(field: Field, truth: str, said: str) -> bool:
    """Return whether *said* is what *truth* says, a date at the truth's precision."""
    match field:
        case "title":
            return plain(said) == plain(truth)
        case "date":
            return said[: len(truth)] == truth and len(said) >= len(truth)
        case "number":
            return canonical(said) == canonical(truth) != ""
        case "kind":
            kind = kind_of(truth)
            return said == (kind.slug if kind else truth)
        case _:
            return said == truth


def judge(row: dict[str, str], description: Description) -> Iterator[Outcome]:
    """Give the outcome for every field that *row* asks."""
    for field, column, scored in ASKED:
        truth = row[column]
        if not truth or (scored and row[scored] != "1"):
            continue
        asserted, best = description.asserted(field), description.best(field)
        outcome = "silent"
        if asserted is not None:
            outcome = "right" if right(field, truth, asserted.value) else "wrong"
        yield Outcome(
            row["file"],
            row["language"],
            field,
            truth,
            best.value if best else "",
            best.confidence if best else 0.0,
            best.rule if best else "",
            outcome,
        )


def held_out(file: str) -> bool:
    """Return whether *file* is of the third kept aside: by its name's hash, so the same everywhere."""
    return hashlib.sha256(file.rsplit("/", 1)[-1].encode()).digest()[0] % 3 == 0


def outcomes(folder: Path, reader: Reader) -> list[Outcome]:
    """Read every file of *folder* and judge what was said of it."""
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def one(row: dict[str, str]) -> list[Outcome]:
        path = folder / row["file"]
        try:
            description = reader.read(path, path.name).description
        except Exception as error:
            print(f"{row['file']}: {type(error).__name__}: {error}", file=sys.stderr)
            description = Description(())
        return list(judge(row, description))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [outcome for found in pool.map(one, rows) for outcome in found]


def figures(found: list[Outcome]) -> dict[str, dict[str, int]]:
    """Count outcomes by field."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in found:
        counted[outcome.field]["asked"] += 1
        counted[outcome.field][outcome.outcome] += 1
    return {
        field: {name: counted[field][name] for name in OUTCOMES}
        for field, _, _ in ASKED
        if counted[field]
    }


def strictly(found: list[Outcome]) -> list[Outcome]:
    """Return the outcomes of titles; one that is right only with the letters i as one is wrong."""
    return [
        replace(one, outcome="wrong")
        if one.outcome == "right" and strict(one.said) != strict(one.truth)
        else one
        for one in found
        if one.field == "title"
    ]


def parts(found: list[Outcome]) -> dict[str, list[Outcome]]:
    """Return the two thirds that rules were written on, and the third that none was."""
    return {
        "written_on": [one for one in found if not held_out(one.file)],
        "held_out": [one for one in found if held_out(one.file)],
    }


def by_language(found: list[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each language; `?` where the set does not name it."""
    sorted_by: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.language):
        sorted_by[one.language or "?"].append(one)
    return dict(sorted_by)


def report(found: list[Outcome]) -> dict[str, object]:
    """Return what --json prints: counts of all, of both parts, of each language."""
    return {
        "fields": figures(found),
        "title_strict": figures(strictly(found))["title"],
        **{name: figures(part) for name, part in parts(found).items()},
        "by_language": {name: figures(part) for name, part in by_language(found).items()},
    }


def show(label: str, found: list[Outcome]) -> None:
    """Print a table of *found*."""
    print(label)
    for field, counts in figures(found).items():
        asked = counts["asked"]
        shares = "  ".join(f"{name} {counts[name] / asked:.3f}" for name in OUTCOMES[1:])
        print(f"  {field:9} asked {asked:4}  {shares}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    parser.add_argument("--held-out", action="store_true", help="the parts and the languages too")
    parser.add_argument(
        "--wrong", metavar="FIELD", help="list what was wrong, the held-out third aside"
    )
    arguments = parser.parse_args()
    reader = Sandbox(ExtractSettings())
    try:
        found = outcomes(arguments.folder, reader)
    finally:
        reader.close()
    if arguments.json:
        print(json.dumps(report(found)))
        return
    show("all", found)
    show("strict", strictly(found))
    if arguments.held_out:
        for name, part in (*parts(found).items(), *by_language(found).items()):
            show(name, part)
    for one in found:
        if one.field == arguments.wrong and one.outcome == "wrong" and not held_out(one.file):
            print(f"{one.file}\n  {one.truth!r}\n  {one.said!r}  {one.confidence} {one.rule}")


if __name__ == "__main__":
    main()
