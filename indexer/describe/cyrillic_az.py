"""Azerbaijani in the Cyrillic letters of 1940 to 1991, read letter by letter as today's Latin ones.

So that the words by which acts and bodies are known need to be listed once.
"""

import re
from functools import lru_cache

_CYRILLIC = "абвгғдеәжзиыјкҝлмноөпрстуүфхһчҹш"
_LATIN = "abvqğdeəjziıykglmnoöprstuüfxhçcş"
_CAPITALS = "ABVQĞDEƏJZİIYKGLMNOÖPRSTUÜFXHÇCŞ"
_LETTERS = str.maketrans(_CYRILLIC + _CYRILLIC.upper(), _LATIN + _CAPITALS)
# Kazakh, Bashkir and Tatar have ә too; these letters are only theirs.
_OTHERS = re.compile(r"[қңұіҡҫҙҗёйьэюя]", re.IGNORECASE)
_OWN = re.compile(r"[әҹҝһө]|\bганун", re.IGNORECASE)


@lru_cache(4_096)  # each room asks for the same lines
def latin(text: str) -> str:
    """Return *text* in Latin letters, as long as it was; as it is where it is no such Azerbaijani.

    >>> latin("ГӘРАР"), latin("Бакы шәһәри"), latin("закон")
    ('QƏRAR', 'Bakı şəhəri', 'закон')
    """
    if text.isascii() or not _OWN.search(text) or _OTHERS.search(text):
        return text
    return text.translate(_LETTERS)


def is_cyrillic_az(text: str) -> bool:
    """Return whether running text is Azerbaijani in Cyrillic letters: ҹ or ҝ beside ә and ј.

    >>> is_cyrillic_az("Азәрбајҹан Республикасы"), is_cyrillic_az("Қазақстан")
    (True, False)
    """
    own = sum(text.count(letter) for letter in "ҹҝҸҜ")
    return own > 0 and any(letter in text for letter in "әӘ") and any(j in text for j in "јЈ")
