"""One way of writing: what two people type differently becomes the same text, letter by letter.

Full width becomes half width, traditional characters simplified ones, capitals small letters, control characters
and emoji blanks. Each letter of the result remembers where it came from, so that an answer can quote the words
of the question as they were written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import opencc

_BLANK_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Zs", "Zl", "Zp", "Mn", "Me"})
_REPLACED = {
    "〇": "零",
    "○": "零",
    "～": "~",
    "〜": "~",
    "—": "-",
    "–": "-",
    "−": "-",
    "。": ".",
    "【": "(",
    "】": ")",
    "〔": "(",
    "〕": ")",
}
_QUOTES = frozenset("\"'“”‘’「」『』《》〈〉`´")


@dataclass(frozen=True, slots=True)
class Normalized:
    """A question in its normal form; `origins[i]` is the place in `original` where letter i of `text` came from."""

    original: str
    text: str
    origins: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The words of the original behind `text[start:end]`."""
        if start >= end:
            return ""
        return self.original[self.origins[start] : self.origins[end - 1] + 1]


def normalize(original: str) -> Normalized:
    """Bring a question into its normal form. Never fails, whatever the text."""
    letters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(original):
        for letter in _letters(character):
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            origins.append(place)
    while letters and letters[-1] == " ":
        letters.pop()
        origins.pop()
    return Normalized(original, "".join(letters), tuple(origins))


def normal_lines(names: Sequence[str]) -> list[str]:
    """The normal forms of many names at once: each different letter is looked up only once."""
    if not names:
        return []
    joined = "\n".join(name.replace("\n", " ") for name in names)
    changes = {ord(letter): _letters(letter) for letter in set(joined) if letter != "\n"}
    blanks = re.sub(r" +", " ", joined.translate(changes))
    return re.sub(r" ?\n ?", "\n", blanks).strip(" ").split("\n")


def normal(text: str) -> str:
    """The normal form alone, for names that are compared with questions."""
    return normalize(text).text


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _letters(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    folded = unicodedata.normalize("NFKC", character).lower()
    return "".join(_simplified(letter) for letter in folded) or " "


def _simplified(letter: str) -> str:
    if letter in _QUOTES or unicodedata.category(letter) in _BLANK_CATEGORIES:
        return " "
    if not "㐀" <= letter <= "鿿":
        return letter
    converted: str = _converter().convert(letter)
    return converted if len(converted) == 1 else letter
