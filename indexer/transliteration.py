"""Names across alphabets and traditions of spelling: Ходжалы, Khojaly, Xocalı, Hocalı.

`name_keys` finds what may be another spelling, `is_same_name` says whether it is. Both look at
how a word sounds: its consonants, where traditions write one for another (x, kh, h; q, g, k),
and which vowels stand between them. For capitalised words: others would meet by chance.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

NAME_MIN_CHARS = 4
_ONE_ALPHABET_MIN_CHARS = 5
"""Of the longer of two words that are written in one alphabet."""
_FEW, _MANY = 2, 5
"""With so few consonants every vowel tells names apart; with so many some may differ."""
_READINGS_MAX = 6

# Letters of sounds. Vowels: a, e, ə (a or e), i, o, ü (o or i). Consonants: a letter each; г and
# gh are ğ, х and kh are x.
_CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуўфхшщыэәөүҹҝғҺһқ",
        "abvğgdeejziiiiklmnoprstoofxššieəoüjgğhhq",
        strict=True,
    )
) | {"ц": "ts", "ч": "č", "ё": "io", "ю": "io", "я": "ia"}
_LATIN = {
    **dict.fromkeys("iyı", "i"), **dict.fromkeys("ouö", "o"), "ä": "e", "ü": "ü", "ə": "ə",
    "w": "v", "ç": "č", "ş": "š", "š": "š", "č": "č", "ž": "j", "ğ": "ğ",
}  # fmt: skip
_GROUPS = {
    "tsch": "č", "tch": "č", "shch": "š", "sch": "š", "dzh": "j", "dsch": "j", "dj": "j",
    "kh": "x", "gh": "ğ", "zh": "j", "sh": "š", "ch": "č", "tz": "ts", "ph": "f", "ck": "k",
    "qu": "k", "th": "t",
}  # fmt: skip
_GROUP = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
# What Latin letters are in some traditions beside their usual sound, each tried for the word.
_OTHER_READINGS = (
    (re.compile("(?<!d)j"), "i"),
    (re.compile("c(?![hk])"), "j"),
    (re.compile("x"), "ks"),
    (re.compile("(?<![ts])ch"), "š"),
    (re.compile("(?<=[^aeiouy])e$"), ""),
)
_READ_OTHERWISE = re.compile("[cxj]|[^aeiouy]e$")
_FIRST_YE = re.compile("^е")
_TWICE = re.compile(r"(.)\1+")
_NOT_A_SOUND = re.compile("[^a-zčšğəü]+")
_SOFT_C = re.compile("c(?=[eiyéèêí])")
_CONSONANT = re.compile("[^aeəioü]")
_MASKS = {"a": 1, "e": 2, "ə": 3, "i": 4, "o": 8, "ü": 12}
_OPEN = 3
"""a and e, which alphabets exchange."""
# Qarabağ, Karabakh, Garabagh, Карабах.
_GUTTURALS = {"k": {"k"}, "q": {"k", "g"}, "g": {"g"}, "ğ": {"g", "h"}, "x": {"h"}, "h": {"h"}}
_TO_KEY = str.maketrans("qgğxheəiü", "kkkkkaaio")
_NO_VOWELS = str.maketrans("", "", "aio")
_VOWELS = re.compile("[aio]+")
_ROMAN = re.compile("[IVXLCDM]+")
_TURKIC = re.compile("[əışğçöü]")
_RUSSIAN = re.compile("[а-яё]+")


@dataclass(frozen=True, slots=True)
class _Sound:
    """One way to read a word."""

    consonants: str
    """No two alike beside one another."""
    vowels: tuple[str, ...]
    """Before the first consonant, between each and the next, and after the last."""


def name_keys(word: str) -> tuple[str, ...]:
    """Return the keys of a *word* as written; none where it can be no capitalised name.

    Spellings of one name share a key. What may be read in several ways has several.

    >>> name_keys("Ходжалы"), name_keys("Khojaly"), name_keys("Xocalı")
    (('kajala',), ('kajala', 'koiali'), ('kakala', 'kajala', 'ksakala', 'ksajala'))
    >>> name_keys("peace")
    ()
    """
    if len(word) < NAME_MIN_CHARS or not word[0].isupper() or not word.isalpha():
        return ()
    if _ROMAN.fullmatch(word):
        return ()
    return tuple(dict.fromkeys(key for one in _spellings(word) if (key := _key(one))))


def is_same_name(one: str, other: str) -> bool:
    """Whether two capitalised words are spellings of one name.

    In two alphabets, short names need vowels alike, longer ones may differ a little; in one
    alphabet, where strangers are many, every sound must be alike.

    >>> is_same_name("Нахичевань", "Naxçıvan"), is_same_name("Khojaly", "Hocalı")
    (True, True)
    >>> is_same_name("Obama", "Омана"), is_same_name("Korea", "Гори")
    (False, False)
    """
    across = is_cyrillic(one) != is_cyrillic(other)
    if not across and not _may_differ_within(one, other):
        return False
    # Qəbələ, Qebele, Gabala: the Turkic languages alone write one name with an e and with an a.
    either = _OPEN if _TURKIC.search(f"{one}{other}".casefold()) else 0
    return any(
        _same_across(mine, theirs) if across else _same_within(mine, theirs, either)
        for mine in _sounds(one)
        for theirs in _sounds(other)
        if len(mine.consonants) == len(theirs.consonants) >= _FEW
    )


def is_cyrillic(word: str) -> bool:
    """Whether a letter of *word* is Cyrillic."""
    return any("\u0400" <= letter <= "\u052f" for letter in word)


def _may_differ_within(one: str, other: str) -> bool:
    """Whether one alphabet may spell one name both ways: Russian has one way for each."""
    if max(len(one), len(other)) < _ONE_ALPHABET_MIN_CHARS:
        return False
    return not (_RUSSIAN.fullmatch(one.lower()) and _RUSSIAN.fullmatch(other.lower()))


def _same_across(one: _Sound, other: _Sound) -> bool:
    """Whether two sounds with as many consonants are one name, written in two alphabets."""
    steps = 0
    for mine, theirs in zip(one.consonants, other.consonants, strict=True):
        if mine != theirs:
            both = _GUTTURALS.get(mine), _GUTTURALS.get(theirs)
            if both[0] is None or both[1] is None:
                return False
            steps += not both[0] & both[1] and "h" in both[0] | both[1]
    many = len(one.consonants)
    if many <= _FEW:
        return not steps and _alike(one, other, _OPEN)
    for before, after in zip(one.vowels, other.vowels, strict=True):
        if not before or not after:
            steps += 2 * (before != after)
        elif not _mask(before) & _mask(after):
            steps += 1
    # A step is half a letter.
    return steps <= (0 if many < _MANY - 1 else 1 if many < _MANY else 3)


def _same_within(one: _Sound, other: _Sound, either: int) -> bool:
    """Whether two sounds with as many consonants are one name, written in one alphabet.

    *either*: the vowels that may stand for one another.
    """
    for mine, theirs in zip(one.consonants, other.consonants, strict=True):
        if mine != theirs:
            both = _GUTTURALS.get(mine), _GUTTURALS.get(theirs)
            if both[0] is None or both[1] is None:
                return False
            voiced = len(one.consonants) >= _MANY - 1 and "h" not in both[0] | both[1]
            if not both[0] & both[1] and not voiced:
                return False
    # A last e or a tells two people apart: Alexandre, Alexandra.
    last, its = (_MASKS.get(sound.vowels[-1][-1:], 0) for sound in (one, other))
    return bool(last & its or not last | its) and _alike(one, other, either)


def _alike(one: _Sound, other: _Sound, either: int) -> bool:
    """Whether the same vowels stand in the same places; *either*: those that are exchanged."""
    return all(
        len(mine) == len(theirs)
        and all(_bits(a, either) & _bits(b, either) for a, b in zip(mine, theirs, strict=True))
        for mine, theirs in zip(one.vowels, other.vowels, strict=True)
    )


def _bits(vowel: str, either: int) -> int:
    mask = _MASKS[vowel]
    return mask | either if mask & either else mask


def _mask(vowels: str) -> int:
    together = 0
    for vowel in vowels:
        together |= _bits(vowel, _OPEN)
    return together


def _key(spelt: str) -> str:
    """Return what the spellings of one name have in common."""
    key = spelt.translate(_TO_KEY)
    consonants = key.translate(_NO_VOWELS)
    many = len(consonants)
    if many > _FEW:
        return consonants if many >= _MANY else _VOWELS.sub("a", key)
    return key if many == _FEW else ""


class _Letters(dict[int, str]):
    """What each letter of a word is as a sound, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        bare = unicodedata.normalize("NFD", chr(point))[0]
        sound = _LATIN.get(bare) or (bare if "a" <= bare <= "z" else "")
        self[point] = sound
        return sound


