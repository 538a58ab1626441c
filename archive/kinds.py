"""The kinds of documents: a closed list of two levels, extendable by setting.

A leaf is what a record carries (`executive_order`); its parent is how a reader
narrows (`decree`). Leaves map to the types of the citation formats.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.errors import ConfigError

PARENTS = {
    "article": "Article",
    "resolution": "Resolution",
    "decree": "Decree",
    "law": "Law",
    "other": "Other",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One leaf of the list."""

    slug: str
    label: str
    parent: str
    csl: str
    """CSL 1.0.2 item type."""
    ris: str
    """RIS reference type (TY)."""
    schema_org: str

    @property
    def path(self) -> str:
        """`parent/leaf`: unambiguous where a leaf bears its parent's name."""
        return f"{self.parent}/{self.slug}"


_REPORT = ("report", "RPRT", "Legislation")
_STATUTE = ("legislation", "STAT", "Legislation")
_PAPER = ("document", "MANSCPT", "ArchiveComponent")
_LEAVES = (
    Kind("news_article", "News article", "article", "article-newspaper", "NEWS", "NewsArticle"),
    Kind("resolution", "Resolution", "resolution", *_REPORT),
    Kind("decision", "Decision", "resolution", *_REPORT),
    Kind("general_comment", "General comment", "resolution", *_REPORT),
    Kind("decree", "Decree", "decree", *_STATUTE),
    Kind("executive_order", "Executive order", "decree", *_STATUTE),
    Kind("presidential_order", "Presidential order", "decree", *_STATUTE),
    Kind("order", "Order", "decree", *_STATUTE),
    Kind("ordinance", "Ordinance", "decree", *_STATUTE),
    Kind("law", "Law", "law", *_STATUTE),
    Kind("code", "Code", "law", *_STATUTE),
    Kind("constitution", "Constitution", "law", *_STATUTE),
    Kind("regulation", "Regulation", "law", *_STATUTE),
    Kind("grand_ducal_regulation", "Grand-ducal regulation", "law", *_STATUTE),
    Kind("treaty", "Treaty", "law", *_STATUTE),
    Kind("communique", "Communiqué", "other", *_REPORT),
    Kind("circular", "Circular", "other", *_REPORT),
    Kind("court_decision", "Court decision", "other", "legal_case", "CASE", "Legislation"),
    Kind("diplomatic_correspondence", "Diplomatic correspondence", "other", *_PAPER),
    Kind("speech", "Speech", "other", *_PAPER),
    Kind("letter", "Letter", "other", *_PAPER),
    Kind("report", "Report", "other", "report", "RPRT", "Report"),
    Kind("other", "Other", "other", *_PAPER),
)
KINDS: dict[str, Kind] = {kind.slug: kind for kind in _LEAVES}

# A reader would not tell these apart, so one leaf serves both.
ALIASES = {"web_article": "news_article", "government_resolution": "resolution"}


def kind_of(name: str, kinds: dict[str, Kind] = KINDS) -> Kind | None:
    """Return the leaf with this name or alias, or None."""
    return kinds.get(ALIASES.get(name, name))


def leaves_of(name: str, kinds: dict[str, Kind] = KINDS) -> frozenset[str]:
    """Return the leaves that a filter value selects; none for an unknown name.

    A parent selects all its leaves, a leaf itself, `parent/leaf` that leaf alone
    (for `resolution`, which is both).
    """
    if name in PARENTS:
        return frozenset(kind.slug for kind in kinds.values() if kind.parent == name)
    parent, slash, leaf = name.partition("/")
    kind = kind_of(leaf if slash else name, kinds)
    if kind is None or (slash and kind.parent != parent):
        return frozenset()
    return frozenset({kind.slug})


def with_extra(extra: Iterable[str]) -> dict[str, Kind]:
    """Return the list with the leaves of the setting `[kinds] extra` added.

    Each is written `parent/slug/Label`; it takes its parent's first leaf's types.
    """
    kinds = dict(KINDS)
    for line in extra:
        parts = line.split("/")
        if len(parts) != 3 or parts[0] not in PARENTS:
            raise ConfigError(
                f"[kinds] extra: {line!r} is not 'parent/slug/Label'; parents: {', '.join(PARENTS)}"
            )
        parent, slug, label = parts
        if slug in kinds or slug in ALIASES:
            raise ConfigError(f"[kinds] extra: there is a kind {slug!r} already")
        model = next(kind for kind in _LEAVES if kind.parent == parent)
        kinds[slug] = Kind(slug, label, parent, model.csl, model.ris, model.schema_org)
    return kinds
