"""Word lists of the text scrubber: surnames, given-name characters, cues, places.

Plain text files beside this module, written for this project. A line that starts with `#` is a
comment; a *character list* is every character of the other lines, a *word list* is what stands
between white space, a *list of weights* has a number in front of the characters of each line.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

_FOLDER = resources.files(__name__)


def _lines(name: str) -> list[str]:
    text = _FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of list `name`, in the order of the file, each once."""
    return tuple(dict.fromkeys(word for line in _lines(name) for word in line.split()))


@cache
def characters(name: str) -> frozenset[str]:
    """The single characters of list `name`."""
    return frozenset("".join(words(name)))


@cache
def weights(name: str) -> dict[str, float]:
    """The number of each single character of list `name`."""
    lines = (line.split() for line in _lines(name))
    return {character: float(number) for number, text in lines for character in text}


@cache
def named_weights(name: str) -> dict[str, float]:
    """The number in front of each name of list `name`."""
    lines = (line.split() for line in _lines(name))
    return {thing: float(number) for number, *things in lines for thing in things}
