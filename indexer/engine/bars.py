"""Under which bar of a histogram of dates a record counts.

Keys are EDTF: `199X`, `1993`, `1993-12`. A date less precise than the bars counts under the
key of the year or decade it lies in, one that may lie in several decades as UNKNOWN.
"""

from typing import Literal, get_args

from archive.dates import PartialDate

BarStep = Literal["decade", "year", "month"]
BAR_STEPS: tuple[BarStep, ...] = get_args(BarStep)
"""From coarse to fine."""


def bar_of(date: PartialDate | None, step: BarStep) -> str:
    """Return the key of *date*, from its first and last day alone; "" where no bar is its own.

    >>> from archive.dates import parse_edtf
    >>> [bar_of(parse_edtf("1993"), step) for step in BAR_STEPS]
    ['199X', '1993', '1993']
    >>> bar_of(parse_edtf("1989/1991"), "year")
    ''
    """
    if date is None:
        return ""
    first, last = date.first, date.last
    if step == "month" and (first.year, first.month) == (last.year, last.month):
        return f"{first.year:04}-{first.month:02}"
    if step != "decade" and first.year == last.year:
        return f"{first.year:04}"
    if first.year // 10 == last.year // 10:
        return f"{first.year // 10:03}X"
    return ""
