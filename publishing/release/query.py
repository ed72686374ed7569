"""Run a plan against one release: published tables in, rows with units and statuses out.

Nothing but published cells is ever read. A group that contains a cell that is not published has no value, and says
why: it is never the sum of the rest. A sum over several levels of one hierarchy is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

import polars as pl

from publishing.specs import Column, ColumnType, DatasetSpec, Role
from search.errors import MixedLevels, UnfitValue, UnknownName
from search.plan import Filter, Measure, Operator, Plan, Statistic, period_filters

STATUS_ORDER = ("withheld", "merged", "not_reported", "not_applicable")
"""Which status wins when a group has several kinds of missing cells."""


class ReadableRelease(Protocol):
    """What a release must offer to be queried."""

    @property
    def number(self) -> int:
        """Its number."""
        ...

    @property
    def as_of(self) -> date:
        """The last day its figures know of."""
        ...

    def spec(self, name: str) -> DatasetSpec:
        """The spec of a dataset."""
        ...

    def table(self, name: str) -> pl.DataFrame:
        """A dataset; money in fen."""
        ...


@dataclass(frozen=True, slots=True)
class Derived:
    """A metric that is computed from sums: `scale` times numerator / denominator."""

    numerator: str
    denominator: str
    unit: str
    scale: int = 1


DERIVED: dict[str, Derived] = {
    "execution_rate": Derived("paid", "adjusted", "%", 100),
    "paid_per_head": Derived("paid", "population", "元/人"),
    "approved_per_head": Derived("approved", "population", "元/人"),
    "adjusted_per_head": Derived("adjusted", "population", "元/人"),
    "completion": Derived("actual", "target", "%", 100),
    "on_time_rate": Derived("on_time", "cases", "%", 100),
}
"""One formula for each metric; the titles and texts are in the metric dictionary."""


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a plan.

    `frame` has the groups (or all columns of the rows) and, for each measure `m`, `m` and `m__status`. Money is
    Int64 fen, amounts per head are yuan, rates are percent. `units` gives the unit of each measure column as shown;
    `total` counts the rows before the limit, `omitted` how many of them have no published value.
    """

    frame: pl.DataFrame
    units: dict[str, str]
    total: int
    omitted: int = 0


def run(release: ReadableRelease, plan: Plan) -> Result:
    """Run a plan.

    Raises: UnknownName, UnfitValue or MixedLevels when the plan does not fit the dataset.
    """
    spec = release.spec(plan.dataset)
    frame = release.table(plan.dataset)
    frame = frame.filter(*[_predicate(spec, item) for item in (*plan.filters, *period_filters(plan))])
    if not plan.measures:
        return _rows(spec, frame, plan)
    _refuse_mixed_levels(spec, frame, plan)
    for column in plan.group_by:
        _column(spec, column)
    grouped = _aggregate(release, spec, frame, plan)
    units = {measure.column: unit_of(spec, measure) for measure in plan.measures}
    for item in plan.having:
        grouped = grouped.filter(_having(grouped, units, item))
    grouped = _ordered(grouped, plan, plan.group_by)
    main = plan.measures[0].column
    omitted = int(grouped[main].null_count()) if plan.group_by else 0
    return Result(
        grouped.head(plan.limit) if plan.limit is not None else grouped, units, grouped.height, omitted
    )


def unit_of(spec: DatasetSpec, measure: Measure) -> str:
    """The unit a measure is shown in."""
    if measure.statistic is Statistic.COUNT:
        return "个"
    if measure.name in DERIVED and measure.name not in {column.name for column in spec.columns}:
        return DERIVED[measure.name].unit
    return _column(spec, measure.name).unit or ""


# ---------------------------------------------------------------- filters


def _column(spec: DatasetSpec, name: str) -> Column:
    try:
        return spec.column(name)
    except KeyError:
        known = tuple(column.name for column in spec.columns)
        raise UnknownName(f"{spec.name} 没有“{name}”这一列。", name, known) from None


def _predicate(spec: DatasetSpec, item: Filter) -> pl.Expr:
    column = _column(spec, item.column)
    expression = pl.col(item.column)
    if item.operator is Operator.IS_NULL:
        return expression.is_null() if item.values == ("true",) else expression.is_not_null()
    if item.operator is Operator.CONTAINS:
        return expression.cast(pl.String).str.contains(item.values[0], literal=True)
    values = [_value(column, text) for text in item.values]
    return _compare(expression, item.operator, values)


Comparable = str | int | float | bool | date


def _compare(expression: pl.Expr, operator: Operator, values: Sequence[Comparable]) -> pl.Expr:
    first = pl.lit(values[0])
    comparisons: dict[Operator, pl.Expr] = {
        Operator.EQUALS: expression.eq(first) if len(values) == 1 else expression.is_in(list(values)),
        Operator.NOT: ~expression.is_in(list(values)),
        Operator.ABOVE: expression.gt(first),
        Operator.AT_LEAST: expression.ge(first),
        Operator.BELOW: expression.lt(first),
        Operator.AT_MOST: expression.le(first),
    }
    return comparisons[operator]


