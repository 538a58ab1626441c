"""A comparison shows every place where two texts differ, with the words around it."""

from archive.catalogue.records import PageText
from indexer.copies import comparing
from indexer.copies.comparing import PLACES_MAX, compare

LONG = [f"word{number}" for number in range(60_000)]


def compared(one, other, **paged):
    return compare(
        [PageText(number, text) for number, text in enumerate(one, 1)],
        [PageText(number, text) for number, text in enumerate(other, 1)],
        one_paged=paged.get("one_paged", len(one) > 1),
        other_paged=paged.get("other_paged", len(other) > 1),
    )


def shown(place):
    sign = {"same": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return " ".join(sign[piece.kind].format(piece.text) for piece in place.pieces)


def test_a_word_changed_is_shown_in_its_place():
    found = compared(
        ["The Assembly decides, on Monday, to meet again."],
        ["The Assembly decides, on Friday, to  meet again soon."],
    )
    (place,) = found.places
    assert shown(place) == ("The Assembly decides, on [-Monday-] [+Friday+] to meet again [+soon+]")
    assert (found.deleted_words, found.inserted_words, found.place_count) == (1, 2, 1)
    assert not place.starts_late
    assert not place.ends_early


def test_texts_of_the_same_words_differ_nowhere():
    found = compared(["Peace, and WATER."], ["peace\n\nand", "water"])
    assert found.common.same_words
    assert found.places == ()


def test_places_far_apart_are_apart_and_say_where_they_are():
    one = [" ".join(LONG[start : start + 300]) for start in range(0, 1200, 300)]
    other = [page.replace("word350", "peace").replace("word1000", "") for page in one]
    first, second = compared(one, other).places
    assert "[-word350-] [+peace+]" in shown(first)
    assert (first.one_locator, first.other_locator) == (2, 2)
    assert "[-word1000-]" in shown(second)
    assert second.one_locator == 4
    assert first.starts_late
    assert first.ends_early


def test_without_pages_a_place_is_a_paragraph():
    one = ["\n\n".join(f"Paragraph {n} of the text." for n in range(1, 9))]
    (place,) = compared(one, [one[0].replace("5 of", "five of")]).places
    assert place.one_locator == place.other_locator == 5


def test_only_the_first_places_are_shown_and_all_are_counted():
    other = list(LONG)
    other[50::100] = ["changed"] * 600
    found = compared([" ".join(LONG)], [" ".join(other)])
    assert len(found.places) == PLACES_MAX
    assert found.place_count == 600
    assert found.deleted_words == found.inserted_words == 600


def test_a_long_part_is_cut_and_the_rest_counted():
    (place,) = compared(["Begin. End."], [f"Begin. {' '.join(LONG[:1000])} End."]).places
    inserted = place.pieces[1]
    assert inserted.more_words == 1000 - comparing._SHOWN_WORDS_MAX


def test_six_hundred_pages_are_compared_whole():
    pages = [" ".join(LONG[at : at + 400]) for at in range(0, 60_000, 100)]
    found = compared(pages, [*pages[:300], "A page of its own.", *pages[301:]])
    assert found.place_count >= 1
    assert found.common.share > 0.9


def test_a_text_and_none():
    found = compared([""], ["Some words."])
    assert shown(found.places[0]) == "[+Some words+]"
    assert compared([], []).places == ()
