"""The one query grammar: what search box, charts, answers and API all ask for.

A `Plan` names one published dataset and either lists its rows or sums its measures into groups. It says nothing
about where the rows are (`publishing.release.query` runs it) and nothing about HTTP, but it has a canonical form
as flat parameters, which is the query string of the API: `column=value`, `column__gte=value`, `measure=paid`,
`group_by=region_code`, `sort=-paid`, `limit=5`. Values are text in the units of the API (money in yuan).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from search.errors import UnfitValue, UnknownName

RESERVED = ("select", "sort", "limit", "group_by", "measure")
TIME_COLUMNS = {
    "spending": "fiscal_year",
    "spending_monthly": "month",
    "spending_by_organisation": "fiscal_year",
    "fund_flow": "fiscal_year",
    "project_months": "month",
    "contracts": "signed_on",
    "indicators": "fiscal_year",
    "outputs": "fiscal_year",
    "participation": "quarter",
    "coverage": "fiscal_year",
}
"""The column in which a dataset tells time; datasets without one hold the latest state only."""


class Operator(StrEnum):
    """How a filter compares; the text is the suffix of the parameter's name."""

    EQUALS = ""
    NOT = "ne"
    ABOVE = "gt"
    AT_LEAST = "gte"
    BELOW = "lt"
    AT_MOST = "lte"
    CONTAINS = "contains"
    IS_NULL = "isnull"


class Statistic(StrEnum):
    """What is made of a measure over the rows of a group."""

    SUM = "sum"
    MEAN = "mean"
    LEAST = "min"
    MOST = "max"
    COUNT = "count"


@dataclass(frozen=True, slots=True, order=True)
class Filter:
    """One condition on a column; several values of `EQUALS` are alternatives."""

    column: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Measure:
    """A measure or metric of the dictionary, and what to make of it. `*` counts rows."""

    name: str
    statistic: Statistic = Statistic.SUM

    @property
    def column(self) -> str:
        """Name of the column that carries the result."""
        if self.name == "*":
            return "rows"
        return self.name if self.statistic is Statistic.SUM else f"{self.name}:{self.statistic}"


@dataclass(frozen=True, slots=True, order=True)
class Order:
    """Sort by a column; the key of the dataset breaks ties."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days, both ends included."""

    start: date
    end: date

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years the period touches."""
        return tuple(range(self.start.year, self.end.year + 1))

    @property
    def is_whole_years(self) -> bool:
        """Whether the period starts on 1 January and ends on 31 December."""
        return (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)


@dataclass(frozen=True, slots=True)
class Plan:
    """One query over one published dataset.

    Without `measures` it lists rows (`columns` selects, empty means all). With them it sums into the groups of
    `group_by` (empty means one group); `having` are conditions on the sums.
    """

    dataset: str
    measures: tuple[Measure, ...] = ()
    filters: tuple[Filter, ...] = ()
    period: Period | None = None
    group_by: tuple[str, ...] = ()
    having: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    columns: tuple[str, ...] = ()

    def where(self, column: str, *values: str, operator: Operator = Operator.EQUALS) -> Plan:
        """The same plan with one more condition."""
        return replace(self, filters=(*self.filters, Filter(column, operator, values)))

    def canonical(self) -> Plan:
        """The same plan written in one way only: filters sorted, values sorted and without repeats."""
        filters = (replace(item, values=tuple(sorted(set(item.values)))) for item in self.filters)
        return replace(self, filters=tuple(sorted(set(filters))), having=tuple(sorted(set(self.having))))


# ---------------------------------------------------------------- flat parameters


def to_parameters(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Write a plan as the flat parameters of the API, in canonical order, without the dataset's name."""
    plan = plan.canonical()
    pairs: list[tuple[str, str]] = []
    for item in (*plan.filters, *_period_filters(plan)):
        pairs += [(_parameter(item), value) for value in item.values]
    pairs += [(f"having.{_parameter(item)}", value) for item in plan.having for value in item.values]
    pairs += [("measure", measure.column if measure.name != "*" else "*") for measure in plan.measures]
    pairs += [("group_by", column) for column in plan.group_by]
    if plan.columns:
        pairs.append(("select", ",".join(plan.columns)))
    if plan.order:
        pairs.append(
            ("sort", ",".join(f"{'-' if item.descending else ''}{item.column}" for item in plan.order))
        )
    if plan.limit is not None:
        pairs.append(("limit", str(plan.limit)))
    return tuple(pairs)


def from_parameters(dataset: str, pairs: Iterable[tuple[str, str]]) -> Plan:
    """Read a plan back from flat parameters.

    Raises: UnknownName for an operator or statistic that does not exist, UnfitValue for a bad limit. Whether the
    columns exist is checked by `check_plan`, which knows the dataset.
    """
    filters: dict[tuple[str, Operator], list[str]] = {}
    having: dict[tuple[str, Operator], list[str]] = {}
    reserved: dict[str, list[str]] = {name: [] for name in RESERVED}
    for name, value in pairs:
        if name in reserved:
            reserved[name] += [part for part in value.split(",") if part] if name != "limit" else [value]
        elif name.startswith("having."):
            having.setdefault(_column_and_operator(name.removeprefix("having.")), []).append(value)
        else:
            filters.setdefault(_column_and_operator(name), []).append(value)
    plan = Plan(
        dataset,
        measures=tuple(parse_measure(text) for text in reserved["measure"]),
        filters=tuple(
            Filter(column, operator, tuple(values)) for (column, operator), values in filters.items()
        ),
        group_by=tuple(reserved["group_by"]),
        having=tuple(
            Filter(column, operator, tuple(values)) for (column, operator), values in having.items()
        ),
        order=tuple(Order(text.removeprefix("-"), text.startswith("-")) for text in reserved["sort"]),
        limit=_limit(reserved["limit"]),
        columns=tuple(reserved["select"]),
    )
    return _with_period(plan).canonical()


