"""How well answers are ranked, on judged queries, by the very path a typed query takes.

    python -m benchmarks.retrieval DIR [--json]
    python -m benchmarks.retrieval DIR… --sweep [N]

DIR holds corpus.jsonl {id, title, text}, queries.tsv (query_id, text) and qrels.tsv (query_id,
doc_id, relevance). Half of the queries, by hash, is for tuning; the other is held out. A query
is parsed, looked up and ranked with the shipped settings in an engine made for it. Queries
without a relevant document are left out.

--sweep ranks the tuning halves of all DIRs with N settings of the constants in
indexer/engine/fields.py, drawn by a seed, and prints the ten best beside those that are shipped.
"""

import argparse
import csv
import hashlib
import json
import math
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.access import PUBLIC
from archive.config import SearchSettings
from indexer import search
from indexer.engine import UNKNOWN, IndexDocument, Mark, Question, fields
from indexer.engine.whoosh import WhooshEngine
from indexer.query.ast import Query
from indexer.query.parser import parse

SEED = 20261122
SWEPT = 300
DEPTH = 1000
"""How many hits of a query are judged; the usual depth of MAP."""

Ranking = Sequence[str]
HALVES = ("tuning", "held_out")


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries, and which documents answer which query."""

    documents: list[dict[str, str]]
    queries: dict[str, str]
    relevant: dict[str, frozenset[str]]


def collection(folder: Path) -> Collection:
    """Read the collection in *folder*."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    relevant: dict[str, set[str]] = {}
    for row in _rows(folder / "qrels.tsv"):
        if int(row["relevance"]) > 0:
            relevant.setdefault(row["query_id"], set()).add(row["doc_id"])
    return Collection(
        documents,
        {
            r["query_id"]: r["text"]
            for r in _rows(folder / "queries.tsv")
            if r["query_id"] in relevant
        },
        {query: frozenset(found) for query, found in relevant.items()},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def half_of(query_id: str) -> str:
    """Return which half a query is in: by its number's hash, so the same everywhere."""
    return HALVES[hashlib.sha256(query_id.encode()).digest()[0] % 2]


def index_document(number: int, one: Mapping[str, str]) -> IndexDocument:
    """Return what the engine is told of a document of the collection."""
    return IndexDocument(
        record_id=number,
        label="public",
        language="en",
        title=one["title"],
        text=one["text"],
        aside="",
        numbers=(),
        facets={
            "year": frozenset({UNKNOWN}),
            "country": frozenset({UNKNOWN}),
            "kind": frozenset({UNKNOWN}),
            "language": frozenset({"en"}),
            "text": frozenset({"yes" if one["text"] else "no"}),
        },
        date=None,
    )


@contextmanager
def indexed(asked: Collection) -> Iterator[Path]:
    """Yield a folder with an index of the collection."""
    with tempfile.TemporaryDirectory() as folder:
        with closing(WhooshEngine(Path(folder))) as engine:
            documents = (index_document(n, one) for n, one in enumerate(asked.documents, 1))
            engine.rebuild(documents, Mark(1, {"public": 1}))
        yield Path(folder)


def rankings(asked: Collection) -> dict[str, Ranking]:
    """Return for each query the documents that were found, best first."""
    with indexed(asked) as folder, closing(WhooshEngine(folder)) as engine:
        return _ranked(engine, asked, _read(engine, asked.queries))


def _read(engine: WhooshEngine, typed: Mapping[str, str]) -> dict[str, Query]:
    """Return the queries in the readings that are shown; no constant of ranking changes them."""
    settings = SearchSettings()
    return {
        query: search.read_as(parse(text).query, "", PUBLIC, engine, settings).query
        for query, text in typed.items()
    }


def _ranked(
    engine: WhooshEngine, asked: Collection, read: Mapping[str, Query]
) -> dict[str, Ranking]:
    return {
        query: [
            asked.documents[hit.record_id - 1]["id"]
            for hit in engine.search(Question(tree, PUBLIC, limit=DEPTH)).hits
        ]
        for query, tree in read.items()
    }


CHOICES: dict[str, Sequence[float]] = {
    "title": (1, 2, 3, 4, 6),
    "title_stem": (0, 0.5, 1, 2, 3),
    "text": (0.2, 0.3, 0.5, 0.7, 1),
    "K1": (1.2, 1.5, 2, 2.5, 3, 4),
    "B": (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.75),
    "HELD": (0, 0.1, 0.2, 0.25, 0.3, 0.5),
}
"""What is tried of each constant; what a stem in the text counts is the unit."""

Constants = Mapping[str, float]


def shipped() -> Constants:
    """Return the constants as they are in `fields`."""
    return {
        name: fields.BOOSTS[name] if name in fields.BOOSTS else getattr(fields, name)  # type: ignore[index]
        for name in CHOICES
    }


def sweep(collections: Sequence[Collection], number: int) -> list[tuple[list[float], Constants]]:
    """Return (nDCG@10 of each tuning half, constants): the shipped ones, then those drawn, best first.

    The constants of this process are changed meanwhile.
    """
    chance = random.Random(SEED)
    drawn = [{name: chance.choice(of) for name, of in CHOICES.items()} for _ in range(number)]
    before = shipped()
    with ExitStack() as stack:
        tried = [
            _Tried(asked, folder, _read(engine, _of_tuning(asked)))
            for asked in collections
            for folder in [stack.enter_context(indexed(asked))]
            for engine in [stack.enter_context(closing(WhooshEngine(folder)))]
        ]
        found = [([one.ndcg(constants) for one in tried], constants) for constants in drawn]
        found.sort(key=lambda one: -statistics.fmean(one[0]))
        return [([one.ndcg(before) for one in tried], before), *found]


def _of_tuning(asked: Collection) -> dict[str, str]:
    return {query: text for query, text in asked.queries.items() if half_of(query) == "tuning"}


@dataclass(frozen=True, slots=True)
class _Tried:
    """A collection on which constants are tried."""

    asked: Collection
    folder: Path
    read: Mapping[str, Query]

    def ndcg(self, constants: Constants) -> float:
        for name, value in constants.items():
            if name in fields.BOOSTS:
                fields.BOOSTS[name] = value  # type: ignore[index]
            else:
                setattr(fields, name, value)
        with closing(WhooshEngine(self.folder)) as engine:
            ranked = _ranked(engine, self.asked, self.read)
        return statistics.fmean(ndcg_10(ranked[q], self.asked.relevant[q]) for q in ranked)


def ndcg_10(ranking: Ranking, relevant: frozenset[str]) -> float:
    """Return the normalised discounted gain of the first ten.

    >>> ndcg_10(["a", "x"], frozenset("a")), round(ndcg_10(["x", "a"], frozenset("a")), 3)
    (1.0, 0.631)
    """
    gain = sum(1 / math.log2(n + 2) for n, one in enumerate(ranking[:10]) if one in relevant)
    return gain / sum(1 / math.log2(n + 2) for n in range(min(10, len(relevant))))


def average_precision(ranking: Ranking, relevant: frozenset[str]) -> float:
    """Return the mean of the precision at each relevant document.

    >>> average_precision(["a", "x", "b"], frozenset("ab"))
    0.8333333333333333
    """
    found, total = 0, 0.0
    for place, one in enumerate(ranking, 1):
        if one in relevant:
            found += 1
            total += found / place
    return total / len(relevant)


def recall_100(ranking: Ranking, relevant: frozenset[str]) -> float:
    """Return the share of relevant documents among the first hundred."""
    return len(relevant & set(ranking[:100])) / len(relevant)


MEASURES: dict[str, Callable[[Ranking, frozenset[str]], float]] = {
    "ndcg@10": ndcg_10,
    "map": average_precision,
    "recall@100": recall_100,
}


def figures(
    asked: Collection, ranked: Mapping[str, Ranking], half: str | None = None
) -> dict[str, float]:
    """Return the mean of each measure over the queries, or over those of a half."""
    chosen = [query for query in ranked if half in {None, half_of(query)}]
    return {
        name: round(statistics.fmean(of(ranked[q], asked.relevant[q]) for q in chosen), 4)
        for name, of in MEASURES.items()
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, metavar="DIR", nargs="+")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    parser.add_argument("--sweep", type=int, metavar="N", nargs="?", const=SWEPT)
    arguments = parser.parse_args()
    collections = [collection(folder) for folder in arguments.folders]
    if arguments.sweep is not None:
        _print_sweep(sweep(collections, arguments.sweep))
        return
    if len(collections) > 1:
        parser.error("several collections are for --sweep alone")
    [asked] = collections
    ranked = rankings(asked)
    told = {
        **figures(asked, ranked),
        "queries": len(ranked),
        "halves": {half: figures(asked, ranked, half) for half in HALVES},
        "unanswered": sum(not ranking for ranking in ranked.values()),
    }
    if arguments.json:
        print(json.dumps(told))
        return
    print(f"{told['queries']} queries, {told['unanswered']} without an answer")
    for label, half in (("all", None), *((half, half) for half in HALVES)):
        line = "  ".join(f"{n} {v:.4f}" for n, v in figures(asked, ranked, half).items())
        print(f"{label:9} {line}")


def _print_sweep(found: Sequence[tuple[list[float], Constants]]) -> None:
    print("shipped, then the best: mean nDCG@10, of each tuning half, constants")
    for ndcg, constants in found[:11]:
        each = " ".join(f"{one:.4f}" for one in ndcg)
        named = " ".join(f"{name} {value:g}" for name, value in constants.items())
        print(f"{statistics.fmean(ndcg):.4f}  {each}  {named}")
    print("mean of all that were drawn with a value")
    for name, values in CHOICES.items():
        means = (
            f"{value:g}: {statistics.fmean(drawn):.4f}"
            for value in values
            if (drawn := [statistics.fmean(n) for n, held in found[1:] if held[name] == value])
        )
        print(f"{name:10} {'  '.join(means)}")


if __name__ == "__main__":
    main()