def _value(column: Column, text: str) -> Comparable:
    try:
        return _typed(column.type, text)
    except (ValueError, InvalidOperation, OverflowError):
        raise UnfitValue(f"{column.name}={text}：不是有效的{column.title}。", column.name) from None


def _typed(kind: ColumnType, text: str) -> Comparable:
    reader = _READERS.get(kind)
    return text if reader is None else reader(text)


def _fen(text: str) -> Comparable:
    return _number(str(Decimal(text) * 100))


def _number(text: str) -> Comparable:
    number = Decimal(text)
    if not number.is_finite() or abs(number) > 2**62:
        raise OverflowError
    return int(number) if number == int(number) else float(number)


def _truth(text: str) -> Comparable:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


_READERS: dict[ColumnType, Callable[[str], Comparable]] = {
    ColumnType.MONEY: _fen,
    ColumnType.INTEGER: _number,
    ColumnType.YEAR: _number,
    ColumnType.NUMBER: float,
    ColumnType.BOOLEAN: _truth,
    ColumnType.DATE: date.fromisoformat,
    ColumnType.MONTH: lambda text: date.fromisoformat(f"{text}-01"),
}


def _having(grouped: pl.DataFrame, units: dict[str, str], item: Filter) -> pl.Expr:
    if item.column not in units:
        raise UnknownName(f"条件里的“{item.column}”不在要算的数里。", item.column, tuple(units))
    numbers = [Decimal(text) for text in item.values]
    if grouped.schema[item.column] == pl.Int64 and units[item.column] == "元":
        numbers = [number * 100 for number in numbers]
    return _compare(pl.col(item.column), item.operator, [float(number) for number in numbers]).fill_null(
        value=False
    )


# ---------------------------------------------------------------- rows


def _rows(spec: DatasetSpec, frame: pl.DataFrame, plan: Plan) -> Result:
    chosen = plan.columns or tuple(column.name for column in spec.columns)
    for name in chosen:
        _column(spec, name)
    for item in plan.order:
        _column(spec, item.column)
    frame = _ordered(frame, plan, spec.key)
    units = {column.name: column.unit or "" for column in spec.columns if column.role is Role.MEASURE}
    selected = frame.select(chosen)
    return Result(selected.head(plan.limit) if plan.limit is not None else selected, units, frame.height)


def _ordered(frame: pl.DataFrame, plan: Plan, key: Sequence[str]) -> pl.DataFrame:
    """In the order asked for, missing values last, ties by key: the order is the same every time."""
    columns = [item.column for item in plan.order]
    for name in columns:
        if name not in frame.columns:
            raise UnknownName(f"不能按“{name}”排序。", name, tuple(frame.columns))
    ties = [name for name in key if name not in columns and name in frame.columns]
    if not columns and not ties:
        return frame
    return frame.sort(
        [*columns, *ties],
        descending=[*[item.descending for item in plan.order], *[False for _ in ties]],
        nulls_last=True,
        maintain_order=True,
    )


# ---------------------------------------------------------------- sums


def _refuse_mixed_levels(spec: DatasetSpec, frame: pl.DataFrame, plan: Plan) -> None:
    for level in spec.columns:
        if level.level_of is None or level.level_of in plan.group_by or level.name in plan.group_by:
            continue
        fixed = any(
            item.column == level.name and item.operator is Operator.EQUALS and len(item.values) == 1
            for item in plan.filters
        )
        codes = [
            item
            for item in plan.filters
            if item.column == level.level_of and item.operator is Operator.EQUALS
        ]
        if fixed or any(len(item.values) == 1 for item in codes):
            continue
        if not codes or frame[level.name].n_unique() > 1:
            raise MixedLevels(
                f"{spec.name} 的行在不同的{level.title}上，直接相加会重复计算；请用 {level.name}= 固定一个层级，或者按 {level.level_of} 分组。",
                level.name,
                tuple(f"{level.name}={value}" for value in level.enum),
            )


