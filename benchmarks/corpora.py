"""Corpora of any size: sentences of the `scale` and `docs` sets recombined by a seed.

    python -m benchmarks.corpora N         makes the corpus of N documents and prints its digest

Lengths are log-normal (median 400 words, at most 20,000); names and numbers follow Zipf's law
without an end, so the vocabulary grows with the corpus; years 1918–2025, 120 countries by
Zipf's law, 12 kinds, 7 languages (80 % English). The first documents of a larger corpus are
those of a smaller one. MUNIMENT_DATA names the unpacked sets.
"""

import csv
import hashlib
import json
import lzma
import os
import random
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from itertools import accumulate
from pathlib import Path

SEED = 1994
VERSION = 1
"""Goes up when the same seed gives another corpus: what was kept of the old one is made again."""

LANGUAGES = {"en": 80, "es": 8, "fr": 4, "ru": 3, "tr": 2, "az": 2, "uk": 1}
"""Language → documents in a hundred."""
MEDIAN_WORDS, SIGMA, MOST_WORDS = 400, 0.9, 20_000
FIRST_YEAR, LAST_YEAR = 1918, 2025
COUNTRIES = [a + b for a in "ABCDEFGHIJKL" for b in "AEILMNRSTU"]
KINDS = (
    "news_article", "resolution", "decision", "decree", "executive_order", "order",
    "law", "code", "regulation", "treaty", "letter", "report",
)  # fmt: skip
SENTENCE_CHARS = range(25, 500)
SPANISH_CHARS = 12_000_000
"""Enough of it: half of the `scale` set is Spanish."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


class DataMissing(Exception):
    """The sets that corpora are made of are not where they should be."""


@dataclass(frozen=True, slots=True)
class Document:
    """One generated document."""

    number: int
    title: str
    text: str
    year: int
    country: str
    kind: str
    language: str
    reference: str
    """A document number, or nothing."""


def data_folder() -> Path:
    """Return where the unpacked sets are; DataMissing where they are not."""
    folder = Path(os.environ.get("MUNIMENT_DATA") or Path.home() / ".cache" / "muniment-data")
    for name in ("scale/docs.jsonl.xz", "docs/metadata.csv"):
        if not (folder / name).is_file():
            raise DataMissing(f"no {name} in {folder}; set MUNIMENT_DATA to the unpacked sets")
    return folder


def cache_folder() -> Path:
    """Return where generated corpora and indexes are kept between runs."""
    named = os.environ.get("MUNIMENT_BENCH_CACHE")
    folder = Path(named) if named else Path.home() / ".cache" / "muniment-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sentences(folder: Path) -> dict[str, list[str]]:
    """Return the sentences of each language in the order of the sets, each once."""
    pools: dict[str, dict[str, None]] = {language: {} for language in LANGUAGES}
    spanish = 0
    for language, text in texts(folder):
        if language not in pools or (language == "es" and spanish > SPANISH_CHARS):
            continue
        spanish += len(text) if language == "es" else 0
        for sentence in _SENTENCE.split(text):
            if len(sentence) in SENTENCE_CHARS:
                pools[language][" ".join(sentence.split())] = None
    return {language: list(pool) for language, pool in pools.items()}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (language, text) of every document of the sets: `docs`, then `scale`."""
    with (folder / "docs" / "metadata.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["format"] == "txt":
                path = folder / "docs" / row["file"]
                yield row["language"], path.read_text("utf-8", errors="replace")
    with lzma.open(folder / "scale" / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            yield one["language"], one["text"]


def name_of(rank: int) -> str:
    """Return an invented name: another for each rank, the common ones short.

    >>> name_of(1), name_of(70), name_of(123456)
    ('Bebabata', 'Babebata', 'Refolata')
    """
    syllables = []
    while True:
        rank, last = divmod(rank, len(_SYLLABLES))
        syllables.append(_SYLLABLES[last])
        if not rank:
            break
    while len(syllables) < 3:
        syllables.append("ba")
    return "".join([*syllables, "ta"]).capitalize()


class Generator:
    """Makes documents one after another; the same ones for the same seed."""

    def __init__(
        self, pools: dict[str, list[str]], seed: int = SEED, median: int = MEDIAN_WORDS
    ) -> None:
        """Take the sentences of each language; half of the documents have *median* words or more."""
        self.pools, self.random, self.median = pools, random.Random(seed), median
        self.languages = [language for language in LANGUAGES if pools.get(language)]
        self.shares = list(accumulate(LANGUAGES[language] for language in self.languages))
        self.zipf = list(accumulate(1 / rank for rank in range(1, len(COUNTRIES) + 1)))

    def documents(self, count: int) -> Iterator[Document]:
        """Yield *count* documents, numbered from 1."""
        for number in range(1, count + 1):
            chance = self.random
            language = chance.choices(self.languages, cum_weights=self.shares)[0]
            words = min(MOST_WORDS, max(20, int(chance.lognormvariate(0, SIGMA) * self.median)))
            text = "\n\n".join(self._paragraphs(self.pools[language], words))
            year = chance.randint(FIRST_YEAR, LAST_YEAR)
            yield Document(
                number,
                f"{self._name()}: {' '.join(text.split(maxsplit=8)[:8])}",
                text,
                year,
                chance.choices(COUNTRIES, cum_weights=self.zipf)[0],
                chance.choice(KINDS),
                language,
                f"No. {number}-{year % 10}" if chance.random() < 0.5 else "",
            )

    def _paragraphs(self, pool: list[str], words: int) -> Iterator[str]:
        chance = self.random
        while words > 0:
            # What stands together in a document is about one thing.
            begin = chance.randrange(len(pool))
            paragraph = pool[begin : begin + chance.randint(2, 7)]
            for at, sentence in enumerate(paragraph):
                if chance.random() < 0.4:
                    paragraph[at] = self._with_a_name(sentence)
            text = " ".join(paragraph)
            held = text.split()
            yield text if len(held) <= words + 20 else " ".join(held[: words + 20])
            words -= len(held)

    def _with_a_name(self, sentence: str) -> str:
        before, _, last = sentence.rpartition(" ")
        if self.random.random() < 0.3:
            return f"{before} {self._rank() + 17}/{self.random.randint(1, 99)} {last}"
        return f"{before} {self._name()} {last}"

    def _name(self) -> str:
        return name_of(self._rank())

    def _rank(self) -> int:
        # Of a Pareto law with this exponent a third of the draws are below 5.
        return min(int((1.0 - self.random.random()) ** (-1 / 0.25)), 10**9)


def digest_of(documents: Iterable[Document]) -> str:
    """Return a digest of everything in *documents*."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(repr(astuple(document)).encode())
    return digest.hexdigest()[:16]


class Corpus:
    """A generated corpus in a database: what a catalogue is to the engines."""

    def __init__(self, path: Path) -> None:
        """Open it."""
        self.path = path
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA mmap_size = 1000000000")
        noted = dict(self.connection.execute("SELECT name, value FROM noted"))
        self.digest, self.count = noted["digest"], int(noted["count"])
        self.text_bytes, self.words = int(noted["text_bytes"]), int(noted["words"])

    def documents(self) -> Iterator[Document]:
        """Yield every document."""
        return self.share(0, 1)

    def share(self, number: int, of: int) -> Iterator[Document]:
        """Yield the documents of every *of*-th hundred, from hundred *number* on."""
        rows = self.connection.execute(
            "SELECT * FROM documents WHERE number / 100 % ? = ? ORDER BY number", (of, number)
        )
        return (Document(*row) for row in rows)

    def shown(self, numbers: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        """Return (title, text, language) of documents: what a page of results needs."""
        chosen = list(numbers)
        marks = ",".join("?" * len(chosen))
        rows = self.connection.execute(
            f"SELECT number, title, text, language FROM documents WHERE number IN ({marks})", chosen
        )
        return {number: (title, text, language) for number, title, text, language in rows}


def corpus(count: int, median: int = MEDIAN_WORDS) -> Corpus:
    """Return the corpus of *count* documents, made now where it is not kept."""
    length = "" if median == MEDIAN_WORDS else f"-{median}"
    path = cache_folder() / f"corpus-{VERSION}-{SEED}-{count}{length}.sqlite"
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        write_corpus(draft, count, sentences(data_folder()), median)
        draft.rename(path)
    return Corpus(path)


def write_corpus(
    path: Path, count: int, pools: dict[str, list[str]], median: int = MEDIAN_WORDS
) -> None:
    """Write the corpus of *count* documents, made of the sentences of each language."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(
        "CREATE TABLE documents (number INTEGER PRIMARY KEY, title TEXT, text TEXT, year INTEGER,"
        " country TEXT, kind TEXT, language TEXT, reference TEXT)"
    )
    connection.execute("CREATE TABLE noted (name TEXT PRIMARY KEY, value TEXT)")
    digest, size, words = hashlib.sha256(), 0, 0
    for document in Generator(pools, median=median).documents(count):
        row = astuple(document)
        digest.update(repr(row).encode())
        size += len(document.text.encode()) + len(document.title.encode())
        words += document.text.count(" ") + 1
        connection.execute("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)", row)
    noted = {"digest": digest.hexdigest()[:16], "count": count, "text_bytes": size, "words": words}
    connection.executemany("INSERT INTO noted VALUES (?,?)", noted.items())
    connection.commit()
    connection.close()


def main() -> None:
    """Run from the command line."""
    try:
        made = corpus(int(sys.argv[1]))
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was made") from error
    size = made.text_bytes / 1e6
    print(f"{made.count} documents, {made.words} words, {size:.1f} MB, digest {made.digest}")


if __name__ == "__main__":
    main()
