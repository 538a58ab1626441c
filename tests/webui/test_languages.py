"""The interface speaks six languages, and misses no sentence in any."""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from gettext import NullTranslations
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup

from archive.catalogue import records
from archive.catalogue.records import ID_ALPHABET
from archive.countries import BODIES, FORMER
from archive.dates import parse_edtf
from archive.kinds import KINDS, PARENTS
from tests.browser.conftest import filled  # noqa: F401 (the archive that is looked at, too)
from tests.browser.test_accessible import OPEN, STAFF
from tests.webui.conftest import HOSTILE
from tests.webui.library import Reader, index, reader_of
from webui import catalogues, formats, languages, sayings
from webui.cartogram import SQUARES
from webui.languages import LANGUAGES


@pytest.mark.parametrize(
    ("address", "cookie", "browser", "shown"),
    [
        ("/", "", "", "en"),
        ("/", "", "fr", "fr"),
        ("/", "", "fr-CA,en;q=0.5", "fr"),
        ("/", "", "de,az-Latn;q=0.8,en;q=0.5", "az"),
        ("/", "", "de", "en"),
        ("/", "ru", "fr", "ru"),
        ("/", "xx", "fr", "fr"),
        ("/?lang=tr", "ru", "fr", "tr"),
        ("/?lang=xx", "ru", "fr", "ru"),
        ("/nowhere?lang=es", "", "", "es"),
    ],
)
def test_the_address_chooses_then_the_cookie_then_the_browser(
    reader: Reader, address, cookie, browser, shown
):
    if cookie:
        reader.client.set_cookie("language", cookie)
    response = reader.client.get(address, headers={"Accept-Language": browser} if browser else {})
    assert f'<html lang="{shown}">' in response.text
    assert response.headers["Content-Language"] == shown
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))


def test_a_choice_is_kept(reader: Reader):
    response = reader.client.get("/?lang=az")
    cookie = next(one for one in response.headers.getlist("Set-Cookie") if "language=" in one)
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert '<html lang="az">' in reader.page("/sign-in")


def test_an_original_is_not_said_to_be_in_the_language_of_the_page(reader: Reader, ids):
    for way in ("framed", "original"):
        response = reader.get(f"/d/{ids['plain']}/{way}?lang=fr")
        assert response.status_code == 200
        assert response.mimetype == "text/html"
        assert "Content-Language" not in response.headers


def test_what_is_not_translated_yet_is_said_in_english(tmp_path, monkeypatch):
    (tmp_path / "fr.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Name"\nmsgstr ""\n\n'
        'msgid "%(num)s hit"\nmsgid_plural "%(num)s hits"\nmsgstr[0] ""\nmsgstr[1] ""\n',
        "utf-8",
    )
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    french = languages.translations.__wrapped__("fr")
    assert french.gettext("Name") == "Name"
    assert french.ngettext("%(num)s hit", "%(num)s hits", 2) == "%(num)s hits"


def test_every_page_leads_to_itself_in_each_language(reader: Reader):
    html = reader.page("/search?q=water&year=1993&year=2000")
    for code, name in LANGUAGES.items():
        link = f'href="/search?q=water&amp;year=1993&amp;year=2000&amp;lang={code}"'
        assert f'{link} rel="nofollow" lang="{code}" hreflang="{code}"' in html
        assert f">{name}</a>" in html


@pytest.mark.parametrize(
    "address", ["/search.atom?q=water", "/d/{plain}/cite.bib", "/complete?q=wat"]
)
def test_what_machines_read_is_the_same_in_every_language(shelf, ids, address):
    told = {
        reader_of(shelf).client.get(address.format(**ids), headers={"Accept-Language": code}).data
        for code in LANGUAGES
    }
    assert len(told) == 1


def test_the_record_of_a_search_is_the_same_for_machines_in_every_language(new_archive):
    someone = reader_of(new_archive())
    index(someone.app.extensions["muniment"])
    made = someone.post("/searches/record", {"search": "/search?q=%22water"})
    address = f"{made.headers['Location']}.json"
    told = {someone.get(f"{address}?lang={code}").data for code in LANGUAGES}
    assert len(told) == 1
    assert b"the quotation mark is not closed" in told.pop()
    # The page says the same sentence, years later, in the language of whoever reads it.
    assert "Кавычка не закрыта" in someone.page(f"{made.headers['Location']}?lang=ru")


class Unspoken(NullTranslations):
    """Says nothing but the values and tags of a sentence: what is left on a page was not given."""

    def gettext(self, message: str) -> str:
        return "·".join(["", *re.findall(r"%\(\w+\)s|</?\w+>", message), ""])

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


# Names, units and signs that no language translates.
UNTRANSLATED = {
    *("Muniment", "anna", "English", "UTC", "ISO", "kB", "MB", "sha", "SHA"),
    *("RIS", "BibTeX", "BibLaTeX", "CSL", "JSON", "CSV", "HTML", "PDF", "file", "html", "pdf", "zip", "txt"),
}  # fmt: skip
# Values of documents and of what was typed, each in its own language.
OF_DOCUMENTS = ", ".join(
    ("[dir=auto]", "code", "code ~ .small", "q", ".digest", ".no", ".facsimile", ".read", "cite", ".ev", ".file > p:first-child",
     ".tongues", ".brand", "mark", ".byyear [scope=row] i", "text", ".link", "input[type=search]")
)  # fmt: skip


