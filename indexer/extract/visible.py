"""The text of a page that a reader sees, in the order of the document: paragraphs from a tree."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement, PreformattedString

ROW_MAX_CHARS = 1_000  # a longer row is layout, not a table: its cells are paragraphs
CELL_MAX_BLOCKS = 3  # more paragraphs in one cell: layout too
MISSING_SHARE = 0.2  # of a block's word triples: its edges may differ, its middle may not

_HIDDEN = frozenset(
    ("script", "style", "template", "head", "title", "noscript", "iframe", "object", "embed",
     "svg", "math", "canvas", "audio", "video", "select", "datalist", "xml")
)  # fmt: skip
_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
     "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend",
     "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "summary",
     "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "[document]")
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))
_BESIDE = frozenset(("nav", "footer"))
# How pages name the part that readers write. "comment" alone may be a law's commentary.
_BESIDE_NAME = re.compile(r"(?:comments|comment-?list|commentaires|kommentare|disqus)\b", re.I)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")  # a page has &nbsp; where a typist had a space


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, an item of a list, or a table's row."""

    text: str
    """Lines are apart by a newline where the page breaks them; single spaces."""
    tag: str
    """The element that it is the text of, as in `p`."""
    link_chars: int = 0
    """How much of the text stands in links."""
    hidden: bool = False
    """By its style or attribute: not seen, but searchable."""
    beside: bool = False
    """The page itself says that it stands beside the text: comments, navigation, a footer."""


@dataclass(slots=True)
class _Row:
    """A row of a table that is being walked through."""

    first_block: int
    cells: list[int] = field(default_factory=list)
    """The number of blocks there were when each cell began."""
    nested: bool = False


@dataclass(slots=True)
class Seen:
    """What was seen in a tree."""

    blocks: list[Block]
    depth: int
    """The greatest number of elements inside each other."""


