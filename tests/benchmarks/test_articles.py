"""The article out of a page, on a few pages of the real sets."""

import json
import os
from pathlib import Path

import pytest

from benchmarks import articles, pdf_text

DATA = Path(os.environ.get("MUNIMENT_DATA", ""))
PAGES = 24

pytestmark = pytest.mark.skipif(
    "MUNIMENT_DATA" not in os.environ, reason="MUNIMENT_DATA names no unpacked sets"
)


@pytest.mark.parametrize("name", ["boilerplate-trafilatura", "boilerplate-readability"])
def test_articles_are_not_far_from_trafilaturas(name, tmp_path):
    lines = (DATA / name / "gold.jsonl").read_text("utf-8").splitlines()
    some = lines[:: max(1, len(lines) // PAGES)]
    (tmp_path / "gold.jsonl").write_text("\n".join(some), "utf-8")
    for folder in ("html", "expected"):
        if (DATA / name / folder).is_dir():
            (tmp_path / folder).symlink_to(DATA / name / folder)
    told = articles.measure(tmp_path)
    assert told["pages"] == len(some)
    assert told["empty"] == []
    # Few pages: one segment more or less moves the figure.
    assert told["f1"] >= told["trafilatura"]["f1"] - 0.02
    json.dumps(told)


@pytest.mark.skipif(not Path("/usr/bin/pdftotext").exists(), reason="pdftotext is not installed")
def test_pdfs_hold_the_words_that_poppler_finds(tmp_path):
    for path in sorted((DATA / "docs/files").rglob("*.pdf"))[::12]:
        (tmp_path / path.name).symlink_to(path)
    told = pdf_text.measure(tmp_path)
    assert told["files"] > 5
    assert told["f1"]["median"] >= 0.99
    assert told["order"]["median"] >= 0.95
