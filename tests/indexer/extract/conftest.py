"""Small files made on the spot, and the real ones that MUNIMENT_DATA names."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.extract import Extraction, Limits, extract
from tests.indexer.extract.making import LIMITS


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Extraction]:
    """Extracts bytes (or text, as UTF-8) that were given a name."""

    def reading(content: bytes | str, name: str = "file", limits: Limits = LIMITS) -> Extraction:
        path = tmp_path / "original"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return extract(path, name, limits=limits)

    return reading


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Returns a set of real files by its name, or skips where it is absent."""

    def folder(name: str) -> Path:
        root = os.environ.get("MUNIMENT_DATA")
        if not root or not (Path(root) / name).is_dir():
            pytest.skip(f"the data set '{name}' is not there (MUNIMENT_DATA)")
        return Path(root) / name

    return folder
