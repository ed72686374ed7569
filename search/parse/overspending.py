"""超预算的项目, 超支的项目: a comparison with a number that is not said, since it is known: the whole of the budget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from search.parse.edges import Condition, Edge, Sort, Token
from search.plan import Operator

_BEYOND = "(?:(?:超|超过|超出|超了|突破|大于|高于|多于)(?:调整)?(?:后的?)?预算(?:支出|总额)?|超支)"
_MORE_THAN_BUDGET = re.compile(
    rf"(?:支出|已支付|实际支出|花费|花的钱|付款)?(?:已经?)?{_BEYOND}了?(?!多少|几|率|比例|金额|百|一|两|三|\d)"
)


def overspending(text: str, start: int) -> Iterator[Edge]:
    """The words that begin at that place and say that more was paid than was budgeted: an execution rate over 100 %."""
    found = _MORE_THAN_BUDGET.match(text, start)
    if found is not None:
        condition = Condition(Operator.ABOVE, Decimal(100), percent=True, measure="execution_rate")
        yield 0.9, Token(Sort.CONDITION, start, found.end(), found.group(), condition=condition)
