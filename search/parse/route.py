"""Which published table answers a meaning, and with which plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from search.parse.edges import Condition
from search.parse.meaning import Meaning
from search.parse.measures import measure_title
from search.parse.outcome import Code, Refusal
from search.plan import Filter, Measure, Operator, Order, Period, Plan, end_of_month
from search.timewords import TimeMatch, describe, months_period, shifted, year_period
from search.vocabulary import Concept, Kind, Tree, Vocabulary

MONEY = frozenset(
    {
        "approved",
        "adjusted",
        "paid",
        "planned",
        "planned_cumulative",
        "total_investment",
        "contracted",
        "amount",
    }
)
DEFAULT_MEASURE = "paid"
ROW_KEYS = {"projects": "project_id", "contracts": "contract_id", "suppliers": "supplier_id"}
"""The key of the tables whose rows are things that can be counted and listed."""


class NoRoute(Exception):
    """No published table answers this; `refusal` says why and what can be asked instead."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


def refuse(code: Code, text: str, *nearest: str) -> NoRoute:
    """A refusal that can be raised."""
    return NoRoute(Refusal(code, text, nearest))


@dataclass(frozen=True, slots=True)
class Span:
    """The period of a question: what was meant, and whether the figures reach its end."""

    period: Period
    spoken: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything routes need to know about the question's surroundings."""

    vocabulary: Vocabulary
    today: date

    @property
    def as_of(self) -> date:
        """The last day the figures know of."""
        return self.vocabulary.as_of

    @property
    def this_year(self) -> int:
        """The year meant when none is named."""
        return self.today.year


# ---------------------------------------------------------------- periods


def span_of(meaning: Meaning, scene: Scene, dataset: str) -> Span:
    """The period of the question on a dataset, checked against what the dataset covers.

    Raises: NoRoute with period_not_covered.
    """
    periods = [time.period for time in meaning.times if time.period is not None]
    covered = scene.vocabulary.covered.get(dataset)
    if covered is None:
        raise refuse(Code.NOT_IN_DATA, "这一版数据里没有这张表。")
    if not periods:
        year = min(max(scene.this_year, covered.start.year), covered.end.year)
        note = f"没有说时间，按{year}年计算。"
        return Span(year_period(year), spoken=False, note=note + _partial(year_period(year), scene))
    period = Period(min(item.start for item in periods), max(item.end for item in periods))
    check_covered(period, covered, scene)
    return Span(period, spoken=True, note=_partial(period, scene))


def check_covered(period: Period, covered: Period, scene: Scene) -> None:
    """Refuse periods that begin before the figures do, or after they end.

    Raises: NoRoute with period_not_covered.
    """
    later = (
        period.end.year > max(covered.end, scene.as_of).year
    )  # 2021到2028年: years to come are not the running one
    if later or period.start < covered.start or period.start > min(covered.end, scene.as_of):
        last = min(covered.end, scene.as_of)
        raise refuse(
            Code.PERIOD_NOT_COVERED,
            f"{describe(period)}不在数据范围内：这里的数据从{covered.start.year}年{covered.start.month}月到{last.year}年{last.month}月{last.day}日。",
        )


def _partial(period: Period, scene: Scene) -> str:
    if period.start <= scene.as_of < period.end:
        day = scene.as_of
        return f"截至{day.year}年{day.month}月{day.day}日。"
    return ""


def last_whole_month(scene: Scene) -> date:
    """End of the last month that the figures cover completely."""
    day = scene.as_of
    if day == end_of_month(day.year, day.month):
        return day
    previous = date(day.year, day.month, 1).toordinal() - 1
    return date.fromordinal(previous)


def same_part(period: Period, scene: Scene) -> Period:
    """A period that is still running, cut to the whole months that have figures."""
    end = last_whole_month(scene)
    if period.start <= end < period.end:
        return Period(period.start, end)
    return period


