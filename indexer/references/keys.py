"""When two references mean one instrument, and which record is it.

A record is *known as* a few keys: its number, its name, the constitution of its country. A
reference by number or name asks for one of them; one by date alone has none, and is found by
country, kind and day.
"""

import re
from collections.abc import Iterable
from typing import Literal

from archive.kinds import KINDS
from indexer.describe.sheet import letters_of
from indexer.numbers import canonical
from indexer.references import Reference
from indexer.references.instruments import INSTRUMENTS, named_by_title

Scope = Literal["world", "country", "day"]
"""Within what a number or name is borne once: everywhere; within its country and kind; or only
together with its day, as where a body counts anew each year."""

_WORLD = re.compile(r"^(?:[AES]|A/HRC)/RES/|^(?:CCPR|CEDAW|CERD|CAT|CRC|CRPD|CMW|CED|HRI|SPT|ST|TD|DP|ECE|E|A|S)/.*\d|^PL/|^SI/|^BWBR")  # fmt: skip
_COUNTRY = re.compile(r"(?:^|/)(?:1[89]|20)\d\d(?:/|$)|^\d{1,5}/[IVX]+|^\d{4,}$")
_TITLE_LETTERS_MIN = 12


def scope_of(reference: Reference) -> Scope:
    """Return within what the number or name of *reference* is borne once."""
    if _name_of(reference):
        return "world"
    if _WORLD.match(reference.number):
        return "world"
    return "country" if _COUNTRY.search(reference.number) else "day"


def asked_of(reference: Reference) -> str:
    """Return the key that a record must be known as; empty where the date alone is known."""
    if name := _name_of(reference):
        return f"name:{letters_of(name)}"
    return f"number:{reference.number}" if reference.number else ""


def _name_of(reference: Reference) -> str:
    """Return the name, also of what is referred to by the number that a named one bears."""
    return reference.name or _NAMED.get(reference.number, "")


_NAMED = {row.number: row.name for row in INSTRUMENTS if row.number}


def key_of(reference: Reference) -> str:
    """Return what is equal for two references to one instrument, whatever their writing."""
    parent = parent_of(reference.kind)
    scope = scope_of(reference)
    asked = asked_of(reference)
    if asked and scope == "world":
        return asked
    if asked and scope == "country":
        return f"{asked}|{reference.country}|{parent}"
    return f"{asked}|{reference.country}|{parent}|{reference.date}"


def parent_of(kind: str) -> str:
    """Return the parent of a leaf; empty for one that is not known."""
    return KINDS[kind].parent if kind in KINDS else ""


def known_as(*, title: str, kind: str, country: str, numbers: Iterable[str] = ()) -> frozenset[str]:
    """Return the keys of a record: every reference that asks for one of them may mean it."""
    keys = {f"number:{said}" for number in numbers if (said := canonical(number))}
    letters = letters_of(title)
    if len(letters) >= _TITLE_LETTERS_MIN:
        keys.add(f"name:{letters}")
    named = named_by_title(title)
    for row in INSTRUMENTS:
        if row is named or (row.number and f"number:{row.number}" in keys):
            keys.add(f"name:{letters_of(row.name)}")
    if kind == "constitution" and country:
        keys.add(f"name:{letters_of(constitution_of(country))}")
    return frozenset(keys)


def constitution_of(country: str) -> str:
    """Return the name under which the constitution of a country goes in references."""
    return f"Constitution ({country})"
