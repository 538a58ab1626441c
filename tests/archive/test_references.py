"""What texts refer to is kept, and which record it is, is asked anew each time."""

from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import text

from archive import dates
from archive.access import EVERYTHING, PUBLIC
from archive.catalogue import _alembic, adding, records, references
from archive.catalogue.records import Dated, Description, Item, PageText
from archive.catalogue.references import Filed, Held, Instrument, Mentioned

RESOLUTION = Instrument(
    "number:S/RES/822", "number:S/RES/822", "world", "resolution", number="S/RES/822", country="UN"
)
LAW = Instrument("number:5411|TR|law", "number:5411", "country", "law", number="5411", country="TR")
DECREE = Instrument(
    "number:275|AZ|decree|2014-02-13", "number:275", "day", "decree", number="275", country="AZ",
    date=dates.day(2014, 2, 13),
)  # fmt: skip
BY_DAY = Instrument(
    "|AZ|decree|2014-02-13", "", "day", "decree", country="AZ", date=dates.day(2014, 2, 13)
)
BY_MONTH = Instrument(
    "|AZ|resolution|1994-02", "", "day", "resolution", country="AZ", date=dates.month(1994, 2)
)
HERE = Mentioned("as written", "the passage, as written", 3, 10, 20, 2, 0.9, "reference.number")


def added(session, digest, *, refers=(), known_as=(), state="published", access="public", **about):
    date = about.pop("date", None)
    record = adding.add(
        session,
        accession_id=records.open_accession(session, agent="test", via="command"),
        agent="test",
        description=Description(title="T", dated=Dated(date, "adopted") if date else None, **about),
        findings=[],
        item=Item(digest * 64, "a.txt", 3, "text/plain", "text"),
        embedded=[],
        pages=[PageText(1, "one")],
        state=state,
        access=access,
    )
    filed = Filed(known_as, [(one, HERE) for one in refers])
    references.file(session, {record.record_id: filed}, 1)
    return record.record_id


def decree(session, digest, **more):
    about = {"kind": "decree", "country": "AZ", "date": dates.day(2014, 2, 13)}
    return added(session, digest, **{**about, **more})


def leads_to(session, record_id, labels=EVERYTHING):
    return [one.held for one in references.of_record(session, record_id, labels)]


def wanted_keys(session, **asked):
    return [one.instrument.key for one in references.wanted(session, **asked)[1]]


def test_what_is_filed_reads_back_and_is_replaced(catalogue):
    with catalogue.writing() as session:
        one = added(session, "a", refers=[DECREE, RESOLUTION])
        [first, second] = references.of_record(session, one, EVERYTHING)
        assert (first.instrument, first.mentioned, first.held) == (DECREE, HERE, ())
        assert second.instrument == RESOLUTION
        references.file(session, {one: Filed((), [(LAW, HERE)])}, 2)
        assert [o.instrument for o in references.of_record(session, one, EVERYTHING)] == [LAW]
        assert wanted_keys(session) == [LAW.key]


def test_a_record_that_is_added_later_links_by_itself_and_leaves_the_list(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[RESOLUTION])
        assert leads_to(session, article) == [()]
        assert wanted_keys(session) == [RESOLUTION.key]
        held = added(session, "b", known_as=["number:S/RES/822"], kind="resolution", country="UN")
        assert leads_to(session, article) == [(Held(held, True),)]
        assert wanted_keys(session) == []
        [by] = references.to_record(session, held, PUBLIC)
        assert (by.record_id, by.sure, by.mentioned) == (article, True, HERE)


def test_a_withdrawn_record_is_wanted_again(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[RESOLUTION])
        held = added(session, "b", known_as=["number:S/RES/822"])
        record = records.many(session, [held])[held]
        records.change_state(session, record.public_id, "withdrawn", "test", "why")
        assert leads_to(session, article) == [()]
        assert wanted_keys(session) == [RESOLUTION.key]


