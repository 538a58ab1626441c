"""The originals of a selection to take away, with their descriptions: a BagIt bag, as it is made."""

import io
from collections.abc import Iterator, Sequence

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from archive.catalogue.records import Record
from indexer import bagged
from indexer.bootstrap import Archive
from webui import here, selection
from webui.languages import gettext

blueprint = Blueprint("bags", __name__)


@blueprint.get("/selection/bag.zip")
def of_selection() -> Response:
    """Download the originals of the selection that the reader may read, and their descriptions."""
    chosen = selection.readable(selection.selected())
    if not chosen:
        abort(
            404, gettext("Nothing of your selection can be downloaded: it is empty, or withheld.")
        )
    response = Response(_chunks(chosen, here.archive()), content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename="selection.zip")
    return response


class _Outlet(io.RawIOBase):
    """What was written since somebody took it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, chunk: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._held.append(bytes(chunk))
        return len(chunk)

    def take(self) -> bytes:
        taken = b"".join(self._held)
        self._held.clear()
        return taken


def _chunks(chosen: Sequence[Record], archive: Archive) -> Iterator[bytes]:
    """Yield the bag a chunk at a time: no more than one is in memory.

    Whatever fails breaks the download off; what came is then no zip file.
    """
    outlet = _Outlet()
    for _ in bagged.exporting(outlet, chosen, archive=archive, name="selection"):  # type: ignore[arg-type]
        if chunk := outlet.take():
            yield chunk
    yield outlet.take()
