"""Our own style sheet, script and icon: read once, served from memory at addresses that carry their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".ico": "image/x-icon",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    body: bytes
    media_type: str
    digest: str


class StaticFiles:
    """All files below a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, StaticFile] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in MEDIA_TYPES:
                body = path.read_bytes()
                digest = hashlib.sha256(body).hexdigest()
                name = path.relative_to(folder).as_posix()
                self.files[name] = StaticFile(body, MEDIA_TYPES[path.suffix], digest)

    def address(self, name: str) -> str:
        """The address of a file; it changes with every byte of it."""
        return f"/static/{name}?v={self.files[name].digest[:12]}"

    def get(self, name: str) -> StaticFile | None:
        """The file of that name."""
        return self.files.get(name)
