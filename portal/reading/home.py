"""The first page: the year in five numbers, where the money goes, what is late, what was finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from portal.reading.asked import answerer_of
from portal.reading.charts import BarRow, BarTable, bar_table
from portal.reading.edition import Edition
from portal.reading.leading import claim
from portal.reading.maps import RegionMap, region_map
from portal.reading.projects import ProjectLine, line_of, prepared
from portal.reading.quantities import Amount, percent
from portal.reading.shelf import ReleaseNote
from portal.reading.spending import TOTAL, Measures, by_functions, cell, measures_in, per_head
from portal.reading.tongue import tell
from portal.reading.words import LIGHTS, Light

SHOWN_CLASSES = 8
SHOWN_PROJECTS = 5
RECENT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the numbers of the year: its name, the number as an amount or as text, what it means, where it leads."""

    name: str
    amount: Amount | None
    text: str
    unit: str
    meaning: str
    link: str
    is_per_head: bool = False


@dataclass(frozen=True, slots=True)
class LightCount:
    """How many projects show a light."""

    light: Light
    count: int


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the first page shows of a release."""

    year: int | None
    place_name: str
    headlines: tuple[Headline, ...]
    classes: BarTable
    more_classes: int
    cities: BarTable
    map: RegionMap | None
    lights: tuple[LightCount, ...]
    urgent: tuple[ProjectLine, ...]
    late_count: int | None
    finished: tuple[ProjectLine, ...]
    finished_count: int
    releases: tuple[ReleaseNote, ...]
    project_count: int
    examples: tuple[str, ...]


def home_view(edition: Edition, notes: tuple[ReleaseNote, ...]) -> HomeView:
    """The first page of a release. A release without regions or without spending has fewer parts, none broken."""
    projects = prepared(edition)
    place = edition.places.root
    year = edition.year if edition.years else None
    nothing = bar_table("", "", ())
    classes = cities = nothing
    totals: Measures | None = None
    if place is not None and year is not None:
        totals = cell(edition, year, place.code, TOTAL)
        classes = by_functions(edition, year, place, TOTAL)
        cities = city_bars(edition, year, place.code)
    late = late_count(projects)
    finished = _finished(edition, projects)
    shown = bar_table(classes.title, classes.subtitle, classes.rows[:SHOWN_CLASSES])
    return HomeView(
        year=year,
        place_name=place.name if place else edition.release.lineage.title,
        headlines=_headlines(edition, totals, projects, late),
        classes=shown,
        more_classes=max(len(classes.rows) - SHOWN_CLASSES, 0),
        cities=cities,
        map=_map(edition, cities),
        lights=_lights(projects),
        urgent=_urgent(projects),
        late_count=late,
        finished=tuple(line_of(row) for row in finished.head(SHOWN_PROJECTS).iter_rows(named=True)),
        finished_count=finished.height,
        releases=notes[:3],
        project_count=projects.height,
        examples=answerer_of(edition).reader.examples(edition.release.as_of),
    )


def _headlines(
    edition: Edition, totals: Measures | None, projects: pl.DataFrame, late: int | None
) -> tuple[Headline, ...]:
    found: list[Headline] = []
    place = edition.places.root
    if totals is not None and place is not None:
        found += [
            Headline(tell("已支付"), totals.paid, "", "", tell("国库已经付出的钱"), "/spending"),
            Headline(tell("调整预算"), totals.adjusted, "", "", tell("年中调整以后的预算"), "/spending"),
            Headline(
                tell("执行率"),
                None,
                percent(totals.rate),
                "",
                tell("已支付 ÷ 调整预算"),
                "/dictionary#metric-execution_rate",
            ),
        ]
        each = per_head(totals.paid, place)
        if each is not None:
            found.append(
                Headline(
                    tell("人均支出"),
                    each,
                    "",
                    "",
                    tell("已支付 ÷ 常住人口"),
                    "/dictionary#metric-paid_per_head",
                    is_per_head=True,
                )
            )
    overdue = tell("来源没有计划完成日期") if late is None else tell("其中 {:,} 个逾期", late)
    found.append(Headline(tell("公开项目"), None, f"{projects.height:,}", tell("个"), overdue, "/projects"))
    return tuple(found)


def late_count(projects: pl.DataFrame) -> int | None:
    """How many projects are past their planned end; None when no project says when it was to end."""
    if projects["planned_end"].null_count() == projects.height:
        return None
    return projects.filter(pl.col("days_late") > 0).height


def city_bars(edition: Edition, year: int, root: str) -> BarTable:
    """Cities by what they spent per head: the fair comparison between places of different size."""
    places = edition.places
    rows = {
        row["region_code"]: measures_in(row)
        for row in edition.runs("spending", "fiscal_year", "function_code").rows(year, TOTAL)
    }
    found: list[BarRow] = []
    for city in places.children(root):
        measures = rows.get(city.code)
        if measures is None:
            continue
        each = measures.paid if measures.paid.is_hidden else per_head(measures.paid, city)
        if each:
            found.append(BarRow(city.name, each, None, measures.rate, None, "", city.code))
    ranked = sorted(found, key=lambda row: (row.paid.fen is None, -(row.paid.fen or 0), row.link or ""))
    known = [row for row in ranked if row.paid.is_known]
    if len(known) < 2:
        return bar_table("", "", ())
    title = claim(_cities_title(known), is_sure=len(known) == len(places.children(root)))
    subtitle = tell("{} 年各市人均支出（已支付 ÷ 常住人口），含所辖县（市、区）", year)
    return bar_table(title, subtitle, ranked, is_per_head=True)


def _cities_title(known: Sequence[BarRow]) -> str:
    """The span between the first and the last; a ratio says nothing of what is zero or less."""
    most, least = known[0].paid.fen or 0, known[-1].paid.fen or 0
    if least > 0:
        return tell("{}人均最高，是{}的 {:.1f} 倍", known[0].name, known[-1].name, most / least)
    return tell("{}人均最高", known[0].name) if most > 0 else tell("各市人均支出")


def _map(edition: Edition, cities: BarTable) -> RegionMap | None:
    return region_map(edition, "city", {row.link: row.paid for row in cities.rows if row.link})


def _lights(projects: pl.DataFrame) -> tuple[LightCount, ...]:
    counts = dict(projects.group_by("light").len().iter_rows())
    return tuple(LightCount(light, counts.get(code, 0)) for code, light in LIGHTS.items() if counts.get(code))


def _urgent(projects: pl.DataFrame) -> tuple[ProjectLine, ...]:
    found = projects.filter(pl.col("light_rank") < 3).sort(
        ["light_rank", "adjusted", "project_id"], descending=[False, True, False], nulls_last=True
    )
    if not found.height:
        found = projects.filter(pl.col("days_late") > 0).sort(
            ["days_late", "project_id"], descending=[True, False]
        )
    return tuple(line_of(row) for row in found.head(SHOWN_PROJECTS).iter_rows(named=True))


def _finished(edition: Edition, projects: pl.DataFrame) -> pl.DataFrame:
    as_of = edition.release.as_of
    return projects.filter(
        (pl.col("status") == "completed")
        & (pl.col("ended_on") > as_of - RECENT)
        & (pl.col("ended_on") <= as_of)
    ).sort(["ended_on", "total_investment", "project_id"], descending=[True, True, False], nulls_last=True)
