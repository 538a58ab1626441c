"""How figures grow with the archive: ours, tantivy and FTS5 at several sizes.

    python -m benchmarks.growth [--documents N …] [--median WORDS] [--per-kind N]
    python -m benchmarks.growth --draw

The first measures as benchmarks/speed.py does and keeps a JSON file a size in
MUNIMENT_BENCH_CACHE; what is kept of the same sizes is replaced. Documents are short (median 40
words) at every size, so that a million of them fit into 24 GB of memory and sizes are compared
with one another. The second draws docs/pictures/growth.svg from the files and writes the table
into docs/speed.md; it measures nothing.
"""

import argparse
import importlib.util
import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpora import DataMissing, cache_folder
from benchmarks.speed import measure

SIZES = (10_000, 100_000, 1_000_000)
MEDIAN = 40
DOCS = Path(__file__).parents[1] / "docs"
PICTURE, PAGE = DOCS / "pictures" / "growth.svg", DOCS / "speed.md"
BEGIN, END = "<!-- growth: python -m benchmarks.growth --draw -->", "<!-- /growth -->"

WIDTH, HEIGHT = 340, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 78, 34, 34
# Told apart by form as well as by colour; each is readable on white and on black.
MARKS = {"muniment": "circle", "tantivy": "square", "fts5": "triangle"}
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .axis { stroke: #59636e; } .grid { stroke: #d1d9e0; } .line { fill: none; stroke-width: 2; }
  .muniment { stroke: #0550ae; fill: #0550ae; } .tantivy { stroke: #9a4a00; fill: #9a4a00; }
  .fts5 { stroke: #1a6b34; fill: #1a6b34; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .axis { stroke: #9198a1; } .grid { stroke: #3d444d; }
    .muniment { stroke: #79b8ff; fill: #79b8ff; } .tantivy { stroke: #ffab70; fill: #ffab70; }
    .fts5 { stroke: #7ee2a8; fill: #7ee2a8; }
  }
  .line { fill: none; } .name { stroke: none; }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: a figure of each engine by the number of documents, both on logarithmic axes."""

    title: str
    points: Mapping[str, Sequence[tuple[int, float]]]
    """Engine → (documents, figure), by documents."""


def file_of(count: int, median: int) -> Path:
    """Return where the figures of a size are kept."""
    return cache_folder() / f"growth-{median}-{count}.json"


def kept(median: int) -> list[dict[str, Any]]:
    """Return the figures that are kept, the smallest archive first."""
    found = [
        json.loads(p.read_text("utf-8")) for p in cache_folder().glob(f"growth-{median}-*.json")
    ]
    return sorted(found, key=lambda one: one["corpus"]["documents"])


def panels(figures: Sequence[dict[str, Any]]) -> list[Panel]:
    """Return the charts."""

    def points(part: str, inner: str) -> dict[str, list[tuple[int, float]]]:
        series: dict[str, list[tuple[int, float]]] = {}
        for one in figures:
            for name, value in one[part].items():
                # Of an engine that cannot do it there is no figure.
                if name in MARKS and value:
                    value = value[inner] if inner else value
                    series.setdefault(name, []).append((one["corpus"]["documents"], value))
        return series

    return [
        Panel("page job, CPU ms, p50", points("page_job_cpu_ms", "p50")),
        Panel("page job, CPU ms, p95", points("page_job_cpu_ms", "p95")),
        Panel("indexing, documents a CPU-second", points("index_docs_per_cpu_s", "")),
        Panel("one more document, CPU ms, p50", points("upload_cpu_ms", "p50")),
    ]


def svg(charts: Sequence[Panel]) -> str:
    """Return the charts, two in a row, as one picture that fits light and dark pages."""
    rows = math.ceil(len(charts) / 2)
    inside = "".join(
        f'<g transform="translate({n % 2 * WIDTH} {n // 2 * HEIGHT})">{_drawn(one)}</g>\n'
        for n, one in enumerate(charts)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {rows * HEIGHT}" '
        f'role="img" aria-labelledby="title"><title id="title">Figures by the number of '
        f"documents; the table beneath has the same</title>\n<style>{STYLE}</style>\n{inside}</svg>\n"
    )


def _drawn(panel: Panel) -> str:
    every = [point for points in panel.points.values() for point in points]
    across = _decades(x for x, _ in every)
    upward = _decades(y for _, y in every)

    def x_of(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * _share(value, across), 1)

    def y_of(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(value, upward), 1)

    parts = [f'<text x="{LEFT}" y="18" font-weight="600">{panel.title}</text>']
    for power in range(upward[0], upward[1] + 1):
        y = y_of(10.0**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{10.0**power:,g}</text>')
    for power in range(across[0], across[1] + 1):
        x = x_of(10.0**power)
        parts.append(
            f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_short(power)}</text>'
        )
    bottom = HEIGHT - BOTTOM
    parts.append(
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom}" y2="{bottom}"/>'
    )
    ends: list[float] = []
    for name, points in sorted(panel.points.items(), key=lambda item: item[1][-1][1]):
        places = [(x_of(x), y_of(y)) for x, y in points]
        way = " ".join(f"{x},{y}" for x, y in places)
        parts.append(f'<polyline class="line {name}" points="{way}"/>')
        parts += [_mark(name, x, y) for x, y in places]
        # Names that end at one place stand above one another.
        end = min(places[-1][1], ends[-1] - 14) if ends else places[-1][1]
        ends.append(end)
        parts.append(
            f'<text class="name" x="{places[-1][0] + 9}" y="{round(end + 4, 1)}">{name}</text>'
        )
    return "\n".join(parts)


def _mark(name: str, x: float, y: float) -> str:
    match MARKS[name]:
        case "circle":
            return f'<circle class="{name}" cx="{x}" cy="{y}" r="4"/>'
        case "square":
            return f'<rect class="{name}" x="{x - 4}" y="{y - 4}" width="8" height="8"/>'
        case _:
            return f'<polygon class="{name}" points="{x},{y - 5} {x - 5},{y + 4} {x + 5},{y + 4}"/>'


def _decades(values: Any) -> tuple[int, int]:
    """Return the powers of ten around *values*, at least one apart."""
    held = [value for value in values if value > 0] or [1]
    low, high = math.floor(math.log10(min(held))), math.ceil(math.log10(max(held)))
    return low, max(high, low + 1)


def _share(value: float, decades: tuple[int, int]) -> float:
    low, high = decades
    return (math.log10(max(value, 10.0**low)) - low) / (high - low)


def _short(power: int) -> str:
    return {3: "1 k", 4: "10 k", 5: "100 k", 6: "1 M"}.get(power, f"{10**power:,}")


def table(figures: Sequence[dict[str, Any]]) -> str:
    """Return the same figures as Markdown."""
    lines = [
        "| documents | engine | page job p50 / p95, ms | documents a CPU-second | index ÷ text "
        "| private memory, MiB | upload p50, CPU ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in figures:
        for name in one["page_job_cpu_ms"]:
            page = one["page_job_cpu_ms"][name]
            upload = one["upload_cpu_ms"].get(name) or {"p50": "–"}
            lines.append(
                f"| {one['corpus']['documents']:,} | {name} | {page['p50']} / {page['p95']} "
                f"| {one['index_docs_per_cpu_s'][name]:,} | {one['index_to_text'][name]} "
                f"| {one['private_mib'][name]} | {upload['p50']} |"
            )
    return "\n".join(lines)


def draw(figures: Sequence[dict[str, Any]], picture: Path, page: Path) -> None:
    """Write the picture, and the table between its marks in *page*."""
    picture.write_text(svg(panels(figures)), "utf-8")
    text = page.read_text("utf-8")
    words = {f"{one['corpus']['text_bytes'] / 1e6:,.0f} MB" for one in figures}
    said = f"![Figures by the number of documents](pictures/{picture.name})\n\n{table(figures)}\n\nText: {', '.join(sorted(words, key=_amount))}."
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"{page} has no place for the table: {BEGIN} … {END}")
    page.write_text(pattern.sub(lambda _: f"{BEGIN}\n\n{said}\n\n{END}", text), "utf-8")


def _amount(text: str) -> float:
    return float(text.split()[0].replace(",", ""))


def main() -> int:
    """Measure, or draw what was measured; 1 where there is nothing to draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--median", type=int, default=MEDIAN, metavar="WORDS")
    parser.add_argument("--per-kind", type=int, default=26, metavar="N", help="queries a kind")
    parser.add_argument("--draw", action="store_true", help="draw what is kept")
    asked = parser.parse_args()
    if asked.draw:
        figures = kept(asked.median)
        if not figures:
            print("nothing was measured yet", file=sys.stderr)
            return 1
        draw(figures, PICTURE, PAGE)
        return 0
    names = [name for name in MARKS if name != "tantivy" or importlib.util.find_spec("tantivy")]
    for count in asked.documents:
        try:
            told = measure(count, names, asked.per_kind, again=False, median=asked.median)
        except DataMissing as error:
            raise SystemExit(f"{error}; nothing was measured") from error
        file_of(count, asked.median).write_text(json.dumps(told), "utf-8")
        print(f"{count} documents are measured", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