def base_period(period: Period, baseline: TimeMatch | None) -> Period:
    """The earlier period a change is measured from: the one named, else the same part of the year before."""
    if baseline is None or baseline.period is None:
        return shifted(period, baseline.shift if baseline is not None else -1)
    named = baseline.period
    if baseline.relative or named == period:
        return shifted(period, -1)
    if named.is_whole_years and not period.is_whole_years and named.start.year == named.end.year:
        return shifted(period, named.start.year - period.start.year)
    return named


def preceding(period: Period) -> Period:
    """The period of the same length right before: 环比. Whole months."""
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    first = period.start.year * 12 + period.start.month - 1 - months
    last = first + months - 1
    return Period(date(first // 12, first % 12 + 1, 1), end_of_month(last // 12, last % 12 + 1))


# ---------------------------------------------------------------- places


def region_scope(meaning: Meaning, scene: Scene) -> tuple[str, ...]:
    """Codes of the places named, the members of a group, or the root."""
    places = meaning.of(Kind.REGION)
    if places:
        return tuple(dict.fromkeys(concept.code for concept in places))
    group = meaning.one(Kind.GROUP)
    if group is not None:
        return scene.vocabulary.groups[group.code]
    return (scene.vocabulary.root,) if scene.vocabulary.root else ()


def scope_name(meaning: Meaning, scene: Scene) -> str:
    """What the places of a meaning are called: a group by its own name, with how many belong to it."""
    groups = () if meaning.of(Kind.REGION) else meaning.of(Kind.GROUP)
    if groups:
        return "、".join(
            f"{group.label}（{len(scene.vocabulary.groups[group.code])}个地区）" for group in groups
        )
    return place_names(region_scope(meaning, scene), scene.vocabulary.regions)


def place_names(codes: tuple[str, ...], tree: Tree) -> str:
    """Names of codes, for the scope that is read back."""
    return "、".join(tree.label(code) for code in codes)


def members(codes: tuple[str, ...], level: str, tree: Tree) -> tuple[str, ...]:
    """All places on a level inside the given ones."""
    if level == "any":
        level = next_level(codes[0], tree) if codes else ""
    return tuple(dict.fromkeys(code for scope in codes for code in tree.at_level(level, scope)))


def next_level(code: str, tree: Tree) -> str:
    """The level right below a place; its own when nothing is below it."""
    children = tree.children.get(code, ())
    return tree.nodes[children[0]].level if children else tree.nodes[code].level


def is_whole(codes: tuple[str, ...], scene: Scene) -> bool:
    """Whether the scope is the whole territory."""
    return not codes or codes == (scene.vocabulary.root,)


def regions_below(codes: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    """The places named and everything inside them, for tables whose rows stand at one place."""
    return tuple(sorted({inner for code in codes for inner in scene.vocabulary.regions.below(code)}))


# ---------------------------------------------------------------- conditions on numbers


def limit_filters(measure: str, condition: Condition, *, percent_measure: bool) -> tuple[Filter, ...]:
    """A comparison with a number as filters on a measure; money in yuan.

    Raises: NoRoute when the number's unit does not fit the measure.
    """
    if condition.percent != percent_measure and not (percent_measure and not condition.money):
        raise refuse(Code.NOT_UNDERSTOOD, f"“{measure_title(measure)}”不能和这个数比较，单位不同。")
    value = _plain(condition.value)
    filters = [Filter(measure, condition.operator, (value,))]
    if condition.upper is not None:
        filters.append(Filter(measure, Operator.AT_MOST, (_plain(condition.upper),)))
    return tuple(filters)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_of(measure: str) -> tuple[Measure, ...]:
    """The measure of a plan that sums one measure."""
    return (Measure(measure),)


def ranked(plan: Plan, column: str, *, descending: bool, limit: int | None) -> Plan:
    """A plan in the order of a column."""
    return replace(plan, order=(Order(column, descending),), limit=limit)


def one_month(day: date) -> Period:
    """The month of a day."""
    return months_period(day.year, day.month, day.month)


def named(concept: Concept) -> str:
    """A thing's name."""
    return concept.label
