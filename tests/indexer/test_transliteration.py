"""A name meets its spellings in other alphabets and traditions, and no other name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.transliteration import is_same_name, name_keys

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "cases" / "names.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]

NAMES = [
    "Ходжалы Khojaly Khojali Xocalı Hocalı",
    "Шуша Şuşa Shusha",
    "Агдам Ağdam Aghdam Agdam",
    "Карабах Qarabağ Karabakh Karabağ Garabagh",
    "Алиев Əliyev Aliyev Aliev",
    "Гейдар Heydər Heydar Haydar",
    "Гянджа Gəncə Ganja Gence",
    "Лачин Laçın Lachin",
    "Кельбаджар Kəlbəcər Kalbajar Kelbecer",
    "Физули Füzuli Fizuli",
    "Джебраил Cəbrayıl Jabrayil Cebrail",
    "Ереван Yerevan İrəvan",
    "Пашинян Paşinyan Pashinyan",
    "Горбачёв Qorbaçov Gorbachev Gorbaçov",
    "Сумгаит Sumqayıt Sumgait",
    "Зангелан Zəngilan Zangilan",
    "Мамедов Məmmədov Mammadov Memmedov",
    "Путин Putin",
]


def meets(one: str, other: str) -> bool:
    return not set(name_keys(one)).isdisjoint(name_keys(other)) and is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in ROWS if row[0] == "meet"])
def test_spellings_of_one_name_meet(one, other):
    assert meets(one, other)
    assert meets(other, one)


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in ROWS if row[0] == "apart"])
def test_other_names_stay_apart(one, other):
    assert not meets(one, other)
    assert not meets(other, one)


@pytest.mark.parametrize("spellings", NAMES)
def test_spellings_in_cyrillic_letters_meet_all_others(spellings):
    first, *others = spellings.split()
    for other in others:
        assert meets(first, other), other


def test_names_of_the_table_stay_apart():
    first = [spellings.split()[0] for spellings in NAMES]
    assert not any(meets(one, other) for n, one in enumerate(first) for other in first[:n])


@pytest.mark.parametrize(
    "word", ["peace", "мир", "Ivy", "A", "", "123", "351", "Aaaa", "東京", "XXVIII"]
)
def test_what_is_no_name_has_no_key(word):
    assert name_keys(word) == ()


@given(st.text(max_size=40))
def test_any_word_has_a_few_short_keys(word):
    keys = name_keys(word)
    assert len(keys) <= 6
    assert all(len(key) <= 2 * len(word) for key in keys)


@given(st.text(max_size=20), st.text(max_size=20))
def test_it_is_the_same_whichever_comes_first(one, other):
    assert is_same_name(one, other) == is_same_name(other, one)
