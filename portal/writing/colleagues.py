"""Who could answer a case: the people of its unit, by name, for whoever hands out the work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from portal.writing.accounts import subject_of
from portal.writing.acting import Whereabouts
from portal.writing.models import Account, Grant
from portal.writing.models.words import Role
from portal.writing.permissions import Row, allows

WORKING_ROLES = (Role.OFFICIAL, Role.FINANCE)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff, as colleagues know them."""

    account_id: int
    display_name: str


def who_may_work(session: Session, where: Whereabouts) -> tuple[Colleague, ...]:
    """People who may answer a case that lies there, by name."""
    rows = session.exec(
        select(Account)
        .where(
            col(Account.is_disabled).is_(False),
            col(Account.id).in_(
                select(Grant.account_id).where(
                    col(Grant.ended_at).is_(None),
                    col(Grant.role).in_([role.value for role in WORKING_ROLES]),
                )
            ),
        )
        .order_by(col(Account.display_name), col(Account.id))
    ).all()
    place = Row(where)
    return tuple(
        Colleague(row.id or 0, row.display_name)
        for row in rows
        if allows(subject_of(session, row.id or 0), "case", "work", place)
    )


def names_of(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """Display names by account, for the desk only: no public page names a person."""
    wanted = sorted({found for found in account_ids if found is not None})
    rows = session.exec(select(Account.id, Account.display_name).where(col(Account.id).in_(wanted)))
    return {account_id: name for account_id, name in rows if account_id is not None}
