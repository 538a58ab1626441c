"""Atom: what a search finds, the last changed first (RFC 4287; pages as of RFC 5005, 3)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from archive.catalogue.records import Record
from archive.config import SiteSettings
from webui import formats

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, however it is escaped (section 2.2).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def moment(at: datetime) -> str:
    """Return a moment as of RFC 3339, to the microsecond: no two changes bear the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def feed(
    title: str,
    links: Mapping[str, str],
    entries: Sequence[Record],
    *,
    site: SiteSettings,
    now: datetime,
) -> bytes:
    """Return a feed of *entries*; *links* are addresses by their relation, self among them."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", links["self"])
    _add(root, "title", title)
    _add(root, "updated", moment(max((one.changed_at for one in entries), default=now)))
    author = _add(root, "author")
    _add(author, "name", site.archive or site.name)
    _add(root, "generator", "Muniment")
    for relation, address in links.items():
        media_type = "text/html" if relation == "alternate" else MEDIA_TYPE
        _add(root, "link", rel=relation, href=address, type=media_type)
    base = site.public_url.rstrip("/")
    for record in entries:
        _entry(root, record, f"{base}/d/{record.public_id}")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: ET.Element, record: Record, address: str) -> None:
    about = record.description
    entry = _add(root, "entry")
    _add(entry, "id", address)
    _add(entry, "title", about.title)
    _add(entry, "link", rel="alternate", href=address, type="text/html")
    _add(entry, "published", moment(record.added_at))
    _add(entry, "updated", moment(record.changed_at))
    for name in about.authors or filter(None, (about.issuer,)):
        _add(_add(entry, "author"), "name", name)
    if about.kind:
        _add(entry, "category", term=about.kind, label=formats.kind(about.kind))
    facts = (
        formats.kind(about.kind) if about.kind else "",
        formats.country(about.country) if about.country else "",
        formats.partial_date(about.dated.date) if about.dated else "",
        about.number or "",
    )
    _add(entry, "summary", " · ".join(filter(None, facts)) or "Nothing more is known of it yet.")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    one = ET.SubElement(
        parent,
        f"{{{_ATOM}}}{name}",
        {key: _NO_XML.sub("\ufffd", value) for key, value in attributes.items()},
    )
    if text:
        one.text = _NO_XML.sub("\ufffd", text)
    return one
