"""PDF: which reader, which paragraphs, and what is said where there is no text."""

from dataclasses import replace

import pytest

from tests.indexer.extract.making import LIMITS, pdf

PROSE = [
    (72, 700, "The Council met on 3 June 1993 and decided"),
    (72, 686, "what follows of its own accord."),
    (72, 650, "The decision was published at once."),
]
WITH_MESSAGE = [(72, 700, "A decree of thirty and more characters")]


def test_a_page_is_its_paragraphs_and_their_lines(read):
    extraction = read(pdf(PROSE))
    assert (extraction.status, extraction.paged, extraction.reader) == ("text", True, "pdfium")
    assert extraction.text == (
        "The Council met on 3 June 1993 and decided\nwhat follows of its own accord.\n\n"
        "The decision was published at once."
    )


def test_pages_are_numbered_from_one(read):
    extraction = read(pdf(WITH_MESSAGE, [], WITH_MESSAGE))
    assert [page.number for page in extraction.pages] == [1, 2, 3]
    assert [bool(page.text) for page in extraction.pages] == [True, False, True]


def test_an_indented_line_begins_a_paragraph(read):
    lines = [(72, 700 - 14 * n, "a line of the first paragraph that is long") for n in range(4)]
    lines.append((90, 644, "An indented line of the second one that is"))
    lines += [(72, 630 - 14 * n, "a line of the second paragraph that is long") for n in range(3)]
    assert read(pdf(lines)).text.count("\n\n") == 1


@pytest.mark.parametrize(
    ("upper", "lower", "whole"),
    [
        ("the inter-", "national law", "the international\nlaw"),
        ("as in A/RES-", "48 and others", "as in A/RES-48\nand others"),
        ("the years 2014-", "2019 were", "the years 2014-2019\nwere"),
    ],
)
@pytest.mark.parametrize("reader", ["pdfium", "pdfminer"])
def test_a_word_cut_at_the_end_of_a_line_is_whole_again(read, upper, lower, whole, reader):
    filler = "and so the sentence went on for a long while"
    page = [(72, 700, filler), (72, 686, upper), (72, 672, lower), (72, 658, filler)]
    assert whole in read(pdf(page), limits=replace(LIMITS, pdf_reader=reader)).text


@pytest.mark.parametrize("reader", ["pdfium", "pdfminer"])
def test_the_setting_forces_a_reader(read, reader):
    extraction = read(pdf(PROSE), limits=replace(LIMITS, pdf_reader=reader))
    assert extraction.reader == reader
    assert "The decision was published at once." in extraction.text


def test_a_scan_needs_ocr(read):
    extraction = read(pdf([], picture=True))
    assert (extraction.status, extraction.reason) == (
        "needs_ocr",
        "page 1 has no text and needs OCR",
    )


def test_an_empty_page_is_no_scan(read):
    assert read(pdf([])).status == "no_text"


def test_a_scan_among_pages_of_text_is_named(read):
    made = pdf(WITH_MESSAGE, [], [], picture=True)
    extraction = read(made)
    assert (extraction.status, extraction.reason) == (
        "partial",
        "pages 2-3 have no text and need OCR",
    )


def test_a_text_layer_that_means_nothing_is_not_shown_as_the_text(read):
    # A font that says its letters are private signs, as those of some gazettes do.
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"1 beginbfrange <20> <7e> <e120> endbfrange\nendcmap end end"
    )
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(cmap), cmap)
    font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R"
    extraction = read(pdf(PROSE, font=font, extra=[stream]))
    assert (extraction.status, extraction.text) == ("needs_ocr", "")
    assert "garbled" in extraction.reason


def test_a_pdf_with_a_password_says_so(read):
    secret = "(" + "x" * 32 + ")"
    locked = f"/Encrypt <</Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -4>> /ID [(a) (b)]"
    for reader in ("auto", "pdfium", "pdfminer"):
        extraction = read(pdf(PROSE, trailer=locked), limits=replace(LIMITS, pdf_reader=reader))
        assert (extraction.status, extraction.pages) == ("encrypted", ())
        assert extraction.reason == "the PDF is encrypted and asks for a password"


def test_a_truncated_pdf_gives_what_is_left(read):
    whole = pdf(PROSE)
    extraction = read(whole[: whole.index(b"xref")])
    assert extraction.status == "partial"
    assert "end of the file is missing" in extraction.reason
    assert "Council" in extraction.text


def test_what_is_no_pdf_inside_is_unreadable_and_says_why(read):
    extraction = read(b"%PDF-1.4\nnothing more", "a.pdf")
    assert extraction.status == "unreadable"
    assert "damaged" in extraction.reason


def test_the_information_dictionary_and_xmp_are_metadata(read):
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        b' pdf:Producer="press"><dc:title><rdf:Alt><rdf:li>On Peace</rdf:li></rdf:Alt></dc:title>'
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    stream = b"<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream" % (
        len(packet),
        packet,
    )
    info = b"<</Title (On Peace, 1993) /Empty ()>>"
    made = pdf(PROSE, trailer="/Info 6 0 R", extra=[stream, info])
    found = {metadatum.name: metadatum.value for metadatum in read(made).metadata}
    assert found["pdf.Title"] == "On Peace, 1993"
    assert found["xmp.dc:title"] == "On Peace"
    assert "pdf.Empty" not in found


def test_what_was_filled_into_a_form_is_beside_the_text(read):
    field = b"<</Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Nizami) /Rect [0 0 9 9]>>"
    made = pdf(PROSE, extra=[field], page_extra="/Annots [5 0 R] ")
    assert read(made).pages[0].aside == "Nizami"


def test_text_beyond_the_limit_is_cut_and_said(read):
    extraction = read(pdf(PROSE, PROSE, PROSE), limits=replace(LIMITS, text_max_chars=120))
    assert extraction.status == "partial"
    assert "cut after 120 characters" in extraction.reason
    assert sum(len(page.text) for page in extraction.pages) <= 120


def test_a_page_tree_that_bites_its_tail_ends(read):
    looped = pdf([]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")
    assert read(looped).status in {"unreadable", "no_text"}
