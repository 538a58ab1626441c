"""Whose instrument a reference means: the body and the country named in it or beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.describe.issuers import rows_in
from indexer.describe.nations import code_of_words
from indexer.describe.sheet import fold
from indexer.references.sentences import Sentence
from indexer.references.words import BODIES, BODY

_NEAR_CHARS = 60
_BESIDE_CHARS = 45
_APART = re.compile(r"[,;:()«»“”]")
_OF = re.compile(
    r"\s{1,2}(?:of|de|du|da|del|des|of the|республик|россий|укра|казах|азерб|azərb|türk)",
    re.IGNORECASE,
)
# A state is no body: it is shown as the country.
_STATE = re.compile(
    r"^(?:republik|república|république|royaume|reino|republic|rzeczpospolita|türkiye cumhuriyeti$|azərbaycan respublikası\w*$|российская федерация$|bundesrepublik|schweizerische|grand-duché|nación|estados?|fürstentum|koninkrijk|european union$|council of europe$|united nations$|repubblica|islamic republic|azərbaycan ssr)",
    re.IGNORECASE,
)
_ISSUER_CHARS = 120


@dataclass(frozen=True, slots=True)
class Whose:
    """The country and the body of an instrument; empty where nothing says."""

    country: str = ""
    issuer: str = ""
    named: bool = False
    """Whether the text itself says it, and not only the rest of the document."""


@dataclass(frozen=True, slots=True)
class _Body:
    start: int
    end: int
    country: str
    name: str


def bodies(sentence: Sentence) -> list[_Body]:
    """Return the bodies that the sentence names, in no order."""
    return list(_bodies(sentence))


def whose(
    sentence: Sentence,
    known: list[_Body],
    start: int,
    end: int,
    country: str = "",
    shared: bool = False,
) -> Whose:
    """Return whose instrument the stretch from *start* to *end* means.

    *country* is what its number says; then only the body is looked for. *shared*: it is of no
    one country unless a body is named.
    """
    near = [
        (_distance(body, start, end), body)
        for body in known
        if _distance(body, start, end) <= _NEAR_CHARS
        and (not country or not body.country or body.country == country)
        and not _is_of_another(sentence, body, start, end)
    ]
    near.sort(key=lambda one: (one[0], not one[1].country))
    issuer = next((body.name for _, body in near if body.name), "")
    if country:
        return Whose(country, issuer, named=True)
    inside = "" if shared else next(_names(sentence.text[start:end], sentence.language), "")
    for distance, body in near:
        if body.country and (distance == 0 or not inside):
            return Whose(body.country, issuer, named=True)
    if shared:
        return Whose("", issuer, named=False)
    for code in (inside, _after(sentence, end), _before(sentence, start)):
        if code:
            return Whose(code, issuer, named=True)
    return Whose(sentence.home, issuer, named=False)


def _is_of_another(sentence: Sentence, body: _Body, start: int, end: int) -> bool:
    """Return whether another reference stands between the body and the stretch, or holds it."""
    if body.end <= start:
        least, most = body.start, start
    elif body.start >= end:
        least, most = end, body.end
    else:
        return False
    return sentence.word_between(least, most) or sentence.number_between(least, most)


def _after(sentence: Sentence, end: int) -> str:
    """Return the country named right behind: `… of the Republic of Armenia`."""
    phrase = _APART.split(sentence.text[end : end + _BESIDE_CHARS], maxsplit=1)[0]
    return next(_names(phrase, sentence.language), "") if _OF.match(phrase) else ""


def _before(sentence: Sentence, start: int) -> str:
    """Return the country named right before: `Azərbaycan Respublikasının …`."""
    phrase = _APART.split(sentence.text[max(0, start - _BESIDE_CHARS) : start])[-1]
    return ([*_names(phrase, sentence.language)] or [""])[-1]


def _names(text: str, language: str) -> Iterator[str]:
    for code, _ in code_of_words(text, language):
        yield code


def _distance(body: _Body, start: int, end: int) -> int:
    return max(0, start - body.end, body.start - end)


def _bodies(sentence: Sentence) -> Iterator[_Body]:
    folded = fold(sentence.text)
    for row in rows_in(folded):
        for found in row.pattern.finditer(sentence.text):
            yield _Body(found.start(), found.end(), row.country, _shown(row.name or found[0]))
    for words, country, name in BODIES:
        at = sentence.plain.find(words)
        if at >= 0:
            yield _Body(at, at + len(words), country, name)
    for found in BODY.finditer(sentence.text):
        yield _Body(found.start(), found.end(), "", found[0].strip()[:_ISSUER_CHARS])


def _shown(name: str) -> str:
    return "" if _STATE.match(name.strip()) else name.strip()[:_ISSUER_CHARS]
