"""Tables, extremes, ranks, averages and parts: a number for each of several things."""

from __future__ import annotations

from dataclasses import replace

from search.parse import cubes
from search.parse.conditions import with_conditions
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    ROW_KEYS,
    Scene,
    check_covered,
    last_whole_month,
    ranked,
    refuse,
    same_part,
)
from search.parse.timing import chosen_years, late_note, make_reading, same_cube, timed
from search.plan import TIME_COLUMNS, Measure, Period, Statistic
from search.timewords import describe
from search.vocabulary import Concept, Kind


def parts_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """A number for each of the things named."""
    plan, span, times = timed(cube, meaning, scene)
    columns = tuple(column for column, _ in cube.several)
    return replace(
        make_reading(Form.PARTS, cube, replace(plan, group_by=columns), span, times, meaning), by=columns[0]
    )


def parts_by_time(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """A number for each of the years named."""
    if TIME_COLUMNS[cube.dataset] != "fiscal_year":
        return _two_parts(cube, meaning, scene)
    cube = replace(cube, by=("fiscal_year",))
    plan, span, times = chosen_years(cube, meaning, scene)
    reading = make_reading(Form.PARTS, cube, plan, span, times, meaning)
    late = max(
        (time.period for time in meaning.times if time.period is not None), key=lambda period: period.end
    )
    return replace(reading, by="fiscal_year", notes=(*reading.notes, *late_note(late, scene)))


def _two_parts(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """上半年和下半年各多少: a number for each of two periods that share no day."""
    periods = [time.period for time in meaning.times if time.period is not None]
    apart = len(periods) == _TWO and (periods[0].end < periods[1].start or periods[1].end < periods[0].start)
    if not apart or not cube.additive or cube.by or cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个时间；可以分开来问，或者问两个时间相比变化多少。")
    for period in periods:
        check_covered(period, scene.vocabulary.covered[cube.dataset], scene)
    first, second = periods
    times = (f"{describe(first)}和{describe(second)}",)
    reading = make_reading(Form.PARTS, cube, replace(cube.plan, period=first), None, times, meaning)
    later = replace(cube.plan, period=second)
    notes = (*reading.notes, *late_note(second, scene))
    return replace(
        reading, base=later, period=first, base_period=second, by="period", attempts=(), notes=notes
    )


_TWO = 2


def table_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """A number for each member of a dimension."""
    plan, span, times = timed(cube, meaning, scene)
    reading = make_reading(Form.TABLE, cube, plan, span, times, meaning)
    summed = "sum" if meaning.has("altogether") and cube.additive and not is_time(cube.by[0]) else ""
    reading = replace(reading, by=cube.fold or cube.by[0], attribute=summed or reading.attribute)
    if meaning.has("rank") or not is_time(cube.by[0]):
        return replace(reading, plan=ranked(plan, cube.column, descending=not meaning.ascending, limit=None))
    return replace(reading, plan=ranked(plan, cube.by[0], descending=False, limit=None))


def is_time(column: str) -> bool:
    """Whether a column tells time."""
    return column in ("fiscal_year", "month", "signed_on")


def _by_time(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Cube, Meaning]:
    """Group by year or month, over the period named, else over all years (months: this year)."""
    if cube.dataset == "contracts" and not cube.by:
        fold = next((split for split in ("month", "quarter", "year") if split in meaning.splits), "year")
        return replace(cube, by=("signed_on",), fold=fold), meaning
    quarterly = "quarter" in meaning.splits
    monthly = quarterly or "month" in meaning.splits
    column = TIME_COLUMNS.get(cube.dataset)
    if column not in ("fiscal_year", "month") or (monthly and column != "month"):
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}没有这样的分期数据；可以按年来问。")
    if not meaning.times and not monthly:
        covered = scene.vocabulary.covered[cube.dataset]
        from search.timewords import TimeMatch  # noqa: PLC0415 - kept beside its only use

        meaning = replace(
            meaning,
            times=(
                TimeMatch(
                    0, 0, Period(covered.start.replace(month=1, day=1), covered.end.replace(month=12, day=31))
                ),
            ),
        )
    return replace(cube, by=(*cube.by, column), fold="quarter" if quarterly else cube.fold), meaning


def trend_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """A number for each year or month."""
    if meaning.has("average"):
        fine = [split for split in ("month", "quarter") if split in meaning.splits]
        each = f"each_{fine[0] if fine else 'year'}"
        asks = (meaning.asks | {each}) - {"average"}
        return per_period(
            replace(cube, by=tuple(c for c in cube.by if not is_time(c))), replace(meaning, asks=asks), scene
        )
    cube, meaning = _by_time(cube, meaning, scene)
    if meaning.extreme or meaning.has("larger", "smaller"):
        return top_form(cube, meaning, scene)
    return table_form(cube, meaning, scene)


def top_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The first or last members."""
    if not cube.by:
        cube = _by_row(cube)
    plan, span, times = timed(cube, meaning, scene)
    plan = with_conditions(cube, plan, meaning)
    descending = meaning.extreme != "least" and not meaning.has("smaller")
    limit = meaning.top or 1
    form = Form.TOP
    reading = make_reading(
        form, cube, ranked(plan, cube.column, descending=descending, limit=limit), span, times, meaning
    )
    summed = meaning.has("altogether") and cube.additive and limit > 1
    reading = replace(reading, attribute="sum" if summed else reading.attribute)
    return replace(reading, by=cube.fold or cube.by[0], descending=descending, skip=meaning.skip)


def spread_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The largest and the smallest member: both of them, how far apart they are, or how many times."""
    if (
        meaning.has("share")
        or meaning.conditions
        or meaning.baseline is not None
        or meaning.change == "growth"
    ):
        raise refuse(Code.NOT_UNDERSTOOD, "最多和最少请分开来问，一次问一个。")
    plain = replace(
        meaning, spread=False, change="", versus=False, asks=meaning.asks - {"times", "larger", "smaller"}
    )
    reading = top_form(cube, replace(plain, extreme="most", top=None), scene)
    kind = "times" if meaning.has("times") else "difference" if meaning.change or meaning.versus else ""
    plan = replace(reading.plan, limit=None)
    return replace(reading, form=Form.SPREAD, plan=plan, attribute=kind, descending=True)


def per_period(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """年均, 月均: a sum over whole years or months, divided by their number."""
    unit = "年" if meaning.has("each_year") else "季度" if meaning.has("each_quarter") else "月"
    if cube.by or cube.several or not cube.additive or cube.column == "rows":
        raise refuse(Code.NOT_UNDERSTOOD, f"{unit}均只能问一个地区、一个科目的金额或产出。")
    if unit != "年" and cube.dataset == "spending" and cube.column == "paid":
        measured = meaning if meaning.measure else replace(meaning, measure="paid")
        cube = cubes.spending_cube(measured, scene, months=True)
    plan, span, times = timed(cube, meaning, scene)
    if span is None or (unit != "年" and TIME_COLUMNS[cube.dataset] != "month"):
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}算不出{unit}均数：没有这样的分期数据。")
    period = same_part(span.period, scene) if unit != "年" else span.period
    count = len(period.years) if unit == "年" else _months(period) // (3 if unit == "季度" else 1)
    even = period.is_whole_years if unit == "年" else unit == "月" or _months(period) % 3 == 0
    whole = period.end <= last_whole_month(scene) and even
    if not whole or count < 1 + (unit == "年"):
        last = scene.as_of.year - 1
        raise refuse(
            Code.NOT_UNDERSTOOD,
            f"{unit}均要按已经结束的整{unit}来算，请写明从哪一{unit}到哪一{unit}，例如“{last - 2}年到{last}年年均支出”。",
        )
    reading = make_reading(Form.PER_PERIOD, cube, replace(plan, period=period), span, times, meaning)
    return replace(reading, attribute=f"{unit}:{count}", period=period, attempts=())


def _months(period: Period) -> int:
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def _by_row(cube: Cube) -> Cube:
    key = ROW_KEYS.get(cube.dataset)
    if cube.several and len(cube.several) == 1:
        return replace(cube, by=(cube.several[0][0],))
    if key is None or cube.column == "rows":
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂要在哪些对象里找最多或最少的：请说明是各市、各县、各部门还是各项目。",
        )
    return replace(cube, by=(key,))


