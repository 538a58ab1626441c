"""What a page of HTML says of itself: meta elements, JSON-LD, links, times, and two libraries' views."""

import json
import re
from collections.abc import Iterator
from typing import Any

import htmldate
import htmldate.extractors
import trafilatura.external
import trafilatura.metadata
from bs4 import BeautifulSoup, Tag
from lxml.html import HtmlElement

from indexer.extract import Metadatum

JSONLD_MAX_CHARS = 500_000
JSONLD_MAX_VALUES = 300
JSONLD_DEPTH = 4
TIMES_MAX = 20
OLDEST = "1900-01-01"  # htmldate's own 1995 finds ten fewer dates of 431, and none better

# Vocabularies that are kept whole, by how their names begin; the name's own spelling varies.
_VOCABULARIES = (
    "citation_",
    "dc.",
    "dcterms.",
    "og:",
    "article:",
    "eli:",
    "prism.",
    "eprints.",
    "bepress_citation_",
)
# Names outside a vocabulary: kept where they speak of what an archive describes.
_TELLING = re.compile(
    r"author|creator|byline|date|time|publi|created|modified|issued|title|headline|description|keywords"
    r"|subject|language|identifier|docnumber|source|section|category|generator|copyright|revised",
    re.I,
)
_NAMED = frozenset(("html", "title", "meta", "link", "time", "script"))
_MICRODATA = frozenset(
    (
        "datePublished",
        "dateCreated",
        "dateModified",
        "headline",
        "author",
        "publisher",
        "inLanguage",
    )
)
# What the page itself is; anything else that JSON-LD tells of is beside it.
_WORKS = re.compile(
    r"Article|Posting|WebPage|CreativeWork|Legislation|Report|Book|Document|Thesis|Dataset|Review|Speech|Event"
)


def of_soup(soup: BeautifulSoup) -> list[Metadatum]:
    """Return what the page's elements say of it, in the order of the page.

    `html.title`, `html.lang`, `html.canonical`, `html.time`; names of the known vocabularies
    in lower case (`dc.title`, `og:title`, `citation_title`, `article:published_time`);
    other telling names as `meta.<name>`; microdata as `microdata.datePublished`; JSON-LD as
    `jsonld.headline` for the page and `jsonld.Organization.name` for what is beside it.
    """
    found: list[Metadatum] = []
    times = 0
    for tag in soup.descendants:  # five times as fast as find_all with a list of names
        if not isinstance(tag, Tag) or (tag.name not in _NAMED and "itemprop" not in tag.attrs):
            continue
        match tag.name:
            case "html" if lang := tag.get("lang") or tag.get("xml:lang"):
                found.append(Metadatum("html.lang", str(lang)))
            case "title" if not _in_drawing(tag):
                found.append(Metadatum("html.title", tag.get_text(" ")))
            case "meta":
                found += _meta(tag)
            case "link" if "canonical" in str(tag.get("rel")).split() and (href := tag.get("href")):
                found.append(Metadatum("html.canonical", str(href)))
            case "time" if (at := tag.get("datetime")) and times < TIMES_MAX:
                times += 1
                found.append(Metadatum("html.time", str(at)))
            case "script" if "ld+json" in str(tag.get("type", "")).lower():
                found += of_jsonld(tag.string or "")
        if (item := tag.get("itemprop")) in _MICRODATA and tag.name != "meta":
            value = tag.get("datetime") or tag.get("content") or tag.get_text(" ")[:1_000]
            found.append(Metadatum(f"microdata.{item}", str(value)))
    return found


def _in_drawing(tag: Tag) -> bool:
    return tag.parent is not None and tag.parent.name in {"svg", "symbol", "g", "a", "use", "path"}


def _meta(tag: Tag) -> Iterator[Metadatum]:
    content = str(tag.get("content") or "")
    if not content.strip():
        return
    if str(tag.get("http-equiv", "")).lower() == "content-language":
        yield Metadatum("html.lang", content)
    for attribute in ("name", "property", "itemprop"):
        name = str(tag.get(attribute) or "").strip()
        if not name:
            continue
        folded = name.lower().replace("dc:", "dc.").replace("dcterms:", "dcterms.")
        if folded.startswith(_VOCABULARIES):
            if not folded.startswith(("og:image", "og:video", "og:audio")):
                yield Metadatum(folded, content)
        elif attribute == "itemprop" and name in _MICRODATA:
            yield Metadatum(f"microdata.{name}", content)
        elif _TELLING.search(name):
            yield Metadatum(f"meta.{folded}", content)
        else:
            continue
        return


def of_jsonld(text: str) -> list[Metadatum]:
    """Return the values of a JSON-LD script, each named by its path; broken ones give none."""
    text = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removesuffix("-->")
    text = text.removesuffix("//]]>").strip().rstrip(";")
    if len(text) > JSONLD_MAX_CHARS:
        return []
    try:
        parsed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    found: list[Metadatum] = []
    nodes = parsed if isinstance(parsed, list) else [parsed]
    for node in nodes[:50]:
        if isinstance(node, dict):
            graph = node.get("@graph")
            members = graph if isinstance(graph, list) else [node]
            for member in members[:50]:
                found += _flattened(member)
    return found[:JSONLD_MAX_VALUES]


_BULKY = (".@context", ".articleBody", ".text", ".logo", ".image")


def _flattened(node: Any) -> Iterator[Metadatum]:
    if not isinstance(node, dict):
        return
    kind = node.get("@type", "")
    kind = str(kind[0] if isinstance(kind, list) and kind else kind)
    prefix = "jsonld" if not kind or _WORKS.search(kind) else f"jsonld.{kind}"
    # Depth first, in the order written; a stack, because JSON may nest as it likes.
    stack: list[tuple[str, Any, int]] = [(prefix, node, 0)]
    while stack:
        name, value, depth = stack.pop()
        if isinstance(value, dict):
            if depth < JSONLD_DEPTH:
                inner = [(f"{name}.{key}", part, depth + 1) for key, part in value.items()]
                stack += reversed(inner)
        elif isinstance(value, list):
            stack += [(name, part, depth) for part in reversed(value[:30])]
        elif isinstance(value, str | int | float) and not (
            isinstance(value, bool) or name.endswith(_BULKY)
        ):
            yield Metadatum(name, str(value))


def of_tree(tree: HtmlElement) -> list[Metadatum]:
    """Return what trafilatura and htmldate make of the page.

    `trafilatura.date` is what they find in marked places only; `htmldate.published` may
    come from anywhere in the page.
    """
    found: list[Metadatum] = []
    document = trafilatura.metadata.extract_metadata(
        tree,
        date_config={"original_date": True, "extensive_search": False, "min_date": OLDEST},
    )
    for name in ("title", "author", "sitename", "date"):
        value = str(getattr(document, name, None) or "")
        found.append(Metadatum(f"trafilatura.{name}", value))
    # Where the marked places name a date, htmldate looks no further than trafilatura had it look.
    published = document.date or htmldate.find_date(
        tree, original_date=True, extensive_search=True, min_date=OLDEST
    )
    if published:
        found.append(Metadatum("htmldate.published", published))
    return found


def warm_up() -> None:
    """Do once, before forking, what costs two seconds when it is first needed."""
    # Words of no language: so that the patterns of every one of its 205 locales are compiled.
    htmldate.extractors.get_external_parser().get_date_data("17 qzqz 2015")
    trafilatura.metadata.extract_domain("https://example.org/")  # the list of top-level domains
    trafilatura.external.jt_stoplist_init()
