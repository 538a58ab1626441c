"""How well answers are ranked, on judged queries, by the very path a typed query takes.

    python -m benchmarks.retrieval DIR [--json]

DIR holds corpus.jsonl {id, title, text}, queries.tsv (query_id, text) and qrels.tsv (query_id,
doc_id, relevance). Half of the queries, by hash, is for tuning; the other is held out. A query
is parsed, looked up and ranked with the shipped settings in an engine made for it. Queries
without a relevant document are left out.
"""

import argparse
import csv
import hashlib
import json
import math
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.access import PUBLIC
from archive.config import SearchSettings
from indexer import search
from indexer.engine import UNKNOWN, IndexDocument, Mark, Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse

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


def rankings(asked: Collection) -> dict[str, Ranking]:
    """Return for each query the documents that were found, best first."""
    with tempfile.TemporaryDirectory() as folder, closing(WhooshEngine(Path(folder))) as engine:
        documents = (index_document(n, one) for n, one in enumerate(asked.documents, 1))
        engine.rebuild(documents, Mark(1, {"public": 1}))
        return {query: _ranking(engine, asked, text) for query, text in asked.queries.items()}


def _ranking(engine: WhooshEngine, asked: Collection, text: str) -> Ranking:
    read = search.read_as(parse(text).query, "", PUBLIC, engine, SearchSettings())
    found = engine.search(Question(read.query, PUBLIC, limit=DEPTH))
    return [asked.documents[hit.record_id - 1]["id"] for hit in found.hits]


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
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    arguments = parser.parse_args()
    asked = collection(arguments.folder)
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


if __name__ == "__main__":
    main()
