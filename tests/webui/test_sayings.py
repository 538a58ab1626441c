"""What the rooms below say is known to the pages, sentence by sentence."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from webui import sayings

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    *sorted((ROOT / "indexer").rglob("*.py")),
    *sorted((ROOT / "webui").glob("*.py")),
    ROOT / "archive" / "dates.py",
    *sorted((ROOT / "archive" / "catalogue").glob("*.py")),
)
# Whoever calls one of these says a sentence that comes to a page.
CALLS = {
    "Notice", "say", "_say", "_unused", "Unreadable", "failed", "_Unsafe", "SearchRefused",
    "RecordMissing", "Expansion",
}  # fmt: skip
NAMES = {"reason", "why", "notice", "memory", "cpu", "cut_reason", "_BOTH_SIDES"}
LISTS = {"notes", "missing"}
# What a value looks like that is more than a word or a number.
EXAMPLES = {
    "which": ("from", "to"),
    "stage": ("describing", "looking for references"),
    "files": ("one file, which has its", "7 files, which have their"),
    "_pages(": ("page 3", "pages 1-4, 9", "pages 1, 3 and others"),
    "confidence": (
        "recognised by tesseract (eng), confidence 90 %",
        "recognised by tesseract (eng)",
    ),
}
# Told by the command alone, or only to programs.
ELSEWHERE = {"indexer/rereading.py", "indexer/sidecar.py", "indexer/wanted.py"}


def written(node: ast.expr) -> Iterator[str]:
    """Yield examples of the sentences that an expression may make."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*written(one), *written(other))
        case ast.BoolOp(values=values):
            for value in values:
                yield from written(value)
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from written(part)
        case ast.JoinedStr(values=values):
            for parts in product(*(tuple(pieces(value)) for value in values)):
                yield "".join(parts)


def pieces(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.FormattedValue):
        source = ast.unparse(node.value)
        known = next((EXAMPLES[one] for one in EXAMPLES if source.startswith(one)), None)
        yield from known or tuple(written(node.value)) or ("7",)


def said_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if (
                name in CALLS
            ):
                yield from (one for arg in args for one in written(arg))
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=name) | ast.Attribute(attr=name), attr="append"
                ),
                args=[arg],
            ) if name in LISTS:
                yield from written(arg)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES | LISTS:
                yield from written(value)
            case ast.keyword(arg="reason" | "notes", value=value):
                yield from written(value)
            case ast.Return(value=ast.Tuple(elts=[ast.Constant(), said])) if (
                path.name == "sandbox.py"
            ):
                yield from written(said)
            case ast.FunctionDef(name=name, body=body) if name.startswith("_why_not"):
                returned = (one for part in body for one in ast.walk(part))
                for one in returned:
                    if isinstance(one, ast.Return) and one.value is not None:
                        yield from written(one.value)


@pytest.mark.parametrize("path", PLACES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_from_below_is_known(path):
    if str(path.relative_to(ROOT)) in ELSEWHERE:
        return
    sentences = {one for one in said_in(path) if re.search("[a-z]{2,} ", one)}
    of_pages = {one for one in sentences if "metadata file" not in one}  # uploads have none
    assert {one for one in of_pages if sayings.recognised(one) is None} == set()
