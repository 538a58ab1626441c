"""A PDF of many pages, to be put in by benchmarks."""

import re
import textwrap
from collections.abc import Sequence


def pdf_of(pages: Sequence[str]) -> bytes:
    """Return a PDF with a page for each text, in lines of Helvetica (ISO 32000-1, 7.5)."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    kids = []
    for text in pages:
        plain = re.sub(r"[^ -~]", "?", text).translate({ord(c): f"\\{c}" for c in "()\\"})
        lines = "".join(f"({line}) Tj T* " for line in textwrap.wrap(plain, 95)[:60])
        stream = f"BT /F1 9 Tf 11 TL 40 760 Td {lines}ET".encode()
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (len(objects) + 2)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    file, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF"
    return (
        bytes(file) + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()
    )
