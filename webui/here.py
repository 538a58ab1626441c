"""The archive, and who is reading it, in the present request."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, g, session

from archive import accounts
from archive.access import Label, labels_held
from archive.accounts import Account
from archive.catalogue import records
from archive.catalogue.records import Record
from archive.errors import RecordMissing
from indexer.bootstrap import Archive
from indexer.suggest import Desk

STAFF = frozenset({"archivist", "admin"})

View = TypeVar("View", bound=Callable[..., Any])


class RecordWithdrawn(RecordMissing):
    """There was a document with this id, open to all; its tombstone says when it went."""

    def __init__(self, public_id: str, at: datetime) -> None:
        """Say which, and since when."""
        super().__init__(f"the document {public_id} was withdrawn from this archive")
        self.at = at


def archive() -> Archive:
    """Return the archive that is served."""
    return cast(Archive, current_app.extensions["muniment"])


def account() -> Account | None:
    """Return who is signed in, with the role the catalogue gives them now."""
    if "account" not in g:
        g.account = _signed_in()
    return cast(Account | None, g.account)


def labels() -> frozenset[Label]:
    """Return the visibility labels that the reader holds."""
    who = account()
    return labels_held(who.role if who else None)


def desk() -> Desk:
    """Return what suggestions for the reader are made from."""
    held = archive()
    return Desk(labels(), held.catalogue, held.engine, held.settings.search, held.kinds)


def is_staff() -> bool:
    """Whether the reader may put documents in."""
    who = account()
    return who is not None and who.role in STAFF


def staff_only(view: View) -> View:
    """Mark a view for archivists; `create_app` asks before a byte of the request is read."""
    view.staff_only = True  # type: ignore[attr-defined]
    return view


def record_of(public_id: str) -> Record:
    """Return the record if the reader may see it.

    RecordMissing: there is none for this reader. RecordWithdrawn: there was one for everybody.
    """
    if not records.is_public_id(public_id):
        raise RecordMissing(
            f"“{public_id[:40]}” is no id of a document: its check character does not fit"
        )
    with archive().catalogue.reading() as catalogue:
        record = records.by_public_id(catalogue, public_id)
        if record.label in labels():
            return record
        if record.label is None:
            happened = records.provenance_of(catalogue, record.record_id)
            was_public = record.access != "restricted" and any(
                event.kind == "published" for event in happened
            )
            if was_public or is_staff():
                raise RecordWithdrawn(public_id, happened[-1].at)
    raise RecordMissing(f"no document has the id {public_id!r}; check it for a slip of the pen")


def local_address(address: str) -> str:
    r"""Return *address* where it stays on this site; nothing otherwise.

    >>> local_address("/search?q=peace"), local_address("//evil.example"), local_address("/\\evil")
    ('/search?q=peace', '', '')
    """
    plain = address.isprintable() and address.startswith("/") and "\\" not in address
    if not plain or address.startswith("//"):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else address


def _signed_in() -> Account | None:
    number, until = session.get("account"), session.get("until", 0)
    if not isinstance(number, int) or datetime.now(UTC).timestamp() > until:
        return None
    with archive().catalogue.reading() as catalogue:
        return accounts.by_number(catalogue, number)
