"""What a document is: each value with its evidence, its confidence and the rule that read it."""

from dataclasses import dataclass
from typing import Literal, get_args

Field = Literal[
    "title",
    "date",
    "country",
    "kind",
    "number",
    "issuer",
    "language",
    "author",
    "publication",
    "source_url",
]
FIELDS: tuple[Field, ...] = get_args(Field)

ASSERTED = 0.5
"""At this confidence and above a value is shown without a question mark; below, it is offered."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage a value was read from."""

    passage: str
    """As it stands in the document, at most 200 characters; or `name: value` of a metadatum."""
    page: int | None
    """The page it stands on, from 1; None where it is metadata or outside the pages."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One value read for one field."""

    field: Field
    value: str
    """In catalogue form: EDTF for a date, a leaf of the kinds, a country code, a BCP 47
    language tag, the canonical form of a number; otherwise as written, spaces collapsed."""
    written: str
    """As written in the document."""
    confidence: float
    """0 to 1: how often such a reading is right, by the measurements in docs/."""
    evidence: Evidence
    rule: str
    """Which rule read it, as in `date.heading` or `metadata.dc.title`."""
    which: str = ""
    """For a date: adopted, published or in_force. Otherwise empty."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A country that a text names."""

    code: str
    written: str
    """As it stands where it is named first."""
    times: int
    page: int
    """The number of the page where it is named first."""


@dataclass(frozen=True, slots=True)
class Description:
    """Every finding, best first within its field."""

    findings: tuple[Finding, ...]
    spoken_of: tuple[Spoken, ...] = ()
    """The countries that the text names, the one named most first."""

    def best(self, field: Field) -> Finding | None:
        """Return the best finding for *field*, asserted or not; None where there is none."""
        return next((finding for finding in self.findings if finding.field == field), None)

    def asserted(self, field: Field) -> Finding | None:
        """Return the best finding for *field* if it is sure enough to be shown as a fact."""
        finding = self.best(field)
        return finding if finding is not None and finding.confidence >= ASSERTED else None
