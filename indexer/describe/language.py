"""The language of the text, as a BCP 47 tag of two or three letters."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from indexer.describe import Evidence, Finding
from indexer.describe.cyrillic_az import is_cyrillic_az
from indexer.describe.sheet import Sheet, from_metadatum, passage

_SURE_CHARS = 60
_ENOUGH_CHARS = 2_000  # twice as many change the answer for none of 822 documents
_DECLARED = ("html.lang", "akn.frbrlanguage", "dc.language", "og:locale", "jsonld.inlanguage", "citation_language", "pdf.lang", "office.language", "epub.language", "tei.language", "xml.lang")  # fmt: skip
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}))?(?![A-Za-z])")
_THREE = {"eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "rus": "ru", "tur": "tr", "aze": "az", "ukr": "uk", "nld": "nl", "dut": "nl", "ita": "it", "por": "pt", "ara": "ar", "fas": "fa", "per": "fa", "lav": "lv", "est": "et", "lit": "lt", "pol": "pl", "ron": "ro", "fin": "fi", "swe": "sv", "hye": "hy", "arm": "hy", "kat": "ka"}  # fmt: skip
# Two Turkic languages with one alphabet but for a few letters and the commonest words.
_AZ = re.compile(
    r"[əƏ]|\b(?:haqqında|olunur|üçün|respublikası\w*|qanun\w*|maddə|edilmişdir|bütün)\b",
    re.IGNORECASE,
)
_TR = re.compile(
    r"\b(?:hakkında|için|kanun\w*|madde|bir|olarak|edilmiştir|bütün|sayılı|yönetmelik|tebliğ)\b",
    re.IGNORECASE,
)
_ES = re.compile(r"\b(?:el|los|las|del|la|ley|en|y|una?)\b", re.IGNORECASE)
_GL = re.compile(r"\b(?:o|os|as|do|da|dos|das|lei|no|na|e|unha)\b", re.IGNORECASE)
_UK = re.compile(r"[іїєґ]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def languages(sheet: Sheet) -> Iterator[Finding]:
    """Give the language of the text and the languages that the file declares."""
    read = _identified(sheet.sample)
    declared = list(_declarations(sheet))
    if read:
        tag, confidence = read
        agreed = any(value == tag for value, _, _ in declared)
        confidence = min(0.99, confidence + (0.03 if agreed else 0))
        yield Finding("language", tag, tag, confidence, passage(sheet.sample), "language.text")
    elif not declared:
        yield Finding("language", "und", "", 0.9, Evidence("", None), "language.no_text")
    for value, name, written in declared:
        confidence = 0.6 if not read or read[1] < 0.6 else 0.4
        yield from_metadatum("language", value, confidence, name, written)


def _declarations(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    for name, written in sheet.values(*_DECLARED):
        found = _TAG.match(written)
        if found:
            code = found[1].lower()
            yield _THREE.get(code, code), name, written


@cache
def _identifier() -> Any:
    """Load the model once: .9 s and 120 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # 0.3 keeps its model in a pickle of its own wheel, 0.4 no longer.
    load = (
        getattr(LanguageIdentifier, "from_model_file", None)
        or LanguageIdentifier.from_pickled_model
    )
    return load(MODEL_FILE, norm_probs=True)


def _identified(sample: str) -> tuple[str, float] | None:
    """Return the language and how often such an answer is right; None where there are no letters."""
    letters = len(_LETTER.findall(sample[:2_000]))
    if letters < 3:
        return None
    # Capitals hide the language from the model: it has learnt from running text.
    text = (
        sample.replace("İ", "i")
        .replace("I", "ı" if _AZ.search(sample) or _TR.search(sample) else "i")
        .lower()
        if sample.isupper()
        else sample
    )
    tag, probability = _identifier().classify(text[:_ENOUGH_CHARS])
    tag = _corrected(str(tag), sample)
    if letters < _SURE_CHARS:
        return tag, 0.45 + 0.3 * float(probability) * letters / _SURE_CHARS
    return tag, 0.95 if probability > 0.9 else 0.7


def _corrected(tag: str, sample: str) -> str:
    if is_cyrillic_az(sample):
        return "az"
    if tag in {"az", "tr", "uz", "tk", "ku", "tt"}:
        azerbaijani, turkish = len(_AZ.findall(sample)), len(_TR.findall(sample))
        if azerbaijani > 2 * turkish and azerbaijani > 2:
            return "az"
        if turkish > azerbaijani:
            return "tr"
    if tag == "pcm":  # Nigerian Pidgin: short English in capitals is taken for it
        return "en"
    if tag == "gl" and len(_ES.findall(sample)) > len(_GL.findall(sample)):
        return "es"
    if tag in {"ru", "be", "bg", "mk", "sr"} and len(_UK.findall(sample)) > max(
        4, len(sample) // 60
    ):
        return "uk"
    return tag
