"""The second factor: six digits from an app (TOTP, RFC 6238), thirty seconds each, one step of skew either way.

The secret is kept sealed (AES-GCM) under a key that lies outside the database, bound to its account.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.writing.acting import Entropy
from portal.writing.errors import SealBroken

STEP_SECONDS = 30
SKEW_STEPS = 1
ISSUER = "阳光财政"


@dataclass(frozen=True, slots=True)
class SecretBox:
    """Seals small secrets under one key of 32 octets."""

    key: bytes

    def seal(self, secret: str, owner: str, entropy: Entropy) -> str:
        """The secret sealed for its owner; it cannot be moved to another."""
        nonce = entropy(12)
        sealed = AESGCM(self.key).encrypt(nonce, secret.encode(), owner.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, owner: str) -> str:
        """Raises: SealBroken when it was not sealed by this key for this owner."""
        raw = base64.urlsafe_b64decode(sealed)
        try:
            return AESGCM(self.key).decrypt(raw[:12], raw[12:], owner.encode()).decode()
        except InvalidTag as error:
            raise SealBroken from error


def new_secret(entropy: Entropy) -> str:
    """A fresh secret of 160 bits, as apps take it."""
    return base64.b32encode(entropy(20)).decode()


def address_for_app(secret: str, login: str) -> str:
    """The `otpauth:` address to show as a QR code, once."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def matching_step(secret: str, code: str, at: datetime, last_used: int | None) -> int | None:
    """The time step the code belongs to, or None. Steps up to `last_used` are spent."""
    typed = "".join(code.split())
    now = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        is_fresh = last_used is None or step > last_used
        if is_fresh and hmac.compare_digest(generator.at(step * STEP_SECONDS).encode(), typed.encode()):
            return step
    return None
