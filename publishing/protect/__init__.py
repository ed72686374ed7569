"""Applies `anonymize` to every table: no table reaches a public release except through here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from anonymize.errors import PolicyError as PolicyRefused
from anonymize.policy import Policy
from anonymize.policy import read_policy as parse_policy
from publishing.errors import PolicyError
from publishing.protect.apply import unprotected
from publishing.protect.recorded import MEASURES
from publishing.protect.tables import PastRelease, Protected, attack_releases, protect
from publishing.specs.tables import PAYEE_GROUPS

CLOSED = {"secret", "internal"}
"""Secrecy of projects that stand in no public row."""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A checked policy and the bytes it was read from, which are published with the release."""

    policy: Policy
    source: bytes


def default_policy() -> PolicyFile:
    """The reviewed policy that ships with the program."""
    return _checked(files("publishing").joinpath("policy.toml").read_bytes(), "publishing/policy.toml")


def read_policy(path: Path) -> PolicyFile:
    """Read a policy file.

    Raises: PolicyError with the place and what to do.
    """
    return _checked(path.read_bytes(), str(path))


def _checked(content: bytes, name: str) -> PolicyFile:
    try:
        policy = parse_policy(content)
    except PolicyRefused as error:
        raise PolicyError(f"{name}: {error}") from error
    _refuse_what_is_not_done(policy, name)
    return PolicyFile(policy, content)


def _refuse_what_is_not_done(policy: Policy, name: str) -> None:
    """A setting that publishing would not follow is refused rather than passed over."""
    strange = sorted(set(policy.protected_kinds) - set(PAYEE_GROUPS))
    if strange:
        raise PolicyError(
            f"{name}: protected.payee_kinds: {strange[0]!r} is none of {', '.join(PAYEE_GROUPS)}"
        )
    if set(policy.protected_secrecy) != CLOSED:
        raise PolicyError(
            f"{name}: protected.secrecy must be {sorted(CLOSED)}: secret and internal projects are never public"
        )
    if policy.measures and set(policy.measures) != set(MEASURES):
        raise PolicyError(
            f"{name}: protected.measures must be {sorted(MEASURES)} or be left out: all are protected"
        )
    unknown = {one.dimension for one in policy.known_by_law} - {"economic_code", "contracts"}
    if unknown:
        raise PolicyError(
            f"{name}: known_by_law.dimension: {min(unknown)!r} is neither economic_code nor contracts"
        )


__all__ = [
    "PastRelease",
    "PolicyFile",
    "Protected",
    "attack_releases",
    "default_policy",
    "protect",
    "read_policy",
    "unprotected",
]
