"""How often a misspelt query gets the right suggestion, and a right one a wrong suggestion.

    python -m benchmarks.suggestions [--home DIR] [--json]

Misspelt queries in six languages: words of the titles of the `docs` and `docs-languages` sets
with a slip made by rule and by a seed, alone or beside the word that follows them there; words
run together or apart; and slips that people make. A suggestion is right if it holds the word that
was meant, in that form or in another of the same stem, and nothing else is changed. Right
queries: the same before the slip, and words that a single document holds. --home names an archive
that holds the sets; without it one is made in MUNIMENT_BENCH_CACHE, which takes some minutes.
"""

import argparse
import itertools
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.access import PUBLIC
from archive.catalogue import records
from archive.catalogue.records import Record
from benchmarks.corpora import DataMissing, cache_folder, data_folder
from indexer import analysis, bootstrap, ingest, search, sidecar, sources, suggest
from indexer.bootstrap import Archive
from indexer.numbers import canonical

SEED = 1992
LANGUAGES = ("en", "az", "tr", "ru", "fr", "es")
BY_RULE = 16
"""Queries a language with a slip by rule: half of one word, half of two."""
RARE = 25
"""Words a language that a single document holds."""
HOLDERS_MIN = 4
SETS = ("docs", "docs-languages")

BY_HAND = {
    "en": "goverment>government commitee>committee recieve>receive enviroment>environment securty+council>security+council constitutional+ammendment>constitutional+amendment seperate>separate adress>address indepedence>independence rezolution>resolution childern>children excutive+order>executive+order",
    "az": "azerbajcan>azərbaycan respublkası>respublikası konstitusya>konstitusiya prezidnet>prezident məhkmə>məhkəmə mülkiyet>mülkiyyət milli+məclsi>milli+məclisi qanunvericlik>qanunvericilik vətandş>vətəndaş hüqqu>hüququ",
    "tr": "kanum>kanun anayassa>anayasa yönetmelk>yönetmelik mahekme>mahkeme sorumlulk>sorumluluk cumhuriyyet>cumhuriyet türkye>türkiye resmi+gazte>resmi+gazete tebilğ>tebliğ madesi>maddesi",
    "ru": "постоновление>постановление правительсво>правительство президнет>президент федирация>федерация гражанин>гражданин росийской+федерации>российской+федерации учереждение>учреждение законадательство>законодательство совет+безопастности>совет+безопасности организция>организация",
    "fr": "gouvernment>gouvernement ordonance>ordonnance developement>développement environement>environnement parlment>parlement reglment>règlement constitusion>constitution securite+socialle>sécurité+sociale republqiue>république administartion>administration",
    "es": "constitusion>constitución govierno>gobierno desarollo>desarrollo ambeinte>ambiente precidente>presidente desicion>decisión seguirdad>seguridad ejersicio>ejercicio poder+ejcutivo>poder+ejecutivo ministrio>ministerio",
}  # fmt: skip
"""Slips that people make: what was typed > what was meant."""

_VOWELS = ("aeiou", "аеиоуыэюя")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")


@dataclass(frozen=True, slots=True)
class Case:
    """A query as typed, and as meant."""

    language: str
    typed: str
    meant: str


