"""Which of the dates a document mentions is its own, and whether adopted, published or in force."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.dates import PartialDate, parse_edtf
from indexer.describe import Finding
from indexer.describe.acts import opening_of
from indexer.describe.declared import DATES
from indexer.describe.heading import BODY, status_lines
from indexer.describe.kind import is_act
from indexer.describe.mentions import Mention, mentions
from indexer.describe.sheet import Line, Sheet, from_line, from_metadatum, letters_of

_HEADING_LINES = 30
_BEFORE, _AFTER = 120, 110

_SIGNED = re.compile(
    r"(?:\bdad[oa] (?:en|a)\b.{0,80}|\bdone (?:at|in)\b.{0,60}|\bfait (?:à|au)\b.{0,60}|\bdonné à\b.{0,60}|\bgegeben\b.{0,40}|\bgegeven\b.{0,40}|\bdado no\b.{0,60}|\bwitness\b.{0,60}|\bсовершено в\b.{0,60})$",
    re.IGNORECASE | re.DOTALL,
)
# "Santiago, 17 de septiembre de 2005": a place with a capital, then the date.
_PLACE = re.compile(
    r"(?:^|[.–:\n][-–]?\s)\s?(?:[A-ZÀ-ŽА-Я][\w.'’-]{1,20})(?: (?:(?:de|of|la|el|du|am|an) )?[A-ZÀ-ŽА-Я][\w.'’-]{1,20}){0,4}(?: şəhəri)?,\s?(?:le |el |a |den |am |on |this )?$"
)
_ADOPTED = re.compile(
    r"(?:adopted|kabul tarihi|kabul|qəbul (?:edil\w{1,8}|olun\w{1,8})|approved|signed|dated|date of (?:adoption|signature|text)|принят\w{0,4}|прийнят\w{0,4}|утвержд\w{1,6}|vastu võetud|pieņemt\w{0,3}|priimt\w{0,3}|uchwalon\w{0,2}|adopté[es]?|aprobad[oa]|promulgad[oa]|fecha (?:de )?(?:promulgaci[oó]n|sanci[oó]n|firma)|sancionad[ao]|vaststelling|data aktu|datum)\s*[:,\-–]?\s*(?:on|the|le|el|del?|vom|den|at|by)?\s*$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:publish\w{0,4}|publication|posted|updated|released?|опубликован\w{0,4}|дата публикации|обновлен\w{0,2}|yayım\w{0,10}|yayın\w{0,8}|dərc \w{0,10}|nəşr\w{0,6}|publi[ée]\w{0,3}|publicad[oa]|publicaci[oó]n|mis (?:à jour|en ligne)|veröffentlicht|erstellt|stand|bekanntmachung|gaceta|diario oficial|bolet[ií]n oficial|b\.\s?o\.?|official journal|federal register|monitorul|moniteur|staatsblad|opgemaakt|avaldatud|publicēts|filed|جريدة|نشر\w{0,3}|تاريخ النشر|pubblicato|resm[iî] gazete|tarih)\s*[:,\-–|]?\s*(?:on|the|le|el|del?|am|vom|at|by|tarih[i]?)?\s*[:]?\s*$",
    re.IGNORECASE,
)
_FORCE = re.compile(
    r"(?:in force|entry into force|commencement|yürürlük\w{0,8}|qüvvəyə min\w{0,8}|вступ\w{2,8} в силу|entr[ée]e? en vigueur|vigencia|vigente desde|inkrafttreten|in kraft(?: seit)?|jõustu\w{0,6}|stājas spēkā|inwerkingtreding|entrata in vigore)\s*[:,\-–]?\s*(?:on|the|le|el|del?|am|vom|seit|с)?\s*$",
    re.IGNORECASE,
)
_APPROVED_BY = re.compile(
    r"təsdiq ed\w{2,10}|утвержден\w{0,4}|затверджен\w{0,4}|approved by|aprobad[oa] por|qəbul edilmişdir|adoptée? (?:le|par)|adopt\w{1,4} (?:y|and|et) pro[ck]lam|adoptad[oa] por|adopted by|بموجب قرار", re.IGNORECASE
)
_AMENDED = re.compile(
    r"в ред(?:\.|акции)|с изменениями|утратил\w{0,2} силу|as amended|amended by|modifi[ée]\w{0,3} par|modificad[oa] por|dəyişiklik|əlavə|değişiklik|consolidated|fassung|stand am|geändert|last updated|переглянут|внесен\w{0,4}",
    re.IGNORECASE,
)
_CITING_BEFORE = re.compile(
    r"(?:\bот|закон\w{0,4}|указ\w{0,3}|law|act|loi|ley|wet|gesetz\w{0,2}|decree|d[ée]cret\w{0,2}|decreto|arrêté|règlement|ordonnance|resolution\w{0,2}|directive|regulation|decision|convention|agreement|on the night of|since|until|before|after|by)\s*(?:n?[°ºo.]*\s*[\d./-]{0,12})?\s*(?:of|du|de|del|vom|от|van)?\s*$",
    re.IGNORECASE,
)
_CITING_AFTER = re.compile(r"^\W{0,3}(?:tarihli|tarixli|tarixində|tarihinde|tarihinden|sayılı|nömrəli|düzenle|dəyişiklik|г?\.? ?[N№] ?\d{1,6}-ФЗ)", re.IGNORECASE)  # fmt: skip
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")
_MASTHEAD = re.compile(
    r"resm[iî] gazete|official journal|amtsblatt|gazzetta ufficiale|diário da república|federal register|official gazette|journal officiel|diario oficial|bolet[ií]n oficial|gaceta oficial|dz\.? ?u\.|monitorul oficial|staatsblad|staatscourant|bundesgesetzblatt|mémorial|rossiyskaya|российская газета|собрание законодательства|\bsayı ?:",
    re.IGNORECASE,
)
_LONE_WORDS = 7
"""More words than these beside a date, and the line is a sentence."""
_BYLINE_LINES = 14
_SIGNATURE_LINES = 14


@dataclass(frozen=True, slots=True)
class _Read:
    """A part of the sheet as one text, with the line of each place."""

    text: str
    starts: tuple[int, ...]
    lines: tuple[Line, ...]

    def line_at(self, place: int) -> int:
        low, high = 0, len(self.starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.starts[middle] <= place else (low, middle - 1)
        return low


def _read(lines: tuple[Line, ...]) -> _Read:
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line.text) + 1
    return _Read("\n".join(line.text for line in lines), tuple(starts), lines)


def document_dates(sheet: Sheet, kind: str, language: str, country: str) -> Iterator[Finding]:
    """Give the document's dates, each with what it is the date of; not sorted."""
    act = is_act(kind)
    printed = list(_printed(sheet, language, country, act))
    yield from printed
    if act:
        yield from _from_metadata(sheet, act)
        return
    bylines = {finding.value for finding in printed if finding.confidence > _BYLINE}
    mentioned = {finding.value for finding in printed}
    for finding in _from_metadata(sheet, act):
        yield _confirmed(finding, bylines, mentioned)


