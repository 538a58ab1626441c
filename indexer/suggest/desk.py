"""Who asks, and of which archive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.access import Label, may_read_text
from archive.catalogue import Catalogue, records
from archive.config import SearchSettings
from archive.kinds import KINDS, Kind
from indexer import search
from indexer.engine import Engine, Question
from indexer.query.ast import Query
from indexer.query.parser import Parsed, parse
from indexer.search import Asked


@dataclass(frozen=True, slots=True)
class Desk:
    """What suggestions are made from: a reader's labels, and the archive as they let it be seen."""

    labels: frozenset[Label]
    catalogue: Catalogue
    engine: Engine
    settings: SearchSettings
    kinds: Mapping[str, Kind]

    @classmethod
    def of(
        cls,
        labels: frozenset[Label],
        catalogue: Catalogue,
        engine: Engine,
        settings: SearchSettings | None = None,
        kinds: Mapping[str, Kind] = KINDS,
    ) -> "Desk":
        """Return a desk with what is usual."""
        return cls(labels, catalogue, engine, settings or SearchSettings(), kinds)

    def parsed(self, typed: str) -> Parsed:
        """Read *typed* as a search does."""
        return parse(
            typed,
            max_chars=self.settings.query_max_chars,
            max_terms=self.settings.query_max_terms,
            expansion_max=self.settings.expansion_max,
        )

    def total(self, asked: Asked) -> int:
        """Return how many records *asked* finds."""
        return search.total(
            asked,
            labels=self.labels,
            engine=self.engine,
            settings=self.settings,
            kinds=self.kinds,
        )

    def count(self, query: Query) -> int:
        """Return how many records answer *query* without filters."""
        return self.engine.search(Question(query, self.labels, limit=0)).total

    def texts(self, query: Query, many: int) -> Iterable[str]:
        """Yield titles and pages of the *many* best records for *query*.

        Of a record whose text is withheld from the reader, the title alone.
        """
        hits = self.engine.search(Question(query, self.labels, limit=many)).hits
        with self.catalogue.reading() as session:
            held = records.many(session, (hit.record_id for hit in hits))
            open_ones = [n for n, one in held.items() if may_read_text(self.labels, one.access)]
            pages = records.pages_of(session, open_ones)
        for hit in hits:
            if hit.record_id in held:
                yield held[hit.record_id].description.title
                yield from (page.text for page in pages.get(hit.record_id, ()))
