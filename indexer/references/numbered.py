"""What the form of a number alone says: whose it is and of which kind."""

import re
from dataclasses import dataclass

from indexer.numbers import Found


@dataclass(frozen=True, slots=True)
class Shape:
    """What the form of a number says."""

    kind: str = ""
    """Empty where it leaves that open."""
    country: str = ""
    sure: bool = False
    """Whether it is the number of a document whatever stands beside it."""


_ROWS: tuple[tuple[str, str, str], ...] = (
    (r"[AES]/RES/|A/HRC/RES/", "resolution", "UN"),
    (r"(?:CCPR|CEDAW|CERD|CAT|CRC|CRPD|CMW|CED|HRI|ECE|E|A|S)/.*\d", "", "UN"),
    (r"PL/", "law", "US"),
    (r"SI/", "regulation", "GB"),
    (r"[HS][A-Z]*RES/", "resolution", "US"),
    (r"BWBR\d", "", "NL"),
    (r"\d+/[IVX]+(?:Q|QD|QC|KQ|QDK|QK)D?$", "law", "AZ"),
    (r"\d+/[IVX]+(?:FR)D?$", "decree", "AZ"),
    (r"\d+/[IVX]+(?:SR|S)D?$", "presidential_order", "AZ"),
    (r"\d+/(?:ФЗ|ФКЗ)$", "law", "RU"),
    (r"\d+/(?:ЗРК)$", "law", "KZ"),
    (r"\d+/(?:ЗРУ)$", "law", "UZ"),
    (r"\d+/(?:ВР)$", "", "UA"),
)
_SHAPES = tuple((re.compile(pattern), Shape(kind, country, True)) for pattern, kind, country in _ROWS)  # fmt: skip
_UNION = re.compile(r"\((?:EU|EC|EEC|Euratom|UE|CE|CEE|EG|EWG)\)|/(?:EC|CE|EG|EEC|CEE|EWG|EU|UE|JHA|JAI|CFSP|PESC)$|^3\d{4}[RLD]\d{4}$", re.IGNORECASE)  # fmt: skip
_CELEX_KIND = {"R": "regulation", "L": "regulation", "D": "decision"}
# Places of publication and files of an archive are no instruments; nor is a version of a paper.
_NONE = re.compile(r"^BGBL|^\d{4}/\d{1,2}/\d{1,2}$|/(?:ADD|REV|CORR)\.?$")


def shape_of(found: Found, written: str) -> Shape | None:
    """Return what the number says by its form; None where it is no number of an instrument."""
    if _NONE.match(found.canonical):
        return None
    bare = written.strip()
    if union := _UNION.search(bare):
        if union[0][:1] == "/":
            # Directives are cited so, and decisions, which say that they are.
            return Shape("regulation", "EU", sure=True)
        letter = bare[5:6] if union[0][:1] == "3" else ""
        return Shape(_CELEX_KIND.get(letter, ""), "EU", sure=True)
    for pattern, shape in _SHAPES:
        if pattern.match(found.canonical):
            return shape
    return Shape()
