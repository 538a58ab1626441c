"""BagIt bags (RFC 8493): files with their checksums, written into one zip file and read back.

Read from a zip file or a folder. Whatever a bag says of itself is believed only where it is
checked; nothing is ever fetched.
"""

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, Protocol

from archive.errors import BagError

ALGORITHMS = ("sha512", "sha256", "sha1", "md5")
"""Of manifests that are read, the strongest first; those that are written are the first two."""
WRITTEN = ALGORITHMS[:2]
PAYLOAD = "data/"
CHUNK_BYTES = 1 << 20
TAG_MAX_BYTES = 256 << 20
"""A larger tag file is refused: they are read into memory."""

_VERSION = re.compile(r"BagIt-Version: (\d+)\.(\d+)\n?")
_ENCODING = re.compile(r"Tag-File-Character-Encoding: (\S+)\n?")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(\S.*)")
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_ESCAPED = re.compile(r"%(25|0[AaDd])")
_DRIVE = re.compile(r"[A-Za-z]:")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError)
"""What the standard library raises for a zip that is not as it should be."""


class Readable(Protocol):
    """Something that is read to its end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, nothing at the end."""


class _Files(Protocol):
    """The files of a bag, wherever they lie."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Path under the bag's folder, with `/` → size in bytes."""

    def open(self, path: str) -> IO[bytes]: ...


class BagWriter:
    """Writes a bag into a zip file, one file after the other; the end of the context makes it whole.

    When the context ends by an error, what was written is no zip file. The output need not be seekable. Nothing is kept in memory but names and checksums.
    """

    def __init__(self, out: IO[bytes], name: str, info: Mapping[str, str]) -> None:
        """Begin a bag called *name*; *info* is what bag-info.txt will say."""
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._name = name
        self._info = dict(info)
        self._manifests: dict[str, list[str]] = {name: [] for name in WRITTEN}
        self._tags: dict[str, list[str]] = {name: [] for name in WRITTEN}
        self.files = self.size_bytes = 0
        """Of the payload so far."""
        self.manifest_digest = ""
        """SHA-256 of the strongest manifest, once it is closed."""
        self._tag("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")

    def adding(
        self, path: str, source: Readable, size_bytes: int, *, packed: bool = False
    ) -> Generator[None, None, str]:
        """Add what *source* holds as the payload file *path*, a step a chunk; return its SHA-256.

        *size_bytes* is what is expected. *packed*: compressed in the zip file.
        """
        path = PAYLOAD + path
        found = {name: hashlib.new(name) for name in WRITTEN}
        with self._zip.open(self._entry(path, size_bytes, packed=packed), "w") as out:
            while chunk := source.read(CHUNK_BYTES):
                for one in found.values():
                    one.update(chunk)
                out.write(chunk)
                self.size_bytes += len(chunk)
                yield
        self.files += 1
        for name, one in found.items():
            self._manifests[name].append(f"{one.hexdigest()}  {_escaped(path)}\n")
        return found["sha256"].hexdigest()

    def add(self, path: str, source: Readable, size_bytes: int, *, packed: bool = False) -> str:
        """Add a file in one go, as `adding`."""
        steps = self.adding(path, source, size_bytes, packed=packed)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                return str(done.value)

    def __enter__(self) -> "BagWriter":
        """Use as a context."""
        return self

    def __exit__(self, error: type[BaseException] | None, *_more: object) -> None:
        """Make the bag whole, or let go of it as it is."""
        if error is None:
            self._close()
        else:
            # ZipFile would write its end when it is forgotten, as if nothing had happened.
            self._zip.fp = None

    def _close(self) -> None:
        """Write the tag files and the end of the zip file."""
        self._info["Payload-Oxum"] = f"{self.size_bytes}.{self.files}"
        lines = [f"{name}: {' '.join(value.split())}\n" for name, value in self._info.items()]
        self._tag("bag-info.txt", "".join(lines))
        for name, manifest in self._manifests.items():
            self._tag(f"manifest-{name}.txt", "".join(manifest))
        strongest = "".join(self._manifests[WRITTEN[0]]).encode()
        self.manifest_digest = hashlib.sha256(strongest).hexdigest()
        for name in WRITTEN:
            self._write(f"tagmanifest-{name}.txt", "".join(self._tags[name]).encode())
        self._zip.close()

    def _tag(self, path: str, text: str) -> None:
        content = text.encode()
        self._write(path, content)
        for name in WRITTEN:
            self._tags[name].append(f"{hashlib.new(name, content).hexdigest()}  {path}\n")

    def _write(self, path: str, content: bytes) -> None:
        with self._zip.open(self._entry(path, len(content), packed=True), "w") as out:
            out.write(content)

    def _entry(self, path: str, size_bytes: int, *, packed: bool) -> zipfile.ZipInfo:
        moment = datetime.now(UTC).timetuple()[:6]
        entry = zipfile.ZipInfo(f"{self._name}/{path}", moment)
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.external_attr = (stat.S_IFREG | 0o600) << 16
        entry.file_size = size_bytes
        return entry


