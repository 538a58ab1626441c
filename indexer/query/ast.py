"""The tree of a query. It knows no engine; every engine matches it to the end."""

from dataclasses import dataclass
from typing import Literal, get_args

TextField = Literal["title", "number"]
TEXT_FIELDS: tuple[TextField, ...] = get_args(TextField)

FactField = Literal["country", "kind", "language", "year"]
FACT_FIELDS: tuple[FactField, ...] = get_args(FactField)


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
class Fact:
    """Records whose description holds this value."""

    field: FactField
    value: str

    def __str__(self) -> str:
        quoted = self.value if self.value.isalnum() else f'"{self.value}"'
        return f"{self.field}:{quoted}"


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


Query = Everything | Word | Phrase | Prefix | Fact | Not | And | Or


def _in(field: TextField | None, text: str) -> str:
    return f"{field}:{text}" if field else text
