"""Our own style sheet, script and icon: read once, served from memory at addresses that carry their digest.

One file is not ours: the chart library, out of the installed plotly package. It is packed once, when it is first
asked for, and sent only to readers who ask for an interactive chart.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".ico": "image/x-icon",
    ".png": "image/png",
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    body: bytes
    media_type: str
    digest: str

    @cached_property
    def packed(self) -> bytes:
        """The file compressed with gzip."""
        return gzip.compress(self.body, 6, mtime=0)


LIBRARY = "plotly.min.js"
QUOTED_OR_NOT = re.compile(r'("[^"]*")|([^"]+)')
NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
LOOSE = re.compile(r"\s*([{};,])\s*")


def tightened(sheet: str) -> str:
    """A style sheet without its comments and the blanks that mean nothing; what is quoted stays as it is."""

    def tight(found: re.Match[str]) -> str:
        return found[1] or LOOSE.sub(r"\1", re.sub(r"\s+", " ", found[2]))

    return QUOTED_OR_NOT.sub(tight, NOTE.sub("", sheet)).strip()


def chart_library() -> Path | None:
    """Where the installed plotly package keeps its script; the package itself is not imported."""
    found = importlib.util.find_spec("plotly")
    folder = Path(found.origin).parent if found is not None and found.origin else None
    path = folder / "package_data" / LIBRARY if folder else None
    return path if path is not None and path.exists() else None


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
        library = chart_library()
        if library is not None:
            body = library.read_bytes()
            # Not `text/`: the doorway would pack its 5 MB anew for every reader.
            digest = hashlib.sha256(body).hexdigest()
            self.files[LIBRARY] = StaticFile(body, "application/javascript", digest)

    def address(self, name: str) -> str:
        """The address of a file; it changes with every byte of it."""
        return f"/static/{name}?v={self.files[name].digest[:12]}"

    @cache  # noqa: B019 - there is one of these for the life of the program
    def sheet(self, name: str) -> str:
        """A style sheet as it stands inside of a page, tightened."""
        return tightened(self.files[name].body.decode())

    def get(self, name: str) -> StaticFile | None:
        """The file of that name."""
        return self.files.get(name)
