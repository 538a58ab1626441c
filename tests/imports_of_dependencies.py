"""Imports every dependency, so that a broken environment is found when it is made."""

import importlib
import re
import tomllib
from pathlib import Path

NAMES = {
    "argon2-cffi": "argon2",
    "beautifulsoup4": "bs4",
    "faust-cchardet": "cchardet",
    "flask-wtf": "flask_wtf",
    "lxml_html_clean": "lxml_html_clean",
    "pdfminer.six": "pdfminer.high_level",
    "pypandoc_binary": "pypandoc",
    "PyStemmer": "Stemmer",
    "whoosh3": "whoosh",
}
"""Distribution → what is imported of it, where the two differ."""


def main() -> None:
    """Import them; the first that fails ends the program."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    for line in project["dependencies"]:
        name = re.split(r"[<>=\[ ]", line)[0]
        importlib.import_module(NAMES.get(name, name.replace("-", "_")))


if __name__ == "__main__":
    main()
