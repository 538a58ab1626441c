"""Numbers of documents, in running text and as typed, in one form by which they are compared.

Text is looked at only where a figure stands, at most `_REACH_CHARS` to either side: time grows
with the length of the text alone, whatever the text is.
"""

import re
import unicodedata
from dataclasses import dataclass

_REACH_CHARS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text."""

    canonical: str
    start: int
    end: int
    """The half-open range of characters it stands in, with the words that make it a number."""


def mentioned(number: str) -> str:
    """Return the term under which a document that only mentions the canonical *number* is filed.

    The one that bears it is filed under the number itself: who searches the number finds both,
    the bearer first.
    """
    return f"~{number}"


# --- the form in which numbers are compared -------------------------------------------

# One character for one: places stay. Figures of Arabic and Persian are figures.
_PLAIN = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－˗", "-")
    | {chr(zero + n): str(n) for zero in (0x660, 0x6F0) for n in range(10)}
)
_KIND_WORDS = re.compile(
    r"\b(?:emergency executive order|executive order|exec\. order|e\.? ?o\b|public law|pub\. ?l\.|p\.l\.|decreto[- ]?s?[- ]?ley|decreto legislativo|decreto supremo|real decreto|decreto|acto legislativo|ley org[aá]nica|ley general|ley|lei complementar|lei|loi|ordonnance|décret|arrêté|kanun|karar|tebliğ|qanun|fərman|qərar|sərəncam|əmr|закон|указ|приказ|постановление|распоряжение|решение|решения|law|act|decree|order|resolution|decision|regulation|directive|dec|dnu|dl|du|res|numarası|sayısı|sayı|sayılı|nömrəli|lege|legge|wet|gesetz|sr|sfs|zarządzenie|määrus)\b\.?",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"№|\bn\s?[°º]|\bnos?\b\.?|\bnr\b\.?|\bnúm\b\.?|\bnumber\b|\bν(?=\s?\d)|\bn(?=\s?\d)|#",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(r"^((?:[AS]|E|A/HRC)/RES/\d[\d/]*) ?\(\d{4}\)$")
_EU = re.compile(
    r"\((?:eu|ec|eec|euratom|ue|ce|cee|eg|ewg)\)\s*(?:no\.?|n[°º]|nr\.?|núm\.)?\s*(\d{1,4})/(\d{2,4})",
    re.IGNORECASE,
)
_EU_AFTER = re.compile(
    r"(\d{2}|\d{4})/(\d{1,4})/(?:EC|CE|EG|EEC|CEE|EWG|EU|UE|JHA|JAI|CFSP|PESC|EURATOM)$",
    re.IGNORECASE,
)
_CELEX = re.compile(r"^[0-9](\d{4})([A-Z])(\d{4})(?:-\d{8})?$")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{3})(?![\d.,])")
_FILE = re.compile(r"^\[?[A-Z]{2,4} ?: ?.*\]?$")
_EARLY = re.compile(r"^(?:A/RES/)?(\d{1,4}) ?([A-D])? ?\(([IVX]+)\) ?([A-D])?$", re.IGNORECASE)
# Not of 2012/53, nor of a number that canonical() made of a year and a number.
_SHORT_YEAR = re.compile(r"^(?!(?:19|20)\d\d/)(\d{1,6})/([4-9]\d)$")
_SYMBOL_ROOTS = "CCPR|CEDAW|CERD|CAT|CRC|CRPD|CMW|CED|HRI|SPT|ST|TD|DP|ECE|E|A|S"
_IS_SYMBOL = re.compile(rf"^(?:{_SYMBOL_ROOTS})/(?=.*[A-Z].*\d)")
_ONE_SYMBOL = re.compile(r"\S+(?: ?\([^()]*\))?(?: [A-Z])?(?:[/ ](?:ADD|REV|CORR)[. ]*\d+)*")
_SYMBOL_INSIDE = re.compile(r"\b(?:[A-Z]+/)+RES/\d[\w/.()-]*(?: [A-Z]\b)?")
_BODIES = (
    ("S", r"(?:un )?security council|unsc|unscr|scr|sc res|совет[а]? безопасности(?: оон)?|conseil de sécurité|consejo de seguridad|təhlükəsizlik şurası(?:nın)?|güvenlik konseyi(?:nin)?"),
    ("A", r"(?:un )?general assembly|unga|ga|assemblée générale|asamblea general|генеральной ассамблеи(?: оон)?"),
    ("A/HRC", r"(?:un )?human rights council|unhrc|hrc"),
    ("E", r"ecosoc|economic and social council"),
)  # fmt: skip
_RESOLUTION = r"(?:resolutions?|res\.?|résolutions?|resoluci[oó]n(?:es)?|резолюци[яиюей]{1,2}|qətnamə(?:lər|si)?|karar[ıi]?)"
_OF_A_BODY = re.compile(
    "|".join(rf"(?P<b{n}>^(?:{names})\W)" for n, (_, names) in enumerate(_BODIES)), re.IGNORECASE
)
_OF_A_BODY_AFTER = re.compile(
    "|".join(
        rf"(?P<b{n}>\b(?:of|du|de la|del|de l') ?(?:the )?(?:{names})$)"
        for n, (_, names) in enumerate(_BODIES)
    ),
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    rf"^(?:{_RESOLUTION})?\W{{0,3}}(?:no\.?|n[°º]|№|nr\.?)?\s?(?P<number>\d{{1,4}}(?:/\d{{1,4}})?(?: ?[A-D])?)(?: ?\((?P<year>\d{{4}}|[IVX]+)\))?(?: ?(?P<part>[A-D]))?$",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"^(?P<house>[HS])\. ?(?P<kind>(?:J\.? ?|Con\.? ?)?Res\.?|R\.) ?(?:No\.? ?)?(?P<number>\d{1,5})$",
    re.IGNORECASE,
)
_GAZETTE = re.compile(
    r"^(BGBl)\.?,? ?((?:19|20)\d\d)?,? ?(I{0,3})\b,? ?(?:S\.|Nr\.)? ?(\d{1,5}(?:/\d{4})?)$",
    re.IGNORECASE,
)
_PUBLIC_LAW = re.compile(
    r"^(?:public law|pub\. ?l\.|p\. ?l\.) ?(?:no\.? ?)?(\d{1,3})-(\d{1,4})$", re.IGNORECASE
)
_INSTRUMENT = re.compile(r"^S\.? ?I\.? ?((?:19|20)\d\d)(?:/| ?No\.? ?)(\d{1,5})$", re.IGNORECASE)


def canonical(number: str) -> str:
    """Return the form in which two writings of one number are equal: figures and letters.

    The name of the kind, number signs, spaces, thousands' points and leading zeros go; an
    EU act is its year and number whichever is written first; a resolution of a body of the
    United Nations is its symbol. A URL is no number: empty. What it returns is its own form.

    >>> canonical("Ley N° 24.430") == canonical("LEY-24430")
    True
    >>> canonical("S/RES/822 (1993)"), canonical("№ 309"), canonical("DEC-666-2001")
    ('S/RES/822', '309', '666/2001')
    >>> canonical("Security Council resolution 822 (1993)")
    'S/RES/822'
    """
    text = unicodedata.normalize("NFKC", number.replace("№", "№ ")).translate(_PLAIN).strip()
    text = text.replace("No ", "№ ", 1) if number.startswith("№") else text
    text = re.sub(r"\s?/\s?", "/", " ".join(text.split()))
    if not re.search(r"\d", text) or "://" in text:
        return ""
    for read in (_european, _united_nations, _of_a_house):
        if said := read(text):
            return said
    text = text.upper()
    if _FILE.match(text):
        return "/".join(_figures(part) for part in re.findall(r"\w+", text))
    return _plain(text)


def _european(text: str) -> str:
    if found := _EU.search(text):
        one, other = found[1], found[2]
        year, rest = (
            (one, other)
            if (len(one) == 4 and len(other) < 4) or (len(one) == 4 and int(one) > 2014)
            else (other, one)
        )
        first = len(one) == 4 and one == year
        return f"{_century(year)}/{int(rest)}" if first else f"{int(rest)}/{_century(year)}"
    if found := _EU_AFTER.search(text):
        # Directives and decisions: year first, whatever the year.
        return f"{_century(found[1])}/{int(found[2])}"
    if found := _CELEX.match(text.upper()):
        # Regulations before 2015 are cited number first.
        return (
            f"{found[1]}/{int(found[3])}"
            if found[2] != "R" or int(found[1]) > 2014
            else f"{int(found[3])}/{found[1]}"
        )
    return ""


def _century(year: str) -> str:
    return year if len(year) == 4 else ("19" if int(year) > 40 else "20") + year.zfill(2)


def _united_nations(text: str) -> str:
    if early := _EARLY.match(text):
        return f"A/RES/{early[1]}({early[3]}){early[2] or early[4] or ''}".upper()
    upper = _YEAR_AFTER.sub(r"\1", text.upper())
    if _ONE_SYMBOL.fullmatch(upper) and ("/RES/" in upper or _IS_SYMBOL.match(upper)):
        return re.sub(r"\s+", "", upper)
    if symbol := _SYMBOL_INSIDE.search(upper):
        rest = f"{upper[: symbol.start()]} {upper[symbol.end() :]}"
        for _, names in _BODIES:
            rest = re.sub(names, " ", rest, flags=re.IGNORECASE)
        words = _OF_KIND.sub(" ", _SIGNS.sub(" ", rest))
        return "" if re.search(r"\w", words) else re.sub(r"\s+", "", symbol[0])
    body = ""
    for pattern in (_OF_A_BODY, _OF_A_BODY_AFTER):
        if named := pattern.search(text):
            body = _BODIES[int(str(named.lastgroup)[1:])][0]
            text = (text[: named.start()] + text[named.end() :]).strip(" '’")
            break
    found = _RESOLVED.match(text)
    if not found:
        return ""
    number, year = found["number"].replace(" ", "").upper(), found["year"] or ""
    called = bool(body) or bool(re.match(_RESOLUTION, text, re.IGNORECASE))
    if year and not year.isdecimal():
        return f"A/RES/{number}({year}){found['part'] or ''}".upper() if called else ""
    if not body:
        # Only the Security Council writes 822 (1993), as does the Parliamentary Assembly of
        # the Council of Europe: the year tells them apart.
        if (
            year
            and "/" not in number
            and _is_of_the_council(int(re.sub(r"\D", "", number)), int(year))
        ):
            body = "S"
        elif called and not year and re.fullmatch(r"\d\d/\d{1,3}[A-D]?", number):
            body = "A"
    return f"{body}/RES/{number}{(found['part'] or '').upper()}" if body else ""


# The number of the Security Council's last resolution of each year from 1946
# (benchmarks/numbers.py compares those to 2014 with a catalogue of the resolutions).
_LAST = (
    15, 37, 66, 78, 89, 96, 98, 103, 105, 110, 121, 126, 131, 132, 160, 170, 177, 185, 199, 219,
    232, 244, 262, 275, 291, 307, 324, 344, 366, 384, 402, 422, 443, 461, 484, 499, 528, 545,
    559, 580, 593, 606, 626, 646, 683, 725, 799, 892, 969, 1035, 1092, 1146, 1219, 1284, 1334,
    1386, 1454, 1521, 1580, 1651, 1738, 1794, 1859, 1907, 1966, 2032, 2085, 2132, 2195, 2259, 2336, 2397, 2451, 2503, 2560, 2617, 2671, 2721, 2767,
)  # fmt: skip


def _is_of_the_council(number: int, year: int) -> bool:
    at = year - 1946
    if at < 0:
        return False
    if at >= len(_LAST):
        return number > _LAST[-1]
    return (_LAST[at - 1] if at else 0) < number <= _LAST[at]


def _of_a_house(text: str) -> str:
    """Read bills of the United States, statutory instruments and the German gazette."""
    if found := _HOUSE.match(text):
        kind = re.sub(r"[^A-Z]", "", found["kind"].upper())
        return f"{found['house'].upper()}{kind}/{int(found['number'])}"
    if found := _INSTRUMENT.match(text):
        return f"SI/{found[1]}/{int(found[2])}"
    if found := _PUBLIC_LAW.match(text):
        # 96-82 alone would be number 96 of 1982.
        return f"PL/{int(found[1])}/{int(found[2])}"
    if found := _GAZETTE.match(text):
        return "/".join(part.upper() for part in found.groups() if part)
    return ""


def _plain(text: str) -> str:
    text = _THOUSANDS.sub(r"\1\2", text)
    text = _KIND_WORDS.sub(" ", _SIGNS.sub(" ", text))
    text = re.sub(r"\b(?:chapter|ch)\b\.?", "C", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:of|de|del|du|vom)\b", "/", text, flags=re.IGNORECASE)
    # "666/2001", "666-2001" and "666 of 2001" are one number; a short year is a year after a decree's slash.
    text = re.sub(r"[\s\-/,;:.()\[\]\"«»]+", "/", text).strip("/")
    text = _SHORT_YEAR.sub(r"\1/19\2", text)
    return "/".join(_figures(part) for part in text.split("/") if part).upper()


def _figures(part: str) -> str:
    return str(int(part)) if part.isdecimal() and part.isascii() else part


# --- where numbers stand --------------------------------------------------------------


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DIGIT = re.compile(r"\d")
_EDGE = frozenset(' \t\r\n\f\v\u00a0\u202f,;()[]{}«»"“”<>|')
_CHUNK = re.compile(rf"[^\s,;()\[\]{{}}«»\"“”<>|]{{0,{_REACH_CHARS}}}")
_SIGN = re.compile(r"^(?:№|N[°º]|n[°ºo]\.?|N[or]\.?|#|N)(?=\d)")
_IS_SIGN = _set_of(
    "№ no no. n° nº n n. nr nr. núm núm. num num. number номер ном. nr.: no: no.: nº. n°. n.o numarası numaralı"
)
_SHAPES = re.compile(
    rf"""
    (?P<symbol>(?:{_SYMBOL_ROOTS})/(?=\S*\d)[A-Za-z0-9./-]{{2,40}})
    | (?P<roman>\d{{2,5}}-(?:[IVX]{{1,5}}(?:Q[DKC]?|QD|KQ|QC|FR|SR|S)D?|[IVX]{{2,5}}))
    | (?P<cyrillic>\d{{1,5}}-(?:ФЗ|ФКЗ|фз|фкз|ВР|вр|рп|РП|ПП|пп|ЗРК|ЗРУ|ОЗ|КЗ|[рпз]))
    | (?P<celex>3\d{{4}}[RLD]\d{{4}})
    | (?P<directive>\d{{2,4}}/\d{{1,4}}/(?:EC|CE|EG|EEC|CEE|EWG|EU|UE|JHA|JAI|CFSP|PESC))
    | (?P<argentine>(?:DEC|DNU|DL|LEY|DECRETO)-\d{{1,6}}(?:-\d{{4}})?)
    | (?P<house>[HS]\.(?:(?:J\.?|Con\.?)?(?:Res|RES)\.|R\.)\d{{1,5}})
    | (?P<netherlands>BWBR\d{{7}})
    | (?P<sweden>(?:19|20)\d\d:\d{{1,4}})
    """,
    re.VERBOSE,
)
_NUMERIC = re.compile(r"\d{1,3}\.\d{3}(?:/\d{2,4})?|\d{1,6}(?:[-/](?:\d{1,6}|[^\W\d_]{1,4}))*")
_AFTER_SYMBOL = re.compile(
    r"\s?\((?:\d{4}|[IVX]{1,7})\)(?:\s?[A-D](?![\w]))?|\s[A-D](?=[\s.,;)]|$)"
)
_SPACED = re.compile(r"\s?-\s?(?:[IVX]{1,5}(?:Q[DKC]?|QD|KQ|QC|FR|SR|S)D?|ФЗ|ФКЗ|ВР|рп)(?!\w)")
_OF_YEAR = re.compile(r"\s(?:of|de|del)\s(?:19|20)\d\d(?!\d)")
_CALLED_AFTER = re.compile(r"\s(?:say[ıi]l[ıi]|nömrəli|numaral[ıi]|nolu)(?!\w)", re.IGNORECASE)
_UNION_BEFORE = re.compile(
    r"\((?:EU|EC|EEC|Euratom|EURATOM|UE|CE|CEE|EG|EWG)\)\s?(?:No\.?|n[°º]|N[ro]\.?|núm\.)?\s?$"
)
_EARLY_AFTER = re.compile(r"(?:\s?[A-D])?\s?\((?:[IVX]{1,7}|(?:19|20)\d\d)\)(?:\s?[A-D](?!\w))?")
_RESOLUTION_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(names for _, names in _BODIES)})\s)?(?:(?<!\w){_RESOLUTION}\s)?(?:No\.?\s?|№\s?|n[°º]\s?)?$",
    re.IGNORECASE,
)

# Kinds after which a number needs no sign: the last word, or the last two, before it.
_KINDS = _set_of("""order e.o. eo resolution decree decision act law regulation directive decreto decreto-ley
    ley lei loi ordonnance décret décret-loi arrêté kanun karar tebliğ qanun fərman qərar sərəncam
    закон закона законом указ указа указом приказ приказа постановление постановления
    постановлением распоряжение распоряжения решение решения постанова наказ legge lege orgánica
    sfs sr executive supremo legislativo""")
_HOUSES = re.compile(
    r"(?<![\w.])[HS]\.\s?(?:(?:J\.?\s?|Con\.?\s?)?(?:Res|RES)\.?|R\.)\s(?:No\.?\s?)?$"
)
_PUBLIC_LAWS = re.compile(r"(?<!\w)(?:Public Law|Pub\. ?L\.|P\.L\.)\s(?:No\.?\s)?$", re.IGNORECASE)
_COMMANDS = re.compile(r"(?<!\w)C(?:m|M|mnd)\.?\s$")
_GAZETTES = re.compile(r"(?<!\w)BGBl\.?,?\s(?:(?:19|20)\d\d,?\s)?I{1,3},?\s(?:S\.|Nr\.)?\s?$")
_INSTRUMENTS = re.compile(r"(?<!\w)S\.?I\.?\s$")
_CHAPTERS = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)\s(?:c\.|ch\.|chapter)\s$", re.IGNORECASE)
_YEARLIKE = re.compile(r"(?:19|20)\d\d")
# 1993, and 1993-2000, which are years; 2000-1352 is a law.
_YEARS = re.compile(r"(?:19|20)\d\d(?:-(?:19|20)\d\d)?")
_TYPED_ALONE_MIN_FIGURES = 3
_DATELIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[.-]\d{1,2}[.-]\d{1,2}")
_OPENING = "([{«“\"'‘"  # a bracket or quotation mark before the word for a kind
_TRAILING = ".:!?…'’-"


def numbers_in(text: str) -> list[Found]:
    """Return the numbers of documents in *text*, in order, apart.

    A bare number counts only beside a word or a sign that makes it one: `Ley 24430`, `№ 1807`.

    >>> [found.canonical for found in numbers_in("resolutions 822 (1993) and A/RES/48/114")]
    ['S/RES/822', 'A/RES/48/114']
    """
    plain = text.translate(_PLAIN)
    numbers: list[Found] = []
    at = 0
    while digit := _DIGIT.search(plain, at):
        start = digit.start()
        least = max(at, start - _REACH_CHARS)
        while start > least and plain[start - 1] not in _EDGE:
            start -= 1
        chunk = _CHUNK.match(plain, start)
        assert chunk is not None
        at = max(chunk.end(), digit.end())
        found = _at(plain, start, chunk.end(), numbers[-1] if numbers else None)
        if found and found.canonical:
            numbers.append(found)
            at = max(at, found.end)
    return numbers


_OF_KIND = re.compile(
    r"\b(?:emergency|executive|exec|public|pub|federal|real|supremo|legislativo|legislative|complementar|presidential|council|commission|the|of|un|ley|decreto|law|order|decree|resolution|regulation|directive|decision|loi|décret|ordonnance|arrêté|kanun|karar|qanun|fərman|qərar|sərəncam|закон|указ|постановление|распоряжение|приказ|федеральный|федерального|implementing|règlement|verordnung|richtlinie|beschluss|reglamento|directiva|regolamento|sfs|say[ıi]l[ıi]|nömrəli|n|kanunu?|qanunu?|delegated|cm|orgánica|organique|general|act)\b",
    re.IGNORECASE,
)


def number_typed(text: str) -> str | None:
    """Return the canonical number that *text* is, as a whole; None where it is anything else.

    Three figures or more that are no year are a number: who types 14143 means it.

    >>> number_typed("Executive Order 14143"), number_typed("14143"), number_typed("peace 14143")
    ('14143', '14143', None)
    """
    typed = text.strip(" \t\r\n.,;:!?\"'«»“”")
    if not typed or len(typed) > 2 * _REACH_CHARS or not _DIGIT.search(typed):
        return None
    if said := _united_nations(_evened(typed)) or _of_a_house(_evened(typed)):
        return said
    found = numbers_in(typed)
    if len(found) == 1:
        # "Emergency Executive Order 5", "Lei Complementar 7": the words of the kind belong to it.
        rest = f"{typed[: found[0].start]} {typed[found[0].end :]}"
        if not re.search(r"\w", _OF_KIND.sub(" ", _SIGNS.sub(" ", rest))):
            return found[0].canonical
    plain = typed.translate(_PLAIN)
    if _DATELIKE.fullmatch(plain) or _YEARS.fullmatch(plain) or not _NUMERIC.fullmatch(plain):
        return None
    if plain.isdecimal() and len(plain) < _TYPED_ALONE_MIN_FIGURES:
        return None
    return canonical(plain)


def _evened(text: str) -> str:
    """Return *text* in the letters and spaces in which patterns are written."""
    text = unicodedata.normalize("NFKC", text.replace("№", "№ ")).translate(_PLAIN).strip()
    return re.sub(r"\s?/\s?", "/", " ".join(text.split()))


def _at(text: str, start: int, end: int, last: Found | None) -> Found | None:
    """Return the number that the chunk from *start* to *end* is, with what belongs to it."""
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    sign = _SIGN.match(text[start:end])
    first = start + (sign.end() if sign else 0)
    shape = _SHAPES.match(text, first, end)
    if shape and shape.end() == end:
        return _of_shape(text, shape)
    numeric = _NUMERIC.match(text, first, end)
    if not numeric:
        return None
    if numeric.end() != end and text[numeric.end()] not in "'’-":
        return None
    end = numeric.end()
    if spaced := _SPACED.match(text, end):
        return Found(canonical(text[first : spaced.end()]), first, spaced.end())
    before = text[max(0, start - _REACH_CHARS) : start]
    near = before[-_NEAR_CHARS:].split()[-1:]
    for read, words in _READERS:
        # Most figures stand beside none of these words; the patterns are slow to say so.
        if (words is None or (near and near[0].lstrip("([").casefold() in words)) and (
            found := read(text, before, first, end, last)
        ):
            return found
    return _called_at(text, before, start, first, end)


def _of_shape(text: str, shape: re.Match[str]) -> Found | None:
    start, end = shape.span()
    if shape.lastgroup == "symbol":
        if not _IS_SYMBOL.match(shape[0].upper()) and "/RES/" not in shape[0].upper():
            return None
        after = _AFTER_SYMBOL.match(text, end)
        if after and "/RES/" in shape[0].upper():
            end = after.end()
    return Found(canonical(text[start:end]), start, end)


def _resolution_at(
    text: str, before: str, start: int, end: int, last: Found | None
) -> Found | None:
    """Read resolutions: 822 (1993) by itself, 48/114 after the word or another of them."""
    if not re.fullmatch(r"\d{1,4}(?:/\d{1,4})?", text[start:end]):
        return None
    after = _EARLY_AFTER.match(text, end)
    listed = last is not None and last.canonical.startswith("A/RES/")
    if not after and not listed and not _NEAR_A_RESOLUTION.search(before[-_NEAR_CHARS:]):
        return None
    named = _RESOLUTION_BEFORE.search(before)
    words = named[0] if named else ""
    begin = start - len(words)
    stop = after.end() if after else end
    number = text[start:stop]
    if not words.strip() and not after:
        # "resolutions 48/114, 49/13 and 50/1"
        joined = last and last.canonical.startswith("A/RES/") and "/" in number
        if not joined or not last or not _JOINED.fullmatch(text[last.end : start]):
            return None
        words = "resolution "
    said = _united_nations(_evened(words + number))
    if not said and words.strip() and after and after[0].strip(" ()").isdecimal():
        # Of another body: Resolution 1416 (2005) of the Council of Europe.
        said = canonical(number)
    return Found(said, begin, stop) if said else None


_NEAR_A_RESOLUTION = re.compile(r"(?i:r[eé]s|unscr|scr|резол|qətn|karar)")
_JOINED = re.compile(r"\s?(?:,|,? ?and|et|y|и|və|ve|,? ?of [^,;]{5,25},?)\s")


def _union_at(text: str, before: str, start: int, end: int, _last: Found | None) -> Found | None:
    named = _UNION_BEFORE.search(before)
    if not named or not re.fullmatch(r"\d{1,4}/\d{2,4}", text[start:end]):
        return None
    begin = start - len(named[0])
    return Found(canonical(text[begin:end]), begin, end)


def _house_at(text: str, before: str, start: int, end: int, _last: Found | None) -> Found | None:
    """Read what is named by letters before it: H.Res. 573, BGBl. I S. 1206, S.I. 2010/1234."""
    for pattern in (_HOUSES, _GAZETTES, _INSTRUMENTS, _PUBLIC_LAWS, _CHAPTERS, _COMMANDS):
        if named := pattern.search(before):
            begin = start - len(named[0])
            if pattern is _INSTRUMENTS and (number := _NUMBER_OF_YEAR.match(text, end)):
                end = number.end()
            return Found(canonical(text[begin:end]), begin, end)
    return None


_NEAR_CHARS = 18
_READERS = (
    (_resolution_at, None),
    (_union_at, _set_of("eu) ec) eec) euratom) ue) ce) cee) eg) ewg) no. no n° nº nr. nr núm.")),
    (_house_at, _set_of("res. res r. h.res. s.res. h.r. h.j.res. s.j.res. h.con.res. s.con.res. no. no i ii iii i, ii, iii, s. nr. si s.i. i. law l. p.l. c. ch. chapter cm. cm cmnd.")),
)  # fmt: skip
_NUMBER_OF_YEAR = re.compile(r"\sNo\.?\s\d{1,5}")


# "İlişkin Tebliğ (Ürün Güvenliği ve Denetimi: 2015/24)": the series stands before the number.
_TEBLIG = re.compile(r"(?<!\w)tebli[ğg]i?\s?\((?:[^\W\d_]|[ .]){3,40}:\s?$", re.IGNORECASE)


def _called_at(text: str, before: str, begin: int, start: int, end: int) -> Found | None:
    """Read a number that a sign or the name of a kind before it, or a word after it, makes one."""
    words = [word.lstrip(_OPENING) for word in before.casefold().split()]
    signed = begin != start
    if not signed and words and (words[-1] in _IS_SIGN or words[-1].endswith("№")):
        begin -= len(before) - len(before.rstrip()) + len(words.pop())
        signed = True
    elif not signed and before.endswith(("№", "№ ")):
        signed, begin = True, begin - 1
    kind = bool(words) and words[-1] in _KINDS
    number = text[start:end]
    if text[end : end + 1] == ")" and (issued := _TEBLIG.search(before)):
        return Found(canonical(number), max(0, start - len(issued[0])), end)
    after = _CALLED_AFTER.match(text, end)
    if not (signed or kind or after):
        return None
    if kind and not signed and (_YEARLIKE.fullmatch(number) or len(number) < 2) and not after:
        return None
    stop = end
    if (kind or signed) and number.isdecimal() and (of := _OF_YEAR.match(text, end)):
        stop = of.end()
    if kind and not (signed and begin == start):
        begin = text.rfind(_last_word(before, signed=signed), max(0, begin - _REACH_CHARS), begin)
    return Found(canonical(text[start:stop]), max(0, begin), after.end() if after else stop)


def _last_word(before: str, *, signed: bool) -> str:
    words = [word.lstrip(_OPENING) for word in before.split()]
    return (
        words[-2] if signed and len(words) > 1 and words[-1].casefold() in _IS_SIGN else words[-1]
    )
