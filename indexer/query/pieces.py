"""Cuts what was typed into pieces: operators' signs, and operands read one by one."""

import re
from dataclasses import dataclass, field
from typing import cast

from indexer import analysis
from indexer.numbers import canonical, number_typed, numbers_in
from indexer.query import dates
from indexer.query.ast import (
    FACT_FIELDS,
    TEXT_FIELDS,
    And,
    Dated,
    Everything,
    Fact,
    FactField,
    Fuzzy,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    TextField,
    Wildcard,
    Word,
)

PREFIX_MIN_CHARS = 2
FUZZY_MIN_CHARS = 3
NEAR_MAX = 100
NEAR_DEFAULT = 10
PATTERNS_MAX = 8
"""How many words of a query may have ?, * inside, or ~: each is compared with every word held."""
PATTERN_MAX_CHARS = 64

_QUOTES = '"“”„«»'
_DASHES = "-‐‑‒–—―−"
_FIELDS = (*TEXT_FIELDS, *FACT_FIELDS, "date")
_KNOWN = f"(?i:{'|'.join(_FIELDS)})"
# A Hebrew abbreviation has its sign inside the word: צה"ל.
_GERSHAYIM = '(?<=[א-ת])["”“](?=[א-ת](?![א-ת]))'
_PIECE = re.compile(
    rf"""
    (?:(?P<scope>{_KNOWN}):\s*)?(?P<open>[({{]) | (?P<close>[)}}])
    | (?P<minus>[{_DASHES}](?=[^\s)}}]))
    | (?P<bare>{_KNOWN}):\s*(?=[)}}]|$)
    | (?:(?P<known>{_KNOWN}):\s* | (?P<other>[a-zA-Z_]+):)? (?:
        [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]?)(?P<slop>~\d*)?
        | (?P<word>(?:[^\s(){{}}{_QUOTES}]|{_GERSHAYIM})+)
      )
    """,
    re.VERBOSE,
)
OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_NEAR = re.compile(r"NEAR(?:/(\d{1,9}))?")
# What is no part of a number that is written in words.
_NO_NUMBER = re.compile(
    rf"[{_QUOTES}{{}}*~]|^[{_DASHES}]|(?<!\w)(?:{_KNOWN}:|(?:AND|OR|NOT|NEAR)\b)"
)
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(])$")
_AFTER_NUMBER = re.compile(r"[.,;:!?]*(?:$|\)|\s(?!\s*NEAR\b))")
_DATE_WORD = re.compile(rf"[^\s(){{}}{_QUOTES}]+")
_BRACKETED = re.compile(r"\[([^\]()]*)(\]?)")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something typed that could not be used as typed."""

    at: int
    """Where it begins, in characters from 0."""
    message: str
    end: int = field(default=0, compare=False, repr=False)
    """Where what was left out ends; 0 where nothing was: its words are in the tree."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A filter that a word, which was looked for as a word, might have meant."""

    at: int
    """Where it begins, in characters from 0."""
    typed: str
    means: str
    """The filter, in the query language: `date:1994`, `number:351-IVQ`."""


@dataclass(slots=True)
class Piece:
    """A piece of the typed text: an operator's sign, or an operand."""

    at: int
    sign: str
    """One of ( ) { } - AND OR NOT NEAR; `word` for an operand."""
    operand: Query | None = None
    """None where it could not be used: of that there is a notice."""
    gap: int = 0
    """Of NEAR."""
    end: int = 0


