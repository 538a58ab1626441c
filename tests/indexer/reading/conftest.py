"""A sandbox with a hostile reader in it, and how to have that reader try something."""

import json
import threading

import pytest

from indexer.reading import Reading
from indexer.reading.sandbox import Sandbox
from tests.indexer.reading.trial import EVIL, LIMITS


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(LIMITS, reader=EVIL) as sandbox:
        yield sandbox


@pytest.fixture
def attempt(sandbox, tmp_path):
    """Have the child do something; return the reading."""

    def attempt(do: str, *, within: Sandbox = sandbox, **asked: object) -> Reading:
        path = tmp_path / f"{do}-{threading.get_ident()}"
        path.write_text(json.dumps({"do": do, **asked}))
        return within.read(path, f"{do}.txt")

    return attempt


@pytest.fixture
def outcome(attempt):
    """Have the child do something; return what it says became of it."""

    def outcome(do: str, **asked: object):
        extraction = attempt(do, **asked).extraction
        assert extraction.status == "text", extraction.reason
        try:
            return json.loads(extraction.text)
        except ValueError:
            return extraction.text

    return outcome
