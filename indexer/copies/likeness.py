"""Are two documents one? What their texts have in common, and what their descriptions forbid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive.catalogue.records import Dated, Description
from archive.dates import PartialDate
from indexer import analysis
from indexer.analysis import fold
from indexer.copies import differences, sketches
from indexer.copies.differences import Change
from indexer.copies.sketches import Hashes
from indexer.describe.months import month_of
from indexer.numbers import canonical, numbers_in

_YEAR = re.compile("1[89][0-9]{2}|20[0-9]{2}")

Verdict = Literal["same_text", "near_copy", "related"]

# Of all shingles, swept on edited texts and templates by benchmarks/duplicates.py. Replacing one
# word in twenty leaves .75 of the shingles in common, one in ten .57.
NEAR_COPY_SHARE = 0.5
RELATED_SHARE = 0.25
# A document says its number and date where it begins and where it is signed.
_HEAD_WORDS = 60
_TAIL_WORDS = 30
# Where so many of the places that differ are figures, the figures are what differs.
_FIGURES_OF_CHANGES = 0.2


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be compared."""

    words: list[str]
    """As written, in order; words that folding leaves nothing of are not there."""
    hashes: list[int]
    """Of each word, folded."""
    shingles: Hashes


@dataclass(frozen=True, slots=True)
class Common:
    """What two texts have in common."""

    share: float
    """Of the shingles of both: 0 to 1."""
    same_words: bool
    figures_differ: bool | None = None
    """Whether a number, a year or a month that names a document stands against another; None
    where it was not asked."""


SAME_WORDS = Common(1.0, same_words=True, figures_differ=False)


def text_of(pages: Sequence[str]) -> Text:
    """Return the text of *pages*, made ready."""
    words: list[str] = []
    hashed: list[Hashes] = []
    for page in pages:
        written = analysis.words(page)
        hashes = sketches.hashes_of(written)
        hashed.append(hashes[hashes != 0])
        words += [word for word, value in zip(written, hashes.tolist(), strict=True) if value]
    flat = [value for page in hashed for value in page.tolist()]
    return Text(words, flat, sketches.shingles_of(hashed))


def common(one: Text, other: Text) -> Common:
    """Compare two texts; their figures are not asked for."""
    if one.hashes and one.hashes == other.hashes:
        return SAME_WORDS
    return Common(sketches.share_of(one.shingles, other.shingles), same_words=False)


def figures_matter(held: Common, one: Description, other: Description) -> bool:
    """Whether the verdict on two documents hangs on the figures in their texts."""
    known = one.number and other.number and one.dated and other.dated
    return held.share >= NEAR_COPY_SHARE and not known and not contradict(one, other)


def with_figures(held: Common, one: Text, other: Text) -> Common:
    """Return what two texts have in common, their figures compared too."""
    if held.figures_differ is not None:
        return held
    return replace(held, figures_differ=_figures_differ(one, other))


def verdict(held: Common, one: Description, other: Description) -> Verdict | None:
    """Say what two documents are to one another; None where their texts have too little in common.

    Documents whose number or date differ are related at most. Where the figures matter they
    must have been compared.
    """
    if held.share < RELATED_SHARE:
        return None
    if contradict(one, other):
        return "related"
    if figures_matter(held, one, other):
        assert held.figures_differ is not None, "the figures matter, so they are compared"
        if held.figures_differ or _titles_differ(one.title, other.title):
            return "related"
    if held.same_words:
        return "same_text"
    return "near_copy" if held.share >= NEAR_COPY_SHARE else "related"


def contradict(one: Description, other: Description) -> bool:
    """Whether the number or the date of two documents differ: both known, and neither the other
    less precisely."""
    return _numbers_differ(one.number, other.number) or _dates_differ(one, other)


def _titles_differ(one: str, other: str) -> bool:
    """Whether two titles name different years or different numbers: both do, none in common."""
    for said in (_years, _numbers):
        ours, theirs = said(one), said(other)
        if ours and theirs and not ours & theirs:
            return True
    return False


def _years(title: str) -> set[str]:
    return {fold(word) for word in analysis.words(title) if _YEAR.fullmatch(fold(word))}


def _numbers(title: str) -> set[str]:
    return {found.canonical for found in numbers_in(title)}


def _numbers_differ(one: str | None, other: str | None) -> bool:
    ours, theirs = canonical(one or "").split("/"), canonical(other or "").split("/")
    if ours == [""] or theirs == [""] or ours == theirs:
        return False
    short, long = sorted((ours, theirs), key=len)
    # 822 is S/RES/822 less precisely, and 666 is 666/2001.
    return not any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))


def _dates_differ(one: Description, other: Description) -> bool:
    ours, theirs = _dates(one), _dates(other)
    if not ours or not theirs:
        return False
    shared = ours.keys() & theirs.keys()
    if shared:
        return any(_apart(ours[which], theirs[which]) for which in shared)
    # The adoption of one and the publication of the other: nobody knows, so they differ.
    return _apart(next(iter(ours.values())), next(iter(theirs.values())))


def _dates(description: Description) -> dict[str, PartialDate]:
    """Return the dates of a document by which they are, the main one first."""
    main: tuple[Dated, ...] = (description.dated,) if description.dated else ()
    found: dict[str, PartialDate] = {}
    for dated in (*main, *description.other_dates):
        found.setdefault(dated.which, dated.date)
    return found


def _apart(one: PartialDate, other: PartialDate) -> bool:
    inside = one.first >= other.first and one.last <= other.last
    around = one.first <= other.first and one.last >= other.last
    return not (inside or around)


def _figures_differ(one: Text, other: Text) -> bool:
    """Whether a figure stands against another where documents say which they are, or whether
    figures are a good part of what differs at all."""
    changes = differences.changes(one.hashes, other.hashes)
    swapped = [change for change in changes if _swaps_figures(change, one, other)]
    if len(swapped) >= max(1.0, _FIGURES_OF_CHANGES * len(changes)):
        return True
    return any(_says_which(change, one, other) for change in swapped)


def _says_which(change: Change, one: Text, other: Text) -> bool:
    return (
        min(change.one_start, change.other_start) < _HEAD_WORDS
        or min(len(one.words) - change.one_end, len(other.words) - change.other_end) < _TAIL_WORDS
    )


def _swaps_figures(change: Change, one: Text, other: Text) -> bool:
    ours = one.words[change.one_start : change.one_end]
    theirs = other.words[change.other_start : change.other_end]
    return bool(_figures(ours) and _figures(theirs)) or bool(_months(ours) and _months(theirs))


def _figures(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(map(str.isdigit, word))]


def _months(words: Sequence[str]) -> set[int]:
    return {month for word in words if (month := month_of(word)) is not None}
