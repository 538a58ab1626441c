"""Searching: the front page, the page of results, and what is offered while one types."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive.access import may_read_text
from archive.catalogue import records
from archive.catalogue.records import Record
from archive.errors import IndexUnavailable
from indexer import search, suggest
from indexer.engine import SORTS, UNKNOWN, Answer, FacetName, Question
from indexer.query.ast import Everything
from indexer.query.reading import Reading
from indexer.search import Asked, ResultPage
from indexer.suggest import Completion
from webui import asking, charts, facets, formats, here, selection
from webui.languages import gettext, to_translate
from webui.trail import Trail
from webui.turns import in_turn

blueprint = Blueprint("search", __name__)

SORT_NAMES = {
    "relevance": to_translate("relevance"),
    "newest": to_translate("newest"),
    "oldest": to_translate("oldest"),
    "added": to_translate("last added"),
}
READING_NAMES: dict[Reading, str] = {
    "all": to_translate("all of the words"),
    "most": to_translate("most of the words"),
    "any": to_translate("any of the words"),
}
SIZES = (20, 50, 100)
VALUES_SHOWN = 500
NEWEST_SHOWN = 6
FRONT_VALUES = 8
WAYS_OUT = 6
BAR_NAMES = {
    "decade": to_translate("decades"),
    "year": to_translate("years"),
    "month": to_translate("months"),
}
BY_NAMES = {
    "decade": to_translate("By decade"),
    "year": to_translate("By year"),
    "month": to_translate("By month"),
}
WAY_NAMES = {
    "country": to_translate("any country"),
    "kind": to_translate("any kind"),
    "language": to_translate("any language"),
    "year": to_translate("any year"),
    "issuer": to_translate("any issuer"),
    "spoken_of": to_translate("whatever countries it speaks of"),
    "collection": to_translate("any collection"),
    "access": to_translate("any access"),
    "excluded": to_translate("nothing excluded"),
    "date": to_translate("any date"),
    "filters": to_translate("the same words in the whole archive"),
    "either": to_translate("any of the words"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A search near one that found nothing, and how much it finds."""

    label: str
    address: str
    total: int


@blueprint.get("/")
def front() -> str:
    """Show what the archive holds, or how to begin where it holds nothing."""
    answer = _everything()
    if answer is None or answer.total == 0:
        return render_template("search/empty.html")
    with here.archive().catalogue.reading() as catalogue:
        held = records.many(catalogue, (hit.record_id for hit in answer.hits))
    return render_template(
        "search/front.html",
        total=answer.total,
        newest=[held[hit.record_id] for hit in answer.hits if hit.record_id in held],
        kinds=_most(answer, "kind"),
        countries=_most(answer, "country"),
        decades=_decades(answer),
        spans=_spans(answer),
    )


@blueprint.get("/search")
@in_turn
def results() -> str | Response:
    """Show a page of results."""
    asked = asking.asked_of(request.args)
    try:
        page = answered(asked)
    except IndexUnavailable:
        if _is_empty():
            return redirect(url_for("search.front"))
        raise
    return render_template("search/results.html", **_shown(page))


@blueprint.get("/search/values/<facet>")
def values(facet: FacetName) -> str:
    """Show every value of a facet of a result, to look for some and to choose."""
    if facet not in facets.PLAIN:
        abort(404)
    asked = replace(asking.asked_of(request.args), page=1)
    find, by_name = " ".join(request.args.get("find", "").split()), "by" in request.args
    page = answered(replace(asked, size=1))
    found = facets.values_of(page, facet, find, by_name=by_name)
    here_now = {one.value for one in found[:VALUES_SHOWN]}
    return render_template(
        "search/values.html",
        facet=facet,
        title=gettext(facets.TITLES[facet]),
        asked=asked,
        total=page.total,
        find=find,
        by_name=by_name,
        found=found[:VALUES_SHOWN],
        beyond=max(0, len(found) - VALUES_SHOWN),
        # What is chosen and not on this page stays chosen.
        kept=[value for value in asking.chosen(asked, facet) if value not in here_now],
        pairs=asking.pairs(asked, but=facet),
        stay=asking.pairs(asked),
        back=asking.address(asked),
        other_order=asking.address(
            asked, "search.values", facet=facet, find=find, **({} if by_name else {"by": "name"})
        ),
    )


