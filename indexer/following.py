"""Following a search over time: its feed, what is new in it, and records of what it found.

A record of a search can be run again. The difference is explained record by record: taken in
later, changed, withdrawn; and where nothing of that happened, the software reads the search or
the text in another way than it did.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from archive.access import Label
from archive.catalogue import Catalogue, lately, records, searches
from archive.catalogue.lately import Standing
from archive.catalogue.records import Record
from archive.catalogue.searches import SavedSearch, SearchRecord
from archive.config import SearchSettings
from archive.kinds import KINDS, Kind
from indexer import analysis, search
from indexer.engine import Engine, fields
from indexer.search import Asked, WholeResult, state_name

_WHEN_KEPT = datetime.min.replace(tzinfo=UTC)
"""The moment is set where the record is kept."""

Why = Literal["taken_in", "changed", "withdrawn", "closed", "read_otherwise"]


@dataclass(frozen=True, slots=True)
class Followed:
    """Where searches are answered, and for whom."""

    labels: frozenset[Label]
    catalogue: Catalogue
    engine: Engine
    settings: SearchSettings
    state_key: str
    kinds: Mapping[str, Kind]

    def whole(self, asked: Asked) -> WholeResult:
        """Return all that *asked* finds; IndexUnavailable and SearchRefused as search.answer."""
        return search.whole(
            asked,
            labels=self.labels,
            engine=self.engine,
            settings=self.settings,
            kinds=self.kinds or KINDS,
        )


@dataclass(frozen=True, slots=True)
class Latest:
    """A part of what a search finds: what changed last comes first."""

    records: tuple[Record, ...]
    more: bool
    """Whether older ones follow."""
    state: str
    """As of search.ResultPage."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A record that is not as it was when a search was recorded."""

    standing: Standing
    why: Why
    record: Record | None
    """None where the reader may not see it now."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a recorded search finds now, beside what it found then."""

    state: str
    total: int
    digest: str
    entered: tuple[Moved, ...]
    """Found now and not then, the last changed first."""
    left: tuple[Moved, ...]
    """Found then and not now."""
    changed: tuple[Moved, ...]
    """Found both times, and changed in between."""

    @property
    def none(self) -> bool:
        """Whether nothing is different."""
        return not (self.entered or self.left or self.changed)


def said(asked: Asked) -> dict[str, object]:
    """Return a search as it is kept: without the page, what it is sorted by and its bars."""
    plain = replace(asked, page=1, size=None, sort="relevance", bars="")
    # As it comes back out of the catalogue, where JSON knows no tuples: so it can be compared.
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in dataclasses.asdict(plain).items()
        if value
    }


def asked_of(said: Mapping[str, object]) -> Asked:
    """Return the search that was kept.

    >>> asked_of(said(Asked("peace", countries=("AZ",)))) == Asked("peace", countries=("AZ",))
    True
    """
    known = {field.name for field in dataclasses.fields(Asked)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said.items()
        if name in known
    }
    return Asked(**values)


