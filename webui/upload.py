"""Putting documents in over the web."""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, render_template, request
from werkzeug.datastructures import FileStorage

from indexer.bootstrap import Archive
from indexer.ingest import NoRoom, Outcome, OutcomeName, take_in
from indexer.sources import Source, expand, uploaded
from webui import here
from webui.languages import gettext, to_translate

blueprint = Blueprint("upload", __name__)

OUTCOMES: dict[OutcomeName, str] = {
    "taken": to_translate("taken in"),
    "kept": to_translate("kept, but not all of its text can be searched"),
    "held": to_translate("held already"),
    "refused": to_translate("refused"),
}


@dataclass(frozen=True, slots=True)
class _Saved:
    """A file of the request, as a file of ours."""

    path: Path
    name: str


@blueprint.get("/upload")
@here.staff_only
def form() -> str:
    """Show the form."""
    return _page(200)[0]


@blueprint.post("/upload")
@here.staff_only
def take() -> tuple[str, int]:
    """Take the files in and report what became of each."""
    archive, who = here.archive(), here.account()
    assert who is not None, "the view is for staff"
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        return _page(400, problem=gettext("Choose at least one file."))
    told: list[Outcome] = []
    problem = ""
    with _saved(files, archive.incoming) as saved:
        try:
            take_in(
                _sources(saved, archive),
                archive=archive,
                agent=who.name,
                via="upload",
                publish=request.form.get("publish") == "1",
                told=told.append,
            )
        except NoRoom:
            problem = gettext(
                "The archive has no room left. What is listed here is safe; "
                "tell whoever runs it, and upload the others again later."
            )
    return _page(507 if problem else 200, told=told, problem=problem)


def _page(status: int, *, told: list[Outcome] | None = None, problem: str = "") -> tuple[str, int]:
    settings = here.archive().settings
    told = told or []
    counts = [
        (sum(1 for one in told if one.outcome == outcome), words)
        for outcome, words in OUTCOMES.items()
    ]
    page = render_template(
        "upload.html",
        told=told,
        counts=[(count, words) for count, words in counts if count],
        outcomes=OUTCOMES,
        problem=problem,
        review_required=settings.review.required,
        file_max_mib=settings.ingest.file_max_mib,
        total_max_mib=settings.serve.upload_max_mib,
    )
    return page, status


@contextlib.contextmanager
def _saved(files: list[FileStorage], folder: Path) -> Iterator[list[_Saved]]:
    """Give the files under names of ours, for the time of the context."""
    saved: list[_Saved] = []
    try:
        for file in files:
            one = _Saved(folder / secrets.token_hex(16), file.filename or "")
            saved.append(one)
            file.save(one.path)
        yield saved
    finally:
        for one in saved:
            one.path.unlink(missing_ok=True)


def _sources(saved: list[_Saved], archive: Archive) -> Iterator[Source]:
    for one in saved:
        yield from expand(uploaded(one.path, one.name), archive.incoming, archive.settings.ingest)
