"""The `muniment` command."""

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from archive import access, accounts, bags, config
from archive.catalogue import records, references, troubles
from archive.catalogue.records import Record
from archive.catalogue.troubles import UNKNOWN_LANGUAGE
from archive.citation import formats
from archive.errors import MunimentError
from archive.kinds import PARENTS
from indexer import (
    bagged,
    bootstrap,
    indexing,
    ingest,
    rereading,
    search,
    sidecar,
    sources,
    suggest,
)
from indexer.bootstrap import Archive
from indexer.copies import duplicates
from indexer.engine.bars import BAR_STEPS
from indexer.extract import STATUSES
from indexer.ingest import Outcome, Summary
from indexer.query.reading import READINGS
from indexer.sidecar import Sidecar
from indexer.sources import Source
from webui import keeping, machine, serving
from webui.calling import agent, archive_of, home_by_name, home_of

log = logging.getLogger(__name__)


class Failing(click.Group):
    """Turns an error of ours into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what was raised on purpose is told without a traceback."""
        try:
            return super().invoke(ctx)
        except MunimentError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Failing, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="The archive home; else MUNIMENT_HOME, else the nearest config.toml upward.",
)
@click.version_option(package_name="muniment")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """Keep documents, find them, cite them."""
    context.obj = home


@main.command()
@click.argument("home", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def init(given_home: Path | None, home: Path | None) -> None:
    """Make an archive home: config.toml and data/."""
    place = (home or given_home or home_by_name() or Path.cwd()).absolute()
    made = bootstrap.make_home(place)
    click.echo(f"{place} {'is an archive home now' if made else 'is an archive home already'}")


@main.command()
@click.pass_obj
def upgrade(home: Path | None) -> None:
    """Bring an archive of an earlier version up to this one."""
    place = home_of(home)
    bootstrap.upgrade(place, os.environ)
    click.echo(f"{place} is up to date")


@main.command(name="ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--metadata",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A CSV that says what is true of the files; it wins over what is read.",
)
@click.option("--publish", is_flag=True, help="Open the records to the public at once.")
@click.option("--dry-run", is_flag=True, help="Take nothing in; list every problem.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a line of JSON for each file.",
)
@click.pass_obj
def ingest_command(
    home: Path | None,
    paths: tuple[Path, ...],
    metadata: Path | None,
    publish: bool,
    dry_run: bool,
    report_path: Path | None,
) -> None:
    """Take in files, folders, zip archives and bags (BagIt)."""
    with archive_of(home) as archive, ExitStack() as stack:
        beside = sidecar.read(metadata, archive.kinds) if metadata else None
        parts = [*_parts(paths, beside, archive, stack)]
        report = stack.enter_context(_report(report_path))
        if dry_run:
            problems = 0
            for found, said in parts:
                for outcome in ingest.problems_of(found, said, archive=archive):
                    problems += 1
                    report.tell(outcome)
            click.echo(
                "nothing was taken in; " + (f"{problems} problems" if problems else "no problems")
            )
            sys.exit(1 if problems else 0)
        summary = Summary()
        for found, said in parts:
            done = ingest.take_in(
                found,
                archive=archive,
                agent=agent(),
                via="command",
                publish=publish,
                sidecar=said,
                told=report.tell,
            )
            summary.counts.update(done.counts)
        while indexing.tidy(archive.engine):
            pass
        _conclude(summary, [said for _, said in parts if said is not None])


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
def extract(files: tuple[Path, ...], as_json: bool) -> None:
    """Show what is read in files; no archive is touched."""
    reader = bootstrap.open_reader(config.Settings())
    failed = False
    try:
        for path in files:
            try:
                reading = reader.read(path, path.name)
            except OSError as error:
                failed = True
                click.echo(f"{path}: {error.strerror or error}", err=True)
                continue
            if as_json:
                click.echo(json.dumps(machine.reading(str(path), reading), ensure_ascii=False))
            else:
                click.echo(machine.reading_text(str(path), reading))
    finally:
        reader.close()
    sys.exit(1 if failed else 0)


@main.command(name="search")
@click.argument("query")
@click.option(
    "--country",
    "countries",
    multiple=True,
    help="ISO 3166 code, UN, EU … or unknown; may be repeated.",
)
@click.option(
    "--type",
    "kinds",
    multiple=True,
    help="A kind, as in decree or executive_order; may be repeated.",
)
@click.option("--language", "languages", multiple=True)
@click.option("--issuer", "issuers", multiple=True, help="As documents name it; or unknown.")
@click.option("--about", "spoken_of", multiple=True, help="A country that the text names.")
@click.option("--collection", "collections", multiple=True)
@click.option("--access", "access", multiple=True, help="public, text_withheld or restricted.")
@click.option(
    "--not", "excluded", multiple=True, help="What must not be, as in country:AZ or kind:decree."
)
@click.option(
    "--from", "date_from", default="", help="The first day, month or year, as in 1993-02."
)
@click.option("--to", "date_to", default="", help="The last day, month or year.")
@click.option("--possibly", is_flag=True, help="Also records whose date only overlaps the range.")
@click.option(
    "--reading",
    type=click.Choice(READINGS),
    default=None,
    help="All of the words, most or any; else the strictest that fills a page.",
)
@click.option("--sort", default="relevance", help="relevance, newest, oldest or added.")
@click.option(
    "--bars",
    type=click.Choice(BAR_STEPS),
    default=None,
    help="Also count the documents by decade, year or month, whatever dates are asked for.",
)
@click.option("--limit", type=click.IntRange(1, 100), default=20)
@click.option("--page", type=click.IntRange(1), default=1)
@click.option(
    "--as",
    "as_whom",
    type=click.Choice(["public", "staff"]),
    default="staff",
    help="Whose eyes to look with; the command sees everything.",
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def search_command(
    home: Path | None,
    /,
    query: str,
    as_whom: str,
    as_json: bool,
    limit: int,
    reading: str | None,
    bars: str | None,
    **asked: Any,
) -> None:
    """Find documents."""
    with archive_of(home) as archive:
        labels = access.PUBLIC if as_whom == "public" else access.EVERYTHING
        page = search.answer(
            search.Asked(query=query, size=limit, reading=reading or "", bars=bars or "", **asked),
            labels=labels,
            catalogue=archive.catalogue,
            engine=archive.engine,
            settings=archive.settings.search,
            state_key=archive.state_key,
            kinds=archive.kinds,
        )
        desk = suggest.Desk(
            labels, archive.catalogue, archive.engine, archive.settings.search, archive.kinds
        )
        meant = suggest.did_you_mean(page, desk)
        ways = suggest.rescues(page, desk) if page.total == 0 else ()
    if as_json:
        click.echo(json.dumps(machine.result(page, meant, ways), ensure_ascii=False, indent=2))
    else:
        click.echo(machine.result_text(page, meant, ways))


@main.command()
@click.argument("public_id")
@click.option("--json", "form", flag_value="json")
@click.option("--text", "form", flag_value="text", help="The text alone.")
@click.pass_obj
def show(home: Path | None, public_id: str, form: str | None) -> None:
    """Show a record: what it says, why, and what happened to it."""
    with archive_of(home) as archive, archive.catalogue.reading() as session:
        record = records.by_public_id(session, public_id)
        pages = records.pages_of(session, [record.record_id])[record.record_id]
        if form == "text":
            click.echo("\f".join(page.text for page in pages))
            return
        findings = records.findings_of(session, record.record_id)
        provenance = records.provenance_of(session, record.record_id)
        to = references.of_record(session, record.record_id, access.EVERYTHING, archive.kinds)
        by = references.to_record(session, record.record_id, access.EVERYTHING, archive.kinds)
        ids = {held.record_id for one in to for held in one.held} | {one.record_id for one in by}
        known = records.many(session, ids)
    if form == "json":
        whole = machine.record(record, findings, provenance, pages, to, by, known)
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        click.echo(machine.record_text(record, findings, provenance))


@main.command()
@click.argument("public_ids", nargs=-1, required=True)
@click.option(
    "--format", "slug", type=click.Choice(sorted(formats.FORMATS)), default="ris", show_default=True
)
@click.pass_obj
def cite(home: Path | None, public_ids: tuple[str, ...], slug: str) -> None:
    """Write the citation of records."""
    with archive_of(home) as archive, archive.catalogue.reading() as session:
        chosen: list[Record] = [records.by_public_id(session, one) for one in public_ids]
        site = archive.settings.site
    click.echo(formats.write(chosen, slug, site), nl=False)


@main.command()
@click.option("--country", default="", help="ISO 3166 code, UN, EU … or unknown.")
@click.option(
    "--type",
    "parent",
    type=click.Choice([*PARENTS, references.UNKNOWN]),
    default=None,
    help="A kind of the upper level, or unknown.",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def wanted(home: Path | None, country: str, parent: str | None, limit: int, as_json: bool) -> None:
    """List what documents refer to and the archive does not hold."""
    with archive_of(home) as archive, archive.catalogue.reading() as session:
        total, rows = references.wanted(
            session, country=country, parent=parent or "", limit=limit, kinds=archive.kinds
        )
        known = records.many(session, {row.record_id for row in rows})
    if as_json:
        click.echo(json.dumps(machine.wanted(total, rows, known), ensure_ascii=False, indent=2))
    else:
        click.echo(machine.wanted_text(total, rows))


@main.group()
def user() -> None:
    """People who sign in."""


@user.command(name="add")
@click.argument("name")
@click.option("--role", type=click.Choice(access.ROLES), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def add_user(home: Path | None, name: str, role: str, password_stdin: bool) -> None:
    """Add an account."""
    with archive_of(home) as archive:
        if password_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        else:
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        with archive.catalogue.writing() as session:
            account = accounts.add(session, name, role, password, archive.settings.accounts)
    click.echo(f"{account.name} may sign in as {account.role}")


@main.command()
@click.option("--host", help="[serve] host")
@click.option("--port", type=int, help="[serve] port")
@click.option("--workers", type=click.IntRange(1), help="[serve] workers")
@click.pass_obj
def serve(home: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the site: web workers and one job worker, until SIGTERM."""
    place = home_of(home)
    settings = config.load(place, os.environ).serve
    sys.exit(
        serving.serve(
            place,
            host or settings.host,
            settings.port if port is None else port,
            workers or settings.workers,
        )
    )


@main.command()
@click.pass_obj
def worker(home: Path | None) -> None:
    """Do the work that waits, until SIGTERM; `serve` runs one."""
    serving.log_as_json()
    with archive_of(home) as archive:
        serving.work(archive)


@main.command()
@click.pass_obj
def reindex(home: Path | None) -> None:
    """Make the index anew from the catalogue; the present one answers meanwhile."""
    with archive_of(home) as archive:
        processes = archive.settings.index.processes
        told = indexing.rebuild(archive.catalogue, archive.engine, processes=processes)
        while indexing.tidy(archive.engine):
            pass
    click.echo(f"{told} records are indexed")


@main.command(name="duplicates")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def duplicates_command(home: Path | None, as_json: bool) -> None:
    """List documents that are copies of one another; make the sketches that are missing."""
    with archive_of(home) as archive:
        duplicates.make_missing(archive.catalogue)
        with archive.catalogue.reading() as session:
            found = list(duplicates.pairs(session))
            groups = duplicates.groups(found)
            named = {number for pair in found for number in (pair.one, pair.other)}
            held = records.many(session, named)
    if as_json:
        whole = machine.duplicates(groups, held)
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        click.echo(machine.duplicates_text(groups, held))


@main.command()
@click.argument("public_ids", nargs=-1, metavar="[ID]…")
@click.option(
    "--trouble",
    "troubles",
    multiple=True,
    type=click.Choice([*(one for one in STATUSES if one != "text"), UNKNOWN_LANGUAGE]),
    help="Every record with this trouble, as `unsearchable` lists them; may be repeated.",
)
@click.option("--ocr", is_flag=True, help="Recognise the text of every picture now.")
@click.pass_obj
def reread(
    home: Path | None, public_ids: tuple[str, ...], troubles: tuple[str, ...], ocr: bool
) -> None:
    """Read originals again; what a person gave stays."""
    if not (public_ids or troubles or ocr):
        raise click.UsageError("say which: ids, --trouble, or --ocr")
    still = 0
    with archive_of(home) as archive:
        try:
            for done in rereading.every(archive, public_ids, troubles, recognise=ocr):
                still += done.after != "text"
                click.echo(machine.reread_line(done))
        finally:
            indexing.catch_up(
                archive.catalogue, archive.engine, batch=archive.settings.index.batch, wait=True
            )
    sys.exit(1 if still else 0)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each record.")
@click.pass_obj
def unsearchable(home: Path | None, as_json: bool) -> None:
    """List every record whose text is missing, in part or whole, and why."""
    with archive_of(home) as archive, archive.catalogue.reading() as session:
        after = 0
        while some := troubles.listed(session, after=after):
            after = some[-1].record_id
            for record in some:
                told = machine.unsearchable(record)
                click.echo(
                    json.dumps(told, ensure_ascii=False)
                    if as_json
                    else machine.unsearchable_line(told)
                )
        counts = troubles.counted(session)
    if not as_json:
        for trouble, count in counts.items():
            click.echo(f"{count} {trouble}")
        if not counts:
            click.echo("all of the text of every record can be searched")


@main.command()
@click.pass_obj
def doctor(home: Path | None) -> None:
    """Say what works on this machine and what does not."""
    healthy = True
    for check in machine.diagnosis(home if home else home_by_name()):
        healthy &= check.fine
        click.echo(f"{'ok  ' if check.fine else 'BAD '} {check.subject}: {check.finding}")
    sys.exit(0 if healthy else 1)


for _command in (keeping.verify, keeping.backup, keeping.restore, keeping.export):
    main.add_command(_command)


def _parts(
    paths: tuple[Path, ...], beside: Sidecar | None, archive: Archive, stack: ExitStack
) -> Iterator[tuple[Iterable[Source], Sidecar | None]]:
    """Yield what is to be taken in with what is said of it: every bag by itself, checked whole."""
    for path in paths:
        if bags.is_bag(path):
            came = stack.enter_context(bagged.delivered(path, archive))
            yield came.sources, beside or came.sidecar
    plain = [path for path in paths if not bags.is_bag(path)]
    if plain:
        yield sources.walk(plain, archive.incoming, archive.settings.ingest), beside


@dataclass(slots=True)
class _Report:
    """Tells of files as they are done: in a file, on the terminal."""

    file: TextIO | None
    told: int = 0

    def tell(self, outcome: Outcome) -> None:
        """Tell of one file."""
        self.told += 1
        if self.file is not None:
            line = {
                "file": outcome.file,
                "outcome": outcome.outcome,
                "reason": outcome.said,
                "id": outcome.public_id,
            }
            self.file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self.file.flush()
        if sys.stderr.isatty():
            click.echo(
                f"\r\x1b[K{self.told:>7}  {outcome.outcome:8} {outcome.file[-60:]}",
                nl=False,
                err=True,
            )
        elif self.told % 100 == 0:
            click.echo(f"{self.told} files", err=True)
        if outcome.outcome in {"refused", "kept"} or outcome.copies:
            click.echo(f"{outcome.outcome}: {outcome.file}: {outcome.said}")


@contextmanager
def _report(path: Path | None) -> Iterator[_Report]:
    if path is None:
        yield _Report(None)
    else:
        with path.open("w", encoding="utf-8") as file:
            yield _Report(file)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _conclude(summary: Summary, beside: Sequence[Sidecar]) -> None:
    counts = summary.counts
    click.echo(
        f"{counts['taken']} taken in, {counts['kept']} kept without (all of) their text, "
        f"{counts['held']} already held, {counts['refused']} refused"
    )
    for columns in dict.fromkeys(one.unused_columns for one in beside if one.unused_columns):
        click.echo(f"columns of the metadata file that were not used: {', '.join(columns)}")
    sys.exit(0 if summary.nothing_refused else 1)


if __name__ == "__main__":
    main()
