"""The readings of a query: *all* of its words, or *most* of them."""

import math
from typing import Literal, get_args

from indexer.query.ast import And, AtLeast, Query, Word

Reading = Literal["all", "most"]
READINGS: tuple[Reading, ...] = get_args(Reading)

MOST = (2, 3)
"""Most of the words are at least two thirds of them, by count; rarity only ranks."""


def most_of(query: Query) -> Query | None:
    """Return *query* read as most of its words; None where that is no other reading.

    Words that are joined by AND count; whatever else was asked for stays asked for.

    >>> from indexer.query.parser import parse
    >>> str(most_of(parse("how many people were displaced -draft").query))
    '(NOT draft AND at least 4 of (how many people were displaced))'
    """
    if not isinstance(query, And):
        return None
    words = tuple(part for part in query.parts if isinstance(part, Word) and part.field != "number")
    least = math.ceil(len(words) * MOST[0] / MOST[1])
    if least >= len(words):
        return None
    others = tuple(part for part in query.parts if part not in words)
    most = AtLeast(least, words)
    return And((*others, most)) if others else most
