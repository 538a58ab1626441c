"""Copies are found in the archive, told at once, and shown to those who may read them."""

import json
import random

import pytest
from sqlalchemy import func, select, text

from archive.access import EVERYTHING, PUBLIC
from archive.catalogue import records, sketches
from archive.catalogue.models import SketchBandRow, SketchRow
from indexer.copies import duplicates
from indexer.copies.sketches import VERSION, sketch_of
from tests.webui.library import put


def story(seed, words=300):
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(words))


def reworded(body, count=6):
    words = body.split()
    for at in range(20, 20 + 40 * count, 40):
        words[at] = "otherwise"
    return " ".join(words)


BODY = story(1)


def copies(archive, public_id, labels=EVERYTHING):
    duplicates.make_missing(archive.catalogue)
    with archive.catalogue.reading() as session:
        record = records.by_public_id(session, public_id)
        found = duplicates.copies_of(session, record, labels)
    return {copy.record.public_id: copy.verdict for copy in found}


def test_each_sort_of_copy_is_found_from_either_side(archive):
    first = put(archive, "First", BODY, date="1993")
    same = put(archive, "Same", BODY.upper(), date="1993-05")
    near = put(archive, "Near", [reworded(BODY)])
    another = put(archive, "Another year", BODY, date="1994")
    put(archive, "Unrelated", story(2))
    put(archive, "Empty", "")
    assert copies(archive, first) == {same: "same_text", near: "near_copy", another: "related"}
    assert copies(archive, near)[first] == "near_copy"
    assert copies(archive, another) == {first: "related", same: "related", near: "near_copy"}


def test_the_same_text_comes_first_then_what_has_more_in_common(archive):
    first = put(archive, "First", BODY)
    far = put(archive, "Far", reworded(BODY, 7))
    near = put(archive, "Near", reworded(BODY, 2))
    same = put(archive, "Same", BODY)
    assert list(copies(archive, first)) == [same, near, far]


@pytest.mark.parametrize(
    ("hidden", "seen_by"),
    [
        ({"access": "restricted"}, [EVERYTHING]),
        ({"access": "text_withheld"}, [EVERYTHING]),
        ({"state": "waiting"}, [EVERYTHING]),
        ({}, [PUBLIC, EVERYTHING]),
    ],
)
def test_a_copy_is_told_to_those_who_may_read_it(archive, hidden, seen_by):
    first, other = put(archive, "First", BODY), put(archive, "Other", reworded(BODY), **hidden)
    for labels in (PUBLIC, EVERYTHING):
        assert (other in copies(archive, first, labels)) == (labels in seen_by)


def test_who_may_not_read_a_text_is_not_told_what_it_is_like(archive):
    withheld = put(archive, "Withheld", BODY, access="text_withheld")
    other = put(archive, "Open", BODY)
    assert copies(archive, withheld, PUBLIC) == {}
    assert copies(archive, withheld) == {other: "same_text"}


def test_hidden_copies_push_nobody_out(archive):
    first = put(archive, "First", BODY)
    for _ in range(duplicates.COPIES_MAX + 5):
        put(archive, "Hidden", BODY, access="restricted")
    shown = put(archive, "Shown", BODY)
    assert copies(archive, first, PUBLIC) == {shown: "same_text"}


def test_withdrawn_copies_are_shown_to_nobody(archive):
    first, gone = put(archive, "First", BODY), put(archive, "Gone", BODY)
    with archive.catalogue.writing() as session:
        records.change_state(session, gone, "withdrawn", "anna", "why")
    assert copies(archive, first) == {}
    with archive.catalogue.reading() as session:
        assert list(duplicates.pairs(session)) == []


def test_a_text_that_changed_is_found_by_its_new_words_alone(archive):
    first, second = put(archive, "First", BODY), put(archive, "Second", BODY)
    assert copies(archive, first) == {second: "same_text"}
    with archive.catalogue.writing() as session:
        record = records.by_public_id(session, second)
        sketches.put(session, record.record_id, sketch_of([story(3)]), VERSION)
    assert copies(archive, first) == {}


