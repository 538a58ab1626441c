"""Records: taken in whole, read back as values."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from archive.access import Access, Label, State, label_of
from archive.catalogue import outbox
from archive.catalogue.models import (
    AccessionRow,
    EventRow,
    FindingRow,
    ItemRow,
    OtherDateRow,
    PageRow,
    RecordRow,
    now,
)
from archive.dates import PartialDate
from archive.errors import RecordMissing

# No vowels: no words by accident. 29 is prime, so the check character catches every
# single wrong character and every swap of two neighbours (NOID check digit algorithm).
ID_ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
ID_RANDOM_CHARS = 8


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and which date of the document it is."""

    date: PartialDate
    which: str
    """adopted, published or in_force."""
    written: str = ""
    """As it stands in the document."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a record, and what reading it came to."""

    digest: str
    """SHA-256 of the original: 64 lower-case hexadecimal digits."""
    name: str
    """As received; never a path."""
    size_bytes: int
    media_type: str
    status: str
    """One of indexer.extract.STATUSES."""
    reason: str = ""
    reader: str = ""
    reader_version: str = ""
    paged: bool = False
    page_count: int = 0
    char_count: int = 0
    notes: tuple[str, ...] = ()
    gaps: tuple[tuple[int, str], ...] = ()
    """Pages whose text is missing, each with why (indexer.extract.GAPS), in order."""
    recognised_by: str = ""
    """What OCR was last tried with, as in `tesseract 5.3.0 eng+aze`; empty where it was not."""

    @property
    def to_recognise(self) -> int:
        """How many pages are pictures of text that was not recognised."""
        return sum(1 for _, why in self.gaps if why in {"picture", "garbled"})

    @property
    def read_by(self) -> str:
        """The reader and its version, for the provenance."""
        return f"{self.reader} {self.reader_version}".strip() or "no reader"


_ITEM_FIELDS = tuple(f.name for f in fields(Item) if f.name not in {"notes", "gaps"})


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page of a record."""

    number: int
    text: str
    aside: str = ""
    confidence: int | None = None
    """Of OCR, 0 to 100; None where the text was read and not recognised."""


@dataclass(frozen=True, slots=True)
class Described:
    """A value for a field, with its evidence."""

    field: str
    value: str
    written: str
    confidence: float
    asserted: bool
    """True where the record holds this value; otherwise it is only offered."""
    passage: str
    page: int | None
    rule: str
    which: str = ""


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """A country that a text names."""

    code: str
    written: str
    """As it stands where it is named first."""
    times: int
    page: int
    """The number of the page where it is named first."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a record says of its document; every field may be unknown but the title."""

    title: str
    kind: str | None = None
    country: str | None = None
    dated: Dated | None = None
    """The date of facet, filter and sort."""
    other_dates: tuple[Dated, ...] = ()
    number: str | None = None
    issuer: str | None = None
    language: str | None = None
    """BCP 47."""
    authors: tuple[str, ...] = ()
    """Each `Family, Given`, or a name without a comma as written."""
    publication: str | None = None
    volume: str | None = None
    issue: str | None = None
    page_range: str | None = None
    section: str | None = None
    place: str | None = None
    session: str | None = None
    publisher: str | None = None
    source_url: str | None = None
    accessed: date | None = None
    archive: str | None = None
    location: str | None = None
    collection: str | None = None
    rights: str | None = None
    spoken_of: tuple[SpokenOf, ...] = ()
    """The countries that the text names, the one named most first."""


_PAGE_FIELDS = tuple(f.name for f in fields(PageText))
_FINDING_FIELDS = tuple(f.name for f in fields(Described))
_APART = {"dated", "other_dates", "authors", "spoken_of"}
PLAIN_FIELDS = tuple(f.name for f in fields(Description) if f.name not in _APART)


@dataclass(frozen=True, slots=True)
class Record:
    """One document as the catalogue holds it."""

    record_id: int
    public_id: str
    state: State
    access: Access
    added_at: datetime
    changed_at: datetime
    description: Description
    items: tuple[Item, ...] = field(default=())

    @property
    def label(self) -> Label | None:
        """Who may see it; None where nobody finds it any more."""
        return label_of(self.state, self.access)

    @property
    def paged(self) -> bool:
        """Whether a passage is cited by page; otherwise by paragraph."""
        return any(item.paged for item in self.items)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a record's provenance."""

    at: datetime
    kind: str
    agent: str
    outcome: str
    detail: str