def test_what_a_withdrawn_record_refers_to_is_not_wanted(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[RESOLUTION])
        public_id = records.many(session, [article])[article].public_id
        records.change_state(session, public_id, "withdrawn", "test", "why")
        assert wanted_keys(session) == []


@pytest.mark.parametrize(("state", "access"), [("waiting", "public"), ("published", "restricted")])
def test_what_the_public_may_not_see_it_is_not_led_to(catalogue, state, access):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[RESOLUTION])
        held = added(session, "b", known_as=["number:S/RES/822"], state=state, access=access)
        assert leads_to(session, article, PUBLIC) == [()]
        assert leads_to(session, article) == [(Held(held, True),)]
        assert references.to_record(session, held, PUBLIC) == []
        hidden = added(session, "c", refers=[LAW], state=state, access=access)
        law = added(session, "d", known_as=[LAW.known_as], country="TR", kind="law")
        assert references.to_record(session, law, PUBLIC) == []
        assert [one.record_id for one in references.to_record(session, law, EVERYTHING)] == [hidden]


def test_a_hidden_candidate_does_not_make_another_doubtful(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[BY_DAY])
        open_one = decree(session, "b")
        decree(session, "c", access="restricted")
        assert leads_to(session, article, PUBLIC) == [(Held(open_one, True),)]
        assert all(not one.sure for one in leads_to(session, article)[0])
        assert [one.sure for one in references.to_record(session, open_one, PUBLIC)] == [True]


def test_who_may_not_read_a_text_is_not_told_what_it_refers_to(catalogue):
    with catalogue.writing() as session:
        held = added(session, "b", known_as=["number:S/RES/822"])
        added(session, "a", refers=[RESOLUTION], access="text_withheld")
        assert references.to_record(session, held, PUBLIC) == []
        assert len(references.to_record(session, held, EVERYTHING)) == 1


def test_two_languages_of_one_number_are_both_it(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[RESOLUTION])
        both = [added(session, one, known_as=["number:S/RES/822"]) for one in "bc"]
        assert leads_to(session, article) == [tuple(Held(one, True) for one in both)]


def test_of_several_on_one_day_none_is_sure_but_the_only_one_of_its_kind(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[BY_DAY])
        first = decree(session, "b")
        assert leads_to(session, article) == [(Held(first, True),)]
        decree(session, "c", kind="order")
        assert leads_to(session, article) == [(Held(first, True),)]
        third = decree(session, "d")
        assert [one.sure for one in leads_to(session, article)[0]] == [False] * 3
        assert third in [one.record_id for one in leads_to(session, article)[0]]


@pytest.mark.parametrize(
    ("instrument", "about", "sure"),
    [
        (LAW, {"known_as": ["number:5411"], "country": "TR", "kind": "law"}, True),
        (LAW, {"known_as": ["number:5411"], "country": "TR", "kind": "code"}, True),
        (LAW, {"known_as": ["number:5411"], "country": "TR"}, True),
        (LAW, {"known_as": ["number:5411"]}, False),
        (LAW, {"known_as": ["number:5411"], "country": "AZ", "kind": "law"}, None),
        (LAW, {"known_as": ["number:5411"], "country": "TR", "kind": "decree"}, False),
        (LAW, {"country": "TR", "kind": "law"}, None),
        (DECREE, {"known_as": ["number:275"], "date": dates.day(2014, 2, 13)}, True),
        (DECREE, {"known_as": ["number:275"], "date": dates.year(2014)}, True),
        (DECREE, {"known_as": ["number:275"], "date": dates.day(2013, 2, 13)}, None),
        (DECREE, {"known_as": ["number:275"], "date": None}, False),
        (DECREE, {"date": dates.day(2014, 2, 13)}, True),
        (DECREE, {"date": dates.day(2014, 2, 13), "number": "276"}, None),
        (BY_DAY, {"date": dates.day(2014, 2, 13), "number": "276"}, True),
        (BY_DAY, {"date": dates.month(2014, 2)}, None),
        (BY_DAY, {"date": dates.day(2014, 2, 13), "kind": "law"}, None),
        (BY_DAY, {"date": dates.day(2014, 2, 13), "country": "TR"}, None),
        (BY_MONTH, {"date": dates.day(1994, 2, 24), "kind": "decision"}, True),
        (BY_MONTH, {"date": dates.day(1994, 3, 1), "kind": "decision"}, None),
        (RESOLUTION, {"known_as": ["number:S/RES/822"], "country": "AZ"}, True),
    ],
)  # fmt: skip
def test_which_record_an_instrument_is(catalogue, instrument, about, sure):
    if instrument in (DECREE, BY_DAY, BY_MONTH):
        about = {"kind": "decree", "country": "AZ", **about}
    with catalogue.writing() as session:
        article = added(session, "a", refers=[instrument])
        held = added(session, "b", **about)
        expected = () if sure is None else (Held(held, sure),)
        assert leads_to(session, article) == [expected]
        assert wanted_keys(session) == ([] if sure else [instrument.key])


