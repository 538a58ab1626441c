"""The other spellings of what a query names: the one place where they come into it."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
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

Spellings = Callable[[Sequence[str]], Mapping[str, tuple[str, ...]]]
"""Words as typed → the other spellings of those that have any, as documents write them, those to
be preferred first."""


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
    words = tuple(dict.fromkeys(_words(query)))
    found = spellings(words) if words else {}
    if not found:
        return query, ()
    added: list[Also] = []
    left = QUERY_VARIANTS_MAX
    for typed in words:
        if every := found.get(typed, ()):
            some = every[: min(VARIANTS_MAX, left)]
            left -= len(some)
            added.append(Also(typed, some, len(every) - len(some)))
    return _with(query, {one.typed: one.spellings for one in added}), tuple(added)


def _words(query: Query) -> Iterator[str]:
    """Yield the words that may be names, as typed."""
    match query:
        case Word(field=where):
            words = analysis.words(query.text)
            if len(words) == 1 and where != "number":
                yield words[0]
        case And(parts=parts) | Or(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _words(part)
        case Near(parts=beside):
            for one in beside:
                yield from _words(one)
        case Phrase() | Prefix() | Wildcard() | Fuzzy() | AnyOf():
            return
        case Not() | Fact() | Dated() | Everything():
            return
        case _:
            assert_never(query)


def _with(query: Query, others: Mapping[str, tuple[str, ...]]) -> Query:
    """Return *query* with other spellings of its words; what has none stays the same object."""
    match query:
        case Word():
            return _word_with(query, others)
        case And(parts=parts) | Or(parts=parts) | AtLeast(parts=parts):
            new = tuple(_with(part, others) for part in parts)
            return query if new == parts else dataclasses.replace(query, parts=new)
        case Near(parts=beside):
            near = tuple(_word_with(p, others) if isinstance(p, Word) else p for p in beside)
            return query if near == beside else Near(near, query.gaps)
        case Phrase() | Prefix() | Wildcard() | Fuzzy() | AnyOf():
            return query
        case Not() | Fact() | Dated() | Everything():
            return query
        case _:
            assert_never(query)


def _word_with(word: Word, others: Mapping[str, tuple[str, ...]]) -> Word:
    also = next((others.get(name, ()) for name in _words(word)), ())
    return dataclasses.replace(word, also=also) if also else word
