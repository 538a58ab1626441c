"""What is written of records into a CSV is read back with the same values."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.records import PLAIN_FIELDS, Dated, Description, Record
from archive.dates import month, parse_edtf
from indexer import sidecar

OTHER = {"title", "kind", "country", "language", "accessed"}
TEXT = st.text(st.characters(codec="utf-8"), max_size=30).map(lambda t: " ".join(t.split()))
NAMES = TEXT.filter(lambda name: name and ";" not in name)


def read_back(description: Description) -> sidecar.Given:
    moment = datetime.now(UTC)
    record = Record(1, "id", "published", "public", moment, moment, description)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "metadata.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            sidecar.write([("a.txt", record, "d" * 64)], out)
        found = sidecar.read(path)
    assert found.problems == ()
    return found.rows["a.txt"]


def test_every_field_is_read_back():
    description = Description(
        title="T", kind="decree", country="AZ", dated=Dated(month(1993, 12), "in_force", "1993-12"),
        number="351-IVQ", issuer="i", language="az", authors=("Ada, B", "C"), publication="P",
        volume="1", issue="2", page_range="3-4", section="s", place="Bakı", session="48",
        publisher="p", source_url="u", accessed=date(2024, 1, 1), archive="A", location="l",
        collection="c", rights="r",
    )  # fmt: skip
    assert read_back(description).over(Description(title="other")) == description


@given(
    st.fixed_dictionaries({name: TEXT for name in PLAIN_FIELDS if name not in OTHER}),
    st.lists(NAMES, max_size=3),
)
def test_whatever_stands_in_a_field_is_read_back(values, authors):
    given = read_back(Description(title="T", authors=tuple(authors), **values))
    assert {name: given.fields.get(name, "") for name in values} == values
    assert given.fields.get("authors", ()) == tuple(authors)


@pytest.mark.parametrize("which", sidecar.WHICH)
@pytest.mark.parametrize(
    "written", ["1993-12-20", "1993-12", "1993", "1993~", "1993-12~", "199X", "1991/1993-06"]
)
def test_dates_are_read_back(written, which):
    when = Dated(parse_edtf(written), which)
    dated = read_back(Description(title="T", dated=when)).fields["dated"]
    assert (dated.date, dated.which) == (when.date, which)
