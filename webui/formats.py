"""How values are shown to people; each function is a filter of the templates."""

from datetime import UTC, date, datetime
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_percent
from babel.units import format_unit
from flask import Flask

from archive.catalogue.records import Item, Record
from archive.citation.crosswalk import date_parts
from archive.countries import BODIES, FORMER, name_of
from archive.dates import PartialDate
from archive.kinds import KINDS, PARENTS, kind_of
from webui import here, languages
from webui.languages import gettext, ngettext, number, pgettext, to_translate

_TYPES = {
    "application/pdf": "PDF",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "text/plain": to_translate("text"),
    "text/markdown": "Markdown",
    "application/rtf": "RTF",
    "application/msword": "DOC",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/epub+zip": "EPUB",
    "message/rfc822": to_translate("mail"),
}

STATUSES = {
    "text": to_translate("all of its text was read"),
    "partial": to_translate("part of its text was read"),
    "no_text": to_translate("it holds no text"),
    "needs_ocr": to_translate("its pages are pictures: the text in them was not recognised"),
    "encrypted": to_translate("it is locked with a password, so its text was not read"),
    "unsupported": to_translate("no reader for this type of file: its text was not read"),
    "unreadable": to_translate("reading it failed, so there is no text"),
    "over_limit": to_translate("reading it was stopped at a limit, so there is no text"),
}
"""What reading a file came to, in words; the keys are indexer.extract.STATUSES."""

WHICH = {
    "adopted": to_translate("Adopted"),
    "published": to_translate("Published"),
    "in_force": to_translate("In force"),
    "added": to_translate("Added"),
}
"""Which date of a document it is."""


def register(app: Flask) -> None:
    """Make the functions of this module known to the templates."""
    for filter_of in (
        day, kind, country, language, size, number, moment, type_of, locator, page, percent,
        status, documents, capitalised,
    ):  # fmt: skip
        app.add_template_filter(filter_of, filter_of.__name__)
    app.add_template_filter(partial_date, "partial")


def partial_date(when: PartialDate) -> str:
    """Return a date no more precise than it is known.

    >>> from archive.dates import parse_edtf
    >>> [partial_date(parse_edtf(d)) for d in ("1993-12-20", "1993-12", "1993", "1993~", "199X")]
    ['20 December 1993', 'December 1993', '1993', 'c. 1993', '1990s']
    >>> partial_date(parse_edtf("1991/1993"))
    '1991–1993'
    """
    points = [_point(parts) for parts in date_parts(when)]
    match when.precision:
        case "decade":
            return decade(when.first.year)
        case "circa":
            return gettext("c. %(date)s", date=points[0])
        case _:
            between = "–" if all(point.isdigit() for point in points) else " – "
            return between.join(points)


def decade(first_year: int) -> str:
    """Return the name of ten years, as in `1990s`."""
    return gettext("%(year)ss", year=first_year, last=first_year + 9)


def day(when: date) -> str:
    """Return a day, as in `20 December 1993`."""
    return _day(when, languages.language())


def moment(at: datetime) -> str:
    """Return a moment to the minute, in UTC."""
    at = at.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M} UTC"


def kind_label(slug: str) -> str:
    """Return the name of a leaf of the built-in kinds, as references use them."""
    return pgettext("kind", KINDS[slug].label) if slug in KINDS else slug


def kind(slug: str) -> str:
    """Return the name of a kind: a leaf, a parent, or `parent/leaf`."""
    if slug in PARENTS:
        return pgettext("kind", PARENTS[slug])
    found = kind_of(slug.rpartition("/")[2], here.archive().kinds)
    return pgettext("kind", found.label) if found else slug


def country(code: str) -> str:
    """Return the name of a country or body."""
    if code in BODIES or code in FORMER:
        return pgettext("country or body", name_of(code))
    return name_of(code, languages.language())


def language(tag: str) -> str:
    """Return the name of a BCP 47 tag; the tag where it has none."""
    if tag == "und":
        return gettext("Undetermined")
    name = _language(tag, languages.language())
    return name if name == tag else capitalised(name)


def size(size_bytes: int) -> str:
    """Return a size of a file in thousands, as in `4.2 MB`.

    >>> size(900), size(52_300), size(4_200_000)
    ('900 bytes', '52 kB', '4.2 MB')
    """
    if size_bytes < 1_000:
        return ngettext("%(num)s byte", "%(num)s bytes", size_bytes)
    if size_bytes < 1_000_000:
        return _size(round(size_bytes / 1_000), "kilobyte", languages.language())
    return _size(round(size_bytes / 1_000_000, 1), "megabyte", languages.language())


def percent(share: float) -> str:
    """Return a share of one in hundredths, as in `57%`."""
    return format_percent(share, locale=languages.locale())


def documents(count: int) -> str:
    """Return a count of documents, as in `1 document` and `2 documents`."""
    return ngettext("%(num)s document", "%(num)s documents", count)


def capitalised(text: str) -> str:
    """Return a text as it begins a sentence.

    >>> capitalised("part of its text")
    'Part of its text'
    """
    first = text[:1]
    if first == "i" and languages.language() in {"az", "tr"}:
        return "İ" + text[1:]
    return first.upper() + text[1:]


def type_of(item: Item) -> str:
    """Return the short name of a file's type."""
    if not item.media_type:
        return gettext("unknown type")
    known = _TYPES.get(item.media_type)
    return gettext(known) if known else item.media_type


def status(name: str) -> str:
    """Return in words what reading a file came to."""
    return gettext(STATUSES[name]) if name in STATUSES else name


def locator(place: int, record: Record) -> str:
    """Return the place of a passage, as in `p. 3` or `¶ 4`."""
    return page(place) if record.paged else f"¶ {place}"


def page(place: int) -> str:
    """Return the place of a page, as in `p. 3`."""
    return gettext("p. %(page)s", page=place)


def _point(parts: list[int]) -> str:
    match parts:
        case [year]:
            return str(year)
        case [year, month]:
            return _month(date(year, month, 1), languages.language())
        case _:
            return day(date(*parts))


@lru_cache(maxsize=4096)
def _day(when: date, code: str) -> str:
    return format_date(when, "long", locale=languages.locale_of(code))


@lru_cache(maxsize=4096)
def _month(when: date, code: str) -> str:
    return format_skeleton("yMMMM", when, locale=languages.locale_of(code))


@lru_cache(maxsize=4096)
def _size(amount: float, unit: str, code: str) -> str:
    return format_unit(amount, f"digital-{unit}", length="short", locale=languages.locale_of(code))


@cache
def _language(tag: str, code: str) -> str:
    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name(code) or tag
    except (UnknownLocaleError, ValueError):
        name: str = Locale.parse(code).languages.get(tag.partition("-")[0].lower(), tag)
        return name
