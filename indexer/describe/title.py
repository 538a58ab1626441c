"""What a document is called."""

import re
from collections import Counter
from collections.abc import Iterator

from indexer.describe import Finding
from indexer.describe.acts import ENDINGS, OPENINGS
from indexer.describe.dates import BODY, lone
from indexer.describe.kind import is_act
from indexer.describe.mentions import mentions
from indexer.describe.sheet import Line, Sheet, from_line, from_metadatum, letters_of, passage

_TITLE_CHARS = 900
_HEADING_LINES = 34

_MASTHEAD = re.compile(
    r"^(?:presidential documents|federal register.*|vol\. \d+.*|title 3\W*|the president|official journal.*|resm[iî] gazete.*|sayı ?:.*|united nations|nations unies|naciones unidas|distr\..*|general|original ?:.*|en|[ivx]{1,6}|\d{1,6}|page \d+.*|\(acts? whose.*|\(legislative acts\)|\(non-legislative acts\)|i|regulations|[lc] \d+/\d+|nations? unies|.*\bkabul tarihi\b.*|kanun (?:numarası|no).*|yayımland.*|diario oficial.*|journal officiel.*|moniteur belge|document officiel.*|säädöskokoelma|dziennik ustaw.*|\[\d{1,3}\]|səhifə \d+|amended by:?|text(?: with eea relevance)?|consolidated text:.*|this text is meant purely.*|http\S*|\W*|adopted(?: at| on)?\W.{0,90}|[a-z]/[\w/.()]+.*|(?:ccpr|cedaw|cerd|cat|crc|crpd|cmw|ced|hri)/.*)$",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"^(?:министерств[оа]|правительство|президент|федеральн\w{2,4} (?:служб|агентств|собрани)|государственн\w{2,4} (?:комисси|дум)|совет |центральн\w{2,4} (?:банк|избират)|российской|федерации|ministerio|ministère|ministerul|ministry|poder ejecutivo|azərbaycan respublikası\w{0,4}$|azərbaycan respublikası(?:nın)? (?:prezident|nazirlər|milli|[^\W\d_]+ nazirliyi)|nazirlər kabineti|naxçıvan muxtar respublikası\w{0,4}(?: ali (?:məhkəmə|məclis)\w*)?(?: sədri\w*)?$|(?:naxçıvan .*)?(?:ali məhkəmə\w* )?rəyasət heyəti\w*$|milli məclis\w*$|верховна рада|кабінет|при министерстве|.{3,120}(?:bakanlığı|kurumu|kurulu|başkanlığı|müdürlüğü|bankası|üniversitesi)n[dt]an ?:?$|die bundesversammlung|der (?:schweizerische )?bundesrat|european (?:parliament|commission)|.{0,60}nazirliyi(?:nin)?$)",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"^[(\[]?(?:в ред(?:\.|акции)|с изменениями|утратил|указ президента российской|федерации от|от \d\d\.\d\d|документ |зарегистрирован|текст |bu m[əe]c[əe]ll[əe]|\(?təsdiq|принят|одобрен|утвержден|nota |\*\(nota|text with|amended|as amended|\(?stand |b\.o\.|vigencia|entrada en vigencia|publicad|norma |zaudējis|pieņemts|\(prot\.)",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^(?:über|zur|zum|betreffend|vom|on|of|for|to|concerning|relating|laying|amending|establishing|portant|relati(?:f|ve|fs)|concernant|modifiant|autorisant|fixant|sur|du|de|des|por (?:el|la)|sobre|del|que|privind|om|inzake|houdende|tot|van|and|ve|ile|və|haqqında|və|hakkında|dair|ilişkin|или|и|в|на|по|о|об|при|для)\s|^[a-zà-ÿа-яёəışğüöç(]",
)
_UNJOINED_OPENINGS = re.compile(r"^(?:указ|приказ|постановление|распоряжение|решение|закон|наказ|постанова|tebliğ|yönetmelik|karar|qərar|fərman|sərəncam|əmr|qanun|executive order|decreto|ley|presidential)", re.IGNORECASE)  # fmt: skip
_CITES = re.compile(r"\b(?:du|vom|of|de)\b.{0,30}\d{4}", re.IGNORECASE)
_TOPIC_RU = re.compile(r"^(?:об?|обо|про|о внесении|к вопросу) ?[\"«]?[А-ЯЁІЇа-яёії]?", re.IGNORECASE)
_SITE_PARTS = re.compile(r"\s+(?:[|•·»›:]|[-–—]|::|\|\|)\s+|\s*\|\s*|\s+»\s+")
_QUOTED = "«»„“”\"'‘’ "


def titles(sheet: Sheet, kind: str, language: str) -> Iterator[Finding]:
    """Give what it may be called; not sorted. An act by its heading, an article by its page."""
    act = is_act(kind)
    yield from _declared(sheet, act)
    if act:
        yield from _of_act(sheet, kind, language)
    else:
        yield from _of_page(sheet)
    yield from _first_line(sheet, act)


_DECLARED: tuple[tuple[str, float, float], ...] = (
    ("dc.title", 0.9, 0.75),
    ("dcterms.title", 0.9, 0.75),
    ("citation_title", 0.95, 0.95),
    ("akn.frbralias", 0.6, 0.5),
    ("akn.doctitle", 0.92, 0.7),
    ("akn.title", 0.9, 0.7),
    ("tei.title", 0.8, 0.8),
    ("xml.title", 0.85, 0.7),
    ("epub.title", 0.6, 0.7),
    ("office.title", 0.45, 0.5),
    ("mail.subject", 0.7, 0.85),
    ("xmp.dc:title", 0.45, 0.45),
    ("pdf.title", 0.42, 0.45),
)
_JUNK = re.compile(r"^(?:microsoft word|layout \d|untitled|document\d?|l_\d|.{0,60}\.(?:docx?|pdf|xml|indd|qxd|xls)$|infoleg\b|index|title|home|\W*$|consolidated text)", re.IGNORECASE)  # fmt: skip


def _declared(sheet: Sheet, act: bool) -> Iterator[Finding]:
    for name, as_act, as_article in _DECLARED:
        for _, value in sheet.values(name):
            if not _JUNK.match(value) and 3 < len(value) < _TITLE_CHARS:
                yield from_metadatum("title", cleaned(value), as_act if act else as_article, name, value)


# --- pages of the web -----------------------------------------------------------------


def _of_page(sheet: Sheet) -> Iterator[Finding]:
    """Let heading, og:title, headline and the page's title vote; a site name on one of them is cut."""
    sites = {letters_of(value) for _, value in sheet.values("og:site_name", "jsonld.publisher.name", "trafilatura.sitename")}
    sites |= {letters_of(host.split(".")[-2]) for _, host in sheet.values("trafilatura.hostname") if "." in host}
    page_titles = [value for _, value in sheet.values("html.title")]
    votes: Counter[str] = Counter()
    offers: list[tuple[str, str, str, float]] = []
    for name, weight in (("jsonld.headline", 0.78), ("og:title", 0.8), ("twitter:title", 0.6), ("meta.twitter:title", 0.6), ("html.title", 0.7), ("trafilatura.title", 0.66)):
        for _, value in list(sheet.values(name))[:1]:
            text = without_site(cleaned(value), sites, [*sheet.headings[:6], *page_titles])
            if text and not _JUNK.match(text):
                offers.append((name, value, text, weight))
                votes[letters_of(text)] += 1
    for index, text in enumerate(sheet.headings[:6]):
        own = letters_of(text)
        supported = any(own and own == letters_of(other) for _, _, other, _ in offers)
        within = any(len(own) > 12 and letters_of(value).startswith(own) for value in page_titles)
        if supported or within or index == 0:
            votes[own] += 1
            offers.append(("heading", text, cleaned(text), 0.84 if supported or within else 0.42))
    for name, written, text, weight in offers:
        confidence = min(0.97, weight + 0.06 * (votes[letters_of(text)] - 1))
        if votes[letters_of(text)] == 1 and len(offers) > 2:
            confidence -= 0.1
        if name == "heading":
            yield Finding("title", text, written, confidence, passage(written), "title.heading")
        else:
            yield from_metadatum("title", text, confidence, name, written)


def without_site(title: str, sites: set[str], others: list[str]) -> str:
    """Cut the name of the site off a page's title: `Title - Site`, `Site | Title`.

    A part goes where it is a known site name, or where the rest is a heading of the page.
    """
    parts = list(_SITE_PARTS.finditer(title))
    if not parts:
        return title
    known = {letters_of(other) for other in others}
    for cut in parts:
        left, right = title[: cut.start()].strip(), title[cut.end() :].strip()
        if letters_of(left) in known or letters_of(right) in sites:
            return left
    for cut in parts:
        left, right = title[: cut.start()].strip(), title[cut.end() :].strip()
        if letters_of(left) in sites or letters_of(right) in known:
            return right
    last = parts[-1]
    left, right = title[: last.start()].strip(), title[last.end() :].strip()
    near = letters_of(right)
    if any(site and (site in near or near in site) for site in sites) and len(left) > len(right):
        return left
    return title


# --- acts -----------------------------------------------------------------------------


def _of_act(sheet: Sheet, kind: str, language: str) -> Iterator[Finding]:
    lines = _title_lines(sheet.head[:_HEADING_LINES])
    if repeated := _repeated(sheet.head[:6]):
        yield from_line("title", cleaned(repeated.text), repeated.text, 0.9, repeated, "title.repeated")
    run, opening = _first_run(lines, language)
    text = _joined(run)
    if run:
        confidence = 0.8 if 8 <= len(text) <= 600 else 0.4
        first = run[0]
        if _names_kind(first) or _ends_as_kind(text):
            confidence = 0.84
        yield from_line("title", cleaned(text), text, confidence, first, "title.heading_lines")
    if opening:
        yield from_line("title", cleaned(opening.text), opening.text, 0.62 if not run else 0.4, opening, "title.kind_line")
    for index, heading in enumerate(sheet.headings[:3]):
        if _MASTHEAD.match(heading) or len(heading) < 6 or BODY.match(heading):
            continue
        agreed = letters_of(heading) == letters_of(text)
        confidence = 0.93 if agreed else 0.82 - 0.15 * index
        yield Finding("title", cleaned(heading), heading, confidence, passage(heading), "title.heading")
        break


def _repeated(lines: tuple[Line, ...]) -> Line | None:
    """A heading printed twice or thrice is the title."""
    counted = Counter(letters_of(line.text) for line in lines if len(line.text) < 300)
    for line in lines:
        if counted[letters_of(line.text)] > 1 and len(line.text) > 4 and not line.text.isdigit():
            return line
    return None


def _title_lines(lines: tuple[Line, ...]) -> list[tuple[Line, str]]:
    """Give each line of the heading with what it is: title, kind, issuer, number, date, status, masthead."""
    classed: list[tuple[Line, str]] = []
    for index, line in enumerate(lines):
        role = _role(line)
        if role == "body" and index:
            break
        classed.append((line, role))
    return classed


def _role(line: Line) -> str:
    text = line.text
    if _MASTHEAD.match(text):
        return "masthead"
    if _STATUS.match(text):
        return "status"
    if _ISSUER.match(text):
        return "issuer"
    kind = _names_kind(line)
    if not kind and BODY.match(text):
        return "body"
    found = mentions(text)
    bare = re.sub(r"(?:№|\bn[°ºo]?\.?|\bν|nr\.?|no\.?)\s?\d[\w/.-]*|\d[\d./-]*", " ", text, flags=re.IGNORECASE)
    for mention in found:
        bare = bare.replace(mention.written, " ")
    words = re.findall(r"[^\W\d_]{3,}", bare)
    if kind and len(words) <= 5 and not _ends_as_kind(text):
        return "kind"
    if found and lone(found[0], line) and len(words) <= 3:
        return "date"
    if not words:
        return "number"
    if len(text) > 500 and text.endswith((".", ";", ":")):
        return "body"
    return "title"


def _names_kind(line: Line) -> bool:
    return any(row.pattern.match(line.text) for row in OPENINGS)


def _ends_as_kind(text: str) -> bool:
    return " " in text and any(row.pattern.search(text[-160:]) for row in ENDINGS)


def _first_run(lines: list[tuple[Line, str]], language: str) -> tuple[list[Line], Line | None]:
    """Return the first lines of a title that belong together, and the line that names the kind."""
    run: list[Line] = []
    opening: Line | None = None
    for line, role in lines:
        if role == "kind" and not run:
            opening = opening or line
            if not _UNJOINED_OPENINGS.match(line.text):
                run = [line]
            continue
        if role != "title":
            if run and any(_role(other) == "title" for other in run):
                if role in {"date", "number"} and not _continues(run[-1], line):
                    break
                if role in {"date"} and re.match(r"^(?:of|vom|du|of the)\s", line.text):
                    run.append(line)
                    continue
                break
            if run and role == "date" and line.text[:1].islower():
                run.append(line)
                continue
            if run and not any(_role(other) == "title" for other in run):
                run = []
            continue
        if not run:
            run = [line]
        elif _role(run[0]) == "kind" and len(run) == 1 and not _continues(run[0], line):
            run = [line]
        elif _continues(run[-1], line) or (line.loud and run[-1].loud) or line.paragraph == run[-1].paragraph:
            if letters_of(line.text) == letters_of(run[0].text):
                break
            run.append(line)
        else:
            break
    if run and not any(_role(line) == "title" for line in run):
        return [], opening
    return run, opening


def _continues(last: Line, line: Line) -> bool:
    return bool(_CONTINUES.match(line.text)) or last.text.endswith((",", "-", "–")) or (line.text.istitle() and last.text.istitle())


def _joined(lines: list[Line]) -> str:
    text = ""
    for line in lines:
        if text.endswith(("-", "\u2010")) and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text


def cleaned(text: str) -> str:
    """Return a title without the marks of its printing: footnote signs, an ending dot, outer spaces."""
    text = re.sub(r"\s*(?:\[\d{1,3}\]|\*+|\(\*\))\s*$", "", text.strip())
    return re.sub(r"^\s*[•►▼]\w{0,3}\s*", "", text).strip()


def _first_line(sheet: Sheet, act: bool) -> Iterator[Finding]:
    """Where nothing else speaks: the first line that could be one. Twice printed, it is one."""
    if not act and (repeated := _repeated(sheet.head[:6])):
        yield from_line("title", cleaned(repeated.text), repeated.text, 0.9, repeated, "title.repeated")
    for line in sheet.head[:8]:
        text = line.text
        if _MASTHEAD.match(text) or len(text) < 4 or (found := mentions(text)) and lone(found[0], line):
            continue
        short = len(text) < 200 and not text.endswith((".", ";", ",", ":"))
        confidence = (0.6 if short else 0.2) if not sheet.web else (0.45 if short else 0.1)
        if act:
            confidence -= 0.2
        yield from_line("title", cleaned(text)[:_TITLE_CHARS], text, confidence, line, "title.first_line")
        return
