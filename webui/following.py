"""Staying with a search: its feed, a record of what it found, and searches one saved."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from archive.access import PUBLIC, Label, labels_held
from archive.accounts import Account
from archive.catalogue import searches
from archive.catalogue.searches import SearchRecord
from archive.errors import IndexUnavailable, RecordMissing, SearchRefused
from indexer import following
from indexer.following import Followed, Moved, News
from indexer.search import Asked
from webui import asking, facets, feeds, here, languages, search
from webui.languages import gettext, ngettext, to_translate

blueprint = Blueprint("following", __name__)

FEED_ENTRIES = 50
MOVED_SHOWN = 50
NEWS_SHOWN = 5
NAME_MAX_CHARS = 200

WHY = {
    "taken_in": to_translate("taken in since"),
    "changed": to_translate("changed since"),
    "withdrawn": to_translate("withdrawn"),
    "closed": to_translate("no longer open"),
    "read_otherwise": to_translate(
        "unchanged; the software now reads the search or the text differently"
    ),
}
"""Why a result is not what it was, in words."""


@blueprint.get("/search.atom")
def feed() -> Response:
    """Give the feed of a search: what anybody may see of it, the last changed first."""
    # A feed is one feed, whoever reads it.
    languages.speak(languages.ENGLISH)
    asked = asking.asked_of(request.args)
    before = _moment(request.args.get("before", ""))
    latest = following.latest(asked, _followed(PUBLIC), before=before, limit=FEED_ENTRIES)
    site = here.archive().settings.site
    base = site.public_url.rstrip("/")
    mine = asking.address(asked, "following.feed")
    more = "&" if "?" in mine else "?"
    links = {
        "self": f"{base}{mine}" + (f"{more}before={feeds.moment(before)}" if before else ""),
        "first": f"{base}{mine}",
        "alternate": f"{base}{asking.address(asked)}",
    }
    if latest.more:
        links["next"] = f"{base}{mine}{more}before={feeds.moment(latest.records[-1].changed_at)}"
    title = f"{asked.query or 'All documents'} – {site.archive or site.name}"
    response = Response(
        feeds.feed(title, links, latest.records, site=site, now=datetime.now(UTC)),
        content_type=f"{feeds.MEDIA_TYPE}; charset=utf-8",
    )
    response.add_etag()
    return response.make_conditional(request)


@blueprint.post("/searches/record")
def record() -> Response:
    """Keep what a search finds now, to be cited."""
    archive = here.archive()
    if not here.is_staff():
        most = archive.settings.search.records_per_hour
        with archive.catalogue.reading() as session:
            made = searches.kept_since(session, datetime.now(UTC) - timedelta(hours=1))
        if made >= most:
            abort(
                429, gettext("Many searches were recorded in the last hour; try again in the next.")
            )
    labels = here.labels() if request.form.get("eyes") == "mine" else PUBLIC
    kept = following.record_search(_sent(), _followed(labels), f"Muniment {version('muniment')}")
    return redirect(url_for(".recorded", public_id=kept.public_id), 303)


@blueprint.get("/s/<public_id>")
def recorded(public_id: str) -> str:
    """Show the record of a search, and what is different now."""
    kept = _kept(public_id)
    now = following.difference(kept, _followed(kept.labels))
    asked = following.asked_of(kept.asked)
    base = here.archive().settings.site.public_url.rstrip("/")
    return render_template(
        "searches/record.html",
        kept=kept,
        asked=asked,
        chips=facets.chips_of(asked),
        reading=search.READING_NAMES[kept.reading],  # type: ignore[index]
        now=now,
        moved=[
            (heading, found[:MOVED_SHOWN], max(0, len(found) - MOVED_SHOWN))
            for heading, found in (
                (to_translate("Found now, and not then"), now.entered),
                (to_translate("Found then, and not now"), now.left),
                (to_translate("Found both times, and changed"), now.changed),
            )
            if found
        ],
        why=WHY,
        permalink=f"{base}{url_for('.recorded', public_id=public_id)}",
        again=asking.address(asked),
    )


@blueprint.get("/s/<public_id>.json")
def recorded_json(public_id: str) -> Response:
    """Give the whole record of a search, each id in it, and the whole difference."""
    kept = _kept(public_id)
    now = following.difference(kept, _followed(kept.labels))
    return jsonify(
        id=kept.public_id,
        at=feeds.moment(kept.at),
        asked=kept.asked,
        read_as=kept.read_as,
        reading=kept.reading,
        notices=kept.notices,
        seen_by=sorted(kept.labels),
        state=kept.state,
        software=kept.software,
        total=len(kept.record_ids),
        digest=kept.digest,
        ids=following.public_ids_of(kept, here.archive().catalogue),
        now={
            "state": now.state,
            "total": now.total,
            "digest": now.digest,
            "entered": _moved(now.entered),
            "left": _moved(now.left),
            "changed": _moved(now.changed),
        },
    )


@blueprint.get("/searches")
def saved() -> str | Response:
    """Show the searches one saved, and what is new in each."""
    who = here.account()
    if who is None:
        return redirect(url_for("accounts.form", next=url_for(".saved")))
    told = news_of(who)
    return render_template(
        "searches/saved.html",
        news=told,
        address=asking.address,
        plain=facets.in_words,
        instant=feeds.moment,
    )


@blueprint.post("/searches/save")
def save() -> Response:
    """Save a search."""
    who, asked, archive = _somebody(), _sent(), here.archive()
    mark = archive.engine.mark()
    name = " ".join(request.form.get("name", "").split())[:NAME_MAX_CHARS] or facets.in_words(asked)
    with archive.catalogue.writing() as session:
        searches.save(
            session, who.account_id, name, following.said(asked), mark.change_id if mark else 0
        )
    flash(gettext("The search is saved. You are told of what is new in it when you sign in."))
    return redirect(url_for(".saved"), 303)


@blueprint.post("/searches/seen")
def seen() -> Response:
    """Note that what was told of is seen."""
    who, numbers, upto = _somebody(), _numbers(), _moment(request.form.get("upto", ""))
    if upto is not None:
        with here.archive().catalogue.writing() as session:
            searches.mark_seen(session, who.account_id, numbers, upto)
    return redirect(url_for(".saved"), 303)


@blueprint.post("/searches/forget")
def forget() -> Response:
    """Forget a saved search."""
    who = _somebody()
    with here.archive().catalogue.writing() as session:
        for number in _numbers():
            searches.forget(session, who.account_id, number)
    return redirect(url_for(".saved"), 303)


def news_of(who: Account) -> list[News]:
    """Return what is new in each search that somebody saved, the oldest search first."""
    with here.archive().catalogue.reading() as session:
        mine = searches.saved_by(session, who.account_id)
    followed = _followed(labels_held(who.role))
    return [following.news(one, followed, limit=NEWS_SHOWN) for one in mine]


def tell(who: Account) -> None:
    """Tell somebody who signs in what is new in their searches; nothing where nothing is."""
    try:
        fresh = [one for one in news_of(who) if one.total]
    except IndexUnavailable:  # it is told at the next sign-in
        return
    for one in fresh:
        flash(
            ngettext(
                "“%(name)s”: %(num)s document new or changed.",
                "“%(name)s”: %(num)s documents new or changed.",
                one.total,
                name=one.saved.name,
            )
        )


def _followed(labels: Iterable[str]) -> Followed:
    archive = here.archive()
    eyes: frozenset[Label] = frozenset(labels)  # type: ignore[arg-type]
    return Followed(
        eyes,
        archive.catalogue,
        archive.engine,
        archive.settings.search,
        archive.state_key,
        archive.kinds,
    )


def _kept(public_id: str) -> SearchRecord:
    with here.archive().catalogue.reading() as session:
        kept = searches.by_public_id(session, public_id)
    if not kept.labels <= here.labels():
        raise RecordMissing(f"no record of a search has the id {public_id[:40]!r}")
    return kept


def _sent() -> Asked:
    """Return the search whose address a form names."""
    query = urlsplit(request.form.get("search", "")).query
    return asking.asked_of(MultiDict(parse_qsl(query)))


def _moved(found: Iterable[Moved]) -> list[dict[str, Any]]:
    return [
        {"id": one.standing.public_id, "why": one.why, "at": feeds.moment(one.standing.changed_at)}
        for one in found
    ]


def _somebody() -> Account:
    who = here.account()
    if who is None:
        abort(403, gettext("Sign in to keep searches of your own."))
    return who


def _numbers() -> list[int]:
    return [int(one) for one in request.form.getlist("number") if one.isdecimal()]


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise SearchRefused(f"before must be a moment of a feed, not {written[:40]!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
