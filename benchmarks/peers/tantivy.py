"""tantivy-py, set up as its documentation advises."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.corpora import Corpus, Document
from benchmarks.peers.asking import FACETS, PAGE, Asked, Page, folder_bytes


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