_BYLINE = 0.55
_GUESSED = ("metadata.htmldate", "metadata.trafilatura", "metadata.html.time")
_UTC = re.compile(r"T\d\d:\d\d.*(?:Z|[+-]00:?00)$|GMT$")


def _confirmed(found: Finding, bylines: set[str], mentioned: set[str]) -> Finding:
    """Weigh what a page declares against what it prints.

    A guess that is printed nowhere is worth less; a time in UTC a day off the printed
    byline is that day's night.
    """
    if found.value in mentioned or found.which != "published":
        return found
    confidence = found.confidence
    if bylines and _UTC.search(found.written) and any(_days_apart(found.value, other) == 1 for other in bylines):
        confidence = min(confidence, 0.6)
    elif found.rule.startswith(_GUESSED):
        confidence -= 0.22
    return replace(found, confidence=confidence)


def _days_apart(one: str, other: str) -> int:
    try:
        return abs((parse_edtf(one).first - parse_edtf(other).first).days)
    except ValueError:
        return 9_999


def _printed(sheet: Sheet, language: str, country: str, act: bool) -> Iterator[Finding]:
    head = _read(sheet.head)
    tail = _read(sheet.tail)
    aside = _read(sheet.aside)
    body = body_line(sheet.head)
    end = len(sheet.head) + len(sheet.tail)
    status = status_lines(sheet.head)
    for mention in mentions(head.text, language, country):
        yield from _in_head(mention, head, body, act, end, status)
    for mention in mentions(tail.text, language, country):
        yield from _in_tail(mention, tail, act)
    title = {letters_of(text)[:60] for text in sheet.headings[:2]}
    for mention in mentions(aside.text, language, country):
        yield from _in_aside(mention, aside, title, act)


