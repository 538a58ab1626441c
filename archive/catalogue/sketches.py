"""Sketches of texts: by which documents that share most of their words are found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, delete, func, insert, or_, select, union
from sqlalchemy.orm import Session, aliased

from archive.access import Label, readable_standings
from archive.catalogue.models import RecordRow, SketchBandRow, SketchRow


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text so that its copies can be found; `indexer.copies.sketches` makes it."""

    digest: str
    """Of the folded words in order: equal where two texts read the same."""
    words: int
    """How many there are; more than none."""
    minima: bytes
    """Numbers of 32 bits, the lowest byte first: the share of places in which those of two
    texts agree is nearly the share of shingles that the texts have in common."""
    bands: tuple[int, ...]
    """Signed numbers of 64 bits: texts with one in common are compared."""


@dataclass(frozen=True, slots=True)
class Sketched:
    """A record with the sketch of its text."""

    record_id: int
    digest: str
    words: int
    minima: bytes


def put(session: Session, record_id: int, sketch: Sketch | None, version: int) -> None:
    """File the sketch of a record's text in place of the one it had.

    None says that the text has no word: it is filed too, so that it is not made again.
    *version* is that of the rules it was made by.
    """
    put_all(session, {record_id: sketch}, version)


def put_all(session: Session, made: dict[int, Sketch | None], version: int) -> None:
    """File the sketches of many records, by record, each in place of the one it had."""
    if not made:
        return
    for table in (SketchBandRow, SketchRow):
        session.execute(delete(table).where(table.record_id.in_([*made])))
    session.execute(
        insert(SketchRow),
        [
            {
                "record_id": record_id,
                "version": version,
                "digest": sketch.digest if sketch else "",
                "words": sketch.words if sketch else 0,
                "minima": sketch.minima if sketch else b"",
            }
            for record_id, sketch in made.items()
        ],
    )
    bands = [
        {"record_id": record_id, "band_hash": band}
        for record_id, sketch in made.items()
        if sketch
        for band in sorted(set(sketch.bands))
    ]
    if bands:
        session.execute(insert(SketchBandRow), bands)


def missing(session: Session, version: int, *, after: int = 0, limit: int = 500) -> list[int]:
    """Return the *limit* records after number *after* that have no sketch of this version."""
    query = (
        select(RecordRow.record_id)
        .outerjoin(
            SketchRow,
            and_(SketchRow.record_id == RecordRow.record_id, SketchRow.version == version),
        )
        .where(SketchRow.record_id.is_(None), RecordRow.record_id > after)
        .order_by(RecordRow.record_id)
        .limit(limit)
    )
    return list(session.scalars(query))


def every(session: Session, labels: frozenset[Label]) -> Iterator[Sketched]:
    """Yield every sketch of a record that a holder of *labels* sees and reads, by number."""
    rows = session.execute(_readable(labels).order_by(SketchRow.record_id))
    return (Sketched(*row) for row in rows)


def of_record(session: Session, record_id: int) -> Sketched | None:
    """Return the sketch of a record's text; None where it has none, or no words."""
    row = session.execute(
        select(SketchRow.record_id, SketchRow.digest, SketchRow.words, SketchRow.minima).where(
            SketchRow.record_id == record_id, SketchRow.words > 0
        )
    ).one_or_none()
    return Sketched(*row) if row else None


def meeting_others(session: Session, record_ids: Sequence[int]) -> set[int]:
    """Return those of the records whose sketch shares the words or a band with another's."""
    same, other = aliased(SketchRow), aliased(SketchBandRow)
    by_words = (
        select(SketchRow.record_id)
        .join(same, same.digest == SketchRow.digest)
        .where(SketchRow.record_id.in_(record_ids), SketchRow.words > 0)
        .where(same.record_id != SketchRow.record_id)
    )
    by_band = (
        select(SketchBandRow.record_id)
        .join(other, other.band_hash == SketchBandRow.band_hash)
        .where(SketchBandRow.record_id.in_(record_ids))
        .where(other.record_id != SketchBandRow.record_id)
    )
    return set(session.scalars(union(by_words, by_band)))


def of_same_text(
    session: Session,
    sketched: Sketched,
    labels: frozenset[Label],
    limit: int,
    before: int | None = None,
) -> list[Sketched]:
    """Return the *limit* first other records of the same words that a holder of *labels* reads,
    of those with numbers below *before* where it is given.
    """
    query = (
        _readable(labels, before)
        .where(SketchRow.digest == sketched.digest, SketchRow.record_id != sketched.record_id)
        .order_by(SketchRow.record_id)
        .limit(limit)
    )
    return [Sketched(*row) for row in session.execute(query)]


def sharing_a_band(
    session: Session,
    sketched: Sketched,
    bands: Sequence[int],
    labels: frozenset[Label],
    limit: int,
    before: int | None = None,
) -> list[Sketched]:
    """Return the *limit* other records that share most of *bands*, of those that the holder of
    *labels* sees and reads, with numbers below *before* where it is given, but none of the same
    words; the most bands first, then by number.
    """
    sharing = (
        select(SketchBandRow.record_id, func.count().label("shared"))
        .where(SketchBandRow.band_hash.in_(bands))
        .group_by(SketchBandRow.record_id)
        .subquery()
    )
    query = (
        _readable(labels, before)
        .join(sharing, sharing.c.record_id == SketchRow.record_id)
        .where(SketchRow.record_id != sketched.record_id, SketchRow.digest != sketched.digest)
        .order_by(sharing.c.shared.desc(), SketchRow.record_id)
        .limit(limit)
    )
    return [Sketched(*row) for row in session.execute(query)]


def _readable(labels: frozenset[Label], before: int | None = None) -> Select[int, str, int, bytes]:
    seen = [
        and_(RecordRow.state == state, RecordRow.access == access)
        for state, access in sorted(readable_standings(labels))
    ]
    query = (
        select(SketchRow.record_id, SketchRow.digest, SketchRow.words, SketchRow.minima)
        .join(RecordRow, RecordRow.record_id == SketchRow.record_id)
        .where(SketchRow.words > 0, or_(*seen))
    )
    return query if before is None else query.where(SketchRow.record_id < before)
