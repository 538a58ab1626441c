"""The index on disk: read by Whoosh's own API, whole after every crash, noticed where damaged."""

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.qparser import QueryParser
from whoosh.query import FuzzyTerm

from archive.access import PUBLIC
from archive.errors import IndexUnavailable
from benchmarks import kills
from indexer.engine import IndexDocument, Mark, Question
from indexer.engine.whoosh import SEGMENTS_MOST, WhooshEngine, building
from indexer.engine.whoosh.merging import (
    MERGE_FACTOR,
    SEGMENT_DOCUMENTS,
    SEGMENT_OCCURRENCES,
    Size,
    due,
)
from indexer.engine.whoosh.segment import Segment
from indexer.query.parser import parse

KILLS = int(os.environ.get("MUNIMENT_TEST_INDEX_KILLS", "15"))
WORDS = [
    "peace",
    "treaty",
    "council",
    "republic",
    "assembly",
    "decree",
    "refugees",
    "border",
    "article",
    "law",
]


def document(record_id: int, text: str, title: str = "") -> IndexDocument:
    facets = {"year": "1993", "country": "AZ", "kind": "law", "language": "en", "text": "yes"}
    return IndexDocument(
        record_id,
        "public",
        "en",
        title,
        text,
        "",
        (),
        {n: frozenset({v}) for n, v in facets.items()},
        None,  # type: ignore[dict-item]
    )


def some_text(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(1, 30)))


