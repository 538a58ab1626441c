"""A record in the words of citations: the one reading that every export format writes.

`reference_of` settles what must be the same everywhere (who is the author, what the
number is, the permalink); `csl_item` writes it as CSL-JSON. Fields and types are those of
the CSL 1.0.2 specification, appendices III and IV, and of its schema `csl-data.json`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict, cast

from archive.catalogue.records import Record
from archive.config import SiteSettings
from archive.countries import name_of
from archive.dates import PartialDate
from archive.kinds import KINDS, Kind, kind_of


class CslName(TypedDict, total=False):
    """A person has `family`; a body, or a name nobody may take apart, has `literal`."""

    family: str
    given: str
    suffix: str
    literal: str


CslDate = TypedDict("CslDate", {"date-parts": list[list[int]], "circa": bool}, total=False)
"""One list of year, month, day for a date, two for a range; each may stop early."""


class CslCustom(TypedDict, total=False):
    """What CSL has no variable for; the specification leaves `custom` to the application."""

    sha256: str
    source_url: str
    session: str
    country: str
    rights: str


CslItem = TypedDict(
    "CslItem",
    {
        "id": str,
        "type": str,
        "title": str,
        "author": list[CslName],
        "authority": str,
        "issued": CslDate,
        "genre": str,
        "number": str,
        "container-title": str,
        "volume": str,
        "issue": str,
        "page": str,
        "section": str,
        "chapter-number": str,
        "publisher": str,
        "publisher-place": str,
        "jurisdiction": str,
        "language": str,
        "URL": str,
        "accessed": CslDate,
        "archive": str,
        "archive_collection": str,
        "archive_location": str,
        "custom": CslCustom,
    },
    total=False,
)
"""One item of a CSL-JSON list: a field that is not known is not there."""


@dataclass(frozen=True, slots=True)
class Name:
    """An author: a person taken apart, or a literal that stays whole."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A record as a citation sees it; every text is one clean line, empty where unknown."""

    key: str
    kind: Kind | None
    title: str
    names: tuple[Name, ...]
    """The authors to print, the issuing body among them where it is one."""
    issuer: str
    issued: PartialDate | None
    genre: str
    """What the document calls itself ("Decree"); empty where the type says it already."""
    number: str
    """Without a "No." and without the genre: a style prints both itself."""
    publication: str
    volume: str
    issue: str
    pages: str
    section: str
    session: str
    publisher: str
    place: str
    country: str
    """The code."""
    country_name: str
    language: str
    url: str
    """The permalink; the place it was taken from is `source_url`."""
    source_url: str
    accessed: date | None
    archive: str
    collection: str
    location: str
    rights: str
    sha256: str


