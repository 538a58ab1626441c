"""What a file is, by its bytes."""

import io
import zipfile

import pytest

from indexer.extract.sniff import look_into

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIL = "From: a@example.org\nTo: b@example.org\nSubject: On peace\nDate: Thu, 3 Jun 1993 10:00:00 +0000\n"


def packed(**entries: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7 ...", "a.txt", "application/pdf"),
        (b"\xef\xbb\xbf\r\nrubbish before %PDF-1.4", "x", "application/pdf"),
        (b"{\\rtf1 x}", "letter.doc", "application/rtf"),
        (b"\x89PNG\r\n\x1a\n....", "a", "image/png"),
        (b"\xff\xd8\xff\xe0", "a", "image/jpeg"),
        (b"II*\x00\x08\x00", "a", "image/tiff"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a", "image/webp"),
        ("<!DOCTYPE html><p>x", "a.txt", "text/html"),
        ("<!-- saved --><!doctype HTML PUBLIC \"x\"><p>x", "a", "text/html"),
        ("<html><body>x", "law.xml", "text/html"),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a", "text/html"),
        ("<p>One</p><p>Two</p>", "a.htm", "text/html"),
        ("<div><p>One</p></div>", "a", "text/html"),
        ("<b> is a sign in this sentence", "a.txt", "text/plain"),
        ("<?xml version='1.0'?><act/>", "a.txt", "application/xml"),
        ("<act><title>x</title></act>", "a.xml", "application/xml"),
        ("<akomaNtoso xmlns='http://docs.oasis-open.org/legaldocml/ns/akn/3.0'/>", "a", "application/akn+xml"),
        ("<TEI xmlns='http://www.tei-c.org/ns/1.0'/>", "a.xml", "application/tei+xml"),
        (MAIL + "Message-ID: <1@x>\n\nText", "a", "message/rfc822"),
        (MAIL + "\nText", "a.eml", "message/rfc822"),
        (MAIL + "\nA memorandum, typed.", "a.txt", "text/plain"),
        ("From: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "a.mht", "multipart/related"),
        ("# Title\n\ntext", "a.md", "text/markdown"),
        ("---\ntitle: On peace\n---\n\nText", "a.txt", "text/markdown"),
        ("# One\n\n## Two\n", "a.txt", "text/markdown"),
        ("# One line of a script\nls", "a.txt", "text/plain"),
        ("---\nA rule, and then prose.\n---\n", "a.txt", "text/plain"),
        ("Только слова", "a.pdf", "text/plain"),
        ("Только слова".encode("utf-16-le"), "a", "text/plain"),
        ("<html><p>слова".encode("utf-16"), "a", "text/html"),
        (packed(mimetype="application/epub+zip"), "a.zip", "application/epub+zip"),
        (packed(mimetype="application/vnd.oasis.opendocument.text"), "a", "application/vnd.oasis.opendocument.text"),
        (packed(_rels___dot_rels="", word__document_dot_xml=""), "a.zip", f"{OFFICE}wordprocessingml.document"),
        (packed(_rels___dot_rels="", xl__workbook_dot_xml=""), "a", f"{OFFICE}spreadsheetml.sheet"),
    ],
)  # fmt: skip
def test_media_type(tmp_path, content, name, media_type):
    path = tmp_path / "original"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = look_into(path, name)
    assert found.media_type == media_type
    assert found.refusal is None


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", "no_text", "empty"),
        (b" \r\n\x00", "no_text", "empty"),
        (packed(readme="x"), "unsupported", "zip file that is no document"),
        (b"PK\x03\x04 and no more", "unreadable", "damaged"),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "unsupported", ".xlsx"),
        (b"\x7fELF\x02\x01", "unsupported", "a program"),
        (b"Rar!\x1a\x07\x00", "unsupported", "unpack it first"),
        (b"ID3\x03", "unsupported", "sound recording"),
        (bytes(range(256)) * 10, "unsupported", "neither text nor"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "unsupported", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(read, content, status, said):
    extraction = read(content, "a.bin")
    assert extraction.status == status
    assert said in extraction.reason


def test_a_name_that_lies_is_noted(read):
    extraction = read("Only words", "decree.pdf")
    assert extraction.notes == ("the name ends in .pdf, but the file is text/plain",)
