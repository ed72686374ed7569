"""When the phone with the second factor is gone: codes that were put away for that day, and another person's help.

Ten codes of 80 bits are made when a second factor is set up, shown once, and kept as digests. Each lets its owner in
once, in place of the six digits, and still needs the password. Making new ones ends the old ones.

Who has no code left asks an administrator to take the second factor off. Whoever gave the account a link for a new
password lately may not do that as well: the two together are somebody else's whole sign-in, so it takes two people.
"""

from __future__ import annotations

import base64
import re

from sqlmodel import Session, col, func, select

from portal.writing.accounts import account_of
from portal.writing.acting import Work, digest_of
from portal.writing.audit import Change
from portal.writing.database import swap
from portal.writing.errors import InputRefused
from portal.writing.models import RecoveryCode
from portal.writing.permissions import require
from portal.writing.signing_in import account_that_tries, second_factor_was_right
from portal.writing.two_persons import FACTOR_HALF, PASSWORD_HALF, refuse_both_halves

CODES, OCTETS = 10, 10
_BETWEEN = re.compile(r"[\s-]+")


def new_recovery_codes(work: Work, account_id: int) -> tuple[str, ...]:
    """Ten fresh codes, as they are shown: four groups of four. Those from before are ended."""
    ended = _end_all(work, account_id)
    plain = [base64.b32encode(work.rules.entropy(OCTETS)).decode() for _ in range(CODES)]
    for code in plain:
        row = RecoveryCode(account_id=account_id, digest=_digest(code), made_at=work.acting.at)
        work.session.add(row)
    work.tell("account.recovery_codes", "account", account_id, Change("codes", ended, CODES))
    return tuple("-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in plain)


def codes_left(session: Session, account_id: int) -> int:
    """How many codes of the account still work."""
    return session.exec(
        select(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.ended_at).is_(None))
    ).one()


def check_recovery_code(work: Work, account_id: int, typed: str) -> bool:
    """Let a code stand in for the second factor, once. Commit also when it is wrong: the try was counted."""
    if account_that_tries(work, account_id) is None:
        return False
    is_right = swap(
        work.session,
        RecoveryCode,
        col(RecoveryCode.account_id) == account_id,
        col(RecoveryCode.digest) == _digest(typed),
        col(RecoveryCode.ended_at).is_(None),
        ended_at=work.acting.at,
    )
    if not is_right:
        work.tell("sign_in.recovery_code_refused", "account", account_id)
        return False
    second_factor_was_right(work, account_id)
    left = codes_left(work.session, account_id)
    work.tell("sign_in.recovery_code", "account", account_id, Change("codes", left + 1, left))
    return True


def clear_second_factor(work: Work, account_id: int) -> None:
    """The administrator takes a lost second factor off; at the next sign-in a new one must be set up.

    Raises: InputRefused for one's own, so that nobody weakens the account they are signed in with; OwnWork when the
    same person gave the account a link for a new password within a day.
    """
    if not work.acting.is_system:
        require(work.subject, "account", "reset")
        if work.subject.account_id == account_id:
            raise InputRefused("account", "不能取消自己的第二因素；请由另一位管理员办理。")
        refuse_both_halves(work, account_id, PASSWORD_HALF)
    account = account_of(work.session, account_id)
    account.totp_sealed, account.totp_last_step = None, None
    account.session_epoch += 1
    work.session.add(account)
    _end_all(work, account_id)
    work.tell(FACTOR_HALF, "account", account_id, Change("second_factor", "set", None))


def _end_all(work: Work, account_id: int) -> int:
    rows = work.session.exec(
        select(RecoveryCode).where(
            col(RecoveryCode.account_id) == account_id, col(RecoveryCode.ended_at).is_(None)
        )
    ).all()
    for row in rows:
        row.ended_at = work.acting.at
        work.session.add(row)
    return len(rows)


def _digest(typed: str) -> str:
    """Of what was typed, however it was grouped and in whatever case; 0, 1 and 8 are no letters of the alphabet."""
    bare = _BETWEEN.sub("", typed).upper().translate(str.maketrans("018", "OIB"))
    return digest_of(bare)
