"""Reads what a person typed: never an error, always a tree, and a notice for what was not used.

The language: docs/query-language.md. NEAR binds most closely, then NOT and the minus, then
AND, which also stands between words without a sign, then OR.
"""

import re
from dataclasses import dataclass

from indexer.query.ast import (
    EXPANSION_MAX,
    And,
    AnyOf,
    Everything,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Wildcard,
    Word,
)
from indexer.query.pieces import OPERATORS, Notice, Offer, Piece, Scan, offers

__all__ = ["Notice", "Offer", "Parsed", "parse"]

NESTING_MAX = 20
NEARS_MAX = 8
"""How many NEAR a query may have."""
NEAR_WIDE_MAX = 2
"""How many `word*`, `w?rd` or `word~` may stand in NEAR: each brings the places of many words."""

NEAR_WORDS_MAX = 12
"""How many words and phrases may stand in NEAR, those in braces counted one by one."""

_WORDS = re.compile("[a-zA-Z]+(?: [a-zA-Z]+)*")
_ALONE = re.compile(
    r'(?P<begun>[a-zA-Z]{2,})\*|(?P<near>[a-zA-Z]{3,})~|"(?P<said>[a-zA-Z]+(?: [a-zA-Z]+)*)"'
)
_UNITS = {"word", "(", "{"}
_BOTH_SIDES = "NEAR needs a word or a phrase on both sides"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as it was understood."""

    query: Query
    notices: tuple[Notice, ...] = ()
    offers: tuple[Offer, ...] = ()
    """Filters that words might have meant."""


@dataclass(slots=True)
class _Reading:
    """The pieces that are left to read, and what was noticed on the way."""

    pieces: list[Piece]
    notices: list[Notice]
    cut: bool
    """Whether what follows was left out, so that what is open cannot be closed."""
    next: int = 0
    nears: int = 0
    wide: int = 0
    near_words: int = 0

    def peek(self) -> str | None:
        """Return the sign of the next piece, None at the end."""
        return self.pieces[self.next].sign if self.next < len(self.pieces) else None

    def take(self) -> Piece:
        """Return the next piece and go on."""
        self.next += 1
        return self.pieces[self.next - 1]

    def say(self, at: int, message: str, end: int = 0) -> None:
        """Note what was not used; *end* is where that ends which was left out."""
        self.notices.append(Notice(at, message, end))


def parse(
    typed: str,
    *,
    max_chars: int = 2_000,
    max_terms: int = 64,
    expansion_max: int = EXPANSION_MAX,
) -> Parsed:
    """Read *typed*.

    >>> str(parse("peace treaty -draft").query)
    '(peace AND treaty AND NOT draft)'
    >>> parse('sentence "never closed').notices
    (Notice(at=9, message='the quotation mark is not closed'),)
    """
    if len(typed) <= max_chars and _WORDS.fullmatch(typed):
        # Most queries are words without figures or signs: there is little to understand.
        groups = [group.split(" ") for group in typed.split(" OR ")]
        if sum(map(len, groups)) <= max_terms and all(map(OPERATORS.isdisjoint, groups)):
            each = [_joined(And, list(map(Word, words))) for words in groups]
            return Parsed(_joined(Or, [one for one in each if one]) or Everything())
    if len(typed) <= max_chars and max_terms and (one := _ALONE.fullmatch(typed)):
        return Parsed(_alone(one, expansion_max))
    return _read(typed, max_chars, max_terms, expansion_max)


def _alone(one: re.Match[str], expansion_max: int) -> Query:
    """Return a query of one operand, which needs no scanner either."""
    match one.lastgroup:
        case "begun":
            return Prefix(one["begun"])
        case "near":
            return Fuzzy(one["near"], None, expansion_max)
        case _:
            return Phrase(one["said"])


def _read(typed: str, max_chars: int, max_terms: int, expansion_max: int) -> Parsed:
    notices: list[Notice] = []
    cut = len(typed) > max_chars
    if cut:
        end = max_chars
        while end > 0 and not typed[end].isspace() and not typed[end - 1].isspace():
            end -= 1
        end = end or max_chars
        notices.append(Notice(end, f"only the first {max_chars} characters were read", len(typed)))
        typed = typed[:end]
    scan = Scan(typed, expansion_max, notices=notices)
    scan.run()
    pieces = scan.pieces
    limit = _beyond(pieces, max_terms)
    if limit is not None:
        cut = True
        notices.append(Notice(limit, f"only the first {max_terms} words were used", len(typed)))
        pieces = [piece for piece in pieces if piece.at < limit]
    query = _tree(_Reading(pieces, notices, cut))
    return Parsed(
        query,
        tuple(sorted(dict.fromkeys(notices), key=lambda notice: notice.at)),
        tuple(offers(pieces, typed)),
    )


def _beyond(pieces: list[Piece], max_terms: int) -> int | None:
    """Return where the first operand stands that is one too many; None where all may stay."""
    words = 0
    for piece in pieces:
        if piece.operand is not None:
            words += _words_in(piece.operand)
            if words > max_terms:
                return piece.at
    return None


def _words_in(part: Query) -> int:
    """Return how many words are looked for; a number written in words is looked for besides."""
    return sum(map(_words_in, part.parts)) if isinstance(part, And | Or) else 1


def _tree(reading: _Reading) -> Query:
    parts: list[Query] = []
    while (sign := reading.peek()) is not None:
        found = _any_of(reading, 0)
        if found is not None:
            parts.append(found)
        if (sign := reading.peek()) in {")", "}"}:
            at = reading.take().at
            if sign == ")":
                reading.say(at, "this parenthesis closes nothing")
            else:
                reading.say(at, "this brace closes nothing")
    query = _joined(And, parts) or Everything()
    return And((Everything(), query)) if isinstance(query, Not) else query


def _any_of(reading: _Reading, depth: int) -> Query | None:
    parts = [_all_of(reading, depth)]
    while reading.peek() == "OR":
        at = reading.take().at
        parts.append(_all_of(reading, depth))
        if parts[-1] is None or parts[-2] is None:
            reading.say(at, "OR needs something on both sides")
    return _joined(Or, [part for part in parts if part is not None])


def _all_of(reading: _Reading, depth: int) -> Query | None:
    parts: list[Query] = []
    begun = False
    while (sign := reading.peek()) not in {None, ")", "}", "OR"}:
        if sign == "AND":
            at = reading.take().at
            if not begun or reading.peek() in {None, ")", "}", "OR", "AND"}:
                reading.say(at, "AND needs something on both sides")
        elif (part := _one(reading, depth)) is not None:
            parts.append(part)
        begun = True
    return _joined(And, parts)


def _one(reading: _Reading, depth: int) -> Query | None:
    """Read one part with every NOT before it."""
    negated = False
    before: Piece | None = None
    while reading.peek() in {"NOT", "-"}:
        before = reading.take()
        negated = not negated
    if before is not None and reading.peek() in {None, ")", "}", "OR", "AND"}:
        reading.say(before.at, f"there is nothing after {before.sign}")
        return None
    part = _chain(reading, depth)
    if part is None or not negated:
        return part
    return part.part if isinstance(part, Not) else Not(part)


def _chain(reading: _Reading, depth: int) -> Query | None:
    """Read a part, and those that are joined to it by NEAR."""
    while reading.peek() == "NEAR":
        reading.say(reading.take().at, _BOTH_SIDES)
    if reading.peek() not in _UNITS:
        return None
    last = _unit(reading, depth)
    parts = [last] if last is not None else []
    while reading.peek() == "NEAR":
        piece = reading.take()
        if reading.peek() not in _UNITS:
            reading.say(piece.at, _BOTH_SIDES)
            continue
        reading.nears += 1
        before, last = last, _unit(reading, depth)
        near = _near(before, piece.gap, last) if before is not None and last is not None else None
        if before is None or last is None:
            reading.say(piece.at, _BOTH_SIDES)
        elif reading.nears > NEARS_MAX:
            reading.say(piece.at, f"only {NEARS_MAX} NEAR are used; this one was read as AND")
        elif (wide := _wide(before) * (not isinstance(before, Near)) + _wide(last)) and (
            reading.wide + wide > NEAR_WIDE_MAX
        ):
            reading.say(
                piece.at,
                f"only {NEAR_WIDE_MAX} words with *, ? or ~ stand in NEAR; it was read as AND",
            )
        elif (words := _names_in(before) * (not isinstance(before, Near)) + _names_in(last)) and (
            reading.near_words + words > NEAR_WORDS_MAX
        ):
            reading.say(
                piece.at,
                f"only {NEAR_WORDS_MAX} words and phrases stand in NEAR; it was read as AND",
            )
        elif near is None:
            reading.say(
                piece.at, "NEAR stands between words and phrases of one field; it was read as AND"
            )
        else:
            parts[-1] = last = near
            reading.wide += wide
            reading.near_words += words
            continue
        if last is not None:
            parts.append(last)
    return _joined(And, parts)


def _wide(part: Query) -> int:
    """Return how many signs for several words a part of NEAR has."""
    match part:
        case Prefix() | Wildcard() | Fuzzy():
            return 1
        case AnyOf(parts=parts) | Or(parts=parts) | Near(parts=parts):
            return sum(map(_wide, parts))
        case _:
            return 0


def _names_in(part: Query) -> int:
    """Return how many words and phrases a part of NEAR is."""
    match part:
        case AnyOf(parts=parts) | Or(parts=parts) | Near(parts=parts):
            return sum(map(_names_in, parts))
        case _:
            return 1


def _near(one: Query, gap: int, other: Query) -> Near | None:
    """Join two parts, or longer chains of them; None where they cannot stand near."""
    left, right = _beside(one), _beside(other)
    if left is None or right is None:
        return None
    parts = (*left[0], *right[0])
    fields = {field for part in parts for field in _fields(part)} - {None}
    if len(fields) > 1 or "number" in fields:
        return None
    return Near(parts, (*left[1], gap, *right[1]))


def _fields(part: Leaf | AnyOf) -> set[str | None]:
    return {one.field for one in part.parts} if isinstance(part, AnyOf) else {part.field}


def _beside(part: Query) -> tuple[tuple[Leaf | AnyOf, ...], tuple[int, ...]] | None:
    """Return the parts and gaps that *part* brings into a NEAR, None where it cannot."""
    match part:
        case Near(parts=parts, gaps=gaps):
            return parts, gaps
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() | AnyOf():
            return (part,), ()
        case Or(parts=others):
            names: dict[Leaf, None] = {}
            for one in others:
                if not isinstance(one, Leaf | AnyOf):
                    return None
                names |= dict.fromkeys(one.parts if isinstance(one, AnyOf) else (one,))
            return ((AnyOf(tuple(names)) if len(names) > 1 else next(iter(names)),), ())
        case _:
            return None


def _unit(reading: _Reading, depth: int) -> Query | None:
    piece = reading.take()
    match piece.sign:
        case "(":
            return _parenthesis(reading, piece, depth)
        case "{":
            return _names(reading, piece)
        case _:
            return piece.operand


def _parenthesis(reading: _Reading, piece: Piece, depth: int) -> Query | None:
    if depth >= NESTING_MAX:
        _skip_group(reading)
        reading.say(
            piece.at,
            f"parentheses are read {NESTING_MAX} deep; what is deeper was not used",
            reading.pieces[reading.next - 1].end,
        )
        return None
    inside = _any_of(reading, depth + 1)
    while reading.peek() == "}":
        reading.say(reading.take().at, "this brace closes nothing")
        more = _any_of(reading, depth + 1)
        inside = _joined(And, [part for part in (inside, more) if part is not None])
    if reading.peek() == ")":
        reading.next += 1
    elif not reading.cut:
        reading.say(piece.at, "the parenthesis is not closed")
    if inside is None:
        reading.say(piece.at, "there is nothing in the parentheses")
    return inside


def _skip_group(reading: _Reading) -> None:
    """Go on behind the parenthesis that closes the one just taken."""
    depth = 1
    while depth and reading.peek() is not None:
        depth += {"(": 1, ")": -1}.get(reading.take().sign, 0)


def _names(reading: _Reading, piece: Piece) -> Query | None:
    """Read the names of one thing up to the closing brace."""
    names: list[Leaf] = []
    while (sign := reading.peek()) not in {None, "}", ")"}:
        one = reading.take()
        if isinstance(one.operand, Leaf):
            names.append(one.operand)
        elif sign in {"-", "NOT"} and reading.peek() == "word":
            reading.say(
                one.at,
                "what is negated was not used: only words and phrases in braces",
                reading.take().end,
            )
        elif one.sign != "OR" and (sign != "word" or one.operand is not None):
            reading.say(
                one.at, "only words and phrases stand in braces; this was not used", one.end
            )
    if reading.peek() == "}":
        reading.next += 1
    elif not reading.cut:
        reading.say(piece.at, "the brace is not closed")
    names = list(dict.fromkeys(names))
    if not names:
        reading.say(piece.at, "there is nothing in the braces")
        return None
    return names[0] if len(names) == 1 else AnyOf(tuple(names))


def _joined(join: type[And] | type[Or], parts: list[Query]) -> Query | None:
    flat: list[Query] = []
    for part in parts:
        flat += part.parts if isinstance(part, join) else [part]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else join(tuple(flat))