def latest(asked: Asked, followed: Followed, *, before: datetime | None, limit: int) -> Latest:
    """Return the *limit* records of a result that changed last, or last before a moment.

    Whoever reads on with the moment of the last one they got misses none: what changes
    meanwhile comes before everything that they have seen.
    """
    found = followed.whole(asked).matching
    with followed.catalogue.reading() as session:
        numbers = lately.newest(session, found.record_ids, before, limit + 1)
        held = records.many(session, numbers[:limit])
    shown = [held[number] for number in numbers[:limit] if number in held]
    return Latest(
        # Between the index and the catalogue a record may have been withdrawn.
        tuple(one for one in shown if one.label in followed.labels),
        len(numbers) > limit,
        state_name(found.mark.seen_by(followed.labels), followed.state_key),
    )


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a saved search."""

    saved: SavedSearch
    asked: Asked
    total: int
    """How many records changed, or came, since its owner looked."""
    records: tuple[Record, ...]
    """Some of them, the last changed first."""
    upto: datetime | None
    """The moment of the last change that this tells of; None where there is none."""


def news(saved: SavedSearch, followed: Followed, *, limit: int) -> News:
    """Return what is new in a saved search."""
    asked = asked_of(saved.asked)
    found = followed.whole(asked).matching
    with followed.catalogue.reading() as session:
        changed = lately.changed_after(session, found.record_ids, saved.seen_change_id)
        held = records.many(session, changed[:limit])
    shown = tuple(held[number] for number in changed[:limit] if number in held)
    upto = max((one.changed_at for one in shown), default=None)
    return News(saved, asked, len(changed), shown, upto)


def record_search(asked: Asked, followed: Followed, software: str) -> SearchRecord:
    """Keep what a search finds now, durably; the same search on the same state is kept once.

    The reading is kept as it was chosen, so that later documents do not change it.
    """
    found = followed.whole(asked)
    kept = said(replace(asked, reading=found.reading))
    mark = found.matching.mark
    state = state_name(mark.seen_by(followed.labels), followed.state_key)
    software = f"{software}, analysis {analysis.VERSION}, fields {fields.VERSION}"
    with followed.catalogue.writing() as session:
        ids = _public_ids(lately.standings(session, found.matching.record_ids).values())
        digest = searches.digest_of(ids)
        plain = json.dumps([kept, sorted(followed.labels), state, digest, software], sort_keys=True)
        return searches.keep(
            session,
            hashlib.sha256(plain.encode()).hexdigest(),
            SearchRecord(
                public_id="",
                at=_WHEN_KEPT,
                asked=kept,
                read_as=str(found.query),
                reading=found.reading,
                notices=tuple(notice.message for notice in found.notices),
                labels=frozenset(followed.labels),
                change_id=mark.change_id,
                last_record_id=searches.last_record_id(session, mark.change_id),
                state=state,
                software=software,
                digest=digest,
                record_ids=found.matching.record_ids,
            ),
        )


def difference(kept: SearchRecord, followed: Followed) -> Difference:
    """Run a recorded search again, seen with the eyes it was recorded for."""
    eyes: frozenset[Label] = frozenset(kept.labels)  # type: ignore[arg-type]
    followed = replace(followed, labels=eyes)
    found = followed.whole(asked_of(kept.asked)).matching
    then, now = frozenset(kept.record_ids), frozenset(found.record_ids)
    with followed.catalogue.reading() as session:
        standing = lately.standings(session, then | now)
        changed = [n for n in then & now if standing[n].change_id > kept.change_id]
        moved = [*(now - then), *(then - now), *changed]
        held = records.many(session, (n for n in moved if standing[n].label in eyes))

    def of(numbers: Iterable[int]) -> tuple[Moved, ...]:
        late = sorted((standing[n] for n in numbers), key=_lateness, reverse=True)
        return tuple(
            Moved(one, _why(one, kept, found=one.record_id in now), held.get(one.record_id))
            for one in late
        )

    return Difference(
        state_name(found.mark.seen_by(eyes), followed.state_key),
        len(now),
        searches.digest_of(_public_ids(standing[n] for n in now)),
        of(now - then),
        of(then - now),
        of(changed),
    )


def public_ids_of(kept: SearchRecord, catalogue: Catalogue) -> Sequence[str]:
    """Return the ids of what a recorded search found, in ascending order."""
    with catalogue.reading() as session:
        return sorted(_public_ids(lately.standings(session, kept.record_ids).values()))


def _public_ids(standings: Iterable[Standing]) -> list[str]:
    return [one.public_id for one in standings]


def _lateness(one: Standing) -> tuple[datetime, int]:
    return one.changed_at, one.record_id


def _why(standing: Standing, kept: SearchRecord, *, found: bool) -> Why:
    """Say why a record is found now, or is no longer."""
    if standing.change_id <= kept.change_id:
        return "read_otherwise"
    if found:
        return "taken_in" if standing.record_id > kept.last_record_id else "changed"
    if standing.label is None:
        return "withdrawn"
    return "changed" if standing.label in kept.labels else "closed"
