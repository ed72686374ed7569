"""Coming in: password, then the second factor where the role asks for one.

Guessing is slowed down by login and source together, by source, and by login for sources that never got in before.
So a flood from elsewhere does not lock anybody out of a machine they use, and changing the source does not help much.
Whether the login exists shows neither in the words nor in the time taken.

The hash is compared between two short units of work: argon2 must not hold a lock of the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from portal.writing import throttle
from portal.writing.accounts import account_of, subject_of
from portal.writing.acting import Acting, Rules, Work
from portal.writing.audit import Change
from portal.writing.database import Database, swap
from portal.writing.errors import TooMany
from portal.writing.models import Account, KnownSource
from portal.writing.passwords import hash_password, is_password, needs_rehash
from portal.writing.throttle import Limit
from portal.writing.totp import SecretBox, address_for_app, matching_step, new_secret

MINUTES = 60
BY_LOGIN_AND_SOURCE = Limit("sign-in login+source", 10, 15 * MINUTES)
BY_SOURCE = Limit("sign-in source", 50, 15 * MINUTES)
BY_LOGIN_FROM_STRANGERS = Limit("sign-in login from strangers", 20, 15 * MINUTES)
SECOND_FACTOR = Limit("second factor", 5, 5 * MINUTES)


class Outcome(StrEnum):
    """How a try to sign in ended."""

    REFUSED = "refused"
    IN = "in"
    NEEDS_CODE = "needs_code"
    NEEDS_SET_UP = "needs_set_up"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome; `account_id` is set unless it was refused. NEEDS_SET_UP: a second factor must be set up first."""

    outcome: Outcome
    account_id: int | None = None
    must_change_password: bool = False


REFUSED = SignIn(Outcome.REFUSED)


def check_credentials(database: Database, rules: Rules, acting: Acting, login: str, password: str) -> SignIn:
    """Try a login and password. Raises: TooMany. `acting.origin` is the address of the source."""
    folded = login.strip().casefold()[:200]
    with database.writing() as session:
        account = session.exec(select(Account).where(col(Account.login) == folded)).one_or_none()
        wait = _wait(session, acting.at, folded, acting.origin, account)
    if wait:
        raise TooMany(wait)
    kept = None if account is None or account.is_disabled else account.password_hash
    is_right = is_password(kept, password)
    with database.writing() as session:
        work = Work(session, acting, rules)
        if account is None or account.id is None or not is_right:
            work.tell("sign_in.refused", "login", _digest(folded), Change("result", None, "refused"))
            return REFUSED
        return _came_in(work, account.id, folded, password)


def _wait(session: Session, at: datetime, login: str, source: str, account: Account | None) -> int:
    """Count this try on every limit that applies; the longest time to wait."""
    waits = [
        throttle.take(session, BY_LOGIN_AND_SOURCE, at, login, source),
        throttle.take(session, BY_SOURCE, at, source),
    ]
    known = account is not None and session.get(KnownSource, (account.id, _digest(source))) is not None
    if not known:
        waits.append(throttle.take(session, BY_LOGIN_FROM_STRANGERS, at, login))
    return max(waits)


def _came_in(work: Work, account_id: int, login: str, password: str) -> SignIn:
    account = account_of(work.session, account_id)
    if account.is_disabled:
        return REFUSED
    throttle.forget(work.session, BY_LOGIN_AND_SOURCE, login, work.acting.origin)
    if account.password_hash and needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    work.tell("sign_in.password", "account", account_id, Change("result", None, "right"))
    is_staff = subject_of(work.session, account_id).is_staff
    if account.totp_sealed is not None:
        return SignIn(Outcome.NEEDS_CODE, account_id, account.must_change_password)
    if is_staff:
        return SignIn(Outcome.NEEDS_SET_UP, account_id, account.must_change_password)
    remember_source(work, account_id)
    return SignIn(Outcome.IN, account_id, account.must_change_password)


def check_code(work: Work, box: SecretBox, account_id: int, code: str) -> bool:
    """Check the second factor. A code works once. Commit also when it is wrong: the try was counted."""
    account = account_that_tries(work, account_id)
    if account is None or account.totp_sealed is None:
        return False
    secret = box.open(account.totp_sealed, f"account {account_id}")
    step = matching_step(secret, code, work.acting.at, account.totp_last_step)
    if step is None or not _spend(work, account, step):
        work.tell("sign_in.code_refused", "account", account_id)
        return False
    second_factor_was_right(work, account_id)
    work.tell("sign_in.code", "account", account_id, Change("result", None, "right"))
    return True


def account_that_tries(work: Work, account_id: int) -> Account | None:
    """Count a try at the second factor; None after too many, or when there is no factor to prove."""
    if throttle.take(work.session, SECOND_FACTOR, work.acting.at, str(account_id)):
        work.tell("sign_in.code_throttled", "account", account_id)
        return None
    account = account_of(work.session, account_id)
    return None if account.totp_sealed is None or account.is_disabled else account


def second_factor_was_right(work: Work, account_id: int) -> None:
    """Forget the tries, and know where from this account is used."""
    throttle.forget(work.session, SECOND_FACTOR, str(account_id))
    remember_source(work, account_id)


def _spend(work: Work, account: Account, step: int) -> bool:
    """Mark the step as used; False when another request was faster with the same code."""
    last = col(Account.totp_last_step)
    return swap(
        work.session,
        Account,
        col(Account.id) == account.id,
        (last.is_(None)) | (last < step),
        totp_last_step=step,
    )


def start_second_factor(rules: Rules, login: str) -> tuple[str, str]:
    """A fresh secret and the address for the app. Keep the secret in the session until the first code proves it."""
    secret = new_secret(rules.entropy)
    return secret, address_for_app(secret, login)


def confirm_second_factor(work: Work, box: SecretBox, account_id: int, secret: str, code: str) -> bool:
    """Set up, or replace, the second factor once a code shows that the app has it."""
    step = matching_step(secret, code, work.acting.at, None)
    if step is None:
        return False
    account = account_of(work.session, account_id)
    account.totp_sealed = box.seal(secret, f"account {account_id}", work.rules.entropy)
    account.totp_last_step = step
    account.session_epoch += 1
    work.session.add(account)
    remember_source(work, account_id)
    work.tell("account.second_factor", "account", account_id, Change("second_factor", None, "set"))
    return True


def remember_source(work: Work, account_id: int) -> None:
    """The account got in from here."""
    source = _digest(work.acting.origin)
    work.session.merge(KnownSource(account_id=account_id, source_digest=source, seen_at=work.acting.at))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
