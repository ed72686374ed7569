"""Proof of work for public forms (altcha): a challenge that is signed by us, solved by the browser, and good once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import altcha
from sqlalchemy import delete
from sqlmodel import col

from portal.writing.acting import Work
from portal.writing.database import insert_once
from portal.writing.errors import ProofRefused
from portal.writing.models import SpentProof

GOOD_FOR = timedelta(minutes=20)
ALGORITHM, ROUNDS, PREFIX = "PBKDF2/SHA-256", 2_000, "00"
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class ProofPolicy:
    """The signing key, and how hard the work is: rounds of the hash, and the prefix the result must start with (hex)."""

    key: str
    rounds: int = ROUNDS
    prefix: str = PREFIX


def new_challenge(policy: ProofPolicy, at: datetime) -> dict[str, Any]:
    """A challenge as the browser's altcha widget takes it (JSON). Its nonce comes from the library."""
    challenge = altcha.create_challenge(
        algorithm=ALGORITHM,
        cost=policy.rounds,
        key_prefix=policy.prefix,
        expires_at=int((at + GOOD_FOR).timestamp()),
        hmac_secret=policy.key,
        derive_key=altcha.derive_key_pbkdf2,
    )
    return challenge.to_dict()


def spend_proof(work: Work, policy: ProofPolicy, payload: str) -> str:
    """Take a solved challenge; returns its digest, which serves as `form_key`. Raises: ProofRefused."""
    solved = _read(payload)
    expires_at = _checked(policy, solved, work.acting.at)
    digest = hashlib.sha256(str(solved.challenge.signature).encode()).hexdigest()
    if insert_once(work.session, SpentProof(digest=digest, expires_at=expires_at)) is None:
        raise ProofRefused
    return digest


def _read(payload: str) -> altcha.Payload:
    if len(payload) > LONGEST:
        raise ProofRefused
    try:
        return altcha.Payload.from_dict(json.loads(base64.b64decode(payload, validate=True)))
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProofRefused from error


def _checked(policy: ProofPolicy, solved: altcha.Payload, at: datetime) -> datetime:
    parameters = solved.challenge.parameters
    is_ours = (parameters.algorithm, parameters.cost, parameters.key_prefix) == (
        ALGORITHM,
        policy.rounds,
        policy.prefix,
    )
    if not is_ours or type(parameters.expires_at) is not int or parameters.expires_at < at.timestamp():
        raise ProofRefused
    try:
        result = altcha.verify_solution(solved, derive_key=altcha.derive_key_pbkdf2, hmac_secret=policy.key)
    except (ValueError, TypeError, OverflowError) as error:
        raise ProofRefused from error
    if not result.verified:  # the library compares the expiry with the machine's clock as well
        raise ProofRefused
    return datetime.fromtimestamp(parameters.expires_at, tz=at.tzinfo)


def sweep_proofs(work: Work) -> None:
    """Forget proofs that have expired by themselves."""
    work.session.connection().execute(delete(SpentProof).where(col(SpentProof.expires_at) < work.acting.at))
