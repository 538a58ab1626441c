"""Reading originals again, with more time or with OCR."""

import dataclasses
import json

import pytest

from archive.access import PUBLIC
from archive.catalogue import records, troubles
from indexer import bootstrap, indexing, ingest, rereading, search, sidecar, sources
from indexer.extract import ocr
from indexer.reading import sandbox
from indexer.search import Asked
from tests.indexer.extract.making import png, scan
from tests.indexer.reading.trial import EVIL, LIMITS

needs_tesseract = pytest.mark.skipif(not ocr.installed(), reason="tesseract is not installed")
ACT = "The Assembly adopts\nthe following resolution"


@pytest.fixture
def archive(tmp_path):
    bootstrap.make_home(tmp_path / "home")
    opened = bootstrap.open_archive(tmp_path / "home", {"MUNIMENT_EXTRACT_OCR_LANGUAGES": "eng"})
    yield opened
    opened.close()


def _take(archive, tmp_path, name, content, beside=None):
    path = tmp_path / name
    path.write_bytes(content)
    told = []
    ingest.take_in(
        sources.walk([path], archive.incoming, archive.settings.ingest),
        archive=archive,
        agent="anna",
        via="command",
        sidecar=beside,
        told=told.append,
    )
    [outcome] = told
    return outcome


def _total(archive, query):
    page = search.answer(
        Asked(query),
        labels=PUBLIC,
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="",
    )
    return page.total


def _held(archive, public_id):
    with archive.catalogue.reading() as session:
        record = records.by_public_id(session, public_id)
        events = records.provenance_of(session, record.record_id)
        pages = records.pages_of(session, [record.record_id])[record.record_id]
    return record, events, pages


def _catch_up(archive):
    indexing.catch_up(archive.catalogue, archive.engine, batch=100, wait=True)


@needs_tesseract
def test_a_scan_becomes_searchable_by_itself(archive, tmp_path):
    outcome = _take(archive, tmp_path, "scan.pdf", scan(ACT, "Second page of it"))
    assert outcome.outcome == "kept"
    assert _total(archive, "assembly") == 0
    done = rereading.recognise_next(archive)
    assert done is not None
    assert (done.public_id, done.before, done.after) == (outcome.public_id, "needs_ocr", "text")
    _catch_up(archive)
    assert _total(archive, "assembly") == 1
    record, events, pages = _held(archive, outcome.public_id)
    assert record.items[0].reader == "tesseract"
    assert [event.outcome for event in events if event.kind == "read"] == ["needs_ocr", "text"]
    assert all(page.confidence and page.confidence > 80 for page in pages)
    assert rereading.recognise_next(archive) is None


@needs_tesseract
def test_a_blank_scan_is_tried_once(archive, tmp_path):
    outcome = _take(archive, tmp_path, "blank.png", png(" "))
    done = rereading.recognise_next(archive)
    assert done is not None
    assert done.after == "no_text"
    assert rereading.recognise_next(archive) is None
    record, _, _ = _held(archive, outcome.public_id)
    assert record.items[0].reason == "no text was recognised in the picture"


@needs_tesseract
def test_a_scan_whose_original_is_gone_keeps_no_other_from_its_turn(archive, tmp_path):
    lost = _take(archive, tmp_path, "lost.png", png("The lost act"))
    kept = _take(archive, tmp_path, "kept.png", png(ACT))
    record, _, _ = _held(archive, lost.public_id)
    for path in (archive.home / "data" / "originals").rglob(record.items[0].digest + "*"):
        path.unlink()
    done = [rereading.recognise_next(archive), rereading.recognise_next(archive)]
    assert [one.public_id for one in done] == [lost.public_id, kept.public_id]
    assert [one.changed for one in done] == [False, True]
    assert rereading.recognise_next(archive) is None
    _, events, _ = _held(archive, lost.public_id)
    assert record.items[0].digest[:8] in events[-1].detail


@needs_tesseract
def test_what_was_given_stays(archive, tmp_path):
    table = tmp_path / "metadata.csv"
    table.write_text(
        "file,title,date,author\nscan.pdf,A title of mine,1994-05-06,Somebody\n", "utf-8"
    )
    outcome = _take(archive, tmp_path, "scan.pdf", scan(ACT), sidecar.read(table))
    rereading.recognise_next(archive)
    record, _, pages = _held(archive, outcome.public_id)
    assert [page.text for page in pages] == [ACT]
    assert record.description.title == "A title of mine"
    assert str(record.description.dated.date) == "1994-05-06"
    assert record.description.authors == ("Somebody",)
    with archive.catalogue.reading() as session:
        findings = records.findings_of(session, record.record_id)
    asserted = [one.rule for one in findings if one.field == "title" and one.asserted]
    assert asserted == ["sidecar"]


