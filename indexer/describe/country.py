"""Whose document it is: the issuer's country, or the publisher's."""

import re
from collections import Counter
from collections.abc import Iterator

from archive.countries import names
from indexer.describe import Finding
from indexer.describe.declared import declared_country
from indexer.describe.heading import body_line
from indexer.describe.issuers import Sighting, in_words
from indexer.describe.kind import is_act
from indexer.describe.nations import code_of_words, dateline
from indexer.describe.sheet import Line, Sheet, from_line, from_metadatum, passage

_HEADING_LINES = 14
_FORMULA_LINES = 4
_SURE = 0.7
_DATELINE_LINES = 6
_OFTEN, _MOSTLY = 3, 0.7
# Languages in which, nearly always, one state issues its acts.
HOMES = {"az": "AZ", "tr": "TR", "uk": "UA", "et": "EE", "lv": "LV", "lt": "LT", "pl": "PL", "fi": "FI", "hu": "HU", "is": "IS", "ka": "GE", "hy": "AM", "kk": "KZ", "ky": "KG", "uz": "UZ", "bg": "BG", "el": "GR", "he": "IL", "ja": "JP", "ko": "KR", "sk": "SK", "cs": "CZ", "sl": "SI", "hr": "HR", "sq": "AL", "mk": "MK", "vi": "VN", "th": "TH", "mn": "MN", "da": "DK", "nb": "NO", "no": "NO", "sv": "SE", "lb": "LU", "ga": "IE", "mt": "MT", "fa": "IR"}  # fmt: skip
_OVERSEAS = {"NC", "YT", "WF", "PF", "BL", "MF", "RE", "GP", "MQ", "GF", "PM", "TF"}
# Where the form of the number tells the state: language, beginning of a line, country.
_HABITS = (
    (
        "fr",
        re.compile(
            r"(?:loi|ordonnance|décret)(?: organique| constitutionnelle)? n ?° ?(?:19|20)?\d\d-\d{1,5} du \d",
            re.IGNORECASE,
        ),
        "FR",
    ),
    (
        "es",
        re.compile(
            r"(?:ley(?: orgánica)?|real decreto(?:-ley)?|orden [a-z]{2,5}/).{0,3}\d{1,5}/\d{4}, de \d{1,2} de ",
            re.IGNORECASE,
        ),
        "ES",
    ),
    ("es", re.compile(r"decto-\d{4}-\d+-apn", re.IGNORECASE), "AR"),
)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9.-]{3,200})", re.IGNORECASE)
# Endings that are names of countries and sold to everybody, and those that are no ISO code.
_ENDINGS = {"tv": "", "io": "", "co": "", "me": "", "ai": "", "fm": "", "cc": "", "ly": "", "to": "", "gg": "", "is": "", "eu": "EU", "uk": "GB", "su": "RU", "int": "INT"}  # fmt: skip
_ADDRESSES = ("og:url", "link.canonical", "html.canonical", "trafilatura.url", "trafilatura.hostname", "jsonld.url", "akn.frbruri", "dc.identifier", "html.base", "meta.identifier-url")  # fmt: skip


def countries(
    sheet: Sheet, kind: str, language: str, bodies: dict[str, list[Sighting]]
) -> Iterator[Finding]:
    """Give the countries whose document it may be; not sorted."""
    act = is_act(kind)
    yield from _said(sheet)
    issued = list(_issued(bodies, body_line(sheet.head))) if act else []
    yield from issued
    if act:
        yield from _published(sheet)
    # Counting names takes longest and says least: only where no body speaks.
    if all(finding.confidence < _SURE for finding in issued):
        yield from _named(sheet, act, language)
    yield from _hosted(sheet, act)
    if not act:
        for line in sheet.head[:_DATELINE_LINES]:
            if found := dateline(line.text):
                yield from_line("country", found[0], found[1], 0.5, line, "country.dateline")
                break


def _said(sheet: Sheet) -> Iterator[Finding]:
    yield from declared_country(sheet)
    known = names()
    for name, value in sheet.values("dc.coverage", "citation_country", "geo.country"):
        code = value.strip().upper()[:2]
        if code in known:
            yield from_metadatum("country", code, 0.9, name, value)


