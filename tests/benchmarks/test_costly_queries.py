"""The short form of benchmarks/costly_queries.py: what is asked, not what it costs."""

from archive.config import SearchSettings
from benchmarks import costly_queries
from indexer.query.parser import parse

WORDS = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}lengthy" for n in range(300)]


def test_every_query_is_read_as_far_as_the_limits_go_and_written_back_the_same():
    queries = costly_queries.costly(WORDS, 1, SearchSettings())
    assert len(queries) > 20
    for name, typed in queries.items():
        parsed = parse(typed)
        written = str(parsed.query)
        assert len(written) > 2_000 or parse(written).query == parsed.query, name


def test_the_same_seed_asks_the_same():
    settings = SearchSettings()
    assert costly_queries.costly(WORDS, 5, settings) == costly_queries.costly(WORDS, 5, settings)
