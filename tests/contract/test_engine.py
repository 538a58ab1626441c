"""What every engine keeps to, and that all say the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import dates
from archive.access import EVERYTHING, PUBLIC
from archive.errors import IndexUnavailable
from indexer.engine import Engine, Filters, IndexDocument, Mark, Question, Term
from indexer.engine.bars import BAR_STEPS
from indexer.engine.memory import MemoryEngine
from indexer.engine.whoosh import WhooshEngine
from indexer.numbers import mentioned
from indexer.query.ast import Fuzzy, Prefix, Wildcard
from indexer.query.names import with_variants
from indexer.query.parser import parse
from indexer.query.reading import readings_of


def document(
    record_id: int,
    text: str = "",
    title: str = "",
    *,
    label: str = "public",
    country: str = "",
    kind: str = "",
    language: str = "en",
    date: dates.PartialDate | None = None,
    numbers: tuple[str, ...] = (),
    aside: str = "",
    issuer: str = "",
    spoken_of: tuple[str, ...] = (),
) -> IndexDocument:
    return IndexDocument(
        record_id=record_id,
        label=label,  # type: ignore[arg-type]
        language=language,
        title=title,
        text=text,
        aside=aside,
        numbers=numbers,
        facets={
            "year": frozenset({str(date.year) if date and date.year else ""}),
            "country": frozenset({country}),
            "kind": frozenset({kind}),
            "language": frozenset({language}),
            "text": frozenset({"yes" if text else "no"}),
            **({"spoken_of": frozenset(spoken_of)} if spoken_of else {}),
        },
        date=date,
        issuer=issuer,
    )


MARK = Mark(1, {"public": 1})


def new_engine(name: str, folder: Path) -> Engine:
    return MemoryEngine() if name == "memory" else WhooshEngine(folder)


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = new_engine(request.param, tmp_path / "index")
    yield made
    made.close()


def found(engine: Engine, typed: str, labels=PUBLIC, **narrowing) -> list[int]:
    filters = narrowing.pop("filters", Filters())
    answer = engine.search(Question(parse(typed).query, labels, filters, limit=100, **narrowing))
    return [hit.record_id for hit in answer.hits]


def told(engine: Engine, *documents: IndexDocument, mark: Mark = MARK) -> None:
    with engine.writing(wait=True) as turn:
        assert turn
        if engine.mark() is None:
            engine.rebuild(documents, mark)
        else:
            engine.commit(documents, [], mark)


def test_without_an_index_there_is_no_answer(engine):
    assert engine.mark() is None
    with pytest.raises(IndexUnavailable):
        found(engine, "x")


def test_an_empty_index_answers_with_nothing(engine):
    told(engine)
    assert found(engine, "x") == []
    assert found(engine, "") == []
    assert engine.mark() == MARK


WORDS = [
    ("peace", [1, 2]),
    ("PEACE", [1, 2]),
    ("peace treaty", [1]),
    ("treaty OR war", [1, 3]),
    ("peace -treaty", [2]),
    ("NOT peace", [3, 4, 5, 6]),
    ('"peace treaty"', [1]),
    ('"treaty peace"', []),
    ("treaties", [1]),
    ('"treaties"', []),
    ("trea*", [1]),
    ("title:peace", [2]),
    ("title:treaty", []),
    ("azerbaycan", [4]),
    ("Azərbaycan", [4]),
    ("İSTANBUL", [4]),
    ("ёлка", [5]),
    ("ЕЛКА", [5]),
    ("A/RES/48/114", [6]),
    ("number:A/RES/48/114", [6]),
    ("number:48", []),
    ("country:az", [4]),
    ("kind:law", [3]),
    ("year:1993", [2]),
    ("sidebar", [1]),
    ("text:peace", [1]),
    ("peace NEAR/0 treaty", [1]),
    ("treaty NEAR/0 peace", [1]),
    ("a NEAR/1 treaty", [1]),
    ("a NEAR/0 treaty", []),
    ("peace NEAR/9 nothing", []),
    ("peace NEAR/9 peace", []),
    ("treaties NEAR/2 sign", [1]),
    ('"a peace" NEAR/1 signed', []),
    ('"a peace" NEAR/2 signed', [1]),
    ("a NEAR/0 peace NEAR/0 treaty NEAR/0 was", [1]),
    ("a NEAR/0 treaty NEAR/9 peace", []),
    ("{war treaty} NEAR/0 peace", [1]),
    ("{war treaty}", [1, 3]),
    ("tre* NEAR/0 peace", [1]),
    ("tretay~ NEAR/0 p?ace", [1]),
    ("title:on NEAR/0 peace", [2]),
    ("text:on NEAR/0 peace", []),
    ("paece~", [1, 2]),
    ("xeace~", [1, 2]),
    ("pxexe~", []),
    ("istnabul~", [4]),
    ("resoluton~", [6]),
    ("title:paece~", [2]),
    ("p?ace", [1, 2]),
    ("p?ce", []),
    ("pe*e", [1, 2]),
    ("tr*t*y", [1]),
    ("аз?*", []),
    ("ё?ка", [5]),
    ("number:A/RES/48/*", [6]),
    ("date:1993", [2]),
    ("date:>1993", []),
    ("date:before 1994", [2]),
    ("date:[1993-01-02 TO *]", [2]),
    ("date:*", [2]),
    ("date:unknown", [1, 3, 4, 5, 6]),
    ("year:1990..1995", [2]),
    ("year:unknown", [1, 3, 4, 5, 6]),
    ("country:*", [4]),
    ("date:03/04/2021", []),
    ("", [1, 2, 3, 4, 5, 6]),
]


@pytest.mark.parametrize(
    ("typed", "expected"), WORDS, ids=[typed or "nothing" for typed, _ in WORDS]
)
def test_what_a_query_finds(engine, typed, expected):
    told(
        engine,
        document(1, "A peace treaty was signed", aside="sidebar"),
        document(2, "Nothing is said here", "On peace", date=dates.day(1993, 1, 2)),
        document(3, "war", kind="code"),
        document(4, "Azərbaycan və İstanbul", language="az", country="AZ"),
        document(5, "Ёлка", language="ru"),
        document(6, "resolution", numbers=("A/RES/48/114",)),
    )
    assert sorted(found(engine, typed)) == expected


def test_what_a_word_stands_for_is_cut_to_the_most_frequent_and_says_so(engine):
    told(
        engine,
        *(document(n, "words " + f"wordx{n}" * (n < 3)) for n in range(1, 5)),
        document(9, "wordz wordz wordz", label="staff"),
    )
    for typed in ("word~", "wor?s OR word*x?", "w?rd*s"):
        whole = engine.search(Question(parse(typed).query, PUBLIC))
        assert whole.notices == ()
    cut = engine.search(Question(parse("wo*r*d*", expansion_max=1).query, PUBLIC))
    assert cut.total == 4
    assert cut.notices == ("wo*r*d* stands for 3 words; only the 1 most frequent were looked for",)


def test_the_nearest_spelling_stands_first(engine):
    told(engine, document(1, "kelbajar"), document(2, "kalbajar"), document(3, "kalbacar"))
    assert found(engine, "kalbajar~") == [2, 1, 3]


def test_one_thing_under_two_names_counts_once(engine):
    told(engine, document(1, "yeltsin eltsin"), document(2, "yeltsin"), document(3, "eltsin"))
    hits = engine.search(Question(parse("{yeltsin eltsin}").query, PUBLIC)).hits
    once = engine.search(Question(parse("yeltsin").query, PUBLIC)).hits
    assert hits[0].score == once[0].score


def test_a_fact_that_nobody_bears_is_told(engine):
    told(engine, document(1, "w", country="AZ"), document(2, "w", country="FR", label="staff"))
    answer = engine.search(Question(parse("country:AZ country:FR kind:laaw").query, PUBLIC))
    assert answer.notices == (
        "there is nothing here with country:FR",
        "there is nothing here with kind:laaw",
    )


def test_a_later_document_takes_the_place_of_an_earlier(engine):
    told(engine, document(1, "old words"), document(2, "other"))
    told(engine, document(1, "new words"), mark=Mark(2, {"public": 2}))
    assert found(engine, "old") == []
    assert found(engine, "new") == [1]
    assert engine.mark() == Mark(2, {"public": 2})
    assert sorted(engine.record_ids()) == [1, 2]


def test_a_deleted_document_is_gone_from_hits_counts_and_statistics(engine):
    told(engine, *(document(n, "word", country="AZ") for n in range(1, 5)))
    engine.commit([], [2, 3, 99], Mark(3, {"public": 3}))
    answer = engine.search(Question(parse("word").query, PUBLIC))
    assert answer.total == 2
    assert answer.facets["country"] == {"AZ": 2}


def test_what_a_reader_may_not_see_moves_nothing(engine, tmp_path):
    """Hits, scores, counts: equal with and without the hidden."""
    open_ones = [document(n, "word " * n + "other", country="AZ") for n in range(1, 6)]
    hidden = [
        document(n, "word hidden " * 9, label="staff", country="FR", language="fr")
        for n in range(6, 30)
    ]
    told(engine, *open_ones)
    question = Question(
        parse("word OR hidden OR hid* OR hiden~ OR wo?d OR (word NEAR/2 h?dden)").query, PUBLIC
    )
    before = engine.search(question)
    told(engine, *hidden, mark=Mark(2, {"public": 1, "staff": 2}))
    after = engine.search(question)
    assert after.hits == before.hits
    assert after.facets == before.facets
    assert after.mark.seen_by(PUBLIC) == before.mark.seen_by(PUBLIC)
    assert engine.search(Question(parse("word").query, EVERYTHING)).total == 29


def test_facets_are_counted_without_their_own_choice(engine):
    told(
        engine,
        document(1, "w", country="AZ", kind="law"),
        document(2, "w", country="AZ", kind="decree"),
        document(3, "w", country="FR", kind="law"),
        document(4, "w"),
    )
    filters = Filters({"country": frozenset({"AZ"}), "kind": frozenset({"law"})})
    answer = engine.search(Question(parse("w").query, PUBLIC, filters))
    assert [hit.record_id for hit in answer.hits] == [1]
    assert answer.facets["country"] == {"AZ": 1, "FR": 1}
    assert answer.facets["kind"] == {"law": 1, "decree": 1}
    unknown = Filters({"country": frozenset({"", "FR"})})
    assert found(engine, "w", filters=unknown) == [3, 4]


def test_what_is_excluded_is_out_and_still_counted_in_its_own_facet(engine):
    told(
        engine,
        document(1, "w", country="AZ", kind="law"),
        document(2, "w", country="FR", kind="law"),
        document(3, "w", kind="decree"),
    )
    filters = Filters(excluded={"country": frozenset({"FR"})})
    answer = engine.search(Question(parse("w").query, PUBLIC, filters))
    assert {hit.record_id for hit in answer.hits} == {1, 3}
    assert answer.facets["country"] == {"AZ": 1, "FR": 1, "": 1}
    assert answer.facets["kind"] == {"law": 1, "decree": 1}
    both = Filters({"country": frozenset({"AZ", "FR"})}, excluded={"country": frozenset({"FR"})})
    assert found(engine, "w", filters=both) == [1]
    assert found(engine, "w", filters=Filters(excluded={"kind": frozenset({"law"})})) == [3]


def test_a_facet_may_have_many_values_and_one_that_was_not_told_is_unknown(engine):
    told(
        engine,
        document(1, "w", spoken_of=("AZ", "AM")),
        document(2, "w", spoken_of=("AM",)),
        document(3, "w"),
    )
    counts = engine.search(Question(parse("w").query, PUBLIC)).facets["spoken_of"]
    assert counts == {"AZ": 1, "AM": 2, "": 1}
    chosen = {"spoken_of": frozenset({"AZ", ""})}
    assert found(engine, "w", filters=Filters(chosen)) == [1, 3]
    assert found(engine, "w", filters=Filters(excluded={"spoken_of": frozenset({"AZ"})})) == [2, 3]
    assert found(engine, "w", filters=Filters(excluded={"spoken_of": frozenset({""})})) == [1, 2]


def test_only_the_facets_that_are_asked_for_are_counted(engine):
    told(engine, document(1, "w", country="AZ"))
    answer = engine.search(Question(parse("w").query, PUBLIC, facets=("country",)))
    assert answer.facets == {"country": {"AZ": 1}}


def test_a_range_takes_what_lies_wholly_inside_and_counts_what_possibly_does(engine):
    told(
        engine,
        document(1, "w", date=dates.day(1993, 5, 5)),
        document(2, "w", date=dates.year(1993)),
        document(3, "w", date=dates.day(1994, 1, 1)),
        document(4, "w"),
    )
    span = dates.parse_edtf("1993-05/1993-07")
    answer = engine.search(Question(parse("w").query, PUBLIC, Filters(dates=span)))
    assert [hit.record_id for hit in answer.hits] == [1]
    assert answer.possibly == 1
    assert found(engine, "w", filters=Filters(dates=span, possibly=True)) == [1, 2]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("newest", [3, 1, 2, 4]), ("oldest", [2, 1, 3, 4]), ("added", [4, 3, 2, 1])],
)
def test_the_order_that_was_asked_for(engine, sort, expected):
    told(
        engine,
        document(1, "w", date=dates.day(1993, 5, 5)),
        document(2, "w", date=dates.year(1990)),
        document(3, "w", date=dates.day(1994, 1, 1)),
        document(4, "w"),
    )
    assert found(engine, "w", sort=sort) == expected


def test_exact_words_stand_above_stems_and_titles_above_texts(engine):
    told(
        engine,
        document(1, "organ of the body and more words here"),
        document(2, "organs of the body and more words here"),
        document(3, "nothing here of it at all but words", "organ"),
    )
    assert found(engine, "organ") == [3, 1, 2]


def test_totals_are_those_of_searches_without_filters(engine):
    told(
        engine,
        document(1, "mill wheel stone", numbers=("A/RES/48/114",)),
        document(2, "mill wheel", country="AZ"),
        document(3, "mill stone", label="staff"),
        document(4, "A mill-wheel of stone"),
    )
    readings = readings_of(parse("mill wheel stone -country:AZ").query)
    queries = [
        *readings.values(),
        *(parse(t).query for t in ("mill*", "mill-wheel", "A/RES/48/114")),
    ]
    for labels in (PUBLIC, EVERYTHING):
        searched = [engine.search(Question(query, labels)).total for query in queries]
        assert list(engine.totals(queries, labels)) == searched
    assert engine.totals(queries, PUBLIC) == (2, 2, 2, 3, 3, 1)


def test_a_number_that_is_typed_stands_first_whatever_else_is_said(engine):
    words = "resolution on refugees and displaced persons "
    told(
        engine,
        document(1, words * 30, words),
        document(2, "another text", numbers=("A/RES/48/114",)),
        document(3, f"{words} recalling A/RES/48/114", numbers=(mentioned("A/RES/48/114"),)),
        *(document(n, "text", numbers=("A/RES/48/114",)) for n in range(10, 40)),
    )
    query = readings_of(parse("resolution A/RES/48/114 on refugees and displaced persons").query)
    hits = engine.search(Question(query["any"], PUBLIC, limit=100)).hits
    order = [hit.record_id for hit in hits]
    assert set(order[:31]) == {2, *range(10, 40)}
    assert order[31:] == [3, 1]


def test_more_of_the_words_stand_above_one_rare_word_said_often(engine):
    told(
        engine,
        document(1, "families of displaced persons in a camp by the river and the long road"),
        document(2, "khojaly khojaly khojaly khojaly and more about the river and the long road"),
        *(document(n, "families were there and displaced persons too") for n in range(3, 12)),
        *(document(n, "nothing of the kind") for n in range(20, 40)),
    )
    query = readings_of(parse("displaced families camp persons khojaly").query)
    hits = engine.search(Question(query["any"], PUBLIC, limit=100)).hits
    assert hits[0].record_id == 1
    scores = {hit.record_id: hit.score for hit in hits}
    assert scores[1] > scores[2]


def test_documents_with_all_words_lead_where_one_word_more_is_all_that_differs(engine):
    told(
        engine,
        document(1, "mill wheel"),
        document(2, "mill wheel stone"),
        document(3, "mill"),
        document(4, "mill wheel stone water"),
    )
    query = readings_of(parse("mill wheel stone water").query)
    assert [hit.record_id for hit in engine.search(Question(query["any"], PUBLIC)).hits] == [
        4,
        2,
        1,
        3,
    ]


def test_pages_follow_one_another(engine):
    told(engine, *(document(n, "word") for n in range(1, 26)))
    question = [
        Question(parse("word").query, PUBLIC, offset=at, limit=10) for at in (0, 10, 20, 30)
    ]
    pages = [[hit.record_id for hit in engine.search(q).hits] for q in question]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [n for page in pages for n in page] == list(range(1, 26))


def test_a_rebuild_forgets_what_it_was_not_told(engine):
    told(engine, document(1, "old"))
    engine.rebuild([document(2, "new")], Mark(7, {"public": 7}))
    assert sorted(engine.record_ids()) == [2]
    assert engine.mark() == Mark(7, {"public": 7})


def test_tidying_changes_no_answer_and_comes_to_an_end(engine):
    for n in range(1, 30):
        told(engine, document(n, f"peace {n}"), mark=Mark(n, {"public": n}))
    before = engine.search(Question(parse("peace").query, PUBLIC, limit=100))
    for _ in range(10):
        if not engine.tidy():
            break
    assert not engine.tidy()
    assert engine.search(Question(parse("peace").query, PUBLIC, limit=100)) == before
    assert engine.mark() == Mark(29, {"public": 29})


def test_only_one_writes(engine):
    with engine.writing(wait=False) as first, engine.writing(wait=False) as second:
        assert first
        assert not second
    with engine.writing(wait=False) as again:
        assert again


def test_words_are_told_with_their_holders_the_most_held_first(engine):
    told(
        engine,
        document(1, "treaty treaties", "Treaty"),
        document(2, "treaty", aside="treason"),
        document(3, "treasure", label="staff"),
        document(4, "Azərbaycan"),
    )
    assert engine.terms_like(Prefix("TREA"), PUBLIC, 9) == (
        Term("treaty", 2, 0),
        Term("treason", 1, 0),
        Term("treaties", 1, 0),
    )
    assert engine.terms_like(Prefix("trea"), EVERYTHING, 2) == (
        Term("treaty", 2, 0),
        Term("treason", 1, 0),
    )
    assert engine.terms_like(Prefix("trea", "title"), PUBLIC, 9) == (Term("treaty", 1, 0),)
    assert engine.terms_like(Fuzzy("traety"), PUBLIC, 9) == (Term("treaty", 2, 1),)
    assert engine.terms_like(Wildcard("tr*s??"), PUBLIC, 9) == (Term("treason", 1, 0),)
    assert engine.terms_like(Prefix("x"), PUBLIC, 9) == ()
    assert engine.terms_like(Prefix("trea"), PUBLIC, 0) == ()
    assert engine.holders(["treaty", "treasure", "azərbaycan", "azerbaycan", "x"], PUBLIC) == (
        3,
        {"treaty": 2, "azərbaycan": 1, "azerbaycan": 1},
    )


BARS = [
    ("decade", {"199X": 5, "": 2}),
    ("year", {"1993": 3, "1994": 1, "199X": 1, "": 2}),
    ("month", {"1993-05": 1, "1993-12": 1, "1993": 1, "1994-01": 1, "199X": 1, "": 2}),
]


@pytest.mark.parametrize(("step", "expected"), BARS)
def test_bars_count_every_record_once_whatever_dates_are_chosen(engine, step, expected):
    told(
        engine,
        document(1, "w", date=dates.day(1993, 5, 5)),
        document(2, "w", date=dates.year(1993)),
        document(3, "w", date=dates.parse_edtf("1993-12~")),
        document(4, "w", date=dates.day(1994, 1, 1)),
        document(5, "w", date=dates.parse_edtf("199X")),
        document(6, "w", date=dates.parse_edtf("1989/1991")),
        document(7, "w"),
        document(8, "w", date=dates.year(1812), label="staff"),
        document(9, "w", date=dates.year(1812), country="FR"),
        document(10, "other", date=dates.year(1812)),
    )
    query = parse("w").query
    for narrowing in (
        {"dates": dates.parse_edtf("1994")},
        {"dates": dates.parse_edtf("1994"), "possibly": True},
        {"chosen": {"year": frozenset({"1994"}), "country": frozenset({""})}},
    ):
        chosen = {"country": frozenset({""}), **narrowing.pop("chosen", {})}
        filters = Filters(chosen, **narrowing)
        answer = engine.search(Question(query, PUBLIC, filters, bars=step))
        assert answer.bars == expected
        assert answer.total < sum(expected.values())
    assert engine.search(Question(query, PUBLIC)).bars == {}


NAMED = (
    document(1, "They came from Khojaly, and left Khojaly."),
    document(2, "Onlar Xocalı şəhərindən, Azərbaycan, sonra Xocalı", language="az"),
    document(3, "Они жили в Ходжалы тогда", language="ru"),
    document(4, "Onlar Hocalı kasabasından", label="staff", language="tr"),
    document(5, "A table of reports, and the table", title="Table"),
)


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("Khojaly", ("Xocalı", "Ходжалы")),
        ("khojaly", ("Xocalı", "Ходжалы")),
        ("Hocalı", ("Khojaly", "Xocalı", "Ходжалы")),
        ("Ходжалы", ("Khojaly", "Xocalı")),
        ("xocali", ("Khojaly", "Ходжалы")),
        ("table", ()),
        ("Table", ()),
        ("Tabla", ()),
        ("Unheard", ()),
        ("", ()),
        ("№", ()),
    ],
)
def test_a_name_has_the_other_spellings_that_its_asker_may_see(engine, typed, others):
    told(engine, *NAMED)
    assert engine.variants([typed], PUBLIC) == ({typed: others} if others else {})
    assert "Hocalı" in engine.variants(["Khojaly"], EVERYTHING)["Khojaly"]


@pytest.mark.parametrize("typed", ["Khojaly", "Xocalı", "ходжалы"])
def test_what_is_spelt_as_typed_stands_above_its_other_spellings(engine, typed):
    told(engine, *NAMED)
    query, _ = with_variants(parse(typed).query, lambda words: engine.variants(words, PUBLIC))
    hits = engine.search(Question(query, PUBLIC)).hits
    assert {hit.record_id for hit in hits} == {1, 2, 3}
    [alone] = found(engine, typed)
    assert hits[0].record_id == alone
    assert all(hit.score < hits[0].score / 2 for hit in hits[1:])


def test_issuers_of_most_records_come_first_and_those_of_hidden_ones_do_not(engine):
    told(
        engine,
        document(1, issuer="General Assembly"),
        document(2, issuer="Milli Məclis"),
        document(3, issuer="Milli Məclis"),
        document(4, issuer="Secret Board", label="staff"),
        document(5),
    )
    assert engine.issuers(PUBLIC) == ("Milli Məclis", "General Assembly")
    told(engine, document(2), mark=Mark(2, {"public": 2}))
    assert engine.issuers(EVERYTHING) == ("General Assembly", "Milli Məclis", "Secret Board")


def test_a_word_that_is_mostly_small_is_no_name(engine):
    told(
        engine,
        document(1, "He said that Мир was one, and that Мира", language="ru"),
        *(document(n, "о слове мира и мир", language="ru") for n in range(2, 5)),
        document(9, "the Mira and the Mir station"),
    )
    assert engine.variants(["Мира", "Mira"], PUBLIC) == {}


def test_capitals_of_german_texts_tell_nothing(engine):
    told(
        engine,
        document(1, "und die Schranke", language="de"),
        document(2, "и так, Шранке", language="ru"),
    )
    assert engine.variants(["Шранке"], PUBLIC) == {}


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("xocali", "Xocalı"),
        ("khojaly", "Khojaly"),
        ("seherinden", "seherinden"),
        ("şəhərindən", "şəhərindən"),
        ("səhərindən", "şəhərindən"),
        ("azərbaycan", "Azərbaycan"),
        ("azerbaycan", "Azərbaycan"),
        ("hocali", "hocali"),
        ("table", "table"),
        ("nothing", "nothing"),
    ],
)
def test_a_word_is_told_as_the_texts_of_its_asker_write_it(engine, term, written):
    told(engine, *NAMED)
    assert engine.as_written([term], PUBLIC) == {term: written}


TEXTS = st.lists(
    st.sampled_from(
        [
            *("alpha", "beta", "gamma", "delta", "betas", "Ёж", "ежи"),
            *("of Khojaly", "to Xocalı", "XOCALI", "в Ходжалы", "khojaly", "bu müqavilə"),
        ]
    ),
    max_size=8,
).map(" ".join)
DOCUMENTS = st.builds(
    document,
    record_id=st.integers(1, 12),
    text=TEXTS,
    title=TEXTS,
    label=st.sampled_from(["public", "staff"]),
    country=st.sampled_from(["AZ", "FR", ""]),
    issuer=st.sampled_from(["", "Milli Məclis", "General Assembly"]),
    kind=st.sampled_from(["law", "decree", ""]),
    spoken_of=st.sampled_from([(), ("AZ",), ("AM", "AZ"), ("FR", "AM", "TR")]),
    language=st.sampled_from(["en", "ru", "az", "de"]),
    numbers=st.sampled_from([(), ("A/RES/48/114",), (mentioned("A/RES/48/114"), "14143")]),
    date=st.sampled_from(
        [
            None,
            dates.year(1993),
            dates.day(1994, 2, 3),
            dates.month(1994, 2),
            *map(dates.parse_edtf, ("0001", "9999-12", "189X", "1899/1900", "1994-01/1994-02")),
        ]
    ),
)
QUERIES = st.recursive(
    st.sampled_from(
        [
            "alpha",
            "beta",
            "betas",
            '"alpha beta"',
            "gam*",
            "A/RES/48/114",
            "number:A/RES/*",
            "14143",
            "title:delta",
            "еж",
            "country:AZ",
            "kind:law",
            "year:unknown",
            "date:1994",
            "date:>=1994-02",
            "date:*",
            "beta~",
            "delat~",
            "title:gama~",
            "ежо~",
            "b?ta",
            "?eta",
            "be*a*",
            "d?l*a",
            "alpha NEAR/0 beta",
            "alpha NEAR/2 beta NEAR/1 gamma",
            "beta NEAR/1 beta",
            "title:еж NEAR/1 delta",
            '"alpha beta" NEAR/1 gam*',
            "bat~ NEAR/2 {gamma ежи}",
            "{alpha beta}",
            "Khojaly",
            "xocali -alpha",
            "title:Ходжалы",
            "Ходжалы NEAR/2 alpha",
            '{"beta gamma" delta title:еж}',
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join).map("({})".format),
        st.tuples(inner, inner).map(" OR ".join).map("({})".format),
        inner.map("-{}".format),
    ),
    max_leaves=4,
)


def test_a_word_of_a_phrase_is_as_common_as_in_the_field_that_holds_it_most(engine):
    held = [document(1, title="beta gamma", text="beta"), document(2, title="", text="beta")]
    plain = MemoryEngine()
    for one in (plain, engine):
        one.rebuild(held, Mark(1, {"public": 1}))
    question = Question(parse('"beta gamma"').query, PUBLIC)
    assert [h.score for h in engine.search(question).hits] == pytest.approx(
        [h.score for h in plain.search(question).hits], abs=1e-9
    )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(
    batches=st.lists(
        st.tuples(st.lists(DOCUMENTS, max_size=6), st.lists(st.integers(1, 12), max_size=2)),
        min_size=1,
        max_size=20,
    ),
    queries=st.lists(QUERIES, min_size=1, max_size=6),
    labels=st.sampled_from([PUBLIC, EVERYTHING]),
    filters=st.builds(
        lambda countries, spoken_of, out, out_too: Filters(
            {"country": countries, "spoken_of": spoken_of},
            excluded={"country": out, "spoken_of": out_too},
        ),
        st.sampled_from([frozenset(), frozenset({"AZ"}), frozenset({"AZ", ""})]),
        st.sampled_from([frozenset(), frozenset({"AM", "FR"}), frozenset({""})]),
        st.sampled_from([frozenset(), frozenset({"FR"})]),
        st.sampled_from([frozenset(), frozenset({"TR"}), frozenset({"AZ", ""})]),
    ),
    most=st.sampled_from([1, 2, 500]),
)
def test_every_engine_answers_as_the_plain_one_does(
    tmp_path_factory, batches, queries, labels, filters, most
):
    folder = tmp_path_factory.mktemp("index")
    plain, other = MemoryEngine(), WhooshEngine(folder)
    for engine in (plain, other):
        engine.rebuild([], Mark(0, {}))
    for number, (puts, deletes) in enumerate(batches, start=1):
        last = {d.record_id: d for d in puts}
        gone = [n for n in deletes if n not in last]
        for engine in (plain, other):
            engine.commit(last.values(), gone, Mark(number, {"public": number}))
    names = ["Khojaly", "xocalı", "ХОДЖАЛЫ", "alpha"]
    assert other.variants(names, labels) == plain.variants(names, labels)
    every = ["xocali", "khojaly", "ходжалы", "muqavilə", "еж", "alpha", "nothing"]
    assert other.issuers(labels) == plain.issuers(labels)
    assert other.as_written(every, labels) == plain.as_written(every, labels)
    typed_queries = [
        parse(typed, expansion_max=most).query for typed in [*queries, " ".join(queries)]
    ]
    strict = [
        with_variants(query, lambda words: plain.variants(words, labels))[0]
        for query in typed_queries
    ]
    read = [read for typed in strict for read in readings_of(typed).values()]
    for number, query in enumerate(read):
        typed = str(query)
        step = BAR_STEPS[number % len(BAR_STEPS)]
        question = Question(query, labels, filters, limit=20, bars=step)
        left, right = plain.search(question), other.search(question)
        assert left.total == right.total, typed
        assert other.totals([query], labels) == plain.totals([query], labels), typed
        assert left.notices == right.notices, typed
        assert left.facets == right.facets, typed
        assert left.bars == right.bars, typed
        assert [h.record_id for h in left.hits] == [h.record_id for h in right.hits], typed
        assert [h.score for h in right.hits] == pytest.approx(
            [h.score for h in left.hits], abs=1e-9
        )
    for part in (Prefix("be"), Prefix("gam", "title"), Wildcard("*a*"), Fuzzy("delat"), Prefix("")):
        for limit in (1, 2, most):
            left_terms = plain.terms_like(part, labels, limit)
            assert other.terms_like(part, labels, limit) == left_terms, part
    words = ["alpha", "betas", "еж", "nothing"]
    assert other.holders(words, labels) == plain.holders(words, labels)
    other.close()
