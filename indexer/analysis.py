"""Text to terms: the same for index, query and snippets.

A token is found in the text as it stands and keeps its place there, so folding
may change its length without losing the letters to be marked.
What is folded and why, letter by letter: docs/analysis.md.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from indexer.stemming_az import stem as stem_azerbaijani

VERSION = 2
"""An index made under another number is rebuilt."""

# Vowel signs of the scripts of India are no letters to `re`; they belong to the word.
_INDIC = "".join(
    chr(point) for point in range(0x0900, 0x0E00) if unicodedata.category(chr(point))[0] == "M"
)
# What stands inside a word and tells nothing: accents, points, tatweel, soft hyphen, zero-width
# characters, marks of direction, Armenian signs of tone.
_ACCENTS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f"
_NOTHING = "\u00ad\u0640\u200b-\u200f\u2060\ufeff\u055b\u055c\u055e"
# Letters to `re`, but not to a reader: raised figures of footnotes, ordinal signs, and the
# apostrophes that Unicode calls letters (Ukrainian м’ята is typed with three of them).
_NO_LETTERS = "ªº²³¹⁰ⁱ⁴-⁹ⁿʻʼʽˈ"
# Scripts written without spaces: every character is a token, a word is a phrase of them.
_SPACELESS = "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W_{_SPACELESS}{_NO_LETTERS}]"
# A Hebrew abbreviation has its sign before the last letter: צה"ל is one word, typed צה״ל or צהל.
_GERSHAYIM = '(?<=[א-ת])["״”“](?=[א-ת](?![א-ת]))'
_TOKEN = re.compile(
    rf"{_LETTER}+(?:(?:[{_ACCENTS}{_NOTHING}{_INDIC}]|{_GERSHAYIM})+{_LETTER}*)*|[{_SPACELESS}]"
)
# The same in text that is ASCII, where it takes a third of the time.
_ASCII_TOKEN = re.compile(r"[0-9A-Za-z]+")

INSIDE = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + bytes(range(128, 256))
"""The bytes of UTF-8 that may stand in a word: a text may be cut at any other without changing
its words, except at a quotation mark between Hebrew letters."""

_ZEROS = "٠۰߀०০੦૦୦௦౦೦൦༠᠐"
# What NFKC and casefold leave apart though readers of these languages do not.
_MAP = str.maketrans(
    {
        "ı": "i", "ё": "е", "ґ": "г", "ѣ": "е", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe",
        "þ": "th", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "ng", "ĸ": "k", "ǝ": "ə",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك",
        "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
        # Georgian church capitals and small letters; the modern capitals casefold by themselves.
        **{chr(0x2D00 + n): chr(0x10D0 + n) for n in range(0x26)},
        **{chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)},
        **dict.fromkeys('\xadـ\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u055b\u055c\u055eʹʺʾʿˊˋ"״”“'),
    }
)  # fmt: skip
_MARKS = re.compile(rf"[{_ACCENTS}]+")
_IOTA_BELOW = re.compile("[\u0345\u1f80-\u1fff]")
# й and ї are letters of their own, not и and і with a mark.
_KEPT = {"и\u0306": "й", "і\u0308": "ї"}

# Letters that look alike, small or capital: a word that mixes the two alphabets was typed or
# scanned wrongly. ә is here because Azerbaijani texts write it for ə.
_ALIKE = dict(zip("abcehkmopstxyijəqw", "авсенкморѕтхуіјәԛԝ", strict=True))
_TO_CYRILLIC = str.maketrans(_ALIKE)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _ALIKE.items()} | {"һ": "h"})
_ONLY_CYRILLIC = re.compile("[вкмнт]")
_LATIN, _CYRILLIC = "a-zə", "\u0430-\u045f\u048b-\u052f"
_MIXED = re.compile(rf"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_LETTERS = re.compile(rf"[{_LATIN}{_CYRILLIC}]+")

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""BCP 47 primary language → the Snowball algorithm that stems it. Azerbaijani has one of ours."""

_stemmers = threading.local()


class Token(NamedTuple):
    """One word of a text."""

    terms: tuple[str, ...]
    """What it is found by: its folded form first, then variants at the same place."""
    start: int
    end: int
    """The half-open range of characters it stands in."""


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of *text* in order.

    >>> [token.terms[0] for token in tokens("İstanbul’un 351-IVQ")]
    ['istanbul', 'un', '351', 'ivq']
    """
    for found in _pattern(text).finditer(text):
        terms = terms_of(found[0])
        if terms:
            yield Token(terms, found.start(), found.end())


def words(text: str) -> list[str]:
    """Return the words of *text* as written, in order; some may fold to nothing.

    >>> words("İstanbul’un 351-IVQ")
    ['İstanbul', 'un', '351', 'IVQ']
    """
    return _pattern(text).findall(text)


def placed(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of *text* as written, each with the half-open range it stands in."""
    return ((found[0], found.start(), found.end()) for found in _pattern(text).finditer(text))


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _TOKEN


