"""A record's description as its page shows it: every value with the passage it was read from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.access import may_read_text
from archive.catalogue import checks
from archive.catalogue.records import Described, Happening, Record
from archive.dates import parse_edtf
from webui import formats, here
from webui.languages import gettext, to_translate
from webui.sayings import told


@dataclass(frozen=True, slots=True)
class Shown:
    """One value of a field."""

    value: str
    offered: bool = False
    """Read, but not surely enough to be asserted."""
    before: str = ""
    written: str = ""
    """The words it was read from, between `before` and `after` of the same passage."""
    after: str = ""
    page: int | None = None
    note: str = ""
    """Where it comes from, when that is no passage."""
    address: str = ""
    """Of the page it was taken from, where the value is one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field with its values, and what else was read for it."""

    label: str
    values: tuple[Shown, ...]
    others: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step of a record's provenance: what happened, and how."""

    verb: str
    rest: str


_AROUND_CHARS = 50
_SAID = {
    "file_name": to_translate("from the name of the file"),
    "language.text": to_translate("from the words of the text"),
}
_FIELDS = (
    ("number", to_translate("Number")),
    ("kind", to_translate("Kind")),
    ("country", to_translate("Country")),
    ("language", to_translate("Language")),
    ("publication", to_translate("Publication")),
    ("volume", to_translate("Volume")),
    ("issue", to_translate("Issue")),
    ("page_range", to_translate("Pages")),
    ("section", to_translate("Section")),
    ("place", to_translate("Place")),
    ("session", to_translate("Session")),
    ("publisher", to_translate("Publisher")),
    ("source_url", to_translate("Source")),
    ("archive", to_translate("Archive")),
    ("location", to_translate("Location")),
    ("collection", to_translate("Collection")),
    ("rights", to_translate("Rights")),
)
_ACCESS = {
    "text_withheld": to_translate("described openly, text withheld"),
    "restricted": to_translate("for archivists only"),
}
_STATES = {
    "waiting": to_translate("waiting for review"),
    "returned": to_translate("returned to whoever put it in"),
}


def rows_of(record: Record, findings: Iterable[Described]) -> tuple[Row, ...]:
    """Return the description, field by field; a field of which nothing is known is left out."""
    by_field: dict[str, list[Described]] = {}
    for finding in findings:
        by_field.setdefault(finding.field, []).append(finding)
    known = _Findings(by_field, quoting=may_read_text(here.labels(), record.access))
    return tuple(row for row in _rows(record, known) if row.values)


def sentences_of(events: Iterable[Happening]) -> tuple[Sentence, ...]:
    """Return a record's provenance in words; who did it is told to archivists only."""
    return tuple(_sentences(events))


def standing_of(record: Record) -> str:
    """Return what sets the record apart from one that is open to all; usually nothing."""
    apart = filter(None, (_STATES.get(record.state), _ACCESS.get(record.access)))
    return ", ".join(map(gettext, apart))


@dataclass(frozen=True, slots=True)
class _Findings:
    """What was read for a record, by field."""

    by_field: Mapping[str, Sequence[Described]]
    quoting: bool
    """Whether the reader may see passages: a passage is a piece of the text."""

    def row(self, label: str, name: str, held: str | None) -> Row:
        """Return the row of a field with one value."""
        findings = self.by_field.get(name, ())
        if held is None:
            offered = self.others([one for one in findings if not one.asserted], set())
            return Row(label, offered[:1], offered[1:])
        evidence = next((one for one in findings if one.asserted), None)
        value = self.with_evidence(_shown(name, held), evidence, _address(name, held))
        return Row(label, (value,), self.others(findings, {value.value}))

    def others(self, findings: Iterable[Described], known: set[str]) -> tuple[Shown, ...]:
        """Return each value that is not known yet, once, with its best evidence."""
        found = []
        for one in findings:
            value = _shown(one.field, one.value)
            if value not in known:
                known.add(value)
                found.append(
                    self.with_evidence(value, one, _address(one.field, one.value), offered=True)
                )
        return tuple(found)

    def with_evidence(
        self, value: str, evidence: Described | None, address: str = "", *, offered: bool = False
    ) -> Shown:
        """Return a value with the words around those it was read from."""
        if evidence is None or not self.quoting:
            return Shown(value, offered, address=address)
        if said := _SAID.get(evidence.rule):
            return Shown(value, offered, note=gettext(said))
        before, written, after = around(evidence.passage, evidence.written)
        return Shown(value, offered, before, written, after, evidence.page, address=address)


