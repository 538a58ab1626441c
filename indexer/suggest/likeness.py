"""Records like one: those that share its numbers and its most telling words."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from archive.access import may_read_text
from archive.catalogue import records
from archive.catalogue.records import PageText, Record
from indexer import analysis
from indexer.engine import Question
from indexer.engine.fields import idf
from indexer.numbers import canonical, numbers_in
from indexer.query.ast import AtLeast, Or, Phrase, Query, Word
from indexer.suggest.desk import Desk

TERMS_MAX = 25
"""How many words are asked for; of them the title's first."""
TITLE_TERMS_MAX = 10
NUMBERS_MAX = 5
SHARED = 0.3
"""What shares no number and fewer of the words is not like it, though it may be the likest there is."""
TEXT_MAX_CHARS = 40_000
"""What a document is about stands early; a code of a thousand pages is not read through."""
LOOKED_UP_MAX = 60
"""How many of the commonest words of a text are weighed."""
_WORD_MIN_CHARS = 3


def related(
    record: Record, pages: Iterable[PageText], desk: Desk, *, limit: int = 5
) -> tuple[Record, ...]:
    """Return the records most like *record*, best first, itself left out.

    *pages* are its text; a text that the reader may not read tells nothing. What is asked is an
    ordinary query, in which the numbers of documents weigh most.
    """
    text = _beginning(pages) if may_read_text(desk.labels, record.access) else ""
    parts: list[Query] = [Word(number, "number") for number in _numbers(record, text)]
    in_title = _counted(record.description.title)
    # The title's words in all their forms; so many others just as they stand, which costs little.
    words = tuple(
        Word(term) if term in in_title else Phrase(term)
        for term in _telling(in_title, _counted(text), desk)
    )
    if words:
        parts.append(AtLeast(math.ceil(len(words) * SHARED), words))
    if not parts:
        return ()
    query = Or(tuple(parts)) if len(parts) > 1 else parts[0]
    hits = desk.engine.search(Question(query, desk.labels, limit=limit + 1)).hits
    others = [hit.record_id for hit in hits if hit.record_id != record.record_id][:limit]
    with desk.catalogue.reading() as session:
        held = records.many(session, others)
    return tuple(held[number] for number in others if number in held)


def _beginning(pages: Iterable[PageText]) -> str:
    texts: list[str] = []
    length = 0
    for page in pages:
        texts.append(page.text[: TEXT_MAX_CHARS - length])
        length += len(texts[-1])
        if length >= TEXT_MAX_CHARS:
            break
    return "\n\n".join(texts)


def _numbers(record: Record, text: str) -> list[str]:
    """Return the number the record bears, then those it mentions most often."""
    bears = record.description.number
    mentions = Counter(
        found.canonical for part in (record.description.title, text) for found in numbers_in(part)
    )
    often = sorted(mentions, key=lambda number: (-mentions[number], number))
    first = [canonical(bears)] if bears else []
    return list(dict.fromkeys(number for number in (*first, *often) if number))[:NUMBERS_MAX]


def _telling(in_title: Counter[str], in_text: Counter[str], desk: Desk) -> Sequence[str]:
    """Return the words that tell most, the title's before the text's."""
    often = sorted(in_text, key=lambda term: (-in_text[term], term))[:LOOKED_UP_MAX]
    documents, held = desk.engine.holders({*in_title, *often}, desk.labels)
    weights = {
        term: (in_title[term] + in_text[term]) * idf(number, documents)
        for term, number in held.items()
        # Nobody else holds what one record holds alone; half of all hold what tells nothing.
        if 1 < number <= max(2, documents // 2)
    }
    order = sorted(weights, key=lambda term: (-weights[term], term))
    titles = [term for term in order if term in in_title][:TITLE_TERMS_MAX]
    return [*titles, *(term for term in order if term not in titles)][:TERMS_MAX]


def _counted(text: str) -> Counter[str]:
    """Return how often each word stands in *text*; short ones and figures say too little."""
    return Counter(
        token.terms[0]
        for token in analysis.tokens(text)
        if len(token.terms[0]) >= _WORD_MIN_CHARS and not token.terms[0].isdecimal()
    )
