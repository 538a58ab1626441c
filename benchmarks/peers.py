"""The engines that are compared, each set up as it is shipped or as its documentation advises."""

import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Protocol

from archive.access import PUBLIC
from archive.catalogue.records import PageText
from archive.dates import PartialDate, parse_edtf
from benchmarks.corpora import Corpus, Document
from indexer import snippets
from indexer.describe.number import canonical
from indexer.engine import FacetName, Filters, IndexDocument, Mark, Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.ast import Query, Word
from indexer.query.names import with_variants
from indexer.query.parser import parse

PAGE = 10
FACETS: tuple[FacetName, ...] = ("year", "country", "kind")

QueryKind = Literal["rare", "common", "or", "and", "phrase", "prefix", "fuzzy", "filtered"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of the benchmark, in nobody's language."""

    kind: QueryKind
    words: tuple[str, ...]
    country: str = ""
    years: tuple[int, int] = (0, 0)

    @property
    def edits(self) -> int:
        """How many edits a fuzzy word may be away: as our query language has it."""
        return 1 if len(self.words[0]) <= 5 else 2


@dataclass(frozen=True, slots=True)
class Page:
    """What the page job made."""

    total: int
    numbers: tuple[int, ...]
    facets: Mapping[Any, Mapping[Any, int]]
    snippets: tuple[str, ...]


class Contender(Protocol):
    """An engine under measurement, over a folder of its own."""

    name: str

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open nothing yet."""

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""

    def open(self) -> None:
        """Make ready for the first question."""

    def page(self, asked: Asked) -> Page | None:
        """Do the page job: ten best, exact counts over all matches, highlighted snippets of the
        ten. None where the engine has no such query."""

    def put(self, document: Document) -> bool:
        """Commit one document more and say whether it is found."""

    def size_bytes(self) -> int:
        """Return the size of the index on disk."""

    def close(self) -> None:
        """Let go of everything."""


class Ours:
    """Muniment's engine, as the search page uses it."""

    name = "muniment"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open nothing yet."""
        self.folder, self.corpus, self.changes = folder, corpus, 1
        self.engine = WhooshEngine(folder)

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""
        self.engine.rebuild(map(index_document, documents), Mark(1, {"public": 1}))

    def open(self) -> None:
        """Make ready for the first question."""
        if self.engine.mark() is None:
            raise RuntimeError("the kept index cannot be opened")

    def page(self, asked: Asked) -> Page | None:
        """Do the page job."""
        question = self.question(asked)
        if question is None:
            return None
        found = self.engine.search(question)
        shown = self.corpus.shown(hit.record_id for hit in found.hits)
        texts = self.passages(
            question.query, found.facets["language"], [shown[hit.record_id] for hit in found.hits]
        )
        return Page(
            found.total,
            tuple(hit.record_id for hit in found.hits),
            {name: dict(found.facets[name]) for name in FACETS},
            tuple(texts),
        )

    def question(self, asked: Asked) -> Question | None:
        """Return what the engine is asked; None where our language has no such query."""
        parsed = parse(typed(asked))
        if parsed.notices or (asked.kind == "fuzzy" and isinstance(parsed.query, Word)):
            return None
        filters = Filters()
        if asked.kind == "filtered":
            first, last = (parse_edtf(str(year)) for year in asked.years)
            span = PartialDate(first.first, last.last, "range")
            filters = Filters({"country": frozenset({asked.country})}, span)
        query, _ = with_variants(parsed.query, lambda words: self.engine.variants(words, PUBLIC))
        return Question(query, PUBLIC, filters, limit=PAGE)

    def passages(
        self, query: Query, languages: Iterable[str], shown: Iterable[tuple[str, str, str]]
    ) -> list[str]:
        """Return the passages of documents: title, text and language of each are given."""
        what = snippets.wanted(query, frozenset(languages))
        return [
            str(passage.html)
            for title, text, language in shown
            for passage in snippets.passages(
                [PageText(1, text)], what, language=language, paged=False, title=title
            )
        ]

    def put(self, document: Document) -> bool:
        """Commit one document more."""
        self.changes += 1
        with self.engine.writing(wait=True):
            self.engine.commit(
                [index_document(document)], [], Mark(self.changes, {"public": self.changes})
            )
        word = document.title.partition(":")[0]
        question = Question(parse(word).query, PUBLIC, sort="added", limit=PAGE)
        return document.number in {hit.record_id for hit in self.engine.search(question).hits}

    def size_bytes(self) -> int:
        """Return the size of the index; the texts are the catalogue's."""
        return folder_bytes(self.folder)

    def close(self) -> None:
        """Let go of everything."""
        self.engine.close()


def index_document(document: Document) -> IndexDocument:
    """Return what our engine is told of a document."""
    return IndexDocument(
        record_id=document.number,
        label="public",
        language=document.language,
        title=document.title,
        text=document.text,
        aside="",
        numbers=(canonical(document.reference),) if document.reference else (),
        facets={
            "year": frozenset({str(document.year)}),
            "country": frozenset({document.country}),
            "kind": frozenset({document.kind}),
            "language": frozenset({document.language}),
            "text": frozenset({"yes"}),
        },
        date=parse_edtf(str(document.year)),
    )


def typed(asked: Asked) -> str:
    """Return the query as a person types it."""
    match asked.kind:
        case "or":
            return " OR ".join(asked.words)
        case "phrase":
            return f'"{" ".join(asked.words)}"'
        case "prefix":
            return f"{asked.words[0]}*"
        case "fuzzy":
            return f"{asked.words[0]}~"
        case _:
            return " ".join(asked.words)


class Tantivy:
    """tantivy-py: stemmed title and body, fast fields for the facets, its own snippets."""

    name = "tantivy"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open or make the index."""
        import tantivy

        self.lib, self.folder, self.corpus = tantivy, folder, corpus
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True, indexed=True)
        for name in ("title", "body"):
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        builder.add_integer_field("year", indexed=True, fast=True)
        for name in ("country", "kind"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw")
        self.schema = builder.build()
        folder.mkdir(parents=True, exist_ok=True)
        self.engine = tantivy.Index(self.schema, path=str(folder))
        self.writer: Any = None

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them with one thread, and commit."""
        writer = self.engine.writer(heap_size=300_000_000, num_threads=1)
        for document in documents:
            writer.add_document(self._document(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Make ready for the first question."""
        self.engine.reload()
        self.searcher = self.engine.searcher()

    def page(self, asked: Asked) -> Page | None:
        """Do the page job: one pass for the best ten, one for the counts."""
        query = self._query(asked)
        found: Any = self.searcher.search(query, PAGE)
        counted = self.searcher.aggregate(
            query, {name: {"terms": {"field": name, "size": 500}} for name in FACETS}
        )
        generator = self.lib.SnippetGenerator.create(self.searcher, query, self.schema, "body")
        generator.set_max_num_chars(240)
        numbers, texts = [], []
        for _score, address in found.hits:
            held = self.searcher.doc(address)
            numbers.append(held["number"][0])
            texts.append(generator.snippet_from_doc(held).to_html())
        facets = {
            name: {one["key"]: one["doc_count"] for one in counted[name]["buckets"]}
            for name in FACETS
        }
        return Page(found.count, tuple(numbers), facets, tuple(texts))

    def put(self, document: Document) -> bool:
        """Commit one document more."""
        if self.writer is None:
            self.writer = self.engine.writer(heap_size=50_000_000, num_threads=1)
        self.writer.add_document(self._document(document))
        self.writer.commit()
        self.open()
        query = self.lib.Query.term_query(self.schema, "number", document.number)
        return bool(self.searcher.search(query, 1).hits)

    def size_bytes(self) -> int:
        """Return the size of the index, its stored texts with it."""
        return folder_bytes(self.folder)

    def close(self) -> None:
        """Let go of everything."""
        if self.writer is not None:
            self.writer.wait_merging_threads()

    def _document(self, one: Document) -> Any:
        return self.lib.Document(
            number=one.number,
            title=one.title,
            body=one.text,
            year=one.year,
            country=one.country,
            kind=one.kind,
        )

    def _query(self, asked: Asked) -> Any:
        lib, words = self.lib, asked.words
        both = ["title", "body"]
        match asked.kind:
            case "or":
                return self.engine.parse_query(" OR ".join(words), both)
            case "and":
                return self.engine.parse_query(" AND ".join(words), both)
            case "phrase":
                return self.engine.parse_query(f'"{" ".join(words)}"', both)
            case "prefix":
                found = [lib.Query.regex_query(self.schema, f, f"{words[0]}.*") for f in both]
                return lib.Query.boolean_query([(lib.Occur.Should, one) for one in found])
            case "fuzzy":
                found = [
                    lib.Query.fuzzy_term_query(self.schema, f, words[0], distance=asked.edits)
                    for f in both
                ]
                return lib.Query.boolean_query([(lib.Occur.Should, one) for one in found])
            case "filtered":
                years = lib.Query.range_query(
                    self.schema, "year", lib.FieldType.Integer, asked.years[0], asked.years[1]
                )
                country = lib.Query.term_query(self.schema, "country", asked.country)
                word = self.engine.parse_query(words[0], both)
                must = [
                    (lib.Occur.Must, word),
                    (lib.Occur.Must, lib.Query.const_score_query(years, 0.0)),
                    (lib.Occur.Must, lib.Query.const_score_query(country, 0.0)),
                ]
                return lib.Query.boolean_query(must)
            case _:
                return self.engine.parse_query(words[0], both)


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


class StockWhoosh:
    """Whoosh with its own codec and its own evaluation."""

    name = "whoosh"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open nothing yet."""
        self.folder, self.corpus = folder, corpus
        folder.mkdir(parents=True, exist_ok=True)

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""
        from whoosh import fields, index
        from whoosh.analysis import StemmingAnalyzer

        words = StemmingAnalyzer(stoplist=None)
        schema = fields.Schema(
            number=fields.STORED,
            title=fields.TEXT(words, stored=True),
            body=fields.TEXT(words, stored=True),
            year=fields.NUMERIC(int, sortable=True),
            country=fields.ID(sortable=True),
            kind=fields.ID(sortable=True),
        )
        writer = index.create_in(str(self.folder), schema).writer(limitmb=256)
        for one in documents:
            writer.add_document(
                number=one.number,
                title=one.title,
                body=one.text,
                year=one.year,
                country=one.country,
                kind=one.kind,
            )
        writer.commit()

    def open(self) -> None:
        """Make ready for the first question."""
        from whoosh import index, qparser

        self.engine = index.open_dir(str(self.folder))
        self.searcher = self.engine.searcher()
        self.parser = qparser.MultifieldParser(["title", "body"], self.engine.schema)
        self.parser.add_plugin(qparser.FuzzyTermPlugin())

    def page(self, asked: Asked) -> Page | None:
        """Do the page job."""
        from whoosh import query as q

        text = typed(asked)
        text = f"{text}{asked.edits}" if asked.kind == "fuzzy" else text
        narrow = None
        if asked.kind == "filtered":
            years = q.NumericRange("year", *asked.years)
            narrow = q.And([q.Term("country", asked.country), years])
        found = self.searcher.search(
            self.parser.parse(text), limit=PAGE, filter=narrow, groupedby=list(FACETS)
        )
        facets = {name: {k: len(v) for k, v in found.groups(name).items()} for name in FACETS}
        # With groups the limit is not kept.
        best = found[:PAGE]
        texts = tuple(hit.highlights("body") for hit in best)
        return Page(len(found), tuple(hit["number"] for hit in best), facets, texts)

    def put(self, document: Document) -> bool:
        """Is not measured: too slow to matter."""
        raise NotImplementedError

    def size_bytes(self) -> int:
        """Return the size of the index, its stored texts with it."""
        return folder_bytes(self.folder)

    def close(self) -> None:
        """Let go of everything."""
        self.searcher.close()


def folder_bytes(folder: Path) -> int:
    """Return the size of all files in *folder*."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


CONTENDERS: dict[str, type[Contender]] = {
    one.name: one for one in (Ours, Tantivy, Fts5, StockWhoosh)
}
