"""What texts refer to, and which records hold it.

A link is never stored: which record an instrument is, is asked anew each time, so that a
record that is added later links by itself, and one that is withdrawn no longer does.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from archive.access import ACCESS_LEVELS, EVERYTHING, STATES, Label, label_of, may_read_text
from archive.catalogue.models import (
    InstrumentRow,
    KnownAsRow,
    OtherDateRow,
    RecordRow,
    ReferenceRow,
)
from archive.dates import PartialDate, parse_edtf
from archive.kinds import KINDS, PARENTS, Kind, leaves_of

Scope = Literal["world", "country", "day"]

UNKNOWN = "unknown"
"""What is asked for to see what is known of no country, or of no kind."""
_MANY = 500
"""Keys or numbers in one statement."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something that texts refer to, as precisely as they say."""

    key: str
    """Equal for two references to one instrument, whatever their writing."""
    known_as: str
    """The key that a record must be known as; empty where the date alone is known."""
    scope: Scope
    """Within what `known_as` is borne once: everywhere, in its country and kind, on its day."""
    kind: str = ""
    """A leaf of the kinds, or empty."""
    number: str = ""
    name: str = ""
    issuer: str = ""
    country: str = ""
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """That a text refers to an instrument: the first place where it does."""

    written: str
    passage: str
    page: int | None
    place_start: int
    place_end: int
    """The half-open range of characters of the page, or of the whole text."""
    times: int
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Held:
    """A record that an instrument may be."""

    record_id: int
    sure: bool
    """Shown as a link; otherwise as a perhaps."""


@dataclass(frozen=True, slots=True)
class Referred:
    """One reference of a record, and where it leads for this reader."""

    instrument: Instrument
    mentioned: Mentioned
    held: tuple[Held, ...]
    """Those that are sure, else every other that may be it; empty where nothing is known."""


@dataclass(frozen=True, slots=True)
class Referring:
    """A record whose text refers to another."""

    record_id: int
    sure: bool
    mentioned: Mentioned


@dataclass(frozen=True, slots=True)
class Wanted:
    """An instrument that records refer to and none is."""

    instrument: Instrument
    records: int
    """How many records refer to it."""
    mentioned: Mentioned
    """Where one of them does, the surest first."""
    record_id: int
    """That record."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is filed of one record's references."""

    known_as: Collection[str]
    """The keys by which references ask for the record itself."""
    found: Sequence[tuple[Instrument, Mentioned]]
    """Each instrument once."""


def file(session: Session, filed: Mapping[int, Filed], version: int) -> None:
    """Put what is *filed* by record in the place of what was known of their references.

    *version* is that of the rules. It is committed with the session.
    """
    session.execute(delete(ReferenceRow).where(ReferenceRow.record_id.in_([*filed])))
    rename(session, {record_id: one.known_as for record_id, one in filed.items()})
    instruments = {one.key: one for some in filed.values() for one, _ in some.found}
    ids = _instrument_ids(session, instruments)
    rows = [
        {
            "record_id": record_id,
            "instrument_id": ids[instrument.key],
            **{name: getattr(instrument, name) for name in _SAID},
            "date": str(instrument.date or ""),
            **{name: getattr(mentioned, name) for name in _MENTIONED},
        }
        for record_id, some in filed.items()
        for instrument, mentioned in some.found
    ]
    if rows:
        session.execute(insert(ReferenceRow), rows)
    session.execute(
        update(RecordRow),
        [{"record_id": record_id, "references_version": version} for record_id in filed],
    )


def rename(session: Session, known_as: Mapping[int, Collection[str]]) -> None:
    """Put *known_as* in the place of the keys of records: after their number or title changed."""
    session.execute(delete(KnownAsRow).where(KnownAsRow.record_id.in_([*known_as])))
    rows = [
        {"record_id": record_id, "key": key}
        for record_id, keys in known_as.items()
        for key in sorted(keys)
    ]
    if rows:
        session.execute(insert(KnownAsRow), rows)


