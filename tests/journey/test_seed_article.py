"""The article this archive was first asked to hold, from file to citation."""

import json
import subprocess

import bibtexparser
import pypandoc
import pytest
import rispy

from archive.access import EVERYTHING, PUBLIC
from archive.catalogue import records, references
from archive.citation import formats
from archive.config import SiteSettings
from indexer import sidecar
from indexer.search import Asked, answer

TITLE = "Thirty-two years pass since Khojaly genocide"
SITE = SiteSettings(public_url="https://archive.example.org", archive="An archive")


@pytest.fixture
def record(archive, ingest, shared):
    [outcome] = ingest(shared / "seed-article.txt", publish=True)
    assert outcome.outcome == "taken"
    with archive.catalogue.reading() as session:
        return records.by_public_id(session, outcome.public_id)


def findings(archive, record, field):
    with archive.catalogue.reading() as session:
        return [
            f
            for f in records.findings_of(session, record.record_id)
            if f.field == field and f.asserted
        ]


def test_what_it_is_is_found_with_evidence(archive, record):
    description = record.description
    assert description.title == TITLE
    assert archive.kinds[description.kind].parent == "article"
    assert str(description.dated.date) == "2024-02-26"
    assert description.dated.which == "published"
    assert description.language == "en"
    [date] = findings(archive, record, "date")
    assert "26.02.2024" in date.passage
    assert [f.value for f in findings(archive, record, "title")] == [TITLE]


def test_it_is_found_with_a_snippet_that_shows_the_words(archive, record):
    page = answer(
        Asked(query="khojaly resolution 1994"),
        labels=PUBLIC,
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="k",
    )
    assert [hit.record.public_id for hit in page.hits] == [record.public_id]
    shown = {p.text[m.start : m.end].lower() for p in page.hits[0].passages for m in p.marks}
    assert {"khojaly", "resolution", "1994"} <= shown


def test_its_citations_read_back(record, tmp_path):
    [ris] = rispy.loads(formats.write([record], "ris", SITE))
    assert ris["type_of_reference"] == "NEWS"
    assert ris["title"] == TITLE
    assert ris["year"] == "2024"
    assert ris["date"] == "2024/02/26/"
    assert ris["language"] == "en"
    assert record.public_id in str(ris["urls"])

    [entry] = bibtexparser.parse_string(formats.write([record], "biblatex", SITE)).entries
    fields = {f.key: f.value.strip("{}") for f in entry.fields}
    assert entry.entry_type == "article"
    assert fields["title"] == TITLE
    assert fields["date"] == "2024-02-26"
    assert fields["langid"] == "english"
    assert fields["url"].endswith(f"/d/{record.public_id}")

    path = tmp_path / "items.json"
    path.write_text(formats.write([record], "csl-json", SITE), "utf-8")
    said = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "csljson", "-t", "csljson", str(path)],
        capture_output=True,
        check=True,
    )
    [item] = json.loads(said.stdout)
    assert item["type"] == "article-newspaper"
    assert item["title"] == TITLE
    assert item["issued"]["date-parts"] == [[2024, 2, 26]]
    assert item["language"].startswith("en")
    assert item["URL"].endswith(f"/d/{record.public_id}")
    assert item["archive"] == "An archive"


# What the article refers to, and a document of that kind, country and day as it might come in.
MENTIONED = [
    (("resolution", "AZ", "1994-02"), ("Qərar", "government_resolution", "AZ", "1994-02-24")),
    (("resolution", "OIC", "2012-01"), ("A resolution of a union", "resolution", "OIC", "2012-01-31")),
    (("decree", "AZ", "2014-02-13"), ("A decree", "decree", "AZ", "2014-02-13")),
]  # fmt: skip


def referred(archive, record):
    with archive.catalogue.reading() as session:
        return references.of_record(session, record.record_id, PUBLIC)


def test_what_it_refers_to_is_found_with_evidence_and_wanted(archive, record):
    found = referred(archive, record)
    said = [
        (one.instrument.kind, one.instrument.country, str(one.instrument.date)) for one in found
    ]
    assert said == [mentioned for mentioned, _ in MENTIONED]
    text = "".join(page.text for page in _pages(archive, record))
    for one in found:
        assert one.held == ()
        where = one.mentioned
        assert where.written == " ".join(text[where.place_start : where.place_end].split())
        assert " ".join(where.passage.split()) in " ".join(text.split())
    with archive.catalogue.reading() as session:
        total, rows = references.wanted(session)
    assert total == 3
    assert [row.records for row in rows] == [1, 1, 1]


def test_what_it_refers_to_links_by_itself_once_it_is_there(archive, record, ingest, tmp_path):
    lines = ["file,title,doc_type,country,date"]
    for number, (_, about) in enumerate(MENTIONED):
        (tmp_path / f"{number}.txt").write_text(f"The text of paper {number}.", "utf-8")
        lines.append(",".join((f"{number}.txt", *about)))
    beside = tmp_path / "metadata.csv"
    beside.write_text("\n".join(lines), "utf-8")
    papers = [tmp_path / f"{number}.txt" for number in range(3)]
    outcomes = ingest(*papers, publish=True, sidecar=sidecar.read(beside, archive.kinds))
    found = referred(archive, record)
    with archive.catalogue.reading() as session:
        for one, outcome in zip(found, outcomes, strict=True):
            paper = records.by_public_id(session, outcome.public_id)
            assert [(held.record_id, held.sure) for held in one.held] == [(paper.record_id, True)]
            [by] = references.to_record(session, paper.record_id, PUBLIC)
            assert (by.record_id, by.sure) == (record.record_id, True)
        assert references.wanted(session) == (0, [])
        assert len(references.of_record(session, record.record_id, EVERYTHING)) == 3


def _pages(archive, record):
    with archive.catalogue.reading() as session:
        return records.pages_of(session, [record.record_id])[record.record_id]
