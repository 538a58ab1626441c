"""Keys by which a name meets its spellings in other alphabets: Ходжалы, Khojaly, Xocalı, Hocalı.

A key keeps the consonants and where vowels stand, and merges what traditions write for one
another (x, kh, h, g, q). It is for capitalised words in a field of its own: for words at large
it merges too much (measured in docs/analysis.md).
"""

import re
import unicodedata

NAME_MIN_CHARS = 4
_CONSONANTS_MIN = 3
"""With fewer consonants the vowels have to tell names apart."""

_CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуўфхчшщыэюяәөүҹҝғҺһјъь",
        "aбvkkdaajziiiiklmnoprstovfkčššiaoaaoojkkkki  ".replace("б", "b"),
        strict=True,
    )
) | {"ц": "ts", "ё": "o"}
_LATIN_GROUPS = (
    ("tsch", "č"), ("tch", "č"), ("shch", "š"), ("sch", "š"), ("dzh", "j"), ("dj", "j"), ("kh", "k"),
    ("gh", "k"), ("zh", "j"), ("sh", "š"), ("ch", "č"), ("tz", "ts"), ("ph", "f"), ("ck", "k"),
    ("qu", "k"), ("th", "t"),
)  # fmt: skip
_LATIN = {
    **dict.fromkeys("aeə", "a"), **dict.fromkeys("iyı", "i"), **dict.fromkeys("ou", "o"),
    **dict.fromkeys("qghx", "k"), "w": "v", "ç": "č", "ş": "š",
}  # fmt: skip
_MADE_FROM_C = "jks"


def name_keys(word: str) -> tuple[str, ...]:
    """Return the keys of a *word* as written; none where it is no capitalised word of a name.

    Two spellings of a name mostly share a key. Latin c, which is j, k or s, gives three.

    >>> name_keys("Ходжалы"), name_keys("Khojaly"), name_keys("Xocalı")
    (('kajala',), ('kajala',), ('kajala', 'kakala', 'kasala'))
    >>> name_keys("peace")
    ()
    """
    if len(word) < NAME_MIN_CHARS or not word[0].isupper():
        return ()
    folded = unicodedata.normalize("NFC", word).casefold().replace("i\u0307", "i")
    if any("\u0430" <= c <= "\u04ff" for c in folded):
        spelt = "".join(_CYRILLIC.get(c, "") for c in folded.replace("дж", "ж")).replace(" ", "")
    else:
        for group, letter in _LATIN_GROUPS:
            folded = folded.replace(group, letter)
        spelt = "".join(_LATIN.get(c) or _LATIN.get(_bare(c)) or _bare(c) for c in folded)
    spellings = [spelt.replace("c", one) for one in _MADE_FROM_C] if "c" in spelt else [spelt]
    return tuple(dict.fromkeys(key for one in spellings if (key := _key(one))))


def _bare(letter: str) -> str:
    if letter in "čš":
        return letter
    bare = unicodedata.normalize("NFD", letter)[0]
    return bare if "a" <= bare <= "z" else ""


def _key(spelt: str) -> str:
    # Of vowels that stand together the first: Əliyev, Алиев.
    key = re.sub(r"([aio])[aio]+", r"\1", spelt)
    key = re.sub(r"(.)\1+", r"\1", key)
    consonants = len(re.sub(r"[aio]", "", key))
    if consonants >= _CONSONANTS_MIN:
        return re.sub(r"[io]", "a", key)
    return key if consonants == _CONSONANTS_MIN - 1 else ""