class _Walk:
    """One walk over a tree. It keeps its own stack: a page may be 200,000 elements deep."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.link_chars = 0
        self.in_link = 0
        self.in_pre = 0
        self.hiding = 0
        self.beside = 0
        self.rows: list[_Row] = []
        self.tags: list[str] = ["body"]  # the blocks that are open

    def over(self, root: Tag) -> Seen:
        stack: list[tuple[Tag, Iterator[PageElement]]] = [(root, iter(root.contents))]
        deepest = 0
        self.enter(root)
        while stack:
            tag, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self.leave(tag)
            elif isinstance(child, Tag):
                if child.name in _HIDDEN:
                    continue
                self.enter(child)
                stack.append((child, iter(child.contents)))
                deepest = max(deepest, len(stack))
            elif isinstance(child, NavigableString):
                self.string(child)
        self.end_block()
        return Seen(self.blocks, deepest)

    def string(self, child: NavigableString) -> None:
        # CData is text; comments, declarations and processing instructions are not.
        if isinstance(child, PreformattedString) and not isinstance(child, CData):
            return
        text = str(child)
        if not self.in_pre:
            text = _SPACES.sub(" ", text)
        self.parts.append(text)
        if self.in_link:
            self.link_chars += len(text.strip())

    def enter(self, tag: Tag) -> None:
        name = tag.name
        if name in _BLOCKS:
            self.end_block()
            self.tags.append(name)
            if name == "tr":
                if self.rows:
                    self.rows[-1].nested = True
                self.rows.append(_Row(len(self.blocks)))
            elif name in _CELLS and self.rows:
                self.rows[-1].cells.append(len(self.blocks))
            elif name == "pre":
                self.in_pre += 1
        elif name == "br":
            self.parts.append("\n")
        elif name == "a":
            self.in_link += 1
        elif name == "img" and (alt := tag.get("alt")) and not _is_hidden(tag):
            self.parts.append(f" {alt} ")
        if self.hiding or _is_hidden(tag):
            self.hiding += 1
        if self.beside or _is_beside(tag):
            self.beside += 1

    def leave(self, tag: Tag) -> None:
        name = tag.name
        if name in _BLOCKS:
            self.end_block()
            self.tags.pop()
            if name == "tr" and self.rows:
                self.end_row(self.rows.pop())
            elif name == "pre":
                self.in_pre -= 1
        elif name == "a":
            self.in_link -= 1
        if self.hiding:
            self.hiding -= 1
        if self.beside:
            self.beside -= 1

    def end_block(self) -> None:
        if not self.parts:
            return
        text = "".join(self.parts)
        self.parts.clear()
        if self.in_pre:
            lines = [line.rstrip() for line in text.split("\n")]
        else:
            lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
        text = "\n".join(lines).strip("\n")
        if text.strip():
            tag = self.tags[-1] if self.tags else "body"
            tag = next((t for t in reversed(self.tags[-3:]) if t in _HEADINGS), tag)
            self.blocks.append(
                Block(text, tag, self.link_chars, bool(self.hiding), bool(self.beside))
            )
        self.link_chars = 0

    def end_row(self, row: _Row) -> None:
        """Make one line of a row of short cells; of a table that is layout, leave the paragraphs."""
        blocks = self.blocks[row.first_block :]
        if row.nested or len(row.cells) < 2:
            return
        ends = [*row.cells[1:], len(self.blocks)]
        cells = [
            self.blocks[start:end]
            for start, end in zip(row.cells, ends, strict=True)
            if end > start
        ]
        if len(cells) < 2 or max(map(len, cells)) > CELL_MAX_BLOCKS:
            return
        if sum(len(block.text) for block in blocks) > ROW_MAX_CHARS:
            return
        texts = (" ".join(block.text.replace("\n", " ") for block in cell) for cell in cells)
        links = sum(block.link_chars for block in blocks)
        hidden = all(block.hidden for block in blocks)
        beside = all(block.beside for block in blocks)
        del self.blocks[row.first_block :]
        self.blocks.append(Block("\t".join(texts), "tr", links, hidden, beside))


def _is_hidden(tag: Tag) -> bool:
    attributes = tag.attrs
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style) and _HIDING_STYLE.search(str(style)) is not None


def _is_beside(tag: Tag) -> bool:
    if tag.name in _BESIDE:
        return True
    named = tag.attrs.get("id"), *str(tag.attrs.get("class") or "").split()
    return any(_BESIDE_NAME.match(str(name)) for name in named if name)


def soup_of(text: str) -> BeautifulSoup:
    """Parse *text* by lxml, whatever it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it may be XML, a file name or an address
        # Values of several words stay one string: taking them apart is a fifth of the work.
        return BeautifulSoup(text, "lxml", multi_valued_attributes=None)


def seen_in(root: Tag | BeautifulSoup) -> Seen:
    """Return the blocks of *root* in order. Linear in its size, whatever its depth."""
    return _Walk().over(root)


def as_text(blocks: list[Block]) -> str:
    """Return *blocks* with blank lines between; rows of a table on lines below each other."""
    parts: list[str] = []
    before = ""
    for block in blocks:
        if parts:
            parts.append("\n" if block.tag == before == "tr" else "\n\n")
        parts.append(block.text)
        before = block.tag
    return "".join(parts)


_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Return the words of *text*, folded, for comparing texts."""
    return _WORD.findall(text.casefold())


def shares_in(blocks: list[Block], main: str) -> list[float]:
    """Return how much of each block *main* has, judged by three words in a row. Linear time.

    Of a block of one or two words it has all or nothing, and all of one without words.
    """
    known_words = words(main)
    known = set(zip(known_words, known_words[1:], known_words[2:], strict=False))
    singles = set(known_words)
    shares = []
    for block in blocks:
        own = words(block.text)
        triples = list(zip(own, own[1:], own[2:], strict=False))
        if triples:
            shares.append(sum(triple in known for triple in triples) / len(triples))
        else:
            shares.append(float(singles.issuperset(own)))
    return shares


def not_in(blocks: list[Block], main: str) -> list[Block]:
    """Return the blocks that *main* has not."""
    shares = shares_in(blocks, main)
    return [block for block, had in zip(blocks, shares, strict=True) if had < 1 - MISSING_SHARE]