@blueprint.get("/complete")
def complete() -> Response:
    """Offer ways to go on with what is being typed, as JSON; equal states give equal answers."""
    typed = request.args.get("q", "")
    mark = here.archive().engine.mark()
    state = mark and search.state_name(mark.seen_by(here.labels()), here.archive().state_key)
    etag = hashlib.sha256(f"{state} {typed}".encode(errors="replace")).hexdigest()[:32]
    if state and request.if_none_match.contains(etag):
        answer = Response(status=304)
    else:
        offered = suggest.complete(typed, here.desk()) if state else ()
        answer = jsonify(
            q=typed,
            completions=[
                {"kind": one.kind, "text": one.text, "address": _leads_to(one)} for one in offered
            ],
            state=state,
        )
    answer.set_etag(etag)
    return answer


def _leads_to(one: Completion) -> str:
    if one.public_id:
        return url_for("records.show", public_id=one.public_id)
    return asking.address(Asked(query=one.query))


def may_read(record: Record) -> bool:
    """Whether the reader may read the text and the original of a record they may see."""
    return may_read_text(here.labels(), record.access)


def answered(asked: Asked) -> ResultPage:
    """Return the page of a result, as the reader may see it."""
    archive = here.archive()
    return search.answer(
        asked,
        labels=here.labels(),
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key=archive.state_key,
        kinds=archive.kinds,
    )


def _shown(page: ResultPage) -> dict[str, Any]:
    # Every link holds the reading, so that no filter and no new document changes it.
    asked = replace(page.asked, reading=page.reading if page.others else "")
    chips = facets.chips_of(asked)
    histogram, bar_rows = charts.stepped(page) if asked.bars else (charts.years(page), ())
    return {
        "page": page,
        "asked": asked,
        "facets": facets.facets_of(page, here.archive().kinds),
        "years": facets.years_of(page),
        "histogram": histogram,
        "bar_rows": bar_rows,
        "steps": charts.steps(page),
        "years_address": asking.address(replace(asked, bars="", page=1)),
        "chips": chips[: facets.CHIPS_SHOWN],
        "more_chips": chips[facets.CHIPS_SHOWN :],
        "clear": asking.address(
            Asked(query=asked.query, reading=asked.reading, sort=asked.sort, size=asked.size)
        ),
        "insisted": page.asked.reading,
        "reading": READING_NAMES[page.reading],
        "other_readings": [
            (READING_NAMES[name], total, asking.address(replace(asked, reading=name, page=1)))
            for name, total in page.others
        ],
        "sorts": [
            (label, name == asked.sort, asking.address(replace(asked, sort=name, page=1)))
            for name, label in SORT_NAMES.items()
        ],
        "sizes": [
            (size, size == page.size, asking.address(replace(asked, size=size, page=1)))
            for size in _sizes()
        ],
        "possibly": asking.address(replace(asked, possibly=True, page=1)),
        "pages": _pager(page),
        "address_of_page": lambda number: asking.address(replace(asked, page=number)),
        "map": asking.address(replace(asked, page=1, size=None, bars=""), "cartogram.show"),
        "feed": asking.address(
            replace(asked, page=1, size=None, sort="relevance", bars=""), "following.feed"
        ),
        "excluded": asked.excluded,
        "plain": facets.in_words(asked) if asked.query or chips else "",
        "this_search": asking.address(replace(asked, page=1)),
        "meant": _meant(page),
        "ways_out": tuple(_ways_out(page)) if page.total == 0 else (),
        "selected": selection.holds,
        "trail_at": lambda place: Trail(asked, place),
        "bar_names": BAR_NAMES,
        "by_names": BY_NAMES,
    }


