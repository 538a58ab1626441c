"""A small archive whose every value the tests know."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive import accounts
from archive.access import Access, State
from archive.catalogue import adding, records
from archive.catalogue.records import Dated, Described, Description, Item, PageText
from archive.dates import parse_edtf
from indexer import indexing
from indexer.bootstrap import Archive, make_home, open_archive
from webui import create_app

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def open_new(home: Path, environ: Mapping[str, str] | None = None) -> Archive:
    """Make an archive with three accounts: rita reads, anna keeps, otto runs it."""
    make_home(home)
    archive = open_archive(home, environ or {})
    with archive.catalogue.writing() as session:
        for name, role in (("rita", "reader"), ("anna", "archivist"), ("otto", "admin")):
            accounts.add(session, name, role, PASSWORD, archive.settings.accounts)
    return archive


def put(
    archive: Archive,
    title: str,
    text: str | list[str] = "",
    *,
    date: str | None = None,
    state: State = "published",
    access: Access = "public",
    status: str = "text",
    name: str = "file.html",
    media_type: str = "text/html",
    content: bytes | None = None,
    findings: tuple[Described, ...] = (),
    **about: Any,
) -> str:
    """Add a record and return its id; a list of texts makes pages."""
    paged = isinstance(text, list)
    texts = text if isinstance(text, list) else [text]
    source = archive.incoming / "source"
    source.write_bytes(content or f"{next(_numbers)} <script>alert(1)</script> {title}".encode())
    digest = archive.originals.put(source)
    size_bytes = source.stat().st_size
    source.unlink()
    with archive.catalogue.writing() as session:
        accession_id = records.open_accession(session, agent="anna", via="upload")
        return adding.add(
            session,
            accession_id=accession_id,
            agent="anna",
            description=Description(
                title=title,
                dated=Dated(parse_edtf(date), "published") if date else None,
                **about,
            ),
            findings=findings,
            item=Item(
                digest=digest,
                name=name,
                size_bytes=size_bytes,
                media_type=media_type,
                status=status,
                reader="test",
                paged=paged,
                page_count=len(texts),
            ),
            embedded=[],
            pages=[PageText(number, one) for number, one in enumerate(texts, 1)],
            state=state,
            access=access,
        ).public_id


def index(archive: Archive) -> None:
    """Make what was put searchable."""
    indexing.catch_up(archive.catalogue, archive.engine, batch=100, wait=True)


@dataclass
class Reader:
    """Somebody at a browser."""

    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        """Open the browser."""
        self.client = self.app.test_client()

    def get(self, address: str, **more: Any) -> TestResponse:
        """Open an address."""
        return self.client.get(address, buffered=True, **more)

    def page(self, address: str, status: int = 200) -> str:
        """Return the HTML at an address, which must have this status."""
        response = self.get(address)
        assert response.status_code == status, f"{address}: {response.status_code}"
        return response.text

    def token(self) -> str:
        """Return the token that makes this browser's forms ours."""
        # Whoever is signed in is sent on from there, to a page with a way to sign out.
        html = self.get("/sign-in", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', html)
        assert found
        return found[1]

    def post(
        self, address: str, form: Mapping[str, Any] | None = None, **more: Any
    ) -> TestResponse:
        """Send a form with its token."""
        form = {"csrf_token": self.token(), **(form or {})}
        return self.client.post(address, data=form, buffered=True, **more)

    def signed_in(self, name: str, password: str = PASSWORD) -> "Reader":
        """Sign in and return the reader."""
        response = self.post("/sign-in", {"name": name, "password": password})
        assert response.status_code == 303, response.status_code
        return self


def reader_of(archive: Archive) -> Reader:
    """Return somebody not signed in."""
    app = create_app(archive)
    app.testing = False
    return Reader(app)


def unlabelled(html: str) -> str:
    """Return the text of a page, white space collapsed."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
