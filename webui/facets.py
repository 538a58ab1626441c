"""What may be chosen beside a result: every value with its count, and what is chosen already."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.kinds import PARENTS, Kind
from indexer.engine import UNKNOWN, FacetName
from indexer.search import UNKNOWN_WORD, Asked, ResultPage
from webui import asking, formats
from webui.languages import gettext, ngettext, to_translate

VALUES_SHOWN = 8
LEAVES_SHOWN = 4
CHIPS_SHOWN = 5
_UNKNOWN = {
    "year": to_translate("year unknown"),
    "kind": to_translate("kind unknown"),
    "country": to_translate("country unknown"),
    "language": to_translate("language unknown"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    value: str
    """As an address says it."""
    label: str
    count: int
    chosen: bool
    leaves: tuple["Choice", ...] = ()
    more_leaves: tuple["Choice", ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether it stands for records of which this is not known."""
        return self.value == UNKNOWN_WORD


@dataclass(frozen=True, slots=True)
class Facet:
    """One heading with its values: those shown, and those behind "more"."""

    name: str
    title: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, and the address without it."""

    facet: str
    label: str
    address: str


def facets_of(page: ResultPage, kinds: Mapping[str, Kind]) -> tuple[Facet, ...]:
    """Return the facets that stand as lists; the years have a chart of their own."""
    return (
        _kinds(page, kinds),
        _plain(page, "country", gettext("Country"), formats.country, str.upper),
        _plain(page, "language", gettext("Language"), formats.language, str.lower),
    )


def years_of(page: ResultPage) -> tuple[Choice, ...]:
    """Return every year of the result, the latest first, *unknown* last."""
    found = page.facets.get("year", {})
    now = asking.chosen(page.asked, "year")
    years = {*found, *(UNKNOWN if year == UNKNOWN_WORD else year for year in now)}
    return tuple(
        _choice(year, year, found.get(year, 0), now)
        for year in sorted(years, key=lambda year: (year != UNKNOWN, year), reverse=True)
    )


def chips_of(asked: Asked) -> tuple[Chip, ...]:
    """Return what is chosen, each with the way back."""
    return tuple(_chips(asked))


def _chips(asked: Asked) -> Iterator[Chip]:
    if asked.date_from or asked.date_to:
        label = _range_label(asked.date_from, asked.date_to)
        if asked.possibly:
            label = gettext("%(dates)s, also possibly", dates=label)
        without = replace(asked, date_from="", date_to="", possibly=False, page=1)
        yield Chip(gettext("Date"), label, asking.address(without))
    years = asking.chosen(asked, "year")
    if len(years) > 4:
        label = ngettext(
            "%(num)s year, %(first)s–%(last)s",
            "%(num)s years, %(first)s–%(last)s",
            len(years),
            first=min(years),
            last=max(years),
        )
        yield Chip(gettext("Year"), label, asking.address(asking.choosing(asked, "year")))
        years = ()
    name_of: Mapping[str, tuple[str, Callable[[str], str]]] = {
        "kind": (gettext("Kind"), formats.kind),
        "country": (gettext("Country"), lambda code: formats.country(code.upper())),
        "language": (gettext("Language"), formats.language),
    }
    yield from (_chip(asked, "year", gettext("Year"), year, year) for year in years)
    for facet, (title, shown) in name_of.items():
        for value in asking.chosen(asked, facet):
            yield _chip(asked, facet, title, value, shown(value))


def _chip(asked: Asked, facet: str, title: str, value: str, label: str) -> Chip:
    label = gettext(_UNKNOWN[facet]) if value == UNKNOWN_WORD else label
    return Chip(title, label, asking.address(asking.toggling(asked, facet, value)))


def _range_label(start: str, end: str) -> str:
    if start and end:
        return (
            start
            if start == end
            else f"{start}–{end}"
            if _years(start, end)
            else f"{start} – {end}"
        )
    return gettext("from %(date)s", date=start) if start else gettext("to %(date)s", date=end)


def _years(*written: str) -> bool:
    return all(one.isdigit() for one in written)


def _plain(
    page: ResultPage,
    name: FacetName,
    title: str,
    shown: Callable[[str], str],
    written: Callable[[str], str],
) -> Facet:
    found = page.facets.get(name, {})
    now = tuple(
        value if value == UNKNOWN_WORD else written(value)
        for value in asking.chosen(page.asked, name)
    )
    values = {*found, *(UNKNOWN if value == UNKNOWN_WORD else value for value in now)}
    choices = [_choice(value, shown(value), found.get(value, 0), now) for value in values]
    return Facet(name, title, *_split(choices, VALUES_SHOWN))


def _kinds(page: ResultPage, kinds: Mapping[str, Kind]) -> Facet:
    found = page.facets.get("kind", {})
    now = asking.chosen(page.asked, "kind")
    choices = [
        choice for parent in PARENTS if (choice := _parent(parent, found, now, kinds)) is not None
    ]
    if UNKNOWN in found or UNKNOWN_WORD in now:
        choices.append(_choice(UNKNOWN, "", found.get(UNKNOWN, 0), now))
    return Facet("kind", gettext("Kind"), tuple(sorted(choices, key=_order)))


def _parent(
    parent: str, found: Mapping[str, int], now: Iterable[str], kinds: Mapping[str, Kind]
) -> Choice | None:
    leaves = [
        Choice(value, formats.kind(kind.path), found.get(kind.slug, 0), value in now)
        for kind in kinds.values()
        if kind.parent == parent
        # A leaf that bears its parent's name must be told from it.
        and (
            (value := kind.path if kind.slug in PARENTS else kind.slug) in now or kind.slug in found
        )
    ]
    if not leaves and parent not in now:
        return None
    total = sum(leaf.count for leaf in leaves)
    # A single leaf of its parent's name says nothing that the parent does not.
    named_alike = (
        len(leaves) == 1 and leaves[0].label == formats.kind(parent) and not leaves[0].chosen
    )
    shown, more = _split([] if named_alike else leaves, LEAVES_SHOWN)
    return Choice(parent, formats.kind(parent), total, parent in now, shown, more)


def _choice(value: str, label: str, count: int, now: Iterable[str]) -> Choice:
    if value == UNKNOWN:
        return Choice(UNKNOWN_WORD, gettext("unknown"), count, UNKNOWN_WORD in now)
    return Choice(value, label, count, value in now)


def _split(choices: Iterable[Choice], limit: int) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Return those to show and the rest; what is chosen and what is unknown is always shown."""
    ordered = sorted(choices, key=_order)
    if len(ordered) <= limit + 1:  # "1 more" takes as much room as the one
        return tuple(ordered), ()
    first = {choice.value for choice in ordered[:limit]}
    shown = [c for c in ordered if c.value in first or c.chosen or c.unknown]
    return tuple(shown), tuple(c for c in ordered if c not in shown)


def _order(choice: Choice) -> tuple[bool, int, str]:
    return choice.unknown, -choice.count, choice.label
