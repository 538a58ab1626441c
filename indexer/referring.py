"""From the references that were read to those that the catalogue keeps."""

import logging
from collections.abc import Iterable

from sqlalchemy.orm import Session

from archive.catalogue import Catalogue, records, references
from archive.catalogue.records import Record, SpokenOf
from archive.catalogue.references import Filed, Instrument, Mentioned
from archive.dates import parse_edtf
from indexer.describe import Description, Evidence, Finding
from indexer.describe.spoken_of import countries_named
from indexer.extract import Extraction, MediaType, Page
from indexer.references import RULES_VERSION, Reference, keys
from indexer.references.finding import references_in

log = logging.getLogger(__name__)

_BATCH = 50


def file(session: Session, found: Iterable[tuple[Record, Iterable[Reference]]]) -> None:
    """Keep what was found as what records refer to, in the place of what was known before."""
    filed = {record.record_id: Filed(known_as(record), _once(some)) for record, some in found}
    references.file(session, filed, RULES_VERSION)


def _once(found: Iterable[Reference]) -> list[tuple[Instrument, Mentioned]]:
    instruments: dict[str, tuple[Instrument, Mentioned]] = {}
    for one in found:
        instrument = _instrument(one)
        if instrument.key not in instruments:
            instruments[instrument.key] = (instrument, _mentioned(one))
    return [*instruments.values()]


def known_as(record: Record) -> frozenset[str]:
    """Return the keys by which references ask for *record*."""
    about = record.description
    return keys.known_as(
        title=about.title,
        kind=about.kind or "",
        country=about.country or "",
        numbers=[about.number] if about.number else [],
    )


def look_through(catalogue: Catalogue) -> int:
    """Look through the texts of records that were read before, by the rules of this version:
    what they refer to, and which countries they name.

    Returns how many there were. Can be ended at any moment and begun again.
    """
    looked = 0
    while True:
        with catalogue.writing() as session:
            waiting = references.not_looked_through(session, RULES_VERSION, _BATCH)
            found: list[tuple[Record, tuple[Reference, ...]]] = []
            for record in records.many(session, waiting).values():
                read_again = _read_again(session, record)
                found.append((record, references_in(read_again, _described(record))))
                # The index is made anew where it is of a version that knew none of these.
                records.put_spoken_of(session, record.record_id, _spoken_of(read_again, record))
            if found:
                file(session, found)
        if not waiting:
            return looked
        looked += len(waiting)
        log.info("looked through for references", extra={"records": looked})


def _read_again(session: Session, record: Record) -> Extraction:
    pages = records.pages_of(session, [record.record_id])[record.record_id]
    return Extraction(
        status="text",
        media_type=MediaType("text/plain"),
        reader="",
        reader_version="",
        pages=tuple(Page(page.number, page.text) for page in pages),
        paged=record.paged,
    )


def _spoken_of(extraction: Extraction, record: Record) -> list[SpokenOf]:
    pages = ((page.number, page.text) for page in extraction.pages)
    named = countries_named(pages, record.description.language or "")
    return [SpokenOf(one.code, one.written, one.times, one.page) for one in named]


def _described(record: Record) -> Description:
    about = record.description
    values = [("title", about.title), ("kind", about.kind), ("country", about.country),
              ("language", about.language), ("number", about.number),
              ("date", str(about.dated.date) if about.dated else None)]  # fmt: skip
    return Description(
        tuple(
            Finding(field, value, value, 1.0, Evidence("", None), "record")  # type: ignore[arg-type]
            for field, value in values
            if value
        )
    )


def _instrument(one: Reference) -> Instrument:
    return Instrument(
        key=keys.key_of(one),
        known_as=keys.asked_of(one),
        scope=keys.scope_of(one),
        kind=one.kind,
        number=one.number,
        name=one.name,
        issuer=one.issuer,
        country=one.country,
        date=parse_edtf(one.date) if one.date else None,
    )


def _mentioned(one: Reference) -> Mentioned:
    return Mentioned(
        written=one.written,
        passage=one.evidence.passage,
        page=one.evidence.page,
        place_start=one.start,
        place_end=one.end,
        times=one.times,
        confidence=one.confidence,
        rule=one.rule,
    )
