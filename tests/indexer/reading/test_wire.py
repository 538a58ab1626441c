"""What crosses from the child to the parent, and what is stopped at the border."""

import json
import pickle
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.describe import FIELDS, Description, Evidence, Finding, Spoken
from indexer.extract import GAPS, STATUSES, Extraction, Gap, MediaType, Metadatum, Page
from indexer.reading import wire
from indexer.references import Reference

PLAIN = MediaType("text/plain")
# Text as a reader leaves it: clean, and on one line where it is a name or a reason.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(wire.clean)
LINE = TEXT.map(wire.line)
EXTRACTIONS = st.builds(
    Extraction,
    status=st.sampled_from(STATUSES),
    media_type=st.sampled_from([PLAIN, MediaType("application/vnd.oasis.opendocument.text")]),
    reader=LINE,
    reader_version=LINE,
    pages=st.lists(
        st.builds(Page, st.integers(1, 10**9), TEXT, TEXT, st.none() | st.integers(0, 100)),
        max_size=4,
    ).map(tuple),
    paged=st.booleans(),
    metadata=st.lists(st.builds(Metadatum, LINE, TEXT), max_size=4).map(tuple),
    headings=st.lists(LINE, max_size=4).map(tuple),
    reason=LINE,
    notes=st.lists(LINE, max_size=4).map(tuple),
    gaps=st.lists(st.builds(Gap, st.integers(1, 10**9), st.sampled_from(GAPS)), max_size=4).map(
        tuple
    ),
)
FINDINGS = st.builds(
    Finding,
    field=st.sampled_from(FIELDS),
    value=LINE,
    written=LINE,
    confidence=st.floats(0, 1),
    evidence=st.builds(Evidence, LINE, st.none() | st.integers(1, 10**9)),
    rule=LINE,
    which=LINE,
)
SPOKEN = st.builds(
    Spoken,
    code=st.sampled_from(["AZ", "SUHH"]),
    written=LINE,
    times=st.integers(1, 10**6),
    page=st.integers(1, 10**6),
)
DESCRIPTIONS = st.builds(
    Description,
    st.lists(FINDINGS, max_size=4).map(tuple),
    st.lists(SPOKEN, max_size=3).map(tuple),
)

PLACES = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(sorted)
REFERENCES = st.builds(
    lambda places, **values: Reference(start=places[0], end=places[1], **values),
    places=PLACES,
    kind=st.sampled_from(["", "resolution", "decree"]),
    number=LINE,
    date=st.sampled_from(["", "1994-02", "1993-12-20"]),
    name=LINE,
    issuer=LINE,
    country=LINE,
    written=LINE,
    evidence=st.builds(Evidence, LINE, st.none() | st.integers(1, 10**9)),
    times=st.integers(1, 10**6),
    confidence=st.floats(0, 1),
    rule=LINE,
)


def answer(*frames: bytes, text_max_bytes: int = 1_000_000) -> wire.Answer:
    received = wire.Answer(text_max_bytes)
    for frame in frames:
        received.feed(frame)
    return received


def frame(kind: bytes, body: object) -> bytes:
    packed = body if isinstance(body, bytes) else json.dumps(body).encode()
    return struct.pack(">cQ", kind, len(packed)) + packed


@given(EXTRACTIONS, DESCRIPTIONS, st.lists(REFERENCES, max_size=4).map(tuple))
def test_what_is_sent_arrives(extraction, description, references):
    received = answer(
        *wire.extraction_frames(extraction),
        wire.description_frame(description),
        wire.references_frame(references),
    )
    assert received.extraction == extraction
    assert received.description == description
    assert received.references == references


@given(EXTRACTIONS, st.integers(1, 50))
def test_it_arrives_in_pieces_of_any_size(extraction, size):
    sent = b"".join(wire.extraction_frames(extraction))
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert answer(*pieces).extraction == extraction


@given(st.binary(max_size=200))
def test_noise_is_refused_or_waited_for_but_never_believed(noise):
    received = wire.Answer(1000)
    try:
        received.feed(noise)
    except wire.WireError:
        pass
    assert received.extraction is None
    assert received.description is None


