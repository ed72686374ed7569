"""Hints for the person who moderates. A hint refuses nothing: people decide."""

from __future__ import annotations

import re
from collections import Counter

_LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|top|xyz|vip)\b", re.IGNORECASE)
_SELLING = re.compile(r"加微信|加V|兼职|日结|贷款|代开发票|博彩|彩票|返利|刷单|低价出售|包过")


def spam_hints(subject: str, text: str, same_text_before: int) -> tuple[str, ...]:
    """What looks like spam, in words."""
    whole = f"{subject}\n{text}"
    hints = []
    if same_text_before:
        hints.append(f"近期有 {same_text_before} 件文字相同")
    if len(_LINK.findall(whole)) >= 3:
        hints.append("链接多")
    if _SELLING.search(whole):
        hints.append("像广告")
    commonest = Counter(text).most_common(1)
    if len(text) >= 20 and commonest and commonest[0][1] > len(text) * 0.5:
        hints.append("同一字符重复")
    return tuple(hints)
