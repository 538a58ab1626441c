"""Bags are written so that others accept them, and taken only where they are whole and safe."""

import hashlib
import io
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import bags
from archive.bags import BagWriter
from archive.errors import BagError

FILES = {"a.txt": b"alpha", "deep/er/b c.txt": b"beta", "ünï.txt": b"", "twice\r\n.txt": b"100 %"}


def written(path: Path, files: dict[str, bytes] = FILES) -> Path:
    with (
        path.open("wb") as out,
        BagWriter(out, "thing", bags.new_info("A thing", organization="Nobody\nat all")) as writer,
    ):
        for name, content in files.items():
            writer.add(name, io.BytesIO(content), len(content))
    return path


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder)
    return folder / "thing"


def contents(path: Path) -> dict[str, bytes]:
    found = {}
    with bags.opened(path) as bag:
        for name in bag.payload:
            with bag.open(name) as file:
                found[name] = file.read()
    return found


@pytest.mark.parametrize("as_folder", [False, True])
def test_what_was_written_is_read_back(tmp_path, as_folder):
    path = written(tmp_path / "thing.zip")
    if as_folder:
        path = unpacked(path, tmp_path)
    assert bags.is_bag(path)
    assert contents(path) == FILES
    with bags.opened(path) as bag:
        assert bag.name == "thing"
        assert bag.said("source-organization") == "Nobody at all"
        assert bag.said("Payload-Oxum") == "14.4"
        assert set(bag.payload["a.txt"]) == {"sha512", "sha256"}


def test_the_library_of_congress_finds_a_bag_valid(tmp_path):
    folder = unpacked(written(tmp_path / "thing.zip"), tmp_path)
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert bag.version_info == (1, 0)
    (folder / "data" / "a.txt").write_bytes(b"alphx")
    with pytest.raises(bagit.BagValidationError):
        bag.validate()


def test_a_bag_of_the_library_of_congress_is_read(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "x.txt").write_text("x")
    bagit.make_bag(str(folder), {"Contact-Name": "Ada"}, checksums=["md5"])
    assert contents(folder) == {"x.txt": b"x"}


def test_a_bag_can_be_written_to_what_cannot_be_sought(tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self, out):
            self.out = out

        def writable(self):
            return True

        def write(self, chunk):
            return self.out.write(chunk)

    with (tmp_path / "piped.zip").open("wb") as file, BagWriter(Pipe(file), "thing", {}) as writer:
        writer.add("a.txt", io.BytesIO(b"alpha"), 5)
    assert contents(tmp_path / "piped.zip") == {"a.txt": b"alpha"}


def sums(folder: Path, name: str, lines: str) -> None:
    """Replace a tag file, as whoever means harm would: its checksums are right again."""
    (folder / name).write_text(lines, "utf-8", newline="")
    for manifest in folder.glob("tagmanifest-*.txt"):
        manifest.unlink()


def listed(folder: Path, path: str, content: bytes = b"") -> None:
    for algorithm in bags.WRITTEN:
        manifest = folder / f"manifest-{algorithm}.txt"
        line = f"{hashlib.new(algorithm, content).hexdigest()}  {path}\n"
        sums(folder, manifest.name, manifest.read_text("utf-8") + line)
    (folder / "bag-info.txt").unlink(missing_ok=True)


def fetching(folder: Path) -> None:
    listed(folder, "data/far.txt", b"far")
    (folder / "fetch.txt").write_text("http://127.0.0.1:9/far.txt 3 data/far.txt\n")


def linked(folder: Path) -> None:
    (folder / "data" / "a.txt").unlink()
    (folder / "data" / "a.txt").symlink_to("/etc/passwd")


