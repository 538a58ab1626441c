"""Ways out of an empty result: what to leave out, and how much is found then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

from indexer.query.ast import And, Word
from indexer.search import CHOOSABLE, Asked, ResultPage, chosen_of
from indexer.suggest.desk import Desk

What = Literal[
    "word",
    "country",
    "kind",
    "language",
    "year",
    "issuer",
    "spoken_of",
    "collection",
    "access",
    "excluded",
    "date",
    "filters",
    "either",
]

COUNTED_MAX = 16
"""How many ways are tried."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """A search near one that found nothing."""

    what: What
    """What is left out: a part of the query, the choice of one facet, what is excluded, the dates,
    or every filter;
    `either` leaves out nothing, but is content with any of the words."""
    dropped: str
    """The part of the query, as it was understood; else nothing."""
    asked: Asked
    total: int
    """How many records it finds; at least one."""


def rescues(page: ResultPage, desk: Desk) -> tuple[Rescue, ...]:
    """Return the ways out of *page*, which found nothing, the nearest first.

    First those that leave out one thing, the fewest found first: they are nearest to what was
    asked. Then those that leave out all filters, or take any of the words.
    """
    found: list[Rescue] = []
    for what, dropped, asked in list(_nearby(page.asked, desk))[:COUNTED_MAX]:
        if total := desk.total(replace(asked, page=1)):
            found.append(Rescue(what, dropped, replace(asked, page=1), total))
    most = max((one.total for one in found if one.what == "word"), default=0)
    found = [one for one in found if one.what != "either" or one.total > most]
    wide = {"filters", "either"}
    return tuple(sorted(found, key=lambda one: (one.what in wide, one.total)))


def _nearby(asked: Asked, desk: Desk) -> Iterator[tuple[What, str, Asked]]:
    query = desk.parsed(asked.query).query
    filters = list(_filters(asked))
    yield from ((what, "", without) for what, without in filters)
    if isinstance(query, And):
        for part in query.parts:
            rest = tuple(one for one in query.parts if one is not part)
            yield "word", str(part), replace(asked, query=" ".join(map(str, rest)))
        if all(isinstance(part, Word) for part in query.parts):
            either = " OR ".join(map(str, query.parts))
            yield "either", "", replace(asked, query=either)
    if asked.query and len(filters) > 1:
        yield "filters", "", Asked(query=asked.query, sort=asked.sort)


def _filters(asked: Asked) -> Iterator[tuple[What, Asked]]:
    if asked.date_from or asked.date_to:
        yield "date", replace(asked, date_from="", date_to="", possibly=False)
    for facet, values in chosen_of(asked).items():
        if values:
            yield cast("What", facet), replace(asked, **{CHOOSABLE[facet]: ()})  # type: ignore[arg-type]
    if asked.excluded:
        yield "excluded", replace(asked, excluded=())
