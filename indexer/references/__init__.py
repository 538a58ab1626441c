"""Which documents a text refers to: by number, by date, or by name, each with its passage.

`words.py` and `instruments.py` are the rules, `sentences.py` cuts the text, `finding.py` applies
the rules, `keys.py` says when two references, or a reference and a record, mean one instrument.
"""

from dataclasses import dataclass

from indexer.describe import Evidence

RULES_VERSION = 3
"""Raised with every change of the rules: a catalogue read with older ones is looked through again."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One instrument that a text refers to, at the first place where it does."""

    kind: str
    """A leaf of archive.kinds; empty where the text does not say."""
    number: str
    """In the form of indexer.numbers.canonical; empty where it is referred to without one."""
    date: str
    """EDTF, a day or a month; empty where none stands with it."""
    name: str
    """The name in instruments.py, or as written; empty where it is referred to otherwise."""
    issuer: str
    """Who issued it, as known or as written; empty where the text does not say."""
    country: str
    """A code of archive.countries; empty where nothing says whose it is."""
    written: str
    """The words of the reference, spaces collapsed."""
    evidence: Evidence
    start: int
    """The half-open range of characters of the page's text that `written` stands in."""
    end: int
    times: int
    """How often the text refers to it; at least once."""
    confidence: float
    rule: str
    """Which rule found it, as in `reference.number`."""
