"""Whether a text is Japanese: its organisations look like Chinese names, its persons do not.

Written with kana, or with characters that Japan alone writes so and none that only simplified Chinese
has. In such a text names are not guessed from Chinese surnames; known payees, persons in other
writing and numbers are found as everywhere.
"""

from __future__ import annotations

import re

from anonymize.lists import characters

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_JAPANESE = characters("japanese_spellings")
_SIMPLIFIED = characters("simplified_spellings")


def is_japanese(text: str) -> bool:
    """True for a text that is written in Japanese."""
    found = set(text)
    if not found.isdisjoint(_SIMPLIFIED):
        return False
    return _KANA.search(text) is not None or not found.isdisjoint(_JAPANESE)
