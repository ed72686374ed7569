"""The key of what people write: one file of 32 random octets in `keys/`, from which each purpose gets its own.

It seals second factors, makes the pseudonyms of verified persons, the links for leaving, and signs proofs of work. Back
it up apart from the database: whoever has only one of the two learns nothing from it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.writing.acting import Entropy
from portal.writing.proof import ProofPolicy
from portal.writing.totp import SecretBox

OCTETS = 32
FILE = "people.key"


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys by purpose."""

    second_factors: SecretBox
    followers: bytes
    persons: bytes
    proofs: ProofPolicy
    forms: bytes
    steps: SecretBox


def read_keys(home: Path, entropy: Entropy) -> Keys:
    """The keys of a data folder; made when there are none yet, by one of the processes that start together."""
    path = home / "keys" / FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path, entropy(OCTETS))
    secret = path.read_bytes()
    if len(secret) != OCTETS:
        raise ValueError(f"{path} 应为 {OCTETS} 个字节，而不是 {len(secret)}；请从备份恢复。")
    return Keys(
        SecretBox(_derived(secret, "second factors")),
        _derived(secret, "followers"),
        _derived(secret, "persons"),
        ProofPolicy(_derived(secret, "proofs").hex()),
        _derived(secret, "forms"),
        SecretBox(_derived(secret, "steps")),
    )


def _make(path: Path, secret: bytes) -> None:
    """Written whole under another name, then linked: a reader never sees half a key, and the first one stays."""
    draft = path.with_name(f"{FILE}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was faster; its key counts
    finally:
        draft.unlink()


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), OCTETS, salt=None, info=f"sunshine {purpose}".encode()).derive(secret)