def new_info(description: str, *, organization: str = "", software: str = "") -> dict[str, str]:
    """Return what a bag made now says of itself."""
    info = {
        "Source-Organization": organization,
        "External-Description": description,
        "Bag-Software-Agent": software,
        "Bagging-Date": datetime.now(UTC).date().isoformat(),
    }
    return {name: value for name, value in info.items() if value}


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag whose names, sizes and tag files are as its manifests say; its payload is not read yet."""

    name: str
    """Of its folder, or of the file it is in."""
    info: tuple[tuple[str, str], ...]
    """What bag-info.txt says, in order."""
    payload: Mapping[str, Mapping[str, str]]
    """Path under `data/` → algorithm → checksum, in hexadecimal digits; the strongest first."""
    digest: str
    """SHA-256 of the strongest manifest: what was checked."""
    _files: _Files

    def size_bytes(self, path: str) -> int:
        """Return the size of a file of the payload."""
        return self._files.sizes[PAYLOAD + path]

    def said(self, name: str) -> str:
        """Return the first value of a field of bag-info.txt; empty where it has none."""
        return next((value for field, value in self.info if field.lower() == name.lower()), "")

    @contextmanager
    def open(self, path: str) -> Iterator[BufferedReader]:
        """Open a file of the payload; reading its end raises BagError where it was changed."""
        with self._files.open(PAYLOAD + path) as source:
            yield BufferedReader(_Checked(source, path, self.payload[path]), CHUNK_BYTES)

    def check(self, path: str) -> None:
        """Read a file of the payload whole; BagError where it is not what the manifests say."""
        with self.open(path) as file:
            while file.read(CHUNK_BYTES):
                pass


class _Checked(RawIOBase):
    """What is read from a file of the payload, compared with its checksums at the end."""

    def __init__(self, source: IO[bytes], path: str, expected: Mapping[str, str]) -> None:
        self._source, self._path, self._expected = source, path, expected
        self._found = {name: hashlib.new(name) for name in expected}

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._source.read(len(buffer))
        except DAMAGE as error:
            raise BagError(f"{PAYLOAD}{self._path} cannot be read: {error}") from error
        for one in self._found.values():
            one.update(chunk)
        buffer[: len(chunk)] = chunk
        if not chunk:
            for name, one in self._found.items():
                if one.hexdigest() != self._expected[name]:
                    raise BagError(
                        f"{PAYLOAD}{self._path} is not what manifest-{name}.txt says: "
                        f"its {name} is {one.hexdigest()}"
                    )
        return len(chunk)


def is_bag(path: Path) -> bool:
    """Whether there is a bag at *path*, whole or not: a folder or zip file with a bagit.txt."""
    if path.is_dir():
        return (path / "bagit.txt").is_file()
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return False
        with zipfile.ZipFile(path) as packed:
            return _base_of(packed.namelist()) is not None
    except (OSError, *DAMAGE):
        return False


@contextmanager
def opened(path: Path) -> Iterator[Bag]:
    """Open the bag at *path*, for the time of the context.

    BagError says what is wrong: it is cut or no bag, a name leads out of it, a link stands in
    it, a file is missing or not listed, a tag file was changed.
    """
    if path.is_dir():
        yield _read(_FolderFiles(path), path.name)
        return
    try:
        packed = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise BagError(f"{path} is no whole zip file, cut or damaged: {error}") from error
    with packed:
        files = _ZipFiles(packed, path)
        yield _read(files, files.base.rstrip("/") or path.stem)


def safe_name(name: str) -> str:
    """Return *name* as a file may be called in a bag on any system: one part of a path.

    >>> safe_name("../a%b\\n.pdf"), safe_name(".."), safe_name("")
    ('.._a_b_.pdf', 'unnamed', 'unnamed')
    """
    plain = "".join(
        "_" if one in '/\\:*?"<>|%' or not one.isprintable() else one for one in name
    ).strip()
    if not plain.strip("."):
        return "unnamed"
    while len(plain.encode()) > 200:
        stem, dot, ending = plain.rpartition(".")
        short = dot and len(ending) < 20 and len(stem) > 1
        plain = f"{stem[:-1]}.{ending}" if short else plain[:-1]
    return plain


class _FolderFiles:
    """A bag as a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.sizes = dict(self._under(root))

    def open(self, path: str) -> IO[bytes]:
        return (self._root / path).open("rb")

    def _under(self, folder: Path) -> Iterator[tuple[str, int]]:
        for entry in sorted(folder.iterdir()):
            path = entry.relative_to(self._root).as_posix()
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                yield from self._under(entry)
            elif stat.S_ISREG(mode):
                yield path, entry.lstat().st_size
            else:
                raise BagError(f"{path} is no file but a link or a device; a bag holds files")


