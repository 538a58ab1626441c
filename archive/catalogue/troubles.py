"""Records that cannot be searched by all of their text, and pictures that wait for OCR."""

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from archive.access import State
from archive.catalogue import records
from archive.catalogue.models import ItemRow, RecordRow
from archive.catalogue.records import Record

FINDABLE: tuple[State, ...] = ("waiting", "published", "returned")
"""The states of records that somebody finds."""

UNKNOWN_LANGUAGE = "unknown_language"
"""The trouble of a record whose text was read, but in a language that was not recognised."""


def counted(session: Session) -> dict[str, int]:
    """Return how many records have which trouble with their text, the most frequent first.

    A trouble is a status of an item that is not `text`, or UNKNOWN_LANGUAGE.
    """
    trouble = _trouble().label("trouble")
    query = select(trouble, func.count()).select_from(RecordRow).join(ItemRow)
    rows = session.execute(query.where(_troubled()).group_by(trouble))
    return dict(sorted(((name, n) for name, n in rows), key=lambda row: (-row[1], row[0])))


def listed(
    session: Session, *, trouble: str | None = None, after: int = 0, limit: int = 500
) -> list[Record]:
    """Return records that cannot be searched by all of their text, in order of number.

    Those that follow record *after*; with *trouble*, those that have it. Records that nobody
    finds any more are left out.
    """
    query = select(RecordRow.record_id).join(ItemRow).where(_troubled())
    if trouble is not None:
        query = query.where(_trouble() == trouble)
    query = query.where(RecordRow.record_id > after).distinct()
    numbers = session.scalars(query.order_by(RecordRow.record_id).limit(limit)).all()
    held = records.many(session, numbers)
    return [held[number] for number in numbers]


def to_recognise(session: Session, recognised_by: str) -> Record | None:
    """Return a record with pictures of text that OCR was not tried on with *recognised_by*."""
    number = session.scalar(
        select(RecordRow.record_id)
        .join(ItemRow)
        .where(
            RecordRow.state.in_(FINDABLE),
            ItemRow.to_recognise > 0,
            ItemRow.recognised_by != recognised_by,
        )
        .order_by(RecordRow.record_id)
        .limit(1)
    )
    return None if number is None else records.many(session, [number])[number]


def _troubled() -> ColumnElement[bool]:
    unknown = or_(RecordRow.language.is_(None), RecordRow.language == "und")
    return and_(
        RecordRow.state.in_(FINDABLE),
        or_(ItemRow.status != "text", and_(ItemRow.char_count > 0, unknown)),
    )


def _trouble() -> ColumnElement[str]:
    return case((ItemRow.status != "text", ItemRow.status), else_=UNKNOWN_LANGUAGE)
