"""What is indexed, and how a query's words are looked up in it: the same for every engine."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from archive.kinds import leaves_of
from indexer import analysis
from indexer.engine import UNKNOWN, FacetName, IndexDocument
from indexer.engine.spellings import entries
from indexer.numbers import canonical, mentioned, number_typed
from indexer.query.ast import Fact, Fuzzy, Phrase, Prefix, TextField, Wildcard, Word

VERSION = 2
"""An index made under another number is rebuilt."""

FieldName = Literal[
    "title", "title_stem", "text", "text_stem", "aside", "numbers", "issuers", "written"
]

FIELDS: tuple[FieldName, ...] = get_args(FieldName)

WordField = Literal["title", "title_stem", "text", "text_stem", "aside"]

# Of a word: BM25F (Robertson and Zaragoza, 2009, section 3.6). What it occurs in a field counts
# so often, and less in a field that is longer than most (B); the sum over the fields tells less
# and less (K1). A word that stands exactly so counts in both, as exact and as stem.
# Swept together by `benchmarks.retrieval --sweep` on the tuning halves of two collections;
# docs/ranking.md has the figures.
BOOSTS: dict[WordField, float] = {
    "title": 4.0,
    "title_stem": 3.0,
    "text": 0.3,
    "text_stem": 1.0,
    "aside": 0.1,
}
K1 = 3.0
B = 0.5
HELD = 0.25
"""Of a document that holds a share of the words, the score is multiplied by share ** HELD."""

# More than all words of a query together may tell: who types a number wants what bears it.
BOOST_BORNE = 1000.0
# A document that names a number stands below the one that bears it.
BOOST_MENTIONED = 10.0

VARIANT = 0.1
"""What an occurrence of another spelling of a name counts beside one of the typed spelling."""

NEAR_HEAD_CHARS = 2

Numbers = TypeVar("Numbers", float, NDArray[np.float64])

Place = tuple[str, ...]
"""The terms that stand at one place of a text."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Terms to look up in one field: one term, or several that follow one another."""

    field: WordField
    terms: tuple[str, ...]
    boost: float
    """How much an occurrence counts."""


@dataclass(frozen=True, slots=True)
class PrefixLookup:
    """Every term of a field that begins so."""

    field: WordField
    prefix: str
    boost: float
    """As of Lookup; however often it occurs, it counts once."""


@dataclass(frozen=True, slots=True)
class NumberLookup:
    """A document number, or with `prefix` every one that begins so."""

    number: str
    score: float
    """What it adds, whatever else is found."""
    prefix: bool = False


AnyLookup = Lookup | PrefixLookup | NumberLookup


@dataclass(frozen=True, slots=True)
class Forms:
    """Terms any of which may stand at one place, and stems with the beginnings of their terms.

    A place answers that holds one of the terms, or a term that begins with one of `heads` and
    whose stem, in the language of its document, is one of the stems.
    """

    terms: frozenset[str]
    stems: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """The words that a wildcard or a fuzzy word stands for."""

    weights: Mapping[str, float]
    """Term → what it counts."""
    notice: str = ""
    """What was cut short."""


def places(document: IndexDocument) -> dict[FieldName, list[Place]]:
    """Return what is indexed of *document*, field by field, place by place."""
    title = [token.terms for token in analysis.tokens(document.title)]
    text = [token.terms for token in analysis.tokens(document.text)]
    return {
        "title": title,
        "title_stem": _stemmed(title, document.language),
        "text": text,
        "text_stem": _stemmed(text, document.language),
        "aside": [token.terms for token in analysis.tokens(document.aside)],
        "numbers": [(number,) for number in document.numbers],
        "issuers": [(document.issuer,)] if document.issuer else [],
        "written": [(entry,) for entry in entries(document.text, document.language)],
    }


def lookups(part: Word | Phrase | Prefix, languages: frozenset[str]) -> tuple[AnyLookup, ...]:
    """Return where to look for *part*; a record answers that has any of them.

    *languages* are those of the archive, by whose rules a word's forms are found.
    """
    return tuple(_lookups(part, languages))


def telling(where: Sequence[AnyLookup]) -> Iterator[AnyLookup]:
    """Yield those lookups of a word that suffice to know which records answer.

    A record that holds the word in a field holds one of its stems there.
    """
    stemmed = {one.field for one in where if isinstance(one, Lookup)}
    for one in where:
        if not (isinstance(one, Lookup) and f"{one.field}_stem" in stemmed):
            yield one


def searched(field: TextField | None) -> tuple[WordField, ...]:
    """Return the fields of exact terms in which a part with this field is looked for."""
    match field:
        case None:
            return ("title", "text", "aside")
        case "number":
            return ()
        case _:
            return (field,)


def near_forms(part: Word | Phrase, languages: frozenset[str]) -> tuple[Forms, ...]:
    """Return what must stand at each of the places that *part* of a NEAR takes, in order.

    The forms of a word are those of its stem that begin with the same two letters.
    """
    words = list(analysis.tokens(part.text))
    if isinstance(part, Phrase) or len(words) > 1:
        return tuple(Forms(frozenset({word.terms[0]})) for word in words)
    terms = frozenset(term for word in (*words, *_spelt_otherwise(part)) for term in word.terms)
    stems = {stem for term in terms for stem in analysis.stems_for_query(term, languages)}
    heads = {term[:NEAR_HEAD_CHARS] for term in terms}
    return (Forms(terms, frozenset(stems), tuple(sorted(heads))),)


