"""What the rooms below say in English, in the language of the page.

Notices, errors and the reasons why a text is not whole are made where they arise, and some
have stood in a catalogue for years. Each has a fixed form: by that it is known here again.
"""

import re
from functools import cache

from flask import Flask

from webui.languages import gettext, to_translate

# In a value of one of these names there is a saying of ours again.
_INNER = {"why", "pages"}
# What the values of a name look like, where it is not just any text.
_FIGURES = r"[\d.,\s-]+?"
_VALUES = {
    "pages": rf"pages? {_FIGURES}(?: and others)?",
    **dict.fromkeys(("numbers", "count", "most", "least", "times"), _FIGURES),
}

SAYINGS = (
    # a query as it was typed: indexer/query
    to_translate("only the first %(most)s characters were read"),
    to_translate("only the first %(most)s words were used"),
    to_translate("this parenthesis closes nothing"),
    to_translate("this brace closes nothing"),
    to_translate("the parenthesis is not closed"),
    to_translate("the brace is not closed"),
    to_translate("the bracket is not closed"),
    to_translate("the quotation mark is not closed"),
    to_translate("there is nothing in the parentheses"),
    to_translate("there is nothing in the braces"),
    to_translate("there is nothing after %(sign)s"),
    to_translate("%(operator)s needs something on both sides"),
    to_translate("NEAR needs a word or a phrase on both sides"),
    to_translate("NEAR reaches over %(most)s words at most"),
    to_translate("only %(most)s NEAR are used; this one was read as AND"),
    to_translate("only %(most)s words with *, ? or ~ stand in NEAR; it was read as AND"),
    to_translate("only %(most)s words and phrases stand in NEAR; it was read as AND"),
    to_translate("NEAR stands between words and phrases of one field; it was read as AND"),
    to_translate("parentheses are read %(most)s deep; what is deeper was not used"),
    to_translate("what is negated was not used: only words and phrases in braces"),
    to_translate("only words and phrases stand in braces; this was not used"),
    to_translate(
        "%(written)s is not a date and was not used; write 1993, 1993-12, 21.12.1993, "
        "December 1993, 1990s, 1993..1995 or before 2000"
    ),
    to_translate("%(written)s is not a date and was not used"),
    to_translate("%(written)s was not used: for words near one another write one NEAR/5 other"),
    to_translate("%(written)s is no document number; it was looked for as words"),
    to_translate("%(written)s is no document number; it was looked for as a word"),
    to_translate("there is no word to look for in %(written)s"),
    to_translate("* and ~ stand in or after a single word only"),
    to_translate("* and ? do not go with ~, which was not used"),
    to_translate("how many letters may differ follows from the length of the word"),
    to_translate("* stands in a single word only"),
    to_translate("* needs at least %(least)s letters before it"),
    to_translate("? and * inside a document number were not used"),
    to_translate("~ after a document number was not used"),
    to_translate("~ stands after a single word only"),
    to_translate("~ needs at least %(least)s letters before it"),
    to_translate("a word with ?, * or ~ has at most %(most)s letters"),
    to_translate("only %(most)s words of a query may have ?, * inside, or ~"),
    to_translate(
        "%(word)s was also looked for as %(others)s (%(count)s more were left out); "
        'for this spelling alone type "%(again)s"'
    ),
    to_translate(
        '%(word)s was also looked for as %(others)s; for this spelling alone type "%(again)s"'
    ),
    # what an archive does not have: indexer/engine
    to_translate(
        "%(written)s stands for %(count)s words; only the %(most)s most frequent were looked for"
    ),
    to_translate("there is nothing here with %(fact)s"),
    # filters and addresses: indexer/search.py, archive/dates.py, webui
    to_translate(
        "nothing is excluded by %(written)s; write country:AZ; facets: %(known)s"
    ),
    to_translate("there is no kind %(name)s; it was not used"),
    to_translate(
        "the range ends (%(end)s) before it begins (%(begin)s); it was not used"
    ),
    to_translate("from: %(why)s; it was not used"),
    to_translate("to: %(why)s; it was not used"),
    to_translate(
        "%(written)s is not a date; write 1993-12-20, 1993-12, 1993, 1993~ or 1991/1993"
    ),
    to_translate("%(written)s is not a date: %(wrong)s"),
    to_translate("a date cannot end (%(end)s) before it begins (%(begin)s)"),
    to_translate("there is no page %(number)s; pages begin at 1"),
    to_translate("there is no page %(number)s"),
    to_translate("there is no reading %(name)s; readings: %(known)s"),
    to_translate("dates are not counted by %(name)s; steps: %(known)s"),
    to_translate("there is no sort %(name)s; sorts: %(known)s"),
    to_translate("%(name)s must be a whole number, not %(written)s"),
    to_translate("before must be a moment of a feed, not %(written)s"),
    to_translate("no document has the id %(id)s; check it for a slip of the pen"),
    to_translate("no record of a search has the id %(id)s"),
    to_translate("the document %(id)s has no file number %(number)s"),
    to_translate("the document %(id)s was withdrawn from this archive"),
    to_translate("%(id)s is no id of a document: its check character does not fit"),
    # what became of a file: indexer/ingest.py, indexer/sources.py
    to_translate("the file is empty"),
    to_translate("it is larger than the %(most)s MiB that [ingest] file_max_mib allows"),
    to_translate("it is larger than %(most)s MiB"),
    to_translate("it is a link to a folder; name the folder itself"),
    to_translate("it is not a file but a device, a pipe or a socket"),
    to_translate("the zip file is damaged or cut off"),
    to_translate("the zip file is damaged (%(error)s)"),
    to_translate("it cannot be read: %(system)s"),
    to_translate("an unsafe container: %(why)s"),
    to_translate("archives stand more than %(most)s deep in one another"),
    to_translate("it holds more files than [ingest] container_max_files allows"),
    to_translate("it unpacks to more than [ingest] container_max_mib allows"),
    to_translate("%(name)s unpacks to more than %(times)s times its size"),
    to_translate("it is encrypted; unpack the archive with its password first"),
    to_translate("the archive is damaged (%(error)s); make it anew"),
    to_translate("a zip archive of one file, which has its own line"),
    to_translate("a zip archive of %(count)s files, which have their own line"),
    # why a text is not whole: indexer/extract
    to_translate("the file is a picture and needs OCR"),
    to_translate("no text was recognised in the picture"),
    to_translate(
        "the picture has %(size)s pixels, too many to recognise its text; "
        "add a smaller copy beside it"
    ),
    to_translate("tesseract could not read the picture (%(error)s)"),
    to_translate("tesseract is not installed"),
    to_translate("the file has no PDF header"),
    to_translate("the file is encrypted and asks for a password"),
    to_translate("the PDF is encrypted and asks for a password"),
    to_translate("the PDF is damaged: it does not say where its pages are"),
    to_translate("the PDF is damaged and cannot be opened (%(error)s)"),
    to_translate("the end of the file is missing, and pages may be with it"),
    to_translate("the pages after page %(number)s were not read"),
    to_translate("the PDF has no page that can be found"),
    to_translate("the pages hold no text"),
    to_translate("%(pages)s could not be read"),
    to_translate("%(pages)s has no text and needs OCR"),
    to_translate("%(pages)s have no text and need OCR"),
    to_translate("the text layer of %(pages)s is garbled, so it needs OCR"),
    to_translate("the text layer of %(pages)s is garbled, so they need OCR"),
    to_translate(
        "%(pages)s recognised by tesseract (%(languages)s), confidence %(share)s"
    ),
    to_translate("%(pages)s recognised by tesseract (%(languages)s)"),
    to_translate("recognised by tesseract (%(languages)s), confidence %(share)s"),
    to_translate("recognised by tesseract (%(languages)s)"),
    to_translate("%(pages)s read by %(reader)s"),
    to_translate("%(pages)s: no text was recognised"),
    to_translate("page %(numbers)s"),
    to_translate("pages %(numbers)s and others"),
    to_translate("pages %(numbers)s"),
    to_translate("%(count)s pages or more"),
    to_translate("%(size)s pixels"),
    to_translate("a zip file that is no document; take in what is inside it"),
    to_translate("the file is neither text nor of a type that is known here"),
    to_translate("a part of the file unpacks to more than %(times)s times its size: a zip bomb"),
    to_translate("the file declares entities or a document type, which is unsafe to read"),
    to_translate("the file is a container of %(count)s parts; %(most)s are allowed"),
    to_translate("an old Word file: install antiword to have it read, or save it as .docx"),
    to_translate("no reader for this: %(name)s"),
    to_translate("the file is a damaged zip container (%(error)s)"),
    to_translate("the file is packed by a method that is not known here"),
    to_translate("the file is too long to read"),
    to_translate("the file was read and holds no text"),
    to_translate("the text was cut after %(count)s characters"),
    to_translate("%(count)s characters could not be decoded"),
    to_translate("HTML entities in the text were resolved"),
    to_translate("the whole page was taken as the text"),
    to_translate("read from the HTML part"),
    to_translate("read as %(charset)s"),
    to_translate("%(count)s more embedded values were left out"),
    to_translate("attachment not read: %(name)s"),
    to_translate("the message has more than %(most)s parts that hold parts"),
    to_translate("the message holds no text of its own"),
    to_translate("antiword could not read the file (%(error)s)"),
    to_translate("pandoc could not read the file (%(error)s)"),
    to_translate("pandoc lost a part of the text, so it was read without its structure"),
    to_translate("the XML is unsafe to read (%(error)s)"),
    to_translate("the XML cannot be read (%(error)s)"),
    to_translate(
        "the XML is broken (%(error)s); what stands before and around that place was read"
    ),
    to_translate("the document declares entities of its own, which are not resolved"),
    # how reading ended: indexer/reading/sandbox.py
    to_translate("describing was stopped: %(why)s"),
    to_translate("looking for references was stopped: %(why)s"),
    to_translate(
        "the reader needed more than %(most)s MiB of memory ([extract] memory_mib)"
    ),
    to_translate(
        "the reader took more than %(most)s s of processor time ([extract] timeout_s)"
    ),
    to_translate(
        "the reader was not done after %(most)s s (%(times)s × [extract] timeout_s)"
    ),
    to_translate("the reader's answer was larger than a document can be"),
    to_translate(
        "the reader closed its answer and went on; the file may be built to take it over"
    ),
    to_translate("the reader's answer made no sense; the file may be built to deceive it"),
    to_translate("the reader failed on this file (%(error)s)"),
    to_translate(
        "the process that reads files ended; the file may need more memory than the machine has"
    ),
    to_translate("the reader ended without an answer (exit status %(status)s)"),
    to_translate(
        "the reader was killed from outside, most likely because the machine ran out of memory"
    ),
    to_translate("the reader ran out of memory (%(most)s MiB) or crashed on this file"),
    to_translate("the reader crashed on this file (%(signal)s)"),
    to_translate("no reader"),
    # an original compared with its digest: archive/fixity
    to_translate("its digest is now %(digest)s"),
    to_translate("there is no file under its digest"),
    to_translate("job worker"),
)  # fmt: skip
"""Each is told by the first form that fits: what is more particular stands first."""

