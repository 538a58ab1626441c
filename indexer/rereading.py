"""Reads originals again: by another version of a reader, with more time, or with OCR."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archive.catalogue import records, troubles
from archive.catalogue import sketches as held_sketches
from archive.catalogue.records import Described, Description, Item, Record
from archive.errors import OriginalDamaged, OriginalMissing
from archive.originals import Digest
from indexer import referring
from indexer.bootstrap import Archive
from indexer.copies import sketches
from indexer.extract import ocr
from indexer.reading import Reading
from indexer.recording import described, item_of, pages_of

log = logging.getLogger(__name__)

GIVEN = frozenset({"sidecar"})
"""Rules of values that a person gave: no reading changes them."""
_HELD_AS = {"date": "dated", "author": "authors"}
"""Name of a finding's field → name of the field of a description, where they differ."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of reading one file again."""

    public_id: str
    name: str
    before: str
    """One of indexer.extract.STATUSES."""
    after: str
    reason: str
    """For people; empty where there is nothing to say."""
    changed: bool
    """Whether the record holds the new text; it keeps the old one where the new is less."""


def every(
    archive: Archive, public_ids: Iterable[str], having: Iterable[str], *, recognise: bool
) -> Iterator[Reread]:
    """Read again the records named, then those *having* one of these troubles, then recognise pictures.

    Yields what came of each file, when it is done. Errors as `read_again`.
    """
    for public_id in public_ids:
        yield from read_again(archive, public_id)
    for trouble in having:
        after = 0
        while True:
            with archive.catalogue.reading() as session:
                some = troubles.listed(session, trouble=trouble, after=after, limit=100)
            if not some:
                break
            after = some[-1].record_id
            for record in some:
                yield from read_again(archive, record.public_id)
    while recognise and (done := recognise_next(archive)) is not None:
        yield done


def read_again(archive: Archive, public_id: str) -> Iterator[Reread]:
    """Read every file of a record again and yield what came of each.

    What a person gave stays. A reading that comes to no text does not take away one that
    did. Whatever changed is searchable after the next `indexing.catch_up`. RecordMissing,
    OriginalMissing, OriginalDamaged.
    """
    with archive.catalogue.reading() as session:
        record = records.by_public_id(session, public_id)
    for item in record.items:
        with archive.originals.as_file(Digest(item.digest)) as original:
            reading = archive.reader.read(original, item.name)
        yield _put(archive, record, item, reading)


def recognise_next(archive: Archive) -> Reread | None:
    """Recognise the text of the next record that is a picture, or has pages that are.

    None where there is none, or nothing to recognise it with. What was tried is not tried
    again until tesseract or its languages change.
    """
    languages = ocr.usable(archive.settings.extract.ocr_languages)
    if not languages:
        return None
    by = f"{ocr.READER} {ocr.version()} {languages}"
    with archive.catalogue.reading() as session:
        record = troubles.to_recognise(session, by)
    if record is None:
        return None
    item = next(one for one in record.items if one.to_recognise and one.recognised_by != by)
    pages = max(item.to_recognise, item.page_count)
    try:
        with archive.originals.as_file(Digest(item.digest)) as original:
            reading = archive.reader.recognise(
                original, item.name, languages=languages, pages=pages
            )
    except (OriginalMissing, OriginalDamaged) as error:
        # Noted, or this one would be the next for ever and no other would have its turn.
        tried = replace(item, recognised_by=by, reason=str(error))
        with archive.catalogue.writing() as session:
            records.note_reading(session, record, tried)
        return Reread(record.public_id, item.name, item.status, item.status, str(error), False)
    done = _put(archive, record, item, reading, recognised_by=by)
    log.info(
        "recognised",
        extra={"record": record.public_id, "status": done.after, "reason": done.reason},
    )
    return done


def _put(
    archive: Archive, record: Record, item: Item, reading: Reading, recognised_by: str = ""
) -> Reread:
    new = replace(
        item_of(reading.extraction, item.digest, item.name, item.size_bytes),
        recognised_by=recognised_by,
    )
    if new.status == "needs_ocr" and not new.gaps:
        new = replace(new, gaps=item.gaps)
    # A reader that was stopped says nothing of the document.
    worth = new.char_count > 0 or (item.char_count == 0 and new.status != "over_limit")
    if not worth and recognised_by == "":
        new = replace(new, recognised_by=item.recognised_by)
    description, findings = described(reading, None, item.name)
    with archive.catalogue.writing() as session:
        # What a person did meanwhile counts.
        held = records.by_public_id(session, record.public_id)
        if worth:
            given = [
                one for one in records.findings_of(session, held.record_id) if one.rule in GIVEN
            ]
            record = records.put_reading(
                session,
                held,
                description=_kept(held.description, given, description),
                findings=[*given, *_beside(given, findings)],
                item=new,
                embedded=[(one.name, one.value) for one in reading.extraction.metadata],
                pages=pages_of(reading.extraction),
            )
            referring.file(session, [(record, reading.references)])
            sketch = sketches.sketch_of([page.text for page in reading.extraction.pages])
            held_sketches.put(session, record.record_id, sketch, sketches.VERSION)
        else:
            records.note_reading(session, held, new)
    return Reread(record.public_id, item.name, item.status, new.status, new.reason, worth)


def _kept(held: Description, given: list[Described], read: Description) -> Description:
    """Return what was read, but for what a person gave."""
    names = {_HELD_AS.get(one.field, one.field) for one in given}
    return replace(read, **{name: getattr(held, name) for name in names})


def _beside(given: list[Described], findings: list[Described]) -> Iterator[Described]:
    """Yield what was read; where a person gave a value, it is only offered."""
    names = {one.field for one in given}
    for one in findings:
        yield replace(one, asserted=False) if one.field in names else one
