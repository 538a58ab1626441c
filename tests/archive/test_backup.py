"""A backup is whole or not there; what is restored from it is the same archive."""

import io
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import bagit
import pytest

from archive import accounts, backup, bags
from archive.bags import BagWriter
from archive.catalogue import adding, records
from archive.catalogue.records import Description, Item
from archive.errors import BackupError, BagError, HomeError, MunimentError
from indexer import bootstrap, indexing
from indexer.bootstrap import Archive
from tests.keeping import bytes_of, content_of, fill, flip_a_bit, found, place_of, rows_of

ALIKE_BUT = {"secret", "sign_in"}


def back_up(archive: Archive, target: Path) -> backup.Contents:
    return bootstrap.back_up(archive, target, lambda _done, _all: None)


def restore(source: Path, home: Path, environ: dict[str, str] | None = None) -> backup.Contents:
    return bootstrap.restore(source, home, environ or {}, lambda _done, _all: None)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    fill(archive, 20)
    with archive.catalogue.writing() as session:
        accounts.add(session, "anna", "admin", "correct horse battery", archive.settings.accounts)
        accounts.note_failure(session, "anna", "192.0.2.1", archive.settings.accounts)
        accounts.secret(session, "session")
    indexing.catch_up(archive.catalogue, archive.engine, batch=100, wait=True)
    return archive


def test_what_is_restored_is_the_same_archive(filled, home, tmp_path):
    state_key = filled.state_key
    made = back_up(filled, tmp_path / "b.zip")
    taken = restore(tmp_path / "b.zip", tmp_path / "new")
    assert made == taken
    assert (made.records, made.originals, made.left_out) == (20, 20, ())
    assert bytes_of(tmp_path / "new") == bytes_of(home)
    assert len(bytes_of(home)) == 20
    before = rows_of(home / "data" / "catalogue.sqlite")
    after = rows_of(tmp_path / "new" / "data" / "catalogue.sqlite")
    assert before.keys() == after.keys()
    assert {n: r for n, r in before.items() if n not in ALIKE_BUT} == {
        n: r for n, r in after.items() if n not in ALIKE_BUT
    }
    bootstrap.upgrade(tmp_path / "new", {})
    again = bootstrap.open_archive(tmp_path / "new", {})
    for query in ("", "decree", "number7", "district"):
        assert found(again, query) == found(filled, query)
    assert again.state_key == state_key
    with again.catalogue.reading() as session:
        assert accounts.check(session, "anna", "correct horse battery")
    for one in (tmp_path / "new" / "data" / "originals").glob("??/??/*"):
        assert one.stat().st_mode & 0o777 == 0o400
    again.close()


