"""A name meets its spellings in the other alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.transliteration import name_keys

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
    "Физули Füzuli Fuzuli Fizuli",
    "Джебраил Cəbrayıl Jabrayil Cebrail",
    "Ереван Yerevan İrəvan Erivan",
    "Пашинян Paşinyan Pashinyan",
    "Горбачёв Qorbaçov Gorbachev Gorbaçov",
    "Сумгаит Sumqayıt Sumgait",
    "Зангелан Zəngilan Zangilan",
    "Мамедов Məmmədov Mammadov Memmedov",
    "Путин Putin",
]


@pytest.mark.parametrize("spellings", NAMES)
def test_spellings_of_one_name_share_a_key(spellings):
    first, *others = spellings.split()
    for other in others:
        assert set(name_keys(first)) & set(name_keys(other)), other


def test_names_of_the_table_stay_apart():
    keys = [set(name_keys(spellings.split()[0])) for spellings in NAMES]
    assert all(not one & other for n, one in enumerate(keys) for other in keys[:n])


@pytest.mark.parametrize("word", ["peace", "мир", "Ivy", "A", "", "123", "351", "Aaaa", "東京"])
def test_what_is_no_name_has_no_key(word):
    assert name_keys(word) == ()


@given(st.text(max_size=40))
def test_any_word_has_a_few_short_keys(word):
    keys = name_keys(word)
    assert len(keys) <= 3
    assert all(len(key) <= 2 * len(word) for key in keys)
