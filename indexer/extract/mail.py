"""Messages (.eml) and saved web pages (.mht): the standard library."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from email.header import decode_header
from email.message import Message
from pathlib import Path

from indexer.extract import (
    Extraction,
    Limits,
    MediaType,
    Metadatum,
    Page,
    Unreadable,
    charset,
    html,
)
from indexer.extract.visible import as_text, not_in, seen_in, soup_of

PARTS_MAX = 1_000
NESTED_MAX = 50  # the standard library recurses on parts within parts
VERSION = "1"

_HEADERS = (
    "Subject", "From", "To", "Cc", "Date", "Reply-To", "Message-ID", "In-Reply-To",
    "Organization", "List-Id", "Content-Language", "Content-Location", "Snapshot-Content-Location",
)  # fmt: skip
_MULTIPART = re.compile(rb"^content-type:\s*multipart/", re.I | re.M)


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read a message: its headers, its text (plain before HTML), the names of its attachments."""
    data = path.read_bytes()
    if len(_MULTIPART.findall(data)) > NESTED_MAX:
        raise Unreadable(f"the message has more than {NESTED_MAX} parts that hold parts")
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    metadata = tuple(
        Metadatum(f"mail.{name.lower()}", decoded_header(str(value)))
        for name in _HEADERS
        for value in message.get_all(name, [])[:20]
    )
    subject = next((m.value for m in metadata if m.name == "mail.subject"), "")
    parts = list(_leaves(message))
    attachments = [
        decoded_header(part.get_filename() or "") or part.get_content_type()
        for part in parts
        if _is_attachment(part)
    ]
    notes = [f"attachment not read: {name}" for name in attachments[:50]]
    bodies = [part for part in parts if not _is_attachment(part)]
    extraction = _body(bodies, message, media_type)
    return replace(
        extraction,
        metadata=(*metadata, *extraction.metadata),
        headings=(subject, *extraction.headings) if subject else extraction.headings,
        notes=(*notes, *extraction.notes),
    )


def _body(parts: list[Message], message: Message, media_type: MediaType) -> Extraction:
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    pages = [
        part for part in parts if part.get_content_type() in {"text/html", "application/xhtml+xml"}
    ]
    base = Extraction("text", media_type, "mail", VERSION)
    if plain and media_type != "multipart/related":
        texts = [_text(part) for part in plain]
        if any(text.strip() for text in texts):
            text = "\n\n".join(texts)
            # The HTML part may say more than the plain one, which is often a stub.
            aside = _more(pages[0], text) if pages else ""
            return replace(base, pages=(Page(1, text, aside),))
    if pages:
        start = (
            (message.get_param("start") or "")
            if isinstance(message.get_param("start"), str)
            else ""
        )
        main = next((p for p in pages if start and p.get("Content-ID", "") == start), pages[0])
        parsed = html.parse(_text(main))
        return replace(
            base,
            pages=(Page(1, parsed.text, parsed.aside),),
            metadata=parsed.metadata,
            headings=parsed.headings,
            notes=("read from the HTML part",),
        )
    if plain:
        return replace(base, pages=(Page(1, "\n\n".join(_text(part) for part in plain)),))
    return replace(base, status="no_text", reason="the message holds no text of its own")


def _more(part: Message, plain: str) -> str:
    return as_text(not_in(seen_in(soup_of(_text(part))).blocks, plain))


def _leaves(message: Message) -> Iterator[Message]:
    """Give the parts that hold no parts, in order; of an attached message, its parts too."""
    stack: list[Message] = [message]
    count = 0
    while stack and count < PARTS_MAX:
        part = stack.pop()
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            stack += reversed([inner for inner in payload if isinstance(inner, Message)])
        else:
            count += 1
            yield part


def _is_attachment(part: Message) -> bool:
    if str(part.get("Content-Disposition", "")).lower().lstrip().startswith("attachment"):
        return True
    return (
        part.get_content_maintype() != "text" and part.get_content_type() != "application/xhtml+xml"
    )


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    declared = part.get_param("charset")
    named = declared[2] if isinstance(declared, tuple) else declared
    if part.get_content_type() != "text/plain" and not named:
        named = html.declared_in(payload)
    return charset.decode(payload, str(named) if named else None).text


def decoded_header(value: str) -> str:
    """Return a header's value with its encoded words decoded, whatever they are worth."""
    pieces = []
    try:
        for piece, named in decode_header(value):
            pieces.append(charset.decode(piece, named).text if isinstance(piece, bytes) else piece)
    except ValueError:  # binascii.Error and header parse errors are of this kind
        return value
    raw = "".join(pieces)
    if any("\udc80" <= sign <= "\udcff" for sign in raw):
        return charset.decode(raw.encode("utf-8", "surrogateescape")).text
    return raw
