"""How texts write their words, and which words are other spellings of a name.

The index folds words. What folding loses is kept once a document: capitals inside sentences,
and letters that fold to others (`written`). From that an engine tells how to show a word, and
in which other spellings the records hold a name that is typed.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

from indexer import analysis
from indexer.transliteration import is_same_name, name_keys

NAME_SHARE = 0.6
"""A word is a name if so large a share of the texts that hold it gives it a capital."""
ACRONYM_MAX_CHARS = 6
"""Longer words in capitals throughout stand in headings, and are no more names than others."""
_SIGN = "|"
_CAPITALS_TELL_NOTHING = frozenset({"de", "lb"})
"""Languages that give every noun a capital."""

BEFORE_A_WORD = b",;)" + analysis.INSIDE
"""The bytes of UTF-8 after which, and a space, a sentence goes on."""
_BEFORE = re.compile(r"[,;)0-9A-Za-z\x80-\U0010ffff] ")
_STRETCH = re.compile('(?:[0-9A-Za-z\x80-\U0010ffff]|"(?=[\u05c0-\u05ff]))+')


class Source(Protocol):
    """What an asker may see of the words of an index."""

    def holders(self, term: str) -> int:
        """Return how many records hold the folded word in their text."""

    def forms(self, term: str) -> Mapping[str, int]:
        """Return the forms as written of a folded word, and how many records write each."""

    def keyed(self, keys: Iterable[str]) -> Iterable[str]:
        """Return the entries of capitalised forms that have one of the keys, or maybe another.

        Those of no record that the asker may see, too: that is asked of `forms`.
        """


def entry_of(word: str) -> str:
    """Return what the index keeps of a *word* as written; nothing where folding loses nothing.

    >>> entry_of("Xocalı"), entry_of("müqavilə"), entry_of("peace"), entry_of("IVQ2")
    ('xocali|Xocalı', 'muqavilə|müqavilə', '', '')
    """
    form = unicodedata.normalize("NFC", word)
    terms = analysis.terms_of(word)
    if not terms or not form.isalpha() or form == terms[0]:
        return ""
    return joined(terms[0], form)


def joined(term: str, form: str) -> str:
    """Return the entry of a folded word and a form of it."""
    return f"{term}{_SIGN}{form}"


def entries(text: str, language: str | None) -> Iterator[str]:
    """Yield what is kept of the words of *text*, in order: capitals only inside sentences."""
    for stretch in _STRETCH.finditer(text):
        goes_on = _BEFORE.fullmatch(text, max(0, stretch.start() - 2), stretch.start())
        for word in analysis.words(stretch[0]):
            entry = entry_of(word)
            if entry and (not word[0].isupper() or (goes_on and capitals_tell(language))):
                yield entry


def capitals_tell(language: str | None) -> bool:
    """Whether a capital tells a name from other words in texts of *language*."""
    return (language or "").split("-")[0] not in _CAPITALS_TELL_NOTHING


def beginning_of(term: str) -> str:
    """Return with what the entries of a folded word begin."""
    return f"{term}{_SIGN}"


def form_in(entry: str) -> str:
    """Return the form as written of an entry."""
    return entry.partition(_SIGN)[2]


def is_capital(form: str) -> bool:
    """Whether a form as written may be one of a name."""
    return form[0].isupper() and (len(form) <= ACRONYM_MAX_CHARS or not form.isupper())


def hashes_of(form: str) -> list[int]:
    """Return the keys of a capitalised form as numbers of 32 bits; two keys may have one number."""
    return [hash_of(key) for key in name_keys(form)] if is_capital(form) else []


def hash_of(key: str) -> int:
    """Return a key as a number of 32 bits, the same in every process."""
    return zlib.crc32(key.encode())


def variants(word: str, source: Source) -> tuple[str, ...]:
    """Return the other spellings of the name *word*, the most held first, as they are written.

    None where *word* is an ordinary one. What *word* folds to finds them already is left out.
    """
    keys = _keys(word)
    if not keys:
        return ()
    own = analysis.terms_of(word)
    found: dict[str, list[str]] = {}
    for entry in source.keyed(keys):
        term, _, form = entry.partition(_SIGN)
        if term in own or not _is_same(word, form) or own[0] in analysis.terms_of(form):
            continue
        if not keys.isdisjoint(name_keys(form)):  # two keys may have one number
            found.setdefault(term, []).append(form)
    if not found or not _is_name(own[0], source, unheld=True):
        return ()
    held: dict[str, int] = {}
    for term, forms in found.items():
        capitals = _capitals(source.forms(term))
        many = sum(capitals.values())
        if not capitals.keys().isdisjoint(forms) and many >= NAME_SHARE * source.holders(term):
            held[term] = many
    order = sorted(held, key=lambda term: (-held[term], term))
    return tuple(as_written(term, source) for term in order)


def as_written(term: str, source: Source) -> str:
    """Return a folded word as most records write it; a name with its capital."""
    forms = source.forms(term)
    if not forms:
        # azerbaycan is Azərbaycan, where no text writes it otherwise.
        meant = _with_schwa(term, source)
        return as_written(meant, source) if meant else term
    capitals = _capitals(forms)
    held = source.holders(term)
    if sum(capitals.values()) >= NAME_SHARE * held:
        return _commonest(capitals or forms)
    small = {form: number for form, number in forms.items() if not form[0].isupper()}
    if not small:
        return term
    # Who writes it as it folds is not noted, nor who writes it at the head of a sentence alone.
    plain = held - sum(forms.values())
    return term if plain > sum(small.values()) else _commonest(small)


def _with_schwa(term: str, source: Source) -> str:
    """Return the most held name with ə of which *term* is another spelling; nothing for none."""
    found = {
        analysis.fold(form): 0
        for form in map(form_in, source.keyed(_keys(term)))
        if term in analysis.terms_of(form)[1:]
    }
    for one in found:
        found[one] = sum(source.forms(one).values())
    best = min(found, key=lambda one: (-found[one], one), default="")
    return best if found.get(best) else ""


def _commonest(forms: Mapping[str, int]) -> str:
    return min(forms, key=lambda form: (-forms[form], form.isupper(), form))


def _capitals(forms: Mapping[str, int]) -> dict[str, int]:
    return {form: number for form, number in forms.items() if is_capital(form)}


def _is_name(term: str, source: Source, *, unheld: bool) -> bool:
    held = source.holders(term)
    if not held:
        return unheld
    return sum(_capitals(source.forms(term)).values()) >= NAME_SHARE * held


@lru_cache(maxsize=1 << 14)
def _keys(word: str) -> frozenset[str]:
    """Return the keys of a word as typed, with or without its capital."""
    return frozenset(name_keys(_capitalised(word)))


def _capitalised(word: str) -> str:
    return word if word[:1].isupper() or not word else word[0].upper() + word[1:]


def _is_same(word: str, form: str) -> bool:
    return is_same_name(_capitalised(word), form)
