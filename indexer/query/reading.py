"""The readings of a query: *all* of its words, *most* of them, *any* of them."""

import math
from typing import Literal, get_args

from indexer.query.ast import And, AtLeast, Query, Word
from indexer.query.function_words import tells

Reading = Literal["all", "most", "any"]
READINGS: tuple[Reading, ...] = get_args(Reading)
"""From the strictest to the widest."""

MOST = (2, 3)
"""Most of the words are at least two thirds of them, by count; rarity only ranks."""

SHORT = 3
"""So few words are meant together: any of them will do only where nothing holds most."""


def readings_of(query: Query) -> dict[Reading, Query]:
    """Return *query* in each of its readings, the strictest first; one that is no other is left out.

    Words that are joined by AND count; whatever else was asked for stays asked for. Words that
    name nothing (`function_words.py`) are looked for in `all` alone, unless there are no others.

    >>> from indexer.query.parser import parse
    >>> typed = "what happened to the displaced families of Lachin -draft"
    >>> for reading, read in readings_of(parse(typed).query).items():
    ...     print(reading, read)
    all (what AND happened AND to AND the AND displaced AND families AND of AND Lachin AND NOT draft)
    most (NOT draft AND at least 3 of (happened displaced families Lachin))
    any (NOT draft AND any of (happened displaced families Lachin))
    """
    found: dict[Reading, Query] = {"all": query}
    words = _counted(query)
    if words:
        least: dict[Reading, int] = {"most": math.ceil(len(words) * MOST[0] / MOST[1]), "any": 1}
        for reading, number in least.items():
            read = _holding(query, words, number)
            if read not in found.values():
                found[reading] = read
    return found


def is_short(query: Query) -> bool:
    """Whether the words of *query* are so few that they are meant together."""
    return len(_counted(query)) <= SHORT


def _counted(query: Query) -> tuple[Word, ...]:
    """Return the words of which most or any will do."""
    words = _words(query)
    return tuple(word for word in words if word.field or tells(word.text)) or words


def _words(query: Query) -> tuple[Word, ...]:
    parts = query.parts if isinstance(query, And) else ()
    words = (part for part in parts if isinstance(part, Word) and part.field != "number")
    return tuple(dict.fromkeys(words))


def _holding(query: Query, words: tuple[Word, ...], least: int) -> Query:
    """Return *query* with at least so many of *words* in the place of all its words."""
    assert isinstance(query, And)
    others = tuple(part for part in query.parts if part not in _words(query))
    parts = (*others, *words) if least == len(words) else (*others, AtLeast(least, words))
    return parts[0] if len(parts) == 1 else And(parts)
