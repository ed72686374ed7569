"""What one person alone may not do: both halves of a reset, which together are somebody else's whole sign-in."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from portal.writing.acting import Work
from portal.writing.errors import OwnWork
from portal.writing.models import LogEntry

APART = timedelta(hours=24)
"""For so long the person who did one half may not do the other."""

PASSWORD_HALF, FACTOR_HALF = "account.reset_link", "account.second_factor_cleared"


def refuse_both_halves(work: Work, account_id: int, other_half: str) -> None:
    """Raises: OwnWork when whoever acts did the other half of a reset of the account within a day.

    The operation log is asked: nobody can change what it says.
    """
    if work.acting.is_system:
        return
    did = work.session.exec(
        select(LogEntry.sequence)
        .where(
            col(LogEntry.action) == other_half,
            col(LogEntry.object_kind) == "account",
            col(LogEntry.object_key) == str(account_id),
            col(LogEntry.actor_id) == work.subject.account_id,
            col(LogEntry.at) > work.acting.at - APART,
        )
        .limit(1)
    ).first()
    if did is not None:
        raise OwnWork(
            "您在 24 小时内已为这个账户办理了另一半（重设密码或取消第二因素）。"
            "两样都由一个人办，等于能以他的名义登录；请由另一位管理员办理。"
        )