@lru_cache(maxsize=1 << 17)
def terms_of(word: str) -> tuple[str, ...]:
    """Return what a single word as written is found by; nothing where folding leaves nothing.

    The first is `fold(word)`; the others follow from the first alone, so that words that
    fold alike are found alike.

    >>> terms_of("Azərbaycan")
    ('azərbaycan', 'azerbaycan', 'azarbaycan')
    """
    if word.isascii():
        return (word.lower(),)
    folded = fold(word)
    if not folded:
        return ()
    if "ə" not in folded:
        return (folded,)
    # Who has no ə on the keyboard types e; who hears it writes a (Heydar, Agdere). Of short
    # words that would make other words: əl, a hand, is not al, take.
    others = [folded.replace("ə", "e")]
    if len(folded) >= _A_VARIANT_MIN_CHARS:
        others.append(folded.replace("ə", "a"))
    return (folded, *others)


_A_VARIANT_MIN_CHARS = 4


def fold(text: str) -> str:
    """Return *text* without what does not tell words apart: case, accents, forms of letters.

    Folding again changes nothing.

    >>> fold("İŞIK"), fold("ışık"), fold("Савёловский"), fold("Straße")
    ('isik', 'isik', 'савеловский', 'strasse')
    """
    if text.isascii():
        return text.lower()
    if _IOTA_BELOW.search(text):
        # casefold makes a letter of it.
        text = unicodedata.normalize("NFD", text).replace("\u0345", "")
    # İ casefolds to i and a combining dot, which is dropped with the other marks.
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_MAP)
    if folded.isascii():
        return folded
    plain = unicodedata.normalize("NFD", folded)
    for apart, letter in _KEPT.items():
        plain = plain.replace(apart, letter)
    # Twice: folding must be a projection, and a mark may have hidden a letter of the map.
    bare = unicodedata.normalize("NFC", _MARKS.sub("", plain)).translate(_MAP)
    if _MIXED.search(bare):
        bare = _LETTERS.sub(_of_one_alphabet, bare)
    # The ligature և is եւ to casefold, but its capitals are ԵՎ.
    return bare.replace("եվ", "եւ")


def stem(term: str, language: str | None) -> str:
    """Return the stem of a folded *term* in *language*; the term itself where none is known."""
    primary = (language or "").split("-")[0]
    if primary == "az":
        return _stem_azerbaijani(term)
    algorithm = SNOWBALL.get(primary)
    return _stem(term, algorithm) if algorithm else term


def stems(terms: list[str], language: str | None) -> list[str]:
    """Return the stem of each of the folded *terms*, as `stem` does, many at once."""
    primary = (language or "").split("-")[0]
    if primary == "az":
        return [stem_azerbaijani(term) for term in terms]
    algorithm = SNOWBALL.get(primary)
    return [str(one) for one in _stemmer(algorithm).stemWords(terms)] if algorithm else terms


def stems_for_query(term: str, languages: frozenset[str]) -> frozenset[str]:
    """Return the stems of *term* in every one of *languages*, and the term itself."""
    return frozenset({term, *(stem(term, language) for language in languages)})


def _of_one_alphabet(found: re.Match[str]) -> str:
    """Return a word in one alphabet, if the letters of the other all have a double in it."""
    word = found[0]
    cyrillic, latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    all_cyrillic = not re.search(f"[{_LATIN}]", cyrillic)
    all_latin = not re.search(f"[{_CYRILLIC}]", latin)
    if all_cyrillic and all_latin:
        # Small в and к are like no Latin letter: where they stand the word is Cyrillic.
        were_latin = len(re.findall(f"[{_LATIN}]", word))
        return latin if 2 * were_latin > len(word) and not _ONLY_CYRILLIC.search(word) else cyrillic
    return cyrillic if all_cyrillic else latin if all_latin else word


@lru_cache(maxsize=1 << 18)
def _stem(term: str, algorithm: str) -> str:
    return str(_stemmer(algorithm).stemWord(term))


_stem_azerbaijani = lru_cache(maxsize=1 << 17)(stem_azerbaijani)


def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    # A Stemmer is not safe to share by threads (PyStemmer's documentation).
    held: dict[str, Stemmer.Stemmer] = _stemmers.__dict__
    if algorithm not in held:
        # Its own cache costs more than it saves: 3.3 µs a word with it, 1.1 without.
        held[algorithm] = Stemmer.Stemmer(algorithm, 0)
    return held[algorithm]
