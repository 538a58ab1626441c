"""Office files, books and Markdown: pandoc turns them into HTML, which is read like a page."""

import subprocess
from functools import cache
from pathlib import Path

import pypandoc

from indexer.extract import (
    Extraction,
    Limits,
    MediaType,
    Metadatum,
    Page,
    Unreadable,
    charset,
    containers,
    front_matter,
    office,
)
from indexer.extract.visible import Block, as_text, seen_in, soup_of

OUTPUT_MAX_BYTES = 400 * containers.MIB
ERRORS_MAX_BYTES = 4_096
LOST_SHARE = 0.9  # 2 of 16 real ODT files came out of pandoc empty: tables within tables

# Markdown without the extensions that eat prose: "@" would be a citation, "$5 and $6" a formula,
# "\begin" a command. Read by the CommonMark parser, which is linear.
_MARKDOWN = (
    "commonmark+pipe_tables+footnotes+strikeout+autolink_bare_uris+task_lists+definition_lists"
)
_FORMATS = {
    "text/markdown": _MARKDOWN,
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read a document that pandoc knows: text, headings, tables as lines, metadata."""
    notes: list[str] = []
    metadata: list[Metadatum] = []
    beside: list[str] = []
    if media_type == "text/markdown":
        decoded = charset.decode(path.read_bytes())
        pairs, body = front_matter.split(decoded.text)
        metadata = [Metadatum(f"markdown.{name}", value) for name, value in pairs]
        source = body.encode("utf-8", "replace")
        if decoded.encoding != "utf-8":
            notes.append(f"read as {decoded.encoding}")
    else:
        containers.check(path, doctype_allowed=media_type == "application/epub+zip")
        metadata = office.metadata(path, media_type)
        beside = office.beside(path, media_type)
        source = path.read_bytes()
    own = office.own_paragraphs(path, media_type)
    try:
        blocks = seen_in(soup_of(to_html(source, _FORMATS[media_type]))).blocks
    except Unreadable:
        if not own:
            raise
        blocks = []
    reader = "pandoc"
    if _letters(as_text(blocks)) < LOST_SHARE * sum(map(_letters, own)):
        blocks = [Block(paragraph, "p") for paragraph in own]
        reader = "office"
        notes.append("pandoc lost a part of the text, so it was read without its structure")
    text = as_text(blocks)
    return Extraction(
        status="text",
        media_type=media_type,
        reader=reader,
        reader_version=version() if reader == "pandoc" else "1",
        pages=(Page(1, text, "\n\n".join(beside)),),
        metadata=tuple(metadata),
        headings=tuple(block.text for block in blocks if block.tag in _HEADINGS),
        notes=tuple(notes),
    )


def _letters(text: str) -> int:
    return len("".join(text.split()))


_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))


@cache
def program() -> str:
    """Return the path of the pandoc that came with its wheel."""
    return str(pypandoc.get_pandoc_path())


@cache
def version() -> str:
    """Return pandoc's version. Runs it once in the life of a process and of its forks."""
    return str(pypandoc.get_pandoc_version())


def to_html(source: bytes, form: str) -> str:
    """Return *source*, which is of pandoc's format *form*, as HTML. Raises `Unreadable`.

    pandoc gets the bytes on its standard input, opens no file and no connection.
    """
    command = [program(), "--sandbox", f"--from={form}", "--to=html5", "--wrap=none"]
    command += ["--standalone", "--track-changes=accept"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        output, errors = process.communicate(source)
    if process.returncode != 0:
        said = errors.decode("utf-8", "replace")[-ERRORS_MAX_BYTES:].strip()
        raise Unreadable(f"pandoc could not read the file ({said or process.returncode})")
    if len(output) > OUTPUT_MAX_BYTES:
        raise Unreadable("the file is too long to read")
    return output.decode("utf-8", "replace")


def warm_up() -> None:
    """See `indexer.extract.preload`."""
    version()
