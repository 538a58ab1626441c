"""Originals in memory, for tests; they end with the process."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import OriginalDamaged, OriginalMissing
from archive.originals import Digest, digest_of_open


class MemoryOriginals:
    """A dictionary of bytes that keeps the contract of the port, but for durability."""

    def __init__(self) -> None:
        """Begin empty."""
        self.held: dict[Digest, bytes] = {}

    def put(self, source: Path) -> Digest:
        """Keep the bytes of *source*."""
        with source.open("rb") as file:
            return self.put_open(file)

    def put_open(self, source: io.BufferedIOBase) -> Digest:
        """Keep what is left to read."""
        content = source.read()
        digest = digest_of_open(io.BytesIO(content))
        self.held.setdefault(digest, content)
        return digest

    def open(self, digest: Digest) -> io.BufferedIOBase:
        """Open the original for reading."""
        if digest not in self.held:
            raise OriginalMissing(f"no original {digest} in memory")
        return io.BytesIO(self.held[digest])

    @contextmanager
    def as_file(self, digest: Digest) -> Iterator[Path]:
        """Give a copy in a temporary file."""
        with self.open(digest) as original, tempfile.NamedTemporaryFile() as copy:
            copy.write(original.read())
            copy.flush()
            yield Path(copy.name)

    def holds(self, digest: Digest) -> bool:
        """Whether there is an original under this digest."""
        return digest in self.held

    def verify(self, digest: Digest) -> None:
        """Compare the digest of what is kept."""
        with self.open(digest) as file:
            if digest_of_open(file) != digest:
                raise OriginalDamaged(f"the original {digest} in memory has changed")

    def digests(self) -> Iterable[Digest]:
        """Yield every digest held, in ascending order."""
        yield from sorted(self.held)
