"""Finds the references of a text, sentence by sentence; time grows with its length alone."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.describe import ASSERTED, Description, Field
from indexer.describe.kind import is_act
from indexer.describe.mentions import Mention
from indexer.describe.nations import code_of_words
from indexer.describe.sheet import collapsed, passage
from indexer.extract import Extraction
from indexer.numbers import Found, canonical
from indexer.references import Reference, words
from indexer.references.keys import key_of, parent_of, scope_of
from indexer.references.naming import named
from indexer.references.numbered import Shape, shape_of
from indexer.references.sentences import Draft, Sentence, Word, sentences
from indexer.references.whose import bodies, whose

REFERENCES_MAX = 1_000
"""More different instruments than these are not noted: the first count."""
TEXT_MAX_CHARS = 3_000_000
"""References further on in a text are not looked for."""
_WRITTEN_CHARS = 300
_SAMPLE_CHARS = 20_000
_OFTEN = 0.4


def references_in(extraction: Extraction, description: Description) -> tuple[Reference, ...]:
    """Return the instruments that the text refers to, each once, in order of first mention.

    A document is no reference to itself: what bears its own number, or its own kind and date,
    is left out. Never raises for what is in the text.
    """
    language = _value(description, "language")
    home = _home(extraction, description, language)
    own = _Own.of(description, home)
    narrates = not is_act(_value(description, "kind"))
    found: dict[str, Reference] = {}
    left = TEXT_MAX_CHARS
    for page in extraction.pages:
        number = page.number if extraction.paged else None
        for sentence in sentences(page.text[:left], language, home, narrates):
            for reference in in_sentence(sentence, number):
                if own.is_meant_by(reference):
                    continue
                key = key_of(reference)
                if known := found.get(key):
                    found[key] = replace(known, times=known.times + 1)
                elif len(found) < REFERENCES_MAX:
                    found[key] = reference
        left -= len(page.text)
        if left <= 0:
            break
    return tuple(_as_dated_elsewhere(list(found.values())))


def in_sentence(sentence: Sentence, page: int | None = None) -> Iterator[Reference]:
    """Give the references of one sentence, in order; their places are those on the page."""
    drafts = named(sentence)
    if not (drafts or sentence.words or sentence.numbers):
        return
    taken = [(draft.start, draft.end) for draft in drafts]
    drafts += [
        draft
        for draft in (*_numbered(sentence), *_dated(sentence))
        if not any(start < draft.end and draft.start < end for start, end in taken)
    ]
    for draft in sorted(drafts, key=lambda one: (one.start, one.end)):
        evidence = passage(sentence.text, page, (draft.start, draft.end))
        yield Reference(
            kind=draft.kind,
            number=draft.number,
            date=draft.date,
            name=draft.name,
            issuer=draft.issuer,
            country=draft.country,
            written=collapsed(sentence.text[draft.start : draft.end])[:_WRITTEN_CHARS],
            evidence=replace(evidence, passage=collapsed(evidence.passage)),
            start=sentence.place + draft.start,
            end=sentence.place + draft.end,
            times=1,
            confidence=round(draft.confidence, 3),
            rule=draft.rule,
        )


# --- by number ------------------------------------------------------------------------

_AFTER_DATE_CHARS = 25
_GAP_CHARS = 240
_GAP_WORDS = 9
_TITLE_WORDS = 22
_DATE = "\0"
_SHORT_YEAR = re.compile(r"(?<=\D)(\d{1,6})/0(\d)$")
_CALLED = re.compile(r"(?:say[ıi]l[ıi]|nömrəli|numaral[ıi]|nolu)$", re.IGNORECASE)
_JOINED = re.compile(r"^[\s,]*(?:and|et|y|e|и|və|ve|ile|ilə|or|ou|o|или)?\s*$")
_SIGNED = re.compile(r"№|\bn[o°ºr]|\bnúm|\bn\s?[°º]|#|\bN\s?\d", re.IGNORECASE)
_BEFORE_DATE = re.compile(
    r"^[-–’'\s]*(?:c[iıuü]|nc[iıuü])?\s*(?:il(?:in)?)?\s*(?:tarix\w{0,4}|tarih\w{0,4}|günlü|gün)?\s*(?:ve|və|,)?\s*(?:№|no\.?|n)?\s*$"
)
_AFTER_DATE = re.compile(r"^[\s,(]*(?:of|dated|from|du|en date du|de|del|de fecha|от|vom)?\s*$")


def _numbered(sentence: Sentence) -> Iterator[Draft]:
    known = None
    last: tuple[int, Word | None] = (0, None)
    for found in sentence.numbers:
        shape = shape_of(found, sentence.text[found.start : found.end])
        if shape is None:
            continue
        word = _word_of(sentence, found)
        if word is None and not shape.sure:
            continue
        heir = (
            last[1]
            if word is None and _JOINED.match(sentence.plain[last[0] : found.start])
            else None
        )
        last = found.end, word or heir
        if word is not None and not shape.sure and _is_count(sentence, found, word):
            continue
        date = _date_of(sentence, found, word)
        start = min([found.start] + ([word.start] if word else []))
        end = max([found.end] + ([word.end] if word else []))
        if date:
            start, end = min(start, date.start), max(end, date.end)
        known = bodies(sentence) if known is None else known
        whom = whose(sentence, known, start, end, _country_of(shape, word), _is_treaty(word))
        yield Draft(
            start,
            end,
            _kind(shape.kind, word or heir),
            "reference.number",
            0.95 if shape.sure else 0.9 if whom.named or date else 0.8,
            number=_full_year(found.canonical, sentence.text[found.start : found.end]),
            date=str(date.date) if date else "",
            issuer=whom.issuer,
            country=whom.country,
        )


def _full_year(number: str, written: str) -> str:
    """Return the number with its year whole: `Decreto 2098/08` is that of 2008."""
    if short := _SHORT_YEAR.search(written):
        return f"{int(short[1])}/200{short[2]}"
    return number


def _kind(said: str, word: Word | None) -> str:
    """Return the kind: the word's, unless the number contradicts it."""
    if word is None or (said and parent_of(word.kind) != parent_of(said)):
        return word.kind if word is not None and word.kind == "decision" else said
    return word.kind


