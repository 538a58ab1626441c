"""Text to terms: the same for index, query and snippets.

A token is found in the text as it stands and keeps its place there, so folding
may change its length without losing the letters to be marked.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

VERSION = 1
"""An index made under another number is rebuilt."""

# Marks that stand inside a word: combining marks, tatweel, soft hyphen, zero-width joiners.
_INSIDE = "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0903\u093a-\u094f\u200b-\u200d"
# Scripts written without spaces: every character is a token, a word is a phrase of them.
_SPACELESS = "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}](?:[^\W_{_SPACELESS}]|[{_INSIDE}])*")

# What NFKC and casefold leave apart though readers of these languages do not.
_MAP = str.maketrans(
    {
        "ı": "i",
        "ё": "е",
        "đ": "d",
        "ł": "l",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        **{chr(0x0660 + n): str(n) for n in range(10)},
        **{chr(0x06F0 + n): str(n) for n in range(10)},
        **dict.fromkeys("\xadـ\u200b\u200c\u200d\u2060\ufeff"),
    }
)
# й is a letter of its own, not и with a mark.
_KEPT = {"и\u0306": "й"}

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""BCP 47 primary language → the Snowball algorithm that stems it."""

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
    for found in _TOKEN.finditer(text):
        terms = terms_of(found[0])
        if terms:
            yield Token(terms, found.start(), found.end())


def words(text: str) -> list[str]:
    """Return the words of *text* as written, in order; some may fold to nothing.

    >>> words("İstanbul’un 351-IVQ")
    ['İstanbul', 'un', '351', 'IVQ']
    """
    return _TOKEN.findall(text)


def placed(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of *text* as written, each with the half-open range it stands in."""
    return ((found[0], found.start(), found.end()) for found in _TOKEN.finditer(text))


@lru_cache(maxsize=1 << 17)
def terms_of(word: str) -> tuple[str, ...]:
    """Return what a single word as written is found by; nothing where folding leaves nothing.

    >>> terms_of("Azərbaycan")
    ('azərbaycan', 'azerbaycan')
    """
    folded = fold(word)
    if not folded:
        return ()
    if "ə" in folded:
        # Who has no ə on the keyboard types e.
        return (folded, folded.replace("ə", "e"))
    return (folded,)


def fold(text: str) -> str:
    """Return *text* without what does not tell words apart: case, accents, forms of letters.

    >>> fold("İŞIK"), fold("ışık"), fold("Савёловский"), fold("Straße")
    ('isik', 'isik', 'савеловский', 'strasse')
    """
    # İ casefolds to i and a combining dot, which is dropped with the other marks.
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_MAP)
    if folded.isascii():
        return folded
    plain = unicodedata.normalize("NFD", folded)
    for apart, letter in _KEPT.items():
        plain = plain.replace(apart, letter)
    bare = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    # Twice: folding must be a projection, and a mark may have hidden a letter of the map.
    return unicodedata.normalize("NFC", bare).translate(_MAP)


def stem(term: str, language: str | None) -> str:
    """Return the stem of a folded *term* in *language*; the term itself where none is known."""
    algorithm = SNOWBALL.get((language or "").split("-")[0])
    return _stem(term, algorithm) if algorithm else term


def stems(terms: list[str], language: str | None) -> list[str]:
    """Return the stem of each of the folded *terms*, as `stem` does, many at once."""
    algorithm = SNOWBALL.get((language or "").split("-")[0])
    return [str(one) for one in _stemmer(algorithm).stemWords(terms)] if algorithm else terms


def stems_for_query(term: str, languages: frozenset[str]) -> frozenset[str]:
    """Return the stems of *term* in every one of *languages*, and the term itself."""
    return frozenset({term, *(stem(term, language) for language in languages)})


@lru_cache(maxsize=1 << 18)
def _stem(term: str, algorithm: str) -> str:
    return str(_stemmer(algorithm).stemWord(term))


def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    # A Stemmer is not safe to share by threads (PyStemmer's documentation).
    held: dict[str, Stemmer.Stemmer] = _stemmers.__dict__
    if algorithm not in held:
        held[algorithm] = Stemmer.Stemmer(algorithm)
    return held[algorithm]
