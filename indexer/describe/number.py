"""The number a document bears, in the form of its tradition, and the form in which numbers are compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.describe import Finding
from indexer.describe.declared import declared_number
from indexer.describe.heading import body_line, status_lines
from indexer.describe.sheet import Line, Sheet, from_line, from_metadatum
from indexer.numbers import canonical

_HEADING_LINES = 26
_LETTERHEAD = 60
_NO = r"(?<![^\W_])(?:n(?:o|r|ro|um|úm|umero|úmero|°|º|ª)?\s?[°ºo.]*|№|ν|#|nº)"


@dataclass(frozen=True, slots=True)
class Format:
    """How one tradition writes its numbers."""

    name: str
    pattern: re.Pattern[str]
    form: str
    """The canonical writing, with the groups of the pattern."""
    confidence: float
    whole: bool = False
    """Only where the line begins with it."""


def _format(name: str, pattern: str, form: str, confidence: float, whole: bool = False) -> Format:
    return Format(name, re.compile(pattern, re.IGNORECASE), form, confidence, whole)


FORMATS: tuple[Format, ...] = (
    # United Nations
    _format("un.resolution", r"(?<![\w/])([AS]|E|A/HRC)/RES/(\d{1,4}(?:/\d{1,4})?(?:\s?/\s?(?:add|rev)\.?\s?\d+)?)(?:\s?\((\d{4}|[IVXL-]{1,7})\))?( ?[A-Z](?![\w]))?", "{1}/RES/{2}{3}{4}", 0.95),
    _format("un.early.arabic", r"قرار\w{0,2} (?:الجمعية العامة (?:للأمم المتحدة )?)?(\d{1,4}) ?(ألف|باء|جيم|دال)? ?\(د ?[-–] ?(\d{1,2})\)", "A/RES/{1}({3:session}) {2:letter}", 0.85),
    _format("un.early.chinese", r"第(\d{1,4}) ?([A-Z])? ?[(（]([IVX]+)[)）] ?号决议", "A/RES/{1}({3}) {2}", 0.85),
    _format("un.arabic", r"(?:القرار|قرار) (?:الجمعية العامة )?(\d{1,4} (?:ألف|باء|جيم|دال))(?! ?\()", "{1}", 0.8),
    _format("un.early", r"(?:resol[^\d]{2,14}|резолюц[^\d]{2,14}|qətnamə[^\d]{0,14}|قرار الجمعية العامة )(\d{1,4}) ?([A-ZАВС])? ?\(([IVX]+)\)(?: ?([A-DАВС])\b)?", "A/RES/{1}({3}) {2:letter}{4:letter}", 0.85),
    _format("un.symbol", r"(?<![\w/])((?:CCPR|CEDAW|CERD|CAT|CRC|CRPD|CMW|CED|HRI|SPT|E|A|S|ST|TD)(?:/[A-Za-z0-9.]{1,9}){2,6}(?:\.? ?(?:\d{1,4}))?(?:/(?:Rev|Add|Corr)\.? ?\d+)*(?: \(Vol\. ?[IVX]+\)(?:,? p\. ?\d+)?)?)(?![\w/])", "{1}", 0.93),
    # European Union
    _format("eu.celex.alone", r"^(?:celex\s?:?\s?)?([0-9]\d{4}[RLDCH]\d{4})$", "{1}", 0.86, True),
    _format("eu.celex.consolidated", r"^0(\d{4}[RLD]\d{4}) — [A-Z]{2} — ", "3{1}", 0.9, True),
    _format("eu.celex", r"(?<!\w)([0-9]\d{4}[RLDCH]\d{4})(?!\w)", "{1}", 0.55),
    _format("eu.act", r"\((?:EU|EC|EEC|Euratom|UE|CE|CEE|EG|EWG|EURATOM)\)\s?(?:No\.?|n[°º]|nr\.?|núm\.)?\s?(\d{1,4}/\d{1,4})", "{0}", 0.93),
    _format("eu.act.old", r"^regulation no\.? (\d{1,4})(?:/(\d{2,4}))?(?: |$)", "Regulation No {1}{/2}", 0.8, True),
    # English
    _format("executive_order", r"^(?:city of [a-z ]{3,30} )?((?:emergency )?executive order)\s(?:no\.?|number|n[°º])?\s?(\d{1,5}(?:\.\d+)?)", "{1:words} {2}", 0.96, True),
    _format("general.law", r"^public law (?:no\.? )?(\d{1,3}[-–]\d{1,4})", "Public Law {1}", 0.92, True),
    _format("us.resolution", r"^((?:H|S)\. ?(?:(?:J|CON)\. ?)?RES\.) ?(\d{1,5})$", "{1:words} {2}", 0.93, True),
    _format("un.council", r"^(?:(?:united nations |un )?security council resolution|résolution du conseil de sécurité|resolución del consejo de seguridad|резолюция совета безопасности(?: оон)?) (\d{1,4}) ?\((\d{4})\)", "S/RES/{1} ({2})", 0.93, True),
    _format("oic.resolution", r"^resolution no\.? ?(\d{1,3}/\d{1,3}-[A-Z]{1,4})(?!\w)", "{1}", 0.9, True),
    _format("uk.chapter", r"(?<!\w)((?:1[89]|20)\d\d) (?:chapter|c\.|ch\.) ?(\d{1,3})(?!\w)( \(n\.i\.\))?", "{1} c. {2}{3}", 0.8),
    _format("uk.asp", r"(?<!\w)((?:1[89]|20)\d\d) (asp|asc|anaw|nawm) ?(\d{1,3})(?!\w)", "{1} {2:lower} {3}", 0.85),
    _format("ie.number", r"(?:^|\b)(?:number|no\.?) (\d{1,3}) of ((?:19|20)\d\d)", "No. {1} of {2}", 0.88),
    # Spanish and Portuguese
    _format("es.year", rf"^(real decreto[- ]ley|real decreto legislativo|real decreto|decreto[- ]ley|decreto legislativo|decreto|ley org[aá]nica|ley|resoluci[oó]n|orden|decisi[oó]n administrativa|acto legislativo)\s?{_NO}?\s?(\d{{1,3}}(?:\.\d{{3}})|\d{{1,6}})\s?/\s?(\d{{2,4}})(?!\d)", "{1:title} {2:figures}/{3:year}", 0.95, True),
    _format("es.of", rf"^(decreto[- ]ley|decreto|ley|acto legislativo|resoluci[oó]n|lei complementar|lei|decreto-lei|decreto legislativo)\s?{_NO}?\s?(\d{{1,3}}\.\d{{3}}|\d{{1,6}})\s?(?:,)? ?(?:de|del) (?:\d{{1,2}} de [a-zç]+ de )?((?:1[89]|20)\d\d)\b", "{1:title} {2:figures} de {3}", 0.93, True),
    _format("es.law", rf"^(?:-\s?)?(ley(?: org[aá]nica| general)?)\s?{_NO}?\s?(\d{{1,3}}\.\d{{3}}|\d{{3,6}})(?![\d/])", "{1:title} {2:figures}", 0.93, True),
    _format("es.plain", rf"^(decreto[- ]ley|decreto supremo|decreto|ordenanza|resoluci[oó]n|lei|ley)\s?{_NO}\s?(\d{{1,3}}\.\d{{3}}|\d{{1,6}})(?![\d/])", "{1:title} {2:figures}", 0.85, True),
    _format("es.order", r"^orden ([A-Z]{2,5}/\d{1,5}/\d{4})", "{1}", 0.92, True),
    _format("es.judgment", r"^(?:sentencia|auto) (?:n[°ºo.]* ?)?((?:C-|T-|SU-)?\d{1,4}/(?:\d{4}|\d\d))(?!\d)", "{1}", 0.9, True),
    _format("es.bare", r"^(decreto[- ]ley|decreto supremo|decreto|resoluci[oó]n)\s(\d{1,3}\.\d{3}|\d{1,6})(?![\d/.]| ?\()", "{1:title} {2:figures}", 0.8, True),
    _format("it.number", r"^(?:legge|decreto|d\.\s?p\.\s?r\.|d\.\s?lgs\.)[^\d]{0,40}\d{1,2}[°º]? [a-z]{4,9} \d{4}, n\. ?(\d{1,5})", "{1}", 0.92, True),
    _format("pt.number", r"^(?:lei|decreto|portaria|resolução|despacho)[^\d]{0,40}n\.?\s?[ºo°] ?(\d{1,5}(?:-[A-Z])?/\d{2,4})", "{1}", 0.93, True),
    _format("roman.number", r"(?:^|\s)(?:nr|no|№)\.? ?([IVXLC]{1,6}-\d{1,5})$", "{1}", 0.88),
    # French
    _format("fr.number", rf"^(?:loi(?: organique| constitutionnelle| de finances[^\d]{{0,60}}| de programme| de financement[^\d]{{0,80}})?|ordonnance|décret(?:-loi)?|arrêté|décision)\s{_NO}\s?(\d{{2,4}}-\d{{1,5}}(?: (?:QPC|DC|LP|ORGA)(?!\w))?)", "{1}", 0.95, True),
    # Turkic
    _format("tr.communique", r"\([^()]{0,80}?no\s?:\s?(\d{4}/\d{1,3}(?:/\d{1,3})?)\)", "{1}", 0.94),
    _format("tr.communique.named", r"^\([^()\d]{3,80}:\s?(\d{4}/\d{1,3})\)$", "{1}", 0.9, True),
    _format("tr.communique.sayi", r"\(sayı\s?:\s?(\d{4}/\d{1,3})\)$", "{1}", 0.9),
    _format("tr.communique.tail", r"\((?:[^()]{3,60}?(?:no|sıra no|seri no)\s?[:.]?\s?)(\d{1,4}(?:/\d{1,3})?)\)\s*$", "{1}", 0.85),
    _format("tr.law", r"^(?:kanun (?:numarası|no|sayısı))\s?[:.]?\s?(\d{1,5})", "Kanun {1}", 0.95, True),
    _format("un.early.alone", r"^(?:[^\W\d_]+ ?(?:no|n°|№)?\s?[:.]?\s)?(\d{1,4}) ?([A-D])? ?\(([IVX]+)\) ?([A-D])?$", "{1} ({3}) {2}{4}", 0.93, True),
    _format("tr.serial", r"^\((?:seri(?: no)?\s?:\s?)?([IVX]{1,5}[-–]\d{1,3}(?:\.\d{1,2})?(?:\.[a-z])?)\)$", "{1}", 0.88, True),
    _format("tr.decision", r"^(?:karar|kararname) (?:sayısı|numarası|no)\s?[:.]?\s?(\d{1,6}(?:/\d+)?)", "Karar {1}", 0.92, True),
    _format("az.law", r"(?<![\w-])(?:№\s?)?(\d{1,4}\s?[-–]\s?(?:[IVX]{1,4})(?:Q|QD|QC|QR|KQ|FR|SR|S))(?!\w)", "{1:tight}", 0.9),
    _format("ua.law", r"(?<![\w-])№?\s?(\d{1,5}[а-я]?(?:/\d\d)?[-–](?:ВР|[IVX]{1,4}|IX))(?!\w)", "{1:tight}", 0.88),
    # Russian and others with a number sign
    _format("ru.from", rf"^(?:[^\W\d_]{{3,20}}(?: şəhəri| шәһәри)?, |г\. ?[^\W\d_]{{3,20}}, )?(?:(?:от|від) )?\d{{1,2}}[ .].{{4,30}}?(?:г\.?|года|р\.|року)?,?\s?(?:{_NO})\s?([\d]{{1,6}}(?:[-–/][\dА-Яа-яA-Za-z]{{1,6}}){{0,4}}(?: ГД)?)\s*$", "{1}", 0.95, True),
    _format("ru.kind", r"^(?:[^\W\d_]+ ){0,8}?(?:закон|указ|приказ|постановление|распоряжение|решение|постанова|наказ|qərarı?|fərmanı?|sərəncamı?|əmri?)\b.{0,60}?(?:№|\bn|\bν)\s?(\d{1,6}(?:[-–/][\dА-Яа-яA-Za-z]{1,6}){0,4})\s*$", "{1}", 0.9, True),
    _format("sign.alone", r"^\(?(?:№|n[°ºo]\.?|n|ν|номер|nr\.?)\s?:?\s?(\d{1,6}[a-zа-я]?(?:\s?[-–/]\s?[\dA-Za-zА-Яа-яIVXƏİ]{1,6}){0,4})\)?\.?$", "{1:tight}", 0.85, True),
    _format("ar.number", r"^(?:قانون|مرسوم|قرار)[^\d]{0,30}رقم \(?(\d{1,6})\)? لسنة (\d{4})", "{1}/{2}", 0.9, True),
    # Germanic and Baltic
    _format("ch.sr", r"^(?:SR )?(\d{3}(?:\.\d{1,3}){1,3})$", "SR {1}", 0.55, True),
    _format("ee.gazette", r"^\(?(RT(?: [IVL]{1,3})?,? (?:\d{4}|\d\d\.\d\d\.\d{4}), \d{1,4}(?:, \d{1,4})?)\)?$", "{1}", 0.72, True),
    _format("nl.bwb", r"(?<!\w)(BWBR\d{7})(?!\w)", "{1}", 0.8),
    _format("lv.number", r"saistošie noteikumi nr\. ?(\d{1,4})", "{1}", 0.7),
    _format("se.sfs", r"\(?(?:SFS )?((?:19|20)\d\d:\d{1,4})\)?", "{1}", 0.6),
    _format("pl.position", r"dz\. ?u\. .{0,20}?poz\. (\d{1,5})", "{1}", 0.6),
    _format("ro.law", rf"^(?:lege|ordonan[țt]a de urgen[țt][aă]|hot[aă]r[aâ]re|decret)a?\s{_NO}\s?(\d{{1,5}}/\d{{4}}|\d{{1,5}})", "{1}", 0.88, True),
    _format("sk.collection", r"(?<!\d)(\d{1,4}/(?:19|20)\d\d)\s(?:zb|sb|z\.)", "{1}", 0.8),
    # Archives: the file in which a document lies
    _format("archive.file", r"^\[((?:[A-Z]{2,4}) ?: ?[^\[\]]{2,140})\]$", "[{1}]", 0.88, True),
    _format("reference", r"^(?:kenmerk|our reference|reference|ref\.?|aktenzeichen|geschäftszeichen)\s?:\s?(\S*\d\S{0,30})$", "{1}", 0.75, True),
    _format("labelled", r"^(?:numéro|número|nummer|numero|document number|документ №)\s?:\s?(\d{4,12}(?:[-/]\d{1,6})?)$", "{1}", 0.8, True),
    _format("ch.sr.labelled", r"^(SR \d{3}(?:\.\d{1,3}){0,3})$", "{1}", 0.85, True),
    # Gazettes: where a document bears no number of its own
    _format("gazette.issue", r"(?:^|gazete[\s|]{0,6})sayı\s?:\s?(\d{3,6})(?:\s\(.{1,20}\))?\s*$", "{1}", 0.66),
)  # fmt: skip
"""The first that matches in a line counts."""
_WITHOUT_FIGURES = tuple(form for form in FORMATS if r"\d" not in form.pattern.pattern)
_FIGURE = re.compile(r"\d")

# "25 iyun 1999-cu il tarixli 695-IQ nömrəli Qanunu ilə təsdiq": another act, unless it approved this one.
_CITED = re.compile(
    r"yayımlan|\) ile |tarixli|nömrəli|sayılı|tarihli|['’]n?[dn][aei]", re.IGNORECASE
)
_APPROVED = re.compile(r"t?ə? ?sdiq\s?ed|утвержден", re.IGNORECASE)
_DECLARED = (
    "citation_technical_report_number",
    "eli.local_id",
    "celex",
    "dc.identifier.celex",
    "wt.z_docid",
    "akn.frbrnumber",
)
_CELEX_OF = {"R": "R", "L": "L", "D": "D"}
_EU_LETTERS = (("directive", "L"), ("richtlinie", "L"), ("directiva", "L"), ("decision", "D"), ("décision", "D"), ("beschluss", "D"))  # fmt: skip


def numbers(sheet: Sheet, kind: str) -> Iterator[Finding]:
    """Give the numbers it may bear; not sorted. A press article bears none."""
    article = kind == "news_article"
    yield from declared_number(sheet)
    for name, value in sheet.values(*_DECLARED):
        if re.search(r"\d", value) and "://" not in value and len(value) < 60:
            yield from_metadatum("number", value, 0.9, name, value)
    status = {id(sheet.head[index]) for index in status_lines(sheet.head)}
    body = body_line(sheet.head)
    in_heading = {id(line) for line in sheet.head[:body]}
    after = {
        id(line): following.text[:6]
        for line, following in zip(sheet.head, sheet.head[1:], strict=False)
    }
    for line, base in _places(sheet):
        if id(line) in status:
            continue
        if len(line.text) > 900 or "://" in line.text[:20]:
            continue
        for form in FORMATS if _FIGURE.search(line.text) else _WITHOUT_FIGURES:
            found = form.pattern.match(line.text) if form.whole else form.pattern.search(line.text)
            if not found:
                continue
            confidence = form.confidence * base
            if (
                not form.whole
                and not form.name.startswith("un.")
                and _CITED.search(
                    line.text[max(0, found.start() - 12) : found.end() + 14]
                    + after.get(id(line), "")
                )
            ):
                confidence *= (
                    1.0
                    if _APPROVED.search(line.text) and line.part in {"head", "sources"}
                    else 0.35
                )
            if (
                not form.whole
                and found.start() > 12
                and line.part == "head"
                and not form.name.startswith(("tr.comm", "gazette"))
                and not (form.name == "un.resolution" and found.start() < _LETTERHEAD)
            ):
                confidence *= 0.75 if found.start() < 120 else 0.4
            if (
                form.name.startswith("tr.comm")
                and line.part == "head"
                and id(line) not in in_heading
                and not line.loud
            ):
                confidence *= 0.5
            if article:
                confidence = min(confidence, 0.3)
            written = found[0].strip()
            yield from_line(
                "number", _written(form, found), written, confidence, line, f"number.{form.name}"
            )
            break


def with_year(found: Finding, country: str, date: str) -> Finding:
    """Return a decree's number with its year where its country begins anew each January.

    Argentina printed `DECRETO N° 1.645` and cites `Decreto 1645/1985`.
    """
    if country not in _YEARLY or not _DECREE_ALONE.match(found.value) or not date[:4].isdigit():
        return found
    return replace(found, value=f"{found.value}/{date[:4]}")


_YEARLY = {"AR"}
_DECREE_ALONE = re.compile(r"Decreto(?:[- ]ley)? \d+$")


def _places(sheet: Sheet) -> Iterator[tuple[Line, float]]:
    for index, line in enumerate(sheet.head[:_HEADING_LINES]):
        yield line, 1 - 0.004 * index
        whole = line.text
        for other in sheet.head[index + 1 : index + 3]:
            if whole.count("(") <= whole.count(")"):
                break
            whole = f"{whole} {other.text}"
        if whole is not line.text:
            yield Line(whole, line.page, line.paragraph, line.part), 1 - 0.004 * index
    if sheet.sources and _APPROVED.search(" ".join(line.text for line in sheet.sources)):
        yield (
            Line(
                " ".join(line.text for line in sheet.sources), sheet.sources[0].page, 0, "sources"
            ),
            0.97,
        )
    for line in _after_a_date(sheet):
        yield line, 0.95
    for index, line in enumerate(
        reversed(sheet.tail[-14:] if sheet.tail else sheet.head[_HEADING_LINES:][-14:])
    ):
        yield line, 0.9 - 0.004 * index
    for index, line in enumerate(sheet.aside[:40]):
        yield line, 0.55 - 0.004 * index
    for name, value in sheet.values("dc.identifier", "dc.title", "html.title"):
        if "://" not in value:
            yield Line(value, None, 0, name), 0.7


def _after_a_date(sheet: Sheet) -> Iterator[Line]:
    """Give numbers that stand alone under a date: a signature with an annex behind it."""
    lines = sheet.head
    for index in range(_HEADING_LINES, len(lines)):
        line = lines[index]
        if (
            _SIGN.match(line.text)
            and re.search(r"\b(?:1[89]|20)\d\d\b", lines[index - 1].text)
            and len(lines[index - 1].text) < 60
        ):
            yield line
            return


_SIGN = re.compile(r"^(?:№|N|Nr\.?|No\.?) ?\d{1,6}(?:[-–/][^\W_]{1,6}){0,3}$")
# Sessions and parts of resolutions, as the Arabic and the Russian text write them.
_TENS = ("", "X", "XX", "XXX")
_UNITS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_LETTERS = {"ألف": "A", "باء": "B", "جيم": "C", "دال": "D", "А": "A", "В": "B", "С": "C"}
_HOLE = re.compile(r"\{(/?)(\d)(?::(\w+))?\}")


def _written(form: Format, found: re.Match[str]) -> str:
    """Fill the canonical form with what was found."""
    if form.name == "eu.act":
        return f"{_union(found[0])} {'No ' if re.search(r'no|n[°º]|nr', found[0][3:], re.IGNORECASE) else ''}{found[1]}"

    def fill(hole: re.Match[str]) -> str:
        text = (found[int(hole[2])] or "") if int(hole[2]) <= (found.re.groups or 0) else ""
        text = _as(text.strip(), hole[3] or "")
        if form.name == "un.resolution" and hole[2] in "34" and text:
            return f" ({text})" if hole[2] == "3" else f" {text}"
        if form.name == "uk.chapter" and hole[2] == "3" and text:
            return f" {text.upper()}"
        return hole[1] + text if text else ""

    return _HOLE.sub(fill, form.form).strip()


def _union(written: str) -> str:
    return written[: written.index(")") + 1].upper()


def _as(text: str, manner: str) -> str:
    match manner:
        case "title":
            return text[:1].upper() + text[1:].lower()
        case "words":
            return " ".join(word[:1].upper() + word[1:].lower() for word in text.split())
        case "lower":
            return text.lower()
        case "figures":
            return text.replace(".", "")
        case "tight":
            return re.sub(r"\s?([-–/])\s?", lambda found: found[1].replace("–", "-"), text)
        case "session":
            return _TENS[int(text) // 10] + _UNITS[int(text) % 10] if int(text) < 40 else text
        case "letter":
            return _LETTERS.get(text, text)
        case "year":
            return (("19" if int(text) > 40 else "20") + text) if len(text) == 2 else text
        case _:
            return text


__all__ = ["FORMATS", "Format", "canonical", "numbers"]
