"""What a document is called."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from indexer.describe import Finding
from indexer.describe.declared import TITLES
from indexer.describe.heading import Role, first_run, joined, role_of, roles
from indexer.describe.kind import is_act
from indexer.describe.sheet import Line, Sheet, from_line, from_metadatum, letters_of, passage

_TITLE_CHARS = 900
_SURE_CHARS = 700
"""Longer, and lines of the text have probably come in."""
_HEADING_LINES = 34
_NO_STOP = {"az", "tr", "ru"}
"""Languages whose titles of acts bear no full stop."""
_SENTENCE_SPACES = 5


def titles(sheet: Sheet, kind: str, language: str) -> Iterator[Finding]:
    """Give what it may be called; not sorted. An act by its heading, an article by its page."""
    act = is_act(kind)
    # Articles, and the consolidated laws of Turkey, are known by the capitals they are set in.
    indexed = act and not any(_TR_CONSOLIDATED.match(line.text) for line in sheet.opening(12))
    for finding in (
        *_declared(sheet, act),
        *(_of_act(sheet, language) if act else _of_page(sheet)),
        *_first_line(sheet, act),
    ):
        value = recased(finding.value, language) if indexed else finding.value
        yield Finding(
            "title", value, finding.written, finding.confidence, finding.evidence, finding.rule
        )


_TR_CONSOLIDATED = re.compile(r"kanun numarası\s*:", re.IGNORECASE)
_DECLARED: tuple[tuple[str, float, float], ...] = (
    *((name, confidence, 0.6) for name, confidence in TITLES.items()),
    ("citation_title", 0.95, 0.95),
    ("dc.title", 0.9, 0.75),
    ("dcterms.title", 0.9, 0.75),
    ("akn.title", 0.9, 0.7),
    ("akn.frbralias", 0.7, 0.5),
    ("tei.title", 0.8, 0.8),
    ("xml.title", 0.85, 0.7),
    ("og:title", 0.6, 0.4),
    ("epub.title", 0.6, 0.7),
    ("office.title", 0.45, 0.5),
    ("mail.subject", 0.7, 0.85),
    ("xmp.dc:title", 0.45, 0.45),
    ("pdf.title", 0.42, 0.45),
)
_JUNK = re.compile(r"^(?:microsoft word|layout \d|untitled|document\d?|l_\d|.{0,60}\.(?:docx?|pdf|xml|indd|qxd|xls)$|infoleg\b|index|title|titre|titel|título|título|home|menu|navigation|inhalt|table des matières|\W*$|consolidated text|eur-lex)", re.IGNORECASE)  # fmt: skip


def _declared(sheet: Sheet, act: bool) -> Iterator[Finding]:
    """A declared title counts in full where it is printed too: some pages declare the site."""
    declared = [(row, value) for row in _DECLARED for _, value in sheet.values(row[0])]
    if not declared:
        return
    lines = " ".join(line.text for line in (*sheet.head, *sheet.aside))
    printed = letters_of(lines) + "".join(map(letters_of, sheet.headings))
    for (name, as_act, as_article), value in declared:
        if _JUNK.match(value) or not 3 < len(value) < _TITLE_CHARS:
            continue
        text = _accented(cleaned(value), sheet)
        confidence = as_act if act else as_article
        if letters_of(text) not in printed:
            confidence -= 0.25
        yield from_metadatum("title", text, confidence, name, value)


def _accented(text: str, sheet: Sheet) -> str:
    """Return *text* as a line of the head prints it, where only the accents differ."""
    plain = _plain(text)
    for line in sheet.head[:_HEADING_LINES]:
        if line.text != text and not line.text.isascii() and _plain(line.text) == plain:
            return cleaned(line.text)
    return text


# --- pages of the web -----------------------------------------------------------------

_SITE_PARTS = re.compile(
    r"\s+(?:[|•·»›:]|[-–—]|::|\|\|)\s+|\s*\|\s*|\s+»\s+|\s*\b(?=[a-z0-9-]{3,30}\.(?:de|com|org|net|ru|fr|az|tr)$)"
)
_DOMAIN = re.compile(r"^(?:www\.)?[a-z0-9-]{2,40}\.[a-z]{2,4}$", re.IGNORECASE)
_BAR_LEFT = 12
_WEIGHTS = (("jsonld.headline", 0.78), ("og:title", 0.8), ("twitter:title", 0.6), ("meta.twitter:title", 0.6), ("html.title", 0.7), ("trafilatura.title", 0.66))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one voice of a page says the page is called."""

    name: str
    """`heading`, or the name of a metadatum."""
    written: str
    text: str
    weight: float

    @property
    def letters(self) -> str:
        return letters_of(self.text)


