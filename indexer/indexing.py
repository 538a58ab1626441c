"""From the catalogue's changes to the index."""

import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.catalogue import Catalogue, outbox, records
from archive.catalogue.records import PageText, Record
from archive.errors import IndexUnavailable
from indexer.engine import NOT_KNOWN, UNKNOWN, Engine, FacetName, IndexDocument, Mark, Shares
from indexer.numbers import canonical, mentioned, numbers_in

log = logging.getLogger(__name__)

PROCESSES_MAX = 4
RECORDS_A_PROCESS = 1_000
"""Starting a process takes about as long as indexing so many."""
# Records that are read together, and that go to one process together.
_BATCH, _BLOCK = 100, 200

# Dates of which the year is no more than likely stand under "unknown" in the histogram.
_YEAR_IS_KNOWN = {"day", "month", "year", "range"}


def catch_up(
    catalogue: Catalogue, engine: Engine, *, batch: int, wait: bool, processes: int = 1
) -> bool:
    """Bring the index to where the catalogue is; make it anew where it cannot be used.

    With *wait*, every change committed before the call is searchable when this returns,
    whoever indexed it. Without, False says that another process is at it. Where the index
    is made anew, that many processes are at work, `rebuild` says how.
    """
    with engine.writing(wait=wait) as our_turn:
        if not our_turn:
            return False
        while _one_batch(catalogue, engine, batch, processes):
            pass
    return True


def rebuild(catalogue: Catalogue, engine: Engine, *, processes: int = 1) -> int:
    """Make the index anew from the catalogue and return how many records it holds.

    The present index answers until the new one is complete. Up to so many *processes* read
    records and fill segments at once; 0: one a core, at most four.
    """
    with engine.writing(wait=True):
        return _rebuild(catalogue, engine, processes)


def tidy(engine: Engine) -> bool:
    """Tidy the index up by one step; False where there was nothing to do, or another is at it."""
    return engine.mark() is not None and engine.tidy()


def check(catalogue: Catalogue, engine: Engine, *, processes: int = 1) -> bool:
    """Read the whole index; make it anew where it is damaged. Whether it was whole."""
    try:
        engine.verify()
    except IndexUnavailable as error:
        log.warning("the index is damaged and is made anew", extra={"reason": str(error)})
        rebuild(catalogue, engine, processes=processes)
        return False
    return True


def document_of(record: Record, pages: Sequence[PageText]) -> IndexDocument | None:
    """Return what the engine is told of *record*; None where nobody may find it."""
    if record.label is None:
        return None
    description = record.description
    text = "\n\n".join(page.text for page in pages)
    return IndexDocument(
        record_id=record.record_id,
        label=record.label,
        language=description.language,
        title=description.title,
        text=text,
        aside="\n\n".join(page.aside for page in pages if page.aside),
        numbers=_numbers(description.number, description.title, text),
        facets=_facets(record, has_text=bool(text.strip())),
        date=description.dated.date if description.dated else None,
        issuer=description.issuer or "",
    )


def _numbers(number: str | None, title: str, text: str) -> tuple[str, ...]:
    """Return the number a record bears, then those it mentions, each once."""
    bears = canonical(number) if number else ""
    mentions = {found.canonical for part in (title, text) for found in numbers_in(part)} - {bears}
    return (*([bears] if bears else []), *sorted(map(mentioned, mentions)))


def _one_batch(catalogue: Catalogue, engine: Engine, batch: int, processes: int) -> bool:
    """Index the next changes; False once there is none left."""
    mark = engine.mark()
    with catalogue.reading() as session:
        last, first_kept = outbox.last(session), outbox.first_kept(session)
        if mark is None or mark.change_id + 1 < first_kept or mark.change_id > last:
            # No index, or one that is not this catalogue's: changes it needs are forgotten,
            # or it knows some that were never made (a catalogue from a backup).
            changes: Sequence[outbox.Change] = ()
        else:
            changes = outbox.pending(session, mark.change_id, batch)
            if not changes:
                return False
    if not changes or mark is None:
        if first_kept > 1 or mark is not None:
            why = _why(engine)
            log.warning("the index cannot be used and is made anew", extra={"reason": why})
        _rebuild(catalogue, engine, processes)
        if engine.mark() is None:
            raise IndexUnavailable("the index was made anew and still cannot be read; see the log")
        return True
    began = time.monotonic()
    touched = {change.record_id for change in changes}
    with catalogue.reading() as session:
        documents = list(_documents(session, touched))
    by_label = dict(mark.by_label)
    for change in changes:
        by_label.update(dict.fromkeys(change.seen_by, change.change_id))
    found = {document.record_id for document in documents}
    engine.commit(documents, touched - found, Mark(changes[-1].change_id, by_label))
    with catalogue.writing() as session:
        outbox.settle(session, changes[-1].change_id)
    seconds = round(time.monotonic() - began, 3)
    log.info("indexed", extra={"records": len(touched), "seconds": seconds})
    return True


