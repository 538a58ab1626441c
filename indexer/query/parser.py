"""Reads what a person typed: never an error, always a tree, and a notice for what was not used.

The language: words joined by AND unless OR stands between; NOT or a minus before what must
not be there; "quotes" for exact words in this order; word* for every word that begins so;
title:, number:, country:, kind:, language:, year: before a word; parentheses.
AND binds more closely than OR.
"""

import re
from dataclasses import dataclass, field

from indexer import analysis
from indexer.query.ast import (
    FACT_FIELDS,
    TEXT_FIELDS,
    And,
    Everything,
    Fact,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    TextField,
    Word,
)

NESTING_MAX = 20
PREFIX_MIN_CHARS = 2

_QUOTES = '"“”„«»'
_PIECE = re.compile(
    rf"""
    (?P<open>\() | (?P<close>\))
    | (?P<minus>[-−](?=[^\s)]))
    | (?:(?P<field>[a-zA-Z_]+):)? (?:
        [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]?)
        | (?P<word>[^\s(){_QUOTES}]+)
      )
    | (?P<bare>[a-zA-Z_]+):(?=\s|$)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something typed that could not be used as typed."""

    at: int
    """Where it begins, in characters from 0."""
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as it was understood."""

    query: Query
    notices: tuple[Notice, ...] = ()


@dataclass(slots=True)
class _Piece:
    """A piece of the typed text: an operator's sign, or an operand."""

    at: int
    sign: str
    """One of ( ) - AND OR NOT, or empty for an operand."""
    operand: Query | None = None


@dataclass(slots=True)
class _Reading:
    """The pieces that are left to read, and what was noticed on the way."""

    pieces: list[_Piece]
    notices: list[Notice] = field(default_factory=list)
    next: int = 0

    def peek(self) -> str | None:
        """Return the sign of the next piece, None at the end."""
        return self.pieces[self.next].sign if self.next < len(self.pieces) else None


def parse(typed: str, *, max_chars: int = 2_000, max_terms: int = 64) -> Parsed:
    """Read *typed*.

    >>> str(parse("peace treaty -draft").query)
    '(peace AND treaty AND NOT draft)'
    >>> parse('sentence "never closed').notices
    (Notice(at=9, message='the quotation mark is not closed'),)
    """
    notices: list[Notice] = []
    if len(typed) > max_chars:
        notices.append(Notice(max_chars, f"only the first {max_chars} characters were read"))
        typed = typed[:max_chars]
    pieces = _pieces(typed, notices)
    operands = [piece for piece in pieces if piece.operand is not None]
    if len(operands) > max_terms:
        cut = operands[max_terms].at
        notices.append(Notice(cut, f"only the first {max_terms} words were used"))
        pieces = [piece for piece in pieces if piece.at < cut]
    reading = _Reading(pieces, notices)
    parts: list[Query] = []
    while reading.peek() is not None:
        found = _any_of(reading, 0)
        if found is not None:
            parts.append(found)
        if reading.peek() == ")":
            reading.notices.append(
                Notice(reading.pieces[reading.next].at, "this parenthesis closes nothing")
            )
            reading.next += 1
    query = _joined(And, parts) or Everything()
    if isinstance(query, Not):
        query = And((Everything(), query))
    return Parsed(query, tuple(sorted(reading.notices, key=lambda notice: notice.at)))


def _pieces(typed: str, notices: list[Notice]) -> list[_Piece]:
    pieces = []
    for found in _PIECE.finditer(typed):
        at = found.start()
        if found["open"] or found["close"] or found["minus"]:
            pieces.append(_Piece(at, "-" if found["minus"] else found[0]))
        elif found["word"] in {"AND", "OR", "NOT"} and not found["field"]:
            pieces.append(_Piece(at, found["word"]))
        elif (operand := _operand(found, notices)) is not None:
            pieces.append(_Piece(at, "", operand))
    return pieces


def _operand(found: re.Match[str], notices: list[Notice]) -> Query | None:
    at, name = found.start(), (found["field"] or "").lower()
    if found["phrase"] is not None and not found["end"]:
        notices.append(Notice(found.start("phrase") - 1, "the quotation mark is not closed"))
    text = " ".join(
        (found["phrase"] if found["phrase"] is not None else found["word"] or "").split()
    )
    if name in FACT_FIELDS and text:
        return Fact(name, text)
    if name and name not in TEXT_FIELDS:
        # "http://x" and "Re:plan" are words, not questions about a field.
        text, name = f"{found['field']}:{text}", ""
    where: TextField | None = name or None  # type: ignore[assignment]
    if found[0] == "*":
        return Everything()
    words = sum(1 for _ in analysis.tokens(text))
    if words == 0:
        notices.append(Notice(at, f"there is no word to look for in {found[0]!r}"))
        return None
    if found["phrase"] is not None:
        return Phrase(text, where)
    if text.endswith("*") and words == 1:
        bare = text.rstrip("*")
        if len(analysis.fold(bare)) >= PREFIX_MIN_CHARS:
            return Prefix(bare, where)
        notices.append(Notice(at, f"* needs at least {PREFIX_MIN_CHARS} letters before it"))
        return Word(bare, where)
    return Word(text, where)


def _any_of(reading: _Reading, depth: int) -> Query | None:
    parts = [_all_of(reading, depth)]
    while reading.peek() == "OR":
        at = reading.pieces[reading.next].at
        reading.next += 1
        parts.append(_all_of(reading, depth))
        if parts[-1] is None or parts[-2] is None:
            reading.notices.append(Notice(at, "OR needs something on both sides"))
    return _joined(Or, [part for part in parts if part is not None])


def _all_of(reading: _Reading, depth: int) -> Query | None:
    parts: list[Query] = []
    while (sign := reading.peek()) not in {None, ")", "OR"}:
        if sign == "AND":
            _skip_and(reading, begun=bool(parts))
        elif (part := _one(reading, depth)) is not None:
            parts.append(part)
    return _joined(And, parts)


def _skip_and(reading: _Reading, *, begun: bool) -> None:
    at = reading.pieces[reading.next].at
    reading.next += 1
    if not begun or reading.peek() in {None, ")", "OR", "AND"}:
        reading.notices.append(Notice(at, "AND needs something on both sides"))


def _one(reading: _Reading, depth: int) -> Query | None:
    piece = reading.pieces[reading.next]
    reading.next += 1
    if piece.operand is not None:
        return piece.operand
    if piece.sign in {"NOT", "-"}:
        return _negated(reading, piece, depth)
    return _parenthesis(reading, piece, depth)


def _negated(reading: _Reading, piece: _Piece, depth: int) -> Query | None:
    if reading.peek() in {None, ")", "OR", "AND"} or depth >= NESTING_MAX:
        reading.notices.append(Notice(piece.at, f"there is nothing after {piece.sign}"))
        return None
    part = _one(reading, depth + 1)
    if part is None:
        return None
    return part.part if isinstance(part, Not) else Not(part)


def _parenthesis(reading: _Reading, piece: _Piece, depth: int) -> Query | None:
    if depth >= NESTING_MAX:
        reading.notices.append(Notice(piece.at, f"parentheses are read {NESTING_MAX} deep"))
        return None
    inside = _any_of(reading, depth + 1)
    if reading.peek() == ")":
        reading.next += 1
    else:
        reading.notices.append(Notice(piece.at, "the parenthesis is not closed"))
    if inside is None:
        reading.notices.append(Notice(piece.at, "there is nothing in the parentheses"))
    return inside


def _joined(join: type[And] | type[Or], parts: list[Query]) -> Query | None:
    flat: list[Query] = []
    for part in parts:
        flat += part.parts if isinstance(part, join) else [part]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else join(tuple(flat))
