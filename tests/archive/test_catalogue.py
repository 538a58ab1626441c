"""Records are taken in whole, read back as they were, and every change is noted."""

import contextlib
from datetime import date

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from archive import dates
from archive.access import EVERYTHING, PUBLIC, label_of, labels_held, may_read_text
from archive.catalogue import Catalogue, _alembic, adding, outbox, records
from archive.catalogue.models import Base
from archive.catalogue.records import Dated, Described, Description, Item, PageText
from archive.errors import HomeError, RecordMissing

FULL = Description(
    title="Əsas başlıq",
    kind="decree",
    country="AZ",
    dated=Dated(dates.month(1993, 12), "adopted", "dekabr 1993"),
    other_dates=(Dated(dates.day(1994, 1, 2), "in_force"), Dated(dates.year(1995), "published")),
    number="351-IVQ",
    issuer="Prezident",
    language="az",
    authors=("Ada, B", "C"),
    publication="P",
    volume="1",
    issue="2",
    page_range="3-4",
    section="s",
    place="Bakı",
    session="48",
    publisher="Pub",
    source_url="https://example.org",
    accessed=date(2024, 1, 1),
    archive="A",
    location="fond 1",
    collection="c",
    rights="public domain",
)


def added(session, digest="a" * 64, state="published", access="public", description=FULL):
    return adding.add(
        session,
        accession_id=records.open_accession(session, agent="test", via="command"),
        agent="test",
        description=description,
        findings=[Described("title", "T", "T", 0.9, True, "passage", 3, "rule")],
        item=Item(digest, "a.txt", 3, "text/plain", "text", notes=("n",), paged=True, page_count=2),
        embedded=[("dc.title", "T")],
        pages=[PageText(2, "two"), PageText(1, "one", "beside")],
        state=state,
        access=access,
    )


def test_a_record_reads_back_as_it_was_added(catalogue):
    with catalogue.writing() as session:
        record = added(session)
    with catalogue.reading() as session:
        assert records.by_public_id(session, record.public_id) == record
        assert record.description == FULL
        assert records.pages_of(session, [record.record_id])[record.record_id] == [
            PageText(1, "one", "beside"),
            PageText(2, "two"),
        ]
        assert [f.page for f in records.findings_of(session, record.record_id)] == [3]
        assert [h.kind for h in records.provenance_of(session, record.record_id)] == [
            "received",
            "read",
            "published",
        ]


def test_an_unknown_record_is_missing_with_advice(catalogue):
    with catalogue.reading() as session, pytest.raises(RecordMissing, match="slip of the pen"):
        records.by_public_id(session, "nobody")


def test_one_original_makes_one_record(catalogue):
    with catalogue.writing() as session:
        first = added(session)
        assert records.holder_of(session, "a" * 64) == first.public_id
    with pytest.raises(IntegrityError), catalogue.writing() as session:
        added(session)


def test_a_transaction_that_fails_leaves_nothing(catalogue):
    with contextlib.suppress(ZeroDivisionError), catalogue.writing() as session:
        added(session)
        raise ZeroDivisionError
    with catalogue.reading() as session:
        assert records.count(session) == 0
        assert outbox.last(session) == 0


def test_every_change_is_noted_with_those_who_could_see_it(catalogue):
    with catalogue.writing() as session:
        record = added(session)
        added(session, "b" * 64, state="waiting")
        records.change_state(session, record.public_id, "withdrawn", "test", "why")
    with catalogue.reading() as session:
        changes = outbox.pending(session, 0, 10)
        assert [set(change.seen_by) for change in changes] == [{"public"}, {"staff"}, {"public"}]
        assert outbox.last_by_label(session) == {"public": 3, "staff": 2}
        assert [c.change_id for c in outbox.pending(session, 1, 1)] == [2]


def test_settled_changes_are_forgotten_but_the_count_goes_on(catalogue):
    with catalogue.writing() as session:
        added(session)
        outbox.settle(session, outbox.last(session))
        assert outbox.last(session) == 1
        added(session, "b" * 64)
        assert outbox.last(session) == 2
        assert outbox.first_kept(session) == 1


def test_migrations_make_the_tables_that_the_models_describe(tmp_path):
    Catalogue.at(tmp_path / "c.sqlite").upgrade()
    engine = create_engine(f"sqlite:///{tmp_path / 'c.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_tables_of_copies_come_and_go_and_leave_the_records(tmp_path):
    catalogue = Catalogue.at(tmp_path / "c.sqlite")
    catalogue.upgrade()
    with catalogue.writing() as session:
        record = added(session)
    engine = create_engine(f"sqlite:///{tmp_path / 'c.sqlite'}")
    with engine.connect() as connection:
        command.downgrade(_alembic(connection), "0001")
        connection.commit()
        tables = set(inspect(connection).get_table_names())
        assert not tables & {"sketch", "sketch_band", "translation"}
    catalogue.upgrade()
    with catalogue.reading() as session:
        assert records.by_public_id(session, record.public_id) == record
    catalogue.close()
    engine.dispose()


def test_a_catalogue_of_another_version_is_refused(tmp_path):
    catalogue = Catalogue.at(tmp_path / "c.sqlite")
    with pytest.raises(HomeError, match="no catalogue"):
        catalogue.check_version()
    catalogue.upgrade()
    catalogue.check_version()
    with catalogue.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(HomeError, match="muniment upgrade"):
        catalogue.check_version()
    catalogue.close()


def test_sqlite_keeps_what_was_committed_through_a_power_cut(catalogue):
    with catalogue.writing() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


@given(st.integers(0, 7), st.integers(1, 28))
def test_a_wrong_character_in_an_id_is_noticed(place, shift):
    good = records.new_public_id()
    assert records.is_public_id(good)
    alphabet = records.ID_ALPHABET
    wrong = alphabet[(alphabet.index(good[place]) + shift) % len(alphabet)]
    assert not records.is_public_id(good[:place] + wrong + good[place + 1 :])


@pytest.mark.parametrize("public_id", ["", "abc", "AAAAAAAAA", "b" * 10, "12345678!"])
def test_what_has_not_the_form_of_an_id_is_none(public_id):
    assert not records.is_public_id(public_id)


@pytest.mark.parametrize(
    ("state", "access", "label"),
    [
        ("published", "public", "public"),
        ("published", "text_withheld", "public"),
        ("published", "restricted", "staff"),
        ("waiting", "public", "staff"),
        ("returned", "public", "staff"),
        ("withdrawn", "public", None),
        ("purged", "public", None),
    ],
)
def test_who_may_see_a_record(state, access, label):
    assert label_of(state, access) == label


@pytest.mark.parametrize(
    ("role", "labels"),
    [(None, PUBLIC), ("reader", PUBLIC), ("archivist", EVERYTHING), ("admin", EVERYTHING)],
)
def test_what_a_role_may_see(role, labels):
    assert labels_held(role) == labels


def test_a_withheld_text_is_open_to_staff_alone():
    assert may_read_text(PUBLIC, "public")
    assert not may_read_text(PUBLIC, "text_withheld")
    assert may_read_text(EVERYTHING, "text_withheld")