def _issued(bodies: dict[str, list[Sighting]], body: int) -> Iterator[Finding]:
    """Read the bodies named in the heading, in the formulas, and where it is signed."""
    tally = Counter(sighting.issuer.country for part in bodies.values() for sighting in part)
    for part, base in (("head", 0.9), ("tail", 0.62), ("aside", 0.58)):
        for sighting in bodies.get(part, ()):
            confidence = base
            if part == "head" and sighting.index >= min(_HEADING_LINES, body + _FORMULA_LINES):
                confidence = 0.58
            if sighting.start > 60 and len(sighting.line.text) > 200:
                confidence -= 0.15
            share = tally[sighting.issuer.country] / tally.total()
            confidence = confidence - 0.15 + 0.2 * share - 0.002 * min(sighting.index, 40)
            country = sighting.issuer.country
            yield from_line(
                "country",
                country,
                sighting.words,
                confidence,
                sighting.line,
                f"country.issuer.{country}",
            )


def _published(sheet: Sheet) -> Iterator[Finding]:
    for name, value in sheet.values(
        "dc.publisher",
        "dc.identifier",
        "og:url",
        "og:site_name",
        "link.canonical",
        "html.title",
        "dc.title",
        "akn.frbruri",
    ):
        for row, _words in in_words(value):
            yield from_metadatum("country", row.country, 0.6, name, value)
            break


def _named(sheet: Sheet, act: bool, language: str) -> Iterator[Finding]:
    """Count the countries that are named; the one named most is a guess, and a weak one for articles."""
    tally: Counter[str] = Counter()
    first: dict[str, tuple[Line, str]] = {}
    home = HOMES.get(language, "")
    for line in (*sheet.head, *sheet.tail):
        for named, words in code_of_words(line.text, language):
            code = "FR" if language == "fr" and named in _OVERSEAS else named
            tally[code] += 1
            first.setdefault(code, (line, words))
    openings = [line.text for line in sheet.head[:3]] + list(sheet.headings[:1])
    for code, count in tally.most_common(3):
        line, words = first[code]
        share = count / tally.total()
        confidence = (0.25 + 0.3 * share) if act else (0.15 + 0.25 * share)
        if count >= _OFTEN and share >= _MOSTLY:
            confidence += 0.12
        if not act and share >= 0.6 and any(words in early for early in openings):
            confidence = max(confidence, 0.52)
        if code == home and share > 0.4:
            confidence = max(confidence, 0.56)
        yield from_line("country", code, words, confidence, line, "country.named")
    if home and sheet.head:
        yield Finding(
            "country",
            home,
            language,
            0.6 if act else 0.52,
            passage(sheet.head[0].text),
            "country.language",
        )
    for line in (*sheet.head[:_HEADING_LINES], *sheet.tail[-_HEADING_LINES:]) if act else ():
        # "Montevideo, 31 de octubre": where it was signed.
        if (signed := dateline(line.text)) and line.text[len(signed[1]) :].startswith(", "):
            yield from_line("country", signed[0], signed[1], 0.57, line, "country.place")
            break
    for line in sheet.head[:6] if act else ():
        for tongue, pattern, code in _HABITS:
            if tongue == language and (found := pattern.match(line.text)):
                yield from_line("country", code, found[0], 0.57, line, "country.habit")


def _hosted(sheet: Sheet, act: bool) -> Iterator[Finding]:
    known = names()
    for name, value in sheet.values(*_ADDRESSES):
        found = _HOST.match(value)
        host = found[1].rstrip(".") if found else ""
        ending = host.rsplit(".", 1)[-1].lower()
        code = _ENDINGS.get(ending, ending.upper())
        if "." in host and len(ending) in {2, 3} and code in known:
            yield from_metadatum("country", code, 0.45 if act else 0.62, name, value)
            break
    for name, value in sheet.values("html.lang", "og:locale"):
        region = re.search(r"[-_]([A-Z]{2})\b", value)
        if region and region[1] in known and region[1] not in {"US", "GB", "ES"}:
            yield from_metadatum("country", region[1], 0.45 if act else 0.51, name, value)
