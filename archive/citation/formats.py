"""Citations as files: RIS, BibLaTeX, BibTeX and CSL-JSON of one record or of a selection.

Written by hand, because the writers of the libraries let a value out of its field: a line
break in a title makes a second RIS record, a percent sign ends a BibTeX line.
What each format can hold, and what is lost where, is in docs/citations.md.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from archive.catalogue.records import Record
from archive.citation.crosswalk import (
    Name,
    Reference,
    csl_of,
    date_parts,
    reference_of,
    typographic,
)
from archive.config import SiteSettings
from archive.dates import PartialDate
from archive.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Format:
    """A file format that a selection of records can leave in."""

    slug: str
    label: str
    media_type: str
    """Always in UTF-8."""
    extension: str
    """Without the dot."""
    entry: Callable[[Reference], str]
    """One record as text."""
    opening: str = ""
    between: str = ""
    closing: str = ""


def write(
    records: Iterable[Record],
    format: str,
    site: SiteSettings,
    *,
    kinds: Mapping[str, Kind] = KINDS,
) -> str:
    """Return *records* as one text of *format*, a slug of `FORMATS`."""
    return "".join(entries(records, format, site, kinds=kinds))


def entries(
    records: Iterable[Record],
    format: str,
    site: SiteSettings,
    *,
    kinds: Mapping[str, Kind] = KINDS,
) -> Iterator[str]:
    """Yield the text that `write` returns in pieces, reading *records* as it goes.

    A record that comes twice is written once: a second entry with its key would be an
    error to every reader. ValueError, before anything is read, where there is no *format*.
    """
    if format not in FORMATS:
        raise ValueError(f"no citation format {format!r}; known: {', '.join(FORMATS)}")
    return _pieces(records, FORMATS[format], site, kinds)


def _pieces(
    records: Iterable[Record], chosen: Format, site: SiteSettings, kinds: Mapping[str, Kind]
) -> Iterator[str]:
    written: set[str] = set()
    if chosen.opening:
        yield chosen.opening
    for record in records:
        if record.public_id in written:
            continue
        entry = chosen.entry(reference_of(record, site, kinds))
        yield chosen.between + entry if written else entry
        written.add(record.public_id)
    if chosen.closing:
        yield chosen.closing


# What a citation program has no field for, in words. Every format that needs it takes
# the parts its own fields do not hold.


def _remarks(reference: Reference) -> dict[str, str]:
    """Return what may have to stand in a note, each with the words that say what it is."""
    kept_in = ", ".join(filter(None, (reference.archive, reference.collection, reference.location)))
    remarks = {
        "number": ("", f"{reference.genre} {reference.number}".strip() if reference.number else ""),
        "session": ("Session: ", reference.session),
        "dated": ("Date: ", _in_words(reference.issued)),
        "archive": ("Archive: ", kept_in),
        "collection": ("Collection: ", reference.collection),
        "section": ("Section: ", reference.section),
        "publisher": ("Publisher: ", reference.publisher),
        "accessed": ("Accessed: ", reference.accessed.isoformat() if reference.accessed else ""),
        "source": ("Source: ", reference.source_url),
        "rights": ("Rights: ", reference.rights),
        "sha256": ("SHA-256: ", reference.sha256),
    }
    return {name: words + value for name, (words, value) in remarks.items() if value}


def _note(reference: Reference, *wanted: str) -> str:
    remarks = _remarks(reference)
    return "; ".join(remarks[name] for name in wanted if name in remarks)


def _in_words(when: PartialDate | None) -> str:
    """Return a date that a plain year misrepresents; nothing for a day, month or year."""
    if when is None or when.precision in {"day", "month", "year"}:
        return ""
    ends = " to ".join(_iso(point) for point in date_parts(when))
    return ends if when.precision == "range" else f"circa {ends}"


def _iso(point: list[int]) -> str:
    # %Y would not fill up the years before 1000.
    return "-".join(f"{part:0{width}d}" for part, width in zip(point, (4, 2, 2), strict=False))


_RANGE = re.compile(r"(\S*?\d\S*?)\s*[-‐‑–—]+\s*(\S*\d\S*)")


# RIS: "RIS Format Specifications" (Reference Manager, 2001; tags revised 2011).
# Where programs differ, the tag is the one that Zotero's RIS.js reads into the right field.

# Zotero's schema has no archive for these, so DB and AN alone would be lost.
_RIS_WITHOUT_ARCHIVE = {"STAT", "BILL", "CASE", "HEAR"}
_RIS_WITH_SESSION = {"STAT", "BILL", "HEAR"}
_RIS_NUMBER = {"RPRT": "SN", "CASE": "SV"}


def _ris(reference: Reference) -> str:
    kind = _ris_type(reference)
    lines = [
        ("TY", kind),
        ("ID", reference.key),
        *(("AU", _ris_name(name)) for name in _ris_authors(reference, kind)),
        ("A2", _without_comma(reference.issuer) if kind == "BILL" else ""),
        ("TI", reference.title),
        ("T2", reference.publication),
        ("T3", reference.issuer if kind == "BILL" else ""),
        *_ris_date(reference.issued),
        (_RIS_NUMBER.get(kind, "M1"), reference.number),
        ("M3", reference.genre),
        ("VL", reference.volume),
        ("IS", reference.issue),
        *_ris_pages(reference.pages),
        ("SE", reference.section),
        ("ET", reference.session if kind in _RIS_WITH_SESSION else ""),
        ("CY", reference.place),
        ("PB", reference.issuer if kind == "CASE" else reference.publisher),
        ("KW", reference.country_name),
        ("LA", reference.language),
        ("UR", _url(reference.url)),
        ("Y2", _ris_day(reference.accessed)),
        ("DB", reference.archive),
        ("AN", reference.location),
        ("N1", _ris_note(reference, kind)),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n\r\n"


def _ris_type(reference: Reference) -> str:
    kind = reference.kind.ris if reference.kind else "MANSCPT"
    # A manuscript has neither publisher nor series; a published paper is cited as a report.
    published = reference.publisher or reference.publication
    return "RPRT" if kind == "MANSCPT" and published else kind


def _ris_authors(reference: Reference, kind: str) -> list[Name]:
    """A bill's issuer is its sponsor and legislative body (A2, T3), not its author."""
    return [name for name in reference.names if kind != "BILL" or name.literal != reference.issuer]


