"""The original beside its text: pages of a PDF as pictures, a web page in a frame that can do nothing."""

import hashlib
import threading
from collections import OrderedDict
from typing import IO, Literal, cast

from flask import Blueprint, abort, request, send_file, url_for
from werkzeug.wrappers import Response

from archive.access import may_read_text
from archive.catalogue import records
from archive.catalogue.records import Item, Record
from archive.errors import Undrawable
from archive.originals import Digest
from indexer import snippets
from indexer.extract.pdf_drawing import WIDTHS
from indexer.query.parser import parse
from webui import here
from webui.languages import gettext
from webui.sayings import told

blueprint = Blueprint("originals", __name__, url_prefix="/d")

FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
"""No script, no form, no request: what a web page brought along shows, and nothing else."""
HELD_BYTES = 48 << 20
"""Pictures that each process of the server remembers, the last asked for."""

Beside = Literal["", "pages", "frame"]


class _Shelf:
    """Pictures by what was asked; those that were not asked for longest make room."""

    def __init__(self, most_bytes: int) -> None:
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._most, self._size, self._lock = most_bytes, 0, threading.Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: str, picture: bytes) -> None:
        with self._lock:
            self._size += len(picture) - len(self._held.pop(key, b""))
            self._held[key] = picture
            while self._size > self._most and len(self._held) > 1:
                self._size -= len(self._held.popitem(last=False)[1])


_shelf = _Shelf(HELD_BYTES)


def beside(record: Record) -> Beside:
    """Return how the original of a record can be shown beside its text; empty where it cannot."""
    media_type = record.items[0].media_type if record.items else ""
    if media_type == "application/pdf" and record.items[0].page_count:
        return "pages"
    return "frame" if media_type == "text/html" else ""


@blueprint.get("/<public_id>/page/<int(min=1):number>.png")
def page(public_id: str, number: int) -> Response:
    """Give a page of a PDF as a picture; words of the query that stand on it are boxed."""
    record, item = _open(public_id, "pages")
    width = WIDTHS[-1] if request.args.get("fine") else WIDTHS[0]
    words = _words(record, number, " ".join(request.args.get("q", "").split()))
    key = hashlib.sha256(f"{item.digest} {number} {width} {words}".encode()).hexdigest()
    response = Response(content_type="image/png")
    response.set_etag(key)
    if request.if_none_match.contains(key):
        return response.make_conditional(request)
    picture = _shelf.get(key)
    if picture is None:
        try:
            with here.archive().originals.as_file(Digest(item.digest)) as path:
                picture = here.archive().reader.draw(path, number, width=width, words=words)
        except Undrawable as error:
            abort(
                404,
                gettext("This page cannot be shown as a picture: %(why)s.", why=told(str(error))),
            )
        _shelf.put(key, picture)
    response.set_data(picture)
    return response


@blueprint.get("/<public_id>/framed")
def framed(public_id: str) -> Response:
    """Give a web page as it was received, to be framed: it can neither run nor ask for anything."""
    _, item = _open(public_id, "frame")
    file = cast(IO[bytes], here.archive().originals.open(Digest(item.digest)))
    response = send_file(file, mimetype="text/html", etag=item.digest, max_age=0)
    # Set here and not by send_file, which would say that every text is in UTF-8.
    response.headers["Content-Type"] = "text/html"
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


def picture_address(record: Record, number: int, query: str, *, fine: bool) -> str:
    """Return the address of the picture of a page."""
    return url_for(
        "originals.page",
        public_id=record.public_id,
        number=number,
        q=query or None,
        fine=1 if fine else None,
    )


def _open(public_id: str, way: Beside) -> tuple[Record, Item]:
    record = here.record_of(public_id)
    if not may_read_text(here.labels(), record.access):
        abort(403, gettext("The text and the original of this document are withheld."))
    if beside(record) != way:
        abort(
            404,
            gettext("The original of this document is not shown so; it can be downloaded."),
        )
    return record, record.items[0]


def _words(record: Record, number: int, query: str) -> tuple[str, ...]:
    """Return the words of a page that the query asked for, as they stand there."""
    if not query:
        return ()
    with here.archive().catalogue.reading() as session:
        pages = records.pages_of(session, [record.record_id])[record.record_id]
    language = record.description.language
    what = snippets.wanted(parse(query).query, frozenset({language} if language else ()))
    text = next((one.text for one in pages if one.number == number), "")
    marks = snippets.marks_in(text, what, language)
    return tuple(dict.fromkeys(text[mark.start : mark.end] for mark in marks))
