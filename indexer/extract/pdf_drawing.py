"""A page of a PDF as a picture, with words on it boxed."""

import ctypes
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

WIDTHS = (700, 1400)
"""How many pixels wide a picture may be: for a column of text, and for twice as fine screens."""
HEIGHT_MAX_PX = 8_000
BOXES_MAX = 500
_MARK = np.array([255, 232, 140], np.uint16)
"""The colour that what is boxed is multiplied with, as a marker pen does: red, green, blue."""
_PNG = b"\x89PNG\r\n\x1a\n"

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""


def drawn(path: Path, number: int, width: int, words: Iterable[str]) -> bytes:
    """Return page *number*, from 1, as a PNG that is *width* pixels wide, *words* boxed on it.

    IndexError where there is no such page; PdfiumError where it cannot be drawn.
    """
    document = pypdfium2.PdfDocument(path)
    try:
        if not 1 <= number <= len(document):
            raise IndexError(f"there is no page {number}")
        page = document[number - 1]
        wide, high = page.get_size()
        scale = min(width / max(1.0, wide), HEIGHT_MAX_PX / max(1.0, high))
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        pixels = bitmap.to_numpy()[..., :3].copy()
        for left, top, right, bottom in _boxes(page, words, bitmap.width, bitmap.height):
            part = pixels[top:bottom, left:right]
            part[:] = (part.astype(np.uint16) * _MARK // 255).astype(np.uint8)
        return png(pixels)
    finally:
        document.close()


def png(pixels: "np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]") -> bytes:
    """Return pixels (rows, columns, red green blue) as PNG (ISO/IEC 15948).

    Shades of grey take one byte each. Each row is kept as its difference from the one above
    (filter type 2), which packs what pages hold well.
    """
    if (pixels == pixels[..., :1]).all():
        pixels = pixels[..., :1]
    high, wide, depth = pixels.shape
    rows = pixels.reshape(high, wide * depth)
    lines = np.empty((high, wide * depth + 1), np.uint8)
    lines[:, 0] = 2
    lines[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
    head = struct.pack(">IIBBBBB", wide, high, 8, 2 if depth == 3 else 0, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 4)
    return _PNG + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _boxes(page: pypdfium2.PdfPage, words: Iterable[str], width: int, height: int) -> Iterator[Box]:
    """Yield where the words stand on the page as it is drawn."""
    textpage = page.get_textpage()
    left = BOXES_MAX
    for word in dict.fromkeys(words):
        found = textpage.search(word, match_case=False, match_whole_word=True)
        while left and (at := found.get_next()) is not None:
            for place in range(textpage.count_rects(*at)):
                left -= 1
                yield _on_screen(page, textpage.get_rect(place), width, height)


def _on_screen(
    page: pypdfium2.PdfPage, rect: tuple[float, float, float, float], width: int, height: int
) -> Box:
    corners = []
    for x, y in (rect[:2], rect[2:]):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            page, 0, 0, width, height, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        corners.append((across.value, down.value))
    (a, b), (c, d) = corners
    return max(0, min(a, c) - 1), max(0, min(b, d) - 1), max(a, c) + 2, max(b, d) + 2
