"""References by name: instruments of the table, acts with their year, constitutions."""

import re
from collections.abc import Iterator

from indexer.describe.nations import code_of_words
from indexer.references.instruments import (
    ACT_OF_YEAR,
    CONSTITUTION,
    CONSTITUTION_PARTS,
    INSIDE_A_NAME,
    OWN_CONSTITUTION,
)
from indexer.references.keys import constitution_of
from indexer.references.sentences import Draft, Sentence

_BESIDE_CHARS = 60
_NAME_WORDS = 14
_NAME_CHARS = 140
_NAME_WORD = re.compile(r"\([^()]{2,40}\)|[^\s()]+")
_OPENS = frozenset(("The", "Under", "In", "By", "Of", "And", "See", "Part", "Section", "That"))


def named(sentence: Sentence) -> list[Draft]:
    """Return what the sentence refers to by name, apart, in order."""
    found = [*_instruments(sentence), *_acts(sentence), *_constitutions(sentence)]
    found.sort(key=lambda draft: (draft.start, -draft.end))
    apart: list[Draft] = []
    for draft in found:
        if not apart or draft.start >= apart[-1].end:
            apart.append(draft)
    return apart


def _instruments(sentence: Sentence) -> Iterator[Draft]:
    text = sentence.plain
    for needle, pattern, row in sentence.names:
        if needle in text:
            for found in pattern.finditer(text):
                yield Draft(
                    found.start(), found.end(), row.kind, "reference.name", 0.95,
                    number=row.number, date=row.date, name=row.name, country=row.country,
                )  # fmt: skip


def _acts(sentence: Sentence) -> Iterator[Draft]:
    text = sentence.text
    if "Act" not in text:
        return
    for found in ACT_OF_YEAR.finditer(text):
        least = max(0, found.start() - _NAME_CHARS)
        before = list(_NAME_WORD.finditer(text, least, found.start()))
        start = found.start()
        for word in reversed(before[-_NAME_WORDS:]):
            said = word[0]
            first = said.lstrip("(").rstrip(",")
            if said.endswith((".", ";", ":")) or not (
                first[:1].isupper() or first in INSIDE_A_NAME
            ):
                break
            # "under the Human Rights Act": a name begins after "the", unless it goes on before.
            if first == "the" and text[: word.start()].rstrip()[-3:] not in {" of", " to", "for"}:
                break
            start = word.start()
        name = text[start : found.end()].split()
        # "Amendment of Control of Dogs Act 1986" is the heading of a section about that act.
        while name and (name[0] in INSIDE_A_NAME or name[0] in _OPENS or name[0] == "Amendment"):
            start += len(name[0]) + 1
            name = name[1:]
        if len(name) > 2:
            yield Draft(
                start, found.end(), "law", "reference.act", 0.85,
                name=" ".join(name).replace(" ,", ","), country=_common_law(sentence.home),
            )  # fmt: skip


def _common_law(home: str) -> str:
    return home if home in {"GB", "IE", "AU", "NZ", "CA", "IN", "ZA", "US", "PK"} else ""


def _constitutions(sentence: Sentence) -> Iterator[Draft]:
    if not any(part in sentence.plain for part in CONSTITUTION_PARTS):
        return
    for found in OWN_CONSTITUTION.finditer(sentence.plain) if sentence.home else ():
        yield Draft(
            found.start(), found.end(), "constitution", "reference.constitution", 0.8,
            name=constitution_of(sentence.home), country=sentence.home,
        )  # fmt: skip
    for found in CONSTITUTION.finditer(sentence.plain):
        start, end = found.span()
        turkic = found[0].startswith(("konstitusiya", "anayasa"))
        if turkic:
            near = sentence.text[max(0, start - _BESIDE_CHARS) : start]
            said = [*code_of_words(near, sentence.language)][-1:]
        else:
            near = sentence.text[end : end + _BESIDE_CHARS]
            said = [*code_of_words(near, sentence.language)][:1]
        if not said or (turkic and said[0][1] not in near[-_BESIDE_CHARS:]):
            continue
        code, words = said[0]
        at = sentence.text.find(words, max(0, start - _BESIDE_CHARS))
        if turkic:
            start = min(start, at)
        elif at - end > _APART_CHARS:
            continue
        else:
            end = max(end, at + len(words))
        yield Draft(
            start, end, "constitution", "reference.constitution", 0.9,
            name=constitution_of(code), country=code,
        )  # fmt: skip


_APART_CHARS = 20
"""Between `Constitution of the` and the country: `Republic of`."""
