"""What a browser carries between two steps of signing in: sealed, short-lived, and of no use to anybody else.

The seal hides and authenticates it. It names the epoch of the account, so that a step begun before a password was
changed, or the account disabled, leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from litestar.datastructures import Cookie
from sqlmodel import Session

from portal.web.form_tokens import STEP, made_cookie, read_cookie
from portal.web.writing_room import AnyRequest, WritingRoom
from portal.writing.errors import NotThere, SealBroken
from portal.writing.models import Account

SECONDS = 600
_OWNER = "sign-in step"


@dataclass(frozen=True, slots=True)
class Step:
    """A step under way. `kind`: `code`, `set_up`, or `provider`; `next_path` is where to go when it is done.

    `secret` holds the second factor that is being set up, or what a provider's answer is checked against.
    """

    kind: str
    account_id: int
    epoch: int
    begun_at: int
    next_path: str
    secret: str = ""


def carried(room: WritingRoom, step: Step) -> Cookie:
    """The cookie of a step."""
    sealed = room.keys.steps.seal(msgspec.json.encode(step).decode(), _OWNER, room.rules.entropy)
    return made_cookie(room, STEP, sealed.rstrip("="), seconds=SECONDS)


def step_of(request: AnyRequest, room: WritingRoom, kind: str) -> Step | None:
    """The step the browser is in; None when there is none of that kind, or it took too long."""
    sealed = read_cookie(request, room, STEP)
    if not sealed:
        return None
    try:
        opened = room.keys.steps.open(sealed + "=" * (-len(sealed) % 4), _OWNER)
        step = msgspec.json.decode(opened, type=Step)
    except (SealBroken, ValueError, IndexError):
        return None
    is_young = 0 <= room.clock().timestamp() - step.begun_at <= SECONDS
    return step if step.kind == kind and is_young else None


def account_in_step(session: Session, step: Step) -> Account:
    """The account of the step, unchanged since it was begun. Raises: NotThere."""
    account = session.get(Account, step.account_id)
    if account is None or account.is_disabled or account.session_epoch != step.epoch:
        raise NotThere
    return account
