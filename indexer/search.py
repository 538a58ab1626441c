"""From what a person asked to a page of results."""

import hashlib
import hmac
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from archive.access import Label, may_read_text
from archive.catalogue import Catalogue, records
from archive.catalogue.records import PageText, Record
from archive.config import SearchSettings
from archive.dates import PartialDate, parse_edtf
from archive.errors import SearchRefused
from archive.kinds import KINDS, Kind, leaves_of
from indexer import snippets
from indexer.engine import (
    SORTS,
    UNKNOWN,
    Answer,
    Engine,
    FacetName,
    Filters,
    Matching,
    Question,
    Sort,
)
from indexer.engine.bars import BAR_STEPS, BarStep
from indexer.query.ast import Query
from indexer.query.names import Also, with_variants
from indexer.query.parser import Notice, Parsed, parse
from indexer.query.reading import READINGS, Reading, is_short, readings_of
from indexer.snippets import Passage

UNKNOWN_WORD = "unknown"
"""How the unknown value of a facet is written in addresses and commands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as a person or a machine asks it."""

    query: str = ""
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Leaves, parents, or `parent/leaf`."""
    languages: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    spoken_of: tuple[str, ...] = ()
    """Countries that the text names."""
    collections: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    """What must not be, as `country:AZ` or `kind:decree`: a facet and one of its values."""
    date_from: str = ""
    """EDTF; the first day it may mean counts."""
    date_to: str = ""
    """EDTF; the last day it may mean counts."""
    possibly: bool = False
    reading: str = ""
    """`all`, `most` or `any` of the words; empty: the strictest that fills a page."""
    sort: str = "relevance"
    page: int = 1
    size: int | None = None
    """Hits on a page; None is the archive's setting."""
    bars: str = ""
    """`decade`, `year` or `month`: the steps of a histogram of dates; empty: none is wanted."""


