"""What people see of an archive: a Flask application, complete without any script."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request, url_for

from indexer.bootstrap import Archive
from webui import (
    accounts,
    bags,
    cartogram,
    citations,
    copies,
    failures,
    fixity,
    following,
    formats,
    help,
    here,
    languages,
    originals,
    records,
    referring,
    sayings,
    search,
    security,
    selection,
    trail,
    unsearchable,
    upload,
)
from webui.languages import gettext, to_translate

SESSION_SECRET = "session"  # noqa: S105 (the name of a secret)
STATIC_KEPT_S = 365 * 24 * 3600

_SCRIPT_WORDS = {
    "offers": to_translate("Ways to go on"),
    "offered": to_translate("Ways to go on: {count}"),
    "document": to_translate("document"),
    "issuer": to_translate("issuer"),
    "search": to_translate("search"),
    "copy": to_translate("Copy"),
    "copied": to_translate("Copied"),
}
"""What the scripts say; they find it in the page and put their own values in."""

_health = Blueprint("health", __name__)


def create_app(archive: Archive) -> Flask:
    """Return the application that serves *archive*; whoever opened the archive closes it."""
    # Secrets are made when first asked for, by a writer: not in the middle of somebody's search.
    assert archive.state_key
    app = Flask(__name__)
    app.extensions["muniment"] = archive
    app.config.update(
        SECRET_KEY=archive.secret(SESSION_SECRET),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=archive.settings.serve.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=archive.settings.accounts.session_hours),
        # A form may stay open as long as the session: nobody loses a long upload to a clock.
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_KEPT_S,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    languages.register(app)
    formats.register(app)
    sayings.register(app)
    failures.register(app)
    security.protect(app)
    for module in (
        search,
        cartogram,
        records,
        originals,
        copies,
        selection,
        bags,
        citations,
        referring,
        following,
        upload,
        unsearchable,
        fixity,
        accounts,
        help,
    ):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(_health)
    versions = _versions(Path(app.static_folder or ""))
    app.context_processor(lambda: _for_every_page(archive, versions))
    return app


@_health.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Say whether the catalogue and the index answer."""
    archive = here.archive()
    catalogue = "ok" if archive.catalogue.answers() else "failing"
    index = "ok" if archive.engine.mark() else "missing"
    well = catalogue == index == "ok"
    return jsonify(catalogue=catalogue, index=index), 200 if well else 503


def _for_every_page(archive: Archive, versions: dict[str, str]) -> dict[str, Any]:
    def static(name: str) -> str:
        return url_for("static", filename=name, v=versions.get(name))

    return {
        "site": archive.settings.site,
        "language": languages.language(),
        "words": json.dumps({name: gettext(said) for name, said in _SCRIPT_WORDS.items()}),
        "account": here.account(),
        "is_staff": here.is_staff(),
        "selection_count": selection.count(),
        "static": static,
        "place_address": trail.NO_TRAIL.place,
        "may_read": search.may_read,
        "here_address": request.script_root + request.full_path.rstrip("?"),
    }


def _versions(folder: Path) -> dict[str, str]:
    """Return a mark of each static file's content, so that browsers may keep it for good."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.iterdir()
        if path.is_file()
    }
