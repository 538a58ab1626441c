"""HTML: what is the text, what stands beside it, and what the page says of itself."""

import json
import time

import pytest

NAVIGATION = (
    "<nav><ul>"
    + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(30))
    + "</ul></nav>"
)
SENTENCE = "The Council of Elders met in the capital on Thursday and spoke about the peace, as it had before. "
ARTICLE = "".join(f"<p>{number}. {SENTENCE * 3}</p>" for number in range(1, 7))
FOOTER = "<footer><a href='/about'>About us</a> <a href='/terms'>Terms</a></footer>"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html lang='en'><head><title>Peace | The Post</title>{head}</head><body>{body}</body></html>"


def found(extraction) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for metadatum in extraction.metadata:
        names.setdefault(metadatum.name, []).append(metadatum.value)
    return names


def test_an_article_is_the_text_and_navigation_is_beside_it(read):
    extraction = read(
        page(f"{NAVIGATION}<main><h1>Elders speak of peace</h1>{ARTICLE}</main>{FOOTER}")
    )
    assert (extraction.status, extraction.reader, extraction.paged) == (
        "text",
        "trafilatura",
        False,
    )
    assert extraction.text.startswith("Elders speak of peace\n\n1. The Council of Elders")
    assert extraction.text.count("\n\n") == 6
    assert "Section 7" not in extraction.text
    assert "Section 7" in extraction.pages[0].aside
    assert extraction.headings == ("Elders speak of peace",)


def test_no_word_of_a_page_is_lost(read):
    body = f"{NAVIGATION}<main><h1>Peace</h1>{ARTICLE}</main><aside>Weather: rain</aside>{FOOTER}"
    extraction = read(page(body))
    everything = extraction.text + extraction.pages[0].aside
    for words in ("Section 29", "Weather: rain", "Terms", "6. The Council"):
        assert words in everything


def test_a_law_is_taken_whole_where_a_part_of_it_was_taken_for_an_article(read):
    words = ["province", "treaty", "harvest", "river", "school", "court", "tax", "road", "bridge", "census", "mint", "guild"]  # fmt: skip
    paragraphs = "".join(
        f"<div class='grid'><span>({number}) {' '.join(words[number % 12 :] + words)} {number}</span></div>"
        for number in range(1, 40)
    )
    extraction = read(
        page(f"<div class='header'>{paragraphs}</div><article><p>{SENTENCE * 4}</p></article>")
    )
    assert "(7) road" in extraction.text
    assert "(39) " in extraction.text


def test_scripts_styles_and_comments_are_not_seen(read):
    extraction = read(
        page("<p>Seen.</p><script>var unseen1</script><style>unseen2{}</style><!--unseen3-->")
    )
    assert "unseen" not in extraction.text + extraction.pages[0].aside


def test_hidden_text_of_a_page_that_is_no_article_is_beside_the_text(read):
    body = (
        "<div>" * 600
        + "<p>Seen by all.</p><p style='display: none'>Hidden notice.</p><p hidden>Too.</p>"
    )
    extraction = read(page(body))
    assert (extraction.text, extraction.pages[0].aside) == (
        "Seen by all.",
        "Hidden notice.\n\nToo.",
    )


def test_the_rows_of_a_table_are_lines(read):
    rows = "<tr><th>Year</th><th>Votes</th></tr><tr><td><p>1993</p></td><td><p>14</p></td></tr>"
    text = read(page(f"<p>A table:</p><table>{rows}</table>")).text
    assert text == "A table:\n\nYear\tVotes\n1993\t14"


def test_a_table_that_is_layout_is_read_as_paragraphs(read):
    cells = f"<tr><td>{ARTICLE}</td><td>{ARTICLE.replace('Council', 'Senate')}</td></tr>"
    text = read(page(f"<table>{cells}</table>")).text
    assert "\t" not in text
    assert text.count("\n\n") >= 10


