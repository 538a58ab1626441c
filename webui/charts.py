"""Charts as plain figures, for the templates to draw as SVG with a table beneath."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.engine import UNKNOWN
from indexer.search import Asked, ResultPage
from webui import asking

WIDTH = 260
HEIGHT = 64
YEARS_AS_BARS_MAX = 90
_GAP = 1.0
_BAR_WIDTH_MAX = 14.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar for a year, or for ten where single years would be too thin to hit."""

    label: str
    count: int
    on: bool
    """Whether it is part of what is asked."""
    address: str
    """Of the search with its years chosen, or no longer chosen."""
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Documents by year, from the first year to the last."""

    bars: tuple[Bar, ...]
    first: int
    last: int
    highest: int
    peak: str
    """The label of the highest bar."""


def years(page: ResultPage) -> Histogram | None:
    """Return the histogram of a result; None where no year is known."""
    counts = {int(year): n for year, n in page.facets.get("year", {}).items() if year != UNKNOWN}
    if not counts:
        return None
    first, last = min(counts), max(counts)
    step = 1 if last - first < YEARS_AS_BARS_MAX else 10
    starts = range(first - first % step, last + 1, step)
    chosen = {int(year) for year in asking.chosen(page.asked, "year") if year.isdecimal()}
    asked_years = chosen | _within(page.asked, counts)
    width = min(WIDTH / len(starts), _BAR_WIDTH_MAX)
    sums = {s: sum(counts.get(year, 0) for year in range(s, s + step)) for s in starts}
    highest = max(sums.values())
    bars = []
    for place, (start, count) in enumerate(sums.items()):
        held = [year for year in range(start, start + step) if year in counts]
        bars.append(
            Bar(
                label=str(start) if step == 1 else f"{start}s",
                count=count,
                on=any(year in asked_years for year in held),
                address=asking.address(asking.toggling(page.asked, "year", *map(str, held))),
                x=round(place * width, 2),
                width=round(max(width - _GAP, 1.0), 2),
                height=round(max(2.0, count / highest * HEIGHT), 1) if count else 0,
            )
        )
    peak = max(bars, key=lambda bar: bar.count).label
    return Histogram(tuple(bars), first, last, highest, peak)


def _within(asked: Asked, years_held: Iterable[int]) -> set[int]:
    """Return the years that lie in the range asked for, as far as years can say it."""
    start, end = asked.date_from[:4], asked.date_to[:4]
    if not (start.isdecimal() or end.isdecimal()):
        return set()
    lowest = int(start) if start.isdecimal() else 0
    highest = int(end) if end.isdecimal() else 9999
    return {year for year in years_held if lowest <= year <= highest}
