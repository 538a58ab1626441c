"""Takes files in: original, record, index, in this order, each step safe to repeat."""

import errno
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Literal

from sqlalchemy.exc import OperationalError

from archive.access import EVERYTHING, State
from archive.catalogue import records
from archive.catalogue import sketches as held_sketches
from archive.catalogue.records import (
    Dated,
    Described,
    Description,
    Item,
    PageText,
    Record,
    SpokenOf,
)
from archive.catalogue.sketches import Sketch
from archive.dates import parse_edtf
from archive.errors import MunimentError
from archive.originals import Digest, digest_of
from indexer import indexing, referring
from indexer.bootstrap import Archive
from indexer.copies import duplicates, sketches
from indexer.copies.duplicates import Copy
from indexer.describe import ASSERTED, Finding
from indexer.extract import Extraction
from indexer.reading import Reading
from indexer.sidecar import Given, Sidecar
from indexer.sources import Incoming, Refusal, Source, Unpacked

MIB = 1 << 20
_COPIES_TOLD = 5

OutcomeName = Literal["taken", "kept", "held", "refused"]


class NoRoom(MunimentError):
    """The disk is full."""

    slug = "no-room"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    outcome: OutcomeName
    """taken: searchable by its text. kept: in the archive, but (part of) its text is not
    searchable. held: the same bytes are there already. refused: not in the archive."""
    reason: str
    """For people; empty where there is nothing to say."""
    public_id: str | None
    """The record, of the twin where it is held already; None where refused."""
    copies: tuple[Copy, ...] = ()
    """The documents that were there already with the same text or nearly so."""

    @property
    def said(self) -> str:
        """The reason, and the copies by their ids, in one line."""
        return "; ".join(filter(None, (self.reason, *map(_told_of, self.copies))))


