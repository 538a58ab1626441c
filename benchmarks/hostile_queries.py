"""Random and hostile queries through the parser and both engines.

    python -m benchmarks.hostile_queries [--number N] [--seed S] [--json]

None may raise. What is written back must be read as it was; both engines must answer alike; and
every run of letters and figures that was typed must stand in the query as understood, or where
a notice says that something was left out. Exit status 1: one of that is not so.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from archive import dates
from archive.access import PUBLIC
from indexer import analysis
from indexer.engine import FACETS, Engine, IndexDocument, Mark, Question
from indexer.engine.memory import MemoryEngine
from indexer.engine.whoosh import WhooshEngine
from indexer.query.ast import EXPANSION_MAX, Dated, Fact, Not
from indexer.query.parser import Parsed, parse
from indexer.query.pieces import Scan

NUMBER = 200_000

PIECES = (
    *"abcxyzéəиşİß漢ा🙂\u0301\u200d\u202e\x00\ud7ff\t\n\r \u00a0",
    *"()[]{}\"'“”«»‘’`*?~^\\/|&!@#$%+-–—−=<>.,:;_0123456789٣²",
    "AND", "OR", "NOT", "NEAR/3", "NEAR", "NEAR/99999999999", "TO", "or", "..", "&&", "||", "--",
    "title:", "text:", "number:", "country:", "kind:", "language:", "year:", "date:", "foo:", "http://",
    "peace", "treaty", "p?ace", "tre*", "t*y", "paece~", "~2", "\"peace treaty\"", "{peace war}",
    "1993", "1993-12", "21.12.1993", "03/04/2021", "December", "декабрь", "before", "1990s", "9999",
    "A/RES/48/114", "351-IVQ", "<script>", "'; DROP TABLE records;--", "%00", "../../etc/passwd",
    "UNSCR 822", "Executive Order No. 14143", "№ 5", "No. 7", "Ley 24.430", "(EU) No 596/2014",
    "((((", "))))", "NOT NOT", "- -", "**", "???", "a" * 300,
)  # fmt: skip
_SIGNS = re.compile(
    r"(?i:(?:title|text|number|country|kind|language|year|date):)|\b(?:AND|OR|NOT|NEAR(?:/\d+)?)\b|~\d"
)
"""Letters and figures that are no words: what they do is shown by the form of the query."""
TEXTS = (
    "A peace treaty was signed in December 1993 by the war parties",
    "Nothing is said here of A/RES/48/114 or of places",
    "Azərbaycan və İstanbul, Ёлка и мир",
    "war peace place piece treaties treat",
)


@dataclass(slots=True)
class Score:
    """What came of the queries."""

    queries: int = 0
    raised: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)
    """Both engines answered, not alike; or what was written back was read otherwise."""
    lost: list[str] = field(default_factory=list)
    """A word that was typed is neither in the query as understood nor told of."""
    noticed: int = 0
    slowest_cpu_ms: float = 0.0
    slowest: str = ""


def queries(number: int, seed: int) -> Iterator[str]:
    """Yield queries, most of them a few pieces long, every hundredth a long one."""
    chance = random.Random(seed)
    for n in range(number):
        size = chance.randint(100, 900) if n % 100 == 99 else chance.randint(1, 12)
        between = chance.choice(["", " ", " "])
        yield between.join(chance.choices(PIECES, k=size))


def documents() -> Iterator[IndexDocument]:
    """Yield a tiny archive."""
    for n, text in enumerate(TEXTS, 1):
        yield IndexDocument(
            record_id=n,
            label="public",
            language=("en", "en", "az", "en")[n - 1],
            title=text[:12],
            text=text,
            aside="",
            numbers=("A/RES/48/114",) if n == 2 else (),
            facets={name: frozenset({""}) for name in FACETS},
            date=dates.day(1993, 12, n),
        )


def run(number: int, seed: int, folder: Path) -> Score:
    """Ask every query of both engines."""
    score = Score()
    engines: list[Engine] = [MemoryEngine(), WhooshEngine(folder)]
    for engine in engines:
        engine.rebuild(documents(), Mark(1, {"public": 1}))
    for typed in queries(number, seed):
        begun = time.process_time()
        try:
            _ask(typed, engines, score)
        except Exception as error:
            score.raised.append(f"{typed!r}: {error!r}")
        spent = (time.process_time() - begun) * 1000
        if spent > score.slowest_cpu_ms:
            score.slowest_cpu_ms, score.slowest = spent, typed
        score.queries += 1
    for engine in engines:
        engine.close()
    return score


def lost(typed: str, parsed: Parsed) -> list[str]:
    """Return the runs of letters and figures of *typed* that went without a word.

    Dates are in the tree as days, not as written: what was read as one is not looked for.
    """
    scan = Scan(typed, EXPANSION_MAX)
    scan.run()
    spans = [(piece.at, piece.end) for piece in scan.pieces if _is_date(piece.operand)]
    spans += [(notice.at, notice.end) for notice in parsed.notices]
    spans += [found.span() for found in _SIGNS.finditer(typed)]
    written = str(parsed.query)
    held = {token.terms[0] for token in analysis.tokens(written)}
    return [
        typed[token.start : token.end]
        for token in analysis.tokens(typed)
        if token.terms[0] not in held
        and not any(begin <= token.start < end for begin, end in spans)
    ]


def _is_date(operand: object) -> bool:
    match operand:
        case Dated() | Not(part=Dated()) | Fact(field="year"):
            return True
        case _:
            return False


def _ask(typed: str, engines: list[Engine], score: Score) -> None:
    parsed = parse(typed)
    score.noticed += bool(parsed.notices)
    if gone := lost(typed, parsed):
        score.lost.append(f"{typed!r}: {gone}, read as {parsed.query}")
    written = str(parsed.query)
    # What was cut to the limits may be longer when it is written back in full.
    if len(written) < 2_000 and parse(written).query != parsed.query:
        score.unequal.append(typed)
    answers = [engine.search(Question(parsed.query, PUBLIC)) for engine in engines]
    ids = [sorted(hit.record_id for hit in answer.hits) for answer in answers]
    if ids[0] != ids[1] or answers[0].notices != answers[1].notices:
        score.unequal.append(typed)


def main() -> int:
    """Print what came of it; 1 where a query raised, was read in two ways or lost a word."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--number", type=int, default=NUMBER)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        score = run(asked.number, asked.seed, Path(folder) / "index")
    if asked.json:
        print(json.dumps(asdict(score)))
    else:
        print(f"queries {score.queries}, with a notice {score.noticed}")
        print(f"raised {len(score.raised)}, unequal {len(score.unequal)}, lost {len(score.lost)}")
        print(f"slowest {score.slowest_cpu_ms:.0f} ms of CPU: {score.slowest[:200]!r}")
        for one in (*score.raised, *score.unequal, *score.lost)[:10]:
            print(f"  {one[:300]!r}")
    return 1 if score.raised or score.unequal or score.lost else 0


if __name__ == "__main__":
    sys.exit(main())
