"""A selection goes out as a bag and comes in again with the same values."""

import csv
import io
import os
import shutil
import zipfile
from datetime import date
from pathlib import Path

import bagit
import pytest

from archive import bags
from archive.bags import BagWriter
from archive.catalogue import records
from archive.catalogue.records import Dated
from archive.dates import parse_edtf
from archive.errors import BagError
from indexer import bagged, bootstrap, ingest
from tests.keeping import flip_a_bit, place_of
from tests.webui.library import put

DESCRIPTIONS = {
    "full": {
        "title": "Əsas başlıq", "kind": "decree", "country": "AZ", "number": "351-IVQ",
        "issuer": "Prezident", "language": "az", "authors": ("Ada, B", "C"), "publication": "P",
        "volume": "1", "issue": "2", "page_range": "3-4", "section": "s", "place": "Bakı",
        "session": "48", "publisher": "Pub", "source_url": "https://example.org",
        "accessed": date(2024, 1, 1), "location": "fond 1", "collection": "c",
        "rights": "public domain",
    },
    "formulas": {
        "title": '=HYPERLINK("http://example.org")', "issuer": "'=1", "number": "-5",
        "place": "@x", "publisher": "+1, \"2\"", "location": "'plain",
    },
}  # fmt: skip


def record_of(archive, public_id):
    with archive.catalogue.reading() as session:
        return records.by_public_id(session, public_id)


def exported(archive, target: Path, *public_ids: str) -> bagged.Exported:
    return bagged.export(target, [record_of(archive, one) for one in public_ids], archive=archive)


def taken_in(archive, path: Path) -> list[ingest.Outcome]:
    told: list[ingest.Outcome] = []
    with bagged.delivered(path, archive) as came:
        ingest.take_in(
            came.sources,
            archive=archive,
            agent="test",
            via="command",
            sidecar=came.sidecar,
            told=told.append,
        )
    assert list(archive.incoming.iterdir()) == []
    return told


@pytest.fixture
def other(tmp_path):
    """Another archive."""
    bootstrap.make_home(tmp_path / "other")
    opened = bootstrap.open_archive(tmp_path / "other", {})
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("which", "access", "as_folder"),
    [
        ("full", "public", False),
        ("full", "restricted", True),
        ("formulas", "text_withheld", False),
    ],
)
def test_a_bag_comes_in_again_with_the_same_values(
    archive, other, tmp_path, which, access, as_folder
):
    public_id = put(
        archive, text="Nothing is read here.", name="a b?.html", access=access,
        content=b"<p>Nothing is read here.</p>", date="1993-12~", **DESCRIPTIONS[which],
    )  # fmt: skip
    path = tmp_path / "out.zip"
    exported(archive, path, public_id)
    if as_folder:
        with zipfile.ZipFile(path) as packed:
            packed.extractall(tmp_path)
        path = tmp_path / "out"
    [outcome, *container] = taken_in(other, path)
    assert outcome.outcome == "taken"
    assert [one.outcome for one in container] == ([] if as_folder else ["taken"])
    was, came = record_of(archive, public_id), record_of(other, outcome.public_id)
    assert came.access == access
    assert came.items[0].digest == was.items[0].digest
    assert came.items[0].name == "a b_.html"
    for name in records.PLAIN_FIELDS:
        value = getattr(was.description, name)
        assert value is None or getattr(came.description, name) == value, name
    assert came.description.authors == was.description.authors
    assert came.description.dated == Dated(parse_edtf("1993-12~"), "published", "1993-12~")
    with other.catalogue.reading() as session:
        happened = records.provenance_of(session, came.record_id)
    [event] = [one for one in happened if one.kind == "delivered"]
    assert (event.agent, event.outcome) == ("test", "verified")
    assert event.detail.startswith("in the bag out of ")
    assert "sha256 of its manifest" in event.detail


