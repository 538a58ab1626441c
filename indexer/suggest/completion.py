"""The rest of what is being typed: titles, numbers, issuers and words that begin so."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from archive.catalogue import records
from archive.catalogue.records import Record
from indexer import analysis
from indexer.engine import Question
from indexer.query.ast import And, Prefix, Query, Word
from indexer.suggest.desk import Desk
from indexer.suggest.spelling import written_once

CompletionKind = Literal["title", "number", "issuer", "word"]

MOST = 10
TYPED_MAX_CHARS = 100
WORDS_MAX = 8
SHARES: dict[CompletionKind, int] = {"number": 3, "title": 4, "issuer": 2, "word": 4}
"""At most so many of each, in this order."""
BEGINNING_MIN_CHARS = 2
"""With fewer letters of the last word nearly everything begins."""
_PLAIN = re.compile(r"[\w\s'’.,-]+")
"""What may be words; with other signs it is a number, or a query."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on."""

    kind: CompletionKind
    text: str
    """As the record writes it, a word as most records do."""
    public_id: str = ""
    """Of the record that a title or a number leads to."""
    query: str = ""
    """The search that an issuer or a word leads to."""


def complete(typed: str, desk: Desk) -> tuple[Completion, ...]:
    """Return up to ten ways to go on with *typed*; none where it is no plain words."""
    typed = " ".join(typed.split())
    words = [token.terms[0] for token in analysis.tokens(typed)]
    signs = set(typed) & set('"*?~(){}:„“”«»')
    if not words or signs or len(typed) > TYPED_MAX_CHARS or len(words) > WORDS_MAX:
        return ()
    found = [list(_numbers(typed, desk))[: SHARES["number"]]]
    if _PLAIN.fullmatch(typed):
        found += [
            list(_titles(words, desk)),
            list(itertools.islice(_issuers(words, desk), SHARES["issuer"])),
            list(itertools.islice(_words(typed, words, desk), SHARES["word"])),
        ]
    shown = [one for some in found for one in some]
    return tuple({(one.kind, one.text): one for one in shown}.values())[:MOST]


def _numbers(typed: str, desk: Desk) -> Iterator[Completion]:
    """Yield the numbers of records that begin so, in the form in which numbers are compared."""
    if any(character.isdecimal() for character in typed):
        found = _best(Prefix(typed, "number"), 3 * SHARES["number"], desk)
        # The form in which numbers are compared knows no kind: who types "Ley 2" means a law.
        start = analysis.fold(typed)
        written = [(one, number) for one in found if (number := one.description.number)]
        for record, number in sorted(written, key=lambda pair: not _begins_so(pair[1], start)):
            yield Completion("number", number, record.public_id)


def _begins_so(number: str, start: str) -> bool:
    return analysis.fold(number).startswith(start)


def _titles(words: Sequence[str], desk: Desk) -> Iterator[Completion]:
    """Yield titles that hold all the words, the last of them as a beginning."""
    if len(words[-1]) < BEGINNING_MIN_CHARS:
        return
    parts: list[Query] = [Word(word, "title") for word in words[:-1]]
    query = And((*parts, Prefix(words[-1], "title"))) if parts else Prefix(words[-1], "title")
    for record in _best(query, SHARES["title"], desk):
        yield Completion("title", record.description.title, record.public_id)


def _best(query: Query, many: int, desk: Desk) -> list[Record]:
    hits = desk.engine.search(Question(query, desk.labels, limit=many)).hits
    if not hits:
        return []
    with desk.catalogue.reading() as session:
        held = records.many(session, (hit.record_id for hit in hits))
    return [held[hit.record_id] for hit in hits if hit.record_id in held]


def _words(typed: str, words: Sequence[str], desk: Desk) -> Iterator[Completion]:
    """Yield the most held words that the last one begins, after the words before it."""
    last = words[-1]
    if len(last) < BEGINNING_MIN_CHARS or not typed[-1].isalnum() or not last.isalpha():
        return
    before = typed[: [token.start for token in analysis.tokens(typed)][-1]]
    if before and not before[-1].isspace():
        return
    found = desk.engine.terms_like(Prefix(last), desk.labels, 2 * SHARES["word"])
    terms = [one.text for one in written_once(found) if one.text != last and one.text.isalpha()]
    spelt = desk.engine.as_written(terms[: SHARES["word"]], desk.labels)
    for written in spelt.values():
        yield Completion("word", before + written, query=before + written)


def _issuers(words: Sequence[str], desk: Desk) -> Iterator[Completion]:
    """Yield the issuers of most records whose name holds all the words, the last as a beginning."""
    for name in desk.engine.issuers(desk.labels):
        if _begins(words, _words_of(name)):
            yield Completion("issuer", name, query=f'"{name.replace(chr(34), "")}"')


@lru_cache(maxsize=1 << 14)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(token.terms[0] for token in analysis.tokens(name))


def _begins(typed: Sequence[str], name: Iterable[str]) -> bool:
    held = set(name)
    return held.issuperset(typed[:-1]) and any(word.startswith(typed[-1]) for word in held)
