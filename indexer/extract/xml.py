"""XML: the text in order, and what the schema says of the document."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from indexer.extract import (
    Extraction,
    Limits,
    MediaType,
    Metadatum,
    Page,
    Unreadable,
    charset,
    xml_metadata,
)
from indexer.extract.xml_text import text_of


def parser(*, recover: bool = False) -> etree.XMLParser:
    """Return a parser that resolves no entity, loads no DTD, opens nothing, and stops at depth 256."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def read(path: Path, media_type: MediaType, _limits: Limits) -> Extraction:
    """Read an XML file of any schema; Akoma Ntoso and TEI have metadata that is known by name."""
    data = path.read_bytes()
    root, broken = _parsed(data)
    text = text_of(root)
    missing = []
    if broken:
        missing.append(
            f"the XML is broken ({broken}); what stands before and around that place was read"
        )
    if next(root.iter(etree.Entity), None) is not None:
        missing.append("the document declares entities of its own, which are not resolved")
    return Extraction(
        status="partial" if missing else "text",
        media_type=media_type,
        reader="lxml",
        reader_version=etree.__version__,
        pages=(Page(1, text.main, text.aside),),
        metadata=tuple(_metadata(root, media_type)),
        headings=text.headings,
        reason="; ".join(missing),
    )


def _metadata(root: etree._Element, media_type: MediaType) -> Iterator[Metadatum]:
    if media_type == "application/akn+xml":
        yield from xml_metadata.of_akoma_ntoso(root)
    elif media_type == "application/tei+xml":
        yield from xml_metadata.of_tei(root)
    else:
        yield from xml_metadata.of_any(root)


def _parsed(data: bytes) -> tuple[etree._Element, str]:
    """Return the tree, and where the file is broken; empty where it is not."""
    try:
        return etree.fromstring(data, parser()), ""
    except etree.XMLSyntaxError as error:
        broken = str(error.msg)
    if "Excessive depth" in broken or "amplification" in broken or "huge" in broken.lower():
        raise Unreadable(f"the XML is unsafe to read ({broken})")
    # A wrong encoding in the declaration, or one that libxml2 has not, is the usual reason.
    declared = _DECLARED.search(data[:500])
    text = charset.decode(data, declared[1].decode("ascii") if declared else None).text.lstrip()
    if text.startswith("<?xml"):
        text = text[text.find("?>") + 2 :].lstrip()
    source = text.encode("utf-8", "replace")
    try:
        return etree.fromstring(source, parser()), ""
    except etree.XMLSyntaxError as error:
        broken = str(error.msg)
    root = etree.fromstring(source, parser(recover=True))
    if root is None:
        raise Unreadable(f"the XML cannot be read ({broken})")
    return root, broken


_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w:.\-]{2,40})")