def new_public_id() -> str:
    """Return a public id that nobody can guess or mistype unnoticed."""
    body = "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_RANDOM_CHARS))
    return body + _check_character(body)


def is_public_id(text: str) -> bool:
    """Whether *text* has the form of a public id and its check character is right."""
    return (
        len(text) == ID_RANDOM_CHARS + 1
        and all(character in ID_ALPHABET for character in text)
        and _check_character(text[:-1]) == text[-1]
    )


def _check_character(body: str) -> str:
    total = sum(place * ID_ALPHABET.index(c) for place, c in enumerate(body, start=1))
    return ID_ALPHABET[total % len(ID_ALPHABET)]


def open_accession(session: Session, *, agent: str, via: str) -> int:
    """Begin one act of taking material in and return its number."""
    row = AccessionRow(at=now(), agent=agent, via=via)
    session.add(row)
    session.flush()
    return row.accession_id


def put_reading(
    session: Session,
    record: Record,
    *,
    description: Description,
    findings: Sequence[Described],
    item: Item,
    embedded: Sequence[tuple[str, str]],
    pages: Sequence[PageText],
) -> Record:
    """Put what a new reading of *item* says in the place of what is held: all or nothing.

    The item is the one with its digest. Description and findings are those that the record
    holds from now on. Returns the record as it is then.
    """
    row = session.get_one(RecordRow, record.record_id)
    held = session.scalars(select(ItemRow).where(ItemRow.digest == item.digest)).one()
    _fill(row, description)
    _fill_item(held, item, embedded)
    row.changed_at = later_than_any(session)
    session.execute(delete(PageRow).where(PageRow.item_id == held.item_id))
    session.execute(delete(FindingRow).where(FindingRow.record_id == record.record_id))
    put_pages(session, {held.item_id: pages})
    put_findings(session, {record.record_id: findings})
    _note_reading(session, record.record_id, item)
    row.change_id = outbox.note(session, record.record_id, [record.label])
    session.flush()
    return _record(row, row.items, row.other_dates)


def note_reading(session: Session, record: Record, item: Item) -> None:
    """Note that a new reading of *item* was tried and came to no more than is held."""
    held = session.scalars(select(ItemRow).where(ItemRow.digest == item.digest)).one()
    held.recognised_by = item.recognised_by
    _note_reading(session, record.record_id, item)


def _note_reading(session: Session, record_id: int, item: Item) -> None:
    note_event(session, record_id, "read", item.read_by, item.status, item.reason)


def put_spoken_of(session: Session, record_id: int, spoken_of: Iterable[SpokenOf]) -> None:
    """Keep which countries the text of a record names; the index is not told."""
    row = session.get_one(RecordRow, record_id)
    row.spoken_of = [list(astuple(one)) for one in spoken_of]


def note_event(
    session: Session, record_id: int, kind: str, agent: str, outcome: str, detail: str
) -> None:
    """Add a line to the provenance of a record."""
    session.add(
        EventRow(
            record_id=record_id, at=now(), kind=kind, agent=agent, outcome=outcome, detail=detail
        )
    )


def holder_of(session: Session, digest: str) -> str | None:
    """Return the public id of the record that holds this original, or None."""
    return session.scalar(select(RecordRow.public_id).join(ItemRow).where(ItemRow.digest == digest))


def holders_of(session: Session, digests: Iterable[str]) -> dict[str, str]:
    """Return the public ids of the records that hold these originals, by digest."""
    query = (
        select(ItemRow.digest, RecordRow.public_id)
        .join(RecordRow, RecordRow.record_id == ItemRow.record_id)
        .where(ItemRow.digest.in_([*digests]))
    )
    return {row.digest: row.public_id for row in session.execute(query)}


def by_public_id(session: Session, public_id: str) -> Record:
    """Return the record with this id; RecordMissing where there is none."""
    found = _held(session, RecordRow.public_id == public_id)
    if not found:
        raise RecordMissing(f"no document has the id {public_id!r}; check it for a slip of the pen")
    return found[0]


