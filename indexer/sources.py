"""Which files there are to take in: of paths, of folders, and out of zip archives."""

import contextlib
import secrets
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archive.config import IngestSettings
from indexer.extract import sniff

MIB = 1 << 20
# A zip in a zip in a zip: what goes deeper was made to do harm.
DEPTH_MAX = 3
# Deflate reaches about 1000 at the very best; text reaches 20.
_RATIO_MAX = 400


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file to take in."""

    path: Path
    name: str
    """Its own name, to show and as a hint for reading; never used as a path."""
    label: str
    """How a report names it: the path, and for a file of a zip the zip's path before it."""
    given_as: str
    """How a sidecar may name it: the path relative to the folder or zip it came in."""
    temporary: bool = False
    """Whether the file is a copy of ours, to be deleted when it was taken in."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not taken in, and why."""

    label: str
    reason: str


@dataclass(slots=True)
class _Budget:
    """What the containers of one path may still unpack."""

    files: int
    size_bytes: int


def uploaded(path: Path, name: str) -> Incoming:
    """Return a file that came over the web: a copy of ours under the name it was given."""
    # Browsers send a bare name, scripts may send anything: only its last part counts.
    bare = PurePosixPath(name.replace("\\", "/")).name or "unnamed"
    return Incoming(path, bare, name, bare, temporary=True)


def walk(
    paths: Iterable[Path], scratch: Path, settings: IngestSettings
) -> Iterator[Incoming | Refusal]:
    """Yield every file under *paths* in order of name, those of zip archives unpacked.

    A file of a zip is unpacked into *scratch* when it is its turn; whoever takes it deletes it.
    """
    for path in paths:
        try:
            if path.is_dir():
                for file in _files_under(path):
                    yield from _opened(_of_folder(file, path), scratch, settings)
            else:
                yield from _opened(
                    Incoming(path, path.name, str(path), path.name), scratch, settings
                )
        except OSError as error:
            yield Refusal(str(path), f"it cannot be read: {error.strerror or error}")


def expand(
    incoming: Incoming, scratch: Path, settings: IngestSettings
) -> Iterator[Incoming | Refusal]:
    """Yield *incoming* itself, or what is in it where it is a zip archive."""
    yield from _opened(incoming, scratch, settings)


def _of_folder(file: Path, folder: Path) -> Incoming:
    return Incoming(file, file.name, str(file), file.relative_to(folder).as_posix())


def _files_under(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        # A link to a folder may lead round in a circle; whoever means it names it.
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_under(entry)
        else:
            yield entry


def _opened(
    incoming: Incoming, scratch: Path, settings: IngestSettings
) -> Iterator[Incoming | Refusal]:
    budget = _Budget(settings.container_max_files, settings.container_max_mib * MIB)
    yield from _one(incoming, scratch, budget, settings.file_max_mib * MIB, 1)


def _one(
    incoming: Incoming, scratch: Path, budget: _Budget, file_max_bytes: int, depth: int
) -> Iterator[Incoming | Refusal]:
    try:
        reason = _why_not_read(incoming.path)
        container = reason is None and _is_container(incoming.path, incoming.name)
    except OSError as error:
        reason, container = f"it cannot be read: {error.strerror or error}", False
    if reason is not None:
        yield Refusal(incoming.label, reason)
    elif not container:
        yield incoming
        return
    else:
        yield from _unpacked(incoming, scratch, budget, file_max_bytes, depth)
    if incoming.temporary:
        incoming.path.unlink(missing_ok=True)


def _why_not_read(path: Path) -> str | None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return "it is a link to a folder; name the folder itself"
    if not stat.S_ISREG(mode):
        return "it is not a file but a device, a pipe or a socket"
    return None


def _is_container(path: Path, name: str) -> bool:
    """Whether the file is a zip archive of files, and not a document that is a zip inside."""
    with path.open("rb") as file:
        if file.read(4) not in {b"PK\x03\x04", b"PK\x05\x06"}:
            return False
    return sniff.look_into(path, name).media_type == "application/zip"


def _unpacked(
    incoming: Incoming, scratch: Path, budget: _Budget, file_max_bytes: int, depth: int
) -> Iterator[Incoming | Refusal]:
    if depth > DEPTH_MAX:
        yield Refusal(
            incoming.label, f"an unsafe container: archives stand {depth} deep in one another"
        )
        return
    try:
        with zipfile.ZipFile(incoming.path) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            reason = _why_unsafe(entries, budget)
            if reason is not None:
                yield Refusal(incoming.label, f"an unsafe container: {reason}")
                return
            if not entries:
                yield Refusal(incoming.label, "the archive is empty")
            for entry in sorted(entries, key=lambda entry: entry.filename):
                yield from _member(packed, entry, incoming, scratch, budget, file_max_bytes, depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        yield Refusal(incoming.label, f"the archive is damaged ({error}); make it anew")


def _why_unsafe(entries: list[zipfile.ZipInfo], budget: _Budget) -> str | None:
    budget.files -= len(entries)
    budget.size_bytes -= sum(entry.file_size for entry in entries)
    if budget.files < 0:
        return "it holds more files than [ingest] container_max_files allows"
    if budget.size_bytes < 0:
        return "it unpacks to more than [ingest] container_max_mib allows"
    for entry in entries:
        if entry.file_size > MIB and entry.file_size > _RATIO_MAX * max(1, entry.compress_size):
            return f"{entry.filename!r} unpacks to more than {_RATIO_MAX} times its size"
    return None


def _member(
    packed: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    container: Incoming,
    scratch: Path,
    budget: _Budget,
    file_max_bytes: int,
    depth: int,
) -> Iterator[Incoming | Refusal]:
    label = f"{container.label}/{entry.filename}"
    if entry.flag_bits & 0x1:
        yield Refusal(label, "it is encrypted; unpack the archive with its password first")
        return
    if entry.file_size > file_max_bytes:
        yield Refusal(
            label,
            f"it is larger than the {file_max_bytes // MIB} MiB that [ingest] file_max_mib allows",
        )
        return
    copy = scratch / secrets.token_hex(16)
    try:
        with packed.open(entry) as inside, copy.open("xb") as out:
            shutil.copyfileobj(inside, out, MIB)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        with contextlib.suppress(OSError):
            copy.unlink()
        yield Refusal(label, f"it cannot be unpacked ({error})")
        return
    name = PurePosixPath(entry.filename.replace("\\", "/")).name or "unnamed"
    inner = Incoming(copy, name, label, entry.filename, temporary=True)
    yield from _one(inner, scratch, budget, file_max_bytes, depth + 1)