@dataclass(slots=True)
class Figures:
    """What came of the queries of one language."""

    misspelt: int = 0
    right: int = 0
    exactly: int = 0
    """Of those, how many in the very form that was meant."""
    wrong: int = 0
    common: int = 0
    common_false: int = 0
    rare: int = 0
    rare_false: int = 0

    def add(self, other: "Figures") -> None:
        """Add the figures of another language."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def slipped(word: str, chance: random.Random) -> str:
    """Return *word* with one slip: letters exchanged, lost, doubled, or taken for another.

    >>> slipped("resolution", random.Random(1)) != "resolution"
    True
    """
    while True:
        at = chance.randrange(1, len(word) - 1)
        match chance.choice(("exchanged", "lost", "doubled", "beside", "vowel")):
            case "exchanged":
                made = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case "lost":
                made = word[:at] + word[at + 1 :]
            case "doubled":
                made = word[:at] + word[at] + word[at:]
            case "beside":
                made = word[:at] + _beside(word[at], chance) + word[at + 1 :]
            case _:
                vowels = next((some for some in _VOWELS if word[at] in some), word[at])
                made = word[:at] + chance.choice(vowels) + word[at + 1 :]
        if made != word:
            return made


def _beside(letter: str, chance: random.Random) -> str:
    """Return a letter that stands beside *letter* on the keyboard."""
    row = next((row for row in _ROWS if letter in row), letter)
    at = row.index(letter)
    return chance.choice([row[n] for n in (at - 1, at + 1) if 0 <= n < len(row)] or [letter])


def cases(archive: Archive) -> Iterator[Case]:
    """Yield the misspelt queries: by rule, run together or apart, by hand."""
    titles: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for record in _every(archive):
        if (language := record.description.language) in titles:
            titles[language].append(record.description.title)
    for language in LANGUAGES:
        chance = random.Random(f"{SEED} {language}")
        chosen = sorted(set(_pairs(titles[language], archive)))
        chance.shuffle(chosen)
        for number, (one, other) in enumerate(chosen[:BY_RULE]):
            slip = slipped(one, chance)
            if number % 2:
                yield Case(language, f"{slip} {other}", f"{one} {other}")
            else:
                yield Case(language, slip, one)
        for one, other in chosen[BY_RULE : BY_RULE + 2]:
            yield Case(language, one + other, f"{one} {other}")
        for whole in [one for one, _ in chosen[BY_RULE + 2 :] if len(one) > 8][:2]:
            at = len(whole) // 2
            yield Case(language, f"{whole[:at]} {whole[at:]}", whole)
        for pair in BY_HAND[language].split():
            typed, _, meant = pair.replace("+", " ").partition(">")
            yield Case(language, typed, meant)


def _every(archive: Archive) -> Iterator[Record]:
    after = 0
    with archive.catalogue.reading() as session:
        while some := records.every(session, after=after):
            after = some[-1].record_id
            yield from some


def _pairs(titles: Iterable[str], archive: Archive) -> Iterator[tuple[str, str]]:
    """Yield neighbours in titles that some documents hold, small letters throughout."""
    for title in titles:
        words = [token.terms[0] for token in analysis.tokens(title)]
        for one, other in itertools.pairwise(words):
            if min(len(one), len(other)) > 4 and f"{one}{other}".isalpha():
                held = archive.engine.holders((one, other), PUBLIC)[1]
                if min(held.get(one, 0), held.get(other, 0)) >= HOLDERS_MIN:
                    yield one, other


def rare_words(archive: Archive, language: str) -> list[str]:
    """Return words of a language that a single document holds, in no order of theirs."""
    chance = random.Random(f"{SEED} rare {language}")
    found: set[str] = set()
    some = [one for one in _every(archive) if one.description.language == language]
    for record in chance.sample(some, min(len(some), RARE)):
        with archive.catalogue.reading() as session:
            pages = records.pages_of(session, [record.record_id])[record.record_id]
        text = " ".join(page.text for page in pages)[:50_000]
        words = sorted({w for w in analysis.words(text) if w.isalpha() and len(w) > 4})
        chance.shuffle(words)
        held = archive.engine.holders([analysis.fold(word) for word in words[:400]], PUBLIC)[1]
        found.update([w for w in words[:400] if held.get(analysis.fold(w)) == 1][:3])
    return sorted(found)[:RARE] if len(found) <= RARE else chance.sample(sorted(found), RARE)


def measure(archive: Archive) -> tuple[dict[str, Figures], list[str], list[float]]:
    """Return the figures by language, what went wrong, and the CPU time of each suggestion, ms."""
    desk = suggest.Desk.of(PUBLIC, archive.catalogue, archive.engine, archive.settings.search)
    figures = {language: Figures() for language in LANGUAGES}
    wrong: list[str] = []
    spent: list[float] = []

    def suggested(typed: str) -> str | None:
        page = search.answer(
            search.Asked(typed, size=1),
            labels=PUBLIC,
            catalogue=archive.catalogue,
            engine=archive.engine,
            settings=archive.settings.search,
            state_key="",
        )
        began = time.process_time()
        found = suggest.did_you_mean(page, desk)
        spent.append((time.process_time() - began) * 1000)
        return found.query if found else None

    for case in cases(archive):
        held = archive.engine.holders(_terms(f"{case.typed} {case.meant}"), PUBLIC)[1]
        # A slip that makes another word is no slip that can be seen; what nobody holds cannot
        # be meant.
        if not all(term in held for term in _terms(case.meant)):
            continue
        if all(term in held for term in _terms(case.typed)) and " " not in case.typed:
            continue
        one = figures[case.language]
        one.misspelt += 1
        got = suggested(case.typed)
        if got is not None and _stems(got, case.language) == _stems(case.meant, case.language):
            one.right += 1
            one.exactly += _terms(got) == _terms(case.meant)
        else:
            one.wrong += got is not None
            wrong.append(f"{case.language}  {case.typed} → {got or '–'}   (meant: {case.meant})")
        one.common += 1
        if (got := suggested(case.meant)) is not None:
            one.common_false += 1
            wrong.append(f"{case.language}  {case.meant} → {got}   (was right)")
    for language, one in figures.items():
        for word in rare_words(archive, language):
            one.rare += 1
            if (got := suggested(word)) is not None:
                one.rare_false += 1
                wrong.append(f"{language}  {word} → {got}   (was right, and rare)")
    return figures, wrong, spent


def _terms(text: str) -> list[str]:
    return [token.terms[0] for token in analysis.tokens(text)]


def _stems(text: str, language: str) -> list[str]:
    return [analysis.stem(term, language) for term in _terms(text)]


def completions(archive: Archive) -> list[float]:
    """Return the CPU time, in ms, of what is offered after each letter of some titles' words."""
    desk = suggest.Desk.of(PUBLIC, archive.catalogue, archive.engine, archive.settings.search)
    chance = random.Random(SEED)
    titles = [one.description.title for one in _every(archive)]
    spent = []
    suggest.complete("warm", desk)
    for title in chance.sample(titles, min(len(titles), 40)):
        typed = " ".join(title.split()[:2])[:16]
        for end in range(2, len(typed) + 1):
            began = time.process_time()
            suggest.complete(typed[:end], desk)
            spent.append((time.process_time() - began) * 1000)
    return spent