def _of_page(sheet: Sheet) -> Iterator[Finding]:
    """Let heading, og:title, headline and the page's title vote; a site name on one of them is cut."""
    sites = _sites(sheet)
    page_titles = [value for _, value in sheet.values("html.title", "og:title")]
    headings = [heading for heading in sheet.headings[:8] if not _JUNK.match(heading)]
    declared = list(_declared_offers(sheet, sites, [*headings, *page_titles]))
    named = {offer.letters for offer in declared}
    reworded = _reworded(headings, named)
    printed = list(_heading_offers(headings, sites, named, page_titles, reworded))
    offers = declared + printed
    voices: defaultdict[str, set[str]] = defaultdict(set)
    for offer in offers:
        voices[offer.letters].add(offer.name)
    for offer in offers:
        said_by = voices[offer.letters]
        # trafilatura reads the page's own title too: that is one voice, not two.
        votes = len(said_by - {"trafilatura.title"} if "html.title" in said_by else said_by)
        confidence = min(0.97, offer.weight + 0.06 * (votes - 1))
        if votes == 1 and len(offers) > 2:
            confidence -= 0.1
        confirming = {"heading"} if reworded else {"heading", "jsonld.headline"}
        if headings and offer.name != "heading" and not said_by & confirming:
            confidence = min(confidence, 0.48)  # the page prints another heading
        if votes == 1 and offer.name in {"html.title", "trafilatura.title"}:
            confidence = min(confidence, 0.47)  # nothing on the page confirms it
        if offer.name == "heading":
            evidence = passage(offer.written)
            yield Finding("title", offer.text, offer.written, confidence, evidence, "title.heading")
        else:
            yield from_metadatum("title", offer.text, confidence, offer.name, offer.written)


def _declared_offers(sheet: Sheet, sites: set[str], others: list[str]) -> Iterator[_Offer]:
    for name, weight in _WEIGHTS:
        for _, value in list(sheet.values(name))[:1]:
            text = without_site(cleaned(value), sites, others)
            if text and not _JUNK.match(text):
                yield _Offer(name, value, text, weight)


def _heading_offers(
    headings: list[str], sites: set[str], named: set[str], page_titles: list[str], reworded: str
) -> Iterator[_Offer]:
    for index, text in enumerate(headings):
        own = letters_of(text)
        within = any(len(own) > 9 and own in letters_of(value) for value in page_titles)
        if text == reworded:
            yield _Offer("heading", text, cleaned(text), 0.66)
        elif not _is_site(own, sites) and (own in named or within or not index):
            weight = 0.84 if own in named or within else 0.42
            if within and own not in named and any(letters_of(one) in named for one in headings):
                weight -= 0.3
            # Of two headings in the page's title the longer is the article's, the shorter the site's.
            yield _Offer("heading", text, cleaned(text), weight + min(0.04, len(own) / 2_000))


_TOP_HEADINGS, _COMPARED_CHARS, _ALIKE = 4, 200, 0.8


def _reworded(headings: list[str], named: set[str]) -> str:
    """Return the heading that says in other words what the metadata say, empty if none does.

    What readers see counts more than what search engines are told.
    """
    for text in headings[:_TOP_HEADINGS]:
        own = letters_of(text)[:_COMPARED_CHARS]
        for other in named:
            if own in other or other in own:
                continue
            if SequenceMatcher(None, own, other[:_COMPARED_CHARS]).ratio() >= _ALIKE:
                return text
    return ""