_PLACE = re.compile(r"%\((\w+)\)s")


def register(app: Flask) -> None:
    """Make `told` known to the templates."""
    app.add_template_filter(told, "told")


def told(said: str) -> str:
    """Return in the language of the page what a room below said; as it is, where none is known.

    >>> told("page 3 could not be read; the file has no PDF header")
    'page 3 could not be read; the file has no PDF header'
    """
    # Reasons are joined by semicolons, and some have one of their own.
    parts = [_told(part) for part in said.split("; ")]
    if all(parts):
        return "; ".join(part for part in parts if part)
    return _told(said) or said


def _told(said: str) -> str | None:
    if (known := recognised(said)) is None:
        return None
    form, values = known
    return gettext(
        form, **{name: told(value) if name in _INNER else value for name, value in values.items()}
    )


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((saying, _pattern(saying)) for saying in SAYINGS)


def _pattern(saying: str) -> re.Pattern[str]:
    *texts, last = _PLACE.split(saying)
    # Text and names take turns.
    between = (
        re.escape(one) if place % 2 == 0 else f"(?P<{one}>{_VALUES.get(one, '.+?')})"
        for place, one in enumerate(texts)
    )
    return re.compile("".join(between) + re.escape(last), re.DOTALL)


def recognised(said: str) -> tuple[str, dict[str, str]] | None:
    """Return the form of a saying, and its values; None where it has none that is known."""
    for form, pattern in _forms():
        if found := pattern.fullmatch(said):
            return form, found.groupdict()
    return None