def _country_of(shape: Shape, word: Word | None) -> str:
    executive = word is not None and word.kind == "executive_order"
    return shape.country or ("US" if executive else "")


def _is_treaty(word: Word | None) -> bool:
    """Return whether a kind belongs to no one country."""
    return word is not None and word.kind == "treaty"


def _is_count(sentence: Sentence, found: Found, word: Word) -> bool:
    """Return whether figures stand beside a common word by chance: `in order 15 boxes`."""
    written = sentence.text[found.start : found.end]
    if _SIGNED.search(written) or _CALLED.search(written) or "/" in found.canonical:
        return False
    return (
        word.weak
        and sentence.text[word.start : word.start + 1].islower()
        and (len(found.canonical) < 4)
    )


def _word_of(sentence: Sentence, found: Found) -> Word | None:
    """Return the word for a kind that the number belongs to."""
    at = bisect_left(sentence.words, found.start, key=lambda word: word.start)
    if at < len(sentence.words) and sentence.words[at].end <= found.end:
        return sentence.words[at]
    after = sentence.words[at] if at < len(sentence.words) else None
    before = sentence.words[at - 1] if at else None
    called = _CALLED.search(sentence.text[found.start : found.end]) is not None
    if after is not None and _follows(sentence, found, after, called=called):
        return after
    if before is not None and not called and _precedes(sentence, before, found):
        return before
    return None


def _precedes(sentence: Sentence, word: Word, found: Found) -> bool:
    gap, dated = _gap(sentence, word.end, found.start)
    if gap is None or sentence.number_between(word.end, found.start):
        return False
    if any(sign in gap for sign in ':;()«»“”"'):
        return False
    if dated:
        head, _, tail = gap.rpartition(_DATE)
        return len(head.split()) <= _TITLE_WORDS and all(
            part in words.LINKS for part in tail.lower().replace(",", " ").split()
        )
    parts = gap.replace(",", " ").split()
    if not parts:
        return True
    loud = sum(part[:1].isupper() or part.lower() in words.LINKS for part in parts)
    last = parts[-1][:1].isupper() or parts[-1].lower() in words.LINKS
    return len(parts) <= _GAP_WORDS and last and 2 * loud >= len(parts)


def _follows(sentence: Sentence, found: Found, word: Word, *, called: bool) -> bool:
    gap, _ = _gap(sentence, found.end, word.start)
    if gap is None or sentence.number_between(found.end, word.start):
        return False
    parts = gap.split()
    if not parts:
        return called or sentence.text[word.start].isupper()
    if words.GAZETTE.search(gap.lower()):
        return False
    quoted = gap.lstrip()[:1] in "«“\"'‘"
    return called and len(parts) <= _TITLE_WORDS and (quoted or parts[0][:1].isupper())


def _gap(sentence: Sentence, start: int, end: int) -> tuple[str | None, bool]:
    """Return what stands between two places, dates as one sign; None where it is too much."""
    if end - start > _GAP_CHARS:
        return None, False
    gap, at, dated = "", start, False
    first = bisect_left(sentence.dates, start, key=lambda date: date.start)
    for date in sentence.dates[first:]:
        if date.end > end:
            break
        gap, at, dated = gap + sentence.text[at : date.start] + _DATE, date.end, True
    gap += sentence.text[at:end]
    return (None, dated) if re.search(r"\d", gap) else (gap, dated)


