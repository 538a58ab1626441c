from indexer.reading import hugepages


def test_gathering_changes_nothing_of_what_is_there():
    content = bytes(range(256)) * 40_000  # ten megabytes, so that a huge page fits in
    held = bytearray(content)
    made = hugepages.gather()
    assert made >= 0
    assert held == content
    held[5_000_000] = 0  # and it may be written to
    assert held.count(0) == content.count(0) + 1
