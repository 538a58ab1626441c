"""What office files and books say of themselves, and the text that stands beside theirs."""

import re
from pathlib import Path

from lxml import etree

from indexer.extract import MediaType, Metadatum, containers
from indexer.extract.xml import parser

BESIDE_PARTS_MAX = 60

_CORE_NAMES = frozenset(
    ("title", "subject", "creator", "keywords", "description", "lastModifiedBy", "created", "modified",
     "category", "language", "identifier", "Company", "initial-creator", "creation-date", "date", "keyword")
)  # fmt: skip
_DOCX_BESIDE = re.compile(r"word/(?:header|footer)\d*\.xml")
_DOCX_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ODT_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODT_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"


def metadata(path: Path, media_type: MediaType) -> list[Metadatum]:
    """Return `office.title`, `office.creator`, `office.created` …; of a book `dc.title` and its like.

    The container must have been checked.
    """
    if media_type == "application/epub+zip":
        return _of_book(path)
    parts = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
    found = []
    for part in parts:
        root = _parsed(containers.part(path, part))
        if root is None:
            continue
        for element in root.iter():
            if isinstance(element.tag, str) and element.text and element.text.strip():
                name = etree.QName(element).localname
                if name in _CORE_NAMES:
                    found.append(Metadatum(f"office.{name}", element.text))
    return found


def _of_book(path: Path) -> list[Metadatum]:
    container = _parsed(containers.part(path, "META-INF/container.xml"))
    if container is None:
        return []
    rootfile = container.find(".//{*}rootfile")
    package = None
    if rootfile is not None:
        package = _parsed(containers.part(path, rootfile.get("full-path") or ""))
    if package is None:
        return []
    return [
        Metadatum(f"dc.{etree.QName(element).localname}", element.text or "")
        for element in package.iter(f"{_DC}*")
    ]


def beside(path: Path, media_type: MediaType) -> list[str]:
    """Return the running heads and feet of a document, which pandoc leaves out."""
    if media_type.endswith("wordprocessingml.document"):
        names = [name for name in containers.names(path) if _DOCX_BESIDE.fullmatch(name)]
        roots = [_parsed(containers.part(path, name)) for name in sorted(names)[:BESIDE_PARTS_MAX]]
    elif media_type.endswith("opendocument.text"):
        styles = _parsed(containers.part(path, "styles.xml"))
        roots = []
        if styles is not None:
            roots = [*styles.iter(f"{_ODT_STYLE}header", f"{_ODT_STYLE}footer")]
    else:
        return []
    texts = ["\n".join(paragraphs(root)) for root in roots if root is not None]
    return list(dict.fromkeys(text for text in texts if text))


def own_paragraphs(path: Path, media_type: MediaType) -> list[str]:
    """Return the paragraphs of a document without its structure: what pandoc must not lose."""
    if media_type.endswith("wordprocessingml.document"):
        parts = ["word/document.xml", "word/footnotes.xml", "word/endnotes.xml"]
    elif media_type.endswith("opendocument.text"):
        parts = ["content.xml"]
    else:
        return []
    roots = [_parsed(containers.part(path, part, containers.MARKUP_MAX_BYTES)) for part in parts]
    return [text for root in roots if root is not None for text in paragraphs(root)]


_PARAGRAPHS = frozenset((f"{_DOCX_TEXT}p", f"{_ODT_TEXT}p", f"{_ODT_TEXT}h"))
_SPACING = {
    f"{_DOCX_TEXT}tab": "\t",
    f"{_DOCX_TEXT}br": "\n",
    f"{_DOCX_TEXT}cr": "\n",
    f"{_ODT_TEXT}tab": "\t",
    f"{_ODT_TEXT}s": " ",
    f"{_ODT_TEXT}line-break": "\n",
}
# Text that is no text of the document: instructions of fields, what was struck out.
_UNSEEN = frozenset(
    (f"{_DOCX_TEXT}instrText", f"{_DOCX_TEXT}delText", f"{_ODT_TEXT}tracked-changes")
)


def paragraphs(root: etree._Element) -> list[str]:
    """Return the text of each paragraph in *root*, in order; one inside another comes after it."""
    found: list[str] = []
    open_parts: list[list[str]] = []
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            unseen += tag in _UNSEEN
            if tag in _PARAGRAPHS:
                open_parts.append([])
            if open_parts and not unseen:
                open_parts[-1] += [_SPACING.get(str(tag), ""), element.text or ""]
        else:
            if tag in _PARAGRAPHS and open_parts:
                text = "".join(open_parts.pop()).strip()
                found += [text] if text else []
            unseen -= tag in _UNSEEN
            if open_parts and not unseen and element is not root:
                open_parts[-1].append(element.tail or "")
    return found


def _parsed(data: bytes) -> etree._Element | None:
    if not data:
        return None
    try:
        return etree.fromstring(data, parser())
    except etree.XMLSyntaxError:
        return None
