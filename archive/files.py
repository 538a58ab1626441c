"""New files that are whole and durable, or not there."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import MunimentError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What the system says where there is no room."""


@contextmanager
def new_file(target: Path, refusal: type[MunimentError]) -> Iterator[IO[bytes]]:
    """Give a draft of *target* to write, for its owner alone; at the end it is there, durably.

    Where an error ends it, nothing is left. What a process that was killed left is written
    over. *refusal* is raised where *target* is there already, another process writes it, it
    cannot be written, or there is no room.
    """
    if target.exists():
        raise refusal(f"{target} is there already; give a name that is not")
    draft = target.with_name(f"{target.name}.part")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise refusal(f"{draft} cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "r+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise refusal(f"another process is writing {target}") from error
        try:
            os.fchmod(out.fileno(), 0o600)
            out.truncate()
            yield out
            out.flush()
            os.fsync(out.fileno())
            draft.rename(target)
            sync_folder(target.parent)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise refusal(f"there is no room left for {target}; nothing was left there") from error
        finally:
            draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable: a new file is only when they are (fsync(2), NOTES)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
