"""Names of countries in running text: whole words, with the case endings of the language."""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from archive.countries import FORMER
from indexer.describe.sheet import fold

LANGUAGES = ("en", "fr", "es", "pt", "it", "de", "nl", "sv", "da", "fi", "et", "lv", "lt", "pl", "cs", "sk", "ro", "hu", "tr", "az", "ru", "uk", "bg", "el", "ar", "fa", "hy", "ka")  # fmt: skip

# What people of a country, and what belongs to it, is called; the endings below are added.
ADJECTIVES = """
US americans/american/u.s./u.s.a./united states of america/américain/américaine/estadounidense/американский/amerikan/aqş
GB british/britain/u.k./britannique/británico/британский
AU australian/commonwealth government
RU russian/russe/ruso/российский/российской/российская/рф/россии/rusiya/rus
AZ azerbaijani/azerbaijan/азербайджанский/азербайджанской/azərbaycanlı/azərbaycan/naxçıvan
TR turkish/turc/turque/turco/турецкий/türk/türkiye
FR french/français/française/françaises/métropole/французский
DE german/deutsch/deutsche/deutschen/deutscher/allemand/allemande/немецкий
AR argentine/argentino/argentina/argentinos
UY uruguayo/uruguaya
CL chileno/chilena
CO colombiano/colombiana
ES español/española
IT italian/italiano/italiana
NL dutch/nederlandse/nederland
BE belgian/belge/belgique/flamand/belgisch
CH swiss/suisse/schweizerische/schweizer/schweiz
LU luxembourgeois/luxembourgeoise
UA ukrainian/украинский/україни/українська
IE irish/ireland
CA canadian/canadien
IL israeli/израильский
IR iranian/iranien/иранский/ایران
AM armenian/армянский/erməni
GE georgian/грузинский
KZ казахстанский/қазақстан
PL polski/polskiej
EE eesti
LV latvijas
LT lietuvos
FI suomen
EG مصر/المصرية
SA السعودية
"""

# Where a report begins with a place: `DUBLIN — …`, `Москва. …`, `Bakı, 12 mart`.
CITIES = """
AE abu dhabi/dubai/أبوظبي/دبي
AM yerevan/erevan/երևան/ереван
AR buenos aires
AT wien/vienna
AU canberra/sydney
AZ baku/bakı/баку/naxçıvan/bakou
BE brussel
BR brasília/rio de janeiro/são paulo
CA ottawa/toronto
CH bern/berne/genève/zürich
CL santiago/santiago de chile
CO bogotá
DE berlin
EG cairo/القاهرة
ES madrid
FR paris
GB london
GE tbilisi/тбилиси/თბილისი
GR athens/αθήνα
IE dublin
IL jerusalem
IN new delhi
IR tehran/تهران
IT roma/rome
JO amman/عمان
KZ astana/almaty/астана/алматы
LB beirut/بيروت
LU luxembourg
MX ciudad de méxico
NL den haag/amsterdam
PE lima
PK islamabad
PL warszawa
PT lisboa
RU moscow/москва/moscou/moskova
SA riyadh/الرياض
TR ankara/istanbul/анкара
UA kyiv/kiev/київ/киев
US washington
UY montevideo
"""

# A bare name that is more often something else.
_COMMON = {"georgia", "jordan", "chad", "mali", "oman", "guinea", "jersey", "niger", "turkey", "peru", "cuba", "man", "togo", "réunion", "reunion", "la réunion", "réunions", "iran", "nam", "china", "india"} - {"iran", "china", "india", "peru", "cuba", "oman", "turkey"}  # fmt: skip
WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
LONGEST = 5

