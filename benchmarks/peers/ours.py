"""Muniment's own engine, as it is shipped."""

from collections.abc import Iterable
from pathlib import Path

from archive.access import PUBLIC
from archive.catalogue.records import PageText
from archive.dates import PartialDate, parse_edtf
from benchmarks.corpora import Corpus, Document
from benchmarks.peers.asking import FACETS, PAGE, Asked, Page, folder_bytes, typed
from indexer import snippets
from indexer.describe.number import canonical
from indexer.engine import Filters, IndexDocument, Mark, Question
from indexer.engine.whoosh import WhooshEngine
from indexer.query.ast import Query, Word
from indexer.query.names import with_variants
from indexer.query.parser import parse


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
            {name: found.facets[name] for name in FACETS},
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
        # What the peers count, and the languages whose forms the passages mark.
        return Question(query, PUBLIC, filters, limit=PAGE, facets=(*FACETS, "language"))

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
