"""Pictures: how large they are, and their text where OCR is asked for."""

import struct
from collections.abc import Iterator
from pathlib import Path

from indexer.extract import Extraction, Gap, Limits, MediaType, Unreadable, ocr

HEAD_BYTES = 1_048_576  # a JPEG may carry a preview and colour tables before its size
DIRECTORIES_MAX = 10_000


def read(path: Path, media_type: MediaType, limits: Limits) -> Extraction:
    """Say how large the picture is, in pixels, and of a TIFF how many pages it has.

    Its text is recognised where the limits name languages; else it needs OCR.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    notes = []
    size = size_of(head, media_type)
    if size is not None:
        notes.append(f"{size[0]} × {size[1]} pixels")
    if media_type == "image/tiff" and (pages := sum(1 for _ in _directories(head))) > 1:
        notes.append(f"{pages} pages or more")
    if limits.ocr:
        return _recognised(path, media_type, limits.ocr, size, notes)
    return Extraction(
        status="needs_ocr",
        media_type=media_type,
        reader="image",
        reader_version="1",
        reason="the file is a picture and needs OCR",
        notes=tuple(notes),
        gaps=(Gap(1, "picture"),),
    )


def _recognised(
    path: Path,
    media_type: MediaType,
    languages: str,
    size: tuple[int, int] | None,
    notes: list[str],
) -> Extraction:
    if size is not None and size[0] * size[1] > ocr.PIXELS_MAX:
        raise Unreadable(
            f"the picture has {size[0]} × {size[1]} pixels, too many to recognise its text; "
            "add a smaller copy beside it",
            "needs_ocr",
        )
    pages = tuple(
        ocr.page_of(found, found.number) for found in ocr.recognise(path.read_bytes(), languages)
    )
    some = any(page.text for page in pages)
    return Extraction(
        status="text" if some else "no_text",
        media_type=media_type,
        reader=ocr.READER,
        reader_version=ocr.version(),
        pages=pages,
        paged=len(pages) > 1,
        reason="" if some else "no text was recognised in the picture",
        notes=(*notes, ocr.note_of(pages, languages)),
    )


def size_of(head: bytes, media_type: str) -> tuple[int, int] | None:
    """Return width and height, out of the first bytes of a picture; None where they do not say."""
    try:
        match media_type:
            case "image/png":
                return struct.unpack_from(">II", head, 16)
            case "image/gif":
                return struct.unpack_from("<HH", head, 6)
            case "image/bmp":
                width, height = struct.unpack_from("<ii", head, 18)
                return width, abs(height)
            case "image/webp":
                return _webp(head)
            case "image/jpeg":
                return _jpeg(head)
            case "image/tiff":
                return _tiff(head)
    except (struct.error, IndexError):
        return None
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    match head[12:16]:
        case b"VP8X":
            wide, high = head[24:27], head[27:30]
            return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        # Every start-of-frame marker; C4, C8 and CC are tables among them.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        if marker == 0xFF or 0xD0 <= marker <= 0xD9:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + max(2, int.from_bytes(head[at + 2 : at + 4], "big"))
    return None


def _directories(head: bytes) -> Iterator[tuple[str, int, int]]:
    """Give byte order, place and number of entries of each directory of a classic TIFF."""
    order = "<" if head[:2] == b"II" else ">"
    if head[2:4] not in {b"*\x00", b"\x00*"} or len(head) < 8:
        return
    (at,) = struct.unpack_from(f"{order}I", head, 4)
    seen: set[int] = set()
    while at and at not in seen and at + 2 <= len(head) and len(seen) < DIRECTORIES_MAX:
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", head, at)
        yield order, at, count
        end = at + 2 + 12 * count
        if end + 4 > len(head):
            return
        (at,) = struct.unpack_from(f"{order}I", head, end)


def _tiff(head: bytes) -> tuple[int, int] | None:
    sizes: dict[int, int] = {}
    for order, at, count in _directories(head):
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(f"{order}HH", head, entry)
            if tag in {256, 257}:
                form = "H" if kind == 3 else "I"
                (sizes[tag],) = struct.unpack_from(f"{order}{form}", head, entry + 8)
        break
    return (sizes[256], sizes[257]) if len(sizes) == 2 else None
