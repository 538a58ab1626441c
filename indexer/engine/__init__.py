"""Which records answer a question: the port.

`fields.py` says what is indexed and how a query's words are looked up; `memory.py` is
the plain engine that the others are compared with; `whoosh/` keeps an index on disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from archive.access import Label
from archive.dates import PartialDate
from indexer.query.ast import Query

FacetName = Literal["year", "country", "kind", "language", "text"]
FACETS: tuple[FacetName, ...] = get_args(FacetName)
"""text says whether a record has any text to search: `yes` or `no`."""

UNKNOWN = ""
"""The value of a record for a facet of which nothing is known."""

Sort = Literal["relevance", "newest", "oldest", "added"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What an engine is told of a record; it can always be told again from the catalogue."""

    record_id: int
    label: Label
    language: str | None
    title: str
    text: str
    aside: str
    """What is searchable at a low weight."""
    numbers: tuple[str, ...]
    """Document numbers in canonical form."""
    facets: Mapping[FacetName, frozenset[str]]
    """At least one value for each facet; UNKNOWN where nothing is known."""
    date: PartialDate | None


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an index is."""

    change_id: int
    """The last change of the catalogue that it holds."""
    by_label: Mapping[str, int]
    """The last change that the holders of each label could see."""

    def seen_by(self, labels: Iterable[str]) -> int:
        """Return the last change that a holder of *labels* could see; 0 for none."""
        return max((self.by_label.get(label, 0) for label in labels), default=0)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows an answer. Facets narrow together; the values of one widen it."""

    chosen: Mapping[FacetName, frozenset[str]] = field(default_factory=dict)
    """Values as in IndexDocument.facets; a facet without values does not narrow."""
    dates: PartialDate | None = None
    """Records whose date lies wholly inside."""
    possibly: bool = False
    """Whether records whose date only overlaps `dates` are wanted too."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by whom, and which part of the answer is wanted."""

    query: Query
    labels: frozenset[Label]
    filters: Filters = Filters()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that answers a question."""

    record_id: int
    score: float
    """Higher is better. Comparable within one answer only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an index says at one moment."""

    total: int
    hits: tuple[Hit, ...]
    """Those from `offset` on, at most `limit`, in the order asked for; ties by record number."""
    facets: Mapping[FacetName, Mapping[str, int]]
    """How many records bear each value: exact, counted with every filter but the facet's own
    (for `year`, also without the dates). A value that nobody bears is left out."""
    possibly: int
    """How many records more would be in with `possibly`; 0 without dates."""
    mark: Mark
    notices: tuple[str, ...] = ()
    """What of the query was cut short, or cannot be found here."""


class Engine(Protocol):
    """An index of records.

    Any number of threads and processes may search while one writes. Statistics that move
    a score, and everything that is counted, come from the records that the asking labels
    may see, and from no others.
    """

    def mark(self) -> Mark | None:
        """Return how far the index is; None where there is none, or one that cannot be used
        (damaged, or made by another version of the analysis or the fields)."""

    def commit(self, puts: Iterable[IndexDocument], deletes: Iterable[int], mark: Mark) -> None:
        """Put documents in the place of those with their number, delete others, note *mark*.

        All or nothing: after a crash the index is as before or as after. One writer at a time:
        the caller holds `writing()`.
        """

    def rebuild(self, documents: Iterable[IndexDocument], mark: Mark) -> None:
        """Make a new index beside the present one and put it in its place.

        The present one answers meanwhile. The caller holds `writing()`.
        """

    def writing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Ask to be the one that writes, over all processes.

        Entering the context gives True once it is the caller's turn, or False where it was
        asked not to wait and another is writing. The turn ends with the context, or with the
        process, however it dies.
        """

    def search(self, question: Question) -> Answer:
        """Answer from the last committed state; IndexUnavailable where there is none."""

    def counts(self, queries: Sequence[Query], labels: frozenset[Label]) -> tuple[int, ...]:
        """Return how many records that *labels* may see answer each of the queries.

        From one state, without scores and facets; what the queries share is reckoned once.
        IndexUnavailable as of `search`.
        """

    def verify(self) -> None:
        """Read the whole index and compare its checksums.

        IndexUnavailable where anything differs from what was written: then `rebuild`.
        """

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record that is indexed, in no order."""

    def close(self) -> None:
        """Let go of files and memory."""