def likeness(archive: Archive) -> tuple[dict[str, int], list[float]]:
    """Return how often a record of the same number stands first, or among five; CPU time, ms."""
    desk = suggest.Desk.of(PUBLIC, archive.catalogue, archive.engine, archive.settings.search)
    bearers: dict[str, list[Record]] = {}
    for record in _every(archive):
        if number := record.description.number:
            bearers.setdefault(canonical(number), []).append(record)
    told, spent = {"asked": 0, "first": 0, "among_five": 0}, []
    for same in (some for some in bearers.values() if len(some) > 1):
        ids = {record.record_id for record in same}
        for record in same:
            with archive.catalogue.reading() as session:
                pages = records.pages_of(session, [record.record_id])[record.record_id]
            began = time.process_time()
            found = [one.record_id in ids for one in suggest.related(record, pages, desk)]
            spent.append((time.process_time() - began) * 1000)
            told["asked"] += 1
            told["first"] += found[:1] == [True]
            told["among_five"] += any(found)
    return told, spent


def opened(home: Path | None) -> Archive:
    """Open the archive that holds the sets, made now where there is none."""
    if home is not None:
        return bootstrap.open_archive(home, {})
    home = cache_folder() / "suggestions-home"
    folder = data_folder()
    whole = home / "data" / "index"
    if not whole.is_dir():
        bootstrap.make_home(home)
    archive = bootstrap.open_archive(home, {})
    for name in SETS:
        print(f"taking in {name}", file=sys.stderr)
        ingest.take_in(
            sources.walk([folder / name / "files"], archive.incoming, archive.settings.ingest),
            archive=archive,
            agent="benchmark",
            via="command",
            publish=True,
            sidecar=sidecar.read(folder / name / "metadata.csv", archive.kinds),
            told=lambda _outcome: None,
        )
    return archive


def percentile(values: list[float], share: float) -> float:
    """Return the value that *share* of all do not exceed."""
    return sorted(values)[max(0, round(share * len(values)) - 1)]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--home", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    arguments = parser.parse_args()
    try:
        archive = opened(arguments.home)
    except DataMissing as error:
        raise SystemExit(f"{error}; nothing was measured") from error
    figures, wrong, spent = measure(archive)
    whole = Figures()
    for one in figures.values():
        whole.add(one)
    typing = completions(archive)
    same_number, reading = likeness(archive)
    told = {
        "languages": {
            name: {field: getattr(one, field) for field in Figures.__slots__}
            for name, one in (*figures.items(), ("all", whole))
        },
        "did_you_mean_cpu_ms": {"p50": percentile(spent, 0.5), "p95": percentile(spent, 0.95)},
        "related_of_same_number": same_number,
        "related_cpu_ms": {"p50": percentile(reading, 0.5), "p95": percentile(reading, 0.95)},
        "complete_cpu_ms": {"p50": percentile(typing, 0.5), "p95": percentile(typing, 0.95)},
    }
    archive.close()
    if arguments.json:
        print(json.dumps(told))
        return
    for line in wrong:
        print(line)
    print(
        f"{'':4}{'misspelt':>9}{'right':>7}{'exactly':>9}{'wrong':>7}   {'right queries, corrected':>25}   rare words, corrected"
    )
    for name, row in told["languages"].items():
        print(
            f"{name:4}{row['misspelt']:9}{row['right']:7}{row['exactly']:9}{row['wrong']:7}   {row['common']:14}{row['common_false']:11}   {row['rare']:10}{row['rare_false']:11}"
        )
    print("documents like one of the same number:", same_number)
    for name in ("did_you_mean_cpu_ms", "complete_cpu_ms", "related_cpu_ms"):
        print(f"{name}: p50 {told[name]['p50']:.1f}, p95 {told[name]['p95']:.1f}")


if __name__ == "__main__":
    main()
