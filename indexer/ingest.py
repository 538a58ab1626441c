"""Takes files in: original, record, index, in this order, each step safe to repeat."""

import errno
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Semaphore
from typing import Literal

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from archive.access import EVERYTHING
from archive.catalogue import adding, records
from archive.catalogue import sketches as held_sketches
from archive.catalogue.adding import Addition
from archive.catalogue.records import Record
from archive.catalogue.sketches import Sketch
from archive.errors import MunimentError
from archive.originals import Digest, digest_of
from indexer import ahead, indexing, referring
from indexer.bootstrap import Archive
from indexer.copies import duplicates, sketches
from indexer.copies.duplicates import Copy
from indexer.reading import Reading
from indexer.recording import described, item_of, pages_of
from indexer.sidecar import Given, Sidecar
from indexer.sources import Incoming, Refusal, Source, Unpacked

MIB = 1 << 20
_COPIES_TOLD = 5
_TEXT_AHEAD_CHARS = 10_000_000
"""Of files that were read and wait for their turn to be filed."""
_LAST = 64
"""While so many files are still to be read, what was added is indexed: less is left for the end."""
_WORTH_INDEXING = 100
"""For fewer new records than these the index does not follow before the end."""

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


_Came = _Prepared | Outcome | Refusal | Unpacked
"""What there is to file or to tell of, when it is a source's turn."""


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
    drawn: deque[Source] = field(default_factory=deque)
    """Not told of yet, in order."""
    indexer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "indexer"))
    indexed: int = 0
    """Of what was added, when the index last began to follow."""
    indexing: Future[bool] | None = None

    def all(self, sources: Iterable[Source]) -> None:
        """Read several files at once, add their records in order, and index beside it."""
        at_once = self.archive.settings.ingest.readers or os.cpu_count() or 1
        turn = Semaphore(at_once)
        # Twice as many: while some are read, originals of others are filed, which waits for disks.
        prepared = ahead.in_order(
            self._each(sources),
            lambda source: self._prepared(source, turn),
            at_once=2 * at_once,
            size_of=_chars_of,
            size_max=_TEXT_AHEAD_CHARS,
        )
        try:
            with self.indexer, closing(prepared):
                for together in prepared:
                    self._file([found for _, found in together])
                    if self.added - self.indexed >= self.archive.settings.index.batch:
                        self._index_beside()
        finally:
            while self.drawn:
                _let_go(self.drawn.popleft())
        if self.indexing:
            self.indexing.result()
        self._tell_missing()

    def _each(self, sources: Iterable[Source]) -> Iterator[Source]:
        """Yield the sources; when only the last are left, have the index follow what is there."""
        last: deque[Source] = deque()
        for source in sources:
            self.drawn.append(source)
            last.append(source)
            if len(last) > _LAST:
                yield last.popleft()
        if self.added - self.indexed >= _WORTH_INDEXING:
            self._index_beside()
        yield from last

    def _index_beside(self) -> None:
        """Have the index follow, in a thread of its own, unless it is at it."""
        if self.indexing:
            if not self.indexing.done():
                return
            self.indexing.result()
        self.indexed = self.added
        self.indexing = self.indexer.submit(
            indexing.catch_up,
            self.archive.catalogue,
            self.archive.engine,
            batch=self.archive.settings.index.batch,
            wait=False,
        )

    def _file(self, together: Sequence[_Came]) -> None:
        """Add the records of files that were read, and tell what became of each, in order."""
        added = self._added([one for one in together if isinstance(one, _Prepared)])
        for one in together:
            match one:
                case _Prepared():
                    outcome = next(added)
                case Outcome():
                    outcome = one
                case _:
                    outcome = self._of_container(one)
            self._tell(outcome, self.drawn[0].container)
            _let_go(self.drawn.popleft())

    def _prepared(self, incoming: Source, turn: Semaphore) -> _Came:
        """Check, file the original, read in its *turn*. Runs in several threads."""
        if not isinstance(incoming, Incoming):
            return incoming
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
        with self.archive.originals.as_file(digest) as original, turn:
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

    def _added(self, together: Sequence[_Prepared]) -> Iterator[Outcome]:
        """Add the records of files that were read, and yield what became of each, in order."""
        if not together:
            return
        try:
            recorded = self._recorded(together)
        except SQLAlchemyError as error:
            if len(together) > 1:
                # One is the reason, or there is room for some: no file fails for its neighbours.
                for one in together:
                    yield from self._added([one])
                return
            if isinstance(error, OperationalError) and "full" in str(error.orig):
                raise NoRoom(
                    f"there is no room left in {self.archive.home}; what was reported is safe: "
                    "make room and run the same again"
                ) from error
            raise
        new = [record for record in recorded if isinstance(record, Record)]
        self.added += len(new)
        # Who takes in sees everything.
        with self.archive.catalogue.reading() as session:
            found = duplicates.copies_among_earlier(session, new, EVERYTHING, _COPIES_TOLD)
        for prepared, record in zip(together, recorded, strict=True):
            if isinstance(record, Record):
                yield _taken(prepared, record, found.get(record.record_id, ()))
            else:
                yield _held(prepared.incoming, record)

    def _recorded(self, together: Sequence[_Prepared]) -> list[Record | str]:
        """Add those whose originals are not held, in one transaction; return for each its record
        or the public id of its twin."""
        with self.archive.catalogue.writing() as session:
            # Another run may have added it since we looked: ask again, now that we exclude it.
            held = records.holders_of(session, [one.digest for one in together])
            new = {one.digest: one for one in reversed(together) if one.digest not in held}
            first = [one for one in together if new.get(one.digest) is one]
            accession_id = self.accession_id
            if first and accession_id is None:
                accession_id = records.open_accession(session, agent=self.agent, via=self.via)
            if first and accession_id is not None:
                made = adding.add_all(
                    session, [*map(self._addition, first)],
                    accession_id=accession_id, agent=self.agent,
                )  # fmt: skip
                for record, one in zip(made, first, strict=True):
                    if origin := one.incoming.origin:
                        records.note_event(
                            session, record.record_id, "delivered", self.agent, "verified", origin
                        )
                referring.file(
                    session, [(r, p.reading.references) for r, p in zip(made, first, strict=True)]
                )
                drawn = {r.record_id: p.sketch for r, p in zip(made, first, strict=True)}
                held_sketches.put_all(session, drawn, sketches.VERSION)
        self.accession_id = accession_id
        by_digest = {p.digest: r for p, r in zip(first, made, strict=True)} if first else {}
        held |= {digest: record.public_id for digest, record in by_digest.items()}
        return [
            by_digest[one.digest] if new.get(one.digest) is one else held[one.digest]
            for one in together
        ]

    def _addition(self, prepared: _Prepared) -> Addition:
        extraction, given, incoming = (
            prepared.reading.extraction, prepared.given, prepared.incoming,
        )  # fmt: skip
        description, findings = described(prepared.reading, given, incoming.name)
        waits = self.archive.settings.review.required and not self.publish
        return Addition(
            description=description,
            findings=findings,
            item=item_of(extraction, prepared.digest, incoming.name, prepared.size_bytes),
            embedded=[(one.name, one.value) for one in extraction.metadata],
            pages=pages_of(extraction),
            state="waiting" if waits else "published",
            access=(given.access if given else None) or "public",
        )

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


def _let_go(source: Source) -> None:
    if isinstance(source, Incoming) and source.temporary:
        source.path.unlink(missing_ok=True)


def _chars_of(came: _Came) -> int:
    """Return how much text waits."""
    if not isinstance(came, _Prepared):
        return 0
    return sum(len(page.text) for page in came.reading.extraction.pages)


def _taken(prepared: _Prepared, record: Record, copies: Iterable[Copy]) -> Outcome:
    extraction = prepared.reading.extraction
    return Outcome(
        prepared.incoming.label,
        "taken" if extraction.status == "text" else "kept",
        extraction.reason,
        record.public_id,
        tuple(copy for copy in copies if copy.verdict != "related"),
    )


def _held(incoming: Incoming, twin: str) -> Outcome:
    return Outcome(incoming.label, "held", f"the same bytes as {twin}", twin)


def _told_of(copy: Copy) -> str:
    if copy.verdict == "same_text":
        return f"the same text as {copy.record.public_id}"
    return f"near-copy of {copy.record.public_id} ({copy.share:.0%} in common)"
