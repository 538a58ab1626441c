"""Make the PDF and DOCX files of the sample corpus from the texts in ``source/``.

Each source is a TOML file: options, then ``text``, whose blocks are parted by empty lines.
The first characters of a block say what it is: ``#`` and ``##`` headings,
``^`` a centred line, ``>`` a signature (right), ``---`` a rule; anything else is a
paragraph. A backslash at the end of a line keeps the line break.

Run ``python corpus/make.py``. The same tools and fonts give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypandoc
from fpdf import FPDF, Align, XPos, YPos

HERE = Path(__file__).resolve().parent
MADE = datetime(2024, 1, 1, tzinfo=UTC)
FONT_DIRS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts"))
MARKS = {"## ": "section", "# ": "title", "^ ": "centre", "> ": "right"}


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, centred line, signature or rule."""

    kind: str
    text: str


@dataclass(frozen=True)
class Source:
    """A source text: the name of its file, how it is to be set, what it says."""

    name: str
    form: str
    language: str
    blocks: tuple[Block, ...]
    title: str = ""
    subject: str = ""
    font: str = "DejaVuSerif"
    size: float = 10.5
    leading: float = 1.35
    columns: int = 1
    direction: str = "ltr"
    header: str = ""
    numbered: bool = True


def read_block(text: str) -> Block:
    """Tell the kind of a block by its first characters."""
    lines = [line.strip() for line in text.splitlines()]
    if lines == ["---"]:
        return Block("rule", "")
    joined = " ".join(lines).replace("\\ ", "\n")
    for mark, kind in MARKS.items():
        if joined.startswith(mark):
            return Block(kind, joined.removeprefix(mark))
    return Block("paragraph", joined)


def read_source(path: Path) -> Source:
    """Read the options and the blocks of one source file."""
    options = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = options.pop("text").split("\n\n")
    blocks = tuple(read_block(part) for part in parts if part.strip())
    return Source(name=path.stem, blocks=blocks, **options)


