"""Drawing what benchmarks/growth.py measured; measuring itself is the test of speed.py's parts."""

import pytest
from lxml import etree

from benchmarks import growth

ENGINES = ("muniment", "tantivy", "fts5")


def figures_of(documents: int) -> dict[str, object]:
    spread = {name: {"p50": documents / 10_000 + n, "p95": 9.5} for n, name in enumerate(ENGINES)}
    plain = dict.fromkeys(ENGINES, 1234.5)
    return {
        "corpus": {"documents": documents, "text_bytes": documents * 250},
        "page_job_cpu_ms": spread,
        "upload_cpu_ms": spread | {"fts5": {}},
        "index_docs_per_cpu_s": plain,
        "index_to_text": plain,
        "private_mib": plain,
    }


FIGURES = [figures_of(n) for n in (10_000, 100_000, 1_000_000)]


def test_the_picture_marks_every_figure_of_every_engine_and_names_it():
    figures = [one | {"upload_cpu_ms": one["page_job_cpu_ms"]} for one in FIGURES]
    tree = etree.fromstring(growth.svg(growth.panels(figures)).encode())
    for name in ENGINES:
        marks = tree.xpath(f"//*[@class='{name}']")
        assert len(marks) == 4 * len(FIGURES)
        assert len(tree.xpath(f"//*[text()='{name}']")) == 4
    assert "prefers-color-scheme: dark" in tree.xpath("string(//*[local-name()='style'])")


def test_marks_stand_inside_the_picture_and_rise_with_the_figures():
    tree = etree.fromstring(growth.svg(growth.panels(FIGURES[:2])[:1]).encode())
    places = [
        (float(c.get("cx")), float(c.get("cy")))
        for c in tree.xpath("//*[@class='muniment' and @cx]")
    ]
    assert all(0 < x < growth.WIDTH and 0 < y < growth.HEIGHT for x, y in places)
    assert places[0][0] < places[1][0]
    assert places[0][1] > places[1][1]


def test_drawing_again_replaces_the_table_and_leaves_the_rest(tmp_path):
    page, picture = tmp_path / "speed.md", tmp_path / "growth.svg"
    page.write_text(f"before\n{growth.BEGIN}\nold\n{growth.END}\nafter\n")
    growth.draw(FIGURES, picture, page)
    once = page.read_text()
    growth.draw(FIGURES, picture, page)
    assert page.read_text() == once
    assert once.startswith("before\n")
    assert once.endswith("\nafter\n")
    assert "old" not in once
    assert "| 1,000,000 | tantivy | 101.0 / 9.5 |" in once


def test_a_page_without_a_place_for_the_table_is_told(tmp_path):
    (tmp_path / "speed.md").write_text("nothing")
    with pytest.raises(SystemExit, match="has no place"):
        growth.draw(FIGURES, tmp_path / "growth.svg", tmp_path / "speed.md")


def test_the_documentation_has_a_place_for_the_table():
    text = growth.PAGE.read_text("utf-8")
    assert text.index(growth.BEGIN) < text.index(growth.END)