def not_looked_through(session: Session, version: int, limit: int) -> list[int]:
    """Return the numbers of *limit* records that older rules, or none, were applied to."""
    query = (
        select(RecordRow.record_id)
        .where(func.coalesce(RecordRow.references_version, 0) < version)
        .order_by(RecordRow.record_id)
        .limit(limit)
    )
    return list(session.scalars(query))


def of_record(
    session: Session, record_id: int, labels: frozenset[Label], kinds: Mapping[str, Kind] = KINDS
) -> list[Referred]:
    """Return what the record refers to, in the order of its text.

    Of the records that an instrument may be, only those that a holder of *labels* may see. The
    caller has asked whether the reader may read the text that this was read from.
    """
    query = (
        select(ReferenceRow, InstrumentRow)
        .join(InstrumentRow, InstrumentRow.instrument_id == ReferenceRow.instrument_id)
        .where(ReferenceRow.record_id == record_id)
        .order_by(func.coalesce(ReferenceRow.page, 0), ReferenceRow.place_start)
    )
    rows = session.execute(query).all()
    pairs = _pairs(session, [row.instrument_id for _, row in rows], labels, kinds)
    return [
        Referred(
            _instrument(row, reference),
            _mentioned(reference),
            _decided(pairs[row.instrument_id], reference.kind, without=record_id),
        )
        for reference, row in rows
    ]


def to_record(
    session: Session, record_id: int, labels: frozenset[Label], kinds: Mapping[str, Kind] = KINDS
) -> list[Referring]:
    """Return the records whose text refers to this one: the sure ones first, then the newest.

    Only those whose text a holder of *labels* may read.
    """
    candidates = _candidates(kinds, RecordRow.record_id == record_id).subquery()
    ids = list(session.scalars(select(candidates.c.instrument_id).distinct()))
    pairs = _pairs(session, ids, labels, kinds)
    found: dict[int, Referring] = {}
    for some in _portions(ids):
        query = (
            select(ReferenceRow)
            .join(RecordRow, RecordRow.record_id == ReferenceRow.record_id)
            .where(
                ReferenceRow.instrument_id.in_(some),
                ReferenceRow.record_id != record_id,
                _readable(labels),
            )
        )
        for row in session.scalars(query):
            for held in _decided(pairs[row.instrument_id], row.kind, without=row.record_id):
                known = found.get(row.record_id)
                if held.record_id == record_id and (known is None or held.sure > known.sure):
                    found[row.record_id] = Referring(row.record_id, held.sure, _mentioned(row))
    return sorted(found.values(), key=lambda one: (not one.sure, -one.record_id))


def wanted(
    session: Session,
    *,
    country: str = "",
    parent: str = "",
    limit: int = 100,
    offset: int = 0,
    kinds: Mapping[str, Kind] = KINDS,
) -> tuple[int, list[Wanted]]:
    """Return how many instruments are wanted, and those from *offset* on, most referred to first.

    For those who see everything: an instrument is wanted where no record that is still found
    surely is it. *country* is a code or `unknown`, *parent* one of the parents of the kinds;
    empty for all.
    """
    missing = _missing(country, parent, kinds)
    total = session.scalar(select(func.count()).select_from(missing)) or 0
    most = session.execute(
        select(missing.c.instrument_id, missing.c.records)
        .order_by(missing.c.records.desc(), missing.c.instrument_id)
        .limit(limit)
        .offset(offset)
    )
    counts: dict[int, int] = {row.instrument_id: row.records for row in most}
    instruments: dict[int, InstrumentRow] = {}
    best: dict[int, ReferenceRow] = {}
    for some in _portions([*counts]):
        query = select(InstrumentRow).where(InstrumentRow.instrument_id.in_(some))
        instruments |= {row.instrument_id: row for row in session.scalars(query)}
        evidence = (
            select(ReferenceRow)
            .join(RecordRow, RecordRow.record_id == ReferenceRow.record_id)
            .where(ReferenceRow.instrument_id.in_(some), _seen(EVERYTHING))
            .order_by(ReferenceRow.confidence, ReferenceRow.reference_id.desc())
        )
        # Later rows win: the surest, and of equals the first.
        best |= {row.instrument_id: row for row in session.scalars(evidence)}
    return total, [
        Wanted(
            _instrument(instruments[one], best[one]),
            count,
            _mentioned(best[one]),
            best[one].record_id,
        )
        for one, count in counts.items()
    ]


