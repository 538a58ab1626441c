"""The index is made anew from the catalogue, by one process or by several."""

import os
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from archive.access import EVERYTHING, PUBLIC
from archive.catalogue import Catalogue, adding, records
from archive.catalogue.records import Description, Item, PageText
from indexer import indexing
from indexer.engine import Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse

RECORDS = indexing.RECORDS_A_PROCESS + 50


def fill(catalogue: Catalogue, number: int = RECORDS) -> None:
    with catalogue.writing() as session:
        accession = records.open_accession(session, agent="test", via="command")
        for n in range(number):
            adding.add(
                session,
                accession_id=accession,
                agent="test",
                description=Description(title=f"Number{n} of many", language="en"),
                findings=[],
                item=Item(f"{n:064x}", f"{n}.txt", 1, "text/plain", "text"),
                embedded=[],
                pages=[PageText(1, f"the text of number{n}")],
                state="withdrawn" if n % 7 == 0 else "published",
                access="public" if n % 5 else "restricted",
            )


def test_several_processes_index_what_one_does(catalogue: Catalogue, tmp_path: Path):
    fill(catalogue)
    one, two = WhooshEngine(tmp_path / "one"), WhooshEngine(tmp_path / "two")
    told = indexing.rebuild(catalogue, one, processes=1)
    assert indexing.rebuild(catalogue, two, processes=2) == told
    assert len([*(tmp_path / "two").glob("*/*.mun")]) == 2
    assert sorted(two.record_ids()) == sorted(one.record_ids())
    assert two.mark() == one.mark()
    for typed in ("number1000", "text", "many NOT number3", "numb*"):
        question = Question(parse(typed).query, EVERYTHING, limit=50)
        assert two.search(question) == one.search(question)


def test_shares_hold_every_record_once(catalogue: Catalogue):
    fill(catalogue)
    with catalogue.reading() as session:
        whole = [one.record_id for one in indexing._share(session, 0, 1)]
        assert whole == sorted(whole)
        for of in (2, 3):
            shares = [[d.record_id for d in indexing._share(session, n, of)] for n in range(of)]
            assert sorted(chain(*shares)) == whole
            assert min(map(len, shares)) > len(whole) // (of + 1) // 2


def flipped(segment: Path) -> None:
    content = bytearray(segment.read_bytes())
    content[-3] ^= 8
    segment.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(Path.unlink, id="gone"),
        pytest.param(lambda segment: os.truncate(segment, 2_000), id="cut"),
        pytest.param(lambda segment: os.truncate(segment, 0), id="empty"),
        pytest.param(flipped, id="a byte flipped"),
    ],
)
@pytest.mark.parametrize("which", [0, -1], ids=["the first segment", "the last"])
def test_a_damaged_segment_leads_to_a_new_index_and_a_line_in_the_log(
    catalogue: Catalogue,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    which: int,
):
    root = tmp_path / "index"
    fill(catalogue, 20)
    engine = WhooshEngine(root)
    indexing.catch_up(catalogue, engine, batch=500, wait=True)
    with catalogue.writing() as session:
        for record in records.every(session, after=10, limit=3):
            records.change_state(session, record.public_id, "withdrawn", "test", "wrong")
        for record in records.every(session, after=14, limit=1):
            records.change_state(session, record.public_id, "published", "test", "right")
    indexing.catch_up(catalogue, engine, batch=500, wait=True)
    question = Question(parse("text").query, PUBLIC, limit=50)
    before = [hit.record_id for hit in engine.search(question).hits]
    engine.close()
    segments = sorted(root.glob("*/*.mun"), key=lambda path: path.stat().st_mtime_ns)
    assert len(segments) == 2
    damage(segments[which])
    again = WhooshEngine(root)
    indexing.catch_up(catalogue, again, batch=500, wait=True)
    indexing.check(catalogue, again)
    assert [line for line in caplog.records if "made anew" in line.message and line.reason]
    assert [hit.record_id for hit in again.search(question).hits] == before
    assert indexing.check(catalogue, again)