@pytest.mark.parametrize(
    ("head", "name", "value"),
    [
        ("<meta name='DC.Title' content='On Peace'>", "dc.title", "On Peace"),
        ("<meta name='citation_author' content='Nizami'>", "citation_author", "Nizami"),
        ("<meta property='og:title' content='On Peace'>", "og:title", "On Peace"),
        (
            "<meta property='article:published_time' content='1993-06-03'>",
            "article:published_time",
            "1993-06-03",
        ),
        (
            "<meta property='eli:date_document' content='1993-06-03'>",
            "eli:date_document",
            "1993-06-03",
        ),
        ("<meta name='author' content='Nizami'>", "meta.author", "Nizami"),
        ("<meta name='Date' content='3 June 1993'>", "meta.date", "3 June 1993"),
        (
            "<link rel='canonical' href='https://example.org/1'>",
            "html.canonical",
            "https://example.org/1",
        ),
        ("<meta http-equiv='Content-Language' content='az'>", "html.lang", "az"),
    ],
)
def test_metadata_by_name(read, head, name, value):
    assert value in found(read(page("<p>Text of it.</p>", head)))[name]


@pytest.mark.parametrize("noise", ["viewport", "og:image", "theme-color", "csrf-token"])
def test_metadata_of_no_use_is_left_out(read, noise):
    extraction = read(page("<p>Text.</p>", f"<meta name='{noise}' content='x1y2'>"))
    assert "x1y2" not in [metadatum.value for metadatum in extraction.metadata]


def test_title_language_and_time(read):
    names = found(read(page("<p>On <time datetime='1993-06-03'>Thursday</time> it rained.</p>")))
    assert names["html.title"] == ["Peace | The Post"]
    assert names["html.lang"] == ["en"]
    assert names["html.time"] == ["1993-06-03"]
    assert names["htmldate.published"] == ["1993-06-03"]


def test_json_ld_tells_the_page_from_what_is_beside_it(read):
    graph = {
        "@graph": [
            {"@type": "Organization", "name": "The Post"},
            {
                "@type": ["NewsArticle"],
                "headline": "On Peace",
                "datePublished": "1993-06-03",
                "author": [{"name": "Nizami"}, {"name": "Fuzuli"}],
                "inLanguage": "az",
                "articleBody": "long",
            },
        ]
    }
    names = found(
        read(page("<p>x y</p>", f"<script type='application/ld+json'>{json.dumps(graph)}</script>"))
    )
    assert names["jsonld.headline"] == ["On Peace"]
    assert names["jsonld.author.name"] == ["Nizami", "Fuzuli"]
    assert names["jsonld.inLanguage"] == ["az"]
    assert names["jsonld.Organization.name"] == ["The Post"]
    assert "jsonld.articleBody" not in names


@pytest.mark.parametrize(
    "broken", ["{", "[" * 100_000, '{"a":' * 50_000, "null", "7", "<!-- {} -->"]
)
def test_broken_json_ld_is_passed_over(read, broken):
    extraction = read(
        page("<p>All the same.</p>", f"<script type='application/ld+json'>{broken}</script>")
    )
    assert "All the same." in extraction.text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1254", "cp1254"),
        ("windows-1251", "cp1254"),
        ("utf-8", "utf-8"),
        ("koi8-r", "utf-8"),
    ],
)
def test_the_declared_character_set_counts_unless_the_bytes_speak_against_it(
    read, declared, encoding
):
    words = "Cumhurbaşkanlığı Kararnamesi ile görevlendirilen müşavirlerin çalışma usulleri"
    made = page(f"<p>{words}</p>", f"<meta charset='{declared}'>").encode(encoding)
    assert (words in read(made).text) is (declared == "windows-1254" or encoding == "utf-8")


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + "needle",
        "<b>" * 50_000 + "needle",
        "<table><tr><td>" * 20_000 + "needle",
        "<p " + " ".join(f"a{n}='x'" for n in range(100_000)) + ">needle</p>",
        "needle" + "<br>" * 120_000,
        "<a href='" * 50_000 + "'>needle</a>",
        "needle<" + "a" * 2_000_000,
        "needle" + " " * 2_000_000 + ".",
    ],
    ids=["div", "b", "table", "attributes", "br", "quotes", "tag", "spaces"],
)
def test_a_page_built_to_take_long_does_not(read, body):
    began = time.process_time()
    extraction = read(f"<html><body><p>First.</p>{body}</body></html>")
    assert "needle" in extraction.text + extraction.pages[0].aside
    assert time.process_time() - began < 10
