"""Charts as plain figures, for the templates to draw as SVG with a table beneath."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.dates import parse_edtf
from indexer.engine import UNKNOWN
from indexer.engine.bars import BAR_STEPS
from indexer.search import Asked, ResultPage
from webui import asking, formats
from webui.languages import gettext

WIDTH = 260
HEIGHT = 64
YEARS_AS_BARS_MAX = 90
BARS_MAX = 130
"""More of them would be too thin to hit; ten years have 120 months."""
_GAP = 1.0
_BAR_WIDTH_MAX = 14.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram."""

    label: str
    count: int
    on: bool
    """Whether it is part of what is asked."""
    address: str
    """Of the search with its dates chosen, or no longer chosen."""
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Documents by decade, year or month, from the first to the last."""

    bars: tuple[Bar, ...]
    first: str
    last: str
    highest: int
    peak: str
    """The label of the highest bar."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table under a histogram; a date less precise than the bars has one, too."""

    label: str
    count: int
    address: str = ""
    """As of the bar; empty where no search finds just these."""


@dataclass(frozen=True, slots=True)
class Step:
    """A width that the bars may have, and the address of the same search with such bars."""

    name: str
    address: str
    now: bool


def years(page: ResultPage) -> Histogram | None:
    """Return the histogram of a result by its facet of years, which may be chosen many at once.

    None where no year is known.
    """
    counts = {int(year): n for year, n in page.facets.get("year", {}).items() if year != UNKNOWN}
    if not counts:
        return None
    first, last = min(counts), max(counts)
    step = 1 if last - first < YEARS_AS_BARS_MAX else 10
    starts = range(first - first % step, last + 1, step)
    chosen = {int(year) for year in asking.chosen(page.asked, "year") if year.isdecimal()}
    asked_years = chosen | _within(page.asked, counts)
    rows: list[tuple[Row, bool]] = []
    for start in starts:
        held = [year for year in range(start, start + step) if year in counts]
        address = asking.address(asking.toggling(page.asked, "year", *map(str, held)))
        label = str(start) if step == 1 else formats.decade(start)
        count = sum(counts[year] for year in held)
        rows.append((Row(label, count, address), any(year in asked_years for year in held)))
    return _drawn(rows, str(first), str(last))


def steps(page: ResultPage) -> tuple[Step, ...]:
    """Return the widths that bars may have here; months where they are few enough to be seen."""
    span = _asked_span(page.asked)
    held = [int(year) for year in page.facets.get("year", {}) if year != UNKNOWN]
    if span is None and not held:
        return ()
    first, last = (span[0][:4], span[1][:4]) if span else (str(min(held)), str(max(held)))
    few = (int(last) - int(first) + 1) * 12 <= BARS_MAX
    return tuple(
        Step(step, asking.address(replace(page.asked, bars=step, page=1)), page.asked.bars == step)
        for step in BAR_STEPS
        if few or step != "month" or page.asked.bars == step
    )


def stepped(page: ResultPage) -> tuple[Histogram | None, tuple[Row, ...]]:
    """Return the histogram of the bars that were asked for, and its table, the latest first.

    Years and months outside the range that is asked for are left out. No histogram where no
    bar has a record, or where there would be too many bars.
    """
    step, asked = page.asked.bars, page.asked
    span = None if step == "decade" else _asked_span(asked)
    own = {_place(k, step): n for k, n in page.bars.items() if _precision(k) == step}
    if span:
        lowest, highest = (_place(_cut(end, step), step) for end in span)
        own = {place: n for place, n in own.items() if lowest <= place <= highest}
    rows = {place: _row(asked, _key(place, step), count) for place, count in own.items()}
    table = (*(rows[place] for place in sorted(rows, reverse=True)), *_coarser(page.bars, step))
    if not own or max(own) - min(own) >= BARS_MAX:
        return None, table
    bars = []
    for place in range(min(own), max(own) + 1):
        key = _key(place, step)
        bars.append((rows.get(place) or Row(_label(key), 0), _is_asked(asked, key)))
    return _drawn(bars, bars[0][0].label, bars[-1][0].label), table


