"""Lines of a printed page to paragraphs; words that a line's end had cut."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. Distances are in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    base: float
    """Where the letters stand."""


SENTENCE_END = (".", "!", "?", ":", ";", "。", "»", "”", '"', "؟", "։")
GAP_FACTOR = 1.35  # of the usual distance between two lines: more is a new paragraph
INDENT_EMS = 0.8
SHORT_SHARE = 0.85  # a line that ends before this share of its column may be a paragraph's last

# pdfium marks a hyphen at a line's end by U+FFFE, others by U+0002.
_CUT = re.compile(
    r"(\w)[\u00ad\u2010\ufffe\x02-][ \t]*\r?\n[ \t]*(\w\S*)[ \t]?",
)
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_MARK = re.compile("[\ufffe\x02]")


def paragraphs(lines: list[Line]) -> str:
    """Return the text of *lines*, in their order, with blank lines between paragraphs."""
    if not lines:
        return ""
    usual = _usual_distance(lines)
    parts = [lines[0].text]
    for number, (above, line) in enumerate(pairwise(lines), 1):
        column = lines[max(0, number - 12) : number + 12]
        parts.append("\n\n" if _begins_anew(above, line, column, usual) else "\n")
        parts.append(line.text)
    return "".join(parts)


def _usual_distance(lines: list[Line]) -> float:
    distances = [above.base - line.base for above, line in pairwise(lines)]
    distances = [distance for distance in distances if 4.0 < distance < 60.0]
    return median(distances) if distances else 12.0


def _begins_anew(above: Line, line: Line, column: list[Line], usual: float) -> bool:
    distance = above.base - line.base
    if abs(distance) < 0.3 * usual:
        return False  # the same line, in two pieces
    if distance < 0 or distance > 6 * usual:
        # The next column or the foot of the page: a paragraph may run on.
        return above.text.rstrip().endswith(SENTENCE_END)
    if distance > GAP_FACTOR * usual:
        return True
    left = median(other.left for other in column)
    right = max(other.right for other in column)
    if (
        line.left - above.left > INDENT_EMS * usual * 0.8
        and line.left - left > INDENT_EMS * usual * 0.8
    ):
        # Indented, and not centred like the line above it.
        return abs((line.left + line.right) - (above.left + above.right)) > usual
    short = above.right - left < SHORT_SHARE * (right - left)
    return short and above.text.rstrip().endswith(SENTENCE_END)


def rejoined(text: str) -> str:
    """Return *text* with words that were cut at a line's end made whole, on the upper line.

    The hyphen stays beside a figure and before a capital, where it belongs to the word
    (`A/RES-48`, `2014-2019`, `33-cü`, `Foreign-Controlled`). Ligatures become letters.
    """
    text = _CUT.sub(_joined, text)
    text = _MARK.sub("-", text)
    return text.translate(_LIGATURES)


def _joined(match: re.Match[str]) -> str:
    before, rest = match[1], match[2]
    after = rest[0]
    # Nobody parts a word before a capital, nor a number: what stands there is a compound.
    hyphen = "-" if before.isdigit() or after.isdigit() or after.isupper() else ""
    return f"{before}{hyphen}{rest}\n"


# Signs that no text is made of: what comes of a font whose encoding is not told. Private-use
# signs at U+F0xx are left out: symbol fonts put bullets and formulas there.
_GARBAGE = re.compile(
    "[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uefff\uf100-\uf8ff]"
)
GARBAGE_SHARE = 0.1  # two pages of 547 have 0.15 and 0.23 and cannot be read, a readable one 0.06
GARBLED_MIN_CHARS = 30


def is_garbled(raw: str) -> bool:
    """Tell whether a page's text, not yet cleaned, is not what is seen on the page."""
    signs = len("".join(raw.split()))
    garbage = len(_GARBAGE.findall(raw))
    return signs >= GARBLED_MIN_CHARS and garbage > GARBAGE_SHARE * signs


# Right-to-left text as pdfminer gives it: in the order of the eye.
RTL_SHARE = 0.4
_LTR_RUN = re.compile(r"[0-9A-Za-zÀ-ɏЀ-ӿ](?:[0-9A-Za-zÀ-ɏЀ-ӿ.,:/%'\-]*[0-9A-Za-zÀ-ɏЀ-ӿ%])?")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def logical(line: str) -> str:
    """Return a line of visual right-to-left text in the order it is read; others unchanged."""
    letters = [unicodedata.bidirectional(sign) for sign in line if sign.isalpha()]
    rtl = sum(kind in {"R", "AL"} for kind in letters)
    if not letters or rtl < RTL_SHARE * len(letters):
        return line
    # Presentation forms are undone before turning: some stand for two letters, in reading order.
    turned = "".join(unicodedata.normalize("NFKC", sign) for sign in reversed(line))
    turned = turned.translate(_MIRRORED)
    return _LTR_RUN.sub(lambda run: run[0][::-1], turned)
