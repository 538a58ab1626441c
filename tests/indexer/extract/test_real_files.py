"""Real documents of every format, a sample of each, drawn by a seed."""

import csv
import json
import random
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from indexer.extract import extract
from tests.indexer.extract.making import LIMITS

SEED = 20261122
OF_EACH_FORMAT = 4
PAPER = {"pdf", "txt", "docx", "odt", "rtf", "epub", "md"}  # formats whose text is all seen


def sample(folder: Path) -> list[dict[str, str]]:
    formats: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            formats[row["format"]].append(row)
    draw = random.Random(SEED)
    return [
        row
        for rows in formats.values()
        for row in draw.sample(rows, min(OF_EACH_FORMAT, len(rows)))
    ]


def folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i").replace("ı", "i")
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.parametrize("name", ["docs", "docs-languages"])
def test_documents_are_read_whole_and_their_titles_stand_in_them(real, name):
    folder = real(name)
    titles = []
    for row in sample(folder):
        path = folder / row["file"]
        extraction = extract(path, path.name, limits=LIMITS)
        if path.parent.name == "tr_resmi_gazete_pdf":
            continue  # garbled and scanned pages: see below
        assert extraction.status == "text", (row["file"], extraction.reason)
        if row["format"] in PAPER:
            length = sum(len(page.text) + len(page.aside) for page in extraction.pages)
            assert length >= 0.75 * int(row["text_chars"]), row["file"]
        if row["score_title"] == "1":
            values = [extraction.text, *(metadatum.value for metadatum in extraction.metadata)]
            values += [page.aside for page in extraction.pages]
            titles.append(any(folded(row["title"]) in folded(value) for value in values))
    # A consolidated act of the set bears another title than its first version, which is the truth.
    assert sum(titles) >= 0.9 * len(titles)


def test_a_garbled_text_layer_is_told_from_text(real):
    folder = real("docs-languages") / "files" / "tr_resmi_gazete_pdf"
    statuses = {
        path.name: extract(path, path.name, limits=LIMITS).status for path in folder.glob("*.pdf")
    }
    assert statuses == {
        "20251231M4-2.pdf": "partial",
        "20251231M4-41.pdf": "needs_ocr",
        "20251231M4-60.pdf": "needs_ocr",
    }


def test_the_character_sets_of_the_hostile_set_are_read(real):
    folder = real("hostile") / "encodings"
    paths = sorted(folder.glob("*windows-125*.xml")) + sorted(folder.glob("KOI8-R*.xml"))
    for path in random.Random(SEED).sample(paths, 12):
        extraction = extract(path, path.name, limits=LIMITS)
        assert extraction.status in {"text", "partial"}, (path.name, extraction.reason)
        assert "\ufffd" not in extraction.text, path.name


def test_articles_are_found_in_pages(real):
    folder = real("boilerplate-trafilatura")
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    found = wanted = kept_out = unwanted = 0
    for line in random.Random(SEED).sample(lines, 25):
        gold = json.loads(line)
        text = extract(folder / gold["file"], gold["file"], limits=LIMITS).text
        found += sum(part in text for part in gold["must_contain"])
        wanted += len(gold["must_contain"])
        kept_out += sum(part not in text for part in gold["must_not_contain"])
        unwanted += len(gold["must_not_contain"])
    assert found / wanted >= 0.85
    assert kept_out / unwanted >= 0.8
