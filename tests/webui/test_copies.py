"""Copies on a document's page, the view of differences, translations linked by hand."""

import re

import pytest

from archive.catalogue import records
from indexer.copies import duplicates
from tests.indexer.copies.test_duplicates import BODY, reworded, story
from tests.webui.library import put, reader_of, unlabelled
from tests.webui.test_upload import _send

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def archive(new_archive):
    return new_archive()


def filled(archive, **other):
    first = put(archive, "First of them", BODY, language="en")
    second = put(archive, "Second of them", reworded(BODY), language="en", **other)
    duplicates.make_missing(archive.catalogue)
    return first, second


def test_a_page_names_its_copies_with_their_share_and_leads_to_the_differences(archive):
    first, second = filled(archive)
    reader = reader_of(archive)
    html = reader.page(f"/d/{first}")
    part = html.split('id="copies"')[1].split("</section>")[0]
    assert re.search(r"Second of them.*near-copy, 8\d% in common", unlabelled(part))
    assert f'href="/d/{first}/compare/{second}"' in part
    html = reader.page(f"/d/{first}/compare/{second}")
    assert html.count("<del>") == html.count("<ins>") == 6
    assert "otherwise" in html
    assert "[taken out:" in html


def test_a_document_without_copies_says_nothing_of_them(archive):
    alone = put(archive, "Alone", story(9))
    duplicates.make_missing(archive.catalogue)
    assert "Other copies" not in reader_of(archive).page(f"/d/{alone}")


def test_the_differences_are_text_and_never_markup(archive):
    first, second = (
        put(archive, "One", f"{BODY} {HOSTILE}"),
        put(archive, HOSTILE, f"{HOSTILE} {BODY}"),
    )
    html = reader_of(archive).page(f"/d/{first}/compare/{second}")
    assert "<script>alert" not in html


@pytest.mark.parametrize("hidden", [{"access": "restricted"}, {"state": "waiting"}])
def test_hidden_documents_are_compared_with_nothing(archive, hidden):
    first, second = filled(archive, **hidden)
    for who in (reader_of(archive), reader_of(archive).signed_in("rita")):
        assert "Second of them" not in who.page(f"/d/{first}")
        for pair in ((first, second), (second, first)):
            assert "them" not in who.page("/d/{}/compare/{}".format(*pair), 404)
    anna = reader_of(archive).signed_in("anna")
    assert "Second of them" in anna.page(f"/d/{first}")
    assert "<del>" in anna.page(f"/d/{first}/compare/{second}")


def test_a_withheld_text_is_not_compared(archive):
    first, second = filled(archive, access="text_withheld")
    reader = reader_of(archive)
    for pair in ((first, second), (second, first)):
        html = reader.page("/d/{}/compare/{}".format(*pair), 403)
        assert "otherwise" not in html
    assert "Other copies" not in reader.page(f"/d/{first}")
    assert "Other copies" not in reader.page(f"/d/{second}")
    assert "<del>" in reader_of(archive).signed_in("anna").page(f"/d/{first}/compare/{second}")


def test_a_page_is_the_same_with_and_without_a_hidden_copy(archive):
    first, _ = filled(archive)
    reader = reader_of(archive)

    def page():
        return re.sub(r'value="[^"]{60,}"', "", reader.page(f"/d/{first}"))

    before = page()
    put(archive, "Hidden", BODY, access="restricted")
    duplicates.make_missing(archive.catalogue)
    assert page() == before


@pytest.mark.parametrize("other", ["nobody", "000000000", "{first}"])
def test_what_cannot_be_compared_gets_a_page_that_helps(archive, other):
    first, _ = filled(archive)
    response = reader_of(archive).get(f"/d/{first}/compare/{other.format(first=first)}")
    assert response.status_code in {400, 404}
    assert "<h1>" in response.text


def test_documents_that_contradict_are_said_to_be_two(archive):
    first = put(archive, "A", BODY, date="1993")
    second = put(archive, "B", BODY, date="1994")
    said = unlabelled(reader_of(archive).page(f"/d/{first}/compare/{second}"))
    assert "They have the same words" in said
    assert "they are not one document" in said


def test_a_page_with_many_copies_asks_the_catalogue_a_bounded_number_of_times(archive):
    from sqlalchemy import event

    ids = [put(archive, f"Copy {n}", reworded(BODY, n)) for n in range(7)]
    ids += [put(archive, "Same", BODY) for _ in range(5)]
    duplicates.make_missing(archive.catalogue)
    reader, asked = reader_of(archive), []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement) if not statement.startswith("BEGIN") else None

    event.listen(archive.catalogue._engine, "before_cursor_execute", note)
    html = reader.page(f"/d/{ids[0]}")
    event.remove(archive.catalogue._engine, "before_cursor_execute", note)
    assert html.count("/compare/") == 11
    # Seven of them for references, three for what is like it.
    assert len(asked) <= 22, asked