def test_another_date_of_a_record_will_do(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[DECREE])
        held = decree(
            session, "b", known_as=["number:275"], date=dates.day(2014, 2, 20),
            other_dates=(Dated(dates.day(2014, 2, 13), "in_force"),),
        )  # fmt: skip
        assert leads_to(session, article) == [(Held(held, True),)]


def test_a_record_does_not_lead_to_itself(catalogue):
    with catalogue.writing() as session:
        one = decree(session, "a", refers=[BY_DAY])
        assert leads_to(session, one) == [()]
        assert references.to_record(session, one, EVERYTHING) == []


def test_what_most_refer_to_is_wanted_first_and_can_be_narrowed(catalogue):
    with catalogue.writing() as session:
        added(session, "a", refers=[LAW, RESOLUTION])
        added(session, "b", refers=[RESOLUTION])
        total, [first, second] = references.wanted(session)
        assert total == 2
        assert (first.instrument, first.records) == (RESOLUTION, 2)
        assert (second.instrument, second.records, second.mentioned) == (LAW, 1, HERE)
        assert wanted_keys(session, country="TR") == [LAW.key]
        assert wanted_keys(session, country="unknown") == []
        assert wanted_keys(session, parent="resolution") == [RESOLUTION.key]
        assert wanted_keys(session, limit=1, offset=1) == [LAW.key]
        assert references.wanted_by_country(session) == {"TR": 1, "UN": 1}


def test_what_one_text_says_of_an_instrument_does_not_show_at_another(catalogue):
    full = replace(LAW, issuer="Meclis", date=dates.day(2005, 10, 19))
    with catalogue.writing() as session:
        added(session, "a", refers=[full], access="restricted")
        bare = added(session, "b", refers=[LAW])
        [one] = references.of_record(session, bare, PUBLIC)
        assert one.instrument == LAW
        [row] = references.wanted(session)[1]
        assert (row.instrument, row.records) == (full, 2)


def test_a_new_number_leads_to_the_record_by_it(catalogue):
    with catalogue.writing() as session:
        article = added(session, "a", refers=[RESOLUTION])
        held = added(session, "b", known_as=["number:S/RES/823"])
        assert leads_to(session, article) == [()]
        references.rename(session, {held: ["number:S/RES/822"]})
        assert leads_to(session, article) == [(Held(held, True),)]


def test_the_migration_goes_down_and_up_again(catalogue):
    with catalogue.writing() as session:
        added(session, "a", refers=[LAW])
    with catalogue._writing_engine.connect() as connection:
        command.downgrade(_alembic(connection), "0001")
        connection.commit()
        tables = {row[0] for row in connection.execute(text("SELECT name FROM sqlite_master"))}
        assert not {"instrument", "reference", "known_as"} & tables
        connection.rollback()
        command.upgrade(_alembic(connection), "head")
        connection.commit()
    with catalogue.reading() as session:
        assert records.count(session) == 1
        assert references.not_looked_through(session, 1, 10) == [1]
