"""How a reading crosses from the child to the parent: frames of JSON and of text, never pickle.

The child is not trusted: whatever it sends is measured before it is parsed,
checked for its type, cut and cleaned. The text of the pages travels as plain
UTF-8 beside the JSON, because JSON of that size would let a hostile child fill
the parent's memory twenty times over with empty lists.
"""

import json
import math
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, TypeVar

from archive.dates import parse_edtf
from archive.kinds import KINDS
from indexer.describe import FIELDS, Description, Evidence, Finding, Spoken
from indexer.extract import GAPS, STATUSES, Extraction, Gap, MediaType, Metadatum, Page
from indexer.references import Reference

STRUCTURE_MAX = 4 * 1024 * 1024
"""Bytes of JSON in one frame."""
LINE_MAX = 1_000
VALUE_MAX = 20_000
METADATA_MAX = 2_000
HEADINGS_MAX = 2_000
NOTES_MAX = 100
FINDINGS_MAX = 2_000
SPOKEN_OF_MAX = 100
PASSAGE_MAX = 200
REFERENCES_MAX = 2_000
WRITTEN_MAX = 400
PAGES_MAX = 200_000
GAPS_MAX = 20_000
UNKNOWN = MediaType("application/octet-stream")

PICTURE_MAX = 24 * 1024 * 1024
"""Bytes of a picture of a page."""
PICTURE_MAX_PX = 10_000
"""Of its width and of its height."""

Kind = Literal[b"M", b"P", b"E", b"T", b"D", b"R", b"F"]
"""Media type, picture of a page, extraction, its text, description, references, failure: in this
order, a failure last."""
_ORDER = b"MPETDRF"
_HEAD = struct.Struct(">cQ")

# As `indexer.extract.cleaning` leaves out, which a child that was taken over need not have
# called: controls but newline and tab, lone surrogates, bidi embeddings, overrides and
# isolates (a title could show as another one), noncharacters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_CODE = re.compile(r"[A-Z]{2,4}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


class WireError(ValueError):
    """What came is not what a reader sends."""


class TooLarge(WireError):
    """More came than an answer may hold."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a reader stopped, said by the child itself."""

    stage: Literal["drawing", "reading", "describing", "referring"]
    error: str
    """The name of the exception's type; `MemoryError` is told from the others."""
    message: str


def clean(text: str) -> str:
    """Return *text* without characters that no document needs and some use to deceive."""
    return _UNWANTED.sub("", text)


