"""Word lists of the text scrubber: surnames, given-name characters, cues, places.

Plain text files beside this module, written for this project. A line that starts with `#` is a
comment; a *character list* is every character of the other lines, a *word list* is what stands
between white space.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

_FOLDER = resources.files(__name__)


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of list `name`, in the order of the file, each once."""
    text = _FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(dict.fromkeys(word for line in lines for word in line.split()))


@cache
def characters(name: str) -> frozenset[str]:
    """The single characters of list `name`."""
    return frozenset("".join(words(name)))