def left_in_english(html: str, values: Iterable[str]) -> set[str]:
    """Return the texts of a page that are neither in its language nor values of documents."""
    soup = BeautifulSoup(html, "lxml")
    for one in soup.select("script, style, " + OF_DOCUMENTS):
        one.decompose()
    said = [str(text) for text in soup.find_all(string=True)]
    for name in (
        "aria-label",
        "title",
        "alt",
        "placeholder",
        "data-words",
        "data-too-much",
        "data-none",
        "data-found",
    ):
        said += [str(one[name]) for one in soup.select(f"[{name}]")]
    said += [str(one.get("value")) for one in soup.select("input[type=submit]")]
    left = set()
    for text in said:
        if text == "html":  # the doctype
            continue
        if text.startswith("{"):
            text = " ".join(json.loads(text).values())
        for value in values:
            text = text.replace(value, "")
        text = re.sub(rf"\b[{ID_ALPHABET}]{{9}}\b", "", text)
        if set(re.findall("[A-Za-z]{2,}", text)) - UNTRANSLATED:
            left.add(" ".join(text.split()))
    return left


@pytest.fixture
def unspoken(monkeypatch):
    """A seventh language with letters of its own, of which no sentence is known."""
    monkeypatch.setitem(languages.LANGUAGES, "ka", "ქართული")  # type: ignore[attr-defined]
    monkeypatch.setattr(languages, "translations", lambda _code: Unspoken())


def test_no_sentence_of_any_page_was_left_out(filled, unspoken):  # noqa: F811
    archive, ids = filled
    with archive.catalogue.reading() as session:
        held = records.every(session)
    values = sorted({one.description.title for one in held} | set(ids.values()), key=len)[::-1]
    # An address whose part is named, and the reader that the tests file under.
    values += ["page", "test", HOSTILE, "decree"]
    values += ["General Assembly", "Law 5411", "UN ", "A/RES/48/114"]
    stranger, keeper = reader_of(archive), reader_of(archive).signed_in("anna")
    left: dict[str, set[str]] = {}
    for who, addresses in ((stranger, OPEN), (keeper, OPEN | STAFF)):
        who.client.set_cookie("language", "ka")
        for name, address in addresses.items():
            html = who.get(address.format(**ids), follow_redirects=True).text
            assert '<html lang="ka">' in html
            typed = parse_qs(address.partition("?")[2])
            given = [one for written in typed.values() for one in written]
            if found := left_in_english(html, [*values, *given]):
                left[name] = found
    assert not left, "\n".join(f"{name}: {found}" for name, found in left.items())


def test_no_sentence_behind_a_form_was_left_out(new_archive, unspoken):
    archive = new_archive(MUNIMENT_REVIEW_REQUIRED="1", MUNIMENT_ACCOUNTS_ATTEMPTS="2")
    keeper, stranger = reader_of(archive).signed_in("anna"), reader_of(archive)
    for one in (keeper, stranger):
        one.client.set_cookie("language", "ka")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("one.txt", "A text of some words about the water of the lakes.")
    pages = [keeper.get("/"), stranger.get("/"), keeper.get("/unsearchable")]
    for _ in range(2):
        files = [
            (io.BytesIO(content), name)
            for content, name in (
                (b"", "empty.txt"), (b"A text of some words about the water of the seas.", "file.txt"),
                (packed.getvalue(), "file.zip"), (b"%PDF-1.4 broken", "file.pdf"), (b"\0\1\2\3" * 99, "file"),
            )
        ]  # fmt: skip
        pages.append(keeper.post("/upload", {"files": files, "publish": "1"}))
    pages += [
        keeper.get("/unsearchable"),
        keeper.post("/upload"),
        keeper.post("/searches/save", {"search": "/search?q=water"}, follow_redirects=True),
        keeper.post("/searches/record", {"search": "/search?q=water+("}, follow_redirects=True),
        keeper.post("/searches/record", {"search": "/search", "eyes": "mine"}, follow_redirects=True),
        stranger.post("/searches/save", {"search": "/search"}),
        stranger.client.post("/sign-in"),
        *(stranger.post("/sign-in", {"name": "anna", "password": "no"}) for _ in range(3)),
        *(stranger.get(f"/d/{one}") for one in ("xxxxxxxxx", "bcdfghjk0", "bcdfghjk")),
        stranger.get("/s/nowhere"), stranger.get("/selection/add"), stranger.get("/search?sort=x"),
        stranger.get("/search?page=0"), stranger.get("/cite?format=x"), stranger.get("/cite"),
    ]  # fmt: skip
    # The last is what pdfminer says of the file.
    values = (
        *("one", "empty", "water", "page", "text/plain", "application/octet-stream", "nowhere"),
        "bcdfghjk",
        "relevance, newest, oldest, added",
        "ris, biblatex, bibtex, csl-json",
        "No /Root object! - Is this really a PDF?",
        "http://127.0.0.1:8000/s/",
    )
    for page in pages:
        assert left_in_english(page.text, values) == set(), page.request.path


