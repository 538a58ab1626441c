"""Bytes to text: which character set, and what could not be decoded."""

import codecs
import re
from dataclasses import dataclass

import cchardet

SAMPLE_BYTES = 200_000  # what the detector is shown; its verdict is stable long before

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What people declare and what they then write, as browsers understand it (WHATWG Encoding).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-8",  # a declaration that can be read as ASCII is not in UTF-16
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "utf-7": "utf-8",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read."""

    text: str
    """Without byte order mark; what could not be decoded is U+FFFD."""
    encoding: str
    """As Python calls it."""
    undecoded: int
    """How many U+FFFD decoding put in."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode *data*, never failing.

    A byte order mark decides; then UTF-8 if the bytes are valid UTF-8 and not mere ASCII
    (no other text happens to be); then the declared character set, if every byte
    fits it; then a detector. A few broken bytes do not make UTF-8 something else.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lossy(data[len(mark) :], encoding)
    if wide := _wide_without_mark(data):
        return _lossy(data, wide)
    if b"\x00" in data:
        data = data.replace(b"\x00", b"")
    named = python_name(declared)
    if decoded := _escaped(data, named):
        return decoded
    if decoded := _strict(data, "utf-8"):
        return decoded
    if named and named != "utf-8" and (decoded := _strict(data, named)):
        return decoded
    if decoded := _nearly_utf8(data):
        return decoded
    return _detected(data, named)


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding, 0)
    except (UnicodeDecodeError, LookupError):
        return None


def _lossy(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def python_name(declared: str | None) -> str | None:
    """Return what Python calls a declared character set, as browsers understand it, if it knows it."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip(" \t\"'")).name
        b"".decode(name)  # not "base64" and the like
    except (LookupError, ValueError, TypeError):
        return None
    return _MEANT.get(name, name)


def _escaped(data: bytes, declared: str | None) -> Decoded | None:
    """Return the text of an encoding that hides in ASCII, where its escapes stand."""
    if b"\x1b$" in data or b"\x1b(" in data:
        encoding = "iso2022_kr" if b"\x1b$)C" in data else "iso2022_jp_2"
        if decoded := _strict(data, encoding):
            return decoded
    return _strict(data, declared) if declared == "hz" and b"~{" in data else None


def _wide_without_mark(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 where NUL bytes stand as they do in it, and nowhere else."""
    sample = data[:4096]
    sample = sample[: len(sample) // 4 * 4]
    if len(sample) < 8 or b"\x00" not in sample:
        return None
    nuls = [sample[at::4].count(0) for at in range(4)]
    quarter = len(sample) // 4
    if nuls[2] > 0.9 * quarter and nuls[3] == quarter and not nuls[0]:
        return "utf-32-le"
    if nuls[1] > 0.9 * quarter and nuls[0] == quarter and not nuls[3]:
        return "utf-32-be"
    even, odd = nuls[0] + nuls[2], nuls[1] + nuls[3]
    # A page of Cyrillic has NULs only in its spaces and signs: one byte in forty, or more.
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if min(even, odd) <= max(even, odd) * 0.02 and max(even, odd) * 40 >= len(sample):
        text = sample.decode(encoding, errors="replace")
        likely = sum(sign.isalnum() or sign.isspace() for sign in text)
        if likely >= 0.7 * len(text) and text.count("\ufffd") <= len(text) * 0.01:
            return encoding
    return None


_BROKEN = re.compile("\ufffd+")


def _nearly_utf8(data: bytes) -> Decoded | None:
    """Return UTF-8 with a few broken places, as in a page cut in the middle of a letter."""
    decoded = _lossy(data, "utf-8")
    good = sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", decoded.text)))
    broken = len(_BROKEN.findall(decoded.text))
    return decoded if good >= 20 * broken else None


# The detector takes a few accented letters in a Western text for one of these.
_RARE = frozenset(("cp437", "cp850", "cp852", "cp865", "mac-latin2", "mac-roman", "iso8859-16"))
_SLIP = re.compile(r"[a-z][À-ÖØ-ÞĂĄĆČĎĐĘĚŁŃŇŐŘŚŞŠŤŮŰŹŻŽ]|[a-z][†‡‰¢£¤¥¦§¨©«¬®¯°±¶¸»¿÷×„…‹][a-z]")


def _detected(data: bytes, declared: str | None) -> Decoded:
    verdict = cchardet.detect(_telling(data))
    guesses = [python_name(verdict.get("encoding")), declared, "cp1252"]
    if guesses[0] in _RARE and _slips(data, "cp1252") <= _slips(data, guesses[0]):
        del guesses[0]
    for guess in guesses:
        if guess and guess != "utf-8" and (decoded := _strict(data, guess)):
            return decoded
    tries = [_lossy(data, guess) for guess in guesses if guess]
    return min(tries, key=lambda decoded: decoded.undecoded)


def _slips(data: bytes, encoding: str) -> int:
    """Count capitals and signs within words: what small letters of another set look like."""
    return len(_SLIP.findall(data[:SAMPLE_BYTES].decode(encoding, errors="replace")))


def _telling(data: bytes) -> bytes:
    """Return the part of *data* that a detector should see: not 200 KB of script in ASCII."""
    if len(data) <= SAMPLE_BYTES:
        return data
    lines = [line for line in data.splitlines(keepends=True) if not line.isascii()]
    return b"".join(lines)[:SAMPLE_BYTES] or data[:SAMPLE_BYTES]
