"""Files, folders and zip archives, safe and unsafe."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from archive.config import IngestSettings
from indexer.sources import Incoming, Refusal, Unpacked, uploaded, walk

SETTINGS = IngestSettings(container_max_files=10, container_max_mib=2, file_max_mib=1)


def walked(scratch: Path, *paths: Path) -> list[tuple[str, str]]:
    told = []
    for source in walk(paths, scratch, SETTINGS):
        match source:
            case Incoming(path=path, label=label):
                told.append((Path(label).name, path.read_text("latin-1")[:20]))
                if source.temporary:
                    path.unlink()
            case Refusal(label=label, reason=reason):
                told.append((Path(label).name, f"REFUSED {reason}"))
            case Unpacked(label=label, files=files):
                told.append((Path(label).name, f"UNPACKED {files}"))
    return told


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    yield folder
    assert [*folder.iterdir()] == [], "something of ours was left lying about"


def test_a_folder_is_walked_in_order_of_name(scratch, tmp_path):
    folder = tmp_path / "f"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "2.txt").write_text("two")
    (folder / "a.txt").write_text("one")
    (folder / "c.txt").write_text("three")
    assert walked(scratch, folder) == [("a.txt", "one"), ("2.txt", "two"), ("c.txt", "three")]


def test_a_zip_is_opened_and_so_is_a_zip_inside_it(scratch, tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"x.txt": b"x"}).read_bytes()
    outer = zipped(tmp_path / "outer.zip", {"a.txt": b"a", "inner.zip": inner})
    assert walked(scratch, outer) == [
        ("a.txt", "a"),
        ("x.txt", "x"),
        ("inner.zip", "UNPACKED 1"),
        ("outer.zip", "UNPACKED 2"),
    ]


def test_a_document_that_is_a_zip_inside_is_not_opened(scratch, tmp_path):
    path = zipped(
        tmp_path / "a.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}
    )
    assert [name for name, _ in walked(scratch, path)] == ["a.docx"]


def test_no_name_in_a_zip_becomes_a_path(scratch, tmp_path):
    path = zipped(tmp_path / "t.zip", {"../../evil.txt": b"evil", "/tmp/muniment-evil.txt": b"abs"})
    assert [name for name, _ in walked(scratch, path)] == ["evil.txt", "muniment-evil.txt", "t.zip"]
    assert not Path("/tmp/muniment-evil.txt").exists()
    assert not (tmp_path.parent / "evil.txt").exists()


def deep(depth: int) -> bytes:
    content = b"x"
    for _ in range(depth):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("in.zip" if _ else "x.txt", content)
        content = file.getvalue()
    return content


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({f"{n}.txt": b"x" for n in range(11)}, "more files than"),
        (
            {
                "a.bin": os.urandom(900_000),
                "b.bin": os.urandom(900_000),
                "c.bin": os.urandom(900_000),
            },
            "unpacks to more than",
        ),
        ({"bomb": bytes(1_500_000)}, "times its size"),
        ({"in.zip": deep(3)}, "more than 3 deep"),
    ],
    ids=["too many", "too much", "bomb", "too deep"],
)
def test_an_unsafe_container_is_refused_whole(scratch, tmp_path, files, reason):
    path = zipped(tmp_path / "z.zip", {"first.txt": b"innocent", **files})
    [(name, said)] = walked(scratch, path)
    assert name == "z.zip"
    assert said.startswith("REFUSED an unsafe container")
    assert reason in said


def test_a_damaged_zip_is_refused_with_advice(scratch, tmp_path):
    path = zipped(tmp_path / "z.zip", {"a.txt": b"a" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    [(_, said)] = walked(scratch, path)
    assert "make it anew" in said


def test_an_empty_zip_is_refused(scratch, tmp_path):
    assert walked(scratch, zipped(tmp_path / "z.zip", {})) == [
        ("z.zip", "REFUSED the archive is empty")
    ]


def test_what_is_no_file_or_not_there_is_told(scratch, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "link").symlink_to(tmp_path / "folder")
    told = dict(walked(scratch, tmp_path / "pipe", tmp_path / "x", tmp_path / "not there"))
    assert "a device, a pipe or a socket" in told["pipe"]
    assert "link to a folder" in told["link"]
    assert "No such file" in told["not there"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\x\y.doc", "y.doc"),
        ("", "unnamed"),
        ("dir/", "dir"),
    ],
)
def test_an_uploaded_name_is_only_its_last_part(tmp_path, sent, name):
    assert uploaded(tmp_path, sent).name == name
