"""Old Word files (.doc): antiword, where it is installed."""

import shutil
import subprocess
from pathlib import Path

from indexer.extract import Extraction, Limits, MediaType, Page, Unreadable

OUTPUT_MAX_BYTES = 104_857_600


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read a .doc file by antiword.

    LibreOffice would read more, but it writes files and fetches what a document links to,
    which a reader may not.
    """
    program = shutil.which("antiword", path="/usr/local/bin:/usr/bin:/bin")
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
        reader_version="",
        pages=(Page(1, text.replace("\f", "\n\n")),),
    )
