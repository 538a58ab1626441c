"""RTF: letters of every code page, tables, headings, what is not text."""

import time

import pytest


def rtf(body: str, head: str = "") -> str:
    return "{\\rtf1\\ansi\\ansicpg1251\\deff0" + head + body + "}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("\\'cf\\'ee\\'f1\\'f2 One\\par Two", "Пост One\n\nTwo"),
        ("\\u1055?\\u1086?\\u1089?\\u1090?", "Пост"),
        ("\\u-10179?\\u-8704?", "\U0001f600"),
        ("\\uc0\\u399 zerbaycan", "Əzerbaycan"),
        ("\\uc2\\u399\\'41\\'42zerbaycan", "Əzerbaycan"),
        ("a\\~b \\{c\\} \\\\d \\ldblquote e\\rdblquote\\emdash f", "a\u00a0b {c} \\d “e”—f"),
        ("{\\b bold} {\\i italic}plain", "bold italicplain"),
        ("one\\line two", "one\ntwo"),
        ("seen{\\v hidden} again", "seen again"),
        ("a{\\*\\unknown not seen}b{\\pict\\bin3 }}}c}d", "abd"),
        ("{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt shown}}", "shown"),
        ("text{\\footnote note}", "textnote"),
        ("broken {\\b never closed", "broken never closed"),
        ("} } one brace too many", "one brace too many"),
    ],
)  # fmt: skip
def test_text(read, body, text):
    assert read(rtf(body)).text == text


@pytest.mark.parametrize(
    ("charset", "written", "text"),
    [
        (204, "\\'d3\\'ea\\'e0\\'e7", "Указ"),
        (162, "\\'dd\\'fe", "İş"),
        (238, "\\'b3\\'f3d\\'9f", "łódź"),
        (128, "\\'93\\'fa\\'96\\'7b", "日本"),
    ],
)
def test_each_font_has_its_own_code_page(read, charset, written, text):
    fonts = f"{{\\fonttbl{{\\f0 Times;}}{{\\f1\\fcharset{charset} Other;}}}}"
    assert read(rtf("\\f1 " + written, fonts)).text == text


def test_rows_of_a_table_are_lines_and_layout_is_paragraphs(read):
    table = "\\intbl Year\\cell Votes\\cell\\row\\intbl 1993\\cell 14\\cell\\row\\pard after\\par"
    assert read(rtf(table)).text == "Year\tVotes\n1993\t14\n\nafter"
    layout = "\\intbl one\\par two\\cell\\row\\pard"
    assert read(rtf(layout)).text == "one\n\ntwo"


def test_headings_by_style_and_by_level(read):
    styles = "{\\stylesheet{\\s0 Normal;}{\\s1 heading 1;}}"
    body = (
        "\\pard\\s1 First\\par\\pard\\s0 text\\par\\pard\\outlinelevel1 Second\\par\\pard text\\par"
    )
    assert read(rtf(body, styles)).headings == ("First", "Second")


def test_information_is_metadata_and_running_heads_are_beside(read):
    info = "{\\info{\\title \\'cc\\'e8\\'f0}{\\author Nizami}{\\creatim\\yr1993\\mo6\\dy3\\hr9}}"
    extraction = read(rtf("Text.", info + "{\\header Ministry of Peace}"))
    assert [(m.name, m.value) for m in extraction.metadata] == [
        ("office.title", "Мир"),
        ("office.author", "Nizami"),
        ("office.created", "1993-06-03"),
    ]
    assert (extraction.text, extraction.pages[0].aside) == ("Text.", "Ministry of Peace")


@pytest.mark.parametrize(
    "body",
    [
        "{" * 500_000,
        "{\\info{\\title " + "\\u233?" * 300_000 + "}}",
        "\\u1" * 200_000,
        "\\'e9" * 400_000,
        "{\\*" * 100_000,
    ],
)
def test_a_file_built_to_take_long_does_not(read, body):
    began = time.process_time()
    read(rtf(body))
    assert time.process_time() - began < 10
