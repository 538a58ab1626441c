"""From documents to segments on disk, in this process or in several at once."""

import multiprocessing
import os
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from archive.errors import IndexUnavailable
from indexer.engine import IndexDocument, Shares
from indexer.engine.whoosh.building import Builder
from indexer.engine.whoosh.codec import ArraySegment
from indexer.engine.whoosh.merging import SEGMENT_DOCUMENTS, SEGMENT_OCCURRENCES

INDEX_NAME = "MAIN"


@dataclass(frozen=True, slots=True)
class Filled:
    """A segment that was written, durably, and belongs to no table of contents yet."""

    segment: ArraySegment
    record_ids: list[int]


def fill(folder: Path, documents: Iterable[IndexDocument]) -> list[Filled]:
    """Write segments of *documents*; shares of them each in a process of its own.

    IndexUnavailable: a process was killed; what the others wrote belongs to nothing.
    """
    if not isinstance(documents, Shares):
        return _fill(folder, documents)
    # Not forked: other threads of this process may hold locks, and memory is not shared for long.
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(documents.parts), apart, _end_with_parent) as processes:
        try:
            each = [processes.submit(_fill, folder, part) for part in documents.parts]
            return [filled for one in each for filled in one.result()]
        except BrokenProcessPool as error:
            raise IndexUnavailable(
                "a process that filled the index was killed, maybe for want of memory; "
                "nothing was changed; try again, or with [index] processes = 1"
            ) from error


def _fill(folder: Path, documents: Iterable[IndexDocument]) -> list[Filled]:
    filled: list[Filled] = []
    builder = Builder()
    for document in documents:
        builder.add(document)
        if builder.occurrences >= SEGMENT_OCCURRENCES or len(builder) >= SEGMENT_DOCUMENTS:
            filled.append(_written(folder, builder))
            builder = Builder()
    if len(builder):
        filled.append(_written(folder, builder))
    return filled


def _written(folder: Path, builder: Builder) -> Filled:
    segment = ArraySegment(INDEX_NAME, len(builder))
    builder.write(folder / segment.file_name())
    return Filled(segment, builder.record_ids())


def _end_with_parent() -> None:
    """End this process when the one that started it is gone: nobody waits for what it writes."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=[parent.sentinel], name="parent", daemon=True).start()
