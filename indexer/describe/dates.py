"""Which of the dates a document prints is its own, and whether adopted, published or in force."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.describe import Finding
from indexer.describe import date_words as words
from indexer.describe.acts import opening_of
from indexer.describe.declared_dates import declared_dates
from indexer.describe.heading import BODY, NEWSPAPER, body_line, status_lines
from indexer.describe.kind import is_act
from indexer.describe.mentions import Mention, mentions
from indexer.describe.sheet import Line, Sheet, from_line, letters_of

_BEFORE, _AFTER = 120, 160
_LONE_WORDS = 7
"""More words than these beside a date, and the line is a sentence."""
_BYLINE_LINES = 14
_BYLINE_CHARS = 140
_SIGNATURE_LINES = 14
_LABEL_CHARS = 90
"""A label stands at the beginning of its line; further on it is part of a sentence."""
_OPENING_CHARS = 150
_MASTHEAD_LINES = 6
_NEAR = 60
_OFFERED = 0.4

Reading = tuple[float, str, str]
"""Confidence, which date, rule."""


class _Part:
    """The head, the tail or the rest of a sheet as one text, with the line of each place."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self.lines = lines
        self.text = "\n".join(line.text for line in lines)
        self._starts: list[int] = []
        place = 0
        for line in lines:
            self._starts.append(place)
            place += len(line.text) + 1

    def place(self, mention: Mention, act: bool, body: int = 0) -> "_Place":
        """Return what stands around *mention*; its line is of the heading if above *body*."""
        index = bisect_right(self._starts, mention.start) - 1
        return _Place(
            mention,
            self.lines[index],
            index,
            self.text[self._starts[index] : mention.start],
            self.text[max(0, mention.start - _BEFORE) : mention.start],
            self.text[mention.end : mention.end + _AFTER],
            index < body,
            act,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A date and what stands around it."""

    mention: Mention
    line: Line
    index: int
    own: str
    """What stands before it in its own line."""
    before: str
    after: str
    heading: bool
    act: bool

    @property
    def usual(self) -> str:
        """What a date without a label is the date of."""
        return "adopted" if self.act else "published"


def document_dates(sheet: Sheet, kind: str, language: str, country: str) -> Iterator[Finding]:
    """Give the document's dates, each with what it is the date of; not sorted."""
    act = is_act(kind)
    printed = list(_printed(sheet, language, country, act))
    yield from printed
    yield from declared_dates(sheet, act, printed)


def _printed(sheet: Sheet, language: str, country: str, act: bool) -> Iterator[Finding]:
    head, tail, aside = _Part(sheet.head), _Part(sheet.tail), _Part(sheet.aside)
    body = body_line(sheet.head)
    status = status_lines(sheet.head)
    # A short document ends in its head.
    signatures = max(body, len(sheet.head) + len(sheet.tail) - _SIGNATURE_LINES)
    for mention in mentions(head.text, language, country):
        place = head.place(mention, act, body)
        if not act and NEWSPAPER.match(place.line.text):
            yield _finding(place, (0.84, "published", "date.newspaper"), 0)
        elif place.index >= signatures:
            yield _finding(place, _in_tail(place), 0.0005)
        elif place.index in status or words.CHANGING.search(place.before):
            yield _finding(place, (0.1, "published", "date.amendment"), -0.001)
        else:
            yield _finding(place, _in_head(place), -0.001)
    if head.lines and (year := _YEAR_OF_TITLE.search(head.lines[0].text)):
        yield from_line(
            "date",
            year[1],
            year[0],
            0.52,
            head.lines[0],
            "date.year_of_title",
            "adopted" if act else "published",
        )
    sources = _Part(sheet.sources)
    for mention in mentions(sources.text, language, country)[:1]:
        place = sources.place(mention, act)
        if act and words.APPROVED_BY.search(place.after):
            yield _finding(place, (0.88, "adopted", "date.source_list"), 0)
    for mention in mentions(tail.text, language, country):
        place = tail.place(mention, act)
        if not act and NEWSPAPER.match(place.line.text):
            yield _finding(place, (0.84, "published", "date.newspaper"), 0)
        else:
            yield _finding(place, _in_tail(place), 0.0005)
    titles = {letters_of(text)[:60] for text in sheet.headings[:2]}
    for mention in mentions(aside.text, language, country):
        place = aside.place(mention, act)
        yield _finding(place, _in_aside(place, aside.lines, titles), -0.001)


# As in: Inaugural Address of Eisenhower (1957)
_YEAR_OF_TITLE = re.compile(r"\((1[5-9]\d\d|20\d\d)\)$")


def _finding(place: _Place, reading: Reading, slope: float) -> Finding:
    """Return the finding; of two alike the first of a head and the last of a tail is better."""
    confidence, which, rule = reading
    mention = place.mention
    if mention.form == "short" and not place.act:
        confidence = min(confidence, 0.6)
    if mention.doubtful or mention.date.precision != "day":
        confidence = min(confidence, _OFFERED)
    confidence += slope * place.index
    return from_line(
        "date", str(mention.date), mention.written, confidence, place.line, rule, which
    )


def _in_head(place: _Place) -> Reading:
    return _reference(place) or _labelled(place) or _set_apart(place) or _in_text(place)


def _reference(place: _Place) -> Reading | None:
    """Dates of later acts, of cited acts and of parts of the procedure."""
    if words.FORCE.search(place.before):
        return 0.42, "in_force", "date.label.in_force"
    if words.AMENDED.search(place.own) or words.VERSION.match(place.line.text):
        return 0.1, "published", "date.amendment"
    if place.act and place.mention.form == "iso" and words.TIMESTAMP.match(place.after):
        return 0.2, "published", "date.timestamp"
    if words.CHAMBER.search(place.line.text):
        return 0.3, "adopted", "date.label.chamber"
    if place.heading and words.APPROVED_BY.search(place.line.text):
        return 0.88, "adopted", "date.approved"
    if place.heading and words.APPROVED_BY.search(place.after):
        return 0.8, "adopted", "date.approved"
    if words.CITING_AFTER.match(place.after) and not (place.act and _names_itself(place)):
        return 0.12, "adopted", "date.reference"
    return None


def _labelled(place: _Place) -> Reading | None:
    """Dates that a word before them explains."""
    if place.act and words.SIGNED.search(place.before):
        return 0.87, "adopted", "date.signature"
    if words.ADOPTED.search(place.before):
        if not place.act or len(place.own) > _LABEL_CHARS:
            return 0.3, "adopted", "date.label.in_a_sentence"
        weaker = 0.1 if words.PROMULGATED.search(place.before) else 0
        return (0.95 if place.heading else 0.42) - weaker, "adopted", "date.label.adopted"
    if place.act and place.before.endswith("[") and words.BRACKET.match(place.after):
        return 0.9, "adopted", "date.bracket"
    if _of_a_gazette(place):
        return (0.66 if place.heading and place.act else 0.3), "published", "date.masthead"
    if words.PUBLISHED.search(place.before):
        return (_OFFERED if place.act else 0.85), "published", "date.label.published"
    return None


def _of_a_gazette(place: _Place) -> bool:
    near = place.index < _MASTHEAD_LINES and words.MASTHEAD.search(place.after[:_NEAR])
    return bool(
        near or words.MASTHEAD.search(place.line.text) or words.MASTHEAD.search(place.before[-40:])
    )


def _set_apart(place: _Place) -> Reading | None:
    """Dates that their place on the page explains."""
    act, heading, line = place.act, place.heading, place.line
    if heading and act and _opens_act(place):
        return 0.93, "adopted", "date.heading"
    alone = lone(place.mention, line)
    if act and alone and words.BESIDE_NUMBER.match(place.after):
        return 0.87, "adopted", "date.beside_number"
    if alone and not BODY.match(line.text):
        if not act and words.CLOCK.search(line.text):
            return 0.9, "published", "date.byline"
        if heading:
            return (0.9, "adopted", "date.line") if act else (0.82, "published", "date.byline")
        return 0.42, place.usual, "date.line.body"
    if act and heading and words.PLACE.search(place.before):
        return 0.86, "adopted", "date.place"
    near = place.own + place.after.split("\n")[0]
    if (
        not act
        and place.index < _BYLINE_LINES
        and len(line.text) < _BYLINE_CHARS
        and words.CLOCK.search(near)
    ):
        return 0.8, "published", "date.byline"
    return None


def _in_text(place: _Place) -> Reading:
    if words.CITING_BEFORE.search(place.before):
        return 0.12, "adopted", "date.reference"
    if place.act and place.mention.form == "spelled":
        return 0.55, "adopted", "date.spelled"
    return (0.3 if place.heading else 0.2), place.usual, "date.first"


def _opens_act(place: _Place) -> bool:
    """The line begins with the kind, and nothing that cites stands between it and the date."""
    if len(place.own) > _OPENING_CHARS or opening_of(place.line.text) is None:
        return False
    if _names_itself(place):
        return True
    return not (words.CITES_LAW.search(place.own[8:]) or _MODIFIES.search(place.own))


_KIND_AND_FROM = re.compile(r"^(?:[^\W\d_]+ ){1,6}от $", re.IGNORECASE)
_FIRST_LINES = 3


def _names_itself(place: _Place) -> bool:
    """`Федеральный закон от …` at the very top: the act's own name, though others cite it so."""
    return (
        place.index < _FIRST_LINES
        and bool(_KIND_AND_FROM.match(place.own))
        and opening_of(place.line.text) is not None
        and not _MODIFIES.search(place.own)
    )


_MODIFIES = re.compile(r"modif|amend|изменен|dəyişiklik|değişiklik|änder|gewijzigd", re.IGNORECASE)


def lone(mention: Mention, line: Line) -> bool:
    """Return whether the date is what the line is there for: `Bs. As., 18/5/2001`."""
    rest = line.text.replace(mention.written.split("\n")[-1], " ", 1)
    return (
        len(rest) < 90
        and len(re.findall(r"[^\W\d_]{2,}", rest)) <= _LONE_WORDS
        and not re.search(r"[;?!]", rest)
    )


def _in_tail(place: _Place) -> Reading:
    act, line = place.act, place.line
    if act and place.before.endswith("[") and words.BRACKET.match(place.after):
        return 0.9, "adopted", "date.bracket"
    if act and words.SIGNED.search(place.before):
        return 0.89, "adopted", "date.signature.spelled"
    if words.FORCE.search(place.before):
        return 0.2, "in_force", "date.label.in_force"
    gazette = words.MASTHEAD.search(line.text) or re.match(r"^[ev]\. ", line.text)
    if gazette or words.PUBLISHED.search(place.before):
        return 0.3, "published", "date.tail.published"
    if not act or words.CITING_AFTER.match(place.after):
        return 0.1, place.usual, "date.tail"
    if words.ADOPTED.search(place.before):
        # A line that begins small is the middle of a sentence.
        label = (
            len(line.text) < _LABEL_CHARS
            and not line.text[:1].islower()
            and not words.CHAMBER.search(line.text)
        )
        return (
            (0.86, "adopted", "date.tail.adopted") if label else (_OFFERED, "adopted", "date.tail")
        )
    if words.PLACE.search(place.before):
        return 0.84, "adopted", "date.signature"
    cited = (
        words.CITING_BEFORE.search(place.before)
        or words.NO_SIGNATURE.match(line.text)
        or BODY.match(line.text)
    )
    if lone(place.mention, line) and not cited:
        return 0.8, "adopted", "date.signature"
    return 0.1, "adopted", "date.tail"


def _in_aside(place: _Place, lines: tuple[Line, ...], titles: set[str]) -> Reading:
    """The rest of a page: only a date right under the title, or beside a clock, is worth much."""
    over = lines[max(0, place.index - 4) : place.index]
    near = any(letters_of(line.text)[:60] in titles for line in over)
    if not lone(place.mention, place.line):
        return 0.15, place.usual, "date.aside"
    clock = near and words.CLOCK.search(place.line.text)
    return (0.75 if clock else 0.6 if near else 0.3), place.usual, "date.aside"
