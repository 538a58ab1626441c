"""Archives of generated documents, filled in bulk and kept between runs."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from archive import accounts
from archive.access import label_of
from archive.catalogue import models, outbox
from archive.catalogue.records import new_public_id
from archive.dates import parse_edtf
from benchmarks.corpora import Corpus, Document, cache_folder
from indexer import bootstrap, indexing
from indexer.bootstrap import Archive

VERSION = 1
"""Goes up when the archive that is kept would be filled otherwise."""
NAME, PASSWORD = "load", "a password of the load benchmark"
"""An archivist's, of every such archive."""
BATCH = 2_000


def kept_archive(source: Corpus) -> Path:
    """Return the home of an archive that holds the corpus, filled now where it is not kept."""
    home = cache_folder() / f"load-{VERSION}-{source.digest}-{source.count}"
    if not home.exists():
        draft = home.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        bootstrap.make_home(draft)
        archive = bootstrap.open_archive(draft, {})
        fill(archive, source.documents())
        archive.close()
        draft.rename(home)
    bootstrap.upgrade(home, {})  # of an index of other versions, a new one is made
    return home


def fill(archive: Archive, documents: Iterator[Document]) -> None:
    """Put the records of *documents* into the catalogue in bulk, and index them once.

    No files: a record stands as if its original had been read.
    """
    with archive.catalogue.writing() as session:
        accounts.add(session, NAME, "archivist", PASSWORD, archive.settings.accounts)
        accession = models.AccessionRow(at=models.now(), agent="benchmark", via="command")
        session.add(accession)
        session.flush()
        accession_id = accession.accession_id
    last = 0
    while batch := list(islice(documents, BATCH)):
        with archive.catalogue.writing() as session:
            session.execute(
                insert(models.RecordRow), [_record_row(one, accession_id) for one in batch]
            )
            session.execute(insert(models.ItemRow), [_item_row(one) for one in batch])
            session.execute(
                insert(models.PageRow),
                [{"item_id": n.number, "number": 1, "text": n.text, "aside": ""} for n in batch],
            )
        last = batch[-1].number
    with archive.catalogue.writing() as session:
        outbox.note(session, last, [label_of("published", "public")])
    indexing.rebuild(archive.catalogue, archive.engine)


def _record_row(one: Document, accession_id: int) -> dict[str, Any]:
    moment, date = models.now(), parse_edtf(str(one.year))
    return {
        "record_id": one.number, "public_id": new_public_id(), "accession_id": accession_id,
        "state": "published", "access": "public", "added_at": moment, "changed_at": moment,
        "title": one.title, "kind": one.kind, "country": one.country,
        "date_first": date.first, "date_last": date.last, "date_precision": date.precision,
        "date_which": "published", "date_written": str(one.year), "number": one.reference or None,
        "language": one.language, "authors": [],
    }  # fmt: skip


def _item_row(one: Document) -> dict[str, Any]:
    return {
        "item_id": one.number, "record_id": one.number,
        "digest": hashlib.sha256(str(one.number).encode()).hexdigest(),
        "name": f"{one.number}.txt", "size_bytes": len(one.text), "media_type": "text/plain",
        "status": "text", "reason": "", "reader": "benchmark", "reader_version": "1",
        "paged": False, "page_count": 1, "char_count": len(one.text), "notes": [], "embedded": [],
    }  # fmt: skip


def copied(home: Path, target: Path) -> Path:
    """Copy an archive that no process has open; what is never changed in place is linked."""
    index = home / "data" / "index"

    def copy(source: str, goal: str) -> str:
        path = Path(source)
        if path.is_relative_to(index) and path.stat().st_size > 100_000:
            os.link(source, goal)
            return goal
        return shutil.copy2(source, goal)

    return Path(shutil.copytree(home, target, copy_function=copy))
