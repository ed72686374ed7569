"""Exact matching against the natural persons of our own payments.

Any number of names: a text is looked at from each of its positions in windows of the lengths that
names beginning with that character have, so a look-up costs the same for ten and a million names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from anonymize.text.folding import fold

_SPACES = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
_SHORTEST = 2


def _canonical(name: str) -> str:
    return _SPACES.sub("", fold(name).strip())


class PayeeNames:
    """The set of known names, folded; of Chinese and of other writing."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(name for name in map(_canonical, names) if len(name) >= _SHORTEST)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[0], set()).add(len(name))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: str) -> bool:
        return _canonical(name) in self._names

    def occurrences(self, folded: str) -> Iterator[tuple[int, int]]:
        """Start and end of every occurrence of a known name, the longest first at each place."""
        for start, character in enumerate(folded):
            for length in self._lengths.get(character, ()):
                end = start + length
                if folded[start:end] in self._names and _is_whole(folded, start, end):
                    yield start, end


def _is_whole(folded: str, start: int, end: int) -> bool:
    """False when a Latin name is a piece of a longer word."""
    begins_inside = (
        start > 0 and folded[start].isascii() and folded[start - 1].isascii() and folded[start - 1].isalnum()
    )
    ends_inside = (
        end < len(folded) and folded[end - 1].isascii() and folded[end].isascii() and folded[end].isalnum()
    )
    return not begins_inside and not ends_inside
