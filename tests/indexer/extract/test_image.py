"""Pictures: how large they are, out of their first bytes."""

import struct

import pytest

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10 + b"\xff\xc4\x00\x04\x00\x00"
    b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", 600, 800) + b"\x03"
)
TIFF = b"II*\x00" + struct.pack("<IHHHIIHHIIIHI", 8, 2, 256, 3, 1, 800, 257, 4, 1, 600, 38, 0, 0)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 800, 600), "image/png"),
        (b"GIF89a" + struct.pack("<HH", 800, 600), "image/gif"),
        (b"BM" + struct.pack("<IIIIii", 30, 0, 0, 40, 800, -600) + b"\0\0\0\0", "image/bmp"),
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + b"\x1f\x03\0\x57\x02\0", "image/webp"),
        (JPEG, "image/jpeg"),
        (TIFF, "image/tiff"),
    ],
)
def test_a_picture_needs_ocr_and_its_size_is_noted(read, content, media_type):
    extraction = read(content)
    assert (extraction.status, extraction.media_type) == ("needs_ocr", media_type)
    assert extraction.reason == "the file is a picture and needs OCR"
    assert "800 × 600 pixels" in extraction.notes


@pytest.mark.parametrize(
    "head", [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*\xff"]
)
def test_a_picture_that_is_cut_off_is_a_picture_still(read, head):
    assert read(head).status == "needs_ocr"


def test_a_tiff_whose_pages_go_in_a_circle_ends(read):
    circle = b"II*\x00" + struct.pack("<IHI", 8, 0, 8)
    assert read(circle).status == "needs_ocr"
