"""What will the record of a file say that was read?"""

from pathlib import PurePath

from archive.catalogue.records import Dated, Described, Description, Item, PageText, SpokenOf
from archive.dates import parse_edtf
from indexer.describe import ASSERTED, Finding
from indexer.extract import Extraction
from indexer.reading import Reading
from indexer.sidecar import Given


def item_of(extraction: Extraction, digest: str, name: str, size_bytes: int) -> Item:
    """Return the item of a file that was read so."""
    return Item(
        digest=digest,
        name=name,
        size_bytes=size_bytes,
        media_type=extraction.media_type,
        status=extraction.status,
        reason=extraction.reason,
        reader=extraction.reader,
        reader_version=extraction.reader_version,
        paged=extraction.paged,
        page_count=len(extraction.pages),
        char_count=sum(len(page.text) for page in extraction.pages),
        notes=extraction.notes,
        gaps=tuple((gap.page, gap.why) for gap in extraction.gaps),
    )


def pages_of(extraction: Extraction) -> list[PageText]:
    """Return the text of a file that was read so."""
    return [
        PageText(page.number, page.text, page.aside, page.confidence) for page in extraction.pages
    ]


def described(
    reading: Reading, given: Given | None, name: str
) -> tuple[Description, list[Described]]:
    """Return what the record will say, and every finding: the given ones first."""
    held: dict[str, list[Finding]] = {}
    for found in reading.description.findings:
        if found.confidence >= ASSERTED:
            held.setdefault(found.field, []).append(found)
    best = {field: found[0].value for field, found in held.items()}
    dates = [
        Dated(parse_edtf(f.value), f.which or "published", f.written) for f in held.get("date", ())
    ]
    description = Description(
        title=best.get("title") or PurePath(name).stem or name,
        kind=best.get("kind"),
        country=best.get("country"),
        dated=dates[0] if dates else None,
        other_dates=tuple(
            {d.which: d for d in reversed(dates[1:]) if d.which != dates[0].which}.values()
        ),
        number=best.get("number"),
        issuer=best.get("issuer"),
        language=best.get("language"),
        authors=tuple(dict.fromkeys(found.value for found in held.get("author", ()))),
        publication=best.get("publication"),
        source_url=best.get("source_url"),
        spoken_of=tuple(
            SpokenOf(one.code, one.written, one.times, one.page)
            for one in reading.description.spoken_of
        ),
    )
    if given is not None:
        description = given.over(description)
    given_fields = {finding.field for finding in given.findings()} if given else set()
    shown = _shown(held, given_fields)
    findings = [
        *(given.findings() if given else ()),
        *(
            Described(
                found.field, found.value, found.written, found.confidence, id(found) in shown,
                found.evidence.passage, found.evidence.page, found.rule, found.which,
            )
            for found in reading.description.findings
        ),
    ]  # fmt: skip
    if "title" not in held and "title" not in given_fields:
        findings.append(
            Described("title", description.title, name, 0.0, True, name, None, "file_name")
        )
    return description, findings


def _shown(held: dict[str, list[Finding]], given_fields: set[str]) -> set[int]:
    """Return the findings whose values the record holds: those of given fields are not."""
    shown: set[int] = set()
    for name, found in held.items():
        if name in given_fields:
            continue
        if name == "date":
            which = {one.which: one for one in reversed(found) if one.which != found[0].which}
            shown |= {id(found[0]), *map(id, which.values())}
        elif name == "author":
            shown |= {*map(id, found)}
        else:
            shown.add(id(found[0]))
    return shown
