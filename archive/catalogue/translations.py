"""Translations: records that an archivist linked as one document in several languages."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from archive.catalogue.models import TranslationRow
from archive.catalogue.records import Record, many, note_event


def link(session: Session, one: Record, other: Record, agent: str) -> bool:
    """Link two records as translations of one another; False where they are already.

    Both provenances say so.
    """
    assert one.record_id != other.record_id, "no record is a translation of itself"
    first, second = _key(one, other)
    if session.get(TranslationRow, (first, second)) is not None:
        return False
    session.add(TranslationRow(one_id=first, other_id=second))
    _note(session, "translation linked", one, other, agent)
    return True


def unlink(session: Session, one: Record, other: Record, agent: str) -> bool:
    """Undo such a link; False where there is none. Both provenances say so."""
    first, second = _key(one, other)
    gone = session.execute(
        delete(TranslationRow)
        .where(TranslationRow.one_id == first, TranslationRow.other_id == second)
        .returning(TranslationRow.one_id)
    ).all()
    if gone:
        _note(session, "translation unlinked", one, other, agent)
    return bool(gone)


def of_record(session: Session, record_id: int) -> list[Record]:
    """Return the records linked to this one, whoever may see them, by number."""
    rows = session.execute(
        select(TranslationRow.one_id, TranslationRow.other_id).where(
            or_(TranslationRow.one_id == record_id, TranslationRow.other_id == record_id)
        )
    )
    others = {one if other == record_id else other for one, other in rows}
    found = many(session, others) if others else {}
    return [found[number] for number in sorted(found)]


def _key(one: Record, other: Record) -> tuple[int, int]:
    return min(one.record_id, other.record_id), max(one.record_id, other.record_id)


def _note(session: Session, kind: str, one: Record, other: Record, agent: str) -> None:
    for record, linked in ((one, other), (other, one)):
        note_event(session, record.record_id, kind, agent, "done", linked.public_id)
