"""The lines between `---` on top of a Markdown file: what its writer says of it."""

import re

LINES_MAX = 300

_PAIR = re.compile(r"([A-Za-z_][\w \-]{0,60}):(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)$")


def split(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return the names and values of the front matter, and the text below it.

    Reads the plain part of YAML that people write: `name: value`, quoted or not, and
    lists of either form. Text without front matter comes back as it is.
    """
    lines = text.lstrip("\ufeff").split("\n", LINES_MAX)
    if lines[0].rstrip() != "---":
        return [], text
    pairs: list[tuple[str, str]] = []
    name = ""
    for at, raw in enumerate(lines[1:LINES_MAX], 1):
        line = raw.rstrip()
        if line in {"---", "..."}:
            return (pairs, "\n".join(lines[at + 1 :])) if name else ([], text)
        if match := _PAIR.match(line):
            name = match[1]
            pairs += [(name, value) for value in _values(match[2] or "")]
        elif name and (match := _ITEM.match(line)):
            pairs.append((name, _unquoted(match[1])))
        elif name and line.startswith((" ", "\t")):
            pairs.append((name, _unquoted(line.strip())))
        elif line and not line.startswith("#"):
            return [], text  # a rule across the page, and then prose
    return [], text


def _values(value: str) -> list[str]:
    value = value.strip()
    if value in {"", "|", ">", "|-", ">-"}:
        return []
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(part) for part in value[1:-1].split(",") if part.strip()]
    return [_unquoted(value)]


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
