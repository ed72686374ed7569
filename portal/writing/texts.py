"""Text as it comes in: what cannot be read is taken out, what is too short or too long is refused, what names a person
is scrubbed before anything public sees it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from portal.writing.acting import Rules
from portal.writing.errors import InputRefused

SUBJECT = (2, 80)
TEXT = (5, 5_000)
REASON = (2, 1_000)
# Control characters but for line feed; marks that turn or hide text. Joiners stay: emoji are made with them.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text as it was written (`original`) and as it may be shown (`public`)."""

    original: str
    public: str

    @property
    def was_scrubbed(self) -> bool:
        """Whether something was taken out."""
        return self.original != self.public


def tidy(field: str, text: str, length: tuple[int, int], *, is_one_line: bool = False) -> str:
    """The text in NFC without unreadable characters. Raises: InputRefused when it is too short or too long."""
    shortest, longest = length
    if len(text) > longest * 4:
        raise InputRefused(field, f"最多 {longest:,} 个字，您写了 {len(text):,} 个。请缩短，或分成几件。")
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    readable = _UNREADABLE.sub("", unified)
    readable = " ".join(readable.split()) if is_one_line else _EMPTY_LINES.sub("\n\n", readable).strip()
    if len(readable) < shortest:
        raise InputRefused(field, f"至少写 {shortest} 个字。")
    if len(readable) > longest:
        raise InputRefused(field, f"最多 {longest:,} 个字，您写了 {len(readable):,} 个。请缩短，或分成几件。")
    return readable


def clean(
    rules: Rules, field: str, text: str, length: tuple[int, int], *, is_one_line: bool = False
) -> Cleaned:
    """Tidy and scrub."""
    original = tidy(field, text, length, is_one_line=is_one_line)
    return Cleaned(original, rules.scrub(original).text)


def text_digest(text: str) -> str:
    """The same for texts that differ in spaces, punctuation and case only."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
