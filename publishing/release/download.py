"""Fetch from a running portal what is needed to check a release or one file of it, into a folder.

Understood are the addresses of a file (`…/datasets/spending@7/spending.csv`) and of a release (`…/releases/7`).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from publishing.errors import ReleaseError

_FILE = re.compile(r"(?P<base>.*)/datasets/[^/@]+@(?P<number>\d+)/(?P<name>[^/]+)")
_RELEASE = re.compile(r"(?P<base>.*)/releases/(?P<number>\d+)(/.*)?")
SECONDS = 60


def is_address(target: str) -> bool:
    """Whether a command's argument is an address rather than a path."""
    return target.startswith(("http://", "https://"))


def fetch_for_verifying(address: str, folder: Path) -> Path:
    """Download manifest, proof, public key and the file, if one is named; return what is to be verified.

    Raises: ReleaseError when the address is not understood or does not answer.
    """
    parts = urlsplit(address)
    found = _FILE.fullmatch(parts.path) or _RELEASE.fullmatch(parts.path)
    if found is None:
        raise ReleaseError(
            f"{address}: give the address of a file of a numbered release (…/datasets/NAME@N/NAME.csv) or …/releases/N"
        )
    base = f"{parts.scheme}://{parts.netloc}{found['base']}"
    for name in ("manifest.json", "manifest.proof"):
        _download(f"{base}/releases/{found['number']}/{name}", folder / name)
    _download(f"{base}/log/key", folder / "portal.pub")
    if "name" not in found.groupdict():
        return folder
    target = folder / Path(unquote(found["name"])).name
    _download(address, target)
    return target


def _download(address: str, target: Path) -> None:
    request = Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310 - http and https only, see is_address
    try:
        with urlopen(request, timeout=SECONDS) as answer, target.open("wb") as file:  # noqa: S310 - likewise
            shutil.copyfileobj(answer, file)
    except (URLError, OSError) as error:
        raise ReleaseError(f"{address} does not answer: {error}") from error