def body_line(lines: tuple[Line, ...]) -> int:
    """Return the index of the line where the heading of an act has ended."""
    for index, line in enumerate(lines[:_HEADING_LINES]):
        if index and BODY.match(line.text):
            return index
    return min(len(lines), 12)


def _in_head(mention: Mention, head: _Read, body: int, act: bool, end: int, status: set[int]) -> Iterator[Finding]:
    index = head.line_at(mention.start)
    line = head.lines[index]
    before = head.text[max(0, mention.start - _BEFORE) : mention.start]
    after = head.text[mention.end : mention.end + _AFTER]
    if index >= max(body, end - _SIGNATURE_LINES):
        yield from _in_tail(mention, head, act)
        return
    own = head.text[head.starts[index] : mention.start]
    if index in status or _CHANGING.search(before):
        confidence, which, rule = 0.1, "published", "date.amendment"
    else:
        confidence, which, rule = _judged(mention, line, own, before, after, index < body, act, index)
    if mention.form == "short" and not act:
        confidence = min(confidence, 0.6)
    if mention.doubtful:
        confidence = min(confidence, 0.45)
    if mention.date.precision != "day":
        confidence = min(confidence, 0.4)
    # Of two alike the first is the document's.
    yield from_line("date", str(mention.date), mention.written, confidence - index * 0.001, line, rule, which)


def _judged(
    mention: Mention, line: Line, own: str, before: str, after: str, heading: bool, act: bool, index: int
) -> tuple[float, str, str]:
    """Return confidence, which date, and the rule."""
    if _FORCE.search(before):
        return 0.42, "in_force", "date.label.in_force"
    if _AMENDED.search(own) or _VERSION.match(line.text):
        return 0.1, "published", "date.amendment"
    if mention.form == "iso" and act and _TIMESTAMP.match(after):
        return 0.2, "published", "date.timestamp"
    if _CHAMBER.search(line.text):
        return 0.3, "adopted", "date.label.chamber"
    if heading and _APPROVED_BY.search(f"{line.text} {after}"):
        return 0.88, "adopted", "date.approved"
    if _CITING_AFTER.match(after):
        return 0.12, "adopted", "date.reference"
    if act and _SIGNED.search(before):
        return 0.87, "adopted", "date.signature"
    if _ADOPTED.search(before):
        if not act or len(own) > _LABEL_CHARS:
            return 0.3, "adopted", "date.label.in_a_sentence"
        weaker = 0.1 if _PROMULGATED.search(before) else 0
        return (0.95 if heading else 0.42) - weaker, "adopted", "date.label.adopted"
    if act and before.endswith("[") and _BRACKET.match(after):
        return 0.9, "adopted", "date.bracket"
    if _MASTHEAD.search(line.text) or (index < 6 and _MASTHEAD.search(after)) or _MASTHEAD.search(before[-40:]):
        return (0.66 if heading and act else 0.3), "published", "date.masthead"
    if _PUBLISHED.search(before):
        return (0.4 if act else 0.85), "published", "date.label.published"
    if heading and act and _opens_act(line, own):
        return 0.93, "adopted", "date.heading"
    if act and _BESIDE_NUMBER.match(after) and lone(mention, line):
        return 0.87, "adopted", "date.beside_number"
    if lone(mention, line) and not BODY.match(line.text):
        if _CLOCK.search(line.text) and not act:
            return 0.9, "published", "date.byline"
        if heading:
            return (0.9, "adopted", "date.line") if act else (0.82, "published", "date.byline")
        return 0.42, "adopted" if act else "published", "date.line.body"
    if act and heading and _PLACE.search(before):
        return 0.86, "adopted", "date.place"
    if not act and index < _BYLINE_LINES and (_CLOCK.search(own + after.split("\n")[0]) and len(line.text) < 140):
        return 0.8, "published", "date.byline"
    if _CITING_BEFORE.search(before):
        return 0.12, "adopted", "date.reference"
    if mention.form == "spelled" and act:
        return 0.55, "adopted", "date.spelled"
    return (0.3 if heading else 0.2), "adopted" if act else "published", "date.first"


