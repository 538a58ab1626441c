"""Days and years written out in words: `a los treinta días del mes de mayo del año dos mil dieciocho`."""

import re

WORDS: dict[str, dict[str, int]] = {
    "es": {
        "primero": 1, "uno": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
        "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
        "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiun": 21,
        "veintiuno": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
        "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40,
        "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "ciento": 100, "doscientos": 200,
        "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700,
        "ochocientos": 800, "novecientos": 900, "mil": 1000,
    },
    "pt": {
        "primeiro": 1, "um": 1, "dois": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
        "nove": 9, "dez": 10, "onze": 11, "doze": 12, "treze": 13, "catorze": 14, "quatorze": 14, "quinze": 15,
        "dezesseis": 16, "dezasseis": 16, "dezessete": 17, "dezassete": 17, "dezoito": 18, "dezenove": 19,
        "dezanove": 19, "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70,
        "oitenta": 80, "noventa": 90, "novecentos": 900, "oitocentos": 800, "mil": 1000,
    },
    "en": {
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
        "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
        "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
    },
    "fr": {
        "premier": 1, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
        "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
        "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100, "cents": 100, "mil": 1000,
        "mille": 1000,
    },
}  # fmt: skip
_JOINING = {"y", "e", "and", "et", "of", "de", "days", "dias"}
_PLAIN = str.maketrans("áàâãéèêíîóôõúûüç", "aaaaeeeiiooouuuc")
_WORD = re.compile(r"[^\W\d_]+")


def value_of(text: str, language: str) -> int | None:
    """Return the number that *text* spells in *language*, None where a word is not a number.

    >>> value_of("dos mil dieciocho", "es"), value_of("nineteen hundred ninety-three", "en")
    (2018, 1993)
    """
    known = WORDS.get(language, {})
    total = part = 0
    seen = False
    for word in _WORD.findall(text.lower().translate(_PLAIN)):
        if word in _JOINING:
            continue
        if word not in known:
            return None
        number = known[word]
        seen = True
        if number == 1000:
            total, part = total + max(part, 1) * 1000, 0
        elif number == 100 and part and language in {"en", "fr"}:
            part *= 100
        elif language == "en" and part in range(17, 21) and number >= 10:
            part = part * 100 + number  # "nineteen ninety-three"
        elif number == 20 and part % 100 == 4 and language == "fr":
            part += 76  # quatre-vingts
        else:
            part += number
    return total + part if seen else None
