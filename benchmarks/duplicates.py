"""Are copies found, and only copies: python -m benchmarks.duplicates [--documents N] [--json]

Pairs made by a seed from real texts (the `docs`, `docs-languages` and `scale` sets): 1,000 copies
at each share of edited words, 1,000 unrelated pairs, 300 hard ones (different documents on one
template; one document with another year or number). With --documents, an archive of N generated
documents, one in fifty an edited copy of another, is checked as `muniment duplicates` does it.
Exit status 1 where a figure is below its floor. MUNIMENT_DATA names the unpacked sets.
"""

import argparse
import csv
import json
import lzma
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

import lxml.html
from sqlalchemy import insert

from archive.catalogue import Catalogue
from archive.catalogue.models import AccessionRow, ItemRow, PageRow, RecordRow, now
from archive.catalogue.records import Dated, Description, new_public_id
from archive.dates import parse_edtf
from benchmarks.corpora import DataMissing, Document, corpus, data_folder
from indexer.copies import duplicates, likeness, sketches
from indexer.copies.likeness import Verdict

SEED = 1997
SHARES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.10)
PROMISED_SHARE = 0.05
PRECISION_FLOOR, RECALL_FLOOR, CPU_CEILING_S = 0.98, 0.95, 180
FEWEST_WORDS = 40
ONE_COPY_IN = 50
_TEMPLATES = ("ar", "uy")
"""Collections of `scale` in which every text is a document of its own: laws and decrees."""
_FIGURE = re.compile(r"\b(?:1[89]\d\d|20[0-2]\d|\d{2,5})\b")


