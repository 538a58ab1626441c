"""PDF by pdfium: fast, and right about fonts and right-to-left text."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.version
import pypdfium2.raw as pdfium_c
from pypdfium2 import PdfiumError

from indexer.extract import Unreadable
from indexer.extract.pdf_lines import Line, paragraphs, rejoined

READER = "pdfium"
IMAGES_LOOKED_AT = 500
OBJECTS_LOOKED_AT = 3_000
PICTURE_SHARE = 0.5  # of the page: a scan

VERSION = str(pypdfium2.version.PYPDFIUM_INFO)


# pdfium writes a hyphen at a line's end as U+FFFE and leaves the line break out.
_LINE = re.compile("[^\n\ufffe]*(?:\ufffe\r?\n?|\n|$)")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page as a reader saw it."""

    text: str
    failure: str = ""
    has_fonts: bool = False
    """Something is written on the page, whether or not it could be read."""
    is_picture: bool = False
    """A picture covers most of it."""


class Pdf:
    """An open PDF. Not for two threads: pdfium is not."""

    def __init__(self, path: Path) -> None:
        try:
            self._document = pypdfium2.PdfDocument(path)
        except PdfiumError as error:
            if "password" in str(error).lower():
                raise Unreadable("the PDF is encrypted and asks for a password", "encrypted") from error
            raise Unreadable(f"pdfium cannot open the PDF ({error})") from error

    def __len__(self) -> int:
        return len(self._document)

    def metadata(self) -> dict[str, str]:
        """Return the entries of the information dictionary that are not empty."""
        entries = self._document.get_metadata_dict(skip_empty=True)
        return {str(name): str(value) for name, value in entries.items()}

    def page(self, number: int) -> PdfPage:
        """Read one page, counted from 1; never raises for what is on it."""
        try:
            page = self._document[number - 1]
        except PdfiumError as error:
            return PdfPage("", failure=str(error), has_fonts=True)
        try:
            text = _text(page)
            if len(text.strip()) >= 30:
                return PdfPage(text)
            return PdfPage(text, has_fonts=_writes(page), is_picture=_is_picture(page))
        except PdfiumError as error:
            return PdfPage("", failure=str(error), has_fonts=True)
        finally:
            page.close()


def _text(page: pypdfium2.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_range()
        if not text.strip():
            return ""
        return rejoined(paragraphs(list(_lines(textpage, text))))
    finally:
        textpage.close()


def _lines(textpage: pypdfium2.PdfTextPage, text: str) -> Iterator[Line]:
    """Give the page's lines, each with where it stands: three calls a line, not one a letter."""
    for match in _LINE.finditer(text):
        line = match[0].rstrip("\r\n\t ")
        stripped = line.lstrip("\t ")
        if not stripped:
            continue
        first = match.start() + len(line) - len(stripped)
        last = match.start() + len(line) - 1
        left, base = _origin(textpage, first)
        right, _ = _origin(textpage, last)
        yield Line(stripped, min(left, right), max(left, right), base)


def _origin(textpage: pypdfium2.PdfTextPage, text_index: int) -> tuple[float, float]:
    index = pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, text_index)
    x, y = ctypes.c_double(), ctypes.c_double()
    if index < 0 or not pdfium_c.FPDFText_GetCharOrigin(textpage, index, x, y):
        return 0.0, 0.0
    return x.value, y.value


def _writes(page: pypdfium2.PdfPage) -> bool:
    objects = page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_TEXT,), max_depth=3)
    return next(iter(objects), None) is not None


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    width, height = page.get_size()
    covered = 0.0
    images = page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
    for count, image in enumerate(images):
        if count >= IMAGES_LOOKED_AT:
            break
        left, bottom, right, top = image.get_bounds()
        wide = max(0.0, min(right, width) - max(left, 0.0))
        high = max(0.0, min(top, height) - max(bottom, 0.0))
        covered += wide * high
    return covered > PICTURE_SHARE * width * height
