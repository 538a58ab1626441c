"""Who issued it, who wrote it, where it was published: suggestions for a person to confirm."""

import re
from collections.abc import Iterator

from indexer.describe import Finding
from indexer.describe.issuers import STATES, Sighting
from indexer.describe.kind import is_act
from indexer.describe.sheet import Sheet, from_line, from_metadatum

_HEADING_LINES = 20
_LETTERHEAD_LINES = 4
_URL = re.compile(r"https?://[^\s<>\"]{4,1000}")
_NOT_PEOPLE = re.compile(
    r"https?://|^(?:admin|editor|redaktion|mecon|mevzuat|user|autor)|учетная запись", re.IGNORECASE
)


def issuers(kind: str, country: str, bodies: dict[str, list[Sighting]]) -> Iterator[Finding]:
    """Give the bodies named in the heading and the signature, those of *country* first."""
    if not is_act(kind):
        return
    for part, base in (("head", 0.7), ("tail", 0.5)):
        for sighting in bodies.get(part, ()):
            if part == "head" and sighting.index > _HEADING_LINES:
                continue
            row = sighting.issuer
            # Below the state stands the body that speaks for it.
            if row.name in STATES and any(
                0 <= other.index - sighting.index < _LETTERHEAD_LINES
                and other.issuer.country == row.country
                and other.issuer.name not in STATES
                for other in bodies[part]
            ):
                continue
            confidence = (
                base - 0.01 * min(sighting.index, 30) - (0 if row.country == country else 0.3)
            )
            yield from_line(
                "issuer",
                row.name or sighting.words,
                sighting.words,
                confidence,
                sighting.line,
                "issuer.table",
            )


def authors(sheet: Sheet, kind: str) -> Iterator[Finding]:
    """Give the authors that the file names; weak everywhere, so never above .6."""
    names = ("citation_author", "jsonld.author.name", "jsonld.author", "dc.creator", "article:author", "meta.author", "author", "trafilatura.author", "mail.from", "pdf.author", "office.author")  # fmt: skip
    for place, name in enumerate(names):
        for _, value in list(sheet.values(name))[:5]:
            if _NOT_PEOPLE.search(value) or not 2 < len(value) < 120:
                continue
            confidence = 0.6 - 0.03 * place if not is_act(kind) else 0.2
            yield from_metadatum("author", value, confidence, name, value)


def publications(sheet: Sheet, kind: str) -> Iterator[Finding]:
    """Give the site, journal or newspaper."""
    names = ("citation_journal_title", "jsonld.publisher.name", "og:site_name", "dc.publisher", "trafilatura.sitename", "trafilatura.hostname")  # fmt: skip
    for place, name in enumerate(names):
        for _, value in list(sheet.values(name))[:1]:
            yield from_metadatum(
                "publication",
                value,
                (0.75 if not is_act(kind) else 0.4) - 0.05 * place,
                name,
                value,
            )


def source_urls(sheet: Sheet) -> Iterator[Finding]:
    """Give the address the page gives for itself."""
    for place, name in enumerate(
        (
            "link.canonical",
            "html.canonical",
            "og:url",
            "jsonld.url",
            "trafilatura.url",
            "dc.identifier",
        )
    ):
        for _, value in list(sheet.values(name))[:1]:
            if _URL.match(value):
                yield from_metadatum("source_url", value, 0.9 - 0.05 * place, name, value)
