"""The records whose text cannot be searched, in part or whole: why, and reading them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive.catalogue import troubles
from archive.catalogue.records import Item
from archive.catalogue.troubles import UNKNOWN_LANGUAGE
from indexer import indexing, rereading
from indexer.extract import GapWhy
from webui import here
from webui.formats import STATUSES
from webui.languages import gettext, ngettext, to_translate

blueprint = Blueprint("unsearchable", __name__, url_prefix="/unsearchable")

ON_A_PAGE = 50
WORDS = {**STATUSES, UNKNOWN_LANGUAGE: to_translate("its language was not recognised")}
GAP_WORDS: dict[GapWhy, str] = {
    "picture": to_translate("a picture"),
    "garbled": to_translate("with a garbled text layer"),
    "failed": to_translate("that could not be read"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the text of some records."""

    name: str
    words: str
    count: int


@blueprint.get("")
@here.staff_only
def listed() -> str:
    """Show them, fifty at a time, those with one trouble or all."""
    trouble = request.args.get("trouble") or None
    if trouble is not None and trouble not in WORDS:
        abort(
            400,
            gettext(
                "There is no trouble “%(written)s”; follow a link of this page.",
                written=trouble[:40],
            ),
        )
    written = request.args.get("after", "0")
    after = int(written[:12]) if written.isdecimal() else 0
    with here.archive().catalogue.reading() as session:
        counts = troubles.counted(session)
        some = troubles.listed(session, trouble=trouble, after=after, limit=ON_A_PAGE + 1)
    return render_template(
        "unsearchable.html",
        troubles=[Trouble(name, WORDS[name], count) for name, count in counts.items()],
        chosen=trouble,
        records=some[:ON_A_PAGE],
        next_after=some[ON_A_PAGE - 1].record_id if len(some) > ON_A_PAGE else None,
        trouble_of=trouble_of,
        gaps_of=gaps_of,
    )


@blueprint.post("/<public_id>/reread")
@here.staff_only
def reread(public_id: str) -> Response:
    """Read a record's files again, and show the record."""
    here.record_of(public_id)
    archive = here.archive()
    for _ in rereading.read_again(archive, public_id):
        pass
    indexing.catch_up(
        archive.catalogue, archive.engine, batch=archive.settings.index.batch, wait=True
    )
    return redirect(url_for("records.show", public_id=public_id), 303)


def trouble_of(item: Item) -> str:
    """Return in words what is wrong with the text of a file."""
    return gettext(WORDS[UNKNOWN_LANGUAGE if item.status == "text" else item.status])


def gaps_of(item: Item) -> Sequence[str]:
    """Return which pages have no text, in words: `pages 3–5, 9: a picture`."""
    told = []
    for why, words in GAP_WORDS.items():
        pages = [page for page, one in item.gaps if one == why]
        if pages and (item.paged or len(pages) > 1):
            told.append(
                ngettext(
                    "page %(pages)s: %(why)s",
                    "pages %(pages)s: %(why)s",
                    len(pages),
                    pages=_runs(pages),
                    why=gettext(words),
                )
            )
    return told


def _runs(pages: Sequence[int]) -> str:
    """Return page numbers with neighbours joined.

    >>> _runs([3, 4, 5, 9])
    '3–5, 9'
    """
    runs = []
    for _, inside in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0]):
        run = [page for _, page in inside]
        runs.append(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}")
    return ", ".join(runs)