def _date_of(sentence: Sentence, found: Found, word: Word | None) -> Mention | None:
    """Return the date that belongs to a number: between it and its word, before, or after."""
    start = min([found.start] + ([word.start] if word else []))
    end = max([found.end] + ([word.end] if word else []))
    first = bisect_left(sentence.dates, start, key=lambda date: date.start)
    date = sentence.dates[first] if first < len(sentence.dates) else None
    if date is not None and date.end <= end:
        return date
    before = sentence.dates[first - 1] if first else None
    if before is not None and _leads_on(sentence, before.end, start):
        return before
    if date is not None:
        between = sentence.plain[end : date.start]
        if len(between) <= _AFTER_DATE_CHARS and _AFTER_DATE.match(between):
            return date
    return None


def _leads_on(sentence: Sentence, date_end: int, start: int) -> bool:
    """Return whether a date says that what follows is of that day: `… tarihli ve 6331 sayılı`."""
    between = sentence.plain[date_end:start]
    if len(between) > _GAP_CHARS or not (
        words.DATED_BEFORE.match(between) or _BEFORE_DATE.match(between)
    ):
        return False
    if words.GAZETTE.search(between):
        return False
    return not (sentence.number_between(date_end, start) or sentence.word_between(date_end, start))


# --- by date --------------------------------------------------------------------------

_TIED_WORDS = 15
_TIED_CHARS = 180
_ISSUED_CHARS = 400
_WEAK_VERB_CHARS = 25
_IN_WORDS = {"words", "month", "spelled"}


def _dated(sentence: Sentence) -> Iterator[Draft]:
    """Give what is referred to by its kind and date, without a number."""
    if not sentence.words or not sentence.dates:
        return
    numbered = {word.start for found in sentence.numbers if (word := _word_of(sentence, found))}
    known = None
    for place, word in enumerate(sentence.words):
        if word.start in numbered or word.own or word.only_numbered:
            continue
        tie = _tied(sentence, place) or _issued(sentence, place)
        if tie is None:
            continue
        date, confidence, rule = tie
        if date.date.precision not in {"day", "month"}:
            continue
        start, end = min(word.start, date.start), max(word.end, date.end)
        known = bodies(sentence) if known is None else known
        whom = whose(sentence, known, start, end, shared=_is_treaty(word))
        if date.date.precision == "month":
            confidence -= 0.05
        yield Draft(
            start,
            end,
            word.kind,
            rule,
            confidence - (0 if whom.named else 0.05),
            date=str(date.date),
            issuer=whom.issuer,
            country=whom.country,
        )


def _tied(sentence: Sentence, place: int) -> tuple[Mention, float, str] | None:
    """Return the date that is tied to a word by the words between them."""
    word = sentence.words[place]
    at = bisect_left(sentence.dates, word.end, key=lambda date: date.start)
    if at < len(sentence.dates):
        date = sentence.dates[at]
        gap = sentence.plain[word.end : date.start]
        if len(gap) <= _TIED_CHARS and not sentence.word_between(word.end, date.start):
            if words.DATE_LINK.search(gap) and _is_phrase(
                sentence.text[word.end : date.start], word
            ):
                return date, 0.8 if word.weak else 0.85, "reference.date"
            if words.DONE_AT.search(gap) and ";" not in gap:
                return date, 0.8, "reference.date"
            if words.DATE_LOOSE.match(gap) and not word.weak:
                return date, 0.75, "reference.date"
    if at:
        before = bisect_right(sentence.dates, word.start, key=lambda date: date.end)
        if before:
            date = sentence.dates[before - 1]
            gap = sentence.plain[date.end : word.start]
            apart = sentence.word_between(date.end, word.start) or sentence.number_between(
                date.end, word.start
            )
            if apart or len(gap) > _TIED_CHARS or words.GAZETTE.search(gap):
                return None
            if marked := words.DATED_BEFORE.match(gap):
                if _is_named_so(sentence.text[date.end + marked.end() : word.start]):
                    return date, 0.85, "reference.date"
            elif not gap.strip(" ,") and date.form == "words":
                return date, 0.7, "reference.date"
    return None


def _is_phrase(gap: str, word: Word) -> bool:
    """Return whether the words between a kind and its date name who issued it, or little else."""
    if any(sign in gap for sign in ";:()"):
        return False
    parts = gap.split()
    if len(parts) > _TIED_WORDS:
        return False
    small = [part for part in parts if part[:1].islower() and part.lower() not in words.LINKS]
    return len(small) <= (1 if word.weak else 4)


