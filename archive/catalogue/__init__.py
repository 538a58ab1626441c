"""The truth: records, their items, text, evidence and events, in one database.

Everything that is SQL lives in this room. A `Catalogue` hands out sessions;
the functions of `records`, `outbox` and `accounts` take one.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from archive.errors import HomeError

_MIGRATIONS = str(Path(__file__).with_name("migrations"))


class Catalogue:
    """The database of one archive. Safe to share by threads; open one a process.

    A writing session is one transaction that excludes other writers from its start,
    so what it reads stays true until it commits; when `writing()` ends without an
    error the transaction is durable (SQLite: WAL with synchronous=FULL). A reading
    session sees one committed state and never waits for a writer.
    """

    def __init__(self, url: str, *, busy_timeout_s: int = 60) -> None:
        """Open the database at *url*, as in `sqlite:///path`; it need not exist yet."""
        self.url = url
        self._engine = create_engine(url, connect_args=_connect_args(url, busy_timeout_s))
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._writing_engine: Engine = self._engine.execution_options(writing=True)

    @classmethod
    def at(cls, path: Path, *, busy_timeout_s: int = 60) -> "Catalogue":
        """Open the SQLite catalogue in the file at *path*."""
        return cls(f"sqlite:///{path}", busy_timeout_s=busy_timeout_s)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits at the end, or rolls back where an error is raised."""
        with Session(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session

    def upgrade(self) -> None:
        """Create the tables, or bring those of an earlier version up to this one."""
        with self._writing_engine.connect() as connection:
            config = _alembic(connection)
            command.upgrade(config, "head")
            connection.commit()

    def check_version(self) -> None:
        """Raise HomeError where the tables are not those of this version."""
        with self._engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            wanted = ScriptDirectory.from_config(_alembic(connection)).get_current_head()
        if found is None:
            raise HomeError(f"there is no catalogue at {self._engine.url!r}; run 'muniment init'")
        if found != wanted:
            raise HomeError(
                f"the catalogue is of version {found}, this Muniment needs {wanted}; "
                "make a backup, then run 'muniment upgrade'"
            )

    def answers(self) -> bool:
        """Whether the database can be asked at all, for a look at the site's health."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1 FROM record LIMIT 1"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> "Catalogue":
        """Use as a context that closes at its end."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close."""
        self.close()


def versions() -> list[str]:
    """Return every version of the tables that this Muniment knows, the latest first."""
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]


def _connect_args(url: str, busy_timeout_s: int) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"timeout": busy_timeout_s, "check_same_thread": False}
    return {}


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions behind our back: _begin_sqlite does.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once with "database is
    # locked" when another wrote in between; one that will write takes the lock first.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    return config