@dataclass(slots=True)
class Summary:
    """How many files came to what."""

    counts: Counter[OutcomeName] = field(default_factory=Counter)

    @property
    def nothing_refused(self) -> bool:
        """Whether every file is in the archive now."""
        return self.counts["refused"] == 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file whose original is durable and whose text was read."""

    incoming: Incoming
    digest: Digest
    size_bytes: int
    reading: Reading
    sketch: Sketch | None
    given: Given | None


def take_in(
    sources: Iterable[Source],
    *,
    archive: Archive,
    agent: str,
    via: str,
    publish: bool = False,
    sidecar: Sidecar | None = None,
    told: Callable[[Outcome], None] = lambda _outcome: None,
) -> Summary:
    """Take in every one of *sources* and tell *told* what became of each, in order.

    When this returns, the records are searchable. Whatever ends it before, every file that was
    told of is durable, and the same call again completes the rest. NoRoom: the disk is full.
    """
    run = _Run(archive, agent, via, publish, sidecar, told)
    try:
        run.all(sources)
    finally:
        if run.added:
            indexing.catch_up(
                archive.catalogue, archive.engine, batch=archive.settings.index.batch, wait=True
            )
    return run.summary


@dataclass(slots=True)
class _Run:
    """One act of taking in."""

    archive: Archive
    agent: str
    via: str
    publish: bool
    sidecar: Sidecar | None
    told: Callable[[Outcome], None]
    summary: Summary = field(default_factory=Summary)
    added: int = 0
    accession_id: int | None = None
    named: set[str] = field(default_factory=set)
    inside: dict[str, set[OutcomeName]] = field(default_factory=dict)
    """Container → what became of its files so far."""

    def all(self, sources: Iterable[Source]) -> None:
        """Read several files at once, add their records one after the other in order."""
        at_once = self.archive.settings.ingest.readers or os.cpu_count() or 1
        waiting: deque[tuple[Incoming, Future[_Prepared | Outcome]]] = deque()
        with ThreadPoolExecutor(at_once, "reader") as readers:
            try:
                for source in sources:
                    if not isinstance(source, Incoming):
                        self._flush(waiting, keep=0)
                        self._tell(self._of_container(source), source.container)
                        continue
                    waiting.append((source, readers.submit(self._prepared, source)))
                    self._flush(waiting, keep=at_once * 2)
                self._flush(waiting, keep=0)
            finally:
                for incoming, future in waiting:
                    future.cancel()
                    _let_go(incoming)
        self._tell_missing()

    def _flush(
        self, waiting: deque[tuple[Incoming, Future[_Prepared | Outcome]]], keep: int
    ) -> None:
        while len(waiting) > keep:
            incoming, future = waiting[0]
            prepared = future.result()
            waiting.popleft()
            outcome = self._added(prepared) if isinstance(prepared, _Prepared) else prepared
            self._tell(outcome, incoming.container)
            _let_go(incoming)
            if self.added and self.added % self.archive.settings.index.batch == 0:
                indexing.catch_up(
                    self.archive.catalogue,
                    self.archive.engine,
                    batch=self.archive.settings.index.batch,
                    wait=False,
                )

    def _prepared(self, incoming: Incoming) -> _Prepared | Outcome:
        """Check, file the original, read. Runs in several threads."""
        given = None
        if self.sidecar and (row := self.sidecar.row_for(incoming)) is not None:
            self.named.add(row)
            if problem := self.sidecar.problem_of(row):
                wrong = f"row {problem.row} of the metadata file: {problem.reason}"
                return Outcome(incoming.label, "refused", wrong, None)
            given = self.sidecar.rows[row]
        try:
            size_bytes = incoming.path.stat().st_size
            if reason := self._why_not(size_bytes):
                return Outcome(incoming.label, "refused", reason, None)
            if twin := self._twin(digest_of(incoming.path)):
                return _held(incoming, twin)
        except OSError as error:
            reason = f"it cannot be read: {error.strerror or error}"
            return Outcome(incoming.label, "refused", reason, None)
        digest = self._filed(incoming.path)
        with self.archive.originals.as_file(digest) as original:
            reading = self.archive.reader.read(original, incoming.name)
        sketch = sketches.sketch_of([page.text for page in reading.extraction.pages])
        return _Prepared(incoming, digest, size_bytes, reading, sketch, given)

    def _why_not(self, size_bytes: int) -> str | None:
        limit = self.archive.settings.ingest.file_max_mib
        if size_bytes == 0:
            return "the file is empty"
        if size_bytes > limit * MIB:
            return f"it is larger than the {limit} MiB that [ingest] file_max_mib allows"
        return None

    def _twin(self, digest: Digest) -> str | None:
        with self.archive.catalogue.reading() as session:
            return records.holder_of(session, digest)

    def _filed(self, path: Path) -> Digest:
        try:
            return self.archive.originals.put(path)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise NoRoom(
                    f"there is no room left for {path.name} in {self.archive.home}; "
                    "what was reported is safe: make room and run the same again"
                ) from error
            raise

    def _added(self, prepared: _Prepared) -> Outcome:
        """Add the record of a file that was read, unless its twin came first."""
        incoming, extraction = prepared.incoming, prepared.reading.extraction
        description, findings = described(prepared.reading, prepared.given, incoming.name)
        try:
            record = self._recorded(prepared, description, findings)
        except OperationalError as error:
            if "full" in str(error.orig):
                raise NoRoom(
                    f"there is no room left in {self.archive.home}; what was reported is safe: "
                    "make room and run the same again"
                ) from error
            raise
        if isinstance(record, str):
            return _held(incoming, record)
        self.added += 1
        copies = self._copies(record)
        searchable = extraction.status == "text"
        return Outcome(
            incoming.label,
            "taken" if searchable else "kept",
            extraction.reason,
            record.public_id,
            copies,
        )

    def _copies(self, record: Record) -> tuple[Copy, ...]:
        """Return what the archive held of the same text; who takes in sees everything."""
        with self.archive.catalogue.reading() as session:
            found = duplicates.copies_of(session, record, EVERYTHING, limit=_COPIES_TOLD)
        return tuple(copy for copy in found if copy.verdict != "related")

    def _recorded(
        self, prepared: _Prepared, description: Description, findings: list[Described]
    ) -> Record | str:
        extraction, given = prepared.reading.extraction, prepared.given
        settings = self.archive.settings
        state: State = "published" if self.publish or not settings.review.required else "waiting"
        with self.archive.catalogue.writing() as session:
            # Another run may have added it since we looked: ask again, now that we exclude it.
            if twin := records.holder_of(session, prepared.digest):
                return twin
            if self.accession_id is None:
                accession_id = records.open_accession(session, agent=self.agent, via=self.via)
            else:
                accession_id = self.accession_id
            record = records.add(
                session,
                accession_id=accession_id,
                agent=self.agent,
                description=description,
                findings=findings,
                item=item_of(
                    extraction, prepared.digest, prepared.incoming.name, prepared.size_bytes
                ),
                embedded=[(one.name, one.value) for one in extraction.metadata],
                pages=pages_of(extraction),
                state=state,
                access=(given.access if given else None) or "public",
            )
            if origin := prepared.incoming.origin:
                records.note_event(
                    session, record.record_id, "delivered", self.agent, "verified", origin
                )
            referring.file(session, record, prepared.reading.references)
            held_sketches.put(session, record.record_id, prepared.sketch, sketches.VERSION)
        self.accession_id = accession_id
        return record

    def _of_container(self, source: Refusal | Unpacked) -> Outcome:
        """Return what became of a zip archive as a whole; each file in it was told of before."""
        if isinstance(source, Refusal):
            return Outcome(source.label, "refused", source.reason, None)
        inside = self.inside.pop(source.label, set())
        files = (
            "one file, which has its"
            if source.files == 1
            else f"{source.files} files, which have their"
        )
        reason = f"a zip archive of {files} own line"
        return Outcome(source.label, "held" if inside == {"held"} else "taken", reason, None)

    def _tell(self, outcome: Outcome, container: str = "") -> None:
        if container:
            self.inside.setdefault(container, set()).add(outcome.outcome)
        self.summary.counts[outcome.outcome] += 1
        self.told(outcome)

    def _tell_missing(self) -> None:
        """Tell of every row of the sidecar that named no file that came."""
        if self.sidecar is None:
            return
        for problem in self.sidecar.problems:
            if problem.file not in self.named:
                self.named.add(problem.file)
                reason = f"row {problem.row} of the metadata file: {problem.reason}"
                self._tell(Outcome(problem.file, "refused", reason, None))
        for name, given in self.sidecar.rows.items():
            if name not in self.named:
                reason = f"row {given.row} of the metadata file names it, but it did not come"
                self._tell(Outcome(name, "refused", reason, None))


def problems_of(
    sources: Iterable[Source], sidecar: Sidecar | None, *, archive: Archive
) -> Iterator[Outcome]:
    """Yield what would be refused, and why, without taking anything in (`--dry-run`)."""
    named: set[str] = set()
    limit = archive.settings.ingest.file_max_mib
    for source in sources:
        if isinstance(source, Refusal):
            yield Outcome(source.label, "refused", source.reason, None)
        if not isinstance(source, Incoming):
            continue
        if sidecar and (row := sidecar.row_for(source)) is not None:
            named.add(row)
        size_bytes = source.path.stat().st_size
        if size_bytes == 0 or size_bytes > limit * MIB:
            reason = "the file is empty" if not size_bytes else f"it is larger than {limit} MiB"
            yield Outcome(source.label, "refused", reason, None)
        _let_go(source)
    if sidecar is None:
        return
    for problem in sidecar.problems:
        yield Outcome(problem.file, "refused", f"row {problem.row}: {problem.reason}", None)
    for name, given in sidecar.rows.items():
        if name not in named:
            yield Outcome(name, "refused", f"row {given.row} names it, but it did not come", None)


def _let_go(incoming: Incoming) -> None:
    if incoming.temporary:
        incoming.path.unlink(missing_ok=True)


def _held(incoming: Incoming, twin: str) -> Outcome:
    return Outcome(incoming.label, "held", f"the same bytes as {twin}", twin)


def _told_of(copy: Copy) -> str:
    if copy.verdict == "same_text":
        return f"the same text as {copy.record.public_id}"
    return f"near-copy of {copy.record.public_id} ({copy.share:.0%} in common)"


def item_of(extraction: Extraction, digest: str, name: str, size_bytes: int) -> Item:
    """Return the item of a file that was read so."""
    return Item(
        digest=digest,
        name=name,
        size_bytes=size_bytes,
        media_type=extraction.media_type,
        status=extraction.status,
        reason=extraction.reason,
        reader=extraction.reader,
        reader_version=extraction.reader_version,
        paged=extraction.paged,
        page_count=len(extraction.pages),
        char_count=sum(len(page.text) for page in extraction.pages),
        notes=extraction.notes,
        gaps=tuple((gap.page, gap.why) for gap in extraction.gaps),
    )


def pages_of(extraction: Extraction) -> list[PageText]:
    """Return the text of a file that was read so."""
    return [
        PageText(page.number, page.text, page.aside, page.confidence) for page in extraction.pages
    ]


def described(
    reading: Reading, given: Given | None, name: str
) -> tuple[Description, list[Described]]:
    """Return what the record will say, and every finding: the given ones first."""
    held: dict[str, list[Finding]] = {}
    for found in reading.description.findings:
        if found.confidence >= ASSERTED:
            held.setdefault(found.field, []).append(found)
    best = {field: found[0].value for field, found in held.items()}
    dates = [
        Dated(parse_edtf(f.value), f.which or "published", f.written) for f in held.get("date", ())
    ]
    description = Description(
        title=best.get("title") or PurePath(name).stem or name,
        kind=best.get("kind"),
        country=best.get("country"),
        dated=dates[0] if dates else None,
        other_dates=tuple(
            {d.which: d for d in reversed(dates[1:]) if d.which != dates[0].which}.values()
        ),
        number=best.get("number"),
        issuer=best.get("issuer"),
        language=best.get("language"),
        authors=tuple(dict.fromkeys(found.value for found in held.get("author", ()))),
        publication=best.get("publication"),
        source_url=best.get("source_url"),
        spoken_of=tuple(
            SpokenOf(one.code, one.written, one.times, one.page)
            for one in reading.description.spoken_of
        ),
    )
    if given is not None:
        description = given.over(description)
    given_fields = {finding.field for finding in given.findings()} if given else set()
    shown = _shown(held, given_fields)
    findings = [
        *(given.findings() if given else ()),
        *(
            Described(
                found.field, found.value, found.written, found.confidence, id(found) in shown,
                found.evidence.passage, found.evidence.page, found.rule, found.which,
            )
            for found in reading.description.findings
        ),
    ]  # fmt: skip
    if "title" not in held and "title" not in given_fields:
        findings.append(
            Described("title", description.title, name, 0.0, True, name, None, "file_name")
        )
    return description, findings


def _shown(held: dict[str, list[Finding]], given_fields: set[str]) -> set[int]:
    """Return the findings whose values the record holds: those of given fields are not."""
    shown: set[int] = set()
    for name, found in held.items():
        if name in given_fields:
            continue
        if name == "date":
            which = {one.which: one for one in reversed(found) if one.which != found[0].which}
            shown |= {id(found[0]), *map(id, which.values())}
        elif name == "author":
            shown |= {*map(id, found)}
        else:
            shown.add(id(found[0]))
    return shown
