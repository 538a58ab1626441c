"""All of the words, or most of them: chosen from the words alone, and said."""

import pytest

from archive.access import EVERYTHING, PUBLIC
from archive.errors import SearchRefused
from indexer.query.parser import parse
from indexer.query.reading import most_of
from indexer.search import Asked, ResultPage, answer


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ("peace", None),
        ("peace treaty", None),
        ("a1 b2 c3", "at least 2 of (a1 b2 c3)"),
        ("a1 b2 c3 d4", "at least 3 of (a1 b2 c3 d4)"),
        ("a1 b2 c3 d4 e5 f6", "at least 4 of (a1 b2 c3 d4 e5 f6)"),
        ('a1 b2 c3 "d e" -f', '("d e" AND NOT f AND at least 2 of (a1 b2 c3))'),
        ("a1 OR b2 OR c3", None),
        ("country:AZ peace treaty", None),
    ],
)
def test_most_of_the_words_are_two_thirds_of_them(typed, most):
    found = most_of(parse(typed).query)
    assert (None if found is None else str(found)) == most


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
    assert (page.reading, page.total, page.other) == ("most", 3, ("all", 1))
    strict = ask(query="red mill wheel", reading="all")
    assert (strict.reading, strict.total, strict.other) == ("all", 1, ("most", 3))


def test_no_filter_changes_the_reading(ask):
    for asked in ({"countries": ("FR",)}, {"years": ("1994",)}, {"date_from": "1999"}):
        page = ask(query="red mill wheel", **asked)
        assert (page.reading, page.other) == ("most", ("all", 1))


def test_two_words_have_one_reading(ask):
    page = ask(query="red mill", labels=EVERYTHING)
    assert (page.reading, page.total, page.other) == ("all", 2, None)


def test_a_question_of_fifteen_words_finds_something(ask):
    typed = "which red mill had a wheel and a stone and a letter of may 1994"
    assert ask(query=typed).total >= 1


def test_a_reading_that_does_not_exist_is_refused(ask):
    with pytest.raises(SearchRefused, match="readings: all, most"):
        ask(query="red", reading="some")
