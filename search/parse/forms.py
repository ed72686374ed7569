"""The form of an answer: a number, parts, a table, the top, a rank, a share, a change, a count, a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search.parse.comparing import (
    change_form,
    is_change,
    is_pair,
    is_two_times,
    larger_of_several,
    later_or_earlier,
    pair,
    two_measures,
)
from search.parse.counting import conditional, count_members, exists_form, list_form
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    ROW_KEYS,
    Scene,
    refuse,
)
from search.parse.shares import share_form
from search.parse.tables import (
    average_form,
    parts_by_time,
    parts_form,
    per_period,
    rank_form,
    ranked_member,
    spread_form,
    table_form,
    top_form,
    trend_form,
)
from search.parse.timing import make_reading, timed
from search.parse.yearly_changes import is_yearly_change, yearly_changes
from search.plan import TIME_COLUMNS, Measure, Operator, Statistic
from search.vocabulary import Kind

_Wanted = Callable[[Cube, Meaning], bool]
_Make = Callable[[Cube, Meaning, Scene], Reading]


def shape(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Choose the form and make the reading.

    Raises: NoRoute when the form does not fit the data.
    """
    if cube.by and cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能对一个维度逐个列出；请先去掉一个并列的条件。")
    make = next((make for wanted, make in _FORMS if wanted(cube, meaning)), _amount)
    reading = make(cube, meaning, scene)
    _refuse_unused(reading, meaning)
    return reading


_OF_MONEY = frozenset({"spending", "spending_monthly", "spending_by_organisation", "fund_flow"})
_COUNTED = ("个", "份", "家", "%", "人")
_ALWAYS_USED = frozenset(
    {"howmuch", "money", "which", "signed", "who", "altogether", "apart", "ratio", "stock", "winners"}
)
_USED: dict[Form, frozenset[str]] = {
    Form.AMOUNT: frozenset({"howmany", "perhead", "average", "exists", "list"}),
    Form.COUNT: frozenset({"howmany", "list", "perhead"}),
    Form.EXISTS: frozenset({"exists", "howmany", "list", "perhead"}),
    Form.LIST: frozenset({"list"}),
    Form.PARTS: frozenset({"perhead", "howmany", "list", "larger", "smaller"}),
    Form.TABLE: frozenset({"perhead", "rank", "list", "trend", "share", "average", "median", "howmany"}),
    Form.TOP: frozenset({"perhead", "rank", "list", "larger", "smaller", "trend"}),
    Form.RANK: frozenset({"perhead", "rank", "howmany"}),
    Form.LARGER: frozenset({"perhead", "larger", "smaller"}),
    Form.DIFFERENCE: frozenset({"perhead", "larger", "smaller", "times"}),
    Form.TIMES: frozenset({"perhead", "times"}),
    Form.CHANGE: frozenset({"perhead", "larger", "smaller", "trend"}),
    Form.CHANGES: frozenset({"perhead", "rank", "list", "trend", "howmany", "exists"}),
    Form.SPREAD: frozenset({"perhead", "list", "times", "larger", "smaller"}),
    Form.PER_PERIOD: frozenset({"perhead", "each_year", "each_quarter", "each_month", "average"}),
    Form.GROWTH: frozenset({"perhead", "trend", "share"}),
    Form.SHARE: frozenset({"share", "howmany"}),
    Form.SHARES: frozenset({"share", "howmany", "list", "trend", "rank"}),
    Form.SHARE_CHANGE: frozenset({"share", "trend", "larger", "smaller"}),
}
_USES_EXTREME = (Form.SPREAD, Form.TOP, Form.RANK, Form.TABLE, Form.CHANGES, Form.SHARES)
_USES_CHANGE = (
    Form.SPREAD,
    Form.SHARE_CHANGE,
    Form.CHANGE,
    Form.GROWTH,
    Form.DIFFERENCE,
    Form.TIMES,
    Form.CHANGES,
)


def _refuse_unused(reading: Reading, meaning: Meaning) -> None:
    """What was asked must have been used: nothing that was said may be dropped on the way.

    Raises: NoRoute naming what has no place.
    """
    _refuse_unused_asks(reading, meaning)
    if meaning.extreme and reading.form not in _USES_EXTREME and not reading.plan.order:
        raise refuse(
            Code.NOT_UNDERSTOOD, "没有看懂“最多”“最少”要用在什么上；请说明是各市、各县、各部门还是各项目。"
        )
    if meaning.change and reading.form not in _USES_CHANGE:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要和什么比较；请说明是哪两个时间，或者哪两个对象。")
    if meaning.versus and reading.form not in (*_USES_CHANGE, Form.LARGER, Form.PARTS):
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要和什么比较；请说明是哪两个时间，或者哪两个对象。")
    if meaning.skip and reading.form not in (Form.TOP, Form.CHANGES, Form.SHARES):
        raise refuse(
            Code.NOT_UNDERSTOOD, "没有看懂“第几多”要用在什么上；请说明是各市、各县、各部门还是各项目。"
        )
    if meaning.baseline is not None and reading.form not in _USES_CHANGE:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要和哪个时间比较。")
    settled_later = reading.attribute.startswith("average:")
    if meaning.conditions and not (reading.plan.having or settled_later or _has_conditions(reading, meaning)):
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个比较要用在什么上。")
    several_years = any(item.column == "fiscal_year" for item in reading.plan.filters)
    if (
        len(meaning.times) > 1
        and not several_years
        and reading.form
        in (Form.AMOUNT, Form.COUNT, Form.EXISTS, Form.LIST, Form.TOP, Form.RANK, Form.SHARE, Form.TABLE)
    ):
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个时间；可以分开来问，或者问两个时间相比变化多少。")


