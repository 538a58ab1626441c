"""What leaf of the kinds a document is."""

import re
from collections.abc import Iterator

from archive.kinds import KINDS, kind_of
from indexer.describe import Finding
from indexer.describe.acts import FORMULAS, Opening, ending_of, opening_of
from indexer.describe.cyrillic_az import latin
from indexer.describe.declared import declared_kind
from indexer.describe.heading import NEWSPAPER
from indexer.describe.sheet import Line, Sheet, from_line, from_metadatum

_HEADING_LINES = 24
_LONG_LINE = 400
_SHORT_LINE = 120

_ARTICLE_TYPES = {"article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "socialmediaposting", "liveblogposting", "news"}  # fmt: skip

# The hour beside a date: `10:37 | 26.02.2024`. Acts do not bear one.
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3]):[0-5]\d\b(?:\s*\||\s*[ap]\.?m|\s*uhr|\s*,)?.{0,12}\d{4}|\b(?:[01]?\d|2[0-3])\.[0-5]\d\s*(?:uhr|[ap]\.?m\b|\|).{0,12}\d{4}|\d{4}.{0,12}\b(?:[01]?\d|2[0-3]):[0-5]\d\b", re.IGNORECASE)  # fmt: skip
# A byline: a short line with a year behind a month or figures.
_DATED = re.compile(r"^.{0,40}?(?:\d{1,2}[./]\d{1,2}[./]|\d{1,2}\.? (?:de )?[^\W\d_]{3,10},?(?: de)? |[^\W\d_]{3,10} \d{1,2}, )(?:19|20)\d\d.{0,20}$")  # fmt: skip
_BYLINE_LINES = 5
_REPORTING = re.compile(
    r"\b(?:reports?|reported|said|told|says|according to|informs?|announced|xəbər verir|bildirib|bildirdi|məlumat verir|keçirilib|keçirilmişdir|haber|açıkladı|bildirildi|dedi|сообщает|сообщил[аи]?|заявил[аи]?|передает|рассказал[аи]?|a déclaré|a annoncé|selon|indique|anunció|según|informó|dijo|afirmó|teilte|sagte|berichtet|повідомля|قال|أعلن|أكد|گفت)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"^(?:my )?(?:fellow[- ](?:citizens|americans|countrymen)|friends and fellow|fellow citizens|mr\.? (?:speaker|president|chief justice|chairman)|madam speaker|vice president [a-z]+,|chief justice [a-z]+,|senator [a-z]+,|ladies and gentlemen|excellenc|distinguished|my countrymen|to the congress of|members of the (?:congress|\d+)|thank you\b|mesdames|mes chers|señoras|queridos|дорогие|уважаемые|hörmətli|əziz|değerli|sayın|sehr geehrte damen)",
    re.IGNORECASE,
)
_SPEECH_TITLE = re.compile(r"\b(?:inaugural address|state of the union|address (?:to|before|at|by)|speech (?:by|of|at)|remarks (?:by|of|at)|discours d|discurso|rede (?:von|des)|выступление|обращение|послание|çıxış[ıi]|konuşma)", re.IGNORECASE)  # fmt: skip
_ORATORY = re.compile(r"\b(?:we shall|let us|my fellow|our nation|god bless|our people|this congress|i ask|i stand|we must|our country|my countrymen|solemn oath|the oath|providence)\b", re.IGNORECASE)  # fmt: skip
_CABLE = re.compile(
    r"^(?:circular )?(?:cablegram|telegram|despatch|dispatch|savingram|note verbale|memorandum|minute|teleprinter|verbalnote|нота)\b",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"^(?:most |top )?(?:secret|immediate|confidential|personal|private|restricted|important|priority|cypher)(?: (?:and )?(?:most |top )?(?:secret|immediate|confidential|personal|private))*\.?$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"^\[[A-Z]{2,4} ?: ?[^\[\]]{3,120}\]$")
_DEAR = re.compile(
    r"^(?:my )?dear (?:mr|mrs|sir|dr|prime|lord|[A-Z])|^(?:sir|monsieur),?$", re.IGNORECASE
)
_YOURS = re.compile(r"\b(?:yours (?:sincerely|faithfully|truly|ever)|sincerely yours|kind regards|veuillez agréer|с уважением|hörmətlə|saygılarımla)\b", re.IGNORECASE)  # fmt: skip


def kinds(sheet: Sheet) -> Iterator[Finding]:
    """Give what the document may be, each with the line that says so; not sorted."""
    yield from declared_kind(sheet)
    yield from _by_heading(sheet)
    yield from _by_formula(sheet)
    yield from _by_manner(sheet)
    yield from _as_article(sheet)


def _by_heading(sheet: Sheet) -> Iterator[Finding]:
    """Read the line that names the kind; an article about an act seldom begins with one."""
    confidence = 0.9
    lines = list(_heading(sheet))
    for index, line in enumerate(lines):
        if index and len(line.text) > _LONG_LINE:
            continue
        before = " ".join(
            other.text
            for other in lines[max(0, index - 2) : index]
            if len(other.text) < _SHORT_LINE
        )
        after = (
            lines[index + 1].text if index + 1 < len(lines) and len(line.text) < _SHORT_LINE else ""
        )
        if named := _named(line.text[:_LONG_LINE], before, after[:_SHORT_LINE]):
            row, where = named
            weight = _weight(line, row, sheet, index)
            yield from_line(
                "kind", row.kind, line.text, confidence * weight, line, f"kind.{where}.{row.kind}"
            )
        confidence = max(0.4, confidence - 0.015)


def _heading(sheet: Sheet) -> Iterator[Line]:
    headings = [Line(text, None, 0, "head") for text in sheet.headings[:4]]
    # What a page marks as its first heading comes before the bars above it.
    yield from headings[:1] if sheet.web else ()
    yield from sheet.head[:_HEADING_LINES]
    yield from headings
    for name, value in sheet.values("html.title", "dc.title", "akn.frbrname"):
        yield Line(value, None, 0, name)


# Kinds whose name many bodies share: who stands above settles which it is.
_SHARED = {"decision", "presidential_order", "resolution"}


def _named(text: str, before: str, after: str) -> tuple[Opening, str] | None:
    """Read a line, with its neighbours where the kind is spread: `РАСПОРЯЖЕНИЕ` / `ПРЕЗИДЕНТА …`."""
    joins = bool(after) and len(text.split()) <= 2
    row = opening_of(text) or (opening_of(f"{text} {after}") if joins else None)
    if row:
        if joins and (wider := opening_of(f"{text} {after}")):
            row = wider
        if before and row.kind in _SHARED:
            row = ending_of(f"{before} {text}") or ending_of(f"{before} {text.split()[0]}") or row
        return row, "opening"
    if row := ending_of(text):
        if before and (wider := ending_of(f"{before} {text}")):
            row = wider
        return row, "ending"
    return None


def _weight(line: Line, row: Opening, sheet: Sheet, index: int) -> float:
    """A short line that names the kind is a heading; a long one may be a sentence."""
    words = line.text.count(" ") + 1
    if row.kind == "general_comment":
        return 1.1  # the covenant it comments on stands above it
    weight = 1.0 if words <= 12 else 0.97 if words <= 60 or index < 2 else 0.6
    if line.text.endswith(".") and words > 8 and row.kind not in {"law", "regulation"}:
        weight *= 0.6
    if line.part not in {"head", "tail"}:
        weight *= 0.9
    if _is_article(sheet):
        weight *= 0.5
    return weight


def _by_formula(sheet: Sheet) -> Iterator[Finding]:
    for line in sheet.head[:80]:
        for row in FORMULAS:
            if found := row.pattern.search(latin(line.text)):
                rule = f"kind.formula.{row.kind}"
                yield from_line("kind", row.kind, found[0], 0.72, line, rule)
                break


def _by_manner(sheet: Sheet) -> Iterator[Finding]:
    """Speeches, letters and cables: known by how they address somebody."""
    opening = sheet.head[:8]
    for line in opening[:2]:
        if _SPEECH.match(line.text):
            yield from_line("kind", "speech", line.text, 0.85, line, "kind.speech.address")
        if _SPEECH_TITLE.search(line.text[:120]) and len(line.text) < 160:
            yield from_line("kind", "speech", line.text, 0.7, line, "kind.speech.title")
    oratory = len(
        {found.lower() for line in sheet.head + sheet.tail for found in _ORATORY.findall(line.text)}
    )
    if oratory >= 3 and opening:
        yield from_line(
            "kind",
            "speech",
            opening[0].text,
            min(0.8, 0.4 + oratory * 0.08),
            opening[0],
            "kind.speech.oratory",
        )
    for line in opening:
        if _CABLE.match(line.text) and len(line.text) < 160:
            yield from_line(
                "kind", "diplomatic_correspondence", line.text, 0.85, line, "kind.cable"
            )
        if _SECRET.match(line.text):
            yield from_line(
                "kind", "diplomatic_correspondence", line.text, 0.7, line, "kind.secret"
            )
        if _DEAR.match(line.text):
            closed = any(_YOURS.search(other.text) for other in (*sheet.head, *sheet.tail))
            yield from_line(
                "kind", "letter", line.text, 0.88 if closed else 0.55, line, "kind.letter.dear"
            )
    for line in (sheet.tail or sheet.head)[-4:]:
        if _ARCHIVE.match(line.text):
            yield from_line(
                "kind", "diplomatic_correspondence", line.text, 0.75, line, "kind.file_reference"
            )
    for line in (sheet.tail or sheet.head)[-12:]:
        if found := _YOURS.search(line.text):
            yield from_line("kind", "letter", found[0], 0.6, line, "kind.letter.yours")


def _as_article(sheet: Sheet) -> Iterator[Finding]:
    for name, value in sheet.values(
        "jsonld.@type", "og:type", "article:published_time", "citation_journal_title"
    ):
        said = value.rsplit("/", 1)[-1].lower()
        if name == "article:published_time":
            yield from_metadatum("kind", "news_article", 0.8, name, value)
        elif said in _ARTICLE_TYPES:
            confidence = 0.86 if name.startswith("jsonld") else 0.74
            yield from_metadatum("kind", "news_article", confidence, name, value)
        elif (kind := kind_of(said)) and name.startswith("jsonld"):
            yield from_metadatum("kind", kind.slug, 0.6, name, value)
    for line in sheet.head[:8]:
        if found := _CLOCK.search(line.text):
            yield from_line("kind", "news_article", found[0], 0.72, line, "kind.clock")
            break
    for line in (*sheet.head[:3], *(sheet.tail or sheet.head)[-4:]):
        if NEWSPAPER.match(line.text):
            yield from_line("kind", "news_article", line.text, 0.8, line, "kind.newspaper")
            break
    reporting = [
        (line, found) for line in sheet.head[:60] for found in _REPORTING.finditer(line.text)
    ]
    if reporting:
        line, found = reporting[0]
        confidence = min(0.64, 0.44 + 0.05 * len(reporting))
        if any(_DATED.search(other.text) for other in sheet.head[1:_BYLINE_LINES]):
            confidence += 0.08
        yield from_line("kind", "news_article", found[0], confidence, line, "kind.reporting")
    if sheet.head:
        first = sheet.head[0]
        confidence = 0.55 if sheet.web else 0.3
        yield from_line(
            "kind", "news_article", first.text, confidence, first, "kind.no_sign_of_an_act"
        )


def _is_article(sheet: Sheet) -> bool:
    return any(
        value.rsplit("/", 1)[-1].lower() in _ARTICLE_TYPES
        for _, value in sheet.values("jsonld.@type", "og:type")
    ) or bool(sheet.named.get("article:published_time"))


def is_act(kind: str) -> bool:
    """Return whether a document of this kind is adopted or signed, not published by a press."""
    return kind in KINDS and KINDS[kind].parent != "article"