# An archive's address holds that of the page.
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/[^/]{1,40}/(?=https?://)")
_SITE_CHARS, _SITE_MORE = 8, 12


def _is_site(letters: str, sites: set[str]) -> bool:
    """Return whether a heading is the name of the site, or that and a word more."""
    return letters in sites or any(
        len(site) >= _SITE_CHARS
        and letters.startswith(site)
        and len(letters) - len(site) < _SITE_MORE
        for site in sites
    )


def _sites(sheet: Sheet) -> set[str]:
    sites = {
        letters_of(value)
        for _, value in sheet.values(
            "og:site_name", "jsonld.publisher.name", "trafilatura.sitename", "meta.application-name"
        )
    }
    for _, host in sheet.values(
        "trafilatura.hostname", "og:url", "link.canonical", "html.canonical"
    ):
        host = _ARCHIVED.sub("", host)
        parts = re.sub(r"^https?://(?:www\.)?|/.*$", "", host).split(".")
        if len(parts) > 1:
            sites |= {letters_of(parts[-2]), letters_of("".join(parts))}
    return sites - {""}


def without_site(title: str, sites: set[str], others: list[str]) -> str:
    """Cut the name of the site off a page's title: `Title - Site`, `Site | Title`.

    A part goes where it is a known site name or an address, or where the rest is a
    heading of the page; behind a bar it goes when enough is left.

    >>> without_site("Berne interdit le chlorothalonil | 24 heures", set(), [])
    'Berne interdit le chlorothalonil'
    """
    cuts = [
        (title[: cut.start()].strip(), title[cut.end() :].strip(), cut[0])
        for cut in _SITE_PARTS.finditer(title)
    ]
    known = {letters_of(other) for other in others} - {letters_of(title)}
    for left, right, _ in cuts:
        if left and (
            letters_of(left) in known or letters_of(right) in sites or _DOMAIN.match(right)
        ):
            return left
    for left, right, _ in cuts:
        if right and (
            letters_of(left) in sites or letters_of(right) in known or _DOMAIN.match(left)
        ):
            return right
    for left, _, mark in cuts:
        if "|" in mark and len(left) >= _BAR_LEFT:
            return left
    if cuts:
        left, right, _ = cuts[-1]
        near = letters_of(right)
        if any(site in near or near in site for site in sites) and len(left) > len(right):
            return left
    return title


# --- acts -----------------------------------------------------------------------------


def _of_act(sheet: Sheet, language: str) -> Iterator[Finding]:
    repeated = None if sheet.web else _repeated(sheet.head[:6])
    if repeated:
        yield _found(repeated.text, 0.9, repeated, "title.repeated")
    run, opening = first_run(roles(sheet.head[:_HEADING_LINES]), language)
    text = joined(run)
    if run:
        confidence = 0.84 if 8 <= len(cleaned(text)) <= _SURE_CHARS else 0.4
        if language in _NO_STOP and text.endswith(".") and text.count(" ") > _SENTENCE_SPACES:
            confidence = 0.42  # a sentence of the text
        yield _found(text, confidence, run[0], "title.heading_lines")
    if opening:
        # "DECRETO 54 DE 1993", then "por el cual se dictan …": what it does is not what it is called.
        described = run and run[0].text[:1].islower() and _DATED_NUMBER.search(opening.text)
        confidence = 0.86 if described else 0.4 if run else 0.45
        yield _found(opening.text, confidence, opening, "title.kind_line")
    yield from _of_headings(sheet, run)


def _found(text: str, confidence: float, line: Line, rule: str) -> Finding:
    return from_line("title", cleaned(text), text, confidence, line, rule)


def _of_headings(sheet: Sheet, run: list[Line]) -> Iterator[Finding]:
    """Give the first heading that the format marks, if it stands where a title does."""
    if not sheet.headings:
        return
    lines = (*sheet.head[:_HEADING_LINES], *sheet.aside)
    printed = letters_of(" ".join(line.text for line in lines))
    page_titles = [letters_of(value) for _, value in sheet.values("html.title")]
    own = letters_of(cleaned(joined(run)))
    for index, heading in enumerate(sheet.headings[:3]):
        letters = letters_of(heading)
        role = role_of(Line(heading, None, 0, "head"))
        # An outline names chapters that stand anywhere.
        if (
            _JUNK.match(heading)
            or len(heading) < 6
            or letters not in printed
            or role not in _TITLES
        ):
            continue
        in_page_title = any(letters in title for title in page_titles)
        further = sheet.headings[index + 1 : index + 2]
        named = role is Role.TITLE or not any(sign.isdigit() for sign in heading)
        if in_page_title and role is Role.KIND and _names_more(further):
            yield _of_heading(further[0], 0.88, "title.heading.second")
        elif in_page_title and (role is Role.TITLE or not (run and _marked(run[0], sheet))):
            yield _of_heading(heading, 0.9, "title.heading.page_title")
        elif letters_of(cleaned(heading)) == own:
            yield _of_heading(heading, 0.93, "title.heading")
        elif own.startswith(letters):
            yield _of_heading(heading, 0.8, "title.heading.part")
        else:
            yield _of_heading(heading, 0.87 - 0.15 * index if named else 0.5, "title.heading")
        return


_TITLES = {Role.TITLE, Role.KIND}


def _of_heading(text: str, confidence: float, rule: str) -> Finding:
    return Finding("title", cleaned(text), text, confidence, passage(text), rule)


def _marked(line: Line, sheet: Sheet) -> bool:
    return line.loud or line.text in sheet.headings


_DATED_NUMBER = re.compile(r"\d{1,6} de (?:1[89]|20)\d\d", re.IGNORECASE)


def _names_more(headings: tuple[str, ...]) -> bool:
    """Return whether the next heading, in capitals, is the name that the number lacks."""
    return any(
        heading.isupper() and role_of(Line(heading, None, 0, "head")) is Role.TITLE
        for heading in headings
    )


def _repeated(lines: tuple[Line, ...]) -> Line | None:
    """A heading printed twice or thrice at the very top is the title."""
    plain = [_plain(line.text) for line in lines]
    for index, line in enumerate(lines[:3]):
        again = plain[index] in (plain[1:] if index == 0 else plain[index + 1 : index + 2])
        if again and len(plain[index]) > 4 and len(line.text) < 300 and not line.text.isdigit():
            if index and role_of(line) not in {Role.TITLE, Role.KIND}:
                continue
            return line
    return None


def _plain(text: str) -> str:
    parted = unicodedata.normalize("NFD", letters_of(text))
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


# A reader of files may glue what stood in fields of their own: no title ends in ten figures.
_GLUED = re.compile(r"(?<=[^\W\d_])\d{8,}.*$")
_PRINTING = re.compile(
    r"\s*(?:\(NOTE ?:.*|\((?:texte consolidé|consolidated(?: text)?|texto consolidado)\)|\[\d{1,3}\]|\*+|\(\*\)|\(\d\)|\(OJ L [^()]{3,60}\)|\(JO L [^()]{3,60}\))\s*$"
)
_LEADING = re.compile(
    r"^\s*(?:[•►▼]\w{0,3}|\d{1,2} [^\W\d_]{3,10} \d{4}\.? ?[-–]|(?:ley|decreto) n[úu]m\. ?[\d.]+(?= [^\W\d_a-z])|EEC [A-Z][a-z]+:(?= Reg))\s*",
    re.IGNORECASE,
)
# "… haqqında Azərbaycan Respublikasının Qanunu": who issued what is no part of the name.
_ISSUED_AZ = re.compile(
    r"(haqqında|barədə) (?:azərbaycan|naxçıvan) .{0,80}(?:qanunu|sərəncamı|fərmanı|qərarı)$",
    re.IGNORECASE,
)


def cleaned(text: str) -> str:
    """Return a title without the marks of its printing and without what is not its name."""
    text = _PRINTING.sub("", _GLUED.sub("", text.strip()))
    text = _LEADING.sub("", text)
    return _ISSUED_AZ.sub(r"\1", text).strip()


_SMALL = {"ve", "ile", "veya", "ya", "da", "de", "və", "ilə", "üçün", "için"}
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile("[IVX]+")


def recased(title: str, language: str) -> str:
    """Return a Turkish or Azerbaijani title set in capitals as their gazettes index it.

    Capitals hide which of the two letters i is meant from every program that does not know
    the language; other languages lose nothing and keep them.

    >>> recased("ÇEK KANUNU", "tr"), recased("İŞ KANUNU VE YÖNETMELİK", "tr")
    ('Çek Kanunu', 'İş Kanunu ve Yönetmelik')
    """
    if language not in {"tr", "az"} or not title.isupper():
        return title

    def small(found: re.Match[str]) -> str:
        word = found[0]
        if _ROMAN.fullmatch(word):
            return word
        lower = word.replace("I", "ı").replace("İ", "i").lower()
        if found.start() and (lower in _SMALL or title[found.start() - 1] in "'’"):
            return lower
        return word[0] + lower[1:]

    return _WORD.sub(small, title)


def _first_line(sheet: Sheet, act: bool) -> Iterator[Finding]:
    """Where nothing else speaks: the first line that could be one. Printed again, it is one."""
    if not act and not sheet.web and (repeated := _repeated(sheet.head[:6])):
        yield from_line(
            "title", cleaned(repeated.text), repeated.text, 0.9, repeated, "title.repeated"
        )
    for line in sheet.head[:8]:
        text = line.text
        role = role_of(line)
        if len(text) < 4 or role in {Role.MASTHEAD, Role.DATE, Role.NUMBER}:
            continue
        short = len(text) < 200 and not text.endswith((".", ";", ",", ":"))
        confidence = (0.6 if short else 0.2) if not sheet.web else (0.45 if short else 0.1)
        if act:
            confidence -= 0.2
        yield from_line(
            "title", cleaned(text)[:_TITLE_CHARS], text, confidence, line, "title.first_line"
        )
        return
