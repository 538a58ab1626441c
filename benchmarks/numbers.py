"""How surely a document is found by its number, typed as people type it.

    python -m benchmarks.numbers [--sample N] [--seed S] [--wrong] [--json]

Takes the numbers of tests/cases/numbers.toml and, where MUNIMENT_DATA names the sets, all
resolutions of catalogue-unsc. Each becomes a record of an archive, whose text names the number
in one way of writing it and two neighbours in others. Each number is asked for in every usual
way, as a query is typed: parsed, read as all or most of its words, ranked. It must stand first,
alone at its score. Figures by format; --sample takes that many questions. Exit status 1: one
did not stand first.
"""

import argparse
import csv
import hashlib
import json
import os
import random
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import process_time

from archive.access import PUBLIC
from archive.catalogue import adding, records
from archive.catalogue.records import Description, Item, PageText
from benchmarks.corpora import SEED, name_of
from indexer import bootstrap, indexing
from indexer.bootstrap import Archive
from indexer.search import Asked, answer

TABLE = Path(__file__).parents[1] / "tests/cases/numbers.toml"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number of a document."""

    canonical: str
    format: str
    written: tuple[str, ...]
    """Ways of writing it in a text."""
    typed: tuple[str, ...]
    """Further ways of typing it."""


@dataclass(slots=True)
class Score:
    """How the questions went."""

    numbers: int = 0
    catalogue: bool = False
    """Whether the resolutions of catalogue-unsc were among them."""
    asked: int = 0
    first: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    """Format → questions that did not lead to the document first."""
    examples: list[str] = field(default_factory=list)
    cpu_s: float = 0.0


def numbers() -> tuple[list[Numbered], bool]:
    """Return each number once, and whether the catalogue was there."""
    formats = tomllib.loads(TABLE.read_text(encoding="utf-8"))["format"]
    found: dict[str, Numbered] = {}

    def add(form: dict[str, list[str]], parts: Sequence[object]) -> None:
        number = str(form["canonical"]).format(*parts)
        written = tuple(way.format(*parts) for way in form["written"])
        typed = tuple(way.format(*parts) for way in form.get("typed", []))
        found.setdefault(number, Numbered(number, str(form["name"]), written, typed))

    for form in formats:
        for parts in form["numbers"]:
            add(form, parts)
    folder = os.environ.get("MUNIMENT_DATA") or Path.home() / ".cache" / "muniment-data"
    catalogue = Path(folder) / "catalogue-unsc" / "UNSC_Resolutions.csv"
    if catalogue.exists():
        with catalogue.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                add(formats[0], [int(row["Number"]), int(row["Year"])])
    return list(found.values()), catalogue.exists()


def fill(archive: Archive, every: Sequence[Numbered], seed: int) -> None:
    """Make a record of each number, which names the one before and the one after it."""
    chance = random.Random(seed)
    with archive.catalogue.writing() as session:
        accession_id = records.open_accession(session, agent="benchmark", via="command")
        for place, one in enumerate(every):
            before, after = every[place - 1], every[(place + 1) % len(every)]
            text = (
                f"{one.written[0]}\n\nThe assembly of {name_of(place)}, recalling "
                f"{chance.choice(before.written)}, and having heard of "
                f"{chance.choice(after.written)}, decides what follows."
            )
            adding.add(
                session,
                accession_id=accession_id,
                agent="benchmark",
                description=Description(
                    title=f"On the matter of {name_of(place)}", number=one.written[0], language="en"
                ),
                findings=[],
                item=Item(_digest(one), "number.txt", len(text), "text/plain", "text"),
                embedded=[],
                pages=[PageText(1, text)],
                state="published",
                access="public",
            )
    indexing.rebuild(archive.catalogue, archive.engine)


def _digest(one: Numbered) -> str:
    return hashlib.sha256(one.canonical.encode()).hexdigest()


def ask(archive: Archive, one: Numbered, typed: str) -> str:
    """Type *typed* and return what is wrong with the answer; empty where *one* stands first."""
    page = answer(
        Asked(query=typed, size=2),
        labels=PUBLIC,
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="benchmark",
    )
    if not page.hits:
        return f"nothing is found; read as {page.read_as}"
    best = page.hits[0]
    if best.record.items[0].digest != _digest(one):
        return f"{best.record.description.number} stands first; read as {page.read_as}"
    if len(page.hits) > 1 and page.hits[1].score >= best.score:
        other = page.hits[1].record.description.number
        return f"{other} stands beside it; read as {page.read_as}"
    return ""


def run(home: Path, *, sample: int | None, seed: int) -> Score:
    """Ask for every number in every way, or for a *sample* of them, in a new archive."""
    every, whole = numbers()
    score = Score(len(every), whole)
    bootstrap.make_home(home)
    archive = bootstrap.open_archive(home, {})
    fill(archive, every, seed)
    asked = [(one, way) for one in every for way in (*one.written, *one.typed)]
    if sample is not None:
        asked = random.Random(seed).sample(asked, min(sample, len(asked)))
    wrong: Counter[str] = Counter()
    began = process_time()
    for one, typed in asked:
        score.asked += 1
        if problem := ask(archive, one, typed):
            wrong[one.format] += 1
            score.examples.append(f"{typed!r}: {problem}")
        else:
            score.first += 1
    score.cpu_s = round(process_time() - began, 1)
    score.wrong = dict(wrong.most_common())
    archive.close()
    return score


def main() -> int:
    """Print the figures; 1 where a document did not stand first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--wrong", action="store_true", help="every question that went wrong")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        score = run(Path(folder) / "home", sample=asked.sample, seed=asked.seed)
    if asked.json:
        print(json.dumps(asdict(score)))
    else:
        print(
            f"{score.numbers} numbers, {score.asked} questions, {score.first} documents stood "
            f"first; {score.cpu_s} s of processor time"
        )
        for name, count in score.wrong.items():
            print(f"  {count:6} wrong  {name}")
        for line in score.examples if asked.wrong else score.examples[:10]:
            print(f"  {line}")
        if not score.catalogue:
            print("without the resolutions of the Security Council: MUNIMENT_DATA has none")
    return 1 if score.first < score.asked else 0


if __name__ == "__main__":
    sys.exit(main())
