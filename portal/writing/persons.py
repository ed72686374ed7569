"""Verified persons, without their identity.

A check that can be exchanged says who somebody is, and what is kept of the answer is a keyed pseudonym. The same person gets the same one, so a second account or a second rating is noticed.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from portal.writing.accounts import become_citizen, create_account, set_password
from portal.writing.acting import Work
from portal.writing.errors import InputRefused
from portal.writing.inputs import AccountIn


class PersonCheck(Protocol):
    """Asks somebody who knows (a unified sign-in, a code by text message, …) whether a claim is true."""

    def identity_of(self, claim: str) -> str | None:
        """The verified identity behind the claim, or None. It is hashed at once and never stored."""
        ...


@dataclass(frozen=True, slots=True)
class IssuedCodes:
    """The check of demos and small offices: codes handed out in person, each standing for one person."""

    codes: frozenset[str]

    def identity_of(self, claim: str) -> str | None:
        """The code itself, when it is one of ours."""
        return claim if claim in self.codes else None


def person_key(identity: str, key: bytes) -> str:
    """The pseudonym of a verified identity."""
    return hmac.new(key, f"person {identity}".encode(), hashlib.sha256).hexdigest()


def register_citizen(work: Work, wanted: AccountIn, password: str, verified: str | None) -> int:
    """Somebody makes an account for themselves; `verified` is their pseudonym, or None for an unverified one.

    Raises: InputRefused when signed in already; WeakPassword; AlreadyDone when the login or the person has an account.
    """
    if work.subject.account_id is not None:
        raise InputRefused("login", "您已经登录；请先退出再注册。")
    account_id = create_account(work, wanted, verified)
    set_password(work, account_id, password)
    become_citizen(work, account_id)
    return account_id