def rank_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The place of one city among the cities, or of one county among the counties."""
    member = ranked_member(meaning)
    if member is not None:
        return _rank_of_member(member, cube, meaning, scene)
    subject = _rank_subject(meaning, scene)
    among = meaning.among
    tree = scene.vocabulary.regions
    level = tree.nodes[subject.code].level
    rest = replace(
        meaning,
        things=tuple(item for item in meaning.things if item.kind is not Kind.REGION)
        + ((among,) if among else ()),
        level=level,
    )
    if cube.dataset not in ("spending", "spending_monthly", "outputs", "regions"):
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}不能按地区排名。")
    wide = same_cube(cube, rest, scene)
    plan, span, times = timed(wide, meaning, scene)
    descending = meaning.extreme != "least" and not meaning.ascending
    reading = make_reading(
        Form.RANK, wide, ranked(plan, wide.column, descending=descending, limit=None), span, times, meaning
    )
    return replace(reading, subject=subject, by=wide.by[0], descending=descending)


_RANKED = {
    "function": Kind.FUNCTION,
    "sector": Kind.SECTOR,
    "organisation": Kind.ORGANISATION,
    "supplier": Kind.SUPPLIER,
}


def ranked_member(meaning: Meaning) -> Concept | None:
    """教育支出在各科目里, 省教育厅在全部单位里排第几: the one named, of those it is ranked among."""
    asked = meaning.splits or tuple(
        item for item in (meaning.subject,) if item in ("organisation", "supplier")
    )
    if not asked and not meaning.level:  # 省教育厅支出排第几: among its like
        asked = tuple(name for name in ("organisation", "sector") if meaning.of(_RANKED[name]))
    if len(asked) != 1 or asked[0] not in _RANKED:
        return None
    named = meaning.of(_RANKED[asked[0]])
    return named[0] if len(named) == 1 else None


def _rank_of_member(subject: Concept, cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The place of one class, sector, unit or supplier among its like."""
    if subject.kind is Kind.FUNCTION and subject.level != "class":
        raise refuse(Code.NOT_UNDERSTOOD, "只能给功能分类的“类”排名，例如教育支出在各科目中的名次。")
    split = next(name for name, kind in _RANKED.items() if kind is subject.kind)
    others = tuple(item for item in meaning.things if item is not subject)
    rest = replace(meaning, things=others, splits=(split,))
    wide = same_cube(cube, rest, scene)
    plan, span, times = timed(wide, rest, scene)
    descending = meaning.extreme != "least" and not meaning.ascending
    plan = ranked(plan, wide.column, descending=descending, limit=None)
    reading = make_reading(Form.RANK, wide, plan, span, times, meaning)
    return replace(reading, subject=subject, by=wide.fold or wide.by[0], descending=descending)


