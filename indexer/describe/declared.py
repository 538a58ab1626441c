"""What machine-readable gazettes declare of an act, name by name of their vocabularies.

Akoma Ntoso, the XML of national gazettes, ELI and Dublin Core say which date is which;
where one of them speaks, the text need not be guessed at.
"""

import re
from collections.abc import Iterator
from datetime import date

from indexer.describe import Finding
from indexer.describe.acts import OPENINGS
from indexer.describe.sheet import Sheet, from_metadatum

DATES: dict[str, tuple[str, float]] = {
    "akn.frbrdate.datedocument": ("adopted", 0.98),
    "akn.frbrdate.document": ("adopted", 0.98),
    "akn.frbrdate.enacted": ("adopted", 0.97),
    "akn.frbrdate.dateenacted": ("adopted", 0.97),
    "akn.frbrdate.dateissued": ("adopted", 0.95),
    "akn.frbrdate": ("adopted", 0.93),
    "eli.date_document": ("adopted", 0.97),
    "eli:date_document": ("adopted", 0.97),
    "xml.fechapromulgacion": ("adopted", 0.97),  # Chile
    "xml.fecha_disposicion": ("adopted", 0.97),  # Spain
    "xml.aktikuupaev": ("adopted", 0.96),  # Estonia
    "xml.ondertekening_bron": ("adopted", 0.9),  # Netherlands
    "xml.ausfertigung-datum": ("adopted", 0.96),  # Germany
    "xml.date_signature": ("adopted", 0.96),  # France
    "xml.date_texte": ("adopted", 0.95),
    "xml.enactmentdate": ("adopted", 0.97),  # United Kingdom, Ireland
    "xml.dateofenactment": ("adopted", 0.97),
    "xml.orgdat": ("adopted", 0.9),  # Ukraine
    "xml.uzn_datum": ("adopted", 0.85),
    "akn.publication.date": ("published", 0.4),
    "akn.publicationdate": ("published", 0.4),
    "xml.fechapublicacion": ("published", 0.42),
    "xml.fecha_publicacion": ("published", 0.42),
    "xml.avaldaminekuupaev": ("published", 0.4),
    "xml.publicatie_bron": ("published", 0.4),
    "xml.date_publi": ("published", 0.4),
    "akn.frbrdate.dateentryinforce": ("in_force", 0.42),
    "xml.joustumine": ("in_force", 0.3),
    "xml.fecha_vigencia": ("in_force", 0.4),
    "xml.inwerkingtredingsdatum": ("in_force", 0.35),
}
"""Metadatum → which date it is, and how often it is the document's."""

TITLES: dict[str, float] = {
    "akn.doctitle": 0.93,
    "xml.titulonorma": 0.93,
    "xml.titulo": 0.9,
    "xml.citeertitel": 0.96,
    "xml.intitule": 0.86,
    "xml.langue": 0.85,
    "xml.titrefull": 0.9,
    "xml.titre": 0.6,
    "xml.pealkiri": 0.9,
    "eli:title": 0.92,
}

_KINDS = ("xml.tipo", "xml.rango", "xml.dokumentliik", "xml.nature", "akn.typedocument", "xml.documentmaintype", "akn.doctype", "xml.typ")  # fmt: skip
_ACTS_OF = re.compile(r"act$|generalact|measure$", re.IGNORECASE)
_ROOTS = {"norma": "CL", "oigusakt": "EE", "toestand": "NL", "wetgeving": "NL"}
_ALPHA3 = {"LUX": "LU", "FRA": "FR", "BEL": "BE", "DEU": "DE", "AUT": "AT", "CHE": "CH", "ITA": "IT", "ESP": "ES", "PRT": "PT", "NLD": "NL", "IRL": "IE", "GBR": "GB", "FIN": "FI", "SWE": "SE", "DNK": "DK", "NOR": "NO", "EST": "EE", "LVA": "LV", "LTU": "LT", "POL": "PL", "CZE": "CZ", "SVK": "SK", "HUN": "HU", "ROU": "RO", "BGR": "BG", "GRC": "GR", "HRV": "HR", "SVN": "SI", "MLT": "MT", "CYP": "CY", "USA": "US", "ARG": "AR", "BRA": "BR"}  # fmt: skip
# United Kingdom: how each series of acts is cited.
_SERIES = (("northernireland", "{} c. {} (N.I.)"), ("scottish", "{} asp {}"), ("welshparliament", "{} asc {}"), ("seneddcymru", "{} asc {}"), ("welshnational", "{} anaw {}"), ("publicgeneralact", "{} c. {}"), ("statutoryinstrument", "S.I. {}/{}"))  # fmt: skip


