"""Staying with a search: feeds, records of searches, saved searches."""

import json
import random
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from archive.catalogue import records, searches
from tests.webui.library import Reader, index, put, reader_of, unlabelled

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def checked(body: str) -> ET.Element:
    """Return the feed if it keeps what RFC 4287 asks of one (4.1.1, 4.1.2, 3.3, 4.2)."""
    feed = ET.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
        assert ADDRESS.fullmatch(one.findtext(f"{ATOM}id"))
        for moment in (*one.findall(f"{ATOM}updated"), *one.findall(f"{ATOM}published")):
            assert datetime.fromisoformat(moment.text).tzinfo
        for author in one.findall(f"{ATOM}author"):
            assert len(author.findall(f"{ATOM}name")) == 1
        seen = [
            (k.get("rel"), k.get("type"), k.get("hreflang")) for k in one.findall(f"{ATOM}link")
        ]
        assert seen.count(("alternate", "text/html", None)) == 1
        assert len(set(seen)) == len(seen)
        for link in one.findall(f"{ATOM}link"):
            assert ADDRESS.fullmatch(link.get("href"))
        for category in one.findall(f"{ATOM}category"):
            assert category.get("term")
    assert feed.find(f"{ATOM}author") is not None
    entries = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(entries) == len(set(entries))
    return feed


class Poller:
    """A reader of feeds: reads until it meets what it has, and keeps what it got in order."""

    def __init__(self, reader: Reader, address: str) -> None:
        self.reader, self.address, self.got = reader, address, []

    def poll(self) -> None:
        known, address, new = set(self.got), self.address, []
        while address:
            response = self.reader.get(address)
            assert response.status_code == 200
            feed = checked(response.text)
            here = [
                (entry.findtext(f"{ATOM}id").rpartition("/")[2], entry.findtext(f"{ATOM}updated"))
                for entry in feed.iter(f"{ATOM}entry")
            ]
            new += [one for one in here if one not in known]
            met = any(one in known for one in here)
            following = [
                k.get("href") for k in feed.findall(f"{ATOM}link") if k.get("rel") == "next"
            ]
            address = "" if met or not following else _local(following[0])
        self.got += reversed(new)


def _local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_a_feed_holds_what_anybody_may_see_of_a_search(shelf, ids):
    for who in (None, "anna"):
        someone = reader_of(shelf)
        if who:
            someone.signed_in(who)
        response = someone.get("/search.atom?q=water")
        assert response.content_type == "application/atom+xml; charset=utf-8"
        feed = checked(response.text)
        found = {e.findtext(f"{ATOM}id").rpartition("/")[2] for e in feed.iter(f"{ATOM}entry")}
        assert {ids["plain"], ids["hostile"], ids["withheld"]} <= found
        assert ids["restricted"] not in found
        assert "Secret" not in response.text


