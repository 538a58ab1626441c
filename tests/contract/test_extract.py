"""What every reader promises, whatever the file."""

import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import READERS, STATUSES, Extraction, extract, pandoc, preload, reader_of
from tests.indexer.extract.making import LIMITS, pdf

WORDS = "The Council met on 3 June 1993. Şura 3 iyunda toplandı. Шура собралась 3 июня."
OFFICE = "application/vnd.openxmlformats-officedocument."


def office(form: str) -> bytes:
    command = [pandoc.program(), "--from=markdown", f"--to={form}", "--output=-"]
    return subprocess.run(command, input=WORDS.encode(), capture_output=True, check=True).stdout


SAMPLES: dict[str, Callable[[], bytes]] = {
    "text/html": lambda: f"<html><body><p>{WORDS}</p></body></html>".encode(),
    "application/pdf": lambda: pdf([(72, 700, WORDS.split("Şura")[0])]),
    "text/plain": WORDS.encode,
    "text/markdown": lambda: f"---\ntitle: x\n---\n\n{WORDS}\n".encode(),
    "application/rtf": lambda: b"{\\rtf1\\ansi The Council met on 3 June 1993.}",
    "application/epub+zip": lambda: office("epub"),
    "application/vnd.oasis.opendocument.text": lambda: office("odt"),
    f"{OFFICE}wordprocessingml.document": lambda: office("docx"),
    f"{OFFICE}presentationml.presentation": lambda: office("pptx"),
    "message/rfc822": lambda: f"From: a@b\nTo: c@d\nMessage-ID: <1>\n\n{WORDS}".encode(),
    "application/xml": lambda: f"<?xml version='1.0'?><act><p>{WORDS}</p></act>".encode(),
    "application/tei+xml": lambda: f"<TEI xmlns='x'><text><p>{WORDS}</p></text></TEI>".encode(),
}


@pytest.fixture(params=sorted(SAMPLES))
def sample(request, tmp_path) -> tuple[str, Path]:
    """A file of each type that can be made here."""
    path = tmp_path / "original"
    path.write_bytes(SAMPLES[request.param]())
    return request.param, path


def keeps_its_promises(extraction: Extraction) -> None:
    assert extraction.status in STATUSES
    assert bool(extraction.reason) == (extraction.status != "text")
    assert [page.number for page in extraction.pages] == [*range(1, len(extraction.pages) + 1)]
    for text in _texts(extraction):
        assert text == unicodedata.normalize("NFC", text)
        for sign in text:
            assert sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
            assert sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    json.dumps(asdict(extraction)).encode()


def _texts(extraction: Extraction) -> list[str]:
    texts = [text for page in extraction.pages for text in (page.text, page.aside)]
    texts += [
        text for metadatum in extraction.metadata for text in (metadatum.name, metadatum.value)
    ]
    return [*texts, *extraction.headings, *extraction.notes, extraction.reason]


def test_its_type_is_found_its_text_is_read_and_its_reader_is_named(sample):
    media_type, path = sample
    extraction = extract(path, "without-a-suffix", limits=LIMITS)
    keeps_its_promises(extraction)
    assert (extraction.media_type, extraction.status) == (media_type, "text")
    assert "The Council met on 3 June 1993." in extraction.text
    assert extraction.reader
    assert extraction.reader_version


def test_reading_twice_gives_the_same(sample):
    _, path = sample
    assert extract(path, "a", limits=LIMITS) == extract(path, "a", limits=LIMITS)


def test_a_limit_of_characters_holds(sample):
    _, path = sample
    extraction = extract(path, "a", limits=replace(LIMITS, text_max_chars=5))
    keeps_its_promises(extraction)
    assert extraction.status == "partial"
    assert sum(len(page.text) + len(page.aside) for page in extraction.pages) <= 5


def test_nothing_is_written(sample, tmp_path, monkeypatch):
    _, path = sample
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("HOME", str(folder))
    before = path.read_bytes()
    extract(path, "../../a/b.txt", limits=LIMITS)
    assert [*folder.iterdir()] == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["empty", "original"]
    assert path.read_bytes() == before


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_a_file_that_is_cut_off_is_accounted_for(sample, cut):
    _, path = sample
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * cut)])
    keeps_its_promises(extract(path, "a", limits=LIMITS))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=st.sampled_from(
        [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"{\\rtf1 ", b"<html>", b"<?xml version='1.0'?><a>", b"II*\x00",
         b"\xff\xd8\xff", b"From: a\nTo: b\nMIME-Version: 1.0\n", b"---\n", b"\xff\xfe", b"\xef\xbb\xbf"]
    ),
    rest=st.binary(max_size=2_000) | st.text(max_size=1_000).map(lambda text: text.encode("utf-8", "replace")),
    name=st.sampled_from(["a", "a.pdf", "a.html", "a.md", "a.eml", "a.xml", "../../a.docx", "a.doc"]),
)  # fmt: skip
def test_no_bytes_make_it_raise(tmp_path, before, rest, name):
    path = tmp_path / "original"
    path.write_bytes(before + rest)
    keeps_its_promises(extract(path, name, limits=LIMITS))


def test_every_type_in_the_table_has_its_reader():
    for media_type in READERS:
        assert callable(reader_of(media_type)), media_type
    assert reader_of("video/mp4") is None


def test_preload_imports_every_reader():
    preload()
    missing = {f"indexer.extract.{name}" for name in READERS.values()} - sys.modules.keys()
    assert missing == set()


def test_a_reader_that_fails_is_an_answer(tmp_path, monkeypatch):
    def failing(*_arguments: object) -> Extraction:
        raise KeyError("no such thing")

    monkeypatch.setattr("indexer.extract.text.read", failing)
    path = tmp_path / "original"
    path.write_text("words")
    extraction = extract(path, "a", limits=LIMITS)
    assert extraction.status == "unreadable"
    assert extraction.reason == "the reader failed on this file (KeyError: 'no such thing')"


def test_memory_that_runs_out_is_for_the_parent_to_tell(tmp_path, monkeypatch):
    def failing(*_arguments: object) -> Extraction:
        raise MemoryError

    monkeypatch.setattr("indexer.extract.text.read", failing)
    path = tmp_path / "original"
    path.write_text("words")
    with pytest.raises(MemoryError):
        extract(path, "a", limits=LIMITS)
