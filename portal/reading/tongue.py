"""The language in which a page is being made: Chinese, unless whoever asked wants another.

Findings, subtitles and notes are written where they are found out, so the words of the other language must be at hand
there. `tell` looks a sentence up in the words of the request that is being answered; Chinese is the key, and what is
not listed stays Chinese. Nothing that outlives a request may keep what `tell` returned: what an edition keeps holds
codes and names, the words are put to them when a page is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

_NONE: Mapping[str, str] = {}
_WORDS: ContextVar[Mapping[str, str]] = ContextVar("words", default=_NONE)


@contextmanager
def speaking(words: Mapping[str, str]) -> Iterator[None]:
    """Within it, `tell` speaks with these words (Chinese to the other language); empty: Chinese."""
    token = _WORDS.set(words)
    try:
        yield
    finally:
        _WORDS.reset(token)


def is_chinese() -> bool:
    """Whether the page is being made in Chinese."""
    return not _WORDS.get()


def tell(text: str, *values: object) -> str:
    """A sentence in the language of the page; `values` fill its braces, here or in the translation."""
    said = _WORDS.get().get(text, text)
    return said.format(*values) if values else said


def tell_all(names: Iterable[str]) -> str:
    """Names one after the other: `甲、乙`, `A, B`."""
    return ("、" if is_chinese() else ", ").join(names)


def tell_day(day: date) -> str:
    """A day: `2026年10月31日`, `2026-10-31`."""
    return f"{day:%Y年%-m月%-d日}" if is_chinese() else day.isoformat()


def tell_month(day: date) -> str:
    """The month of a day: `2026年10月`, `2026-10`."""
    return f"{day:%Y年%-m月}" if is_chinese() else f"{day:%Y-%m}"


def apart(*sentences: str) -> str:
    """Sentences as one text; Chinese needs no space between them. Empty ones are left out."""
    return ("" if is_chinese() else " ").join(sentence for sentence in sentences if sentence)