# "3 октября 2002 года" / "N 1112"
_BESIDE_NUMBER = re.compile(r"[^\n]{0,20}\n(?:№|N|Nr\.?|No\.?) ?\d{1,6}(?:[-–/][^\W_]{1,6}){0,3}(?:\n|$)")
_LABEL_CHARS = 90
_PROMULGATED = re.compile(r"promulg", re.IGNORECASE)
_TIMESTAMP = re.compile(r"T\d\d:\d\d")
# "Утратил силу … Указ … от", "В редакции Указа … от": whatever follows is a later act.
_CHANGING = re.compile(r"(?:в ред|утратил\w{0,2} силу|внесен|змінами|as amended)[^)}]{0,110}$", re.IGNORECASE)
# One chamber's vote is not yet the act's date.
_CHAMBER = re.compile(r"государственной думой|советом федерации|passed by the parliament", re.IGNORECASE)
_BRACKET = re.compile(r"\.?,?\]")
_VERSION = re.compile(r"\d{5}[A-Z]\d{4} — [A-Z]{2} —|BWB[RV]\d{7}_|►[MC]\d")


def _opens_act(line: Line, own: str) -> bool:
    """The line begins with the kind, and nothing that cites stands between it and the date."""
    if len(own) > 150 or opening_of(line.text) is None:
        return False
    if _CITES_LAW.search(own[8:]):
        return False
    return not re.search(r"modif|amend|изменен|dəyişiklik|değişiklik|ändер|änder|gewijzigd", own, re.IGNORECASE)


_CITES_LAW = re.compile(r"(?:закон\w{0,4}|указ\w{0,3}|постановлени\w|статьи \d+|artículo|law|ley n|loi n|gesetz\w{0,2}) ?(?:«|\"|от|n|№|of|$)", re.IGNORECASE)  # fmt: skip


def lone(mention: Mention, line: Line) -> bool:
    """Return whether the date is what the line is there for: `Bs. As., 18/5/2001`."""
    rest = line.text.replace(mention.written.split("\n")[-1], " ", 1)
    words = [word for word in re.findall(r"[^\W\d_]{2,}", rest)]
    return len(words) <= _LONE_WORDS and len(rest) < 90 and not re.search(r"[;?!]", rest)


def _in_tail(mention: Mention, tail: _Read, act: bool) -> Iterator[Finding]:
    index = tail.line_at(mention.start)
    line = tail.lines[index]
    before = tail.text[max(0, mention.start - _BEFORE) : mention.start]
    after = tail.text[mention.end : mention.end + _AFTER]
    which, rule, confidence = "adopted" if act else "published", "date.tail", 0.1
    if act and _SIGNED.search(before):
        rule, confidence = "date.signature.spelled", 0.89
    elif _FORCE.search(before):
        which, rule, confidence = "in_force", "date.label.in_force", 0.2
    elif _PUBLISHED.search(before) or _MASTHEAD.search(line.text) or re.match(r"^[ev]\. ", line.text):
        which, rule, confidence = "published", "date.tail.published", 0.3
    elif _CITING_AFTER.match(after):
        pass
    elif act and _PLACE.search(before):
        rule, confidence = "date.signature", 0.84
    elif act and lone(mention, line) and not _CITING_BEFORE.search(before) and not _NO_SIGNATURE.match(line.text):
        rule, confidence = "date.signature", 0.8
    elif _ADOPTED.search(before) and act:
        rule, confidence = "date.tail", 0.4
    if mention.date.precision != "day" or mention.doubtful:
        confidence = min(confidence, 0.4)
    yield from_line("date", str(mention.date), mention.written, confidence + index * 0.0005, line, rule, which)


