"""What a map can show: one number per region, said in words, with the reason where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from portal.reading.edition import Edition
from portal.reading.places import Place
from portal.reading.projects import prepared
from portal.reading.quantities import MARKS, Amount, Currency, percent, quantity, say, say_each
from portal.reading.spending import TOTAL, Measures, measures_in, per_head
from portal.reading.tongue import is_chinese, tell
from publishing.specs.model import STATUSES

MOST_INDICATORS = 8
OUTPUT = "output:"


@dataclass(frozen=True, slots=True)
class MapMeasure:
    """A measure of the map. Rates and shares colour the area; amounts are circles, so that size says how much."""

    code: str
    title: str
    meaning: str
    is_area: bool
    has_years: bool = True


FIXED: tuple[MapMeasure, ...] = (
    MapMeasure("per_head", "人均支出", "已支付 ÷ 常住人口", is_area=True),
    MapMeasure("rate", "执行率", "已支付 ÷ 调整预算", is_area=True),
    MapMeasure("paid", "已支付", "国库已经付出的钱，含全部下级", is_area=False),
    MapMeasure("adjusted", "调整预算", "年中调整以后的预算，含全部下级", is_area=False),
    MapMeasure("projects", "公开项目", "登记在这里和下级的公开项目", is_area=False, has_years=False),
    MapMeasure("late", "逾期项目", "过了计划完成日还没完成的项目", is_area=False, has_years=False),
)
SATISFACTION = MapMeasure("satisfaction", "满意度", "1 至 5 分的平均；样本不足时不公布", is_area=True)


@dataclass(frozen=True, slots=True)
class MapValue:
    """The number of one region: for the scale, in words, and exact. `number` is None where it is not published."""

    number: float | None
    said: str
    exact: str = ""
    status: str = "published"


def no_value() -> MapValue:
    """What stands for a region of which nothing was reported."""
    return MapValue(None, f"{MARKS['not_reported']} {tell(STATUSES['not_reported'])}", "", "not_reported")


def map_measures(edition: Edition) -> tuple[MapMeasure, ...]:
    """The measures this release can fill: those without any number are left out."""
    found = list(FIXED) if edition.years else [measure for measure in FIXED if not measure.has_years]
    if edition.has("participation"):
        found.append(SATISFACTION)
    return (*found, *_indicators(edition))


def _indicators(edition: Edition) -> tuple[MapMeasure, ...]:
    """The outputs that most projects aim at; each adds up over regions."""
    if not edition.has("outputs"):
        return ()

    def make() -> tuple[MapMeasure, ...]:
        root = edition.places.root
        rows = (
            edition.frame("outputs")
            .filter(pl.col("region_code") == (root.code if root else ""), pl.col("actual").is_not_null())
            .group_by("indicator", "unit")
            .agg(pl.col("projects").sum())
            .sort(["projects", "indicator"], descending=[True, False])
            .head(MOST_INDICATORS)
        )
        return tuple(
            MapMeasure(f"{OUTPUT}{name}", name, tell("实际完成，单位：{}", unit), is_area=False)
            for name, unit in rows.select("indicator", "unit").iter_rows()
        )

    return edition.keep(("map indicators", is_chinese()), make)


def map_values(edition: Edition, measure: MapMeasure, year: int | None) -> Mapping[str, MapValue]:
    """The value of every region that has one."""
    return edition.keep(
        ("map values", measure.code, year, is_chinese()), lambda: _values(edition, measure, year)
    )


def _values(edition: Edition, measure: MapMeasure, year: int | None) -> dict[str, MapValue]:
    if measure.code.startswith(OUTPUT):
        return _outputs(edition, measure.code.removeprefix(OUTPUT), year)
    if measure.code in ("projects", "late"):
        return _counts(edition, measure.code)
    if measure.code == SATISFACTION.code:
        return _satisfaction(edition, year)
    return _spending(edition, _READ[measure.code], year)


# ---------------------------------------------------------------- spending

Read = Callable[[Measures, Place, Currency], MapValue]


def _money(amount: Amount, currency: Currency) -> MapValue:
    said = say(amount, currency)
    return MapValue(None if amount.fen is None else amount.fen / 100, str(said), said.exact, amount.status)


def _each(measures: Measures, place: Place, currency: Currency) -> MapValue:
    each = per_head(measures.paid, place)
    if each is None:
        return MapValue(None, str(say(Amount(None, measures.paid.status))), "", _why(measures.paid))
    said = say_each(each, currency)
    return MapValue((each.fen or 0) / 100, str(said), said.exact)


def _rate(measures: Measures, place: Place, currency: Currency) -> MapValue:
    del place, currency
    if measures.rate is None:
        missing = measures.adjusted if measures.paid.is_known else measures.paid
        status = _why(missing)
        return MapValue(None, f"{MARKS.get(status, '—')} {tell(STATUSES.get(status, ''))}", "", status)
    return MapValue(measures.rate, percent(measures.rate), percent(measures.rate, 4))


def _why(amount: Amount) -> str:
    return "not_applicable" if amount.is_known else amount.status


_READ: dict[str, Read] = {
    "paid": lambda measures, _, currency: _money(measures.paid, currency),
    "adjusted": lambda measures, _, currency: _money(measures.adjusted, currency),
    "per_head": _each,
    "rate": _rate,
}


def _spending(edition: Edition, read: Read, year: int | None) -> dict[str, MapValue]:
    if year is None:
        return {}
    rows = edition.runs("spending", "fiscal_year", "function_code").rows(year, TOTAL)
    return {
        row["region_code"]: read(measures_in(row), place, edition.currency)
        for row in rows
        if (place := edition.places.get(row["region_code"])) is not None
    }


# ---------------------------------------------------------------- projects, outputs, satisfaction


def _counts(edition: Edition, code: str) -> dict[str, MapValue]:
    found = project_counts(edition) if code == "projects" else late_counts(edition)
    return {
        place: MapValue(float(count), tell("{:,} 个", count), tell("{:,} 个", count))
        for place, count in ((place, found.get(place, 0)) for place in edition.places.by_code)
    }


def project_counts(edition: Edition) -> Mapping[str, int]:
    """How many public projects lie in each region, everything below it included."""
    return edition.keep("map projects", lambda: _summed(edition, prepared(edition)))


def late_counts(edition: Edition) -> Mapping[str, int]:
    """The same for projects past their planned end."""
    return edition.keep(
        "map late", lambda: _summed(edition, prepared(edition).filter(pl.col("days_late") > 0))
    )


def _summed(edition: Edition, projects: pl.DataFrame) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, count in projects.group_by("region_code").len().iter_rows():
        for place in edition.places.line(code or ""):
            found[place.code] = found.get(place.code, 0) + count
    return found


def _outputs(edition: Edition, indicator: str, year: int | None) -> dict[str, MapValue]:
    rows = edition.runs("outputs", "indicator").rows(indicator)
    return {
        row["region_code"]: _quantity(row["actual"], row["unit"] or "")
        for row in rows
        if row["fiscal_year"] == year
    }


def _quantity(actual: float | None, unit: str) -> MapValue:
    if actual is None:
        return no_value()
    return MapValue(actual, f"{quantity(actual)} {unit}", f"{actual:,} {unit}")


def _satisfaction(edition: Edition, year: int | None) -> dict[str, MapValue]:
    """The last quarter of the year in which people rated."""
    rows = [
        row
        for row in edition.runs("participation", "subject_kind").rows("region")
        if str(row["quarter"]).startswith(str(year))
    ]
    rows.sort(key=lambda row: row["quarter"])
    found: dict[str, MapValue] = {}
    for row in rows:
        number, status = row["satisfaction"], row["satisfaction_status"] or "not_reported"
        words = f"{MARKS.get(status, '…')} {tell(STATUSES.get(status, ''))}"
        found[row["subject_id"]] = MapValue(
            number, tell("{:.2f} 分", number) if number is not None else words, "", status
        )
    return found
