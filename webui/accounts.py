"""Signing in and out."""

import unicodedata
from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from archive import accounts
from webui import following, here

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
def form() -> str | Response:
    """Show the form."""
    onward = here.local_address(request.args.get("next", ""))
    if here.account():
        return redirect(onward or url_for("search.front"))
    return render_template("sign_in.html", next=onward, name="", wrong=False)


@blueprint.post("/sign-in")
def sign_in() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Check a name and password."""
    archive = here.archive()
    limits = archive.settings.accounts
    name = unicodedata.normalize("NFC", request.form.get("name", "")).strip()[:100]
    address = request.remote_addr or ""
    onward = here.local_address(request.form.get("next", ""))
    with archive.catalogue.reading() as catalogue:
        if accounts.must_wait(catalogue, name, address, limits):
            wait = {"Retry-After": str(limits.attempts_minutes * 60)}
            page = render_template("sign_in_wait.html", minutes=limits.attempts_minutes)
            return page, 429, wait
        who = accounts.check(catalogue, name, request.form.get("password", ""))
    if who is None:
        with archive.catalogue.writing() as catalogue:
            accounts.note_failure(catalogue, name, address, limits)
        return render_template("sign_in.html", next=onward, name=name, wrong=True), 401
    # Whatever a stranger may have put into this session ends here.
    session.clear()
    session.permanent = True
    session["account"] = who.account_id
    session["until"] = (datetime.now(UTC) + timedelta(hours=limits.session_hours)).timestamp()
    following.tell(who)
    return redirect(onward or url_for("search.front"), 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    session.clear()
    return redirect(url_for("search.front"), 303)
