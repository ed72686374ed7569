"""超预算的项目, 超支的项目: a comparison with a number that is not said, since it is known: the whole of the budget.

超预算了吗 asks for the number itself, the execution rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from search.parse.edges import Condition, Edge, Sort, Token
from search.parse.lexicon import Word
from search.plan import Operator

_BEYOND = "(?:(?:超|超过|超出|超了|突破|大于|高于|多于)(?:调整)?(?:后的?)?预算(?:支出|总额)?|超支)"
_MORE_THAN_BUDGET = re.compile(
    rf"(?:支出|已支付|实际支出|花费|花的钱|付款)?(?:已经?)?{_BEYOND}了?(?!多少|几|率|比例|金额|百|一|两|三|\d)"
)

_IS_IT_OVER = re.compile(
    r"(?:(?:是否|是不是|有没有|有无)(?:已经?)?(?:超了?预算|超支|超出预算|超过预算)了?吗?|(?:超了?预算|超支|超出预算|超过预算)了?(?:吗|没有|没))(?!的)"
)


def overspending(text: str, start: int) -> Iterator[Edge]:
    """The words that begin at that place and say, or ask whether, more was paid than was budgeted."""
    asked = _IS_IT_OVER.match(text, start)
    if asked is not None:
        word, value = Word.MEASURE, "execution_rate"
        yield 0.8, Token(Sort.PHRASE, start, asked.end(), asked.group(), word=word, value=value)
    found = _MORE_THAN_BUDGET.match(text, start)
    if found is not None:
        condition = Condition(Operator.ABOVE, Decimal(100), percent=True, measure="execution_rate")
        yield 0.9, Token(Sort.CONDITION, start, found.end(), found.group(), condition=condition)
