"""The queries of the speed benchmark: eight kinds, drawn from a corpus by a seed."""

import random
import re
from collections import Counter
from itertools import islice
from typing import get_args

from benchmarks.corpora import SEED, Corpus
from benchmarks.peers import Asked, QueryKind

SAMPLE = 5_000
"""Documents that words are counted in."""

_WORD = re.compile(r"[a-z]+")


def questions(corpus: Corpus, per_kind: int) -> list[Asked]:
    """Return *per_kind* queries of each kind, the kinds taking turns."""
    chance = random.Random(SEED)
    texts = [one.text for one in islice(corpus.documents(), SAMPLE) if one.language == "en"]
    spoken = [_WORD.findall(text.lower()) for text in texts]
    holders: Counter[str] = Counter()
    for words in spoken:
        holders.update(set(words))
    words = sorted(word for word in holders if len(word) >= 4)

    def held_by(least: float, most: float) -> list[str]:
        return [word for word in words if least <= holders[word] / len(spoken) <= most]

    rare, middling, common = held_by(0.0005, 0.002), held_by(0.005, 0.05), held_by(0.1, 0.5)

    def one(kind: QueryKind) -> Asked:
        match kind:
            case "rare":
                return Asked(kind, (chance.choice(rare),))
            case "common":
                return Asked(kind, (chance.choice(common),))
            case "or":
                return Asked(kind, tuple(chance.sample(middling + common, chance.randint(2, 4))))
            case "and":
                inside = sorted(set(chance.choice(spoken)) & set(middling + common))
                inside = inside if len(inside) > 3 else common
                return Asked(kind, tuple(chance.sample(inside, chance.randint(2, 4))))
            case "phrase":
                return Asked(kind, _phrase(chance.choice(texts), chance))
            case "prefix":
                word = chance.choice(middling + common)
                return Asked(kind, (word[: chance.randint(3, 5)],))
            case "fuzzy":
                return Asked(kind, (_misspelt(chance.choice(middling), chance),))
            case "filtered":
                first = chance.randint(1918, 1990)
                country = corpus_country(corpus, chance)
                return Asked(kind, (chance.choice(common),), country, (first, first + 35))

    return [one(kind) for _ in range(per_kind) for kind in get_args(QueryKind)]


def corpus_country(corpus: Corpus, chance: random.Random) -> str:
    """Return the country of some document: the frequent ones more often."""
    row = corpus.connection.execute(
        "SELECT country FROM documents WHERE number = ?", (chance.randint(1, corpus.count),)
    )
    return str(row.fetchone()[0])


def _phrase(text: str, chance: random.Random) -> tuple[str, ...]:
    """Return two or three plain words that follow one another in *text*."""
    found = re.findall(r"(?=\b([a-z]{3,} [a-z]{4,}(?: [a-z]{4,})?)\b)", text)
    return tuple(chance.choice(found).split()) if found else ("united", "nations")


def _misspelt(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice("aeiorst") + word[at + 1 :]
