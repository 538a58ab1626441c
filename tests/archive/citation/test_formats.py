"""Selections as files: nothing gets out of its field, nothing is lost or doubled."""

import json
import re
from datetime import date
from pathlib import Path

import bibtexparser
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.citation.formats import FORMATS, entries, write
from archive.config import SiteSettings
from archive.kinds import KINDS, Kind

GOLD = Path(__file__).resolve().parents[2] / "gold"


def field(text: str, name: str) -> str:
    """The value of a field of the only entry, as it stands in the file."""
    found = re.findall(rf"^  {name} = (.*),$", text, re.MULTILINE)
    assert len(found) == 1, text
    return str(found[0])


def tags(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.split("\r\n"):
        if line:
            assert line[2:6] == "  - "
            found.setdefault(line[:2], []).append(line[6:])
    return found


# --- all formats -------------------------------------------------------------------------


def test_the_formats_and_how_they_travel():
    assert [(one.slug, one.media_type, one.extension) for one in FORMATS.values()] == [
        ("ris", "application/x-research-info-systems", "ris"),
        ("biblatex", "application/x-bibtex", "bib"),
        ("bibtex", "application/x-bibtex", "bib"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "json"),
    ]


def test_an_unknown_format_is_refused_before_anything_is_read(site):
    def never():
        raise AssertionError
        yield

    with pytest.raises(ValueError, match="no citation format 'mods'; known: ris, biblatex"):
        entries(never(), "mods", site)


@pytest.mark.parametrize("slug", FORMATS)
def test_records_are_read_as_the_file_is_written(slug, make, site):
    read: list[str] = []

    def records():
        for number in range(3):
            read.append(f"id{number}")
            yield make(f"id{number}")

    pieces = entries(records(), slug, site)
    assert read == []
    while "muniment-id0" not in next(pieces):
        pass
    assert read == ["id0"]


@pytest.mark.parametrize("slug", FORMATS)
def test_a_record_that_comes_twice_is_written_once(slug, make, site):
    once = write([make("a1"), make("b2")], slug, site)
    assert write([make("a1"), make("b2"), make("a1")], slug, site) == once


@pytest.mark.parametrize(("slug", "text"), [
    ("ris", ""), ("biblatex", ""), ("bibtex", ""), ("csl-json", "[\n\n]\n"),
])  # fmt: skip
def test_a_selection_of_nothing(slug, text, site):
    assert write([], slug, site) == text


@pytest.mark.parametrize("slug", FORMATS)
def test_the_file_has_not_changed(slug, full, make, site):
    records = [
        full("article01", kind="news_article", title="«Мы» & 100% of {it}", language="ru"),
        full("decree001"),
        full("resoluti1", kind="resolution", issuer="United Nations, General Assembly"),
        full("judgemnt1", kind="court_decision"),
        full("letter001", kind="letter", publisher=None, publication=None, dated="1918~"),
        make("unknown01"),
    ]
    text = write(records, slug, site)
    gold = GOLD / f"citation-{slug}.{FORMATS[slug].extension}"
    expected = gold.read_bytes().decode() if gold.exists() else ""
    if text != expected:
        gold.with_name(gold.name + ".actual").write_text(text, "utf-8", newline="")
    assert text == expected


# --- RIS ---------------------------------------------------------------------------------


def test_ris_lines_end_with_crlf_and_the_last_tag_is_er(full, site):
    text = write([full("a1"), full("b2")], "ris", site)
    assert "\n" not in text.replace("\r\n", "")
    assert text.startswith("TY  - STAT\r\n")
    assert text.endswith("\r\nER  - \r\n\r\n")
    assert text.count("\r\nER  - \r\n") == 2


@pytest.mark.parametrize(("kind", "about", "tag", "number"), [
    ("resolution", {}, "SN", "A/12-b"),
    ("report", {}, "SN", "A/12-b"),
    ("decree", {}, "M1", "A/12-b"),
    ("court_decision", {}, "SV", "A/12-b"),
    ("letter", {}, "SN", "A/12-b"),
    ("letter", {"publisher": None, "publication": None}, "M1", "A/12-b"),
])  # fmt: skip
def test_the_number_is_where_zotero_looks_for_it(kind, about, tag, number, full, site):
    found = tags(write([full(kind=kind, **about)], "ris", site))
    assert {name: found.get(name) for name in ("SN", "M1", "SV")} == {
        "SN": None, "M1": None, "SV": None, tag: [number],
    }  # fmt: skip


@pytest.mark.parametrize(("issuer", "written"), [
    ("United Nations, Secretary-General", "United Nations – Secretary-General"),
    ("A,B , C", "A – B – C"),
    ("Reuters & AFP", "Reuters & AFP"),
])  # fmt: skip
def test_a_body_with_a_comma_does_not_become_a_person(issuer, written, make, site):
    assert tags(write([make(kind="decree", issuer=issuer)], "ris", site))["AU"] == [written]


def test_a_person_has_two_commas_at_most(make, site):
    written = tags(write([make(authors=("A, B, C", "King, Martin, Jr."))], "ris", site))["AU"]
    assert written == ["A, B – C", "King, Martin, Jr."]


def test_a_bill_has_its_body_as_sponsor_and_legislative_body(full, site):
    kinds = KINDS | {"bill": Kind("bill", "Bill", "law", "bill", "BILL", "Legislation")}
    found = tags(write([full(kind="bill")], "ris", site, kinds=kinds))
    assert (found["TY"], found["AU"]) == (["BILL"], ["Okafor, Ngozi A."])
    assert found["A2"] == found["T3"] == ["President of Exampleland"]
    assert (found["M1"], found["ET"]) == (["A/12-b"], ["48th"])
    item = json.loads(write([full(kind="bill")], "csl-json", site, kinds=kinds))[0]
    assert item["chapter-number"] == "48th"
    assert "publisher" not in item


@pytest.mark.parametrize("kind", ["decree", "court_decision"])
def test_what_zotero_gives_no_archive_has_it_in_the_note_too(kind, full, site):
    found = tags(write([full(kind=kind)], "ris", site))
    assert found["DB"] == ["State Archive of Exampleland"]
    assert "Archive: State Archive of Exampleland, Frontier papers" in found["N1"][0]


@pytest.mark.parametrize(("pages", "written"), [
    ("101-109", (["101"], ["109"])),
    ("101–109", (["101"], ["109"])),
    ("A4", (["A4"], None)),
    ("A-4", (["A-4"], None)),
    ("1, 7", (["1, 7"], None)),
    ("L12-L15", (["L12"], ["L15"])),
])  # fmt: skip
def test_pages_of_ris(pages, written, make, site):
    found = tags(write([make(page_range=pages)], "ris", site))
    assert (found["SP"], found.get("EP")) == written


# --- BibLaTeX and BibTeX -----------------------------------------------------------------


@pytest.mark.parametrize(("title", "written"), [
    (r"100% of R&D_budget #1: {curly} \backslash $5 ~tilde ^caret",
     r"100\% of R\&D\_budget \#1: \{curly\} \textbackslash{}backslash \$5"
     r" \textasciitilde{}tilde \textasciicircum{}caret"),
    ("a < b > c | d", r"a \textless{} b \textgreater{} c \textbar{} d"),
    # BibTeX counts these whatever stands before them.
    ("a } b", r"a \textbraceright{} b"),
    ("a { b", r"a \textbraceleft{} b"),
    ("}{", r"\textbraceright{}\textbraceleft{}"),
    ("{{a} b", r"\textbraceleft{}\{a\} b"),
    ("a--b ---", "a-{}-b -{}-{}-"),
    ("?` ,, ``", "?{}` ,{}, `{}`"),
    ('he said "no"', "he said “no”"),
    ("e\u0301", "é"),
    ("İçərişəhər", "İçərişəhər"),
])  # fmt: skip
@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_a_title_is_in_two_braces_and_printed_as_it_is(slug, title, written, make, site):
    assert field(write([make(title=title)], slug, site), "title") == f"{{{{{written}}}}}"


@pytest.mark.parametrize(("authors", "written"), [
    (("Okafor, Ngozi A.",), "Okafor, Ngozi A."),
    (("King, Martin Luther, Jr.",), "King, Jr., Martin Luther"),
    (("Reuters & AFP",), r"{Reuters \& AFP}"),
    (("Ben and Jerry", "others"), "{Ben and Jerry} and {others}"),
    (("Smith and Son, Ann",), "{Smith and Son}, Ann"),
    (("A, B, C",), "A, {B, C}"),
    (("Əliyeva, İlahə", "王, 小明", "حسینی, مریم"), "Əliyeva, İlahə and 王, 小明 and حسینی, مریم"),
    (("O’Brien-Ñuñez, José María",), "O’Brien-Ñuñez, José María"),
    (("{x}, y\\",), r"{\{x\}}, {y\textbackslash{}}"),
])  # fmt: skip
@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_authors_are_not_taken_apart(slug, authors, written, make, site):
    assert field(write([make(authors=authors)], slug, site), "author") == f"{{{written}}}"


def test_a_url_keeps_what_it_may_and_encodes_what_ends_a_field(make):
    site = SiteSettings(public_url='https://a.example/x_y%20~#&{}\\<>"^| z')
    url = field(write([make()], "biblatex", site), "url")
    assert url == "{https://a.example/x_y%20~#&%7B%7D%5C%3C%3E%22%5E%7C%20z/d/3f9k2bcd7}"


@pytest.mark.parametrize(("language", "name"), [
    ("en", "english"), ("en-GB", "british"), ("en-US", "american"), ("en-IE", "english"),
    ("az", "azerbaijani"), ("az-Cyrl-AZ", "azerbaijani"), ("pt-BR", "brazilian"), ("ru", "russian"),
    ("zh-CN", "chinese"), ("de_AT", "naustrian"),
])  # fmt: skip
@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_languages_have_their_babel_names(slug, language, name, make, site):
    assert field(write([make(language=language)], slug, site), "langid") == f"{{{name}}}"


@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_a_language_that_babel_does_not_have_is_left_out(slug, make, site):
    assert "langid" not in write([make(language="akk")], slug, site)


@pytest.mark.parametrize(("kind", "expected"), [
    ("decree", ("legislation", "{Decree A/12-b}")),
    ("letter", ("misc", "{Letter A/12-b}")),
    ("other", ("misc", "{A/12-b}")),
    ("court_decision", ("jurisdiction", "{Court decision A/12-b}")),
    ("resolution", ("report", None)),
])  # fmt: skip
def test_the_number_is_repeated_where_styles_do_not_print_it(kind, expected, full, site):
    text = write([full(kind=kind)], "biblatex", site)
    entry_type, titleaddon = expected
    assert text.startswith(f"@{entry_type}{{muniment-3f9k2bcd7,\n")
    assert ("titleaddon" in text) is (titleaddon is not None)
    if titleaddon:
        assert field(text, "titleaddon") == titleaddon


def test_a_kind_without_a_number_is_its_type(make, site):
    text = write([make(kind="letter")], "biblatex", site)
    assert field(text, "type") == "{Letter}"
    assert "titleaddon" not in text


@pytest.mark.parametrize(("about", "institution"), [
    ({}, "{State Press}"),
    ({"publisher": None}, "{President of Exampleland}"),
    ({"publisher": "Arts and Letters"}, "{{Arts and Letters}}"),
])  # fmt: skip
@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_a_report_has_an_institution(slug, about, institution, full, site):
    text = write([full(kind="report", **about)], slug, site)
    assert field(text, "institution") == institution


def test_a_month_is_a_macro(make, site):
    assert "\n  month = jun,\n" in write([make(dated="1993-06-07")], "bibtex", site)


@pytest.mark.parametrize(("pages", "written"), [
    ("101-109", "{101--109}"), ("101 – 109", "{101--109}"), ("1, 7-9", "{1, 7--9}"), ("A4", "{A4}"),
    ("A-4", "{A-4}"), ("101--109", "{101--109}"), ("5{", r"{5\textbraceleft{}}"),
])  # fmt: skip
@pytest.mark.parametrize("slug", ["biblatex", "bibtex"])
def test_pages_of_bibtex(slug, pages, written, make, site):
    assert field(write([make(page_range=pages)], slug, site), "pages") == written


# --- nothing breaks out ------------------------------------------------------------------

_PIECES = st.sampled_from([
    "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x00", "\x1b",
    "ER  - ", "\nER  - \r\nTY  - BOOK\r\n", "TY  - ", "TI  - x", "{", "}", "\\", "\\}", "\\{", "%",
    "$", "&", "#", "_", "~", "^", "<", ">", "|", '"', "'", "`", ",", ",,", "--", "?`", " and ",
    "others", "@misc{x,", "}\n@comment{", "},\n author = {", "title = ", "\\input{/etc/passwd}",
    "\\end{document}", "</script><script>", "<i>", "&amp;", "=", " ", "\u00a0", "\u200f", "\ufeff",
    "\ud800", "Əliyeva", "Փ", "王", "م", "é", "e\u0301", "x",
])  # fmt: skip
TEXT = st.lists(_PIECES | st.text(max_size=4), max_size=6).map("".join)
ABOUT = st.fixed_dictionaries(
    {"title": TEXT},
    optional={
        **dict.fromkeys(
            (
                "number", "issuer", "publication", "volume", "issue", "page_range", "section",
                "place", "session", "publisher", "source_url", "archive", "location", "collection",
                "rights", "language", "country",
            ),
            TEXT,
        ),
        "kind": st.sampled_from([*KINDS, "no such kind"]),
        "authors": st.lists(TEXT, max_size=3).map(tuple),
        "accessed": st.dates(),
        "dated": st.sampled_from(["1993-12-20", "1993", "1918~", "199X", "1991/1993", "0001"]),
    },
)  # fmt: skip
SELECTION = st.lists(ABOUT, min_size=1, max_size=4)
FIELDS_OF_RIS = {
    "TY", "ID", "AU", "A2", "TI", "T2", "T3", "PY", "DA", "SN", "M1", "SV", "M3", "VL", "IS", "SP",
    "EP", "SE", "ET", "CY", "PB", "KW", "LA", "UR", "Y2", "DB", "AN", "N1", "ER",
}  # fmt: skip


def strictly_bibtex(text: str) -> list[tuple[str, set[str]]]:
    """Read as BibTeX does: every brace counts, a backslash protects none."""
    found = []
    for entry in text.split("\n\n"):
        head, *fields, end = entry.strip("\n").split("\n")
        key = re.fullmatch(r"@[a-z]+\{([A-Za-z0-9:-]+),", head)
        assert key, head
        assert end == "}"
        names = []
        for line in fields:
            name, _, value = line.partition(" = ")
            names.append(name.strip())
            depth = lowest = 0
            for character in value[:-2]:
                depth += (character == "{") - (character == "}")
                lowest = min(lowest, depth)
            if name != "  month":
                # The brace that opens the value stays open until the very end.
                assert value[0] == "{"
                assert value[-2:] == "},"
                assert (depth, lowest) == (1, 0)
                assert not re.search(r"(?<!\\)[%$#&_]|[~^<>|]", value) or name in {
                    "  url",
                    "  date",
                }
        assert len(names) == len({*names})
        found.append((key[1], {*names}))
    return found


@settings(max_examples=150, deadline=None)
@given(SELECTION)
def test_no_value_breaks_out_of_its_field(make, site, selection):
    records = [make(f"id{place}", **about) for place, about in enumerate(selection)]
    keys = [f"muniment-id{place}" for place in range(len(records))]
    written = {slug: write(records, slug, site) for slug in FORMATS}
    for text in written.values():
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]", text)
        text.encode()

    items = json.loads(written["csl-json"])
    assert [item["id"] for item in items] == keys

    references = written["ris"].split("ER  - \r\n\r\n")
    assert references.pop() == ""
    assert len(references) == len(records)
    assert all({*tags(reference)} <= FIELDS_OF_RIS for reference in references)
    assert [entry["id"] for entry in rispy.loads(written["ris"])] == keys

    for slug in ("biblatex", "bibtex"):
        assert [key for key, _ in strictly_bibtex(written[slug])] == keys
        library = bibtexparser.parse_string(written[slug])
        assert not library.failed_blocks
        assert [entry.key for entry in library.entries] == keys
        assert [{f.key for f in entry.fields} for entry in library.entries] == [
            names for _, names in strictly_bibtex(written[slug])
        ]


