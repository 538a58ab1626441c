"""The sample archive, for a first look: made, filled, served."""

import os
import secrets
import socket
import sys
from pathlib import Path

import click

import corpus
from archive import accounts, config
from indexer import bootstrap, ingest, sources
from webui import serving

HOME = Path("demo")
ACCOUNT = "archivist"


def main() -> None:
    """Make the archive in ./demo where it is not there yet, and serve it."""
    home = HOME.absolute()
    bootstrap.make_home(home)
    settings = config.load(home, os.environ).serve
    _check_port(settings.host, settings.port)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    archive = bootstrap.open_archive(home, os.environ)
    try:
        documents = Path(corpus.__file__).with_name("documents")
        found = sources.walk([documents], archive.incoming, archive.settings.ingest)
        summary = ingest.take_in(found, archive=archive, agent="demo", via="command", publish=True)
        with archive.catalogue.writing() as session:
            if not accounts.set_password(session, ACCOUNT, password):
                accounts.add(session, ACCOUNT, "archivist", password, archive.settings.accounts)
    finally:
        archive.close()
    click.echo(
        f"\n  {summary.counts['taken'] + summary.counts['kept'] + summary.counts['held']} sample documents are in the archive in {home}\n"
        f"  http://{settings.host}:{settings.port}\n"
        f"  sign in as {ACCOUNT}, password {password}\n"
        "  Ctrl-C ends it\n"
    )
    sys.exit(serving.serve(home, settings.host, settings.port, settings.workers))


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(
                f"port {port} of {host} is taken ({error.strerror}); "
                "choose another: MUNIMENT_SERVE_PORT=8080 make demo"
            ) from error


if __name__ == "__main__":
    main()
