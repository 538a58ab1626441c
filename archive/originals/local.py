"""Originals in folders of this machine."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from archive.errors import OriginalDamaged, OriginalMissing
from archive.files import sync_folder
from archive.originals import CHUNK_BYTES, Digest, digest_of_open

_NAME = re.compile(r"[0-9a-f]{64}")


class LocalOriginals:
    """Files under `root/ab/cd/<digest>`; copies in the making under `root/incoming`.

    A name of ours is a digest or random, so nothing that a user names becomes a path.
    """

    def __init__(self, root: Path) -> None:
        """Keep the originals under *root*, which is made where it does not exist."""
        self.root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, source: Path) -> Digest:
        """File a copy of *source*, durably, and return its digest."""
        with source.open("rb") as reading:
            return self.put_open(reading)

    def put_open(self, source: BufferedIOBase) -> Digest:
        """File what is left to read in *source*, durably, and return its digest."""
        draft = self._incoming / secrets.token_hex(16)
        try:
            # Hash the copy, not the source: the source may change under us.
            digest = _copy(source, draft)
            place = self._place(digest)
            if not place.exists():
                self._make_folders(place.parent)
                draft.rename(place)
                sync_folder(place.parent)
        finally:
            draft.unlink(missing_ok=True)
        return digest

    def open(self, digest: Digest) -> BufferedIOBase:
        """Open the original for reading."""
        try:
            return self._place(digest).open("rb")
        except FileNotFoundError as error:
            raise self._missing(digest) from error

    @contextmanager
    def as_file(self, digest: Digest) -> Iterator[Path]:
        """Give the store's own file."""
        place = self._place(digest)
        if not place.exists():
            raise self._missing(digest)
        yield place

    def holds(self, digest: Digest) -> bool:
        """Whether there is an original under this digest."""
        return self._place(digest).exists()

    def verify(self, digest: Digest) -> None:
        """Read the original whole and compare its digest."""
        with self.open(digest) as file:
            found = digest_of_open(file)
        if found != digest:
            raise OriginalDamaged(
                f"the original {digest} under {self.root} has changed: its digest is now {found}; "
                "put it back from a backup"
            )

    def digests(self) -> Iterable[Digest]:
        """Yield every digest held, in ascending order."""
        for first in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.glob("[0-9a-f][0-9a-f]")):
                yield from (
                    Digest(p.name) for p in sorted(second.iterdir()) if _NAME.fullmatch(p.name)
                )

    def _place(self, digest: Digest) -> Path:
        if not _NAME.fullmatch(digest):
            raise self._missing(digest)
        return self.root / digest[:2] / digest[2:4] / digest

    def _make_folders(self, folder: Path) -> None:
        for place in (folder.parent, folder):
            try:
                place.mkdir(mode=0o700)
            except FileExistsError:
                continue
            sync_folder(place.parent)

    def _missing(self, digest: Digest) -> OriginalMissing:
        return OriginalMissing(
            f"no original {digest} under {self.root}; "
            "run 'muniment verify' to list what else is missing"
        )


def _copy(source: BufferedIOBase, target: Path) -> Digest:
    """Copy durably and return the digest of what was copied."""
    sha256 = hashlib.sha256()
    with target.open("xb") as writing:
        while chunk := source.read(CHUNK_BYTES):
            sha256.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fchmod(writing.fileno(), 0o400)
        os.fsync(writing.fileno())
    return Digest(sha256.hexdigest())
