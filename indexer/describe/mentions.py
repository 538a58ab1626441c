"""Every date that a text mentions, as written, in any of the languages of months.py.

What is not certain is said: `3/4/2021` is read as the language would read it and
marked doubtful, `9/3/98` as short. Nothing is completed: `May 2012` is a month.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as civil
from datetime import timedelta

from archive import dates
from archive.dates import PartialDate
from indexer.describe.months import hijri, month_of
from indexer.describe.numerals import value_of

EARLIEST, LATEST = 1500, 2100
_SHORT_PIVOT = 40

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_TWO_WORDS = re.compile(r"(?<=كانون|تشرين) (?=الأول|الثاني|الاول)")

_DAY = r"(?<![\d.,:/-])(\d{1,2})"
_NTH = r"(?:st|nd|rd|th|er|re|º|°|ª|o(?= de)|-?(?:го|е|ого)|[-’']?(?:inci|ıncı|nci|ncı|üncü|uncu|ci|cı|cu|cü|i|ı)|\.|[«»\"”“’])?"
_LINK = r"(?:day of |days of |de |of |d['’]|päivänä |dzień )?"
_WORD = r"([^\W\d]{2,14})"
_TO_YEAR = r"[.,]?\s{0,3}(?:de |del |of |do ano de |del año |anul |/ ?[^\W\d]{2,12} )?"
_YEAR = r"(\d{4})(?!\d|[.,]\d)"

_DMY = re.compile(
    rf"{_DAY}(?:\s?[\"”»])?{_NTH}\s{{0,3}}{_LINK}{_WORD}{_TO_YEAR}\s{{0,3}}{_YEAR}", re.IGNORECASE
)
_MDY = re.compile(
    rf"(?<![^\W\d]){_WORD}\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?:del? )?{_YEAR}",
    re.IGNORECASE,
)
_YDM = re.compile(
    r"(?<![\d./-])(\d{4})\s?[-–’']?\s?(?:c[iıuü]|nc[iıuü]|ҹ[иыуү])?\.?\s{0,2}"
    r"(?:il(?:in|də)?|ил(?:ин|дә)?|yıl[ıi]n?|gada|aasta|metų|m\.|г\.|года|год|թ\.|թվականի|წლის|жылғы|жылдың|йил|yil\w{0,3}|évi)?\s{1,3}"
    rf"(?:(\d{{1,2}})\.?\s{{0,2}}{_WORD}|{_WORD}\s{{1,2}}(\d{{1,2}}))(?!\d)",
    re.IGNORECASE,
)
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_ISO = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/]|[-.]\d)")
_FIGURES = re.compile(r"(?<![\d./–-])(\d{1,2})([./–-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/–]|[-.]\d)")
# "LEY 594 DE 2000" / "(julio 14)": Colombia prints the day under the number.
_UNDER = re.compile(rf"(?<= de )((?:1[89]|20)\d\d)\s{{0,3}}\({_WORD} (\d{{1,2}})\)", re.IGNORECASE)
# "525-ci qəzet.- 2012.- 26 fevral": a library's note of where an article stood.
_NOTED = re.compile(rf"(?<!\d)(\d{{4}})\s?\.?\s?[-–—]\s?(\d{{1,2}}) {_WORD}", re.IGNORECASE)
# "Ley 39/2015, de 1 de octubre": the year stands in the number.
_YEAR_IN_NUMBER = re.compile(rf"(?<!\d)\d{{1,5}}/(\d{{4}}),\s?(?:de |del |of |du )(\d{{1,2}})(?:º|er)? (?:de )?{_WORD}(?!,? (?:de|del) \d{{4}})", re.IGNORECASE)  # fmt: skip
_MONTH = re.compile(rf"(?<![^\W\d]){_WORD}(?: de| of| del|,)? {_YEAR}", re.IGNORECASE)
_HAS_YEAR = re.compile(r"\d{4}")
_HAS_FIGURES = re.compile(r"\d\s?[./–年년-]")
# The language, what its pattern cannot do without, and the pattern.
_SPELLED = (
    (
        "es",
        re.compile(r"\sde\s+[a-z]{4,10}\s+(?:del?\s|a[ñn]o\s|dos\s|mil|\d{4})", re.IGNORECASE),
        re.compile(
            r"\b(?:a\s+)?(?:los\s+)?((?:[a-záéíóúü]{2,12}\s){1,3}|\d{1,2}\s)(?:\(\d{1,2}\)\s)?(?:d[ií]as?\s+)?(?:del\s+mes\s+)?de\s+([a-z]{4,10})\s+(?:del?\s+)?(?:a[ñn]o\s+)?(?:de\s+)?((?:dos\s+)?mil(?:\s+[a-záéíóúü]{1,14}){0,6}|\d{4})",
            re.IGNORECASE,
        ),
    ),
    (
        "pt",
        re.compile(r"\sde\s+(?:dois\s+)?mil", re.IGNORECASE),
        re.compile(
            r"\b(?:aos\s+)?((?:[a-zàáâãéêíóôõúç]{1,12}\s){1,3}|\d{1,2}\s)(?:dias\s+)?(?:do\s+m[eê]s\s+)?de\s+([a-zç]{4,10})\s+(?:do\s+ano\s+)?(?:de\s+)((?:dois\s+)?mil(?:\s+[a-zàáâãéêíóôõúç]{1,14}){0,6})",
            re.IGNORECASE,
        ),
    ),
    (
        "en",
        re.compile(r"\sday\s+of\s", re.IGNORECASE),
        re.compile(
            r"\b(?:this|the)\s+([a-z]{3,10}(?:[- ][a-z]{5,8})?|\d{1,2}(?:st|nd|rd|th))\s+day\s+of\s+([a-z]{3,9}),?\s+(?:in\s+the\s+year\s+(?:of\s+our\s+lord\s+)?)?((?:one\s+thousand|nineteen|eighteen|two\s+thousand|twenty)(?:[\s-]+[a-z]{2,10}){0,5}|\d{4})",
            re.IGNORECASE,
        ),
    ),
    (
        "fr",
        re.compile(r"\smil", re.IGNORECASE),
        re.compile(
            r"\ble\s+([a-z]{3,9}(?:[- ][a-z]{2,6}){0,2})\s+([a-zéûà]{3,9})\s+((?:deux\s+mille?|mil(?:le)?)(?:[\s-]+[a-z]{2,10}){0,6})",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip

# Who writes the month first where figures are parted by a slash.
MONTH_FIRST = {"US"}


@dataclass(frozen=True, slots=True)
class Mention:
    """One date in a text."""

    date: PartialDate
    written: str
    start: int
    end: int
    form: str
    """words, figures, iso, spelled or month."""
    doubtful: bool = False
    """Day and month could change places, or the century is not written."""


def mentions(text: str, language: str = "", country: str = "") -> list[Mention]:
    """Return the dates of *text* in order of place; a stretch of text is read once."""
    text = _TWO_WORDS.sub("_", text.translate(_DIGITS)) if not text.isascii() else text
    found: list[Mention] = []
    # Most texts hold no date: what every pattern wants is looked for first.
    if _HAS_YEAR.search(text):
        found.extend(_words(text, language))
        found.extend(_months(text, language))
    if _HAS_FIGURES.search(text):
        found.extend(_figures(text, language, country))
    found.extend(_spelled(text))
    found.sort(key=lambda mention: (mention.start, -mention.end, mention.date.precision != "day"))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return _settled(kept)


def _settled(found: list[Mention]) -> list[Mention]:
    """Let a figure above 12 elsewhere in the text settle the order of day and month.

    Figures are read day first unless the country says otherwise, so only
    `24/12/2021` and its like can confirm the reading.
    """
    if any(
        mention.form == "figures"
        and not mention.doubtful
        and mention.date.first.day > 12
        and _day_first(mention)
        for mention in found
    ):
        return [
            Mention(m.date, m.written, m.start, m.end, m.form)
            if m.doubtful and "/" in m.written and m.written[-5:-4] == "/"
            else m
            for m in found
        ]
    return found


def _day_first(mention: Mention) -> bool:
    return mention.written.lstrip("0").startswith(str(mention.date.first.day))


def _day(year: int, month: int | None, day: int) -> PartialDate | None:
    if month is None or not EARLIEST <= year <= LATEST:
        return None
    try:
        return dates.day(year, month, day)
    except ValueError:
        return None


def _words(text: str, language: str) -> Iterator[Mention]:
    for found in _DMY.finditer(text):
        if (date := _day(int(found[3]), month_of(found[2], language), int(found[1]))) or (
            date := _solar(int(found[3]), found[2], int(found[1]))
        ):
            yield Mention(date, found[0].strip(), found.start(), found.end(), "words")
    for found in _MDY.finditer(text):
        if date := _day(int(found[3]), month_of(found[1], language), int(found[2])):
            yield Mention(date, found[0].strip(), found.start(), found.end(), "words")
    for found in _YDM.finditer(text):
        word, day = (found[3], found[2]) if found[2] else (found[4], found[5])
        if date := _day(int(found[1]), month_of(word, language), int(day)):
            yield Mention(date, found[0].strip(), found.start(), found.end(), "words")
    for found in _UNDER.finditer(text) if " de " in text.lower() else ():
        if date := _day(int(found[1]), month_of(found[2], language), int(found[3])):
            written = text[found.start(2) - 1 : found.end()]
            yield Mention(date, written, found.start(2) - 1, found.end(), "words")
    for found in _NOTED.finditer(text):
        if date := _day(int(found[1]), month_of(found[3], language), int(found[2])):
            yield Mention(date, found[0].strip(), found.start(), found.end(), "words")
    for found in _YEAR_IN_NUMBER.finditer(text) if "/" in text else ():
        if date := _day(int(found[1]), month_of(found[3], language), int(found[2])):
            yield Mention(date, found[0].strip(), found.start(), found.end(), "words")


def _figures(text: str, language: str, country: str) -> Iterator[Mention]:
    for found in _CJK.finditer(text):
        if date := _day(int(found[1]), int(found[2]), int(found[3])):
            yield Mention(date, found[0], found.start(), found.end(), "iso")
    for found in _ISO.finditer(text):
        if date := _day(int(found[1]), int(found[3]), int(found[4])):
            yield Mention(date, found[0], found.start(), found.end(), "iso")
    for found in _FIGURES.finditer(text):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        short = len(found[4]) == 2
        if short:
            year += 2000 if year < _SHORT_PIVOT else 1900
        month_first = country in MONTH_FIRST and found[2] != "."
        day, month = (
            (other, one) if (month_first and one <= 12) or (other > 12 >= one) else (one, other)
        )
        # A full stop, and every language but English, put the day first.
        swap = one <= 12 and other <= 12 and one != other
        doubtful = swap and found[2] != "." and language in {"en", "", "und"} and not country
        if date := _day(year, month, day):
            yield Mention(
                date,
                found[0],
                found.start(),
                found.end(),
                "short" if short else "figures",
                doubtful,
            )


def _spelled(text: str) -> Iterator[Mention]:
    for language, wanted, pattern in _SPELLED:
        if not wanted.search(text):
            continue
        for found in pattern.finditer(text):
            day = _number(found[1], language)
            year = _number(found[3], language)
            if day and year and (date := _day(year, month_of(found[2], language), day)):
                yield Mention(date, found[0].strip(), found.start(), found.end(), "spelled")


def _number(text: str, language: str) -> int | None:
    figures = re.match(r"\s*(\d{1,4})", text)
    if figures:
        return int(figures[1])
    words = text.split()
    # What follows a year in words belongs to the sentence: try ever less of it.
    for kept in range(len(words), 0, -1):
        value = value_of(" ".join(words[:kept]), language)
        if value:
            return value
    for skipped in range(1, len(words)):
        value = value_of(" ".join(words[skipped:]), language)
        if value:
            return value
    return None


def _months(text: str, language: str) -> Iterator[Mention]:
    for found in _MONTH.finditer(text):
        month = month_of(found[1], language)
        if month and EARLIEST <= int(found[2]) <= LATEST and len(found[1]) > 2:
            yield Mention(
                dates.month(int(found[2]), month), found[0], found.start(), found.end(), "month"
            )


def _solar(year: int, word: str, day: int) -> PartialDate | None:
    """Read a day of the Persian solar year; the calendar's 33-year cycle is exact for 1178-1633."""
    month = hijri().get(word)
    if month is None or not 1178 <= year <= 1633:
        return None
    days = 365 * year + (year * 8 + 21) // 33
    days += (month - 1) * 31 - max(0, month - 7) + day
    # 1 Farvardin 1400 is 21 March 2021.
    first = 365 * 1400 + (1400 * 8 + 21) // 33 + 1
    that = civil(2021, 3, 21) + timedelta(days=days - first)
    return dates.day(that.year, that.month, that.day)
