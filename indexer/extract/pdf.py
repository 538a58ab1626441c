"""PDF: pdfium reads, pdfminer answers for pages where pdfium finds little."""

import mmap
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from lxml import etree
from pypdfium2 import PdfiumError

from indexer.extract import (
    Extraction,
    Gap,
    GapWhy,
    Limits,
    MediaType,
    Metadatum,
    Page,
    Status,
    Unreadable,
    ocr,
    pdf_pdfium,
    pdf_pdfminer,
)
from indexer.extract.pdf_pdfium import PdfPage
from indexer.extract.xml import parser

SECOND_OPINION_CPU_S = 15.0  # for all pages of a file together
XMP_MAX_BYTES = 1_048_576
PAGES_MAX = 20_000
_VERSIONS: dict[str, Callable[[], str]] = {
    pdf_pdfium.READER: lambda: pdf_pdfium.VERSION,
    pdf_pdfminer.READER: lambda: pdf_pdfminer.VERSION,
    ocr.READER: ocr.version,
}


@dataclass(slots=True)
class _Reading:
    """What came of the pages so far, by page number."""

    pages: list[Page] = field(default_factory=list)
    by: dict[str, list[int]] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    """Pictures in which OCR found no text."""
    missing: list[str] = field(default_factory=list)
    """What else is not there, in words for people."""


def read(path: Path, media_type: MediaType, limits: Limits) -> Extraction:
    """Read a PDF page by page with the reader that the limits name."""
    if limits.pdf_reader == "pdfminer":
        return _by_pdfminer(path, media_type, limits)
    cut_off = False
    try:
        document = pdf_pdfium.Pdf(path)
    except Unreadable as error:
        if error.status == "encrypted":
            raise
        try:
            document, cut_off = _mended(path), True
        except Unreadable:
            if limits.pdf_reader == "pdfium":
                raise error from None
            return _by_pdfminer(path, media_type, limits)
    second = _SecondOpinion(path if limits.pdf_reader == "auto" else None)
    with closing(document), closing(second):
        reading = _both(document, second, limits.text_max_chars)
        if limits.ocr:
            _recognise(document, reading, limits.ocr)
        if cut_off:
            reading.missing.append("the end of the file is missing, and pages may be with it")
        metadata = [Metadatum(f"pdf.{name}", value) for name, value in document.metadata().items()]
        headings = tuple(document.outline())
    return replace(_extraction(path, media_type, reading, metadata, limits.ocr), headings=headings)


def _mended(path: Path) -> pdf_pdfium.Pdf:
    mended = pdf_pdfium.mended(path)
    if mended is None:
        raise Unreadable("the PDF is damaged: it does not say where its pages are")
    return pdf_pdfium.Pdf(mended)


def _both(document: pdf_pdfium.Pdf, second: "_SecondOpinion", room: int) -> _Reading:
    reading = _Reading()
    if len(document) > PAGES_MAX:
        reading.missing.append(f"the pages after page {PAGES_MAX:,} were not read")
    for number in range(1, min(len(document), PAGES_MAX) + 1):
        seen = document.page(number)
        by = pdf_pdfium.READER
        little = len(seen.text.strip()) < pdf_pdfium.LITTLE_CHARS
        if seen.is_garbled or (little and (seen.has_fonts or seen.failure)):
            other = second.of(number)
            if other is not None and _is_better(other, seen):
                seen = replace(other, aside=seen.aside, is_picture=seen.is_picture)
                by = pdf_pdfminer.READER
        _note(reading, number, seen, by)
        room -= len(seen.text)
        if room < 0:
            break
    return reading


def _recognise(document: pdf_pdfium.Pdf, reading: _Reading, languages: str) -> None:
    """Have the pages recognised whose text is missing; those where that fails keep missing it."""
    places = {page.number: place for place, page in enumerate(reading.pages)}
    for kind in (reading.pictures, reading.garbled, reading.failed):
        for number in tuple(kind):
            try:
                picture = document.picture(number, ocr.PIXELS_MAX)
                found = ocr.of_page(number, picture, languages)
            except (PdfiumError, Unreadable):
                continue
            kind.remove(number)
            before = reading.pages[places[number]]
            reading.pages[places[number]] = replace(found, aside=before.aside)
            if found.text:
                reading.by.setdefault(ocr.READER, []).append(number)
            else:
                reading.empty.append(number)


def _is_better(other: PdfPage, seen: PdfPage) -> bool:
    if other.is_garbled or not other.text.strip():
        return False
    return seen.is_garbled or len(other.text.strip()) > len(seen.text.strip())