class _ZipFiles:
    """A bag as a zip file, under one folder or none."""

    def __init__(self, packed: zipfile.ZipFile, path: Path) -> None:
        self._zip = packed
        base = _base_of(packed.namelist())
        if base is None:
            raise BagError(f"{path} is no bag: it has no bagit.txt, or more than one folder")
        self.base = base
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in packed.infolist():
            # zipfile cuts a name at a zero byte; what was written counts.
            name = _checked_path(entry.orig_filename.rstrip("/"))
            if entry.is_dir():
                continue
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in {0, stat.S_IFREG}:
                raise BagError(f"{name} is no file but a link or a device; a bag holds files")
            if entry.flag_bits & 0x1:
                raise BagError(f"{name} is encrypted; unpack the bag with its password first")
            if not name.startswith(base):
                raise BagError(f"{name} stands beside the bag's folder")
            name = name[len(base) :]
            if name in self._entries:
                raise BagError(f"{name} stands twice in the zip file")
            self._entries[name] = entry
        self.sizes = {name: entry.file_size for name, entry in self._entries.items()}

    def open(self, path: str) -> IO[bytes]:
        try:
            return self._zip.open(self._entries[path])
        except DAMAGE as error:
            raise BagError(f"{path} cannot be read: {error}") from error


def _base_of(names: Iterable[str]) -> str | None:
    """Return the folder, with its `/`, that holds all of the bag; None where it is none."""
    names = [*names]
    if "bagit.txt" in names:
        return ""
    tops = {name.partition("/")[0] for name in names}
    base = f"{next(iter(tops), '')}/"
    return base if len(tops) == 1 and f"{base}bagit.txt" in names else None


def _checked_path(path: str) -> str:
    """Return *path*; BagError where it may lead anywhere but into its bag."""
    parts = path.split("/")
    odd = "\\" in path or "\0" in path or _DRIVE.match(path) or path.startswith("~")
    if odd or not path or any(part in {"", ".", ".."} for part in parts):
        raise BagError(f"the name {path!r} may lead out of the bag; nothing of it is taken")
    return path


def _read(files: _Files, name: str) -> Bag:
    version = _check_declaration(files)
    manifests = {path: _MANIFEST.fullmatch(path) for path in files.sizes if "/" not in path}
    known = [
        (path, found[2], bool(found[1]))
        for path, found in manifests.items()
        if found and found[2] in ALGORITHMS
    ]
    for path, algorithm, of_tags in known:
        if of_tags:
            _check_tags(files, path, algorithm)
    of_payload = {algorithm: path for path, algorithm, of_tags in known if not of_tags}
    read = {one: _manifest(files, of_payload[one]) for one in ALGORITHMS if one in of_payload}
    if not read:
        raise BagError(f"{name} has no manifest of {', '.join(ALGORITHMS)}")
    payload = _payload(files, read, version)
    info = _info(files)
    _check_sum(info, payload, files)
    digest = hashlib.sha256(_tag(files, f"manifest-{next(iter(read))}.txt")).hexdigest()
    return Bag(name, info, payload, digest, files)


