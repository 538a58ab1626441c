"""A seeded sample of the real sets goes in, every file accounted for. `make bench` takes them whole."""

import random
from pathlib import Path

import pytest

from archive.catalogue import records


def sample(folder: Path, number: int) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return random.Random(2).sample(files, number)


@pytest.mark.parametrize(("name", "number"), [("docs/files", 40), ("docs-languages/files", 40)])
def test_real_documents_are_taken_in_and_held_the_second_time(archive, ingest, data, name, number):
    files = sample(data / name, number)
    first = ingest(*files)
    assert len(first) == number
    assert {outcome.outcome for outcome in first} <= {"taken", "kept", "held"}
    assert all(outcome.reason for outcome in first if outcome.outcome != "taken")
    with archive.catalogue.reading() as session:
        assert records.count(session) == len({o.public_id for o in first})
    assert {outcome.outcome for outcome in ingest(*files)} == {"held"}


def snapshot_of(folder: Path) -> dict[str, float]:
    return {str(p): p.stat().st_mtime for p in folder.iterdir()}


def test_hostile_files_are_accounted_for_and_touch_nothing(archive, ingest, data, tmp_path):
    crafted = sorted((data / "hostile" / "crafted").iterdir())
    others = sample(data / "hostile", 60)
    before = snapshot_of(Path("/tmp"))
    outcomes = ingest(*crafted, *(path for path in others if path.parent.name != "crafted"))
    labels = {outcome.file for outcome in outcomes}
    assert {str(path) for path in crafted} <= labels
    assert all(
        outcome.reason for outcome in outcomes if outcome.outcome in {"kept", "refused", "held"}
    )
    new = set(snapshot_of(Path("/tmp"))) - set(before)
    assert not [path for path in new if "evil" in path]
    assert [*archive.incoming.iterdir()] == []
    with archive.catalogue.reading() as session:
        for digest in records.digests(session):
            archive.originals.verify(digest)
