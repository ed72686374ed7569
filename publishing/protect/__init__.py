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
from publishing.protect.tables import PastRelease, Protected, attack_releases, protect


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
        return PolicyFile(parse_policy(content), content)
    except PolicyRefused as error:
        raise PolicyError(f"{name}: {error}") from error


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
