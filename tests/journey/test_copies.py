"""The short form of `python -m benchmarks.duplicates`."""

from benchmarks import duplicates


def test_copies_of_real_texts_are_found_and_only_they(data):
    texts = duplicates.real_texts(data, 3_000)
    found = duplicates.figures(texts, 100)
    assert found["precision"] >= duplicates.PRECISION_FLOOR, found
    assert found["recall_promised"] >= duplicates.RECALL_FLOOR, found


def test_documents_that_differ_by_number_or_date_are_never_the_same(data):
    pairs = duplicates.Pairs(duplicates.real_texts(data, 3_000))
    judged = [duplicates.judged(*pair) for pair in pairs.hard(60)]
    assert len(judged) >= 30
    assert not [one for one in judged if "same_text" in (one.alone, one.described)]
