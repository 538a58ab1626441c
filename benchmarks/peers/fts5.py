"""SQLite's full-text index, set up as its documentation advises."""

import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from itertools import islice
from pathlib import Path

from benchmarks.corpora import Corpus, Document
from benchmarks.peers.asking import FACETS, PAGE, Asked, Page


class Fts5:
    """SQLite FTS5 over external content, counts by SQL, its own snippets."""

    name = "fts5"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Copy the texts: external content stands in the same database."""
        folder.mkdir(parents=True, exist_ok=True)
        self.corpus, self.path = corpus, folder / "index.sqlite"
        if not self.path.exists():
            shutil.copyfile(corpus.path, self.path)
        self.connection = sqlite3.connect(self.path)

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5(title, text, content='documents',"
            " content_rowid='number', tokenize=\"porter unicode61 remove_diacritics 2\")"
        )
        self.connection.execute(
            "CREATE TABLE facts (number INTEGER PRIMARY KEY, year INTEGER, country TEXT, kind TEXT)"
        )
        rows = iter(documents)
        while some := list(islice(rows, 1000)):
            self._insert(some)
        self.connection.commit()
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def open(self) -> None:
        """Make ready for the first question."""
        self.connection.execute("PRAGMA mmap_size = 4000000000")
        self.connection.execute("PRAGMA cache_size = -64000")
        self.connection.execute("SELECT count(*) FROM words WHERE words MATCH 'the'").fetchone()

    def page(self, asked: Asked) -> Page | None:
        """Do the page job."""
        if asked.kind == "fuzzy":
            return None
        where = "words MATCH ?"
        values: list[str | int] = [self._match(asked)]
        if asked.kind == "filtered":
            where += " AND f.country = ? AND f.year BETWEEN ? AND ?"
            values += [asked.country, *asked.years]
        matches = f"FROM words JOIN facts f ON f.number = words.rowid WHERE {where}"
        ask = self.connection.execute
        facets = {
            name: dict(ask(f"SELECT f.{name}, count(*) {matches} GROUP BY 1", values).fetchall())
            for name in FACETS
        }
        best = ask(
            f"SELECT words.rowid, snippet(words, 1, '<b>', '</b>', '…', 32) {matches}"
            f" ORDER BY words.rank LIMIT {PAGE}",
            values,
        ).fetchall()
        total = sum(facets["kind"].values())
        return Page(total, tuple(row[0] for row in best), facets, tuple(row[1] for row in best))

    def put(self, document: Document) -> bool:
        """Commit one document more."""
        self.connection.execute("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)", astuple(document))
        self._insert([document])
        self.connection.commit()
        word = document.title.partition(":")[0]
        found = self.connection.execute(
            "SELECT count(*) FROM words WHERE words MATCH ? AND rowid = ?",
            (f'"{word}"', document.number),
        )
        return bool(found.fetchone()[0])

    def size_bytes(self) -> int:
        """Return the size of the index, without the texts."""
        return self.path.stat().st_size - self.corpus.path.stat().st_size

    def close(self) -> None:
        """Let go of everything."""
        self.connection.close()

    def _insert(self, documents: list[Document]) -> None:
        self.connection.executemany(
            "INSERT INTO words (rowid, title, text) VALUES (?,?,?)",
            ((one.number, one.title, one.text) for one in documents),
        )
        self.connection.executemany(
            "INSERT INTO facts VALUES (?,?,?,?)",
            ((one.number, one.year, one.country, one.kind) for one in documents),
        )

    def _match(self, asked: Asked) -> str:
        quoted = [f'"{word}"' for word in asked.words]
        match asked.kind:
            case "or":
                return " OR ".join(quoted)
            case "phrase":
                return f'"{" ".join(asked.words)}"'
            case "prefix":
                return f"{quoted[0]}*"
            case _:
                return " ".join(quoted)
