"""The tables of the catalogue."""

from datetime import UTC, date, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Float, ForeignKey, Index, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Utc(TypeDecorator[datetime]):
    """A moment in UTC: aware on our side, stored without a zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the parent's signature)
        """Store; a naive moment is an error of ours."""
        if value is None:
            return None
        assert value.tzinfo is not None, "moments are aware and in UTC"
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the parent's signature)
        """Give back an aware moment."""
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """The parent of every table."""

    type_annotation_map = {datetime: Utc, str: Text, list[str]: JSON, dict[str, object]: JSON}  # noqa: RUF012 (SQLAlchemy's own form)


class AccessionRow(Base):
    """One act of taking material in."""

    __tablename__ = "accession"

    accession_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    agent: Mapped[str]
    via: Mapped[str]
    """command, upload or api."""


class RecordRow(Base):
    """The catalogue's description of one document."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_state", "state", "record_id"),
        Index("ix_record_country_date", "country", "date_first"),
    )

    record_id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    accession_id: Mapped[int] = mapped_column(ForeignKey("accession.accession_id"))
    state: Mapped[str]
    access: Mapped[str]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    """Of the last change that the index is told of; later than that of any change before it,
    whatever the clock says."""
    change_id: Mapped[int] = mapped_column(default=0, index=True)
    """The number of that change."""

    title: Mapped[str]
    kind: Mapped[str | None]
    country: Mapped[str | None]
    date_first: Mapped[date | None]
    date_last: Mapped[date | None]
    date_precision: Mapped[str | None]
    date_which: Mapped[str | None]
    """adopted, published or in_force: which date the facet, the filter and the sort use."""
    date_written: Mapped[str | None]
    number: Mapped[str | None]
    issuer: Mapped[str | None]
    language: Mapped[str | None]
    authors: Mapped[list[str]]
    publication: Mapped[str | None]
    volume: Mapped[str | None]
    issue: Mapped[str | None]
    page_range: Mapped[str | None]
    section: Mapped[str | None]
    place: Mapped[str | None]
    session: Mapped[str | None]
    publisher: Mapped[str | None]
    source_url: Mapped[str | None]
    accessed: Mapped[date | None]
    archive: Mapped[str | None]
    location: Mapped[str | None]
    collection: Mapped[str | None]
    rights: Mapped[str | None]
    spoken_of: Mapped[list[list[str | int]]] = mapped_column(JSON)
    """The countries that the text names: code, as first written, how often, first page."""
    references_version: Mapped[int | None]
    """The version of the rules by which its text was looked through for references; None where
    it never was."""

    other_dates: Mapped[list["OtherDateRow"]] = relationship(order_by="OtherDateRow.date_first")
    items: Mapped[list["ItemRow"]] = relationship(order_by="ItemRow.item_id")


class OtherDateRow(Base):
    """A date that stands beside the main one."""

    __tablename__ = "other_date"

    other_date_id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"), index=True)
    which: Mapped[str]
    date_first: Mapped[date]
    date_last: Mapped[date]
    date_precision: Mapped[str]


class FindingRow(Base):
    """A value that was read for a field, with its evidence: asserted, offered or given."""

    __tablename__ = "finding"

    finding_id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"), index=True)
    field: Mapped[str]
    value: Mapped[str]
    written: Mapped[str]
    confidence: Mapped[float] = mapped_column(Float)
    asserted: Mapped[bool]
    """True where the record holds this value."""
    passage: Mapped[str]
    page: Mapped[int | None]
    rule: Mapped[str]
    which: Mapped[str]


class KnownAsRow(Base):
    """A key by which references ask for a record: its number, its name."""

    __tablename__ = "known_as"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True, index=True)


class InstrumentRow(Base):
    """Something that texts refer to, whether the archive holds it or not."""

    __tablename__ = "instrument"
    __table_args__ = (Index("ix_instrument_country_date", "country", "date_first"),)

    instrument_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Equal for two references to one instrument."""
    known_as: Mapped[str | None] = mapped_column(index=True)
    """The key that a record must have; None where the date alone is known."""
    scope: Mapped[str]
    """Within what `known_as` is borne once: world, country (and kind), or day."""
    parent: Mapped[str | None]
    country: Mapped[str | None]
    date_first: Mapped[date | None]
    """Of what is borne once a day only; for others each reference has its own."""
    date_last: Mapped[date | None]
    date_precision: Mapped[str | None]


class ReferenceRow(Base):
    """That a record refers to an instrument: the first place where it does."""

    __tablename__ = "reference"
    __table_args__ = (Index("ix_reference_record", "record_id", "instrument_id", unique=True),)

    reference_id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.instrument_id"), index=True)
    # What this text says of the instrument: another text may be hidden, and say more.
    kind: Mapped[str]
    number: Mapped[str]
    name: Mapped[str]
    issuer: Mapped[str]
    country: Mapped[str]
    date: Mapped[str]
    written: Mapped[str]
    passage: Mapped[str]
    page: Mapped[int | None]
    place_start: Mapped[int]
    place_end: Mapped[int]
    times: Mapped[int]
    confidence: Mapped[float] = mapped_column(Float)
    rule: Mapped[str]


class ItemRow(Base):
    """One file of a record, and what reading it came to."""

    __tablename__ = "item"

    item_id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    size_bytes: Mapped[int]
    media_type: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    reader: Mapped[str]
    reader_version: Mapped[str]
    paged: Mapped[bool]
    page_count: Mapped[int]
    char_count: Mapped[int]
    notes: Mapped[list[str]]
    embedded: Mapped[list[list[str]]] = mapped_column(JSON)
    """What the file says of itself: pairs of name and value, in order."""
    gaps: Mapped[list[list[int | str]]] = mapped_column(JSON)
    """Pages whose text is missing: pairs of page number and why, in order."""
    to_recognise: Mapped[int]
    """How many of them are pictures of text."""
    recognised_by: Mapped[str]
    """What OCR was last tried with, as in `tesseract 5.3.0 eng+aze`; empty where it was not."""


class PageRow(Base):
    """The text of one page of an item."""

    __tablename__ = "page"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    aside: Mapped[str]
    confidence: Mapped[int | None]
    """Of OCR, 0 to 100; null where the text was read and not recognised."""


class EventRow(Base):
    """Something that happened to a record or an accession. Never changed, never deleted."""

    __tablename__ = "event"

    event_id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.record_id"), index=True)
    accession_id: Mapped[int | None] = mapped_column(
        ForeignKey("accession.accession_id"), index=True
    )
    at: Mapped[datetime]
    kind: Mapped[str]
    agent: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str]


class FixityRow(Base):
    """What the last comparison of an item's original with its digest came to."""

    __tablename__ = "fixity"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.item_id"), primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(index=True)
    """unchanged, damaged, missing or unreadable."""
    since: Mapped[datetime]
    """When it was first found so."""
    detail: Mapped[str]


