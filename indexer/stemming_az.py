"""A light stemmer for Azerbaijani, which Snowball lacks: number, possession, case, copula.

It takes folded words (ı→i, ö→o, ü→u, ş→s, ç→c, ğ→g; ə stays), so vowel harmony is checked
as far as folding leaves it: a after a, ə after ə and e, u after o and u, i after the others.
Endings that make new words (-lıq, -çı, -lı, -sız) stay: they change what is meant.
"""

from itertools import product

STEM_MIN_CHARS = 4
"""Of a word that is cut, at least so much stays."""
# A plural shows that a short stem is one: gün-lər-in.
_BEFORE_PLURAL_MIN_CHARS = 3

_VOWELS = frozenset("aəeiou")
_HIGH, _LOW = "iu", "aəe"


def _spelt(*patterns: str) -> frozenset[str]:
    """Spell endings out: X is i or u; A is a, ə or (typed without ə) e."""
    made = set()
    for pattern in patterns:
        letters = [_HIGH if c == "X" else _LOW if c == "A" else c for c in pattern]
        made |= {"".join(chosen) for chosen in product(*letters)}
    return frozenset(made)


_COPULA = _spelt("dXr", "dXrlAr")
_RELATION = _spelt("dAkX", "XndAkX", "sXndAkX")
_CASES_OF_HIS = ("ndAn", "ndA", "nA", "nXn", "nX", "")
_CASES_OF_OURS = ("dAn", "dA", "A", "Xn", "X", "")
_AFTER_CONSONANT = _spelt(
    *(f"X{case}" for case in _CASES_OF_HIS),
    *(f"XmXz{case}" for case in _CASES_OF_OURS),
    *(f"XnXz{case}" for case in _CASES_OF_OURS),
    "Xn", "Xm", "A",
)  # fmt: skip
_AFTER_VOWEL = _spelt(
    *(f"sX{case}" for case in _CASES_OF_HIS),
    *(f"mXz{case}" for case in _CASES_OF_OURS),
    *(f"nXz{case}" for case in _CASES_OF_OURS),
    "nXn", "yA", "nX",
)  # fmt: skip
_AFTER_EITHER = _spelt("dAn", "dA")
_PLURAL = _spelt("lAr")
# Not plurals, though they look it.
_WHOLE = frozenset({"dollar", "onlar", "bunlar", "bəzilər"})
# vətəndaşı, yoldaşı, qardaşı: folded, ş looks like the s of -sı.
_BEFORE_S = frozenset({"vətənda", "vetenda", "vatanda", "yolda", "qarda"})
_LONGEST = max(map(len, _AFTER_CONSONANT | _AFTER_VOWEL))


def stem(word: str) -> str:
    """Return the stem of a folded *word*: two forms of one noun mostly have one stem.

    A stem is a key, not a word; it has at least three letters of the word.

    >>> stem("azərbaycanin"), stem("qərarlarindan"), stem("qanun"), stem("respublikasi")
    ('azərbayc', 'qərar', 'qanu', 'respubliy')
    """
    if len(word) < STEM_MIN_CHARS or not word.isalpha():
        return word
    left = _without(word, _COPULA, STEM_MIN_CHARS)
    shorter = _without(left, _RELATION, STEM_MIN_CHARS)
    left = shorter if shorter != left else _without_case(left)
    if left not in _WHOLE:
        left = _without(left, _PLURAL, _BEFORE_PLURAL_MIN_CHARS)
    return _ended(left)


def _without(word: str, endings: frozenset[str], least: int) -> str:
    for size in (7, 6, 5, 4, 3):
        rest, ending = word[:-size], word[-size:]
        if len(rest) >= least and ending in endings and _in_harmony(rest, ending):
            return rest
    return word


def _without_case(word: str) -> str:
    """Cut possession and case, the longest that fits."""
    for size in range(min(_LONGEST, len(word) - STEM_MIN_CHARS), 0, -1):
        rest, ending = word[:-size], word[-size:]
        kind = _AFTER_VOWEL if rest[-1] in _VOWELS else _AFTER_CONSONANT
        if ending[0] == "s" and rest in _BEFORE_S:
            continue
        if (ending in kind or ending in _AFTER_EITHER) and _in_harmony(rest, ending):
            return rest
    return word


def _in_harmony(rest: str, ending: str) -> bool:
    last = next((c for c in reversed(rest) if c in _VOWELS), "")
    first = next(c for c in ending if c in _VOWELS)
    match first:
        case "u":
            return last in {"o", "u"}
        case "i":
            return last in {"a", "ə", "e", "i"}
        case "a":
            return last not in {"ə", "e", ""}
        case _:
            return last not in {"a", ""}


def _ended(word: str) -> str:
    """Even out what endings change or leave open."""
    # -nın may be -n-ın (Azərbaycan-ın) or -nın (respublika-nın): both lose the n.
    if len(word) > STEM_MIN_CHARS and word[-1] == "n" and word[-2] in _VOWELS:
        word = word[:-1]
    if len(word) > STEM_MIN_CHARS and word[-1] in _VOWELS:
        word = word[:-1]
    if len(word) >= STEM_MIN_CHARS and word[-2] in _VOWELS:
        # q and k grow soft before a vowel: uşaq, uşağı; çörək, çörəyi.
        return word[:-1] + {"q": "g", "k": "y"}.get(word[-1], word[-1])
    return word
