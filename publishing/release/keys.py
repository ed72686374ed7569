"""Ed25519 keys that sign the head of the release log, kept as text in files that only their owner can read.

A private key is one line, `PRIVATE+KEY+name+hash+base64`; a public key `name+hash+base64` (the form of signed notes,
C2SP). `keys/public.key` signs the public log and `keys/internal.key` the internal one; the `.pub` beside each is what
others need for checking.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from publishing.errors import ReleaseError
from publishing.release.standalone_verify import Mismatch, PublicKey

_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A name and a secret; the secret is never shown."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """What others need to check signatures of this key."""
        return PublicKey(
            self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        )

    def signature_line(self, text: str) -> str:
        """The line that goes under a note's text."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.public.key_id + signature).decode()}\n"

    def to_text(self) -> str:
        """The line of the private key file."""
        return f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}+{_encoded(self.seed)}\n"


def public_key_text(key: PublicKey) -> str:
    """The line of the public key file."""
    return f"{key.name}+{key.key_id.hex()}+{_encoded(key.public)}\n"


def new_signing_key(name: str) -> SigningKey:
    """Make a key from the system's randomness."""
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def load_or_create_signing_key(directory: Path, name: str) -> SigningKey:
    """Read `directory/name.key`, or make it together with `name.pub` when there is none.

    Raises: ReleaseError when the file is open to others or does not hold a key.
    """
    path = directory / f"{name}.key"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path, new_signing_key(f"sunshine-{name}").to_text())
    key = load_signing_key(path)
    public = directory / f"{name}.pub"
    if not public.exists():
        _create(public, public_key_text(key.public), mode=0o644)
    return key


def load_signing_key(path: Path) -> SigningKey:
    """Read a private key file.

    Raises: ReleaseError when the file is open to others or does not hold a key.
    """
    if path.stat().st_mode & 0o077:
        raise ReleaseError(f"{path} can be read by others; run: chmod 600 {path}")
    text = path.read_text(encoding="utf-8").strip()
    try:
        name, digits, encoded = text.removeprefix(_PRIVATE).split("+", 2)
        key = SigningKey(name, base64.b64decode(encoded, validate=True)[1:])
        if text.startswith(_PRIVATE) and key.public.key_id.hex() == digits:
            return key
    except (ValueError, binascii.Error):
        pass
    raise ReleaseError(f"{path} does not hold a signing key; restore it from the backup")


def load_public_key(path: Path) -> PublicKey:
    """Read a public key file.

    Raises: ReleaseError when it does not hold one.
    """
    try:
        return PublicKey.parse(path.read_text(encoding="utf-8"))
    except (Mismatch, OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path} does not hold a public key: {error}") from error


def _encoded(content: bytes) -> str:
    return base64.b64encode(b"\x01" + content).decode()


def _create(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a new file whole; when another process was first, its file stays."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(staged, path)
    except FileExistsError:
        pass
    finally:
        staged.unlink(missing_ok=True)