def test_the_report_of_an_upload_leads_to_what_was_there(archive):
    anna = reader_of(archive).signed_in("anna")
    first = re.search(r"/d/\w{9}", _send(anna, (f"On roads\n\n{BODY}".encode(), "a.txt")).text)[0]
    html = _send(
        anna,
        (f"On roads\n\n{BODY}".encode(), "b.txt"),
        (f"ON ROADS\n\n{BODY}".encode(), "c.txt"),
        (f"On roads\n\n{reworded(BODY)}".encode(), "d.txt"),
    ).text
    assert f'The same bytes as: <a href="{first}">' in html
    assert f'The same text as: <a href="{first}">' in html
    assert f'Near-copy of: <a href="{first}">' in html


# --- translations ---------------------------------------------------------------------


@pytest.fixture
def pair(archive):
    return put(archive, "On water", "Water.", language="en"), put(
        archive, "De l'eau", "Eau.", language="fr"
    )


def test_a_link_is_shown_on_both_pages_and_undone(archive, pair):
    one, other = pair
    anna, stranger = reader_of(archive).signed_in("anna"), reader_of(archive)
    assert "Translations" not in stranger.page(f"/d/{one}")
    assert anna.post(f"/d/{one}/translations", {"other": other}).status_code == 303
    assert "De l&#39;eau" in stranger.page(f"/d/{one}")
    assert "On water" in stranger.page(f"/d/{other}").split('id="translations"')[1]
    assert "undo" not in stranger.page(f"/d/{one}")
    assert "undo" in anna.page(f"/d/{one}")
    assert anna.post(f"/d/{other}/translations/remove", {"other": one}).status_code == 303
    assert "Translations" not in stranger.page(f"/d/{one}")
    with archive.catalogue.reading() as session:
        for public_id, linked in ((one, other), (other, one)):
            record = records.by_public_id(session, public_id)
            happened = records.provenance_of(session, record.record_id)[-2:]
            assert [(h.kind, h.agent, h.detail) for h in happened] == [
                ("translation linked", "anna", linked),
                ("translation unlinked", "anna", linked),
            ]
    assert "Translation linked" in anna.page(f"/d/{one}")
    assert "Translation linked" not in stranger.page(f"/d/{one}")


def test_linking_twice_and_undoing_nothing_note_nothing(archive, pair):
    one, other = pair
    anna = reader_of(archive).signed_in("anna")
    anna.post(f"/d/{one}/translations/remove", {"other": other})
    anna.post(f"/d/{one}/translations", {"other": other})
    anna.post(f"/d/{other}/translations", {"other": one})
    with archive.catalogue.reading() as session:
        record = records.by_public_id(session, one)
        kinds = [h.kind for h in records.provenance_of(session, record.record_id)]
    assert kinds.count("translation linked") == 1
    assert "translation unlinked" not in kinds


def test_a_document_is_named_by_its_address_too(archive, pair):
    one, other = pair
    anna = reader_of(archive).signed_in("anna")
    anna.post(
        f"/d/{one}/translations", {"other": f" https://example.org/d/{other.upper()}?q=x#p3 "}
    )
    assert "De l&#39;eau" in anna.page(f"/d/{one}")


def test_itself_the_unknown_and_the_hidden_are_refused_alike(archive, pair):
    one, other = pair
    with archive.catalogue.writing() as session:
        records.change_state(session, other, "withdrawn", "otto", "why")
    anna = reader_of(archive).signed_in("anna")
    answers = set()
    for named in (one, other, "000000000", "nothing", ""):
        response = anna.post(f"/d/{one}/translations", {"other": named})
        assert response.status_code == 400
        said = unlabelled(response.text.split("<main")[1])
        answers.add(said.replace(f"“{named}”", ""))
    assert len(answers) == 1


@pytest.mark.parametrize("who", [None, "rita"])
def test_only_archivists_link(archive, pair, who):
    one, other = pair
    someone = reader_of(archive)
    if who:
        someone.signed_in(who)
    assert someone.post(f"/d/{one}/translations", {"other": other}).status_code == 403
    assert "Link as a translation" not in someone.page(f"/d/{one}")


def test_a_link_needs_its_token(archive, pair):
    anna = reader_of(archive).signed_in("anna")
    response = anna.client.post(f"/d/{pair[0]}/translations", data={"other": pair[1]})
    assert response.status_code == 400


def test_a_hidden_translation_is_not_shown(archive, pair):
    hidden = put(archive, "Скрытое", "Вода.", access="restricted")
    anna = reader_of(archive).signed_in("anna")
    anna.post(f"/d/{pair[0]}/translations", {"other": hidden})
    assert "Скрытое" in anna.page(f"/d/{pair[0]}")
    html = reader_of(archive).page(f"/d/{pair[0]}")
    assert "Скрытое" not in html
    assert "Translations" not in html
