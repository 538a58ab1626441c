"""Old Word files (.doc): antiword, where it is installed."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from indexer.extract import Extraction, Limits, MediaType, Page, Unreadable

OUTPUT_MAX_BYTES = 104_857_600


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read a .doc file by antiword.

    LibreOffice would read more, but it writes files and fetches what a document links to,
    which a reader may not.
    """
    program = _program()
    if program is None:
        raise Unreadable(
            "an old Word file: install antiword to have it read, or save it as .docx", "unsupported"
        )
    # By name, because antiword copies a standard input to a temporary file first.
    with path.open("rb") as source:
        run = subprocess.run(
            [program, "-m", "UTF-8.txt", "-w", "0", "/proc/self/fd/0"],
            stdin=source,
            capture_output=True,
            check=False,
            env={"ANTIWORDHOME": "/usr/share/antiword", "HOME": "/", "LC_ALL": "C.UTF-8"},
        )
    text = run.stdout[:OUTPUT_MAX_BYTES].decode("utf-8", "replace")
    if run.returncode != 0 or not text.strip():
        said = (run.stdout + run.stderr).decode("utf-8", "replace").strip()[-300:]
        raise Unreadable(f"antiword could not read the file ({said or run.returncode})")
    return Extraction(
        status="text",
        media_type=media_type,
        reader="antiword",
        reader_version=version(),
        pages=(Page(1, text.replace("\f", "\n\n")),),
    )


def _program() -> str | None:
    return shutil.which("antiword", path="/usr/local/bin:/usr/bin:/bin")


@cache
def version() -> str:
    """Return antiword's version. Runs it once in the life of a process and of its forks."""
    program = _program()
    if program is None:
        return ""
    said = subprocess.run([program, "-h"], capture_output=True, check=False, env={"HOME": "/"})
    found = re.search(rb"Version:\s*([\w.]+)", said.stdout + said.stderr)
    return found[1].decode("ascii") if found else ""


def warm_up() -> None:
    """See `indexer.extract.preload`."""
    version()
