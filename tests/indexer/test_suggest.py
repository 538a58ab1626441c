"""What else might be asked: right words come from the documents, wrong ones are left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.access import PUBLIC
from archive.catalogue import records
from archive.catalogue.records import Record
from indexer import bootstrap, search, suggest
from indexer.bootstrap import Archive
from indexer.ingest import take_in
from indexer.search import Asked, ResultPage
from indexer.sources import walk
from indexer.suggest import Desk
from indexer.suggest.spelling import slip
from tests.webui.library import index, put

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "documents"


def desk_of(archive: Archive) -> Desk:
    return Desk.of(PUBLIC, archive.catalogue, archive.engine)


def page_of(archive: Archive, asked: Asked) -> ResultPage:
    return search.answer(
        asked,
        labels=PUBLIC,
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="k",
    )


def meant(archive: Archive, typed: str, **narrowing) -> str | None:
    page = page_of(archive, Asked(typed, **narrowing))
    found = suggest.did_you_mean(page, desk_of(archive))
    if found is None:
        return None
    there = page_of(archive, Asked(found.query, **narrowing))
    assert there.total == found.total > 0
    return found.query


@pytest.fixture
def library(archive: Archive) -> Archive:
    for n in range(8):
        put(
            archive,
            f"Azərbaycan qanunu {n}",
            "Şuşa şəhəri. Nagorno Karabakh, governmental. The peace treaty of the council.",
            country="AZ" if n < 3 else "FR",
            date=f"199{n}",
        )
        put(archive, f"Resolution {n}", "Intergovernmental council. Постановление о мире.")
    put(archive, "Angular forms", "A rare word: tready. Peace.")
    index(archive)
    return archive


SPELT = [
    ("traety", "treaty"),
    ("peace traety", "peace treaty"),
    ("azerbajcan", "Azərbaycan"),
    ("qanubu", "qanunu"),
    ("постоновление", "Постановление"),
    ("title:resolutoin", "title:Resolution"),
    ("nagornokarabakh", "Nagorno Karabakh"),
    ("inter governmental", "Intergovernmental"),
    ("peace tretay -counsel", "peace treaty -counsel"),
    ("(traety OR nothing) peace", "(treaty OR nothing) peace"),
    ('"peace treaty" cuoncil', '"peace treaty" council'),
]


@pytest.mark.parametrize(("typed", "expected"), SPELT)
def test_a_misspelt_word_is_corrected_as_the_documents_write_it(library, typed, expected):
    assert meant(library, typed) == expected


RIGHT = [
    "",
    "peace treaty",
    "tready",
    "treaties",
    "12345 1993",
    '"paece traety"',
    "number:A/RES/48/141",
    "traety~",
    "trae*",
    "tr?ety",
    "-traety peace",
    "xqzwvy",
    "ab",
    "country:AX",
]


@pytest.mark.parametrize("typed", RIGHT)
def test_what_is_right_or_said_exactly_is_left_alone(library, typed):
    assert meant(library, typed) is None


def test_a_correction_counts_with_the_filters_of_what_was_typed(library):
    asked = Asked("traety", countries=("AZ",))
    found = suggest.did_you_mean(page_of(library, asked), desk_of(library))
    assert found is not None
    assert (found.total, found.changed) == (3, (("traety", "treaty"),))


def test_slips_of_fingers_are_nearer_than_other_words():
    assert slip("commitee", "committee") < slip("traety", "treaty") < slip("tready", "treaty")
    assert slip("tready", "treaty") < slip("xreaty", "treaty")


RESCUES = [
    (Asked("peace zebra", reading="all"), [("word", "zebra", 9)]),
    (Asked("intergovernmental karabakh", reading="all"), [("word", "intergovernmental", 8), ("word", "karabakh", 8), ("either", "", 16)]),
    (Asked("treaty", countries=("RU",)), [("country", "", 8)]),
    (Asked("treaty", countries=("AZ",), date_from="1995"), [("date", "", 3), ("country", "", 3), ("filters", "", 8)]),
    (Asked("zebra"), []),
    (Asked("peace -peace"), [("word", "NOT peace", 9), ("word", "peace", 8)]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), RESCUES, ids=lambda one: str(one)[:40])
def test_a_rescue_says_what_is_left_out_and_how_much_is_found(library, asked, expected):
    assert page_of(library, asked).total == 0
    found = suggest.rescues(page_of(library, asked), desk_of(library))
    assert sorted((one.what, one.dropped, one.total) for one in found) == sorted(expected)
    for one in found:
        assert page_of(library, one.asked).total == one.total


def test_completions_are_numbers_titles_issuers_words_in_this_order(archive):
    put(archive, "Water of rivers", "waterfall", number="A/RES/48/114", issuer="Water Board")
    put(archive, "On water", "waterfall watering", number="Ley 24.430")
    index(archive)

    def offered(typed: str) -> list[tuple[str, str]]:
        return [(one.kind, one.text) for one in suggest.complete(typed, desk_of(archive))]

    assert offered("wat") == [
        ("title", "Water of rivers"),
        ("title", "On water"),
        ("issuer", "Water Board"),
        ("word", "water"),
        ("word", "waterfall"),
        ("word", "watering"),
    ]
    assert offered("Rivers wa") == [
        ("title", "Water of rivers"),
        ("word", "Rivers water"),
        ("word", "Rivers waterfall"),
        ("word", "Rivers watering"),
    ]
    assert offered("a/res/48/1") == [("number", "A/RES/48/114")]
    assert ("number", "Ley 24.430") in offered("ley 24")
    for typed in ("", " ", '"wat', "wat*", "title:wat", "x" * 200, "w " * 20, "zzz"):
        assert offered(typed) == []


def test_words_are_offered_as_the_documents_write_them(archive):
    put(archive, "A report", "They came to Xocalı, and a müqavilə of NATO. The xocalılar left.")
    for title in ("Secret", "Secret, too"):
        put(archive, title, "They came to XOCALI, and MÜQAVILƏ.", access="restricted")
    index(archive)
    offered = {
        typed: [one.text for one in suggest.complete(typed, desk_of(archive))]
        for typed in ("xoc", "in mu", "nat")
    }
    assert offered == {"xoc": ["Xocalı", "xocalılar"], "in mu": ["in müqavilə"], "nat": ["NATO"]}


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("sample") / "home"
    bootstrap.make_home(home)
    opened = bootstrap.open_archive(home, {})
    take_in(
        walk([CORPUS], opened.incoming, opened.settings.ingest),
        archive=opened,
        agent="test",
        via="command",
        publish=True,
        told=lambda _outcome: None,
    )
    yield opened
    opened.close()


IN_SAMPLE = [
    ("securty council", "security council"),
    ("genral assembly", "general assembly"),
    ("rezolution", "resolution"),
    ("azerbajcan", "Azərbaycan"),
    ("respublikasnın", "Respublikasının"),
    ("kanunn", "kanun"),
    ("постоновление", "постановление"),
    ("gouvernemant", "gouvernement"),
    ("presiednte", "presidente"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "expected"), IN_SAMPLE)
def test_slips_in_six_languages_over_the_sample_corpus(sample, typed, expected):
    assert (meant(sample, typed) or "").casefold() == expected.casefold()


@pytest.mark.slow
def test_no_word_of_a_title_is_corrected(sample):
    with sample.catalogue.reading() as session:
        titles = [record.description.title for record in records.every(session)]
    wrong = {title: got for title in titles if (got := meant(sample, title)) is not None}
    assert wrong == {}


def like(archive: Archive, number: str) -> list[Record]:
    with archive.catalogue.reading() as session:
        every = records.every(session)
        record = next(one for one in every if one.items[0].name.startswith(number))
        pages = records.pages_of(session, [record.record_id])[record.record_id]
    found = suggest.related(record, pages, desk_of(archive))
    assert record.record_id not in [one.record_id for one in found]
    return list(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of", "near"),
    [
        ("udhr-1948-tr", "udhr-1948"),
        ("un-sres-884-1993-ru", "un-sres-8"),
        ("ru-postanovlenie-578-1995", "ru-"),
    ],
)
def test_translations_and_neighbours_by_number_stand_first(sample, of, near):
    names = [one.items[0].name for one in like(sample, of)]
    assert names[0].startswith(near), names
