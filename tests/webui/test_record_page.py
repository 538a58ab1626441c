"""The page of a document, its original and its citations."""

import json
import re

import pytest

from archive.catalogue import records
from tests.webui.library import Reader, put, reader_of, unlabelled


def test_a_value_stands_with_the_passage_it_was_read_from(reader: Reader, ids):
    text = unlabelled(reader.page(f"/d/{ids['plain']}"))
    assert "Issuer General Assembly The Assembly speaks of water." in text
    assert "1 other reading France ? not certain said in France" in text


def test_hits_are_marked_and_their_places_are_links(reader: Reader, ids):
    html = reader.page(f"/d/{ids['plain']}?q=rivers")
    assert (
        '<p dir="auto" id="p2">Second paragraph on <mark>rivers</mark> &amp; &lt;b&gt;lakes&lt;/b&gt;.</p>'
        in html
    )
    assert '<a href="#p2">2</a>' in html
    assert "1 hit" in unlabelled(html)


def test_a_long_document_is_shown_in_parts(reader: Reader, ids):
    first = reader.page(f"/d/{ids['long']}")
    assert 'id="p60"' in first
    assert 'id="p61"' not in first
    assert f'href="/d/{ids["long"]}?part=2"' in first
    third = reader.page(f"/d/{ids['long']}?part=3&q=water")
    assert 'id="p121"' in third
    assert "Page 130 speaks" in unlabelled(third)
    assert "Part 3 of 3" in unlabelled(reader.page(f"/d/{ids['long']}?part=99"))
    paragraphs = reader.page(f"/d/{ids['verbose']}?part=2")
    assert '<p dir="auto" id="p401">Paragraph 401' in paragraphs
    assert 'id="p801"' not in paragraphs
    assert reader.get(f"/d/{ids['long']}?part=x").status_code == 400


def test_a_document_without_text_says_why(reader: Reader, ids):
    assert "its pages are pictures" in reader.page(f"/d/{ids['scanned']}")


def test_a_wrong_id_is_404_and_says_what_is_wrong(reader: Reader, ids):
    wrong = ids["plain"][:-1] + ("b" if ids["plain"][-1] != "b" else "c")
    assert "check character does not fit" in reader.page(f"/d/{wrong}", 404)
    assert "no document has the id".capitalize() in reader.page(
        f"/d/{records.new_public_id()}", 404
    ).replace("No d", "No d")


def test_an_id_read_aloud_and_typed_otherwise_leads_to_the_document(reader: Reader, ids):
    typed = ids["plain"].upper().replace("0", "O").replace("1", "I")
    response = reader.get(f"/d/{typed}?q=water&_external=1&_anchor=x")
    assert response.location == f"/d/{ids['plain']}?q=water"


def test_a_withdrawn_document_leaves_a_tombstone_only_where_it_was_public(reader: Reader, ids):
    html = reader.page(f"/d/{ids['withdrawn']}", 410)
    assert "withdrawn on" in html
    assert "A withdrawn paper" not in html
    assert "asked for by its author" not in html
    reader.page(f"/d/{ids['never_public']}", 404)


def test_the_original_is_sent_to_be_saved_never_shown(reader: Reader, ids):
    response = reader.get(f"/d/{ids['hostile']}/original")
    assert b"<script>" in response.data
    assert response.content_length == len(response.data)
    assert response.headers["Content-Type"] == "text/html"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "\n" not in disposition
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert reader.get(f"/d/{ids['hostile']}/original/2").status_code == 404


def test_a_name_in_any_script_survives_the_download(new_archive):
    archive = new_archive()
    public_id = put(archive, "x", "y", name="Qərar «№ 5» 1993.html")
    disposition = reader_of(archive).get(f"/d/{public_id}/original").headers["Content-Disposition"]
    assert "filename*=UTF-8''Q%C9%99rar%20%C2%AB%E2%84%96%205%C2%BB%201993.html" in disposition


def test_a_media_type_that_is_none_is_not_sent(new_archive):
    archive = new_archive()
    public_id = put(archive, "x", "y", media_type="text/html; charset=x\r\nSet-Cookie: a=b")
    assert (
        reader_of(archive).get(f"/d/{public_id}/original").headers["Content-Type"]
        == "application/octet-stream"
    )


def test_a_lost_original_is_noted_and_the_reader_told_nothing_of_the_inside(new_archive):
    archive = new_archive()
    public_id = put(archive, "x", "y")
    for file in (archive.home / "data" / "originals").rglob("*"):
        if file.is_file():
            file.unlink()
    html = reader_of(archive).page(f"/d/{public_id}/original", 500)
    assert "Something went wrong" in html
    assert str(archive.home) not in html


