"""Whoosh as it comes."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.corpora import Corpus, Document
from benchmarks.peers.asking import FACETS, PAGE, Asked, Page, folder_bytes, typed


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
