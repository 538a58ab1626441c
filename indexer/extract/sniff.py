"""What kind of file it is, found by looking into it; the name is only a hint."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from indexer.extract import READERS, Extraction, MediaType, charset, failed, front_matter

HEAD_BYTES = 65_536
PDF_PREFIX_BYTES = 4_096  # what may stand before %PDF-: readers of the wild accept 1 KiB and more

# (bytes, where they stand, type, what it is called where no reader is for it)
_MAGIC: tuple[tuple[bytes, int, str, str], ...] = (
    (b"{\\rtf", 0, "application/rtf", ""),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", ""),
    (b"\xff\xd8\xff", 0, "image/jpeg", ""),
    (b"GIF87a", 0, "image/gif", ""),
    (b"GIF89a", 0, "image/gif", ""),
    (b"II*\x00", 0, "image/tiff", ""),
    (b"MM\x00*", 0, "image/tiff", ""),
    (b"II+\x00", 0, "image/tiff", ""),
    (b"MM\x00+", 0, "image/tiff", ""),
    (b"WEBP", 8, "image/webp", ""),
    (b"WAVE", 8, "audio/wav", "a sound recording"),
    (b"AVI ", 8, "video/x-msvideo", "a film"),
    (b"ftyp", 4, "video/mp4", "a film, a sound recording or a HEIF picture"),
    (b"\x1aE\xdf\xa3", 0, "video/x-matroska", "a film"),
    (b"ID3", 0, "audio/mpeg", "a sound recording"),
    (b"OggS", 0, "audio/ogg", "a sound recording"),
    (b"fLaC", 0, "audio/flac", "a sound recording"),
    (b"%!PS", 0, "application/postscript", "a PostScript file; convert it to PDF"),
    (b"AT&TFORM", 0, "image/vnd.djvu", "a DjVu file; convert it to PDF"),
    (b"ITSF", 0, "application/vnd.ms-htmlhelp", "a help file"),
    (b"BOOKMOBI", 60, "application/x-mobipocket-ebook", "a Mobipocket book; convert it to EPUB"),
    (b"Rar!\x1a\x07", 0, "application/vnd.rar", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed", "a 7z archive; unpack it first"),
    (b"\x1f\x8b", 0, "application/gzip", "a gzip archive; unpack it first"),
    (b"BZh", 0, "application/x-bzip2", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\x00", 0, "application/x-xz", "an xz archive; unpack it first"),
    (b"(\xb5/\xfd", 0, "application/zstd", "a Zstandard archive; unpack it first"),
    (b"ustar", 257, "application/x-tar", "a tar archive; unpack it first"),
    (b"MSCF", 0, "application/vnd.ms-cab-compressed", "a cabinet archive; unpack it first"),
    (b"MZ", 0, "application/x-msdownload", "a program"),
    (b"\x7fELF", 0, "application/x-executable", "a program"),
    (b"SQLite format 3\x00", 0, "application/vnd.sqlite3", "a database"),
    (b"!BDN", 0, "application/vnd.ms-outlook-pst", "an Outlook mailbox; export its messages"),
    (b"\x00\x00\x01\x00", 0, "image/x-icon", "an icon"),
    (b"8BPS", 0, "image/vnd.adobe.photoshop", "a Photoshop picture"),
    (b"wOFF", 0, "font/woff", "a font"),
    (b"wOF2", 0, "font/woff2", "a font"),
    (b"\x00\x01\x00\x00\x00", 0, "font/ttf", "a font"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in the directory of an OLE file, the telling ones first.
_OLE_STREAMS: tuple[tuple[str, str, str], ...] = (
    ("EncryptedPackage", "application/x-ole-storage", "encrypted"),
    ("WordDocument", "application/msword", ""),
    ("__substg1.0_", "application/vnd.ms-outlook", "an Outlook message; save it as .eml"),
    (
        "PowerPoint Document",
        "application/vnd.ms-powerpoint",
        "an old PowerPoint file; save it as .pptx",
    ),
    ("Workbook", "application/vnd.ms-excel", "an old Excel file; save it as .xlsx"),
    ("Book", "application/vnd.ms-excel", "an old Excel file; save it as .xlsx"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OOXML: tuple[tuple[str, str], ...] = (
    ("word/", f"{_OFFICE}wordprocessingml.document"),
    ("xl/", f"{_OFFICE}spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}presentationml.presentation"),
)
_ZIP_UNREAD = {
    "application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet; save it as .xlsx or PDF",
    "application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation; save it as PDF",
    "application/vnd.oasis.opendocument.graphics": "an OpenDocument drawing; save it as PDF",
}
_PLAIN = MediaType("text/plain")
_ZIP = MediaType("application/zip")


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is."""

    media_type: MediaType
    refusal: Extraction | None = None
    """The answer, where there is no reader."""
    notes: tuple[str, ...] = ()


