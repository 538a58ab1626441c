"""What may be chosen beside a result: every value with its count, and what is chosen already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.kinds import PARENTS, Kind
from indexer import analysis
from indexer.engine import UNKNOWN, FacetName
from indexer.search import UNKNOWN_WORD, Asked, ResultPage
from webui import asking, formats
from webui.languages import gettext, ngettext, to_translate

TITLES: Mapping[FacetName, str] = {
    "year": to_translate("Year"),
    "kind": to_translate("Kind"),
    "country": to_translate("Country"),
    "spoken_of": to_translate("Countries spoken of"),
    "issuer": to_translate("Issuer"),
    "language": to_translate("Language"),
    "collection": to_translate("Collection"),
    "access": to_translate("Access"),
}
PLAIN: tuple[FacetName, ...] = (
    "country",
    "spoken_of",
    "issuer",
    "language",
    "collection",
    "access",
)
"""The facets that are plain lists of values."""
ACCESS_NAMES = {
    "public": to_translate("open to all"),
    "text_withheld": to_translate("text withheld"),
    "restricted": to_translate("archivists only"),
}
VALUES_SHOWN = 8
MORE_SHOWN = 12
LEAVES_SHOWN = 4
CHIPS_SHOWN = 5
UNKNOWN_NAMES: Mapping[FacetName, str] = {
    "year": to_translate("year unknown"),
    "kind": to_translate("kind unknown"),
    "country": to_translate("country unknown"),
    "spoken_of": to_translate("countries spoken of unknown"),
    "issuer": to_translate("issuer unknown"),
    "language": to_translate("language unknown"),
    "collection": to_translate("collection unknown"),
    "access": to_translate("access unknown"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    value: str
    """As an address says it."""
    label: str
    count: int
    chosen: bool
    excluded: bool = False
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
    total: int = 0
    """How many values there are."""
    address: str = ""
    """Of the page that has them all; empty where all stand here."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, and the address without it."""

    facet: str
    label: str
    address: str


def facets_of(page: ResultPage, kinds: Mapping[str, Kind]) -> tuple[Facet, ...]:
    """Return the facets that stand as lists; the years have a chart of their own."""
    plain = (_plain(page, name) for name in PLAIN)
    return (_kinds(page, kinds), *filter(_worth, plain))


def _worth(facet: Facet) -> bool:
    """Whether there is anything to choose or to learn."""
    only = facet.shown[0] if facet.total == 1 else None
    if only is None or only.chosen or only.excluded or facet.name in {"country", "language"}:
        return True
    return facet.name != "access" and not only.unknown


def values_of(page: ResultPage, name: FacetName, find: str, *, by_name: bool) -> list[Choice]:
    """Return all values of a facet whose name holds *find*, however it is spelt."""
    wanted = analysis.fold(find)
    found = [one for one in _choices(page, name) if wanted in analysis.fold(one.label)]
    return sorted(found, key=(lambda one: analysis.fold(one.label)) if by_name else _order)


def years_of(page: ResultPage) -> tuple[Choice, ...]:
    """Return every year of the result, the latest first, *unknown* last."""
    found = page.facets.get("year", {})
    now = asking.chosen(page.asked, "year")
    years = {*found, *(UNKNOWN if year == UNKNOWN_WORD else year for year in now)}
    return tuple(
        _choice(year, year, found.get(year, 0), now)
        for year in sorted(years, key=lambda year: (year != UNKNOWN, year), reverse=True)
    )


def in_words(asked: Asked) -> str:
    """Return a search in a few words."""
    chosen = [chip.label for chip in chips_of(asked)]
    return " · ".join([*filter(None, [asked.query]), *chosen]) or gettext("All documents")


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
    yield from (_chip(asked, "year", year) for year in years)
    for facet in ("kind", *PLAIN):
        for value in asking.chosen(asked, facet):
            yield _chip(asked, facet, value)
    for one in asked.excluded:
        name, _, value = one.partition(":")
        if name in TITLES:
            label = gettext("not %(what)s", what=label_of(name, value))  # type: ignore[arg-type]
            without = replace(
                asked, page=1, excluded=tuple(other for other in asked.excluded if other != one)
            )
            yield Chip(gettext(TITLES[name]), label, asking.address(without))  # type: ignore[index]


def _chip(asked: Asked, facet: FacetName, value: str) -> Chip:
    label = label_of(facet, value)
    if facet == "spoken_of" and value != UNKNOWN_WORD:
        label = gettext("speaks of %(country)s", country=label)
    return Chip(gettext(TITLES[facet]), label, asking.address(asking.toggling(asked, facet, value)))