_BREAKS = re.compile("[ ]*[\x00-\x1f\x7f-\x9f\u2028\u2029]+[ ]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(text: str | None) -> str:
    r"""Return *text* without line breaks and control characters, which end fields and entries.

    >>> one_line("Peace\nER  - \r\nTY  - BOOK")
    'Peace ER  - TY  - BOOK'
    """
    return _SURROGATE.sub("\ufffd", _BREAKS.sub(" ", text or "")).strip()


def citation_key(public_id: str) -> str:
    """Return the key of a record in every format: only `[A-Za-z0-9:-]`, one for each id.

    Never made from names: those that are not Latin would leave nothing, and two records
    of one author and year would share it. BibTeX does not tell capitals from small
    letters, so a capital (which no id of ours has) is written by its code too.

    >>> citation_key("3f9k2bcd7")
    'muniment-3f9k2bcd7'
    """
    return "muniment-" + "".join(
        c if c in "abcdefghijklmnopqrstuvwxyz0123456789" else f":{ord(c):x}:" for c in public_id
    )


def permalink(public_id: str, site: SiteSettings) -> str:
    """Return the address to cite; empty where the site does not say its own."""
    base = one_line(site.public_url).rstrip("/")
    return f"{base}/d/{one_line(public_id)}" if base else ""


def reference_of(
    record: Record, site: SiteSettings, kinds: Mapping[str, Kind] = KINDS
) -> Reference:
    """Return *record* as every citation format sees it."""
    about = record.description
    kind = kind_of(about.kind, dict(kinds)) if about.kind else None
    genre = "" if kind is None or kind.parent == "article" or kind.slug == "other" else kind.label
    issuer, publication = one_line(about.issuer), one_line(about.publication)
    publisher = one_line(about.publisher)
    country = one_line(about.country)
    return Reference(
        key=citation_key(record.public_id),
        kind=kind,
        title=one_line(about.title),
        names=_names(about.authors, issuer, kind, {publication, publisher}),
        issuer=issuer,
        issued=about.dated.date if about.dated else None,
        genre=one_line(genre),
        number=_bare_number(one_line(about.number), genre),
        publication=publication,
        volume=one_line(about.volume),
        issue=one_line(about.issue),
        pages=one_line(about.page_range),
        section=one_line(about.section),
        session=one_line(about.session),
        publisher=publisher,
        place=one_line(about.place),
        country=country,
        country_name=one_line(name_of(country)) if country else "",
        language=one_line(about.language),
        url=permalink(record.public_id, site),
        source_url=one_line(about.source_url),
        accessed=about.accessed,
        archive=one_line(about.archive) or one_line(site.archive),
        collection=one_line(about.collection),
        location=one_line(about.location),
        rights=one_line(about.rights),
        sha256=one_line(record.items[0].digest) if record.items else "",
    )


def csl_item(record: Record, site: SiteSettings, kinds: Mapping[str, Kind] = KINDS) -> CslItem:
    """Return *record* as a CSL-JSON item (CSL 1.0.2), for export and for processors."""
    return csl_of(reference_of(record, site, kinds))


def csl_of(reference: Reference) -> CslItem:
    """Return the CSL-JSON item of *reference*."""
    csl_type = reference.kind.csl if reference.kind else "document"
    item: CslItem = {
        "id": reference.key,
        "type": csl_type,
        "title": typographic(reference.title),
        "author": [_csl_name(name) for name in reference.names],
        "authority": reference.issuer,
        "genre": reference.genre,
        # A hyphen-minus reads as a range ("Nos. 2020–1310"); the non-breaking hyphen
        # does not, in citeproc-js and pandoc alike.
        "number": reference.number.replace("-", "\u2011"),
        "container-title": reference.publication,
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.pages,
        "section": reference.section,
        "chapter-number": reference.session if csl_type == "bill" else "",
        # A bill with a publisher becomes a hearing in Zotero.
        "publisher": "" if csl_type == "bill" else reference.publisher,
        "publisher-place": reference.place,
        "jurisdiction": reference.country_name,
        "language": reference.language,
        "URL": reference.url,
        "archive": reference.archive,
        "archive_collection": reference.collection,
        "archive_location": reference.location,
        "custom": _csl_custom(reference),
    }
    if reference.issued:
        item["issued"] = csl_date(reference.issued)
    if reference.accessed:
        seen = reference.accessed
        item["accessed"] = {"date-parts": [[seen.year, seen.month, seen.day]]}
    return cast(CslItem, {field: value for field, value in item.items() if value})


def csl_date(when: PartialDate) -> CslDate:
    """Return *when* as a CSL date: no month or day that is not known.

    >>> from archive.dates import parse_edtf
    >>> csl_date(parse_edtf("1991/1993-06"))
    {'date-parts': [[1991, 1], [1993, 6]]}
    >>> csl_date(parse_edtf("199X"))
    {'date-parts': [[1990], [1999]], 'circa': True}
    """
    parts = date_parts(when)
    if when.precision in {"circa", "decade"}:
        return {"date-parts": parts, "circa": True}
    return {"date-parts": parts}


def date_parts(when: PartialDate) -> list[list[int]]:
    """Return one point (year, month, day as far as known), or the two ends of a range."""
    first, last = when.first, when.last
    whole = [first.year, first.month, first.day]
    match when.precision:
        case "day":
            return [whole]
        case "month":
            return [whole[:2]]
        case "year":
            return [whole[:1]]
        case "decade":
            return [[first.year], [last.year]]
        case "circa":
            exact = 3 if first == last else 2 if _is_month(first, last) else 1
            return [whole[:exact]]
        case "range":
            return _ends(first, last)


def typographic(title: str) -> str:
    r"""Return *title* with balanced straight quotes turned, and Hebrew gershayim written as such.

    pandoc takes the quotation mark inside a Hebrew word for a closing quote. In German
    text under babel a straight quote before a vowel is an umlaut. One that is not half
    of a pair is left: it may be an inch.

    >>> typographic('"Peace" of 5" and דו"ח')
    '“Peace” of 5" and דו״ח'
    """
    title = re.sub('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])', "\u05f4", title)
    return re.sub(r'(?<!\w)"(?=\S)([^"]*)(?<=\S)"(?!\w)', "“\\1”", title)


def _names(
    authors: Iterable[str], issuer: str, kind: Kind | None, elsewhere: set[str]
) -> tuple[Name, ...]:
    persons = [
        Name(literal=author) if author == issuer else _person(author)
        for author in map(one_line, authors)
        if author
    ]
    body = Name(literal=issuer)
    parent = kind.parent if kind else "other"
    if (
        not issuer
        or body in persons
        # A court is the authority of its judgement; styles cite the case by its name.
        or (kind is not None and kind.csl == "legal_case")
        # A newspaper is not the author of its articles.
        or (parent == "article" and issuer in elsewhere)
    ):
        names = persons
    elif parent in {"resolution", "decree", "law"}:
        names = [body, *persons]
    else:
        names = [*persons, body]
    return tuple(dict.fromkeys(names))


_SUFFIX = re.compile(r"(?:[JS]r\.?|[IVX]+)", re.IGNORECASE)


def _person(author: str) -> Name:
    family, comma, given = (part.strip() for part in author.partition(","))
    if not comma or not family:
        return Name(literal=author.strip(", "))
    rest, _, last = given.rpartition(",")
    if rest and _SUFFIX.fullmatch(last.strip()):
        return Name(family=family, given=rest.strip(), suffix=last.strip())
    return Name(family=family, given=given)


# The Latin N stands for № in Russian files.
_NUMBER_WORD = re.compile(
    r"(?:№|N[°º]|(?:Nos?|Nr|Núm|Num)(?:\.|(?=\s))|N(?=\s))\s*(?=\S*\d)", re.IGNORECASE
)


def _bare_number(number: str, genre: str) -> str:
    """Drop "No." and a repeated genre: styles print both, so "No. No. 5" would follow."""
    if genre and number.casefold().startswith(genre.casefold() + " "):
        number = number[len(genre) :].strip()
    word = _NUMBER_WORD.match(number)
    return number[word.end() :] if word else number


# Processors glue or shorten names in other scripts ("ՊետրոսյանԱ"), so those stay whole.
_SPLIT_SCRIPTS = {
    "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL",
}  # fmt: skip


def _csl_name(name: Name) -> CslName:
    if name.literal:
        return {"literal": name.literal}
    parts = (name.family, name.given, name.suffix)
    if not all(map(_splits, parts)):
        return {"literal": ", ".join(filter(None, parts))}
    written: CslName = {"family": name.family}
    if name.given:
        written["given"] = name.given
    if name.suffix:
        written["suffix"] = name.suffix
    return written


def _splits(text: str) -> bool:
    return all(
        unicodedata.name(c, "").partition(" ")[0] in _SPLIT_SCRIPTS
        for c in text
        if unicodedata.category(c) in {"Lu", "Ll", "Lt", "Lo"}
    )


def _csl_custom(reference: Reference) -> CslCustom:
    custom: CslCustom = {
        "sha256": reference.sha256,
        "source_url": reference.source_url,
        "session": reference.session,
        "country": reference.country,
        "rights": reference.rights,
    }
    return cast(CslCustom, {field: value for field, value in custom.items() if value})


def _is_month(first: date, last: date) -> bool:
    return (
        first.day == 1
        and (first.year, first.month) == (last.year, last.month)
        and _ends_month(last)
    )


def _ends_month(last: date) -> bool:
    return last == date.max or (last + timedelta(days=1)).day == 1


def _ends(first: date, last: date) -> list[list[int]]:
    """Return both ends, as coarse as says the same: 1991/1993 has no 1 January."""
    starts, stops = [first.year, first.month, first.day], [last.year, last.month, last.day]
    whole_months = first.day == 1 and _ends_month(last)
    whole_years = whole_months and first.month == 1 and last.month == 12
    if whole_years and first.year != last.year:
        return [starts[:1], stops[:1]]
    if whole_months and starts[:2] != stops[:2]:
        return [starts[:2], stops[:2]]
    return [starts, stops] if first != last else [starts]
