"""Metadata that comes beside the files, in a CSV: checked before anything is taken in, and written."""

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from archive.access import ACCESS_LEVELS, Access
from archive.catalogue.records import Dated, Described, Description, Record
from archive.countries import names
from archive.dates import parse_edtf
from archive.errors import SidecarError
from archive.kinds import KINDS, Kind, kind_of
from indexer.sources import Incoming

# Column of the sidecar → field of the description, where the two differ.
_FIELD_OF = {
    "doc_type": "kind",
    "identifier": "number",
    "pages": "page_range",
    "author": "authors",
    "licence": "rights",
}
_PLAIN = (
    "title", "country", "language", "doc_type", "identifier", "issuer", "author", "publication",
    "volume", "issue", "pages", "section", "place", "session", "publisher", "source_url",
    "archive", "location", "collection", "rights", "licence",
)  # fmt: skip
WHICH = ("adopted", "published", "in_force")
"""What a date may be of, in the column `date_which`."""
COLUMNS = ("file", "date", "date_which", "accessed", "access", *_PLAIN)
"""Every column that is used; others are left alone, unless they look like a slip."""


# A spreadsheet takes such a cell for a formula; an apostrophe before it says that it is text.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@]")

_WRITTEN = tuple(one for one in COLUMNS if one != "licence")
_BESIDE = ("id", "sha256", "state")
"""Columns that are written for people and left alone when they are read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a sidecar that cannot be used."""

    file: str
    row: int
    """The line of the CSV, from 1 (the heading)."""
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.file}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Given:
    """What a row says of its file."""

    row: int
    fields: Mapping[str, Any]
    """Field of the description → value, of its type; only those that the row fills."""
    written: Mapping[str, str]
    """The same as written."""
    access: Access | None

    def over(self, description: Description) -> Description:
        """Return *description* with what was given in the place of what was read."""
        return replace(description, **self.fields)

    def findings(self) -> list[Described]:
        """Return the given values as evidence: a person said so, in this row."""
        return [
            Described(
                field="date"
                if name == "dated"
                else name.removesuffix("s")
                if name == "authors"
                else name,
                value=str(value.date) if isinstance(value, Dated) else self.written[name],
                written=self.written[name],
                confidence=1.0,
                asserted=True,
                passage=f"row {self.row} of the metadata file",
                page=None,
                rule="sidecar",
                which=value.which if isinstance(value, Dated) else "",
            )
            for name, value in self.fields.items()
        ]


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A metadata file that was read."""

    path: Path
    rows: Mapping[str, Given]
    """By the file as the sidecar names it."""
    problems: tuple[Problem, ...]
    """By row; a file named in one of them is refused."""
    unused_columns: tuple[str, ...]

    def row_for(self, incoming: Incoming) -> str | None:
        """Return how the sidecar names this file, or None where it does not."""
        folder = self.path.resolve().parent
        for name in (incoming.given_as, incoming.label, incoming.name):
            if name in self._named:
                return name
        if not incoming.temporary:
            place = incoming.path.resolve()
            if place.is_relative_to(folder):
                relative = place.relative_to(folder).as_posix()
                return relative if relative in self._named else None
        return None

    def problem_of(self, name: str) -> Problem | None:
        """Return the first problem with the row of this file."""
        return next((problem for problem in self.problems if problem.file == name), None)

    @property
    def _named(self) -> set[str]:
        return {*self.rows, *(problem.file for problem in self.problems)}


def read(path: Path, kinds: Mapping[str, Kind] = KINDS) -> Sidecar:
    """Read the sidecar at *path*.

    SidecarError: it is no CSV with a column `file`, or a column is probably misspelt.
    What is wrong with single rows is listed in `problems`, all of it.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SidecarError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise SidecarError(f"{path} cannot be read: {error.strerror}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [*(reader.fieldnames or ())]
        unused = _check_columns(path, columns)
        rows: dict[str, Given] = {}
        problems: list[Problem] = []
        for row in reader:
            _read_row(row, reader.line_num, kinds, rows, problems)
    except csv.Error as error:
        raise SidecarError(f"{path}, line {reader.line_num}: not CSV: {error}") from error
    return Sidecar(path, rows, tuple(problems), unused)


def write(files: Iterable[tuple[str, Record, str]], out: TextIO) -> None:
    """Write what records say of their files, so that `read` gives the same values.

    *files*: how the file is named, its record, its digest. Fields that are unknown stay empty.
    """
    table = csv.writer(out)
    table.writerow((*_WRITTEN, *_BESIDE))
    for name, record, digest in files:
        known = {"file": name, "access": record.access, **_cells(record.description)}
        cells = [_harmless(known.get(column) or "") for column in _WRITTEN[1:]]
        table.writerow((name, *cells, record.public_id, digest, record.state))


def _cells(description: Description) -> dict[str, str | None]:
    cells: dict[str, str | None] = {
        column: getattr(description, _FIELD_OF.get(column, column))
        for column in _PLAIN
        if column != "author"
    }
    cells["author"] = "; ".join(description.authors)
    if description.accessed:
        cells["accessed"] = description.accessed.isoformat()
    if description.dated:
        cells |= {"date": str(description.dated.date), "date_which": description.dated.which}
    return cells


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `read` gives the cell back.

    >>> _harmless("=1+1"), _harmless("'=1"), _harmless("plain")
    ("'=1+1", "''=1", 'plain')
    """
    return f"'{cell}" if _LIKE_A_FORMULA.match(cell) else cell


def _check_columns(path: Path, columns: list[str]) -> tuple[str, ...]:
    if "file" not in columns:
        raise SidecarError(
            f"{path} has no column 'file'; its first line must name the columns: {', '.join(COLUMNS)}"
        )
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise SidecarError(f"{path}: the column {twice[0]!r} stands there twice")
    unused = tuple(column for column in columns if column not in COLUMNS)
    for column in unused:
        near = difflib.get_close_matches((column or "").lower(), COLUMNS, 1, 0.8)
        if near:
            raise SidecarError(f"{path}: there is no column {column!r}; is {near[0]!r} meant?")
    return unused


def _read_row(
    row: Mapping[str | None, Any],
    line: int,
    kinds: Mapping[str, Kind],
    rows: dict[str, Given],
    problems: list[Problem],
) -> None:
    name = (row.get("file") or "").strip()
    wrong: list[str] = []
    if not name:
        wrong.append("the row names no file")
    elif name in rows:
        wrong.append(f"the file stands in row {rows[name].row} already")
    if None in row:
        wrong.append("there are more values than columns; is a quotation mark missing?")
    fields: dict[str, Any] = {}
    written: dict[str, str] = {}
    for column in (*_PLAIN, "date", "accessed"):
        value = " ".join((row.get(column) or "").split())
        if value.startswith("'") and _LIKE_A_FORMULA.match(value):
            value = value[1:]
        if not value:
            continue
        field = "dated" if column == "date" else _FIELD_OF.get(column, column)
        try:
            fields[field] = _value(column, value, kinds)
            written[field] = value
        except ValueError as error:
            wrong.append(f"{column}: {error}")
    which = (row.get("date_which") or "").strip()
    if which not in {"", *WHICH}:
        wrong.append(f"date_which: there is no {which!r}; known: {', '.join(WHICH)}")
    access = (row.get("access") or "").strip() or None
    if access not in {None, *ACCESS_LEVELS}:
        wrong.append(f"access: there is no {access!r}; known: {', '.join(ACCESS_LEVELS)}")
    if wrong:
        problems += (Problem(name, line, reason) for reason in wrong)
        return
    dated, kind = fields.get("dated"), kinds.get(fields.get("kind", ""))
    if isinstance(dated, Dated) and (which or (kind is not None and kind.parent == "article")):
        fields["dated"] = replace(dated, which=which or "published")
    rows[name] = Given(line, fields, written, access)  # type: ignore[arg-type]


def _value(column: str, value: str, kinds: Mapping[str, Kind]) -> Any:
    match column:
        case "date":
            return Dated(parse_edtf(value), "adopted", value)
        case "accessed":
            return date.fromisoformat(value)
        case "country":
            if value.upper() not in names():
                raise ValueError(f"there is no country or body {value!r}; give its ISO 3166 code")
            return value.upper()
        case "doc_type":
            kind = kind_of(value, dict(kinds))
            if kind is None:
                raise ValueError(f"there is no kind {value!r}; known: {', '.join(kinds)}")
            return kind.slug
        case "language":
            if not (2 <= len(value.split("-")[0]) <= 3 and value.replace("-", "").isalnum()):
                raise ValueError(f"{value!r} is no BCP 47 language tag, as in 'az'")
            return value.lower()
        case "author":
            return tuple(part.strip() for part in value.split(";") if part.strip())
        case _:
            return value
