"""What changed of given records, and when: for feeds, alerts and records of searches."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Label, label_of
from archive.catalogue.models import RecordRow

FEW = 900
"""So many numbers fit into one statement of any database."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record stands now."""

    record_id: int
    public_id: str
    label: Label | None
    change_id: int
    changed_at: datetime


def newest(
    session: Session, record_ids: Sequence[int], before: datetime | None, limit: int
) -> list[int]:
    """Return the *limit* of the records that changed last, the last first.

    With *before*, of those that changed before that moment. *record_ids* ascend.
    """
    late = select(RecordRow.record_id).order_by(
        RecordRow.changed_at.desc(), RecordRow.record_id.desc()
    )
    if before is not None:
        late = late.where(RecordRow.changed_at < before)
    if len(record_ids) <= FEW:
        return list(session.scalars(late.where(RecordRow.record_id.in_(record_ids)).limit(limit)))
    # Of many, some of any thousand records are among them: looking through the latest finds them.
    wanted = frozenset(record_ids)
    rows = session.scalars(late.execution_options(yield_per=1000))
    return list(islice((one for one in rows if one in wanted), limit))


def changed_after(session: Session, record_ids: Iterable[int], change_id: int) -> list[int]:
    """Return those of the records that changed after *change_id*, the last first."""
    wanted = frozenset(record_ids)
    late = select(RecordRow.record_id).where(RecordRow.change_id > change_id)
    rows = session.scalars(late.order_by(RecordRow.change_id.desc()))
    return [one for one in rows if one in wanted]


def standings(session: Session, record_ids: Iterable[int]) -> dict[int, Standing]:
    """Return how each of the records stands now, by its number."""
    return {one.record_id: one for one in _standings(session, sorted(record_ids))}


def _standings(session: Session, record_ids: Sequence[int]) -> Iterator[Standing]:
    columns = (
        RecordRow.record_id,
        RecordRow.public_id,
        RecordRow.state,
        RecordRow.access,
        RecordRow.change_id,
        RecordRow.changed_at,
    )
    for at in range(0, len(record_ids), FEW):
        some = record_ids[at : at + FEW]
        for row in session.execute(select(*columns).where(RecordRow.record_id.in_(some))):
            number, public_id, state, access, change_id, changed_at = row
            yield Standing(number, public_id, label_of(state, access), change_id, changed_at)  # type: ignore[arg-type]
