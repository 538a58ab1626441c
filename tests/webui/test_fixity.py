"""What fixity found is shown: to archivists all of it, to everybody on the page of the document."""

import pytest

from archive import fixity
from tests.keeping import fill, flip_a_bit, place_of
from tests.webui import library
from tests.webui.library import reader_of, unlabelled


def verify(archive):
    for _ in fixity.verify(archive.catalogue, archive.originals, agent="otto"):
        pass


@pytest.fixture
def kept(new_archive):
    archive = new_archive()
    return archive, fill(archive, 5)


def test_a_document_says_when_its_original_was_compared(kept):
    archive, ids = kept
    page = f"/d/{ids[0]}"
    assert "Compared with this digest" not in reader_of(archive).page(page)
    verify(archive)
    assert "Compared with this digest on " in reader_of(archive).page(page)


def test_a_fault_and_its_repair_stand_on_the_page_of_the_document(kept):
    archive, ids = kept
    place = place_of(archive, ids[2])
    whole = place.read_bytes()
    flip_a_bit(place)
    verify(archive)
    text = unlabelled(reader_of(archive).page(f"/d/{ids[2]}"))
    assert "The file received does not match its digest since " in text
    assert "the original was found damaged" in text
    assert "otto" not in text
    assert "does not match" not in reader_of(archive).page(f"/d/{ids[1]}")
    place.write_bytes(whole)
    verify(archive)
    text = unlabelled(reader_of(archive).page(f"/d/{ids[2]}"))
    assert "does not match its digest" not in text
    assert "the original is unchanged again" in text


def test_archivists_see_what_is_wrong_and_every_run(kept):
    archive, ids = kept
    anna = reader_of(archive).signed_in("anna")
    text = unlabelled(anna.page("/fixity"))
    assert "5 of them were not compared since they were received" in text
    flip_a_bit(place_of(archive, ids[2]))
    place_of(archive, ids[4]).unlink()
    verify(archive)
    html = anna.page("/fixity")
    text = unlabelled(html)
    assert "2 originals are not as received" in text
    assert "Decree 2" in text
    assert "2.txt : it does not match its digest. sha256 " in text
    assert "its digest is now " in text
    assert "4.txt : it is missing" in text
    assert f'href="/d/{ids[2]}"' in html
    assert "/fixity" in anna.page(f"/d/{ids[2]}")


def test_the_page_is_for_archivists(kept):
    archive, _ = kept
    assert reader_of(archive).get("/fixity").status_code == 302
    assert reader_of(archive).signed_in("rita").get("/fixity").status_code == 403


def test_nothing_is_compared_by_itself_where_the_setting_says_so(new_archive):
    archive = new_archive(MUNIMENT_FIXITY_DAYS="0")
    library.put(archive, "One")
    assert "[fixity] days" in reader_of(archive).signed_in("anna").page("/fixity")
