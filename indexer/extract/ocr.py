"""The text of pictures: tesseract, where it is installed.

It is asked by readers, in their child process, and only where the limits name languages:
recognising a page takes seconds, so that it is a job and no part of an upload.
"""

import csv
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from indexer.extract import Page, Unreadable

READER = "tesseract"
OUTPUT_MAX_BYTES = 104_857_600
PIXELS_MAX = 60_000_000
"""Of one page: A4 at 600 dpi has 35 million. Memory is about eight bytes a pixel."""
UNSURE = 30
"""Below this confidence what came out is noise: lines in a photograph, a stain, a stamp."""

_WORD = "5"
"""The level of a row that is a word; 1 is a page, 2 a block, 3 a paragraph, 4 a line."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What tesseract made of one page of a picture."""

    number: int
    """Of the page within the picture, from 1: a TIFF may have many."""
    text: str
    confidence: int
    """The mean of its words', weighted by their letters, 0 to 100; 0 where there are none."""


def recognise(picture: bytes, languages: str) -> tuple[Recognised, ...]:
    """Return the pages of a *picture* (PNG, JPEG, TIFF, PNM …) in order.

    *languages* as tesseract's `-l`. Unreadable where tesseract is not there or fails.
    """
    run = subprocess.run(
        [_program(), "stdin", "stdout", "-l", languages, *_layout(), "tsv"],
        input=picture,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "HOME": "/"},
    )
    if run.returncode != 0:
        said = " ".join(run.stderr.decode("utf-8", "replace").split())[-300:]
        raise Unreadable(f"tesseract could not read the picture ({said or run.returncode})")
    return tuple(_pages(run.stdout[:OUTPUT_MAX_BYTES].decode("utf-8", "replace")))


def of_page(number: int, picture: bytes, languages: str) -> Page:
    """Return page *number* of a document, of which *picture* is the image.

    A page without text is one on which tesseract found none, or nothing but noise.
    """
    found = recognise(picture, languages)
    return page_of(found[0], number) if found else Page(number, "", confidence=0)


def page_of(found: Recognised, number: int) -> Page:
    """Return what was recognised as page *number* of a document."""
    return Page(number, found.text, confidence=found.confidence)


def note_of(pages: Iterable[Page], languages: str) -> str:
    """Return who recognised the pages, and how sure it was, for people."""
    sure = [page.confidence for page in pages if page.confidence is not None and page.text]
    what = f"recognised by tesseract ({languages})"
    return f"{what}, confidence {round(sum(sure) / len(sure))} %" if sure else what


@cache
def installed() -> tuple[str, ...]:
    """Return tesseract's names of the languages it has here; none where it is not installed.

    Looked up once in the life of a process.
    """
    program = shutil.which("tesseract", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        return ()
    said = subprocess.run([program, "--list-langs"], capture_output=True, check=False)
    lines = said.stdout.decode("utf-8", "replace").splitlines()
    return tuple(line for line in lines[1:] if re.fullmatch(r"[A-Za-z_]+", line))


def usable(wanted: Iterable[str]) -> str:
    """Return those of the *wanted* languages that are installed, as tesseract's `-l`."""
    here = installed()
    return "+".join(dict.fromkeys(one for one in wanted if one in here and one != "osd"))


@cache
def version() -> str:
    """Return tesseract's version; empty where it is not installed."""
    program = shutil.which("tesseract", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        return ""
    said = subprocess.run([program, "--version"], capture_output=True, check=False)
    found = re.search(rb"tesseract\s+([\w.]+)", said.stdout + said.stderr)
    return found[1].decode("ascii") if found else "unknown"


def _program() -> str:
    program = shutil.which("tesseract", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        raise Unreadable("tesseract is not installed", "needs_ocr")
    return program


@cache
def _layout() -> tuple[str, ...]:
    # With its model of scripts it turns pages that were scanned on their side.
    return ("--psm", "1") if "osd" in installed() else ("--psm", "3")


def _pages(table: str) -> Iterator[Recognised]:
    """Read tesseract's TSV: a row for every word, with where it belongs and how sure it is."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, on_page in groupby(rows, key=lambda row: int(row["page_num"])):
        words = [row for row in on_page if row["level"] == _WORD and (row["text"] or "").strip()]
        letters = sum(len(row["text"]) for row in words)
        sure = sum(float(row["conf"]) * len(row["text"]) for row in words)
        confidence = round(sure / letters) if letters else 0
        text = _text(words) if confidence >= UNSURE else ""
        yield Recognised(number, text, confidence)


def _text(words: list[dict[str, str]]) -> str:
    """Return the words in lines, the lines in paragraphs."""
    paragraphs = []
    for _, inside in groupby(words, key=lambda row: (row["block_num"], row["par_num"])):
        lines = groupby(inside, key=lambda row: row["line_num"])
        paragraphs.append("\n".join(" ".join(row["text"] for row in line) for _, line in lines))
    return "\n\n".join(paragraphs)
