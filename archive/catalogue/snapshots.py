"""One consistent copy of the catalogue while others write to it, and whether such a copy is whole."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from archive.catalogue import Catalogue, versions
from archive.errors import BackupError

_NAMED = """SELECT item.digest FROM item JOIN record USING (record_id)
    WHERE record.state != 'purged' ORDER BY item.digest"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the catalogue that was found whole."""

    path: Path
    version: str
    """Of its tables."""
    records: int
    events: int
    originals: int
    """How many it names."""

    def digests(self) -> Iterator[str]:
        """Yield the digest of each original it names, in ascending order."""
        with closing(_open(self.path)) as database:
            for (digest,) in database.execute(_NAMED):
                yield digest


def take(catalogue: Catalogue, target: Path, *, keeping: Collection[str]) -> Snapshot:
    """Copy the catalogue as it is at this moment into the new file *target*.

    Nobody who writes has to wait. What was deleted is not in the copy, nor are the secrets not
    named in *keeping*, nor whose sign-ins failed. BackupError: it is no SQLite, or not whole.
    sqlite3.OperationalError where there is no room.
    """
    url = make_url(catalogue.url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupError(
            f"the catalogue is at {url.render_as_string()}; back that database up with its own "
            "tools, and data/originals/ with any that copies files"
        )
    with closing(_open(Path(url.database))) as database:
        database.execute("VACUUM INTO ?", (str(target),))
    with closing(_open(target)) as database:
        database.execute("PRAGMA secure_delete=ON")
        names = [*keeping]
        spared = ", ".join("?" * len(names))
        database.execute(f"DELETE FROM secret WHERE name NOT IN ({spared})", names)  # noqa: S608 (question marks)
        database.execute("DELETE FROM sign_in")
    return look(target)


def look(path: Path) -> Snapshot:
    """Return what the copy of a catalogue at *path* holds; BackupError where it is not whole.

    A copy that was made by a later version, or that would run statements of its own, is none.
    """
    try:
        with closing(_open(path)) as database:
            [(found,)] = database.execute("PRAGMA integrity_check(1)")
            if found != "ok":
                raise BackupError(f"the catalogue is damaged: {found}")
            [(own,)] = database.execute(
                "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
            )
            if own:
                raise BackupError("the catalogue has triggers or views; Muniment makes none")
            [(version,)] = database.execute("SELECT version_num FROM alembic_version")
            [(records,)] = database.execute("SELECT count(*) FROM record")
            [(events,)] = database.execute("SELECT count(*) FROM event")
            [(originals,)] = database.execute(f"SELECT count(*) FROM ({_NAMED})")  # noqa: S608 (ours)
    except (sqlite3.DatabaseError, ValueError) as error:
        if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
            raise
        raise BackupError(f"the catalogue cannot be read: {error}") from error
    if version not in versions():
        raise BackupError(
            f"the catalogue is of version {version}, which is later than this Muniment knows; "
            "install the one that it comes from"
        )
    return Snapshot(path, version, records, events, originals)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=60)
