"""RTF: read here, because pandoc takes every code page but Western European for garbage."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from indexer.extract import Extraction, Limits, MediaType, Metadatum, Page, charset
from indexer.extract.visible import ROW_MAX_CHARS, Block, as_text

GROUPS_MAX = 100_000  # open at once; a file of nothing but braces is no document
HEADING_LEVEL_MAX = 8
INFO_MAX_CHARS = 4_000

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_CODE_PAGES = {  # of \fcharset
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip
_SYMBOLS = {
    "par": "\n\n", "line": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "page": "\n\n",
    "sect": "\n\n", "column": "\n\n", "softpage": "", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_SIGNS = {
    b"~": "\u00a0",
    b"_": "\u2011",
    b"-": "\u00ad",
    b"\\": "\\",
    b"{": "{",
    b"}": "}",
    b"\n": "\n\n",
    b"\r": "\n\n",
}
# Destinations whose text is none of the document's; any other that begins with \* is skipped too.
_SKIPPED = frozenset(
    ("colortbl", "pict", "object", "themedata", "datastore", "listtable", "listoverridetable", "rsidtbl",
     "generator", "filetbl", "revtbl", "xmlnstbl", "latentstyles", "fldinst", "bkmkstart", "bkmkend",
     "pntext", "nonshppict", "blipuid", "sv", "sn", "listtext_", "private", "operator", "mmathPr",
     "colorschememapping", "passwordhash", "falt", "panose", "template")
)  # fmt: skip
_BESIDE = frozenset(
    ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "annotation")
)  # fmt: skip
_INFO = frozenset(
    ("title", "subject", "author", "manager", "company", "operator", "category", "keywords", "comment", "doccomm")
)  # fmt: skip
_KEPT_STARRED = frozenset(
    ("shptxt", "shprslt", "shpinst", "fldrslt", "footnote", "annotation", "listtext")
)


@dataclass(slots=True)
class _Group:
    """What holds between two braces."""

    into: str = "main"
    """`main`, `beside`, `skip`, `fonts`, `styles`, or the name of a piece of information."""
    font: int = -1
    fallback: int = 1
    """How many signs follow a \\u for readers that know no Unicode."""
    hidden: bool = False
    starred: bool = False


@dataclass(slots=True)
class _Document:
    default: str = "cp1252"
    default_font: int = -1
    fonts: dict[int, str] = field(default_factory=dict)
    font_defined: int = -1
    heading_styles: set[int] = field(default_factory=set)
    style_defined: int = -1
    style_name: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    info: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    high: str = ""
    """The first half of a letter beyond U+FFFF."""
    cells: list[str] = field(default_factory=list)
    heading: bool = False
    in_table: bool = False
    undecoded: int = 0


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read an RTF file: text of any code page, headings, tables as lines, running heads beside."""
    document = parse(path.read_bytes())
    notes = []
    if document.undecoded:
        notes.append(f"{document.undecoded} characters could not be decoded")
    return Extraction(
        status="text",
        media_type=media_type,
        reader="rtf",
        reader_version="1",
        pages=(Page(1, as_text(document.blocks), "".join(document.beside)),),
        metadata=tuple(Metadatum(f"office.{name}", value) for name, value in document.info.items()),
        headings=tuple(block.text for block in document.blocks if block.tag == "h1"),
        notes=tuple(notes),
    )


def parse(data: bytes) -> _Document:
    """Read *data* token by token; what is not understood is passed over."""
    document = _Document()
    groups = [_Group()]
    skip = 0  # signs still to pass over after a \\u
    at = 0
    while match := _TOKEN.match(data, at):
        at = match.end()
        group = groups[-1]
        hexed, word, number, sign, brace, plain = match.groups()
        if brace is not None:
            skip = 0
            _flush(document, group)
            if brace == b"{" and len(groups) < GROUPS_MAX:
                groups.append(_Group(group.into, group.font, group.fallback, group.hidden))
            elif brace == b"}" and len(groups) > 1:
                _close(document, groups.pop())
            continue
        if word is not None:
            name = word.decode("ascii")
            value = int(number) if number else None
            if name == "bin" and value and value > 0:
                at += value
            elif name == "u" and value is not None:
                _flush(document, group)
                _unicode(document, group, value)
                skip = group.fallback
            else:
                if name != "uc":
                    skip = 0
                _flush(document, group)
                _word(document, group, name, value)
        elif hexed is not None:
            if skip:
                skip -= 1
            else:
                document.pending.append(int(hexed, 16))
        elif sign is not None:
            if skip:
                skip -= 1
            elif sign == b"*":
                group.starred = True
            elif text := _SIGNS.get(sign):
                _flush(document, group)
                _write(document, group, text)
        elif plain is not None:
            document.pending += plain[skip:]
            skip = max(0, skip - len(plain))
    _flush(document, groups[-1])
    _end_row(document)
    _end_block(document)
    return document


def _flush(document: _Document, group: _Group) -> None:
    """Decode the bytes that were gathered: together, for a letter may be two of them."""
    if not document.pending:
        return
    data = bytes(document.pending)
    document.pending.clear()
    if group.into == "skip":
        return
    if data.isascii():
        text = data.decode("ascii")
    else:
        font = group.font if group.font >= 0 else document.default_font
        encoding = document.fonts.get(font, document.default)
        if encoding == "cp1252":
            encoding = document.default
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            text = data.decode("cp1252", errors="replace")
            document.undecoded += text.count("\ufffd")
    _write(document, group, text)


