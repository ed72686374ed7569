"""Why something is allowed or denied, for oneself; for others only for those who may read accounts.

Where the object belongs is told by whoever asks, or taken from an object they can see anyway: so the answer never
shows whether something exists that is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from portal.writing.accounts import account_id_of, subject_of
from portal.writing.acting import Subject, Whereabouts
from portal.writing.errors import NotThere
from portal.writing.models import AlertHandling, Case
from portal.writing.models.words import PUBLIC_STATUSES
from portal.writing.permissions import (
    ALERT_COLUMNS,
    CASE_COLUMNS,
    Explanation,
    Row,
    require,
    scope_clause,
    why,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of permission. `key` names a case or an alert; without it `where` says where the object would lie."""

    resource: str
    action: str
    field: str | None = None
    login: str = ""
    key: str = ""
    where: Whereabouts | None = None


def explain_access(session: Session, subject: Subject, asked: Asked) -> Explanation:
    """Which rule allows it, or what each is missing.

    Raises: NotAllowed to ask about somebody else; NotThere for a login or an object that does not exist, or is not to
    be seen by whoever asks.
    """
    whose = subject
    if asked.login:
        require(subject, "account", "read")
        whose = subject_of(session, account_id_of(session, asked.login))
    row = _row(session, subject, asked) if asked.key else Row(where=asked.where)
    return why(whose, asked.resource, asked.action, row, asked.field)


def _row(session: Session, subject: Subject, asked: Asked) -> Row:
    if asked.resource == "case":
        scope = scope_clause(subject, "case", "read", CASE_COLUMNS)
        case = session.exec(select(Case).where(col(Case.number) == asked.key, scope)).one_or_none()
        if case is None:
            raise NotThere
        is_public = case.status in {status.value for status in PUBLIC_STATUSES}
        return Row(Whereabouts(case.unit_id, case.sector, case.region_path), case.asker_id, is_public)
    if asked.resource == "alert":
        scope = scope_clause(subject, "alert", "read", ALERT_COLUMNS)
        found = select(AlertHandling).where(col(AlertHandling.alert_id) == asked.key, scope)
        alert = session.exec(found).one_or_none()
        if alert is None:
            raise NotThere
        return Row(Whereabouts(alert.unit_id, alert.sector, alert.region_path))
    raise NotThere
