"""The page of results: what it says is what the engine said."""

import re

import pytest
from sqlalchemy import event

from archive.access import PUBLIC
from indexer.engine import Question
from indexer.query.parser import parse
from tests.webui.library import Reader, index, put, reader_of, unlabelled


def _count(html: str, facet: str, value: str) -> int | None:
    found = re.search(
        rf'name="{facet}" value="{re.escape(value)}"[^>]*>.*?</label>(?:</th><td>(\d+))?',
        html,
        re.DOTALL,
    )
    if not found:
        return None
    return int(found[1] or re.search(r'class="n">([\d,]+)<', found[0])[1])


@pytest.mark.parametrize("query", ["water", "taxes", "", "number:A/RES/48/114"])
def test_counts_on_the_page_are_those_of_the_engine(shelf, reader: Reader, query):
    answer = shelf.engine.search(Question(parse(query).query, PUBLIC))
    html = reader.page(f"/search?q={query}")
    assert f"<h1>{answer.total} document" in html
    for facet in ("country", "language", "year"):
        for value, count in answer.facets[facet].items():
            assert _count(html, facet, value or "unknown") == count, (facet, value)
    leaves = answer.facets["kind"]
    assert _count(html, "kind", "law") == (leaves.get("law", 0) + leaves.get("code", 0) or None)


def test_every_link_of_the_front_page_finds_as_many_as_it_says(reader: Reader):
    html = reader.page("/")
    links = re.findall(r'<li><a href="(/search[^"]+)">[^<]+</a><span>(\d+)</span>', html)
    assert len(links) > 10
    for address, count in links:
        assert f"<h1>{count} document" in reader.page(address.replace("&amp;", "&")), address


def test_nothing_out_of_a_document_becomes_markup(reader: Reader, ids):
    for address in (
        "/search?q=water&size=100",
        f"/d/{ids['hostile']}?q=water",
        f"/d/{ids['plain']}",
        "/",
    ):
        html = reader.page(address)
        assert "<script>alert" not in html
        assert '"><script' not in html
    html = reader.page("/search?q=water")
    assert "&lt;script&gt;" in html
    assert "<mark>water</mark>" in html
    assert 'href="javascript:' not in reader.page(f"/d/{ids['hostile']}")


@pytest.mark.parametrize("place", ["q", "country", "kind", "language", "year", "from", "to"])
def test_nothing_out_of_an_address_becomes_markup(reader: Reader, place):
    html = reader.page(f'/search?{place}="><script>alert(1)</script>')
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "address",
    [
        "/search?page=x",
        "/search?page=0",
        "/search?page=-1",
        "/search?page=1e9",
        "/search?sort=best",
        "/search?size=x",
        "/search?bars=week",
    ],
)
def test_what_no_link_of_ours_says_is_400(reader: Reader, address):
    assert "cannot be answered" in reader.page(address, 400)


@pytest.mark.parametrize(
    "query",
    [
        "(",
        '"',
        "title:",
        "AND",
        "-",
        "*",
        "a*",
        "%00",
        "\u202e",
        "x" * 5000,
        "(" * 500,
        "q OR",
        "http://x",
        "NOT NOT",
    ],
)
def test_what_a_person_types_is_never_an_error(reader: Reader, query):
    assert reader.get("/search", query_string={"q": query}).status_code == 200


def test_a_chosen_value_stays_visible_though_nothing_bears_it(reader: Reader):
    html = reader.page("/search?q=taxes&country=JP&kind=treaty&language=xx&year=1600")
    for facet, value in (
        ("country", "JP"),
        ("kind", "treaty"),
        ("language", "xx"),
        ("year", "1600"),
    ):
        assert _count(html, facet, value) == 0, facet
        assert re.search(rf'name="{facet}" value="{value}" checked', html), facet


def test_values_beyond_eight_stand_behind_more_and_unknown_stands_last(reader: Reader):
    html = reader.page("/search")
    country = html[html.index("<legend>Country") : html.index("<legend>Language")]
    before, _, after = country.partition("<details")
    assert before.count('type="checkbox"') == 9, "eight and unknown"
    assert before.rindex('value="unknown"') > before.rindex('value="FR"')
    assert "more</summary>" in after


def test_choosing_widens_within_a_facet_and_narrows_across(reader: Reader):
    def total(address: str) -> int:
        return int(re.search(r"<h1>(\d+) document", reader.page(address))[1])

    assert total("/search?country=AZ") == 1
    assert total("/search?country=AZ&country=RU") == 2
    assert total("/search?country=AZ&country=RU&kind=code") == 2
    assert total("/search?country=AZ&country=TR&kind=code") == 1
    assert total("/search?kind=law") == 10
    assert total("/search?kind=law/law") == 5
    assert total("/search?year=2000&year=2001") == 2