def _check_declaration(files: _Files) -> tuple[int, int]:
    if "bagit.txt" not in files.sizes:
        raise BagError("it is no bag: it has no bagit.txt")
    lines = _text(files, "bagit.txt").splitlines(keepends=True)
    version = _VERSION.fullmatch(lines[0]) if len(lines) == 2 else None
    encoding = _ENCODING.fullmatch(lines[1]) if version else None
    if version is None or encoding is None:
        raise BagError("bagit.txt is not the two lines that RFC 8493 asks for")
    number = int(version[1]), int(version[2])
    if number > (1, 0):
        raise BagError(f"it is of BagIt {version[1]}.{version[2]}; known is up to 1.0")
    if encoding[1].upper() != "UTF-8":
        raise BagError(f"its tag files are in {encoding[1]}; known is UTF-8 only")
    return number


def _payload(
    files: _Files, manifests: Mapping[str, Mapping[str, str]], version: tuple[int, int]
) -> dict[str, dict[str, str]]:
    """Return the checksums of each file of the payload; BagError where one is missing or extra."""
    there = {path for path in files.sizes if path.startswith(PAYLOAD)}
    listed = {path for manifest in manifests.values() for path in manifest}
    for path in sorted(listed):
        if not path.startswith(PAYLOAD):
            raise BagError(f"a manifest lists {path}, which is outside data/")
        if path not in there:
            fetched = "; what fetch.txt names is not fetched" if "fetch.txt" in files.sizes else ""
            raise BagError(f"{path} is missing{fetched}")
    if extra := sorted(there - listed):
        raise BagError(f"{extra[0]} stands in no manifest")
    if version >= (1, 0):
        for algorithm, manifest in manifests.items():
            if lacking := sorted(listed - manifest.keys()):
                raise BagError(f"manifest-{algorithm}.txt does not list {lacking[0]}")
    return {
        path.removeprefix(PAYLOAD): {
            algorithm: manifest[path]
            for algorithm, manifest in manifests.items()
            if path in manifest
        }
        for path in sorted(listed)
    }


def _check_tags(files: _Files, manifest: str, algorithm: str) -> None:
    for path, expected in _manifest(files, manifest).items():
        if path.startswith(PAYLOAD):
            raise BagError(f"{manifest} lists {path}, which is no tag file")
        if path not in files.sizes:
            raise BagError(f"{path} is missing, which {manifest} lists")
        if hashlib.new(algorithm, _tag(files, path)).hexdigest() != expected:
            raise BagError(f"{path} is not what {manifest} says")


def _manifest(files: _Files, manifest: str) -> dict[str, str]:
    """Return path → checksum as a manifest lists them."""
    listed: dict[str, str] = {}
    for number, line in enumerate(re.split(r"\r\n|\n|\r", _text(files, manifest)), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise BagError(f"{manifest}, line {number}: no checksum and path")
        path = _checked_path(_ESCAPED.sub(lambda one: chr(int(one[1], 16)), found[2]))
        if path in listed:
            raise BagError(f"{manifest}, line {number}: {path} stands there twice")
        listed[path] = found[1].lower()
    return listed


def _info(files: _Files) -> tuple[tuple[str, str], ...]:
    if "bag-info.txt" not in files.sizes:
        return ()
    found: list[tuple[str, str]] = []
    for line in _text(files, "bag-info.txt").splitlines():
        if line[:1] in {" ", "\t"} and found:
            name, value = found.pop()
            found.append((name, f"{value} {line.strip()}"))
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return tuple(found)


def _check_sum(
    info: Iterable[tuple[str, str]], payload: Mapping[str, object], files: _Files
) -> None:
    said = next((value for name, value in info if name.lower() == "payload-oxum"), None)
    found = f"{sum(files.sizes[PAYLOAD + path] for path in payload)}.{len(payload)}"
    if said is not None and said != found:
        raise BagError(f"the payload is {found} (bytes.files), bag-info.txt says {said}")


def _text(files: _Files, path: str) -> str:
    try:
        return _tag(files, path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BagError(f"{path} is not UTF-8 (byte {error.start})") from error


def _tag(files: _Files, path: str) -> bytes:
    if files.sizes[path] > TAG_MAX_BYTES:
        raise BagError(f"{path} is larger than {TAG_MAX_BYTES >> 20} MiB")
    try:
        with files.open(path) as file:
            return file.read(TAG_MAX_BYTES)
    except DAMAGE as error:
        raise BagError(f"{path} cannot be read: {error}") from error


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