def _drawn(rows: Sequence[tuple[Row, bool]], first: str, last: str) -> Histogram:
    width = min(WIDTH / len(rows), _BAR_WIDTH_MAX)
    highest = max(row.count for row, _ in rows)
    bars = tuple(
        Bar(
            label=row.label,
            count=row.count,
            on=on,
            address=row.address,
            x=round(place * width, 2),
            width=round(max(width - _GAP, 1.0), 2),
            height=round(max(2.0, row.count / highest * HEIGHT), 1) if row.count else 0,
        )
        for place, (row, on) in enumerate(rows)
    )
    return Histogram(bars, first, last, highest, max(bars, key=lambda bar: bar.count).label)


def _row(asked: Asked, key: str, count: int) -> Row:
    """Return the line of a bar: its link asks for its days, and shows them in finer bars.

    A range finds what lies wholly inside: just what the bar counts.
    """
    start, end = _ends(key)
    finer = {"decade": "year", "year": "month", "month": "month"}[_precision(key)]
    chosen = (asked.date_from, asked.date_to) == (start, end)
    there = replace(
        asked,
        date_from="" if chosen else start,
        date_to="" if chosen else end,
        years=(),
        possibly=False,
        page=1,
        bars=_precision(key) if chosen else finer,
    )
    return Row(_label(key), count, asking.address(there))


def _coarser(bars: Mapping[str, int], step: str) -> Iterator[Row]:
    """Yield what is known less precisely than the bars."""
    for key in sorted((key for key in bars if key and _precision(key) != step), reverse=True):
        label = _label(key)
        if _precision(key) == "year":
            yield Row(gettext("%(date)s, month unknown", date=label), bars[key])
        else:
            yield Row(gettext("%(date)s, year unknown", date=label), bars[key])
    if UNKNOWN in bars:
        yield Row(gettext("unknown, or several decades"), bars[UNKNOWN])


def _precision(key: str) -> str:
    return {4: "decade" if key.endswith("X") else "year", 7: "month"}.get(len(key), "")


def _place(key: str, step: str) -> int:
    """Return how many decades, years or months lie before that of *key*."""
    match step:
        case "decade":
            return int(key[:3])
        case "year":
            return int(key)
        case _:
            return int(key[:4]) * 12 + int(key[5:]) - 1


def _key(place: int, step: str) -> str:
    match step:
        case "decade":
            return f"{place:03}X"
        case "year":
            return f"{place:04}"
        case _:
            return f"{place // 12:04}-{place % 12 + 1:02}"


def _label(key: str) -> str:
    return (
        formats.decade(int(key[:3]) * 10)
        if key.endswith("X")
        else formats.partial_date(parse_edtf(key))
    )


def _ends(key: str) -> tuple[str, str]:
    """Return the first and the last date of a bar as they are asked for."""
    return (f"{key[:3]}0", f"{key[:3]}9") if key.endswith("X") else (key, key)


def _cut(day: str, step: str) -> str:
    return day[:4] if step == "year" else day[:7]


def _asked_span(asked: Asked) -> tuple[str, str] | None:
    """Return the first and the last day asked for, where both ends are given and can be read."""
    try:
        first, last = parse_edtf(asked.date_from).first, parse_edtf(asked.date_to).last
    except ValueError:
        return None
    return (first.isoformat(), last.isoformat()) if first <= last else None


def _is_asked(asked: Asked, key: str) -> bool:
    """Whether a bar lies wholly in the range that is asked for."""
    if (span := _asked_span(asked)) is None:
        return False
    start, end = (parse_edtf(written) for written in _ends(key))
    return span[0] <= start.first.isoformat() and end.last.isoformat() <= span[1]


def _within(asked: Asked, years_held: Iterable[int]) -> set[int]:
    """Return the years that lie in the range asked for, as far as years can say it."""
    start, end = asked.date_from[:4], asked.date_to[:4]
    if not (start.isdecimal() or end.isdecimal()):
        return set()
    lowest = int(start) if start.isdecimal() else 0
    highest = int(end) if end.isdecimal() else 9999
    return {year for year in years_held if lowest <= year <= highest}
