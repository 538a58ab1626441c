"""What a reader is told when something cannot be shown, and what they can do then."""

import logging
from dataclasses import dataclass

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from archive.errors import IndexUnavailable, MunimentError, RecordMissing, SearchRefused
from webui import formats, here
from webui.languages import gettext, number, to_translate
from webui.sayings import told

log = logging.getLogger(__name__)

RETRY_AFTER_S = 30


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error page."""

    title: str
    help: str


TROUBLES: dict[int, Trouble] = {
    400: Trouble(
        to_translate("This address asks something that cannot be answered"),
        to_translate("Go back, or begin a new search."),
    ),
    403: Trouble(
        to_translate("This is not open to you"),
        to_translate("Sign in with an account that may see it."),
    ),
    404: Trouble(
        to_translate("There is nothing at this address"),
        to_translate(
            "Look at the address once more: an id has nine characters, digits and consonants, and "
            "its last one is made from the others. Or search for the document by its words."
        ),
    ),
    405: Trouble(
        to_translate("This address does not take that kind of request"),
        to_translate("Go back and try again."),
    ),
    410: Trouble(
        to_translate("This document was withdrawn"),
        to_translate(
            "Its address is kept, so that citations of it lead to this notice and not astray."
        ),
    ),
    413: Trouble(
        to_translate("This is more than can be sent at once"),
        to_translate("Send fewer or smaller files."),
    ),
    429: Trouble(to_translate("Too many attempts"), to_translate("Wait a while, then try again.")),
    500: Trouble(
        to_translate("Something went wrong on our side"),
        to_translate(
            "It has been noted. Try again; if it comes back, tell whoever runs this archive."
        ),
    ),
    503: Trouble(
        to_translate("The search is not ready"),
        to_translate(
            "The index is being made. Try again in half a minute; documents open by their address "
            "meanwhile."
        ),
    ),
}


def register(app: Flask) -> None:
    """Show a page that helps for every error."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(SearchRefused, _search_refused)
    app.register_error_handler(RecordMissing, _record_missing)
    app.register_error_handler(here.RecordWithdrawn, _withdrawn)
    app.register_error_handler(IndexUnavailable, _no_index)
    app.register_error_handler(MunimentError, _ours)
    app.register_error_handler(Exception, _ours)


def page(code: int, detail: str = "") -> tuple[str, int]:
    """Return the page of an error; *detail* says what is particular to this one."""
    trouble = TROUBLES.get(code, TROUBLES[400 if code < 500 else 500])
    try:
        shown = render_template("error.html", code=code, trouble=trouble, detail=detail)
    except Exception:
        # The page itself asks the catalogue who is reading: that may be what fails.
        log.exception("the page of an error failed")
        shown = (
            f"<!doctype html><title>{escape(gettext(trouble.title))}</title>"
            f"<p>{escape(gettext(trouble.help))}"
        )
    return shown, code


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.response is not None or error.code < 400:
        return error
    ours = type(error).description != error.description
    return page(error.code, error.description or "" if ours else "")


def _csrf(_error: CSRFError) -> tuple[str, int]:
    return page(
        400,
        gettext(
            "The form was too old, or did not come from this site. Reload its page and send it again."
        ),
    )


def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    limit = (request.max_content_length or 0) // (1 << 20)
    if not limit:
        return page(413)
    return page(413, gettext("One request may bring %(most)s MiB at most.", most=number(limit)))


def _search_refused(error: SearchRefused) -> tuple[str, int]:
    return page(400, f"{formats.capitalised(told(str(error)))}.")


def _record_missing(error: RecordMissing) -> tuple[str, int]:
    return page(404, f"{formats.capitalised(told(str(error)))}.")


def _withdrawn(error: here.RecordWithdrawn) -> tuple[str, int]:
    return page(410, gettext("It was withdrawn on %(day)s.", day=formats.day(error.at)))


def _no_index(_error: IndexUnavailable) -> tuple[str, int, dict[str, str]]:
    log.warning("no index to answer from", exc_info=True)
    return *page(503), {"Retry-After": str(RETRY_AFTER_S)}


def _ours(_error: Exception) -> tuple[str, int]:
    log.exception("a page failed", extra={"endpoint": request.endpoint})
    return page(500)
