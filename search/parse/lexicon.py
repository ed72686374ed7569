"""The words of questions themselves: what is asked, of which measure, how things are compared. Data, one phrase list
for each meaning; names of places, classes and projects come from the release's vocabulary instead.

A phrase is matched as written here against the normalized question (simplified, half width, small letters), longest
first. `FILLER` may be left out of a question without changing its answer; nothing else may.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path


class Word(StrEnum):
    """What a word does in a question. The part before the dot groups them; the part after it is the value."""

    FILLER = "filler"
    POLITE = "polite"  # filler too, but never worth reporting
    UNIT_NOUN = "unit_noun"  # 元, 个: may follow a number or 多少
    MEASURE = "measure"
    SUBJECT = "subject"
    LEVEL = "level"
    SPLIT = "split"
    ASK = "ask"
    EXTREME = "extreme"
    AND = "and"
    VERSUS = "versus"
    OF = "of"
    NOT = "not"
    EXCEPT = "except"  # 除了 stands before what it excludes, 以外 after it
    ORDER = "order"  # 从高到低
    PAIR = "pair"  # 预算调整了多少: two measures of one thing
    CHANGE = "change"
    DATE_ROLE = "date_role"
    LIVELIHOOD = "livelihood"
    OWN_LEVEL = "own_level"
    WHOLE = "whole"
    VERB = "verb"
    COUNT = "count"
    REFUSE = "refuse"


_FILE = Path(__file__).with_name("phrases.txt")


def _sections() -> Iterator[tuple[Word, str, str]]:
    """Every phrase of the file with its word and value, in order."""
    word, value = Word.FILLER, ""
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            name, _, value = line.strip("[]").partition(" ")
            word = Word(name)
        elif not line.startswith("#"):
            yield from ((word, value, phrase.strip()) for phrase in line.split("|") if phrase.strip())


def _table() -> dict[str, tuple[tuple[Word, str], ...]]:
    table: dict[str, list[tuple[Word, str]]] = {}
    for word, value, phrase in _sections():
        known = table.setdefault(phrase, [])
        if (word, value) not in known:
            known.append((word, value))
    return {phrase: tuple(meanings) for phrase, meanings in table.items()}


PHRASES: dict[str, tuple[tuple[Word, str], ...]] = _table()
"""Normalized phrase -> what it may mean; the first meaning is preferred."""

LONGEST: dict[str, int] = {}
for _phrase in PHRASES:
    LONGEST[_phrase[0]] = max(LONGEST.get(_phrase[0], 0), len(_phrase))
