"""The document as the rooms of this package read it: a head, a tail and what the file says of itself."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.describe import Evidence, Field, Finding
from indexer.extract import Extraction

HEAD_CHARS = 6_000
"""How much of the beginning is read. A date, a number or a title stands within it or not at all."""
TAIL_CHARS = 3_000
"""How much of the end is read: signatures, place and date."""
ASIDE_CHARS = 4_000
# The lists that consolidated Azerbaijani acts end with, of sources and of changes; PDFs part
# their letters. One of the two begins with the law that approved the act.
_LISTS = re.compile(r"\s?".join("MƏNBƏSƏNƏDLƏRİNİNSİYAHISI") + "|" + r"\s?".join("DƏYİŞİKLİKVƏƏLAVƏLƏRİNSİYAHISI"))  # fmt: skip
_LIST_CHARS = 400
_APPROVED = re.compile(r"t\s?ə\s?sdiq\s?edil", re.IGNORECASE)
LINE_CHARS = 1_500
"""No rule needs more of a line, and a bound keeps every search short."""
_EVIDENCE_CHARS = 200

_SPACES = re.compile(r"\s+")
# "У К А З", "Q Ə R A R I": letters apart for looks. Lower and upper are not mixed.
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_] ){2,40}[^\W\d_](?! ?\d)(?![^\W_])")
# Azerbaijani PDFs break words around letters of another font: "nömr ə li". None is a word.
_STRAY_AZ = re.compile(
    r"(?<=[^\W\d_]) ([əşğıçƏ]) ?(?=[a-zəşğıçöü])|(?<=[a-zəşğıçöü]) ([əşğıç])(?= |$)"
)
_STRAY_LOUD = re.compile(r"(?<=[A-ZÇƏĞİÖŞÜ]{2}) ([ƏŞĞİ]) (?=[A-ZÇƏĞİÖŞÜ])")
# Words of every heading, which the same PDFs part in any place: `MƏCƏ LL ƏSİ`.
_PARTED_AZ = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(
        r"\s?".join(word).replace("i", "[iİ]")
        for word in ("məcəlləsi", "məcəlləsinin", "haqqında", "respublikasının", "təsdiq", "nömrəli", "fərmanı", "sərəncamı")
    )
    + r")(?![^\W_])",
    re.IGNORECASE,
)  # fmt: skip
_MARKUP = re.compile(r"^#{1,6} |\*\*|^> |\\(?=[-.#\[\]()*_])|^\* \* \*$")
_CELL = re.compile(r"\s*\|\s*|\s*\t\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, spaces collapsed, letter-spacing undone."""

    text: str
    page: int | None
    paragraph: int
    """Lines of one paragraph share it."""
    part: str
    """head, tail or aside."""

    @property
    def loud(self) -> bool:
        """Set in capitals."""
        return self.text.upper() == self.text and any(letter.isalpha() for letter in self.text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every rule may look at."""

    head: tuple[Line, ...]
    tail: tuple[Line, ...]
    aside: tuple[Line, ...]
    sources: tuple[Line, ...]
    """The first entry of the list of sources, or of changes, that consolidated Azerbaijani acts
    end with, if it is the law that approved the act."""
    headings: tuple[str, ...]
    metadata: tuple[tuple[str, str], ...]
    """Names in lower case, in the order of the file."""
    web: bool
    """An HTML page, so that site names, bars and footers are to be expected."""
    sample: str
    """Running text for a guess at the language."""
    named: dict[str, list[str]] = field(default_factory=dict)

    def values(self, *names: str) -> Iterator[tuple[str, str]]:
        """Give name and value of each metadatum with one of *names*, in the order of *names*."""
        for name in names:
            for value in self.named.get(name, ()):
                yield name, value

    def opening(self, lines: int = 40) -> tuple[Line, ...]:
        """Return the first lines of the head."""
        return self.head[:lines]


def sheet_of(extraction: Extraction) -> Sheet:
    """Prepare *extraction* for the rules; takes time for the head and the tail only."""
    paged = extraction.paged
    web = extraction.media_type in {"text/html", "application/xhtml+xml"}
    texts = [(page.number if paged else None, page.text) for page in extraction.pages]
    head = _cut(texts, HEAD_CHARS)
    tail = _cut_back(texts, TAIL_CHARS, sum(len(text) for _, text in head))
    asides = _cut([(None, page.aside) for page in extraction.pages[:1]], ASIDE_CHARS)
    metadata = tuple(
        (item.name.lower(), collapsed(html.unescape(item.value[:LINE_CHARS])))
        for item in extraction.metadata[:400]
        if item.value.strip()
    )
    named: dict[str, list[str]] = {}
    for name, value in metadata:
        named.setdefault(name, []).append(value)
    return Sheet(
        head=tuple(_lines(head, "head", web)),
        tail=tuple(_lines(tail, "tail", web)),
        aside=tuple(_lines(asides, "aside", web)),
        sources=tuple(_lines(_first_source(extraction), "sources", web)),
        headings=tuple(
            filter(None, (tidy(text[:LINE_CHARS]) for text in extraction.headings[:12]))
        ),
        metadata=metadata,
        web=web,
        sample=_sample(head, asides),
        named=named,
    )


def collapsed(text: str) -> str:
    """Return *text* on one line, each run of spaces one space."""
    return _SPACES.sub(" ", text).strip()


def tidy(text: str) -> str:
    """Return one line without markup, letter-spacing and stray breaks inside words."""
    if "&" in text:
        text = html.unescape(text)
    text = _MARKUP.sub("", text.strip()).replace("\xad", "").replace("\u200b", "")
    if " " in text:
        text = _SPACED.sub(_joined, text)
    text = collapsed(text)
    if not text.isascii():
        text = _mended(text)
    return text


# Cyrillic letters that look Latin, typed or recognised inside Latin words.
_LOOKALIKES = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсух", "ABESIJKMHOPCTYXaesijopcyx")
_WORD_MIXED = re.compile(
    r"[^\W\d_]*(?:[A-Za-zÇçƏəĞğİıÖöŞşÜü][А-Яа-яЅІЈѕіј]|[А-Яа-яЅІЈѕіј][A-Za-zÇçƏəĞğİıÖöŞşÜü])[^\W\d_]*"
)
_LATIN = re.compile(r"[A-Za-zÇçƏəĞğİıÖöŞşÜü]")


def _mended(text: str) -> str:
    if _WORD_MIXED.search(text):
        text = _WORD_MIXED.sub(_latin, text)
    if " ə " in text or " ş " in text or " ğ " in text or text.endswith(" ə"):
        text = _STRAY_AZ.sub(lambda found: found[1] or found[2], text)
    if " Ə " in text or " İ " in text or " Ş " in text:
        text = _STRAY_LOUD.sub(r"\1", text)
    if "ə" in text or "Ə" in text:
        text = _PARTED_AZ.sub(lambda found: found[0].replace(" ", ""), text)
    return text


def _latin(found: re.Match[str]) -> str:
    word = found[0]
    changed = word.translate(_LOOKALIKES)
    return changed if len(_LATIN.findall(changed)) == len(changed) else word


def _joined(found: re.Match[str]) -> str:
    letters = found[0].replace(" ", "")
    return letters if letters.isupper() or letters.islower() else found[0]


def _cut(texts: list[tuple[int | None, str]], chars: int) -> list[tuple[int | None, str]]:
    kept = []
    for page, text in texts:
        if chars <= 0:
            break
        kept.append((page, text[:chars]))
        chars -= len(text)
    return kept


def _cut_back(
    texts: list[tuple[int | None, str]], chars: int, read: int
) -> list[tuple[int | None, str]]:
    """Return the end, but nothing that stands in the head already."""
    left = min(chars, max(0, sum(len(text) for _, text in texts) - read))
    kept: list[tuple[int | None, str]] = []
    for page, text in reversed(texts):
        if left <= 0:
            break
        kept.append((page, text[-left:]))
        left -= len(text)
    return kept[::-1]


def _first_source(extraction: Extraction) -> list[tuple[int | None, str]]:
    """Return the first entry of one of `_LISTS` that approves something, wherever it stands."""
    for page in extraction.pages:
        for text in (page.text, page.aside):
            for heading in _LISTS.finditer(text) if "AHISI" in text else ():
                entry = text[heading.end() : heading.end() + _LIST_CHARS].lstrip().lstrip("[1]. ")
                if _APPROVED.search(entry):
                    return [(page.number if extraction.paged else None, entry)]
    return []


def _lines(texts: list[tuple[int | None, str]], part: str, web: bool) -> Iterator[Line]:
    paragraph = 0
    last: Line | None = None
    for page, text in texts:
        paragraph += 1
        for raw in text.split("\n"):
            if not raw.strip():
                paragraph += 1
                continue
            # A row of a table: its cells are lines of their own.
            cells = (
                _CELL.split(raw[:LINE_CHARS])
                if raw.lstrip().startswith("|") or "\t" in raw.strip()
                else [raw]
            )
            for cell in cells:
                text = tidy(cell[:LINE_CHARS])
                if not text:
                    continue
                # A line of a page's source that begins with spaces goes on with the one before.
                if web and last and cell is raw and raw.startswith("  "):
                    last = Line(f"{last.text} {text}", last.page, last.paragraph, part)
                    continue
                if last:
                    yield last
                last = Line(text, page, paragraph, part)
            if len(cells) > 1:
                paragraph += 1
    if last:
        yield last


def _sample(head: list[tuple[int | None, str]], aside: list[tuple[int | None, str]]) -> str:
    text = " ".join(text for _, text in head)
    if len(text) < 200:
        text += " " + " ".join(text for _, text in aside)
    return collapsed(text)[:4_000]


def fold(text: str) -> str:
    """Return *text* in lower case, the Turkish letters i as one; as long as the text, or nearly."""
    return text.lower().replace("i̇", "i").replace("ı", "i")


def letters_of(text: str) -> str:
    """Return what is compared when two writings of one title meet: letters and figures, folded."""
    folded = unicodedata.normalize("NFKC", text).replace("İ", "i").replace("I", "i").casefold()
    return "".join(sign for sign in folded.replace("ı", "i") if sign.isalnum())


def passage(text: str, page: int | None = None, around: tuple[int, int] | None = None) -> Evidence:
    """Return *text* as evidence, cut to what the value type allows around the place found."""
    if len(text) > _EVIDENCE_CHARS and around:
        start = max(0, min(around[0] - 60, len(text) - _EVIDENCE_CHARS))
        text = text[start : start + _EVIDENCE_CHARS]
    return Evidence(text[:_EVIDENCE_CHARS], page)


def from_line(
    field_name: Field,
    value: str,
    written: str,
    confidence: float,
    line: Line,
    rule: str,
    which: str = "",
) -> Finding:
    """Return a finding whose evidence is *line*."""
    at = line.text.find(written)
    around = (at, at + len(written)) if at >= 0 else None
    return Finding(
        field_name,
        value,
        written[:LINE_CHARS],
        confidence,
        passage(line.text, line.page, around),
        rule,
        which,
    )


def from_metadatum(
    field_name: Field, value: str, confidence: float, name: str, written: str, which: str = ""
) -> Finding:
    """Return a finding whose evidence is a metadatum."""
    evidence = passage(f"{name}: {written}")
    return Finding(field_name, value, written, confidence, evidence, f"metadata.{name}", which)
