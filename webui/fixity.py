"""Whether originals are still as they were received: the runs, and what they found."""

from datetime import timedelta

from flask import Blueprint, render_template

from archive.catalogue import checks
from archive.catalogue.checks import Outcome, Standing
from archive.catalogue.records import Record
from webui import formats, here

blueprint = Blueprint("fixity", __name__, url_prefix="/fixity")

WORDS: dict[Outcome, str] = {
    "unchanged": "unchanged",
    "damaged": "does not match its digest",
    "missing": "is missing",
    "unreadable": "cannot be read",
}


@blueprint.get("")
@here.staff_only
def listed() -> str:
    """Show the originals that are not as received, how far all were compared, and the runs."""
    archive = here.archive()
    settings = archive.settings.fixity
    with archive.catalogue.reading() as session:
        scheduled = checks.last(session, scheduled=True)
        page = {
            "failing": checks.failing(session),
            "coverage": checks.coverage(session),
            "runs": checks.runs(session),
        }
    next_at = None
    if settings.days and scheduled is not None and scheduled.ended_at is not None:
        next_at = scheduled.begun_at + timedelta(days=settings.days)
    return render_template("fixity.html", **page, words=WORDS, next_at=next_at, days=settings.days)


def sentences_of(record: Record) -> dict[str, str]:
    """Return what is known of each of the record's originals, by digest, in a sentence."""
    with here.archive().catalogue.reading() as session:
        standing = checks.standing_of(session, [item.digest for item in record.items])
    return {digest: sentence_of(one) for digest, one in standing.items()}


def sentence_of(one: Standing) -> str:
    """Return how an original stands, for everybody who reads its page."""
    checked, since = formats.day(one.checked_at), formats.day(one.since)
    match one.outcome:
        case "unchanged":
            return f"Compared with this digest on {checked}: unchanged."
        case "damaged":
            return f"The file received does not match its digest since {since}; the text was read before."
        case "missing":
            return f"The file received is missing since {since}; the text was read before."
        case "unreadable":
            return f"The file received cannot be read since {since}; the text was read before."
