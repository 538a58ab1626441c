"""The other spellings of what a query names: the one place where they come into it."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from indexer import analysis
from indexer.query.ast import (
    And,
    AnyOf,
    AtLeast,
    Dated,
    Everything,
    Fact,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Wildcard,
    Word,
)

VARIANTS_MAX = 8
"""So many other spellings of a word are looked for."""
QUERY_VARIANTS_MAX = 32
"""So many in all of a query."""

Spellings = Callable[[str], tuple[str, ...]]
"""Word as typed → its other spellings as documents write them, those to be preferred first."""


@dataclass(frozen=True, slots=True)
class Also:
    """A word of a query with the other spellings that are looked for."""

    typed: str
    spellings: tuple[str, ...]
    left_out: int
    """How many more there are."""

    def __str__(self) -> str:
        more = f" ({self.left_out} more were left out)" if self.left_out else ""
        return (
            f"{self.typed} was also looked for as {', '.join(self.spellings)}{more}; "
            f'for this spelling alone type "{self.typed}"'
        )


def with_variants(query: Query, spellings: Spellings) -> tuple[Query, tuple[Also, ...]]:
    """Return *query* with the other spellings of its words, and what was added.

    Words in quotation marks and braces, document numbers and what is left out stay as typed.
    """
    adding = _Adding(spellings)
    return adding.to(query), tuple(adding.added)


class _Adding:
    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.added: list[Also] = []
        self.known: dict[str, tuple[str, ...]] = {}
        self.left = QUERY_VARIANTS_MAX

    def to(self, query: Query) -> Query:
        """Return *query* with the other spellings of its words; itself where there are none."""
        match query:
            case Word():
                return self._word(query)
            case And(parts=parts) | Or(parts=parts) | AtLeast(parts=parts):
                new = tuple(map(self.to, parts))
                return query if new == parts else dataclasses.replace(query, parts=new)
            case Near(parts=beside):
                near = tuple(self._word(p) if isinstance(p, Word) else p for p in beside)
                return query if near == beside else Near(near, query.gaps)
            case Phrase() | Prefix() | Wildcard() | Fuzzy() | AnyOf():
                return query
            case Not() | Fact() | Dated() | Everything():
                return query
            case _:
                assert_never(query)

    def _word(self, word: Word) -> Word:
        names = analysis.words(word.text)
        if word.field == "number" or len(names) != 1:
            return word
        also = self._of(names[0])
        return dataclasses.replace(word, also=also) if also else word

    def _of(self, typed: str) -> tuple[str, ...]:
        if typed not in self.known:
            every = self.spellings(typed)
            some = every[: min(VARIANTS_MAX, self.left)]
            self.left -= len(some)
            self.known[typed] = some
            if every:
                self.added.append(Also(typed, some, len(every) - len(some)))
        return self.known[typed]