def _meant(page: ResultPage) -> Way | None:
    """Return the query that was perhaps meant; the one that was typed is answered all the same."""
    if page.page > 1 or not page.asked.query:
        return None
    found = suggest.did_you_mean(page, here.desk())
    if found is None:
        return None
    asked = replace(page.asked, query=found.query, page=1)
    return Way(found.query, asking.address(asked), found.total)


def _sizes() -> list[int]:
    most = here.archive().settings.search.page_size_max
    usual = here.archive().settings.search.page_size
    return sorted({usual, *(size for size in SIZES if usual < size <= most)})


def _pager(page: ResultPage) -> list[int | None]:
    """Return the pages to link to; None stands for those left out."""
    near = {1, page.page_count, *range(page.page - 2, page.page + 3)}
    shown: list[int | None] = []
    for number in sorted(number for number in near if 1 <= number <= page.page_count):
        if shown and shown[-1] is not None and number > shown[-1] + 1:
            shown.append(None)
        shown.append(number)
    return shown


def _ways_out(page: ResultPage) -> Iterator[Way]:
    """Yield searches near *page*, which found nothing, that find something."""
    for rescue in suggest.rescues(page, here.desk())[:WAYS_OUT]:
        if rescue.dropped:
            label = gettext("without “%(word)s”", word=rescue.dropped)
        else:
            label = gettext(WAY_NAMES[rescue.what])
        yield Way(label, asking.address(rescue.asked), rescue.total)


def _spans(answer: Answer) -> dict[str, Any]:
    """Return how wide the archive is: years, countries, languages."""
    years = sorted(year for year in answer.facets["year"] if year != UNKNOWN)
    return {
        "years": (years[0], years[-1]) if years else None,
        "countries": sum(1 for code in answer.facets["country"] if code != UNKNOWN),
        "languages": sum(1 for tag in answer.facets["language"] if tag != UNKNOWN),
    }


def _everything() -> Answer | None:
    """Return the newest additions with every facet; None where there is no index yet."""
    question = Question(Everything(), here.labels(), sort=SORTS[3], limit=NEWEST_SHOWN)
    try:
        return here.archive().engine.search(question)
    except IndexUnavailable:
        if _is_empty():
            return None
        raise


def _is_empty() -> bool:
    with here.archive().catalogue.reading() as catalogue:
        return records.count(catalogue) == 0


def _most(answer: Answer, facet: FacetName) -> tuple[list[tuple[str, int, str]], int]:
    """Return the commonest values with count and address, and how many more there are."""
    found = {v: n for v, n in answer.facets[facet].items() if v != UNKNOWN}
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    shown = [
        (value, count, asking.address(asking.choosing(Asked(), facet, _value(facet, value))))
        for value, count in ordered[:FRONT_VALUES]
    ]
    return shown, max(0, len(ordered) - FRONT_VALUES)


def _value(facet: str, value: str) -> str:
    """A leaf that bears its parent's name would select all of the parent."""
    return (
        here.archive().kinds[value].path
        if facet == "kind" and value in here.archive().kinds
        else value
    )


def _decades(answer: Answer) -> list[tuple[str, int, str]]:
    """Return each decade with its count, and the address of the years in it.

    The address names years, not a range: a range also finds dates less precise than a year,
    and the count would not be that of the result.
    """
    held: dict[int, list[tuple[str, int]]] = {}
    for year, count in sorted(answer.facets["year"].items()):
        if year != UNKNOWN:
            held.setdefault(int(year) // 10 * 10, []).append((year, count))
    return [
        (
            formats.decade(decade),
            sum(count for _, count in years),
            asking.address(Asked(years=tuple(year for year, _ in years))),
        )
        for decade, years in sorted(held.items(), reverse=True)
    ]
