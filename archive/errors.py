"""Every error that Muniment raises on purpose: what is wrong, where, and what to do."""


class MunimentError(Exception):
    """An error with a message for a person.

    The message says what is wrong, where, and what to do about it.
    `slug` is the heading in docs/errors.md that says more.
    """

    slug = "muniment"


class ConfigError(MunimentError):
    """config.toml or a MUNIMENT_* variable says something that cannot be used."""

    slug = "config"


class HomeError(MunimentError):
    """There is no archive home here, or it is not one that this version can open."""

    slug = "home"


class OriginalMissing(MunimentError):
    """The catalogue names an original that the store does not hold."""

    slug = "original-missing"


class OriginalDamaged(MunimentError):
    """The bytes under a digest no longer have that digest."""

    slug = "original-damaged"


class RecordMissing(MunimentError):
    """No record has this id."""

    slug = "record-missing"


class SidecarError(MunimentError):
    """A metadata file cannot be used as it stands; `problems` lists every reason."""

    slug = "sidecar"


class AccountError(MunimentError):
    """An account cannot be made or used as asked."""

    slug = "account"


class IndexUnavailable(MunimentError):
    """The index cannot be opened now; it is rebuilt from the catalogue by `muniment reindex`."""

    slug = "index"


class SearchRefused(MunimentError):
    """A machine asked for a page, sort or filter that does not exist."""

    slug = "search"


class Undrawable(MunimentError):
    """A page cannot be shown as a picture; the original can be downloaded all the same."""

    slug = "undrawable"


class ReaderUnavailable(MunimentError):
    """The process that reads files cannot be started; nothing is known of the file."""

    slug = "reader"


class BagError(MunimentError):
    """A bag is not whole, not unchanged, or not safe; nothing of it is taken."""

    slug = "bag"


class BackupError(MunimentError):
    """A backup cannot be made, or this one cannot be restored; nothing is left by halves."""

    slug = "backup"
