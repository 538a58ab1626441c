"""Original files, exactly as they were received: the port.

`local.py` keeps them in folders, `memory.py` in memory for tests.
"""

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from io import BufferedIOBase
from pathlib import Path
from typing import NewType, Protocol

Digest = NewType("Digest", str)
"""SHA-256 of the whole file: 64 lower-case hexadecimal digits."""

CHUNK_BYTES = 1 << 20


class Originals(Protocol):
    """A write-once store of files, each filed under its own digest.

    Safe to use from several threads and processes at once.
    """

    def put(self, source: Path) -> Digest:
        """File a copy of *source* and return its digest.

        When this returns, the copy is durable: a power cut cannot lose it. Filing the
        same bytes again changes nothing. OSError says that the copy could not be made
        (no room, no permission); then nothing is held under the digest that was not before.
        """

    def put_open(self, source: BufferedIOBase) -> Digest:
        """File what is left to read in *source*, as `put`; what its reading raises is passed on."""

    def open(self, digest: Digest) -> BufferedIOBase:
        """Open the original for reading; OriginalMissing where it is not held."""

    def as_file(self, digest: Digest) -> AbstractContextManager[Path]:
        """Give the original as a file to read, for the time of the context.

        OriginalMissing where it is not held. The file may be the store's own: never write.
        """

    def holds(self, digest: Digest) -> bool:
        """Whether there is an original under this digest; its bytes are not read."""

    def verify(self, digest: Digest) -> None:
        """Read the original whole; OriginalMissing or OriginalDamaged where it is not as filed."""

    def digests(self) -> Iterable[Digest]:
        """Yield every digest held, in ascending order."""


def digest_of(path: Path) -> Digest:
    """Return the digest of the bytes now in the file at *path*."""
    with path.open("rb") as file:
        return digest_of_open(file)


def digest_of_open(file: BufferedIOBase) -> Digest:
    """Return the digest of what is left to read in *file*."""
    sha256 = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        sha256.update(chunk)
    return Digest(sha256.hexdigest())
