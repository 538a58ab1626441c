"""What we write, other programs read: each field of the crosswalk, for each kind."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware

from archive.catalogue.records import Record
from archive.citation.formats import write
from archive.kinds import KINDS

# One value of each sort that has broken an export somewhere, spread over the kinds.
# No "|" and no unbalanced brace: pandoc drops \textbar and \textbraceleft, which TeX
# prints; test_formats.py has them.
NASTY: list[dict[str, Any]] = [
    {
        "title": "100% of R&D_budget #1: {curly} \\backslash $5 ~tilde ^caret \"straight\" 'single'",
        "issuer": "Ministry_of_Finance & Co., $5",
        "authors": ("O’Brien-Ñuñez, José María",),
        "publication": "R&D {News} #1",
        "language": "en-US",
    },
    {
        "title": "<script>alert(1)</script> & <i>Homo sapiens</i> 1 < 2",
        "issuer": "<b onmouseover=alert(3)>Evil Corp</b>",
        "publication": "Bad<br>Site",
        "archive": "A & B, {C}",
        "language": "en",
    },
    {
        "title": "Peace\nER  - \r\nTY  - BOOK\nTI  - Not\u2028this\x00 one\x85",
        "issuer": "Body\nER  - \n",
        "publisher": "Press\r\n\r\nTY  - BOOK",
        "language": "en",
    },
    {
        "title": "A title, author = {Nobody}, x = {\\input{/etc/passwd}} @misc{y}",
        "issuer": "Office {of} Culture and Tourism",
        "place": "Bosnia and Herzegovina",
        "publisher": "Press and Sons",
        "language": "en",
    },
    {
        "title": "Qarabağ: ışıq və kölgə İçərişəhərdə",
        "issuer": "Azərbaycan Respublikasının Prezidenti",
        "authors": ("Əliyeva, İlahə",),
        "publication": "Xalq qəzeti",
        "place": "Bakı",
        "number": "№ 351-IVQ",
        "language": "az",
    },
    {
        "title": "«Мы не сдадимся»: интервью с депутатом № 5",
        "issuer": "Президент Российской Федерации",
        "authors": ("Щербаков-Йогансон, Фёдор Ильич",),
        "publication": "Примерная газета",
        "place": "Санкт-Петербург",
        "number": "1807",
        "language": "ru",
    },
    {
        "title": "مجلس دربارهٔ مرزها چه تصمیمی گرفت؟",
        "issuer": "الأمم المتحدة",
        "authors": ("حسینی, مریم",),
        "publication": "روزنامهٔ نمونه",
        "language": "ar",
    },
    {
        "title": "Խորհրդարանը քննարկեց որոշումը",
        "issuer": "Ազգային ժողով",
        "authors": ("Պետրոսյան, Անի",),
        "publication": "Օրինակ թերթ",
        "language": "hy",
    },
    {
        "title": "联合国大会决议的档案价值：一项“研究”",
        "issuer": "联合国大会",
        "authors": ("王, 小明",),
        "publication": "示例周刊",
        "language": "zh-CN",
    },
    {
        "title": "Dashes -- and --- and ,,quotes'' and ``more'' and ¿?` wait: don't",
        "issuer": "United Nations, Secretary-General",
        "authors": ("van der Berg, Anna", "King, Martin Luther, Jr.", "Reuters"),
        "number": "2020-1310",
        "language": "fr-FR",
    },
]
PUBLISHED = [*KINDS]


def selection(full: Callable[..., Record]) -> dict[str, Record]:
    """Every kind, and every set of nasty values at least once, by public id."""
    turns = max(len(PUBLISHED), len(NASTY))
    records = [
        full(f"id{turn}", kind=PUBLISHED[turn % len(PUBLISHED)], **NASTY[turn % len(NASTY)])
        for turn in range(turns)
    ]
    # A paper that nobody published stays a manuscript.
    bare = full("bare", kind="letter", publication=None, publisher=None)
    return {f"muniment-{record.public_id}": record for record in [*records, bare]}


def fold(value: object) -> str:
    """A value as a reader may rightly have changed it: quotes turned, space drawn together."""
    # pylatexenc has the accent for \\textasciicircum.
    text = unicodedata.normalize("NFC", str(value)).replace("ˆ", "^")
    text = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)
    text = re.sub("[\"“”„'‘’‚`״]", "'", text).replace("''", "'").replace("\u2011", "-")
    return " ".join(re.sub(r"(?<=\d)[–-]+(?=\d)", "-", text).split())


def names_of(record: Record) -> set[str]:
    """Everybody who must come back as an author, the parts of each name in sorted order."""
    about = record.description
    kind = KINDS[about.kind or "other"]
    issuer = (about.issuer,) if about.issuer and kind.csl != "legal_case" else ()
    return {parts(name) for name in (*about.authors, *issuer)}


def parts(name: str) -> str:
    return " ".join(sorted(re.sub("[,–]", " ", fold(name)).split()))


def bare_number(record: Record) -> str:
    return (record.description.number or "").removeprefix("№ ")


def published(record: Record) -> bool:
    return bool(record.description.publisher or record.description.publication)


def ris_type(record: Record) -> str:
    kind = KINDS[record.description.kind or "other"].ris
    return "RPRT" if kind == "MANSCPT" and published(record) else kind


def said(words: str, where: str, record: Record, entry: dict[str, Any]) -> None:
    assert fold(words) in fold(entry[where]), where


# --- RIS ---------------------------------------------------------------------------------


def check_rispy(entry: dict[str, Any], record: Record) -> None:
    about, kind = record.description, ris_type(record)
    statute, case = kind == "STAT", kind == "CASE"
    assert entry["type_of_reference"] == kind
    assert {parts(name) for name in entry["authors"]} == names_of(record)
    same = {
        "title": about.title,
        "secondary_title": about.publication,
        "year": "1996",
        "date": "1996/12/30/",
        "type_of_work": genre_of(record),
        "volume": about.volume,
        "number": about.issue,
        "start_page": "101",
        "end_page": "109",
        "section": about.section,
        "edition": about.session if statute else None,
        "place_published": about.place,
        "publisher": about.issuer if case else about.publisher,
        "keywords": ["Azerbaijan"],
        "language": about.language,
        "urls": [f"https://archive.example/d/{record.public_id}"],
        "access_date": "2026/03/04/",
        "name_of_database": about.archive,
        "accession_number": about.location,
        "note": bare_number(record) if kind not in {"RPRT", "CASE"} else None,
        "issn": bare_number(record) if kind == "RPRT" else None,
    }
    for field, value in same.items():
        assert fold(entry.get(field)) == fold(value), field
    if case:
        assert entry["unknown_tag"]["SV"] == [bare_number(record)]
        said(f"Publisher: {about.publisher}", "notes", record, entry)
    if statute or case:
        said(
            f"Archive: {about.archive}, {about.collection}, {about.location}",
            "notes",
            record,
            entry,
        )
    if not statute:
        said("Session: 48th", "notes", record, entry)
    for words in (record.items[0].digest, about.source_url, about.collection, about.rights):
        said(words or "", "notes", record, entry)


def genre_of(record: Record) -> str | None:
    kind = KINDS[record.description.kind or "other"]
    return None if kind.slug in {"news_article", "other"} else kind.label


def test_rispy_reads_every_field_of_ris(full, site):
    records = selection(full)
    entries = rispy.loads(write(records.values(), "ris", site))
    assert [entry["id"] for entry in entries] == [*records]
    for entry in entries:
        check_rispy(entry, records[entry["id"]])


# What pandoc takes from RIS; it has no place for M1, M3, DA, CY, SE, Y2, DB, AN and N1.
def check_pandoc_ris(item: dict[str, Any], record: Record) -> None:
    about = record.description
    case = ris_type(record) == "CASE"
    same = {
        "type": {"NEWS": "article-newspaper", "RPRT": "report", "STAT": "legislation",
                 "CASE": "legal_case", "MANSCPT": "manuscript"}[ris_type(record)],
        "title": about.title,
        "container-title": about.publication,
        "volume": about.volume,
        "issue": about.issue,
        "page": "101-109",
        "publisher": about.issuer if case else about.publisher,
        "language": about.language,
        "URL": f"https://archive.example/d/{record.public_id}",
        "keyword": "Azerbaijan",
    }  # fmt: skip
    for field, value in same.items():
        assert fold(item.get(field)) == fold(value), field
    assert item["issued"] == {"date-parts": [[1996]]}
    assert {csl_parts(name) for name in item["author"]} == names_of(record)


def csl_parts(name: dict[str, str]) -> str:
    return parts(" ".join(name.values()))


def test_pandoc_reads_ris(full, site, pandoc):
    records = selection(full)
    items = pandoc(write(records.values(), "ris", site), "ris")
    assert {item["id"] for item in items} == {*records}
    for item in items:
        check_pandoc_ris(item, records[item["id"]])


# --- BibLaTeX and BibTeX -----------------------------------------------------------------

BIBLATEX_TYPES = {"article-newspaper": "article", "report": "report", "legislation": "legislation",
                  "legal_case": "jurisdiction", "document": "misc"}  # fmt: skip
BIBTEX_TYPES = BIBLATEX_TYPES | {
    "report": "techreport",
    "legislation": "misc",
    "legal_case": "misc",
}


VERBATIM = {"url", "date"}


def bibtex_entries(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    raw = bibtexparser.parse_string(text)
    # pylatexenc, which decodes for bibtexparser, does not know these two; TeX does.
    text = text.replace(r"\textless{}", "<").replace(r"\textgreater{}", ">")
    read = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not read.failed_blocks
    assert not read.comments
    return {
        entry.key: (
            entry.entry_type,
            {f.key: str(entry_raw[f.key] if f.key in VERBATIM else f.value) for f in entry.fields},
        )
        for entry, entry_raw in zip(read.entries, raw.entries, strict=True)
    }


def numbered(record: Record) -> str:
    return f"{genre_of(record) or ''} {bare_number(record)}".strip()


def bib_same(record: Record, entry_type: str) -> dict[str, str | None]:
    """The fields that both formats write alike."""
    about = record.description
    report = entry_type in {"report", "techreport"}
    article = entry_type == "article"
    return {
        "title": about.title,
        "number": about.issue if article else bare_number(record),
        "volume": about.volume,
        "issue": None if article else about.issue,
        "chapter": about.section,
        "pages": "101--109",
        "institution": None if article else about.publisher or about.issuer if report else about.issuer,
        "publisher": None if report else about.publisher,
        "url": f"https://archive.example/d/{record.public_id}",
        "keywords": "Azerbaijan",
    }  # fmt: skip


def check_authors(written: str, record: Record) -> None:
    # The decoding takes the braces off, so a body with "and" in it is counted in words;
    # that it stays one name is pandoc's to show.
    expected = " ".join(names_of(record)).replace(" and ", " ")
    assert parts(written.replace(" and ", " ")) == parts(expected)


def check_biblatex(entry_type: str, entry: dict[str, str], record: Record) -> None:
    about = record.description
    csl = KINDS[about.kind or "other"].csl
    assert entry_type == BIBLATEX_TYPES[csl]
    report = entry_type == "report"
    same = bib_same(record, entry_type) | {
        "journaltitle": about.publication,
        "titleaddon": None if report else numbered(record),
        "type": genre_of(record) if report else None,
        "entrysubtype": "newspaper" if entry_type == "article" else None,
        "location": about.place,
        "date": "1996-12-30",
        "urldate": "2026-03-04",
        "library": f"{about.archive}, {about.collection}, {about.location}",
        "langid": LANGIDS[about.language or ""],
    }
    for field, value in same.items():
        assert fold(entry.get(field)) == fold(value), field
    check_authors(entry["author"], record)
    for words in ("Session: 48th", about.source_url, record.items[0].digest):
        said(words or "", "note", record, entry)


LANGIDS = {"en-US": "american", "en": "english", "en-GB": "british", "az": "azerbaijani",
           "ru": "russian", "ar": "arabic", "hy": "armenian", "zh-CN": "chinese",
           "fr-FR": "french"}  # fmt: skip


def check_bibtex(entry_type: str, entry: dict[str, str], record: Record) -> None:
    about = record.description
    csl = KINDS[about.kind or "other"].csl
    assert entry_type == BIBTEX_TYPES[csl]
    misc = entry_type == "misc"
    same = bib_same(record, entry_type) | {
        "journal": None if misc else about.publication,
        "howpublished": about.publication if misc else None,
        "type": genre_of(record),
        "address": about.place,
        "year": "1996",
        "month": "dec",
        "day": "30",
        "langid": LANGIDS[about.language or ""],
    }
    for field, value in same.items():
        assert fold(entry.get(field)) == fold(value), field
    check_authors(entry["author"], record)
    kept = f"{about.archive}, {about.collection}, {about.location}"
    for words in ("Session: 48th", kept, "Accessed: 2026-03-04", about.source_url, about.rights,
                  record.items[0].digest, "" if entry_type == "techreport" else numbered(record)):  # fmt: skip
        said(words or "", "note", record, entry)


@pytest.mark.parametrize(("slug", "check"), [
    ("biblatex", check_biblatex),
    ("bibtex", check_bibtex),
])  # fmt: skip
def test_bibtexparser_reads_every_field(slug, check, full, site):
    records = selection(full)
    entries = bibtex_entries(write(records.values(), slug, site))
    assert [*entries] == [*records]
    for key, (entry_type, entry) in entries.items():
        check(entry_type, entry, records[key])


def check_pandoc_bib(item: dict[str, Any], record: Record, slug: str) -> None:
    about = record.description
    csl = KINDS[about.kind or "other"].csl
    article, report = csl == "article-newspaper", csl == "report"
    # A misc has no CSL type; a plain @article is a journal's to BibTeX.
    expected = {
        "document": "",
        "article-newspaper": csl if slug == "biblatex" else "article-journal",
    }
    if slug == "bibtex" and csl in {"legislation", "legal_case"}:
        expected[csl] = ""
    assert item["type"] == expected.get(csl, csl)
    gazette = "publisher" if item["type"] == "" and slug == "bibtex" else "container-title"
    same = {
        "volume": about.volume,
        "issue": about.issue if article else None,
        "number": None if article else bare_number(record),
        "page": "101-109",
        "chapter-number": about.section,
        "publisher-place": about.place,
        "URL": f"https://archive.example/d/{record.public_id}",
        "keyword": "Azerbaijan",
    }
    for field, value in same.items():
        assert fold(item.get(field)) == fold(value), field
    # pandoc adds the titleaddon to the title and keeps the title by itself as the short one.
    assert fold(item.get("title-short", item["title"])) == fold(about.title)
    assert item["issued"] == {"date-parts": [[1996, 12, 30]]}
    assert {csl_parts(name) for name in item["author"]} == names_of(record)
    if about.publication:
        said(about.publication, gazette, record, item)
    if about.publisher or not article:
        said(about.publisher or about.issuer or "", "publisher", record, item)
    if slug == "biblatex":
        assert item["accessed"] == {"date-parts": [[2026, 3, 4]]}
        # pandoc takes this one field as it stands in the file.
        item["call-number"] = item["call-number"].replace("\\", "")
        said(about.archive or "", "call-number", record, item)
    assert fold(item.get("genre")) == fold(genre_of(record) if report or slug == "bibtex" else None)
    for words in ("48th", about.source_url, record.items[0].digest):
        said(words or "", "note", record, item)


@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_pandoc_reads_every_field(slug, full, site, pandoc):
    records = selection(full)
    items = pandoc(write(records.values(), slug, site), slug)
    assert {item["id"] for item in items} == {*records}
    for item in items:
        check_pandoc_bib(item, records[item["id"]], slug)


# --- CSL-JSON ----------------------------------------------------------------------------


def test_pandoc_reads_every_field_of_csl_json(full, site, pandoc):
    records = selection(full)
    items = pandoc(write(records.values(), "csl-json", site), "csljson")
    assert {item["id"] for item in items} == {*records}
    for item in items:
        about = records[item["id"]].description
        record = records[item["id"]]
        same = {
            "type": KINDS[about.kind or "other"].csl,
            "title": about.title,
            "authority": about.issuer,
            "container-title": about.publication,
            "number": bare_number(record),
            "genre": genre_of(record),
            "volume": about.volume,
            "issue": about.issue,
            "page": about.page_range,
            "section": about.section,
            "publisher": about.publisher,
            "publisher-place": about.place,
            "jurisdiction": "Azerbaijan",
            "language": about.language,
            "URL": f"https://archive.example/d/{record.public_id}",
            "archive": about.archive,
            "archive_collection": about.collection,
            "archive_location": about.location,
        }
        for field, value in same.items():
            assert fold(item.get(field)) == fold(value), field
        assert item["issued"] == {"date-parts": [[1996, 12, 30]]}
        assert item["accessed"] == {"date-parts": [[2026, 3, 4]]}
        assert {csl_parts(name) for name in item["author"]} == names_of(record)


# --- dates -------------------------------------------------------------------------------

DATES = [
    # EDTF, RIS PY, RIS DA, BibLaTeX, BibTeX year and month, note, pandoc's date-parts, circa
    ("1993-12-20", "1993", "1993/12/20/", "1993-12-20", ("1993", "dec"), "", [[1993, 12, 20]], False),
    ("1993-06", "1993", "1993/06//", "1993-06", ("1993", "jun"), "", [[1993, 6]], False),
    ("1993", "1993", "1993///", "1993", ("1993", None), "", [[1993]], False),
    ("0900", "0900", "0900///", "0900", ("0900", None), "", [[900]], False),
    ("1918~", "1918", None, "1918~", ("1918", None), "circa 1918", [[1918]], True),
    ("1918-02~", "1918", None, "1918-02~", ("1918", None), "circa 1918-02", [[1918, 2]], True),
    ("199X", "1990", None, "1990~/1999~", ("1990", None), "circa 1990 to 1999", [[1990], [1999]], True),
    ("1991/1993-06", "1991", None, "1991-01/1993-06", ("1991", None), "1991-01 to 1993-06",
     [[1991, 1], [1993, 6]], False),
    ("", None, None, None, (None, None), "", None, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edtf", "ris_year", "ris_date", "biblatex", "bibtex", "note", "points", "circa"), DATES
)
def test_dates(edtf, ris_year, ris_date, biblatex, bibtex, note, points, circa, make, site):
    records = [make(dated=edtf, kind="decree")]
    ris = rispy.loads(write(records, "ris", site))[0]
    assert (ris.get("year"), ris.get("date")) == (ris_year, ris_date)
    assert ("Date: " + note in ris["notes"][0]) is bool(note)
    _, latex = bibtex_entries(write(records, "biblatex", site)).popitem()[1]
    assert latex.get("date") == biblatex
    _, tex = bibtex_entries(write(records, "bibtex", site)).popitem()[1]
    assert (tex.get("year"), tex.get("month")) == bibtex
    assert ("Date: " + note in tex["note"]) is bool(note)


def test_pandoc_reads_the_dates_of_biblatex(make, site, pandoc):
    records = [make(f"id{place}", dated=row[0]) for place, row in enumerate(DATES)]
    items = {item["id"]: item for item in pandoc(write(records, "biblatex", site), "biblatex")}
    for place, (*_, points, circa) in enumerate(DATES):
        issued = items[f"muniment-id{place}"].get("issued", {})
        assert issued.get("date-parts") == points
        assert issued.get("circa", False) is circa
