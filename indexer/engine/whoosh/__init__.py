"""The engine on disk: a Whoosh index whose postings are arrays, evaluated by NumPy.

`data/index/CURRENT` names the folder of the index that answers; a rebuild fills another
folder and swaps the name. In the folder stand Whoosh's table of contents, a file a segment
(`segment.py`), and for each generation how far it is (`mark-<generation>.json`). The table of
contents is a pickle, hence code: the folder is made with mode 0700, never taken from elsewhere
and never part of a backup.

A commit writes its segment, then its mark, each durable; then the table of contents is renamed
into place. Before the rename the index is as it was, after it as it will be. Tidying up is a
commit of the same documents in fewer segments; they are merged before it is their turn to write.
"""

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields as whoosh_fields
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from archive.access import Label
from archive.errors import IndexUnavailable
from indexer import analysis
from indexer.engine import Answer, IndexDocument, Mark, Matching, Question, Term
from indexer.engine import fields as our_fields
from indexer.engine.whoosh import building, merging
from indexer.engine.whoosh.codec import ArraySegment
from indexer.engine.whoosh.filling import INDEX_NAME, fill
from indexer.engine.whoosh.segment import Segment
from indexer.engine.whoosh.snapshot import Part, Snapshot
from indexer.query.ast import Fuzzy, Prefix, Query, Wildcard

CURRENT = "CURRENT"
VERSIONS = [6, analysis.VERSION, our_fields.VERSION]
"""Of this format, of the analysis, of the fields: an index with others is rebuilt."""

DRAFT = "draft-"
"""How the name of a merged segment begins until it is in its place."""

SEGMENTS_MOST = 64
"""With more, a commit merges before it ends: nobody had the time to tidy up."""