def look_into(path: Path, name: str) -> Found:
    """Return what the file at *path* is; its *name* decides only between kinds of text."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    suffix = PurePath(name).suffix.lower()
    if not head.strip(b"\x00 \t\r\n\x0c"):
        return Found(
            _PLAIN,
            failed(_PLAIN, "the file is empty", "no_text"),
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _with_note(_in_zip(path), suffix)
    if head.startswith(_OLE):
        return _with_note(_in_ole(path), suffix)
    if b"%PDF-" in head[:PDF_PREFIX_BYTES]:
        return _with_note(Found(MediaType("application/pdf")), suffix)
    for magic, at, media_type, called in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return _with_note(_found(media_type, called), suffix)
    if head.startswith(b"BM") and int.from_bytes(head[2:6], "little") == path.stat().st_size:
        return _with_note(Found(MediaType("image/bmp")), suffix)
    if suffix == ".pdf" and b" obj" in head and b"endobj" in head:
        return Found(MediaType("application/pdf"), notes=("the file has no PDF header",))
    return _with_note(_text_kind(head, suffix), suffix)


def _found(media_type: str, called: str) -> Found:
    kind = MediaType(media_type)
    if called == "encrypted":
        reason = "the file is encrypted and asks for a password"
        return Found(kind, failed(kind, reason, "encrypted"))
    if called or media_type not in READERS:
        return Found(
            kind, failed(kind, f"no reader for this: {called or media_type}", "unsupported")
        )
    return Found(kind)


# What a suffix promises; only where it is wrong in a way that a person should know.
_PROMISED = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".epub": "application/epub+zip",
    ".doc": "application/msword",
    ".rtf": "application/rtf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}


def _with_note(found: Found, suffix: str) -> Found:
    promised = _PROMISED.get(suffix)
    if promised is None or promised == found.media_type or (suffix == ".pdf" and found.notes):
        return found
    note = f"the name ends in {suffix}, but the file is {found.media_type}"
    return Found(found.media_type, found.refusal, (*found.notes, note))


def _in_zip(path: Path) -> Found:
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            mimetype = ""
            if "mimetype" in names:
                with packed.open("mimetype") as entry:
                    mimetype = entry.read(200).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return Found(_ZIP, failed(_ZIP, "the zip file is damaged or cut off"))
    except Exception as error:
        return Found(_ZIP, failed(_ZIP, f"the zip file is damaged ({type(error).__name__})"))
    if mimetype in _ZIP_UNREAD:
        return _found(mimetype, _ZIP_UNREAD[mimetype])
    if mimetype in READERS:
        return Found(MediaType(mimetype))
    if mimetype == "application/vnd.oasis.opendocument.text-template":
        return Found(MediaType("application/vnd.oasis.opendocument.text"))
    if "META-INF/container.xml" in names:
        return Found(MediaType("application/epub+zip"))
    if "[Content_Types].xml" in names or "_rels/.rels" in names or "word/document.xml" in names:
        for folder, media_type in _OOXML:
            if any(name.startswith(folder) for name in names):
                return Found(MediaType(media_type))
    reason = "a zip file that is no document; take in what is inside it"
    return Found(_ZIP, failed(_ZIP, reason, "unsupported"))


def _in_ole(path: Path) -> Found:
    # The directory may stand anywhere; its names are UTF-16. Ten MiB hold that of any letter,
    # and a scan is safer than following the sector chain of a file that nobody trusts.
    with path.open("rb") as file:
        data = file.read(10_485_760)
        end = path.stat().st_size
        if end > len(data):
            file.seek(max(end - 1_048_576, len(data)))
            data += file.read()
    for stream, media_type, called in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return _found(media_type, called)
    return _found("application/x-ole-storage", "an old office file of an unknown kind")


_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
BINARY_SHARE = 0.05  # text has fewer control characters; compressed data has 11 %


def _text_kind(head: bytes, suffix: str) -> Found:
    decoded = charset.decode(head)
    text = decoded.text.lstrip("\ufeff \t\r\n")
    if not decoded.encoding.startswith(("utf-16", "utf-32")):
        controls = len(_BINARY.findall(head)) - min(head.count(b"\x00"), len(head) // 10)
        if b"\x1b$" in head:  # ISO-2022 shifts between alphabets by control characters
            controls -= head.count(b"\x0e") + head.count(b"\x0f")
        if controls > BINARY_SHARE * len(head):
            kind = MediaType("application/octet-stream")
            reason = "the file is neither text nor of a type that is known here"
            return Found(kind, failed(kind, reason, "unsupported"))
    if marked := _mail(text, suffix) or _marked_up(text, suffix):
        return Found(MediaType(marked))
    if _markdown(text, suffix):
        return Found(MediaType("text/markdown"))
    return Found(_PLAIN)


_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]")
_CONTINUED = re.compile(r"[ \t]+\S")
# A memorandum has From, To, Date and Subject too; only a machine writes these.
_MACHINE_HEADERS = frozenset(
    ("received", "return-path", "message-id", "mime-version", "content-type", "delivered-to",
     "x-mailer", "content-transfer-encoding", "dkim-signature", "references", "in-reply-to")
)  # fmt: skip
_LETTER_HEADERS = frozenset(("from", "to", "subject", "date", "cc"))


def _mail(text: str, suffix: str) -> str | None:
    lines = text.split("\n", 200)[:200]
    if lines and lines[0].startswith("From ") and "@" in lines[0]:
        del lines[0]
    names = set()
    for line in lines:
        line = line.rstrip("\r")
        if match := _HEADER.match(line):
            names.add(match[1].lower())
        elif not (names and _CONTINUED.match(line)):
            break
    letter = len(names & _LETTER_HEADERS)
    named_so = suffix in {".eml", ".mht", ".mhtml"}
    if (letter and (names & _MACHINE_HEADERS or (named_so and letter >= 2))) or (
        named_so and names & _MACHINE_HEADERS
    ):
        start = "\n".join(lines).lower()
        return "multipart/related" if "multipart/related" in start else "message/rfc822"
    return None


_ROOT = re.compile(r"<(?![?!])([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")
_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?[^>]{0,2000}\?>|<!--.*?-->|<!DOCTYPE[^>\[]{0,1000}(?:\[.*?\])?\s*>)", re.S | re.I
)
_HTML_TAGS = frozenset(
    ("html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "table", "h1",
     "h2", "h3", "span", "br", "b", "i", "a", "center", "font", "article", "section", "main", "ul",
     "ol", "pre", "base", "header", "nav", "img", "form", "frameset", "tr", "td", "tbody", "blockquote")
)  # fmt: skip
_ANY_HTML = re.compile(
    r"<(?:html|body|head|title|p|div|br|table|h[1-6]|span|a)\b[^<>]{0,500}>", re.I
)


def _marked_up(text: str, suffix: str) -> str | None:
    declared_html = False
    at = 0
    while match := _BEFORE_ROOT.match(text, at):
        declared_html |= "<!doctype html" in match[0].lower()
        at = match.end()
    rest = text[at:].lstrip()
    root = _ROOT.match(rest)
    if declared_html or (root and root[2].lower() in {"html", "head", "body"}):
        return "text/html"
    if suffix in {".html", ".htm", ".xhtml", ".shtml"} and _ANY_HTML.search(text):
        return "text/html"
    if root is None:
        return None
    local = root[2]
    start = rest[:4096].lower()
    if text.startswith("<?xml") or suffix == ".xml" or "xmlns" in start[:500]:
        if local == "akomaNtoso" or "docs.oasis-open.org/legaldocml" in start:
            return "application/akn+xml"
        if local in {"TEI", "TEI.2", "teiCorpus"}:
            return "application/tei+xml"
        return "application/xml"
    return "text/html" if local.lower() in _HTML_TAGS and len(_ANY_HTML.findall(text)) > 1 else None


_ATX = re.compile(r"^#{1,4} \S.*$", re.M)


def _markdown(text: str, suffix: str) -> bool:
    if suffix in {".md", ".markdown", ".mkd"}:
        return True
    # "# " also begins a comment in a script or a setting: a name that says so is needed less
    # where the text has front matter, or headings of two levels.
    if suffix in {".txt", "", ".text"}:
        levels = {heading.split(" ", 1)[0] for heading in _ATX.findall(text[:20_000])}
        return bool(front_matter.split(text)[0]) or {"#", "##"} <= levels
    return False