@dataclass(frozen=True, slots=True)
class Real:
    """A real text."""

    text: str
    language: str
    group: str
    description: Description


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of a pair."""

    met: bool
    """Whether the sketches brought the two together at all."""
    alone: Verdict | None
    """From the texts alone."""
    described: Verdict | None
    """With the descriptions that the sets give."""

    def is_copy(self, *, described: bool) -> bool:
        """Whether the archive calls it a copy."""
        said = self.described if described else self.alone
        return self.met and said in {"same_text", "near_copy"}


def real_texts(folder: Path, most: int) -> list[Real]:
    """Return the texts of the document sets, and *most* of the `scale` set, in a fixed order."""
    return [*_of_sets(folder), *islice(_of_scale(folder), most)]


def _of_sets(folder: Path) -> Iterator[Real]:
    for name in ("docs", "docs-languages"):
        with (folder / name / "metadata.csv").open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                if row["format"] not in {"txt", "md", "html", "htm"}:
                    continue
                read = (folder / name / row["file"]).read_bytes()
                if row["format"].startswith("htm"):
                    text = str(lxml.html.fromstring(read).text_content())
                else:
                    text = read.decode("utf-8", "replace")
                if len(text.split()) >= FEWEST_WORDS:
                    yield Real(text, row["language"], name, _description(row))


def _of_scale(folder: Path) -> Iterator[Real]:
    with lzma.open(folder / "scale" / "docs.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if len(row["text"].split()) >= FEWEST_WORDS:
                yield Real(row["text"], row["language"], row["collection"], _description(row))


def _description(row: dict[str, Any]) -> Description:
    try:
        dated = Dated(parse_edtf(row["date"]), "adopted")
    except ValueError:
        dated = None
    return Description(title="", dated=dated, number=row["identifier"] or None)


class Pairs:
    """Makes pairs; the same ones for the same seed and texts."""

    def __init__(self, texts: Sequence[Real], seed: int = SEED) -> None:
        """Take the texts that pairs are made of."""
        self.texts, self.random = texts, random.Random(seed)
        self.by_language: dict[str, list[str]] = defaultdict(list)
        for one in texts:
            self.by_language[one.language].append(one.text)

    def copies(self, share: float, count: int) -> Iterator[tuple[Real, Real]]:
        """Yield texts with themselves, *share* of the words edited; at 0 other bytes only."""
        for one in self._some(count):
            text = self.edited(one, share) if share else _other_bytes(one.text)
            yield one, Real(text, one.language, one.group, one.description)

    def unrelated(self, count: int) -> Iterator[tuple[Real, Real]]:
        """Yield two texts of one language at a time."""
        while count:
            one, other = self.random.sample(self.texts, 2)
            if one.language == other.language and one.text != other.text:
                count -= 1
                yield one, other

    def hard(self, count: int) -> Iterator[tuple[Real, Real]]:
        """Yield different documents on one template, and documents that differ by a figure."""
        on_templates = list(self._on_templates())
        yield from self.random.sample(on_templates, min(count // 2, len(on_templates)))
        left = count - min(count // 2, len(on_templates))
        for one in self._some(len(self.texts)):
            if left and (other := self._another_figure(one.text)):
                left -= 1
                yield one, Real(other, one.language, one.group, Description(title=""))

    def _some(self, count: int) -> list[Real]:
        if count <= len(self.texts):
            return self.random.sample(self.texts, count)
        return self.random.choices(self.texts, k=count)

    def edited(self, one: Real, share: float) -> str:
        words = one.text.split()
        chance = self.random
        for at in sorted(chance.sample(range(len(words)), max(1, round(share * len(words)))))[::-1]:
            new = chance.choice(chance.choice(self.by_language[one.language]).split())
            match chance.choices(("change", "delete", "insert"), (3, 1, 1))[0]:
                case "change":
                    words[at] = new
                case "delete":
                    del words[at]
                case _:
                    words.insert(at, new)
        return " ".join(words)

    def _on_templates(self) -> Iterator[tuple[Real, Real]]:
        """Yield texts that share half of a sketch or more and are known to be two documents."""
        held = [one for one in self.texts if one.group in _TEMPLATES]
        made = [sketches.sketch_of([one.text]) for one in held]
        minima = sketches.minima_table([one.minima for one in made if one])
        met = duplicates.meeting(sketches.band_table(minima))
        about = sketches.likeness(minima[met[:, 0]], minima[met[:, 1]])
        for one, other in met[about >= 0.5].tolist():
            if likeness.contradict(held[one].description, held[other].description):
                yield held[one], held[other]

    def _another_figure(self, text: str) -> str:
        """Return *text* with the first year or number of its head changed, wherever it stands."""
        found = _FIGURE.search(text[:300])
        if not found:
            return ""
        other = str(int(found[0]) + self.random.randint(1, 9))
        return re.sub(rf"\b{found[0]}\b", other, text)


def _other_bytes(text: str) -> str:
    return "\r\n".join(" " + line.replace(", ", " ,  ").upper() for line in text.split("\n"))


def judged(one: Real, other: Real) -> Judged:
    """Judge a pair as the archive does."""
    ours, theirs = sketches.sketch_of([one.text]), sketches.sketch_of([other.text])
    if ours is None or theirs is None:
        return Judged(False, None, None)
    met = ours.digest == theirs.digest or not set(ours.bands).isdisjoint(theirs.bands)
    our_text, their_text = likeness.text_of([one.text]), likeness.text_of([other.text])
    common = likeness.with_figures(likeness.common(our_text, their_text), our_text, their_text)
    silent = Description(title="")
    return Judged(
        met,
        likeness.verdict(common, silent, silent),
        likeness.verdict(common, one.description, other.description),
    )


def figures(texts: Sequence[Real], count: int) -> dict[str, Any]:
    """Return how *count* pairs of each sort, and a third as many hard ones, were judged."""
    pairs = Pairs(texts)
    copies = {share: [judged(*pair) for pair in pairs.copies(share, count)] for share in SHARES}
    unrelated = [judged(*pair) for pair in pairs.unrelated(count)]
    hard = [judged(*pair) for pair in pairs.hard(count * 3 // 10)]
    recall = {share: _part(some) for share, some in copies.items()}
    promised = [one for share, some in copies.items() if share <= PROMISED_SHARE for one in some]
    # As many copies as the promise names: not each share's thousand against one of the others.
    right = sum(one.is_copy(described=False) for one in promised) * count / len(promised)
    wrong = sum(one.is_copy(described=False) for one in (*unrelated, *hard))
    return {
        "recall": {f"{share:.1%}": value for share, value in recall.items()},
        "verdicts": {f"{share:.1%}": _verdicts(some) for share, some in copies.items()},
        "unrelated": _verdicts(unrelated),
        "hard_from_texts_alone": _verdicts(hard),
        "hard_described": _verdicts([Judged(one.met, one.described, None) for one in hard]),
        "precision": round(right / (right + wrong), 4),
        "recall_promised": min(value for share, value in recall.items() if share <= PROMISED_SHARE),
    }


def _part(some: Sequence[Judged]) -> float:
    return round(sum(one.is_copy(described=False) for one in some) / len(some), 4)


def _verdicts(some: Sequence[Judged]) -> dict[str, int]:
    said = Counter((one.alone or "nothing") if one.met else "not met" for one in some)
    return dict(said.most_common())


def whole_archive(count: int) -> dict[str, Any]:
    """Check an archive of *count* documents; filling it is not counted."""
    made = corpus(count)
    with (
        tempfile.TemporaryDirectory() as folder,
        Catalogue.at(Path(folder) / "catalogue.sqlite") as catalogue,
    ):
        catalogue.upgrade()
        copied = _fill(catalogue, made.documents())
        began = process_time()
        duplicates.make_missing(catalogue)
        sketched = process_time() - began
        with catalogue.reading() as session:
            found = list(duplicates.pairs(session))
        groups = duplicates.groups(found)
        seconds = process_time() - began
    together = {frozenset((pair.one, pair.other)) for pair in found}
    return {
        "documents": count,
        "corpus": made.digest,
        "cpu_s": round(seconds, 1),
        "of_it_sketches_s": round(sketched, 1),
        "groups": len(groups),
        "copies": len(copied),
        "copies_found": sum(frozenset(pair) in together for pair in copied),
    }


def _fill(catalogue: Catalogue, documents: Iterator[Document]) -> list[tuple[int, int]]:
    """File the documents, one in fifty as a copy of the one before; return which are copies."""
    pairs = Pairs([], seed=SEED)
    copied: list[tuple[int, int]] = []
    before: Document | None = None
    with catalogue.writing() as session:
        session.execute(
            insert(AccessionRow), [{"at": now(), "agent": "benchmark", "via": "command"}]
        )
        while some := list(islice(documents, 1000)):
            texts: list[tuple[Document, str]] = []
            for one in some:
                if before and one.number % ONE_COPY_IN == 0:
                    real = Real(before.text, "", "", Description(title=""))
                    pairs.by_language[""] = [one.text]
                    copied.append((before.number, one.number))
                    texts.append((before, pairs.edited(real, PROMISED_SHARE)))
                else:
                    texts.append((one, one.text))
                before = one
            numbers = [one.number for one in some]
            session.execute(
                insert(RecordRow),
                [_record(n, one) for n, (one, _) in zip(numbers, texts, strict=True)],
            )
            session.execute(insert(ItemRow), [_item(n) for n in numbers])
            session.execute(
                insert(PageRow),
                [
                    {"item_id": n, "number": 1, "text": text, "aside": ""}
                    for n, (_, text) in zip(numbers, texts, strict=True)
                ],
            )
    return copied


def _record(number: int, one: Document) -> dict[str, Any]:
    when = parse_edtf(str(one.year))
    return {
        "record_id": number, "public_id": new_public_id(), "accession_id": 1, "state": "published",
        "access": "public", "added_at": now(), "changed_at": now(), "title": one.title,
        "authors": [], "number": one.reference or None, "date_first": when.first,
        "date_last": when.last, "date_precision": "year", "date_which": "published",
    }  # fmt: skip


def _item(number: int) -> dict[str, Any]:
    return {
        "item_id": number, "record_id": number, "digest": f"{number:064x}", "name": "x.txt",
        "size_bytes": 1, "media_type": "text/plain", "status": "text", "reason": "",
        "reader": "", "reader_version": "", "paged": False, "page_count": 1, "char_count": 1,
        "notes": [], "embedded": [],
    }  # fmt: skip


def main() -> None:
    """Measure, print, compare with the floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        found = figures(real_texts(data_folder(), 60_000), asked.pairs)
        if asked.documents:
            found["archive"] = whole_archive(asked.documents)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    print(json.dumps(found) if asked.json else json.dumps(found, indent=1))
    fell = found["precision"] < PRECISION_FLOOR or found["recall_promised"] < RECALL_FLOOR
    if asked.documents:
        # The ceiling is for 100,000 documents.
        fell |= found["archive"]["cpu_s"] > CPU_CEILING_S * max(asked.documents, 20_000) / 100_000
    sys.exit(1 if fell else 0)


if __name__ == "__main__":
    main()