class FixityRunRow(Base):
    """One reading of every original, from the first to the last."""

    __tablename__ = "fixity_run"

    fixity_run_id: Mapped[int] = mapped_column(primary_key=True)
    agent: Mapped[str]
    scheduled: Mapped[bool]
    """By the job worker, a little at a time; otherwise by the command."""
    begun_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    """When it was last at work."""
    ended_at: Mapped[datetime | None]
    """None while it has not come to the end."""
    after: Mapped[str]
    """The digest of the last original that was compared."""
    checked: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int]
    """Damaged or unreadable."""
    missing: Mapped[int]
    repaired: Mapped[int]
    """Unchanged, where the comparison before found otherwise."""


class SketchRow(Base):
    """What is kept of a record's text so that its copies can be found."""

    __tablename__ = "sketch"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"), primary_key=True)
    version: Mapped[int]
    """Of the rules it was made by."""
    digest: Mapped[str] = mapped_column(index=True)
    words: Mapped[int]
    """0 where the text holds no word: then there is nothing to compare."""
    minima: Mapped[bytes]


class SketchBandRow(Base):
    """A hash of a part of a sketch: records that share one are compared."""

    __tablename__ = "sketch_band"
    # The key is all there is to a row; other databases leave the word to SQLite.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's own form)

    band_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.record_id"), primary_key=True, index=True
    )


class TranslationRow(Base):
    """Two records that somebody linked as translations of one another, the lower number first."""

    __tablename__ = "translation"

    one_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        ForeignKey("record.record_id"), primary_key=True, index=True
    )


class ChangeRow(Base):
    """The outbox: this record must be indexed again."""

    __tablename__ = "change"
    # A number is never given twice, though settled rows are deleted.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (SQLAlchemy's own form)

    change_id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.record_id"))
    seen_by: Mapped[str]
    """The labels that the record bore before and after, space between: to whoever holds
    none of them this change did not happen."""


class LabelRow(Base):
    """The last change that the holders of a label could see."""

    __tablename__ = "label"

    label: Mapped[str] = mapped_column(primary_key=True)
    change_id: Mapped[int]


class AccountRow(Base):
    """A person who signs in."""

    __tablename__ = "account"

    account_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]


class SignInRow(Base):
    """A failed sign-in, for the limit on guessing."""

    __tablename__ = "sign_in"

    sign_in_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str]
    address: Mapped[str]


class SearchRecordRow(Base):
    """What a search found at one moment, kept to be cited. Never changed, never deleted."""

    __tablename__ = "search_record"

    search_record_id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    """Equal for the same search on the same state: it is kept once."""
    at: Mapped[datetime] = mapped_column(index=True)
    asked: Mapped[dict[str, object]]
    """indexer.search.Asked by field, without page and size."""
    read_as: Mapped[str]
    reading: Mapped[str]
    notices: Mapped[list[str]]
    labels: Mapped[list[str]]
    """Whose eyes it was seen with."""
    change_id: Mapped[int]
    """The last change that the index held."""
    last_record_id: Mapped[int]
    """Records with greater numbers were taken in later."""
    state: Mapped[str]
    software: Mapped[str]
    total: Mapped[int]
    digest: Mapped[str]
    record_ids: Mapped[bytes]
    """As `searches.py` packs them."""


class SavedSearchRow(Base):
    """A search that somebody wants to be told about."""

    __tablename__ = "saved_search"

    saved_search_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.account_id"), index=True)
    name: Mapped[str]
    saved_at: Mapped[datetime]
    asked: Mapped[dict[str, object]]
    seen_change_id: Mapped[int]
    """Changes after this one were not yet shown to its owner."""


class SecretRow(Base):
    """A secret of this archive, as the key that signs sessions."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
