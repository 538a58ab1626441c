"""Wanted words are found quickly where they are found by looking at every word."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.records import PageText
from benchmarks import passages as benchmark
from benchmarks.corpora import DataMissing, data_folder
from indexer import analysis
from indexer import wanted as wanted_module
from indexer.query.parser import parse
from indexer.snippets import passages, passages_plainly
from indexer.wanted import CHANGED_AT_THE_END, beginning_of, wanted

SAMPLES = Path(__file__).parents[2] / "corpus"

WORDS = [
    "treaty", "Treaties", "TREATY", "tréaty", "tre\u00adaty", "treaty’s", "treaty_", "untreaty",
    "dying", "die", "lie", "lies", "peace", "Peace-keeping", "peas", "PEACE", "pеace", "ﬁnal", "final",
    "İSTANBUL", "istanbul'un", "Istanbul", "ışık", "isik", "kitaplar", "kitabı", "kitab", "Azərbaycan",
    "Azerbaycanın", "AZARBAYCAN", "Савёловский", "савеловский", "мир", "мира", "Mосква", "Москва",
    "Straße", "strasse", "müssen", "muessen", "1993", "12", "٣", "A/RES/48/114", "48/114",
    "resolution 822 (1993)", "№", "treaty¹", "e\u0301t\u00e9", "ete", "naïve", "naive", "ÆON", "aeon",
    "женевская", "和平", "สันติ", "שלום", 'צה"ל', "cease", "fire", "cease-fire", "the", "a", "b", "x?y",
    "“treaty”", "l’article", "article", "abdication", "abdiquer", "binden", "K", "ſ", "ﬀ", "\u200b",
]  # fmt: skip
GAPS = [
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\f",
    "-",
    "’",
    "?",
    ".",
    ", ",
    "",
    "\u00a0",
    "_",
    '"',
    "\u200d",
]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=40).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
) | st.text(alphabet="treaypc TREAYPİıəеё\u0301\u00ad’-\n\f.1/", max_size=200)
TYPED = st.lists(
    st.sampled_from(
        ["treaty", "peace", "die", "lies", "istanbul", "isik", "kitab", "azerbaycan", "мир",
         "Москва", "strasse", "müssen", "1993", '"cease fire"', "cease-fire", "pea*", "tre?ty", "t*y",
         "*al", "peacs~", "savelovski~", "женевски~", "A/RES/48/114", "number:S/RES/822", "number:A/RES/48*",
         "the", "a", "{treaty peace}", "treaty NEAR/3 peace", "-lie", "naive", "été", "article",
         "abdiquer", "æon", "和平", "שלום", "k", "p"]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)  # fmt: skip
LANGUAGES = ["en", "az", "ru", "tr", "fr", "es", "de", "nl", "fi", "sr", "uk", "", None]


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, typed=TYPED, language=st.sampled_from(LANGUAGES))
def test_the_quick_way_finds_what_the_plain_way_finds(text, typed, language):
    what = wanted(parse(typed).query, frozenset({"en", "az", "ru", "tr", "fr", "de"}))
    found = what.in_language(language)
    assert list(found.hits(text)) == list(found.plainly(text))


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(TEXTS, max_size=4),
    typed=TYPED,
    language=st.sampled_from(LANGUAGES),
    paged=st.booleans(),
    title=st.sampled_from(["", "Treaty", "Peace treaty", "a"]),
)
def test_seeing_enough_and_seeing_all_give_the_same_passages(texts, typed, language, paged, title):
    pages = [PageText(n, text * 9) for n, text in enumerate(texts, start=1)]
    what = wanted(parse(typed).query, frozenset({"en", "az", "ru"}))
    how = {"language": language, "paged": paged, "title": title}
    assert passages(pages, what, **how) == passages_plainly(pages, what, **how)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=wanted_module._ACCENTED + wanted_module._SIGNS + "aeiost \u0301əßж1'-?"),
    typed=st.text(alphabet="aeiostàéçšğı", min_size=2, max_size=4),
    sign=st.sampled_from(["", "*"]),
)
def test_accented_letters_are_spelt_as_they_fold(text, typed, sign):
    what = wanted(parse(f"{typed}{sign} {text.split(' ')[0]}").query, frozenset({"fr", "tr"}))
    for language in ("fr", "de", "tr"):
        found = what.in_language(language)
        assert found.hits(text) == found.plainly(text)


def test_every_accented_letter_that_is_spelt_folds_to_one_letter_and_has_a_byte():
    letters = wanted_module._ACCENTED
    assert all(analysis.fold(one).isascii() and len(analysis.fold(one)) == 1 for one in letters)
    assert all(analysis.words(one) == [one] for one in letters)
    assert len({*letters, *wanted_module._SIGNS}) <= 128


def test_a_long_text_is_looked_at_in_pieces_that_part_no_word():
    text = ("treaty " * 300 + "x" * 1999 + "treaty peace\n") * 3
    for language in ("en", "de"):
        what = wanted(parse("treaty peace treatx~").query, frozenset({language}))
        found = what.in_language(language)
        assert list(found.hits(text)) == list(found.plainly(text))


@pytest.mark.parametrize("sign", ["", "é", "’", "?", "ß", "§", "\u00ad", "ş", "м", "和", "²", "ǆ"])
@pytest.mark.parametrize("every", [1, 40, 300])
def test_a_sign_here_and_there_moves_no_mark_and_hides_no_word(sign, every):
    words = [f"tre{sign}aty" if n % every == 0 else "treaty peace," for n in range(600)]
    text = f"{sign} ".join(words[:300]) + " ".join(words[300:])
    for language in ("en", "de", "tr"):
        found = wanted(parse("treaty stra* peacs~").query, frozenset({language})).in_language(
            language
        )
        assert list(found.hits(text)) == list(found.plainly(text))


@pytest.mark.parametrize(
    ("text", "typed", "marked_words"),
    [
        ("As resolution 822 (1993) said", "number:S/RES/822", ["resolution 822 (1993)"]),
        ("see A/RES/48/114 and 48/115", "number:A/RES/48*", ["A/RES/48/114", "48/115"]),
        ("see A/RES/48/114 of 1993", "A/RES/48/114", ["A/RES/48/114"]),
        ("Law No. 14143 was signed", "14143", ["Law No. 14143"]),
        ("in all 14143 were signed", "14143", ["14143"]),
    ],
)
def test_a_number_that_is_asked_for_is_marked_where_it_stands(text, typed, marked_words):
    found = wanted(parse(typed).query, frozenset({"en"})).in_language("en")
    assert [text[start:end] for start, end, _ in found.hits(text)] == marked_words


def test_where_the_number_stands_all_of_it_stands():
    text = "a res of 48 and of 114 in a row. " * 9 + "\n\nUnder A/RES/48/114 this is so."
    what = wanted(parse("A/RES/48/114").query, frozenset({"en"}))
    first = passages([PageText(1, text)], what, language="en", paged=False)[0]
    assert first.text.startswith("Under A/RES/48/114")


def vocabulary() -> list[str]:
    """The words of the sample corpus, those of the real sets where there are any, and words that
    begin as some of them and end as others."""
    texts = [path.read_text("utf-8", "replace") for path in sorted(SAMPLES.rglob("*.html"))]
    texts += [path.read_text("utf-8", "replace") for path in sorted(SAMPLES.rglob("*.txt"))]
    try:
        texts += benchmark.texts_of_every_set(data_folder(), seed=1, most=400)
    except DataMissing:
        pass
    words = sorted({term for text in texts for term in map(analysis.fold, analysis.words(text))})
    chance = random.Random(1)
    ends = Counter(word[-size:] for word in words for size in range(2, 7) if len(word) > size)
    common = [end for end, _count in ends.most_common(2000)]
    some = chance.choices(words, k=3000)
    made = {
        word[:size] + end
        for word in some
        for size in range(1, 5)
        for end in chance.choices(common, k=8)
    }
    return [word for word in {*words, *made, "dying", "lying", "tying", "idly", "skies"} if word]


@pytest.mark.slow
def test_a_word_begins_with_its_stem_but_for_the_letters_that_the_table_allows():
    words = vocabulary()
    for language in CHANGED_AT_THE_END:
        for word, stem in zip(words, analysis.stems(words, language), strict=True):
            assert word.startswith(beginning_of(stem, language)), (language, word, stem)


@pytest.mark.slow
def test_passages_of_real_documents_hold_what_was_asked_for():
    """The short form of benchmarks/passages.py."""
    try:
        told = benchmark.measure(data_folder(), pairs=100, seed=7)
    except DataMissing as error:
        pytest.skip(str(error))
    assert not told.failures
    assert told.pairs == 100


def test_a_word_behind_a_space_that_is_no_ascii_is_found():
    found = wanted(parse("été").query, frozenset({"fr"})).in_language("fr")
    assert found.hits("un\u2003été") == found.plainly("un\u2003été") == [(3, 6, 1)]
