"""The whole archive in one file, and from that file into an empty home.

A backup is a BagIt bag in a zip file: the catalogue as it was at one moment, every original it
names, and config.toml. The index is no part of it: it is made anew, and it is code.
"""

import errno
import io
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from archive import bags, config, fixity
from archive.bags import Bag, BagWriter
from archive.catalogue import Catalogue, snapshots
from archive.catalogue.snapshots import Snapshot
from archive.errors import (
    BackupError,
    ConfigError,
    HomeError,
)
from archive.files import FULL, new_file, sync_folder
from archive.originals import Digest, Originals

FORM = "1"
"""Of what a backup holds; stands in its bag-info.txt under FORM_FIELD."""
FORM_FIELD = "Muniment-Backup"
CATALOGUE = "catalogue.sqlite"
ORIGINALS = "originals/"
LEFT_OUT = "left-out.txt"
DRAFT = ".restoring"
"""Where a home is restored before it is one."""

_ORIGINAL = re.compile(r"originals/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")

Told = Callable[[int, int], None]
"""Is told how many originals of how many are done."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An original that the catalogue names and the backup lacks."""

    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    at: datetime
    """When it was made."""
    records: int
    events: int
    originals: int
    """How many it holds."""
    size_bytes: int
    """Of everything in it."""
    catalogue_digest: str
    """SHA-256 of the catalogue in it."""
    manifest_digest: str
    """SHA-256 of its manifest-sha512.txt, which names everything in it."""
    left_out: tuple[LeftOut, ...]


def make(
    target: Path,
    *,
    catalogue: Catalogue,
    originals: Originals,
    home: Path,
    settings: config.Settings,
    software: str,
    secrets_kept: Collection[str],
    told: Told = lambda _done, _all: None,
) -> Contents:
    """Write a backup into the new file *target*, which only its owner may read.

    The archive may be used meanwhile. The catalogue is copied first and the originals it names
    after it: an original is never changed, so what the copy names is there. An original that is
    missing, damaged or unreadable is left out and told of; all the others are in the backup.
    When this returns, the file is durable. BackupError: nothing was left at *target*.
    """
    if settings.catalogue.url or settings.originals.url:
        raise BackupError(
            "the settings name a catalogue or originals outside the home; back those up with "
            "their own tools"
        )
    scratch = target.with_name(f"{target.name}.part-catalogue")
    with new_file(target, BackupError) as out:
        try:
            scratch.unlink(missing_ok=True)
            scratch.touch(mode=0o600)
            snapshot = snapshots.take(catalogue, scratch, keeping=secrets_kept)
            return _written(out, target, snapshot, originals, home, settings, software, told)
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise OSError(errno.ENOSPC, "no room for the copy of the catalogue") from error
            raise BackupError(f"the catalogue cannot be copied: {error}") from error
        finally:
            scratch.unlink(missing_ok=True)


def _written(
    out: IO[bytes],
    target: Path,
    snapshot: Snapshot,
    originals: Originals,
    home: Path,
    settings: config.Settings,
    software: str,
    told: Told,
) -> Contents:
    at = datetime.now(UTC).replace(microsecond=0)
    site = settings.site
    description = f"Backup of the archive {site.name}; 'muniment restore' takes it"
    info = bags.new_info(description, organization=site.archive, software=software)
    info |= {FORM_FIELD: FORM, "Muniment-Backup-At": at.isoformat()}
    left_out: list[LeftOut] = []
    with BagWriter(out, bags.safe_name(target.stem), info) as writer:
        with snapshot.path.open("rb") as file:
            size_bytes = snapshot.path.stat().st_size
            catalogue_digest = writer.add(CATALOGUE, file, size_bytes, packed=True)
        with (home / config.CONFIG_NAME).open("rb") as file:
            writer.add(config.CONFIG_NAME, file, os.fstat(file.fileno()).st_size)
        for place, digest in enumerate(snapshot.digests(), 1):
            told(place, snapshot.originals)
            if reason := _add_original(writer, originals, Digest(digest)):
                left_out.append(LeftOut(digest, reason))
        if left_out:
            lines = "".join(f"{one.digest} {one.reason}\n" for one in left_out).encode()
            writer.add(LEFT_OUT, io.BytesIO(lines), len(lines))
    return Contents(
        at=at,
        records=snapshot.records,
        events=snapshot.events,
        originals=snapshot.originals - len(left_out),
        size_bytes=writer.size_bytes,
        catalogue_digest=catalogue_digest,
        manifest_digest=writer.manifest_digest,
        left_out=tuple(left_out),
    )


def _add_original(writer: BagWriter, originals: Originals, digest: Digest) -> str:
    """Add an original; return why not where it cannot be: the others are worth keeping."""
    # Before it is written: what stands in the backup under a digest has that digest.
    if trouble := fixity.trouble_of(originals, digest):
        return trouble
    with originals.open(digest) as file:
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        found = writer.add(_place(digest), file, size_bytes)
    if found != digest:
        raise BackupError(f"the original {digest} changed while it was copied; try again")
    return ""


def restore(
    source: Path,
    home: Path,
    *,
    environ: Mapping[str, str],
    open_originals: Callable[[Path], Originals],
    told: Told = lambda _done, _all: None,
) -> Contents:
    """Put the backup *source* into the empty or new folder *home*, durably; the index is not made.

    Every file is compared with its checksums on its way, and *home* becomes an archive home at
    the very end. BackupError, BagError, HomeError: it is as empty as before. When the process is
    killed, the same call again begins anew.
    """
    _clear(home)
    made = not home.exists()
    draft = home / DRAFT
    try:
        draft.mkdir(mode=0o700, parents=True)
        with bags.opened(source) as bag:
            contents = _unpacked(bag, home, draft, environ, open_originals, told)
        _commit(home, draft)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise BackupError(f"there is no room left in {home}; nothing was restored") from error
    finally:
        if not (home / config.CONFIG_NAME).exists():
            shutil.rmtree(draft, ignore_errors=True)
            shutil.rmtree(home / "data", ignore_errors=True)
            if made and home.is_dir():
                home.rmdir()
    return contents


