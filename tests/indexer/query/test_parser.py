"""What a person types is never an error, and nothing of it is dropped in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.ast import And, Everything, Fact, Not, Or, Phrase, Prefix, Query, Word
from indexer.query.parser import Notice, parse

MEANINGS = [
    ("peace treaty", "(peace AND treaty)"),
    ("peace AND treaty", "(peace AND treaty)"),
    ("peace OR treaty", "(peace OR treaty)"),
    ("a OR b c", "(a OR (b AND c))"),
    ("(a OR b) c", "((a OR b) AND c)"),
    ("title:peace -draft", "(title:peace AND NOT draft)"),
    ("peace NOT draft", "(peace AND NOT draft)"),
    ("-draft", "(* AND NOT draft)"),
    ("NOT NOT draft", "draft"),
    ("-(a OR b) c", "(NOT (a OR b) AND c)"),
    ('"peace treaty"', '"peace treaty"'),
    ("«мирный договор»", '"мирный договор"'),
    ('title:"peace treaty"', 'title:"peace treaty"'),
    ("displac*", "displac*"),
    ("country:AZ kind:decree", "(country:AZ AND kind:decree)"),
    ("A/RES/48/114", "A/RES/48/114"),
    ("No. 351-IVQ", "(No. AND 351-IVQ)"),
    ("law -352", "(law AND NOT 352)"),
    ("law − 352", "(law AND 352)"),
    ("http://example.org/x", "http://example.org/x"),
    ("Re:plan", "Re:plan"),
    ("", "*"),
    ("*", "*"),
    ("and or not", "(and AND or AND not)"),
    ("don't", "don't"),
]


@pytest.mark.parametrize(("typed", "meaning"), MEANINGS)
def test_meaning(typed, meaning):
    assert str(parse(typed).query) == meaning


NOTICES = [
    ('sentence "never closed', Notice(9, "the quotation mark is not closed")),
    ("(a", Notice(0, "the parenthesis is not closed")),
    ("a)", Notice(1, "this parenthesis closes nothing")),
    ("()", Notice(0, "there is nothing in the parentheses")),
    ("a OR", Notice(2, "OR needs something on both sides")),
    ("AND a", Notice(0, "AND needs something on both sides")),
    ("a NOT", Notice(2, "there is nothing after NOT")),
    ("& a", Notice(0, "there is no word to look for in '&'")),
    ("a*", Notice(0, "* needs at least 2 letters before it")),
]


@pytest.mark.parametrize(("typed", "notice"), NOTICES)
def test_what_is_not_used_is_noticed_with_its_place(typed, notice):
    assert notice in parse(typed).notices


def test_a_long_query_is_cut_and_says_so():
    assert (
        parse("word " * 500, max_chars=100).notices[-1].message
        == "only the first 100 characters were read"
    )
    assert (
        parse("a " * 500, max_terms=64).notices[-1].message == "only the first 64 words were used"
    )
    assert len(parse("a b " * 500, max_terms=64).query.parts) == 64


def test_a_deep_query_is_cut_and_says_so():
    parsed = parse("(" * 100 + "a" + ")" * 100)
    assert any("20 deep" in notice.message for notice in parsed.notices)


WORDS = st.sampled_from(["peace", "A/RES/48/114", "ёлка", "x1"])
FIELDS = st.sampled_from([None, "title", "number"])
TREES: st.SearchStrategy[Query] = st.recursive(
    st.one_of(
        st.builds(Word, WORDS, FIELDS),
        st.builds(Phrase, st.sampled_from(["peace treaty", "a b c"]), FIELDS),
        st.builds(Prefix, st.sampled_from(["pea", "ёл"]), FIELDS),
        st.builds(Fact, st.sampled_from(["country", "kind"]), st.sampled_from(["AZ", "x y"])),
    ),
    lambda inner: st.one_of(
        st.lists(inner.filter(lambda q: not isinstance(q, And)), min_size=2, max_size=3)
        .map(tuple)
        .map(And),
        st.lists(inner.filter(lambda q: not isinstance(q, Or)), min_size=2, max_size=3)
        .map(tuple)
        .map(Or),
        inner.filter(lambda q: not isinstance(q, Not)).map(Not),
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(TREES)
def test_a_query_as_written_back_is_read_as_the_same(tree):
    if isinstance(tree, Not):
        tree = And((Everything(), tree))
    parsed = parse(str(tree))
    assert parsed.query == tree
    assert parsed.notices == ()


@settings(max_examples=1_000)
@given(
    st.lists(
        st.sampled_from([*"ab\"()-:*«»'/.,1éİ\n\t  ", "AND", " OR ", "NOT ", "title:", "country:"]),
        max_size=40,
    ).map("".join)
)
def test_nothing_that_is_typed_is_an_error(typed):
    parsed = parse(typed)
    assert parse(str(parsed.query)).query == parsed.query
    assert all(0 <= notice.at <= len(typed) for notice in parsed.notices)


@given(st.text(max_size=200))
def test_nothing_at_all_is_an_error(typed):
    parse(typed)
