"""What every response says to browsers, and who is asked before a request is read."""

from flask import Flask, Response, abort, current_app, redirect, request, session, url_for
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from webui import here
from webui.languages import gettext

MIB = 1 << 20
# What a form without files may bring; uploads by archivists have a limit of their own.
FORM_MAX_BYTES = 2 * MIB
PARTS_MAX = 10_000

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def protect(app: Flask) -> None:
    """Set limits, headers and the check of forms.

    The order matters: the check of forms reads the whole request, so whoever may not send
    files is turned away before it.
    """
    app.config["MAX_CONTENT_LENGTH"] = FORM_MAX_BYTES
    app.before_request(_turn_away)
    CSRFProtect(app)
    app.after_request(_headers)


def _turn_away() -> AnyResponse | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "staff_only", False):
        return None
    if here.account() is None:
        if request.method != "GET":
            abort(403, gettext("Your session has ended. Sign in and send it again."))
        return redirect(url_for("accounts.form", next=request.full_path.rstrip("?")))
    if not here.is_staff():
        abort(403, gettext("This page is for archivists."))
    request.max_content_length = here.archive().settings.serve.upload_max_mib * MIB
    request.max_form_parts = PARTS_MAX
    return None


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint == "static":
        return response
    if "account" in session:
        headers["Cache-Control"] = "private, no-store"
    else:
        headers["Cache-Control"] = "private, no-cache"
    return response
