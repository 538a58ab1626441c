"""All of the words, or most of them: chosen from the words alone, and said."""

import pytest

from archive.access import PUBLIC
from archive.errors import SearchRefused
from indexer.query.parser import parse
from indexer.query.reading import readings_of
from indexer.search import Asked, ResultPage, answer


@pytest.mark.parametrize(
    ("typed", "most", "any_"),
    [
        ("peace", None, None),
        ("the", None, None),
        ("the peace", "peace", None),
        ("peace treaty", None, "any of (peace treaty)"),
        ("peace of Trianon", "(peace AND Trianon)", "any of (peace Trianon)"),
        ("a1 b2 c3", "at least 2 of (a1 b2 c3)", "any of (a1 b2 c3)"),
        ("a1 b2 c3 d4", "at least 3 of (a1 b2 c3 d4)", "any of (a1 b2 c3 d4)"),
        (
            "a1 b2 c3 d4 e5 f6",
            "at least 4 of (a1 b2 c3 d4 e5 f6)",
            "any of (a1 b2 c3 d4 e5 f6)",
        ),
        (
            'a1 b2 c3 "d e" -f',
            '("d e" AND NOT f AND at least 2 of (a1 b2 c3))',
            '("d e" AND NOT f AND any of (a1 b2 c3))',
        ),
        ("to be or not to be", "at least 3 of (to be or not)", "any of (to be or not)"),
        ("who is the WHO", "WHO", None),
        ("what did title:the text:of", "(title:the AND text:of)", "any of (title:the text:of)"),
        ("a1 OR b2 OR c3", None, None),
        (
            "country:AZ peace treaty",
            None,
            "(country:AZ AND any of (peace treaty))",
        ),
    ],
)
def test_most_are_two_thirds_of_the_words_that_name_something(typed, most, any_):
    readings = readings_of(parse(typed).query)
    assert str(readings["all"]) == str(parse(typed).query)
    assert [str(readings[r]) if r in readings else None for r in ("most", "any")] == [most, any_]


@pytest.fixture
def ask(archive, ingest, tmp_path):
    texts = {"a": "red mill stone", "b": "red mill wheel", "c": "red house wheel", "d": "blue"}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(f"Letter {name}\n\n{text} of 3 May 1994", "utf-8")
    ingest(*(tmp_path / f"{name}.txt" for name in texts))

    def asking(labels=PUBLIC, **asked: object) -> ResultPage:
        return answer(
            Asked(**asked),  # type: ignore[arg-type]
            labels=labels,
            catalogue=archive.catalogue,
            engine=archive.engine,
            settings=archive.settings.search,
            state_key="k",
        )

    return asking


def test_where_too_few_hold_all_the_words_most_will_do(ask):
    page = ask(query="red mill wheel")
    assert (page.reading, page.total, page.others) == ("most", 3, (("all", 1), ("any", 3)))
    strict = ask(query="red mill wheel", reading="all")
    assert (strict.reading, strict.total, strict.others) == ("all", 1, (("most", 3), ("any", 3)))


def test_where_too_few_hold_most_of_many_words_any_will_do(ask):
    page = ask(query="the red mill wheel turned by water")
    assert (page.reading, page.total) == ("any", 3)
    assert page.others == (("all", 0), ("most", 1)) or page.others == (("all", 0), ("most", 0))
    assert page.read_as == "any of (red mill wheel turned water)"


def test_few_words_are_meant_together_unless_nothing_holds_them(ask):
    assert [ask(query=typed).reading for typed in ("red mill", "red mill wheel")] == ["all", "most"]
    page = ask(query="blue wheel")
    assert (page.reading, page.total, page.others) == ("any", 3, (("all", 0),))


@pytest.mark.parametrize("reading", ["all", "most", "any"])
def test_every_reading_can_be_asked_for(ask, reading):
    page = ask(query="red mill wheel", reading=reading)
    assert page.reading == reading
    assert dict(page.others) | {reading: page.total} == {"all": 1, "most": 3, "any": 3}


def test_a_reading_that_says_nothing_else_is_the_next_stricter(ask):
    page = ask(query="red mill", reading="most")
    assert (page.reading, page.others) == ("all", (("any", 3),))


def test_the_other_parts_stay_asked_for(ask):
    page = ask(query='mill stone "red mill" -wheel', reading="any")
    assert [hit.record.description.title for hit in page.hits] == ["Letter a"]


@pytest.mark.parametrize("typed", ["red mill wheel", "blue wheel", "red mill wheel dam weir"])
def test_no_filter_changes_the_reading(ask, typed):
    whole = ask(query=typed)
    for asked in ({"countries": ("FR",)}, {"years": ("1994",)}, {"date_from": "1999"}):
        page = ask(query=typed, **asked)
        assert (page.reading, page.others) == (whole.reading, whole.others)


def test_a_question_of_fifteen_words_finds_something(ask):
    typed = "which red mill had a wheel and a stone and a letter of may 1994"
    assert ask(query=typed).total >= 1


def test_a_reading_that_does_not_exist_is_refused(ask):
    with pytest.raises(SearchRefused, match="readings: all, most, any"):
        ask(query="red", reading="some")
