"""Small files, made by hand."""

import struct
import zlib

import pypdfium2

from indexer.extract import Limits

LIMITS = Limits(text_max_chars=1_000_000, pdf_reader="auto")


def picture(text: str, *, dpi: int = 150) -> tuple[int, int, bytes]:
    """Return (width, height, shades of grey) of a page with lines of *text*."""
    lines = [(72.0, 700.0 - 24 * n, line) for n, line in enumerate(text.splitlines())]
    page = pypdfium2.PdfDocument(pdf(lines, size=16))[0]
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    rows = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    data = bytes(bitmap.buffer)
    return (
        bitmap.width,
        bitmap.height,
        b"".join(data[row : row + bitmap.width] for row in rows),
    )


def png(text: str) -> bytes:
    """Return a PNG of a page with *text*."""
    wide, high, grey = picture(text)
    rows = b"".join(b"\0" + grey[n : n + wide] for n in range(0, wide * high, wide))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff(*texts: str) -> bytes:
    """Return a TIFF with a page for each of the *texts*."""
    out = bytearray(b"II*\0\0\0\0\0")
    link = 4
    for text in texts:
        wide, high, grey = picture(text)
        at = len(out)
        out += grey + b"\0" * (len(grey) % 2)
        struct.pack_into("<I", out, link, len(out))
        entries = [(256, wide), (257, high), (258, 8), (259, 1), (262, 1), (273, at), (277, 1), (278, high), (279, len(grey))]  # fmt: skip
        out += struct.pack("<H", len(entries))
        out += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        link = len(out)
        out += b"\0\0\0\0"
    return bytes(out)


def scan(*texts: str) -> bytes:
    """Return a PDF whose pages are pictures of the *texts*."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for text in texts:
        wide, high, grey = picture(text)
        image = zlib.compress(grey)
        draw = b"q 612 0 0 792 0 0 cm /Im Do Q"
        first = len(objects) + 1
        objects += [
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
            b"/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (wide, high, len(image), image),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(draw), draw),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</XObject<</Im %d 0 R>>>>>>" % (first + 1, first),
        ]  # fmt: skip
        kids.append(b"%d 0 R" % (first + 2))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out = bytearray(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return bytes(out + b"trailer <</Root 1 0 R>>\n%%EOF\n")


def pdf(
    *pages: list[tuple[float, float, str]],
    size: float = 12,
    font: str = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding",
    picture: bool = False,
    trailer: str = "",
    extra: list[bytes] | None = None,
    page_extra: str = "",
    raw: str = "",
) -> bytes:
    """Return a PDF of pages of (x, y, text); *picture* covers each page; *extra* are objects from 5 on."""
    extra = extra or []
    objects: list[bytes] = [b"", b"", f"<<{font}>>".encode()]
    image = zlib.compress(b"\xff" * 3)
    objects.append(
        b"<</Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB"
        b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream"
        % (len(image), image)
    )
    objects += extra
    kids = []
    for lines in pages:
        drawn = "q 612 0 0 792 0 0 cm /Im Do Q\n" if picture else ""
        for x, y, text in lines:
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            drawn += f"BT /F {size} Tf {x} {y} Td ({escaped}) Tj ET\n"
        content = zlib.compress((drawn + raw).encode("cp1252"))
        objects.append(
            b"<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream" % (len(content), content)
        )
        number = len(objects) + 1
        kids.append(number)
        objects.append(
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number - 1} 0 R {page_extra}"
            "/Resources <</Font <</F 3 0 R>> /XObject <</Im 4 0 R>>>>>>".encode()
        )
    objects[0] = b"<</Type /Catalog /Pages 2 0 R>>"
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<</Type /Pages /Kids [{listed}] /Count {len(kids)}>>".encode()
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer <</Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
