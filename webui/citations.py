"""Citations to take away: of one document, of a selection, of any list of ids."""

from collections.abc import Iterable

from flask import Blueprint, Response, abort, request

from archive.catalogue.records import Record
from archive.citation.crosswalk import Name, Reference, reference_of
from archive.citation.formats import FORMATS, Format, write
from webui import here, selection
from webui.languages import gettext

blueprint = Blueprint("citations", __name__)

RECORDS_MAX = 500


@blueprint.get("/d/<public_id>/cite.<extension>")
def of_record(public_id: str, extension: str) -> Response:
    """Download the citation of one document."""
    chosen = _format(extension)
    return _file([here.record_of(public_id)], chosen, public_id)


@blueprint.get("/selection/cite.<extension>")
def of_selection(extension: str) -> Response:
    """Download the citations of the selection."""
    return _file(selection.selected(), _format(extension), "selection")


@blueprint.get("/cite")
def of_ids() -> Response:
    """Download the citations of the documents named in the address."""
    chosen = FORMATS.get(request.args.get("format", "ris"))
    ids = list(dict.fromkeys(request.args.getlist("id")))
    if chosen is None:
        abort(400, _no_format())
    if not 1 <= len(ids) <= RECORDS_MAX:
        abort(400, gettext("Name 1 to %(most)s documents, as in ?id=…&id=….", most=RECORDS_MAX))
    return _file([here.record_of(public_id) for public_id in ids], chosen, "citations")


def plain_reference(record: Record) -> Reference:
    """Return what the reference line of a record page is made of."""
    return reference_of(record, here.archive().settings.site, here.archive().kinds)


def name_shown(name: Name) -> str:
    """Return a name as a reference line has it, the family name last.

    >>> name_shown(Name(family="Bailey", given="Helen")), name_shown(Name(literal="Senate"))
    ('Helen Bailey', 'Senate')
    """
    return name.literal or " ".join(filter(None, (name.given, name.family, name.suffix)))


def _format(extension: str) -> Format:
    """Return the format of this slug, or the first with this extension."""
    named_so = (one for one in FORMATS.values() if one.extension == extension)
    chosen = FORMATS.get(extension) or next(named_so, None)
    if chosen is None:
        abort(404, _no_format())
    return chosen


def _no_format() -> str:
    known = ", ".join(FORMATS)
    return gettext("There is no such citation format. Formats: %(known)s.", known=known)


def _file(records: Iterable[Record], chosen: Format, name: str) -> Response:
    archive = here.archive()
    text = write(records, chosen.slug, archive.settings.site, kinds=archive.kinds)
    response = Response(text, content_type=f"{chosen.media_type}; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{chosen.extension}")
    return response