def _ris_name(name: Name) -> str:
    if name.literal:
        return _without_comma(name.literal)
    parts = (name.family, _without_comma(name.given), name.suffix)
    return ", ".join(filter(None, parts))


def _without_comma(literal: str) -> str:
    """A comma would make a person of "United Nations, Secretary-General"."""
    return re.sub(r"\s*,\s*", " – ", literal.strip(", "))


def _ris_date(when: PartialDate | None) -> list[tuple[str, str]]:
    if when is None:
        return []
    year = ("PY", f"{when.first.year:04d}")
    if when.precision not in {"day", "month", "year"}:
        return [year]  # the note says the rest
    parts = _iso(date_parts(when)[0]).split("-")
    return [year, ("DA", "/".join([*parts, "", "", ""][:3]) + "/")]


def _ris_day(day: date | None) -> str:
    return day.isoformat().replace("-", "/") + "/" if day else ""


def _ris_pages(pages: str) -> list[tuple[str, str]]:
    ends = _RANGE.fullmatch(pages)
    return [("SP", ends[1]), ("EP", ends[2])] if ends else [("SP", pages)]


def _ris_note(reference: Reference, kind: str) -> str:
    lost_archive = kind in _RIS_WITHOUT_ARCHIVE
    return _note(
        reference,
        "dated",
        *(() if kind in _RIS_WITH_SESSION else ("session",)),
        *(("publisher",) if kind == "CASE" else ()),
        "archive" if lost_archive else "collection",
        "source",
        "rights",
        "sha256",
    )


# BibLaTeX: "The biblatex Package", chapter 2 (entry types, fields, EDTF dates).
# BibTeX: Patashnik, "BibTeXing" (1988). Both as pdfTeX typesets them exactly.