def _is_named_so(gap: str) -> bool:
    """Return whether the words between a date and its kind are names: `tarixli … Məhkəməsinin`."""
    parts = gap.split()
    quoted = gap.lstrip()[:1] in "«“\"'‘" and bool(parts)
    return len(parts) <= _TIED_WORDS and (
        quoted or all(not part[:1].islower() or part.lower() in words.LINKS for part in parts)
    )


def _issued(sentence: Sentence, place: int) -> tuple[Mention, float, str] | None:
    """Return the date on which, says a verb beside the word, the instrument came to be."""
    word = sentence.words[place]
    written = [date for date in sentence.dates if date.form in _IN_WORDS]
    if not sentence.narrates or not written:
        return None
    left = sentence.words[place - 1].end if place else 0
    right = (
        sentence.words[place + 1].start if place + 1 < len(sentence.words) else len(sentence.plain)
    )
    reach = _WEAK_VERB_CHARS if word.weak else words.ISSUING_NEAR_CHARS
    beside = (
        sentence.plain[max(left, word.start - reach) : word.start],
        sentence.plain[word.end : min(right, word.end + reach)],
    )
    if not any(words.ISSUING.search(part) for part in beside):
        return None
    nearest = min(written, key=lambda date: max(date.start - word.end, word.start - date.end))
    if max(nearest.start - word.end, word.start - nearest.end) > _ISSUED_CHARS:
        return None
    start, end = (
        sorted((word.end, nearest.start))
        if nearest.start > word.start
        else (nearest.end, word.start)
    )
    if sentence.word_between(start, end) or sentence.number_between(start, end):
        return None
    return nearest, 0.65, "reference.issued"


# --- the document as a whole ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Own:
    """What the document is itself."""

    numbers: frozenset[str]
    date: str
    parent: str
    kind: str
    country: str
    title: str

    @classmethod
    def of(cls, description: Description, home: str) -> "_Own":
        kind = _value(description, "kind")
        asserted = description.asserted("number")
        # What else stands in the heading of an act is its own too; an article bears no number.
        # What is only offered may be the act that it amends.
        numbers = [
            one
            for one in description.findings
            if one.field == "number" and is_act(kind) and one.confidence >= ASSERTED
        ]
        return cls(
            frozenset(
                canonical(said)
                for one in (asserted, *numbers)
                if one
                for said in (one.value, one.written)
            ),
            _value(description, "date"),
            parent_of(kind),
            kind,
            home,
            _value(description, "title"),
        )

    def is_meant_by(self, reference: Reference) -> bool:
        """Whether *reference* is to the document itself."""
        if reference.number and reference.number in self.numbers:
            return True
        if reference.kind == "constitution" == self.kind and reference.country == self.country:
            return True
        if reference.name:
            return reference.name.casefold() == self.title.casefold()
        return bool(
            not reference.number
            and reference.date == self.date != ""
            and parent_of(reference.kind) == self.parent
        )


def _as_dated_elsewhere(found: list[Reference]) -> list[Reference]:
    """Return the references, a number without its date joined to the same one with it.

    "Decree No. 12 of 3 May 1994 … the said Decree No. 12": one instrument.
    """
    dated: dict[tuple[str, str, str], int] = {}
    for place, one in enumerate(found):
        if one.number and one.date and scope_of(one) == "day":
            dated.setdefault((one.number, one.country, parent_of(one.kind)), place)
    kept: list[Reference | None] = list(found)
    for place, one in enumerate(found):
        at = dated.get((one.number, one.country, parent_of(one.kind)))
        if one.number and not one.date and at is not None:
            twin = kept[at]
            assert twin is not None
            kept[at] = replace(twin, times=twin.times + one.times)
            kept[place] = None
    return [one for one in kept if one is not None]


def _value(description: Description, field: Field) -> str:
    found = description.asserted(field)
    return found.value if found else ""


def _home(extraction: Extraction, description: Description, language: str) -> str:
    """Return the country that is meant where a text names none.

    Of an act its own; of an article its own or, where that is not known, the one it speaks of
    most.
    """
    said = _value(description, "country")
    if said or is_act(_value(description, "kind")):
        return said
    tally: Counter[str] = Counter()
    left = _SAMPLE_CHARS
    for page in extraction.pages:
        tally.update(code for code, _ in code_of_words(page.text[:left], language))
        left -= len(page.text)
        if left <= 0:
            break
    if not tally:
        return ""
    code, count = tally.most_common(1)[0]
    return code if count >= _OFTEN * tally.total() else ""
