"""PDF by pdfminer.six: slower, sees columns and boxes; the second opinion."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pdfminer
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import IndexAssigner, LAParams, LTPage, LTTextBox, LTTextContainer
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from indexer.extract import Unreadable
from indexer.extract.pdf_lines import is_garbled, logical, rejoined
from indexer.extract.pdf_pdfium import PdfPage

READER = "pdfminer"
VERSION = str(pdfminer.__version__)
BOXES_MAX = 300  # above it, grouping them costs more than it tells: 34 s for 1,338
DEBRIS_MAX_SHARE = 0.05  # of the page's signs: more is a font that was not understood

_DEBRIS = re.compile(r"\(cid:\d+\)")
# It warns of each font that is not quite right; what could not be read is said elsewhere.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

# Boxes first in the order they are drawn; grouped only where they are few.
_UNGROUPED = LAParams(boxes_flow=None, line_margin=0.8)
_GROUPED = LAParams(boxes_flow=-0.5, line_margin=0.8)


class Pdf:
    """An open PDF, read page by page in order, each page at most once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._document = PDFDocument(PDFParser(self._file))
        except PDFPasswordIncorrect as error:
            self._file.close()
            raise Unreadable("the PDF is encrypted and asks for a password", "encrypted") from error
        except MemoryError:
            raise
        except Exception as error:  # pdfminer raises whatever happens to it
            self._file.close()
            raise Unreadable(
                f"the PDF is damaged and cannot be opened ({error or type(error).__name__})"
            ) from error
        self._resources = PDFResourceManager()
        self._pages: Iterator[PDFPage] = PDFPage.create_pages(self._document)
        self._next = 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def metadata(self) -> dict[str, str]:
        """Return the entries of the information dictionary that are text."""
        entries: dict[str, str] = {}
        for dictionary in self._document.info[:3]:
            for name, value in list(dictionary.items())[:100]:
                resolved = resolve1(value)
                if isinstance(resolved, bytes) and (text := decode_text(resolved).strip()):
                    entries[str(name)] = text
        return entries

    def page(self, number: int) -> PdfPage | None:
        """Read page *number*, counted from 1 and greater than the last; None beyond the end."""
        try:
            page = None
            while self._next <= number:
                page = next(self._pages, None)
                if page is None:
                    return None
                self._next += 1
            if page is None:
                return None
            text = self._text(page)
            debris = len(_DEBRIS.findall(text))
            text = _DEBRIS.sub("", text)
            letters = len("".join(text.split()))
            lost = debris > DEBRIS_MAX_SHARE * (debris + letters)
            return PdfPage(rejoined(text), is_garbled=lost or is_garbled(text))
        except MemoryError:
            raise
        except Exception as error:  # as above
            return PdfPage("", failure=f"{type(error).__name__}: {error}")

    def _text(self, page: PDFPage) -> str:
        device = PDFPageAggregator(self._resources, laparams=_UNGROUPED)
        PDFPageInterpreter(self._resources, device).process_page(page)
        layout = device.get_result()
        _group(layout)
        boxes = [box.get_text() for box in layout if isinstance(box, LTTextContainer)]
        return "\n\n".join(_turned(box.strip("\n")) for box in boxes)


def _group(layout: LTPage) -> None:
    """Put the boxes of a page in reading order, where there are not too many."""
    boxes = [box for box in layout if isinstance(box, LTTextBox)]
    if not 1 < len(boxes) < BOXES_MAX:
        return
    assigner = IndexAssigner()
    for group in layout.group_textboxes(_GROUPED, boxes):
        group.analyze(_GROUPED)
        assigner.run(group)
    rest = [item for item in layout if not isinstance(item, LTTextBox)]
    layout._objs = [*sorted(boxes, key=lambda box: box.index), *rest]


def _turned(box: str) -> str:
    lines = box.split("\n")
    return "\n".join(logical(line) for line in lines)
