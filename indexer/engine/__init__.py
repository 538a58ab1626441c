"""Which records answer a question: the port.

`fields.py` says what is indexed and how a query's words are looked up; `memory.py` is
the plain engine that the others are compared with; `whoosh/` keeps an index on disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal, Protocol, get_args

from archive.access import Label
from archive.dates import PartialDate
from indexer.engine.bars import BarStep
from indexer.query.ast import Fuzzy, Prefix, Query, Wildcard

FacetName = Literal[
    "year",
    "country",
    "kind",
    "language",
    "issuer",
    "spoken_of",
    "collection",
    "access",
    "text",
]
FACETS: tuple[FacetName, ...] = get_args(FacetName)
"""spoken_of: the countries that a text names, any number of them. text says whether a record has
any text to search: `yes` or `no`."""

UNKNOWN = ""
"""The value of a record for a facet of which nothing is known."""
NOT_KNOWN = frozenset({UNKNOWN})
"""The values of such a record."""

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
    """The values of each facet; one that is left out is UNKNOWN."""
    date: PartialDate | None
    issuer: str = ""
    """As it is to be offered; nothing where none is known."""

    def values(self, facet: FacetName) -> frozenset[str]:
        """Return the values of a facet, known or not."""
        return self.facets.get(facet, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Shares:
    """Documents in parts, for `Engine.rebuild`: an engine may read each in a process of its own.

    No record is in two parts. A part can be pickled.
    """

    parts: tuple[Iterable[IndexDocument], ...]

    def __iter__(self) -> Iterator[IndexDocument]:
        """Yield the documents of all parts."""
        return chain.from_iterable(self.parts)


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
    excluded: Mapping[FacetName, frozenset[str]] = field(default_factory=dict)
    """Records that bear any of these values are out."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by whom, and which part of the answer is wanted."""

    query: Query
    labels: frozenset[Label]
    filters: Filters = Filters()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    bars: BarStep | None = None
    """Whether dates are to be counted for a histogram, and in which steps."""
    facets: tuple[FacetName, ...] = FACETS
    """Which are to be counted."""


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
    """How many records bear each value of each facet that was asked for: exact, counted with
    every filter but the facet's own, what it excludes among them (for `year`, also without the
    dates). A value that nobody bears is left out."""
    possibly: int
    """How many records more would be in with `possibly`; 0 without dates."""
    mark: Mark
    notices: tuple[str, ...] = ()
    """What of the query was cut short, or cannot be found here."""
    bars: Mapping[str, int] = field(default_factory=dict)
    """How many records lie in each bar that was asked for (`bars.bar_of`): counted with every
    filter but the dates and the years. Empty where none were asked for."""


@dataclass(frozen=True, slots=True)
class Matching:
    """All that answers a question at one moment."""

    record_ids: tuple[int, ...]
    """Ascending."""
    mark: Mark


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it is indexed."""

    text: str
    """Folded."""
    holders: int
    """How many records that the asker may see hold it, at least one."""
    distance: int
    """How many edits it is away from what was asked; 0 but for a fuzzy word."""


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

        The present one answers meanwhile, and stays where anything goes wrong. *documents* may
        be `Shares`. The caller holds `writing()`.
        """

    def tidy(self) -> bool:
        """Make the index quicker to search without changing an answer; whether there was anything
        to do. One step, of seconds at most: call again until False.

        All or nothing, as `commit` is. Searches go on meanwhile, and so do commits: the turn to
        write is taken for the last moment only, so the caller must not hold `writing()`.
        One tidies at a time; False for whoever comes second.
        """

    def writing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Ask to be the one that writes, over all processes.

        Entering the context gives True once it is the caller's turn, or False where it was
        asked not to wait and another is writing. The turn ends with the context, or with the
        process, however it dies.
        """

    def search(self, question: Question) -> Answer:
        """Answer from the last committed state; IndexUnavailable where there is none."""

    def terms_like(
        self, part: Prefix | Wildcard | Fuzzy, labels: frozenset[Label], limit: int
    ) -> tuple[Term, ...]:
        """Return the *limit* words of *part*'s field that match it and most records hold.

        The most held first, those held alike by their letters. IndexUnavailable as of `search`.
        """

    def holders(self, terms: Iterable[str], labels: frozenset[Label]) -> tuple[int, dict[str, int]]:
        """Return how many records *labels* may see, and how many of those hold each folded word.

        In whatever field of text, exactly so; a word that none of them holds is left out.
        """

    def variants(
        self, words: Iterable[str], labels: frozenset[Label]
    ) -> dict[str, tuple[str, ...]]:
        """Return the other spellings of those of the *words* that are names, in other alphabets
        and traditions, that records hold which *labels* may see: as they are written, the most
        held first.

        A word that is no name there, or has none, is left out (`spellings.py`).
        """

    def issuers(self, labels: frozenset[Label]) -> tuple[str, ...]:
        """Return the issuers of the records that *labels* may see, those of most records first,
        those of as many by their letters."""

    def as_written(self, terms: Iterable[str], labels: frozenset[Label]) -> dict[str, str]:
        """Return each folded word as most of the records write it that *labels* may see."""

    def totals(self, queries: Sequence[Query], labels: frozenset[Label]) -> tuple[int, ...]:
        """Return how many records that the holder of *labels* may see answer each query.

        As `search` without filters says it, from one state; IndexUnavailable as there.
        """

    def matching(self, question: Question) -> "Matching":
        """Return every record that answers; sort, offset, limit and bars are not looked at.

        The same records that `search` counts in `total`; IndexUnavailable as there.
        """

    def verify(self) -> None:
        """Read the whole index and compare its checksums.

        IndexUnavailable where anything differs from what was written: then `rebuild`.
        """

    def record_ids(self) -> Iterator[int]:
        """Yield the number of every record that is indexed, in no order."""

    def close(self) -> None:
        """Let go of files and memory."""
