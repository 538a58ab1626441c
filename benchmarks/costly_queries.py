"""The slowest queries that the limits allow: is one of them slow?

    python -m benchmarks.costly_queries [--documents N] [--most-ms MS] [--json]

Each query is built to cost as much as it can: as many words as are read, the commonest of the
corpus, in OR, AND and phrases; prefixes of two letters, wildcards and fuzzy words of which each
is compared with every word; NEAR over the widest reach; braces; parentheses as deep as they are
read. Each is answered as a page of results: read, looked for in both readings, counted by every
facet, its passages found. Processor time of the second of two runs, and of the first, which has
to find what wildcards stand for. Exit status 1: one took more than --most-ms (1000).
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from archive.access import PUBLIC
from archive.catalogue.records import PageText
from archive.config import SearchSettings
from benchmarks.corpora import SEED, Corpus, DataMissing, corpus
from benchmarks.speed import made
from indexer import snippets
from indexer.engine import Engine, Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import NEARS_MAX, NESTING_MAX, parse
from indexer.query.pieces import NEAR_MAX, PATTERNS_MAX
from indexer.search import read_as

MOST_MS = 1000.0
SAMPLE = 2_000
"""Documents that words are counted in."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query took."""

    name: str
    first_ms: float
    again_ms: float
    total: int
    noticed: int
    typed: str


def common_words(source: Corpus) -> list[str]:
    """Return the words of the corpus, those of most documents first."""
    holders: Counter[str] = Counter()
    for one in islice(source.documents(), SAMPLE):
        holders.update(set(_WORD.findall(one.text.lower())))
    return [word for word, _ in sorted(holders.items(), key=lambda item: (-item[1], item[0]))]


def costly(words: Sequence[str], seed: int, settings: SearchSettings) -> dict[str, str]:
    """Return queries by name; *words* are those of the corpus, the commonest first."""
    chance = random.Random(seed)
    most = settings.query_max_terms
    top = list(words[:most])
    long = [word for word in words[:5_000] if len(word) >= 9]
    heads = list(dict.fromkeys(word[:2] for word in words[:2_000] if len(word) > 3))[:most]
    near = f" NEAR/{NEAR_MAX} "
    pairs = [f'"{chance.choice(top[:12])} {chance.choice(top[:12])}"' for _ in range(most)]
    half = list(words[: most // 2]), list(words[most // 2 : most])
    wide = [f"{head}*" for head in heads[:2]]
    fuzzy = [f"{word}~" for word in long[:PATTERNS_MAX]]
    wild = [f"{head}?*" for head in heads[:PATTERNS_MAX]]
    form = [f"{word[0]}{'?' * 5}" for word in long[:PATTERNS_MAX]]
    deep = " OR ".join(top[:3])
    for n in range(NESTING_MAX - 1):
        deep = (
            f"({top[n % most]} {'OR' if n % 2 else 'AND'} NOT ({deep}))" if n % 3 else f"({deep})"
        )
    return {
        "all the commonest words": " ".join(top),
        "any of the commonest words": " OR ".join(top),
        "none of the commonest words": " ".join(f"-{word}" for word in top),
        "common words but one that is nowhere": " ".join((*top[: most - 1], "qqqqqqq")),
        "phrases of two common words, any": " OR ".join(pairs),
        "phrases of two common words, all": " ".join(pairs),
        "one phrase as long as may be": f'"{" ".join(chance.choices(top[:6], k=600))}"',
        "one common word again and again": f'"{" ".join(top[:1] * 600)}"',
        "prefixes of two letters, any": " OR ".join(f"{head}*" for head in heads),
        "prefixes of two letters, all": " ".join(f"{head}*" for head in heads),
        "fuzzy long words, any": " OR ".join((*fuzzy, *top[: most - len(fuzzy)])),
        "wildcards, any": " OR ".join((*wild, *top[: most - len(wild)])),
        "wildcards of one letter, any": " OR ".join((*form, *top[: most - len(form)])),
        "common words near one another": near.join(top[: NEARS_MAX + 1]),
        "prefixes near one another": near.join(wide),
        "wildcards near one another": near.join(wild[:2]),
        "fuzzy words near one another": near.join(fuzzy[:2]),
        "wildcards near common words": near.join((*wild[:2], *top[: NEARS_MAX - 1])),
        "braces near braces": near.join(f"{{{' '.join(part)}}}" for part in half),
        "braces of prefixes": f"{{{' '.join(f'{head}*' for head in heads)}}}",
        "braces of phrases near a word": f"{{{' '.join(pairs[: most - 1])}}}{near}{top[0]}",
        "NEAR in braces in NEAR": near.join(
            f"{{{' '.join(top[n :: NEARS_MAX + 1])}}}" for n in range(NEARS_MAX + 1)
        ),
        "parentheses as deep as may be": deep,
        "several deep parentheses": " OR ".join([deep] * 4),
        "numbers and dates": " OR ".join(f"law No. {n} date:19{n}" for n in range(20, 50)),
        "everything but everything": "NOT (NOT *) OR * OR NOT country:ZZ",
    }


def page(engine: Engine, source: Corpus, typed: str, settings: SearchSettings) -> tuple[int, int]:
    """Answer as the search page does and return how many are found and how much was noticed."""
    parsed = parse(
        typed,
        max_chars=settings.query_max_chars,
        max_terms=settings.query_max_terms,
        expansion_max=settings.expansion_max,
    )
    chosen = read_as(parsed.query, "", PUBLIC, engine, settings)
    found = engine.search(Question(chosen.query, PUBLIC, limit=settings.page_size))
    what = snippets.wanted(chosen.query, frozenset(found.facets["language"]))
    shown = source.shown(hit.record_id for hit in found.hits)
    for title, text, language in shown.values():
        snippets.passages(
            [PageText(1, text, "")], what, language=language, paged=False, title=title
        )
    return found.total, len(parsed.notices) + len(found.notices)


def measure(engine: Engine, source: Corpus, queries: dict[str, str]) -> list[Cost]:
    """Ask each twice; the dearest first."""
    settings = SearchSettings()
    costs = []
    for name, typed in queries.items():
        ms = []
        for _ in range(2):
            began = time.process_time()
            total, noticed = page(engine, source, typed, settings)
            ms.append(round((time.process_time() - began) * 1000, 1))
        costs.append(Cost(name, *ms, total, noticed, typed))
        print(f"{max(ms):9.1f} ms  {name}", file=sys.stderr, flush=True)
    return sorted(costs, key=lambda cost: -max(cost.first_ms, cost.again_ms))


def main() -> int:
    """Print what each took; 1 where one took too long."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=100_000, metavar="N")
    parser.add_argument("--most-ms", type=float, default=MOST_MS, metavar="MS")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        source = corpus(asked.documents)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    folder, _ = made("muniment", source, again=False)
    engine = WhooshEngine(folder)
    costs = measure(engine, source, costly(common_words(source), asked.seed, SearchSettings()))
    engine.close()
    slow = [cost for cost in costs if max(cost.first_ms, cost.again_ms) > asked.most_ms]
    if asked.json:
        print(json.dumps([asdict(cost) for cost in costs]))
    else:
        print(f"{source.count} documents; ms of processor time, first and again; found; notices")
        for cost in costs:
            print(
                f"{cost.first_ms:9.1f} {cost.again_ms:9.1f} {cost.total:8} {cost.noticed:3}  "
                f"{cost.name}: {cost.typed[:60]}"
            )
        print(f"{len(slow)} of {len(costs)} over {asked.most_ms:.0f} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
