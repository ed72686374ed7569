"""Reads the wheel's dependencies from requirements/base.in, so that they are written down once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface  # type: ignore[import-not-found]


class CustomMetadataHook(MetadataHookInterface):  # type: ignore[misc]
    """Fill `dependencies` from the same list the pins are compiled from."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `dependencies` to every line of base.in that is no comment."""
        lines = (Path(self.root) / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [
            line.strip() for line in lines if line.strip() and not line.startswith("#")
        ]
