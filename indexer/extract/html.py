"""HTML: the article by trafilatura, or the whole page; the rest beside it."""

import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import trafilatura
import trafilatura.utils
from lxml.html import HtmlElement

from indexer.extract import Extraction, Limits, MediaType, Metadatum, Page, charset, html_metadata
from indexer.extract.visible import (
    MISSING_SHARE,
    Block,
    as_text,
    not_in,
    seen_in,
    shares_in,
    soup_of,
    words,
)

DEPTH_MAX = 500  # trafilatura gives up silently somewhere below 2,000, and walks recursively

# Set on 308 pages of docs and docs-languages: where trafilatura takes a part of a law, it leaves
# out prose of 0.4 to 1.7 of what it kept, with under 0.02 of that in links; on pages of news
# links are 0.19 and more. What it does to articles: `python -m benchmarks.articles`.
PROSE_MIN_CHARS = 80
PROSE_LINK_SHARE = 0.3
LOST_PROSE_SHARE = 0.25
LINKS_SHARE = 0.1

SHORT_BLOCK_WORDS = 3
DOUBTFUL_SHARE = 0.3  # of a block's words: less, and it was left out
KEPT_MIN_SHARE = 0.8  # less: the page is divided in ways that our blocks do not follow
TAGS_MAX = 100_000  # trafilatura and htmldate take 3 s for 90,000: more is no article
ATTRIBUTES_MAX = 1_000  # of one element; libxml2 compares each with each
_HUGE_TAG = re.compile(r"<([A-Za-z][\w:-]{0,40})(?=[\s/])[^<>]{10000,}+>")
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.\-]{2,40})", re.I
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page of HTML that was read."""

    text: str
    aside: str
    metadata: tuple[Metadatum, ...]
    headings: tuple[str, ...]
    by_trafilatura: bool


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read a page: the main text, the rest of what is seen, and what the page says of itself."""
    data = path.read_bytes()
    decoded = charset.decode(data, declared_in(data))
    parsed = parse(decoded.text)
    notes = [] if decoded.encoding == "utf-8" else [f"read as {decoded.encoding}"]
    if decoded.undecoded:
        notes.append(f"{decoded.undecoded} characters could not be decoded")
    if not parsed.by_trafilatura:
        notes.append("the whole page was taken as the text")
    return Extraction(
        status="text",
        media_type=media_type,
        reader="trafilatura" if parsed.by_trafilatura else "html",
        reader_version=trafilatura.__version__ if parsed.by_trafilatura else "1",
        pages=(Page(1, parsed.text, parsed.aside),),
        metadata=parsed.metadata,
        headings=parsed.headings,
        notes=tuple(notes),
    )


def declared_in(data: bytes) -> str | None:
    """Return the character set that a page says it is in."""
    declared = _DECLARED.search(data[:8192])
    return declared[1].decode("ascii") if declared else None


def parse(text: str) -> Parsed:
    """Read *text*, which is HTML and decoded."""
    text = _HUGE_TAG.sub(_slimmed, text)
    soup = soup_of(text)
    seen = seen_in(soup)
    shown = [block for block in seen.blocks if not block.hidden]
    headings = tuple(block.text for block in shown if block.tag in {"h1", "h2", "h3"})
    metadata = html_metadata.of_soup(soup)
    article = ""
    if seen.depth <= DEPTH_MAX and text.count("<") <= TAGS_MAX:
        tree = trafilatura.utils.load_html(text)
        if tree is not None:
            metadata += html_metadata.of_tree(tree)
            article = _article(tree)
    rest = not_in(seen.blocks, article) if article else []
    if article and _is_article(article, [block for block in rest if not block.hidden]):
        main, rest = _in_own_paragraphs(article, seen.blocks, rest)
        if (title := _dropped_title(shown, metadata, main)) is not None:
            main = f"{title}\n\n{main}"
        aside = as_text([block for block in rest if block.text != title])
        return Parsed(main, aside, tuple(metadata), headings, by_trafilatura=True)
    aside = as_text([block for block in seen.blocks if block.hidden])
    return Parsed(as_text(shown), aside, tuple(metadata), headings, by_trafilatura=False)


def _slimmed(tag: re.Match[str]) -> str:
    return f"<{tag[1]}>" if tag[0].count("=") > ATTRIBUTES_MAX else tag[0]


