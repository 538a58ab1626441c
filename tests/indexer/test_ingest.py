"""Every file is accounted for, and what a person says of it wins."""

import errno

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from archive.catalogue import records
from archive.dates import parse_edtf
from archive.errors import SidecarError
from archive.originals.local import LocalOriginals
from indexer import sidecar
from indexer.ingest import NoRoom, problems_of
from indexer.search import Asked, answer
from indexer.sources import walk

TEXT = "Decree No. 17\n\nOf 3 May 1994\n\nThe council decrees that the mill be rebuilt.\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "decree.txt"
    path.write_text(TEXT, "utf-8")
    return path


def record_of(archive, outcome):
    with archive.catalogue.reading() as session:
        return records.by_public_id(session, outcome.public_id)


def total(archive, typed, labels=frozenset({"public"})):
    return answer(
        Asked(query=typed),
        labels=labels,
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="k",
    ).total


def test_what_was_taken_in_is_found_at_once(archive, ingest, file):
    [outcome] = ingest(file)
    assert (outcome.outcome, outcome.reason) == ("taken", "")
    assert total(archive, "mill") == 1


def test_the_same_bytes_are_held_once(archive, ingest, file, tmp_path):
    [first] = ingest(file)
    (tmp_path / "copy.txt").write_bytes(file.read_bytes())
    [again, twin] = ingest(file, tmp_path / "copy.txt")
    assert again.outcome == twin.outcome == "held"
    assert again.public_id == twin.public_id == first.public_id


def test_what_cannot_be_read_is_kept_and_says_why(archive, ingest, tmp_path):
    (tmp_path / "rubbish.pdf").write_bytes(b"%PDF-1.4\nnothing that follows makes sense")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    picture, rubbish = ingest(tmp_path / "picture.png", tmp_path / "rubbish.pdf")
    assert picture.outcome == rubbish.outcome == "kept"
    assert picture.reason
    assert rubbish.reason
    assert record_of(archive, picture).items[0].status == "needs_ocr"
    assert record_of(archive, rubbish).description.title == "rubbish"
    assert total(archive, "") == 2


def test_an_empty_file_is_refused(ingest, tmp_path):
    (tmp_path / "empty.txt").touch()
    [outcome] = ingest(tmp_path / "empty.txt")
    assert (outcome.outcome, outcome.reason) == ("refused", "the file is empty")


def test_a_file_that_may_not_be_waits_for_review(archive, ingest, file):
    from dataclasses import replace

    archive.settings = replace(
        archive.settings, review=replace(archive.settings.review, required=True)
    )
    [outcome] = ingest(file)
    assert record_of(archive, outcome).state == "waiting"
    assert total(archive, "mill") == 0
    assert total(archive, "mill", frozenset({"public", "staff"})) == 1


def beside(tmp_path, text):
    path = tmp_path / "meta.csv"
    path.write_text(text, "utf-8")
    return sidecar.read(path)


def test_a_sidecar_wins_over_what_was_read(archive, ingest, file, tmp_path):
    given = beside(
        tmp_path,
        "file,title,date,country,doc_type,identifier,author,access\n"
        'decree.txt,The mill,1995,fr,web_article,No. 9,"Ada, B; C",restricted\n',
    )
    [outcome] = ingest(file, sidecar=given)
    record = record_of(archive, outcome)
    description = record.description
    assert description.title == "The mill"
    assert description.dated.date == parse_edtf("1995")
    assert description.dated.which == "published"
    assert (description.country, description.kind, description.number) == (
        "FR",
        "news_article",
        "No. 9",
    )
    assert description.authors == ("Ada, B", "C")
    assert record.access == "restricted"
    with archive.catalogue.reading() as session:
        findings = records.findings_of(session, record.record_id)
    title = next(f for f in findings if f.field == "title" and f.asserted)
    assert (title.value, title.rule, title.passage) == (
        "The mill",
        "sidecar",
        "row 2 of the metadata file",
    )
    assert [f.field for f in findings if f.asserted].count("date") == 1


BAD = (
    "file,date,country,doc_type,language\n"
    "a.txt,32.13.1993,AZ,decree,az\n"
    "b.txt,1993,XX,decree,az\n"
    "c.txt,1993,AZ,poem,az\n"
    "d.txt,1993,AZ,decree,azerbaijani!\n"
    ",1993,AZ,decree,az\n"
    "decree.txt,1993,AZ,decree,az\n"
    "decree.txt,1994,AZ,decree,az\n"
    "gone.txt,1994,AZ,decree,az\n"
)


def test_a_dry_run_lists_every_problem_and_takes_nothing_in(archive, file, tmp_path):
    given = beside(tmp_path, BAD)
    found = walk([file], archive.incoming, archive.settings.ingest)
    told = {(o.file, o.reason) for o in problems_of(found, given, archive=archive)}
    reasons = dict(told)
    assert "'32.13.1993' is not a date" in reasons["a.txt"]
    assert "there is no country or body 'XX'" in reasons["b.txt"]
    assert "there is no kind 'poem'; known: news_article" in reasons["c.txt"]
    assert "no BCP 47 language tag" in reasons["d.txt"]
    assert "the row names no file" in reasons[""]
    assert "stands in row 7 already" in reasons["decree.txt"]
    assert "did not come" in reasons["gone.txt"]
    assert all(reason.startswith("row ") for _, reason in told)
    with archive.catalogue.reading() as session:
        assert records.count(session) == 0
    assert [*archive.originals.digests()] == []


