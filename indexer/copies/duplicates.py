"""Copies of a document: by the sketches of the catalogue, judged by the texts themselves."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from archive.access import EVERYTHING, Label, may_read_text
from archive.catalogue import Catalogue, records
from archive.catalogue import sketches as held_sketches
from archive.catalogue.records import PageText, Record
from archive.catalogue.sketches import Sketched
from indexer.copies import likeness, sketches
from indexer.copies.likeness import (
    NEAR_COPY_SHARE,
    RELATED_SHARE,
    Common,
    Text,
    Verdict,
    contradict,
    verdict,
)

COPIES_MAX = 20
"""How many copies of a document are looked for, the likeliest first."""
_CANDIDATES_MAX = 100
# A sketch tells the share to .0625 in two cases of three, to .125 in nineteen of twenty.
_LIKELY = RELATED_SHARE - 0.125
_LIKELY_COPY = NEAR_COPY_SHARE - 0.125
# Of the texts that are read for one document: three hundred pages take about half a second.
_WORDS_READ_MAX = 1_000_000
# Where very many texts share a band, each is compared with those that come next.
_NEIGHBOURS_MAX = 50
_BATCH = 200
_KEPT_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Copy:
    """A document that has much in common with another."""

    record: Record
    verdict: Verdict
    share: float
    """Of the shingles of both texts: 0 to 1."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents, by number, that are copies of one another."""

    one: int
    other: int
    verdict: Verdict
    """The same text, or a near-copy."""
    share: float


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that hang together as the same text or as near-copies."""

    record_ids: tuple[int, ...]
    pairs: tuple[Pair, ...]


class _Kept:
    """What texts have in common, by their digests: compared once, as long as it is asked for."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str], Common] = OrderedDict()

    def known(self, one: str, other: str) -> Common | None:
        """Return what is known of two texts, in either order."""
        with self._lock:
            return self._held.get((min(one, other), max(one, other)))

    def keep(self, one: str, other: str, common: Common) -> None:
        """Keep it; what was kept first goes where there is no room."""
        with self._lock:
            self._held[min(one, other), max(one, other)] = common
            if len(self._held) > _KEPT_MAX:
                self._held.popitem(last=False)


_kept = _Kept()


def copies_of(
    session: Session,
    record: Record,
    labels: frozenset[Label],
    limit: int = COPIES_MAX,
    before: int | None = None,
) -> list[Copy]:
    """Return the copies of *record* that a holder of *labels* sees and reads.

    The same text first, then by share; of records with numbers below *before* where it is given. Who may not read a text is not told what it is like:
    that would tell what it says.
    """
    sketched = held_sketches.of_record(session, record.record_id)
    if sketched is None or not may_read_text(labels, record.access):
        return []
    same = held_sketches.of_same_text(session, sketched, labels, limit, before)
    like = _likely(session, sketched, labels, limit, before)
    others = records.many(session, [one.record_id for one in (*same, *like)])
    commons = [likeness.SAME_WORDS] * len(same) + _Texts(session).common(
        [(sketched, record, one, others[one.record_id]) for one in like]
    )
    copies = []
    for one, common in zip((*same, *like), commons, strict=True):
        other = others[one.record_id]
        if said := verdict(common, record.description, other.description):
            copies.append(Copy(other, said, common.share))
    order = ("same_text", "near_copy", "related")
    return sorted(
        copies, key=lambda one: (order.index(one.verdict), -one.share, one.record.record_id)
    )


def copies_among_earlier(
    session: Session, added: Sequence[Record], labels: frozenset[Label], limit: int
) -> dict[int, list[Copy]]:
    """Return, by their number, the copies of records that were just *added*: of those only that
    came before each. Records without any are left out.
    """
    met = held_sketches.meeting_others(session, [record.record_id for record in added])
    found = {
        record.record_id: copies_of(session, record, labels, limit, before=record.record_id)
        for record in added
        if record.record_id in met
    }
    return {number: copies for number, copies in found.items() if copies}


def make_missing(catalogue: Catalogue, told: Callable[[int], None] = lambda _count: None) -> int:
    """Make the sketches that are missing or of other rules; return how many.

    *told* hears how many were made with every batch.
    """
    made = after = 0
    while True:
        with catalogue.reading() as session:
            ids = held_sketches.missing(session, sketches.VERSION, after=after, limit=_BATCH)
            pages = records.pages_of(session, ids)
        if not ids:
            return made
        new = {one: sketches.sketch_of([page.text for page in pages[one]]) for one in ids}
        with catalogue.writing() as session:
            held_sketches.put_all(session, new, sketches.VERSION)
        made, after = made + len(ids), ids[-1]
        told(made)


def pairs(session: Session) -> Iterator[Pair]:
    """Yield pairs of the archive that are copies, withdrawn documents left out.

    Documents that are only related are not among them: an archive of forms has more such pairs
    than documents. Of documents that read the same, only the first is compared with others.
    """
    by_digest: dict[str, list[Sketched]] = {}
    for sketched in held_sketches.every(session, EVERYTHING):
        by_digest.setdefault(sketched.digest, []).append(sketched)
    for alike in by_digest.values():
        if len(alike) > 1:
            yield from _pairs_of_same(session, alike)
    firsts = [alike[0] for alike in by_digest.values()]
    yield from _pairs_of_like(session, firsts)


def groups(found: Iterable[Pair]) -> list[Group]:
    """Return the groups that hang together by *found*, the largest first."""
    leader: dict[int, int] = {}

    def led(one: int) -> int:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    held = list(found)
    for pair in held:
        first, second = sorted((led(pair.one), led(pair.other)))
        leader[second] = first
    by_leader: dict[int, list[Pair]] = {}
    for pair in held:
        by_leader.setdefault(led(pair.one), []).append(pair)
    made = [
        Group(tuple(sorted({n for pair in some for n in (pair.one, pair.other)})), tuple(some))
        for some in by_leader.values()
    ]
    return sorted(made, key=lambda group: (-len(group.record_ids), group.record_ids))


