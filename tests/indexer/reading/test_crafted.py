"""The files of the hostile set that were made to break a reader, each by its name."""

import os
from pathlib import Path

import pytest

from archive.config import ExtractSettings
from indexer.extract import STATUSES
from indexer.reading.sandbox import Sandbox

# Its name, what reading it comes to, and a part of the reason or, where it has text, of the text.
CRAFTED = [
    ("billion_laughs.xml", "unreadable", "unsafe to read"),
    ("bomb_400MiB.docx", "unreadable", "unpacks to more than 128 MiB"),
    ("date_bait.txt", "text", "1/1/1/1/1"),
    ("empty.html", "no_text", "the file is empty"),
    ("empty.pdf", "no_text", "the file is empty"),
    ("flate_bomb_500MiB.pdf", "over_limit", "ran out of memory"),
    ("garbage_prefix.pdf", "text", "Federal Register"),
    ("js_action.pdf", "text", "js needle text"),
    ("long_line_5MB.txt", "text", "lorem ipsum"),
    ("many_attributes.html", "text", "attr needle"),
    ("mixed_cp1251_in_utf8.html", "text", "Постановление"),
    ("nested_1000x10MiB.zip", "unsupported", "no document"),
    ("nested_divs_200k.html", "text", "needle-in-deep-html"),
    ("not_a_pdf.pdf", "text", "This is HTML"),
    ("null_bytes.txt", "text", "text after nul needle"),
    ("overlong_and_surrogates.txt", "text", "needle-bad-ut"),
    ("page_tree_loop.pdf", "unreadable", "could not be read"),
    ("traversal.zip", "unsupported", "no document"),
    ("truncated_half.pdf", "text", "Federal Register"),
    ("utf16le_bom.txt", "text", "берёза"),
    ("xss.html", "text", "Resolution"),
    ("xxe.docx", "unreadable", "declares entities"),
]


@pytest.fixture(scope="module")
def crafted():
    root = os.environ.get("MUNIMENT_DATA")
    folder = Path(root or ".") / "hostile" / "crafted"
    if not root or not folder.is_dir():
        pytest.skip("the data set 'hostile' is not there (MUNIMENT_DATA)")
    return folder


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(ExtractSettings()) as sandbox:
        yield sandbox


@pytest.mark.parametrize(("name", "status", "said"), CRAFTED, ids=[row[0] for row in CRAFTED])
def test_a_crafted_file_comes_to_what_the_table_says(sandbox, crafted, name, status, said):
    extraction = sandbox.read(crafted / name, name).extraction
    assert extraction.status == status, extraction.reason
    assert said in (extraction.text if status == "text" else extraction.reason)
    assert bool(extraction.reason) == (status != "text")


def test_no_crafted_file_is_missing_from_the_table(crafted):
    assert sorted(path.name for path in crafted.iterdir()) == sorted(row[0] for row in CRAFTED)
    assert {row[1] for row in CRAFTED} <= set(STATUSES)
