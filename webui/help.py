"""Help: the search guide, whose examples run here, the keys, and the history of one's searches."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from archive.errors import IndexUnavailable
from indexer import search
from indexer.search import Asked
from webui import asking, here
from webui.languages import to_translate

blueprint = Blueprint("help", __name__)


@dataclass(frozen=True, slots=True)
class Example:
    """Something to type, and what it means."""

    query: str
    meaning: str


GUIDE: tuple[tuple[str, tuple[Example, ...]], ...] = (
    (
        to_translate("Words"),
        (
            Example(
                "peace agreement",
                to_translate("both words, in any of their forms: also agreements"),
            ),
            Example("peace OR ceasefire", to_translate("one of them, or both")),
            Example("peace -agreement", to_translate("the first, and not the second")),
            Example("(peace OR ceasefire) refugees", to_translate("brackets keep together")),
            Example("Khojaly", to_translate("a name, also as other alphabets spell it")),
        ),
    ),
    (
        to_translate("Exactly, or only nearly"),
        (
            Example('"Security Council"', to_translate("these words, so spelt, in this order")),
            Example(
                "refugees NEAR/5 return",
                to_translate("at most five words between them, in either order"),
            ),
            Example("resol*", to_translate("every word that begins so")),
            Example("s?curity", to_translate("any one letter in this place")),
            Example("Karabagh~", to_translate("words that are spelt almost so")),
        ),
    ),
    (
        to_translate("Numbers and dates"),
        (
            Example("S/RES/822", to_translate("a document number, in any usual way of writing it")),
            Example("number:A/RES/48/114", to_translate("the document that bears this number")),
            Example("date:1993", to_translate("of that year")),
            Example('date:"before 2000"', to_translate("older than that")),
            Example("date:1992-05..1994", to_translate("from a month to a year")),
        ),
    ),
    (
        to_translate("Parts of the description"),
        (
            Example("title:refugees", to_translate("a word of the title")),
            Example("kind:resolution", to_translate("a kind of document")),
            Example("country:UN", to_translate("who issued it; countries by their ISO code")),
            Example("language:fr", to_translate("the language of the document")),
        ),
    ),
)


@blueprint.get("/help")
def guide() -> str:
    """Explain how to search; each example with what it finds in this archive."""
    archive = here.archive()

    def found(query: str) -> int | None:
        try:
            return search.total(
                Asked(query=query),
                labels=here.labels(),
                engine=archive.engine,
                settings=archive.settings.search,
                kinds=archive.kinds,
            )
        except IndexUnavailable:
            return None

    return render_template(
        "help.html",
        guide=[
            (
                title,
                [
                    (one, asking.address(Asked(query=one.query)), found(one.query))
                    for one in examples
                ],
            )
            for title, examples in GUIDE
        ],
    )


@blueprint.get("/history")
def history() -> str:
    """Show the searches of this browser; it keeps them itself, and we never learn of them."""
    return render_template("history.html")
