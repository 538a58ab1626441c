"""New records: many in one transaction, with few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from archive.access import Access, State, label_of
from archive.catalogue import outbox, records
from archive.catalogue.models import (
    EventRow,
    ItemRow,
    OtherDateRow,
    RecordRow,
    now,
)
from archive.catalogue.records import Described, Description, Item, PageText, Record


@dataclass(frozen=True, slots=True)
class Addition:
    """A record to be added, with all that is known of it."""

    description: Description
    findings: Sequence[Described]
    item: Item
    """Its original must be durable already."""
    embedded: Sequence[tuple[str, str]]
    pages: Sequence[PageText]
    state: State
    access: Access


def add(
    session: Session,
    *,
    accession_id: int,
    agent: str,
    description: Description,
    findings: Sequence[Described],
    item: Item,
    embedded: Sequence[tuple[str, str]],
    pages: Sequence[PageText],
    state: State,
    access: Access,
) -> Record:
    """As `add_all`, of one record."""
    one = Addition(description, findings, item, embedded, pages, state, access)
    return add_all(session, [one], accession_id=accession_id, agent=agent)[0]


def add_all(
    session: Session, additions: Sequence[Addition], *, accession_id: int, agent: str
) -> list[Record]:
    """Add records, each with its item, text, evidence, events and change: all or nothing.

    The caller has looked up `holders_of` in this same writing session; a second record for one
    digest is refused by the tables. Returns the records in the order of *additions*.
    """
    if not additions:
        return []
    first = records.later_than_any(session)
    made: list[dict[str, Any]] = []
    for place, one in enumerate(additions):
        moment = first + timedelta(microseconds=place)
        made.append({
            "public_id": records.new_public_id(), "accession_id": accession_id,
            "state": one.state, "access": one.access, "added_at": moment, "changed_at": moment,
            **records.columns_of(one.description),
        })  # fmt: skip
    numbers = session.scalars(
        insert(RecordRow).returning(RecordRow.record_id, sort_by_parameter_order=True), made
    ).all()
    added = [
        Record(
            number, row["public_id"], one.state, one.access, row["added_at"], row["changed_at"],
            one.description, (one.item,),
        )
        for number, row, one in zip(numbers, made, additions, strict=True)
    ]  # fmt: skip
    _put_parts(session, added, additions)
    _put_events(session, added, agent)
    changes = outbox.note_all(
        session, [(record.record_id, [label_of(record.state, record.access)]) for record in added]
    )
    session.execute(
        update(RecordRow),
        [
            {"record_id": number, "change_id": change}
            for number, change in zip(numbers, changes, strict=True)
        ],
    )
    return added


def _put_parts(session: Session, added: Sequence[Record], additions: Sequence[Addition]) -> None:
    """Put items, pages, findings and other dates."""
    numbers = [record.record_id for record in added]
    item_ids = session.scalars(
        insert(ItemRow).returning(ItemRow.item_id, sort_by_parameter_order=True),
        [
            {"record_id": number, **records.item_columns_of(one.item, one.embedded)}
            for number, one in zip(numbers, additions, strict=True)
        ],
    ).all()
    records.put_pages(
        session, {item_id: one.pages for item_id, one in zip(item_ids, additions, strict=True)}
    )
    records.put_findings(
        session, {number: one.findings for number, one in zip(numbers, additions, strict=True)}
    )
    dates = [
        {"record_id": record.record_id, **other}
        for record in added
        for other in records.other_dates_of(record.description)
    ]
    if dates:
        session.execute(insert(OtherDateRow), dates)


def _put_events(session: Session, added: Sequence[Record], agent: str) -> None:
    happened: list[tuple[int, str, str, str, str]] = []
    for record in added:
        [item] = record.items
        happened += [
            (record.record_id, "received", agent, "kept", item.name),
            (record.record_id, "read", item.read_by, item.status, item.reason),
        ]
        if record.state == "published":
            happened.append((record.record_id, "published", agent, "published", ""))
    names = ("record_id", "kind", "agent", "outcome", "detail")
    at = now()
    session.execute(
        insert(EventRow), [{"at": at, **dict(zip(names, one, strict=True))} for one in happened]
    )
