"""From an extraction to a description: runs every room and puts the best finding first."""

from collections.abc import Iterable, Iterator

from indexer.describe import ASSERTED, FIELDS, Description, Finding
from indexer.describe.country import countries
from indexer.describe.dates import document_dates
from indexer.describe.issuer import authors, issuers, publications, source_urls
from indexer.describe.issuers import sightings
from indexer.describe.kind import kinds
from indexer.describe.language import languages
from indexer.describe.number import numbers, with_year
from indexer.describe.sheet import sheet_of
from indexer.describe.spoken_of import countries_named
from indexer.describe.title import titles
from indexer.extract import Extraction

_KEPT = 4
"""Findings kept for each field: the best, and what a person might choose instead."""


def describe(extraction: Extraction, name: str) -> Description:
    """Say what the document is, by what it says of itself and by its text.

    *name* is what the user called the file; it is no evidence. Never raises for what is
    in the extraction. Findings are sorted by field, the best first; equal values are one.
    """
    del name
    sheet = sheet_of(extraction)
    if not sheet.head and not sheet.metadata and not sheet.aside:
        return Description(())
    language = _best(languages(sheet))
    tag = language[0].value if language else ""
    kind = _best(kinds(sheet))
    leaf = kind[0].value if kind else ""
    bodies = {
        part: sightings(lines)
        for part, lines in (("head", sheet.head), ("tail", sheet.tail), ("aside", sheet.aside))
    }
    country = _best(countries(sheet, leaf, tag, bodies))
    code = country[0].value if country and country[0].confidence >= ASSERTED else ""
    dates = _best(document_dates(sheet, leaf, tag, code))
    day = dates[0].value if dates and dates[0].confidence >= ASSERTED else ""
    found = [
        *_best(titles(sheet, leaf, tag)),
        *dates,
        *country,
        *kind,
        *(with_year(finding, code, day) for finding in _best(numbers(sheet, leaf))),
        *_best(issuers(leaf, code, bodies)),
        *language,
        *_best(authors(sheet, leaf)),
        *_best(publications(sheet, leaf)),
        *_best(source_urls(sheet)),
    ]
    order = {field: place for place, field in enumerate(FIELDS)}
    return Description(
        tuple(sorted(found, key=lambda finding: order[finding.field])),
        countries_named(((page.number, page.text) for page in extraction.pages), tag),
    )


def _best(findings: Iterable[Finding]) -> list[Finding]:
    """Return the best findings, one for each value, best first."""
    kept: dict[str, Finding] = {}
    for finding in _bounded(findings):
        known = kept.get(finding.value)
        if known is None or finding.confidence > known.confidence:
            kept[finding.value] = finding
    return sorted(kept.values(), key=lambda finding: -finding.confidence)[:_KEPT]


def _bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        if finding.value or finding.field == "language":
            confidence = min(0.99, max(0.01, finding.confidence))
            yield Finding(
                finding.field,
                finding.value,
                finding.written,
                round(confidence, 3),
                finding.evidence,
                finding.rule,
                finding.which,
            )