def _rows(record: Record, findings: _Findings) -> Iterator[Row]:
    about = record.description
    yield findings.row(gettext("Issuer"), "issuer", about.issuer)
    authors = {one.value: one for one in reversed(findings.by_field.get("author", ()))}
    yield Row(
        gettext("Author") if len(about.authors) < 2 else gettext("Authors"),
        tuple(findings.with_evidence(name, authors.get(name)) for name in about.authors),
    )
    yield from _dates(record, findings)
    for name, label in _FIELDS:
        yield findings.row(gettext(label), name, getattr(about, name))
    if about.accessed:
        yield Row(gettext("Accessed"), (Shown(formats.day(about.accessed)),))
    if standing := standing_of(record):
        yield Row(gettext("Standing"), (Shown(standing),))
    title = findings.row(gettext("Title"), "title", about.title)
    if title.others or any(one.before or one.after for one in title.values):
        yield title


def _dates(record: Record, findings: _Findings) -> Iterator[Row]:
    about = record.description
    read = findings.by_field.get("date", ())
    rows = []
    for dated in (*((about.dated,) if about.dated else ()), *about.other_dates):
        which, written = dated.which, str(dated.date)
        evidence = next((f for f in read if f.which == which and f.value == written), None)
        shown = findings.with_evidence(formats.partial_date(dated.date), evidence)
        rows.append((gettext(formats.WHICH.get(which, "Date")), shown))
    others = findings.others(read, {shown.value for _, shown in rows})
    if not rows:
        yield Row(gettext("Date"), others[:1], others[1:])
    for place, (label, shown) in enumerate(rows):
        yield Row(label, (shown,), others if place == 0 else ())


def around(passage: str, written: str) -> tuple[str, str, str]:
    """Return what was read with as much before and after it as says where it stands."""
    before, core, after = passage.partition(written) if written else (passage, "", "")
    if not core:
        head = passage[: 2 * _AROUND_CHARS]
        return head + (" …" if len(passage) > len(head) else ""), "", ""
    if len(before) > _AROUND_CHARS:
        before = "… " + before[-_AROUND_CHARS:].partition(" ")[2]
    if len(after) > _AROUND_CHARS:
        after = after[:_AROUND_CHARS].rpartition(" ")[0] + " …"
    return before, core, after


def _shown(field: str, value: str) -> str:
    if field == "date":
        try:
            return formats.partial_date(parse_edtf(value))
        except ValueError:
            return value
    by_field: dict[str, Callable[[str], str]] = {
        "kind": formats.kind,
        "country": formats.country,
        "language": formats.language,
    }
    return by_field[field](value) if field in by_field else value


def _address(field: str, value: str) -> str:
    """Only the web's own schemes: an address out of a document may be `javascript:`."""
    is_web = value.lower().startswith(("http://", "https://"))
    return value if field == "source_url" and is_web else ""


# What everybody may know of a record's history; the rest is between archivists.
_TOLD_TO_ALL = {"received", "read", "published", "withdrawn", checks.EVENT}
_VERBS = {
    "received": to_translate("Received"),
    "read": to_translate("Read"),
    "waiting": to_translate("Waiting"),
    "published": to_translate("Published"),
    "returned": to_translate("Returned"),
    "withdrawn": to_translate("Withdrawn"),
    "purged": to_translate("Purged"),
    "translation linked": to_translate("Translation linked"),
    "translation unlinked": to_translate("Translation unlinked"),
    "delivered": to_translate("Delivered"),
    checks.EVENT: to_translate("Compared"),
}
_FIXITY = {
    "damaged": to_translate("the original was found damaged"),
    "missing": to_translate("the original was found missing"),
    "unreadable": to_translate("the original could not be read"),
    checks.REPAIRED: to_translate("the original is unchanged again"),
}


def _sentences(events: Iterable[Happening]) -> Iterator[Sentence]:
    staff = here.is_staff()
    for event in events:
        if not staff and event.kind not in _TOLD_TO_ALL:
            continue
        verb = gettext(_VERBS[event.kind]) if event.kind in _VERBS else event.kind.capitalize()
        when = formats.moment(event.at)
        if staff:
            when = gettext("%(when)s by %(who)s", when=when, who=event.agent)
        match event.kind:
            case "received":
                yield Sentence(verb, gettext("%(when)s, as %(name)s", when=when, name=event.detail))
            case "read":
                came_to = told(event.detail) if event.detail else formats.status(event.outcome)
                by = told(event.agent or "no reader")
                yield Sentence(
                    verb, gettext("by %(reader)s: %(result)s", reader=by, result=came_to)
                )
            case checks.EVENT:
                yield Sentence(verb, f"{when}: {gettext(_FIXITY[event.outcome])}")
            case _:
                yield Sentence(verb, f"{when}: {event.detail}" if event.detail and staff else when)
