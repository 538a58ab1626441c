"""The command: what it says, to people and to programs, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webui.cli import main

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def muniment(home, monkeypatch):
    monkeypatch.delenv("MUNIMENT_HOME", raising=False)

    def run(*arguments: str, at: Path | None = home, typed: str = "") -> Result:
        said = CliRunner().invoke(
            main, [*(["--home", str(at)] if at else []), *arguments], input=typed
        )
        if said.exception and not isinstance(said.exception, SystemExit):
            raise said.exception
        return said

    return run


@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "one.txt").write_text(
        "Decree No. 17\n\nOf 3 May 1994\n\nThe mill is rebuilt.", "utf-8"
    )
    (folder / "two.txt").write_text(
        "Decree No. 18\n\nOf 4 May 1994\n\nThe bridge is rebuilt.", "utf-8"
    )
    return folder


def test_the_journey_from_file_to_citation(muniment, letters, tmp_path):
    report = tmp_path / "report.jsonl"
    said = muniment("ingest", "--publish", str(letters), "--report", str(report))
    assert said.exit_code == 0
    assert (
        "2 taken in, 0 kept without (all of) their text, 0 already held, 0 refused" in said.output
    )
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [set(line) for line in lines] == [{"file", "outcome", "reason", "id"}] * 2

    found = json.loads(muniment("search", "mill", "--json").output)
    assert {"read_as", "reading", "total", "hits", "facets", "notices", "state"} <= set(found)
    assert (found["read_as"], found["reading"], found["total"]) == ("mill", "all", 1)
    [hit] = found["hits"]
    assert {"id", "title", "kind", "country", "date", "number", "score", "passages"} <= set(hit)
    [passage] = hit["passages"]
    [[start, end]] = passage["marks"]
    assert passage["text"][start:end] == "mill"
    assert hit["id"] == lines[0]["id"]

    shown = json.loads(muniment("show", hit["id"], "--json").output)
    assert shown["items"][0]["name"] == "one.txt"
    assert [event["kind"] for event in shown["provenance"]] == ["received", "read", "published"]
    assert muniment("show", hit["id"], "--text").output.startswith("Decree No. 17")
    assert "sha256" in muniment("show", hit["id"]).output

    for form, sign in [("ris", "TY  - "), ("biblatex", "@"), ("bibtex", "@"), ("csl-json", "[")]:
        cited = muniment("cite", hit["id"], lines[1]["id"], "--format", form)
        assert cited.exit_code == 0
        assert sign in cited.output
        assert hit["id"] in cited.output


def test_a_second_run_takes_in_nothing(muniment, letters):
    muniment("ingest", str(letters))
    assert (
        "0 taken in, 0 kept without (all of) their text, 2 already held"
        in muniment("ingest", str(letters)).output
    )


def test_exit_status_is_1_where_something_was_refused(muniment, letters):
    (letters / "empty.txt").touch()
    said = muniment("ingest", str(letters))
    assert said.exit_code == 1
    assert "refused:" in said.output
    assert "the file is empty" in said.output


def test_a_dry_run_changes_nothing_and_fails_on_a_problem(muniment, letters, tmp_path):
    sidecar = tmp_path / "meta.csv"
    sidecar.write_text("file,date\none.txt,soon\n", "utf-8")
    said = muniment("ingest", str(letters), "--metadata", str(sidecar), "--dry-run")
    assert said.exit_code == 1
    assert "one.txt: row 2: date: 'soon' is not a date" in said.output
    assert json.loads(muniment("search", "", "--json").output)["total"] == 0
    assert muniment("ingest", str(letters), "--dry-run").exit_code == 0


def test_the_public_does_not_see_what_waits(muniment, home, letters):
    config = home / "config.toml"
    config.write_text(
        config.read_text("utf-8").replace("required = false", "required = true"), "utf-8"
    )
    muniment("ingest", str(letters))
    assert json.loads(muniment("search", "rebuilt", "--json").output)["total"] == 2
    assert (
        json.loads(muniment("search", "rebuilt", "--as", "public", "--json").output)["total"] == 0
    )


def test_filters_of_the_command(muniment, letters):
    muniment("ingest", str(letters))
    found = json.loads(
        muniment("search", "rebuilt", "--from", "1994-05-04", "--to", "1994", "--json").output
    )
    assert found["total"] == 1
    found = json.loads(
        muniment("search", "rebuilt", "--type", "article", "--type", "poem", "--json").output
    )
    assert found["total"] == 0
    assert found["notices"][0]["message"] == "there is no kind 'poem'; it was not used"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "123456789"], "no document has the id"),
        (["search", "x", "--sort", "colour"], "there is no sort 'colour'"),
        (["user", "add", "a", "--role", "reader", "--password-stdin"], "at least 12 characters"),
    ],
)
def test_an_error_is_one_line_and_says_what_to_do(muniment, letters, arguments, message):
    muniment("ingest", str(letters))
    said = muniment(*arguments, typed="short\n")
    assert said.exit_code == 1
    assert message in said.output
    assert "Traceback" not in said.output


def test_without_a_home_the_advice_is_how_to_make_one(muniment, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = muniment("search", "x", at=None)
    assert said.exit_code == 1
    assert "muniment init" in said.output


def test_init_leaves_what_is_there(muniment, tmp_path):
    place = tmp_path / "new"
    assert "is an archive home now" in muniment("init", str(place), at=None).output
    (place / "config.toml").write_text("[site]\nname = 'Ours'\n", "utf-8")
    assert "already" in muniment("init", str(place), at=None).output
    assert "Ours" in (place / "config.toml").read_text("utf-8")


def test_verify_names_what_is_damaged_or_gone(muniment, home, letters):
    muniment("ingest", str(letters))
    assert "2 originals are unchanged, 0 are not" in muniment("verify").output
    first, second = sorted((home / "data" / "originals").glob("??/??/*"))
    first.chmod(0o600)
    first.write_bytes(b"other")
    second.unlink()
    said = muniment("verify")
    assert said.exit_code == 1
    assert f"damaged: {first.name}: its digest is now " in said.output
    assert f"missing: {second.name}: there is no file under its digest" in said.output
    assert "(one.txt): " in said.output
    assert "(two.txt): " in said.output
    assert "put them back from a backup" in said.output


def test_a_backup_is_restored_elsewhere(muniment, letters, tmp_path):
    muniment("ingest", str(letters))
    made = muniment("backup", str(tmp_path / "b.zip"))
    assert made.exit_code == 0
    taken = muniment("restore", str(tmp_path / "b.zip"), str(tmp_path / "new"), at=None)
    assert taken.exit_code == 0
    assert made.output.partition(": ")[2] in taken.output
    assert "2 records are indexed" in taken.output
    found = json.loads(muniment("search", "mill", "--json", at=tmp_path / "new").output)
    assert found["total"] == 1
    assert muniment("backup", str(tmp_path / "b.zip")).exit_code == 1
    assert "not empty" in muniment("restore", str(tmp_path / "b.zip"), str(tmp_path / "new")).output


def test_documents_go_out_in_a_bag_and_come_in_again(muniment, letters, tmp_path):
    sidecar = letters / "meta.csv"
    sidecar.write_text("file,date,place\none.txt,1994~,Elsewhere\ntwo.txt,1994,\n", "utf-8")
    muniment(
        "ingest", *(str(letters / f"{n}.txt") for n in ("one", "two")), "--metadata", str(sidecar)
    )
    found = json.loads(muniment("search", "mill", "--json").output)["hits"][0]["id"]
    said = muniment("export", "--bag", str(tmp_path / "one.zip"), found, found)
    assert (said.exit_code, "1 records, 1 originals" in said.output) == (0, True)
    said = muniment("export", "--bag", str(tmp_path / "all.zip"), "--query", "")
    assert "2 records, 2 originals" in said.output
    muniment("init", str(tmp_path / "other"), at=None)
    other = tmp_path / "other"
    assert (
        "no problems" in muniment("ingest", str(tmp_path / "all.zip"), "--dry-run", at=other).output
    )
    said = muniment("ingest", str(tmp_path / "one.zip"), str(letters / "two.txt"), at=other)
    assert said.exit_code == 0
    assert "not used: id, sha256, state" in said.output
    hit = json.loads(muniment("search", "mill", "--json", at=other).output)["hits"][0]
    shown = json.loads(muniment("show", hit["id"], "--json", at=other).output)
    assert hit["date"] == "1994~"
    assert "in the bag one of" in shown["provenance"][-1]["detail"]
    assert "say which" in muniment("export", "--bag", str(tmp_path / "x.zip")).output


def test_a_damaged_bag_is_not_taken_in(muniment, letters, tmp_path):
    muniment("ingest", str(letters))
    muniment("export", "--bag", str(tmp_path / "b.zip"), "--query", "")
    whole = (tmp_path / "b.zip").read_bytes()
    at = whole.index(b"The mill")
    (tmp_path / "b.zip").write_bytes(whole[:at] + b"t" + whole[at + 1 :])
    muniment("init", str(tmp_path / "other"), at=None)
    said = muniment(
        "ingest", str(letters / "two.txt"), str(tmp_path / "b.zip"), at=tmp_path / "other"
    )
    assert said.exit_code == 1
    assert "one.txt" in said.output
    assert json.loads(muniment("search", "", "--json", at=tmp_path / "other").output)["total"] == 0


def test_a_backup_without_an_original_is_made_and_says_so(muniment, home, letters, tmp_path):
    muniment("ingest", str(letters))
    lost = min((home / "data" / "originals").glob("??/??/*"))
    lost.unlink()
    for said in (
        muniment("backup", str(tmp_path / "b.zip")),
        muniment("restore", str(tmp_path / "b.zip"), str(tmp_path / "new")),
    ):
        assert said.exit_code == 1
        assert "2 records" in said.output
        assert lost.name in said.output


def test_reindex_makes_the_index_anew(muniment, home, letters):
    import shutil

    muniment("ingest", str(letters))
    shutil.rmtree(home / "data" / "index")
    said = muniment("search", "mill")
    assert said.exit_code == 1
    assert "muniment reindex" in said.output
    assert "2 records are indexed" in muniment("reindex").output
    assert json.loads(muniment("search", "mill", "--json").output)["total"] == 1


# Whoosh leaves a file open that it could not read; the collector closes it, with a warning.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_made_anew_by_the_next_ingest(muniment, home, letters):
    muniment("ingest", str(letters / "one.txt"))
    for path in (home / "data" / "index").glob("*/_MAIN*.toc"):
        path.write_bytes(b"rubbish")
    muniment("ingest", str(letters / "two.txt"))
    assert json.loads(muniment("search", "rebuilt", "--json").output)["total"] == 2


def test_a_flipped_bit_of_the_index_is_mended_by_the_check(archive, ingest, letters):
    from indexer import indexing

    ingest(letters)
    assert indexing.check(archive.catalogue, archive.engine)
    [segment] = (archive.home / "data" / "index").glob("*/*.mun")
    content = bytearray(segment.read_bytes())
    content[-3] ^= 8
    segment.write_bytes(bytes(content))
    archive.engine.close()
    assert not indexing.check(archive.catalogue, archive.engine)
    assert indexing.check(archive.catalogue, archive.engine)


def test_extract_touches_no_archive(letters, tmp_path):
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "webui.cli",
            "extract",
            str(letters / "one.txt"),
            str(letters / "two.txt"),
            "--json",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (json.loads(line) for line in said.stdout.splitlines())
    assert first["file"].endswith("one.txt")
    assert first["status"] == "text"
    assert first["pages"][0]["text"].startswith("Decree No. 17")
    assert first["description"]["date"][0]["value"] == "1994-05-03"
    assert second["file"].endswith("two.txt")


def test_the_doctor_finds_this_machine_well(muniment):
    said = muniment("doctor")
    assert "BAD" not in said.output
    assert said.exit_code == 0


def test_what_is_referred_to_and_not_held_is_listed(muniment, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text(
        "A letter\n\nIt quotes the law of the Republic of Kazakhstan of 3 March 1995.", "utf-8"
    )
    assert muniment("ingest", "--publish", str(letter)).exit_code == 0
    said = json.loads(muniment("wanted", "--json").output)
    assert said["total"] == 1
    [row] = said["wanted"]
    assert (row["records"], row["kind"], row["date"]) == (1, "law", "1995-03-03")
    whole = json.loads(muniment("show", row["id"], "--json").output)
    assert [one["country"] for one in whole["refers_to"]] == ["KZ"]
    assert whole["referred_to_by"] == []
    assert "1995-03-03" in muniment("wanted", "--country", "KZ", "--type", "law").output
    assert "0 documents are wanted" in muniment("wanted", "--country", "TR").output
