"""Where the time of our page job goes, stage by stage.

    python -m benchmarks.stages [--documents N] [--per-kind N]

The queries and the kept index are those of `benchmarks.speed`. CPU milliseconds; each query is
asked four times, the first is discarded, the median of the others counts.

    parse      the query is read
    match      which documents answer, for whoever asks
    facets     exact counts over all of them
    order      their scores, and the ten best
    texts      the ten texts are fetched
    passages   up to three passages of each, as HTML
"""

import argparse
import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

from benchmarks import peers
from benchmarks.corpora import DataMissing, corpus
from benchmarks.peers import Asked, QueryKind
from benchmarks.questions import questions
from benchmarks.speed import REPEATS, cpu_ms, made, percentile

STAGES = ("parse", "match", "facets", "order", "texts", "passages")


def stages(engine: peers.Ours, asked: Asked) -> dict[str, float]:
    """Return what each stage of the page job takes, or nothing where there is no such query."""
    times = [cpu_ms()]
    question = engine.question(asked)
    if question is None:
        return {}
    times.append(cpu_ms())
    snapshot = engine.engine.snapshot()
    evaluation = snapshot.evaluation(question.labels)
    narrowed = snapshot.narrowed(evaluation, question)
    times.append(cpu_ms())
    counts = narrowed.counts(question.facets)
    times.append(cpu_ms())
    hits = snapshot.best(evaluation, narrowed, question)
    times.append(cpu_ms())
    shown = engine.corpus.shown(hit.record_id for hit in hits)
    times.append(cpu_ms())
    engine.passages(question.query, counts["language"], [shown[hit.record_id] for hit in hits])
    times.append(cpu_ms())
    spent = (after - before for before, after in pairwise(times))
    return dict(zip(STAGES, spent, strict=True))


def profile(engine: peers.Ours, asked: Sequence[Asked]) -> dict[str, dict[str, list[float]]]:
    """Return the times of every query: kind → stage → one for each query."""
    told: dict[str, dict[str, list[float]]] = {}
    for one in asked:
        runs = [stages(engine, one) for _ in range(REPEATS + 1)][1:]
        if not runs[0]:
            continue
        for kind in ("all", one.kind):
            for stage in (*STAGES, "sum"):
                spent = [sum(run.values()) if stage == "sum" else run[stage] for run in runs]
                by_stage = told.setdefault(kind, {})
                by_stage.setdefault(stage, []).append(statistics.median(spent))
    return told


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--per-kind", type=int, default=26, metavar="N", help="queries a kind")
    arguments = parser.parse_args()
    try:
        source = corpus(arguments.documents)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    engine = peers.Ours(made("muniment", source, again=False)[0], source)
    engine.open()
    told = profile(engine, questions(source, arguments.per_kind))
    print(f"{'p50/p95, ms':12} " + " ".join(f"{stage:>11}" for stage in (*STAGES, "sum")))
    for kind in ("all", *get_args(QueryKind)):
        cells = (
            f"{percentile(ms, 0.5):.2f}/{percentile(ms, 0.95):.2f}" for ms in told[kind].values()
        )
        print(f"{kind:12} " + " ".join(f"{cell:>11}" for cell in cells))


if __name__ == "__main__":
    main()
