"""Every original is compared with its digest; what is found is named, kept and shown."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from archive import fixity
from archive.catalogue import checks, records
from archive.catalogue.models import FixityRunRow, now
from archive.config import FixitySettings
from archive.errors import OriginalMissing
from tests.keeping import content_of, fill, flip_a_bit, place_of

DAYS = FixitySettings(days=90)


def verified(archive, **more):
    for run, _ in fixity.verify(archive.catalogue, archive.originals, agent="anna", **more):
        last = run
    return last


def events_of(archive, public_id):
    with archive.catalogue.reading() as session:
        record = records.by_public_id(session, public_id)
        happened = records.provenance_of(session, record.record_id)
    return [(one.agent, one.outcome, one.detail) for one in happened if one.kind == "fixity"]


def failing(archive):
    with archive.catalogue.reading() as session:
        return checks.failing(session)


def test_an_archive_without_a_fault_says_so(archive):
    fill(archive, 120)
    run = verified(archive)
    assert (run.checked, run.failed, run.missing, run.repaired) == (120, 0, 0, 0)
    assert run.ended_at is not None
    assert run.size_bytes == sum(len(content_of(number)) for number in range(120))
    with archive.catalogue.reading() as session:
        assert checks.coverage(session).never == 0
        assert checks.runs(session) == [run]
    assert failing(archive) == []


def test_an_empty_archive_is_verified(archive):
    assert verified(archive).checked == 0


def test_one_flipped_bit_among_many_is_found_and_named(archive):
    ids = fill(archive, 500)
    flip_a_bit(place_of(archive, ids[317]))
    run = verified(archive)
    assert (run.checked, run.failed, run.missing) == (500, 1, 0)
    [one] = failing(archive)
    assert (one.public_id, one.title, one.name) == (ids[317], "Decree 317", "317.txt")
    assert one.standing.outcome == "damaged"
    [(agent, outcome, detail)] = events_of(archive, ids[317])
    assert (agent, outcome) == ("anna", "damaged")
    assert detail.startswith("317.txt: its digest is now ")
    assert not any(events_of(archive, other) for other in ids if other != ids[317])


def test_a_missing_original_is_named(archive):
    ids = fill(archive, 10)
    place_of(archive, ids[3]).unlink()
    run = verified(archive)
    assert (run.failed, run.missing) == (0, 1)
    assert failing(archive)[0].standing.outcome == "missing"
    assert [outcome for _, outcome, _ in events_of(archive, ids[3])] == ["missing"]


def test_one_that_cannot_be_read_is_named(archive):
    ids = fill(archive, 10)
    place = place_of(archive, ids[3])
    place.unlink()
    place.mkdir()  # as a disk that fails: opening it is an OSError
    assert verified(archive).failed == 1
    assert failing(archive)[0].standing.outcome == "unreadable"


def test_a_fault_is_told_of_once_and_its_repair_too(archive):
    ids = fill(archive, 10)
    place = place_of(archive, ids[3])
    whole = place.read_bytes()
    flip_a_bit(place)
    verified(archive)
    first = failing(archive)[0].standing
    assert verified(archive).failed == 1
    again = failing(archive)[0].standing
    assert (again.since, again.checked_at > first.checked_at) == (first.since, True)
    place.unlink()
    assert verified(archive).missing == 1
    place.write_bytes(whole)
    run = verified(archive)
    assert (run.failed, run.missing, run.repaired) == (0, 0, 1)
    assert failing(archive) == []
    assert [outcome for _, outcome, _ in events_of(archive, ids[3])] == [
        "damaged",
        "missing",
        "repaired",
    ]
    assert verified(archive).repaired == 0


def test_a_disk_that_is_not_there_is_not_the_loss_of_every_original(archive):
    ids = fill(archive, 10)
    originals = archive.home / "data" / "originals"
    originals.rename(archive.home / "elsewhere")
    with pytest.raises(OriginalMissing, match="is its disk there"):
        verified(archive)
    originals.mkdir()
    with pytest.raises(OriginalMissing, match="is its disk there"):
        verified(archive)
    assert failing(archive) == []
    originals.rmdir()
    (archive.home / "elsewhere").rename(originals)
    assert verified(archive, resume=True).checked == len(ids)


def test_a_run_that_was_cut_off_is_continued(archive):
    fill(archive, 120)
    steps = fixity.verify(archive.catalogue, archive.originals, agent="anna")
    run, some = next(steps)
    steps.close()
    assert 0 < run.checked == len(some) < 120
    with archive.catalogue.reading() as session:
        assert checks.runs(session)[0].ended_at is None
    whole = verified(archive, resume=True)
    assert (whole.fixity_run_id, whole.checked) == (run.fixity_run_id, 120)
    anew = verified(archive, resume=True)
    assert (anew.fixity_run_id != run.fixity_run_id, anew.checked) == (True, 120)


def test_a_purged_record_has_no_original_to_miss(archive):
    ids = fill(archive, 10)
    place_of(archive, ids[3]).unlink()
    with archive.catalogue.writing() as session:
        records.change_state(session, ids[3], "purged", "otto", "by order of a court")
    run = verified(archive)
    assert (run.checked, run.missing) == (9, 0)


def go_on(archive, most_bytes=1):
    return fixity.go_on(archive.catalogue, archive.originals, most_bytes=most_bytes)


def test_the_worker_reads_no_more_than_its_share(archive):
    fill(archive, 10)
    each = len(content_of(1))
    assert go_on(archive, each).checked == 1
    assert go_on(archive, 3 * each).checked == 4
    assert fixity.is_due(archive.catalogue, DAYS)
    run = go_on(archive, 100 * each)
    assert (run.checked, run.ended_at is not None, run.agent) == (10, True, "job worker")


def test_the_next_run_begins_so_many_days_after_the_last_began(archive):
    fill(archive, 3)
    assert fixity.is_due(archive.catalogue, DAYS)
    assert not fixity.is_due(archive.catalogue, FixitySettings(days=0))
    run = go_on(archive, 10_000)
    assert not fixity.is_due(archive.catalogue, DAYS)
    with archive.catalogue.writing() as session:
        session.execute(update(FixityRunRow).values(begun_at=now() - timedelta(days=90)))
    assert fixity.is_due(archive.catalogue, DAYS)
    assert go_on(archive).fixity_run_id != run.fixity_run_id


def test_two_workers_do_not_count_one_original_twice(archive):
    fill(archive, 10)
    with archive.catalogue.writing() as session:
        run = checks.begin(session, agent="job worker", scheduled=True)
        some = checks.due(session, "", 5)
    done = [fixity.compared(archive.originals, one) for one in some]
    for _ in range(2):
        with archive.catalogue.writing() as session:
            after = checks.note(session, run, done, at_end=False)
        assert after.checked == 5
    assert go_on(archive, 10_000).checked == 10


def test_the_command_and_the_worker_keep_runs_of_their_own(archive):
    fill(archive, 10)
    go_on(archive)
    assert verified(archive).checked == 10
    assert go_on(archive, 10_000).checked == 10
    with archive.catalogue.reading() as session:
        assert [run.scheduled for run in checks.runs(session)] == [False, True]
