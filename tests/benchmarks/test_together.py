"""The short form of benchmarks/together.py."""

from dataclasses import replace

from benchmarks import together
from indexer.engine import Answer, Hit, Mark


def test_every_answer_beside_a_writer_is_that_of_a_committed_state(tmp_path, monkeypatch):
    monkeypatch.setattr(together, "REBUILT_EVERY", 7)
    score = together.run(tmp_path, commits=20, documents=60, seed=822, pause_s=0.05)
    assert score.raised == []
    assert score.wrong == []
    assert score.answers == score.compared >= together.PROCESSES * together.THREADS
    assert score.states_seen > 1


def test_an_answer_that_mixes_two_states_is_noticed():
    right = Answer(1, (Hit(3, 1.0),), {}, 0, Mark(7, {"public": 7}))
    assert together.difference(right, right) == ""
    assert together.difference(replace(right, total=2), right)
    assert together.difference(replace(right, hits=(Hit(4, 1.0),)), right)
    assert together.difference(replace(right, hits=(Hit(3, 1.00001),)), right)
    assert together.difference(replace(right, mark=Mark(8, {"public": 7})), right)


def test_the_writer_does_everything_that_happens_to_records():
    every = list(together.changes(60, [("en", "War and peace and the law of war")], seed=1))
    labels: dict[int, set[str]] = {}
    for change in every:
        for one in change.puts:
            labels.setdefault(one.record_id, set()).add(one.label)
    assert any(change.deletes for change in every)
    assert any(len(seen) > 1 for seen in labels.values()), "no record was given another label"
    assert [change.mark.change_id for change in every] == list(range(2, 62))
    assert every == list(together.changes(60, [("en", "War and peace and the law of war")], seed=1))
