"""What language a text is in."""

import pytest

from indexer.describe.language import languages
from tests.indexer.describe.tables import sheet, table


@pytest.mark.parametrize(("text", "tag"), table("describe_languages.tsv"))
def test_running_text_tells_its_language(text, tag):
    found = max(languages(sheet(text)), key=lambda one: one.confidence)
    assert found.value == tag
    assert found.confidence >= 0.5


def test_a_text_without_letters_is_undetermined():
    found = max(languages(sheet("8431 9921")), key=lambda one: one.confidence)
    assert found.value == "und"


def test_a_page_that_declares_another_language_is_not_believed():
    text = "Les clés pour donner les bonnes bactéries à son intestin et aller bien, selon les médecins."
    found = max(
        languages(sheet(text, metadata={"html.lang": "en"})), key=lambda one: one.confidence
    )
    assert found.value == "fr"
