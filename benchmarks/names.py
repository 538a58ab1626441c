"""Which names of real documents meet in other spellings, and how many documents more they find.

    python -m benchmarks.names [--json] [--seed N] [--sample N]

Every name of the documents of the sets docs and docs-languages, as texts write it inside
sentences, is typed alone, with a capital and without; then every word that is no name. It tells
for how many there are other spellings, how many documents hold the typed one and how many more
hold another, and prints a sample of what meets, to be read. MUNIMENT_DATA names the unpacked sets.
"""

import argparse
import csv
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.access import PUBLIC
from benchmarks.corpora import DataMissing, data_folder
from indexer import analysis
from indexer.engine import FACETS, UNKNOWN, Engine, IndexDocument, Mark
from indexer.engine.spellings import entries, form_in, is_capital
from indexer.engine.whoosh import WhooshEngine
from indexer.extract import Limits, extract
from indexer.query.ast import Word
from indexer.query.names import VARIANTS_MAX, with_variants

SETS = ("docs", "docs-languages")
ORDINARY = 3_000
"""Words that are no names, the most held first."""
_LIMITS = Limits(text_max_chars=2_000_000, pdf_reader="pdfium")
_FACETS = {name: frozenset({UNKNOWN}) for name in FACETS}


@dataclass(slots=True)
class Told:
    """What was found."""

    documents: int = 0
    names: int = 0
    with_others: int = 0
    """Names that have other spellings."""
    cut: int = 0
    """Names that have more than are looked for."""
    typed_small: int = 0
    """Names with other spellings that have them without the capital, too."""
    holders: int = 0
    """Documents that the names with other spellings find as typed, summed over the names."""
    more: int = 0
    """Documents that the other spellings find besides."""
    ordinary: int = 0
    ordinary_with_others: int = 0


def documents(folder: Path) -> Iterator[IndexDocument]:
    """Yield the documents of the sets."""
    number = 0
    for name in SETS:
        with (folder / name / "metadata.csv").open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                number += 1
                path = folder / name / row["file"]
                found = extract(path, path.name, limits=_LIMITS)
                text = "\n\n".join(page.text for page in found.pages)
                language = row["language"] or None
                yield IndexDocument(
                    number, "public", language, row["title"], text, "", (), _FACETS, None
                )


def measure(engine: Engine, every: list[IndexDocument]) -> tuple[Told, list[tuple[str, str]]]:
    """Type every name and return what was found, and each pair that meets."""
    told, pairs = Told(documents=len(every)), []
    names, others = _words(every)
    for name in names:
        told.names += 1
        query, also = with_variants(Word(name), lambda words: engine.variants(words, PUBLIC))
        if not also:
            continue
        told.with_others += 1
        told.cut += also[0].left_out > 0
        told.typed_small += bool(engine.variants([analysis.fold(name)], PUBLIC))
        before, after = engine.totals((Word(name), query), PUBLIC)
        told.holders += before
        told.more += after - before
        pairs += [(name, spelling) for spelling in also[0].spellings]
    told.ordinary, told.ordinary_with_others = len(others), len(engine.variants(others, PUBLIC))
    return told, pairs


def _words(every: list[IndexDocument]) -> tuple[list[str], list[str]]:
    """Return the capitalised words inside sentences, each in its commonest form, and the most
    held other words."""
    forms: dict[str, Counter[str]] = {}
    held: Counter[str] = Counter()
    for one in every:
        for entry in set(entries(one.text, one.language)):
            if is_capital(form := form_in(entry)):
                forms.setdefault(analysis.fold(form), Counter())[form] += 1
        held.update({token.terms[0] for token in analysis.tokens(one.text)})
    names = [min(some, key=lambda form: (-some[form], form)) for some in forms.values()]
    others = [word for word, _ in held.most_common() if word not in forms and word.isalpha()]
    return sorted(names), others[:ORDINARY]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=1992, metavar="N")
    parser.add_argument("--sample", type=int, default=50, metavar="N")
    arguments = parser.parse_args()
    try:
        every = list(documents(data_folder()))
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.rebuild(every, Mark(1, {"public": 1}))
        told, pairs = measure(engine, every)
    sample = random.Random(arguments.seed).sample(sorted(pairs), min(arguments.sample, len(pairs)))
    if arguments.json:
        print(json.dumps({**asdict(told), "sample": sample}, ensure_ascii=False))
        return
    print(f"{told.documents} documents, {told.names} names")
    print(
        f"{told.with_others} have other spellings ({told.typed_small} of them typed small, too); "
        f"{told.cut} have more than {VARIANTS_MAX}"
    )
    print(f"they find {told.holders} documents as typed and {told.more} more")
    print(f"{told.ordinary_with_others} of {told.ordinary} other words have other spellings")
    for name, spelling in sample:
        print(f"  {name} – {spelling}")


if __name__ == "__main__":
    main()