def line(text: str, longest: int = LINE_MAX) -> str:
    """Return *text* clean, on one line, and not longer than *longest*."""
    text = " ".join(clean(text[: 4 * longest].replace("\n", " ")).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


# --- the child's side ------------------------------------------------------


def media_type_frame(media_type: str) -> bytes:
    """Encode what the child took the file for, sent before anything is read."""
    return _frame(b"M", _json(media_type))


def extraction_frames(extraction: Extraction) -> Iterator[bytes]:
    """Encode *extraction*; lists that are too long are cut and a note says so."""
    notes = list(extraction.notes[: NOTES_MAX - 1])
    text: list[bytes] = []
    pages: list[tuple[int, int, int, int | None]] = []
    for page in extraction.pages[:PAGES_MAX]:
        body, aside = (clean(part).encode() for part in (page.text, page.aside))
        text += [body, aside]
        pages.append((page.number, len(body), len(aside), page.confidence))
    metadata: list[tuple[str, str]] = []
    room = STRUCTURE_MAX // 4
    for one in extraction.metadata[:METADATA_MAX]:
        name, value = line(one.name), clean(one.value)[:VALUE_MAX]
        room -= 2 * (len(name) + len(value)) + 8
        if room < 0:
            break
        metadata.append((name, value))
    if len(metadata) < len(extraction.metadata):
        notes.append(
            f"{len(extraction.metadata) - len(metadata)} more embedded values were left out"
        )
    yield _frame(b"E", _json({
        "status": extraction.status,
        "media_type": extraction.media_type,
        "reader": line(extraction.reader),
        "reader_version": line(extraction.reader_version),
        "pages": pages,
        "paged": extraction.paged,
        "metadata": metadata,
        "headings": [line(one) for one in extraction.headings[:HEADINGS_MAX]],
        "reason": line(extraction.reason),
        "notes": [line(one) for one in notes],
        "gaps": [(gap.page, gap.why) for gap in extraction.gaps[:GAPS_MAX]],
    }))  # fmt: skip
    yield _frame(b"T", b"".join(text))


def picture_frame(picture: bytes) -> bytes:
    """Encode a picture of a page, a PNG."""
    return _frame(b"P", picture)


def description_frame(description: Description) -> bytes:
    """Encode *description*."""
    return _frame(b"D", _json([
        [[one.field, line(one.value), line(one.written), float(one.confidence),
          line(one.evidence.passage, PASSAGE_MAX), one.evidence.page, line(one.rule), line(one.which)]
         for one in description.findings[:FINDINGS_MAX]],
        [[one.code, line(one.written), one.times, one.page]
         for one in description.spoken_of[:SPOKEN_OF_MAX]],
    ]))  # fmt: skip


def references_frame(references: Iterable[Reference]) -> bytes:
    """Encode *references*; those that are too many are left out, the last first."""
    return _frame(b"R", _json([
        [one.kind, line(one.number), one.date, line(one.name, WRITTEN_MAX), line(one.issuer, WRITTEN_MAX),
         line(one.country), line(one.written, WRITTEN_MAX), line(one.evidence.passage, PASSAGE_MAX),
         one.evidence.page, one.start, one.end, one.times, float(one.confidence), line(one.rule)]
        for one in islice(references, REFERENCES_MAX)
    ]))  # fmt: skip


def failure_frame(failure: Failure) -> bytes:
    """Encode *failure*."""
    return _frame(b"F", _json([failure.stage, line(failure.error), line(failure.message)]))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _frame(kind: Kind, body: bytes) -> bytes:
    return _HEAD.pack(kind, len(body)) + body


# --- the parent's side -----------------------------------------------------


@dataclass(slots=True)
class Answer:
    """What has come from one child so far."""

    text_max_bytes: int = 0
    picture_max_bytes: int = 0
    media_type: MediaType = UNKNOWN
    extraction: Extraction | None = None
    description: Description | None = None
    references: tuple[Reference, ...] | None = None
    picture: bytes | None = None
    failure: Failure | None = None
    _waiting: bytearray = field(default_factory=bytearray)
    _structure: bytes = b""
    _last: int = -1

    def feed(self, received: bytes) -> None:
        """Take in what was received; WireError at the first byte that cannot be right."""
        self._waiting += received
        while len(self._waiting) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._waiting)
            place = _ORDER.find(kind)
            if place <= self._last:
                raise WireError("frames out of order")
            if length > self._longest(kind):
                raise TooLarge(f"a frame of {length} bytes")
            if len(self._waiting) < _HEAD.size + length:
                return
            body = bytes(memoryview(self._waiting)[_HEAD.size : _HEAD.size + length])
            del self._waiting[: _HEAD.size + length]
            self._last = place
            self._take(kind, body)

    def _longest(self, kind: bytes) -> int:
        match kind:
            case b"T":
                return self.text_max_bytes
            case b"P":
                return self.picture_max_bytes
            case _:
                return STRUCTURE_MAX

    def _take(self, kind: bytes, body: bytes) -> None:
        match kind:
            case b"M":
                self.media_type = _media_type(_parsed(body))
            case b"P":
                self.picture = _picture(body)
            case b"E":
                self._structure = body
            case b"T":
                self.extraction = _extraction(_parsed(self._structure), body)
                self.media_type = self.extraction.media_type
            case b"D":
                self.description = _description(_parsed(body))
            case b"R":
                self.references = _references(_parsed(body))
            case _:
                self.failure = _failure(_parsed(body))


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse, parse_int=_int)
    except (ValueError, RecursionError) as error:  # its parser counts how deep it is
        raise WireError(f"not JSON: {type(error).__name__}") from error


def _refuse(constant: str) -> object:
    raise WireError(f"{constant} is no number")


def _int(digits: str) -> int:
    if len(digits) > 18:
        raise WireError("a number too long")
    return int(digits)


T = TypeVar("T")


def _of(kind: type[T], value: object, what: str) -> T:
    if type(value) is not kind:  # not isinstance: True is an int
        raise WireError(f"{what} is not a {kind.__name__}")
    return value


def _list(value: object, longest: int, what: str) -> list[Any]:
    items = _of(list, value, what)
    if len(items) > longest:
        raise TooLarge(f"{len(items)} {what}")
    return items


def _row(value: object, width: int, what: str) -> list[Any]:
    row = _of(list, value, what)
    if len(row) != width:
        raise WireError(f"{what} has {len(row)} parts")
    return row


def _line(value: object, what: str) -> str:
    return line(_of(str, value, what))


def _media_type(value: object) -> MediaType:
    text = _of(str, value, "media type")
    if not _MEDIA_TYPE.fullmatch(text):
        raise WireError("no media type")
    return MediaType(text)


def _picture(body: bytes) -> bytes:
    """A PNG of a size that a page may have; browsers are told that it is nothing else."""
    if len(body) < 33 or body[:16] != b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":
        raise WireError("the picture is no PNG")
    if not all(0 < side <= PICTURE_MAX_PX for side in struct.unpack(">II", body[16:24])):
        raise WireError("a picture of an impossible size")
    return body


