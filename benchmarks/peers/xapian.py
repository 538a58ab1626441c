"""Xapian, set up as its documentation advises. It has no wheel; Debian's is python3-xapian."""

import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.corpora import Corpus, Document
from benchmarks.peers.asking import FACETS, PAGE, Asked, Page, folder_bytes, typed

SYSTEM = Path("/usr/lib/python3/dist-packages")
"""Where Debian keeps modules of its Python; a virtual environment does not see them."""

_SLOTS = {name: slot for slot, name in enumerate(FACETS)}


def library() -> Any:
    """Return the module, the system's where the environment has none.

    Raises ModuleNotFoundError where there is none for this version of Python.
    """
    if "xapian" not in sys.modules:
        finder = importlib.machinery.PathFinder
        spec = finder.find_spec("xapian") or finder.find_spec("xapian", [str(SYSTEM)])
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError("no module named xapian", name="xapian")
        module = importlib.util.module_from_spec(spec)
        sys.modules["xapian"] = module
        try:
            spec.loader.exec_module(module)
        except ImportError as error:
            del sys.modules["xapian"]
            raise ModuleNotFoundError(f"xapian: {error}", name="xapian") from error
    return sys.modules["xapian"]


class Xapian:
    """Stemmed title and body with positions, values for the facets, its own snippets."""

    name = "xapian"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open nothing yet."""
        self.lib, self.folder, self.corpus = library(), folder, corpus
        folder.mkdir(parents=True, exist_ok=True)
        self.stemmer = self.lib.Stem("en")
        self.writer: Any = None

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""
        writer = self._writing()
        for one in documents:
            writer.add_document(self._document(one))
        writer.commit()
        writer.close()

    def open(self) -> None:
        """Make ready for the first question."""
        self.engine = self.lib.Database(str(self.folder))
        self.parser = self.lib.QueryParser()
        self.parser.set_stemmer(self.stemmer)
        self.parser.set_stemming_strategy(self.parser.STEM_SOME)
        self.parser.set_default_op(self.lib.Query.OP_AND)
        self.parser.set_database(self.engine)

    def page(self, asked: Asked) -> Page | None:
        """Do the page job: every match is looked at, or the counts would be guesses."""
        if asked.kind == "fuzzy":  # OP_EDIT_DISTANCE comes with 1.5
            return None
        query = self._query(asked)
        enquire = self.lib.Enquire(self.engine)
        enquire.set_query(query)
        spies = {name: self.lib.ValueCountMatchSpy(slot) for name, slot in _SLOTS.items()}
        for spy in spies.values():
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, PAGE, self.engine.get_doccount())
        numbers, texts = [], []
        for match in found:
            numbers.append(match.docid)
            text = match.document.get_data().decode()
            texts.append(found.snippet(text, 240, self.stemmer).decode())
        facets = {
            name: {one.term.decode(): one.termfreq for one in spy.values()}
            for name, spy in spies.items()
        }
        return Page(
            found.size() and sum(facets["kind"].values()), tuple(numbers), facets, tuple(texts)
        )

    def put(self, document: Document) -> bool:
        """Commit one document more."""
        if self.writer is None:
            self.writer = self._writing()
        self.writer.add_document(self._document(document))
        self.writer.commit()
        self.engine.reopen()
        enquire = self.lib.Enquire(self.engine)
        enquire.set_query(self.lib.Query(f"Q{document.number}"))
        return bool(enquire.get_mset(0, 1).size())

    def size_bytes(self) -> int:
        """Return the size of the index, its stored texts with it."""
        return folder_bytes(self.folder)

    def close(self) -> None:
        """Let go of everything."""
        if self.writer is not None:
            self.writer.close()
        self.engine.close()

    def _writing(self) -> Any:
        self.terms = self.lib.TermGenerator()
        self.terms.set_stemmer(self.stemmer)
        return self.lib.WritableDatabase(str(self.folder), self.lib.DB_CREATE_OR_OPEN)

    def _document(self, one: Document) -> Any:
        held = self.lib.Document()
        self.terms.set_document(held)
        self.terms.index_text(one.title)
        self.terms.increase_termpos()
        self.terms.index_text(one.text)
        held.set_data(one.text)
        held.add_boolean_term(f"Q{one.number}")
        for name, slot in _SLOTS.items():
            held.add_value(slot, str(getattr(one, name)))
        held.add_boolean_term(f"XC{one.country}")
        return held

    def _query(self, asked: Asked) -> Any:
        lib = self.lib
        words = self.parser.parse_query(
            typed(asked), lib.QueryParser.FLAG_DEFAULT | lib.QueryParser.FLAG_WILDCARD
        )
        if asked.kind != "filtered":
            return words
        first, last = map(str, asked.years)
        years = lib.Query(lib.Query.OP_VALUE_RANGE, _SLOTS["year"], first, last)
        country = lib.Query(f"XC{asked.country}")
        return lib.Query(lib.Query.OP_FILTER, words, lib.Query(lib.Query.OP_AND, country, years))
