"""What every command needs: which archive is meant, who gives it, how far it is."""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from archive import config
from indexer import bootstrap
from indexer.bootstrap import Archive


@contextmanager
def archive_of(home: Path | None) -> Iterator[Archive]:
    """Open the archive that is meant, for the time of the context."""
    archive = bootstrap.open_archive(home_of(home), os.environ)
    try:
        yield archive
    finally:
        archive.close()


def home_of(given: Path | None) -> Path:
    """Return the home that is meant: given, named by MUNIMENT_HOME, or the nearest upward."""
    place = given or home_by_name()
    return place.absolute() if place else config.find_home(Path.cwd())


def home_by_name() -> Path | None:
    """Return the home that MUNIMENT_HOME names, if it does."""
    named = os.environ.get("MUNIMENT_HOME")
    return Path(named) if named else None


def agent() -> str:
    """Return who gives the command, for the provenance."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"user {os.getuid()}"


@dataclass(slots=True)
class Counter:
    """Tells how far a long command is: on one line of a terminal, elsewhere now and then."""

    what: str
    every: int = 1000

    def tell(self, done: int, of: int) -> None:
        """Tell that *done* of so many are done."""
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{done:>7} of {of} {self.what}", nl=False, err=True)
        elif done % self.every == 0:
            click.echo(f"{done} of {of} {self.what}", err=True)

    def clear(self) -> None:
        """Leave the line to others."""
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
