"""Reads dates as people write them, in the languages of the archive, with nothing guessed silently."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archive import dates
from archive.dates import PartialDate
from indexer.describe import months
from indexer.query.ast import Dated

WORDS_MAX = 6
"""A date without quotation marks is at most so many words."""

_BEFORE = ("before", "avant", "до", "antes de", "antes", "vor", "<")
_AFTER = ("after", "après", "apres", "после", "después de", "después", "despues de", "nach", ">")
_SINCE = ("since", "from", "depuis", "desde", "с", "со", "seit", "ab", ">=", "≥")
_UNTIL = ("until", "till", "through", "jusqu'en", "hasta", "по", "bis", "<=", "≤")
_BEFORE_AFTERWARDS = ("əvvəl", "evvel", "önce", "once")
_AFTER_AFTERWARDS = ("sonra",)
_SIGN_OF = {
    **dict.fromkeys(_BEFORE, "<"),
    **dict.fromkeys(_AFTER, ">"),
    **dict.fromkeys(_SINCE, ">="),
    **dict.fromkeys(_UNTIL, "<="),
}
_SIGN = re.compile(
    "|".join(
        re.escape(word) + ("(?=[ ])" if word[-1].isalpha() else "")
        for word in sorted(_SIGN_OF, key=len, reverse=True)
    )
)
_AFTERWARDS = re.compile(
    rf"(\d{{4}})(?:['’-]?[^\W\d]{{2,4}})?(?: il[^\W\d]*)? ({'|'.join(_BEFORE_AFTERWARDS + _AFTER_AFTERWARDS)})"
)
_ISO_YEARS = re.compile(r"(\d{4}) ?[-–—−] ?(\d{4})")
_DECADE = re.compile(
    r"(?:(?:the|les|années|los|años|los años) )*(\d{3})(?:x|0['’]?s|0[-‑–]?(?:е|х|er|ers|lar|lər|ci illər|cı illər))(?: (?:годы|гг?\.?))?"
)
_FIGURES = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([./])(\d{1,2})\2(\d{1,2})")
_MONTH_FIGURES = re.compile(r"(\d{1,2})[./](\d{4})")
_YEAR = re.compile(r"(\d{4})(?:[-‑]?(?:c[iıuü]|г\.?|й|го|м))?")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|°|[-‑]?(?:го|е|ое))?")
FILLERS = {"de", "del", "of", "the", "г", "г.", "года", "году", "год", "il", "ili", "ilin", "yılı"}
_MONTHS_WHERE_DOUBTFUL = ("uk", "pl", "cs", "hr", "lt", "fi", "be", "kk")


@dataclass(frozen=True, slots=True)
class Read:
    """A date or a range as it was understood."""

    meaning: Dated
    remark: str = ""
    """What was doubtful, and how it was decided."""


def read(written: str) -> Read | None:
    """Return what *written* means, None where it is no date.

    >>> str(read("21.12.1993").meaning), str(read("before 2000").meaning)
    ('date:1993-12-21', 'date:<=1999')
    >>> str(read("декабрь 1993").meaning), str(read("1993..1994-06").meaning)
    ('date:1993-12', 'date:1993..1994-06')
    """
    text = " ".join(written.lower().split())
    if text == "*":
        return Read(Dated())
    try:
        return _bounded(text) or _range(text) or _point(text)
    except (ValueError, OverflowError):
        return None


def looks_like_one(word: str) -> Dated | None:
    """Return the date that a single word outside of `date:` might have meant.

    >>> looks_like_one("1994"), looks_like_one("351")
    (Dated(first=datetime.date(1994, 1, 1), last=datetime.date(1994, 12, 31)), None)
    """
    if not word[:1].isdigit() or (re.fullmatch(r"\d{4}", word) and not "1000" <= word <= "2100"):
        return None
    found = read(word)
    return found.meaning if found else None


def _bounded(text: str) -> Read | None:
    if found := _SIGN.match(text):
        sign, rest = _SIGN_OF[found[0]], text[found.end() :].strip()
    elif found := _AFTERWARDS.fullmatch(text):
        sign, rest = ("<" if found[2] in _BEFORE_AFTERWARDS else ">"), found[1]
    else:
        return None
    point = _point(rest)
    if point is None:
        return None
    first, last = point.meaning.first, point.meaning.last
    if first is None or last is None:
        return None
    match sign:
        case "<":
            meaning = Dated(None, first - timedelta(days=1))
        case ">":
            meaning = Dated(last + timedelta(days=1), None)
        case ">=":
            meaning = Dated(first, None)
        case _:
            meaning = Dated(None, last)
    return Read(meaning, point.remark)


def _range(text: str) -> Read | None:
    ends = _ends(text)
    if ends is None:
        return None
    low, high = (None if end in {"", "*"} else _point(end) for end in ends)
    for end, read_as in zip(ends, (low, high), strict=True):
        if read_as is None and end not in {"", "*"}:
            return None
    remarks = [one.remark for one in (low, high) if one and one.remark]
    first = low.meaning.first if low else None
    last = high.meaning.last if high else None
    if first is not None and last is not None and last < first and low and high:
        first, last = high.meaning.first, low.meaning.last
        remarks.append("the range ends before it begins; it was read the other way round")
    return Read(Dated(first, last), "; ".join(remarks))


def _ends(text: str) -> Sequence[str] | None:
    if text.startswith("["):
        inside = text.strip("[]").strip()
        low, to, high = f"{inside} ".partition(" to ")
        if not to and inside.startswith("to "):
            low, to, high = "", "to", inside[3:]
        return (low.strip(), high.strip()) if to else None
    for between in ("..", "…", " to ", " – ", " - ", " — "):
        if between in text:
            low, _, high = text.partition(between)
            return (low.strip(), high.strip("." if between == ".." else "").strip())
    if found := _ISO_YEARS.fullmatch(text):
        return (found[1], found[2])
    return None


def _point(text: str) -> Read | None:
    if found := _FIGURES.fullmatch(text):
        return _figures(int(found[1]), int(found[3]), int(found[4]), dotted=found[2] == ".")
    if found := _YEAR_FIRST.fullmatch(text):
        return _exactly(dates.day(int(found[1]), int(found[3]), int(found[4])))
    if found := _MONTH_FIGURES.fullmatch(text):
        return _exactly(_month(int(found[2]), int(found[1])))
    if found := _DECADE.fullmatch(text):
        return _exactly(dates.parse_edtf(f"{found[1]}X"))
    if named := _named(text):
        return _exactly(named)
    try:
        return _exactly(dates.parse_edtf(text.replace("x", "X")))
    except ValueError:
        return None


def _exactly(found: PartialDate) -> Read:
    return Read(Dated(found.first, found.last))


def _figures(one: int, other: int, year: int, *, dotted: bool) -> Read:
    if one <= 12 < other and not dotted:
        return _exactly(dates.day(year, one, other))
    meaning = _exactly(dates.day(year, other, one))
    if dotted or one > 12 or one == other:
        return meaning
    swapped = date(year, one, other)
    used = date(year, other, one)
    return Read(
        meaning.meaning,
        f"the day may be {used.isoformat()} or {swapped.isoformat()}; "
        f"it was read day first, as {used.isoformat()}",
    )


def _named(text: str) -> PartialDate | None:
    """Read a date whose month has a name: `21 December 1993`, `декабрь 1993 г.`, `1993 dekabr`."""
    words = [word for word in text.replace(",", " ").split() if word not in FILLERS]
    for at in range(len(words) - 1):
        joined = f"{words[at]}_{words[at + 1]}"
        if joined.replace("_", "").isalpha() and months.month_of(joined):
            words[at : at + 2] = [joined]
            break
    if not 2 <= len(words) <= 3:
        return None
    named = [word for word in words if not word[0].isdigit()]
    years = [found[1] for word in words if (found := _YEAR.fullmatch(word))]
    days = [found[1] for word in words if (found := _DAY.fullmatch(word))]
    if len(named) != 1 or len(years) != 1 or len(days) != len(words) - 2:
        return None
    number = _month_named(named[0])
    if number is None:
        return None
    if days:
        return dates.day(int(years[0]), number, int(days[0]))
    return _month(int(years[0]), number)


def _month_named(word: str) -> int | None:
    found = months.month_of(word)
    if found is None:
        readings = {months.month_of(word, language) for language in _MONTHS_WHERE_DOUBTFUL} - {None}
        # A name that is one month here and another there is none.
        found = readings.pop() if len(readings) == 1 else None
    return found


def _month(year: int, month: int) -> PartialDate:
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    return dates.month(year, month)
