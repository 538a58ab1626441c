"""The language that a page is shown in: which one, and what is said in it.

The sentences in the code are English; `translations/<language>.po` holds the others, by their
English sentence. They are read when a language is first asked for, so nothing is compiled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from markupsafe import Markup

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "az": "Azərbaycanca",
    "ru": "Русский",
    "fr": "Français",
    "es": "Español",
    "tr": "Türkçe",
}
"""Each language of the interface by its own name."""
ENGLISH = "en"
FOLDER = Path(__file__).parent / "translations"
COOKIE = "language"
KEPT_DAYS = 365
ARGUMENT = "lang"


@dataclass(frozen=True, slots=True)
class Switch:
    """A way to read the present page in another language."""

    code: str
    name: str
    address: str


# English dates are written with the day first, as in most of the documents.
_LOCALES = {"en": "en_GB"}


def register(app: Flask) -> None:
    """Give the templates their words, and remember the language that an address chooses."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.extend(newstyle_gettext=True)
    app.jinja_env.globals.update(
        gettext=_shown, ngettext=_shown_counted, pgettext=pgettext, languages=switches
    )
    app.after_request(_remember)


def language() -> str:
    """Return the language of the present request; English where there is none.

    The address says it (`?lang=fr`), else the cookie does, else the browser.
    """
    if not has_request_context():
        return ENGLISH
    if "language" not in g:
        # The browser's, the best liked first, without their countries.
        liked = (tag.partition("-")[0].lower() for tag, q in request.accept_languages if q)
        wanted = (request.args.get(ARGUMENT), request.cookies.get(COOKIE), *liked)
        g.language = next((one for one in wanted if one in LANGUAGES), ENGLISH)
    spoken: str = g.language
    return spoken


def speak(code: str) -> None:
    """Answer the present request in this language, whatever its reader prefers."""
    g.language = code
    g.pop("spoken", None)


def locale() -> Locale:
    """Return how dates and numbers are written in the present request."""
    return locale_of(language())


def gettext(message: str, /, **values: object) -> str:
    """Return a sentence in the language of the request, `%(name)s` replaced by *values*."""
    return _spoken().gettext(message) % values


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the sentence for *count* things; `%(num)s` is the count as it is written."""
    return _spoken().ngettext(one, many, count) % {"num": number(count), **values}


def pgettext(context: str, message: str, /) -> str:
    """Return a word by what it names: *law* is a kind of document."""
    return _spoken().pgettext(context, message)


def to_translate(message: str) -> str:
    """Mark a sentence of a table, which whoever shows it hands to `gettext`."""
    return message


def number(count: int) -> str:
    """Return a count with its thousands apart, as in `2,140`."""
    # Below a thousand the languages of the interface write figures alike.
    return str(count) if 0 <= count < 1000 else _decimal(count, language())


@cache
def translations(code: str) -> NullTranslations:
    """Return the sentences of a language; for English, the sentences themselves."""
    if code == ENGLISH:
        return NullTranslations()
    with (FOLDER / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code, charset="utf-8", abort_invalid=True)
    for message in catalogue:
        if not isinstance(message.string, str) and not all(message.string or ()):
            message.string = ""  # forms that are not there yet: better English than nothing
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def switches() -> list[Switch]:
    """Return the languages, each with the address that shows the present page in it.

    What a form was answered with has no address: from there one begins at the front page.
    """
    reading = request.method in {"GET", "HEAD"}
    path = request.script_root + request.path if reading else url_for("search.front")
    asked = dict(request.args.lists()) if reading else {}
    return [
        Switch(code, name, f"{path}?{urlencode({**asked, ARGUMENT: code}, doseq=True)}")
        for code, name in LANGUAGES.items()
    ]


@cache
def locale_of(code: str) -> Locale:
    """Return how dates and numbers are written in a language."""
    return Locale.parse(_LOCALES.get(code, code))


def _remember(response: Response) -> Response:
    # Without a word of ours it is no page but an original, in a language of its own.
    if response.mimetype == "text/html" and "language" in g:
        response.vary.update(["Accept-Language", "Cookie"])
        response.content_language.add(language())
    chosen = request.args.get(ARGUMENT)
    if chosen is not None and chosen in LANGUAGES and chosen != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=KEPT_DAYS * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
    return response


def _spoken() -> NullTranslations:
    if not has_request_context():
        return translations(ENGLISH)
    if "spoken" not in g:
        g.spoken = translations(language())
    spoken: NullTranslations = g.spoken
    return spoken


@lru_cache(maxsize=4096)
def _decimal(count: int, code: str) -> str:
    return format_decimal(count, locale=locale_of(code))


# In a template the sentence is ours and may hold tags; its values may not.


def _shown(message: str, /, **values: object) -> Markup:
    sentence = Markup(_spoken().gettext(message))  # noqa: S704
    return sentence % values if values or "%" in sentence else sentence


def _shown_counted(one: str, many: str, count: int, /, **values: object) -> Markup:
    counted = Markup(_spoken().ngettext(one, many, count))  # noqa: S704
    return counted % {**values, "num": number(count)}
