"""Small files, made by hand."""

import zlib

from indexer.extract import Limits

LIMITS = Limits(text_max_chars=1_000_000, pdf_reader="auto")


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
