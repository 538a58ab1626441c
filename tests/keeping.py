"""Archives of many small originals, made quickly, and what is compared of two archives."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.catalogue import adding, records
from archive.catalogue.records import Description, Item, PageText
from indexer.bootstrap import Archive
from indexer.search import Asked, answer


def content_of(number: int) -> bytes:
    """Return what stands in an original."""
    return f"Decree No. {number}\nThe district number{number} is named.\n".encode()


def fill(archive: Archive, count: int, *, first: int = 0) -> list[str]:
    """Put so many records with their originals into an archive and return their public ids."""
    source = archive.incoming / "source"
    ids = []
    with archive.catalogue.writing() as session:
        accession_id = records.open_accession(session, agent="test", via="command")
        for number in range(first, first + count):
            content = content_of(number)
            source.write_bytes(content)
            digest = archive.originals.put(source)
            ids.append(
                adding.add(
                    session,
                    accession_id=accession_id,
                    agent="test",
                    description=Description(title=f"Decree {number}"),
                    findings=[],
                    item=Item(digest, f"{number}.txt", len(content), "text/plain", "text"),
                    embedded=[],
                    pages=[PageText(1, content.decode())],
                    state="published",
                    access="public",
                ).public_id
            )
    source.unlink(missing_ok=True)
    return ids


def place_of(archive: Archive, public_id: str) -> Path:
    """Return where the original of a record lies."""
    with archive.catalogue.reading() as session:
        digest = records.by_public_id(session, public_id).items[0].digest
    return archive.home / "data" / "originals" / digest[:2] / digest[2:4] / digest


def flip_a_bit(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def rows_of(catalogue: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, in order."""
    with closing(sqlite3.connect(catalogue)) as database:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables
        }


def bytes_of(home: Path) -> dict[str, bytes]:
    """Return every original of a home by its digest."""
    originals = home / "data" / "originals"
    return {path.name: path.read_bytes() for path in originals.glob("??/??/*")}


def found(archive: Archive, query: str) -> list[tuple[str, float]]:
    """Return what a search finds: ids and scores, in order."""
    page = answer(
        Asked(query=query, size=100),
        labels=frozenset({"public", "staff"}),
        catalogue=archive.catalogue,
        engine=archive.engine,
        settings=archive.settings.search,
        state_key="k",
    )
    return [(hit.record.public_id, hit.score) for hit in page.hits]
