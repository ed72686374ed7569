"""Keys for a larger allowance of the query interface: one small file per key, named by the key's digest.

The key itself is shown once and kept nowhere; it has 256 random bits, so its plain SHA-256 gives nothing away. Taking
the file away ends the key in every process at once. No name and no address is asked for or kept.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = "api-keys"
_KEY = re.compile(rb"sunshine_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys of one home."""

    root: Path

    @classmethod
    def of(cls, home: Path) -> ApiKeys:
        """The keys in `home/api-keys`."""
        return cls(home / FOLDER)

    def make(self, today: date) -> str:
        """A new key. It is in the answer and nowhere else. Raises: OSError."""
        key = f"sunshine_{secrets.token_urlsafe(32)}"
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = os.open(self.root / digest_of(key.encode()), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(place, "w") as file:
            file.write(f"{today.isoformat()}\n")
        return key

    def name_of(self, sent: bytes) -> str | None:
        """The digest of a key that stands; None for anything else."""
        if not _KEY.fullmatch(sent):
            return None
        name = digest_of(sent)
        return name if (self.root / name).exists() else None

    def end(self, sent: bytes) -> bool:
        """End a key. Returns whether it stood."""
        name = self.name_of(sent)
        if name is not None:
            (self.root / name).unlink(missing_ok=True)
        return name is not None


def digest_of(key: bytes) -> str:
    """What a key is kept as."""
    return hashlib.sha256(key).hexdigest()