def label_of(facet: FacetName, value: str) -> str:
    """Return the name of a value as an address has it."""
    if value == UNKNOWN_WORD:
        return gettext(UNKNOWN_NAMES[facet])
    match facet:
        case "kind":
            return formats.kind(value)
        case "country" | "spoken_of":
            return formats.country(value.upper())
        case "language":
            return formats.language(value)
        case "access":
            return gettext(ACCESS_NAMES[value]) if value in ACCESS_NAMES else value
        case _:
            return value


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


def _plain(page: ResultPage, name: FacetName) -> Facet:
    choices = _choices(page, name)
    shown, more = _split(choices, VALUES_SHOWN)
    address = asking.address(replace(page.asked, page=1), "search.values", facet=name)
    return Facet(
        name, gettext(TITLES[name]), shown, more[:MORE_SHOWN], len(choices), address if more else ""
    )


def _choices(page: ResultPage, name: FacetName) -> list[Choice]:
    found = page.facets.get(name, {})
    write = {"country": str.upper, "spoken_of": str.upper, "language": str.lower}.get(name, str)

    def written(values: Iterable[str]) -> set[str]:
        return {value if value == UNKNOWN_WORD else write(value) for value in values}

    now, out = written(asking.chosen(page.asked, name)), written(excluded(page.asked, name))
    values = {*found, *(UNKNOWN if value == UNKNOWN_WORD else value for value in now | out)}
    return [
        _choice(value, label_of(name, value), found.get(value, 0), now, out) for value in values
    ]


def excluded(asked: Asked, facet: FacetName) -> list[str]:
    """Return the values of a facet that must not be."""
    pairs = (one.partition(":") for one in asked.excluded)
    return [value for name, _, value in pairs if name == facet]


def _kinds(page: ResultPage, kinds: Mapping[str, Kind]) -> Facet:
    found = page.facets.get("kind", {})
    now = asking.chosen(page.asked, "kind")
    out = excluded(page.asked, "kind")
    choices = [
        choice
        for parent in PARENTS
        if (choice := _parent(parent, found, now, out, kinds)) is not None
    ]
    if UNKNOWN in found or UNKNOWN_WORD in (*now, *out):
        choices.append(_choice(UNKNOWN, "", found.get(UNKNOWN, 0), now, out))
    title = TITLES["kind"]
    shown = tuple(sorted(choices, key=_order))
    return Facet("kind", gettext(title), shown, total=len(shown))


def _parent(
    parent: str,
    found: Mapping[str, int],
    now: Iterable[str],
    out: Iterable[str],
    kinds: Mapping[str, Kind],
) -> Choice | None:
    leaves = [
        Choice(value, formats.kind(kind.path), found.get(kind.slug, 0), value in now, value in out)
        for kind in kinds.values()
        if kind.parent == parent
        # A leaf that bears its parent's name must be told from it.
        and (
            (value := kind.path if kind.slug in PARENTS else kind.slug) in (*now, *out)
            or kind.slug in found
        )
    ]
    if not leaves and parent not in (*now, *out):
        return None
    total = sum(leaf.count for leaf in leaves)
    # A single leaf of its parent's name says nothing that the parent does not.
    named_alike = (
        len(leaves) == 1
        and leaves[0].label == formats.kind(parent)
        and not (leaves[0].chosen or leaves[0].excluded)
    )
    shown, more = _split([] if named_alike else leaves, LEAVES_SHOWN)
    return Choice(parent, formats.kind(parent), total, parent in now, parent in out, shown, more)


def _choice(
    value: str, label: str, count: int, now: Iterable[str], out: Iterable[str] = ()
) -> Choice:
    if value == UNKNOWN:
        return Choice(
            UNKNOWN_WORD, gettext("unknown"), count, UNKNOWN_WORD in now, UNKNOWN_WORD in out
        )
    return Choice(value, label, count, value in now, value in out)


def _split(choices: Iterable[Choice], limit: int) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Return those to show and the rest; what is chosen and what is unknown is always shown."""
    ordered = sorted(choices, key=_order)
    if len(ordered) <= limit + 1:  # "1 more" takes as much room as the one
        return tuple(ordered), ()
    first = {choice.value for choice in ordered[:limit]}
    shown = [c for c in ordered if c.value in first or c.chosen or c.excluded or c.unknown]
    return tuple(shown), tuple(c for c in ordered if c not in shown)


def _order(choice: Choice) -> tuple[bool, int, str]:
    return choice.unknown, -choice.count, choice.label
