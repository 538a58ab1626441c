"""The catalogues of the interface, kept in step with the code: `python -m webui.catalogues`."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from archive.countries import BODIES, FORMER
from archive.kinds import KINDS, PARENTS
from webui.languages import ENGLISH, FOLDER, LANGUAGES

SOURCE = Path(__file__).parent
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "to_translate": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def main() -> None:
    """Bring every catalogue to where the code is, and say what each lacks."""
    said = messages()
    for code in LANGUAGES:
        if code != ENGLISH:
            catalogue = brought_to(said, code)
            (FOLDER / f"{code}.po").write_bytes(written(catalogue))
            lacking = sum(1 for message in catalogue if message.id and is_lacking(message))
            sys.stdout.write(f"{code}: {len(catalogue)} messages, {lacking} without translation\n")


def messages() -> Catalog:
    """Return everything that a person may read on a page, in English."""
    catalogue = Catalog()
    found = extract_from_dir(SOURCE, _METHODS, _OPTIONS, _KEYWORDS)
    for path, _, message, _, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(f"webui/{path}", 0)], context=context)
    # The names of kinds and bodies stand in rooms that know no language.
    for label in (*PARENTS.values(), *(kind.label for kind in KINDS.values())):
        catalogue.add(label, locations=[("archive/kinds.py", 0)], context="kind")
    for name in (*BODIES.values(), *FORMER.values()):
        catalogue.add(name, locations=[("archive/countries.py", 0)], context="country or body")
    return catalogue


def read(code: str) -> Catalog:
    """Return the catalogue of a language as it is in its file."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, charset="utf-8", abort_invalid=True)


def brought_to(said: Catalog, code: str) -> Catalog:
    """Return the catalogue of a language with every message of the code and no other."""
    known = read(code) if (FOLDER / f"{code}.po").exists() else Catalog(locale=code)
    fresh = Catalog(locale=code)
    for message in said:
        if message.id:
            before = known.get(_first(message), message.context)
            fits = before is not None and before.id == message.id
            fresh.add(
                message.id,
                before.string if before is not None and fits else "",
                locations=message.locations,
                flags=message.flags,
                context=message.context,
            )
    return fresh


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file: in the order of its sentences, nothing that changes by itself."""
    body = BytesIO()
    write_po(body, catalogue, omit_header=True, include_lineno=False, sort_output=True, width=100)
    head = (
        f"# {LANGUAGES[str(catalogue.locale)]}: the interface of Muniment. See docs/languages.md.\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return head.encode() + body.getvalue().strip() + b"\n"


def is_lacking(message: Message) -> bool:
    """Whether a form of a message has no translation."""
    return not all(_forms(message.string))


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(string: str | tuple[str, ...] | list[str] | None) -> Iterator[str]:
    yield from (string,) if isinstance(string, str) else string or ("",)


if __name__ == "__main__":
    main()