def _refuse_unused_asks(reading: Reading, meaning: Meaning) -> None:
    counted = reading.unit in _COUNTED
    if meaning.has("money") and counted and reading.form in (Form.COUNT, Form.AMOUNT, Form.EXISTS):
        raise refuse(Code.NOT_UNDERSTOOD, "数量和金额是两个数，请分开来问，一次问一个。")
    if meaning.has("howmany") and reading.form is Form.AMOUNT and reading.plan.dataset in _OF_MONEY:
        raise refuse(
            Code.NOT_IN_DATA, "这里问的是个数，而数据里只有金额；可以问支出多少元，或者问某个绩效指标。"
        )
    unused = meaning.asks - _ALWAYS_USED - _USED.get(reading.form, frozenset())
    if counted and reading.form is Form.TOP:
        unused -= {"howmany"}  # 中标最多的公司中了几个标
    if unused:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问题里的几个要求怎样放在一起；请一次只问一件事。")


def _has_conditions(reading: Reading, meaning: Meaning) -> bool:
    compared = [
        item
        for item in reading.plan.filters
        if item.operator in (Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST)
    ]
    return len(compared) >= len(meaning.conditions)


# ---------------------------------------------------------------- periods


# ---------------------------------------------------------------- one number


def _amount(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """One number, or the rows or groups it has, when nothing else was asked."""
    if meaning.extreme or meaning.top is not None:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂要在哪些对象里找最多或最少的：请说明是各市、各县、各部门还是各项目。",
        )
    plan, span, times = timed(cube, meaning, scene)
    other = _other_than_one(cube, meaning)
    if other is not None:
        return other(cube, meaning, scene)
    form = Form.COUNT if cube.column == "rows" else Form.AMOUNT
    reading = make_reading(form, cube, plan, span, times, meaning)
    if form is Form.AMOUNT and meaning.has("howmany") and cube.dataset in ROW_KEYS:
        counted = replace(plan, measures=(Measure("*", Statistic.COUNT),))
        return replace(reading, base=counted)  # 签了几份合同，金额多少
    return reading


def _other_than_one(cube: Cube, meaning: Meaning) -> _Make | None:
    if cube.by:
        return table_form
    if cube.dataset in ROW_KEYS and (meaning.has("list", "which") or _asks_rows(cube, meaning)):
        return list_form
    if meaning.has("exists"):
        return exists_form
    if cube.several and (cube.column != "rows" or meaning.has("apart")):
        return parts_form
    if len(meaning.times) > 1 and cube.dataset in TIME_COLUMNS and cube.column != "rows":
        return parts_by_time
    return None


def _is_year_by_year(cube: Cube, meaning: Meaning) -> bool:
    """近三年分别是多少: a number for each year, where nothing else is named that could be told one by one."""
    spans = [time.period for time in meaning.times if time.period is not None]
    years = len(spans) == 1 and spans[0].is_whole_years and len(spans[0].years) > 1
    return meaning.has("apart") and years and not cube.several and not cube.by


def _asks_rows(cube: Cube, meaning: Meaning) -> bool:
    """中了哪些合同: the contracts themselves."""
    named = {"projects": "project", "contracts": "contract", "suppliers": "supplier"}
    return cube.column == "rows" and named.get(cube.dataset) in meaning.splits


def _are_ranked(cube: Cube, meaning: Meaning) -> bool:
    """A、B、C从高到低: the things named, in order."""
    return len(cube.several) == 1 and not cube.by and not meaning.change and not meaning.versus


def _ranked_things(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    ((column, _),) = cube.several
    return table_form(replace(cube, by=(column,), several=()), meaning, scene)


# ---------------------------------------------------------------- which form

_FORMS: tuple[tuple[_Wanted, _Make], ...] = (
    (lambda _cube, meaning: meaning.measure == "places", count_members),
    (lambda _cube, meaning: meaning.spread, spread_form),
    (
        lambda _cube, meaning: (
            meaning.has("rank")
            and not meaning.level
            and meaning.top is None
            and (
                (len(meaning.of(Kind.REGION)) == 1 and not meaning.splits)
                or ranked_member(meaning) is not None
            )
        ),
        rank_form,
    ),
    (lambda cube, meaning: meaning.has("rank") and _are_ranked(cube, meaning), _ranked_things),
    (lambda _cube, meaning: meaning.has("share") or meaning.whole is not None, share_form),
    (lambda _cube, meaning: meaning.has("each_year", "each_quarter", "each_month"), per_period),
    (lambda _cube, meaning: bool(meaning.second_measure), two_measures),
    (is_yearly_change, yearly_changes),
    (is_pair, pair),
    (is_two_times, later_or_earlier),
    (is_change, change_form),
    (
        lambda cube, meaning: (
            bool({"year", "month", "quarter"} & set(meaning.splits))
            or meaning.has("trend")
            or _is_year_by_year(cube, meaning)
        ),
        trend_form,
    ),
    (
        lambda _cube, meaning: (
            meaning.has("average", "median") and not meaning.extreme and not meaning.conditions
        ),
        average_form,
    ),
    (
        lambda cube, meaning: meaning.has("larger", "smaller") and bool(cube.several),
        larger_of_several,
    ),
    (lambda _cube, meaning: bool(meaning.conditions), conditional),
    (lambda _cube, meaning: bool(meaning.extreme), top_form),
    (lambda cube, meaning: bool(cube.by) and meaning.has("rank"), table_form),
)