def _aggregate(release: ReadableRelease, spec: DatasetSpec, frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    names = {column.name for column in spec.columns}
    frame = _with_population(release, spec, frame, plan)
    columns: list[pl.Expr] = []
    for measure in plan.measures:
        columns += _measure(spec, names, measure)
    grouped = frame.select(columns) if not plan.group_by else frame.group_by(list(plan.group_by)).agg(columns)
    if not plan.group_by and not frame.height:
        grouped = _nothing(grouped, plan)
    return grouped


def _nothing(grouped: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """No row at all: counts are zero, sums are absent (not zero)."""
    fixes = []
    for measure in plan.measures:
        if measure.statistic is not Statistic.COUNT:
            fixes += [
                pl.lit(None, dtype=grouped.schema[measure.column]).alias(measure.column),
                pl.lit("absent").alias(f"{measure.column}__status"),
            ]
    return grouped.with_columns(fixes)


def _measure(spec: DatasetSpec, names: set[str], measure: Measure) -> list[pl.Expr]:
    if measure.name == "*":
        return [pl.len().cast(pl.Int64).alias("rows"), pl.lit("published").alias("rows__status")]
    if measure.name in DERIVED and (
        measure.name not in names or (measure.statistic is Statistic.SUM and spec.name == "projects")
    ):
        return _derived(spec, names, measure)
    column = _column(spec, measure.name)
    if column.role is not Role.MEASURE:
        raise UnfitValue(
            f"{column.name} 不是可以计算的数。", column.name, tuple(item.name for item in spec.measures)
        )
    if measure.statistic is Statistic.SUM and not column.additive:
        return [
            _guarded(spec, (measure.name,), _only(measure.name)).alias(measure.column),
            _status(spec, (measure.name,)).alias(f"{measure.column}__status"),
        ]
    expression = {
        Statistic.SUM: pl.col(measure.name).sum(),
        Statistic.MEAN: pl.col(measure.name).mean(),
        Statistic.LEAST: pl.col(measure.name).min(),
        Statistic.MOST: pl.col(measure.name).max(),
        Statistic.COUNT: pl.col(measure.name).count().cast(pl.Int64),
    }[measure.statistic]
    return [
        _guarded(spec, (measure.name,), expression).alias(measure.column),
        _status(spec, (measure.name,)).alias(f"{measure.column}__status"),
    ]


def _only(name: str) -> pl.Expr:
    """A measure that cannot be summed has a value for a single row only."""
    return pl.when(pl.len() == 1).then(pl.col(name).first())


def _derived(spec: DatasetSpec, names: set[str], measure: Measure) -> list[pl.Expr]:
    formula = DERIVED[measure.name]
    if formula.numerator not in names or (
        formula.denominator not in names and formula.denominator != "population"
    ):
        raise UnknownName(
            f"{spec.name} 算不出“{measure.name}”。", measure.name, tuple(item.name for item in spec.measures)
        )
    if measure.statistic is not Statistic.SUM:
        raise UnfitValue(f"{measure.name} 由合计数算出，不能再求{measure.statistic}。", measure.name)
    needed = tuple(name for name in (formula.numerator, formula.denominator) if name in names)
    above = pl.col(formula.numerator).sum().cast(pl.Float64)
    if formula.denominator == "population":
        above = above / 100  # amounts per head are shown in yuan
    below = (
        _population()
        if formula.denominator == "population"
        else pl.col(formula.denominator).sum().cast(pl.Float64)
    )
    value = pl.when(below != 0).then(above * formula.scale / below)
    missing = pl.when(below == 0).then(pl.lit("not_applicable")).otherwise(_status(spec, needed))
    return [
        _guarded(spec, needed, value).alias(measure.column),
        missing.alias(f"{measure.column}__status"),
    ]


def _population() -> pl.Expr:
    """Inhabitants of the distinct regions in a group."""
    return (
        pl.col("__population").unique_counts().sum() * 0
        + pl.struct("region_code", "__population").unique().struct.field("__population").sum()
    )


def _with_population(
    release: ReadableRelease, spec: DatasetSpec, frame: pl.DataFrame, plan: Plan
) -> pl.DataFrame:
    if not any(
        DERIVED.get(measure.name, Derived("", "", "")).denominator == "population"
        for measure in plan.measures
    ):
        return frame
    if "region_code" not in {column.name for column in spec.columns}:
        raise UnknownName(f"{spec.name} 不分地区，算不出人均数。", "measure")
    people = release.table("regions").select(
        "region_code", pl.col("population").cast(pl.Float64).alias("__population")
    )
    return frame.join(people, on="region_code", how="left", maintain_order="left")


def _guarded(spec: DatasetSpec, names: Sequence[str], value: pl.Expr) -> pl.Expr:
    """The value, unless a cell of the group is missing: then nothing."""
    complete = pl.all_horizontal([~_missing(spec, name).any() for name in names])
    return pl.when(complete).then(value)


def _missing(spec: DatasetSpec, name: str) -> pl.Expr:
    column = spec.column(name)
    if column.protected:
        return ~pl.col(f"{name}_status").is_in(["published", "not_applicable"])
    if column.additive and column.type is not ColumnType.NUMBER:
        return pl.col(name).is_null()
    return (
        pl.col(name).is_null() & (pl.len() == 1)
        if column.additive
        else pl.col(name).is_null() & pl.lit(value=False)
    )


def _status(spec: DatasetSpec, names: Sequence[str]) -> pl.Expr:
    """Why a group has no value: the gravest reason among its cells; `published` when there is one."""
    protected = [name for name in names if spec.column(name).protected]
    found: list[tuple[pl.Expr, str]] = []
    for status in STATUS_ORDER:
        for name in protected:
            cells = pl.col(f"{name}_status") == status
            found.append((cells.all() if status == "not_applicable" else cells.any(), status))
    found += [(pl.col(name).is_null().all(), "not_reported") for name in names if name not in protected]
    expression = pl.lit("published")
    for condition, status in reversed(found):
        expression = pl.when(condition).then(pl.lit(status)).otherwise(expression)
    return expression
