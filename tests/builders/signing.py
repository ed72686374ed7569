"""What the pages of sign-in show, for tests."""

from __future__ import annotations

import re

_RECOVERY_CODE = re.compile(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>")


def codes_on(page: str) -> list[str]:
    """The recovery codes on a page."""
    return _RECOVERY_CODE.findall(page)
