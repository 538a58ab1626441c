"""The lines above the text of an act: which names the kind, the issuer, the number, the title."""

import re
from enum import Enum, auto

from indexer.describe.acts import ending_of, opening_of
from indexer.describe.cyrillic_az import latin
from indexer.describe.issuers import is_body
from indexer.describe.mentions import mentions
from indexer.describe.nations import is_town
from indexer.describe.sheet import Line, fold

_BODY_CHARS = 500
_KIND_WORDS = 5
_LETTERHEAD_CHARS = 120
_HEADING_LINES = 30
_NO_BODY = 12
_TITLE_LINES = 16
_REPEATED_CHARS = 12


class Role(Enum):
    """What a line of a heading is there for."""

    MASTHEAD = auto()
    STATUS = auto()
    ISSUER = auto()
    KIND = auto()
    NUMBER = auto()
    DATE = auto()
    """Or the town where it was signed."""
    TITLE = auto()
    BODY = auto()


BODY = re.compile(
    r"(?:article|artículo|articulo|artigo|articolo|artikel|art\.|maddə|madde|статья|стаття|pants|§)\s*(?:\d|1er|premier|unique|primero|i\b|[.:])"
    r"|(?:section|sec\.)\s*\d+\s*[.:—–]|(?:1|i)\.\s|\d+\.\s?pants"
    r"|(?:visto|vu|considerando|considérant|having regard|whereas|recalling|reaffirming|guided by|rappelant|réaffirmant|recordando|reafirmando|ссылаясь|напоминая|вновь подтверждая|le conseil de sécurité,|el consejo de seguridad,|совет безопасности,|l['’]assemblée générale,|la asamblea general,|генеральная ассамблея,|by the authority|by virtue|nous |в соответствии|в целях|во исполнение|на основании|руководствуясь|в связи|за (?:мужество|заслуги|большой)|відповідно|bu qanun|bu məcəllə|azərbaycan respublikasının konstitusiyasının|gestützt|le roi|en uso|el senado|el presidente|el congreso|the general assembly,|the security council,|amaç|kapsam|konu$|dayanak|preamble|préambule|preámbulo|преамбула|purpose\.|wij |gelet op|i bölmə|birinci (?:bölüm|bölmə|kitap|kısım|kisim)|ümumi müddəalar|titre i|título i|(?:cap[ií]tulo|chapter|глава|раздел) (?:i|1)\b|i fəsil|fəsil (?:i|1)\b|chapitre|be it enacted|mündəricat|the european parliament and the\b|das europäische parlament|le parlement européen et|el parlamento europeo y|il parlamento europeo e|de europese commissie|die europäische kommission|la commission européenne)"
    r"|(?:.{0,60}\s)?(?:qərara alıram|приказываю|постановляет|постановляю)\s*:",
    re.IGNORECASE,
)
"""Where the heading of an act has ended."""

