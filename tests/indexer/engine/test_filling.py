"""An index made by several processes is the one that a single process makes."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.access import PUBLIC
from archive.errors import IndexUnavailable
from benchmarks.kills import document
from indexer.engine import IndexDocument, Mark, Question, Shares
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse


class Killed:
    """Documents whose reader is killed in the middle."""

    def __iter__(self) -> Iterator[IndexDocument]:
        yield document(1)
        os.kill(os.getpid(), signal.SIGKILL)


def answers(engine: WhooshEngine) -> list[object]:
    asked = ("peace", '"peace treaty"', "counc*", "number7 OR number8", "law NOT decree")
    return [engine.search(Question(parse(typed).query, PUBLIC, limit=100)) for typed in asked]


def test_two_processes_make_the_index_that_one_makes(tmp_path: Path):
    documents = tuple(map(document, range(1, 60)))
    one, two = WhooshEngine(tmp_path / "one"), WhooshEngine(tmp_path / "two")
    one.rebuild(documents, Mark(1, {"public": 1}))
    two.rebuild(Shares((documents[::2], documents[1::2])), Mark(1, {"public": 1}))
    assert answers(two) == answers(one)
    assert sorted(two.record_ids()) == sorted(one.record_ids())
    assert len([*(tmp_path / "two").glob("*/*.mun")]) == 2


def test_a_killed_process_publishes_nothing_and_is_told(tmp_path: Path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(5)], Mark(1, {"public": 1}))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(IndexUnavailable, match="was killed"):
        engine.rebuild(Shares(((document(7),), Killed())), Mark(2, {"public": 2}))
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert engine.mark() == Mark(1, {"public": 1})
    assert [*engine.record_ids()] == [5]