def test_the_library_of_congress_finds_the_bag_of_a_selection_valid(archive, tmp_path):
    names = ["a.txt", "a.txt", "../../x", "100%\r\n.txt", "ünï.txt", ".", "con", "x" * 400 + ".pdf"]
    ids = [put(archive, f"Document {n}", name=name) for n, name in enumerate(names)]
    exported(archive, tmp_path / "out.zip", *ids)
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        packed.extractall(tmp_path)
    bagit.Bag(str(tmp_path / "out")).validate()
    table = (tmp_path / "out" / "data" / "metadata.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["id"] for row in rows] == ids
    for row in rows:
        assert (tmp_path / "out" / "data" / row["file"]).is_file()


def test_no_cell_of_the_metadata_is_a_formula(archive, tmp_path):
    public_id = put(archive, **DESCRIPTIONS["formulas"])
    exported(archive, tmp_path / "out.zip", public_id)
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        table = packed.read("out/data/metadata.csv").decode()
    for row in csv.reader(io.StringIO(table)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("trouble", ["missing", "damaged"])
def test_an_original_that_is_lost_is_left_out_and_named(archive, tmp_path, trouble):
    ids = [put(archive, "One", name="1.txt"), put(archive, "Two", name="2.txt")]
    place = place_of(archive, ids[0])
    place.unlink() if trouble == "missing" else flip_a_bit(place)
    made = exported(archive, tmp_path / "out.zip", *ids)
    assert made.left_out == (f"{ids[0]} {place.name} {trouble}",)
    with bags.opened(tmp_path / "out.zip") as bag:
        assert [*bag.payload] == [f"files/{ids[1]}/2.txt", "left-out.txt", "metadata.csv"]


def test_what_changed_on_its_way_is_not_taken_in_at_all(archive, other, tmp_path):
    exported(archive, tmp_path / "out.zip", *(put(archive, f"Document {n}") for n in range(3)))
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        packed.extractall(tmp_path)
    last = sorted((tmp_path / "out" / "data" / "files").glob("*/*"))[-1]
    flip_a_bit(last)
    with pytest.raises(BagError, match=last.name), bagged.delivered(tmp_path / "out", other):
        pass
    with other.catalogue.reading() as session:
        assert records.count(session) == 0
    assert list(other.incoming.iterdir()) == []


def test_a_backup_is_not_taken_in_as_documents(archive, other, tmp_path):
    put(archive, "One")
    bootstrap.back_up(archive, tmp_path / "b.zip", lambda _done, _all: None)
    with (
        pytest.raises(BagError, match="muniment restore"),
        bagged.delivered(tmp_path / "b.zip", other),
    ):
        pass


def bag_of(path: Path, files: dict[str, bytes]) -> Path:
    with path.open("wb") as out, BagWriter(out, "b", {"Source-Organization": "Elsewhere"}) as bag:
        for name, content in files.items():
            bag.add(name, io.BytesIO(content), len(content))
    return path


def test_a_bag_of_somebody_else_is_taken_in_by_its_files(archive, tmp_path):
    path = bag_of(
        tmp_path / "theirs.zip",
        {"metadata.csv": b"filename,dc.title\na.txt,A\n", "a/a.txt": b"The mill.", "e.txt": b""},
    )
    outcomes = {one.file.removeprefix(f"{path}/data/"): one for one in taken_in(archive, path)}
    assert outcomes["metadata.csv"].outcome == "taken"
    assert outcomes["a/a.txt"].outcome == "taken"
    assert outcomes["e.txt"].reason == "the file is empty"
    record = record_of(archive, outcomes["a/a.txt"].public_id)
    with archive.catalogue.reading() as session:
        happened = records.provenance_of(session, record.record_id)
    assert any("in the bag b from Elsewhere" in one.detail for one in happened)


def test_a_zip_in_a_bag_is_unpacked_and_says_where_it_came_from(archive, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as inner:
        inner.writestr("deep.txt", "The mill.")
    told = taken_in(archive, bag_of(tmp_path / "b.zip", {"inner.zip": packed.getvalue()}))
    [deep] = [one for one in told if one.file.endswith("inner.zip/deep.txt")]
    record = record_of(archive, deep.public_id)
    with archive.catalogue.reading() as session:
        happened = records.provenance_of(session, record.record_id)
    assert "delivered" in [one.kind for one in happened]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("CONTAINER_MAX_FILES", "1", "container_max_files"), ("CONTAINER_MAX_MIB", "0", "holds more")],
)
def test_a_bag_beyond_the_limits_is_refused(home, tmp_path, name, value, said):
    path = bag_of(tmp_path / "b.zip", {"a.txt": b"a", "b.txt": b"b"})
    archive = bootstrap.open_archive(home, {f"MUNIMENT_INGEST_{name}": value})
    with pytest.raises(BagError, match=said), bagged.delivered(path, archive):
        pass
    archive.close()


def test_a_file_that_is_too_large_is_refused_alone(home, tmp_path):
    path = bag_of(tmp_path / "b.zip", {"a.txt": b"a" * (1 << 20) + b"a", "b.txt": b"The mill."})
    archive = bootstrap.open_archive(home, {"MUNIMENT_INGEST_FILE_MAX_MIB": "1"})
    told = taken_in(archive, path)
    archive.close()
    assert [one.outcome for one in told] == ["refused", "taken", "taken"]


def test_an_export_replaces_no_file(archive, tmp_path):
    (tmp_path / "out.zip").write_text("precious")
    with pytest.raises(BagError, match="is there already"):
        exported(archive, tmp_path / "out.zip", put(archive, "One"))
    assert (tmp_path / "out.zip").read_text() == "precious"


def test_many_originals_are_exported_within_bounded_memory(archive, tmp_path):
    import resource

    public_id = put(archive, "Large", content=os.urandom(1 << 20) * 96)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    exported(archive, tmp_path / "out.zip", public_id)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10  # KiB
