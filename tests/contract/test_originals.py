"""What every store of originals keeps to."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import OriginalDamaged, OriginalMissing
from archive.originals import Digest, Originals
from archive.originals.local import LocalOriginals
from archive.originals.memory import MemoryOriginals

ABC = Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
NOBODY = Digest("0" * 64)


@pytest.fixture(params=["memory", "local"])
def originals(request: pytest.FixtureRequest, tmp_path: Path) -> Originals:
    return (
        MemoryOriginals() if request.param == "memory" else LocalOriginals(tmp_path / "originals")
    )


def filed(originals: Originals, folder: Path, content: bytes) -> Digest:
    source = folder / "source"
    source.write_bytes(content)
    return originals.put(source)


def test_a_file_is_filed_under_the_digest_of_its_bytes(originals, tmp_path):
    assert filed(originals, tmp_path, b"abc") == ABC


def test_what_was_put_is_read_back(originals, tmp_path):
    filed(originals, tmp_path, b"abc")
    with originals.open(ABC) as file:
        assert file.read() == b"abc"
    with originals.as_file(ABC) as path:
        assert path.read_bytes() == b"abc"


def test_the_source_is_left_as_it_was(originals, tmp_path):
    filed(originals, tmp_path, b"abc")
    assert (tmp_path / "source").read_bytes() == b"abc"


def test_filing_the_same_bytes_twice_changes_nothing(originals, tmp_path):
    assert filed(originals, tmp_path, b"abc") == filed(originals, tmp_path, b"abc")
    assert [*originals.digests()] == [ABC]


def test_digests_come_in_ascending_order(originals, tmp_path):
    put = {filed(originals, tmp_path, bytes([n])) for n in range(40)}
    assert [*originals.digests()] == sorted(put)


@pytest.mark.parametrize("digest", [NOBODY, "../../etc/passwd", "", "ab" * 31 + "zz"])
def test_what_is_not_held_is_missing_and_says_which(originals, digest):
    assert not originals.holds(digest) if len(digest) == 64 and digest == NOBODY else True
    with pytest.raises(OriginalMissing, match="no original"):
        originals.open(digest)
    with pytest.raises(OriginalMissing), originals.as_file(digest):
        pass
    with pytest.raises(OriginalMissing):
        originals.verify(digest)


def test_an_unchanged_original_verifies(originals, tmp_path):
    filed(originals, tmp_path, b"abc")
    originals.verify(ABC)
    assert originals.holds(ABC)


def test_many_threads_may_file_the_same_bytes(originals, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"abc" * 100_000)
    digests: list[Digest] = []
    threads = [
        threading.Thread(target=lambda: digests.append(originals.put(source))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(digests) == 8
    assert [*originals.digests()] == [digests[0]]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(content=st.binary(max_size=5_000))
def test_any_bytes_come_back_as_they_were(originals, tmp_path, content):
    digest = filed(originals, tmp_path, content)
    with originals.open(digest) as file:
        assert file.read() == content


def test_a_changed_bit_is_damage(tmp_path):
    originals = LocalOriginals(tmp_path / "originals")
    digest = filed(originals, tmp_path, b"abc")
    with originals.as_file(digest) as path:
        path.chmod(0o600)
        path.write_bytes(b"abd")
    with pytest.raises(OriginalDamaged, match="put it back from a backup"):
        originals.verify(digest)


def test_an_original_on_disk_cannot_be_written_by_accident(tmp_path):
    originals = LocalOriginals(tmp_path / "originals")
    digest = filed(originals, tmp_path, b"abc")
    with originals.as_file(digest) as path:
        assert path.stat().st_mode & 0o777 == 0o400


def test_a_copy_that_fails_leaves_nothing(tmp_path):
    originals = LocalOriginals(tmp_path / "originals")
    with pytest.raises(OSError):
        originals.put(tmp_path / "is not there")
    assert [*originals.digests()] == []
    assert [*(tmp_path / "originals" / "incoming").iterdir()] == []
