"""A selection is downloaded with its originals: whole, as it is made, and only what is open to the reader."""

import csv
import io
import zipfile

import pytest

from archive import bags
from archive.catalogue import records
from tests.keeping import flip_a_bit, place_of
from tests.webui.library import put, reader_of, unlabelled


@pytest.fixture
def mixed(new_archive):
    archive = new_archive()
    ids = {
        access: put(archive, f"A {access} paper", name=f"{access}.txt", access=access)
        for access in ("public", "text_withheld", "restricted")
    }
    ids["waiting"] = put(archive, "A waiting paper", name="waiting.txt", state="waiting")
    ids["withdrawn"] = put(archive, "A withdrawn paper", name="withdrawn.txt")
    with archive.catalogue.writing() as session:
        records.change_state(session, ids["withdrawn"], "withdrawn", "otto", "asked for")
    return archive, ids


def names_in(tmp_path, response) -> set[str]:
    assert response.status_code == 200
    path = tmp_path / "selection.zip"
    path.write_bytes(response.data)
    with bags.opened(path) as bag:
        for one in bag.payload:
            bag.check(one)
        with bag.open("metadata.csv") as file:
            rows = list(csv.DictReader(io.StringIO(file.read().decode())))
        files = {one for one in bag.payload if one.startswith("files/")}
        assert {row["file"] for row in rows} == files
    return {one.rpartition("/")[2] for one in files}


@pytest.mark.parametrize(
    ("who", "names"),
    [
        (None, {"public.txt"}),
        ("rita", {"public.txt"}),
        ("anna", {"public.txt", "text_withheld.txt", "restricted.txt", "waiting.txt"}),
    ],
)
def test_what_the_reader_may_read_is_in_the_bag_and_nothing_else(mixed, tmp_path, who, names):
    archive, ids = mixed
    reader = reader_of(archive).signed_in(who) if who else reader_of(archive)
    reader.post("/selection/add", {"id": list(ids.values())})
    response = reader.get("/selection/bag.zip")
    assert names_in(tmp_path, response) == names
    assert response.headers["Content-Disposition"] == "attachment; filename=selection.zip"
    whole = response.data
    for which, title in (("restricted", b"A restricted"), ("withdrawn", b"A withdrawn")):
        if f"{which}.txt" not in names:
            assert title not in whole
            assert ids[which].encode() not in whole


def test_the_selection_says_what_is_withheld(mixed):
    archive, ids = mixed
    reader = reader_of(archive)
    reader.post("/selection/add", {"id": [ids["public"], ids["text_withheld"]]})
    text = unlabelled(reader.page("/selection"))
    assert "1 document, with description and checksums (BagIt, zip)" in text
    assert "The text of 1 document is withheld; it is not among the originals." in text


def test_without_anything_to_read_there_is_no_bag(mixed):
    archive, ids = mixed
    reader = reader_of(archive)
    assert reader.get("/selection/bag.zip").status_code == 404
    reader.post("/selection/add", {"id": [ids["text_withheld"]]})
    assert reader.get("/selection/bag.zip").status_code == 404
    assert "BagIt" not in reader.page("/selection")


def test_an_original_that_is_damaged_is_named_and_not_sent(mixed, tmp_path):
    archive, ids = mixed
    flip_a_bit(place_of(archive, ids["public"]))
    reader = reader_of(archive)
    reader.post("/selection/add", {"id": [ids["public"]]})
    response = reader.get("/selection/bag.zip")
    assert names_in(tmp_path, response) == set()
    with zipfile.ZipFile(io.BytesIO(response.data)) as packed:
        assert ids["public"] in packed.read("selection/data/left-out.txt").decode()


def test_the_bag_is_sent_as_it_is_made(mixed):
    archive, _ = mixed
    public_id = put(archive, "Large", content=bytes(8 << 20))
    reader = reader_of(archive)
    reader.post("/selection/add", {"id": [public_id]})
    response = reader.client.get("/selection/bag.zip", buffered=False)
    assert response.content_length is None
    sizes = [len(chunk) for chunk in response.response]
    assert len(sizes) > 8
    assert max(sizes) < 2 << 20
    response.close()


def test_a_download_that_is_broken_off_leaves_no_whole_zip(mixed):
    archive, _ = mixed
    public_id = put(archive, "Large", content=bytes(8 << 20))
    reader = reader_of(archive)
    reader.post("/selection/add", {"id": [public_id]})
    response = reader.client.get("/selection/bag.zip", buffered=False)
    chunks = iter(response.response)
    came = next(chunks) + next(chunks)
    response.close()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(came))
