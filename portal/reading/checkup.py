"""Whether this machine is fit to serve: what `sunshine doctor` reports."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.reading.shelf import Shelf
from portal.settings import Settings
from publishing.errors import ReleaseError
from publishing.release.store import ReleaseStore

LEAST_FREE_OCTETS = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how it stands."""

    subject: str
    is_well: bool
    detail: str

    def to_json(self) -> dict[str, Any]:
        """The finding for a program."""
        return asdict(self)


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at home folder, free space and releases. Reads only."""
    return (_home(settings.home), _space(settings.home), _releases(settings.home))


def _home(home: Path) -> Finding:
    if home.is_dir():
        return Finding("数据目录", is_well=True, detail=str(home))
    return Finding("数据目录", is_well=False, detail=f"{home} 不存在；先发布一次，或用 --home 指明。")


def _space(home: Path) -> Finding:
    existing = next((folder for folder in (home, *home.absolute().parents) if folder.exists()), Path("/"))
    free = shutil.disk_usage(existing).free
    is_well = free >= LEAST_FREE_OCTETS
    advice = "" if is_well else "，少于 500 MB，发布可能写不下"
    return Finding("剩余空间", is_well, f"{free / 1e9:.1f} GB{advice}")


def _releases(home: Path) -> Finding:
    try:
        release = Shelf(ReleaseStore(home / "public")).open_current()
    except ReleaseError as error:
        return Finding("发布", is_well=False, detail=str(error))
    if release is None:
        return Finding("发布", is_well=False, detail="还没有发布；用 sunshine publish 或 sunshine demo。")
    if release.degraded_reason:
        return Finding("发布", is_well=False, detail=f"在用第 {release.number} 号：{release.degraded_reason}")
    return Finding("发布", is_well=True, detail=f"第 {release.number} 号完好，数据截至 {release.as_of}")
