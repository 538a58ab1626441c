"""What is kept of a text so that its copies are found among many.

A text is the set of its shingles, three folded words that follow one another (Broder 1997, On
the resemblance and containment of documents). Its sketch is made of 64 minima by one
permutation (Li, Owen, Zhang 2012, One permutation hashing): a place that got no shingle takes
the value of another, in an order fixed for that place (Shrivastava 2017, Optimal densification
for fast and accurate minwise hashing). Sixteen bands of four minima each are what texts meet
by: two that share the part s of their shingles share a band in 1 - (1 - s⁴)¹⁶ of all cases,
.99 at s = .7, .64 at .5, .12 at .3.

Every hash here is the same in every process and on every machine.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.sketches import Sketch
from indexer import analysis

VERSION = 1
"""A sketch made under another number is made again."""

SHINGLE_WORDS = 3
MINIMA = 64
BANDS = 16

Hashes = NDArray[np.uint64]

# Odd numbers without a pattern: the fractional parts of square roots of 2, 3, 5 and 7.
_FACTORS = np.array(
    [0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1], np.uint64
)
_WORDS_KEPT = 1 << 20


class _WordHashes(dict[str, int]):
    """Word as written → hash of its folded form; 0 where folding leaves nothing."""

    def __missing__(self, word: str) -> int:
        terms = analysis.terms_of(word)
        value = _hash_of(terms[0]) if terms else 0
        if len(self) >= _WORDS_KEPT:
            self.clear()
        self[word] = value
        return value


_word_hashes = _WordHashes()


def words_of(text: str) -> Hashes:
    """Return the hash of each folded word of *text*, in order; words of nothing are left out."""
    hashes = hashes_of(analysis.words(text))
    kept: Hashes = hashes[hashes != 0]
    return kept


def hashes_of(written: Sequence[str]) -> Hashes:
    """Return the hash of the folded form of each word as written; 0 where nothing is left of it."""
    return np.fromiter(map(_word_hashes.__getitem__, written), np.uint64, len(written))


def shingles_of(pages: Iterable[Hashes]) -> Hashes:
    """Return the shingles of pages of words as hashes: each once, rising.

    None crosses the end of a page, so that the order of pages tells nothing. A page of fewer
    words than a shingle has is one shingle.
    """
    made = [_shingles(page) for page in pages if len(page)]
    if not made:
        return np.empty(0, np.uint64)
    # np.unique hashes before it sorts, which takes four times as long for so few.
    rising = np.sort(np.concatenate(made))
    once: Hashes = rising[np.append(True, rising[1:] != rising[:-1])]
    return once


def share_of(one: Hashes, other: Hashes) -> float:
    """Return how much of all shingles of two texts is common to both: 0 to 1 (Jaccard)."""
    if not len(one) or not len(other):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def sketch_of(texts: Sequence[str]) -> Sketch | None:
    """Return the sketch of a text that is given page by page; None where it has no word."""
    pages = [words_of(text) for text in texts]
    shingles = shingles_of(pages)
    if not len(shingles):
        return None
    minima = _minima(shingles)
    bands = band_table(minima[np.newaxis])[0]
    words = np.concatenate(pages)
    return Sketch(
        digest=hashlib.sha256(words.astype("<u8").tobytes()).hexdigest(),
        words=len(words),
        minima=minima.astype("<u4").tobytes(),
        bands=tuple(bands.tolist()),
    )


def bands_of(minima: bytes) -> tuple[int, ...]:
    """Return the bands of a sketch's minima as signed numbers of 64 bits."""
    return tuple(band_table(minima_table([minima]))[0].tolist())


def minima_table(sketches: Sequence[bytes]) -> NDArray[np.uint32]:
    """Return the minima of many sketches as a table, a row each."""
    return np.frombuffer(b"".join(sketches), "<u4").astype(np.uint32).reshape(-1, MINIMA)


def band_table(minima: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the bands of many sketches, a row each."""
    rows = minima.astype(np.uint64).reshape(len(minima), BANDS, MINIMA // BANDS)
    # The place of a band is part of its hash: bands of two places never meet.
    mixed = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), rows.shape[:2])
    for at in range(rows.shape[2]):
        mixed = _mixed((mixed ^ rows[:, :, at]) * _FACTORS[at])
    return mixed.view(np.int64)


def likeness(minima: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return about how much of their shingles texts have in common, row by row.

    Each figure is off by .0625 or less in two cases of three.
    """
    agreeing: NDArray[np.float64] = (minima == others).mean(axis=-1)
    return agreeing


def _shingles(words: Hashes) -> Hashes:
    count = max(1, len(words) - SHINGLE_WORDS + 1)
    mixed = np.zeros(count, np.uint64)
    for at in range(min(SHINGLE_WORDS, len(words))):
        mixed = _mixed((mixed ^ words[at : at + count]) * _FACTORS[at])
    return mixed


def _minima(shingles: Hashes) -> NDArray[np.uint32]:
    """Return the least shingle of each place; the upper six bits of one say which it falls in."""
    at = np.searchsorted(shingles, _EDGES)
    filled = at < np.append(at[1:], len(shingles))
    lowest = shingles[np.minimum(at, len(shingles) - 1)]
    # The lower half tells shingles apart; the upper is nearly the same in all minima of a place.
    values = (lowest & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    if not filled.all():
        lender = np.argmax(filled[_LENDERS], axis=1)
        values = values[_LENDERS[np.arange(MINIMA), lender]]
    return values


def _mixed(values: Hashes) -> Hashes:
    """Scatter every bit over all (the last step of SplitMix64, Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _lenders() -> NDArray[np.intp]:
    """Return for each place the order in which others lend it their minimum: itself first."""
    seeds = np.arange(MINIMA * MINIMA, dtype=np.uint64) + np.uint64(1)
    order = _mixed(seeds * _FACTORS[3]).reshape(MINIMA, MINIMA)
    np.fill_diagonal(order, 0)
    return np.argsort(order, axis=1)


def _hash_of(term: str) -> int:
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


_EDGES = np.arange(MINIMA, dtype=np.uint64) << np.uint64(58)
_LENDERS = _lenders()
