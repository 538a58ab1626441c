"""The documentation says what the software does."""

import ast
import json
import re
from dataclasses import asdict
from pathlib import Path

import click
import pytest

from archive.config import Settings
from archive.errors import MunimentError
from indexer.sidecar import COLUMNS
from webui.cli import main

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")),
]
PACKAGES = ("archive", "indexer", "webui")


def headings(page: str) -> set[str]:
    return set(re.findall(r"^##+ (.+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE))


def written(value: object) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case "":
            return "empty"
        case tuple():
            return f"`{json.dumps(value)}`"
        case _:
            return f"`{value}`"


def test_every_setting_is_documented_with_its_default():
    page = (DOCS / "configuration.md").read_text("utf-8")
    for section, table in asdict(Settings()).items():
        assert f"## [{section}]" in page
        part = page.split(f"## [{section}]")[1].split("\n## ")[0]
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", part, re.MULTILINE)
        assert [(n, d.strip()) for n, d in rows] == [(n, written(v)) for n, v in table.items()]


def test_every_command_is_documented():
    assert set(main.commands) == headings("commands.md")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_is_documented(name):
    page = (DOCS / "commands.md").read_text("utf-8").split(f"\n## {name}\n")[1].split("\n## ")[0]
    command = main.commands[name]
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in commands:
        for parameter in one.params:
            if isinstance(parameter, click.Option):
                assert any(option in page for option in parameter.opts), parameter.opts


def test_every_column_of_a_sidecar_is_documented():
    page = (DOCS / "commands.md").read_text("utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in page] == []


def slugs() -> set[str]:
    found = {MunimentError.slug}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Assign)
                    and isinstance(node.targets[0], ast.Name)
                    and node.targets[0].id == "slug"
                    and isinstance(node.value, ast.Constant)
                ):
                    found.add(str(node.value.value))
    return found


def test_every_error_has_its_heading():
    assert slugs() == headings("errors.md")


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_is_introduced(package):
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {
        p.name + "/" if p.is_dir() else p.name
        for p in (ROOT / package).iterdir()
        if (p.suffix == ".py" or (p / "__init__.py").exists()) and p.name != "__pycache__"
    }
    assert {room for room in rooms if f"`{room}" not in text} - {"__init__.py"} == set()


def test_files_that_are_named_are_there():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for path in re.findall(r"`((?:archive|indexer|webui|tests)/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path