_TEX = {
    "\\": r"\textbackslash{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
_TEX_TABLE = str.maketrans(_TEX)
# "--" is a dash to TeX, ",," a low quotation mark, "?`" a turned question mark.
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=,)(?=,)|(?<=[?!])(?=`)")


def _tex(text: str) -> str:
    """Return *text* so that TeX prints it as it is."""
    text = unicodedata.normalize("NFC", text)
    braces = _braces(text)
    apart = {match.start() for match in _LIGATURE.finditer(text)}
    return "".join(
        ("{}" if at in apart else "") + braces.get(at, character.translate(_TEX_TABLE))
        for at, character in enumerate(text)
    )


def _braces(text: str) -> dict[int, str]:
    r"""Return what to write for each brace, by its place.

    BibTeX counts braces whether or not a backslash stands before them, so only pairs may
    be written \{ and \}. The names are the same to TeX, but fewer readers know them.
    """
    written, opened = {}, list[int]()
    for at, character in enumerate(text):
        if character == "{":
            opened.append(at)
            written[at] = r"\textbraceleft{}"
        elif character == "}":
            written[at] = r"\textbraceright{}"
            if opened:
                written[opened.pop()], written[at] = r"\{", r"\}"
    return written


def _whole(text: str) -> str:
    """A list field is split at "and", which braces prevent: {Bosnia and Herzegovina}."""
    return f"{{{_tex(text)}}}" if re.search(r"\band\b", text, re.IGNORECASE) else _tex(text)


def _url(url: str) -> str:
    """Percent-encode what would end a field or a command; the rest may stay as it is."""
    return re.sub(r'[{}\\<>"^|\s]', lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), url)


def _tex_pages(pages: str) -> str:
    parts = re.split(r"(,\s*)", pages)
    return "".join(
        f"{_tex(ends[1])}--{_tex(ends[2])}" if (ends := _RANGE.fullmatch(part)) else _tex(part)
        for part in parts
    )


def _tex_authors(names: Iterable[Name]) -> str:
    return " and ".join(
        f"{{{_tex(name.literal)}}}"
        if name.literal
        else ", ".join(_tex_name(part) for part in (name.family, name.suffix, name.given) if part)
        for name in names
    )


def _tex_name(part: str) -> str:
    """Keep a part of a name together where a reader would take it apart."""
    plain = all(c in " .-'’ʻʼ" or unicodedata.category(c)[0] in "LM" for c in part)
    joined = re.search(r"\b(?:and|others)\b", part, re.IGNORECASE)
    return _tex(part) if plain and not joined else f"{{{_tex(part)}}}"


def _bib_entry(entry_type: str, key: str, fields: Mapping[str, str]) -> str:
    # A month is a macro that each style translates, not a text in braces.
    lines = "".join(
        f"  {name} = {value},\n" if name == "month" else f"  {name} = {{{value}}},\n"
        for name, value in fields.items()
        if value
    )
    return f"@{entry_type}{{{key},\n{lines}}}\n"


def _bib_title(reference: Reference) -> str:
    # Two braces: the only way to keep capitals as they are in every style and reader.
    return f"{{{_tex(typographic(reference.title))}}}" if reference.title else ""


_BIBLATEX_TYPES = {
    "article-newspaper": "article",
    "article-magazine": "article",
    "article-journal": "article",
    "report": "report",
    "legislation": "legislation",
    "bill": "legislation",
    "legal_case": "jurisdiction",
}
"""CSL type to entry type; not @legal and @standard, which Zotero drops without a word."""


def _biblatex(reference: Reference) -> str:
    csl = reference.kind.csl if reference.kind else "document"
    entry_type = _BIBLATEX_TYPES.get(csl, "misc")
    article, report = entry_type == "article", entry_type == "report"
    # Standard styles print type and number of a report only.
    named = (
        "" if report or not reference.number else f"{reference.genre} {reference.number}".strip()
    )
    institution = reference.publisher or reference.issuer if report else reference.issuer
    fields = {
        "entrysubtype": {"article-newspaper": "newspaper", "article-magazine": "magazine"}.get(
            csl, ""
        ),
        "author": _tex_authors(reference.names),
        "title": _bib_title(reference),
        "titleaddon": _tex(named),
        "type": "" if named else _tex(reference.genre),
        "number": _tex(reference.issue if article else reference.number),
        "journaltitle": _tex(reference.publication),
        "volume": _tex(reference.volume),
        "issue": "" if article else _tex(reference.issue),
        "chapter": _tex(reference.section),
        "pages": _tex_pages(reference.pages),
        "institution": "" if article else _whole(institution),
        "publisher": "" if report else _whole(reference.publisher),
        "location": _whole(reference.place),
        "date": _edtf(reference.issued),
        "langid": _langid(reference.language),
        "url": _url(reference.url),
        "urldate": reference.accessed.isoformat() if reference.accessed else "",
        "library": _tex(
            ", ".join(filter(None, (reference.archive, reference.collection, reference.location)))
        ),
        "keywords": _tex(reference.country_name.replace(",", "")),
        "note": _tex(_note(reference, "session", "source", "rights", "sha256")),
    }
    return _bib_entry(entry_type, reference.key, fields)


def _edtf(when: PartialDate | None) -> str:
    """Return the date in the EDTF that biber reads (ISO 8601-2:2019, level 1).

    A decade is written as a range of two approximate years: biber turns 199X into
    1990/1999 itself, and pandoc drops a date with an X.
    """
    if when is None:
        return ""
    about = "~" if when.precision in {"circa", "decade"} else ""
    return "/".join(_iso(point) + about for point in date_parts(when))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _bibtex(reference: Reference) -> str:
    csl = reference.kind.csl if reference.kind else "document"
    entry_type = {"article": "article", "report": "techreport"}.get(
        _BIBLATEX_TYPES.get(csl, ""), "misc"
    )
    article, report = entry_type == "article", entry_type == "techreport"
    point = date_parts(reference.issued)[0] if reference.issued else []
    exact = bool(reference.issued) and not _in_words(reference.issued)
    fields = {
        "author": _tex_authors(reference.names),
        "title": _bib_title(reference),
        "type": _tex(reference.genre),
        "number": _tex(reference.issue if article else reference.number),
        "journal": _tex(reference.publication) if article or report else "",
        "howpublished": "" if article or report else _tex(reference.publication),
        "volume": _tex(reference.volume),
        "issue": "" if article else _tex(reference.issue),
        "chapter": _tex(reference.section),
        "pages": _tex_pages(reference.pages),
        "institution": "" if article else _whole(_bibtex_institution(reference, report=report)),
        "publisher": "" if report else _whole(reference.publisher),
        "address": _whole(reference.place),
        "year": f"{point[0]:04d}" if point else "",
        "month": _MONTHS[point[1] - 1] if exact and len(point) > 1 else "",
        "day": f"{point[2]}" if exact and len(point) > 2 else "",
        "langid": _langid(reference.language),
        "url": _url(reference.url),
        "keywords": _tex(reference.country_name.replace(",", "")),
        "note": _tex(_bibtex_note(reference, report=report)),
    }
    return _bib_entry(entry_type, reference.key, fields)


def _bibtex_institution(reference: Reference, *, report: bool) -> str:
    """A technical report must have an institution; the issuer is one."""
    return reference.publisher or reference.issuer if report else reference.issuer


def _bibtex_note(reference: Reference, *, report: bool) -> str:
    number = () if report else ("number",)
    rest = ("session", "dated", "archive", "accessed", "source", "rights", "sha256")
    return _note(reference, *number, *rest)


_BABEL = {
    "af": "afrikaans", "ar": "arabic", "az": "azerbaijani", "be": "belarusian", "bg": "bulgarian",
    "br": "breton", "bs": "bosnian", "ca": "catalan", "cs": "czech", "cy": "welsh", "da": "danish",
    "de": "ngerman", "de-at": "naustrian", "de-ch": "nswissgerman", "el": "greek", "en": "english",
    "en-au": "australian", "en-ca": "canadian", "en-gb": "british", "en-nz": "newzealand",
    "en-us": "american", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "fr-ca": "canadien", "ga": "irish",
    "gd": "scottish", "gl": "galician", "he": "hebrew", "hi": "hindi", "hr": "croatian",
    "hsb": "uppersorbian", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "is": "icelandic", "it": "italian", "ja": "japanese", "ka": "georgian", "kk": "kazakh",
    "ko": "korean", "la": "latin", "lt": "lithuanian", "lv": "latvian", "mk": "macedonian",
    "mn": "mongolian", "ms": "malay", "nb": "norsk", "nl": "dutch", "nn": "nynorsk", "no": "norsk",
    "pl": "polish", "pt": "portuguese", "pt-br": "brazilian", "rm": "romansh", "ro": "romanian",
    "ru": "russian", "se": "samin", "sk": "slovak", "sl": "slovene", "sq": "albanian",
    "sr": "serbian", "sv": "swedish", "th": "thai", "tk": "turkmen", "tr": "turkish",
    "uk": "ukrainian", "ur": "urdu", "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
"""BCP 47 to the names of the babel package, by which biblatex hyphenates."""


def _langid(language: str) -> str:
    """Return the babel name of a BCP 47 tag; nothing rather than a wrong one."""
    tag = language.replace("_", "-").lower()
    while tag:
        if tag in _BABEL:
            return _BABEL[tag]
        tag = tag.rpartition("-")[0]
    return ""


# CSL-JSON: the schema csl-data.json of CSL 1.0.2.


def _csl_json(reference: Reference) -> str:
    return json.dumps(csl_of(reference), ensure_ascii=False, indent=2)


_ALL = (
    Format("ris", "RIS", "application/x-research-info-systems", "ris", _ris),
    # No media type of its own is registered; Zotero imports this one.
    Format("biblatex", "BibLaTeX", "application/x-bibtex", "bib", _biblatex, between="\n"),
    Format("bibtex", "BibTeX", "application/x-bibtex", "bib", _bibtex, between="\n"),
    Format(
        "csl-json",
        "CSL-JSON",
        "application/vnd.citationstyles.csl+json",
        "json",
        _csl_json,
        opening="[\n",
        between=",\n",
        closing="\n]\n",
    ),
)
FORMATS: dict[str, Format] = {one.slug: one for one in _ALL}
"""Every format by its slug, in the order to offer them."""