def test_missing_sketches_and_those_of_other_rules_are_made_once(archive):
    for seed in range(3):
        put(archive, "A text", story(seed))
    put(archive, "No text", "")
    told = []
    assert duplicates.make_missing(archive.catalogue, told.append) == 4
    assert told == [4]
    assert duplicates.make_missing(archive.catalogue) == 0
    with archive.catalogue.writing() as session:
        session.execute(text("UPDATE sketch SET version = 0 WHERE record_id = 2"))
    assert duplicates.make_missing(archive.catalogue) == 1
    with archive.catalogue.reading() as session:
        assert session.scalar(select(func.count()).select_from(SketchRow)) == 4
        assert session.scalar(select(func.count()).select_from(SketchBandRow)) == 3 * 16


def test_groups_hang_together_by_copies_and_what_is_only_related_is_in_none(archive):
    ids = [
        put(archive, title, body, date=date)
        for title, body, date in (
            ("a", BODY, "1993"),
            ("b", BODY, "1993"),
            ("c", reworded(BODY), "1993"),
            ("d", BODY, "1994"),
            ("e", BODY, "1994"),
            ("f", story(2), None),
            ("g", story(2), None),
            ("h", story(3), None),
        )
    ]
    duplicates.make_missing(archive.catalogue)
    with archive.catalogue.reading() as session:
        found = list(duplicates.pairs(session))
        number = {
            records.by_public_id(session, one).record_id: place for place, one in enumerate(ids)
        }
    groups = [tuple(number[one] for one in group.record_ids) for group in duplicates.groups(found)]
    assert groups == [(0, 1, 2), (3, 4), (5, 6)]


def test_very_many_of_one_template_are_compared_with_their_neighbours(archive, monkeypatch):
    monkeypatch.setattr(duplicates, "_NEIGHBOURS_MAX", 5)
    for place in range(20):
        put(archive, f"Decree {place}", f"{BODY} {story(1000 + place, 20)}")
    duplicates.make_missing(archive.catalogue)
    with archive.catalogue.reading() as session:
        found = list(duplicates.pairs(session))
    assert len(duplicates.groups(found)) == 1
    assert 19 <= len(found) < 20 * 19 / 2


def test_ingest_says_at_once_what_was_there_already(archive, ingest, tmp_path):
    def file(name, body):
        path = tmp_path / name
        path.write_text(body, encoding="utf-8")
        return path

    (first,) = ingest(file("a.txt", f"On roads\n\n{BODY}"))
    bytes_too, same, near, new = ingest(
        file("b.txt", f"On roads\n\n{BODY}"),
        file("c.txt", f"ON ROADS\r\n\r\n{BODY}"),
        file("d.txt", f"On roads\n\n{reworded(BODY)}"),
        file("e.txt", story(5)),
    )
    assert (bytes_too.outcome, bytes_too.said) == ("held", f"the same bytes as {first.public_id}")
    assert same.said == f"the same text as {first.public_id}"
    assert near.said.startswith(f"near-copy of {first.public_id} (8")
    assert near.said.count("near-copy") == 2, "of the two that were there"
    assert (first.said, new.said) == ("", "")
    assert {one.outcome for one in (first, same, near, new)} == {"taken"}


def test_of_copies_that_come_together_each_is_told_of_those_before_it(archive, ingest, tmp_path):
    for n in range(4):
        (tmp_path / f"{n}.txt").write_text(f"On roads{' ' * n}\n\n{BODY}", "utf-8")
    told = ingest(*sorted(tmp_path.glob("*.txt")))
    assert [len(one.copies) for one in told] == [0, 1, 2, 3]


def test_the_command_lists_groups(archive, ingest, tmp_path, home):
    from click.testing import CliRunner

    from webui.cli import main

    for name, body in (("a", BODY), ("b", BODY + "."), ("c", reworded(BODY)), ("d", story(4))):
        (tmp_path / f"{name}.txt").write_text(f"Title of it\n\n{body}", encoding="utf-8")
        ingest(tmp_path / f"{name}.txt")
    said = CliRunner().invoke(main, ["--home", str(home), "duplicates", "--json"])
    assert said.exit_code == 0, said.output
    listed = json.loads(said.output)
    assert [len(group["documents"]) for group in listed["groups"]] == [3]
    assert {pair["verdict"] for pair in listed["groups"][0]["pairs"]} == {"same_text", "near_copy"}
    read = CliRunner().invoke(main, ["--home", str(home), "duplicates"])
    assert "group 1: 3 documents" in read.output
    assert read.output.endswith("1 groups of copies\n")