@dataclass(slots=True)
class Scan:
    """The typed text on its way into pieces."""

    typed: str
    expansion_max: int
    pieces: list[Piece] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    scopes: list[str] = field(default_factory=lambda: [""])
    """The fields of the parentheses that are open: `title:(peace treaty)`."""
    patterns: int = 0
    bracketed: dict[int, int] = field(default_factory=dict)
    """Where a document number with brackets in it begins, and where it ends."""
    in_words: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Where a number written in several words begins, where it ends, and its canonical form."""

    def run(self, *, words_of_number: bool = False) -> None:
        """Cut the whole text; it may be the words of one number, which are then words."""
        at = 0
        numbers = numbers_in(self.typed)
        self.bracketed = {
            number.start: number.end
            for number in numbers
            if re.search(r"\([^()]+\)", self.typed[number.start : number.end])
        }
        if not words_of_number:
            self.in_words = self._numbers_in_words()
        while found := _PIECE.search(self.typed, at):
            before, at = len(self.pieces), self._next(found)
            for piece in self.pieces[before:]:
                piece.end = piece.end or at

    def _next(self, found: re.Match[str]) -> int:
        """Take a number or one piece and return where the next may begin."""
        begin = found.start()
        if begin in self.in_words and (number := self._number(begin)):
            self._add(begin, "word", number)
            return self.in_words[begin][0]
        if found["open"] and begin in self.bracketed:
            # "(EU) 2016/679": the bracket belongs to the number.
            end = self.bracketed[begin]
            self._beginning_with_bracket(begin, self.typed[begin:end])
            return end
        return self._take(found)

    def _beginning_with_bracket(self, at: int, number: str) -> None:
        if (name := self.scopes[-1]) in TEXT_FIELDS:
            # As a word it would be written back as `title:(`, which opens a parenthesis.
            self._add(at, "word", Phrase(number, name))
        elif name in {"date", "year"}:
            self._unused(at, f"{number!r} is not a date and was not used", at + len(number))
        else:
            self._word(at, number, name)

    def _numbers_in_words(self) -> dict[int, tuple[int, str]]:
        """Return the numbers that are written in several words, or the whole text if it is one."""
        begin = len(self.typed) - len(self.typed.lstrip())
        spans = [
            (one.start, one.end, one.canonical)
            for one in numbers_in(self.typed)
            if one.start not in self.bracketed
        ]
        is_grouped = self.typed[begin : begin + 1] == "(" and begin not in self.bracketed
        if not is_grouped and (whole := number_typed(self.typed)):
            spans = [(begin, len(self.typed.rstrip()), whole)]
        return {
            start: (end, number)
            for start, end, number in spans
            if any(letter.isspace() for letter in self.typed[start:end])
            and self.bracketed.get(start) != end
            and canonical(number) == number
            and not _NO_NUMBER.search(self.typed[start:end])
            and _BEFORE_NUMBER.search(self.typed[:start][-1:])
            and _AFTER_NUMBER.match(self.typed, end)
        }

    def _number(self, begin: int) -> Query | None:
        """Return what a number written in several words means: the number, or all of the words.

        None where it stands in a field, in braces, or behind a sign that takes one word only.
        """
        end, number = self.in_words[begin]
        signs = [piece.sign for piece in self.pieces]
        if self.scopes[-1] or signs[-1:] in (["-"], ["NOT"], ["NEAR"]) or "{" in signs:
            return None
        inside = Scan(self.typed[begin:end], self.expansion_max)
        inside.run(words_of_number=True)
        words = tuple(one.operand for one in inside.pieces if one.operand is not None)
        if not words or any(one.sign != "word" for one in inside.pieces):
            return None
        if not all(isinstance(word, Word) and not word.field for word in words):
            return None
        if len(words) == 1 and isinstance(words[0], Word) and number_typed(words[0].text) == number:
            return words[0]
        plain = re.fullmatch(r"[\w/]+", number)
        borne = Word(number, "number") if plain else Phrase(number, "number")
        return Or((borne, And(words) if len(words) > 1 else words[0]))

    def _take(self, found: re.Match[str]) -> int:
        """Take one piece and return where the next may begin."""
        at = found.start()
        if found["open"]:
            self.scopes.append((found["scope"] or self.scopes[-1]).lower())
            self._add(at, found["open"])
        elif found["close"]:
            self.scopes = self.scopes[:-1] or [""]
            self._add(at, found["close"])
        elif found["minus"]:
            self._add(at, "-")
        elif found["bare"]:
            self._unused(at, f"there is nothing after {found['bare']}:", found.end())
        elif not found["known"] and (sign := self._operator(found)):
            self.pieces.append(sign)
        else:
            return self._operand(found)
        return found.end()

    def _operator(self, found: re.Match[str]) -> Piece | None:
        word, at = found[0], found.start()
        if word in {"AND", "OR", "NOT"}:
            return Piece(at, word)
        if near := _NEAR.fullmatch(word):
            gap = int(near[1]) if near[1] else NEAR_DEFAULT
            if gap > NEAR_MAX:
                self.notices.append(Notice(at, f"NEAR reaches over {NEAR_MAX} words at most"))
            return Piece(at, "NEAR", gap=min(gap, NEAR_MAX))
        return None

    def _operand(self, found: re.Match[str]) -> int:
        name = (found["known"] or self.scopes[-1]).lower()
        begin = found.end("known") + 1 if found["known"] else found.start()
        if name in {"date", "year"}:
            begin += len(self.typed[begin:]) - len(self.typed[begin:].lstrip())
            return self._dated(found.start(), begin, name)
        if found["phrase"] is not None:
            self._phrase(found, name)
            return found.end()
        if end := self.bracketed.get(found.start("word")):
            self._word(found.start(), self.typed[found.start("word") : end], name)
            self.pieces[-1].end = end
            return end
        text = found["word"]
        if found["known"]:
            bare = text.lstrip(_DASHES)
            if bare and len(text) - len(bare) == 1:
                self._add(found.start(), "-")
                text = bare
        self._word(found.start(), f"{found['other']}:{text}" if found["other"] else text, name)
        self.pieces[-1].end = found.end()
        return found.end()

    def _phrase(self, found: re.Match[str], name: str) -> None:
        at, text = found.start(), " ".join(found["phrase"].split())
        if not found["end"]:
            self.notices.append(
                Notice(found.start("phrase") - 1, "the quotation mark is not closed")
            )
        if found["slop"]:
            self.notices.append(
                Notice(
                    found.start("slop"),
                    f"{found['slop']} was not used: for words near one another write one NEAR/5 other",
                    found.end("slop"),
                )
            )
        if found["other"]:
            text = f"{found['other']}:{text}"
        if name in FACT_FIELDS:
            self._fact(at, text, name)
        elif name == "number" and text and not canonical(text):
            self._say(at, f"{text!r} is no document number; it was looked for as words")
            self._word(at, text, "") if not any(analysis.tokens(text)) else self._add(
                at, "word", Phrase(text)
            )
        elif any(analysis.tokens(text)):
            self._add(at, "word", Phrase(text, cast(TextField, name) if name else None))
        else:
            self._unused(at, f"there is no word to look for in {found[0]!r}", found.end())

    def _fact(self, at: int, value: str, name: FactField) -> None:
        if not value:
            self._unused(at, f"there is nothing after {name}:", at + len(name) + 1)
        elif value == "*":
            self._add(at, "word", Not(Fact(name, "unknown")))
        else:
            self._add(at, "word", Fact(name, value))

    def _word(self, at: int, text: str, name: str) -> None:
        if name in FACT_FIELDS:
            self._fact(at, text, name)
            return
        where = cast(TextField, name) if name else None
        if text == "*" and not where:
            self._add(at, "word", Everything())
        elif not any(analysis.tokens(text)):
            self._unused(at, f"there is no word to look for in {text!r}", at + len(text))
        elif where == "number" and not canonical(re.sub(r"[*~]\d?$", "", text)):
            self._say(at, f"{text!r} is no document number; it was looked for as a word")
            self._add(at, "word", _plain(text, None))
        else:
            self._add(at, "word", self._spelt(at, text, where))

    def _spelt(self, at: int, text: str, where: TextField | None) -> Query:
        """Return what a word with or without signs for other letters means."""
        if where == "number" and text.endswith("*") and text.count("*") == 1:
            return Prefix(text[:-1], where)
        fuzzy = re.search(r".~(\d?)$", text)
        bare = text[: fuzzy.start() + 1] if fuzzy else text
        core = _core(bare)
        if not core or (core not in {bare, bare.rstrip("~")} and "*" in bare and "*" not in core):
            self._say(at, "* and ~ stand in or after a single word only")
            return _plain(text, where)
        wild = "*" in core or "?" in core
        if fuzzy and wild:
            self._say(at, "* and ? do not go with ~, which was not used")
        if fuzzy and fuzzy[1]:
            self._say(at, "how many letters may differ follows from the length of the word")
        if wild:
            return self._wild(at, core, where) or Word(text, where)
        return self._fuzzy(at, core, where) if fuzzy else Word(text, where)

    def _wild(self, at: int, core: str, where: TextField | None) -> Query | None:
        core = re.sub(r"\*+", "*", core)
        letters = core.replace("*", "").replace("?", "")
        if not _is_one_word(letters):
            # ? in an address or between words is a question mark.
            if "*" not in core:
                return None
            self._say(at, "* stands in a single word only")
        elif (
            len(analysis.fold(core.split("*")[0].replace("?", ""))) < PREFIX_MIN_CHARS
            and "*" in core
        ):
            self._say(at, f"* needs at least {PREFIX_MIN_CHARS} letters before it")
        elif core.endswith("*") and core[:-1] == letters:
            if where == "number" and not canonical(letters):
                # The figure that made it a number was one of a footnote, which is no letter.
                self._say(at, f"{letters!r} is no document number; it was looked for as a word")
                return _plain(core, None)
            return Prefix(letters, where)
        elif where == "number":
            self._say(at, "? and * inside a document number were not used")
        elif self._may_expand(at, core):
            return Wildcard(core, where, self.expansion_max)
        return _plain(core, where)

    def _fuzzy(self, at: int, core: str, where: TextField | None) -> Query:
        if where == "number":
            self._say(at, "~ after a document number was not used")
            return Word(core, where)
        if not _is_one_word(core):
            self._say(at, "~ stands after a single word only")
        elif len(analysis.fold(core)) < FUZZY_MIN_CHARS:
            self._say(at, f"~ needs at least {FUZZY_MIN_CHARS} letters before it")
        elif self._may_expand(at, core):
            return Fuzzy(core, where, self.expansion_max)
        return _plain(core, where)

    def _may_expand(self, at: int, core: str) -> bool:
        if len(core) > PATTERN_MAX_CHARS:
            self._say(at, f"a word with ?, * or ~ has at most {PATTERN_MAX_CHARS} letters")
            return False
        self.patterns += 1
        if self.patterns > PATTERNS_MAX:
            self._say(at, f"only {PATTERNS_MAX} words of a query may have ?, * inside, or ~")
        return self.patterns <= PATTERNS_MAX

    def _dated(self, at: int, begin: int, name: str) -> int:
        """Read what stands after `date:` or `year:` and return where it ends."""
        written, end, read_as = self._date_at(begin)
        if name == "year" and re.fullmatch(r"[0-9]{4}|unknown", written.lower()):
            self._add(at, "word", Fact("year", written.lower()))
        elif written.lower() == "unknown":
            self._add(at, "word", Not(Dated()))
        elif read_as is None:
            self._unused(
                at,
                f"{written!r} is not a date and was not used; write 1993, 1993-12, 21.12.1993, "
                "December 1993, 1990s, 1993..1995 or before 2000",
                end,
            )
        else:
            if read_as.remark:
                self._say(at, read_as.remark)
            self._add(at, "word", read_as.meaning)
        return end

    def _date_at(self, begin: int) -> tuple[str, int, dates.Read | None]:
        """Return what is written as a date at *begin*, where it ends, and what it means."""
        if self.typed[begin] in _QUOTES:
            close = re.compile(f"[{_QUOTES}]").search(self.typed, begin + 1)
            if not close:
                self._say(begin, "the quotation mark is not closed")
            written = self.typed[begin + 1 : close.start() if close else None]
            return written, close.end() if close else len(self.typed), dates.read(written)
        if bracketed := _BRACKETED.match(self.typed, begin):
            if not bracketed[2]:
                self._say(begin, "the bracket is not closed")
            return bracketed[0], bracketed.end(), dates.read(f"[{bracketed[1]}]")
        words: list[re.Match[str]] = []
        at = begin
        while len(words) < dates.WORDS_MAX and (found := _DATE_WORD.match(self.typed, at)):
            words.append(found)
            spaces = re.compile(r"\s*").match(self.typed, found.end())
            at = spaces.end() if spaces else found.end()
        for last in reversed(words):
            written = self.typed[begin : last.end()].rstrip(",;")
            if read_as := dates.read(written):
                return written, last.end(), read_as
        end = words[0].end() if words else begin + 1
        return self.typed[begin:end], end, None

    def _add(self, at: int, sign: str, operand: Query | None = None) -> None:
        self.pieces.append(Piece(at, sign, operand))

    def _say(self, at: int, message: str, end: int = 0) -> None:
        self.notices.append(Notice(at, message, end))

    def _unused(self, at: int, message: str, end: int) -> None:
        """Leave a gap: what stands before it must not be joined to what stands behind it."""
        self._say(at, message, end)
        self._add(at, "word")


def offers(pieces: list[Piece], typed: str) -> list[Offer]:
    """Return the filters that words might have meant: dates, and numbers of documents."""
    found: list[Offer] = []
    at = 0
    while at < len(pieces):
        offer, size = _offered(pieces[at : at + 3], typed)
        if offer:
            found.append(offer)
        at += size
    return found


def _offered(some: list[Piece], typed: str) -> tuple[Offer | None, int]:
    if isinstance(number := some[0].operand, Or):
        return Offer(some[0].at, typed[some[0].at : some[0].end], str(number.parts[0])), 1
    words: list[Piece] = []
    for piece in some:
        if not isinstance(piece.operand, Word) or piece.operand.field:
            break
        words.append(piece)
    begins = bool(words) and typed[words[0].at : words[0].end].lower() not in dates.FILLERS
    for size in range(len(words), 1, -1) if begins else ():
        written = typed[words[0].at : words[size - 1].end]
        if any(letter.isdigit() for letter in written) and (read_as := dates.read(written)):
            return Offer(words[0].at, written, str(read_as.meaning)), size
    if not words or not isinstance(word := words[0].operand, Word):
        return None, 1
    if meant := dates.looks_like_one(word.text.strip(".,;:?!")):
        return Offer(words[0].at, word.text, str(meant)), 1
    if any(letter.isdigit() for letter in word.text) and canonical(word.text):
        return Offer(words[0].at, word.text, f"number:{word.text}"), 1
    return None, 1


def _core(text: str) -> str:
    """Return a word without the punctuation around it; a ? at its end is a question mark."""
    tokens = list(analysis.tokens(text))
    if not tokens:
        return ""
    start, end = tokens[0].start, tokens[-1].end
    if stars := re.search(r"\*[?*]*$", text[:start]):
        start = stars.start()
    if stars := re.match(r"[?*]*\*", text[end:]):
        end += stars.end()
    return text[start:end]


def _is_one_word(letters: str) -> bool:
    tokens = list(analysis.tokens(letters))
    return len(tokens) == 1 and (tokens[0].start, tokens[0].end) == (0, len(letters))


def _plain(text: str, where: TextField | None) -> Word | Phrase:
    """Return the words of *text* without the signs that could not be used."""
    words = [text[token.start : token.end] for token in analysis.tokens(text)]
    if len(words) == 1 and (where or words[0] not in OPERATORS):
        return Word(words[0], where)
    return Phrase(" ".join(words), where)