def test_a_chip_leads_to_the_same_search_without_it(reader: Reader):
    html = reader.page("/search?q=taxes&country=AZ&kind=code&from=1999&to=2003&sort=newest")
    chips = re.findall(r'class="chip" href="([^"]+)"><span>([^<]+)', html)
    assert [label for _, label in chips] == ["1999–2003", "Code", "Azerbaijan"]
    without = chips[2][0].replace("&amp;", "&")
    assert without == "/search?q=taxes&kind=code&from=1999&to=2003&sort=newest"


def test_dates_that_may_lie_in_a_range_are_offered_with_their_number(reader: Reader):
    html = reader.page("/search?q=water&from=1993-06&to=1994")
    assert "<h1>1 document" in html
    offered = re.search(r'<a href="([^"]+)">\+2 possibly', html)
    assert offered
    assert "<h1>3 documents" in reader.page(offered[1].replace("&amp;", "&"))


def test_a_notice_points_at_its_part_of_the_query(reader: Reader):
    html = reader.get("/search", query_string={"q": 'water OR "lake'}).text
    assert "The quotation mark is not closed" in html
    assert "<code>&#34;lake</code> – " in html
    assert 'Read as <code tabindex="0">' in html


def test_documents_without_text_are_counted_openly(reader: Reader):
    assert "1 document in this result has no text that can be searched" in reader.page(
        "/search?kind=decree"
    )


def test_an_empty_result_offers_ways_out_with_their_numbers(reader: Reader):
    html = reader.page("/search?q=taxes&country=UN&from=1950")
    assert "<h1>0 documents" in html
    ways = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>: (\d+) document', html)
    assert ways
    for address, label, count in ways:
        assert f"<h1>{count} document" in reader.page(address.replace("&amp;", "&")), label


def test_an_empty_result_says_which_word_finds_nothing(reader: Reader):
    html = reader.page("/search?q=taxes+zebras&reading=all")
    found = re.search(r'<li><a href="([^"]+)">without “zebras”</a>: (\d+) document', html)
    assert found is not None
    assert f"<h1>{found[2]} documents" in reader.page(found[1])


def test_a_better_spelling_is_a_link_and_what_was_typed_is_answered(reader: Reader):
    html = reader.page("/search?q=watre+lakes&reading=all")
    assert "<h1>0 documents" in html
    assert "Did you mean" in reader.page("/search?q=watre+lakes")
    link = re.search(
        r'Did you mean: <a href="([^"]+)" dir="auto">water lakes</a>\? 1 document', html
    )
    assert link is not None
    assert "<h1>1 document<" in reader.page(link[1].replace("&amp;", "&"))
    assert "Did you mean" not in reader.page("/search?q=water+lakes")
    assert "<script>" not in reader.page("/search?q=watre+<script>")


def test_what_is_typed_is_completed_with_what_it_leads_to(reader: Reader, ids):
    answer = reader.get("/complete?q=resolution on wa")
    assert answer.json["q"] == "resolution on wa"
    first = answer.json["completions"][0]
    assert first == {
        "kind": "title",
        "text": "Resolution on water",
        "address": f"/d/{ids['plain']}",
    }
    kinds = {one["kind"] for one in reader.get("/complete?q=gen").json["completions"]}
    assert "issuer" in kinds
    for one in reader.get("/complete?q=a").json["completions"]:
        reader.page(one["address"])
    etag = answer.headers["ETag"]
    again = reader.get("/complete?q=resolution on wa", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert reader.get("/complete").json["completions"] == []


def test_a_document_leads_to_those_like_it(reader: Reader, ids):
    html = reader.page(f"/d/{ids['plain']}")
    like = html[html.index("Documents like this") :]
    linked = re.findall(r'href="/d/(\w+)"', like[: like.index("</section>")])
    assert linked
    assert ids["plain"] not in linked
    # It shares one word of a dozen.
    assert ids["hostile"] not in linked


def test_the_answer_says_which_reading_it_shows_and_leads_to_the_other(reader: Reader):
    html = reader.page("/search?q=water+zzzz+letter")
    other = re.search(r'most of the words; <a href="([^"]+)">all of the words: 0</a>', html)
    assert other is not None
    wider = re.search(r'<a href="([^"]+)">any of the words: (\d+)</a>', html)
    assert wider is not None
    assert f"<h1>{wider[2]} documents" in reader.page(wider[1].replace("&amp;", "&"))
    strict = reader.page(other[1].replace("&amp;", "&"))
    assert "<h1>0 documents" in strict
    assert 'name="reading" value="all"' in strict
    assert 'name="reading"' not in html


@pytest.mark.parametrize(
    "address",
    [
        "/search?bars=decade",
        "/search?q=water&bars=year",
        "/search?q=water&bars=month&from=1990&to=1994&possibly=1",
        "/search?bars=month&from=1992&to=1994&year=1993&sort=newest",
    ],
)
def test_every_bar_leads_to_as_many_documents_as_it_counts(reader: Reader, address):
    html = reader.page(address)
    table = html[html.index('<table class="byyear">') : html.index("</table>")]
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]+)">[^<]+</a></th><td>(\d+)<', table)
    assert rows
    for there, count in rows:
        there = there.replace("&amp;", "&")
        if "from=" in there:
            assert f"<h1>{count} document" in reader.page(there), there
    drawn = re.findall(r'<a href="([^"]+)" tabindex="-1"', html)
    assert sorted(drawn) == sorted(there for there, _ in rows)


