"""Office files, books and Markdown, made by the pandoc that reads them."""

import io
import subprocess
import zipfile

import pytest

from indexer.extract import pandoc

SOURCE = """---
title: On Peace
author: Nizami
lang: az
---

# Birinci fəsil

Şura 3 iyun 1993-cü ildə toplandı.

A second paragraph with **bold**, a [link](https://example.org) and a note[^1].

| Year | Votes |
|------|-------|
| 1993 | 14    |

[^1]: The note itself.
"""


def made(form: str) -> bytes:
    command = [pandoc.program(), "--from=markdown", f"--to={form}", "--standalone", "--output=-"]
    return subprocess.run(command, input=SOURCE.encode(), capture_output=True, check=True).stdout


@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_text_headings_tables_and_notes(read, form):
    extraction = read(made(form), f"a.{form}")
    assert (extraction.status, extraction.reader, extraction.paged) == ("text", "pandoc", False)
    assert "Şura 3 iyun 1993-cü ildə toplandı." in extraction.text.split("\n\n")
    assert "1993\t14" in extraction.text
    assert "The note itself." in extraction.text
    assert "Birinci fəsil" in extraction.headings


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        ("docx", "office.title", "On Peace"),
        ("docx", "office.creator", "Nizami"),
        ("odt", "office.title", "On Peace"),
        ("epub", "dc.title", "On Peace"),
        ("epub", "dc.creator", "Nizami"),
        ("epub", "dc.language", "az"),
    ],
)
def test_metadata(read, form, name, value):
    assert (name, value) in [(m.name, m.value) for m in read(made(form)).metadata]


def test_the_running_head_of_a_document_is_beside_its_text(read):
    buffer = io.BytesIO(made("docx"))
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(buffer, "a") as packed:
        packed.writestr(
            "word/header1.xml",
            f"<w:hdr xmlns:w='{word}'><w:p><w:r><w:t>Ministry of Peace</w:t></w:r></w:p></w:hdr>",
        )
    assert read(buffer.getvalue()).pages[0].aside == "Ministry of Peace"


def test_markdown_is_prose_to_the_last_word(read):
    odd = "A price of $5 to $6, by @council_1993, in \\begin{law} and <unknown>tags</unknown>: `code` *x*."
    text = read(f"# Title\n\n{odd}\n", "a.md").text
    for words in ("$5 to $6", "@council_1993", "tags", "code", "Title"):
        assert words in text


def test_the_front_matter_of_markdown_is_metadata(read):
    matter = '---\ntitle: "On: Peace"\nauthors:\n  - Nizami\n  - Fuzuli\ntags: [law, peace]\ndate: 1993-06-03\n---\n'
    extraction = read(f"{matter}# Heading\n\nText.\n", "a.md")
    assert [(m.name, m.value) for m in extraction.metadata] == [
        ("markdown.title", "On: Peace"),
        ("markdown.authors", "Nizami"),
        ("markdown.authors", "Fuzuli"),
        ("markdown.tags", "law"),
        ("markdown.tags", "peace"),
        ("markdown.date", "1993-06-03"),
    ]
    assert extraction.text == "Heading\n\nText."


@pytest.mark.parametrize(
    "nest",
    [
        "> " * 3_000 + "needle",
        "*" * 20_000 + "needle",
        "[" * 20_000 + "needle",
        "- " * 2_000 + "needle",
    ],
)
def test_markdown_built_to_take_long_is_read_or_refused(read, nest):
    extraction = read(f"# A\n\n{nest}\n", "a.md")
    assert extraction.status in {"text", "unreadable"}


def test_an_entity_in_a_document_is_refused(read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("_rels/.rels", "<x/>")
        packed.writestr(
            "word/document.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        )
    extraction = read(buffer.getvalue(), "a.docx")
    assert (extraction.status, extraction.pages) == ("unreadable", ())
    assert "entities" in extraction.reason


def test_a_document_that_is_none_says_so(read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("_rels/.rels", "<x/>")
        packed.writestr("word/document.xml", "<broken")
    extraction = read(buffer.getvalue(), "a.docx")
    assert extraction.status == "unreadable"
    assert "pandoc" in extraction.reason


def test_what_pandoc_loses_is_read_all_the_same(read, monkeypatch):
    monkeypatch.setattr(pandoc, "to_html", lambda *_: "<p>Only this.</p>")
    for form in ("docx", "odt"):
        extraction = read(made(form))
        assert (extraction.status, extraction.reader) == ("text", "office")
        assert "Şura 3 iyun 1993-cü ildə toplandı." in extraction.text.split("\n\n")
        assert "1993" in extraction.text
        assert extraction.notes == (
            "pandoc lost a part of the text, so it was read without its structure",
        )