def wanted_by_country(session: Session, kinds: Mapping[str, Kind] = KINDS) -> dict[str, int]:
    """Return how many instruments of each country are wanted; empty where it is not known."""
    missing = _missing("", "", kinds)
    query = select(missing.c.country, func.count()).group_by(missing.c.country)
    return {code or "": count for code, count in session.execute(query)}


# --- which record is it ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """A record that an instrument may be."""

    record_id: int
    kind: str | None
    sure: bool
    by_key: bool


def _pairs(
    session: Session, ids: Collection[int], labels: frozenset[Label], kinds: Mapping[str, Kind]
) -> dict[int, list[_Pair]]:
    found: defaultdict[int, list[_Pair]] = defaultdict(list)
    for some in _portions(ids):
        query = _candidates(kinds, InstrumentRow.instrument_id.in_(some), _seen(labels))
        for number, record_id, kind, sure, by_key in session.execute(query):
            found[number].append(_Pair(record_id, kind, bool(sure), by_key))
    return found


def _decided(pairs: Iterable[_Pair], kind: str | None, *, without: int) -> tuple[Held, ...]:
    """Return the records that are sure, else those that may be it, in order of number.

    By number or name several records may be one instrument, as in two languages; by day alone
    one record is it, or the only one of that very kind, and of several none is sure.
    """
    others = [pair for pair in pairs if pair.record_id != without]
    if sure := {pair.record_id for pair in others if pair.sure and pair.by_key}:
        return tuple(Held(one, sure=True) for one in sorted(sure))
    by_day = [pair for pair in others if not pair.by_key]
    for chosen in (by_day, [pair for pair in by_day if pair.kind == kind]):
        if len(chosen) == 1:
            return (Held(chosen[0].record_id, sure=True),)
    return tuple(Held(one, sure=False) for one in sorted({pair.record_id for pair in others}))


