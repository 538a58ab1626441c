"""Which references are found in real documents, how many lead somewhere, and how many are right.

    python -m benchmarks.references DIR… [--json] [--sample N [--seed S]]

DIR holds files/ and a metadata.csv with the columns of the `docs` set. *Held*: another document
of the same sets is what is meant, by its number or name alone. *Precision*: of the references
that a person has checked (benchmarks/references_checked.tsv, by digest, without any text), how
many are references and say the right thing. Rules were changed after draw 1 and on
account of it; draw 2 was checked afterwards. --sample prints some that can be checked, with the
digest that the table wants. *Recall*: of the references that a person found in stretches of text
drawn by a seed (references_recall.py), how many were found.
"""

import argparse
import csv
import hashlib
import json
import random
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from archive.config import ExtractSettings
from benchmarks import references_recall
from indexer.reading import Reader
from indexer.reading.sandbox import Sandbox
from indexer.references import Reference
from indexer.references.keys import asked_of, key_of, known_as, parent_of, scope_of

CHECKED = Path(__file__).with_name("references_checked.tsv")
OUTCOMES = ("right", "partly", "wrong")
LANGUAGES = ("en", "az", "tr", "ru", "fr", "es")
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a set with what it refers to."""

    file: str
    digest: str
    """The first sixteen figures of the SHA-256 of its bytes."""
    language: str
    country: str
    kind: str
    known_as: frozenset[str]
    references: tuple[Reference, ...]


def digest_of(one: Reference) -> str:
    """Return what the table of checked references knows *one* by: its reading and passage."""
    said = "\n".join((one.kind, one.number, one.date, one.name, one.country, one.evidence.passage))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def documents(folder: Path, reader: Reader) -> list[Document]:
    """Read every file of *folder*."""
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def one(row: dict[str, str]) -> Document:
        path = folder / row["file"]
        found = reader.read(path, path.name).references
        return document(row, found)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, rows))


def document(row: dict[str, str], found: tuple[Reference, ...]) -> Document:
    """Return the document of a row of metadata.csv."""
    keys = known_as(
        title=row["title"],
        kind=row["doc_type"],
        country=row["country"],
        numbers=[row["identifier"]],
    )
    digest = row["sha256"][:16]
    return Document(
        row["file"], digest, row["language"], row["country"], row["doc_type"], keys, found
    )


def held(documents: list[Document]) -> dict[str, int]:
    """Return for each file how many of its references another document is, surely."""
    by_key: defaultdict[str, list[Document]] = defaultdict(list)
    for one in documents:
        for key in one.known_as:
            by_key[key].append(one)

    def leads(one: Reference, source: Document) -> bool:
        for other in by_key.get(asked_of(one), ()):
            same_country = one.country == other.country
            fits = scope_of(one) == "world" or (
                scope_of(one) == "country"
                and same_country
                and parent_of(one.kind) in ("", parent_of(other.kind))
            )
            if other is not source and fits:
                return True
        return False

    return {
        source.file: sum(bool(asked_of(one)) and leads(one, source) for one in source.references)
        for source in documents
    }


def checked() -> dict[str, tuple[str, str]]:
    """Return outcome and draw of every reference that was checked, by its digest."""
    if not CHECKED.exists():
        return {}
    rows = (line.split("\t") for line in CHECKED.read_text("utf-8").splitlines())
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}


def figures(documents: list[Document]) -> dict[str, object]:
    """Return what the command prints."""
    leads = held(documents)
    by_language: dict[str, dict[str, int]] = {}
    for one in documents:
        name = one.language if one.language in LANGUAGES else "others"
        row = by_language.setdefault(
            name, dict.fromkeys(("documents", "referring", "references", "held"), 0)
        )
        row["documents"] += 1
        row["referring"] += bool(one.references)
        row["references"] += len(one.references)
        row["held"] += leads[one.file]
    known = checked()
    outcomes: dict[str, Counter[str]] = {}
    for one in documents:
        name = one.language if one.language in LANGUAGES else "others"
        for reference in one.references:
            if of := known.get(digest_of(reference)):
                outcome, draw = of
                for group in (f"draw {draw}", f"draw {draw}, {name}"):
                    outcomes.setdefault(group, Counter())[outcome] += 1
    wanted = {key_of(one) for source in documents for one in source.references}
    rules = Counter(one.rule for source in documents for one in source.references)
    return {
        "by_language": {
            name: by_language[name] for name in (*LANGUAGES, "others") if name in by_language
        },
        "by_rule": dict(rules.most_common()),
        "instruments": len(wanted),
        "checked": {group: dict(counts) for group, counts in outcomes.items()},
        "recall": references_recall.score(
            {one.digest: one.references for one in documents},
            references_recall.stretches(references_recall.MARKED),
        ),
    }


def sample(documents: list[Document], number: int, seed: int) -> list[tuple[str, Reference]]:
    """Draw *number* references, as many of each language as there are, by *seed*."""
    by_language: defaultdict[str, list[tuple[str, Reference]]] = defaultdict(list)
    for source in documents:
        if source.language in LANGUAGES:
            by_language[source.language] += [(source.file, one) for one in source.references]
    drawn: list[tuple[str, Reference]] = []
    for language in LANGUAGES:
        found = sorted(by_language[language], key=lambda one: digest_of(one[1]))
        random.Random(f"{seed} {language}").shuffle(found)
        drawn += found[: -(-number // len(LANGUAGES))]
    return drawn


def show(said: dict[str, object]) -> None:
    """Print *said* to read."""
    by_language = said["by_language"]
    assert isinstance(by_language, dict)
    print("language   documents  that refer  references  held")
    for name, row in by_language.items():
        print(
            f"{name:9} {row['documents']:10} {row['referring']:11} {row['references']:11} {row['held']:5}"
        )
    print(f"{said['instruments']} different instruments; by rule: {said['by_rule']}")
    outcomes = said["checked"]
    assert isinstance(outcomes, dict)
    for group, counts in sorted(outcomes.items()):
        total = sum(counts.values())
        shares = "  ".join(f"{name} {counts.get(name, 0) / total:.3f}" for name in OUTCOMES)
        print(f"checked, {group:10} {total:4}  {shares}")
    marked = said["recall"]
    assert isinstance(marked, dict)
    for group, row in sorted(marked.items()):
        print(
            f"marked, {group:10} {row['documents']:3} documents: {row['found']} of {row['marked']} found; "
            f"{row['by_title']} more by title alone; of {row['here']} that stand there first {row['right']} are marked"
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="print N to check")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    reader = Sandbox(ExtractSettings())
    try:
        found = [one for folder in arguments.folders for one in documents(folder, reader)]
    finally:
        reader.close()
    if arguments.sample:
        for file, one in sample(found, arguments.sample, arguments.seed):
            print(f"{digest_of(one)}\t{file}")
            print(f"  {one.kind} {one.number} {one.date} {one.name} {one.country} ({one.rule})")
            print(f"  {one.written}\n  … {one.evidence.passage}", file=sys.stdout)
        return
    said = figures(found)
    print(json.dumps(said)) if arguments.json else show(said)


if __name__ == "__main__":
    main()