def filled(folder: Path, number: int = 60) -> WhooshEngine:
    rng = random.Random(4)
    engine = WhooshEngine(folder)
    engine.rebuild(
        [document(n, some_text(rng)) for n in range(1, number // 2 + 1)], Mark(1, {"public": 1})
    )
    for n in range(number // 2 + 1, number + 1):
        engine.commit([document(n, some_text(rng))], [n // 3], Mark(n, {"public": n}))
    return engine


def current(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text()


def test_whoosh_opens_it_and_finds_the_same(tmp_path):
    engine = filled(tmp_path)
    opened = whoosh_index.open_dir(str(current(tmp_path)), indexname="MAIN")
    with opened.searcher(weighting=scoring.BM25F()) as searcher:
        assert searcher.doc_count() == len(set(engine.record_ids()))
        for typed in [
            "peace",
            "peace treaty",
            "peace OR law",
            '"peace treaty"',
            "treat*",
            "council NOT law",
        ]:
            theirs = searcher.search(QueryParser("text", opened.schema).parse(typed), limit=None)
            exact = (
                typed
                if '"' in typed or "*" in typed
                else " ".join(f'"{word}"' if word.islower() else word for word in typed.split())
            )
            ours = engine.search(Question(parse(exact).query, PUBLIC, limit=1_000))
            assert {hit["record_id"] for hit in theirs} == {hit.record_id for hit in ours.hits}, (
                typed
            )
    opened.close()


def test_whoosh_evaluates_its_fuzzy_words_too(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(1, "peace"), document(2, "peach"), document(3, "war")], Mark(1, {}))
    opened = whoosh_index.open_dir(str(current(tmp_path)), indexname="MAIN")
    with opened.searcher() as searcher:
        found = searcher.search(FuzzyTerm("text", "pease", maxdist=1), limit=None)
        assert {hit["record_id"] for hit in found} == {1}
        found = searcher.search(FuzzyTerm("text", "pease", maxdist=2), limit=None)
        assert {hit["record_id"] for hit in found} == {1, 2}
    opened.close()


def test_whoosh_reads_the_terms_and_their_places(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(7, "peace and peace", "On peace")], Mark(1, {}))
    opened = whoosh_index.open_dir(str(current(tmp_path)), indexname="MAIN")
    reader = opened.reader()
    assert [t.decode() for t in reader.lexicon("text")] == ["and", "peace"]
    assert reader.doc_frequency("text", "peace") == 1
    assert reader.frequency("text", "peace") == 2
    matcher = reader.postings("text", "peace")
    assert (matcher.id(), matcher.weight(), matcher.value_as("positions")) == (0, 2.0, [0, 2])
    assert reader.doc_field_length(0, "text") == 3
    reader.close()
    opened.close()


def segments(folder: Path) -> set[str]:
    return {path.name for path in current(folder).glob("*.mun")}


def test_small_segments_are_merged_by_tidying_and_nothing_is_lost(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([], Mark(0, {}))
    rng = random.Random(1)
    for n in range(1, 40):
        engine.commit([document(n, some_text(rng))], [n - 3] if n % 5 == 0 else [], Mark(n, {}))
    assert len(segments(tmp_path)) > MERGE_FACTOR
    question = Question(parse("peace treaty").query, PUBLIC, limit=100)
    before = engine.search(question)
    assert engine.tidy()
    assert len(segments(tmp_path)) < MERGE_FACTOR
    assert engine.search(question) == before
    assert not engine.tidy()
    gone = {n - 3 for n in range(1, 40) if n % 5 == 0}
    assert sorted(engine.record_ids()) == sorted(set(range(1, 40)) - gone)
    assert engine.mark() == Mark(39, {})


def test_a_commit_merges_where_nobody_tidies(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([], Mark(0, {}))
    for n in range(1, 2 * SEGMENTS_MOST):
        engine.commit([document(n, "peace")], [], Mark(n, {}))
        assert len(segments(tmp_path)) <= SEGMENTS_MOST
    assert sorted(engine.record_ids()) == list(range(1, 2 * SEGMENTS_MOST))


@pytest.mark.parametrize("meanwhile", ["puts", "deletes", "merges", "rebuilds"])
def test_what_is_committed_while_segments_are_merged_stays(tmp_path, monkeypatch, meanwhile):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([], Mark(0, {}))
    for n in range(1, 10):
        engine.commit([document(n, "peace")], [3] if n == 8 else [], Mark(n, {}))
    wanted = set(range(1, 10)) - {3}
    merge = building.merge

    def slowly(path, parts):
        merge(path, parts)
        monkeypatch.setattr(building, "merge", merge)
        with engine.writing(wait=False) as ours:
            assert ours
            match meanwhile:
                case "puts":
                    engine.commit([document(5, "war"), document(20, "war")], [], Mark(20, {}))
                case "deletes":
                    engine.commit([], [1, 7, 9], Mark(20, {}))
                case "merges":
                    for n in range(10, 10 + 2 * SEGMENTS_MOST):
                        engine.commit([document(n, "peace")], [2], Mark(n, {}))
                case _:
                    engine.rebuild([document(6, "peace")], Mark(20, {}))

    monkeypatch.setattr(building, "merge", slowly)
    assert engine.tidy()
    many = set(range(10, 10 + 2 * SEGMENTS_MOST))
    expected = {
        "puts": wanted | {20},
        "deletes": wanted - {1, 7, 9},
        "merges": (wanted - {2}) | many,
        "rebuilds": {6},
    }[meanwhile]
    assert sorted(engine.record_ids()) == sorted(expected)
    assert engine.mark() == Mark(137 if meanwhile == "merges" else 20, {})
    peace = expected - {5, 20} if meanwhile == "puts" else expected
    found = engine.search(Question(parse("peace").query, PUBLIC, limit=500))
    assert {hit.record_id for hit in found.hits} == peace
    assert not list(current(tmp_path).glob("draft-*"))
    engine.verify()


def test_a_damaged_segment_ends_tidying(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([], Mark(0, {}))
    for n in range(1, 10):
        engine.commit([document(n, "peace")], [], Mark(n, {}))
    for path in current(tmp_path).glob("*.mun"):
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(IndexUnavailable):
        engine.tidy()


def test_what_a_killed_tidying_left_is_cleared_away(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(1, "peace")], Mark(1, {}))
    left = current(tmp_path) / "draft-MAIN_0123456789abcdef.mun"
    left.write_bytes(b"half a segment")
    engine.commit([document(2, "peace")], [], Mark(2, {}))
    assert not engine.tidy()
    assert not left.exists()


def test_a_segment_of_which_much_is_deleted_is_written_anew(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(n, "peace") for n in range(10)], Mark(1, {}))
    before = segments(tmp_path)
    engine.commit([], [1, 2], Mark(2, {}))
    assert not engine.tidy()
    engine.commit([], [3], Mark(3, {}))
    assert segments(tmp_path) == before
    assert engine.tidy()
    assert segments(tmp_path).isdisjoint(before)
    assert sorted(engine.record_ids()) == [0, 4, 5, 6, 7, 8, 9]
    assert not engine.tidy()


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Size,
            st.integers(0, 2 * SEGMENT_DOCUMENTS),
            st.integers(0, 100),
            st.integers(0, SEGMENT_OCCURRENCES),
        ),
        max_size=40,
    )
)
def test_tidying_comes_to_an_end_and_makes_no_segment_too_large(sizes):
    for _ in range(len(sizes) + 1):
        chosen = [sizes[n] for n in due(sizes)]
        if not chosen:
            break
        merged = Size(sum(s.documents for s in chosen), 0, sum(s.occurrences for s in chosen))
        if len(chosen) > 1:
            assert merged.documents <= SEGMENT_DOCUMENTS
            assert merged.occurrences <= SEGMENT_OCCURRENCES
        sizes = [one for one in sizes if not any(one is old for old in chosen)] + [merged]
    assert due(sizes) == []


def test_what_old_segments_know_is_not_reckoned_again_after_a_commit(tmp_path):
    engine = WhooshEngine(tmp_path)
    engine.rebuild([document(1, "peace"), document(2, "war")], Mark(1, {}))
    engine.search(Question(parse("peace").query, PUBLIC))
    [old] = engine._fresh().parts
    engine.commit([document(3, "treaty")], [], Mark(2, {}))
    assert engine._fresh().parts[0] is old
    assert engine.search(Question(parse("war").query, PUBLIC)).total == 1
    assert engine._fresh().parts[0].totals(PUBLIC) is old.totals(PUBLIC)


def test_a_million_words_in_one_document(tmp_path):
    engine = WhooshEngine(tmp_path)
    text = "word " * 1_000_000 + "needle in the hay"
    engine.rebuild([document(1, text), document(2, "needle")], Mark(1, {}))
    found = engine.search(Question(parse('"needle in the hay" word').query, PUBLIC))
    assert [hit.record_id for hit in found.hits] == [1]


def test_a_reader_keeps_its_state_while_a_writer_goes_on(tmp_path):
    engine = filled(tmp_path, 20)
    old = engine._fresh()
    other = WhooshEngine(tmp_path)
    other.rebuild([document(99, "new")], Mark(99, {}))
    question = Question(parse("peace").query, PUBLIC)
    assert old.answer(question).total > 0
    assert engine.search(question).total == 0
    assert engine.search(Question(parse("new").query, PUBLIC)).total == 1


DAMAGE = {
    "a segment is gone": lambda f: next(f.glob("*.mun")).unlink(),
    "a segment is cut": lambda f: os.truncate(next(f.glob("*.mun")), 900),
    "a segment is empty": lambda f: os.truncate(next(f.glob("*.mun")), 0),
    "a segment is rubbish": lambda f: next(f.glob("*.mun")).write_bytes(b"rubbish" * 500),
    "the mark is gone": lambda f: next(f.glob("mark-*")).unlink(),
    "the mark is rubbish": lambda f: next(f.glob("mark-*")).write_bytes(b"{"),
    "the contents are gone": lambda f: next(f.glob("*.toc")).unlink(),
    "another version": lambda f: next(f.glob("mark-*")).write_text(
        json.dumps({"change_id": 1, "by_label": {}, "versions": [0]})
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_noticed_at_open_and_mended_by_a_rebuild(tmp_path, damage):
    filled(tmp_path, 12).close()
    damage(current(tmp_path))
    engine = WhooshEngine(tmp_path)
    assert engine.mark() is None
    with pytest.raises(IndexUnavailable):
        engine.search(Question(parse("peace").query, PUBLIC))
    engine.rebuild([document(1, "peace")], Mark(5, {}))
    assert engine.search(Question(parse("peace").query, PUBLIC)).total == 1
    assert engine.mark() == Mark(5, {})


def test_a_flipped_bit_anywhere_in_a_section_is_found_by_its_checksum(tmp_path):
    filled(tmp_path, 12).close()
    path = next(current(tmp_path).glob("*.mun"))
    Segment(path).verify()
    whole = path.read_bytes()
    opened = Segment(path)
    begin = opened._begin
    rng = random.Random(2)
    places = [
        begin + entry["at"] + rng.randrange(size)
        for entry in opened.header["sections"].values()
        if (size := entry["size"] * int(entry["type"][-1]))
    ]
    for at in places:
        flipped = bytearray(whole)
        flipped[at] ^= 1 << rng.randrange(8)
        other = path.with_name("flipped.mun")
        other.write_bytes(bytes(flipped))
        with pytest.raises(IndexUnavailable, match="damaged"):
            Segment(other).verify()


def test_a_killed_writer_leaves_the_last_committed_state(tmp_path):
    # In full: python -m benchmarks.kills --number 100
    assert kills.run(KILLS, tmp_path / "index", seed=3).total() == KILLS
