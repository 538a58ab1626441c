"""How values are shown to people; each function is a filter of the templates."""

from datetime import UTC, date, datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask

from archive.catalogue.records import Item, Record
from archive.citation.crosswalk import date_parts
from archive.countries import name_of
from archive.dates import PartialDate
from archive.kinds import KINDS, PARENTS, kind_of
from webui import here

_LOCALE = "en_GB"

_TYPES = {
    "application/pdf": "PDF",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "text/plain": "text",
    "text/markdown": "Markdown",
    "application/rtf": "RTF",
    "application/msword": "DOC",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/epub+zip": "EPUB",
    "message/rfc822": "mail",
}

STATUSES = {
    "text": "all of its text was read",
    "partial": "part of its text was read",
    "no_text": "it holds no text",
    "needs_ocr": "its pages are pictures: the text in them was not recognised",
    "encrypted": "it is locked with a password, so its text was not read",
    "unsupported": "no reader for this type of file: its text was not read",
    "unreadable": "reading it failed, so there is no text",
    "over_limit": "reading it was stopped at a limit, so there is no text",
}
"""What reading a file came to, in words; the keys are indexer.extract.STATUSES."""

WHICH = {"adopted": "Adopted", "published": "Published", "in_force": "In force", "added": "Added"}
"""Which date of a document it is."""


def register(app: Flask) -> None:
    """Make the functions of this module known to the templates."""
    for filter_of in (day, kind, country, language, size, number, moment, type_of, locator):
        app.add_template_filter(filter_of, filter_of.__name__)
    app.add_template_filter(partial_date, "partial")
    app.add_template_filter(plural, "plural")
    app.add_template_filter(status, "status")


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
            return f"{when.first.year}s"
        case "circa":
            return f"c. {points[0]}"
        case _:
            between = "–" if all(point.isdigit() for point in points) else " – "
            return between.join(points)


def day(when: date) -> str:
    """Return a day, as in `20 December 1993`."""
    return format_date(when, "d MMMM y", locale=_LOCALE)


def moment(at: datetime) -> str:
    """Return a moment to the minute, in UTC."""
    return format_datetime(at.astimezone(UTC), "d MMMM y, HH:mm", locale=_LOCALE) + " UTC"


def kind_label(slug: str) -> str:
    """Return the name of a leaf of the built-in kinds, as references use them."""
    return KINDS[slug].label if slug in KINDS else slug


def kind(slug: str) -> str:
    """Return the name of a kind: a leaf, a parent, or `parent/leaf`."""
    if slug in PARENTS:
        return PARENTS[slug]
    found = kind_of(slug.rpartition("/")[2], here.archive().kinds)
    return found.label if found else slug


def country(code: str) -> str:
    """Return the name of a country or body."""
    return name_of(code)


@cache
def language(tag: str) -> str:
    """Return the English name of a BCP 47 tag; the tag where it has none."""
    if tag == "und":
        return "undetermined"
    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        name: str = Locale.parse("en").languages.get(tag.partition("-")[0].lower(), tag)
        return name


def size(size_bytes: int) -> str:
    """Return a size of a file in thousands, as in `4.2 MB`.

    >>> size(900), size(52_300), size(4_200_000)
    ('900 bytes', '52 kB', '4.2 MB')
    """
    if size_bytes < 1_000:
        return plural(size_bytes, "byte")
    if size_bytes < 1_000_000:
        return f"{round(size_bytes / 1_000)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def number(count: int) -> str:
    """Return a count with its thousands apart, as in `2,140`."""
    return format_decimal(count, locale=_LOCALE)


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, as in `1 document` and `2 documents`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def type_of(item: Item) -> str:
    """Return the short name of a file's type."""
    return _TYPES.get(item.media_type, item.media_type or "unknown type")


def status(name: str) -> str:
    """Return in words what reading a file came to."""
    return STATUSES.get(name, name)


def locator(place: int, record: Record) -> str:
    """Return the place of a passage, as in `p. 3` or `¶ 4`."""
    return f"p. {place}" if record.paged else f"¶ {place}"


def _point(parts: list[int]) -> str:
    match parts:
        case [year]:
            return str(year)
        case [year, month]:
            return format_date(date(year, month, 1), "MMMM y", locale=_LOCALE)
        case _:
            return day(date(*parts))
