"""A document's number is found however it is written, and is never taken for its neighbour."""

import random
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access import PUBLIC
from archive.catalogue.records import Description, PageText, Record
from indexer.engine import Engine, IndexDocument, Mark, Question
from indexer.engine.memory import MemoryEngine
from indexer.engine.whoosh import WhooshEngine
from indexer.indexing import document_of
from indexer.numbers import canonical, mentioned, number_typed, numbers_in
from indexer.query.ast import Word

_CASES = Path(__file__).parents[1] / "cases"
FORMATS = tomllib.loads((_CASES / "numbers.toml").read_text(encoding="utf-8"))["format"]
EVERY = [(form, parts) for form in FORMATS for parts in form["numbers"]]


def form_of(form, parts) -> str:
    return form["canonical"].format(*parts)


def test_the_table_is_as_large_as_promised():
    assert len(FORMATS) >= 20
    assert len({form_of(form, parts) for form, parts in EVERY}) >= 300


@pytest.mark.parametrize("form", FORMATS, ids=[form["name"] for form in FORMATS])
def test_every_writing_that_is_typed_has_the_one_form(form):
    for parts in form["numbers"]:
        for writing in [*form["written"], *form.get("typed", [])]:
            assert number_typed(writing.format(*parts)) == form_of(form, parts)


@pytest.mark.parametrize("form", FORMATS, ids=[form["name"] for form in FORMATS])
def test_every_writing_is_recognised_in_running_text(form):
    for parts in form["numbers"]:
        for writing in form["written"]:
            text = f"As was said in {writing.format(*parts)}, in 1994 and on page 12, it is so."
            [found] = numbers_in(text)
            assert found.canonical == form_of(form, parts)
            assert text[found.start : found.end].strip() in writing.format(*parts)


def test_a_canonical_form_is_its_own():
    for form, parts in EVERY:
        assert canonical(form_of(form, parts)) == form_of(form, parts)


@pytest.mark.parametrize(
    "text",
    [
        "It was signed on 21.12.1993 at 10:30 by 45 of 193 states.",
        "From 1993-1994 some 3.5 million, 20% more, left (see page 114).",
        "COVID-19 and G20, 2nd edition, 1st of May 1990, room 4/12",
        "The Act 1990 and the law of 1992; decree 1 of that day",
        "Call 012 493-00-00, http://example.org/2016/679/x?id=12-34",
        "In resolution and in law; A/B testing of 48/114 cases",
    ],
)
def test_what_is_no_number_of_a_document_is_left_alone(text):
    assert [found.canonical for found in numbers_in(text)] == []


@pytest.mark.parametrize(
    "typed",
    ["", "peace", "1993", "21.12.1993", "2020-05-06", "1993-2000", "peace 14143", "12", "COVID-19",
     "resolution on peace 1994", "822 people", "3.5", "http://x.org/48/114", "page 351"],
)  # fmt: skip
def test_what_is_typed_and_no_number(typed):
    assert number_typed(typed) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("resolutions 822 (1993), 853 (1993), 874 (1993) and 884 (1993)",
         ["S/RES/822", "S/RES/853", "S/RES/874", "S/RES/884"]),
        ("its resolutions 48/114, 49/13 and 50/1", ["A/RES/48/114", "A/RES/49/13", "A/RES/50/1"]),
        ("PACE Resolution 1416 (2005)", ["1416/2005"]),
        ("Azərbaycan Respublikasının 351-IVQ nömrəli Qanunu", ["351/IVQ"]),
        ("3065 sayılı Kanunun 13 üncü maddesi", ["3065"]),
        ("Федеральный закон от 5 апреля 2013 г. № 44-ФЗ", ["44/ФЗ"]),
        ("Regulation (EU) 2016/679 and Directive 95/46/EC", ["2016/679", "1995/46"]),
        ("la loi n° 2000-1352 du 30 décembre 2000", ["2000/1352"]),
        ("القرار ٨٢٢ (١٩٩٣) والقرار ٨٥٣ (١٩٩٣)", ["S/RES/822", "S/RES/853"]),
        ("No. 27 of 1960", ["27/1960"]),
        ("S/RES/822 (1993).", ["S/RES/822"]),
        ("A/RES/217(III) A, adopted", ["A/RES/217(III)A"]),
    ],
)  # fmt: skip
def test_numbers_of_running_text(text, numbers):
    assert [found.canonical for found in numbers_in(text)] == numbers


@given(st.text(alphabet="A/RES48(19)-№ I.nNoФЗ–,\n", max_size=80) | st.text(max_size=80))
def test_any_text_is_read_and_what_is_found_stands_in_it(text):
    at = 0
    for found in numbers_in(text):
        assert at <= found.start < found.end <= len(text)
        assert found.canonical
        at = found.end
    number_typed(text)
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    "piece",
    ["1", "1/", "(1", "A/", "1-", "No ", "№1 ", "I", "1.", " 1", "(EU) 1/", "1 (", "resolution 1 "],
)
def test_time_grows_with_the_length_of_the_text_alone(piece):
    def seconds(copies):
        began = process_time()
        numbers_in(piece * copies)
        return process_time() - began

    assert seconds(40_000) < 25 * max(seconds(4_000), 0.01)


def test_a_record_is_filed_under_its_number_and_those_it_mentions():
    text = "Recalling resolution 822 (1993) and its resolution 853 (1993) of that year"
    description = Description(language="en", title="On S/RES/874 (1993)", number="S/RES/853 (1993)")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    record = Record(1, "bcdfghjk0", "published", "public", moment, moment, description)
    made = document_of(record, [PageText(1, text)])
    assert made is not None
    assert made.numbers == ("S/RES/853", mentioned("S/RES/822"), mentioned("S/RES/874"))


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = MemoryEngine() if request.param == "memory" else WhooshEngine(tmp_path / "index")
    yield made
    made.close()


def document(record_id: int, number: str) -> IndexDocument:
    mentions = tuple(mentioned(f"S/RES/{n}") for n in (822, 853, 874))
    return IndexDocument(
        record_id=record_id, label="public", language="en", title="", text="A decision.",
        aside="", numbers=(number, *mentions), date=None,
        facets={"year": frozenset(), "country": frozenset(), "kind": frozenset(),
                "language": frozenset(), "text": frozenset()},
    )  # fmt: skip


def test_each_is_found_first_and_by_no_number_of_a_neighbour(engine):
    """300 of the table and 60 of the Security Council in one index; all: benchmarks/numbers.py."""
    chosen = random.Random(822)
    council = FORMATS[0]
    numbers = {form_of(form, parts): (form, parts) for form, parts in EVERY}
    for number in chosen.sample(range(1, 2215), 60):
        numbers.setdefault(f"S/RES/{number}", ({**council, "written": ["UNSCR {0}"]}, [number, ""]))
    ids = {number: n for n, number in enumerate(numbers, start=1)}
    documents = [document(ids[number], number) for number in numbers]
    with engine.writing(wait=True):
        engine.rebuild(documents, Mark(1, {"public": 1}))
    asked = sorted(numbers)
    for number in chosen.sample(asked, 120):
        form, parts = numbers[number]
        typed = chosen.choice(form["written"]).format(*parts)
        answer = engine.search(Question(Word(number_typed(typed) or typed, "number"), PUBLIC))
        assert answer.hits[0].record_id == ids[number]
        bearing = [hit for hit in answer.hits if hit.score >= answer.hits[0].score]
        assert len(bearing) == 1