def _likely(
    session: Session,
    sketched: Sketched,
    labels: frozenset[Label],
    limit: int,
    before: int | None,
) -> list[Sketched]:
    """Return the *limit* records that are likeliest to have much in common with this one, the
    likeliest first, as many of them as can be read in reasonable time."""
    found = held_sketches.sharing_a_band(
        session, sketched, sketches.bands_of(sketched.minima), labels, _CANDIDATES_MAX, before
    )
    if not found:
        return []
    table = sketches.minima_table([sketched.minima, *(one.minima for one in found)])
    about = sketches.likeness(table[:1], table[1:])
    best = sorted(zip(-about, range(len(found)), strict=True))[:limit]
    likely = [found[at] for share, at in best if -share >= _LIKELY]
    words = accumulate(sketched.words + one.words for one in likely)
    return [
        one
        for one, read in zip(likely, words, strict=True)
        if one is likely[0] or read <= _WORDS_READ_MAX
    ]


_Asked = tuple[Sketched, Record, Sketched, Record]
"""Two records with their sketches."""


@dataclass(slots=True)
class _Texts:
    """Texts that were read for comparisons, some of them kept for the next."""

    session: Session
    held: OrderedDict[int, Text] = field(default_factory=OrderedDict)
    words: int = 0

    def common(self, asked: Sequence[_Asked]) -> list[Common]:
        """Return what the texts of each two have in common, their figures where they matter."""
        new = [one for one in asked if self._known(one) is None]
        needed = {sketched.record_id for one in new for sketched in (one[0], one[2])}
        needed -= self.held.keys()
        pages = records.pages_of(self.session, needed) if needed else {}
        found = [self._known(one) or self._compared(one, pages) for one in asked]
        while self.words > _WORDS_READ_MAX:
            self.words -= len(self.held.popitem(last=False)[1].words)
        return found

    def _known(self, asked: _Asked) -> Common | None:
        """Return what is known already, if it is enough for a verdict."""
        one, record, other, other_record = asked
        common = _kept.known(one.digest, other.digest)
        if common is None or common.figures_differ is not None:
            return common
        matter = likeness.figures_matter(common, record.description, other_record.description)
        return None if matter else common

    def _compared(self, asked: _Asked, pages: Mapping[int, list[PageText]]) -> Common:
        one, record, other, other_record = asked
        ours, theirs = self._text(one, pages), self._text(other, pages)
        common = likeness.common(ours, theirs)
        if likeness.figures_matter(common, record.description, other_record.description):
            common = likeness.with_figures(common, ours, theirs)
        _kept.keep(one.digest, other.digest, common)
        return common

    def _text(self, sketched: Sketched, pages: Mapping[int, list[PageText]]) -> Text:
        text = self.held.get(sketched.record_id)
        if text is None:
            text = likeness.text_of([page.text for page in pages[sketched.record_id]])
            self.held[sketched.record_id] = text
            self.words += len(text.words)
        return text


def _pairs_of_same(session: Session, alike: Sequence[Sketched]) -> Iterator[Pair]:
    """Yield each record of the same words with the first that its description agrees with."""
    heads: list[Record] = []
    held = records.many(session, [one.record_id for one in alike])
    for record in (held[one.record_id] for one in alike):
        for head in heads:
            said = verdict(likeness.SAME_WORDS, head.description, record.description)
            if said == "same_text":
                yield Pair(head.record_id, record.record_id, said, 1.0)
                break
        else:
            if len(heads) < _NEIGHBOURS_MAX:
                heads.append(record)


def _pairs_of_like(session: Session, some: Sequence[Sketched]) -> Iterator[Pair]:
    """Yield the pairs among texts that all differ."""
    if not some:
        return
    minima = sketches.minima_table([one.minima for one in some])
    met = meeting(sketches.band_table(minima))
    about = sketches.likeness(minima[met[:, 0]], minima[met[:, 1]])
    texts = _Texts(session)
    likely = met[about >= _LIKELY_COPY].tolist()
    held: dict[int, Record] = {}
    for start in range(0, len(likely), _BATCH):
        batch = [(some[one], some[other]) for one, other in likely[start : start + _BATCH]]
        named = {sketched.record_id for pair in batch for sketched in pair}
        # Forms meet one another over and over: a record is not read again for every pair.
        if len(held) > _KEPT_MAX:
            held.clear()
        held |= records.many(session, named - held.keys())
        about_both = [(a, held[a.record_id], b, held[b.record_id]) for a, b in batch]
        asked = [
            one for one in about_both if not contradict(one[1].description, one[3].description)
        ]
        for one, common in zip(asked, texts.common(asked), strict=True):
            said = verdict(common, one[1].description, one[3].description)
            if said in {"same_text", "near_copy"}:
                yield Pair(one[1].record_id, one[3].record_id, said, common.share)


def meeting(bands: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return which rows of *bands* share one: pairs of places, the lower first, each once.

    Where more than fifty rows share a band, each meets the fifty that follow it.
    """
    count = len(bands)
    keys = [np.empty(0, np.intp)]
    for column in bands.T:
        order = np.argsort(column, kind="stable")
        values = column[order]
        # Rows of one band stand together: each meets those that follow it.
        for step in range(1, min(_NEIGHBOURS_MAX, count - 1) + 1):
            same = np.flatnonzero(values[:-step] == values[step:])
            if not len(same):
                break
            keys.append(order[same] * count + order[same + step])
    key = np.unique(np.concatenate(keys))
    return np.stack([key // count, key % count], axis=1)
