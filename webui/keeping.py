"""The commands that keep an archive safe: verify, backup, restore, and bags of documents."""

import os
import sys
from pathlib import Path

import click

from archive import access, fixity
from archive.catalogue import checks, records
from archive.catalogue.records import Record
from indexer import bagged, bootstrap, search
from indexer.bootstrap import Archive
from webui import machine
from webui.calling import Counter, agent, archive_of


@click.command()
@click.option("--continue", "resume", is_flag=True, help="Go on where the last run was cut off.")
@click.pass_obj
def verify(home: Path | None, resume: bool) -> None:
    """Read every original and compare it with its digest; the run is kept."""
    with archive_of(home) as archive:
        with archive.catalogue.reading() as session:
            count = checks.coverage(session).originals
        counter = Counter("verified")
        for run, some in fixity.verify(
            archive.catalogue, archive.originals, agent=agent(), resume=resume
        ):
            counter.tell(run.checked, count)
            for one in some:
                if one.outcome != "unchanged":
                    counter.clear()
                    click.echo(f"{one.outcome}: {one.due.digest}: {one.detail}")
        counter.clear()
        with archive.catalogue.reading() as session:
            named = set(records.digests(session))
            failing = checks.failing(session)
        unclaimed = sum(1 for digest in archive.originals.digests() if digest not in named)
    for held in failing:
        click.echo(f"{held.public_id}  {held.title}  ({held.name}): {held.standing.outcome}")
    if failing:
        click.echo("the originals above are not as received: put them back from a backup")
    wrong = run.failed + run.missing
    repaired = f", {run.repaired} of them repaired" if run.repaired else ""
    click.echo(f"{run.checked - wrong} originals are unchanged{repaired}, {wrong} are not")
    if unclaimed:
        click.echo(
            f"{unclaimed} originals belong to no record: taking them in was cut off; the same ingest again completes it"
        )
    sys.exit(1 if wrong else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(home: Path | None, file: Path) -> None:
    """Write the whole archive into one new file, while it is used."""
    with archive_of(home) as archive:
        counter = Counter("copied")
        made = bootstrap.back_up(archive, file.absolute(), counter.tell)
        counter.clear()
    click.echo(f"{file}: {machine.contents_text(made)}")
    for one in made.left_out:
        click.echo(f"left out: {one.digest} is {one.reason} in this archive")
    sys.exit(1 if made.left_out else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new_home", metavar="HOME", type=click.Path(path_type=Path, file_okay=False))
def restore(file: Path, new_home: Path) -> None:
    """Put a backup into a new or empty HOME, compare everything, make the index."""
    place = new_home.absolute()
    counter = Counter("restored")
    held = bootstrap.restore(file, place, os.environ, counter.tell)
    counter.clear()
    click.echo(f"{place}: {machine.contents_text(held)}")
    for one in held.left_out:
        click.echo(f"not in the backup: {one.digest} was {one.reason} when it was made")
    click.echo("every checksum is right; the index is being made", err=True)
    bootstrap.upgrade(place, os.environ)
    with archive_of(place) as archive:
        indexed = sum(1 for _ in archive.engine.record_ids())
    click.echo(f"{indexed} records are indexed; the archive may be served")
    sys.exit(1 if held.left_out else 0)


@click.command()
@click.argument("public_ids", nargs=-1, metavar="[ID]…")
@click.option(
    "--bag",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The new file: a BagIt bag in a zip file.",
)
@click.option("--query", help='Every document that a search finds; "" finds all.')
@click.pass_obj
def export(home: Path | None, public_ids: tuple[str, ...], target: Path, query: str | None) -> None:
    """Write originals and descriptions of documents into a bag, which `ingest` takes in."""
    if not public_ids and query is None:
        raise click.UsageError("say which: ids, or --query")
    with archive_of(home) as archive:
        chosen = _chosen(archive, public_ids, query)
        made = bagged.export(target.absolute(), chosen, archive=archive)
    click.echo(
        f"{target}: {len(chosen)} records, {made.files} originals, {made.size_bytes} bytes\n"
        f"  sha256 of the manifest  {made.manifest_digest}"
    )
    for one in made.left_out:
        click.echo(f"left out: {one} in this archive")
    sys.exit(1 if made.left_out else 0)


def _chosen(archive: Archive, public_ids: tuple[str, ...], query: str | None) -> list[Record]:
    """Return the records that are named and those that are found, each once."""
    with archive.catalogue.reading() as session:
        named = [records.by_public_id(session, one) for one in public_ids]
        numbers: list[int] = []
        if query is not None:
            found = search.whole(
                search.Asked(query=query),
                labels=access.EVERYTHING,
                engine=archive.engine,
                settings=archive.settings.search,
                kinds=archive.kinds,
            )
            numbers = sorted(int(number) for number in found.matching.record_ids)
        chosen = {record.record_id: record for record in named}
        for start in range(0, len(numbers), 500):
            chosen |= records.many(session, numbers[start : start + 500])
    for record in named:
        if record.label is None:
            raise click.ClickException(f"{record.public_id} is {record.state}; leave it out")
    return [*chosen.values()]
