"""Compares originals with their digests: all of them, or a little at a time."""

from collections.abc import Iterator
from datetime import timedelta

from archive.catalogue import Catalogue, checks
from archive.catalogue.checks import Checked, Due, Run
from archive.catalogue.models import now
from archive.config import FixitySettings
from archive.errors import OriginalMissing
from archive.originals import Digest, Originals, digest_of_open

MIB = 1 << 20
BATCH = 50
"""Originals whose outcome is noted in one transaction; nothing is written while they are read."""
WORKER = "job worker"


def verify(
    catalogue: Catalogue, originals: Originals, *, agent: str, resume: bool = False
) -> Iterator[tuple[Run, list[Checked]]]:
    """Compare every original with its digest; yield the run and what came of some, until the end.

    What was yielded is noted. *resume*: go on with the last run of the command where it was cut
    off. OriginalMissing: the store is empty, its disk is probably not there; nothing is noted.
    """
    with catalogue.writing() as session:
        run = checks.last(session, scheduled=False) if resume else None
        if run is None or run.ended_at is not None:
            run = checks.begin(session, agent=agent, scheduled=False)
    while run.ended_at is None:
        run, checked = _step(catalogue, originals, run, most_bytes=None)
        yield run, checked


def is_due(catalogue: Catalogue, settings: FixitySettings) -> bool:
    """Whether the job worker has originals to compare now."""
    if settings.days == 0:
        return False
    with catalogue.reading() as session:
        run = checks.last(session, scheduled=True)
    if run is None or run.ended_at is None:
        return True
    return now() - run.begun_at >= timedelta(days=settings.days)


def go_on(catalogue: Catalogue, originals: Originals, *, most_bytes: int) -> Run:
    """Compare originals of *most_bytes* together, one at least and BATCH at most, and note what came.

    Goes on where the last scheduled run came to, or begins the next. OriginalMissing as `verify`.
    """
    with catalogue.writing() as session:
        run = checks.last(session, scheduled=True)
        if run is None or run.ended_at is not None:
            run = checks.begin(session, agent=WORKER, scheduled=True)
    return _step(catalogue, originals, run, most_bytes=most_bytes)[0]


def _step(
    catalogue: Catalogue, originals: Originals, run: Run, *, most_bytes: int | None
) -> tuple[Run, list[Checked]]:
    with catalogue.reading() as session:
        some = checks.due(session, run.after, BATCH + 1)
    checked: list[Checked] = []
    read_bytes = 0
    for one in some[:BATCH]:
        checked.append(compared(originals, one))
        read_bytes += one.size_bytes
        if most_bytes is not None and read_bytes >= most_bytes:
            break
    if any(one.outcome == "missing" for one in checked):
        _check_store(originals)
    with catalogue.writing() as session:
        run = checks.note(session, run, checked, at_end=len(checked) == len(some))
    return run, checked


def compared(originals: Originals, due: Due) -> Checked:
    """Read one original whole and compare it with its digest."""
    try:
        with originals.open(Digest(due.digest)) as file:
            found = digest_of_open(file)
    except OriginalMissing:
        return Checked(due, "missing", "there is no file under its digest")
    except OSError as error:
        return Checked(due, "unreadable", error.strerror or str(error))
    if found != due.digest:
        return Checked(due, "damaged", f"its digest is now {found}")
    return Checked(due, "unchanged")


def trouble_of(originals: Originals, digest: str) -> str:
    """Read an original whole; return in a word why it is not as received, nothing where it is."""
    outcome = compared(originals, Due(0, digest, 0)).outcome
    return "" if outcome == "unchanged" else outcome


def _check_store(originals: Originals) -> None:
    """Nothing at all is no loss of each: it is a disk that is not there."""
    if next(iter(originals.digests()), None) is None:
        raise OriginalMissing(
            "the store of originals is empty; is its disk there? Nothing was noted of any original"
        )
