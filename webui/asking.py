"""A search as its address says it, and back: the whole state of a search is its address."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from archive.errors import SearchRefused
from indexer.engine import FacetName
from indexer.search import CHOOSABLE, Asked


def asked_of(args: "MultiDict[str, str]") -> Asked:
    """Return what an address asks; SearchRefused where no link or form of ours wrote it."""
    return Asked(
        query=" ".join(args.get("q", "").split()),
        excluded=_values(args, "not"),
        date_from=args.get("from", "").strip(),
        date_to=args.get("to", "").strip(),
        possibly=args.get("possibly", "") == "1",
        reading=args.get("reading", ""),
        sort=args.get("sort", "") or "relevance",
        page=1 if (page := _whole_number(args, "page")) is None else page,
        size=_whole_number(args, "size"),
        bars=args.get("bars", ""),
        **{field: _values(args, facet) for facet, field in CHOOSABLE.items()},
    )


def address(asked: Asked, page: str = "search.results", **more: str) -> str:
    """Return the shortest address that asks this of a page."""
    # A page of results has a hundred of these.
    path = _path_of(page, request.script_root, more.pop("facet", ""))
    said = urlencode([*pairs(asked), *more.items()])
    return f"{path}?{said}" if said else path


@lru_cache(maxsize=64)
def _path_of(page: str, _root: str, facet: str) -> str:
    return url_for(page, facet=facet or None)


def pairs(asked: Asked, *, but: str = "") -> list[tuple[str, str]]:
    """Return what the address of a search says, for the fields of a form; without one name."""
    return [
        (name, value)
        for name, values in _said(asked)
        if name != but
        for value in ([values] if isinstance(values, str) else values)
    ]


def chosen(asked: Asked, facet: FacetName) -> tuple[str, ...]:
    """Return the values chosen of a facet."""
    values: tuple[str, ...] = getattr(asked, CHOOSABLE[facet])
    return values


def choosing(asked: Asked, facet: FacetName, *values: str) -> Asked:
    """Return the same question with exactly these values of a facet, on its first page."""
    changed: dict[str, tuple[str, ...]] = {CHOOSABLE[facet]: values}
    return replace(asked, page=1, **changed)  # type: ignore[arg-type]


def toggling(asked: Asked, facet: FacetName, *values: str) -> Asked:
    """Return the same question with these values chosen, or no longer where all of them were."""
    now = chosen(asked, facet)
    if all(value in now for value in values):
        return choosing(asked, facet, *(value for value in now if value not in values))
    return choosing(asked, facet, *dict.fromkeys((*now, *values)))


def narrows(asked: Asked) -> bool:
    """Whether anything but words is asked."""
    return bool(
        asked.date_from
        or asked.date_to
        or asked.excluded
        or any(chosen(asked, facet) for facet in CHOOSABLE)
    )


def _values(args: "MultiDict[str, str]", name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in args.getlist(name) if value.strip()))


def _whole_number(args: "MultiDict[str, str]", name: str) -> int | None:
    written = args.get(name, "").strip()
    if not written:
        return None
    try:
        return int(written)
    except ValueError as error:
        raise SearchRefused(f"{name} must be a whole number, not {written[:40]!r}") from error


def _said(asked: Asked) -> Iterator[tuple[str, str | list[str]]]:
    if asked.query:
        yield "q", asked.query
    for facet in CHOOSABLE:
        if values := chosen(asked, facet):
            yield facet, list(values)
    if asked.excluded:
        yield "not", list(asked.excluded)
    if asked.date_from:
        yield "from", asked.date_from
    if asked.date_to:
        yield "to", asked.date_to
    if asked.possibly:
        yield "possibly", "1"
    if asked.reading:
        yield "reading", asked.reading
    if asked.sort != "relevance":
        yield "sort", asked.sort
    if asked.size is not None:
        yield "size", str(asked.size)
    if asked.bars:
        yield "bars", asked.bars
    if asked.page > 1:
        yield "page", str(asked.page)
