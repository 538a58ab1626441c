"""What comparing originals with their digests came to: by item, by run, and in the provenance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.models import FixityRow, FixityRunRow, ItemRow, RecordRow, now
from archive.catalogue.records import note_event

Outcome = Literal["unchanged", "damaged", "missing", "unreadable"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
REPAIRED = "repaired"
"""Outcome of the event of an original that is unchanged again."""
EVENT = "fixity"
"""Kind of the events of this module."""


@dataclass(frozen=True, slots=True)
class Due:
    """An original to compare with its digest."""

    item_id: int
    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What comparing one came to."""

    due: Due
    outcome: Outcome
    detail: str = ""
    """What was found instead; empty where it is unchanged."""


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of every original, whole or as far as it came."""

    fixity_run_id: int
    agent: str
    scheduled: bool
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    after: str
    checked: int
    size_bytes: int
    failed: int
    """Damaged or unreadable."""
    missing: int
    repaired: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How an original stands."""

    digest: str
    outcome: Outcome
    since: datetime
    """When it was first found so."""
    checked_at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Failing:
    """An original that is not as it was received."""

    public_id: str
    title: str
    language: str | None
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far all originals were compared."""

    originals: int
    never: int
    """Never compared since they were received."""
    oldest_at: datetime | None
    """When the one that was not compared for longest was; None where none ever was."""


def begin(session: Session, *, agent: str, scheduled: bool) -> Run:
    """Begin a run."""
    moment = now()
    row = FixityRunRow(
        agent=agent, scheduled=scheduled, begun_at=moment, seen_at=moment, after="",
        checked=0, size_bytes=0, failed=0, missing=0, repaired=0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _run(row)


def last(session: Session, *, scheduled: bool) -> Run | None:
    """Return the run that was begun last, by the job worker or by the command."""
    row = session.scalar(
        select(FixityRunRow)
        .where(FixityRunRow.scheduled.is_(scheduled))
        .order_by(FixityRunRow.fixity_run_id.desc())
        .limit(1)
    )
    return _run(row) if row else None


def runs(session: Session, limit: int = 50) -> list[Run]:
    """Return the last *limit* runs, the latest first."""
    rows = session.scalars(
        select(FixityRunRow).order_by(FixityRunRow.fixity_run_id.desc()).limit(limit)
    )
    return [_run(row) for row in rows]


def due(session: Session, after: str, limit: int) -> list[Due]:
    """Return the *limit* originals that follow digest *after*; purged records have none."""
    rows = session.execute(
        select(ItemRow.item_id, ItemRow.digest, ItemRow.size_bytes)
        .join(RecordRow, RecordRow.record_id == ItemRow.record_id)
        .where(ItemRow.digest > after, RecordRow.state != "purged")
        .order_by(ItemRow.digest)
        .limit(limit)
    )
    return [Due(*row) for row in rows]


def note(session: Session, run: Run, checked: Sequence[Checked], *, at_end: bool) -> Run:
    """Note what comparing some originals came to, in the order of their digests, and return the run.

    Where an original is found otherwise than before, the provenance of its record says so.
    Where another process did the same work meanwhile, nothing is noted and its run returned.
    """
    row = session.get_one(FixityRunRow, run.fixity_run_id)
    if row.after != run.after or row.ended_at is not None:
        return _run(row)
    for one in checked:
        before = session.get(FixityRow, one.due.item_id)
        was = before.outcome if before else "unchanged"
        row.checked += 1
        row.size_bytes += one.due.size_bytes
        row.failed += one.outcome in {"damaged", "unreadable"}
        row.missing += one.outcome == "missing"
        row.repaired += one.outcome == "unchanged" != was
        _put(session, before, one)
        if one.outcome != was:
            _tell(session, one, run.agent)
        row.after = one.due.digest
    row.seen_at = now()
    row.ended_at = row.seen_at if at_end else None
    session.flush()
    return _run(row)


def standing_of(session: Session, digests: Iterable[str]) -> dict[str, Standing]:
    """Return how those originals stand, by digest; those never compared are left out."""
    rows = session.execute(
        select(ItemRow.digest, FixityRow)
        .join(FixityRow, FixityRow.item_id == ItemRow.item_id)
        .where(ItemRow.digest.in_([*digests]))
    )
    return {digest: _standing(digest, row) for digest, row in rows}


def failing(session: Session, limit: int = 500) -> list[Failing]:
    """Return the originals that were last found otherwise than received, the oldest trouble first."""
    rows = session.execute(
        select(RecordRow.public_id, RecordRow.title, RecordRow.language, ItemRow, FixityRow)
        .join(ItemRow, ItemRow.record_id == RecordRow.record_id)
        .join(FixityRow, FixityRow.item_id == ItemRow.item_id)
        .where(FixityRow.outcome != "unchanged", RecordRow.state != "purged")
        .order_by(FixityRow.since, FixityRow.item_id)
        .limit(limit)
    )
    return [
        Failing(public_id, title, language, item.name, _standing(item.digest, row))
        for public_id, title, language, item, row in rows
    ]


def coverage(session: Session) -> Coverage:
    """Return how far all originals were compared."""
    count, compared, oldest = session.execute(
        select(func.count(), func.count(FixityRow.item_id), func.min(FixityRow.checked_at))
        .select_from(ItemRow)
        .join(RecordRow, RecordRow.record_id == ItemRow.record_id)
        .outerjoin(FixityRow, FixityRow.item_id == ItemRow.item_id)
        .where(RecordRow.state != "purged")
    ).one()
    return Coverage(count, count - compared, oldest)


def _put(session: Session, row: FixityRow | None, one: Checked) -> None:
    moment = now()
    if row is None:
        row = FixityRow(item_id=one.due.item_id, since=moment)
        session.add(row)
    elif row.outcome != one.outcome:
        row.since = moment
    row.checked_at, row.outcome, row.detail = moment, one.outcome, one.detail


def _tell(session: Session, one: Checked, agent: str) -> None:
    item = session.get_one(ItemRow, one.due.item_id)
    outcome = REPAIRED if one.outcome == "unchanged" else one.outcome
    detail = ": ".join(filter(None, (item.name, one.detail)))
    note_event(session, item.record_id, EVENT, agent, outcome, detail)


def _run(row: FixityRunRow) -> Run:
    return Run(**{f.name: getattr(row, f.name) for f in fields(Run)})


def _standing(digest: str, row: FixityRow) -> Standing:
    outcome: Outcome = row.outcome  # type: ignore[assignment]
    return Standing(digest, outcome, row.since, row.checked_at, row.detail)
