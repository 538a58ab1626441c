"""Opens an archive: the one place that says which store, engine and reader are used."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

from archive import accounts, backup, config
from archive.backup import Contents, Told
from archive.catalogue import Catalogue
from archive.config import Settings
from archive.errors import ConfigError, HomeError
from archive.kinds import Kind, with_extra
from archive.originals import Originals
from archive.originals.local import LocalOriginals
from indexer import indexing, referring
from indexer.copies import duplicates
from indexer.engine import Engine
from indexer.engine.whoosh import WhooshEngine
from indexer.reading import Reader
from indexer.reading.sandbox import Sandbox

STATE_SECRET = "state"  # noqa: S105 (the name of a secret)


@dataclass
class Archive:
    """An open archive. One a process; safe to share by threads; `close` it at the end."""

    home: Path
    settings: Settings
    catalogue: Catalogue
    originals: Originals
    engine: Engine
    reader: Reader

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The closed list of kinds, with the leaves that the settings add."""
        return with_extra(self.settings.kinds.extra)

    @cached_property
    def state_key(self) -> str:
        """What names of index states are made with."""
        return self.secret(STATE_SECRET)

    def secret(self, name: str) -> str:
        """Return the archive's secret of this name, made on first use."""
        with self.catalogue.writing() as session:
            return accounts.secret(session, name)

    @property
    def incoming(self) -> Path:
        """A folder of ours for files on their way in; on the file system of the originals."""
        folder = self.home / "data" / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def close(self) -> None:
        """Let go of processes, files and connections."""
        self.reader.close()
        self.engine.close()
        self.catalogue.close()


def make_home(home: Path) -> bool:
    """Make an archive home, or finish one half made; False where it was one already.

    Nothing that is there is overwritten.
    """
    data = home / "data"
    settings = home / config.CONFIG_NAME
    if settings.exists() and data.is_dir():
        upgrade(home, {})
        return False
    if home.exists() and not home.is_dir():
        raise HomeError(f"{home} is a file; give a folder, new or empty")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.exists():
        settings.write_text(config.default_text(), "utf-8")
    upgrade(home, {})
    return True


def upgrade(home: Path, environ: Mapping[str, str]) -> None:
    """Bring the catalogue of an earlier version up to this one, and the index to where it is.

    Texts that were looked through for references by older rules, or none, are looked through;
    sketches that are missing are made.
    """
    settings = config.load(home, environ)
    with _catalogue(home, settings) as catalogue:
        catalogue.upgrade()
        referring.look_through(catalogue)
        duplicates.make_missing(catalogue)
        engine = WhooshEngine(home / "data" / "index")
        indexing.catch_up(
            catalogue,
            engine,
            batch=settings.index.batch,
            wait=True,
            processes=settings.index.processes,
        )
        engine.close()


def open_archive(home: Path, environ: Mapping[str, str]) -> Archive:
    """Open the archive at *home*.

    HomeError: there is none, or it is of another version. ConfigError: its settings are wrong.
    """
    settings = config.load(home, environ)
    for section, url in (("originals", settings.originals.url), ("index", settings.index.url)):
        if url:
            raise ConfigError(
                f"[{section}] url: this version knows no store at {url!r}; leave it empty"
            )
    with_extra(settings.kinds.extra)  # a wrong setting is told now, not in the middle of a page
    catalogue = _catalogue(home, settings)
    catalogue.check_version()
    data = home / "data"
    return Archive(
        home=home,
        settings=settings,
        catalogue=catalogue,
        originals=LocalOriginals(data / "originals"),
        engine=WhooshEngine(data / "index"),
        reader=open_reader(settings),
    )


def back_up(archive: Archive, target: Path, told: Told) -> Contents:
    """Write the whole archive into the new file *target* while it is used; BackupError.

    The key that signs sessions is left out: whoever has the backup cannot sign in with it.
    """
    return backup.make(
        target,
        catalogue=archive.catalogue,
        originals=archive.originals,
        home=archive.home,
        settings=archive.settings,
        software=software(),
        secrets_kept={STATE_SECRET},
        told=told,
    )


def restore(source: Path, home: Path, environ: Mapping[str, str], told: Told) -> Contents:
    """Put a backup into an empty home, as `archive.backup.restore`; `upgrade` makes its index."""
    return backup.restore(
        source,
        home,
        environ=environ,
        open_originals=lambda data: LocalOriginals(data / "originals"),
        told=told,
    )


def software() -> str:
    """Return the name and version of this software, for what is written to last."""
    return f"Muniment {metadata.version('muniment')}"


def open_reader(settings: Settings) -> Reader:
    """Return the reader of files alone, without an archive."""
    return Sandbox(settings.extract)


def room_left_bytes(archive: Archive) -> int:
    """Return how many bytes may still be written where the archive is."""
    return shutil.disk_usage(archive.home).free


def _catalogue(home: Path, settings: Settings) -> Catalogue:
    busy = settings.catalogue.busy_timeout_s
    if settings.catalogue.url:
        return Catalogue(settings.catalogue.url, busy_timeout_s=busy)
    return Catalogue.at((home / "data" / "catalogue.sqlite").absolute(), busy_timeout_s=busy)
