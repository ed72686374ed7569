"""Accounts and what they are granted. Every change is the administrator's, or one's own, and is logged.

There is no default account: the first administrator comes from the command line with a one-time password.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from portal.writing.acting import Held, Subject, Work, digest_of
from portal.writing.audit import Change
from portal.writing.database import insert_once, swap
from portal.writing.errors import AlreadyDone, InputRefused, LinkRefused, NotThere
from portal.writing.inputs import AccountIn, GrantIn
from portal.writing.models import Account, ExternalIdentity, Grant, OneTimeToken
from portal.writing.models.words import GRANTABLE, Role, TokenPurpose
from portal.writing.passwords import check_password, hash_password
from portal.writing.permissions import require
from portal.writing.two_persons import FACTOR_HALF, PASSWORD_HALF, refuse_both_halves

LINK_LASTS = timedelta(hours=24)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


@dataclass(frozen=True, slots=True)
class AccountOut:
    """An account as the administrator and the command line see it."""

    id: int
    login: str
    display_name: str
    is_disabled: bool
    has_second_factor: bool
    must_change_password: bool
    created_at: datetime
    grants: tuple[GrantOut, ...]


@dataclass(frozen=True, slots=True)
class GrantOut:
    """A grant that is in force."""

    id: int
    held: Held


def folded_login(login: str) -> str:
    """The login as it is kept. Raises: InputRefused when it cannot be one."""
    folded = login.strip().casefold()
    if not _LOGIN.fullmatch(folded):
        raise InputRefused("login", "用户名为 2 至 64 个小写字母、数字或 . _ @ -，以字母或数字开头。")
    return folded


def create_account(work: Work, wanted: AccountIn, person_key: str | None = None) -> int:
    """A new account without a password; give it an invitation or a one-time password. Returns its id.

    Raises: AlreadyDone when the login, or the verified person, has an account.
    """
    login = folded_login(wanted.login)
    name = wanted.display_name.strip()
    if not 1 <= len(name) <= 64:
        raise InputRefused("display_name", "显示名称为 1 至 64 个字。")
    row = Account(
        login=login,
        display_name=name,
        person_key=person_key,
        created_at=work.acting.at,
        created_by=work.subject.account_id,
    )
    account_id = insert_once(work.session, row)
    if account_id is None:
        raise AlreadyDone("这个用户名已被使用，或此人已有账户。")
    work.tell("account.create", "account", account_id, Change("login", None, login))
    return account_id


def invite(work: Work, wanted: AccountIn, grants: Sequence[GrantIn]) -> str:
    """The administrator makes an account with its grants; returns the token of the link to send, good for 24 hours."""
    require(work.subject, "account", "invite")
    account_id = create_account(work, wanted)
    for grant in grants:
        give(work, account_id, grant)
    return _link(work, account_id, TokenPurpose.INVITATION)


def reset_link(work: Work, account_id: int) -> str:
    """A link by which a person chooses a new password; it does not skip the second factor.

    Raises: OwnWork when the same person took the account's second factor off within a day.
    """
    require(work.subject, "account", "reset")
    refuse_both_halves(work, account_id, FACTOR_HALF)
    account_of(work.session, account_id)
    work.tell(PASSWORD_HALF, "account", account_id)
    return _link(work, account_id, TokenPurpose.RESET)


def _link(work: Work, account_id: int, purpose: TokenPurpose) -> str:
    token = work.token()
    work.session.add(
        OneTimeToken(
            digest=digest_of(token),
            purpose=purpose,
            account_id=account_id,
            created_at=work.acting.at,
            expires_at=work.acting.at + LINK_LASTS,
        )
    )
    return token


def redeem_link(work: Work, token: str, password: str) -> int:
    """Choose a password by an invitation or reset link. Returns the account. Raises: LinkRefused, WeakPassword."""
    at = work.acting.at
    link = work.session.exec(
        select(OneTimeToken).where(
            col(OneTimeToken.digest) == digest_of(token),
            col(OneTimeToken.used_at).is_(None),
            col(OneTimeToken.expires_at) > at,
        )
    ).one_or_none()
    account = None if link is None else work.session.get(Account, link.account_id)
    if link is None or account is None or account.is_disabled:
        raise LinkRefused
    check_password(password, account.login)
    if not swap(
        work.session,
        OneTimeToken,
        col(OneTimeToken.id) == link.id,
        col(OneTimeToken.used_at).is_(None),
        used_at=at,
    ):
        raise LinkRefused
    set_password(work, link.account_id, password)
    return link.account_id


def one_time_password(work: Work, account_id: int) -> str:
    """A fresh password to hand over once; it must be changed at the first sign-in. For the command line."""
    if not work.acting.is_system:
        require(work.subject, "account", "reset")
    password = base64.b32encode(work.rules.entropy(15)).decode().lower()
    set_password(work, account_id, password, must_change=True)
    return password


def set_password(work: Work, account_id: int, password: str, *, must_change: bool = False) -> None:
    """Replace a password; every session of the account ends, and links still under way die."""
    account = account_of(work.session, account_id)
    check_password(password, account.login)
    account.password_hash = hash_password(password)
    account.must_change_password = must_change
    account.session_epoch += 1
    work.session.add(account)
    links = select(OneTimeToken).where(
        col(OneTimeToken.account_id) == account_id, col(OneTimeToken.used_at).is_(None)
    )
    for link in work.session.exec(links):
        link.used_at = work.acting.at
    work.tell("account.password", "account", account_id)


def give(work: Work, account_id: int, wanted: GrantIn) -> int:
    """Grant a role. Nobody grants to himself. Returns the id of the grant."""
    if not work.acting.is_system:
        require(work.subject, "account", "grant")
        if work.subject.account_id == account_id:
            raise InputRefused("account", "不能给自己授权，请由另一位管理员办理。")
    if wanted.role not in GRANTABLE:
        raise InputRefused("role", f"{wanted.role} 不是可以授予的角色。")
    if not 1 <= wanted.clearance <= 12:
        raise InputRefused("clearance", f"密级为 1 至 12，而不是 {wanted.clearance}。")
    account_of(work.session, account_id)
    return _grant(work, account_id, wanted)


def become_citizen(work: Work, account_id: int) -> int:
    """The one role nobody has to grant: that of an account somebody made for themselves."""
    return _grant(work, account_id, GrantIn(role=Role.CITIZEN))


def _grant(work: Work, account_id: int, wanted: GrantIn) -> int:
    row = Grant(
        account_id=account_id,
        role=wanted.role,
        clearance=wanted.clearance,
        unit_id=wanted.unit_id,
        region_code=wanted.region_code,
        sector=wanted.sector,
        granted_at=work.acting.at,
        granted_by=work.subject.account_id,
    )
    work.session.add(row)
    work.session.flush()
    work.tell(
        "account.grant",
        "account",
        account_id,
        *(Change(name, None, str(value)) for name, value in wanted.model_dump().items() if value is not None),
    )
    return row.id or 0


def take_back(work: Work, grant_id: int) -> None:
    """End a grant."""
    require(work.subject, "account", "grant")
    open_grant = (col(Grant.id) == grant_id, col(Grant.ended_at).is_(None))
    if not swap(work.session, Grant, *open_grant, ended_at=work.acting.at, ended_by=work.subject.account_id):
        raise NotThere
    work.tell("account.grant_ended", "grant", grant_id, Change("ended", False, after=True))


def disable(work: Work, account_id: int) -> None:
    """Close an account: every session and link of it is dead from the commit on."""
    if not work.acting.is_system:
        require(work.subject, "account", "disable")
    account = account_of(work.session, account_id)
    account.is_disabled = True
    account.session_epoch += 1
    work.session.add(account)
    work.tell("account.disable", "account", account_id, Change("is_disabled", False, after=True))


def link_identity(work: Work, account_id: int, issuer: str, subject: str) -> None:
    """Let somebody of an OpenID Connect provider sign in as the account. Raises: AlreadyDone."""
    row = ExternalIdentity(issuer=issuer, subject=subject, account_id=account_id, linked_at=work.acting.at)
    if insert_once(work.session, row) is None:
        raise AlreadyDone("这个外部身份已经关联了账户。")
    work.tell("account.link_identity", "account", account_id, Change("issuer", None, issuer))


def account_by_identity(session: Session, issuer: str, subject: str) -> int | None:
    """The account somebody of a provider stands for, unless it is disabled."""
    return session.exec(
        select(ExternalIdentity.account_id)
        .join(Account, col(Account.id) == col(ExternalIdentity.account_id))
        .where(
            col(ExternalIdentity.issuer) == issuer,
            col(ExternalIdentity.subject) == subject,
            col(Account.is_disabled).is_(False),
        )
    ).one_or_none()


def account_of(session: Session, account_id: int) -> Account:
    """The row of an account, for this package only. Raises: NotThere."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotThere
    return account