def _article(tree: HtmlElement) -> str:
    """Return what trafilatura takes for the main text, paragraphs apart by blank lines."""
    document = trafilatura.bare_extraction(
        tree, fast=False, include_comments=False, include_tables=True, with_metadata=False
    )
    lines = (document.text or "").split("\n") if document is not None else []
    blocks: list[Block] = []
    for line in lines:
        if line.startswith("|"):
            if _RULE.fullmatch(line):
                continue
            cells = (cell.strip() for cell in line.strip("| ").split("|"))
            blocks.append(Block("\t".join(cell for cell in cells if cell), "tr"))
        elif line.strip():
            blocks.append(Block(line, "tr" if line.startswith("- ") else "p"))
    return as_text(blocks)


_RULE = re.compile(r"[|:\- ]+")  # between the head of a table and its rows


def _in_own_paragraphs(
    article: str, blocks: list[Block], rest: list[Block]
) -> tuple[str, list[Block]]:
    """Return what trafilatura kept of *blocks*, as the page divides it, and the other blocks.

    trafilatura takes the line ends of a source for those of paragraphs, and a table of
    layout for one row.
    """
    shown = [block for block in blocks if not block.hidden]
    shares = shares_in(shown, article)
    keeps = [share >= 1 - MISSING_SHARE for share in shares]
    # A word or two may be in the navigation as well, and of a formula or a picture trafilatura
    # takes other words than we: they follow the blocks around them.
    short = [
        len(words(block.text)) <= SHORT_BLOCK_WORDS or DOUBTFUL_SHARE <= share < 1 - MISSING_SHARE
        for block, share in zip(shown, shares, strict=True)
    ]
    above = list(accumulate(zip(keeps, short, strict=True), _nearest, initial=(False, False)))[1:]
    below = list(
        accumulate(zip(keeps[::-1], short[::-1], strict=True), _nearest, initial=(False, False))
    )
    inside = [
        (over[0] and under[0] and share >= DOUBTFUL_SHARE) if brief else keep
        for keep, brief, share, over, under in zip(
            keeps, short, shares, above, below[:0:-1], strict=True
        )
    ]
    own = as_text([block for block, kept in zip(shown, inside, strict=True) if kept])
    if len(own) < KEPT_MIN_SHARE * len(article):
        return article, rest
    outside = {id(block) for block, kept in zip(shown, inside, strict=True) if not kept}
    return own, [block for block in blocks if block.hidden or id(block) in outside]


def _nearest(before: tuple[bool, bool], here: tuple[bool, bool]) -> tuple[bool, bool]:
    """Carry on whether the last block that is not short was kept."""
    return before if here[1] else here


def _is_article(article: str, rest: list[Block]) -> bool:
    """Tell whether *article* is the page's text, and *rest* what stands around it.

    Navigation is made of links and short lines. Where prose without links was left out, the
    page is no article but a law, a gazette or a paper, and trafilatura took a part of it.
    """
    prose = sum(
        len(block.text)
        for block in rest
        if len(block.text) >= PROSE_MIN_CHARS
        and not block.beside
        and block.link_chars < PROSE_LINK_SHARE * len(block.text)
    )
    if prose < LOST_PROSE_SHARE * len(article):
        return True
    chars = sum(len(block.text) for block in rest)
    return sum(block.link_chars for block in rest) >= LINKS_SHARE * chars


def _dropped_title(shown: list[Block], metadata: list[Metadatum], main: str) -> str | None:
    """Return the page's own heading where the main text has lost it.

    That is the heading which the page's title repeats; or else its first, which may be a logo.
    """
    headings = [block.text for block in shown if block.tag in {"h1", "h2"} and words(block.text)]
    titles = ["".join(words(named.value)) for named in metadata if named.name in _TITLES]
    named = [text for text in headings if len(words(text)) > 1 and _in_any(text, titles)]
    first = [block.text for block in shown if block.tag == "h1" and words(block.text)]
    title = next(iter(named or first), None)
    if title is None or "".join(words(title)) in "".join(words(main[:3_000])):
        return None
    return title


_TITLES = frozenset(("html.title", "og:title", "jsonld.headline", "citation_title", "dc.title"))


def _in_any(text: str, titles: list[str]) -> bool:
    joined = "".join(words(text))
    return any(joined in title for title in titles)


def warm_up() -> None:
    """See `indexer.extract.preload`."""
    html_metadata.warm_up()
