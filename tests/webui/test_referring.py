"""What documents refer to, on their pages and on the list of what is wanted."""

import csv
import io

import pytest

from indexer import referring
from tests.webui.library import Reader, put, reader_of, unlabelled


def section(html: str, name: str) -> str:
    if f'<section id="{name}">' not in html:
        return ""
    return html.split(f'<section id="{name}">')[1].split("</section>")[0]


def test_what_is_held_is_a_link_and_the_rest_plain_text_with_its_passage(reader: Reader, ids):
    part = section(reader.page(f"/d/{ids['article']}"), "refers-to")
    assert f'<a href="/d/{ids["plain"]}"' in part
    text = unlabelled(part)
    assert "2 documents; of them in this archive: 1" in text
    assert "Law 5411 19 October 2005, Türkiye; 2 times" in text.replace("Turkey", "Türkiye")
    assert "The ministry quoted Law No. 5411 of 19 October 2005 twice" in text


def test_the_other_side_names_who_refers_to_it(reader: Reader, ids):
    part = section(reader.page(f"/d/{ids['plain']}"), "referred-to-by")
    assert f'<a href="/d/{ids["article"]}"' in part
    assert "1 document in this archive" in unlabelled(part)
    assert section(reader.page(f"/d/{ids['long']}"), "referred-to-by") == ""


def test_what_only_may_be_it_is_a_perhaps(new_archive):
    archive = new_archive()
    article = put(archive, "News", "The president signed a decree on February 13, 2014, on water.",
                  kind="news_article", country="AZ", language="en")  # fmt: skip
    both = [
        put(archive, f"Decree {n}", f"{n}", kind="decree", country="AZ", date="2014-02-13")
        for n in "ab"
    ]
    referring.look_through(archive.catalogue)
    part = section(reader_of(archive).page(f"/d/{article}"), "refers-to")
    assert "perhaps" in part
    assert all(f'href="/d/{one}"' in part for one in both)
    assert "of them in this archive: 0" in unlabelled(part)
    other = section(reader_of(archive).page(f"/d/{both[0]}"), "referred-to-by")
    assert "not certain" in other


def test_the_list_says_what_is_wanted_by_how_many_and_where(shelf, ids):
    html = reader_of(shelf).signed_in("anna").page("/wanted")
    text = unlabelled(html)
    assert "2 documents wanted" in text
    assert "Law 5411" in text
    assert "referred to by 1 document, as in An article on law" in text
    assert "UN General Assembly" not in text
    narrowed = unlabelled(reader_of(shelf).signed_in("anna").page("/wanted?kind=decree&country=TR"))
    assert "1 document wanted" in narrowed
    assert "Law 5411" not in narrowed


def test_the_list_is_a_table_to_save(shelf, ids):
    response = reader_of(shelf).signed_in("anna").get("/wanted.csv?kind=law")
    assert response.headers["Content-Disposition"].startswith("attachment")
    [row] = csv.DictReader(io.StringIO(response.text))
    assert (row["records"], row["kind"], row["number"]) == ("1", "law", "5411")
    assert (row["date"], row["country"], row["document"]) == ("2005-10-19", "TR", ids["article"])


def test_no_cell_of_the_table_is_a_formula(new_archive):
    archive = new_archive()
    put(archive, "News", '=HYPERLINK("x") Law No. 5411 of 19 October 2005 holds.',
        kind="news_article", country="TR", language="en")  # fmt: skip
    referring.look_through(archive.catalogue)
    [row] = csv.DictReader(
        io.StringIO(reader_of(archive).signed_in("anna").get("/wanted.csv").text)
    )
    assert row["passage"].startswith("'=")


@pytest.mark.parametrize("address", ["/wanted", "/wanted.csv"])
def test_the_list_is_for_archivists(shelf, address):
    assert "/sign-in" in reader_of(shelf).get(address).location
    assert reader_of(shelf).signed_in("rita").get(address).status_code == 403


@pytest.mark.parametrize("asked", ["page=x", "page=0", "kind=nokind"])
def test_what_cannot_be_asked_is_said(shelf, asked):
    assert reader_of(shelf).signed_in("anna").get(f"/wanted?{asked}").status_code == 400


def test_markup_in_a_passage_stays_text(new_archive):
    archive = new_archive()
    one = put(archive, "News", "<script>alert(1)</script> Law No. 5411 of 19 October 2005 holds.",
              kind="news_article", country="TR", language="en")  # fmt: skip
    referring.look_through(archive.catalogue)
    reader = reader_of(archive).signed_in("anna")
    for address in (f"/d/{one}", "/wanted"):
        assert "<script>alert" not in reader.page(address)
