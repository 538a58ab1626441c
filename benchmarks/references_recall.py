"""How many of the references that a reader found in real texts are found.

The marks (references_marked.tsv) are those of stretches of text drawn by a seed, as many of each
language: each number of a document and each named instrument that stands there. Rules were
changed on account of draw 1; draw 2 was read after that.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.references import Reference

MARKED = Path(__file__).with_name("references_marked.tsv")


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference that a reader found."""

    number: str
    """Canonical; empty where it has none."""
    date: str
    name: str
    by_title: bool
    """Named by its title alone: no rule looks for such."""

    def is_meant_by(self, reference: Reference) -> bool:
        """Whether it was found."""
        if self.number:
            return reference.number == self.number
        return (reference.name == self.name) if self.name else reference.date == self.date


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text that was read, with what stands in it."""

    draw: str
    language: str
    digest: str
    """The first sixteen figures of the file's."""
    page: int
    start: int
    end: int
    marks: tuple[Mark, ...]

    def holds(self, reference: Reference) -> bool:
        """Whether *reference* stands here first."""
        page = reference.evidence.page
        return page in {None, self.page} and self.start <= reference.start < self.end


def stretches(table: Path) -> list[Stretch]:
    """Return what was read, in the order of the table."""
    rows: list[tuple[list[str], list[Mark]]] = []
    for line in table.read_text("utf-8").splitlines():
        kind, *cells = line.split("\t")
        if kind == "stretch":
            rows.append((cells, []))
        elif kind == "mark":
            rows[-1][1].append(Mark(cells[2], cells[3], cells[4], cells[5] == "title"))
    return [
        Stretch(draw, language, digest, int(page), int(start), int(end), tuple(marks))
        for (draw, language, digest, page, start, end), marks in rows
    ]


def score(found: dict[str, Iterable[Reference]], read: list[Stretch]) -> dict[str, dict[str, int]]:
    """Return, by draw and by draw and language, what was marked, found and found besides.

    *read*: what a reader read. *found*: the references of each file by the first sixteen figures of its digest. What a
    stretch names that its document named before counts as found there.
    """
    counts: dict[str, Counter[str]] = {}
    for one in read:
        if one.digest not in found:
            continue
        references = list(found[one.digest])
        for group in (f"draw {one.draw}", f"draw {one.draw}, {one.language}"):
            tally = counts.setdefault(
                group,
                Counter(
                    dict.fromkeys(("documents", "marked", "found", "by_title", "here", "right"), 0)
                ),
            )
            tally["documents"] += 1
            for mark in one.marks:
                hit = any(mark.is_meant_by(reference) for reference in references)
                tally["by_title" if mark.by_title else "marked"] += 1
                tally["found"] += hit and not mark.by_title
            here = [reference for reference in references if one.holds(reference)]
            tally["here"] += len(here)
            tally["right"] += sum(
                any(mark.is_meant_by(reference) for mark in one.marks) for reference in here
            )
    return {group: dict(tally) for group, tally in counts.items()}
