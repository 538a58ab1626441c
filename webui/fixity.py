"""Whether originals are still as they were received: the runs, and what they found."""

from datetime import timedelta

from flask import Blueprint, render_template

from archive.catalogue import checks
from archive.catalogue.checks import Outcome, Standing
from archive.catalogue.records import Record
from webui import formats, here
from webui.languages import gettext, to_translate

blueprint = Blueprint("fixity", __name__, url_prefix="/fixity")

WORDS: dict[Outcome, str] = {
    "unchanged": to_translate("it is unchanged"),
    "damaged": to_translate("it does not match its digest"),
    "missing": to_translate("it is missing"),
    "unreadable": to_translate("it cannot be read"),
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
    return render_template("fixity.html", **page, wrong=wrong, next_at=next_at, days=settings.days)


def sentences_of(record: Record) -> dict[str, tuple[str, bool]]:
    """Return what is known of each original of a record, by digest: in a sentence, and whether
    it is as it was received."""
    with here.archive().catalogue.reading() as session:
        standing = checks.standing_of(session, [item.digest for item in record.items])
    return {
        digest: (sentence_of(one), one.outcome == "unchanged") for digest, one in standing.items()
    }


def sentence_of(one: Standing) -> str:
    """Return how an original stands, for everybody who reads its page."""
    since = formats.day(one.since)
    match one.outcome:
        case "unchanged":
            checked = formats.day(one.checked_at)
            return gettext("Compared with this digest on %(day)s: unchanged.", day=checked)
        case "damaged":
            return gettext("The file received does not match its digest since %(day)s.", day=since)
        case "missing":
            return gettext("The file received is missing since %(day)s.", day=since)
        case "unreadable":
            return gettext("The file received cannot be read since %(day)s.", day=since)


def wrong(one: Standing) -> str:
    """Return in words what is wrong with an original."""
    return gettext(WORDS[one.outcome])
