"""Questions as a person types them, over real documents: what answers one is on the first page."""

import csv
from pathlib import Path

import pytest

from archive.access import PUBLIC
from archive.config import ExtractSettings, SearchSettings
from indexer import extract, search
from indexer.engine import IndexDocument, Mark, Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.parser import parse

pytestmark = pytest.mark.slow

LIMITS = extract.Limits(ExtractSettings().text_max_chars, ExtractSettings().pdf_reader)
SUBSETS = ("un_general_comments", "us_inaugural", "dfat_historical", "news_html", "ar_norms")
QUESTIONS = [
    (
        "what does the law say about people who are driven out of their homes by force",
        "ESCR-GC7-Evictions.txt",
    ),
    (
        "when may a government suspend human rights because a public emergency threatens the nation",
        "CCPR_GC29_emergency.html",
    ),
    (
        "must a state give everybody clean drinking water and who is responsible for its price",
        "ESCR-GC15-Water.txt",
    ),
    (
        "what are the rights of older people who need a pension and care in their old age",
        "ESCR-GC6-Older.html",
    ),
    (
        "how much rest and how many paid holidays must workers have so that conditions are just",
        "ESCR-GC23-CondWork.txt",
    ),
    (
        "which president told the nation that the only thing it had to fear was fear itself",
        "1933-Roosevelt.txt",
    ),
    (
        "how were black voters of South Carolina going to decide between the Democratic candidates",
        "cbsnews.com.carolina.html",
    ),
    (
        "Wie baut man sich selbst eine Kiste mit Würmern für den Kompost auf dem Balkon",
        "selbst.de-wurmkiste.html",
    ),
    (
        "pourquoi est-ce que la ville de Montréal ne veut plus de trottinettes dans ses rues",
        "ledevoir.com.trottinettes.html",
    ),
    (
        "qué pasó con el productor que fumigó con glifosato al lado de una escuela rural",
        "ladiaria.com.uy-productor.html",
    ),
]


@pytest.fixture(scope="module")
def held(data) -> list[dict[str, str]]:
    with (data / "docs" / "metadata.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["subset"] in SUBSETS]


@pytest.fixture(scope="module")
def engine(data, held, tmp_path_factory) -> WhooshEngine:
    made = WhooshEngine(tmp_path_factory.mktemp("index"))
    documents = (
        index_document(number, data / "docs" / row["file"], row)
        for number, row in enumerate(held, 1)
    )
    made.rebuild(documents, Mark(1, {"public": 1}))
    return made


def index_document(number: int, path: Path, row: dict[str, str]) -> IndexDocument:
    read = extract.extract(path, path.name, limits=LIMITS)
    text = "\n".join(page.text for page in read.pages)
    facets = {"year": "", "country": "", "kind": "", "language": row["language"], "text": "yes"}
    return IndexDocument(
        record_id=number,
        label="public",
        language=row["language"],
        title=row["title"],
        text=text,
        aside="",
        numbers=(),
        facets={name: frozenset({value}) for name, value in facets.items()},  # type: ignore[misc]
        date=None,
    )


@pytest.mark.parametrize(("typed", "answer"), QUESTIONS, ids=[name for _, name in QUESTIONS])
def test_a_question_is_answered_on_the_first_page(engine, held, typed, answer):
    read = search.read_as(parse(typed).query, "", PUBLIC, engine, SearchSettings())
    hits = engine.search(Question(read.query, PUBLIC, limit=10)).hits
    found = [Path(held[hit.record_id - 1]["file"]).name for hit in hits]
    assert answer in found