def parse_measure(text: str) -> Measure:
    """Read `paid`, `paid:mean` or `*`.

    Raises: UnknownName when there is no such statistic.
    """
    name, _, statistic = text.partition(":")
    if name == "*":
        return Measure("*", Statistic.COUNT)
    if not statistic:
        return Measure(name)
    if statistic not in tuple(Statistic):
        raise UnknownName(
            f"measure={text}：没有统计方式“{statistic}”，可用 {'、'.join(Statistic)}。",
            "measure",
            tuple(f"{name}:{item}" for item in Statistic),
        )
    return Measure(name, Statistic(statistic))


def _parameter(item: Filter) -> str:
    return f"{item.column}__{item.operator}" if item.operator else item.column


def _column_and_operator(name: str) -> tuple[str, Operator]:
    column, found, suffix = name.rpartition("__")
    if not found:
        return name, Operator.EQUALS
    if suffix not in tuple(Operator):
        raise UnknownName(
            f"{name}：没有比较方式“{suffix}”，可用 {'、'.join(item for item in Operator if item)}。",
            name,
            tuple(f"{column}__{item}" for item in Operator if item),
        )
    return column, Operator(suffix)


def _limit(texts: Sequence[str]) -> int | None:
    if not texts:
        return None
    if len(texts) > 1 or not texts[0].isascii() or not texts[0].isdigit() or len(texts[0]) > 9:
        raise UnfitValue(f"limit={','.join(texts)}：应是一个正整数，例如 limit=100。", "limit", ("100",))
    return int(texts[0])


# ---------------------------------------------------------------- periods as filters


def period_texts(dataset: str, period: Period) -> tuple[str, str]:
    """First and last value of the dataset's time column that lie in the period."""
    column = TIME_COLUMNS[dataset]
    if column == "fiscal_year":
        return str(period.start.year), str(period.end.year)
    if column == "month":
        return period.start.strftime("%Y-%m"), period.end.strftime("%Y-%m")
    if column == "quarter":
        return _quarter(period.start), _quarter(period.end)
    return period.start.isoformat(), period.end.isoformat()


def period_filters(plan: Plan) -> tuple[Filter, ...]:
    """The period of a plan as conditions on the time column of its dataset."""
    return _period_filters(plan)


def _period_filters(plan: Plan) -> tuple[Filter, ...]:
    if plan.period is None:
        return ()
    column = TIME_COLUMNS[plan.dataset]
    first, last = period_texts(plan.dataset, plan.period)
    is_named = any(item.column == column and item.operator is Operator.EQUALS for item in plan.filters)
    if (
        first == last and not is_named
    ):  # a second equality would be read as one more choice, not as one more condition
        return (Filter(column, Operator.EQUALS, (first,)),)
    return (Filter(column, Operator.AT_LEAST, (first,)), Filter(column, Operator.AT_MOST, (last,)))


def _with_period(plan: Plan) -> Plan:
    """Lift conditions on the time column into the period, when they name one span."""
    column = TIME_COLUMNS.get(plan.dataset)
    timed = {item.operator: item for item in plan.filters if item.column == column}
    rest = tuple(item for item in plan.filters if item.column != column)
    if any(len(item.values) != 1 for item in timed.values()):
        return plan
    if set(timed) == {Operator.EQUALS}:
        span = _span(timed[Operator.EQUALS].values[0], timed[Operator.EQUALS].values[0])
    elif set(timed) == {Operator.AT_LEAST, Operator.AT_MOST}:
        span = _span(timed[Operator.AT_LEAST].values[0], timed[Operator.AT_MOST].values[0])
    else:
        return plan
    return plan if span is None else replace(plan, filters=rest, period=span)


def _span(first: str, last: str) -> Period | None:
    start, end = _first_day(first), _last_day(last)
    return Period(start, end) if start is not None and end is not None and start <= end else None


def _first_day(text: str) -> date | None:
    try:
        if len(text) == 4:
            return date(int(text), 1, 1)
        if len(text) == 6 and text[4] == "Q":
            return date(int(text[:4]), 3 * int(text[5]) - 2, 1)
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return None


def _last_day(text: str) -> date | None:
    start = _first_day(text)
    if start is None or len(text) == 10:
        return start
    if len(text) == 4:
        return date(start.year, 12, 31)
    return end_of_month(start.year, start.month + 2 if "Q" in text else start.month)


def _quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def end_of_month(year: int, month: int) -> date:
    """Last day of a month."""
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
