"""The arrows between the rooms hold, and a violation of each contract is caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

VIOLATIONS = [
    ("archive/dates.py", "import indexer.analysis", "webui → indexer → archive"),
    ("indexer/analysis.py", "import webui.machine", "webui → indexer → archive"),
    ("archive/access.py", "import archive.catalogue", "inside the archive: storeys"),
    ("archive/unheard_of.py", "", "inside the archive: storeys"),
    ("indexer/extract/sniff.py", "import indexer.describe", "inside the indexer: storeys"),
    ("indexer/unheard_of.py", "", "inside the indexer: storeys"),
    (
        "indexer/reading/worker.py",
        "import archive.catalogue",
        "the child knows neither catalogue nor settings",
    ),
    (
        "indexer/describe/read.py",
        "import archive.config",
        "the child knows neither catalogue nor settings",
    ),
    ("indexer/search.py", "import whoosh.index", "Whoosh is known in one room"),
    ("webui/search.py", "import sqlalchemy", "SQL is known in the archive alone"),
]


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("archive", "indexer", "webui"):
        ignored = shutil.ignore_patterns("__pycache__", "static", "templates")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold():
    run = lint(ROOT)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"), VIOLATIONS, ids=[f"{v[0]}: {v[1]}" for v in VIOLATIONS]
)
def test_a_violation_is_caught(copy, file, line, contract):
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    run = lint(copy)
    assert run.returncode == 1
    assert f"{contract} BROKEN" in " ".join(run.stdout.split())