class WhooshEngine:
    """The engine over the folder `root`, which is made where it does not exist."""

    def __init__(self, root: Path) -> None:
        """Open nothing yet: the first question does."""
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._current_path = str(root / CURRENT)
        self._held: tuple[Path, Snapshot] | None = None
        self._named: tuple[int, int] | None = None
        self._looked_for = ("", "")
        """The table of contents of the held snapshot, and the one that will follow it."""

    def mark(self) -> Mark | None:
        """Return how far the index is, None where it must be rebuilt."""
        try:
            return self._fresh().mark
        except IndexUnavailable:
            return None

    def commit(self, puts: Iterable[IndexDocument], deletes: Iterable[int], mark: Mark) -> None:
        """Write a segment of what is new, then swap the table of contents."""
        folder, snapshot = self._current(), self._fresh()
        added = fill(folder, puts)
        gone = np.array([*deletes, *(n for new in added for n in new.record_ids)], np.int64)
        kept = [
            segment.without(np.flatnonzero(np.isin(part.ids, gone) & part.alive).tolist())
            for segment, part in zip(_contents(folder)[1], snapshot.parts, strict=True)
        ]
        segments = [one for one in (*kept, *(new.segment for new in added)) if one.doc_count()]
        if len(segments) > SEGMENTS_MOST:
            segments = _merged(folder, segments)
        _publish(folder, snapshot.generation + 1, segments, mark)

    def tidy(self) -> bool:
        """Merge the segments of one tier, or write one anew that holds much that is deleted.

        The new segment is written while others may commit. Then, in turn, it takes the place of
        those it was made of, with what was deleted of them meanwhile; where one of them is gone,
        it is thrown away.
        """
        with self._turn("tidy.lock", wait=False) as alone:
            if not alone:
                return False
            folder = self._current()
            for left in folder.glob(f"{DRAFT}*"):
                left.unlink(missing_ok=True)
            before: list[ArraySegment] = []
            try:
                before = _contents(folder)[1]
                chosen = _due(folder, before)
                if not chosen:
                    return False
                merged = _joint(chosen)
                _merge(folder, chosen, folder / f"{DRAFT}{merged.file_name()}")
            except (IndexUnavailable, FileNotFoundError):
                # The index was made anew meanwhile, or these were merged by a commit.
                if self._current() == folder and _names(_contents(folder)[1]) == _names(before):
                    raise
                return True
            with self.writing(wait=True):
                self._put_in_place(folder, chosen, merged)
            return True

    def _put_in_place(
        self, folder: Path, chosen: Sequence[ArraySegment], merged: ArraySegment
    ) -> None:
        draft = folder / f"{DRAFT}{merged.file_name()}"
        present = _contents(folder)[1] if self._current() == folder else []
        named = dict(zip(_names(present), present, strict=True))
        names = _names(chosen)
        if not named.keys() >= set(names):
            draft.unlink(missing_ok=True)
            return
        draft.rename(folder / merged.file_name())
        gone = merging.carried(
            [
                (one.size, one.deleted, named[name].deleted)
                for one, name in zip(chosen, names, strict=True)
            ]
        )
        after = [one for name, one in named.items() if name not in names]
        after.append(merged.without(gone))
        snapshot = self._fresh()
        kept = [one for one in after if one.doc_count()]
        _publish(folder, snapshot.generation + 1, kept, snapshot.mark)

    def rebuild(self, documents: Iterable[IndexDocument], mark: Mark) -> None:
        """Fill a new folder, then let CURRENT name it."""
        name = secrets.token_hex(8)
        folder = self.root / name
        folder.mkdir(mode=0o700)
        try:
            _publish(folder, 1, [new.segment for new in fill(folder, documents)], mark)
            draft = self.root / f"{CURRENT}.{name}"
            _write_durably(draft, name.encode())
            draft.rename(self.root / CURRENT)
            _sync_folder(self.root)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for old in self.root.iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Hold a lock on a file: the kernel lets go of it when the process ends, however."""
        with self._turn("writer.lock", wait=wait) as ours:
            yield ours

    @contextmanager
    def _turn(self, name: str, *, wait: bool) -> Iterator[bool]:
        with (self.root / name).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def search(self, question: Question) -> Answer:
        """Answer from the last committed state. Threads share it: nothing in it changes."""
        return self._fresh().answer(question)

    def terms_like(
        self, part: Prefix | Wildcard | Fuzzy, labels: frozenset[Label], limit: int
    ) -> tuple[Term, ...]:
        """Look at the terms of every segment."""
        return self._fresh().terms_like(part, labels, limit)

    def holders(self, terms: Iterable[str], labels: frozenset[Label]) -> tuple[int, dict[str, int]]:
        """Count in the last committed state."""
        return self._fresh().holders(terms, labels)

    def variants(
        self, words: Iterable[str], labels: frozenset[Label]
    ) -> dict[str, tuple[str, ...]]:
        """Look among the names of every segment."""
        return self._fresh().variants(words, labels)

    def issuers(self, labels: frozenset[Label]) -> tuple[str, ...]:
        """Count in the last committed state."""
        return self._fresh().issuers(labels)

    def as_written(self, terms: Iterable[str], labels: frozenset[Label]) -> dict[str, str]:
        """Count in the last committed state."""
        return self._fresh().as_written(terms, labels)

    def totals(self, queries: Sequence[Query], labels: frozenset[Label]) -> tuple[int, ...]:
        """Count in the last committed state."""
        return self._fresh().totals(queries, labels)

    def matching(self, question: Question) -> Matching:
        """Answer from the last committed state."""
        return self._fresh().matching(question)

    def snapshot(self) -> Snapshot:
        """Return the last committed state; it stays as it is while others write."""
        return self._fresh()

    def verify(self) -> None:
        """Read every section of every segment and compare its CRC-32."""
        for part in self._fresh().parts:
            part.segment.verify()

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record that is indexed."""
        yield from self._fresh().record_ids()

    def close(self) -> None:
        """Let go of the snapshot; its files are closed with the last who uses them."""
        with self._lock:
            self._held = None

    def _current(self) -> Path:
        try:
            name = (self.root / CURRENT).read_text("ascii").strip()
        except FileNotFoundError as error:
            raise IndexUnavailable(
                f"there is no index in {self.root} yet; 'muniment reindex' makes it"
            ) from error
        return self.root / name

    def _fresh(self) -> Snapshot:
        """Return a snapshot of the last committed state, the held one if it still is."""
        with self._lock:
            if self._held and self._is_last():
                return self._held[1]
            for attempt in range(10):
                self._named = self._stamp()
                folder = self._current()
                held = self._held
                try:
                    generation = _generation(folder)
                    if held and held[0] == folder and held[1].generation == generation:
                        return held[1]
                    before = held[1].parts if held and held[0] == folder else ()
                    snapshot = _opened(folder, generation, before)
                except IndexUnavailable:
                    # A writer may have swapped files or folders between our two looks.
                    if attempt == 9:
                        raise
                    threading.Event().wait(0.02 * (attempt + 1))
                else:
                    self._held = (folder, snapshot)
                    self._looked_for = _contents_names(folder, generation)
                    return snapshot
            raise AssertionError("unreachable")

    def _is_last(self) -> bool:
        """Whether nothing was committed or rebuilt since the held snapshot was opened.

        Every query asks: two files tell it, where reading CURRENT and the folder would take
        longer than many a query.
        """
        if self._named is None or self._stamp() != self._named:
            return False
        here, following = self._looked_for
        return os.access(here, os.F_OK) and not os.access(following, os.F_OK)

    def _stamp(self) -> tuple[int, int] | None:
        """Return what tells the present CURRENT from others: it is renamed into place."""
        try:
            found = os.stat(self._current_path)  # noqa: PTH116
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns


