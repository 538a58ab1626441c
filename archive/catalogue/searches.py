"""Searches that are kept: records of what one found, and those somebody wants to be told about."""

import hashlib
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.models import RecordRow, SavedSearchRow, SearchRecordRow, now
from archive.catalogue.records import new_public_id
from archive.errors import RecordMissing


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """What a search found at one moment."""

    public_id: str
    at: datetime
    asked: dict[str, object]
    """indexer.search.Asked by field."""
    read_as: str
    reading: str
    notices: tuple[str, ...]
    labels: frozenset[str]
    """Whose eyes it was seen with; it is shown to those who hold them all."""
    change_id: int
    """The last change that the index held."""
    last_record_id: int
    """Records with greater numbers were taken in later."""
    state: str
    """The name of that state (indexer.search.state_name)."""
    software: str
    digest: str
    """As `digest_of`."""
    record_ids: tuple[int, ...]
    """Ascending."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody wants to be told about."""

    number: int
    name: str
    saved_at: datetime
    asked: dict[str, object]
    seen_change_id: int
    """Changes after this one were not yet shown to its owner."""


def digest_of(public_ids: Iterable[str]) -> str:
    r"""Return the SHA-256 of the ids in ascending order, each followed by a line feed.

    >>> digest_of(["b2", "a1"]) == hashlib.sha256(b"a1\nb2\n").hexdigest()
    True
    """
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(public_ids)).encode()).hexdigest()


def pack(record_ids: Sequence[int]) -> bytes:
    """Return ascending numbers in few bytes: their differences, compressed.

    >>> unpack(pack((3, 4, 1_000_000))), unpack(pack(()))
    ((3, 4, 1000000), ())
    """
    steps = array("Q", (b - a for a, b in pairwise((0, *record_ids))))
    return zlib.compress(steps.tobytes())


def unpack(packed: bytes) -> tuple[int, ...]:
    """Return what was packed."""
    steps = array("Q")
    steps.frombytes(zlib.decompress(packed))
    return tuple(accumulate(steps))


def keep(session: Session, fingerprint: str, found: SearchRecord) -> SearchRecord:
    """Keep *found*, whose id is given here; what bears this fingerprint already is returned."""
    known = session.scalar(
        select(SearchRecordRow).where(SearchRecordRow.fingerprint == fingerprint)
    )
    if known is None:
        known = SearchRecordRow(
            public_id=new_public_id(),
            fingerprint=fingerprint,
            at=now(),
            asked=found.asked,
            read_as=found.read_as,
            reading=found.reading,
            notices=list(found.notices),
            labels=sorted(found.labels),
            change_id=found.change_id,
            last_record_id=found.last_record_id,
            state=found.state,
            software=found.software,
            total=len(found.record_ids),
            digest=found.digest,
            record_ids=pack(found.record_ids),
        )
        session.add(known)
        session.flush()
    return _search_record(known)


def by_public_id(session: Session, public_id: str) -> SearchRecord:
    """Return the search record with this id; RecordMissing where there is none."""
    row = session.scalar(select(SearchRecordRow).where(SearchRecordRow.public_id == public_id))
    if row is None:
        raise RecordMissing(f"no record of a search has the id {public_id[:40]!r}")
    return _search_record(row)


def kept_since(session: Session, moment: datetime) -> int:
    """Return how many search records were made since *moment*."""
    made = select(func.count()).where(SearchRecordRow.at >= moment)
    return session.scalar(made) or 0


def last_record_id(session: Session, change_id: int) -> int:
    """Return the greatest number of a record that an index with *change_id* holds."""
    held = select(func.max(RecordRow.record_id)).where(RecordRow.change_id <= change_id)
    return session.scalar(held) or 0


def save(
    session: Session, account_id: int, name: str, asked: dict[str, object], seen_change_id: int
) -> SavedSearch:
    """Save a search for an account; one that is saved already only gets the new name."""
    for row in _saved(session, account_id):
        # Earlier versions also kept what was not asked, as empty.
        if {name: value for name, value in row.asked.items() if value} == asked:
            row.name = name
            return _saved_search(row)
    row = SavedSearchRow(
        account_id=account_id,
        name=name,
        saved_at=now(),
        asked=asked,
        seen_change_id=seen_change_id,
    )
    session.add(row)
    session.flush()
    return _saved_search(row)


def saved_by(session: Session, account_id: int) -> list[SavedSearch]:
    """Return the searches of an account, the oldest first."""
    return [_saved_search(row) for row in _saved(session, account_id)]


def mark_seen(session: Session, account_id: int, numbers: Iterable[int], upto: datetime) -> None:
    """Note that the owner saw what changed until *upto*; never less than was seen."""
    wanted = set(numbers)
    until = select(func.max(RecordRow.change_id)).where(RecordRow.changed_at <= upto)
    change_id = session.scalar(until) or 0
    for row in _saved(session, account_id):
        if row.saved_search_id in wanted:
            row.seen_change_id = max(row.seen_change_id, change_id)


def forget(session: Session, account_id: int, number: int) -> None:
    """Delete a search of an account; nothing where it is none of theirs."""
    for row in _saved(session, account_id):
        if row.saved_search_id == number:
            session.delete(row)


def _saved(session: Session, account_id: int) -> Sequence[SavedSearchRow]:
    mine = select(SavedSearchRow).where(SavedSearchRow.account_id == account_id)
    return session.scalars(mine.order_by(SavedSearchRow.saved_search_id)).all()


def _saved_search(row: SavedSearchRow) -> SavedSearch:
    return SavedSearch(
        row.saved_search_id, row.name, row.saved_at, dict(row.asked), row.seen_change_id
    )


def _search_record(row: SearchRecordRow) -> SearchRecord:
    return SearchRecord(
        public_id=row.public_id,
        at=row.at,
        asked=dict(row.asked),
        read_as=row.read_as,
        reading=row.reading,
        notices=tuple(row.notices),
        labels=frozenset(row.labels),
        change_id=row.change_id,
        last_record_id=row.last_record_id,
        state=row.state,
        software=row.software,
        digest=row.digest,
        record_ids=unpack(row.record_ids),
    )