def _candidates(kinds: Mapping[str, Kind], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select instrument, record, its kind, whether sure and whether by key, of what fits."""
    i, r = InstrumentRow, RecordRow
    of_one_kind = or_(i.parent.is_(None), r.kind.is_(None), _same_parent(kinds))
    of_one_country = and_(i.country.is_not(None), i.country == r.country)
    may_be_dated = or_(
        i.date_first.is_(None), r.date_first.is_(None), _overlap(r), _overlap_other()
    )
    sure = case(
        (i.scope == "world", True),
        (i.scope == "country", and_(of_one_country, of_one_kind)),
        else_=and_(
            of_one_country, of_one_kind, i.date_first.is_not(None), r.date_first.is_not(None)
        ),
    )
    by_key = (
        select(i.instrument_id, r.record_id, r.kind, sure.label("sure"), literal(1).label("by_key"))
        .join(KnownAsRow, KnownAsRow.key == i.known_as)
        .join(r, r.record_id == KnownAsRow.record_id)
        .where(
            or_(
                i.scope == "world",
                and_(
                    or_(i.country.is_(None), r.country.is_(None), i.country == r.country),
                    may_be_dated,
                ),
            ),
            *conditions,
        )
    )
    by_day = (
        select(i.instrument_id, r.record_id, r.kind, literal(1), literal(0))
        .join(r, and_(r.country == i.country, r.date_first >= i.date_first))
        .where(
            r.date_first <= i.date_last,
            r.date_last <= i.date_last,
            i.date_precision.in_(("day", "month")),
            or_(i.known_as.is_(None), and_(i.scope != "world", r.number.is_(None))),
            _same_parent(kinds),
            *conditions,
        )
    )
    both = union_all(by_key, by_day).subquery()
    return select(*both.c)


def _missing(country: str, parent: str, kinds: Mapping[str, Kind]) -> Subquery:
    """Select instrument, country and number of records that refer to it, of what none is."""
    i = InstrumentRow
    held = _candidates(kinds, _seen(EVERYTHING)).subquery()
    query = (
        select(
            i.instrument_id,
            i.country,
            func.count(ReferenceRow.record_id.distinct()).label("records"),
        )
        .join(ReferenceRow, ReferenceRow.instrument_id == i.instrument_id)
        .join(RecordRow, RecordRow.record_id == ReferenceRow.record_id)
        .where(
            _seen(EVERYTHING),
            i.instrument_id.not_in(select(held.c.instrument_id).where(held.c.sure)),
        )
        .group_by(i.instrument_id, i.country)
    )
    if country:
        query = query.where(i.country.is_(None) if country == UNKNOWN else i.country == country)
    if parent:
        query = query.where(i.parent.is_(None) if parent == UNKNOWN else i.parent == parent)
    return query.subquery()


def _same_parent(kinds: Mapping[str, Kind]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(
                InstrumentRow.parent == parent,
                RecordRow.kind.in_(sorted(leaves_of(parent, dict(kinds)))),
            )
            for parent in PARENTS
        )
    )


def _overlap(dated: type[RecordRow] | type[OtherDateRow]) -> ColumnElement[bool]:
    return and_(
        dated.date_first <= InstrumentRow.date_last, dated.date_last >= InstrumentRow.date_first
    )


def _overlap_other() -> ColumnElement[bool]:
    """Whether another date of the record fits: a law is cited by its day of promulgation, too."""
    other = OtherDateRow.record_id == RecordRow.record_id
    return select(OtherDateRow.other_date_id).where(other, _overlap(OtherDateRow)).exists()


def _seen(labels: frozenset[Label]) -> ColumnElement[bool]:
    """Whether a holder of *labels* may see the record: access.label_of, in SQL."""
    return or_(
        *(
            and_(RecordRow.state == state, RecordRow.access == access)
            for state in STATES
            for access in ACCESS_LEVELS
            if label_of(state, access) in labels
        )
    )


def _readable(labels: frozenset[Label]) -> ColumnElement[bool]:
    """Whether a holder of *labels* may see the record and read its text."""
    levels = [access for access in ACCESS_LEVELS if may_read_text(labels, access)]
    return and_(_seen(labels), RecordRow.access.in_(levels))


# --- rows and values ------------------------------------------------------------------


_SAID = ("kind", "number", "name", "issuer", "country")
_MENTIONED = tuple(f.name for f in fields(Mentioned))


def _instrument_ids(session: Session, instruments: Mapping[str, Instrument]) -> dict[str, int]:
    """Return the number of each instrument by its key, after adding those that are new."""
    known: dict[str, int] = {}
    both = (InstrumentRow.key, InstrumentRow.instrument_id)
    for some in _portions(instruments):
        held = session.execute(select(*both).where(InstrumentRow.key.in_(some)))
        known |= {row.key: row.instrument_id for row in held}
    new = [_columns(one) for key, one in instruments.items() if key not in known]
    if new:
        made = session.execute(insert(InstrumentRow).returning(*both), new)
        known |= {row.key: row.instrument_id for row in made}
    return known


def _columns(one: Instrument) -> dict[str, Any]:
    kind = KINDS.get(one.kind)
    date = one.date if one.scope == "day" else None
    return {
        "key": one.key,
        "known_as": one.known_as or None,
        "scope": one.scope,
        "parent": kind.parent if kind else None,
        "country": one.country or None,
        "date_first": date.first if date else None,
        "date_last": date.last if date else None,
        "date_precision": date.precision if date else None,
    }


def _instrument(row: InstrumentRow, reference: ReferenceRow) -> Instrument:
    """Return the instrument as the text of *reference* has it."""
    return Instrument(
        key=row.key,
        known_as=row.known_as or "",
        scope=row.scope,  # type: ignore[arg-type]
        **{name: getattr(reference, name) for name in _SAID},
        date=parse_edtf(reference.date) if reference.date else None,
    )


def _mentioned(row: ReferenceRow) -> Mentioned:
    return Mentioned(**{name: getattr(row, name) for name in _MENTIONED})


def _portions(values: Collection[Any]) -> Iterator[list[Any]]:
    whole = list(values)
    for at in range(0, len(whole), _MANY):
        yield whole[at : at + _MANY]
