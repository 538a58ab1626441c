"""People who sign in: names, roles, passwords, and the limit on guessing."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from archive.access import ROLES, Role
from archive.catalogue.models import AccountRow, SecretRow, SignInRow, now
from archive.config import AccountSettings
from archive.errors import AccountError

# argon2id with the parameters of RFC 9106, section 4, second recommendation: 64 MiB.
_HASHER = PasswordHasher()
# Each check takes 64 MiB: a burst of sign-ins must not take the machine's memory.
_CHECKS_AT_ONCE = BoundedSemaphore(4)
# Checked for a name that is not held, so that it takes as long as one that is.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    account_id: int
    name: str
    role: Role


def add(
    session: Session, name: str, role: str, password: str, settings: AccountSettings
) -> Account:
    """Add an account; AccountError says what is wrong with the name, role or password."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise AccountError("an account needs a name of 1 to 100 printable characters")
    if role not in ROLES:
        raise AccountError(f"there is no role {role!r}; roles: {', '.join(ROLES)}")
    if len(password) < settings.password_min_chars:
        raise AccountError(f"a password needs at least {settings.password_min_chars} characters")
    if session.scalar(select(AccountRow).where(AccountRow.name == name)):
        raise AccountError(f"there is an account {name!r} already; choose another name")
    row = AccountRow(name=name, role=role, password_hash=_hash(password), created_at=now())
    session.add(row)
    session.flush()
    return _account(row)


def set_password(session: Session, name: str, password: str) -> bool:
    """Give an account another password; False where there is no such account."""
    row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    if row is None:
        return False
    row.password_hash = _hash(password)
    return True


def by_number(session: Session, account_id: int) -> Account | None:
    """Return the account, or None where it is no more."""
    row = session.get(AccountRow, account_id)
    return None if row is None else _account(row)


def must_wait(session: Session, name: str, address: str, settings: AccountSettings) -> bool:
    """Whether this name or address has failed so often that it must wait."""
    since = now() - timedelta(minutes=settings.attempts_minutes)
    failed = session.scalar(
        select(func.count())
        .select_from(SignInRow)
        .where(SignInRow.at > since, or_(SignInRow.name == name, SignInRow.address == address))
    )
    return (failed or 0) >= settings.attempts


def check(session: Session, name: str, password: str) -> Account | None:
    """Return the account if the password is its own. Takes as long for a name not held."""
    name = unicodedata.normalize("NFC", name).strip()
    row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    with _CHECKS_AT_ONCE:
        try:
            _HASHER.verify(row.password_hash if row else _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return None
    return _account(row) if row else None


def note_failure(session: Session, name: str, address: str, settings: AccountSettings) -> None:
    """Note a failed sign-in, and forget those too old to count."""
    since = now() - timedelta(minutes=settings.attempts_minutes)
    session.execute(delete(SignInRow).where(SignInRow.at <= since))
    session.add(SignInRow(at=now(), name=name[:100], address=address))


def secret(session: Session, name: str) -> str:
    """Return the archive's secret of this name, made on first use. Needs a writing session."""
    row = session.get(SecretRow, name)
    if row is None:
        row = SecretRow(name=name, value=secrets.token_hex(32))
        session.add(row)
    return row.value


def _hash(password: str) -> str:
    with _CHECKS_AT_ONCE:
        return _HASHER.hash(password)


def _account(row: AccountRow) -> Account:
    return Account(row.account_id, row.name, row.role)  # type: ignore[arg-type]
