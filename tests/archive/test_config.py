"""Settings: from the file, from the environment, or as they are by default."""

import re
import tomllib
from dataclasses import asdict

import pytest

from archive import config
from archive.config import Settings, read
from archive.errors import ConfigError, HomeError


def test_the_shipped_file_holds_every_setting_at_its_default():
    written = tomllib.loads(config.default_text())
    assert read(written, {}) == Settings()
    assert {section: set(table) for section, table in written.items()} == {
        section: set(table) for section, table in asdict(Settings()).items()
    }


def test_every_setting_is_explained_in_the_documentation():
    text = config.default_text()
    for section, table in asdict(Settings()).items():
        for name in table:
            assert re.search(rf"^{name} = ", text, re.MULTILINE), f"[{section}] {name}"


def test_the_environment_wins_over_the_file():
    settings = read({"serve": {"port": 1}}, {"MUNIMENT_SERVE_PORT": "8080", "HOME": "/x"})
    assert settings.serve.port == 8080


@pytest.mark.parametrize(
    ("written", "environ", "message"),
    [
        (
            {"search": {"pagesize": 5}},
            {},
            r"\[search\] has no setting 'pagesize'; known: page_size",
        ),
        ({"serch": {}}, {}, r"there is no section \[serch\]; known: site, catalogue"),
        ({"search": {"page_size": "5"}}, {}, r"\[search\] page_size must be a whole number"),
        ({"search": {"page_size": -1}}, {}, "must not be negative"),
        ({"search": {"page_size": True}}, {}, "must be a whole number"),
        ({"review": {"required": 1}}, {}, "must be true or false"),
        ({"kinds": {"extra": "x"}}, {}, "must be a list of texts"),
        ({"search": 5}, {}, "must be a table"),
        ({}, {"MUNIMENT_SEARCH_PAGESIZE": "5"}, r"\[search\] has no setting 'pagesize'; known"),
        ({}, {"MUNIMENT_SERCH_PAGE": "5"}, "names no section; known: site"),
        ({}, {"MUNIMENT_SERVE_PORT": "http"}, "MUNIMENT_SERVE_PORT must be a whole number"),
        ({}, {"MUNIMENT_REVIEW_REQUIRED": "maybe"}, "must be true or false"),
    ],
)
def test_what_cannot_be_used_is_refused_and_named(written, environ, message):
    with pytest.raises(ConfigError, match=message):
        read(written, environ)


def test_lists_and_truths_come_from_the_environment_too():
    settings = read(
        {},
        {
            "MUNIMENT_KINDS_EXTRA": "decree/ukase/Ukase, law/act/Act",
            "MUNIMENT_REVIEW_REQUIRED": "yes",
        },
    )
    assert settings.kinds.extra == ("decree/ukase/Ukase", "law/act/Act")
    assert settings.review.required is True


def test_a_file_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "config.toml").write_text("[site\n")
    with pytest.raises(ConfigError, match=r"config\.toml is not TOML"):
        config.load(tmp_path, {})


def test_a_home_is_found_upward_and_missed_with_advice(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "config.toml").write_text("")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert config.find_home(below) == tmp_path
    with pytest.raises(HomeError, match="make one with 'muniment init"):
        config.find_home(tmp_path.parent)
