"""From what was read to what the catalogue keeps."""

from archive.access import EVERYTHING
from archive.catalogue import records, references
from archive.catalogue.references import Filed
from indexer import bootstrap, referring

TEXT = (
    "A letter of the council\n\nAstana, 5 May 1999\n\n"
    "It quotes the law of the Republic of Kazakhstan of 3 March 1995 at length."
)


def keys(archive, public_id):
    with archive.catalogue.reading() as session:
        record = records.by_public_id(session, public_id)
        found = references.of_record(session, record.record_id, EVERYTHING)
    return [one.instrument.key for one in found]


def test_what_a_file_refers_to_is_kept_when_it_is_taken_in(archive, ingest, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, "utf-8")
    [outcome] = ingest(path)
    assert keys(archive, outcome.public_id) == ["|KZ|law|1995-03-03"]
    assert referring.look_through(archive.catalogue) == 0


def test_new_rules_are_applied_to_what_was_read_before(archive, ingest, tmp_path, monkeypatch):
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, "utf-8")
    [outcome] = ingest(path)
    with archive.catalogue.writing() as session:
        number = records.by_public_id(session, outcome.public_id).record_id
        references.file(session, {number: Filed((), [])}, 0)
    assert keys(archive, outcome.public_id) == []
    bootstrap.upgrade(archive.home, {})
    assert keys(archive, outcome.public_id) == ["|KZ|law|1995-03-03"]
