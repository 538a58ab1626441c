"""A record in the words of CSL-JSON."""

import pytest

from archive.citation.crosswalk import citation_key, csl_item, typographic
from archive.config import SiteSettings
from archive.kinds import KINDS, with_extra

# citations.md 1.6, as far as our kinds go.
CSL_TYPES = {
    "news_article": "article-newspaper",
    "court_decision": "legal_case",
    **dict.fromkeys(
        ("resolution", "decision", "general_comment", "communique", "circular", "report"), "report"
    ),
    **dict.fromkeys(
        (
            "decree", "executive_order", "presidential_order", "order", "ordinance", "law", "code",
            "constitution", "regulation", "grand_ducal_regulation", "treaty",
        ),
        "legislation",
    ),
    **dict.fromkeys(("diplomatic_correspondence", "speech", "letter", "other"), "document"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_the_type_that_styles_and_zotero_print_best(kind, make, site):
    assert csl_item(make(kind=kind), site)["type"] == CSL_TYPES[kind]


def test_a_record_of_no_kind_is_a_document(make, site):
    assert csl_item(make(), site)["type"] == "document"


def test_a_kind_of_the_setting_has_the_type_of_its_parent(make, site):
    kinds = with_extra(["decree/firman/Firman"])
    item = csl_item(make(kind="firman"), site, kinds)
    assert (item["type"], item["genre"]) == ("legislation", "Firman")


def test_every_field_of_a_record_is_in_its_item(full, site):
    assert csl_item(full(), site) == {
        "id": "muniment-3f9k2bcd7",
        "type": "legislation",
        "title": "On the keeping of papers",
        "author": [
            {"literal": "President of Exampleland"},
            {"family": "Okafor", "given": "Ngozi A."},
        ],
        "authority": "President of Exampleland",
        "issued": {"date-parts": [[1996, 12, 30]]},
        "genre": "Decree",
        "number": "A/12‑b",
        "container-title": "Gazette of Exampleland",
        "volume": "79",
        "issue": "6",
        "page": "101-109",
        "section": "Part B",
        "publisher": "State Press",
        "publisher-place": "Old Town",
        "jurisdiction": "Azerbaijan",
        "language": "en-GB",
        "URL": "https://archive.example/d/3f9k2bcd7",
        "accessed": {"date-parts": [[2026, 3, 4]]},
        "archive": "State Archive of Exampleland",
        "archive_collection": "Frontier papers",
        "archive_location": "Fond 28, delo 99",
        "custom": {
            "sha256": "0f" * 32,
            "source_url": "https://gazette.example/a_b%20c?x=1&y=~2#p3",
            "session": "48th",
            "country": "AZ",
            "rights": "Public domain",
        },
    }


def test_what_is_not_known_is_not_there(make, site):
    assert csl_item(make(), site) == {
        "id": "muniment-3f9k2bcd7",
        "type": "document",
        "title": "A title",
        "URL": "https://archive.example/d/3f9k2bcd7",
        "custom": {"sha256": "0f" * 32},
    }


def test_the_archive_is_that_of_the_site_where_the_record_names_none(make):
    site = SiteSettings(public_url="", archive="Example Archive")
    item = csl_item(make(), site)
    assert item["archive"] == "Example Archive"
    assert "URL" not in item


@pytest.mark.parametrize(("written", "issued"), [
    ("1993-12-20", {"date-parts": [[1993, 12, 20]]}),
    ("1993-12", {"date-parts": [[1993, 12]]}),
    ("1993", {"date-parts": [[1993]]}),
    ("0900", {"date-parts": [[900]]}),
    ("1993~", {"date-parts": [[1993]], "circa": True}),
    ("1993-05~", {"date-parts": [[1993, 5]], "circa": True}),
    ("1993-05-06~", {"date-parts": [[1993, 5, 6]], "circa": True}),
    ("199X", {"date-parts": [[1990], [1999]], "circa": True}),
    ("1991/1993", {"date-parts": [[1991], [1993]]}),
    ("1991/1993-06", {"date-parts": [[1991, 1], [1993, 6]]}),
    ("1991-02-03/1993", {"date-parts": [[1991, 2, 3], [1993, 12, 31]]}),
    ("2001-12/2002-01", {"date-parts": [[2001, 12], [2002, 1]]}),
    ("1991-01/1991-12", {"date-parts": [[1991, 1], [1991, 12]]}),
    ("1993-02-01/1993-02-28", {"date-parts": [[1993, 2, 1], [1993, 2, 28]]}),
    ("9999/9999", {"date-parts": [[9999, 1], [9999, 12]]}),
])  # fmt: skip
def test_dates(written, issued, make, site):
    assert csl_item(make(dated=written), site)["issued"] == issued


@pytest.mark.parametrize(("written", "name"), [
    ("Okafor, Ngozi A.", {"family": "Okafor", "given": "Ngozi A."}),
    ("van der Berg, Anna", {"family": "van der Berg", "given": "Anna"}),
    ("King, Martin Luther, Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
    ("Əliyeva, İlahə", {"family": "Əliyeva", "given": "İlahə"}),
    ("Щербаков-Йогансон, Фёдор Ильич", {"family": "Щербаков-Йогансон", "given": "Фёдор Ильич"}),
    ("حسینی, مریم", {"family": "حسینی", "given": "مریم"}),
    ("王, 小明", {"family": "王", "given": "小明"}),
    ("כהן, דוד", {"family": "כהן", "given": "דוד"}),
    # Processors glue these: "ՊետրոսյանԱ".
    ("Պետրոսյան, Անի", {"literal": "Պետրոսյան, Անի"}),
    ("ბერიძე, ნინო", {"literal": "ბერიძე, ნინო"}),
    ("Reuters & Agence France-Presse", {"literal": "Reuters & Agence France-Presse"}),
    ("Plato", {"literal": "Plato"}),
    ("Plato,", {"family": "Plato"}),
    (", Plato", {"literal": "Plato"}),
    ("A, B, C", {"family": "A", "given": "B, C"}),
])  # fmt: skip
def test_authors(written, name, make, site):
    assert csl_item(make(authors=(written,)), site)["author"] == [name]


def test_an_author_who_is_the_issuer_is_a_body_whatever_commas_it_has(make, site):
    body = "United Nations, Secretary-General"
    item = csl_item(make(kind="report", authors=(body,), issuer=body), site)
    assert item["author"] == [{"literal": body}]


@pytest.mark.parametrize(("kind", "about", "authors"), [
    ("decree", {}, ["President", "Smith"]),
    ("report", {}, ["Smith", "President"]),
    ("court_decision", {}, ["Smith"]),
    ("news_article", {}, ["Smith", "President"]),
    ("news_article", {"publication": "President"}, ["Smith"]),
])  # fmt: skip
def test_who_is_the_author(kind, about, authors, make, site):
    record = make(kind=kind, issuer="President", authors=("Smith, Ann",), **about)
    item = csl_item(record, site)
    assert [name.get("family") or name["literal"] for name in item["author"]] == authors
    assert item["authority"] == "President"


@pytest.mark.parametrize(("kind", "written", "number"), [
    ("decree", "351-IVQ", "351‑IVQ"),
    ("decree", "No. 351-IVQ", "351‑IVQ"),
    ("decree", "no 5", "5"),
    ("decree", "Nos. 5 and 6", "5 and 6"),
    ("decree", "№ 1807", "1807"),
    ("decree", "№1807", "1807"),
    ("decree", "N 1807", "1807"),
    ("decree", "n° 2020-1310", "2020‑1310"),
    ("decree", "Nr. 7", "7"),
    ("decree", "Decree No. 7", "7"),
    ("executive_order", "Executive Order 14143", "14143"),
    ("resolution", "S/RES/822 (1993)", "S/RES/822 (1993)"),
    ("resolution", "Normandy 5", "Normandy 5"),
    ("resolution", "NATO/5", "NATO/5"),
    ("resolution", "No. unknown", "No. unknown"),
])  # fmt: skip
def test_numbers(kind, written, number, make, site):
    assert csl_item(make(kind=kind, number=written), site)["number"] == number


@pytest.mark.parametrize(("written", "printed"), [
    ('He said "yes" and "no"', "He said “yes” and “no”"),
    ('("yes")', "(“yes”)"),
    ('דו"ח האו"ם: "לא נרתע"', "דו״ח האו״ם: “לא נרתע”"),
    ('a 5" pipe', 'a 5" pipe'),
    ("“Not one step”", "“Not one step”"),
    ("«Мы не сдадимся»", "«Мы не сдадимся»"),
    ('"', '"'),
])  # fmt: skip
def test_quotation_marks(written, printed):
    assert typographic(written) == printed


def test_news_has_no_genre_and_an_unnamed_paper_has_none_either(make, site):
    assert "genre" not in csl_item(make(kind="news_article"), site)
    assert "genre" not in csl_item(make(kind="other"), site)


def test_keys_are_made_of_the_id_alone_and_never_meet():
    ids = ["3f9k2bcd7", "A", "a", ":41:", "ə", "a_b", "a b", "a-b", "", "41"]
    keys = [citation_key(public_id) for public_id in ids]
    assert len({key.lower() for key in keys}) == len(ids)
    assert all(set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789:-") for key in keys)