def test_a_file_named_in_error_is_refused_and_the_others_are_taken(ingest, file, tmp_path):
    (tmp_path / "a.txt").write_text("Law No. 4 of 1993", "utf-8")
    (tmp_path / "free.txt").write_text("Law No. 5 of 1993", "utf-8")
    given = beside(tmp_path, "file,date\na.txt,soon\ndecree.txt,1993\n")
    outcomes = {
        o.file.rsplit("/")[-1]: o.outcome
        for o in ingest(tmp_path / "a.txt", file, tmp_path / "free.txt", sidecar=given)
    }
    assert outcomes == {"a.txt": "refused", "decree.txt": "taken", "free.txt": "taken"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,title\nx,y\n", "has no column 'file'"),
        ("file,titel\nx,y\n", "there is no column 'titel'; is 'title' meant"),
        ("file,date,date\nx,1,2\n", "'date' stands there twice"),
        ("", "has no column 'file'"),
        ('file,title\nx,"never closed\n', "not CSV"),
    ],
)
def test_a_sidecar_that_cannot_be_used_is_refused_whole(tmp_path, text, message):
    with pytest.raises(SidecarError, match=message):
        beside(tmp_path, text)


def test_columns_that_are_nobodys_slip_are_left_alone(tmp_path):
    assert beside(tmp_path, "file,sha256,score_date\nx,1,2\n").unused_columns == (
        "sha256",
        "score_date",
    )


class Full(LocalOriginals):
    """A store on a disk that is full after a number of files."""

    def __init__(self, root, room):
        super().__init__(root)
        self.room = room

    def put(self, source):
        if self.room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= 1
        return super().put(source)


def test_a_full_disk_ends_with_advice_and_what_was_told_is_safe(archive, ingest, tmp_path):
    for n in range(20):
        (tmp_path / f"{n:02}.txt").write_text(f"Law No. {n} of 1993 on mills", "utf-8")
    whole = archive.originals
    archive.originals = Full(archive.home / "data" / "originals", 7)
    with pytest.raises(NoRoom, match="make room and run the same again"):
        ingest(*sorted(tmp_path.glob("*.txt")))
    archive.originals = whole
    with archive.catalogue.reading() as session:
        held = records.count(session)
        for digest in records.digests(session):
            archive.originals.verify(digest)
    assert 0 < held <= 7
    assert total(archive, "mills") == held
    again = ingest(*sorted(tmp_path.glob("*.txt")))
    assert [o.outcome for o in again].count("taken") == 20 - held
    assert [*archive.incoming.iterdir()] == []


def test_the_same_bytes_twice_in_one_go_are_one_record(archive, ingest, tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(TEXT, "utf-8")
    first, *twins = ingest(*sorted(tmp_path.glob("*.txt")))
    assert first.outcome == "taken"
    assert [(one.outcome, one.public_id) for one in twins] == [("held", first.public_id)] * 2
    with archive.catalogue.reading() as session:
        assert records.count(session) == 1


def test_a_record_that_cannot_be_added_keeps_none_before_it_out(archive, ingest, tmp_path):
    for n in range(6):
        (tmp_path / f"{n}.txt").write_text(f"Law No. {n} of 1993 on mills", "utf-8")
    with archive.catalogue.writing() as session:
        session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON item WHEN new.name = '4.txt' "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    with pytest.raises(IntegrityError, match="refused"):
        ingest(*sorted(tmp_path.glob("*.txt")))
    with archive.catalogue.reading() as session:
        held = [one.items[0].name for one in records.every(session)]
    assert held == [f"{n}.txt" for n in range(4)]
    assert total(archive, "mills") == 4


def test_the_index_follows_while_files_are_taken_in(archive, ingest, tmp_path):
    from dataclasses import replace

    archive.settings = replace(archive.settings, index=replace(archive.settings.index, batch=16))
    for n in range(150):
        (tmp_path / f"{n:03}.txt").write_text(f"Law No. {n} of 1993 on mills", "utf-8")
    outcomes = ingest(*sorted(tmp_path.glob("*.txt")))
    assert [one.outcome for one in outcomes] == ["taken"] * 150
    assert [one.file[-7:] for one in outcomes] == [f"{n:03}.txt" for n in range(150)]
    assert total(archive, "mills") == 150


def test_a_document_costs_few_statements(archive, ingest, tmp_path):
    for n in range(32):
        body = f"Law No. {n} of 1993 on mills\n\nHaving regard to Law No. {n + 50} of 1991."
        (tmp_path / f"{n:02}.txt").write_text(body, "utf-8")
    said = []
    listening = (archive.catalogue._engine, "before_cursor_execute")
    event.listen(*listening, lambda _c, _k, statement, *_more: said.append(statement))
    assert {one.outcome for one in ingest(*sorted(tmp_path.glob("*.txt")))} == {"taken"}
    # Of these, four a document return its numbers, which SQLite does one by one.
    assert len(said) < 32 * 16
