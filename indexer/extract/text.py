"""Plain text, in whatever character set."""

import html
import re
from pathlib import Path

from indexer.extract import Extraction, Limits, MediaType, Page, charset

_ENTITY = re.compile(
    r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|nbsp|laquo|raquo|quot|amp|mdash|ndash|[lr][ds]quo);"
)
PAGES_MAX = 20_000  # more form feeds than that part no pages
ENTITIES_MIN = 3  # one may be the subject of the text


def read(path: Path, media_type: MediaType, limits: Limits) -> Extraction:
    """Read a text file: lines are kept, form feeds part pages."""
    with path.open("rb") as file:
        data = file.read(4 * limits.text_max_chars + 4)  # no character has more bytes
    decoded = charset.decode(data)
    text = decoded.text[: 2 * limits.text_max_chars + 1]  # cut here for memory, there for good
    notes = [] if decoded.encoding == "utf-8" else [f"read as {decoded.encoding}"]
    if decoded.undecoded:
        notes.append(f"{decoded.undecoded} characters could not be decoded")
    if len(_ENTITY.findall(text)) >= ENTITIES_MIN:
        text = html.unescape(text)
        notes.append("HTML entities in the text were resolved")
    text = text.rstrip("\f\r\n ")
    parts = text.split("\f") if text.count("\f") < PAGES_MAX else [text]
    return Extraction(
        status="text",
        media_type=media_type,
        reader="text",
        reader_version="1",
        pages=tuple(Page(number, part) for number, part in enumerate(parts, 1)),
        paged=len(parts) > 1,
        notes=tuple(notes),
    )
