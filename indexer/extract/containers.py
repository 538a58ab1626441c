"""Zip containers: checked by unpacking them within limits, before anything else reads them."""

import re
import zipfile
import zlib
from pathlib import Path

from indexer.extract import Unreadable

MIB = 1_048_576
ENTRIES_MAX = 10_000  # a book of 3,000 pages with a picture on each has 6,100
UNPACKED_MAX_BYTES = 1_024 * MIB
MARKUP_MAX_BYTES = 128 * MIB  # in one entry; pandoc needs about eight times as much memory
RATIO_MAX = 300  # of one entry of more than 16 MiB; XML of real documents packs to a tenth
RATIO_FREE_BYTES = 16 * MIB
_CHUNK = 262_144
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".rdf")
_ENTITY = re.compile(rb"<!ENTITY", re.I)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.I)


def check(path: Path, *, doctype_allowed: bool) -> None:
    """Unpack every entry of the zip file at *path*, keeping nothing; raise `Unreadable` if unsafe.

    Unsafe: damaged or encrypted entries, too many, too much in one or in all, more than the
    directory promised, and markup that declares entities (or, unless *doctype_allowed*, has a
    document type at all: office files have none).
    """
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            _by_directory(entries)
            total = 0
            for entry in entries:
                total += _inflated(packed, entry, UNPACKED_MAX_BYTES - total, doctype_allowed)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise Unreadable(f"the file is a damaged zip container ({error})") from error
    except NotImplementedError as error:
        raise Unreadable("the file is packed by a method that is not known here") from error
    except RuntimeError as error:
        raise Unreadable("the file is encrypted and asks for a password", "encrypted") from error


def _by_directory(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what the directory itself owns up to, before any time is spent on it."""
    if len(entries) > ENTRIES_MAX:
        raise Unreadable(
            f"the file is a container of {len(entries):,} parts; {ENTRIES_MAX:,} are allowed"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("the file is encrypted and asks for a password", "encrypted")
    if sum(entry.file_size for entry in entries) > UNPACKED_MAX_BYTES:
        raise Unreadable(_too_large(UNPACKED_MAX_BYTES))
    for entry in entries:
        if entry.filename.lower().endswith(_MARKUP) and entry.file_size > MARKUP_MAX_BYTES:
            raise Unreadable(_too_large(MARKUP_MAX_BYTES))
        if entry.file_size > max(RATIO_FREE_BYTES, RATIO_MAX * entry.compress_size):
            raise Unreadable(
                "a part of the file unpacks to more than 300 times its size: a zip bomb"
            )


def _too_large(limit: int) -> str:
    return f"the file unpacks to more than {limit // MIB:,} MiB: a zip bomb, or too large to read"


def _inflated(
    packed: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, doctype_allowed: bool
) -> int:
    """Return the true size of *entry*, which is not what its header must say."""
    size = 0
    markup = entry.filename.lower().endswith(_MARKUP)
    before = b""
    with packed.open(entry) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > room or size > entry.file_size:
                raise Unreadable(_too_large(UNPACKED_MAX_BYTES))
            if markup:
                # UTF-16 hides a declaration from a search for ASCII; without NULs it does not.
                window = (before + chunk).replace(b"\x00", b"")
                if _ENTITY.search(window) or (not doctype_allowed and _DOCTYPE.search(window)):
                    raise Unreadable(
                        "the file declares entities or a document type, which is unsafe to read"
                    )
                before = chunk[-64:]
    return size


def part(path: Path, name: str, limit_bytes: int = 16 * MIB) -> bytes:
    """Return the entry *name* of a container that was checked, or nothing if it is not there."""
    with zipfile.ZipFile(path) as packed:
        try:
            with packed.open(name) as file:
                return file.read(limit_bytes)
        except KeyError:
            return b""


def names(path: Path) -> list[str]:
    """Return the names of the entries of a container that was checked."""
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()
