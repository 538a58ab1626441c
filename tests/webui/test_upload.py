"""Putting documents in."""

import io
import re
import zipfile

import pytest

from tests.webui.library import Reader, reader_of

ONE = b"<html><head><title>On lakes</title></head><body><h1>On lakes</h1><p>The lakes are deep and cold.</p></body></html>"
TWO = "Постановление № 578 от 10 июня 1995 г.\n\nО почтовой связи.".encode()


def _send(reader: Reader, *files: tuple[bytes, str], **more: str):
    """Send a form as a browser does, one part a file."""
    fields = {"csrf_token": reader.token(), **more}
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [
        f'name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'.encode() + content
        for content, name in files
    ]
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts
    )
    return reader.client.post(
        "/upload", data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge"
    )


@pytest.fixture
def archive(new_archive):
    return new_archive()


def test_files_are_reported_one_by_one_and_found(archive):
    anna = reader_of(archive).signed_in("anna")
    html = _send(anna, (ONE, "lakes.html"), (TWO, "post.txt"), (b"", "empty.txt")).text
    rows = re.findall(
        r"<tr><th scope=\"row\">(.*?)</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", html, re.DOTALL
    )
    assert [(re.sub("<[^>]+>", "", name), outcome) for name, outcome, _ in rows] == [
        ("lakes.html", "taken in"),
        ("post.txt", "taken in"),
        ("empty.txt", "refused"),
    ]
    assert "the file is empty" in rows[2][2]
    address = re.search(r'href="(/d/\w{9})"', rows[0][0])[1]
    stranger = reader_of(archive)
    assert "deep and cold" in stranger.page(address)
    assert "<h1>1 document" in stranger.page("/search?q=lakes")
    assert stranger.get(f"{address}/original").data == ONE


def test_the_same_bytes_are_held_once_and_lead_to_the_twin(archive):
    anna = reader_of(archive).signed_in("anna")
    first = re.search(r"/d/\w{9}", _send(anna, (ONE, "a.html")).text)[0]
    html = _send(anna, (ONE, "b.html")).text
    assert "held already" in html
    assert f'The same bytes as: <a href="{first}">' in html


def test_a_zip_is_unpacked(archive):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("in/lakes.html", ONE)
        file.writestr("../post.txt", TWO)
    html = _send(reader_of(archive).signed_in("anna"), (packed.getvalue(), "both.zip")).text
    assert re.findall(r"both\.zip[^<]*", html) == [
        "both.zip/../post.txt",
        "both.zip/in/lakes.html",
        "both.zip",
    ]
    assert html.count("<td>taken in</td>") == 3, "each file, and the archive with how many it held"


def test_nothing_is_left_behind(archive):
    anna = reader_of(archive).signed_in("anna")
    _send(anna, (ONE, "a.html"), (b"", "b.html"), (b"PK\x03\x04 broken", "c.zip"))
    assert not [path for path in archive.incoming.rglob("*") if path.is_file()]


def test_a_name_is_shown_as_text_and_never_a_path(archive):
    anna = reader_of(archive).signed_in("anna")
    html = _send(anna, (ONE, "../../<script>alert(1)</script>.html")).text
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert not list(archive.home.parent.glob("*script*"))


def test_no_file_chosen_is_said(archive):
    response = _send(reader_of(archive).signed_in("anna"))
    assert response.status_code == 400
    assert "Choose at least one file" in response.text


@pytest.mark.parametrize("who", [None, "rita"])
def test_only_archivists_may_upload_and_others_send_nothing(archive, who):
    someone = reader_of(archive)
    if who:
        someone.signed_in(who)
    response = _send(someone, (ONE, "a.html"))
    assert response.status_code == 403
    assert "<h1>" in response.text
    with archive.catalogue.reading() as session:
        from archive.catalogue import records

        assert records.count(session) == 0


def test_an_upload_needs_its_token(archive):
    anna = reader_of(archive).signed_in("anna")
    response = anna.client.post("/upload", data={"files": (io.BytesIO(ONE), "a.html")})
    assert response.status_code == 400
    assert "Reload its page" in response.text


def test_a_file_over_its_limit_is_refused_with_the_limit(new_archive):
    archive = new_archive(MUNIMENT_INGEST_FILE_MAX_MIB="1")
    html = _send(reader_of(archive).signed_in("anna"), (b"x" * 1_100_000, "large.txt")).text
    assert "larger than the 1 MiB" in html


def test_files_over_the_limit_of_all_are_413_with_the_limit(new_archive):
    archive = new_archive(MUNIMENT_SERVE_UPLOAD_MAX_MIB="1")
    response = _send(reader_of(archive).signed_in("anna"), (b"x" * 1_100_000, "large.txt"))
    assert response.status_code == 413
    assert "1 MiB at most" in response.text


def test_a_large_form_to_anywhere_else_is_not_read(reader: Reader):
    response = reader.client.post("/sign-in", data={"name": "x" * 3_000_000})
    assert response.status_code == 413


def test_where_review_is_required_publishing_is_a_tick(new_archive):
    archive = new_archive(MUNIMENT_REVIEW_REQUIRED="true")
    anna, stranger = reader_of(archive).signed_in("anna"), reader_of(archive)
    assert "Publish at once" in anna.page("/upload")
    waiting = re.search(r"/d/\w{9}", _send(anna, (ONE, "a.html")).text)[0]
    open_to_all = re.search(r"/d/\w{9}", _send(anna, (TWO, "b.txt"), publish="1").text)[0]
    assert stranger.get(waiting).status_code == 404
    assert "waiting for review" in anna.page(waiting)
    assert stranger.get(open_to_all).status_code == 200


def test_more_than_a_thousand_files_fit_into_one_upload(archive):
    files = [(b"", f"empty{number}.txt") for number in range(1_100)]
    html = _send(reader_of(archive).signed_in("anna"), *files).text
    assert "refused: 1,100" in html


def test_without_review_there_is_no_tick(archive):
    assert "Publish at once" not in reader_of(archive).signed_in("anna").page("/upload")