def account_id_of(session: Session, login: str) -> int:
    """The account of a login. Raises: NotThere."""
    account_id = session.exec(
        select(Account.id).where(col(Account.login) == login.strip().casefold())
    ).one_or_none()
    if account_id is None:
        raise NotThere
    return account_id


def subject_of(session: Session, account_id: int) -> Subject:
    """Somebody with the grants that are in force now; a disabled account holds nothing."""
    account = account_of(session, account_id)
    grants = () if account.is_disabled else grants_of(session, account_id)
    return Subject(account_id, tuple(grant.held for grant in grants), account.person_key)


def grants_of(session: Session, account_id: int) -> tuple[GrantOut, ...]:
    """Grants of an account that have not ended."""
    rows = session.exec(
        select(Grant)
        .where(col(Grant.account_id) == account_id, col(Grant.ended_at).is_(None))
        .order_by(col(Grant.id))
    )
    return tuple(
        GrantOut(row.id or 0, Held(Role(row.role), row.clearance, row.unit_id, row.region_code, row.sector))
        for row in rows
    )


def list_accounts(session: Session, subject: Subject, *, is_system: bool = False) -> tuple[AccountOut, ...]:
    """All accounts with their grants, by login."""
    if not is_system:
        require(subject, "account", "read")
    return tuple(
        AccountOut(
            id=row.id or 0,
            login=row.login,
            display_name=row.display_name,
            is_disabled=row.is_disabled,
            has_second_factor=row.totp_sealed is not None,
            must_change_password=row.must_change_password,
            created_at=row.created_at,
            grants=grants_of(session, row.id or 0),
        )
        for row in session.exec(select(Account).order_by(col(Account.login)))
    )