def by_public_ids(session: Session, public_ids: Iterable[str]) -> list[Record]:
    """Return the records with these ids, in their order; ids that are not held are left out."""
    wanted = list(public_ids)
    found = {one.public_id: one for one in _held(session, RecordRow.public_id.in_(wanted))}
    return [found[public_id] for public_id in wanted if public_id in found]


def many(session: Session, record_ids: Iterable[int]) -> dict[int, Record]:
    """Return those records by their number; numbers that are not held are left out."""
    held = _held(session, RecordRow.record_id.in_([*record_ids]))
    return {one.record_id: one for one in held}


def every(session: Session, *, after: int = 0, limit: int = 500) -> list[Record]:
    """Return the *limit* records that follow record *after*, in order of number."""
    return _held(session, RecordRow.record_id > after, limit)


def count(session: Session) -> int:
    """Return how many records there are, whatever their state."""
    return session.scalar(select(func.count()).select_from(RecordRow)) or 0


def pages_of(session: Session, record_ids: Iterable[int]) -> dict[int, list[PageText]]:
    """Return the pages of each of the records, in order."""
    found: dict[int, list[PageText]] = {record_id: [] for record_id in record_ids}
    query = (
        select(ItemRow.record_id, PageRow.number, PageRow.text, PageRow.aside, PageRow.confidence)
        .join(PageRow, PageRow.item_id == ItemRow.item_id)
        .where(ItemRow.record_id.in_([*found]))
        .order_by(ItemRow.item_id, PageRow.number)
    )
    for record_id, number, text, aside, confidence in session.execute(query):
        found[record_id].append(PageText(number, text, aside, confidence))
    return found


def findings_of(session: Session, record_id: int) -> list[Described]:
    """Return every value that was read for the record, best first within its field."""
    rows = session.scalars(
        select(FindingRow).where(FindingRow.record_id == record_id).order_by(FindingRow.finding_id)
    )
    return [Described(**{name: getattr(row, name) for name in _FINDING_FIELDS}) for row in rows]


def provenance_of(session: Session, record_id: int) -> list[Happening]:
    """Return what happened to the record, oldest first."""
    rows = session.scalars(
        select(EventRow).where(EventRow.record_id == record_id).order_by(EventRow.event_id)
    )
    return [Happening(row.at, row.kind, row.agent, row.outcome, row.detail) for row in rows]


def digests(session: Session) -> Iterable[str]:
    """Yield the digest of every original that the catalogue names."""
    yield from session.scalars(select(ItemRow.digest).order_by(ItemRow.digest))


def change_state(session: Session, public_id: str, state: State, agent: str, reason: str) -> None:
    """Publish, return or withdraw a record; its change is noted for the index."""
    row = session.scalar(select(RecordRow).where(RecordRow.public_id == public_id))
    if row is None:
        raise RecordMissing(f"no document has the id {public_id!r}; check it for a slip of the pen")
    access: Access = row.access  # type: ignore[assignment]
    before = label_of(row.state, access)  # type: ignore[arg-type]
    row.state, row.changed_at = state, later_than_any(session)
    note_event(session, row.record_id, state, agent, state, reason)
    row.change_id = outbox.note(session, row.record_id, [before, label_of(state, access)])


def later_than_any(session: Session) -> datetime:
    """Return this moment, or the one after the last change where the clock went back."""
    last = session.scalar(select(func.max(RecordRow.changed_at)))
    return max(now(), last + timedelta(microseconds=1)) if last else now()


# Columns and not objects that follow their rows: a page of results reads twenty records.
_COLUMNS = select(*RecordRow.__table__.columns)
_ITEMS = select(*(c for c in ItemRow.__table__.columns if c.name != "embedded"))
_OTHER_DATES = select(*OtherDateRow.__table__.columns)


def _held(session: Session, which: ColumnElement[bool], limit: int | None = None) -> list[Record]:
    """Return the records for which this holds, in order of number."""
    rows = session.execute(_COLUMNS.where(which).order_by(RecordRow.record_id).limit(limit)).all()
    numbers = [row.record_id for row in rows]
    items: dict[int, list[Any]] = {number: [] for number in numbers}
    dates: dict[int, list[Any]] = {number: [] for number in numbers}
    if numbers:
        of_these = ItemRow.record_id.in_(numbers)
        for item in session.execute(_ITEMS.where(of_these).order_by(ItemRow.item_id)):
            items[item.record_id].append(item)
        of_these = OtherDateRow.record_id.in_(numbers)
        for other in session.execute(
            _OTHER_DATES.where(of_these).order_by(OtherDateRow.date_first)
        ):
            dates[other.record_id].append(other)
    return [_record(row, items[row.record_id], dates[row.record_id]) for row in rows]