class _SecondOpinion:
    """pdfminer, opened only when it is asked, and only for so long."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._document: pdf_pdfminer.Pdf | None = None
        self._spent_s = 0.0

    def of(self, number: int) -> PdfPage | None:
        """Return what pdfminer reads on the page, or None where it may not or cannot."""
        if self._path is None or self._spent_s > SECOND_OPINION_CPU_S:
            return None
        began = time.process_time()
        try:
            if self._document is None:
                self._document = pdf_pdfminer.Pdf(self._path)
            return self._document.page(number)
        except Unreadable:
            self._path = None
            return None
        finally:
            self._spent_s += time.process_time() - began

    def close(self) -> None:
        """Close the document, if it was opened."""
        if self._document is not None:
            self._document.close()


def _by_pdfminer(path: Path, media_type: MediaType, limits: Limits) -> Extraction:
    reading = _Reading()
    room = limits.text_max_chars
    with closing(pdf_pdfminer.Pdf(path)) as document:
        for number in range(1, PAGES_MAX + 1):
            page = document.page(number)
            if page is None:
                break
            _note(reading, number, page, pdf_pdfminer.READER)
            room -= len(page.text)
            if room < 0:
                break
        metadata = [Metadatum(f"pdf.{name}", value) for name, value in document.metadata().items()]
    return _extraction(path, media_type, reading, metadata)


def _note(reading: _Reading, number: int, page: PdfPage, by: str) -> None:
    if page.is_garbled:
        # Figures and names in it may be right: searchable, but not shown as the text.
        reading.pages.append(Page(number, "", f"{page.aside}\n\n{page.text}"))
        reading.garbled.append(number)
        return
    reading.pages.append(Page(number, page.text, page.aside))
    if page.text.strip():
        reading.by.setdefault(by, []).append(number)
    if page.failure:
        reading.failed.append(number)
    elif page.is_picture and len(page.text.strip()) < pdf_pdfium.LITTLE_CHARS:
        reading.pictures.append(number)


def _extraction(
    path: Path,
    media_type: MediaType,
    reading: _Reading,
    metadata: list[Metadatum],
    languages: str = "",
) -> Extraction:
    count = len(reading.pages)
    written = sum(map(len, reading.by.values()))
    reader = max(reading.by, key=lambda name: len(reading.by[name]), default=pdf_pdfium.READER)
    missing = reading.missing
    if reading.failed:
        missing.append(f"{_pages(reading.failed)} could not be read")
    if reading.pictures:
        one = len(reading.pictures) == 1
        missing.append(
            f"{_pages(reading.pictures)} {'has no text and needs' if one else 'have no text and need'} OCR"
        )
    if reading.garbled:
        one = len(reading.garbled) == 1
        missing.append(
            f"the text layer of {_pages(reading.garbled)} is garbled, so {'it needs' if one else 'they need'} OCR"
        )
    if not count:
        raise Unreadable("the PDF has no page that can be found")
    status: Status = "text"
    if not written:
        status = _without_text(reading)
    elif missing:
        status = "partial"
    reason = "; ".join(missing) or ("" if written else "the pages hold no text")
    notes = [
        f"{_pages(numbers)} read by {name}"
        for name, numbers in reading.by.items()
        if name not in {reader, ocr.READER} or name == pdf_pdfminer.READER
    ]
    if recognised := reading.by.get(ocr.READER):
        confidence = ocr.note_of(reading.pages, languages)
        notes.append(f"{_pages(sorted(recognised))} {confidence}")
    if reading.empty:
        notes.append(f"{_pages(sorted(reading.empty))}: no text was recognised")
    return Extraction(
        status=status,
        media_type=media_type,
        reader=reader,
        reader_version=_VERSIONS[reader](),
        pages=tuple(reading.pages),
        paged=True,
        metadata=(*metadata, *xmp(path)),
        reason=reason,
        notes=tuple(notes),
        gaps=_gaps(reading),
    )


def _gaps(reading: _Reading) -> tuple[Gap, ...]:
    kinds: dict[GapWhy, list[int]] = {
        "picture": reading.pictures,
        "garbled": reading.garbled,
        "failed": reading.failed,
    }
    found = [Gap(number, why) for why, numbers in kinds.items() for number in numbers]
    return tuple(sorted(found, key=lambda gap: gap.page))


def _without_text(reading: _Reading) -> Status:
    if reading.failed:
        return "unreadable"
    return "needs_ocr" if reading.pictures or reading.garbled else "no_text"


def _pages(numbers: list[int]) -> str:
    """Return page numbers for people: `page 3`, `pages 1-4, 9`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    shown = ", ".join("-".join(map(str, run)) for run in runs[:20])
    more = " and others" if len(runs) > 20 else ""
    return f"page{'s' if len(numbers) > 1 else ''} {shown}{more}"


_PACKET = re.compile(rb"<x:x[am]pmeta\b")
_PACKET_END = re.compile(rb"</x:x[am]pmeta>")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://prismstandard.org/namespaces/basic/2.1/": "prism",
}
PACKETS_MAX = 200


def xmp(path: Path) -> list[Metadatum]:
    """Return the document's XMP metadata as `xmp.dc:title` and so on, where it is not compressed.

    A PDF may hold packets of its pictures too: the document's is the last that names a
    PDF producer or the format, or that stands alone.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        packets = []
        for begin in islice(_PACKET.finditer(data), PACKETS_MAX):
            end = _PACKET_END.search(data, begin.start(), begin.start() + XMP_MAX_BYTES)
            if end is not None:
                packets.append(data[begin.start() : end.end()])
    own = [
        packet for packet in packets if b"application/pdf" in packet or b"pdf:Producer" in packet
    ]
    chosen = own[-1:] or (packets if len(packets) == 1 else [])
    return [metadatum for packet in chosen for metadatum in _of_packet(packet)]


def _of_packet(packet: bytes) -> Iterator[Metadatum]:
    try:
        root = etree.fromstring(packet, parser())
    except etree.XMLSyntaxError:
        return
    for description in root.iter(f"{_RDF}Description"):
        for key, value in description.attrib.items():
            if name := _xmp_name(str(key)):
                yield Metadatum(name, str(value))
        for element in description:
            if isinstance(element.tag, str) and (name := _xmp_name(element.tag)):
                items = [item.text for item in element.iter(f"{_RDF}li") if item.text]
                for value in items or [element.text or ""]:
                    yield Metadatum(name, value)


def _xmp_name(tag: str) -> str | None:
    name = etree.QName(tag)
    prefix = _PREFIXES.get(name.namespace or "")
    return f"xmp.{prefix}:{name.localname}" if prefix else None
