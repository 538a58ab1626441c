"""The selection: documents a reader gathers to cite or export, kept in a signed cookie.

It needs no account and outlives signing in and out. Eight characters of an id are a number
below 29**8, which five bytes hold: five hundred ids stay below what a cookie may carry.
"""

from collections.abc import Iterable

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from werkzeug.wrappers import Response

from archive.access import may_read_text
from archive.catalogue import records
from archive.catalogue.records import ID_ALPHABET, ID_RANDOM_CHARS, Record, is_public_id
from archive.citation.formats import FORMATS
from webui import here
from webui.languages import gettext, ngettext

blueprint = Blueprint("selection", __name__, url_prefix="/selection")

COOKIE = "selection"
HELD_MAX = 500
KEPT_DAYS = 30
_ID_BYTES = 5


@blueprint.get("")
def show() -> str:
    """Show what is selected."""
    chosen = selected()
    return render_template(
        "selection.html",
        records=chosen,
        gone=count() - len(chosen),
        formats=FORMATS,
        readable=len(readable(chosen)),
    )


@blueprint.post("/add")
def add() -> Response:
    """Add documents."""
    return _changed([*held(), *_ids("id")])


@blueprint.post("/mark")
def mark() -> Response:
    """Of the documents shown, hold those that are ticked and no others."""
    shown, ticked = set(_ids("shown")), _ids("id")
    kept = [one for one in held() if one not in shown or one in ticked]
    return _changed([*kept, *ticked])


@blueprint.post("/remove")
def remove() -> Response:
    """Take documents out."""
    gone = set(_ids("id"))
    return _changed([one for one in held() if one not in gone])


@blueprint.post("/clear")
def clear() -> Response:
    """Take every document out."""
    return _changed([])


def count() -> int:
    """Return how many documents are selected."""
    return len(_numbers())


def holds(public_id: str) -> bool:
    """Whether this document is selected."""
    return _number(public_id) in _numbers()


def held() -> list[str]:
    """Return the ids that are selected, in the order they were added."""
    return [_public_id(number) for number in _numbers()]


def selected() -> list[Record]:
    """Return the records of the selection that the reader may see, in its order."""
    return visible(held())


def visible(public_ids: Iterable[str]) -> list[Record]:
    """Return those of the records that the reader may see, in this order."""
    labels = here.labels()
    with here.archive().catalogue.reading() as catalogue:
        found = records.by_public_ids(catalogue, dict.fromkeys(public_ids))
    return [record for record in found if record.label in labels]


def readable(chosen: Iterable[Record]) -> list[Record]:
    """Return those of the records whose originals the reader may read; they may see all of them."""
    labels = here.labels()
    return [record for record in chosen if may_read_text(labels, record.access)]


def _ids(name: str) -> list[str]:
    return [one for one in request.form.getlist(name) if is_public_id(one)]


def _changed(wanted: Iterable[str]) -> Response:
    ids = list(dict.fromkeys(wanted))
    if len(ids) > HELD_MAX:
        flash(
            ngettext(
                "A selection holds %(most)s documents at most; %(num)s document was not added.",
                "A selection holds %(most)s documents at most; %(num)s documents were not added.",
                len(ids) - HELD_MAX,
                most=HELD_MAX,
            )
        )
        ids = ids[:HELD_MAX]
    elif set(ids) != set(held()):
        flash(
            ngettext(
                "%(num)s document in your selection.",
                "%(num)s documents in your selection.",
                len(ids),
            )
            if ids
            else gettext("Your selection is empty.")
        )
    response = redirect(
        here.local_address(request.form.get("next", "")) or url_for("selection.show"), 303
    )
    if not ids:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE,
        _packed(ids),
        max_age=KEPT_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _signer() -> Signer:
    key = current_app.secret_key
    assert key is not None
    return Signer(key, salt="selection")


def _packed(ids: Iterable[str]) -> str:
    packed = b"".join(_number(one).to_bytes(_ID_BYTES, "big") for one in ids)
    return _signer().sign(base64_encode(packed)).decode()


def _numbers() -> tuple[int, ...]:
    if "selection" not in g:
        g.selection = _unpacked(request.cookies.get(COOKIE, ""))
    numbers: tuple[int, ...] = g.selection
    return numbers


def _unpacked(cookie: str) -> tuple[int, ...]:
    try:
        packed = base64_decode(_signer().unsign(cookie))
    except BadData:
        return ()
    ends = range(0, len(packed), _ID_BYTES)
    return tuple(int.from_bytes(packed[at : at + _ID_BYTES], "big") for at in ends)


def _number(public_id: str) -> int:
    number = 0
    for character in public_id[:ID_RANDOM_CHARS]:
        number = number * len(ID_ALPHABET) + ID_ALPHABET.index(character)
    return number


def _public_id(number: int) -> str:
    body = ""
    for _ in range(ID_RANDOM_CHARS):
        number, place = divmod(number, len(ID_ALPHABET))
        body = ID_ALPHABET[place] + body
    return next(body + check for check in ID_ALPHABET if is_public_id(body + check))
