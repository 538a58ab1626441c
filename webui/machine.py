"""What the command prints: stable JSON for programs, plain lines for people."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from archive import config
from archive.backup import Contents
from archive.catalogue.records import Dated, Described, Happening, PageText, Record
from archive.catalogue.references import Instrument, Mentioned, Referred, Referring, Wanted
from archive.countries import name_of
from archive.errors import MunimentError
from archive.kinds import KINDS
from indexer import bootstrap, extract
from indexer.copies.duplicates import Group, Pair
from indexer.extract import ocr
from indexer.reading import Reading, sandbox
from indexer.rereading import Reread
from indexer.search import UNKNOWN_WORD, ResultHit, ResultPage
from indexer.suggest import Correction, Rescue

JSON = dict[str, Any]


def result(
    page: ResultPage, correction: Correction | None = None, ways: Sequence[Rescue] = ()
) -> JSON:
    """Return a page of results as design and docs/commands.md promise it."""
    return {
        "read_as": page.read_as,
        "reading": page.reading,
        "other_readings": [{"reading": reading, "total": total} for reading, total in page.others],
        "total": page.total,
        "hits": [_hit(hit) for hit in page.hits],
        "facets": {
            name: {value or UNKNOWN_WORD: count for value, count in counts.items()}
            for name, counts in page.facets.items()
        },
        "bars": {key or UNKNOWN_WORD: count for key, count in sorted(page.bars.items())},
        "possibly": page.possibly,
        "without_text": page.without_text,
        "notices": [asdict(notice) for notice in page.notices],
        "did_you_mean": {"query": correction.query, "total": correction.total}
        if correction
        else None,
        "rescues": [
            {"what": way.what, "dropped": way.dropped, "query": way.asked.query, "total": way.total}
            for way in ways
        ],
        "state": page.state,
        "page": page.page,
        "page_count": page.page_count,
    }


def result_text(
    page: ResultPage, correction: Correction | None = None, ways: Sequence[Rescue] = ()
) -> str:
    """Return a page of results to read."""
    lines = [f"{page.total} documents, read as {page.read_as}"]
    if page.others:
        counts = (f"{reading}: {total}" for reading, total in page.others)
        lines.append(f"  {page.reading} of the words; {', '.join(counts)} (--reading)")
    lines += [f"  at {notice.at}: {notice.message}" for notice in page.notices]
    if correction:
        lines.append(f"did you mean: {correction.query} ({correction.total})")
    lines += [f"{_way(way)}: {way.total}" for way in ways]
    for number, hit in enumerate(page.hits, start=page.first):
        lines += ["", f"{number}. {hit.record.description.title}", f"   {facts(hit.record)}"]
        sign = "p." if hit.record.paged else "¶"
        lines += [f"   {sign} {one.locator}: {one.text}" for one in hit.passages]
    return "\n".join(lines)


def _way(way: Rescue) -> str:
    if way.what == "either":
        return "any of the words"
    return f"without {way.dropped or f'the {way.what}'}"


def record(
    held: Record,
    findings: Sequence[Described],
    provenance: Sequence[Happening],
    pages: Sequence[PageText],
    refers_to: Sequence[Referred],
    referred_to_by: Sequence[Referring],
    known: Mapping[int, Record],
) -> JSON:
    """Return everything that is known of a record; *known* are those that references lead to."""
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
        "refers_to": [
            {
                **_instrument(one.instrument),
                **_mentioned(one.mentioned),
                "held": [known[held.record_id].public_id for held in one.held],
                "sure": all(held.sure for held in one.held),
            }
            for one in refers_to
        ],
        "referred_to_by": [
            {"id": known[one.record_id].public_id, "sure": one.sure, **_mentioned(one.mentioned)}
            for one in referred_to_by
        ],
    }


def wanted(total: int, rows: Sequence[Wanted], known: Mapping[int, Record]) -> JSON:
    """Return what is referred to and not held."""
    return {
        "total": total,
        "wanted": [
            {
                "records": row.records,
                **_instrument(row.instrument),
                **_mentioned(row.mentioned),
                "id": known[row.record_id].public_id,
            }
            for row in rows
        ],
    }


def wanted_text(total: int, rows: Sequence[Wanted]) -> str:
    """Return what is referred to and not held, to read."""
    lines = [f"{total} documents are wanted"]
    for row in rows:
        one = row.instrument
        kind = KINDS[one.kind].label if one.kind in KINDS else UNKNOWN_WORD
        parts = (one.name or one.number, str(one.date or ""), one.issuer, one.country)
        lines += [
            "",
            f"{row.records:>5}  {'  '.join(part for part in (kind, *parts) if part)}",
            f"       {row.mentioned.passage}",
        ]
    return "\n".join(lines)


def _instrument(one: Instrument) -> JSON:
    return {
        "kind": one.kind or None,
        "kind_parent": KINDS[one.kind].parent if one.kind in KINDS else None,
        "number": one.number or None,
        "name": one.name or None,
        "date": str(one.date) if one.date else None,
        "issuer": one.issuer or None,
        "country": one.country or None,
    }


def _mentioned(one: Mentioned) -> JSON:
    return {
        "written": one.written,
        "passage": one.passage,
        "page": one.page,
        "times": one.times,
        "confidence": one.confidence,
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
    found = [asdict(one) for one in read.references]
    return {
        "file": path,
        **extraction,
        "description": described,
        "spoken_of": [asdict(one) for one in read.description.spoken_of],
        "references": found,
    }


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
    for one in read.references:
        parts = (one.kind, one.name or one.number, one.date, one.country)
        said = " ".join(part for part in parts if part)
        lines.append(f"  refers to {said}   {one.confidence:.2f}  ({one.evidence.passage})")
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
    for program, what in (
        ("antiword", "the text of old .doc files"),
        ("tesseract", "the text of pictures"),
    ):
        found = shutil.which(program)
        yield Check(program, True, found or f"not installed: {what} is kept, but not read")
    yield Check("readers", True, f"{len(extract.READERS)} media types")
    if home is None:
        yield _ocr(config.ExtractSettings())
        return
    try:
        archive = bootstrap.open_archive(home, os.environ)
    except MunimentError as error:
        yield Check(f"archive {home}", False, str(error))
        return
    yield _ocr(archive.settings.extract)
    mark = archive.engine.mark()
    yield Check(f"archive {home}", True, f"{bootstrap.room_left_bytes(archive) >> 20} MiB free")
    yield Check(
        "index", mark is not None, "answers" if mark else "must be rebuilt: muniment reindex"
    )
    archive.close()


def _ocr(settings: config.ExtractSettings) -> Check:
    here = ocr.installed()
    used = [one for one in settings.ocr_languages if one in here]
    missing = [one for one in settings.ocr_languages if one not in here]
    finding = f"recognises {', '.join(used) or 'nothing'}"
    if missing:
        finding += f"; not installed: {', '.join(missing)} ([extract] ocr_languages)"
    return Check("OCR", True, finding)


def contents_text(contents: Contents) -> str:
    """Return what a backup holds, to read and to compare."""
    return (
        f"{contents.records} records, {contents.events} events, {contents.originals} originals, "
        f"{contents.size_bytes} bytes, as of {contents.at:%Y-%m-%d %H:%M:%S} UTC\n"
        f"  sha256 of the catalogue {contents.catalogue_digest}\n"
        f"  sha256 of the manifest  {contents.manifest_digest}"
    )


def reread_line(done: Reread) -> str:
    """Return what came of reading a file again, on one line."""
    kept = "" if done.changed else "; what was read before is kept"
    reason = f": {done.reason}" if done.reason else ""
    return f"{done.public_id}  {done.before} → {done.after}{reason}{kept}  ({done.name})"


def unsearchable(held: Record) -> JSON:
    """Return what of a record cannot be searched, file by file."""
    return {
        "id": held.public_id,
        "title": held.description.title,
        "language": held.description.language,
        "files": [
            {
                "name": item.name,
                "status": item.status,
                "reason": item.reason,
                "pages": [{"page": page, "why": why} for page, why in item.gaps],
            }
            for item in held.items
        ],
    }


def unsearchable_line(told: JSON) -> str:
    """Return the same to read."""
    files = "; ".join(
        f"{one['name']}: {one['status'] if one['status'] != 'text' else 'unknown language'}"
        + (f" ({one['reason']})" if one["reason"] else "")
        for one in told["files"]
    )
    return f"{told['id']}  {told['title']}  {files}"


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
