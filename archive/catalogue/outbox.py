"""Changes the index has not seen yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from archive.access import Label
from archive.catalogue.models import ChangeRow, LabelRow


@dataclass(frozen=True, slots=True)
class Change:
    """A record that must be indexed again."""

    change_id: int
    """Rises with every change, over the whole archive."""
    record_id: int
    seen_by: frozenset[str]
    """The labels that the record bore before and after."""


def note(session: Session, record_id: int, labels: Iterable[Label | None]) -> int:
    """Note that a record changed, and return the number of the change.

    *labels* are those it bore before and after. It is committed with whatever changed the
    record, or not at all.
    """
    return note_all(session, [(record_id, labels)])[0]


def note_all(
    session: Session, changed: Sequence[tuple[int, Iterable[Label | None]]]
) -> Sequence[int]:
    """As `note`, of several records; the numbers of their changes rise."""
    seen = [sorted({label for label in labels if label}) for _, labels in changed]
    numbers = session.scalars(
        insert(ChangeRow).returning(ChangeRow.change_id, sort_by_parameter_order=True),
        [
            {"record_id": record_id, "seen_by": " ".join(labels)}
            for (record_id, _), labels in zip(changed, seen, strict=True)
        ],
    ).all()
    latest = {
        label: number for labels, number in zip(seen, numbers, strict=True) for label in labels
    }
    for label, number in latest.items():
        session.merge(LabelRow(label=label, change_id=number))
    return numbers


def pending(session: Session, after: int, limit: int) -> Sequence[Change]:
    """Return the oldest *limit* changes later than change *after*, in order."""
    rows = session.execute(
        select(ChangeRow.change_id, ChangeRow.record_id, ChangeRow.seen_by)
        .where(ChangeRow.change_id > after)
        .order_by(ChangeRow.change_id)
        .limit(limit)
    )
    return [Change(number, record_id, frozenset(seen.split())) for number, record_id, seen in rows]


def last(session: Session) -> int:
    """Return the number of the last change; 0 where nothing ever changed."""
    return session.scalar(select(func.max(ChangeRow.change_id))) or 0


def first_kept(session: Session) -> int:
    """Return the number of the oldest change still known; an index older than it is rebuilt."""
    return session.scalar(select(func.min(ChangeRow.change_id))) or 0


def last_by_label(session: Session) -> Mapping[str, int]:
    """Return the number of the last change that the holders of each label could see."""
    return {row.label: row.change_id for row in session.scalars(select(LabelRow))}


def settle(session: Session, upto: int) -> None:
    """Forget the changes before *upto*, which the index holds durably.

    Number *upto* itself stays: an index that is not even there lacks something forgotten.
    """
    session.execute(delete(ChangeRow).where(ChangeRow.change_id < upto))