def test_what_was_stopped_is_read_again_by_one_command(tmp_path):
    home = tmp_path / "home"
    bootstrap.make_home(home)
    # With 200 MiB no reader gets anywhere.
    short = bootstrap.open_archive(home, {"MUNIMENT_EXTRACT_MEMORY_MIB": "200"})
    outcome = _take(
        short, tmp_path, "act.txt", b"The Assembly adopts the following resolution. " * 9
    )
    short.close()
    with_room = bootstrap.open_archive(home, {})
    try:
        record, _, _ = _held(with_room, outcome.public_id)
        if record.items[0].status == "text":
            pytest.fail("the reader was to be stopped; choose a lower limit")
        assert record.items[0].status == "over_limit"
        [done] = rereading.every(with_room, [], ["over_limit"], recognise=False)
        assert (done.before, done.after, done.changed) == ("over_limit", "text", True)
        _catch_up(with_room)
        assert _total(with_room, "assembly") == 1
        assert list(rereading.every(with_room, [], ["over_limit"], recognise=False)) == []
    finally:
        with_room.close()


@pytest.mark.parametrize(("do", "reason"), [
    ("allocate", "more than 512 MiB of memory"),
    ("spin", "more than 1 s of processor time"),
    ("sleep", "not done after 3 s"),
    ("crash", "crashed on this file (SIGSEGV)"),
    ("abort", "ran out of memory (512 MiB) or crashed"),
])  # fmt: skip
def test_however_a_reader_ends_there_is_a_record_that_says_so_and_is_read_again(
    tmp_path, monkeypatch, do, reason
):
    monkeypatch.setattr(sandbox, "WALL_PER_CPU", 60 if do == "spin" else 3)
    bootstrap.make_home(tmp_path / "home")
    archive = bootstrap.open_archive(tmp_path / "home", {})
    archive.reader = sandbox.Sandbox(LIMITS, reader=EVIL)
    text = json.dumps({"do": do, "programs": "the unmistakable words"})
    taken = _take(archive, tmp_path, "letter.txt", text.encode())
    record, _events, pages = _held(archive, taken.public_id)
    item = record.items[0]
    assert item.status in {"over_limit", "unreadable"}
    assert reason in item.reason
    assert pages == []
    archive.close()

    again = bootstrap.open_archive(tmp_path / "home", {})
    [done] = rereading.every(again, [], [item.status], recognise=False)
    assert (done.before, done.after, done.changed) == (item.status, "text", True)
    _catch_up(again)
    assert _total(again, "unmistakable") == 1
    again.close()


def test_a_worse_reading_takes_nothing_away(archive, tmp_path):
    outcome = _take(archive, tmp_path, "act.txt", b"The Assembly adopts the following resolution.")
    archive.reader.close()
    archive.reader = bootstrap.open_reader(
        dataclasses.replace(
            archive.settings,
            extract=dataclasses.replace(archive.settings.extract, memory_mib=200),
        )
    )
    [done] = rereading.read_again(archive, outcome.public_id)
    assert not done.changed
    record, events, pages = _held(archive, outcome.public_id)
    assert record.items[0].status == "text"
    assert pages[0].text == "The Assembly adopts the following resolution."
    assert events[-1].outcome == "over_limit"


def test_every_trouble_is_counted_and_listed(archive, tmp_path):
    _take(archive, tmp_path, "act.txt", b"The Assembly adopts the following resolution on water.")
    picture = _take(archive, tmp_path, "act.png", png(ACT))
    sound = _take(archive, tmp_path, "sound.mp3", b"ID3" + bytes(range(256)) * 9)
    with archive.catalogue.reading() as session:
        assert troubles.counted(session) == {"needs_ocr": 1, "unsupported": 1}
        listed = troubles.listed(session)
        pictures = troubles.listed(session, trouble="needs_ocr")
    assert [one.public_id for one in listed] == [picture.public_id, sound.public_id]
    assert [one.public_id for one in pictures] == [picture.public_id]
    assert pictures[0].items[0].gaps == ((1, "picture"),)
