"""The short form of benchmarks/numbers.py."""

from benchmarks import numbers


def test_each_document_is_found_first_by_its_number_however_it_is_typed(tmp_path):
    score = numbers.run(tmp_path / "home", sample=400, seed=7)
    assert score.asked == score.first == 400, score.examples


def test_there_are_300_numbers_in_20_formats():
    every, _ = numbers.numbers()
    of_the_table = [one for one in every if one.format != "UN Security Council"]
    assert len(of_the_table) >= 300
    assert len({one.format for one in of_the_table}) >= 20