def _why(engine: Engine) -> str:
    """Return why an index is of no use."""
    try:
        engine.verify()
    except IndexUnavailable as error:
        return str(error)
    return "it knows other changes than the catalogue"


def _rebuild(catalogue: Catalogue, engine: Engine, processes: int) -> int:
    began = time.monotonic()
    with catalogue.reading() as session:
        mark = Mark(outbox.last(session), outbox.last_by_label(session))
        at_once = min(processes or _cores(), 1 + records.count(session) // RECORDS_A_PROCESS)
        if at_once <= 1:
            engine.rebuild(_share(session, 0, 1), mark)
        else:
            # They may see changes that are later than the mark; those are indexed once more.
            parts = (_Share(catalogue.url, number, at_once) for number in range(at_once))
            engine.rebuild(Shares(tuple(parts)), mark)
    with catalogue.writing() as writing:
        outbox.settle(writing, mark.change_id)
    told = sum(1 for _ in engine.record_ids())
    seconds = round(time.monotonic() - began, 3)
    log.info("index rebuilt", extra={"records": told, "seconds": seconds, "processes": at_once})
    return told


def _cores() -> int:
    return min(PROCESSES_MAX, len(os.sched_getaffinity(0)))


@dataclass(frozen=True, slots=True)
class _Share:
    """The documents of one process of several, read there."""

    url: str
    number: int
    of: int

    def __iter__(self) -> Iterator[IndexDocument]:
        with Catalogue(self.url) as catalogue, catalogue.reading() as session:
            yield from _share(session, self.number, self.of)


def _share(session: Session, number: int, of: int) -> Iterator[IndexDocument]:
    """Yield the documents of every *of*-th block of records, from block *number* on."""
    after = 0
    while batch := records.every(session, after=after, limit=_BATCH):
        block = (batch[0].record_id - 1) // _BLOCK
        if skipped := (number - block) % of:
            after = (block + skipped) * _BLOCK
            continue
        mine = [record for record in batch if (record.record_id - 1) // _BLOCK == block]
        after = mine[-1].record_id
        yield from _told(session, mine)


def _documents(session: Session, record_ids: set[int]) -> Iterable[IndexDocument]:
    return _told(session, records.many(session, record_ids).values())


def _told(session: Session, some: Iterable[Record]) -> Iterator[IndexDocument]:
    findable = [record for record in some if record.label is not None]
    pages = records.pages_of(session, (record.record_id for record in findable))
    for record in findable:
        document = document_of(record, pages[record.record_id])
        assert document is not None
        yield document


def _facets(record: Record, *, has_text: bool) -> dict[FacetName, frozenset[str]]:
    description = record.description
    date = description.dated.date if description.dated else None
    year = str(date.year) if date and date.year and date.precision in _YEAR_IS_KNOWN else UNKNOWN
    return {
        "year": frozenset({year}),
        "country": frozenset({description.country or UNKNOWN}),
        "kind": frozenset({description.kind or UNKNOWN}),
        "language": frozenset({description.language or UNKNOWN}),
        "issuer": frozenset({description.issuer or UNKNOWN}),
        "spoken_of": frozenset(one.code for one in description.spoken_of) or NOT_KNOWN,
        "collection": frozenset({description.collection or UNKNOWN}),
        "access": frozenset({record.access}),
        "text": frozenset({"yes" if has_text else "no"}),
    }
