"""config.toml and MUNIMENT_* variables, read once into frozen settings.

A value comes from the environment (`MUNIMENT_SEARCH_PAGE_SIZE`), else from the
home's config.toml (`page_size` under `[search]`), else from the default here.
A name that is not known is refused, with the known ones listed.
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from archive.errors import ConfigError, HomeError

CONFIG_NAME = "config.toml"
ENV_PREFIX = "MUNIMENT_"
# Said to the command or the tests, not settings.
ENV_NOT_SETTINGS = {
    "MUNIMENT_HOME",
    "MUNIMENT_BENCH_CACHE",
    "MUNIMENT_DATA",
    "MUNIMENT_SHARED_DATA",
    "MUNIMENT_NO_SKIPS",
}


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What is printed in pages, citations and feeds."""

    name: str = "Muniment"
    public_url: str = "http://127.0.0.1:8000"
    archive: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueSettings:
    """Where records are kept; an empty url is SQLite in the home's data folder."""

    url: str = ""
    busy_timeout_s: int = 60


@dataclass(frozen=True, slots=True)
class OriginalsSettings:
    """Where original files are kept; an empty url is the home's data folder."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """What may be taken in at once."""

    file_max_mib: int = 200
    container_max_files: int = 20_000
    container_max_mib: int = 4_000
    readers: int = 0


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Limits of the child process that reads one file."""

    timeout_s: int = 60
    memory_mib: int = 1024
    text_max_chars: int = 20_000_000
    pdf_reader: str = "auto"
    ocr_languages: tuple[str, ...] = ("eng", "aze", "rus", "fra", "spa", "tur")
    ocr_page_timeout_s: int = 60


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """The search index; it can always be rebuilt from the catalogue."""

    url: str = ""
    batch: int = 500
    processes: int = 0


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """What a search may ask for."""

    page_size: int = 20
    page_size_max: int = 100
    query_max_chars: int = 2_000
    query_max_terms: int = 64
    expansion_max: int = 500
    records_per_hour: int = 200


@dataclass(frozen=True, slots=True)
class FixitySettings:
    """How the job worker compares originals with their digests."""

    days: int = 90
    mib_per_hour: int = 10_000


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """Whether somebody must see a record before the public does."""

    required: bool = False


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Sign-in."""

    session_hours: int = 12
    attempts: int = 10
    attempts_minutes: int = 15
    password_min_chars: int = 12


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The web server."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    secure_cookies: bool = False
    upload_max_mib: int = 1_000


@dataclass(frozen=True, slots=True)
class KindSettings:
    """Leaves added to the closed list of kinds, each `parent/slug/Label`."""

    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, by section."""

    site: SiteSettings = field(default_factory=SiteSettings)
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    originals: OriginalsSettings = field(default_factory=OriginalsSettings)
    ingest: IngestSettings = field(default_factory=IngestSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    fixity: FixitySettings = field(default_factory=FixitySettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    accounts: AccountSettings = field(default_factory=AccountSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    kinds: KindSettings = field(default_factory=KindSettings)


def load(home: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings of the archive at *home*; ConfigError names what is wrong and where."""
    path = home / CONFIG_NAME
    try:
        with path.open("rb") as file:
            written = tomllib.load(file)
    except FileNotFoundError as error:
        raise HomeError(
            f"no {CONFIG_NAME} in {home}; make a home with 'muniment init {home}'"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return read(written, environ, where=str(path))


def read(
    written: Mapping[str, Any], environ: Mapping[str, str], *, where: str = CONFIG_NAME
) -> Settings:
    """Return the settings that *written* and *environ* ask for.

    >>> read({"search": {"pagesize": 5}}, {})
    Traceback (most recent call last):
    archive.errors.ConfigError: config.toml: [search] has no setting 'pagesize'; known: page_size, page_size_max, query_max_chars, query_max_terms, expansion_max
    """
    sections = {f.name: _default(f) for f in fields(Settings)}
    _refuse_unknown(written, sections, f"{where}: there is no section", "[{}]")
    values: dict[str, dict[str, Any]] = {}
    for name, default in sections.items():
        table = written.get(name, {})
        if not isinstance(table, Mapping):
            raise ConfigError(f"{where}: [{name}] must be a table, as in '[{name}]'")
        known = {f.name: getattr(default, f.name) for f in fields(default)}
        _refuse_unknown(table, known, f"{where}: [{name}] has no setting", "{!r}")
        values[name] = {
            key: _of_type(value, known[key], f"{where}: [{name}] {key}")
            for key, value in table.items()
        }
    for variable, text in environ.items():
        if variable.startswith(ENV_PREFIX) and variable not in ENV_NOT_SETTINGS:
            section, key = _place(variable, sections)
            example = getattr(sections[section], key)
            values[section][key] = _of_type(_parsed(text, example, variable), example, variable)
    return Settings(
        **{name: dataclasses.replace(default, **values[name]) for name, default in sections.items()}
    )


def find_home(start: Path) -> Path:
    """Return the nearest folder from *start* upward that holds an archive home."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file() and (folder / "data").is_dir():
            return folder
    raise HomeError(
        f"no archive home in {start} or above; give --home DIR, set MUNIMENT_HOME, "
        "or make one with 'muniment init DIR'"
    )


def default_text() -> str:
    """Return the commented config.toml with every setting at its default."""
    here = Path(__file__).resolve()
    shipped = here.with_name(CONFIG_NAME)  # in a wheel; in a checkout it is at the root
    return (shipped if shipped.exists() else here.parents[1] / CONFIG_NAME).read_text("utf-8")


def _default(section: "dataclasses.Field[Any]") -> Any:
    assert section.default_factory is not dataclasses.MISSING
    return section.default_factory()


def _refuse_unknown(
    given: Mapping[str, Any], known: Mapping[str, Any], what: str, form: str
) -> None:
    for name in given:
        if name not in known:
            raise ConfigError(f"{what} {form.format(name)}; known: {', '.join(known)}")


def _place(variable: str, sections: Mapping[str, Any]) -> tuple[str, str]:
    rest = variable.removeprefix(ENV_PREFIX).lower()
    for section, default in sections.items():
        key = rest.removeprefix(section + "_")
        if key != rest:
            if key in {f.name for f in fields(default)}:
                return section, key
            known = ", ".join(f.name for f in fields(default))
            raise ConfigError(f"{variable}: [{section}] has no setting {key!r}; known: {known}")
    raise ConfigError(f"{variable} names no section; known: {', '.join(sections)}")


def _parsed(text: str, example: object, where: str) -> object:
    match example:
        case bool():
            if text.lower() in {"1", "true", "yes", "on"}:
                return True
            if text.lower() in {"0", "false", "no", "off"}:
                return False
            raise ConfigError(f"{where} must be true or false, not {text!r}")
        case int():
            try:
                return int(text)
            except ValueError as error:
                raise ConfigError(f"{where} must be a whole number, not {text!r}") from error
        case tuple():
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text


def _of_type(value: object, example: object, where: str) -> object:
    if isinstance(example, tuple):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise ConfigError(f"{where} must be a list of texts, not {value!r}")
    if type(value) is not type(example):
        wanted = {bool: "true or false", int: "a whole number", str: "a text"}[type(example)]
        raise ConfigError(f"{where} must be {wanted}, not {value!r}")
    if isinstance(value, int) and value < 0:
        raise ConfigError(f"{where} must not be negative, not {value}")
    return value