@given(EXTRACTIONS, st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_gives_an_extraction_or_an_error_of_ours(extraction, at, change):
    sent = bytearray(b"".join(wire.extraction_frames(extraction)))
    sent[at % len(sent)] ^= change
    try:
        received = answer(bytes(sent)).extraction
    except wire.WireError:
        return
    assert received is None or received.status in STATUSES


GOOD = {
    "status": "text", "media_type": "text/plain", "reader": "r", "reader_version": "1",
    "pages": [[1, 2, 0, None]], "paged": False, "metadata": [["a", "b"]], "headings": ["h"],
    "reason": "", "notes": [], "gaps": [[1, "picture"]],
}  # fmt: skip


def test_the_pattern_that_the_next_tests_spoil_is_good():
    assert answer(frame(b"E", GOOD), frame(b"T", b"ab")).extraction.text == "ab"


@pytest.mark.parametrize("spoiled", [
    {"status": "published"}, {"status": None}, {"status": ["text"]},
    {"media_type": "text"}, {"media_type": "text/html; x=<script>"}, {"media_type": "../x"},
    {"media_type": "text/plain\n"}, {"reader": 1}, {"reader_version": None},
    {"pages": [[0, 2, 0, None]]}, {"pages": [[1, 3, 0, None]]}, {"pages": [[1, 1, 0, None]]},
    {"pages": [[1, -1, 3, None]]}, {"pages": [[1, 2, 0, 101]]}, {"pages": [[1, 2, 0, True]]},
    {"gaps": [[0, "picture"]]}, {"gaps": [[1, "other"]]}, {"gaps": [[1]]}, {"gaps": {}},
    {"pages": [[True, 2, 0, None]]}, {"pages": [[1.0, 2, 0, None]]}, {"pages": [[1, 2]]}, {"pages": {}},
    {"pages": [[1, 2, 0, 0, 0]]}, {"pages": "ab"}, {"paged": 1}, {"metadata": [["a"]]},
    {"metadata": [["a", None]]}, {"metadata": [["a", "b"]] * 2_001}, {"headings": [[]]},
    {"headings": "h"}, {"reason": None}, {"notes": [1]}, {"notes": ["n"] * 101}, {"more": 1},
], ids=str)  # fmt: skip
def test_an_extraction_of_another_shape_is_refused(spoiled):
    with pytest.raises(wire.WireError):
        answer(frame(b"E", GOOD | spoiled), frame(b"T", b"ab"))


ROW = ["title", "v", "w", 0.5, "p", 1, "rule", ""]


@pytest.mark.parametrize(("at", "value"), [
    (0, "password"), (0, None), (1, 5), (2, None), (3, 1), (3, 1.5), (3, -0.1), (3, "0.5"), (3, True),
    (4, None), (5, 0), (5, True), (5, "1"), (6, []), (7, None),
], ids=str)  # fmt: skip
def test_a_finding_of_another_shape_is_refused(at, value):
    assert answer(frame(b"D", [[ROW], []])).description.findings[0].value == "v"
    row = [*ROW[:at], value, *ROW[at + 1 :]]
    with pytest.raises(wire.WireError):
        answer(frame(b"D", [[row], []]))


@pytest.mark.parametrize(("at", "value"), [
    (0, "az"), (0, "../.."), (0, 5), (1, None), (2, 0), (2, True), (3, 0), (3, None),
], ids=str)  # fmt: skip
def test_a_country_spoken_of_of_another_shape_is_refused(at, value):
    good = ["AZ", "Azerbaijan", 2, 1]
    assert answer(frame(b"D", [[], [good]])).description.spoken_of == (Spoken(*good),)
    with pytest.raises(wire.WireError):
        answer(frame(b"D", [[], [[*good[:at], value, *good[at + 1 :]]]]))


REFERENCE = ["decree", "5", "1994-02", "", "", "AZ", "w", "p", 1, 0, 9, 1, 0.5, "rule"]


@pytest.mark.parametrize(("at", "value"), [
    (0, "password"), (0, None), (1, 5), (2, "yesterday"), (2, "1994-13"), (2, None), (3, None), (4, 1),
    (5, []), (6, None), (7, 7), (8, 0), (8, "1"), (9, -1), (9, 10), (9, 0.0), (10, None), (11, 0),
    (11, True), (12, 2.0), (12, 1), (13, None),
], ids=str)  # fmt: skip
def test_a_reference_of_another_shape_is_refused(at, value):
    assert answer(frame(b"R", [REFERENCE])).references[0].number == "5"
    with pytest.raises(wire.WireError):
        answer(frame(b"R", [[*REFERENCE[:at], value, *REFERENCE[at + 1 :]]]))


def test_more_references_than_fit_are_left_out_and_refused():
    one = answer(frame(b"R", [REFERENCE])).references[0]
    received = answer(wire.references_frame([one] * (wire.REFERENCES_MAX + 5)))
    assert len(received.references) == wire.REFERENCES_MAX
    with pytest.raises(wire.TooLarge):
        answer(frame(b"R", [REFERENCE] * (wire.REFERENCES_MAX + 1)))


@pytest.mark.parametrize("body", [
    b"", b"{", b"[" * 100_000, b'{"a":' * 100_000, b"NaN", b"[Infinity]", b"1" * 5_000, b"\xff\xfe",
    b'"\\ud800', pickle.dumps({"status": "text"}), b"null", b'"text"', b"[]",
], ids=lambda body: repr(body[:12]))  # fmt: skip
@pytest.mark.parametrize("kind", [b"M", b"F"])
def test_what_is_not_the_json_that_was_asked_for_is_refused(kind, body):
    if (kind, body) == (b"M", b'"text"'):
        body = b'"text/"'
    with pytest.raises(wire.WireError):
        answer(frame(kind, body))


def test_a_frame_is_measured_before_it_has_come():
    for kind, length in ((b"E", wire.STRUCTURE_MAX + 1), (b"T", 1_000_001), (b"D", 1 << 63)):
        with pytest.raises(wire.TooLarge):
            answer(struct.pack(">cQ", kind, length))


@pytest.mark.parametrize("kinds", [b"TE", b"EE", b"DM", b"X", b"ETT", b"FD", b"RD", b"RR"])
def test_frames_come_in_order_and_once(kinds):
    bodies = {
        "E": GOOD,
        "T": b"ab",
        "D": [],
        "R": [],
        "M": "text/plain",
        "X": [],
        "F": ["reading", "E", ""],
    }
    with pytest.raises(wire.WireError):
        answer(*(frame(bytes([kind]), bodies[chr(kind)]) for kind in kinds))


def test_text_is_clean_whatever_the_child_did():
    text = "a\x00b\x1b[31mc\u202ed\u2066e\ufeff\nf\tg".encode()
    said = GOOD | {"pages": [[1, len(text), 0, None]], "headings": ["h\n\u202ei"], "reason": "r\x07\ns",
                   "metadata": [["n\x00", "v\x9b\u202e"]]}  # fmt: skip
    extraction = answer(frame(b"E", said), frame(b"T", text)).extraction
    assert extraction.text == "ab[31mcde\nf\tg"
    assert extraction.headings == ("h i",)
    assert extraction.reason == "r s"
    assert extraction.metadata == (Metadatum("n", "v"),)


def test_lone_surrogates_do_not_survive():
    said = json.dumps(GOOD | {"reason": "a\ud800b"}).encode()
    assert answer(frame(b"E", said), frame(b"T", b"ab")).extraction.reason == "ab"
    extraction = Extraction(
        "text", PLAIN, "r", "1", pages=(Page(1, "a\udcffb"),), notes=("\ud800",)
    )
    assert answer(*wire.extraction_frames(extraction)).extraction.text == "ab"


def test_bytes_that_are_no_utf8_cost_a_character_not_the_text():
    said = GOOD | {"pages": [[1, 4, 0, None]]}
    assert answer(frame(b"E", said), frame(b"T", b"ab\xffc")).extraction.text == "ab\ufffdc"


def test_more_metadata_than_fits_is_cut_and_said():
    many = tuple(Metadatum(f"name {n}", "v" * 10_000) for n in range(1_000))
    received = answer(*wire.extraction_frames(Extraction("text", PLAIN, "r", "1", metadata=many)))
    kept = len(received.extraction.metadata)
    assert 10 < kept < 1_000
    assert received.extraction.notes == (f"{1_000 - kept} more embedded values were left out",)
