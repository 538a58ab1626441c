"""What XML documents say of themselves: by name where the schema is known, by likeness elsewhere."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from indexer.extract import Metadatum

LOOKED_AT = 600  # elements from the top: metadata that stands deeper is of a part
FOUND_MAX = 150
VALUE_MAX_CHARS = 1_000

_DC = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def of_akoma_ntoso(root: etree._Element) -> Iterator[Metadatum]:
    """Give `akn.FRBRdate` (of the work, its kind after a dot), `akn.docTitle`, `akn.docNumber` …"""
    for level in ("FRBRWork", "FRBRExpression"):
        scope = next(root.iter(f"{{*}}{level}"), None)
        if scope is None:
            continue
        prefix = "akn" if level == "FRBRWork" else "akn.FRBRExpression"
        for element in scope:
            yield from _frbr(element, prefix)
    for element in root.iter("{*}publication"):
        for attribute in ("date", "name", "number", "showAs"):
            if value := element.get(attribute):
                yield Metadatum(f"akn.publication.{attribute}", value)
        break
    for element in root.iter("{*}jolux"):
        name = next((value for key, value in element.attrib.items() if key.endswith("name")), "")
        if name and (value := _joined(element)):
            yield Metadatum(f"akn.{name}", value)
    wanted = (
        "docTitle",
        "docNumber",
        "docDate",
        "docType",
        "docProponent",
        "shortTitle",
        "docketNumber",
    )
    for element in islice(root.iter(*(f"{{*}}{name}" for name in wanted)), 60):
        name = etree.QName(element).localname
        if value := _joined(element):
            yield Metadatum(f"akn.{name}", value)
        if date := element.get("date"):
            yield Metadatum(f"akn.{name}.date", date)


def _frbr(element: etree._Element, prefix: str) -> Iterator[Metadatum]:
    if not isinstance(element.tag, str):
        return
    name = etree.QName(element).localname
    value = next(
        (element.get(key) for key in ("date", "value", "language", "href") if element.get(key)), ""
    )
    if not value:
        return
    kind = element.get("name") if name == "FRBRdate" else element.get(_XML_LANG)
    kind = (kind or "").rsplit(":", 1)[-1]
    if not kind or (name == "FRBRdate" and not _LATER.search(kind)):
        yield Metadatum(f"{prefix}.{name}", value)
    if kind:
        yield Metadatum(f"{prefix}.{name}.{kind}", value)


_LATER = re.compile(r"force|applic|publi|consolid|version|repeal|end", re.I)


def of_tei(root: etree._Element) -> Iterator[Metadatum]:
    """Give `tei.title`, `tei.author`, `tei.date`, `tei.publisher` and their like, out of the header."""
    header = next(root.iter("{*}teiHeader"), None)
    if header is None:
        return
    wanted = (
        "title",
        "author",
        "editor",
        "date",
        "publisher",
        "pubPlace",
        "idno",
        "language",
        "sponsor",
    )
    for element in header.iter(*(f"{{*}}{name}" for name in wanted)):
        name = etree.QName(element).localname
        when = next(
            (element.get(key) for key in ("when", "when-iso", "ident", "from") if element.get(key)),
            "",
        )
        if value := when or _joined(element):
            yield Metadatum(f"tei.{name}", value)
        if name == "language" and when and (spoken := _joined(element)):
            yield Metadatum("tei.language.name", spoken)


_HOLDERS = re.compile(r"meta|identifi|header|front|info|aanhef|kop$", re.I)
# In the languages of the gazettes we met: title, date, number, kind, issuer, year, language.
_TELLING = re.compile(
    r"titl|titel|titul|titre|titol|intitule|pealkiri|nimi$|dat[eaou]|datum|fecha|kuup|num(?:ber|ero|mer|éro)"
    r"|(?:^|[a-z])nr$|tipo|type|soort|liik$|organismo|issuer|author|valjaandja|emis|year|language|publi|promul"
    r"|category|country|enact|identif",
    re.I,
)
_TITLE = re.compile(r"titl|titel|titul|titre|titol|intitule|pealkiri", re.I)
_GENERIC = frozenset(("value", "date", "text", "content", "name", "datum"))
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T+Z].*)?")
_BORING = re.compile(
    r"xsi:|schema|stam-id|versie-id|label-id|^id$|eid$|bwb-ng|uri$|href$|class$|style$", re.I
)


def of_any(root: etree._Element) -> Iterator[Metadatum]:
    """Give elements and attributes near the top that look like a title, date, number, kind or issuer.

    Named `xml.<local name>`; Dublin Core keeps its own names.
    """
    if lang := root.get(_XML_LANG):
        yield Metadatum("xml.lang", lang)
    yield Metadatum("xml.root", etree.QName(root).localname)
    found = 0
    for count, element in enumerate(root.iter("*")):
        if count > LOOKED_AT or found > FOUND_MAX:
            break
        for metadatum in _of_element(element):
            found += 1
            yield metadatum


def _of_element(element: etree._Element) -> Iterator[Metadatum]:
    name = etree.QName(element)
    if prefix := _DC.get(name.namespace or ""):
        if value := _joined(element):
            yield Metadatum(f"{prefix}.{name.localname}", value)
        return
    if name.localname in {"link", "extref", "ref"}:
        return
    is_leaf = len(element) == 0
    text = _joined(element) if is_leaf or _TITLE.search(name.localname) else ""
    if (
        text
        and len(text) <= VALUE_MAX_CHARS
        and (_TELLING.search(name.localname) or _held(element))
    ):
        yield Metadatum(f"xml.{name.localname}", text)
    for key, value in element.attrib.items():
        local = str(key).rsplit("}", 1)[-1]
        if _BORING.search(str(key)) or len(value) > VALUE_MAX_CHARS or not value.strip():
            continue
        if local.lower() in _GENERIC:
            if _TELLING.search(name.localname) or _held(element):
                yield Metadatum(f"xml.{name.localname}", value)
        elif _DATE.fullmatch(value) or (_TELLING.search(local) and _held(element)):
            yield Metadatum(f"xml.{local}", value)


def _held(element: etree._Element) -> bool:
    """Tell whether the element stands in one that holds metadata."""
    for count, above in enumerate(element.iterancestors()):
        if isinstance(above.tag, str) and _HOLDERS.search(etree.QName(above).localname):
            return True
        if count > 5:
            break
    return False


def _joined(element: etree._Element) -> str:
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > 2 * VALUE_MAX_CHARS:
            return ""
    return " ".join("".join(parts).split())
