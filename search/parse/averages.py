"""高于全省平均, below average: a comparison with a number that is not said but follows from the figures.

What the average is, is settled when the question is answered: a rate or an amount per head of the whole place for rates
and amounts per head, the mean of the members for amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from search.parse.edges import Condition, Edge, Sort, Token
from search.plan import Operator

_WHOSE = "(?P<whose>全省|我省|本省|省里|整个省|省|全市|全县|全区|总体|整体|所有市|各市|各县|各地)?"
_AVERAGE = "(?:平均(?:水平|值|数|线)?|均值)"
_UP = "高于|超过|多于|大于|高过|超出|超"
_DOWN = "低于|少于|不到|不足|小于|不及|达不到|没有?达到|未达到|没到|未达"
_PATTERNS = (
    re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?{_WHOSE}的?{_AVERAGE}"),
    re.compile(
        rf"比{_WHOSE}的?{_AVERAGE}(?:还|要|都|更)?(?:(?P<up>高|多|大)|(?P<down>低|少|小))(?!多少|了?几|百)"
    ),
    re.compile(rf"(?:在|处于)?{_WHOSE}{_AVERAGE}(?:之|以)(?:(?P<up>上)|(?P<down>下))"),
    re.compile(
        r"(?:(?P<up>above|higher than|more than|over)|(?P<down>below|lower than|less than|under)) "
        r"(?:the )?(?P<whose>provincial |province |overall )?average"
    ),
)
_PROVINCE = ("全省", "我省", "本省", "省里", "整个省", "省", "provincial ", "province ")
_MEMBERS = ("所有市", "各市", "各县", "各地")


def averages(text: str, start: int) -> Iterator[Edge]:
    """The comparison with an average that begins at that place."""
    for pattern in _PATTERNS:
        found = pattern.match(text, start)
        if found is None:
            continue
        whose = found["whose"] or ""
        average = "province" if whose in _PROVINCE else "members" if whose in _MEMBERS else "scope"
        operator = Operator.ABOVE if found["up"] else Operator.BELOW
        condition = Condition(operator, Decimal(0), average=average)
        token = Token(Sort.CONDITION, start, found.end(), found.group(), condition=condition)
        yield 0.9, token
