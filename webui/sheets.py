"""A document's text as its page lays it out: by page or by paragraph, with hits marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.catalogue.records import PageText, Record
from indexer import snippets
from indexer.query.parser import parse
from indexer.snippets import Wanted

PAGES_A_PART = 60
PARAGRAPHS_A_PART = 400
# A paragraph of lines this short was set in lines: an address, a list, a verse.
_SHORT_LINE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document."""

    html: Markup
    anchor: str
    """As in `p12`, where a paragraph is what is cited; empty where a page is."""
    in_lines: bool
    """Whether its line breaks are part of the text."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a document, or all that is shown of one without pages."""

    number: int
    paragraphs: tuple[Paragraph, ...]
    confidence: int | None = None
    """Of OCR, 0 to 100; None where the text was read and not recognised."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown of a text."""

    leaves: tuple[Leaf, ...]
    part: int
    part_count: int
    places: tuple[int, ...]
    """Pages or paragraphs of this part where words of the query stand."""
    hits: int
    """How many words are marked in this part."""


def part_of(locator: int, *, paged: bool) -> int:
    """Return the part of a text on which a page or paragraph stands, from 1."""
    return (locator - 1) // (PAGES_A_PART if paged else PARAGRAPHS_A_PART) + 1


def sheet_of(record: Record, pages: Sequence[PageText], query: str, part: int) -> Sheet:
    """Lay out one part of the text, the words of *query* marked."""
    language = record.description.language
    what = snippets.wanted(parse(query).query, frozenset({language} if language else ()))
    writing = _Writing(what, language)
    if record.paged:
        part_count = max(1, -(-len(pages) // PAGES_A_PART))
        part = min(part, part_count)
        shown = pages[(part - 1) * PAGES_A_PART : part * PAGES_A_PART]
        leaves = tuple(
            Leaf(page.number, tuple(writing.page(page)), page.confidence) for page in shown
        )
    else:
        texts = [
            page.text[s.start : s.end] for page in pages for s in snippets.paragraphs(page.text)
        ]
        part_count = max(1, -(-len(texts) // PARAGRAPHS_A_PART))
        part = min(part, part_count)
        first = (part - 1) * PARAGRAPHS_A_PART
        shown_texts = texts[first : first + PARAGRAPHS_A_PART]
        sure = next((page.confidence for page in pages if page.confidence is not None), None)
        written = tuple(writing.numbered(shown_texts, first + 1))
        leaves = (Leaf(0, written, sure),) if texts else ()
    return Sheet(leaves, part, part_count, tuple(writing.places), writing.hits)


@dataclass(slots=True)
class _Writing:
    """Marks paragraph after paragraph and remembers where there was something to mark."""

    what: Wanted
    language: str | None
    places: list[int]
    hits: int

    def __init__(self, what: Wanted, language: str | None) -> None:
        """Begin with nothing marked."""
        self.what, self.language, self.places, self.hits = what, language, [], 0

    def page(self, page: PageText) -> Iterator[Paragraph]:
        for span in snippets.paragraphs(page.text):
            yield self._paragraph(page.text[span.start : span.end], page.number, "")

    def numbered(self, texts: Sequence[str], first: int) -> Iterator[Paragraph]:
        for number, text in enumerate(texts, first):
            yield self._paragraph(text, number, f"p{number}")

    def _paragraph(self, text: str, place: int, anchor: str) -> Paragraph:
        marks = snippets.marks_in(text, self.what, self.language)
        if marks:
            self.hits += len(marks)
            if place not in self.places[-1:]:
                self.places.append(place)
        lines = text.splitlines()
        in_lines = len(lines) > 1 and max(map(len, lines)) < _SHORT_LINE_CHARS
        return Paragraph(snippets.marked(text, marks), anchor, in_lines)
