"""What stands beside a name: labels, roles, verbs, forms of address, what is paid to persons.

Scores are added to that of the candidate's own shape; none decides alone except a label with a
colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from anonymize.lists import words
from anonymize.text.folding import NAME_BARRIER, PERSONAL_BARRIERS


def _alternatives(texts: Iterable[str]) -> str:
    """A regular expression for any of `texts`, the longest first."""
    return "|".join(map(re.escape, sorted(set(texts), key=lambda text: (-len(text), text))))


class _Endings:
    """Looks up whether a text ends with one of many words: one set per length, no pattern."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(texts)
        self._lengths = sorted({len(text) for text in self._texts}, reverse=True)

    def before(self, text: str, end: int) -> int:
        """Length of the longest word that ends at `end`, or 0."""
        for length in self._lengths:
            if length <= end and text[end - length : end] in self._texts:
                return length
        return 0

    def after(self, text: str, start: int) -> int:
        """Length of the longest word that begins at `start`, or 0."""
        for length in self._lengths:
            if text[start : start + length] in self._texts:
                return length
        return 0


_LABELS = _Endings(words("labels"))
_ROLES = _Endings(words("roles"))
_VERBS_BEFORE = _Endings(words("verbs_before"))
_HONORIFICS = _Endings(words("honorifics"))
_NOUNS_AFTER = _Endings(words("nouns_after"))
_VERBS_AFTER = _Endings(words("verbs_after"))
_PLACES = _Endings(words("place_suffixes"))

_DELIMITERS = " ,;:、/|()[]{}<>\"'“”‘’《》【】「」\n。!?-+=_*#&…→"
_OPENERS = frozenset(_DELIMITERS)
_LABEL_GAP = re.compile(r"(?:姓名|名字)?(?:为|是|系)?[ :(\[【“\"'=\-]{0,3}$")
_PERSONAL_NUMBER = re.compile(rf"[ ,、|/(:;]{{0,3}}(?:[{PERSONAL_BARRIERS}]|\d{{6}}|[男女][ ,、|;/)]|(?:公民)?身份证|证件号|联系电话|电话|手机|卡号|账号|银行卡|微信|QQ)")
_PERSONAL_NUMBER_BEFORE = re.compile(rf"(?:[{PERSONAL_BARRIERS}]|\d{{6}}[Xx]?)[ ,、|/()]{{0,3}}$")
_COUNT = re.compile(r" ?等? ?(?:共|共计)? ?[0-9一二两三四五六七八九十百]{1,4} ?余?(?:人|名|位|户|家|个人|同志|老师|位同志|名同志|学生|农户|村民)")
_MONEY = re.compile(r" ?[¥￥]? ?\d[\d,]*(?:\.\d{1,2})? ?(?:元|万元|块)")
_PERIOD = re.compile(r" ?(?:20\d\d|\d{1,2})(?:年|月|-\d|/\d|\.\d)")
_ENUMERATION = re.compile(r"[、,，/;和及与 ]{1,2}$")


def is_place_ahead(text: str, end: int) -> bool:
    """True when what follows makes a place, body or thing of the word that ends at `end`."""
    return _PLACES.after(text, end) > 0


def label_score(text: str, start: int) -> float:
    """What a field label or a role directly before `start` is worth."""
    window_start = max(0, start - 24)
    window = text[window_start:start]
    gap = _LABEL_GAP.search(window)
    stem_end = start - len(gap[0]) if gap else start
    has_gap = stem_end < start
    if _LABELS.before(text, stem_end):
        return 4.0 if has_gap else 2.5
    if _ROLES.before(text, stem_end):
        return 2.8 if text[stem_end:start].strip() or not has_gap else 2.0
    return 0.0


def left_score(text: str, start: int) -> float:
    """What everything before `start` says in favour of a name."""
    if start == 0:
        return 0.7
    score = label_score(text, start)
    before = text[start - 1]
    if score:
        return score
    if before == NAME_BARRIER:
        return 0.5
    if before in _OPENERS:
        stem = text[max(0, start - 4) : start].rstrip(" 、,/;和与及")
        if stem.endswith(NAME_BARRIER):
            return 3.0
        if _PERSONAL_NUMBER_BEFORE.search(text[max(0, start - 12) : start]):
            return 1.5
        return 0.6
    if before in "和与及" and text[max(0, start - 2) : start - 1] == NAME_BARRIER:
        return 3.0
    length = _VERBS_BEFORE.before(text, start)
    if length:
        return 1.6 if length > 1 else 1.1
    return -0.6 if not before.isdigit() else 0.0


def right_score(text: str, end: int) -> float:
    """What everything from `end` on says in favour of a name."""
    if end >= len(text):
        return 0.5
    if _COUNT.match(text, end):
        return 2.4
    if _HONORIFICS.after(text, end):
        return 2.4
    if _PERSONAL_NUMBER.match(text, end):
        return 2.6
    if text[end] == NAME_BARRIER or text[end] in "、和与及,/" and text[end + 1 : end + 2] == NAME_BARRIER:
        return 2.0
    if _NOUNS_AFTER.after(text, end):
        return 1.6
    if _MONEY.match(text, end) or _PERIOD.match(text, end):
        return 1.3
    if _VERBS_AFTER.after(text, end):
        return 1.2 if _VERBS_AFTER.after(text, end) > 1 else 0.8
    return 0.4 if text[end] in _OPENERS else -0.4