# Case endings that may follow a name, longest first; only letters of the same script.
ENDINGS: dict[str, tuple[str, ...]] = {
    "az": ("nın", "nin", "nun", "nün", "ının", "dakı", "dəki", "dan", "dən", "da", "də", "ya", "yə", "nı", "ni", "ın", "in", "un", "ün", "a", "ə", "ı", "i", "la", "lə"),
    "tr": ("nın", "nin", "nun", "nün", "daki", "deki", "dan", "den", "tan", "ten", "da", "de", "ya", "ye", "yı", "yi", "ın", "in", "un", "ün", "a", "e", "ı", "i"),
    "ru": ("ого", "ому", "ыми", "ой", "ую", "ом", "ем", "ею", "ей", "ые", "ых", "ая", "ии", "и", "ы", "а", "я", "у", "ю", "е"),
    "uk": ("ого", "ому", "ою", "ою", "ій", "ої", "у", "и", "і", "ї", "ю", "я", "а"),
    "fi": ("ssa", "ssä", "sta", "stä", "lle", "lla", "n", "an", "ta"),
    "et": ("s", "st", "le", "ga", "i"),
    "de": ("s", "n", "r", "m"),
    "en": ("s", "'s", "’s"),
    "fr": ("s", "e", "es"),
    "es": ("s", "es"),
    "hu": ("ban", "ben", "on", "en", "ra", "re", "i"),
    "pl": ("ą", "ę", "i", "y", "ie", "ce"),
    "lv": ("s", "ā", "ai", "u"),
    "lt": ("s", "oje", "ai"),
}  # fmt: skip


_DATELINE = re.compile(
    r"^([^\W\d_]{4,14}(?: [^\W\d_]{2,10}){0,2})(?: \([^()]{2,20}\))?(?:\.? ?[—–-] |[.:] |, (?:[^\W\d_]{3,9} )?\d{1,2},? |،|\s?/)"
)


@cache
def _cities() -> dict[str, str]:
    rows = (row.split(" ", 1) for row in CITIES.strip().splitlines())
    return {fold(city): code for code, names in rows for city in names.split("/")}


def dateline(line: str) -> tuple[str, str] | None:
    """Return the country of the place that a report begins with, and the place."""
    found = _DATELINE.match(line[:80])
    code = _cities().get(fold(found[1])) if found else None
    return (code, found[1]) if found and code else None


_TOWN = re.compile(r"^(?:г(?:ор)?\. ?|город |м\. ?)?([^\W\d_][^\d_:;,]{2,30}?)(?: şəhəri)?[.,]?$", re.IGNORECASE)  # fmt: skip


def is_town(line: str) -> bool:
    """Return whether a line holds a known town and nothing else: where an act was signed.

    >>> is_town("г. Москва"), is_town("Bakı şəhəri"), is_town("Москва слезам не верит")
    (True, True, False)
    """
    found = _TOWN.match(line)
    return found is not None and fold(found[1]) in _cities()


@cache
def lexicon(language: str) -> dict[str, str]:
    """Return every name known in *language* and English with its code, in lower case."""
    found: dict[str, str] = {}
    for code in {"en", language} & set(LANGUAGES) | {"en"}:
        for territory, name in Locale.parse(code).territories.items():
            if (
                len(territory) == 2
                and territory.isalpha()
                and territory not in {"ZZ", "EU", "UN", "EZ", "QO"}
            ):
                found.setdefault(folded(name), territory)
    for code, name in FORMER.items():
        found.setdefault(folded(name), code)
    for line in ADJECTIVES.strip().splitlines():
        code, _, forms = line.partition(" ")
        for form in forms.split("/"):
            found.setdefault(folded(form), code)
    for name in _COMMON:
        found.pop(name, None)
    return found


def warm_up() -> None:
    """Load the names of every language once, before forking: 10 ms each."""
    for language in LANGUAGES:
        lexicon(language)


def folded(name: str) -> str:
    """Return *name* in lower case, as the names of `lexicon` are."""
    return name.lower().replace("i̇", "i").replace("’", "'")


def code_of_words(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Give each country that *text* names, with the words that name it, from left to right."""
    known = lexicon(language if language in LANGUAGES else "en")
    words = WORD.findall(text)
    place = 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            if (phrase[:1].isupper() or not phrase[:1].islower()) and (
                code := code_of(phrase, known, language)
            ):
                yield code, phrase
                place += length - 1
                break
        place += 1


def code_of(phrase: str, known: dict[str, str], language: str) -> str | None:
    """Return the code of *known* whose name *phrase* is, perhaps with a case ending."""
    name = folded(phrase)
    for whole in (name, name.rstrip(".")):
        if whole in known:
            return known[whole]
    for ending in ENDINGS.get(language, ENDINGS["en"]):
        if name.endswith(ending):
            stem = name[: -len(ending)].rstrip("'’")
            for base in (stem, stem + "a", stem + "ия", stem + "я", stem + "а", stem + "ий"):
                if len(stem) > 3 and base in known:
                    return known[base]
    return None