def _unicode(document: _Document, group: _Group, value: int) -> None:
    code = value & 0xFFFF if value < 0 else value
    if 0xD800 <= code < 0xDC00:
        document.high = chr(code)
    elif 0xDC00 <= code < 0xE000:
        if document.high:
            pair = (document.high + chr(code)).encode("utf-16", "surrogatepass")
            _write(document, group, pair.decode("utf-16", "replace"))
        document.high = ""
    elif code <= 0x10FFFF:
        # Symbol fonts put their signs at U+F000; as text they are the signs of ASCII.
        _write(document, group, chr(code - 0xF000) if 0xF020 <= code <= 0xF07E else chr(code))


def _write(document: _Document, group: _Group, text: str) -> None:
    match group.into:
        case "main":
            if not group.hidden:
                document.parts.append(text)
        case "beside":
            document.beside.append(text)
        case "skip" | "fonts" | "info":
            pass
        case "styles":
            document.style_name.append(text)
        case name:
            known = document.info.get(name, "")
            if len(known) < INFO_MAX_CHARS:
                document.info[name] = known + text


def _word(document: _Document, group: _Group, name: str, value: int | None) -> None:
    match name:
        case "ansicpg" if value:
            document.default = charset.python_name(f"cp{value}") or document.default
        case "mac":
            document.default = "mac_roman"
        case "pc":
            document.default = "cp437"
        case "pca":
            document.default = "cp850"
        case "deff" if value is not None:
            document.default_font = value
        case "uc" if value is not None:
            group.fallback = max(0, min(value, 10))
        case "f" if value is not None:
            group.font = document.font_defined = value
        case "fcharset" if group.into == "fonts" and value is not None:
            if encoding := _CODE_PAGES.get(value):
                document.fonts[document.font_defined] = encoding
        case "cpg" if group.into == "fonts" and value is not None:
            document.fonts[document.font_defined] = (
                charset.python_name(f"cp{value}") or document.default
            )
        case "v":
            group.hidden = value != 0
        case "plain":
            group.font, group.hidden = -1, False
        case _:
            if not _destination(group, name):
                _paragraph(document, group, name, value)


def _destination(group: _Group, name: str) -> bool:
    """Follow a word that says where the group's text goes; tell whether it was one."""
    starred, group.starred = group.starred, False
    if group.into == "skip":
        return True
    if name == "fonttbl":
        group.into = "fonts"
    elif name == "stylesheet":
        group.into = "styles"
    elif name == "info":
        group.into = "info"
    elif name in _INFO and group.into == "info":
        group.into = name
    elif name in {"creatim", "revtim"} and group.into == "info":
        group.into = f"{name}\n"
    elif name in _SKIPPED or (starred and name not in _KEPT_STARRED and name != "cs"):
        group.into = "skip"
    elif name in _BESIDE:
        group.into = "beside"
    else:
        return False
    return True


def _paragraph(document: _Document, group: _Group, name: str, value: int | None) -> None:
    if group.into.endswith("\n") and name in {"yr", "mo", "dy"} and value:
        when = {"creatim\n": "created", "revtim\n": "modified"}[group.into]
        figures = f"{value:04}" if name == "yr" else f"-{value:02}"
        document.info[when] = document.info.get(when, "") + figures
    elif group.into == "styles" and name == "s" and value is not None:
        document.style_defined = value
    elif group.into == "beside":
        document.beside.append(_SYMBOLS.get(name, ""))
    elif group.into != "main":
        return
    elif name == "pard":
        document.heading = document.in_table = False
    elif name == "s":
        document.heading |= value in document.heading_styles
    elif name == "outlinelevel":
        document.heading |= value is not None and value <= HEADING_LEVEL_MAX
    elif name == "intbl":
        document.in_table = True
    elif name in {"cell", "nestcell"}:
        document.cells.append("".join(document.parts))
        document.parts.clear()
    elif name in {"row", "nestrow"}:
        _end_row(document)
    elif name == "par" and document.in_table:
        document.parts.append("\n\n")
    elif name in {"par", "sect", "page"}:
        _end_block(document)
    elif symbol := _SYMBOLS.get(name):
        _write(document, group, symbol)


def _end_block(document: _Document) -> None:
    for paragraph in "".join(document.parts).split("\n\n"):
        if paragraph.strip():
            document.blocks.append(Block(paragraph.strip(), "h1" if document.heading else "p"))
    document.parts.clear()


def _end_row(document: _Document) -> None:
    """Make one line of a row whose cells are short; a longer one is layout: its cells are text."""
    cells, document.cells = document.cells, []
    cells = [cell for cell in cells if cell.strip()]
    if sum(map(len, cells)) > ROW_MAX_CHARS or len(cells) == 1:
        paragraphs = "\n\n".join(cells).split("\n\n")
        document.blocks += [
            Block(paragraph.strip(), "p") for paragraph in paragraphs if paragraph.strip()
        ]
    elif line := "\t".join(" ".join(cell.split()) for cell in cells):
        document.blocks.append(Block(line, "tr"))


def _close(document: _Document, group: _Group) -> None:
    if group.into == "styles" and document.style_name:
        name = "".join(document.style_name).strip(" ;").lower()
        if name.startswith(("heading", "title", "заголовок", "başlık", "titre", "título")):
            document.heading_styles.add(document.style_defined)
        document.style_name.clear()
        document.style_defined = -1
    elif group.into == "beside":
        document.beside.append("\n")
