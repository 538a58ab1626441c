"""Which files there are to take in: of paths, of folders, and out of zip archives."""

import secrets
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archive.bags import DAMAGE
from archive.config import IngestSettings
from indexer.extract import sniff

MIB = 1 << 20
# A zip in a zip in a zip: what goes deeper was made to do harm.
DEPTH_MAX = 3
# Deflate reaches about 1000 at the very best; text reaches 20.
_RATIO_MAX = 400
_ZIP_SIGNS = {b"PK\x03\x04", b"PK\x05\x06"}


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
    container: str = ""
    """The label of the zip archive it came out of."""
    origin: str = ""
    """What it was delivered in, for the provenance: a bag that was found whole."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not taken in, and why."""

    label: str
    reason: str
    container: str = ""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A zip archive all of whose files were yielded before."""

    label: str
    files: int
    container: str = ""


Source = Incoming | Refusal | Unpacked


@dataclass(slots=True)
class _Budget:
    """What the containers of one path may still unpack."""

    files: int
    size_bytes: int


class _Unsafe(Exception):
    """A container that may do harm; the message says how."""


def uploaded(path: Path, name: str) -> Incoming:
    """Return a file that came over the web: a copy of ours under the name it was given."""
    # Browsers send a bare name, scripts may send anything: only its last part counts.
    bare = PurePosixPath(name.replace("\\", "/")).name or "unnamed"
    return Incoming(path, bare, name, bare, temporary=True)


def walk(paths: Iterable[Path], scratch: Path, settings: IngestSettings) -> Iterator[Source]:
    """Yield every file under *paths* in order of name, those of zip archives unpacked.

    A file of a zip is unpacked into *scratch* when it is its turn; whoever takes it deletes it.
    """
    for path in paths:
        try:
            if path.is_dir():
                for file in _files_under(path):
                    yield from expand(_of_folder(file, path), scratch, settings)
            else:
                single = Incoming(path, path.name, str(path), path.name)
                yield from expand(single, scratch, settings)
        except OSError as error:
            yield Refusal(str(path), f"it cannot be read: {error.strerror or error}")


def expand(incoming: Incoming, scratch: Path, settings: IngestSettings) -> Iterator[Source]:
    """Yield *incoming* itself, or what is in it where it is a zip archive."""
    try:
        reason = _why_not_read(incoming.path)
        container = reason is None and _is_container(incoming.path, incoming.name)
        if container:
            budget = _Budget(settings.container_max_files, settings.container_max_mib * MIB)
            _check(incoming.path, scratch, budget, 1)
    except OSError as error:
        reason, container = f"it cannot be read: {error.strerror or error}", False
    except _Unsafe as error:
        reason, container = f"an unsafe container: {error}", False
    except DAMAGE as error:
        reason, container = f"the archive is damaged ({error}); make it anew", False
    if reason is not None:
        yield Refusal(incoming.label, reason, incoming.container)
    elif container:
        yield from _unpacked(incoming, scratch, settings.file_max_mib * MIB)
    else:
        yield incoming
        return
    if incoming.temporary:
        incoming.path.unlink(missing_ok=True)


def _of_folder(file: Path, folder: Path) -> Incoming:
    return Incoming(file, file.name, str(file), file.relative_to(folder).as_posix())


def _files_under(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        # A link to a folder may lead round in a circle; whoever means it names it.
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_under(entry)
        else:
            yield entry


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
        if file.read(4) not in _ZIP_SIGNS:
            return False
    return sniff.look_into(path, name).media_type == "application/zip"


def _check(path: Path, scratch: Path, budget: _Budget, depth: int) -> None:
    """Look through a container and those in it, before anything of it is taken in.

    The sizes are those its directory promises; zipfile unpacks no more than that of each file.
    """
    if depth > DEPTH_MAX:
        raise _Unsafe(f"archives stand more than {DEPTH_MAX} deep in one another")
    with zipfile.ZipFile(path) as packed:
        entries = _entries(packed)
        budget.files -= len(entries)
        budget.size_bytes -= sum(entry.file_size for entry in entries)
        if budget.files < 0:
            raise _Unsafe("it holds more files than [ingest] container_max_files allows")
        if budget.size_bytes < 0:
            raise _Unsafe("it unpacks to more than [ingest] container_max_mib allows")
        for entry in entries:
            if entry.file_size > max(MIB, _RATIO_MAX * entry.compress_size):
                raise _Unsafe(
                    f"{entry.filename!r} unpacks to more than {_RATIO_MAX} times its size"
                )
            if _begins_like_zip(packed, entry):
                with tempfile.NamedTemporaryFile(dir=scratch) as inner:
                    with packed.open(entry) as inside:
                        shutil.copyfileobj(inside, inner, MIB)
                    inner.flush()
                    if _is_container(Path(inner.name), entry.filename):
                        _check(Path(inner.name), scratch, budget, depth + 1)


def _entries(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = [entry for entry in packed.infolist() if not entry.is_dir()]
    return sorted(files, key=lambda entry: entry.filename)


def _begins_like_zip(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    if entry.flag_bits & 0x1:
        return False
    with packed.open(entry) as inside:
        return inside.read(4) in _ZIP_SIGNS


def _unpacked(incoming: Incoming, scratch: Path, file_max_bytes: int) -> Iterator[Source]:
    """Yield the files of a container that was checked, each when it is its turn."""
    with zipfile.ZipFile(incoming.path) as packed:
        entries = _entries(packed)
        if not entries:
            yield Refusal(incoming.label, "the archive is empty", incoming.container)
            return
        for entry in entries:
            inner = _member(packed, entry, incoming, scratch, file_max_bytes)
            if isinstance(inner, Incoming) and _is_container(inner.path, inner.name):
                yield from _unpacked(inner, scratch, file_max_bytes)
                inner.path.unlink(missing_ok=True)
            else:
                yield inner
    yield Unpacked(incoming.label, len(entries), incoming.container)


def _member(
    packed: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    container: Incoming,
    scratch: Path,
    file_max_bytes: int,
) -> Incoming | Refusal:
    label = f"{container.label}/{entry.filename}"
    if entry.flag_bits & 0x1:
        reason = "it is encrypted; unpack the archive with its password first"
        return Refusal(label, reason, container.label)
    if entry.file_size > file_max_bytes:
        reason = (
            f"it is larger than the {file_max_bytes // MIB} MiB that [ingest] file_max_mib allows"
        )
        return Refusal(label, reason, container.label)
    copy = scratch / secrets.token_hex(16)
    try:
        with packed.open(entry) as inside, copy.open("xb") as out:
            shutil.copyfileobj(inside, out, MIB)
    except DAMAGE as error:
        copy.unlink(missing_ok=True)
        return Refusal(label, f"it cannot be unpacked ({error})", container.label)
    # The name in the archive is what somebody wrote: shown, compared, never a path of ours.
    name = PurePosixPath(entry.filename.replace("\\", "/")).name or "unnamed"
    return Incoming(copy, name, label, entry.filename, temporary=True, container=container.label)
