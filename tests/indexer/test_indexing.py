"""The index is made anew from the catalogue, by one process or by several."""

from itertools import chain
from pathlib import Path

from archive.access import EVERYTHING
from archive.catalogue import Catalogue, records
from archive.catalogue.records import Description, Item, PageText
from indexer import indexing
from indexer.engine import Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse

RECORDS = indexing.RECORDS_A_PROCESS + 50


def fill(catalogue: Catalogue) -> None:
    with catalogue.writing() as session:
        accession = records.open_accession(session, agent="test", via="command")
        for n in range(RECORDS):
            records.add(
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
