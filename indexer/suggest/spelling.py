"""Did you mean: another spelling of words that hardly any record holds."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer import analysis
from indexer.engine import Term
from indexer.query import patterns
from indexer.query.ast import And, Fuzzy, Or, Phrase, Query, TextField, Word
from indexer.search import ResultPage
from indexer.suggest.desk import Desk

FEW = 2
"""A word that more documents hold is taken for right."""
DOCUMENTS_A_SLIP = 20_000
"""In a large archive a slip of the pen recurs: once in so many documents more is still few."""
LENGTH_MIN = 4
"""Of shorter words too many are near one another."""
MANY_MORE = 10
"""Of a word that some document writes just so: a correction is held by so many times as many,
and by a slip that fingers make, not heads; else rare words would be corrected."""
MORE = 2
"""The same of a word that no document writes just so, though of the same stem as others; for
slips of fingers it is enough that more is found."""
SLIP_OF_FINGERS = 0.7
"""Letters exchanged, doubled, or not doubled."""
CANDIDATES = 40
COUNTED = 8
"""How many candidates for a word are tried in the whole query."""
SUSPECTS_MAX = 4

# Swept with `python -m benchmarks.suggestions`: what one edit, and what holding the other words
# of the query, counts beside the logarithm of the number of holders.
EDIT_COST = 3.0
TOGETHER = 1.5
_TEXT_MAX_CHARS = 200_000
_FORMS_ENOUGH = 12
_VOWELS = frozenset("aeiouyəаеиоуыэюяіїє")


@dataclass(frozen=True, slots=True)
class Correction:
    """A query that finds more than the one that was typed."""

    query: str
    """The typed one with words changed, in the spelling that the documents use."""
    changed: tuple[tuple[str, str], ...]
    """What was typed and what stands in its place."""
    total: int
    """How many records it finds, with the filters of the typed one."""


@dataclass(frozen=True, slots=True)
class _Held:
    """By how many records a suspicious word is held."""

    exactly: int
    at_all: int
    """In any form."""

    @property
    def slip_max(self) -> float:
        """How far away a correction may be."""
        if self.exactly:
            return SLIP_OF_FINGERS
        return 1.6 if self.at_all else math.inf

    def times(self, slip: float) -> int:
        """Return how many times as many records must hold a correction."""
        if self.exactly:
            return MANY_MORE
        return MORE if self.at_all and slip > SLIP_OF_FINGERS else 1


@dataclass(frozen=True, slots=True)
class _Change:
    """Words that followed one another in the typed query, and what may be meant."""

    typed: tuple[Word, ...]
    terms: tuple[str, ...]
    """Folded."""
    score: float
    slip: float = 0.0
    """How unlikely it is that this was typed for it."""


def did_you_mean(page: ResultPage, desk: Desk) -> Correction | None:
    """Return a spelling that finds more than what was typed; None where nothing is suspicious.

    Only plain words are corrected: no numbers, no phrases, nothing with a sign in it.
    """
    query = desk.parsed(page.asked.query).query
    groups = [group for group in _groups(query) if group]
    if not groups:
        return None
    suspects = _suspects([word for group in groups for word in group], desk)
    if not suspects and page.total > FEW:
        return None
    changes: list[_Change] = []
    for group in groups:
        changes += _changes(group, suspects, changes, query, desk)
    if not changes:
        return None
    return _verified(page, changes, desk)


def _groups(query: Query) -> Iterator[list[Word]]:
    """Yield the words that may be wrong, those that are joined by AND together."""
    match query:
        case Word():
            yield [query] if _is_plain(query) else []
        case And(parts=parts):
            yield [part for part in parts if isinstance(part, Word) and _is_plain(part)]
            for part in parts:
                if isinstance(part, Or):
                    yield from _groups(part)
        case Or(parts=parts):
            for part in parts:
                yield from _groups(part)


def _is_plain(word: Word) -> bool:
    return word.field != "number" and word.text.isalpha() and len(_terms(word)) == 1


def _terms(word: Word) -> list[str]:
    return [token.terms[0] for token in analysis.tokens(word.text)]


def _folded(word: Word) -> str:
    return _terms(word)[0]


def _suspects(words: Sequence[Word], desk: Desk) -> dict[Word, _Held]:
    """Return the words that few or no records hold just so, and how many hold any form of them.

    What looks like a form of a word may be a slip all the same: the stem of one language is an
    error in another.
    """
    documents, held = desk.engine.holders({_folded(word) for word in words}, desk.labels)
    few = FEW + documents // DOCUMENTS_A_SLIP
    suspects: dict[Word, _Held] = {}
    for word in words:
        term = _folded(word)
        if len(term) >= LENGTH_MIN and held.get(term, 0) <= few and len(suspects) < SUSPECTS_MAX:
            suspects[word] = _Held(held.get(term, 0), desk.count(word))
    return suspects


def _changes(
    group: Sequence[Word],
    suspects: Mapping[Word, _Held],
    before: Sequence[_Change],
    query: Query,
    desk: Desk,
) -> list[_Change]:
    """Return what to change in words that are joined by AND, each word at most once."""
    done = {word for change in before for word in change.typed}
    chosen: list[_Change] = []
    for change in _joins(group, suspects, desk):
        if not done.intersection(change.typed):
            chosen.append(change)
            done.update(change.typed)
    held = [w for w in group if w not in done and (w not in suspects or suspects[w].at_all)]
    for word in group:
        if word in suspects and word not in done:
            done.add(word)
            candidates = [*_spelt(word, desk), *_splits(word, desk)]
            company = [one for one in held if one != word] if isinstance(query, And) else []
            if best := _best(candidates, company, suspects[word], desk):
                chosen.append(best)
    return chosen


def _spelt(word: Word, desk: Desk) -> Iterator[_Change]:
    """Yield single words that are spelt nearly so."""
    typed = _folded(word)
    # What stands in menus and footers alone is not what somebody looks for.
    fields: tuple[TextField, ...] = (word.field,) if word.field else ("text", "title")
    found = {
        term.text: term
        for field in reversed(fields)
        for term in desk.engine.terms_like(Fuzzy(word.text, field), desk.labels, CANDIDATES)
    }
    for term in written_once(tuple(found.values())):
        if term.text == typed or term.distance == 0 or not term.text.isalpha():
            continue
        cost = slip(typed, term.text)
        score = math.log(1 + term.holders) - EDIT_COST * cost
        yield _Change((word,), (term.text,), score, cost)


def written_once(found: Sequence[Term]) -> list[Term]:
    """Leave out the other spellings under which a word with ə is found."""
    others = {one for term in found for one in analysis.terms_of(term.text)[1:]}
    return [term for term in found if term.text not in others]


def slip(typed: str, meant: str) -> float:
    """Return how unlikely it is that *typed* was written for *meant*: about one an edit.

    Cheaper are letters exchanged or doubled, vowels taken for one another; dearer is another
    first letter.

    >>> slip("traety", "treaty") < slip("treatx", "treaty") < slip("xreaty", "treaty")
    True
    """
    cost = float(patterns.edits(typed, meant))
    if re.sub(r"(.)\1", r"\1", typed) == re.sub(r"(.)\1", r"\1", meant):
        cost *= 0.5
    elif sorted(typed) == sorted(meant):
        cost *= 0.7
    elif len(typed) == len(meant):
        different = [pair for pair in zip(typed, meant, strict=True) if len(set(pair)) > 1]
        cost -= 0.25 * sum(1 for pair in different if _VOWELS.issuperset(pair))
    return cost + 0.6 * (typed[0] != meant[0])


def _splits(word: Word, desk: Desk) -> Iterator[_Change]:
    """Yield two words that stand beside one another in some record and were typed as one."""
    typed = _folded(word)
    cuts = range(3, len(typed) - 2)
    halves = {typed[:cut] for cut in cuts} | {typed[cut:] for cut in cuts}
    held = desk.engine.holders(halves, desk.labels)[1]
    for cut in cuts:
        left, right = typed[:cut], typed[cut:]
        if left in held and right in held:
            together = desk.count(Phrase(f"{left} {right}", word.field))
            if together:
                # A space left out is the commonest slip of all: nothing is as near.
                yield _Change((word,), (left, right), math.log(1 + together) - 0.3 * EDIT_COST)


def _joins(group: Sequence[Word], suspects: Mapping[Word, _Held], desk: Desk) -> Iterator[_Change]:
    """Yield one word that was typed as two, and that many more records hold than the two."""
    pairs = itertools.pairwise(group)
    wholes = {_folded(one) + _folded(other): (one, other) for one, other in pairs}
    held = desk.engine.holders(wholes, desk.labels)[1]
    for whole, (one, other) in wholes.items():
        holders = held.get(whole, 0)
        apart = desk.count(Phrase(f"{_folded(one)} {_folded(other)}", one.field))
        enough = MANY_MORE * apart if apart and not {one, other} & set(suspects) else FEW
        if one.field == other.field and holders > max(enough, apart):
            yield _Change((one, other), (whole,), math.log(1 + holders))


def _best(
    candidates: Sequence[_Change], company: Sequence[Word], held: _Held, desk: Desk
) -> _Change | None:
    """Return the likeliest candidate: near, held by many, and by records that hold the rest.

    In the place of a word that is held already, one that is near enough and, with the rest, held
    by more records.
    """
    near = (one for one in candidates if one.slip <= held.slip_max)
    first = sorted(near, key=lambda one: (-one.score, one.terms))[:COUNTED]
    if not first:
        return None
    before = max(1, _together(first[0].typed, company, desk)) if held.at_all else 0
    likely: list[_Change] = []
    for one in first:
        field = one.typed[0].field
        together = _together([Word(term, field) for term in one.terms], company, desk)
        if together >= held.times(one.slip) * before:
            likely.append(replace(one, score=one.score + TOGETHER * math.log(1 + together)))
    return max(likely, key=lambda one: one.score, default=None)


def _together(words: Sequence[Word], company: Sequence[Word], desk: Desk) -> int:
    """Return how many records hold all of the words."""
    every = (*company, *words)
    return desk.count(And(every) if len(every) > 1 else every[0])


def _verified(page: ResultPage, changes: Sequence[_Change], desk: Desk) -> Correction | None:
    """Return the corrected query if it finds more, in the spelling of the documents."""
    spelling = {term: _spelling(term, desk) for change in changes for term in change.terms}
    typed = page.asked.query
    pairs = []
    for change in changes:
        meant = " ".join(spelling[term] for term in change.terms)
        words = r"\s+".join(re.escape(word.text) for word in change.typed)
        # A word may stand in a phrase, too: there it stays.
        typed, number = re.subn(rf"(?<![\w\"“”„«]){words}(?![\w*?~\"“”»])", meant, typed)
        if not number:
            return None
        pairs.append((" ".join(word.text for word in change.typed), meant))
    asked = replace(page.asked, query=typed, page=1)
    strictly, before = (
        desk.total(replace(one, reading="all")) for one in (asked, replace(page.asked, page=1))
    )
    total = desk.total(asked)
    if strictly > before or (strictly == before == 0 and total > page.total):
        return Correction(typed, tuple(pairs), total) if total else None
    return None


def _spelling(term: str, desk: Desk) -> str:
    """Return *term* as the documents write it.

    Small letters where they ever do: capitals may be a matter of headings and of sentences.
    """
    forms: Counter[str] = Counter()
    looked = 0
    for text in desk.texts(Phrase(term), 3):
        forms.update(_forms(term, text[: _TEXT_MAX_CHARS - looked]))
        looked += len(text)
        if looked > _TEXT_MAX_CHARS or forms.total() >= _FORMS_ENOUGH:
            break
    order = sorted(forms, key=lambda form: (form[0].isupper(), form.isupper(), -forms[form], form))
    return order[0] if order else term


def _forms(term: str, text: str) -> Iterable[str]:
    return (word for word in analysis.words(text) if term in analysis.terms_of(word))