def _rank_subject(meaning: Meaning, scene: Scene) -> Concept:
    places = [concept for concept in meaning.of(Kind.REGION) if concept.code != scene.vocabulary.root]
    if len(places) != 1:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要给谁排名：一次问一个市或县的名次。")
    return places[0]


def average_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The mean over members or rows."""
    if cube.by and not is_time(cube.by[0]):
        plan, span, times = timed(cube, meaning, scene)
        reading = make_reading(
            Form.TABLE, cube, ranked(plan, cube.column, descending=True, limit=None), span, times, meaning
        )
        middle = "median" if meaning.has("median") else "average"
        return replace(reading, by=cube.fold or cube.by[0], attribute=middle)
    if meaning.has("median"):
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "中位数只能对各市、各县、各部门或各单位的数来算，例如“2025年各市教育支出的中位数”。",
        )
    if cube.dataset not in ROW_KEYS or cube.column == "rows":
        raise refuse(
            Code.NOT_UNDERSTOOD, "没有看懂要对什么求平均：请说明是每个市、每个县、每个项目还是每份合同。"
        )
    name = cube.plan.measures[0].name
    if name == "execution_rate":  # the mean of rates is the rate of the sums
        plan, span, times = timed(cube, meaning, scene)
        return make_reading(Form.AMOUNT, cube, plan, span, times, meaning)
    mean = replace(
        cube,
        plan=replace(cube.plan, measures=(Measure(name, Statistic.MEAN),)),
        column=f"{name}:mean",
        title=f"平均{cube.title}",
        additive=False,
    )
    plan, span, times = timed(mean, meaning, scene)
    return make_reading(Form.AMOUNT, mean, plan, span, times, meaning)