def columns_of(description: Description) -> dict[str, Any]:
    """Return the columns of a record's row that say what *description* does."""
    dated = description.dated
    return {
        **{name: getattr(description, name) for name in PLAIN_FIELDS},
        "authors": list(description.authors),
        "spoken_of": [list(astuple(one)) for one in description.spoken_of],
        "date_first": dated.date.first if dated else None,
        "date_last": dated.date.last if dated else None,
        "date_precision": dated.date.precision if dated else None,
        "date_which": dated.which if dated else None,
        "date_written": dated.written if dated else None,
    }


def other_dates_of(description: Description) -> list[dict[str, Any]]:
    """Return the columns of the rows of a record's other dates."""
    return [
        {
            "which": other.which,
            "date_first": other.date.first,
            "date_last": other.date.last,
            "date_precision": other.date.precision,
        }
        for other in description.other_dates
    ]


def item_columns_of(item: Item, embedded: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the columns of an item's row."""
    return {
        **{name: getattr(item, name) for name in _ITEM_FIELDS},
        "notes": list(item.notes),
        "gaps": [list(gap) for gap in item.gaps],
        "to_recognise": item.to_recognise,
        "embedded": [list(pair) for pair in embedded],
    }


def put_pages(session: Session, pages: Mapping[int, Sequence[PageText]]) -> None:
    """Put the pages of items that have none, by the number of the item."""
    rows = [
        {"item_id": item_id, **{name: getattr(page, name) for name in _PAGE_FIELDS}}
        for item_id, some in pages.items()
        for page in some
    ]
    if rows:
        session.execute(insert(PageRow), rows)


def put_findings(session: Session, findings: Mapping[int, Sequence[Described]]) -> None:
    """Put the findings of records that have none, by the number of the record."""
    rows = [
        {"record_id": record_id, **{name: getattr(one, name) for name in _FINDING_FIELDS}}
        for record_id, some in findings.items()
        for one in some
    ]
    if rows:
        session.execute(insert(FindingRow), rows)


def _fill(row: RecordRow, description: Description) -> None:
    for name, value in columns_of(description).items():
        setattr(row, name, value)
    row.other_dates = [OtherDateRow(**other) for other in other_dates_of(description)]


def _fill_item(row: ItemRow, item: Item, embedded: Sequence[tuple[str, str]]) -> None:
    for name, value in item_columns_of(item, embedded).items():
        setattr(row, name, value)


def _record(row: Any, items: Iterable[Any], other_dates: Iterable[Any]) -> Record:
    """Return the record of these rows, whether they are objects or columns."""
    return Record(
        record_id=row.record_id,
        public_id=row.public_id,
        state=row.state,
        access=row.access,
        added_at=row.added_at,
        changed_at=row.changed_at,
        description=Description(
            **{name: getattr(row, name) for name in PLAIN_FIELDS},
            dated=_dated(row),
            other_dates=tuple(
                Dated(_partial(o.date_first, o.date_last, o.date_precision), o.which)
                for o in other_dates
            ),
            authors=tuple(row.authors),
            spoken_of=tuple(SpokenOf(*one) for one in row.spoken_of),
        ),
        items=tuple(
            Item(
                **{name: getattr(item, name) for name in _ITEM_FIELDS},
                notes=tuple(item.notes),
                gaps=tuple((int(page), str(why)) for page, why in item.gaps),
            )
            for item in items
        ),
    )


def _dated(row: Any) -> Dated | None:
    if row.date_first is None or row.date_last is None:
        return None
    when = _partial(row.date_first, row.date_last, row.date_precision or "day")
    return Dated(when, row.date_which or "published", row.date_written or "")


def _partial(first: date, last: date, precision: str) -> PartialDate:
    return PartialDate(first, last, precision)  # type: ignore[arg-type]
