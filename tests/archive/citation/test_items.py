"""The 32 items on which other exports broke, as records of ours."""

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rispy

from archive.catalogue.records import Record
from archive.citation.crosswalk import csl_item, typographic
from archive.citation.formats import FORMATS, write

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("MUNIMENT_SHARED_DATA") or ROOT.parent / "shared" / "data")
ITEMS = FOLDER / "citation-items.json"

pytestmark = pytest.mark.skipif(
    not ITEMS.is_file(), reason=f"no {ITEMS.name}: set MUNIMENT_SHARED_DATA to its folder"
)

# What we hold an item to be, and the type it must leave as (citations.md 1.6).
KIND_AND_TYPE = {
    "article-newspaper": ("news_article", "article-newspaper"),
    "article-magazine": ("news_article", "article-newspaper"),
    "webpage": ("other", "document"),
    "bill": ("resolution", "report"),
    "report": ("report", "report"),
    "legislation": ("decree", "legislation"),
    "regulation": ("regulation", "legislation"),
    "treaty": ("treaty", "legislation"),
    "legal_case": ("court_decision", "legal_case"),
    "document": ("other", "document"),
    "standard": ("other", "document"),
}
SAME_FIELD = {
    "title": "title",
    "number": "number",
    "language": "language",
    "container-title": "publication",
    "volume": "volume",
    "issue": "issue",
    "page": "page_range",
    "section": "section",
    "chapter-number": "session",
    "publisher": "publisher",
    "publisher-place": "place",
    "archive": "archive",
    "archive_location": "location",
    "URL": "source_url",
}


def items() -> list[dict[str, Any]]:
    return list(json.loads(ITEMS.read_text("utf-8"))) if ITEMS.is_file() else []


def written_name(name: dict[str, str]) -> str:
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"))))
    given = " ".join(filter(None, (name.get("given"), name.get("dropping-particle"))))
    return ", ".join(filter(None, (family, given, name.get("suffix"))))


def edtf(issued: dict[str, Any]) -> str:
    """The date as ours; nothing for one before the year 1, which a record cannot hold."""
    points = issued.get("date-parts", [])
    if not points or points[0][0] < 1:
        return ""
    written = "/".join("-".join(f"{part:02d}" for part in point) for point in points)
    return written + ("~" if issued.get("circa") else "")


def about(item: dict[str, Any]) -> dict[str, Any]:
    """What a record would say of this item, as far as its fields go."""
    kind = KIND_AND_TYPE[item["type"]][0]
    bodies = [name["literal"] for name in item.get("author", []) if "literal" in name]
    issuer = item.get("authority") or (bodies[0] if bodies and kind != "news_article" else None)
    seen = item.get("accessed")
    return {
        "kind": kind,
        "issuer": issuer,
        "authors": tuple(
            name.get("literal") or written_name(name) for name in item.get("author", [])
        ),
        "dated": edtf(item.get("issued", {})),
        "accessed": date(*seen["date-parts"][0]) if seen else None,
        **{ours: item[theirs] for theirs, ours in SAME_FIELD.items() if theirs in item},
    }


@pytest.fixture(scope="module")
def records(make) -> dict[str, Record]:
    return {item["id"]: make(item["id"], **about(item)) for item in items()}


def words(name: dict[str, str]) -> list[str]:
    return sorted(re.sub(",", " ", " ".join(name.values())).split())


@pytest.mark.parametrize("item", items(), ids=lambda item: item["id"])
def test_an_item_comes_back_whole(item, records, site):
    back: dict[str, Any] = dict(csl_item(records[item["id"]], site))
    assert back["type"] == KIND_AND_TYPE[item["type"]][1]
    assert back["title"] == typographic(item["title"])
    assert back.get("number", "").replace("‑", "-") == item.get("number", "")
    # The link is ours; the one it was taken from is kept beside it.
    assert back["URL"] == f"https://archive.example/d/{item['id']}"
    assert back["custom"].get("source_url") == item.get("URL")
    assert back["custom"].get("session") == item.get("chapter-number")
    for field in (*SAME_FIELD, "authority", "accessed"):
        if field not in {"title", "number", "URL", "chapter-number"}:
            assert field not in item or back[field] == item[field], field
    if item["id"] != "doc-bce":
        assert back.get("issued") == item.get("issued")
    names = [words(name) for name in back.get("author", [])]
    for name in item.get("author", []):
        assert words(name) in names
    if not item.get("author") and "authority" in item and back["type"] != "legal_case":
        assert back["author"] == [{"literal": item["authority"]}]


@pytest.mark.parametrize("slug", FORMATS)
def test_all_items_leave_and_are_found_by_pandoc(slug, records, site, pandoc):
    text = write(records.values(), slug, site)
    back = pandoc(text, {"csl-json": "csljson"}.get(slug, slug))
    assert len(back) == len(records)
    assert {one["id"] for one in back} == {
        csl_item(record, site)["id"] for record in records.values()
    }


def test_all_titles_of_ris_are_exact(records, site):
    back = rispy.loads(write(records.values(), "ris", site))
    assert [one["title"] for one in back] == [item["title"] for item in items()]
