"""The page of a document, and its original."""

import re
from typing import IO, cast

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from archive.access import may_read_text
from archive.catalogue import records
from archive.catalogue.records import Item, PageText, Record, is_public_id
from archive.citation.crosswalk import permalink
from archive.citation.formats import FORMATS
from archive.errors import IndexUnavailable, RecordMissing
from archive.originals import Digest
from indexer import suggest
from webui import (
    citations,
    copies,
    describing,
    fixity,
    here,
    originals,
    referring,
    selection,
    sheets,
    trail,
)
from webui.languages import gettext

blueprint = Blueprint("records", __name__, url_prefix="/d")

# Characters of an id that are easily taken for another; an id has no vowels and no l.
_MISREAD = str.maketrans("oil", "011")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


@blueprint.get("/<public_id>")
def show(public_id: str) -> str | Response:
    """Show a document: its text, how to cite it, what is known of it and from where."""
    if (meant := _meant(public_id)) != public_id:
        return redirect(url_for(".show", public_id=meant, q=request.args.get("q")))
    record = here.record_of(public_id)
    way = trail.followed(record)
    query = way.asked.query
    archive = here.archive()
    readable = may_read_text(here.labels(), record.access)
    with archive.catalogue.reading() as catalogue:
        pages = records.pages_of(catalogue, [record.record_id]) if readable else {}
        findings = records.findings_of(catalogue, record.record_id)
        events = records.provenance_of(catalogue, record.record_id)
        pointers = referring.pointers_of(catalogue, record)
    text = pages.get(record.record_id, [])
    return render_template(
        "record.html",
        record=record,
        about=record.description,
        query=query,
        readable=readable,
        original_shown=originals.beside(record) if readable else "",
        trail=way,
        beside=originals.beside(record) if request.args.get("view") == "original" else "",
        picture=originals.picture_address,
        sheet=sheets.sheet_of(record, text, query, _part()),
        reference=citations.plain_reference(record),
        name_shown=citations.name_shown,
        formats=FORMATS,
        rows=describing.rows_of(record, findings),
        pointers=pointers,
        shown_at_once=referring.SHOWN_AT_ONCE,
        sentences=describing.sentences_of(events),
        standing=describing.standing_of(record),
        fixity=fixity.sentences_of(record),
        copies=copies.of_record(record),
        verdicts=copies.VERDICTS,
        translations=copies.translations_of(record),
        permalink=permalink(public_id, archive.settings.site),
        selected=selection.holds(public_id),
        related=_related(record, text),
        per_part=sheets.PAGES_A_PART if record.paged else sheets.PARAGRAPHS_A_PART,
    )


@blueprint.get("/<public_id>/page")
def page(public_id: str) -> Response:
    """Lead to a page of a document, by its number."""
    record = here.record_of(public_id)
    last = max((item.page_count for item in record.items), default=0)
    written = request.args.get("number", "").strip()
    if not written.isdecimal() or not 1 <= int(written[:9]) <= last:
        abort(
            404,
            gettext(
                "There is no page “%(written)s”; this document has the pages 1 to %(last)s.",
                written=written[:40],
                last=last,
            ),
        )
    return redirect(trail.said().place(record, int(written)))


@blueprint.get("/<public_id>/original", defaults={"place": 1})
@blueprint.get("/<public_id>/original/<int(min=2):place>")
def original(public_id: str, place: int) -> Response:
    """Send a file exactly as it was received, to be saved and not shown."""
    record = here.record_of(public_id)
    if not 1 <= place <= len(record.items):
        raise RecordMissing(f"the document {public_id} has no file number {place}")
    if not may_read_text(here.labels(), record.access):
        abort(403, gettext("The text and the original of this document are withheld."))
    return _sent(record.items[place - 1])


def _related(record: Record, text: list[PageText]) -> tuple[Record, ...]:
    """Return the records most like one; a document is shown without an index, too."""
    try:
        return suggest.related(record, text, here.desk())
    except IndexUnavailable:
        return ()


def _sent(item: Item) -> Response:
    file = cast(IO[bytes], here.archive().originals.open(Digest(item.digest)))
    response = send_file(
        file,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=item.name,
        etag=item.digest,
        max_age=0,
    )
    # Set here and not by send_file, which would say that every text is in UTF-8.
    if _MEDIA_TYPE.fullmatch(item.media_type):
        response.headers["Content-Type"] = item.media_type
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if response.status_code == 200:
        response.content_length = item.size_bytes
    return response


def _meant(public_id: str) -> str:
    """Return the id that was meant where letters were taken for others; else the one given."""
    read = public_id.lower().translate(_MISREAD)
    return read if is_public_id(read) else public_id


def _part() -> int:
    written = request.args.get("part", "1")
    if not written.isdecimal() or (part := int(written[:6])) < 1:
        abort(
            400,
            gettext(
                "There is no part “%(written)s” of a text; parts are counted from 1.",
                written=written[:40],
            ),
        )
    return part