def declared_country(sheet: Sheet) -> Iterator[Finding]:
    """Give the country a vocabulary belongs to, or that its metadata names."""
    for name, value in sheet.values("akn.frbrcountry"):
        code = value.rsplit("/", 1)[-1].upper()
        code = _ALPHA3.get(code, code[:2])
        if len(code) == 2 and code.isalpha():
            yield from_metadatum("country", code, 0.96, name, value)
    for name, value in sheet.values("xml.documentmaintype"):
        if any(word in value.lower() for word, _ in _SERIES):
            yield from_metadatum("country", "GB", 0.9, name, value)
    for name, value in sheet.values("xml.root"):
        if code := _ROOTS.get(value.lower(), ""):
            yield from_metadatum("country", code, 0.93, name, value)


def declared_kind(sheet: Sheet) -> Iterator[Finding]:
    """Give the kind that the metadata names in the words of its language."""
    for name, value in sheet.values(*_KINDS):
        word = value.rsplit("/", 1)[-1].replace("_", " ")
        if name == "xml.documentmaintype":
            kind = "law" if _ACTS_OF.search(word) else "regulation" if "Instrument" in word else ""
            if kind:
                yield from_metadatum("kind", kind, 0.9, name, value)
            continue
        for row in OPENINGS:
            if row.pattern.match(word):
                yield from_metadatum("kind", row.kind, 0.8, name, value)
                break


def declared_number(sheet: Sheet) -> Iterator[Finding]:
    """Give the number as the vocabulary's country cites it."""
    first = {name: values[0] for name, values in sheet.named.items()}
    if "xml.tipo" in first and "xml.numero" in first:
        written = f"{first['xml.tipo']} {first['xml.numero']}"
        yield from_metadatum("number", written, 0.95, "xml.numero", written)
    main = first.get("xml.documentmaintype", "").lower()
    for word, form in _SERIES:
        if word in main and "xml.year" in first and "xml.number" in first:
            written = form.format(first["xml.year"], first["xml.number"])
            yield from_metadatum("number", written, 0.95, "xml.number", written)
            break
    if written := _riigi_teataja(sheet):
        yield from_metadatum("number", written, 0.9, "xml.rtartikkel", written)
    for name in ("xml.numero_oficial", "xml.num", "akn.docnumber"):
        if name in first and re.search(r"\d", first[name]):
            yield from_metadatum("number", first[name], 0.85, name, first[name])
    for name, value in sheet.metadata:
        if found := re.search(r"\bBWB[RV]\d{7}\b", value):
            yield from_metadatum("number", found[0], 0.9, name, value)
            break
        if found := re.search(r"\bSR (\d{3}(?:\.\d+)*)\b", value):
            yield from_metadatum("number", f"SR {found[1]}", 0.7, name, value)


def _riigi_teataja(sheet: Sheet) -> str:
    """`RT I, 03.12.2024, 3`: the place of the text in the Estonian gazette since 2010."""
    part = day = ""
    for name, value in sheet.metadata:
        if name == "xml.rtosa" and not day:
            part = value
        elif name == "xml.avaldaminekuupaev" and not day:
            day = value[:10]
        elif name == "xml.rtartikkel" and day:
            try:
                return f"{part}, {date.fromisoformat(day):%d.%m.%Y}, {value}"
            except ValueError:
                return ""
    return ""