def _unpacked(
    bag: Bag,
    home: Path,
    draft: Path,
    environ: Mapping[str, str],
    open_originals: Callable[[Path], Originals],
    told: Told,
) -> Contents:
    digests = _originals_in(bag)
    size_bytes = sum(bag.size_bytes(path) for path in bag.payload)
    if size_bytes > shutil.disk_usage(home).free:
        raise BackupError(
            f"{size_bytes >> 20} MiB are needed in {home}, which has less; nothing was restored"
        )
    data = draft / "data"
    data.mkdir(mode=0o700)
    _copy(bag, config.CONFIG_NAME, draft / config.CONFIG_NAME)
    _check_settings(draft, environ)
    _copy(bag, CATALOGUE, data / CATALOGUE)
    snapshot = snapshots.look(data / CATALOGUE)
    left_out = _left_out(bag)
    spared = {one.digest for one in left_out}
    for digest in snapshot.digests():
        if digest not in digests and digest not in spared:
            raise BackupError(f"the backup lacks the original {digest}, which its catalogue names")
    originals = open_originals(data)
    for place, digest in enumerate(sorted(digests), 1):
        told(place, len(digests))
        with bag.open(_place(digest)) as file:
            originals.put_open(file)
    return Contents(
        at=_at(bag),
        records=snapshot.records,
        events=snapshot.events,
        originals=len(digests),
        size_bytes=size_bytes,
        catalogue_digest=bag.payload[CATALOGUE]["sha256"],
        manifest_digest=bag.digest,
        left_out=left_out,
    )


def _originals_in(bag: Bag) -> set[str]:
    """Return the digests of the originals in a backup; BackupError where it is none of ours."""
    if bag.said(FORM_FIELD) != FORM:
        said = bag.said(FORM_FIELD)
        why = f"of form {said}; install the Muniment it comes from" if said else "no backup"
        raise BackupError(f"{bag.name} is {why}; a bag of documents is taken in by 'ingest'")
    digests = set()
    for path, checksums in bag.payload.items():
        if "sha256" not in checksums:
            raise BackupError(f"{path} has no SHA-256; this is no backup of Muniment")
        if found := _ORIGINAL.fullmatch(path):
            if checksums["sha256"] != found[3]:
                raise BackupError(f"{path} is listed with another SHA-256 than its name")
            digests.add(found[3])
        elif path not in {CATALOGUE, config.CONFIG_NAME, LEFT_OUT}:
            raise BackupError(f"{path} is no part of a backup; nothing was restored")
    for path in (CATALOGUE, config.CONFIG_NAME):
        if path not in bag.payload:
            raise BackupError(f"the backup has no {path}; nothing was restored")
    return digests


def _left_out(bag: Bag) -> tuple[LeftOut, ...]:
    if LEFT_OUT not in bag.payload:
        return ()
    with bag.open(LEFT_OUT) as file:
        lines = file.read().decode("utf-8", "replace").splitlines()
    return tuple(LeftOut(line[:64], line[65:]) for line in lines)


def _check_settings(draft: Path, environ: Mapping[str, str]) -> None:
    """Refuse settings by which the restored home would open something else than what is in it."""
    try:
        settings = config.load(draft, environ)
    except ConfigError as error:
        raise BackupError(f"the settings of the backup cannot be used here: {error}") from error
    if settings.catalogue.url or settings.originals.url:
        raise BackupError(
            "config.toml or a MUNIMENT_* variable names a catalogue or originals elsewhere; "
            "unset it, then restore"
        )


def _copy(bag: Bag, path: str, target: Path) -> None:
    with bag.open(path) as file, target.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        shutil.copyfileobj(file, out, bags.CHUNK_BYTES)
        out.flush()
        os.fsync(out.fileno())


def _at(bag: Bag) -> datetime:
    try:
        return datetime.fromisoformat(bag.said("Muniment-Backup-At"))
    except ValueError as error:
        raise BackupError("the backup does not say when it was made") from error


def _place(digest: str) -> str:
    return f"{ORIGINALS}{digest[:2]}/{digest[2:4]}/{digest}"


def _clear(home: Path) -> None:
    """Refuse a home that holds anything; take away what a restore that was killed left."""
    if not home.exists():
        return
    if not home.is_dir():
        raise HomeError(f"{home} is a file; give a folder, new or empty")
    # A file system that was just made holds one folder.
    there = {entry.name for entry in home.iterdir()} - {"lost+found"}
    if DRAFT in there and there <= {DRAFT, "data"}:
        shutil.rmtree(home / DRAFT)
        shutil.rmtree(home / "data", ignore_errors=True)
    elif there:
        raise HomeError(f"{home} is not empty; a backup is restored into a new or empty folder")


def _commit(home: Path, draft: Path) -> None:
    """Make *home* a home: with config.toml, which comes last, it is one."""
    _sync_folders(draft)
    (draft / "data").rename(home / "data")
    (draft / config.CONFIG_NAME).rename(home / config.CONFIG_NAME)
    draft.rmdir()
    for folder in (home, home.parent):
        sync_folder(folder)


def _sync_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        sync_folder(Path(folder))
