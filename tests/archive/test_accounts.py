"""Names, passwords, and the limit on guessing."""

import pytest

from archive import accounts
from archive.config import AccountSettings
from archive.errors import AccountError

SETTINGS = AccountSettings(attempts=3)
GOOD = "correct horse battery"


def test_an_account_opens_with_its_password_alone(catalogue):
    with catalogue.writing() as session:
        account = accounts.add(session, "leyla", "archivist", GOOD, SETTINGS)
        assert accounts.check(session, "leyla", GOOD) == account
        assert accounts.check(session, "leyla", GOOD + "x") is None
        assert accounts.check(session, "nobody", GOOD) is None
        assert accounts.by_number(session, account.account_id) == account
        assert accounts.by_number(session, 99) is None


@pytest.mark.parametrize(
    ("name", "role", "password", "message"),
    [
        ("", "reader", GOOD, "needs a name"),
        ("a\nb", "reader", GOOD, "needs a name"),
        ("a", "king", GOOD, "there is no role 'king'"),
        ("a", "reader", "short", "at least 12 characters"),
        ("taken", "reader", GOOD, "choose another name"),
    ],
)
def test_what_cannot_be_an_account_is_told(catalogue, name, role, password, message):
    with catalogue.writing() as session:
        accounts.add(session, "taken", "reader", GOOD, SETTINGS)
        with pytest.raises(AccountError, match=message):
            accounts.add(session, name, role, password, SETTINGS)


def test_guessing_ends_by_name_and_by_address(catalogue):
    with catalogue.writing() as session:
        for _ in range(3):
            assert not accounts.must_wait(session, "leyla", "10.0.0.1", SETTINGS)
            accounts.note_failure(session, "leyla", "10.0.0.1", SETTINGS)
        assert accounts.must_wait(session, "leyla", "10.9.9.9", SETTINGS)
        assert accounts.must_wait(session, "another", "10.0.0.1", SETTINGS)
        assert not accounts.must_wait(session, "another", "10.9.9.9", SETTINGS)


def test_a_password_can_be_changed(catalogue):
    with catalogue.writing() as session:
        accounts.add(session, "leyla", "archivist", GOOD, SETTINGS)
        assert accounts.set_password(session, "leyla", "another good one")
        assert accounts.check(session, "leyla", GOOD) is None
        assert accounts.check(session, "leyla", "another good one")
        assert not accounts.set_password(session, "nobody", "x")


def test_a_secret_is_made_once(catalogue):
    with catalogue.writing() as session:
        first = accounts.secret(session, "session")
    with catalogue.writing() as session:
        assert accounts.secret(session, "session") == first
        assert accounts.secret(session, "other") != first
