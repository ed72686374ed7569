"""Where one installation keeps its releases, keys and index: SUNSHINE_HOME."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from publishing.release.keys import SigningKey, load_or_create_signing_key
from publishing.release.store import ReleaseStore


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one installation; nothing is made until it is written to."""

    root: Path

    @property
    def public(self) -> ReleaseStore:
        """The store of public releases."""
        return ReleaseStore(self.root / "public")

    @property
    def internal(self) -> ReleaseStore:
        """The store of internal releases; the public process never opens it."""
        return ReleaseStore(self.root / "internal")

    @property
    def search(self) -> Path:
        """Folder of the search indexes, one per release."""
        return self.root / "search"

    def key(self, audience: str) -> SigningKey:
        """The signing key of one store, made at first use."""
        return load_or_create_signing_key(self.root / "keys", audience)