_FROM_CYRILLIC = {ord(letter): sound for letter, sound in _CYRILLIC.items()}
_FROM_LATIN = _Letters({ord(letter): sound for letter, sound in _LATIN.items()})


def _spellings(word: str) -> tuple[str, ...]:
    """Return *word* in letters of sounds, in the ways in which it may be read, the usual first."""
    folded = word.lower() if word.isascii() else _folded(word)
    if not word.isascii() and is_cyrillic(folded):
        spelt = _FIRST_YE.sub("и\\g<0>", folded.replace("дж", "ж")).translate(_FROM_CYRILLIC)
        return (_TWICE.sub(r"\1", _NOT_A_SOUND.sub("", spelt)),)
    if not _READ_OTHERWISE.search(folded):
        return (_latin(folded),)
    readings = [folded]
    for pattern, other in _OTHER_READINGS:
        readings += [pattern.sub(other, one) for one in readings if pattern.search(one)]
    return tuple(dict.fromkeys(map(_latin, readings[:_READINGS_MAX])))


@lru_cache(maxsize=1 << 14)
def _sounds(word: str) -> tuple[_Sound, ...]:
    """Return the same, consonants and vowels apart."""
    return tuple(
        _Sound("".join(_CONSONANT.findall(one)), tuple(_CONSONANT.split(one)))
        for one in _spellings(word)
    )


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().replace("i\u0307", "i")


def _latin(folded: str) -> str:
    spelt = _GROUP.sub(_in_place_of, folded)
    if "c" in spelt:
        spelt = _SOFT_C.sub("s", spelt).replace("c", "k")
    return _TWICE.sub(r"\1", spelt.translate(_FROM_LATIN))


def _in_place_of(group: re.Match[str]) -> str:
    return _GROUPS[group[0]]
