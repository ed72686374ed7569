"""Other ways to write a question that was not understood: without blanks between letters, short words in full.

Only writings that mean the same are tried, and only when the question as it stands has no reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = "[\\u4e00-\\u9fff]"
_BETWEEN = re.compile(rf"(?<={_HAN})[ \u3000]+(?={_HAN}|\d)|(?<=\d)[ \u3000]+(?={_HAN})")
_IN_FULL = (("职教", "职业教育"), ("疾控", "疾病预防控制"), ("卫健", "卫生健康"), ("环卫", "环境卫生"))


def other_writings(question: str) -> Iterator[str]:
    """The same question in other writings, each differing from it."""
    joined = _BETWEEN.sub("", question)
    if joined != question:
        yield joined
    full = joined
    for short, long in _IN_FULL:
        if long not in full:
            full = full.replace(short, long)
    if full != joined:
        yield full