class Sheet(FPDF):
    """A page with an optional running head and a page number."""

    source: Source

    def header(self) -> None:
        """Print the running head, when the source has one."""
        if self.source.header:
            self.set_font(self.source.font, size=8)
            self.cell(0, 6, self.source.header, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(4)

    def footer(self) -> None:
        """Print the page number, when the source is numbered."""
        if self.source.numbered:
            self.set_y(-15)
            self.set_font(self.source.font, size=8)
            self.cell(0, 8, str(self.page_no()), align="C")


def font_file(folder: Path, name: str) -> Path:
    """Find a font file anywhere below the folder."""
    found = sorted(folder.rglob(f"{name}.ttf"))
    if not found:
        raise SystemExit(f"No {name}.ttf below {folder}: install it or give --font-dir.")
    return found[0]


def add_fonts(sheet: Sheet, folder: Path) -> None:
    """Embed the regular and the bold face; only the glyphs used are stored."""
    name = sheet.source.font
    regular = name if name.startswith("DejaVu") else f"{name}-Regular"
    sheet.add_font(name, "", font_file(folder, regular))
    sheet.add_font(name, "B", font_file(folder, f"{name}-Bold"))
    if sheet.source.direction == "rtl":
        sheet.add_font("Latin", "", font_file(folder, "DejaVuSans"))
        sheet.set_fallback_fonts(["Latin"])


def style(block: Block, source: Source) -> tuple[str, float, str]:
    """Weight, size and alignment of a block."""
    plain = "R" if source.direction == "rtl" else "J"
    return {
        "title": ("B", source.size + 3, "C"),
        "section": ("B", source.size + 0.5, plain.replace("J", "L")),
        "centre": ("", source.size, "C"),
        "right": ("", source.size, "L" if source.direction == "rtl" else "R"),
    }.get(block.kind, ("", source.size, plain))


def set_lines(sheet: Sheet, blocks: Iterable[Block]) -> None:
    """Set blocks across the whole width of the page."""
    source = sheet.source
    for block in blocks:
        if block.kind == "rule":
            sheet.line(sheet.l_margin, sheet.y, sheet.w - sheet.r_margin, sheet.y)
            sheet.ln(3)
            continue
        weight, size, align = style(block, source)
        sheet.set_font(source.font, weight, size)
        height = size * 0.3528 * source.leading
        sheet.multi_cell(0, height, block.text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        sheet.ln(height * 0.55)


def set_columns(sheet: Sheet, blocks: Iterable[Block]) -> None:
    """Set blocks in columns, read from the left."""
    source = sheet.source
    with sheet.text_columns(
        ncols=source.columns, gutter=8, text_align="J", line_height=source.leading
    ) as columns:
        for block in blocks:
            if block.kind == "rule":
                continue
            weight, size, align = style(block, source)
            sheet.set_font(source.font, weight, size)
            with columns.paragraph(text_align=Align.coerce(align), bottom_margin=2.2) as paragraph:
                paragraph.write(block.text)


def make_pdf(source: Source, folder: Path, target: Path) -> None:
    """Write one PDF."""
    sheet = Sheet(format="A4")
    sheet.source = source
    sheet.set_creation_date(MADE)
    sheet.set_lang(source.language)
    if source.title:
        sheet.set_title(source.title)
    if source.subject:
        sheet.set_subject(source.subject)
    sheet.set_margins(24, 20, 24)
    sheet.set_auto_page_break(True, margin=22)
    add_fonts(sheet, folder)
    sheet.set_text_shaping(source.direction == "rtl", direction=source.direction)
    sheet.add_page()
    wide, narrow = split_at_rule(source)
    set_lines(sheet, wide)
    if narrow:
        set_columns(sheet, narrow)
    sheet.output(str(target))


def split_at_rule(source: Source) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """In a text with columns, the blocks up to the first rule run across the page."""
    if source.columns == 1:
        return source.blocks, ()
    cut = next(i for i, block in enumerate(source.blocks) if block.kind == "rule") + 1
    return source.blocks[:cut], source.blocks[cut:]


def markdown(source: Source) -> Iterator[str]:
    """Say the blocks in pandoc's Markdown."""
    for block in source.blocks:
        text = block.text.replace("\n", "\\\n")
        match block.kind:
            case "title":
                yield f"# {text}"
            case "section":
                yield f"## {text}"
            case "centre":
                yield f'::: {{custom-style="Centred"}}\n{text}\n:::'
            case "right":
                yield f'::: {{custom-style="Signature"}}\n{text}\n:::'
            case "rule":
                yield "* * *"
            case _:
                yield text


def make_docx(source: Source, target: Path) -> None:
    """Write one DOCX with pandoc."""
    options = [f"--metadata=lang:{source.language}"]
    if source.title:
        options.append(f"--metadata=title:{source.title}")
    if source.subject:
        options.append(f"--metadata=subject:{source.subject}")
    pypandoc.convert_text(
        "\n\n".join(markdown(source)),
        "docx",
        format="markdown-auto_identifiers-fancy_lists-startnum-smart-example_lists",
        outputfile=str(target),
        extra_args=options,
    )


def default_font_dir() -> Path:
    """Pick the first of the usual font folders that exists."""
    return next((folder for folder in FONT_DIRS if folder.is_dir()), FONT_DIRS[0])


def main() -> None:
    """Make every file, or those named."""
    parser = argparse.ArgumentParser(description="Make the PDF and DOCX sample documents.")
    parser.add_argument("names", nargs="*", help="names of sources; all when none is given")
    parser.add_argument("--font-dir", type=Path, default=default_font_dir())
    parser.add_argument("--output", type=Path, default=HERE / "documents")
    args = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = str(int(MADE.timestamp()))
    args.output.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "source").glob("*.toml")):
        if args.names and path.stem not in args.names:
            continue
        source = read_source(path)
        target = args.output / f"{source.name}.{source.form}"
        if source.form == "pdf":
            make_pdf(source, args.font_dir, target)
        else:
            make_docx(source, target)


if __name__ == "__main__":
    main()