def test_dates_less_precise_than_the_bars_are_told_apart(reader: Reader):
    html = reader.page("/search?q=water&bars=month")
    assert "<i>1993, month unknown</i></th><td>1<" in html
    assert "<i>unknown, or several decades</i></th><td>1<" in html
    assert "Bars: <a" in reader.page("/search?q=water")


def test_a_page_past_the_end_says_where_the_end_is(reader: Reader):
    html = reader.page("/search?q=taxes&page=40")
    assert "past the end" in html
    assert "<h1>10 documents" in html


def test_pages_follow_one_another(shelf, reader: Reader):
    seen = []
    address = "/search?q=taxes&size=3&sort=oldest"
    while address:
        html = reader.page(address)
        seen += re.findall(r'form="pick" name="id" value="(\w{9})"', html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 10


def test_withheld_text_is_not_shown_in_passages(reader: Reader, shelf):
    html = reader.page("/search?kind=letter")
    assert "A withheld letter" in html
    assert "Secret" not in html
    assert "Secret" in reader_of(shelf).signed_in("anna").page("/search?kind=letter")


def test_a_passage_deep_in_a_document_links_to_its_part(new_archive):
    archive = new_archive()
    put(
        archive,
        "Deep",
        [f"Page {n} " + ("of zirconium" if n == 125 else "of nothing") for n in range(1, 131)],
    )
    index(archive)
    html = reader_of(archive).page("/search?q=zirconium")
    assert re.search(r'href="/d/\w{9}\?q=zirconium&amp;at=1&amp;part=3#p125">p\. 125<', html)


def test_the_front_page_of_an_empty_archive_says_what_to_do_first(new_archive):
    archive = new_archive()
    stranger = reader_of(archive)
    assert "muniment ingest" in stranger.page("/")
    assert "Nothing in the archive answers this" in stranger.page("/search?q=x")
    assert "Upload files" in reader_of(archive).signed_in("anna").page("/")
    assert stranger.get("/healthz").status_code == 200


def test_no_index_is_503_with_help_and_documents_still_open(new_archive):
    archive = new_archive()
    public_id = put(archive, "Kept", "Some text.")
    (archive.home / "data" / "index" / "CURRENT").unlink(missing_ok=True)
    someone = reader_of(archive)
    response = someone.get("/search?q=text")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "being made" in response.text
    assert someone.get("/healthz").status_code == 503
    assert "Some text." in someone.page(f"/d/{public_id}")


@pytest.mark.parametrize(
    ("address", "who", "bound"),
    [
        ("/search?q=water", None, 5),
        ("/search?q=water&size=100", None, 5),
        ("/search?q=water", "anna", 6),
        ("/", None, 3),
        # Seven of them for references, whatever their number.
        ("/d/{plain}?q=water", None, 21),
        ("/complete?q=water", None, 4),
        ("/d/{plain}/original", None, 3),
    ],
)
def test_a_page_asks_the_catalogue_a_bounded_number_of_times(shelf, ids, address, who, bound):
    someone = reader_of(shelf)
    if who:
        someone.signed_in(who)
    asked: list[str] = []
    engine = shelf.catalogue._engine

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        someone.page(address.format(**ids))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) <= bound, asked


def test_the_page_reads_in_order(reader: Reader):
    text = unlabelled(reader.page("/search?q=water&kind=resolution"))
    assert "Resolution United Nations 20 December 1993 A/RES/48/114" in text
