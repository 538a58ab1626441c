"""What documents refer to, as their pages show it, and the list of what is wanted."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request

from archive.access import may_read_text
from archive.catalogue import records, references
from archive.catalogue.records import Record
from archive.catalogue.references import UNKNOWN, Held, Instrument, Mentioned, Wanted
from archive.kinds import PARENTS
from webui import formats, here
from webui.describing import around
from webui.languages import gettext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

blueprint = Blueprint("referring", __name__)

PAGE_SIZE = 50
EXPORT_MAX = 20_000
SHOWN_AT_ONCE = 20
"""References of a document beyond these are folded away."""

COLUMNS = ("records", "kind", "number", "name", "date", "issuer", "country", "written", "passage",
           "page", "document")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pointer:
    """One reference, to show."""

    title: str
    """The instrument, as precisely as is known."""
    facts: tuple[str, ...]
    before: str
    written: str
    """The words of the reference, between `before` and `after` of their passage."""
    after: str
    page: int | None
    times: int = 1
    documents: tuple[Record, ...] = ()
    """What it leads to, or, on the other side, the document that refers."""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Pointers:
    """Both sides of a document."""

    to: tuple[Pointer, ...] = ()
    by: tuple[Pointer, ...] = ()

    @property
    def held(self) -> int:
        """How many of what it refers to are in the archive, surely."""
        return sum(bool(one.documents) and one.sure for one in self.to)


def pointers_of(session: "Session", record: Record) -> Pointers:
    """Return what the document refers to and what refers to it, for the present reader."""
    labels, kinds = here.labels(), here.archive().kinds
    readable = may_read_text(labels, record.access)
    to = references.of_record(session, record.record_id, labels, kinds) if readable else []
    by = references.to_record(session, record.record_id, labels, kinds)
    ids = {held.record_id for one in to for held in one.held} | {one.record_id for one in by}
    known = records.many(session, ids)
    return Pointers(
        tuple(_pointer(one.mentioned, one.instrument, one.held, known) for one in to),
        tuple(_pointer(one.mentioned, None, (Held(one.record_id, one.sure),), known) for one in by),
    )


@blueprint.get("/wanted")
@here.staff_only
def wanted() -> str:
    """Show what documents refer to and the archive does not hold."""
    country, parent = _filters()
    page = _page()
    archive = here.archive()
    with archive.catalogue.reading() as session:
        total, rows = references.wanted(
            session, country=country, parent=parent, kinds=archive.kinds,
            limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE,
        )  # fmt: skip
        countries = references.wanted_by_country(session, archive.kinds)
        known = records.many(session, {row.record_id for row in rows})
    return render_template(
        "wanted.html",
        total=total,
        rows=[(row, _pointer(row.mentioned, row.instrument, (), known), known.get(row.record_id)) for row in rows],
        countries=sorted(countries.items(), key=lambda one: (one[0] == "", -one[1], one[0])),
        parents=PARENTS,
        country=country,
        parent=parent,
        unknown=UNKNOWN,
        page=page,
        page_count=-(-total // PAGE_SIZE),
    )  # fmt: skip


@blueprint.get("/wanted.csv")
@here.staff_only
def wanted_csv() -> Response:
    """Send the list as a table to save."""
    country, parent = _filters()
    archive = here.archive()
    with archive.catalogue.reading() as session:
        _, rows = references.wanted(
            session, country=country, parent=parent, kinds=archive.kinds, limit=EXPORT_MAX
        )
        known = records.many(session, {row.record_id for row in rows})
    return Response(
        _table(rows, known),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="wanted.csv"'},
    )


def title_of(one: Instrument) -> str:
    """Return what an instrument is called: its name, or its kind and number.

    >>> title_of(Instrument("k", "", "country", kind="law", number="351/IVQ"))
    'Law 351-IVQ'
    """
    kind = formats.kind_label(one.kind) if one.kind else ""
    if one.name:
        return kind if one.kind == "constitution" else one.name
    number = _LETTERED.sub(r"\1-\2", one.number)
    return " ".join(filter(None, (kind or ("" if number else gettext("Document")), number)))


_LETTERED = re.compile(r"^(\d+)/([^\W\d_]+)$")


def facts_of(one: Instrument) -> tuple[str, ...]:
    """Return what else is known: date, issuer, country."""
    return tuple(
        filter(
            None,
            (
                formats.partial_date(one.date) if one.date else "",
                one.issuer,
                formats.country(one.country) if one.country else "",
            ),
        )
    )


def _pointer(
    mentioned: Mentioned,
    instrument: Instrument | None,
    held: Sequence[Held],
    known: Mapping[int, Record],
) -> Pointer:
    before, written, after = around(mentioned.passage, mentioned.written)
    return Pointer(
        title=title_of(instrument) if instrument else "",
        facts=facts_of(instrument) if instrument else (),
        before=before,
        written=written,
        after=after,
        page=mentioned.page,
        times=mentioned.times,
        documents=tuple(known[one.record_id] for one in held if one.record_id in known),
        sure=all(one.sure for one in held),
    )


def _table(rows: Iterable[Wanted], known: Mapping[int, Record]) -> str:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for row in rows:
        one, where = row.instrument, row.mentioned
        cells = (
            row.records, one.kind, one.number, one.name, one.date or "", one.issuer, one.country,
            where.written, where.passage, where.page or "", known[row.record_id].public_id,
        )  # fmt: skip
        table.writerow([_harmless(str(cell)) for cell in cells])
    return file.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: the text comes out of documents."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _filters() -> tuple[str, str]:
    country, parent = request.args.get("country", ""), request.args.get("kind", "")
    if parent and parent not in (*PARENTS, UNKNOWN):
        abort(
            400,
            gettext(
                "There is no kind “%(written)s”; there are %(known)s.",
                written=parent[:40],
                known=", ".join(PARENTS),
            ),
        )
    return country[:10], parent


def _page() -> int:
    written = request.args.get("page", "1")
    if not written.isdecimal() or (page := int(written[:6])) < 1:
        abort(
            400,
            gettext(
                "There is no page “%(written)s”; pages are counted from 1.", written=written[:40]
            ),
        )
    return page