@settings(max_examples=50, deadline=None)
@given(TEXT)
def test_a_title_of_ris_is_the_line_it_was(make, site, title):
    found = tags(write([make(title=title)], "ris", site)).get("TI", [""])
    plain = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd\\s]", "", title)
    assert re.sub("[\ufffd\\s]", "", found[0]) == plain


@pytest.mark.parametrize("slug", ["ris", "biblatex", "bibtex", "csl-json"])
def test_pandoc_finds_as_many_records_as_were_written(slug, make, site, pandoc):
    hostile = [
        "\nER  - \r\nTY  - BOOK\r\nTI  - b", "}\n\n@misc{x, title={y}}", "{{{", "}}}", "\\", "\\}",
        "%", "\\end{document}", '"', "a|b", "</script>", "\x00\x1b[31m", "@comment{", "<i>", "$$$",
        "\u200f‏", "\\input{/etc/passwd}", "and", "", " ", "~", "``''", ",,,",
    ]  # fmt: skip
    records = [
        make(f"id{place}", title=value, issuer=value, authors=(value, f"{value}, {value}"),
             number=value, publication=value, place=value, kind=[*KINDS][place % len(KINDS)],
             accessed=date(2026, 3, 4), session=value, page_range=value, language=value)
        for place, value in enumerate(hostile)
    ]  # fmt: skip
    reader = {"csl-json": "csljson"}.get(slug, slug)
    items = pandoc(write(records, slug, site), reader)
    assert sorted(item["id"] for item in items) == sorted(
        f"muniment-id{place}" for place in range(len(hostile))
    )
