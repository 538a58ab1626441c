"""A sketch says how much two texts have in common, and says the same everywhere."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.copies import sketches

WORDS = [f"word{number}" for number in range(4000)]


def text_of(count: int, seed: int = 1) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def edited(text: str, share: float, seed: int = 2) -> str:
    chance, words = random.Random(seed), text.split()
    for at in chance.sample(range(len(words)), round(share * len(words))):
        words[at] = chance.choice(WORDS)
    return " ".join(words)


def share(one: str, other: str) -> float:
    shingles = [sketches.shingles_of([sketches.words_of(text)]) for text in (one, other)]
    return sketches.share_of(*shingles)


def about(one: str, other: str) -> float:
    minima = [sketches.minima_table([sketches.sketch_of([text]).minima]) for text in (one, other)]
    return float(sketches.likeness(*minima)[0])


def test_a_sketch_is_the_same_on_every_machine():
    sketch = sketches.sketch_of(["The General Assembly,\n\nDecides to remain seized."])
    assert sketch.words == 7
    assert sketch.digest.startswith("42295bde1ad14915")
    assert sketch.bands[:2] == (4867220021643005464, -3734116619022609138)
    assert len(sketch.minima) == 4 * sketches.MINIMA
    assert len(sketch.bands) == sketches.BANDS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Peace, and water.", "  peace AND\nwater"),
        ("İSTANBUL’UN SUYU", "istanbul'un suyu"),
        ("Все о воде: ёлка", "ВСЕ О ВОДЕ ЕЛКА"),
        ("١٩٩٣ عام", "1993 عام"),
    ],
)
def test_what_only_folding_tells_apart_is_the_same_text(one, other):
    assert sketches.sketch_of([one]) == sketches.sketch_of([other])


def test_the_order_of_words_is_part_of_the_digest():
    assert sketches.sketch_of(["a b c d"]).digest != sketches.sketch_of(["a c b d"]).digest


@pytest.mark.parametrize("texts", [[], [""], ["", " "], ["… — !"], ["\u00ad"]])
def test_a_text_without_words_has_no_sketch(texts):
    assert sketches.sketch_of(texts) is None


@pytest.mark.parametrize("text", ["one", "one two", "one two three"])
def test_a_text_shorter_than_a_shingle_has_a_sketch(text):
    assert sketches.sketch_of([text]).bands == sketches.sketch_of([text.upper()]).bands
    assert set(sketches.sketch_of([text]).bands).isdisjoint(sketches.sketch_of(["other"]).bands)


@settings(deadline=None, max_examples=30)
@given(st.integers(200, 3000), st.floats(0, 0.3), st.integers(0, 10_000))
def test_a_sketch_tells_the_share_in_common_within_five_of_its_errors(count, edits, seed):
    one = text_of(count, seed)
    other = edited(one, edits, seed + 1)
    exact = share(one, other)
    error = (exact * (1 - exact) / sketches.MINIMA) ** 0.5
    assert abs(about(one, other) - exact) <= 5 * error + 0.02


@pytest.mark.parametrize(("edits", "least"), [(0.0, 1.0), (0.05, 0.98), (0.10, 0.8)])
def test_edited_texts_share_a_band_as_often_as_the_theory_says(edits, least):
    met = 0
    for seed in range(200):
        one = text_of(400, seed)
        bands = [set(sketches.sketch_of([t]).bands) for t in (one, edited(one, edits, seed + 7))]
        met += not bands[0].isdisjoint(bands[1])
    assert met / 200 >= least


def test_unrelated_texts_share_no_band():
    bands = [set(sketches.sketch_of([text_of(300, seed)]).bands) for seed in range(300)]
    assert sum(map(len, bands)) == len(set().union(*bands))


@given(st.lists(st.text(), max_size=5), st.randoms())
def test_no_text_is_too_odd_and_the_order_of_pages_is_nothing_to_the_shingles(pages, chance):
    sketch = sketches.sketch_of(pages)
    shuffled = chance.sample(pages, len(pages))
    other = sketches.sketch_of(shuffled)
    assert (sketch is None) == (other is None)
    if sketch and other:
        assert sketch.bands == other.bands
        assert sketch.minima == other.minima
        assert sketch.words == other.words


def test_the_table_of_bands_is_that_of_each_sketch():
    made = [sketches.sketch_of([text_of(100, seed)]) for seed in range(5)]
    table = sketches.band_table(sketches.minima_table([one.minima for one in made]))
    assert [tuple(row) for row in table.tolist()] == [one.bands for one in made]
    assert table.dtype == np.int64
