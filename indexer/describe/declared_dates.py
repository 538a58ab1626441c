"""The dates that a file declares, and what they are worth beside those that it prints."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from archive.dates import PartialDate, parse_edtf
from indexer.describe import Finding
from indexer.describe.declared import DATES
from indexer.describe.mentions import mentions
from indexer.describe.sheet import Sheet, from_metadatum

PAGES: tuple[tuple[str, str, float, float], ...] = (
    ("jsonld.datepublished", "published", 0.4, 0.93),
    ("article:published_time", "published", 0.4, 0.93),
    ("og:article:published_time", "published", 0.4, 0.92),
    ("meta.article:published_time", "published", 0.4, 0.92),
    ("citation_publication_date", "published", 0.45, 0.92),
    ("citation_date", "published", 0.45, 0.9),
    ("dc.date.issued", "published", 0.45, 0.88),
    ("dcterms.issued", "published", 0.45, 0.88),
    ("dcterms.created", "adopted", 0.45, 0.8),
    ("dc.date", "published", 0.45, 0.8),
    ("parsely-pub-date", "published", 0.4, 0.9),
    ("meta.parsely-pub-date", "published", 0.4, 0.9),
    ("meta.date", "published", 0.4, 0.8),
    ("meta.pubdate", "published", 0.4, 0.85),
    ("htmldate.published", "published", 0.33, 0.82),
    ("trafilatura.date", "published", 0.3, 0.7),
    ("html.time", "published", 0.35, 0.78),
    ("jsonld.datecreated", "published", 0.3, 0.6),
    ("mail.date", "published", 0.6, 0.9),
    ("office.date", "published", 0.35, 0.4),
    ("tei.date", "published", 0.6, 0.6),
    ("jsonld.datemodified", "published", 0.1, 0.2),
    ("article:modified_time", "published", 0.1, 0.2),
)
"""Name of the metadatum, which date it is, and its worth for an act and for an article."""

_BYLINE = 0.55
"""A printed date above this is a byline."""
_GUESSED = ("metadata.htmldate", "metadata.trafilatura", "metadata.html.time")
_UTC = re.compile(r"T\d\d:\d\d.*(?:Z|[+-]00:?00)$|GMT$")
_AGREEMENT = 0.02


def declared_dates(sheet: Sheet, act: bool, printed: list[Finding]) -> Iterator[Finding]:
    """Give the dates of the metadata, weighed for an article against those *printed*."""
    declared = list(_declared(sheet, act))
    if act:
        yield from declared
        return
    bylines = {finding.value for finding in printed if finding.confidence > _BYLINE}
    mentioned = {finding.value for finding in printed}
    agreed = Counter(value for value, _ in {(finding.value, finding.rule) for finding in declared})
    for finding in declared:
        weighed = _confirmed(finding, bylines, mentioned)
        if weighed.confidence > _BYLINE:
            more = _AGREEMENT * (agreed[finding.value] - 1)
            weighed = replace(weighed, confidence=weighed.confidence + more)
        yield weighed


def _confirmed(found: Finding, bylines: set[str], mentioned: set[str]) -> Finding:
    """Weigh what a page declares against what it prints.

    A guess that is printed nowhere is worth less; a time in UTC a day off the printed
    byline is that day's night.
    """
    if found.value in mentioned or found.which != "published":
        return found
    confidence = found.confidence
    if (
        bylines
        and _UTC.search(found.written)
        and any(_days_apart(found.value, other) == 1 for other in bylines)
    ):
        confidence = min(confidence, 0.6)
    elif found.rule.startswith(_GUESSED):
        confidence -= 0.22
    return replace(found, confidence=confidence)


def _days_apart(one: str, other: str) -> int:
    try:
        return abs((parse_edtf(one).first - parse_edtf(other).first).days)
    except ValueError:
        return 9_999


def _declared(sheet: Sheet, act: bool) -> Iterator[Finding]:
    for name, (which, confidence) in DATES.items():
        for _, value in list(sheet.values(name))[:1]:
            if date := metadatum_date(value):
                yield from_metadatum("date", str(date), confidence, name, value, which)
    for name, which, as_act, as_article in PAGES:
        for _, value in sheet.values(name):
            if date := metadatum_date(value):
                confidence = as_act if act else as_article
                if date.precision != "day":
                    confidence -= 0.15  # a finer one may stand elsewhere
                if name.startswith(("htmldate", "trafilatura")) and str(date).endswith("-01-01"):
                    confidence = min(
                        confidence, 0.3
                    )  # they write 1 January where only a year was found
                yield from_metadatum("date", str(date), confidence, name, value, which)


_META_DATE = re.compile(r"\s*(\d{4})[-/.]?(\d{2})?(?:[-/.]?(\d{2}))?(?!\d)")


def metadatum_date(value: str) -> PartialDate | None:
    """Read a date as machines write it; as people do where that fails."""
    if found := _META_DATE.match(value):
        written = "-".join(filter(None, found.groups()))
        try:
            return parse_edtf(written)
        except ValueError:
            return None
    for mention in mentions(value[:80]):
        if mention.date.precision == "day" and not mention.doubtful:
            return mention.date
    return None