def test_withheld_text_is_withheld_everywhere_on_the_page(reader: Reader, shelf, ids):
    html = reader.page(f"/d/{ids['withheld']}?q=water")
    assert "withheld" in html
    assert "Secret" not in html
    assert "well" not in unlabelled(html)
    assert reader.get(f"/d/{ids['withheld']}/original").status_code == 403
    staff = reader_of(shelf).signed_in("anna")
    assert "Secret" in staff.page(f"/d/{ids['withheld']}")
    assert staff.get(f"/d/{ids['withheld']}/original").status_code == 200


@pytest.mark.parametrize(
    ("extension", "begins"),
    [
        ("ris", "TY  - "),
        ("biblatex", "@"),
        ("bib", "@"),
        ("bibtex", "@"),
        ("json", "["),
        ("csl-json", "["),
    ],
)
def test_a_citation_is_a_file_to_save(reader: Reader, ids, extension, begins):
    response = reader.get(f"/d/{ids['plain']}/cite.{extension}")
    assert response.text.startswith(begins)
    assert "Resolution on water" in response.text
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_citations_of_any_ids(reader: Reader, ids):
    address = f"/cite?id={ids['plain']}&id={ids['long']}&id={ids['plain']}&format=csl-json"
    assert [one["title"] for one in json.loads(reader.get(address).text)] == [
        "Resolution on water",
        "A long report",
    ]
    assert reader.get("/cite").status_code == 400
    assert reader.get(f"/cite?id={ids['plain']}&format=docx").status_code == 400
    assert reader.get(f"/cite?id={ids['plain']}&id=nonsense&format=ris").status_code == 404
    assert reader.get(f"/d/{ids['plain']}/cite.docx").status_code == 404


def test_the_reference_line_says_who_when_what_and_where(reader: Reader, ids):
    text = unlabelled(reader.page(f"/d/{ids['plain']}"))
    expected = "General Assembly, 20 December 1993. Resolution on water . Resolution A/RES/48/114"
    assert expected in text
    assert f"http://127.0.0.1:8000/d/{ids['plain']}" in text


def hrefs(html: str, pattern: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(pattern, html, re.DOTALL)]


HITS = r'<h2><a href="(/d/[^"]+)"'
BACK = r'<p class="back"><a href="([^"]+)">'


def test_the_way_back_is_the_very_page_of_the_result_the_reader_came_from(reader: Reader, ids):
    html = reader.page(f"/d/{ids['plain']}?q=water")
    assert 'href="/search?q=water">← Search for' in html
    results = reader.page("/search?q=water&language=en&sort=newest&size=20")
    for place, address in enumerate(hrefs(results, HITS), start=1):
        assert f"at={place}" in address
        [back] = hrefs(reader.page(address), BACK)
        assert hrefs(reader.page(back), HITS) == hrefs(results, HITS)


def test_one_reads_on_through_the_whole_result(reader: Reader):
    results = reader.page("/search?q=water&size=100")
    listed = hrefs(results, HITS)
    assert len(listed) > 3
    read, address = [], listed[0]
    while address:
        html = reader.page(address)
        read.append(address)
        assert f"<span>{len(read)} of {len(listed)}</span>" in html
        before = hrefs(html, r'<a rel="prev" href="([^"]+)">Previous</a>')
        assert before == read[-2:-1]
        address = next(iter(hrefs(html, r'<a rel="next" href="([^"]+)">Next</a>')), "")
    assert read == listed


def test_a_place_that_is_not_the_documents_is_none(reader: Reader, ids):
    for at in ("999999", "9" * 30, "0", "-1", "x"):
        html = reader.page(f"/d/{ids['plain']}?q=water&at={at}")
        assert 'rel="next"' not in html
    assert reader.get(f"/d/{ids['plain']}?q=water&at=1&sort=bogus").status_code == 400


def test_who_put_it_in_is_told_to_archivists_only(reader: Reader, shelf, ids):
    assert "by anna" not in reader.page(f"/d/{ids['plain']}")
    assert "by anna" in reader_of(shelf).signed_in("otto").page(f"/d/{ids['plain']}")


def test_a_download_has_no_range_or_length_that_is_not_its_own(reader: Reader, ids):
    first = reader.get(f"/d/{ids['plain']}/original")
    again = reader.get(
        f"/d/{ids['plain']}/original", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.data
    assert re.fullmatch(r'"[0-9a-f]{64}"', first.headers["ETag"])
