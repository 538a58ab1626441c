"""Everybody at once: do readers beside a writer get the answers of some committed state?

    python -m benchmarks.together [--commits N] [--documents N] [--seed S] [--json]

Two processes of eight threads each search one index on disk, of real texts of the `docs` set
(without it, of the sample archive), while a writer commits N times: documents put in, changed,
given another label, taken out, segments merged, the whole index made anew. Every answer is noted with its
question. Afterwards the states are made again one after the other in one thread, and the answers
that bear a state's mark are compared with what it answers alone: total, hits with their scores,
facets, notices and mark. The plain engine in memory is asked now and then as well, so that not
one engine is its own witness. Exit status 1: an answer of no state, or an engine that raised.
"""

import argparse
import json
import multiprocessing
import pickle
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from archive import dates
from archive.access import EVERYTHING, PUBLIC, Label
from archive.dates import PartialDate
from benchmarks.corpora import SEED, DataMissing, data_folder, texts
from indexer.engine import SORTS, Answer, Engine, Filters, IndexDocument, Mark, Question
from indexer.engine.memory import MemoryEngine
from indexer.engine.whoosh import WhooshEngine
from indexer.numbers import mentioned
from indexer.query.parser import parse
from indexer.query.reading import readings_of

COMMITS, DOCUMENTS = 500, 400
PROCESSES, THREADS = 2, 8
TEXT_CHARS = 4_000
QUESTIONS = 160
CHANGED_MAX = 3
"""Documents that one commit puts in, and that it takes out, at most."""
WITNESSED_EVERY = 25
"""The plain engine answers for every so manieth state."""
TIDIED_EVERY, REBUILT_EVERY = 10, 125
LABEL_SETS: tuple[frozenset[Label], ...] = (PUBLIC, frozenset({"staff"}), EVERYTHING)
BEGUN_WITHIN_S = 60
CLOSE = 1e-9
SAMPLE = Path(__file__).parents[1] / "corpus"


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit does."""

    puts: tuple[IndexDocument, ...]
    deletes: tuple[int, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Noted:
    """An answer as some thread of some process got it."""

    question: int
    """Its place among the questions."""
    answer: Answer


@dataclass(slots=True)
class Score:
    """What came of it."""

    commits: int = 0
    questions: int = 0
    answers: int = 0
    states_seen: int = 0
    """States that some answer was given from."""
    compared: int = 0
    witnessed: int = 0
    """Answers of the plain engine that were compared besides."""
    wrong: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)


# --- what is searched and asked -------------------------------------------------------


def real_texts(number: int) -> list[tuple[str, str]]:
    """Return (language, text) of real documents, each cut to a few thousand characters."""
    try:
        found = texts(data_folder())
    except DataMissing:
        found = (("en", path.read_text("utf-8", "replace")) for path in _samples())
    return [(language, text[:TEXT_CHARS]) for language, text in islice(found, number)]


def _samples() -> Iterator[Path]:
    return iter(sorted(p for p in SAMPLE.rglob("*") if p.suffix in {".html", ".txt", ".md"}))


def document(record_id: int, source: tuple[str, str], chance: random.Random) -> IndexDocument:
    """Return *source* as an engine is told of it; facets, label and date by chance."""
    language, text = source
    year = chance.randint(1985, 1996)
    number = f"S/RES/{800 + record_id % 50}"
    other = f"S/RES/{800 + chance.randrange(50)}"
    return IndexDocument(
        record_id=record_id,
        label=chance.choice(("public", "public", "staff")),
        language=language,
        title=" ".join(text.split()[:8]),
        text=text,
        aside=" ".join(text.split()[-20:]),
        numbers=(number, *((mentioned(other),) if other != number else ())),
        facets={
            "year": frozenset({str(year)}),
            "country": frozenset(chance.sample(["AZ", "TR", "US", "UN", ""], chance.randint(1, 2))),
            "kind": frozenset({chance.choice(["law", "decree", "resolution", ""])}),
            "language": frozenset({language}),
            "text": frozenset({"yes"}),
        },
        date=chance.choice([None, dates.year(year), dates.day(year, 1 + record_id % 12, 3)]),
    )


def changes(number: int, sources: Sequence[tuple[str, str]], seed: int) -> Iterator[Change]:
    """Yield the commits of the writer: the same for the same seed."""
    chance = random.Random(seed)
    held: dict[int, Label] = {}
    by_label: dict[str, int] = {}
    stock = cycle(sources)
    for change_id in range(2, number + 2):
        fresh = [max(held, default=0) + 1 + n for n in range(chance.randint(0, CHANGED_MAX))]
        again = chance.sample(sorted(held), min(len(held), chance.randint(0, 2)))
        rest = sorted(set(held) - set(again))
        gone = chance.sample(rest, min(len(rest), chance.randint(0, CHANGED_MAX - 1)))
        puts = tuple(document(n, next(stock), chance) for n in dict.fromkeys((*fresh, *again)))
        touched = {held[n] for n in (*again, *gone)} | {one.label for one in puts}
        by_label |= dict.fromkeys(touched, change_id)
        held |= {one.record_id: one.label for one in puts}
        for n in gone:
            del held[n]
        yield Change(puts, tuple(gone), Mark(change_id, dict(by_label)))


def questions(sources: Sequence[tuple[str, str]], number: int, seed: int) -> list[Question]:
    """Return questions of every kind, asked with every set of labels."""
    chance = random.Random(seed)
    asked = []
    for n in range(number):
        _language, text = chance.choice(sources)
        words = [word for word in re.findall(r"\w+", text) if len(word) > 3] or ["peace", "war"]
        query = parse(_typed(n, words, chance)).query
        if n % 11 == 0:
            query = chance.choice([*readings_of(query).values()])
        span = PartialDate(dates.year(1988).first, dates.year(1993).last, "range")
        filters = Filters(
            {"country": frozenset({"AZ", ""})} if n % 3 == 1 else {},
            span if n % 4 == 2 else None,
            possibly=n % 8 == 2,
        )
        asked.append(
            Question(
                query,
                LABEL_SETS[n % len(LABEL_SETS)],
                filters,
                chance.choice(("relevance", *SORTS)),
                offset=chance.choice((0, 0, 5)),
                limit=chance.choice((0, 10, 20)),
            )
        )
    return asked


def _typed(n: int, words: Sequence[str], chance: random.Random) -> str:
    one, other, third = (chance.choice(words) for _ in range(3))
    at = chance.randrange(max(1, len(words) - 2))
    kinds = (
        one, f"{one} {other}", f"{one} OR {other}", f'"{" ".join(words[at : at + 2])}"',
        f"{one[:3]}*", f"{one}~", f"{one[:2]}?{one[3:]}", f"{one} NEAR/9 {other}",
        f"{one[:3]}* NEAR/20 {other}~", f"{{{one} {other}}} {third}", f"{one} -{other}",
        f"title:{one}", f"S/RES/{800 + n % 50}", f"kind:law OR country:AZ {one}",
        f"date:1990..1993 {one}", "*", f"{one} {other} {third}", f"NOT ({one} OR {other})",
    )  # fmt: skip
    return kinds[n % len(kinds)]


# --- readers --------------------------------------------------------------------------


def read(
    root: Path, asked: Sequence[Question], ready: Barrier, over: Event, seed: int, notes: Path
) -> None:
    """Search in eight threads that share an engine until *over*; write down what was answered."""
    engine = WhooshEngine(root)
    noted: list[list[Noted]] = [[] for _ in range(THREADS)]
    raised: list[str] = []

    def reader(number: int) -> None:
        chance = random.Random(seed * 100 + number)
        while True:
            last_round = over.is_set()
            n = chance.randrange(len(asked))
            try:
                noted[number].append(Noted(n, engine.search(asked[n])))
            except Exception as error:
                raised.append(f"{asked[n].query}: {error!r}")
            if last_round:
                return

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(THREADS)]
    ready.wait(BEGUN_WITHIN_S)
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    engine.close()
    notes.write_bytes(pickle.dumps(([one for some in noted for one in some], raised)))


def write(root: Path, every: Iterable[Change], pause_s: float) -> None:
    """Commit one change after the other; merge and make the index anew in between."""
    engine = WhooshEngine(root)
    tidy = getattr(engine, "tidy", lambda: False)
    held: dict[int, IndexDocument] = {}
    for number, change in enumerate(every, 1):
        for n in change.deletes:
            del held[n]
        held |= {one.record_id: one for one in change.puts}
        with engine.writing(wait=True):
            engine.commit(change.puts, change.deletes, change.mark)
            if number % REBUILT_EVERY == 0:
                engine.rebuild(held.values(), change.mark)
        while number % TIDIED_EVERY == 0 and tidy():
            pass
        time.sleep(pause_s)
    engine.close()


def begin(engine: Engine) -> None:
    """Make an empty index: the state before the first change."""
    with engine.writing(wait=True):
        engine.rebuild([], Mark(1, {}))


# --- comparing ------------------------------------------------------------------------


def difference(one: Answer, other: Answer) -> str:
    """Return in what two answers differ; empty where they are alike."""
    for name in ("total", "facets", "possibly", "mark"):
        if getattr(one, name) != getattr(other, name):
            return f"{name}: {getattr(one, name)} and {getattr(other, name)}"
    if sorted(one.notices) != sorted(other.notices):
        return f"notices: {one.notices} and {other.notices}"
    if [hit.record_id for hit in one.hits] != [hit.record_id for hit in other.hits]:
        return f"hits: {one.hits[:5]} and {other.hits[:5]}"
    if any(abs(a.score - b.score) > CLOSE for a, b in zip(one.hits, other.hits, strict=True)):
        return f"scores: {one.hits[:5]} and {other.hits[:5]}"
    return ""


def compare(
    folder: Path,
    every: Iterable[Change],
    asked: Sequence[Question],
    noted: Iterable[Noted],
    score: Score,
) -> None:
    """Make each state again, alone, and compare what was answered from it."""
    by_state: defaultdict[int, dict[int, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for one in noted:
        score.answers += 1
        by_state[one.answer.mark.change_id][one.question].append(one.answer)
    score.states_seen = len(by_state)
    alone, plain = WhooshEngine(folder), MemoryEngine()
    begin(alone)
    begin(plain)
    _compare_state(alone, plain, by_state.pop(1, {}), asked, score)
    for number, change in enumerate(every):
        for engine in (alone, plain):
            engine.commit(change.puts, change.deletes, change.mark)
        witness = plain if number % WITNESSED_EVERY == 0 else None
        _compare_state(alone, witness, by_state.pop(change.mark.change_id, {}), asked, score)
    alone.close()
    score.wrong += [f"an answer bears the mark of no state: {mark}" for mark in by_state]


def _compare_state(
    alone: Engine,
    witness: Engine | None,
    answered: Mapping[int, list[Answer]],
    asked: Sequence[Question],
    score: Score,
) -> None:
    for n, answers in answered.items():
        right = alone.search(asked[n])
        for answer in answers:
            score.compared += 1
            if wrong := difference(answer, right):
                score.wrong.append(f"state {right.mark.change_id}, {asked[n].query}: {wrong}")
        if witness is not None:
            score.witnessed += 1
            if wrong := difference(witness.search(asked[n]), right):
                score.wrong.append(f"not as in memory: {asked[n].query}: {wrong}")


# --- all of it ------------------------------------------------------------------------


def run(folder: Path, *, commits: int, documents: int, seed: int, pause_s: float = 0.0) -> Score:
    """Let readers and the writer loose on an index in *folder*, then compare."""
    sources = real_texts(documents)
    asked = questions(sources, QUESTIONS, seed)
    score = Score(commits=commits, questions=len(asked))
    begin(engine := WhooshEngine(folder / "index"))
    engine.close()
    context = multiprocessing.get_context("spawn")
    ready, over = context.Barrier(PROCESSES + 1), context.Event()
    notes = [folder / f"notes-{n}" for n in range(PROCESSES)]
    readers = [
        context.Process(target=read, args=(folder / "index", asked, ready, over, seed + n, path))
        for n, path in enumerate(notes)
    ]
    for one in readers:
        one.start()
    try:
        ready.wait(BEGUN_WITHIN_S)
        write(folder / "index", changes(commits, sources, seed), pause_s)
    finally:
        over.set()
        for one in readers:
            one.join()
    noted: list[Noted] = []
    for one, path in zip(readers, notes, strict=True):
        if one.exitcode or not path.exists():
            score.raised.append(f"a process of readers ended with {one.exitcode}")
            continue
        answers, raised = pickle.loads(path.read_bytes())
        noted += answers
        score.raised += raised
    compare(folder / "alone", changes(commits, sources, seed), asked, noted, score)
    return score


def main() -> int:
    """Print what came of it; 1 where an answer was that of no state."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--commits", type=int, default=COMMITS)
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="texts to draw from")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        score = run(
            Path(folder),
            commits=asked.commits,
            documents=asked.documents,
            seed=asked.seed,
            pause_s=0.05,
        )
    if asked.json:
        print(json.dumps(asdict(score)))
    else:
        print(
            f"{score.commits} commits, {score.questions} questions, {score.answers} answers from "
            f"{score.states_seen} states; compared {score.compared}, with the plain engine "
            f"{score.witnessed}; wrong {len(score.wrong)}, raised {len(score.raised)}"
        )
        for line in (*score.wrong, *score.raised)[:10]:
            print(f"  {line[:400]}")
    return 1 if score.wrong or score.raised or score.compared != score.answers else 0


if __name__ == "__main__":
    sys.exit(main())
