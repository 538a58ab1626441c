"""The short form of benchmarks/load.py: everything but the clock."""

from benchmarks import archives, load
from benchmarks.corpora import Corpus, write_corpus
from indexer import bootstrap


def test_readers_and_an_archivist_at_once_and_every_upload_is_found(tmp_path):
    sentences = {"en": [f"The council of place {n} met and signed a treaty." for n in range(40)]}
    write_corpus(tmp_path / "corpus", 60, sentences)
    source = Corpus(tmp_path / "corpus")
    bootstrap.make_home(tmp_path / "kept")
    archive = bootstrap.open_archive(tmp_path / "kept", {})
    archives.fill(archive, source.documents())
    archive.close()
    home = archives.copied(tmp_path / "kept", tmp_path / "home")
    pages = ["/search?q=treaty", "/search?q=council+-place", "/"]
    told = load.measure(home, source, pages, number=2, seconds=0.5)
    assert told["failures"] == []
    assert told["uploads"]["uploads"] == 2
    assert told["long_document"]["pages"] == 600
    assert told["uploads_alone"]["uploads"] == 1
    assert all(told[name]["pages"] for name in ("one_a_second", "flat_out", "flat_out_with_writer"))
