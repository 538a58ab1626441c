"""What every reader promises, whatever the file."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import READERS, STATUSES, Extraction, extract, pandoc, reader_of
from tests.indexer.extract.making import LIMITS, pdf

WORDS = "The Council met on 3 June 1993. Şura toplandı. Шура собралась."


def office(form: str) -> bytes:
    return pandoc.to_office(WORDS, form)


SAMPLES: dict[str, Callable[[], bytes]] = {
    "text/html": lambda: (
        f"<html><head><meta charset='utf-8'></head><body><p>{WORDS}</p></body></html>".encode()
    ),
    "application/pdf": lambda: pdf([(72, 700, "The Council met on 3 June 1993.")]),
    "text/plain": lambda: WORDS.encode(),
    "text/markdown": lambda: f"# Title\n\n{WORDS}\n".encode(),
    "application/rtf": lambda: b"{\\rtf1\\ansi The Council met on 3 June 1993.}",
    "message/rfc822": lambda: f"From: a@b\nTo: c@d\nMessage-ID: <1>\n\n{WORDS}".encode(),
    "application/xml": lambda: f"<?xml version='1.0'?><act><p>{WORDS}</p></act>".encode(),
    "image/png": lambda: b"\x89PNG\r\n\x1a\n",
}