def _schema() -> whoosh_fields.Schema:
    """Return the fields as Whoosh knows them: their terms are made by our analysis."""
    positions = whoosh_fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
    counts = whoosh_fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    return whoosh_fields.Schema(
        record_id=whoosh_fields.STORED,
        title=positions,
        text=positions,
        aside=positions,
        title_stem=counts,
        text_stem=counts,
        numbers=counts,
        issuers=counts,
        written=counts,
    )


def _due(folder: Path, segments: Sequence[ArraySegment]) -> list[ArraySegment]:
    """Return those of the segments that should be one."""
    opened = [Segment(folder / one.file_name()) for one in segments]
    sizes = [
        merging.Size(one.doc_count(), one.deleted_count(), whole.occurrences)
        for one, whole in zip(segments, opened, strict=True)
    ]
    return [segments[n] for n in merging.due(sizes)]


def _names(segments: Iterable[ArraySegment]) -> list[str]:
    return [one.file_name() for one in segments]


def _joint(chosen: Sequence[ArraySegment]) -> ArraySegment:
    """Return a new segment for what is not deleted of the *chosen*; it is not written yet."""
    return ArraySegment(INDEX_NAME, sum(one.doc_count() for one in chosen))


def _merge(folder: Path, chosen: Sequence[ArraySegment], path: Path) -> None:
    """Write one segment of the *chosen* to *path*, durably."""
    parts = [(Segment(folder / one.file_name()), sorted(one.deleted)) for one in chosen]
    building.merge(path, parts)


def _merged(folder: Path, segments: list[ArraySegment]) -> list[ArraySegment]:
    """Return the segments with those that should be one made one; *segments* where none should."""
    chosen = _due(folder, segments)
    if not chosen:
        return segments
    merged = _joint(chosen)
    _merge(folder, chosen, folder / merged.file_name())
    return [*(one for one in segments if one not in chosen), merged]


def _publish(folder: Path, generation: int, segments: list[ArraySegment], mark: Mark) -> None:
    """Make *segments* the state of *generation*, durably, and delete what it no longer needs."""
    noted = {"change_id": mark.change_id, "by_label": dict(mark.by_label), "versions": VERSIONS}
    _write_durably(folder / f"mark-{generation}.json", json.dumps(noted).encode())
    _sync_folder(folder)
    storage = FileStorage(str(folder))
    # Whoosh writes to a temporary name and renames.
    TOC(_schema(), segments, generation).write(storage, INDEX_NAME)
    _sync_file(folder / TOC._filename(INDEX_NAME, generation))
    _sync_folder(folder)
    clean_files(storage, INDEX_NAME, generation, segments)
    for old in folder.glob("mark-*.json"):
        if old.name != f"mark-{generation}.json":
            old.unlink(missing_ok=True)


def _generation(folder: Path) -> int:
    try:
        return int(TOC._latest_generation(FileStorage(str(folder)), INDEX_NAME))
    except OSError as error:
        raise IndexUnavailable(f"the index in {folder} is gone: {error}") from error


def _contents_names(folder: Path, generation: int) -> tuple[str, str]:
    """Return the paths of the tables of contents of *generation* and of the next."""
    here, following = (TOC._filename(INDEX_NAME, generation + n) for n in (0, 1))
    return str(folder / here), str(folder / following)


def _contents(folder: Path) -> tuple[int, list[ArraySegment]]:
    try:
        contents = TOC.read(FileStorage(str(folder)), INDEX_NAME)
    except Exception as error:  # Whoosh raises whatever a damaged or vanished file leads to
        raise IndexUnavailable(
            f"the index in {folder} cannot be opened ({error}); 'muniment reindex' makes it anew"
        ) from error
    return contents.generation, contents.segments


def _opened(folder: Path, generation: int, before: Sequence[Part]) -> Snapshot:
    """Open a generation; segments that *before* has open are not opened again."""
    found, segments = _contents(folder)
    if found != generation:
        raise IndexUnavailable(f"the index in {folder} changed while it was opened")
    noted = _noted(folder / f"mark-{generation}.json")
    known = {part.segment.path: part for part in before}
    parts = []
    for one in segments:
        path = folder / one.file_name()
        old = known.get(path)
        opened = old.segment if old else Segment(path)
        if opened.size != one.size:
            raise IndexUnavailable(f"the segment {path} is not the one that was committed")
        unchanged = old is not None and int((~old.alive).sum()) == len(one.deleted)
        parts.append(old if old and unchanged else Part(opened, sorted(one.deleted)))
    return Snapshot(generation, parts, Mark(noted["change_id"], noted["by_label"]))


def _noted(path: Path) -> dict[str, Any]:
    try:
        noted: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"the index does not say how far it is: {error}") from error
    if noted.get("versions") != VERSIONS:
        raise IndexUnavailable("the index is of another version; 'muniment reindex' makes it anew")
    return noted


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
