"""The engine on disk: a Whoosh index whose postings are read by Whoosh's own matchers.

`data/index/CURRENT` names the folder of the index that answers; a rebuild fills another
folder and swaps the name. An index folder holds pickles, hence code: it is made with mode
0700, never taken from elsewhere and never part of a backup.
"""

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import fields as whoosh_fields
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from archive.errors import IndexUnavailable
from indexer import analysis
from indexer.engine import Answer, IndexDocument, Mark, Question
from indexer.engine import fields as our_fields
from indexer.engine.whoosh.snapshot import Snapshot

CURRENT = "CURRENT"
MARK_ID = "@mark"
VERSIONS = [analysis.VERSION, our_fields.VERSION]


class Places(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the terms that were made already: a line a place, its terms apart by tabs."""

    def __call__(self, value: str, *, start_pos: int = 0, **_asked: Any) -> Iterator[Token]:
        """Yield a token for every term; those of one place share their position."""
        token = Token(positions=True, removestops=False)
        for position, place in enumerate(value.split("\n") if value else (), start=start_pos):
            for term in place.split("\t"):
                token.text, token.pos, token.boost, token.stopped = term, position, 1.0, False
                yield token


def _schema() -> whoosh_fields.Schema:
    positions = whoosh_fields.TEXT(analyzer=Places(), phrase=True)
    counts = whoosh_fields.TEXT(analyzer=Places(), phrase=False)
    return whoosh_fields.Schema(
        id=whoosh_fields.ID(unique=True),
        facts=whoosh_fields.STORED,
        title=positions,
        text=positions,
        aside=positions,
        title_stem=counts,
        text_stem=counts,
        numbers=counts,
    )


class WhooshEngine:
    """The engine over the folder `root`, which is made where it does not exist."""

    def __init__(self, root: Path) -> None:
        """Open nothing yet: the first question does."""
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def mark(self) -> Mark | None:
        """Return how far the index is, None where it must be rebuilt."""
        try:
            noted = self._fresh().noted
        except IndexUnavailable:
            return None
        if noted.get("versions") != VERSIONS:
            return None
        return Mark(noted["change_id"], noted["by_label"])

    def commit(self, puts: Iterable[IndexDocument], deletes: Iterable[int], mark: Mark) -> None:
        """Write one segment. Whoosh swaps its table of contents in one rename."""
        index = self._open(self._current())
        writer = index.writer(limitmb=256)
        try:
            for record_id in deletes:
                writer.delete_by_term("id", str(record_id))
            for document in puts:
                writer.delete_by_term("id", str(document.record_id))
                _add(writer, document)
            writer.delete_by_term("id", MARK_ID)
            _note(writer, mark)
        except BaseException:
            # A writer that failed once corrupts what follows: leave the index as it was.
            writer.cancel()
            raise
        writer.commit()
        index.close()

    def rebuild(self, documents: Iterable[IndexDocument], mark: Mark) -> None:
        """Fill a new folder, then let CURRENT name it."""
        name = secrets.token_hex(8)
        folder = self.root / name
        folder.mkdir(mode=0o700)
        index = FileStorage(str(folder)).create_index(_schema())
        writer = index.writer(limitmb=256)
        try:
            for document in documents:
                _add(writer, document)
            _note(writer, mark)
        except BaseException:
            writer.cancel()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        writer.commit(optimize=True)
        index.close()
        draft = self.root / f"{CURRENT}.{name}"
        draft.write_text(name, "ascii")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(self.root / CURRENT)
        for old in self.root.iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Hold a lock on a file: the kernel lets go of it when the process ends, however."""
        with (self.root / "writer.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def search(self, question: Question) -> Answer:
        """Answer from the last committed state."""
        snapshot = self._fresh()
        mark = Mark(snapshot.noted["change_id"], snapshot.noted["by_label"])
        # A Whoosh searcher shared by threads gives wrong answers (measured: research on the
        # engine, 4); one question at a time until the evaluation is our own.
        with snapshot.lock:
            return snapshot.answer(question, mark)

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record that is indexed."""
        yield from self._fresh().record_ids()

    def close(self) -> None:
        """Close the snapshot."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
                self._snapshot = None

    def _current(self) -> Path:
        try:
            name = (self.root / CURRENT).read_text("ascii").strip()
        except FileNotFoundError as error:
            raise IndexUnavailable(
                f"there is no index in {self.root} yet; 'muniment reindex' makes it"
            ) from error
        return self.root / name

    def _open(self, folder: Path) -> FileIndex:
        try:
            return FileStorage(str(folder)).open_index()
        except Exception as error:  # Whoosh raises whatever a damaged file leads to
            raise IndexUnavailable(
                f"the index in {folder} cannot be opened ({error}); 'muniment reindex' makes it anew"
            ) from error

    def _fresh(self) -> Snapshot:
        """Return a snapshot of the last committed state, the held one if it still is."""
        with self._lock:
            for attempt in range(10):
                folder = self._current()
                held = self._snapshot
                if held is not None and held.folder == folder and held.is_current():
                    return held
                try:
                    self._snapshot = Snapshot.of(self._open(folder), folder, held)
                except IndexUnavailable:
                    # A writer may have swapped files or folders between our two looks.
                    if attempt == 9:
                        raise
                    threading.Event().wait(0.02 * (attempt + 1))
            assert self._snapshot is not None
            return self._snapshot


def _add(writer: Any, document: IndexDocument) -> None:
    places = our_fields.places(document)
    facts = {
        "record_id": document.record_id,
        "label": document.label,
        "language": document.language or "",
        "facets": {name: sorted(values) for name, values in document.facets.items()},
        "first": document.date.first.toordinal() if document.date else None,
        "last": document.date.last.toordinal() if document.date else None,
        "lengths": {name: sum(map(len, field)) for name, field in places.items()},
    }
    texts = {name: "\n".join(map("\t".join, field)) for name, field in places.items()}
    writer.add_document(id=str(document.record_id), facts=json.dumps(facts), **texts)


def _note(writer: Any, mark: Mark) -> None:
    noted = {"change_id": mark.change_id, "by_label": dict(mark.by_label), "versions": VERSIONS}
    writer.add_document(id=MARK_ID, facts=json.dumps({"mark": noted}))