def expansion(
    part: Wildcard | Fuzzy, holders: Mapping[str, int], weights: Mapping[str, float]
) -> Expansion:
    """Return the terms to look for of those that match *part*.

    *holders* says in how many documents that the asker may see each of them stands, counted
    once a field; *weights* what each counts.
    """
    order = sorted(holders, key=lambda term: (-holders[term], term))
    chosen = {term: weights[term] for term in order[: part.most]}
    if len(order) <= part.most:
        return Expansion(chosen)
    return Expansion(
        chosen,
        f"{part} stands for {len(order)} words; only the {part.most} most frequent were looked for",
    )


def no_bearer(fact: Fact) -> str:
    """Return the notice for a fact that no record bears."""
    return f"there is nothing here with {fact}"


def idf(holders: int, documents: int) -> float:
    """Return how much a term tells, which *holders* of *documents* hold (Lucene's BM25 form)."""
    return math.log(1 + (documents - holders + 0.5) / (holders + 0.5))


def length_of(name: FieldName) -> FieldName:
    """Return the field that is as long as this one in every document: stems stand where words do."""
    return _LENGTHS.get(name, name)


_LENGTHS: dict[FieldName, FieldName] = {"title_stem": "title", "text_stem": "text"}


def in_average(length: Numbers, average_length: float) -> Numbers:
    """Return what an occurrence counts in a field of *length* terms: 1 in one of average length."""
    return 1 / (1 - B + B * length / average_length) if average_length else length * 0 + 1.0


def saturated(occurrences: Numbers, weight: float = 1.0) -> Numbers:
    """Return what so many *occurrences*, weighed and summed over the fields, tell of a document.

    *weight*: how much the word tells.
    """
    return weight * (K1 + 1) * (occurrences / (occurrences + K1))


def coordinated(held: int, words: int) -> float:
    """Return by what the score of a document is multiplied that holds *held* of the *words*."""
    return math.pow(held / words, HELD)


def fact_values(field: FacetName, value: str) -> frozenset[str]:
    """Return the facet values that `field:value` in a query stands for."""
    if value.lower() == "unknown":
        return frozenset({UNKNOWN})
    match field:
        case "kind":
            # A leaf that the settings add is known to the index alone.
            return leaves_of(value.lower()) or frozenset({value.lower()})
        case "country":
            return frozenset({value.upper()})
        case _:
            return frozenset({value.lower()})


def _stemmed(text: Iterable[Place], language: str | None) -> list[Place]:
    return [tuple(analysis.stem(term, language) for term in terms) for terms in text]


def _lookups(part: Word | Phrase | Prefix, languages: frozenset[str]) -> Iterator[AnyLookup]:
    words = list(analysis.tokens(part.text))
    terms = tuple(word.terms[0] for word in words)
    if part.field == "number" and isinstance(part, Prefix):
        yield NumberLookup(canonical(part.text), BOOST_BORNE, prefix=True)
    elif part.field in {None, "number"} and (number := _number(part)):
        yield NumberLookup(number, BOOST_BORNE)
        yield NumberLookup(mentioned(number), BOOST_MENTIONED)
    if part.field == "number":
        return
    single = isinstance(part, Word) and len(words) == 1
    for field in searched(part.field):
        if isinstance(part, Prefix):
            yield PrefixLookup(field, analysis.fold(part.text), BOOSTS[field])
        else:
            yield Lookup(field, terms, BOOSTS[field] if single else _exactly(field))
    if single:
        yield from _forms(words[0], part.field, languages)
        for variant in _spelt_otherwise(part):
            exactly = (Lookup(name, (variant.terms[0],), 1.0) for name in searched(part.field))
            for one in (*exactly, *_forms(variant, part.field, languages)):
                yield replace(one, boost=VARIANT * BOOSTS[one.field])


def _spelt_otherwise(part: Word | Phrase | Prefix) -> Iterator[analysis.Token]:
    """Yield the other spellings of a word."""
    for spelling in part.also if isinstance(part, Word) else ():
        yield from analysis.tokens(spelling)


def _exactly(field: WordField) -> float:
    """Return what words count that are looked for in this form alone: as exact and as stems."""
    match field:
        case "title":
            return BOOSTS["title"] + BOOSTS["title_stem"]
        case "text":
            return BOOSTS["text"] + BOOSTS["text_stem"]
        case _:
            return BOOSTS[field]


def _number(part: Word | Phrase | Prefix) -> str | None:
    """Return the document number that *part* asks for: anything after `number:`, else what is one."""
    return canonical(part.text) if part.field == "number" else number_typed(part.text)


def _forms(
    word: analysis.Token, field: TextField | None, languages: frozenset[str]
) -> Iterator[Lookup]:
    """Yield the other spellings of a single word, and its stems."""
    for variant in word.terms[1:]:
        yield from (Lookup(name, (variant,), BOOSTS[name]) for name in searched(field))
    stemmed: dict[TextField | None, tuple[WordField, ...]] = {
        "title": ("title_stem",),
        "text": ("text_stem",),
    }
    stems = {stem for term in word.terms for stem in analysis.stems_for_query(term, languages)}
    for name in stemmed.get(field, ("title_stem", "text_stem")):
        yield from (Lookup(name, (stem,), BOOSTS[name]) for stem in sorted(stems))