def test_a_feed_that_has_not_changed_is_not_sent_again(reader):
    first = reader.get("/search.atom?q=water")
    again = reader.get("/search.atom?q=water", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_feed_of_nothing_is_a_feed(reader):
    assert checked(reader.get("/search.atom?q=zebrafish").text).find(f"{ATOM}entry") is None


@pytest.mark.parametrize("query", ["before=yesterday", "before=2024-01-01T", "page=x"])
def test_a_feed_says_what_is_wrong_with_its_address(reader, query):
    assert reader.get(f"/search.atom?{query}").status_code == 400


def test_the_page_of_a_search_names_its_feed(reader):
    html = reader.page("/search?q=water&country=FR&page=1&sort=newest")
    [address] = re.findall(
        r'rel="alternate" type="application/atom\+xml"[^>]* href="([^"]+)"', html
    )
    assert address.replace("&amp;", "&") == "/search.atom?q=water&country=FR"


def test_feeds_polled_over_a_thousand_ingests_miss_nothing_and_repeat_nothing(new_archive):
    archive, chance = new_archive(), random.Random(16)
    index(archive)
    someone = reader_of(archive)
    often, seldom = (Poller(someone, "/search.atom?q=lantern") for _ in range(2))
    published: dict[str, int] = {}
    waiting: list[str] = []
    ingested = 0
    while ingested < 1000:
        for _ in range(chance.randint(1, 45)):
            ingested += 1
            matches = chance.random() < 0.6
            state = "waiting" if chance.random() < 0.2 else "published"
            text = "a lantern" if matches else "a candle"
            public_id = put(archive, f"Letter {ingested}", text, state=state)
            if matches and state == "published":
                published[public_id] = published.get(public_id, 0) + 1
            elif matches:
                waiting.append(public_id)
        for public_id in chance.sample(waiting, min(len(waiting), chance.randint(0, 4))):
            waiting.remove(public_id)
            with archive.catalogue.writing() as session:
                records.change_state(session, public_id, "published", "anna", "")
            published[public_id] = 1
        index(archive)
        if chance.random() < 0.5:
            often.poll()
        if chance.random() < 0.08:
            seldom.poll()
    for poller in (often, seldom):
        poller.poll()
        assert sorted(public_id for public_id, _ in poller.got) == sorted(published)
        moments = [moment for _, moment in poller.got]
        assert moments == sorted(set(moments))


def recorded(someone: Reader, search: str, **form: str) -> str:
    response = someone.post("/searches/record", {"search": search, **form})
    assert response.status_code == 303, response.text
    return urlsplit(response.location).path


def test_a_search_recorded_twice_on_one_state_is_one_record_with_one_digest(new_archive):
    archive = new_archive()
    for n in range(3):
        put(archive, f"Letter {n}", "a lantern")
    index(archive)
    someone = reader_of(archive)
    first = recorded(someone, "/search?q=lantern&page=2&sort=newest")
    assert recorded(someone, "/search?q=lantern") == first
    told = someone.get(f"{first}.json").json
    assert told["digest"] == told["now"]["digest"] == searches.digest_of(told["ids"])
    assert told["total"] == len(told["ids"]) == 3
    assert told["state"] == told["now"]["state"]
    assert recorded(someone, "/search?q=lantern&kind=decree") != first
    page = unlabelled(someone.page(first))
    assert "3 documents , found on" in page.replace("documents,", "documents ,")
    assert "Nothing in the archive has changed since" in page


def test_a_record_of_a_search_names_exactly_what_is_different_and_why(new_archive):
    archive = new_archive()
    old = [put(archive, f"Letter {n}", "a lantern") for n in range(40)]
    other = [put(archive, f"Note {n}", "a candle") for n in range(20)]
    index(archive)
    someone = reader_of(archive)
    path = recorded(someone, "/search?q=lantern")
    before = someone.get(f"{path}.json").json

    chance = random.Random(3)
    touched = chance.sample(old, 25)
    withdrawn, changed, closed = touched[:10], touched[10:20], touched[20:]
    added = [put(archive, f"New letter {n}", "the lantern") for n in range(10)]
    put(archive, "Of something else", "a candle")
    hidden = put(archive, "A hidden letter", "a lantern", access="restricted")
    with archive.catalogue.writing() as session:
        for public_id in withdrawn:
            records.change_state(session, public_id, "withdrawn", "anna", "a test")
        for public_id in closed:
            records.change_state(session, public_id, "returned", "anna", "a test")
        # Published once more: a change that the public can see, though nothing else differs.
        for public_id in (*changed, *other[:5]):
            records.change_state(session, public_id, "published", "anna", "a test")
    index(archive)

    told = someone.get(f"{path}.json").json
    now = told.pop("now")
    before.pop("now")
    assert told == before
    assert {(one["id"], one["why"]) for one in now["entered"]} == {(n, "taken_in") for n in added}
    assert {(one["id"], one["why"]) for one in now["left"]} == {
        *((n, "withdrawn") for n in withdrawn),
        *((n, "closed") for n in closed),
    }
    assert {(one["id"], one["why"]) for one in now["changed"]} == {(n, "changed") for n in changed}
    assert now["total"] == 40 - 15 + 10
    assert hidden not in json.dumps(now)
    page = someone.page(path)
    assert all(f"/d/{public_id}" in page for public_id in (*added, *withdrawn, *changed, *closed))
    assert "Found now, and not then: 10" in page


def test_the_reading_of_a_recorded_search_stays(new_archive):
    archive = new_archive()
    put(archive, "One", "mill wheel stone")
    put(archive, "Two", "mill wheel")
    index(archive)
    someone = reader_of(archive)
    path = recorded(someone, "/search?q=mill+wheel+stone")
    reading = someone.get(f"{path}.json").json["reading"]
    for n in range(30):
        put(archive, f"More {n}", "mill wheel stone")
    index(archive)
    told = someone.get(f"{path}.json").json
    assert told["asked"]["reading"] == told["reading"] == reading
    assert {one["why"] for one in told["now"]["entered"]} == {"taken_in"}
    assert not told["now"]["left"]


def test_what_archivists_recorded_for_themselves_is_not_told_to_others(shelf, ids):
    anna = reader_of(shelf).signed_in("anna")
    hers = recorded(anna, "/search?q=water", eyes="mine")
    assert ids["restricted"] in anna.get(f"{hers}.json").json["ids"]
    for someone in (reader_of(shelf), reader_of(shelf).signed_in("rita")):
        assert someone.get(hers).status_code == 404
        assert someone.get(f"{hers}.json").status_code == 404
    everybodys = recorded(anna, "/search?q=water")
    assert ids["restricted"] not in reader_of(shelf).get(f"{everybodys}.json").json["ids"]


def test_there_is_an_end_to_what_readers_may_record(new_archive):
    archive = new_archive(MUNIMENT_SEARCH_RECORDS_PER_HOUR="2")
    put(archive, "One", "mill")
    index(archive)
    someone = reader_of(archive)
    for word in ("mill", "wheel"):
        recorded(someone, f"/search?q={word}")
    assert someone.post("/searches/record", {"search": "/search?q=stone"}).status_code == 429
    recorded(reader_of(archive).signed_in("anna"), "/search?q=stone")


def test_who_signs_in_is_told_what_is_new_in_their_searches_until_they_saw_it(new_archive):
    archive = new_archive()
    put(archive, "One", "a lantern")
    index(archive)
    rita = reader_of(archive).signed_in("rita")
    assert (
        rita.post("/searches/save", {"search": "/search?q=lantern", "name": "Light"}).status_code
        == 303
    )
    assert "Nothing new since you looked" in rita.page("/searches")
    put(archive, "A new one", "a lantern")
    put(archive, "A hidden one", "a lantern", access="restricted")
    index(archive)

    again = reader_of(archive).signed_in("rita")
    assert "“Light”: 1 document new or changed" in unlabelled(again.page("/"))
    page = again.page("/searches")
    assert "A new one" in page
    assert "A hidden one" not in page
    [number] = re.findall(r'name="number" value="(\d+)"', page)
    [upto] = re.findall(r'name="upto" value="([^"]+)"', page)
    assert again.post("/searches/seen", {"number": number, "upto": upto}).status_code == 303
    assert "Nothing new since you looked" in again.page("/searches")
    assert "Light" not in reader_of(archive).signed_in("anna").page("/searches")
    anna = reader_of(archive).signed_in("anna")
    anna.post("/searches/forget", {"number": number})
    assert "Light" in again.page("/searches")
    again.post("/searches/forget", {"number": number})
    assert "Light" not in again.page("/searches")


def test_a_search_that_is_saved_again_only_gets_the_new_name(new_archive):
    rita = reader_of(new_archive()).signed_in("rita")
    for name in ("Light", "Lanterns"):
        rita.post("/searches/save", {"search": "/search?q=lantern&country=FR", "name": name})
    page = rita.page("/searches")
    assert page.count('name="number"') == 1
    assert "Lanterns" in page
    assert "Light" not in page


def test_saved_searches_are_of_accounts(reader):
    assert reader.get("/searches").location == "/sign-in?next=/searches"
    for action in ("save", "seen", "forget"):
        assert reader.post(f"/searches/{action}", {"search": "/search?q=x"}).status_code == 403
