"""From which result a reader came to a document, and what stands beside it there.

The address of the document says it: the search as the address of its result does, and `at`, the
place of the document in it. So it can be followed without a cookie and without a script.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from archive.catalogue import records
from archive.catalogue.records import Record
from archive.errors import IndexUnavailable
from indexer import search
from indexer.search import Asked
from webui import asking, here, sheets


@dataclass(frozen=True, slots=True)
class Trail:
    """A place in a result."""

    asked: Asked
    at: int
    """From 1; 0 where the reader did not come from a result."""
    total: int = 0
    """How many documents the result has; 0 where the document no longer stands at this place."""
    before: str = ""
    """The address of the document before it; empty where there is none."""
    after: str = ""

    @property
    def back(self) -> str:
        """The address of the page of the result; empty where the reader came from none."""
        if not self.at:
            return asking.address(Asked(query=self.asked.query)) if self.asked.query else ""
        size = search.size_of(self.asked, here.archive().settings.search)
        return asking.address(replace(self.asked, page=(self.at - 1) // size + 1))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the address says of it, for the fields of a form."""
        if not self.at:
            return [("q", self.asked.query)] if self.asked.query else []
        return [*asking.pairs(replace(self.asked, page=1)), ("at", str(self.at))]

    def address(self, public_id: str, *, at: int | None = None, **more: Any) -> str:
        """Return the address of a document of the same result, or of this one."""
        return address_of(public_id, self.asked, self.at if at is None else at, **more)

    def place(self, record: Record, locator: int) -> str:
        """Return the address of a passage."""
        part = sheets.part_of(locator, paged=record.paged)
        return self.address(record.public_id, part=part if part > 1 else None, anchor=f"p{locator}")


NO_TRAIL = Trail(Asked(), 0)


def address_of(
    public_id: str,
    asked: Asked,
    at: int,
    *,
    part: int | None = None,
    view: str | None = None,
    anchor: str = "",
) -> str:
    """Return the address of the document at place *at* of a result; 0: of no result."""
    # A page of results has dozens of these, all of one search.
    address = f"{_to_documents(request.script_root)}{public_id}"
    said = _said(asked, whole=bool(at))
    if at:
        said += f"{'&' if said else ''}at={at}"
    for name, value in (("part", part), ("view", view)):
        if value is not None:
            said += f"{'&' if said else ''}{name}={value}"
    return f"{address}{'?' if said else ''}{said}{'#' if anchor else ''}{anchor}"


@lru_cache(maxsize=16)
def _to_documents(_root: str) -> str:
    return url_for("records.show", public_id="x")[:-1]


@lru_cache(maxsize=256)
def _said(asked: Asked, *, whole: bool) -> str:
    if whole:
        return urlencode(asking.pairs(replace(asked, page=1)))
    return urlencode({"q": asked.query}) if asked.query else ""


def said() -> Trail:
    """Return the place that the address of the request says; nothing is looked for."""
    written = request.args.get("at", "")
    at = int(written[:7]) if written.isdecimal() else 0
    if not at:
        return Trail(Asked(query=" ".join(request.args.get("q", "").split())), 0)
    return Trail(replace(asking.asked_of(request.args), page=1), at)


def followed(record: Record) -> Trail:
    """Return where the reader of *record* is, and what stands beside it."""
    way = said()
    asked, at = way.asked, way.at
    if not at:
        return way
    archive = here.archive()
    try:
        total, numbers = search.around(
            asked,
            at,
            labels=here.labels(),
            engine=archive.engine,
            settings=archive.settings.search,
            kinds=archive.kinds,
        )
    except IndexUnavailable:  # the document is shown all the same
        return way
    if numbers.get(at) != record.record_id:
        return way
    with archive.catalogue.reading() as session:
        held = records.many(session, (n for place, n in numbers.items() if place != at))
    beside = {
        place: address_of(held[number].public_id, asked, place)
        for place, number in numbers.items()
        if number in held
    }
    return Trail(asked, at, total, beside.get(at - 1, ""), beside.get(at + 1, ""))
