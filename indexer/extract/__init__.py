"""From a file to its text by page: what a reader returns, and which reader reads what.

A reader is one file with one function `read`. It runs in the limited child
process of `indexer.reading`, and nowhere else.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NewType, TypeAlias, get_args

MediaType = NewType("MediaType", str)
"""As in `text/html`, lower case, without parameters."""

Status = Literal[
    "text",
    "partial",
    "no_text",
    "needs_ocr",
    "encrypted",
    "unsupported",
    "unreadable",
    "over_limit",
]
"""What reading a file came to.

text: all of it. partial: some; `reason` says what is missing. no_text: the file
was read and holds none. needs_ocr: its pages are pictures. encrypted: a password
is asked for. unsupported: no reader for this type (or the program it needs is not
installed). unreadable: the reader failed. over_limit: the reader was stopped for
time, memory or size. Every one of them is kept; none is silent.
"""
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page, or of the whole document where the format has no pages."""

    number: int
    """From 1, as the format counts, not as printed."""
    text: str
    """Paragraphs apart by a blank line; a line break inside a paragraph is a line of the
    original. NFC; no NUL, C0 (but newline and tab), surrogate or bidi-override character."""
    aside: str = ""
    """The rest of the page: navigation, headers and the like; searchable at a low weight."""
    confidence: int | None = None
    """How sure OCR is of the text, 0 to 100; None where the text was read and not recognised."""


GapWhy = Literal["picture", "garbled", "failed"]
"""picture: the page is one and was not recognised. garbled: its text layer is not what is seen.
failed: the reader failed on it."""
GAPS: tuple[GapWhy, ...] = get_args(GapWhy)


@dataclass(frozen=True, slots=True)
class Gap:
    """A page whose text is missing."""

    page: int
    why: GapWhy


@dataclass(frozen=True, slots=True)
class Metadatum:
    """One thing that a file says of itself, as written there."""

    name: str
    """With its vocabulary: `dc.title`, `og:title`, `jsonld.datePublished`, `citation_title`,
    `html.title`, `html.lang`, `pdf.Title`, `xmp.dc:title`, `akn.FRBRdate`, `tei.title`,
    `mail.subject`, `mail.date`, `office.title`, `trafilatura.title`, `htmldate.published` …"""
    value: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reader found in one file."""

    status: Status
    media_type: MediaType
    """Found by looking at the bytes; the file's name was only a hint."""
    reader: str
    """Who spoke, as in `pdfium` or `trafilatura`; empty where nobody did."""
    reader_version: str
    pages: tuple[Page, ...] = ()
    paged: bool = False
    """True where pages are the format's own, so that a passage is cited by page."""
    metadata: tuple[Metadatum, ...] = ()
    """In the order of the file; names may repeat."""
    headings: tuple[str, ...] = ()
    """Headings as the format marks them, in order; the first is usually a title."""
    reason: str = ""
    """For people: why the status is not `text`. Empty where it is."""
    notes: tuple[str, ...] = ()
    """What else a person should know, as in `3 pages read by pdfminer`."""
    gaps: tuple[Gap, ...] = ()
    """Pages whose text is missing, in order."""

    @property
    def text(self) -> str:
        """The text of all pages, pages apart by a form feed."""
        return "\f".join(page.text for page in self.pages)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader is told of the settings; the child process knows no others."""

    text_max_chars: int
    """Text and aside together; what is beyond it is cut, and the extraction says so."""
    pdf_reader: str
    """`auto`, `pdfium` or `pdfminer`."""
    ocr: str = ""
    """What tesseract is to recognise pictures by, as in `eng+aze`; empty: they stay pictures."""


Reader: TypeAlias = Callable[[Path, MediaType, Limits], Extraction]
"""The function `read` of a reader's file.

It gets the file, the type that was found in its bytes, and the limits. It may trust
that the file is there and not empty. It returns what it found, page by page where the
format has pages, and need not clean text: `extract` does. It raises `Unreadable`, with a
sentence for people, where it knows what is wrong; any other exception is a failed reader.
It writes nothing, opens no other file and no connection, and neither recurses nor takes
more than linear time on the depth or size of what it reads.
"""


class Unreadable(Exception):
    """What is in the file cannot be read; the message says why, to an archivist."""

    def __init__(self, reason: str, status: Status = "unreadable") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status: Status = status


# The whole list of what can be read. A new format is a file beside this one and a line here.
READERS: dict[str, str] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/plain": "text",
    "text/markdown": "pandoc",
    "application/rtf": "rtf",
    "application/epub+zip": "pandoc",
    "application/vnd.oasis.opendocument.text": "pandoc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "pandoc",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pandoc",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "pandoc",
    "application/msword": "doc",
    "message/rfc822": "mail",
    "multipart/related": "mail",
    "application/xml": "xml",
    "application/akn+xml": "xml",
    "application/tei+xml": "xml",
    "image/png": "image",
    "image/jpeg": "image",
    "image/tiff": "image",
    "image/gif": "image",
    "image/webp": "image",
    "image/bmp": "image",
}


def reader_of(media_type: MediaType) -> Reader | None:
    """Return the reader of *media_type*, or None where there is none."""
    module = READERS.get(media_type)
    if module is None:
        return None
    read: Reader = importlib.import_module(f"{__name__}.{module}").read
    return read


def preload() -> None:
    """Import every reader and what it needs, so that a fork has it already: three seconds, once.

    Starts no thread, and no process but pandoc and antiword,
    which are asked for their versions.
    """
    for module in sorted(set(READERS.values())):
        reader = importlib.import_module(f"{__name__}.{module}")
        warm_up: Callable[[], object] = getattr(reader, "warm_up", lambda: None)
        warm_up()


def extract(path: Path, name: str, *, limits: Limits) -> Extraction:
    """Read the file at *path*, whose user-given name is *name* (a hint, never a path).

    What the file is, is found by looking into it. The answer's text, metadata and headings
    are clean as `Page` promises, whichever reader spoke. A file that cannot be read gives
    an extraction that says so. Only `MemoryError` leaves this function, and whatever
    the limits of the process bring about: call it in a process that may be killed.
    """
    from indexer.extract import cleaning, sniff  # they import this module

    found = sniff.look_into(path, name)
    if found.refusal is not None:
        return cleaning.cleaned(found.refusal, limits)
    read = reader_of(found.media_type)
    if read is None:
        raise AssertionError(f"sniff found {found.media_type}, which READERS has not")
    try:
        extraction = read(path, found.media_type, limits)
    except Unreadable as error:
        extraction = failed(found.media_type, error.reason, error.status)
    except MemoryError:
        raise  # the parent says over_limit, and why
    except Exception as error:
        extraction = failed(
            found.media_type, f"the reader failed on this file ({type(error).__name__}: {error})"
        )
    if found.notes:
        extraction = replace(extraction, notes=(*found.notes, *extraction.notes))
    return cleaning.cleaned(extraction, limits)


def failed(media_type: MediaType, reason: str, status: Status = "unreadable") -> Extraction:
    """Return the extraction of a file out of which no text came, and why."""
    return Extraction(
        status=status, media_type=media_type, reader="", reader_version="", reason=reason
    )
