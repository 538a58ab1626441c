"""The text of pictures."""

from dataclasses import replace

import pytest

from indexer.extract import Gap, extract, ocr
from tests.indexer.extract.making import LIMITS, pdf, png, scan, tiff

pytestmark = pytest.mark.skipif(not ocr.installed(), reason="tesseract is not installed")

ENGLISH = replace(LIMITS, ocr="eng")
ACT = "The Assembly adopts\nthe following resolution"


def _read(tmp_path, name, content, limits=ENGLISH):
    path = tmp_path / name
    path.write_bytes(content)
    return extract(path, name, limits=limits)


def test_a_picture_is_read_with_its_confidence(tmp_path):
    found = _read(tmp_path, "act.png", png(ACT))
    assert (found.status, found.reader, found.gaps) == ("text", "tesseract", ())
    [page] = found.pages
    assert page.text == ACT
    assert page.confidence is not None
    assert page.confidence > 80
    assert any("recognised by tesseract (eng), confidence" in note for note in found.notes)


def test_a_tiff_is_read_page_by_page(tmp_path):
    found = _read(tmp_path, "acts.tiff", tiff(ACT, "Second page of the act"))
    assert found.paged
    assert [(page.number, page.text) for page in found.pages] == [
        (1, ACT),
        (2, "Second page of the act"),
    ]


def test_a_scanned_pdf_is_read_page_by_page(tmp_path):
    found = _read(tmp_path, "scan.pdf", scan(ACT, "Second page of the act"))
    assert (found.status, found.reader, found.gaps) == ("text", "tesseract", ())
    assert [(page.number, page.text) for page in found.pages] == [
        (1, ACT),
        (2, "Second page of the act"),
    ]
    assert all(page.confidence for page in found.pages)


def test_without_languages_pictures_stay_gaps(tmp_path):
    found = _read(tmp_path, "scan.pdf", scan(ACT, ACT), LIMITS)
    assert found.status == "needs_ocr"
    assert found.gaps == (Gap(1, "picture"), Gap(2, "picture"))
    assert _read(tmp_path, "act.png", png(ACT), LIMITS).gaps == (Gap(1, "picture"),)


def test_pages_that_hold_text_are_not_recognised(tmp_path):
    written = [(72.0, 700.0, "This page is written and has no need of being recognised at all")]
    found = _read(tmp_path, "written.pdf", pdf(written))
    assert found.reader == "pdfium"
    assert [page.confidence for page in found.pages] == [None]


def test_a_picture_without_letters_says_so(tmp_path):
    found = _read(tmp_path, "blank.png", png(" "))
    assert found.status == "no_text"
    assert found.reason == "no text was recognised in the picture"


def test_what_is_no_picture_inside_is_told(tmp_path):
    found = _read(tmp_path, "broken.png", png(ACT)[:3000])
    assert found.status in {"unreadable", "no_text"}
    assert found.reason


def test_only_installed_languages_are_used():
    assert ocr.usable(["eng", "xxx", "eng"]) == "eng"
    assert ocr.usable(["xxx"]) == ""
