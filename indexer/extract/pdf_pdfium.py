"""PDF by pdfium: fast, and right about fonts and right-to-left text."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
import pypdfium2.version
from pypdfium2 import PdfiumError

from indexer.extract import Unreadable
from indexer.extract.pdf_lines import Line, is_garbled, paragraphs, rejoined

READER = "pdfium"
IMAGES_LOOKED_AT = 500
ANNOTATIONS_MAX = 500  # of one page
ANNOTATION_MAX_BYTES = 200_000
OUTLINE_MAX = 1_000
LITTLE_CHARS = 30  # fewer on a page that has fonts: ask pdfminer too
PICTURE_SHARE = 0.5  # of the page: a scan
OCR_DPI = 300  # what tesseract was trained on

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
    is_garbled: bool = False
    """The text is not what is seen: a font's encoding is missing."""
    aside: str = ""
    """What is written in comments and fields on the page."""


_CATALOG = re.compile(rb"(\d{1,10}) (\d{1,5}) obj\s*<<[^>]{0,500}?/Type\s*/Catalog\b")


def mended(path: Path) -> bytes | None:
    """Return a PDF that was cut off with the trailer it lost, which says where its pages are listed.

    None where it lost that list too. Pages that are gone fail when they are read.
    """
    data = path.read_bytes()
    catalogues = _CATALOG.findall(data)
    if not catalogues:
        return None
    number, generation = catalogues[-1]
    return data + b"\nendobj\ntrailer\n<</Root %s %s R>>\n%%%%EOF\n" % (number, generation)


class Pdf:
    """An open PDF. Not for two threads: pdfium is not."""

    def __init__(self, source: Path | bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(source)
        except PdfiumError as error:
            if "password" in str(error).lower():
                raise Unreadable(
                    "the PDF is encrypted and asks for a password", "encrypted"
                ) from error
            raise Unreadable(f"the PDF is damaged and cannot be opened ({error})") from error

    def close(self) -> None:
        """Close the document; its pages are closed as they are read."""
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def metadata(self) -> dict[str, str]:
        """Return the entries of the information dictionary that are not empty."""
        entries = self._document.get_metadata_dict(skip_empty=True)
        return {str(name): str(value) for name, value in entries.items()}

    def outline(self) -> list[str]:
        """Return the titles of the document's outline, in order."""
        try:
            entries = islice(self._document.get_toc(max_depth=6), OUTLINE_MAX)
            return [title for entry in entries if (title := entry.get_title())]
        except (PdfiumError, RecursionError):
            return []

    def page(self, number: int) -> PdfPage:
        """Read one page, counted from 1; never raises for what is on it."""
        try:
            page = self._document[number - 1]
        except PdfiumError as error:
            return PdfPage("", failure=str(error), has_fonts=True)
        try:
            text, garbled = _text(page)
            aside = "\n".join(_annotations(page))
            if len(text.strip()) >= LITTLE_CHARS and not garbled:
                return PdfPage(text, aside=aside)
            return PdfPage(
                text,
                has_fonts=_writes(page),
                is_picture=_is_picture(page),
                is_garbled=garbled,
                aside=aside,
            )
        except PdfiumError as error:
            return PdfPage("", failure=str(error), has_fonts=True)
        finally:
            page.close()

    def picture(self, number: int, pixels_max: int) -> bytes:
        """Return page *number* in shades of grey, as PNM (Netpbm's PGM, binary).

        At 300 dots an inch, or fewer where that were more than *pixels_max*. PdfiumError
        where it cannot be drawn.
        """
        page = self._document[number - 1]
        try:
            wide, high = page.get_size()
            scale = OCR_DPI / 72
            scale *= min(1.0, (pixels_max / max(1.0, wide * high * scale * scale)) ** 0.5)
            bitmap = page.render(scale=scale, grayscale=True)
            head = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height)
            data = bytes(bitmap.buffer)
            if bitmap.stride == bitmap.width:
                return head + data
            rows = range(0, bitmap.stride * bitmap.height, bitmap.stride)
            return head + b"".join(data[row : row + bitmap.width] for row in rows)
        finally:
            page.close()


def _text(page: pypdfium2.PdfPage) -> tuple[str, bool]:
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_range()
        if not text.strip():
            return "", False
        garbled = is_garbled(text)
        return rejoined(paragraphs(list(_lines(textpage, text)))), garbled
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


def _annotations(page: pypdfium2.PdfPage) -> list[str]:
    """Return what comments say and what was filled into fields."""
    found = []
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), ANNOTATIONS_MAX)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) not in _WITHOUT_TEXT:
            keys = (b"Contents", b"V")
            found += [text for key in keys if (text := _string(annotation, key).strip())]
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    return list(dict.fromkeys(found))


_WITHOUT_TEXT = frozenset((pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP))


def _string(annotation: Any, key: bytes) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= ANNOTATION_MAX_BYTES:
        return ""
    buffer = (pdfium_c.FPDF_WCHAR * (size // 2))()
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")


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
    return bool(covered > PICTURE_SHARE * width * height)