TROUBLES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed file": (
        lambda b: (b / "data/a.txt").write_bytes(b"alphx"),
        "data/a.txt is not what manifest-sha512.txt says",
    ),
    "a missing file": (lambda b: (b / "data/a.txt").unlink(), "data/a.txt is missing"),
    "an extra file": (
        lambda b: (b / "data/x").write_bytes(b""),
        "data/x stands in no manifest",
    ),
    "a longer file": (lambda b: (b / "data/a.txt").write_bytes(b"alphaaa"), "bag-info.txt says"),
    "a changed tag file": (
        lambda b: (b / "bag-info.txt").write_text("Contact-Name: Eve\n"),
        "bag-info.txt is not what tagmanifest",
    ),
    "a missing tag file": (lambda b: (b / "bag-info.txt").unlink(), "bag-info.txt is missing"),
    "a file to fetch": (fetching, "data/far.txt is missing; what fetch.txt names is not fetched"),
    "a link": (linked, "data/a.txt is no file but a link"),
    "a path upward": (lambda b: listed(b, "data/../../etc/passwd"), "may lead out of the bag"),
    "an absolute path": (lambda b: listed(b, "/etc/passwd"), "may lead out of the bag"),
    "an escaped path upward": (lambda b: listed(b, "data/..\\..\\x"), "may lead out of the bag"),
    "a home": (lambda b: listed(b, "~root/x"), "may lead out of the bag"),
    "a drive": (lambda b: listed(b, "C:/x"), "may lead out of the bag"),
    "a path outside the payload": (lambda b: listed(b, "bagit.txt"), "outside data/"),
    "a path twice": (lambda b: listed(b, "data/a.txt", b"alpha"), "stands there twice"),
    "a manifest that is none": (lambda b: sums(b, "manifest-sha256.txt", "?\n"), "no checksum"),
    "a manifest that lacks one": (
        lambda b: sums(b, "manifest-sha256.txt", ""),
        "manifest-sha256.txt does not list",
    ),
    "no manifest": (
        lambda b: [one.unlink() for one in b.glob("*manifest*")],
        "has no manifest",
    ),
    "a version to come": (
        lambda b: sums(b, "bagit.txt", "BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n"),
        "BagIt 2.0",
    ),
    "an odd declaration": (lambda b: sums(b, "bagit.txt", "BagIt\n"), "RFC 8493"),
    "a byte order mark": (
        lambda b: sums(b, "bagit.txt", "\ufeff" + (b / "bagit.txt").read_text()),
        "RFC 8493",
    ),
    "another encoding": (
        lambda b: sums(b, "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: KOI8-R\n"),
        "KOI8-R",
    ),
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_a_bag_that_is_not_whole_or_safe_is_refused(tmp_path, trouble, zipped):
    folder = unpacked(written(tmp_path / "thing.zip"), tmp_path)
    spoil, said = TROUBLES[trouble]
    spoil(folder)
    path = folder
    if zipped:
        path = tmp_path / "again.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for one in sorted(folder.rglob("*")):
                entry = zipfile.ZipInfo(f"thing/{one.relative_to(folder).as_posix()}")
                if one.is_symlink():
                    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                    packed.writestr(entry, str(one.readlink()))
                elif one.is_file():
                    packed.writestr(entry, one.read_bytes())
    with pytest.raises(BagError) as caught:
        contents(path)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../x", "thing/../../x", "/x", "thing/data/..\\x", "thing/data/./x", "thing//x"]
)
def test_a_zip_whose_names_lead_out_is_refused(tmp_path, name):
    path = written(tmp_path / "thing.zip")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(name, b"x")
    with pytest.raises(BagError, match=r"lead out|no bag"):
        contents(path)


def test_a_name_twice_in_a_zip_is_refused(tmp_path):
    path = written(tmp_path / "thing.zip")
    with zipfile.ZipFile(path, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("thing/data/a.txt", b"other")
    with pytest.raises(BagError, match="stands twice"):
        contents(path)


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_a_cut_bag_is_refused(tmp_path, kept):
    path = written(tmp_path / "thing.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept) if isinstance(kept, float) else kept])
    with pytest.raises(BagError, match="no whole zip file"):
        contents(path)


def test_what_is_no_bag_is_none(tmp_path):
    (tmp_path / "plain.txt").write_text("x")
    shutil.make_archive(str(tmp_path / "plain"), "zip", tmp_path, "plain.txt")
    assert [bags.is_bag(tmp_path / name) for name in ("plain.txt", "plain.zip", ".", "none")] == [
        False
    ] * 4


@given(st.text(max_size=300))
def test_a_safe_name_is_one_part_of_a_path(name):
    safe = bags.safe_name(name)
    assert safe not in {"", ".", ".."}
    assert len(safe.encode()) <= 200
    assert not set(safe) & set('/\\:*?"<>|%\r\n\0')
    assert bags.safe_name(safe) == safe
