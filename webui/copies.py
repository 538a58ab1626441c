"""Copies of a document, where two documents differ, and translations linked by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive.access import may_read_text
from archive.catalogue import records, translations
from archive.catalogue.records import Record
from archive.errors import RecordMissing
from indexer.copies import comparing, duplicates
from indexer.copies.duplicates import Copy
from indexer.copies.likeness import Verdict, contradict, verdict
from webui import here
from webui.languages import gettext, to_translate

blueprint = Blueprint("copies", __name__, url_prefix="/d")

VERDICTS: dict[Verdict, str] = {
    "same_text": to_translate("the same text"),
    "near_copy": to_translate("near-copy"),
    "related": to_translate("related"),
}


def of_record(record: Record) -> list[Copy]:
    """Return the copies of a record that the reader may see and read."""
    with here.archive().catalogue.reading() as catalogue:
        return duplicates.copies_of(catalogue, record, here.labels())


def translations_of(record: Record) -> list[Record]:
    """Return the translations of a record that the reader may see."""
    labels = here.labels()
    with here.archive().catalogue.reading() as catalogue:
        linked = translations.of_record(catalogue, record.record_id)
    return [other for other in linked if other.label in labels]


@blueprint.get("/<public_id>/compare/<other_id>")
def compare(public_id: str, other_id: str) -> str:
    """Show where the texts of two documents differ."""
    one, other = here.record_of(public_id), here.record_of(other_id)
    if one.record_id == other.record_id:
        abort(400, gettext("These are not two documents but one."))
    if not all(may_read_text(here.labels(), record.access) for record in (one, other)):
        abort(403, gettext("The text of one of these documents is withheld."))
    with here.archive().catalogue.reading() as catalogue:
        pages = records.pages_of(catalogue, [one.record_id, other.record_id])
    found = comparing.compare(
        pages[one.record_id],
        pages[other.record_id],
        one_paged=one.paged,
        other_paged=other.paged,
    )
    said = verdict(found.common, one.description, other.description)
    return render_template(
        "compare.html",
        one=one,
        other=other,
        found=found,
        said=VERDICTS[said] if said else "",
        contradict=contradict(one.description, other.description),
    )


@blueprint.post("/<public_id>/translations")
@here.staff_only
def link(public_id: str) -> Response:
    """Link two documents as translations of one another."""
    one, other = here.record_of(public_id), _named(public_id)
    with here.archive().catalogue.writing() as catalogue:
        done = translations.link(catalogue, one, other, _who())
    flash(
        gettext("Linked as a translation: %(title)s", title=other.description.title)
        if done
        else gettext("It was linked already.")
    )
    return redirect(url_for("records.show", public_id=public_id, _anchor="translations"), 303)


@blueprint.post("/<public_id>/translations/remove")
@here.staff_only
def unlink(public_id: str) -> Response:
    """Undo such a link."""
    one, other = here.record_of(public_id), _named(public_id)
    with here.archive().catalogue.writing() as catalogue:
        done = translations.unlink(catalogue, one, other, _who())
    flash(
        gettext("No longer linked as a translation: %(title)s", title=other.description.title)
        if done
        else gettext("There was no such link.")
    )
    return redirect(url_for("records.show", public_id=public_id, _anchor="translations"), 303)


def _named(public_id: str) -> Record:
    """Return the other document that a form names by its id or address.

    Itself, one that is not there and one that is hidden are refused in the same words.
    """
    written = request.form.get("other", "").strip()
    named = written.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].lower()
    try:
        other = here.record_of(named)
    except RecordMissing:
        other = None
    if other is None or other.public_id == public_id:
        abort(
            400,
            gettext(
                "“%(written)s” names no other document that you can see.", written=written[:80]
            ),
        )
    return other


def _who() -> str:
    who = here.account()
    assert who is not None, "the view is for staff"
    return who.name