_NO_SIGNATURE = re.compile(r"\[|\(|„|«|“|\"|\d+[.)] |.*(?:tarihi|tarixi|до|until|from|depuis|geändert|fassung)", re.IGNORECASE)


def _in_aside(mention: Mention, aside: _Read, titles: set[str], act: bool) -> Iterator[Finding]:
    """The rest of a page: only a date right under the title, or beside a clock, is worth much."""
    index = aside.line_at(mention.start)
    line = aside.lines[index]
    near = any(letters_of(other.text)[:60] in titles for other in aside.lines[max(0, index - 4) : index])
    confidence = 0.15
    if lone(mention, line):
        confidence = 0.75 if near and _CLOCK.search(line.text) else 0.6 if near else 0.3
    if mention.date.precision != "day" or mention.doubtful:
        confidence = min(confidence, 0.35)
    yield from_line(
        "date", str(mention.date), mention.written, confidence - index * 0.001, line, "date.aside", "adopted" if act else "published"
    )


# Name of the metadatum, which date it is, how often it is right for an act and for an article.
_META: tuple[tuple[str, str, float, float], ...] = (
    ("jsonld.datepublished", "published", 0.4, 0.93),
    ("article:published_time", "published", 0.4, 0.93),
    ("og:article:published_time", "published", 0.4, 0.92),
    ("meta.article:published_time", "published", 0.4, 0.92),
    ("citation_publication_date", "published", 0.45, 0.92),
    ("citation_date", "published", 0.45, 0.9),
    ("dc.date.issued", "published", 0.45, 0.88),
    ("dcterms.issued", "published", 0.45, 0.88),
    ("dcterms.created", "adopted", 0.45, 0.8),
    ("dc.date", "published", 0.45, 0.8),
    ("parsely-pub-date", "published", 0.4, 0.9),
    ("meta.parsely-pub-date", "published", 0.4, 0.9),
    ("meta.date", "published", 0.4, 0.8),
    ("meta.pubdate", "published", 0.4, 0.85),
    ("htmldate.published", "published", 0.33, 0.82),
    ("trafilatura.date", "published", 0.3, 0.7),
    ("html.time", "published", 0.35, 0.85),
    ("jsonld.datecreated", "published", 0.3, 0.6),
    ("mail.date", "published", 0.6, 0.9),
    ("office.date", "published", 0.35, 0.4),
    ("tei.date", "published", 0.6, 0.6),
    ("jsonld.datemodified", "published", 0.1, 0.2),
    ("article:modified_time", "published", 0.1, 0.2),
)


def _from_metadata(sheet: Sheet, act: bool) -> Iterator[Finding]:
    for name, (which, confidence) in DATES.items():
        for _, value in list(sheet.values(name))[:1]:
            if date := metadatum_date(value):
                yield from_metadatum("date", str(date), confidence, name, value, which)
    for name, which, as_act, as_article in _META:
        for _, value in sheet.values(name):
            if date := metadatum_date(value):
                confidence = as_act if act else as_article
                if date.precision != "day":
                    confidence -= 0.15  # a finer one may stand elsewhere
                if name.startswith(("htmldate", "trafilatura")) and str(date).endswith("-01-01"):
                    confidence = min(confidence, 0.3)  # they write 1 January where only a year was found
                yield from_metadatum("date", str(date), confidence, name, value, which)


_META_DATE = re.compile(r"\s*(\d{4})[-/.]?(\d{2})?(?:[-/.]?(\d{2}))?(?!\d)")


def metadatum_date(value: str) -> PartialDate | None:
    """Read a date as machines write it; as people do where that fails."""
    if found := _META_DATE.match(value):
        written = "-".join(filter(None, found.groups()))
        try:
            return parse_edtf(written)
        except ValueError:
            return None
    for mention in mentions(value[:80]):
        if mention.date.precision == "day" and not mention.doubtful:
            return mention.date
    return None


