"""The small records of a store beside manifests and log, and where each stands."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from publishing.errors import ReleaseError
from publishing.release.manifest import Manifest

CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that is complete and waits for somebody to approve it."""

    manifest: Manifest
    maker: str

    @property
    def number(self) -> int:
        """The number it has reserved."""
        return self.manifest.number

    def to_bytes(self) -> bytes:
        """As it is stored."""
        return json_bytes({"maker": self.maker, "manifest": self.manifest.to_bytes().decode()})

    @classmethod
    def from_bytes(cls, content: bytes) -> Candidate:
        """Read it back."""
        value = json.loads(content)
        return cls(Manifest.from_bytes(value["manifest"].encode()), value["maker"])


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Why a release is no longer offered."""

    number: int
    id: str
    reason: str
    withdrawn_at: datetime

    def to_bytes(self) -> bytes:
        """As it is stored and logged."""
        return json_bytes({**asdict(self), "withdrawn_at": self.withdrawn_at.isoformat(timespec="seconds")})

    @classmethod
    def from_bytes(cls, content: bytes) -> Tombstone:
        """Read it back."""
        value = json.loads(content)
        return cls(**{**value, "withdrawn_at": datetime.fromisoformat(value["withdrawn_at"])})


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something to a release; for officials, never served to the public."""

    number: int
    what: str  # "published", "approved" or "withdrawn"
    maker: str
    by: str
    at: datetime
    note: str = ""

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"acts/{self.number:06d}-{self.what}.json"

    def to_bytes(self) -> bytes:
        """As it is stored."""
        return json_bytes({**asdict(self), "at": self.at.isoformat(timespec="seconds")})

    @classmethod
    def from_bytes(cls, content: bytes) -> Act:
        """Read it back."""
        value = json.loads(content)
        return cls(**{**value, "at": datetime.fromisoformat(value["at"])})


def manifest_path(number: int) -> str:
    """Where the manifest of a release stands."""
    return f"releases/{number:06d}.json"


def tombstone_path(number: int) -> str:
    """Where the tombstone of a release stands."""
    return f"tombstones/{number:06d}.json"


def proof_path(number: int) -> str:
    """Where the proof of a release stands."""
    return f"proofs/{number:06d}.txt"


def candidate_path(number: int) -> str:
    """Where a candidate stands."""
    return f"candidates/{number:06d}.json"


def object_path(sha256: str) -> str:
    """Where an object stands."""
    return f"objects/{sha256[:2]}/{sha256}"


def in_seconds(moment: datetime) -> datetime:
    """A moment without fractions of a second.

    Raises: ReleaseError when it has no time zone.
    """
    if moment.tzinfo is None:
        raise ReleaseError("moments in a release need a time zone; give UTC")
    return moment.replace(microsecond=0)


def json_bytes(value: Any) -> bytes:
    """A record as it is stored."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
