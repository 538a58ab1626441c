"""What the command prints: stable JSON for programs, plain lines for people."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from archive import config
from archive.catalogue.records import Dated, Described, Happening, PageText, Record
from archive.countries import name_of
from archive.errors import MunimentError
from archive.kinds import KINDS
from indexer import bootstrap, extract
from indexer.duplicates import Group, Pair
from indexer.reading import Reading, sandbox
from indexer.search import UNKNOWN_WORD, ResultHit, ResultPage

JSON = dict[str, Any]


def result(page: ResultPage) -> JSON:
    """Return a page of results as design and docs/commands.md promise it."""
    return {
        "read_as": page.read_as,
        "reading": page.reading,
        "other_reading": dict(zip(("reading", "total"), page.other, strict=True))
        if page.other
        else None,
        "total": page.total,
        "hits": [_hit(hit) for hit in page.hits],
        "facets": {
            name: {value or UNKNOWN_WORD: count for value, count in counts.items()}
            for name, counts in page.facets.items()
        },
        "possibly": page.possibly,
        "without_text": page.without_text,
        "notices": [asdict(notice) for notice in page.notices],
        "state": page.state,
        "page": page.page,
        "page_count": page.page_count,
    }


def result_text(page: ResultPage) -> str:
    """Return a page of results to read."""
    lines = [f"{page.total} documents, read as {page.read_as}"]
    lines += [f"  at {notice.at}: {notice.message}" for notice in page.notices]
    for number, hit in enumerate(page.hits, start=page.first):
        lines += ["", f"{number}. {hit.record.description.title}", f"   {facts(hit.record)}"]
        sign = "p." if hit.record.paged else "¶"
        lines += [f"   {sign} {one.locator}: {one.text}" for one in hit.passages]
    return "\n".join(lines)


def record(
    held: Record,
    findings: Sequence[Described],
    provenance: Sequence[Happening],
    pages: Sequence[PageText],
) -> JSON:
    """Return everything that is known of a record."""
    description = asdict(held.description)
    description["dated"] = _dated(held.description.dated)
    description["other_dates"] = [_dated(one) for one in held.description.other_dates]
    description["accessed"] = str(held.description.accessed or "") or None
    return {
        "id": held.public_id,
        "state": held.state,
        "access": held.access,
        "added_at": held.added_at.isoformat(),
        "changed_at": held.changed_at.isoformat(),
        **description,
        "kind_parent": KINDS[held.description.kind].parent
        if held.description.kind in KINDS
        else None,
        "items": [asdict(item) for item in held.items],
        "findings": [asdict(finding) for finding in findings],
        "provenance": [{**asdict(one), "at": one.at.isoformat()} for one in provenance],
        "pages": [asdict(page) for page in pages],
    }


def record_text(
    held: Record, findings: Sequence[Described], provenance: Sequence[Happening]
) -> str:
    """Return a record to read, without its text."""
    lines = [
        held.description.title,
        facts(held),
        f"id {held.public_id}, {held.state}, {held.access}",
        "",
    ]
    for finding in findings:
        sure = "" if finding.asserted else " ?"
        where = f", p. {finding.page}" if finding.page else ""
        lines.append(
            f"{finding.field}: {finding.value}{sure}   ({finding.passage}{where}; {finding.rule})"
        )
    lines += [
        "",
        *(f"{item.name}: {item.status} {item.reason}  sha256 {item.digest}" for item in held.items),
    ]
    lines += [
        "",
        *(
            f"{one.at:%Y-%m-%d %H:%M} {one.kind}: {one.outcome} {one.detail} ({one.agent})"
            for one in provenance
        ),
    ]
    return "\n".join(lines)


def reading(path: str, read: Reading) -> JSON:
    """Return what was read in a file."""
    extraction = asdict(read.extraction)
    extraction["metadata"] = [[one.name, one.value] for one in read.extraction.metadata]
    described: JSON = {}
    for field in {finding.field: None for finding in read.description.findings}:
        described[field] = [
            {"value": f.value, "written": f.written, "confidence": f.confidence, "rule": f.rule,
             "which": f.which, "evidence": asdict(f.evidence)}
            for f in read.description.findings if f.field == field
        ]  # fmt: skip
    return {"file": path, **extraction, "description": described}


def reading_text(path: str, read: Reading) -> str:
    """Return what was read in a file, to read."""
    extraction = read.extraction
    lines = [
        f"{path}: {extraction.status} {extraction.reason}",
        f"  {extraction.media_type}, read by {extraction.reader or 'nobody'}, {len(extraction.pages)} pages, {sum(len(page.text) for page in extraction.pages)} characters",
    ]
    for finding in read.description.findings:
        where = f", p. {finding.evidence.page}" if finding.evidence.page else ""
        lines.append(
            f"  {finding.field}: {finding.value}   {finding.confidence:.2f}  ({finding.evidence.passage}{where}; {finding.rule})"
        )
    return "\n".join(lines)


def duplicates(groups: Sequence[Group], held: Mapping[int, Record]) -> JSON:
    """Return the copies that an archive holds; *held* has every record that is named."""

    def pair(one: Pair) -> JSON:
        return {
            "one": held[one.one].public_id,
            "other": held[one.other].public_id,
            "verdict": one.verdict,
            "share": round(one.share, 4),
        }

    return {
        "groups": [
            {
                "documents": [
                    {"id": held[number].public_id, "title": held[number].description.title}
                    for number in group.record_ids
                ],
                "pairs": [pair(one) for one in group.pairs],
            }
            for group in groups
        ]
    }


def duplicates_text(groups: Sequence[Group], held: Mapping[int, Record]) -> str:
    """Return the copies that an archive holds, to read."""
    lines = []
    for place, group in enumerate(groups, 1):
        lines.append(f"group {place}: {len(group.record_ids)} documents")
        lines += [
            f"  {held[number].public_id}  {held[number].description.title}"
            for number in group.record_ids
        ]
        lines += [f"    {_pair(one, held)}" for one in group.pairs]
    lines.append(f"{len(groups)} groups of copies")
    return "\n".join(lines)


def _pair(pair: Pair, held: Mapping[int, Record]) -> str:
    one, other = held[pair.one].public_id, held[pair.other].public_id
    return f"{one} and {other}: {pair.verdict.replace('_', ' ')}, {pair.share:.0%} in common"


def facts(held: Record) -> str:
    """Return kind, country, date and number in one line, in this order."""
    description = held.description
    parts = [
        KINDS[description.kind].label if description.kind in KINDS else description.kind,
        name_of(description.country) if description.country else None,
        str(description.dated.date) if description.dated else None,
        description.number,
    ]
    return "  ".join(part or UNKNOWN_WORD for part in parts)


@dataclass(frozen=True, slots=True)
class Check:
    """Something about this machine or archive."""

    subject: str
    fine: bool
    finding: str


def diagnosis(home: Path | None) -> Iterator[Check]:
    """Yield what works here and what does not; of an archive too, where *home* is one."""
    providers = set(metadata.packages_distributions().get("whoosh", ()))
    yield Check(
        "whoosh",
        providers == {"whoosh3"} and metadata.version("whoosh3") == "3.54.0",
        f"provided by {', '.join(sorted(providers)) or 'nothing'}; wanted: whoosh3 3.54.0 alone",
    )
    for layer, holds in sandbox.layers(config.ExtractSettings()).items():
        yield Check(
            f"readers are closed in by {layer}",
            holds is True,
            "holds" if holds is True else str(holds),
        )
    for program, what in (("antiword", "old .doc files"), ("tesseract", "text of pictures")):
        found = shutil.which(program)
        yield Check(program, True, found or f"not installed: {what} are kept, but not read")
    yield Check("readers", True, f"{len(extract.READERS)} media types")
    if home is None:
        return
    try:
        archive = bootstrap.open_archive(home, os.environ)
    except MunimentError as error:
        yield Check(f"archive {home}", False, str(error))
        return
    mark = archive.engine.mark()
    yield Check(f"archive {home}", True, f"{bootstrap.room_left_bytes(archive) >> 20} MiB free")
    yield Check(
        "index", mark is not None, "answers" if mark else "must be rebuilt: muniment reindex"
    )
    archive.close()


def _hit(hit: ResultHit) -> JSON:
    description = hit.record.description
    return {
        "id": hit.record.public_id,
        "title": description.title,
        "kind": description.kind,
        "kind_parent": KINDS[description.kind].parent if description.kind in KINDS else None,
        "country": description.country,
        "date": str(description.dated.date) if description.dated else None,
        "number": description.number,
        "language": description.language,
        "score": hit.score,
        "passages": [
            {
                "text": one.text,
                "marks": [[mark.start, mark.end] for mark in one.marks],
                "locator": one.locator,
            }
            for one in hit.passages
        ],
    }


def _dated(dated: Dated | None) -> JSON | None:
    if dated is None:
        return None
    return {"date": str(dated.date), "which": dated.which, "written": dated.written}