@dataclass(frozen=True, slots=True)
class ResultHit:
    """One record of a result, with the passages that show why."""

    record: Record
    score: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of results, and how it came about."""

    asked: Asked
    query: Query
    """As understood; its text is `read_as`."""
    notices: tuple[Notice, ...]
    """What was not used, in the order of the typed text; then what concerns the filters."""
    reading: Reading
    """How the words were read. It is chosen from the words alone: no filter changes it."""
    others: tuple[tuple[Reading, int], ...]
    """The other readings of the same words, the strictest first, and how many documents each
    finds without filters."""
    total: int
    hits: tuple[ResultHit, ...]
    facets: Mapping[FacetName, Mapping[str, int]]
    """As engine.Answer.facets; the value UNKNOWN is the empty text."""
    possibly: int
    """Records whose date only overlaps the range, left out of `total` unless asked for."""
    without_text: int
    """Records of this result that hold no text to search."""
    state: str
    """Names the state of what this reader may see: equal states give equal answers."""
    page: int
    page_count: int
    size: int
    bars: Mapping[str, int]
    """As engine.Answer.bars."""

    @property
    def read_as(self) -> str:
        """The query as understood, in the query language."""
        return str(self.query)

    @property
    def first(self) -> int:
        """The number of the first hit on this page, from 1; 0 where there is none."""
        return (self.page - 1) * self.size + 1 if self.hits else 0

    @property
    def last(self) -> int:
        """The number of the last hit on this page."""
        return self.first + len(self.hits) - 1 if self.hits else 0


CHOOSABLE: Mapping[FacetName, str] = {
    "country": "countries",
    "kind": "kinds",
    "language": "languages",
    "year": "years",
    "issuer": "issuers",
    "spoken_of": "spoken_of",
    "collection": "collections",
    "access": "access",
}
"""The facets whose values can be chosen → the field of Asked that holds them."""


def chosen_of(asked: Asked) -> dict[FacetName, tuple[str, ...]]:
    """Return what is chosen of each facet, as it was written."""
    return {name: getattr(asked, field_name) for name, field_name in CHOOSABLE.items()}


@dataclass(slots=True)
class _Narrowing:
    """Filters in the making, and what was wrong with them."""

    kinds: Mapping[str, Kind]
    notices: list[Notice] = field(default_factory=list)

    def of(self, asked: Asked) -> Filters:
        """Return the filters that *asked* means; what cannot be read is noticed, not used."""
        chosen: dict[FacetName, frozenset[str]] = {
            name: frozenset().union(*(self._values(name, written) for written in values))
            for name, values in chosen_of(asked).items()
        }
        excluded: dict[FacetName, frozenset[str]] = {}
        for one in asked.excluded:
            facet, _, value = one.partition(":")
            if facet in CHOOSABLE and value:
                name = cast("FacetName", facet)
                excluded[name] = excluded.get(name, frozenset()) | self._values(name, value)
            else:
                names = ", ".join(CHOOSABLE)
                self.notices.append(
                    Notice(0, f"nothing is excluded by {one!r}; write country:AZ; facets: {names}")
                )
        return Filters(
            {name: values for name, values in chosen.items() if values},
            self._span(asked),
            asked.possibly,
            {name: values for name, values in excluded.items() if values},
        )

    def _values(self, facet: FacetName, written: str) -> frozenset[str]:
        """Return the values that one word of an address or a command means."""
        match facet:
            case "kind":
                return self._leaves(written)
            case "country" | "spoken_of":
                return frozenset({_value(written.upper())})
            case "language" | "access":
                return frozenset({_value(written.lower())})
            case _:
                return frozenset({_value(written)})

    def _leaves(self, name: str) -> frozenset[str]:
        if name == UNKNOWN_WORD:
            return frozenset({UNKNOWN})
        leaves = leaves_of(name, dict(self.kinds))
        if not leaves:
            self.notices.append(Notice(0, f"there is no kind {name!r}; it was not used"))
        return leaves

    def _span(self, asked: Asked) -> PartialDate | None:
        start = self._point(asked.date_from, "from")
        end = self._point(asked.date_to, "to")
        if start is None and end is None:
            return None
        first = start.first if start else date.min
        last = end.last if end else date.max
        if last < first:
            self.notices.append(
                Notice(
                    0,
                    f"the range ends ({asked.date_to}) before it begins ({asked.date_from}); it was not used",
                )
            )
            return None
        return PartialDate(first, last, "range")

    def _point(self, written: str, which: str) -> PartialDate | None:
        if not written.strip():
            return None
        try:
            return parse_edtf(written)
        except ValueError as error:
            self.notices.append(Notice(0, f"{which}: {error}; it was not used"))
            return None


def answer(
    asked: Asked,
    *,
    labels: frozenset[Label],
    catalogue: Catalogue,
    engine: Engine,
    settings: SearchSettings,
    state_key: str,
    kinds: Mapping[str, Kind] = KINDS,
) -> ResultPage:
    """Answer what a holder of *labels* asks.

    What is typed wrongly becomes a notice. SearchRefused: a sort, page or step that no link
    of ours leads to. IndexUnavailable: there is no index to answer from yet.
    """
    sort = _sort(asked.sort)
    size = size_of(asked, settings)
    if not 1 <= asked.page <= 1_000_000:
        raise SearchRefused(f"there is no page {asked.page}; pages begin at 1")
    parsed = _parsed(asked, settings)
    narrowing = _Narrowing(kinds)
    chosen = read_as(parsed.query, asked.reading, labels, engine, settings)
    question = Question(
        query=chosen.query,
        labels=labels,
        filters=narrowing.of(asked),
        sort=sort,
        offset=(asked.page - 1) * size,
        limit=size,
        bars=_bars(asked.bars),
    )
    found = engine.search(question)
    return ResultPage(
        asked=asked,
        query=chosen.query,
        notices=(
            *parsed.notices,
            *narrowing.notices,
            *(Notice(0, str(also)) for also in chosen.also),
            *(Notice(0, message) for message in found.notices),
        ),
        reading=chosen.reading,
        others=chosen.others,
        total=found.total,
        hits=tuple(_hits(found, chosen.query, labels, catalogue)),
        facets=found.facets,
        possibly=0 if asked.possibly else found.possibly,
        without_text=found.facets["text"].get("no", 0),
        state=state_name(found.mark.seen_by(labels), state_key),
        page=asked.page,
        page_count=max(1, math.ceil(found.total / size)),
        size=size,
        bars=found.bars,
    )


def size_of(asked: Asked, settings: SearchSettings) -> int:
    """Return how many hits a page of this search has."""
    return min(max(1, asked.size or settings.page_size), settings.page_size_max)


def around(
    asked: Asked,
    at: int,
    *,
    labels: frozenset[Label],
    engine: Engine,
    settings: SearchSettings,
    kinds: Mapping[str, Kind] = KINDS,
) -> tuple[int, dict[int, int]]:
    """Return how many records `answer` would find, and those at place *at*, before and after it.

    Places are counted from 1; one that the result does not have is left out.
    """
    parsed = _parsed(asked, settings)
    query = read_as(parsed.query, asked.reading, labels, engine, settings).query
    first = max(1, at - 1)
    found = engine.search(
        Question(
            query,
            labels,
            _Narrowing(kinds).of(asked),
            sort=_sort(asked.sort),
            offset=first - 1,
            limit=at - first + 2,
            facets=(),
        )
    )
    return found.total, {first + n: hit.record_id for n, hit in enumerate(found.hits)}


def total(
    asked: Asked,
    *,
    labels: frozenset[Label],
    engine: Engine,
    settings: SearchSettings,
    kinds: Mapping[str, Kind] = KINDS,
) -> int:
    """Return how many records `answer` would find."""
    parsed = _parsed(asked, settings)
    query = read_as(parsed.query, asked.reading, labels, engine, settings).query
    filters = _Narrowing(kinds).of(asked)
    return engine.search(Question(query, labels, filters, limit=0)).total


@dataclass(frozen=True, slots=True)
class WholeResult:
    """Everything that a search finds, and how it was understood."""

    query: Query
    reading: Reading
    notices: tuple[Notice, ...]
    matching: Matching


def whole(
    asked: Asked,
    *,
    labels: frozenset[Label],
    engine: Engine,
    settings: SearchSettings,
    kinds: Mapping[str, Kind] = KINDS,
) -> WholeResult:
    """Return every record that `answer` would find, page by page."""
    parsed = _parsed(asked, settings)
    read = read_as(parsed.query, asked.reading, labels, engine, settings)
    narrowing = _Narrowing(kinds)
    found = engine.matching(Question(read.query, labels, narrowing.of(asked)))
    also = (Notice(0, str(also)) for also in read.also)
    notices = (*parsed.notices, *narrowing.notices, *also)
    return WholeResult(read.query, read.reading, notices, found)


@dataclass(frozen=True, slots=True)
class Read:
    """A query in the reading that is shown."""

    query: Query
    reading: Reading
    others: tuple[tuple[Reading, int], ...] = ()
    """As of ResultPage."""
    also: tuple[Also, ...] = ()
    """The words of it that are looked for in other spellings, too."""


def read_as(
    query: Query,
    wanted: str,
    labels: frozenset[Label],
    engine: Engine,
    settings: SearchSettings,
) -> Read:
    """Choose the reading: the one that is wanted, else the strictest that fills a page.

    Few words are read as any of them only where no document holds most. Where the wanted one
    is no other reading of this query, the next stricter one says the same.
    """
    if wanted not in {"", *READINGS}:
        raise SearchRefused(f"there is no reading {wanted!r}; readings: {', '.join(READINGS)}")
    query, also = with_variants(query, lambda words: engine.variants(words, labels))
    readings = readings_of(query)
    if len(readings) == 1:
        return Read(query, "all", (), also)
    counts = engine.totals(tuple(readings.values()), labels)
    totals = dict(zip(readings, counts, strict=True))
    if wanted:
        upto = READINGS.index(wanted)
        shown = [reading for reading in readings if READINGS.index(reading) <= upto][-1]
    else:
        shown = _filling(totals, settings.page_size, short=is_short(query))
    others = tuple((reading, total) for reading, total in totals.items() if reading != shown)
    return Read(readings[shown], shown, others, also)


def _parsed(asked: Asked, settings: SearchSettings) -> Parsed:
    return parse(
        asked.query,
        max_chars=settings.query_max_chars,
        max_terms=settings.query_max_terms,
        expansion_max=settings.expansion_max,
    )


def _filling(totals: Mapping[Reading, int], page_size: int, *, short: bool) -> Reading:
    """Return the strictest reading that fills a page, else the widest that is let."""
    shown: Reading = "all"
    for reading in totals:
        enough = totals[shown] >= (1 if reading == "any" and short else page_size)
        if enough:
            break
        shown = reading
    return shown


def _hits(
    found: Answer, query: Query, labels: frozenset[Label], catalogue: Catalogue
) -> Iterator[ResultHit]:
    """Yield the records found with their passages; a record that is gone is left out."""
    what = snippets.wanted(query, frozenset(found.facets["language"]))
    with catalogue.reading() as session:
        held = records.many(session, (hit.record_id for hit in found.hits))
        pages = records.pages_of(session, held)
    for hit in found.hits:
        if record := held.get(hit.record_id):
            passages = _passages(record, pages[hit.record_id], what, labels)
            yield ResultHit(record, hit.score, passages)


def _passages(
    record: Record, pages: Sequence[PageText], what: snippets.Wanted, labels: frozenset[Label]
) -> tuple[Passage, ...]:
    """Return why the record was found; nothing of a text that is withheld from the asker."""
    if not may_read_text(labels, record.access):
        return ()
    return snippets.passages(
        pages,
        what,
        language=record.description.language,
        paged=record.paged,
        title=record.description.title,
    )


def state_name(change_id: int, key: str) -> str:
    """Return a name for the state after change *change_id* that does not tell the number.

    A number would tell readers how much work they cannot see lies between two states.
    """
    return hmac.new(key.encode(), str(change_id).encode(), hashlib.sha256).hexdigest()[:12]


def _value(written: str) -> str:
    return UNKNOWN if written.lower() == UNKNOWN_WORD else written


def _bars(name: str) -> BarStep | None:
    for step in BAR_STEPS:
        if step == name:
            return step
    if name:
        raise SearchRefused(f"dates are not counted by {name!r}; steps: {', '.join(BAR_STEPS)}")
    return None


def _sort(name: str) -> Sort:
    for sort in SORTS:
        if sort == name:
            return sort
    raise SearchRefused(f"there is no sort {name!r}; sorts: {', '.join(SORTS)}")
