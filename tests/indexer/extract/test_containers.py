"""Zip containers that were made to harm."""

import io
import zipfile
from pathlib import Path

import pytest

from indexer.extract import Unreadable, containers

WORD = "word/document.xml"


def office(entries: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {"_rels/.rels": b"<x/>", **entries}.items():
            packed.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({WORD: b"<w>" + b" " * (130 << 20)}, "128 MiB"),
        ({"word/media/x.bmp": b"\0" * (40 << 20)}, "zip bomb"),
        ({f"word/{n}": b"" for n in range(10_001)}, "10,000 are allowed"),
        ({WORD: b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "entities"),
        ({WORD: '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")}, "entities"),
        ({WORD: b"<!-- " + b"x" * 262_130 + b"--><!DOCTYPE x><x/>"}, "document type"),
    ],
    ids=["much", "ratio", "many", "entity", "utf-16", "across chunks"],
)
def test_unsafe_containers_are_refused_before_anything_reads_them(tmp_path, entries, said):
    path = office(entries, tmp_path / "a.docx")
    with pytest.raises(Unreadable, match=said):
        containers.check(path, doctype_allowed=False)


def test_a_size_that_lies_is_found_out(tmp_path):
    path = office({WORD: b"a" * 100_000}, tmp_path / "a.docx")
    lying = path.read_bytes().replace(
        (100_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    )
    path.write_bytes(lying)
    with pytest.raises(Unreadable):
        containers.check(path, doctype_allowed=False)


def test_a_book_may_name_a_document_type_but_no_entity(tmp_path):
    page = b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd"><html/>'
    containers.check(office({"a.xhtml": page}, tmp_path / "a.epub"), doctype_allowed=True)
    evil = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html>&x;</html>'
    with pytest.raises(Unreadable):
        containers.check(office({"a.xhtml": evil}, tmp_path / "b.epub"), doctype_allowed=True)


def test_a_password_is_told_from_damage(tmp_path):
    path = office({WORD: b"<x/>"}, tmp_path / "a.docx")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of the last entry: encrypted
    path.write_bytes(bytes(data))
    with pytest.raises(Unreadable) as refused:
        containers.check(path, doctype_allowed=False)
    assert refused.value.status == "encrypted"


@pytest.mark.parametrize("cut", [30, 60, 100])
def test_damage_is_said_to_be_damage(tmp_path, cut):
    path = office({WORD: b"<x/>" * 99}, tmp_path / "a.docx")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Unreadable, match="damaged"):
        containers.check(path, doctype_allowed=False)


def test_an_ordinary_file_passes(tmp_path):
    buffer = io.BytesIO(b"<w:document/>" * 1_000)
    containers.check(office({WORD: buffer.getvalue()}, tmp_path / "a.docx"), doctype_allowed=False)
