"""Dates as honest as the document: a day, a month, a year, a range, or nearly so.

The written form is a subset of EDTF (Extended Date/Time Format, ISO 8601-2:2019,
level 1, and the decade form of level 2): ``1993-12-20``, ``1993-12``, ``1993``,
``1993~`` (circa), ``199X`` (decade), ``1991/1993`` (range).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Precision = Literal["day", "month", "year", "decade", "range", "circa"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

_POINT = r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?"
_EDTF = re.compile(rf"{_POINT}(~)?")
_DECADE = re.compile(r"(\d{3})X")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to some precision: every day from `first` to `last` is possible."""

    first: date
    last: date
    precision: Precision

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a date cannot end ({self.last}) before it begins ({self.first})")

    def __str__(self) -> str:
        """The EDTF form; `parse_edtf` reads it back to an equal value."""
        match self.precision:
            case "day":
                return self.first.isoformat()
            case "month":
                return self.first.isoformat()[:7]
            case "year":
                return self.first.isoformat()[:4]
            case "decade":
                return f"{self.first.year // 10:03}X"
            case "circa":
                return f"{_shortest(self.first, self.last)}~"
            case "range":
                return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @property
    def year(self) -> int | None:
        """The one year it lies in, or None where it may lie in several."""
        return self.first.year if self.first.year == self.last.year else None


def day(year: int, month: int, day_of_month: int) -> PartialDate:
    """Return a date known to the day; ValueError where there is no such day."""
    that = date(year, month, day_of_month)
    return PartialDate(that, that, "day")


def month(year: int, month_of_year: int) -> PartialDate:
    """Return a date known to the month."""
    last = calendar.monthrange(year, month_of_year)[1]
    return PartialDate(date(year, month_of_year, 1), date(year, month_of_year, last), "month")


def year(number: int) -> PartialDate:
    """Return a date known to the year."""
    return PartialDate(date(number, 1, 1), date(number, 12, 31), "year")


def parse_edtf(written: str) -> PartialDate:
    """Read the EDTF subset above; ValueError says what is wrong with anything else.

    >>> parse_edtf("1993-12").last
    datetime.date(1993, 12, 31)
    >>> str(parse_edtf("1991/1993-06"))
    '1991-01-01/1993-06-30'
    """
    written = written.strip()
    if "/" in written:
        start, _, end = written.partition("/")
        return PartialDate(parse_edtf(start).first, parse_edtf(end).last, "range")
    if decade := _DECADE.fullmatch(written):
        first = int(decade[1]) * 10
        return PartialDate(date(first, 1, 1), date(first + 9, 12, 31), "decade")
    found = _EDTF.fullmatch(written)
    if not found:
        raise ValueError(
            f"{written!r} is not a date; write 1993-12-20, 1993-12, 1993, 1993~ or 1991/1993"
        )
    try:
        point = _point(found[1], found[2], found[3])
    except ValueError as error:
        raise ValueError(f"{written!r} is not a date: {error}") from error
    return PartialDate(point.first, point.last, "circa") if found[4] else point


def _point(y: str, m: str | None, d: str | None) -> PartialDate:
    if m and not 1 <= int(m) <= 12:
        raise ValueError("month must be in 1..12")
    if m and d:
        return day(int(y), int(m), int(d))
    return month(int(y), int(m)) if m else year(int(y))


def _shortest(first: date, last: date) -> str:
    for point in (PartialDate(first, last, "day"), PartialDate(first, last, "month")):
        if parse_edtf(str(point)).last == last:
            return str(point)
    return first.isoformat()[:4]
