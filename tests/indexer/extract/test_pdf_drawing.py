"""Pages of PDFs as pictures."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.pdf_drawing import drawn, png
from tests.indexer.extract.making import pdf

PAGE = [(72, 700, "The Assembly met."), (72, 500, "Another line of the assembly")]


def pixels_of(picture: bytes) -> np.ndarray:
    """Read a PNG of rows with filter 2 back, by the specification and not by our code."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(picture):
        length, kind = struct.unpack_from(">I4s", picture, at)
        body = picture[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length)[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            wide, high, bits, colour, *rest = struct.unpack(">IIBBBBB", body)
            assert (bits, rest) == (8, [0, 0, 0])
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    depth = {0: 1, 2: 3}[colour]
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(high, wide * depth + 1)
    assert (lines[:, 0] == 2).all()
    rows = np.cumsum(lines[:, 1:], axis=0, dtype=np.uint8)
    return np.broadcast_to(rows.reshape(high, wide, depth), (high, wide, 3))


@given(st.integers(1, 7), st.integers(1, 7), st.booleans(), st.randoms(use_true_random=False))
def test_a_png_holds_the_pixels_it_was_made_of(high, wide, grey, chance):
    values = [chance.randrange(256) for _ in range(high * wide * 3)]
    pixels = np.array(values, np.uint8).reshape(high, wide, 3)
    if grey:
        pixels[:] = pixels[..., :1]
    assert (pixels_of(png(pixels)) == pixels).all()


@pytest.mark.parametrize("width", [700, 1400])
def test_a_page_is_as_wide_as_was_asked(tmp_path, width):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGE))
    high, wide, _ = pixels_of(drawn(path, 1, width, [])).shape
    assert (wide, round(high / wide, 2)) == (width, round(792 / 612, 2))


def boxed(path, words) -> list[int]:
    """Return the rows of the page, in points from its foot, where something is boxed."""
    pixels = pixels_of(drawn(path, 1, 612, words)).astype(int)
    coloured = (pixels.max(axis=2) - pixels.min(axis=2)) > 40
    return [792 - row for row in np.flatnonzero(coloured.any(axis=1))]


def test_words_are_boxed_where_they_stand_whatever_their_case(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGE))
    assert boxed(path, []) == []
    assert boxed(path, ["zebra", "Assem"]) == []
    rows = boxed(path, ["Assembly"])
    assert any(695 <= row <= 715 for row in rows)
    assert any(495 <= row <= 515 for row in rows)
    assert all(690 <= row <= 720 or 490 <= row <= 520 for row in rows)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_turn_with_the_page(tmp_path, turn):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGE[:1], page_extra=f"/Rotate {turn}"))
    pixels = pixels_of(drawn(path, 1, 700, ["Assembly"])).astype(int)
    coloured = (pixels.max(axis=2) - pixels.min(axis=2)) > 40
    dark = pixels.max(axis=2) < 100
    assert coloured.any()
    rows, columns = np.nonzero(coloured)
    inside = dark[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert inside.sum() > dark.sum() * 0.3, "the letters stand in the box"


def test_a_page_that_is_not_there(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGE))
    for number in (0, 2, -1):
        with pytest.raises(IndexError):
            drawn(path, number, 700, [])