def test_a_backup_holds_no_key_of_sessions_and_no_index(filled, tmp_path):
    with filled.catalogue.writing() as session:
        key = accounts.secret(session, "session")
    assert filled.state_key
    back_up(filled, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        packed.extractall(tmp_path)
        assert not [name for name in packed.namelist() if "index" in name]
    copy = (tmp_path / "b" / "data" / "catalogue.sqlite").read_bytes()
    assert key.encode() not in copy
    assert b"192.0.2.1" not in copy
    assert filled.state_key.encode() in copy


def test_what_was_deleted_is_not_in_a_backup(filled, home, tmp_path):
    with closing(sqlite3.connect(home / "data" / "catalogue.sqlite")) as database:
        database.execute("DELETE FROM page WHERE text LIKE '%number13 %'")
        database.commit()
    back_up(filled, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert b"number13 " not in packed.read("b/data/catalogue.sqlite")


def test_a_backup_is_a_bag_that_the_library_of_congress_finds_valid(filled, tmp_path):
    back_up(filled, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        packed.extractall(tmp_path)
    assert bagit.Bag(str(tmp_path / "b")).validate() is True


def test_records_that_are_added_meanwhile_are_whole_or_not_in_it(filled, tmp_path):
    added = []

    def meanwhile(done: int, _all: int) -> None:
        if done % 5 == 0:
            added.extend(fill(filled, 1, first=1000 + done))

    made = bootstrap.back_up(filled, tmp_path / "b.zip", meanwhile)
    assert len(added) == 4
    assert (made.records, made.originals) == (20, 20)
    restore(tmp_path / "b.zip", tmp_path / "new")


@pytest.mark.parametrize("trouble", ["missing", "damaged", "unreadable"])
def test_an_original_that_is_lost_is_told_of_and_the_others_are_kept(filled, tmp_path, trouble):
    [public_id] = fill(filled, 1, first=99)
    place = place_of(filled, public_id)
    flip_a_bit(place) if trouble == "damaged" else place.unlink()
    if trouble == "unreadable":
        place.mkdir()  # as a disk that fails: opening it is an OSError
    made = back_up(filled, tmp_path / "b.zip")
    assert made.left_out == (backup.LeftOut(place.name, trouble),)
    taken = restore(tmp_path / "b.zip", tmp_path / "new")
    assert taken == made
    assert taken.originals == 20
    assert len(bytes_of(tmp_path / "new")) == 20


def test_a_backup_replaces_no_file(filled, tmp_path):
    (tmp_path / "b.zip").write_text("precious")
    with pytest.raises(BackupError, match="is there already"):
        back_up(filled, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "precious"


def test_two_backups_to_one_file_do_not_meet(filled, tmp_path):
    said = []

    def another(done: int, _all: int) -> None:
        if done == 1:
            with pytest.raises(BackupError, match="another process is writing") as caught:
                back_up(filled, tmp_path / "b.zip")
            said.append(str(caught.value))

    bootstrap.back_up(filled, tmp_path / "b.zip", another)
    assert said
    restore(tmp_path / "b.zip", tmp_path / "new")


def test_a_catalogue_elsewhere_is_backed_up_by_its_own_tools(home, tmp_path):
    environ = {"MUNIMENT_CATALOGUE_URL": f"sqlite:///{home}/data/catalogue.sqlite"}
    archive = bootstrap.open_archive(home, environ)
    with pytest.raises(BackupError, match="their own tools"):
        back_up(archive, tmp_path / "b.zip")
    archive.close()
    assert not list(tmp_path.glob("b.zip*"))


@pytest.mark.parametrize("there", ["config.toml", "notes.txt", "data/x"])
def test_only_an_empty_home_is_restored_into(whole, tmp_path, there):
    (tmp_path / "b.zip").write_bytes(whole)
    place = tmp_path / "new" / there
    place.parent.mkdir(parents=True)
    place.write_text("precious")
    with pytest.raises(HomeError, match="not empty"):
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert place.read_text() == "precious"


def test_settings_that_name_another_catalogue_are_refused(whole, tmp_path):
    (tmp_path / "b.zip").write_bytes(whole)
    environ = {"MUNIMENT_CATALOGUE_URL": "sqlite:////srv/other.sqlite"}
    with pytest.raises(BackupError, match="elsewhere"):
        restore(tmp_path / "b.zip", tmp_path / "new", environ)
    assert not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of a small archive."""
    folder = tmp_path_factory.mktemp("whole")
    bootstrap.make_home(folder / "home")
    archive = bootstrap.open_archive(folder / "home", {})
    fill(archive, 20)
    back_up(archive, folder / "b.zip")
    archive.close()
    return (folder / "b.zip").read_bytes()


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.999])
def test_a_backup_that_was_cut_restores_nothing(whole, tmp_path, kept):
    (tmp_path / "b.zip").write_bytes(whole[: int(len(whole) * kept)])
    (tmp_path / "new").mkdir()
    with pytest.raises(BagError, match="cut or damaged"):
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_one_flipped_bit_in_a_backup_names_the_file(whole, tmp_path):
    at = whole.index(content_of(7)) + 5
    (tmp_path / "b.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(BagError, match=r"data/originals/../../[0-9a-f]{64}"):
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert not (tmp_path / "new").exists()


Parts = dict[str, bytes]


def _with(name: str, content: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {**parts, name: content}


def _without(pattern: str) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        gone = next(name for name in parts if re.match(pattern, name))
        return {name: content for name, content in parts.items() if name != gone}

    return change


def _catalogue(statement: str) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(parts["catalogue.sqlite"])
            database.execute(statement)
            database.commit()
            return {**parts, "catalogue.sqlite": database.serialize()}

    return change


HOSTILE: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "a pickle": (_with("index/segment.pickle", b"cos\nsystem\n"), "is no part of a backup"),
    "another's original": (_with(f"originals/ab/cd/abcd{'0' * 60}", b"x"), "another SHA-256"),
    "an original elsewhere": (_with(f"originals/ab/ce/abcd{'0' * 60}", b"x"), "no part"),
    "no catalogue": (_without("catalogue"), "has no catalogue.sqlite"),
    "no settings": (_without("config"), "has no config.toml"),
    "an original too few": (_without("originals"), "lacks the original"),
    "no database": (_with("catalogue.sqlite", b"x" * 5000), "cannot be read"),
    "a damaged database": (
        lambda p: {**p, "catalogue.sqlite": p["catalogue.sqlite"][:20000]},
        "catalogue",
    ),
    "a trigger": (
        _catalogue(
            "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END"
        ),
        "triggers or views",
    ),
    "a later version": (
        _catalogue("UPDATE alembic_version SET version_num = '9999'"),
        "later than this Muniment knows",
    ),
    "settings that are none": (_with("config.toml", b"[nothing]\n"), "no section"),
    "settings that lead elsewhere": (
        _with("config.toml", b'[catalogue]\nurl = "sqlite:////srv/x"\n'),
        "elsewhere",
    ),
}  # fmt: skip


def parts_of(path: Path) -> Parts:
    with bags.opened(path) as bag:
        return {name: _whole(bag, name) for name in bag.payload}


def _whole(bag: bags.Bag, name: str) -> bytes:
    with bag.open(name) as file:
        return file.read()


def bagged(path: Path, parts: Parts, info: dict[str, str]) -> Path:
    with path.open("wb") as out, BagWriter(out, "b", info) as writer:
        for name, content in parts.items():
            writer.add(name, io.BytesIO(content), len(content))
    return path


@pytest.mark.parametrize("trouble", sorted(HOSTILE))
def test_a_bag_made_to_look_like_a_backup_restores_nothing(whole, tmp_path, trouble):
    (tmp_path / "b.zip").write_bytes(whole)
    change, said = HOSTILE[trouble]
    info = {"Muniment-Backup": "1", "Muniment-Backup-At": "2026-01-01T00:00:00+00:00"}
    path = bagged(tmp_path / "hostile.zip", change(parts_of(tmp_path / "b.zip")), info)
    with pytest.raises(MunimentError, match=said):
        restore(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("info", "said"), [({}, "no backup"), ({"Muniment-Backup": "2"}, "of form 2")]
)
def test_a_bag_that_is_no_backup_is_not_restored(tmp_path, info, said):
    path = bagged(tmp_path / "bag.zip", {"a.txt": b"x"}, info)
    with pytest.raises(BackupError, match=said):
        restore(path, tmp_path / "new")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a small tmpfs cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(
    ("taken", "size"),
    [(900_000, 1), (500_000, 300_000), (0, 2_000_000)],
    ids=["catalogue", "a", "b"],
)
def test_a_full_disk_leaves_no_backup(filled, tmp_path, small_disk, taken, size):
    source = tmp_path / "large"
    source.write_bytes(b"x" * size)
    with filled.catalogue.writing() as session:
        adding.add(
            session, accession_id=records.open_accession(session, agent="t", via="command"),
            agent="t", description=Description(title="large"), findings=[],
            item=Item(filled.originals.put(source), "large", size, "text/plain", "text"),
            embedded=[], pages=[], state="published", access="public",
        )  # fmt: skip
    (small_disk / "filler").write_bytes(b"x" * taken)
    with pytest.raises(BackupError, match="no room left"):
        back_up(filled, small_disk / "b.zip")
    assert [one.name for one in small_disk.iterdir()] == ["filler"]


def test_a_full_disk_is_told_before_anything_is_restored(whole, tmp_path, small_disk):
    (tmp_path / "b.zip").write_bytes(whole)
    (small_disk / "filler").write_bytes(b"x" * 900_000)
    with pytest.raises(BackupError, match="are needed"):
        restore(tmp_path / "b.zip", small_disk / "new")
    assert [one.name for one in small_disk.iterdir()] == ["filler"]


def test_a_disk_that_fills_up_while_restoring_leaves_nothing(whole, tmp_path, small_disk):
    (tmp_path / "b.zip").write_bytes(whole)

    def fill_up(done: int, _all: int) -> None:
        if done == 5:
            free = shutil.disk_usage(small_disk).free
            (small_disk / "filler").write_bytes(b"x" * free)

    with pytest.raises(BackupError, match="no room left"):
        bootstrap.restore(tmp_path / "b.zip", small_disk / "new", {}, fill_up)
    assert [one.name for one in small_disk.iterdir()] == ["filler"]
