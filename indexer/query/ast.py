"""The tree of a query. It knows no engine; every engine matches it to the end.

The text of a tree is in the query language: read again, it gives the same tree.
"""

import calendar
import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from archive import dates

TextField = Literal["title", "text", "number"]
TEXT_FIELDS: tuple[TextField, ...] = get_args(TextField)

FactField = Literal["country", "kind", "language", "year"]
FACT_FIELDS: tuple[FactField, ...] = get_args(FactField)

EXPANSION_MAX = 500


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed: found in any of its forms."""

    text: str
    field: TextField | None = None
    """Where it must stand; None is anywhere."""
    also: tuple[str, ...] = ()
    """Other spellings of it, which count less; no part of what is typed (`names.py`)."""

    def __str__(self) -> str:
        return _in(self.field, self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as typed, one after the other, in exactly these forms."""

    text: str
    field: TextField | None = None

    def __str__(self) -> str:
        return _in(self.field, f'"{self.text}"')


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    text: str
    field: TextField | None = None

    def __str__(self) -> str:
        return _in(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word of this form: `?` is one character, `*` any number of them."""

    text: str
    field: TextField | None = None
    most: int = dataclasses.field(default=EXPANSION_MAX, compare=False, repr=False)
    """How many words it may stand for, the most frequent first; no part of what is asked."""

    def __str__(self) -> str:
        return _in(self.field, self.text)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word that is spelt nearly so (`patterns.py` says how nearly)."""

    text: str
    field: TextField | None = None
    most: int = dataclasses.field(default=EXPANSION_MAX, compare=False, repr=False)
    """As of Wildcard."""

    def __str__(self) -> str:
        return _in(self.field, f"{self.text}~")


Leaf = Word | Phrase | Prefix | Wildcard | Fuzzy
"""What stands at some place of a text."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One thing under several names: whichever stands there, it counts once, the best of them."""

    parts: tuple[Leaf, ...]
    """At least two, no two alike."""

    def __str__(self) -> str:
        return f"{{{' '.join(map(str, self.parts))}}}"


@dataclass(frozen=True, slots=True)
class Near:
    """Parts that stand near one another in one field, each near the next, in either order."""

    parts: tuple[Leaf | AnyOf, ...]
    """At least two."""
    gaps: tuple[int, ...]
    """How many words at most stand between each part and the next: one fewer than parts."""

    def __str__(self) -> str:
        rest = zip(self.gaps, self.parts[1:], strict=True)
        return f"({self.parts[0]}{''.join(f' NEAR/{gap} {part}' for gap, part in rest)})"


@dataclass(frozen=True, slots=True)
class Fact:
    """Records whose description holds this value."""

    field: FactField
    value: str

    def __str__(self) -> str:
        quoted = self.value if self.value.isalnum() else f'"{self.value}"'
        return f"{self.field}:{quoted}"


@dataclass(frozen=True, slots=True)
class Dated:
    """Records whose date lies wholly within these days; without an end, however far."""

    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        return f"date:{self.span}"

    @property
    def span(self) -> str:
        """The days, in the shortest form that can be read again."""
        match self.first, self.last:
            case None, None:
                return "*"
            case date() as first, None:
                return f">={_begin(first)}"
            case None, date() as last:
                return f"<={_end(last)}"
            case date() as first, date() as last:
                return _span(first, last)
            case _:
                raise AssertionError(self)


@dataclass(frozen=True, slots=True)
class Not:
    """Every record but these."""

    part: "Query"

    def __str__(self) -> str:
        return f"NOT {self.part}"


@dataclass(frozen=True, slots=True)
class And:
    """Records that answer every part; at least two parts."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class Or:
    """Records that answer any part; at least two parts."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Records that answer so many of the parts.

    Made by `reading.readings_of`; nobody types it, and its text is for people alone.
    """

    least: int
    parts: tuple["Query", ...]

    def __str__(self) -> str:
        number = f"at least {self.least}" if self.least > 1 else "any"
        return f"{number} of ({' '.join(map(str, self.parts))})"


Query = Everything | Leaf | AnyOf | Near | Fact | Dated | Not | And | Or | AtLeast


def _in(field: TextField | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _span(first: date, last: date) -> str:
    whole_year, whole_month = dates.year(first.year), dates.month(first.year, first.month)
    if first == last:
        return first.isoformat()
    if (first, last) == (whole_year.first, whole_year.last):
        return first.isoformat()[:4]
    if (first, last) == (whole_month.first, whole_month.last):
        return first.isoformat()[:7]
    if (
        first == whole_year.first
        and first.year % 10 == 0
        and last == dates.year(first.year + 9).last
    ):
        return f"{first.isoformat()[:4]}s"
    return f"{_begin(first)}..{_end(last)}"


def _begin(first: date) -> str:
    if first.day > 1:
        return first.isoformat()
    return first.isoformat()[: 7 if first.month > 1 else 4]


def _end(last: date) -> str:
    if last.day < calendar.monthrange(last.year, last.month)[1]:
        return last.isoformat()
    return last.isoformat()[: 7 if last.month < 12 else 4]
