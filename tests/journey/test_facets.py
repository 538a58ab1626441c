"""Counts equal a recount by hand over the catalogue."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from archive import dates
from archive.access import EVERYTHING, PUBLIC, Label
from archive.catalogue import adding, records
from archive.catalogue.records import Dated, Description, Item, PageText, Record, SpokenOf
from archive.kinds import KINDS
from indexer import analysis, indexing
from indexer.bootstrap import Archive
from indexer.search import Asked, answer

WORDS = [
    "peace",
    "treaty",
    "council",
    "republic",
    "assembly",
    "decree",
    "refugees",
    "border",
    "article",
    "law",
]
COUNTRIES = ["AZ", "FR", "UN", "TR", None]
LANGUAGES = ["en", "fr", None]
ISSUERS = ["Milli Məclis", "General Assembly", None]
COLLECTIONS = ["Press", "Papers: A–K", None]


def fill(archive: Archive, rng: random.Random, number: int) -> None:
    with archive.catalogue.writing() as session:
        accession = records.open_accession(session, agent="test", via="command")
        for n in range(number):
            when = rng.choice(
                [
                    None,
                    dates.year(rng.randint(1990, 1995)),
                    dates.day(rng.randint(1990, 1995), rng.randint(1, 12), 5),
                ]
            )
            adding.add(
                session,
                accession_id=accession,
                agent="test",
                description=Description(
                    title=" ".join(rng.sample(WORDS, 2)),
                    kind=rng.choice([*KINDS, None]),
                    country=rng.choice(COUNTRIES),
                    language=rng.choice(LANGUAGES),
                    dated=Dated(when, "adopted") if when else None,
                    issuer=rng.choice(ISSUERS),
                    collection=rng.choice(COLLECTIONS),
                    spoken_of=tuple(
                        SpokenOf(code, code, 1, 1)
                        for code in rng.sample(["AZ", "AM", "TR", "FR"], rng.randint(0, 3))
                    ),
                ),
                findings=[],
                item=Item(f"{n:064x}", f"{n}.txt", 1, "text/plain", "text"),
                embedded=[],
                pages=[PageText(1, " ".join(rng.choices(WORDS, k=rng.randint(0, 12))))],
                state=rng.choices(["published", "waiting", "withdrawn"], [8, 1, 1])[0],
                access=rng.choices(["public", "restricted", "text_withheld"], [8, 1, 1])[0],
            )
    indexing.catch_up(archive.catalogue, archive.engine, batch=100, wait=True)


def words_of(record: Record, pages: Iterable[PageText]) -> set[str]:
    text = " ".join([record.description.title, *(page.text for page in pages)])
    return {analysis.stem(token.terms[0], "en") for token in analysis.tokens(text)} | {
        token.terms[0] for token in analysis.tokens(text)
    }


FACETS = ("country", "kind", "language", "year", "issuer", "collection", "access", "spoken_of")


def values(record: Record, facet: str) -> set[str]:
    description = record.description
    match facet:
        case "year":
            date = description.dated.date if description.dated else None
            return {str(date.year) if date and date.year else ""}
        case "access":
            return {record.access}
        case "spoken_of":
            return {one.code for one in description.spoken_of} or {""}
        case _:
            return {getattr(description, facet) or ""}


def bar(record: Record, step: str) -> str:
    date = record.description.dated.date if record.description.dated else None
    if date is None:
        return ""
    if step == "month" and date.precision == "day":
        return str(date)[:7]
    # Every date that is filled in lies in the nineties.
    return "199X" if step == "decade" else str(date)[:4]


def inside(record: Record, asked: Asked) -> bool:
    if not asked.date_from:
        return True
    dated = record.description.dated
    first = dates.parse_edtf(asked.date_from).first
    last = dates.parse_edtf(asked.date_to).last
    if dated is None:
        return False
    if asked.possibly:
        return dated.date.first <= last and dated.date.last >= first
    return dated.date.first >= first and dated.date.last <= last


def chosen(asked: Asked) -> dict[str, set[str]]:
    return {
        "country": plain(asked.countries),
        "language": plain(asked.languages),
        "year": plain(asked.years),
        "kind": leaves(asked.kinds),
        "issuer": plain(asked.issuers),
        "collection": plain(asked.collections),
        "access": plain(asked.access),
        "spoken_of": plain(asked.spoken_of),
    }


def plain(names: Iterable[str]) -> set[str]:
    return {"" if name == "unknown" else name for name in names}


def leaves(names: Iterable[str]) -> set[str]:
    kinds: set[str] = set()
    for name in names:
        if name == "unknown":
            kinds.add("")
        kinds |= {k.slug for k in KINDS.values() if name in {k.parent, k.slug, k.path}}
    return kinds


def excluded(asked: Asked) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {name: set() for name in FACETS}
    for one in asked.excluded:
        name, _, value = one.partition(":")
        out[name] |= leaves([value]) if name == "kind" else plain([value])
    return out


def some_question(rng: random.Random) -> Asked:
    def some(names: list[str]) -> tuple[str, ...]:
        return tuple(rng.sample(names, rng.choice([0, 0, 1, 2])))

    ranged = rng.random() < 0.3
    return Asked(
        query=" ".join(rng.sample(WORDS, rng.choice([0, 1, 1, 2]))),
        countries=some(["AZ", "FR", "UN", "unknown"]),
        kinds=some(["decree", "law", "article", "resolution/resolution", "code", "unknown"]),
        languages=some(["en", "fr", "unknown"]),
        years=() if ranged else some(["1990", "1993", "unknown"]),
        date_from="1991" if ranged else "",
        date_to=rng.choice(["1993", "1993-06"]) if ranged else "",
        possibly=ranged and rng.random() < 0.5,
        bars=rng.choice(["", "decade", "year", "month"]),
        issuers=some(["Milli Məclis", "unknown"]) if rng.random() < 0.3 else (),
        collections=some(["Papers: A–K", "Press"]) if rng.random() < 0.3 else (),
        spoken_of=some(["AZ", "AM", "unknown"]) if rng.random() < 0.4 else (),
        access=some(["public", "text_withheld"]) if rng.random() < 0.2 else (),
        excluded=some(
            ["country:TR", "kind:law", "kind:unknown", "spoken_of:FR", "collection:Papers: A–K"]
        ),
    )


@pytest.mark.parametrize("labels", [PUBLIC, EVERYTHING], ids=["public", "staff"])
def test_counts_equal_a_recount_for_300_random_questions(
    archive: Archive, labels: frozenset[Label]
):
    rng = random.Random(20261122)
    fill(archive, rng, 400)
    with archive.catalogue.reading() as session:
        everyone = records.every(session, limit=1_000)
        pages = records.pages_of(session, (r.record_id for r in everyone))
    held = [(r, words_of(r, pages[r.record_id])) for r in everyone if r.label in labels]
    settings = archive.settings.search
    for _ in range(300):
        asked = some_question(rng)
        page = answer(
            asked,
            labels=labels,
            catalogue=archive.catalogue,
            engine=archive.engine,
            settings=settings,
            state_key="k",
        )
        wanted = {analysis.stem(word, "en") for word in asked.query.split()}
        matching = [r for r, words in held if wanted <= words]
        own, out = chosen(asked), excluded(asked)

        def passing(record: Record, but: str = "", own=own, out=out, asked=asked) -> bool:
            facets = all(
                f == but or ((not v or values(record, f) & v) and not values(record, f) & out[f])
                for f, v in own.items()
            )
            return facets and (but == "year" or inside(record, asked))

        assert page.total == sum(map(passing, matching)), asked
        for facet in FACETS:
            recount = Counter(v for r in matching if passing(r, facet) for v in values(r, facet))
            assert page.facets[facet] == dict(recount), (asked, facet)
        bars = Counter(bar(r, asked.bars) for r in matching if asked.bars and passing(r, "year"))
        assert page.bars == dict(bars), asked