MASTHEAD = re.compile(
    r"^(?:presidential documents|federal register.*|vol\. \d+.*|title 3\W*|the president|.{0,24}(?:official journal|amtsblatt|journal officiel|diario oficial|gazzetta ufficiale).*|\(відомості.*|.{0,40}\bsession\b.{0,40}|.{0,40}(?:сессия|sessiya).{0,50}|الدورة.*|القرار \d.*|\([a-zé]{3,12} \d{1,2}\)|.{0,50}resm[iî] gazete.{0,60}|sayı ?:.*|united nations|nations unies|naciones unidas|distr\..*|general|original ?:.*|english|[a-z]{2}|[ivx]{1,6}|page \d+.*|\(acts? whose.*|\(legislative acts\)|\(non-legislative acts\)|regulations|[lc] \d+/\d+|.*\bkabul tarihi\b.*|kanun (?:numarası|no).*|yayımland.*|diario oficial.*|bolet[ií]n oficial.*|journal officiel.*|moniteur belge.*|document officiel.*|säädöskokoelma|dziennik ustaw.*|\[\d{1,3}\]|səhifə \d+|(?:amended|corrected) by:?|[►▼]\w{0,3}|azərbaycan respublikası adından|saeima ir pieņēmusi.*|consolidated text:.*|this text is meant purely.*|http\S*|\W*|adopted(?: at| on)?\W.{0,90}|[a-z]/[\w/.()]+.*|(?:ccpr|cedaw|cerd|cat|crc|crpd|cmw|ced|hri)/.*|\d{5}[a-z]\d{4}\b.*|t\.?c\.?|анхны.*|e?isb site logo|.*\[mostrar\].*|reading copy.*|anexo|annexe?|ek|inhaltsverzeichnis|index|titre|titel|título)$",
    re.IGNORECASE,
)
# "525-ci qəzet.- 2012.- 26 fevral.- S.4.": how libraries note where an article stood.
NEWSPAPER = re.compile(
    r"^[^\W_][^\n]{1,60}?[.,»”\"]\s?[-–—]?\s?(?:\d{4}\s?\.?\s?[-–—,]\s?\d{1,2} [^\W\d_]{3,10}|\d{1,2} (?:de )?[^\W\d_]{3,10},?(?: de)? \d{4}|[^\W\d_]{3,10} \d{1,2}, \d{4}).{0,40}?(?:№|(?<![^\W_])(?:s(?:əh|ayfa)?|с(?:тр|әһ)?|p(?:ág|ages?)?)\.? ?\d)"
    r"|^[^\n]{0,30}\b(?:qəzeti?|гәзети?|газета)[”»\"]?[ ,.–-]{1,4}\d{1,2} [^\W\d_]{3,9} \d{4}\W*$",
    re.IGNORECASE,
)
ISSUER = re.compile(
    r"^(?:министерств[оа]|правительство|президент|федеральн\w{2,4} (?:[^\W\d_]+ ){0,3}(?:служб|агентств|собрани)|(?:пленум\w? |президиум\w? )?(?:верховн|высш|конституционн|арбитражн)\w{2,4} (?:[^\W\d_]+ )?суд|союз\w? (?:ссср|советских)|(?:коллегия|пленум|президиум)$|государственн\w{2,4} (?:комисси|дум)|совет\s|центральн\w{2,4} (?:банк|избират)|российской(?: федерации)?$|федерации$|информационных технологий и связи$|связи и массовых|при министерстве|ministerio de|ministère|ministerul|ministry of|poder ejecutivo|azərbaycan respublikası\w{0,4}$|azərbaycan respublikası(?:nın)? (?:prezident|nazirlər|milli|[^\W\d_]+ nazirliyi)|nazirlər kabineti|naxçıvan muxtar respublikası\w{0,4}(?: ali (?:məhkəmə|məclis)\w*)?(?: sədri\w*)?$|(?:naxçıvan .*)?(?:ali məhkəmə\w* )?rəyasət heyəti\w*$|milli məclis\w*$|(?:azərbaycan.{0,80} )?(?:plenum|kollegiyas|komissiyas)\w*$|azərbaycan (?:ssr|kp|kommunist|xalq|demokratik)\b.{0,120}(?:sovet|heyət|komitəs|hökumət|cümhuriyyət|respublika)\w*$|hökumətinin$|верховна рада|кабінет|république|republic of|the republic of|república (?:de|del|argentina|oriental|federativa|portuguesa)|rey de españa|juan carlos i$|felipe vi$|repubblica|republik|bundesrepublik|kingdom of|royaume|reino de|республика|российская федерация|departamento administrativo|secretar[ií]a de estado|congreso nacional$|ministerie van|ministerstwo|kancelaria|miniszter|die bundesversammlung|der (?:schweizerische )?bundesrat|european (?:parliament|commission)$|.{0,60}nazirliyi(?:nin)?$|.{3,220}n[dt][ae]n ?: ?$)",
    re.IGNORECASE,
)
STATUS = re.compile(
    r"^[(\[]?(?:от$|від$|в ред(?:\.|акции)|с изменениями|утратил|указ президента российской федерации от|федерации от \d|от \d\d\.\d\d|документ |зарегистрирован|bu m[əe]c[əe]ll[əe] azərbaycan .{0,160}(?:sdiq|qəbul)|\(?təsdiq|[^()]{0,10}\(?[^()]{0,220}(?:təsdiq|qəbul) edilmişdir\.?\)?$|принят[аоы]? |одобрен |adoptée? par |adopted by |adoptada por |утвержден[аоы]? |nota |\*\(nota|denominación del|as amended|\(?stand |b\.o\.|nueva ley publicada|últimas? reformas?|texto vigente|vigencia|entrada en vigencia|publicad|zaudējis|pieņemts|\(prot\.|tiesību akts|attēlotā|versione|consolidated|fassung)",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^(?:über|zur|zum|betreffend|on|of|for|to|concerning|relating|laying|amending|establishing|portant|relati(?:f|ve|fs)|concernant|modifiant|autorisant|fixant|sur|du|de|des|por (?:el|la)|sobre|del|que|privind|om|inzake|houdende|tot|van|and|ve|ile|və|haqqında|hakkında|dair|ilişkin|или|и|в|на|по|при|для)\s|^[a-zà-ÿа-яёəışğüöç(«„“\"]",
)
_UNFINISHED = re.compile(r"(?:[,–-]|(?<![^\W_])(?:и|или|в|во|на|по|о|об|к|с|из|от|для|при|не|ve|ile|və|ilə|de|del|la|las|los|el|y|en|et|du|des|le|les|the|of|and|for|in|on|to|with|und|der|die|das|von|für|van|het|een|through))$", re.IGNORECASE)  # fmt: skip
# "… пункта 2 Федерального закона" / "от 7 июля 2003 г. N 126-ФЗ": the date belongs to what is cited.
_CITED = re.compile(r"(?:закона|кодекса|указа|постановления|приказа|распоряжения)$", re.IGNORECASE)
# Languages in which the word for the kind stands apart from the title: УКАЗ / О внесении …
_APART = re.compile(r"^(?:указ|приказ|постановление|распоряжение|решение|закон|федеральный|наказ|постанова|tebliğ|yönetmelik|kanun|karar|cumhurbaşkan|bakanlar kurulu|qərar|fərman|sərəncam|əmr|qanun|azərbaycan|naxçıvan|executive order|emergency|city of|decreto|ley|acto legislativo|resoluci|presidential|lege|zákon|ustawa|[^\W\d_]+ (?:pilsētas|novada) domes)", re.IGNORECASE)  # fmt: skip
_KIND_OF_STATE = re.compile(
    r"^(?:hökumətinin qərarı|cumhurbaşkanlığı kararnamesi|cumhurbaşkanı kararı|bakanlar kurulu kararı)$|^(?:azərbaycan (?:respublikası(?:nın)?|ssr|kp|kommunist partiyası|xalq cümhuriyyəti|demokratik respublikası)|milli məclisi?n|naxçıvan muxtar respublikası(?:nın)?|закон|указ|постанова|постановление|распоряжение|lege|republica)\b[^.;:]{0,70}?(?:qanunu|qərarı?|fərmanı|sərəncamı|əmri|bəyanatı|müraciəti|україни|президента [^\W\d_]+(?: [^\W\d_]+)?|федерации|совета|рсфср|ссср)(?:\s*(?:№|n|ν)\s*[\w-]{1,10})?$",
    re.IGNORECASE,
)
_ENACTS = re.compile(r".{0,120}(?:qərara al\w{1,4}|əmr edirəm|müəyyən etdi|постановляет|постановил|приказываю|decreta|décrète|arrêtent?)\s?:$", re.IGNORECASE)  # fmt: skip
# Spain: "Ley 16/1985, de 25 de junio, del …" is called so, number and date and all.
_WHOLE = re.compile(r"^[^\W\d_][^\d]{2,40}\d{1,5}/\d{4}, de \d{1,2} de [a-z]{4,10}, \S", re.IGNORECASE)  # fmt: skip
_NUMBERED = re.compile(
    r"(?:№|\bn[°ºo]?\.?|\bν|nr\.?|no\.?|number|núm\.?)\s?\d[\w/.-]*|\d[\d./-]*", re.IGNORECASE
)
_LOUD_TOGETHER = {"tr", "az", "ru", "uk", "de", "fr"}
_CASED_TOGETHER = {"ru"}
_TURKIC = {"tr", "az"}
_PARENTHESES = _TURKIC | {"ru"}


def roles(lines: tuple[Line, ...]) -> list[tuple[Line, Role]]:
    """Give each line of the heading with what it is; stops where the text begins."""
    classed: list[tuple[Line, Role]] = []
    status = status_lines(lines)
    for index, line in enumerate(lines):
        role = Role.STATUS if index in status else role_of(line)
        if role is Role.BODY and index:
            break
        classed.append((line, role))
    return classed


def body_line(lines: tuple[Line, ...]) -> int:
    """Return the index of the line where the heading of an act has ended."""
    for index, line in enumerate(lines[:_HEADING_LINES]):
        if index and BODY.match(latin(line.text)):
            return index
    return min(len(lines), _NO_BODY)


def status_lines(lines: tuple[Line, ...]) -> set[int]:
    """Return which lines lie in a remark on later changes: `(В редакции …)`, `{Із змінами …}`."""
    found: set[int] = set()
    closing = ""
    for index, line in enumerate(lines):
        text = line.text
        if listed := _LATER_ACTS.match(text):
            stop = _LATER_ACTS_END if listed[0][0] in "AaCc" else _NUMBER_END
            for other in range(index, min(index + _LATER_LINES, len(lines))):
                found.add(other)
                if stop.search(lines[other].text):
                    break
        if not closing and text[:1] in _BRACKETS and _CHANGED.match(text):
            closing = _BRACKETS[text[0]]
        if closing:
            found.add(index)
            if closing in text:
                closing = ""
    return found


# "Amended by:" and a list; "Утратил силу … Указ … от … N 763".
_LATER_ACTS = re.compile(r"(?:amended|corrected) by:?$|утратил\w{0,2} силу", re.IGNORECASE)
_LATER_ACTS_END = re.compile(r"^▼")
_NUMBER_END = re.compile(r"(?:№|\bN) ?\d+")
_LATER_LINES = 40
_BRACKETS = {"(": ")", "{": "}", "[": "]"}
_CHANGED = re.compile(
    r"[({\[]\s?(?:в ред|із змін|с изм|зі змін|as amended|amended|modifi|texto ordenado|texto consolidado|в редак|fassung|zuletzt|dəyişiklik|değişik)",
    re.IGNORECASE,
)


def role_of(line: Line) -> Role:
    """Return what *line* would be in a heading."""
    text = latin(line.text)
    if MASTHEAD.match(text) or NEWSPAPER.match(text):
        return Role.MASTHEAD
    if STATUS.match(text):
        return Role.STATUS
    if _KIND_OF_STATE.match(text):
        return Role.KIND
    if _ENACTS.match(text):
        return Role.BODY
    if _WHOLE.match(text):
        return Role.TITLE
    opens = opening_of(text) is not None
    if ISSUER.match(text) or (
        not opens and not ends_as_kind(text) and len(text) < _LETTERHEAD_CHARS and is_body(text)
    ):
        return Role.ISSUER
    if not opens and (BODY.match(text) or (len(text) > _BODY_CHARS and ". " in text)):
        return Role.BODY
    bare = text
    dated = mentions(text)
    for mention in dated:
        bare = bare.replace(mention.written, " ")
    bare = _NUMBERED.sub(" ", bare)
    words = re.findall(r"[^\W\d_]{3,}", bare)
    if text.endswith(":") and not opens:
        return Role.STATUS
    if opens and len(words) <= _KIND_WORDS and not ends_as_kind(text):
        return Role.KIND
    if (dated and len(words) <= 3) or is_town(text):
        return Role.DATE
    if not words and any(sign.isdigit() for sign in text):
        return Role.NUMBER
    return Role.TITLE


def ends_as_kind(text: str) -> bool:
    """Return whether a title ends here whose last word names the kind: `… KANUNU`."""
    return " " in text and ending_of(text) is not None


def first_run(lines: list[tuple[Line, Role]], language: str) -> tuple[list[Line], Line | None]:
    """Return the lines of the title, and the line that names the kind where it is no part of it."""
    opening: Line | None = None
    run: list[Line] = []
    waiting: list[Line] = []  # dates and the like inside a title, if it goes on
    owner: Line | None = None  # "AZƏRBAYCAN RESPUBLİKASININ" / "SU MƏCƏLLƏSİ"
    for line, role in lines:
        if role is Role.KIND and not run:
            opening = opening or line
            named = latin(line.text)
            if not (_APART.match(named) or _KIND_OF_STATE.match(named)):
                run = [line]
            continue
        if not run:
            if role is Role.TITLE:
                run = [owner, line] if owner and "məcəllə" in fold(line.text) else [line]
            owner = line if role is Role.ISSUER and fold(line.text).endswith("nin") else None
            continue
        last = (waiting or run)[-1]
        if _repeats(line, run):
            break
        if role is Role.TITLE and _belongs(last, line, language, bool(waiting)):
            run += [*waiting, line]
            waiting = []
        elif role in {Role.DATE, Role.ISSUER, Role.NUMBER, Role.KIND} and _belongs(
            last, line, language, True
        ):
            if role is Role.DATE and not _CITED.search(last.text):
                waiting.append(line)
            else:
                run += [*waiting, line]
                waiting = []
        else:
            break
        if len(run) >= _TITLE_LINES:
            break
    return run, opening


def _repeats(line: Line, run: list[Line]) -> bool:
    """Return whether *line* says again what the title began with."""
    return len(line.text) >= _REPEATED_CHARS and any(
        fold(other.text).startswith(fold(line.text)) for other in run
    )


def _belongs(last: Line, line: Line, language: str, strictly: bool) -> bool:
    """Return whether *line* goes on where *last* broke off."""
    if line.text.endswith(":") and len(line.text) > 30:
        return False
    if last.text.count("(") > last.text.count(")"):
        return True
    together = line.loud and last.loud
    if (
        ends_as_kind(last.text)
        and not line.text.startswith("(")
        and not (together and language == "tr")
    ):
        return False
    if line.text.startswith("(") and language not in _PARENTHESES and "EEA" not in line.text:
        return False
    if _CONTINUES.match(line.text) or _UNFINISHED.search(last.text):
        return True
    if line.paragraph == last.paragraph and not last.text.endswith((".", ":")):
        if _capitals(last.text) > 0.7 and _capitals(line.text) < 0.4:
            return False  # a heading in capitals, then a sentence
        return not strictly or line.loud == last.loud
    if together and language in (_TURKIC if strictly else _LOUD_TOGETHER):
        return True
    return language in _CASED_TOGETHER and line.text.istitle() and last.text.istitle()


def _capitals(text: str) -> float:
    """Return what share of the longer words begins with a capital; of few words it says nothing."""
    words = re.findall(r"[^\W\d_]{4,}", text)
    return sum(word[0].isupper() for word in words) / len(words) if len(words) > 1 else 0.5


def joined(lines: list[Line]) -> str:
    """Return *lines* as one; a word parted at the end of a line is whole again."""
    text = ""
    for line in lines:
        if text.endswith(("-", "\u2010")) and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text
