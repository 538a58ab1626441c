"""Heads as they stand in documents of each main language, and what must be read from them."""

import tomllib

import pytest

from indexer.describe import FIELDS, Field
from indexer.describe.number import canonical
from indexer.describe.read import describe
from indexer.describe.sheet import letters_of
from tests.indexer.describe.tables import CASES, extraction

LANGUAGES = ("az", "tr", "ru", "fr", "es", "en")
HEADS = [
    pytest.param(head, language, id=f"{language}-{place}")
    for language in LANGUAGES
    for place, head in enumerate(
        tomllib.loads((CASES / f"describe_heads_{language}.toml").read_text("utf-8"))["head"], 1
    )
]
ASKED: tuple[Field, ...] = ("title", "date", "country", "kind", "number", "issuer")


def form(field: Field, value: str) -> str:
    """Return *value* as two of its field are compared."""
    match field:
        case "number":
            return canonical(value)
        case "title" | "issuer":
            return letters_of(value)
        case _:
            return value


@pytest.mark.parametrize(("head", "language"), HEADS)
def test_a_head_says_what_the_document_is(head, language):
    assert set(head) <= {"text", "which", *FIELDS}
    description = describe(extraction(head["text"].strip()), "a file")
    asserted = {field: description.asserted(field) for field in FIELDS}
    said = {field: finding.value for field, finding in asserted.items() if finding}
    wanted = {field: head[field] for field in ASKED if field in head}
    read = {field: said.get(field, "") for field in wanted}
    assert {f: form(f, v) for f, v in read.items()} == {f: form(f, v) for f, v in wanted.items()}
    assert said["language"] == language
    if "which" in head:
        date = asserted["date"]
        assert date is not None
        assert date.which == head["which"]


def test_each_main_language_has_forty_heads():
    for language in LANGUAGES:
        assert sum(param.values[1] == language for param in HEADS) >= 40
