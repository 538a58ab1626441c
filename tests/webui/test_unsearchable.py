"""The list of what cannot be searched."""

from tests.webui.library import put, reader_of


def test_it_is_for_staff(shelf):
    assert reader_of(shelf).get("/unsearchable").status_code in {302, 303, 403}


def test_every_trouble_is_named_with_its_documents(shelf):
    put(shelf, "A scan", "", status="needs_ocr", name="scan.pdf")
    put(shelf, "A locked file", "", status="encrypted", name="locked.pdf")
    someone = reader_of(shelf).signed_in("anna")
    html = someone.page("/unsearchable")
    assert "A scan" in html
    assert "A locked file" in html
    only = someone.page("/unsearchable?trouble=encrypted")
    assert "A scan" not in only
    assert "A locked file" in only


def test_a_trouble_that_does_not_exist_is_told(shelf):
    someone = reader_of(shelf).signed_in("anna")
    assert someone.get("/unsearchable?trouble=nothing").status_code == 400
    assert someone.get("/unsearchable?after=x").status_code == 200


def test_nothing_is_read_again_for_the_public(shelf, ids):
    assert reader_of(shelf).post(f"/unsearchable/{ids['plain']}/reread").status_code in {
        302,
        303,
        403,
    }
