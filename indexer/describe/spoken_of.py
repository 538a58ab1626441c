"""Which countries a text speaks of: every one that it calls by name.

Names only: *Azerbaijan* and *Azərbaycanın*, not *Azerbaijani*, which may be a language, and not
cities. A name that is more often something else (Georgia, Jordan) counts where the same text names
a neighbour.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale

from archive.countries import FORMER
from indexer.describe import Spoken
from indexer.describe.nations import LANGUAGES, LONGEST, WORD, code_of, folded

COUNTRIES_MAX = 40
"""Of a text that names more, those it names most are kept."""

# What texts say besides the names of CLDR.
_ALSO = """
BA bosnia/bosnia-herzegovina
CD democratic republic of the congo/république démocratique du congo/república democrática del congo
CI ivory coast
CZ czech republic
FR république française
GB britain/great britain/u.k/uk/grande-bretagne/gran bretaña/соединенное королевство/соединённое королевство/birləşmiş krallıq/böyük britaniya
HK hong kong
IR islamic republic of iran
KG kirghizstan/киргизия
KP democratic people's republic of korea
KR republic of korea
MD молдавия
MK macedonia/македония
MM burma
NL holland
PS palestine/палестина/fələstin/filistin
RU russian federation/fédération de russie/federación de rusia/российская федерация/российской федерации/российскую федерацию/рф/rusiya federasiyası/rusya federasyonu
SU ussr/u.s.s.r/urss/ссср/ssri/sscb
SY syrian arab republic/république arabe syrienne/república árabe siria
TR turkey
TZ united republic of tanzania
US united states of america/u.s.a/usa/u.s/états-unis d'amérique/estados unidos de américa/ee.uu/eeuu/сша/abş/соединенные штаты америки/соединённые штаты америки/соединенных штатов америки/соединённых штатов америки/aqş/abd/amerika birləşmiş ştatları/amerika birleşik devletleri
VA holy see
VN viet nam
"""
_SOVIET = "SUHH"
# A name that is often something else → its country, and the neighbours that make it one.
_NEEDS_NEIGHBOUR: Mapping[str, tuple[str, frozenset[str]]] = {
    "georgia": ("GE", frozenset({"AZ", "AM", "RU", "TR", "UA"})),
    "jordan": ("JO", frozenset({"IL", "SY", "IQ", "SA", "EG", "LB", "PS"})),
    "chad": ("TD", frozenset({"NE", "NG", "SD", "CM", "LY"})),
    "mali": ("ML", frozenset({"NE", "SN", "BF", "MR", "CI"})),
    "niger": ("NE", frozenset({"ML", "TD", "BF", "NG", "LY"})),
    "guinea": ("GN", frozenset({"ML", "SN", "SL", "LR", "CI"})),
    "togo": ("TG", frozenset({"BJ", "GH", "BF"})),
}
# Names that are words, or that name less than a country where they stand alone.
_NEVER = ("jersey", "réunion", "reunion", "la réunion")


def countries_named(pages: Iterable[tuple[int, str]], language: str) -> tuple[Spoken, ...]:
    """Return the countries that a text names, the one named most first, at most COUNTRIES_MAX.

    *pages* are numbers and texts, *language* is a BCP 47 tag or empty. Countries named as often
    stand in the order of their first naming.

    >>> [(one.code, one.times) for one in countries_named([(1, "Iran, Türkiye və İranın")], "az")]
    [('IR', 2), ('TR', 1)]
    """
    primary = language.partition("-")[0]
    names = _names(primary if primary in LANGUAGES else "en")
    found: dict[str, Spoken] = {}
    for number, text in pages:
        for code, written in _named(text, names, primary):
            known = found.get(code)
            times = known.times + 1 if known else 1
            first = known or Spoken(code, written, 0, number)
            found[code] = Spoken(code, first.written, times, first.page)
    for name, (code, neighbours) in _NEEDS_NEIGHBOUR.items():
        doubtful = found.get(code)
        # Only where the name that needs one is what was written.
        if doubtful and folded(doubtful.written).startswith(name) and not neighbours & {*found}:
            del found[code]
    return tuple(sorted(found.values(), key=lambda one: -one.times)[:COUNTRIES_MAX])


@dataclass(frozen=True, slots=True)
class _Names:
    codes: dict[str, str]
    """In lower case."""
    beginnings: frozenset[str]
    """The first letters of every name: most words are none."""


_BEGINNING = 3
_APART = re.compile("['’-]")


@cache
def _names(language: str) -> _Names:
    codes: dict[str, str] = {}
    for line in _ALSO.strip().splitlines():
        code, _, forms = line.partition(" ")
        for form in forms.split("/"):
            codes[folded(form)] = _SOVIET if code == "SU" else code
    for tongue in dict.fromkeys((language, "en")):
        for code, name in Locale.parse(tongue).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"ZZ", "EU", "UN", "EZ", "QO"}:
                for form in _forms(folded(name)):
                    codes.setdefault(form, code)
    for code, name in FORMER.items():
        codes.setdefault(folded(name), code)
    for name in _NEVER:
        codes.pop(name, None)
    return _Names(codes, frozenset(name[:_BEGINNING] for name in codes))


def _forms(name: str) -> Iterable[str]:
    """Return what CLDR's `Myanmar (Burma)` and `Bosnia & Herzegovina` look like in texts."""
    yield name
    for part in re.split(r"[()]", name) if "(" in name else ():
        if part.strip():
            yield part.strip()
    if "&" in name:
        yield name.replace("&", "and")


def _named(text: str, names: _Names, language: str) -> Iterable[tuple[str, str]]:
    """Yield each country that is named, with the words that name it, from left to right."""
    words = WORD.findall(text)
    place = 0
    while place < len(words):
        word = words[place]
        if len(word) > _BEGINNING and word[1] in "'’" and word[0] in "dlDL":
            word = words[place] = word[2:]  # l'Iran
        place += 1
        if word[0].islower() or folded(word[: _BEGINNING + 1])[:_BEGINNING] not in names.beginnings:
            continue
        for length in range(min(LONGEST, len(words) - place + 1), 0, -1):
            phrase = " ".join(words[place - 1 : place - 1 + length])
            code = code_of(phrase, names.codes, language)
            if code is None and length == 1:
                # ABŞ-ın, ABD'nin: the endings of abbreviations stand apart.
                code = names.codes.get(folded(_APART.split(phrase, maxsplit=1)[0]))
            if code:
                yield code, phrase if "." in phrase[:-1] else phrase.rstrip(".")
                place += length - 1
                break
