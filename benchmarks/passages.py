"""Passages of real documents, drawn by a seed: do they hold what was asked for, where they say?

    python -m benchmarks.passages [--pairs N] [--seed N]      MUNIMENT_DATA names the unpacked sets

A pair is a document of the sets docs, docs-languages or scale and a query made of its own words:
one or two words, a phrase, a prefix, a wildcard, a misspelt word. Each passage must hold a word
of the query in the spelling of the text, stand (white space collapsed) in the page or paragraph
that its locator names, and be what `passages_plainly` gives. Exits with 1 on any failure.
"""

import argparse
import csv
import json
import lzma
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archive.catalogue.records import PageText
from benchmarks.corpora import DataMissing, data_folder
from indexer import analysis
from indexer.extract import Limits, extract
from indexer.query import patterns
from indexer.query.ast import Fuzzy, Wildcard
from indexer.query.parser import parse
from indexer.snippets import Passage, paragraphs, passages, passages_plainly, wanted

LANGUAGES = ("en", "az", "tr", "ru", "fr", "es")
SCALE_SAMPLE = 4_000
PAIRS_A_DOCUMENT = 4
_LIMITS = Limits(text_max_chars=2_000_000, pdf_reader="pdfium")


@dataclass(frozen=True, slots=True)
class Source:
    """A document of a set, not yet read."""

    language: str
    path: Path | None
    text: str = ""


@dataclass(slots=True)
class Told:
    """What was found."""

    pairs: int = 0
    passages: int = 0
    unanswered: int = 0
    """Queries that the word they were made of does not answer: not pairs."""
    by_language: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def sources(folder: Path) -> dict[str, list[Source]]:
    """Return the documents of the six languages."""
    found: dict[str, list[Source]] = {language: [] for language in LANGUAGES}
    for name in ("docs", "docs-languages"):
        table = folder / name / "metadata.csv"
        if not table.is_file():
            continue
        with table.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["language"] in found:
                    path = folder / name / row["file"]
                    found[row["language"]].append(Source(row["language"], path))
    with lzma.open(folder / "scale" / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, SCALE_SAMPLE * 10, 10):
            one = json.loads(line)
            if one["language"] in found:
                found[one["language"]].append(Source(one["language"], None, one["text"]))
    return found


def read(source: Source) -> tuple[list[PageText], bool]:
    """Return the pages of a document, and whether they are the format's own."""
    if source.path is None:
        return [PageText(1, source.text)], False
    extraction = extract(source.path, source.path.name, limits=_LIMITS)
    return [PageText(page.number, page.text) for page in extraction.pages], extraction.paged


def texts_of_every_set(folder: Path, *, seed: int, most: int) -> Iterator[str]:
    """Yield texts of plain files and of the scale set, of whatever language, drawn by a seed."""
    chance = random.Random(seed)
    every = [one for some in sources(folder).values() for one in some]
    chance.shuffle(every)
    plain = (one for one in every if one.path is None or one.path.suffix == ".txt")
    for one in islice(plain, most):
        yield one.text if one.path is None else one.path.read_text("utf-8", "replace")


def typed_of(pages: Sequence[PageText], chance: random.Random) -> tuple[str, str, str]:
    """Return the kind of a query, its text, and the word of the document that it asks for."""
    words = [word for page in pages for word in analysis.words(page.text) if word[0].isalpha()]
    long = [word for word in words if len(word) > 3]
    if not long:
        return "", "", ""
    word = chance.choice(long)
    at = words.index(word)
    match chance.randrange(6):
        case 0:
            return "word", word, word
        case 1:
            return "words", f"{word} {chance.choice(long)}", word
        case 2:
            return "phrase", f'"{" ".join(words[at : at + 2])}"', word
        case 3:
            return "prefix", f"{word[:3]}*", word
        case 4:
            return "wildcard", f"{word[:2]}?{word[3:]}", word
        case _:
            middle = len(word) // 2
            return "fuzzy", f"{word[:middle]}{word[middle + 1 :]}~", word


def measure(folder: Path, *, pairs: int, seed: int) -> Told:
    """Try *pairs* pairs, the languages in turns."""
    chance, told = random.Random(seed), Told()
    every = sources(folder)
    while told.pairs < pairs:
        for language in LANGUAGES:
            pages, paged = read(chance.choice(every[language]))
            for _ in range(min(PAIRS_A_DOCUMENT, pairs - told.pairs)):
                kind, typed, word = typed_of(pages, chance)
                if not typed or parse(typed).notices:
                    break
                if not _asked_for(typed, word, language):
                    # Parts of a word that mixes two alphabets may be read in the other one.
                    told.unanswered += 1
                    continue
                told.pairs += 1
                told.by_language[language] += 1
                told.by_kind[kind] += 1
                _try(pages, paged, language, typed, told)
    return told


def _try(pages: list[PageText], paged: bool, language: str, typed: str, told: Told) -> None:
    what = wanted(parse(typed).query, frozenset(LANGUAGES))
    found = passages(pages, what, language=language, paged=paged)
    if found != passages_plainly(pages, what, language=language, paged=paged):
        told.failures.append(f"{language} {typed}: not what the plain way gives")
    if not found:
        told.failures.append(f"{language} {typed}: no passage")
    places = dict(_places(pages, paged=paged))
    for passage in found:
        told.passages += 1
        if passage.text not in places.get(passage.locator, ""):
            told.failures.append(f"{language} {typed}: not on {passage.locator}: {passage.text}")
        if not any(_asked_for(typed, word, language) for word in _marked(passage)):
            told.failures.append(f"{language} {typed}: nothing of it in: {passage.text}")


def _places(pages: Sequence[PageText], *, paged: bool) -> Iterator[tuple[int, str]]:
    number = 0
    for page in pages:
        if paged:
            yield page.number, " ".join(page.text.split())
            continue
        for span in paragraphs(page.text):
            number += 1
            yield number, " ".join(page.text[span.start : span.end].split())


def _marked(passage: Passage) -> list[str]:
    return [passage.text[mark.start : mark.end] for mark in passage.marks]


def _asked_for(typed: str, marked: str, language: str) -> bool:
    """Whether what is marked is a word of the query, by the analysis alone."""
    terms = analysis.terms_of(marked)
    if typed.endswith("*"):
        return any(term.startswith(analysis.fold(typed[:-1])) for term in terms)
    if typed.endswith("~") or "?" in typed:
        part = Fuzzy(typed[:-1]) if typed.endswith("~") else Wildcard(typed)
        return any(patterns.distance(part, term) is not None for term in terms)
    asked = {term for token in analysis.tokens(typed) for term in token.terms}
    stems = {
        stem for term in asked for stem in analysis.stems_for_query(term, frozenset(LANGUAGES))
    }
    return any(term in asked or analysis.stem(term, language) in stems for term in terms)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=2_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1994, metavar="N")
    arguments = parser.parse_args()
    try:
        told = measure(data_folder(), pairs=arguments.pairs, seed=arguments.seed)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    for counted in (told.by_language, told.by_kind):
        print(", ".join(f"{name} {number}" for name, number in sorted(counted.items())))
    for failure in told.failures:
        print(failure)
    print(f"{told.unanswered} queries left out, which their own word does not answer")
    print(f"{told.pairs} pairs, {told.passages} passages, {len(told.failures)} failures")
    if told.failures:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
