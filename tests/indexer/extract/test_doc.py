"""Old Word files."""

import shutil

import pytest

from indexer.extract import doc

OLE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(504)
    + "WordDocument".encode("utf-16-le")
    + bytes(1_000)
)


def test_without_antiword_the_reason_says_what_to_install(read, monkeypatch):
    monkeypatch.setattr(doc.shutil, "which", lambda *_args, **_more: None)
    extraction = read(OLE, "letter.doc")
    assert extraction.status == "unsupported"
    assert "antiword" in extraction.reason


@pytest.mark.skipif(shutil.which("antiword") is None, reason="antiword is not installed")
def test_a_damaged_file_is_unreadable(read):
    extraction = read(OLE, "letter.doc")
    assert extraction.status == "unreadable"
    assert "antiword could not read" in extraction.reason