def _extraction(value: object, text: bytes) -> Extraction:
    said = _of(dict, value, "extraction")
    names = {"status", "media_type", "reader", "reader_version", "pages", "paged",
             "metadata", "headings", "reason", "notes", "gaps"}  # fmt: skip
    if set(said) != names:
        raise WireError("an extraction with other parts")
    if said["status"] not in STATUSES:
        raise WireError("no such status")
    return Extraction(
        status=said["status"],
        media_type=_media_type(said["media_type"]),
        reader=_line(said["reader"], "reader"),
        reader_version=_line(said["reader_version"], "reader version"),
        pages=_pages(_list(said["pages"], PAGES_MAX, "pages"), text),
        paged=_of(bool, said["paged"], "paged"),
        metadata=tuple(
            Metadatum(_line(name, "name"), clean(_of(str, one, "value"))[:VALUE_MAX])
            for name, one in (
                _row(row, 2, "metadatum")
                for row in _list(said["metadata"], METADATA_MAX, "metadata")
            )
        ),
        headings=tuple(
            _line(one, "heading") for one in _list(said["headings"], HEADINGS_MAX, "headings")
        ),
        reason=_line(said["reason"], "reason"),
        notes=tuple(_line(one, "note") for one in _list(said["notes"], NOTES_MAX, "notes")),
        gaps=tuple(_gap(_row(one, 2, "gap")) for one in _list(said["gaps"], GAPS_MAX, "gaps")),
    )


def _gap(row: list[Any]) -> Gap:
    page, why = row
    if why not in GAPS:
        raise WireError("no such gap")
    return Gap(_page_number(page), why)


def _page_number(value: object) -> int:
    number = _of(int, value, "page number")
    if number < 1:
        raise WireError("a page number below 1")
    return number


def _pages(rows: list[Any], text: bytes) -> tuple[Page, ...]:
    pages: list[Page] = []
    at = 0

    def part(length: object) -> str:
        nonlocal at
        size = _of(int, length, "length")
        if not 0 <= size <= len(text) - at:
            raise WireError("lengths that do not fit the text")
        at += size
        # "replace": a cut inside a character costs that character, nothing else.
        return clean(text[at - size : at].decode("utf-8", "replace"))

    for row in rows:
        number, body, aside, confidence = _row(row, 4, "page")
        if confidence is not None and not 0 <= _of(int, confidence, "confidence") <= 100:
            raise WireError("a confidence outside 0 to 100")
        pages.append(Page(_page_number(number), part(body), part(aside), confidence))
    if at != len(text):
        raise WireError("more text than pages")
    return tuple(pages)


def _description(value: object) -> Description:
    findings, spoken_of = _row(value, 2, "description")
    return Description(
        tuple(
            _finding(_row(row, 8, "finding")) for row in _list(findings, FINDINGS_MAX, "findings")
        ),
        tuple(
            _spoken(_row(row, 4, "country"))
            for row in _list(spoken_of, SPOKEN_OF_MAX, "countries spoken of")
        ),
    )


def _spoken(row: list[Any]) -> Spoken:
    code, written, times, page = row
    if not _CODE.fullmatch(_of(str, code, "country")):
        raise WireError("no code of a country")
    if _of(int, times, "times") < 1:
        raise WireError("no times at all")
    return Spoken(code, _line(written, "written"), times, _page_number(page))


def _finding(row: list[Any]) -> Finding:
    name, value, written, confidence, passage, page, rule, which = row
    if name not in FIELDS:
        raise WireError("no such field")
    if page is not None:
        _page_number(page)
    return Finding(
        field=name,
        value=_line(value, "value"),
        written=_line(written, "written"),
        confidence=_share(confidence),
        evidence=Evidence(line(_of(str, passage, "passage"), PASSAGE_MAX), page),
        rule=_line(rule, "rule"),
        which=_line(which, "which"),
    )


def _references(value: object) -> tuple[Reference, ...]:
    rows = _list(value, REFERENCES_MAX, "references")
    return tuple(_reference(_row(row, 14, "reference")) for row in rows)


def _reference(row: list[Any]) -> Reference:
    kind, number, date, name, issuer, country, written, passage, page, *rest = row
    start, end, times, confidence, rule = rest
    if kind and kind not in KINDS:
        raise WireError("no such kind")
    if page is not None and _of(int, page, "page") < 1:
        raise WireError("a page number below 1")
    if not 0 <= _of(int, start, "start") <= _of(int, end, "end"):
        raise WireError("a place that is none")
    if _of(int, times, "times") < 1:
        raise WireError("no times at all")
    return Reference(
        kind=_of(str, kind, "kind"),
        number=_line(number, "number"),
        date=_edtf(_of(str, date, "date")),
        name=line(_of(str, name, "name"), WRITTEN_MAX),
        issuer=line(_of(str, issuer, "issuer"), WRITTEN_MAX),
        country=_line(country, "country"),
        written=line(_of(str, written, "written"), WRITTEN_MAX),
        evidence=Evidence(line(_of(str, passage, "passage"), PASSAGE_MAX), page),
        start=start,
        end=end,
        times=times,
        confidence=_share(confidence),
        rule=_line(rule, "rule"),
    )


def _edtf(written: str) -> str:
    try:
        return str(parse_edtf(written)) if written else ""
    except ValueError as error:
        raise WireError("a date that is none") from error


def _share(value: object) -> float:
    sure = _of(float, value, "confidence")
    if not (math.isfinite(sure) and 0 <= sure <= 1):
        raise WireError("a confidence outside 0 to 1")
    return sure


def _failure(value: object) -> Failure:
    stage, error, message = _row(value, 3, "failure")
    if stage not in ("drawing", "reading", "describing", "referring"):
        raise WireError("no such stage")
    return Failure(stage, _line(error, "error"), _line(message, "message"))
