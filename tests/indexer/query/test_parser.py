"""What a person types is never an error, and nothing of it is dropped in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import hostile_queries
from indexer.query.ast import (
    And,
    AnyOf,
    Dated,
    Everything,
    Fact,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Wildcard,
    Word,
)
from indexer.query.parser import Notice, Offer, parse

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
    ("No. 351-IVQ", "(number:351/IVQ OR (No. AND 351-IVQ))"),
    ("№ 351-IVQ", "351-IVQ"),
    ("UNSCR 822", "(number:S/RES/822 OR (UNSCR AND 822))"),
    (
        "peace Resolution No. 48/114?",
        "(peace AND (number:A/RES/48/114 OR (Resolution AND No. AND 48/114)))",
    ),
    (
        "ley 24.430 OR Decreto 70/2023",
        "(number:24430 OR (ley AND 24.430) OR number:70/2023 OR (Decreto AND 70/2023))",
    ),
    ("loi n° 2000-1352 NEAR/3 paix", "(loi AND n° AND (2000-1352 NEAR/3 paix))"),
    ("-order 14143", "(NOT order AND 14143)"),
    ("title:( (EU) 2016/679)", 'title:"(EU) 2016/679"'),
    ("number:²&De**", "De"),
    ("title:(order 14143)", "(title:order AND title:14143)"),
    ("{order 14143}", "{order 14143}"),
    ("law -352", "(law AND NOT 352)"),
    ("law − 352", "(law AND 352)"),
    ("http://example.org/x", "http://example.org/x"),
    ("Re:plan", "Re:plan"),
    ("", "*"),
    ("*", "*"),
    ("and or not", "(and AND or AND not)"),
    ("don't", "don't"),
    ("law –352", "(law AND NOT 352)"),
    ("law —352", "(law AND NOT 352)"),
    ("law −352", "(law AND NOT 352)"),
    ("law – 352", "(law AND 352)"),
    ("law-352", "law-352"),
    ("title:-draft", "(* AND NOT title:draft)"),
    ("title: peace", "title:peace"),
    ("title:(peace treaty)", "(title:peace AND title:treaty)"),
    ("country:(AZ OR FR)", "(country:AZ OR country:FR)"),
    ("Text:peace", "text:peace"),
    ("peace NEAR/3 treaty", "(peace NEAR/3 treaty)"),
    ('a1 NEAR "b c" NEAR/0 d', '(a1 NEAR/10 "b c" NEAR/0 d)'),
    ("-peace NEAR/3 treaty", "(* AND NOT (peace NEAR/3 treaty))"),
    ("(peace OR war) NEAR/3 treaty", "({peace war} NEAR/3 treaty)"),
    ("near/3 NEAR/x", "(near/3 AND NEAR/x)"),
    ("treaty~", "treaty~"),
    ("Treaty~.", "Treaty~."),
    ("wom?n", "wom?n"),
    ("wo*n", "wo*n"),
    ("wom**n", "wom*n"),
    ("who signed?", "(who AND signed?)"),
    ("http://x.org?a=1", "http://x.org?a=1"),
    ("{Yeltsin Eltsin}", "{Yeltsin Eltsin}"),
    ('title:{Yeltsin OR "Boris Eltsin"}', '{title:Yeltsin title:"Boris Eltsin"}'),
    ("{Yeltsin Yeltsin}", "Yeltsin"),
    ("number:A/RES/48/*", "number:A/RES/48/*"),
    ("country:*", "(* AND NOT country:unknown)"),
    ("date:1993..1994", "date:1993..1994"),
    ("date:[1993 TO 1994-06]", "date:1993..1994-06"),
    ("date:[1993 TO *]", "date:>=1993"),
    ("date:>1993", "date:>=1994"),
    ("date:>= 1993", "date:>=1993"),
    ("date:before 2000 treaty", "(date:<=1999 AND treaty)"),
    ("date:1990s", "date:1990s"),
    ("date:21.12.1993", "date:1993-12-21"),
    ('date:"December 1993"', "date:1993-12"),
    ("date:December 1993 peace", "(date:1993-12 AND peace)"),
    ('date:"декабрь 1993"', "date:1993-12"),
    ("date:21 декабря 1993 года", "date:1993-12-21"),
    ("date:dekabr 1993", "date:1993-12"),
    ("date:aralık 1993", "date:1993-12"),
    ("date:décembre 1993", "date:1993-12"),
    ("date:diciembre de 1993", "date:1993-12"),
    ("date:December 21, 1993", "date:1993-12-21"),
    ("date:до 2000", "date:<=1999"),
    ("date:*", "date:*"),
    ("date:unknown", "(* AND NOT date:*)"),
    ("-date:1993", "(* AND NOT date:1993)"),
    ("year:1993", "year:1993"),
    ("year:1990..1995", "date:1990..1995"),
    ("khojaly resolution 1994", "(khojaly AND resolution AND 1994)"),
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
    ("b *ing", Notice(2, "* needs at least 2 letters before it")),
    ("a/b*", Notice(0, "* stands in a single word only")),
    ("b at~", Notice(2, "~ needs at least 3 letters before it")),
    ("peace~2", Notice(0, "how many letters may differ follows from the length of the word")),
    ("a NEAR/900 b", Notice(2, "NEAR reaches over 100 words at most")),
    ("NEAR/3 b", Notice(0, "NEAR needs a word or a phrase on both sides")),
    ("a NEAR/3", Notice(2, "NEAR needs a word or a phrase on both sides")),
    ("a NEAR/3 -b", Notice(2, "NEAR needs a word or a phrase on both sides")),
    (
        "a NEAR/3 country:AZ",
        Notice(2, "NEAR stands between words and phrases of one field; it was read as AND"),
    ),
    (
        "abc* NEAR/3 b?d NEAR/3 cde~",
        Notice(16, "only 2 words with *, ? or ~ stand in NEAR; it was read as AND"),
    ),
    ('"a b"~5', Notice(5, "~5 was not used: for words near one another write one NEAR/5 other")),
    ("title: ", Notice(0, "there is nothing after title:")),
    ('country:""', Notice(0, "there is nothing after country:")),
    ("number:peace", Notice(0, "'peace' is no document number; it was looked for as a word")),
    ("{a", Notice(0, "the brace is not closed")),
    ("a}", Notice(1, "this brace closes nothing")),
    (
        "{a -b}",
        Notice(3, "what is negated was not used: only words and phrases in braces"),
    ),
    (
        "a date:03/04/2021",
        Notice(
            2,
            "the day may be 2021-04-03 or 2021-03-04; it was read day first, as 2021-04-03",
        ),
    ),
    (
        "date:1995..1993",
        Notice(0, "the range ends before it begins; it was read the other way round"),
    ),
]


@pytest.mark.parametrize(("typed", "notice"), NOTICES)
def test_what_is_not_used_is_noticed_with_its_place(typed, notice):
    assert notice in parse(typed).notices


@pytest.mark.parametrize(
    "written", ["32/13/1993", "29.02.1993", "0000", ">9999", "[foo TO 1993]", '"the day after"']
)
def test_a_date_that_cannot_be_read_is_noticed_and_not_used(written):
    parsed = parse(f"peace date:{written}")
    [notice] = parsed.notices
    assert notice.at == 6
    assert "is not a date and was not used" in notice.message
    assert parsed.query == Word("peace")


@pytest.mark.parametrize(
    ("typed", "not_used"),
    [("-date:foo peace", "peace"), ("a -& b", "(a AND b)"), ("-NEAR/2 b", "(* AND NOT b)")],
)
def test_what_is_not_used_takes_its_minus_with_it(typed, not_used):
    assert str(parse(typed).query) == not_used


OFFERS = [
    ("khojaly resolution 1994", [Offer(19, "1994", "date:1994")]),
    ("act of 21.12.1993.", [Offer(7, "21.12.1993.", "date:1993-12-21")]),
    ("peace December 1993", [Offer(6, "December 1993", "date:1993-12")]),
    ("law 351-IVQ", [Offer(0, "law 351-IVQ", "number:351/IVQ")]),
    ("1990s", [Offer(0, "1990s", "date:1990s")]),
    ("title:1994 date:1993 peace", []),
]


@pytest.mark.parametrize(("typed", "offered"), OFFERS)
def test_a_word_that_may_mean_a_filter_is_offered_as_one(typed, offered):
    assert list(parse(typed).offers) == offered
    for offer in parse(typed).offers:
        assert parse(offer.means).notices == ()


def test_only_so_many_words_may_stand_for_others():
    parsed = parse(" ".join(f"word{n}~" for n in range(9)))
    assert parsed.notices[-1].message.startswith("only 8 words")
    assert parsed.query.parts[-1] == Word("word8")


def test_only_so_many_near_are_used():
    parsed = parse(" NEAR/3 ".join(f"word{n}" for n in range(11)))
    assert parsed.notices[0].message.startswith("only 8 NEAR")
    assert len(parsed.query.parts[0].parts) == 9


def test_a_limit_of_expansion_is_no_part_of_what_is_asked():
    assert parse("peace~", expansion_max=7).query == parse("peace~").query
    assert parse("peace~", expansion_max=7).query.most == 7


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


LETTERS = st.text("abcéəжאש漢", min_size=1, max_size=6)
WORDS = st.one_of(LETTERS, st.sampled_from(["peace", "A/RES/48/114", "ёлка", "x1", "No.", "a?"]))
FIELDS = st.sampled_from([None, "title", "text"])
PATTERNS = st.text("abcж", min_size=3, max_size=6)
LEAVES: st.SearchStrategy[Query] = st.one_of(
    st.builds(Word, WORDS, FIELDS),
    st.builds(Word, st.sampled_from(["A/RES/48/114", "351-IVQ"]), st.just("number")),
    st.builds(Phrase, st.lists(LETTERS, min_size=1, max_size=3).map(" ".join), FIELDS),
    st.builds(Prefix, PATTERNS, FIELDS),
    st.builds(Fuzzy, PATTERNS, FIELDS),
    st.builds(Wildcard, st.sampled_from(["wo?d", "w?rd", "wo*d", "wo?d*", "wo*rd*s"]), FIELDS),
)
STANDING = LEAVES.filter(lambda leaf: leaf.field != "number").map(
    lambda leaf: type(leaf)(leaf.text, None)
)
NAMES = st.lists(LEAVES, min_size=2, max_size=3, unique=True).map(tuple).map(AnyOf)
NEARS = st.lists(
    st.one_of(
        STANDING, st.lists(STANDING, min_size=2, max_size=2, unique=True).map(tuple).map(AnyOf)
    ),
    min_size=2,
    max_size=3,
).flatmap(
    lambda parts: st.lists(
        st.integers(0, 100), min_size=len(parts) - 1, max_size=len(parts) - 1
    ).map(lambda gaps: Near(tuple(parts), tuple(gaps)))
)
DAYS = st.dates()
DATES = st.one_of(
    st.builds(Dated, DAYS, st.none()),
    st.builds(Dated, st.none(), DAYS),
    st.tuples(DAYS, DAYS).map(lambda days: Dated(*sorted(days))),
    st.just(Dated()),
)


def patterns_in(query: Query) -> int:
    return sum(str(query).count(sign) for sign in "?*~")


TREES: st.SearchStrategy[Query] = st.recursive(
    st.one_of(
        LEAVES,
        NAMES,
        NEARS,
        DATES,
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
).filter(lambda q: patterns_in(q) <= (2 if "NEAR" in str(q) else 8) and str(q).count("NEAR") <= 8)


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
        st.sampled_from(
            [
                *"ab\"(){}[]-—:*?~«»'/.,<>1éİ\n\t  ",
                "AND",
                " OR ",
                "NOT ",
                " NEAR/2 ",
                "title:",
                "country:",
                "number:",
                "date:",
                "year:",
                "wo*d",
                "peace",
                "1993",
                " TO ",
                "before ",
                "декабрь ",
                "..",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_nothing_that_is_typed_is_an_error(typed):
    parsed = parse(typed)
    assert parse(str(parsed.query)).query == parsed.query
    assert all(0 <= notice.at <= len(typed) for notice in parsed.notices)


@given(st.text(max_size=200))
def test_nothing_at_all_is_an_error(typed):
    parsed = parse(typed)
    assert str(parsed.query)
    assert all(0 <= notice.at <= len(typed) for notice in parsed.notices)


@settings(max_examples=500)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "-", "NOT ", "title:", "(", "((", '"', "{", "AND ", "NEAR/3 "]),
            st.sampled_from(["", "~", "*", "?", "?x", ")", '"', "}", " OR", " NEAR/2", "~3", ","]),
        ),
        max_size=12,
    )
)
def test_every_word_is_in_the_tree_or_a_notice_stands_before_it(signs):
    typed, places = "", {}
    for n, (before, after) in enumerate(signs):
        word = f"word{chr(97 + n)}"
        places[word] = len(typed) + len(before)
        typed += f"{before}{word}{after} "
    parsed = parse(typed)
    for word, place in places.items():
        told = any(notice.at <= place for notice in parsed.notices)
        assert word in str(parsed.query) or told, typed


def test_hostile_queries_raise_nothing_and_both_engines_answer_alike(tmp_path):
    """The short form of benchmarks/hostile_queries.py."""
    score = hostile_queries.run(3_000, seed=3, folder=tmp_path / "index")
    assert score.queries == 3_000
    assert score.raised == []
    assert score.unequal == []
    assert score.lost == []


def test_so_many_names_in_near_are_read_as_and():
    many = "{" + " ".join(f"name{letter}" for letter in "abcdefghijklm") + "}"
    typed = f"peace {many} NEAR/5 war {{p q}} NEAR {{r s}}"
    parsed = parse(typed)
    assert str(parsed.query) == f"(peace AND {many} AND war AND ({{p q}} NEAR/10 {{r s}}))"
    assert parsed.notices == (
        Notice(
            typed.index("NEAR/5"), "only 12 words and phrases stand in NEAR; it was read as AND"
        ),
    )


def test_a_word_that_goes_without_a_notice_is_seen():
    parsed = parse("peace war")
    assert hostile_queries.lost("peace war", parsed) == []
    assert hostile_queries.lost("peace war treaty date:1993", parsed) == ["treaty"]


@given(
    st.lists(
        st.sampled_from(["peace", "Treaty", "a", "AND", "OR", "NOT", "NEAR", "near", "date", "May"])
        | st.text("abcXYZ", min_size=1, max_size=5),
        min_size=1,
        max_size=70,
    )
)
def test_plain_words_mean_what_they_mean_with_a_space_behind_them(words):
    typed = " ".join(words)
    assert parse(typed) == parse(f"{typed} ")


@given(
    st.from_regex(r'[a-zA-Z]{1,5}[*~]|"[a-zA-Z ]{0,9}"', fullmatch=True)
    | st.sampled_from(['"NEAR"', "AND*", "OR~", '"a  b"', '" a"', '"a "', "ab~", "a*"])
)
def test_one_word_or_phrase_means_what_it_means_with_a_space_behind_it(typed):
    assert parse(typed) == parse(f"{typed} ")
    assert parse(typed, max_terms=0) == parse(f"{typed} ", max_terms=0)
