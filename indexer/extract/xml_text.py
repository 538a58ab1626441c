"""The text of an XML tree whose schema need not be known: paragraphs, headings, tables."""

import re
from dataclasses import dataclass, field

from lxml import etree

from indexer.extract.visible import Block, as_text, seen_in, soup_of

NUMBER_MAX_CHARS = 14  # a leaf this short is a number or a label: it belongs to what follows
HEADING_MAX_CHARS = 600
LONG_LEAF_CHARS = 300
PARAGRAPH_MARK = "\x1e"  # which XML cannot contain

_BESIDE = re.compile(r"meta-?(?:data|andmed|datos)?|identificador|teiheader", re.I)
_ROWS = frozenset(("tr", "row"))
_CELLS = frozenset(("td", "th", "entry", "cell"))
_BREAKS = frozenset(("br", "lb", "eol", "hr", "hr1"))
_NUMBERS = frozenset(("num", "nr", "no", "number", "numero", "label", "marker", "lidnr", "pnumber"))
_PROSE = frozenset(
    ("p", "al", "para", "text", "li", "item", "td", "th", "entry", "cell", "l", "title")
)
_TITLES = re.compile(
    r"(?:doc|act|short|long|law)?-?(?:title|titel|titre|titulo|título|titolo|heading|head|intitule|"
    r"citeertitel|pealkiri)|titulonorma|subject|opschrift|rubriek",
    re.I,
)
_MARKUP = re.compile(r"</?(?:p|b|i|br|div|span|table|sup|sub|ul|li|em|strong)\b[^<>]{0,500}>", re.I)
_SPACES = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n(?= {3,}\S|\t\S)")


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a tree."""

    main: str
    aside: str
    """What stands in the document's metadata."""
    headings: tuple[str, ...]


@dataclass(slots=True)
class _Writer:
    blocks: list[Block] = field(default_factory=list)
    beside: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    glued: bool = False
    """What was written last is a number: what follows stands on its line."""
    aside_depth: int = 0
    cells: list[str] | None = None
    row_depth: int = 0

    def write(self, text: str | None) -> None:
        if text and text.strip():
            self.parts.append(text)
            self.glued = False
        elif text and self.parts:
            self.parts.append(" ")

    def end_block(self, tag: str = "p") -> None:
        if not self.parts:
            return
        text = "".join(self.parts)
        self.parts.clear()
        self.glued = False
        tag = "tr" if self.aside_depth else tag  # metadata: line below line
        blocks = self.beside if self.aside_depth else self.blocks
        for paragraph in _paragraphs(text):
            if self.row_depth and self.cells:
                self.cells[-1] = f"{self.cells[-1]} {paragraph}".strip()
            else:
                blocks.append(Block(paragraph, tag))

    def end_row(self) -> None:
        line = "\t".join(cell.replace("\n", " ") for cell in self.cells or () if cell)
        if line:
            (self.beside if self.aside_depth else self.blocks).append(Block(line, "tr"))
        self.cells = None


def text_of(root: etree._Element) -> Text:
    """Return the text of *root* in document order, walking without recursion.

    An element inside running text is part of it; any other begins a paragraph.
    """
    writer = _Writer()
    mixed: list[bool] = [False]  # for each open element: does text run around its children?
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if event == "start":
            _start(writer, element, name, inline=mixed[-1])
            mixed.append(mixed[-1] or _is_mixed(element))
        else:
            mixed.pop()
            _end(writer, element, name, inline=mixed[-1])
            if element is not root:
                writer.write(element.tail)
    writer.end_block()
    headings = [block.text for block in writer.blocks if block.tag == "h"]
    return Text(as_text(writer.blocks), as_text(writer.beside), tuple(headings))


def _start(writer: _Writer, element: etree._Element, name: str, *, inline: bool) -> None:
    lower = name.lower()
    if not inline:
        if not writer.glued:
            writer.end_block()
        if _BESIDE.fullmatch(lower) or writer.aside_depth:
            writer.end_block()
            writer.aside_depth += 1
    if lower in _ROWS:
        writer.end_block()
        writer.row_depth += 1
        if writer.row_depth == 1:
            writer.cells = []
    elif lower in _CELLS and writer.row_depth == 1 and writer.cells is not None:
        writer.end_block()
        writer.cells.append("")
    elif lower in _BREAKS:
        writer.parts.append("\n")
    writer.write(_text(element))


def _end(writer: _Writer, element: etree._Element, name: str, *, inline: bool) -> None:
    lower = name.lower()
    if lower in _ROWS:
        writer.end_block()
        writer.row_depth -= 1
        if writer.row_depth == 0:
            writer.end_row()
    elif lower in _CELLS and writer.row_depth == 1:
        writer.end_block()
    if inline:
        return
    if writer.row_depth == 0 and _is_number(element, lower):
        writer.parts.append(" ")
        writer.glued = True
    elif not (writer.glued and element.getnext() is not None and not element.getchildren()):
        own = "".join(writer.parts)
        is_title = _TITLES.fullmatch(lower) and len(own) <= HEADING_MAX_CHARS
        writer.end_block("h" if is_title else "p")
    if writer.aside_depth:
        writer.end_block()
        writer.aside_depth -= 1


def _is_mixed(element: etree._Element) -> bool:
    if len(element) == 0:
        return False
    if element.text and element.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in element)


def _is_number(element: etree._Element, lower: str) -> bool:
    """Tell whether the element is a number or a label on which something follows."""
    if lower in _PROSE or element.getnext() is None or len(element) > 2 or _TITLES.fullmatch(lower):
        return False
    text = ""
    for part in element.itertext():
        text += part.strip()
        if len(text) > NUMBER_MAX_CHARS:
            return False
    return lower in _NUMBERS or len(text) < 3 or any(sign.isdigit() for sign in text)


def _text(element: etree._Element) -> str | None:
    """Return the element's own text; markup that was packed into it as text is undone."""
    text = element.text
    if text and "<" in text and len(_MARKUP.findall(text[:5_000])) > 1:
        blocks = seen_in(soup_of(text)).blocks
        return PARAGRAPH_MARK.join(block.text for block in blocks)
    return text


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: a pretty printer's line ends are none, a writer's are."""
    pieces = text.split(PARAGRAPH_MARK)
    if len(pieces) == 1 and "\n" in text and len(text) > LONG_LEAF_CHARS:
        lines = text.count("\n")
        found = _PARAGRAPH.split(text)
        # Where nearly every line is indented, the indent is the file's and not the text's.
        if "\n\n" in text or len(found) - 1 < 0.6 * lines:
            pieces = found
    cleaned = (_SPACES.sub(" ", piece).strip() for piece in pieces)
    return [piece for piece in cleaned if piece]
