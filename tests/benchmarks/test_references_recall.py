from dataclasses import replace

from benchmarks.references_recall import MARKED, score, stretches
from indexer.describe import Evidence
from indexer.references import Reference


def test_what_was_marked_is_of_many_documents_in_six_languages():
    read = stretches(MARKED)
    assert len({one.digest for one in read}) >= 40
    assert {one.language for one in read} == {"en", "az", "tr", "ru", "fr", "es"}
    assert {one.draw for one in read} == {"1", "2"}


def test_the_table_holds_no_text():
    assert all(len(line) < 120 for line in MARKED.read_text("utf-8").splitlines()[3:])


def test_a_mark_that_is_found_and_one_that_is_not(tmp_path):
    table = tmp_path / "marked.tsv"
    table.write_text(
        "stretch\t1\ten\tabc\t1\t100\t200\n"
        "mark\tabc\torder\t13877\t\t\t\n"
        "mark\tabc\tlaw\t\t2005-08-03\t\t\n"
        "mark\tabc\tcode\t\t\tUnited States Code\ttitle\n",
        "utf-8",
    )
    evidence = Evidence("Executive Order 13877", None)
    found = Reference(
        "order", "13877", "", "", "", "US", "", evidence, 110, 130, 1, 0.9, "reference.number"
    )
    elsewhere = replace(found, number="1", start=300)
    beside = replace(found, number="2", start=150)
    assert score({"abc": [found, elsewhere, beside]}, stretches(table))["draw 1"] == {
        "documents": 1,
        "marked": 2,
        "found": 1,
        "by_title": 1,
        "here": 2,
        "right": 1,
    }
