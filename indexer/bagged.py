"""Bags of documents (BagIt, RFC 8493): a selection out with its metadata, and such a bag in."""

import io
import os
import secrets
import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from archive import backup, bags, fixity
from archive.bags import Bag, BagWriter
from archive.catalogue.records import Item, Record
from archive.config import IngestSettings
from archive.errors import BagError
from archive.files import new_file
from archive.originals import Digest
from indexer import bootstrap, sidecar
from indexer.bootstrap import Archive
from indexer.sidecar import Sidecar
from indexer.sources import MIB, Incoming, Refusal, Source, Unpacked, expand

METADATA = "metadata.csv"
"""In the payload: a sidecar that names the files as they stand under `data/`."""
FILES = "files/"
LEFT_OUT = "left-out.txt"


@dataclass(frozen=True, slots=True)
class Exported:
    """What a bag of a selection holds."""

    files: int
    size_bytes: int
    """Of the payload."""
    manifest_digest: str
    left_out: tuple[str, ...]
    """Originals that are missing, damaged or unreadable: id, digest and why, space between."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A bag that came, found whole."""

    sources: Iterator[Source]
    sidecar: Sidecar | None
    """What its metadata.csv says; None where it has none of ours."""


def exporting(
    out: IO[bytes], chosen: Sequence[Record], *, archive: Archive, name: str
) -> Generator[None, None, Exported]:
    """Write a bag of the originals and descriptions of *chosen* to *out*, a step at a time.

    Whoever asks must be allowed to read the originals. An original that is not as it was
    received is left out and named in LEFT_OUT, and its document not in METADATA.
    """
    site = archive.settings.site
    what = f"{len(chosen)} documents of the archive {site.name}, with their descriptions"
    info = bags.new_info(what, organization=site.archive, software=bootstrap.software())
    named: list[tuple[str, Record, str]] = []
    left_out: list[str] = []
    with BagWriter(out, name, info) as writer:
        for record in chosen:
            for number, item in enumerate(record.items, 1):
                path = _path_of(record, item, number)
                if reason := (yield from _copying(writer, archive, item, path)):
                    left_out.append(f"{record.public_id} {item.digest} {reason}")
                else:
                    named.append((path, record, item.digest))
        table = io.StringIO(newline="")
        sidecar.write(named, table)
        _add_text(writer, METADATA, table.getvalue())
        if left_out:
            _add_text(writer, LEFT_OUT, "".join(f"{one}\n" for one in left_out))
    return Exported(len(named), writer.size_bytes, writer.manifest_digest, tuple(left_out))


def export(target: Path, chosen: Sequence[Record], *, archive: Archive) -> Exported:
    """Write a bag into the new file *target*, durably; BagError where that cannot be."""
    with new_file(target, BagError) as out:
        steps = exporting(out, chosen, archive=archive, name=bags.safe_name(target.stem))
        while True:
            try:
                next(steps)
            except StopIteration as done:
                exported: Exported = done.value
                return exported


@contextmanager
def delivered(path: Path, archive: Archive) -> Iterator[Delivery]:
    """Check the bag at *path* whole, and give its files to take in for the time of the context.

    BagError: it is not whole or not safe, holds more than the settings allow, or is a backup.
    """
    settings = archive.settings.ingest
    with bags.opened(path) as bag:
        _check(bag, settings)
        scratch = archive.incoming
        beside = _sidecar(bag, archive)
        try:
            yield Delivery(_sources(bag, path, scratch, settings, beside), beside)
        finally:
            if beside is not None:
                beside.path.unlink(missing_ok=True)


def _path_of(record: Record, item: Item, number: int) -> str:
    before = f"{number}-" if number > 1 else ""
    return f"{FILES}{record.public_id}/{before}{bags.safe_name(item.name)}"


def _copying(
    writer: BagWriter, archive: Archive, item: Item, path: str
) -> Generator[None, None, str]:
    """Add an original; return why not where it cannot be."""
    # Before it is written: what stands in the bag is what was received.
    if trouble := fixity.trouble_of(archive.originals, item.digest):
        return trouble
    with archive.originals.open(Digest(item.digest)) as file:
        yield from writer.adding(path, file, item.size_bytes)
    return ""


def _add_text(writer: BagWriter, path: str, text: str) -> None:
    content = text.encode()
    writer.add(path, io.BytesIO(content), len(content), packed=True)


def _check(bag: Bag, settings: IngestSettings) -> None:
    if bag.said(backup.FORM_FIELD):
        raise BagError(f"{bag.name} is a backup of an archive: 'muniment restore' takes it")
    if len(bag.payload) > settings.container_max_files:
        raise BagError(
            f"{bag.name} holds {len(bag.payload)} files, more than [ingest] container_max_files"
        )
    if sum(map(bag.size_bytes, bag.payload)) > settings.container_max_mib * MIB:
        raise BagError(f"{bag.name} holds more than [ingest] container_max_mib allows")
    for path in bag.payload:
        bag.check(path)


def _sidecar(bag: Bag, archive: Archive) -> Sidecar | None:
    """Read the metadata of a bag; None where it has none that names files."""
    if METADATA not in bag.payload:
        return None
    copy = archive.incoming / secrets.token_hex(16)
    try:
        _copy(bag, METADATA, copy)
        with copy.open("rb") as file:
            columns = file.readline(65_536).decode("utf-8-sig", "replace").strip().split(",")
        found = sidecar.read(copy, archive.kinds) if "file" in columns else None
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    if found is None:
        copy.unlink()
    return found


def _sources(
    bag: Bag, path: Path, scratch: Path, settings: IngestSettings, beside: Sidecar | None
) -> Iterator[Source]:
    origin = " ".join(
        filter(
            None,
            (
                f"in the bag {bag.name}",
                f"of {bag.said('Bagging-Date')}" if bag.said("Bagging-Date") else "",
                f"from {bag.said('Source-Organization')}"
                if bag.said("Source-Organization")
                else "",
                f"(sha256 of its manifest {bag.digest})",
            ),
        )
    )
    ours = {METADATA, LEFT_OUT} if beside is not None else set()
    files = [one for one in bag.payload if one not in ours]
    container = str(path) if path.is_file() else ""
    for one in files:
        label, name = f"{path}/{bags.PAYLOAD}{one}", PurePosixPath(one).name
        if bag.size_bytes(one) > settings.file_max_mib * MIB:
            reason = f"it is larger than the {settings.file_max_mib} MiB that [ingest] file_max_mib allows"
            yield Refusal(label, reason, container)
            continue
        copy = scratch / secrets.token_hex(16)
        _copy(bag, one, copy)
        incoming = Incoming(copy, name, label, one, temporary=True, container=container)
        for source in expand(incoming, scratch, settings):
            yield replace(source, origin=origin) if isinstance(source, Incoming) else source
    if container:
        yield Unpacked(container, len(files))


def _copy(bag: Bag, path: str, target: Path) -> None:
    try:
        with bag.open(path) as file, target.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            shutil.copyfileobj(file, out, bags.CHUNK_BYTES)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