def placeholders(text: str) -> list[str]:
    """Return what a program puts into a sentence, and its tags."""
    return sorted(re.findall(r"%\(\w+\)s|\{\w+\}|</?\w+>", text))


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {languages.ENGLISH}))
def test_a_catalogue_has_every_sentence_of_the_code_and_no_other(code):
    said = {(one.context, one.id) for one in catalogues.messages() if one.id}
    catalogue = catalogues.read(code)
    assert {(one.context, one.id) for one in catalogue if one.id} == said, "run make catalogues"
    assert not catalogue.obsolete
    for message in catalogue:
        assert not message.id or not catalogues.is_lacking(message), message.id
        assert not message.fuzzy, message.id
    file = (languages.FOLDER / f"{code}.po").read_bytes()
    assert file == catalogues.written(catalogue), "run make catalogues"


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {languages.ENGLISH}))
def test_a_translation_has_the_values_of_its_sentence_in_every_form(code):
    catalogue = catalogues.read(code)
    for message in catalogue:
        if message.id == "%(year)ss":  # a decade may be said by its ends
            assert set(placeholders(message.string)) <= {"%(year)s", "%(last)s"}
        elif isinstance(message.id, str):
            assert placeholders(message.id) == placeholders(message.string), message.id
            assert message.id[-1:] != ":" or message.string.rstrip()[-1:] in ":,", message.id
        else:
            assert len(message.string) == catalogue.num_plurals
            for form in message.string:
                assert placeholders(form) == placeholders(message.id[1]), form


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("en", ["0 documents", "1 document", "2 documents", "5 documents", "21 documents", "1,100 documents"]),
        ("ru", ["0 документов", "1 документ", "2 документа", "5 документов", "21 документ", "1 100 документов"]),
        ("fr", ["0 document", "1 document", "2 documents", "5 documents", "21 documents", "1 100 documents"]),
        ("es", ["0 documentos", "1 documento", "2 documentos", "5 documentos", "21 documentos", "1.100 documentos"]),
        ("tr", ["0 belge", "1 belge", "2 belge", "5 belge", "21 belge", "1.100 belge"]),
        ("az", ["0 sənəd", "1 sənəd", "2 sənəd", "5 sənəd", "21 sənəd", "1.100 sənəd"]),
    ],
)  # fmt: skip
def test_counts(reader: Reader, code, counted):
    with reader.app.test_request_context(f"/?lang={code}"):
        shown = [formats.documents(count) for count in (0, 1, 2, 5, 21, 1100)]
    assert [re.sub(r"\s", " ", one) for one in shown] == counted


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("az", ["20 dekabr 1993", "dekabr 1993", "1993", "təxm. 1993", "1990–1999", "may 1991 – iyun 1993"]),
        ("ru", ["20 декабря 1993 г.", "декабрь 1993 г.", "1993", "ок. 1993", "1990-е", "май 1991 г. – июнь 1993 г."]),
        ("fr", ["20 décembre 1993", "décembre 1993", "1993", "vers 1993", "années 1990", "mai 1991 – juin 1993"]),
        ("es", ["20 de diciembre de 1993", "diciembre de 1993", "1993", "hacia 1993", "década de 1990", "mayo de 1991 – junio de 1993"]),
        ("tr", ["20 Aralık 1993", "Aralık 1993", "1993", "1993 dolayları", "1990–1999", "Mayıs 1991 – Haziran 1993"]),
    ],
)  # fmt: skip
def test_a_date_is_as_precise_in_every_language(reader: Reader, code, shown):
    written = ("1993-12-20", "1993-12", "1993", "1993~", "199X", "1991-05/1993-06")
    with reader.app.test_request_context(f"/?lang={code}"):
        dates = [formats.partial_date(parse_edtf(one)) for one in written]
    assert [re.sub(r"\s", " ", one) for one in dates] == shown


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_country_kind_and_body_has_a_name(reader: Reader, code):
    with reader.app.test_request_context(f"/?lang={code}"):
        named = [formats.country(one) for one in (*BODIES, *FORMER, *SQUARES)]
        kinds = [formats.kind(one) for one in (*PARENTS, *KINDS)]
    assert all(named + kinds)
    assert not set(named) & (set(SQUARES) | set(BODIES))
    assert len(set(named)) == len(named)


def test_a_sentence_from_below_is_said_in_the_language_of_the_page(reader: Reader):
    with reader.app.test_request_context("/?lang=ru"):
        assert sayings.told("only the first 64 words were used") == "учтено слов: 64; остальные нет"
        assert sayings.told("pages 1-4 could not be read; the file has no PDF header") == (
            "страницы 1-4: прочитать не удалось; у файла нет заголовка PDF"
        )
        assert sayings.told("what nobody said before") == "what nobody said before"
