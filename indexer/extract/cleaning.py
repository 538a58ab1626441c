"""Text as the archive keeps it: one place where every reader's text is cleaned and measured."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from indexer.extract import Extraction, Limits, Metadatum, Page

METADATA_MAX = 500  # no page of 800 real ones had more than 180
VALUE_MAX_CHARS = 4_000
HEADINGS_MAX = 2_000
HEADING_MAX_CHARS = 1_000
REASON_MAX_CHARS = 500

# C0 but newline and tab, C1, surrogates, bidi embeddings, overrides and isolates, byte order
# marks and other non-characters. U+200E, U+200F and the joiners stay: they belong to the text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028]")
_TRAILING = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]++(?=\n)")  # linear on a line of spaces
_BLANK_LINES = re.compile(r"\n{3,}")
_MARKS_MAX = 30  # as in Unicode's stream-safe text; reordering more is quadratic in Python


def clean(text: str) -> str:
    """Return *text* in NFC, with lines ended by newlines, and nothing in it that is not text.

    Soft hyphens stay. At most one blank line stands between two lines. Linear time.
    """
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text = _UNWANTED.sub("", text)
    text = nfc(text)
    text = _TRAILING.sub("", text)
    return _BLANK_LINES.sub("\n\n", text).strip("\n").rstrip()


def nfc(text: str) -> str:
    """Return *text* in NFC; runs of more than 30 combining marks are cut to 30."""
    if text.isascii():
        return text
    marks = "".join(sign for sign in set(text) if unicodedata.combining(sign))
    if marks:
        run = re.compile(f"([{re.escape(marks)}]{{{_MARKS_MAX}}})[{re.escape(marks)}]+")
        text = run.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Return *text* cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())


def cleaned(extraction: Extraction, limits: Limits) -> Extraction:
    """Return *extraction* with all its text cleaned and no longer than the limits allow.

    A status of `text` becomes `no_text` where nothing is left, and `partial` where some was cut.
    """
    pages, cut = _within(extraction.pages, limits.text_max_chars)
    status, reason = extraction.status, extraction.reason
    if status in {"text", "partial"} and not any(page.text or page.aside for page in pages):
        status, reason = "no_text", reason or "the file was read and holds no text"
    if cut:
        cut_reason = f"the text was cut after {limits.text_max_chars:,} characters"
        status, reason = "partial", f"{reason}; {cut_reason}" if reason else cut_reason
    return replace(
        extraction,
        status=status,
        pages=pages,
        metadata=tuple(_metadata(extraction.metadata)),
        headings=tuple(_headings(extraction.headings)),
        reason=clean_line(reason)[:REASON_MAX_CHARS],
        notes=tuple(clean_line(note)[:REASON_MAX_CHARS] for note in extraction.notes),
    )


def _within(pages: Iterable[Page], room: int) -> tuple[tuple[Page, ...], bool]:
    kept = []
    cut = False
    for page in pages:
        text, aside = page.text, page.aside
        # Cut before cleaning too: cleaning a text that will be thrown away is wasted memory.
        if len(text) > 2 * room or len(aside) > 2 * room:
            cut = True
        text, aside = clean(text[: 2 * room]), clean(aside[: 2 * room])
        if len(text) + len(aside) > room:
            cut = True
            text = text[:room]
            aside = aside[: room - len(text)]
        room -= len(text) + len(aside)
        kept.append(replace(page, text=text, aside=aside))
    return tuple(kept), cut


def _metadata(metadata: Iterable[Metadatum]) -> Iterable[Metadatum]:
    seen: set[tuple[str, str]] = set()
    for metadatum in metadata:
        name, value = clean_line(metadatum.name)[:100], clean_line(metadatum.value)
        value = value[:VALUE_MAX_CHARS]
        if value and (name, value) not in seen and len(seen) < METADATA_MAX:
            seen.add((name, value))
            yield Metadatum(name, value)


def _headings(headings: Iterable[str]) -> Iterable[str]:
    lines = [line for heading in headings if (line := clean_line(heading)[:HEADING_MAX_CHARS])]
    return lines[:HEADINGS_MAX]
