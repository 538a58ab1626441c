"""Which words a `w?rd`, `wo*d` or `word~` stands for; engines must all decide as this does."""

import itertools
import re
from functools import lru_cache

from indexer import analysis
from indexer.query.ast import Fuzzy, Wildcard

SHORT_CHARS = 5
"""A word of up to so many letters may differ in one edit, a longer one in two."""

_WILD = re.compile(r"([*?])")


def allowed_edits(word: str) -> int:
    """Return how many edits a word may be away from the folded *word* of a `word~`."""
    return 1 if len(word) <= SHORT_CHARS else 2


def edits(one: str, other: str) -> int:
    """Return how many letters must be put in, left out, changed or exchanged with the next.

    The Damerau-Levenshtein distance in full: letters may be put between exchanged ones.

    >>> edits("treaty", "treaty"), edits("treaty", "traety"), edits("ca", "abc")
    (0, 1, 2)
    """
    far = len(one) + len(other)
    last_row: dict[str, int] = {}
    table = [[far] * (len(other) + 2) for _ in range(len(one) + 2)]
    for n in range(len(one) + 1):
        table[n + 1][1] = n
    for n in range(len(other) + 1):
        table[1][n + 1] = n
    for row, letter in enumerate(one, 1):
        column_before = 0
        for column, there in enumerate(other, 1):
            row_before, exchanged_with = last_row.get(there, 0), column_before
            if letter == there:
                column_before = column
            table[row + 1][column + 1] = min(
                table[row][column] + (letter != there),
                table[row + 1][column] + 1,
                table[row][column + 1] + 1,
                table[row_before][exchanged_with]
                + (row - row_before - 1)
                + 1
                + (column - exchanged_with - 1),
            )
        last_row[letter] = row
    return table[-1][-1]


def pieces(text: str) -> list[str]:
    """Return the folded letters of a wildcard, parted by its `*` and `?`.

    A word that mixes two alphabets is read in the one that all of its letters fit.

    >>> pieces("Wo*D?")
    ['wo', '*', 'd', '?']
    """
    parts = [part if part in "*?" else analysis.fold(part) for part in _WILD.split(text) if part]
    letters = "".join(part for part in parts if part not in {"*", "?"})
    whole = analysis.fold(_WILD.sub("", text))
    if whole != letters and len(whole) == len(letters):
        left = iter(whole)
        parts = [p if p in {"*", "?"} else "".join(itertools.islice(left, len(p))) for p in parts]
    return [part for part in parts if part]


@lru_cache(maxsize=1 << 10)
def expression(text: str) -> re.Pattern[str]:
    """Return the regular expression that a wildcard is."""
    head, *rest = "".join(
        {"*": "*", "?": "."}.get(piece) or re.escape(piece) for piece in pieces(text)
    ).split("*")
    if not rest:
        return re.compile(head, re.DOTALL)
    # What stands between two stars is taken where it first fits and not tried again: linear.
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{head}{middle}.*{rest[-1]}", re.DOTALL)


def distance(pattern: Wildcard | Fuzzy, term: str) -> int | None:
    """Return how far the indexed *term* is from *pattern*, None where it does not match.

    Every match of a wildcard is at distance 0.
    """
    if isinstance(pattern, Wildcard):
        return 0 if expression(pattern.text).fullmatch(term) else None
    word = analysis.fold(pattern.text)
    allowed = allowed_edits(word)
    if abs(len(word) - len(term)) > allowed:
        return None
    # Each letter that the other lacks is an edit of its own.
    if max(len(set(word) - set(term)), len(set(term) - set(word))) > allowed:
        return None
    found = _few_edits(word, term, allowed)
    return found if found <= allowed else None


def _few_edits(one: str, other: str, most: int) -> int:
    """Return `edits` where they are at most *most*, and otherwise any greater number.

    With at most two edits letters that are exchanged have at most one letter between them.
    """
    if not most:
        return int(one != other)
    if abs(len(one) - len(other)) > most:
        return most + 1
    same = 0
    for letter, there in zip(one, other, strict=False):
        if letter != there:
            break
        same += 1
    one, other = one[same:], other[same:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not (one and other):
        return len(one) + len(other)
    found = 1 + min(
        _few_edits(one[1:], other[1:], most - 1),
        _few_edits(one[1:], other, most - 1),
        _few_edits(one, other[1:], most - 1),
    )
    if one[:2] == other[1::-1]:
        found = min(found, 1 + _few_edits(one[2:], other[2:], most - 1))
    if most > 1 and one[:2] == other[2::-2]:
        found = min(found, 2 + _few_edits(one[2:], other[3:], most - 2))
    if most > 1 and one[2::-2] == other[:2]:
        found = min(found, 2 + _few_edits(one[3:], other[2:], most - 2))
    return found


def closeness(distance: int) -> float:
    """Return what a match at this distance counts of a match in full.

    >>> closeness(0), closeness(1)
    (1.0, 0.5)
    """
    return 1 / (1 + distance)
