"""The white paper of a release: its figures in order, each a chart of exactly that release, as a page and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from portal.reading.charts.model import Chart, stamp_of
from portal.reading.charts.sheets import Passage, document_of
from portal.reading.charts.shown import Shown, show
from portal.reading.edition import Edition
from portal.reading.forecast import forecast_chart
from portal.reading.places import Place
from portal.reading.projects import prepared
from portal.reading.quantities import percent, say
from portal.reading.reports import coverage, disclosure_view, note_before
from portal.reading.shelf import ReleaseNote
from portal.reading.spending import TOTAL, SpendingQuery, cell, has_months
from portal.reading.spending_flow import flow_chart
from portal.reading.spending_parts import tree_chart
from portal.reading.spending_state import settled
from portal.reading.spending_times import heat_chart, months_chart, year_chart
from portal.reading.tongue import is_chinese, tell
from portal.reading.words import LIGHTS


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the paper: its heading, sentences made from the numbers, and charts."""

    title: str
    sentences: tuple[str, ...]
    charts: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class WhitePaper:
    """The whole paper."""

    number: int
    title: str
    as_of: date
    note: str
    parts: tuple[Part, ...]
    source: str
    before: int | None


def white_paper(edition: Edition, notes: tuple[ReleaseNote, ...]) -> WhitePaper:
    """The paper of a release; parts whose numbers the release does not have are left out."""
    parts = edition.keep(("white paper", is_chinese()), lambda: tuple(_parts(edition)))
    before = note_before(notes, edition.number)
    own = next((note.note for note in notes if note.number == edition.number), "")
    place = edition.places.root
    return WhitePaper(
        edition.number,
        tell("{}财政执行白皮书", place.name if place else edition.release.lineage.title),
        edition.release.as_of,
        own,
        parts,
        stamp_of(edition).line,
        before.number if before else None,
    )


def white_paper_pdf(paper: WhitePaper) -> bytes:
    """The paper as a PDF with real text.

    Raises: FontMissing.
    """
    heading = tell("{}（第 {} 号发布）", paper.title, paper.number)
    passages = [
        Passage(part.title, part.sentences, tuple(s.chart for s in part.charts)) for part in paper.parts
    ]
    return document_of(heading, paper.source, passages)


def _parts(edition: Edition) -> list[Part]:
    found = settled(edition, SpendingQuery())
    parts: list[Part] = []
    if found is not None:
        query, place, year = found
        parts.append(
            Part(
                tell("总览"), _overview(edition, place, year), _shown(year_chart(edition, query, place, year))
            )
        )
        tree = tree_chart(edition, query, place, year)
        flow = flow_chart(edition, query, place, year) if edition.has("fund_flow") else None
        parts.append(Part(tell("钱花到哪里"), (tell("{}。", tree.title),), _shown(tree, flow)))
        if has_months(edition):
            months, heat = months_chart(edition, query, place, year), heat_chart(edition, query, place, year)
            ahead = forecast_chart(edition, place)
            parts.append(
                Part(tell("什么时候花的"), (tell("{}。", months.title),), _shown(months, heat, ahead))
            )
    parts.append(Part(tell("项目"), _projects(edition)))
    parts.append(Part(tell("没有公布的和对得上的"), _hidden(edition)))
    return parts


def _shown(*charts: Chart | None) -> tuple[Shown, ...]:
    return tuple(show(chart) for chart in charts if chart is not None)


def _overview(edition: Edition, place: Place, year: int) -> tuple[str, ...]:
    found = cell(edition, year, place.code, TOTAL)
    currency = edition.currency
    as_of = edition.release.as_of
    sums = tell("已支付 {}，调整预算 {}", say(found.paid, currency), say(found.adjusted, currency))
    rate = tell("执行率 {}（已支付 ÷ 调整预算）", percent(found.rate))
    lines = [tell("到 {:%Y年%-m月%-d日}，{} {} 年{}，{}。", as_of, place.name, year, sums, rate)]
    if place.population and found.paid.fen:
        lines.append(
            tell(
                "按常住人口 {:,} 人，人均 {:,.0f} {}。",
                place.population,
                found.paid.fen / place.population / 100,
                currency.word,
            )
        )
    return tuple(lines)


def _projects(edition: Edition) -> tuple[str, ...]:
    projects = prepared(edition)
    counts = dict(projects.group_by("light").len().iter_rows())
    lights = tell("，").join(
        tell("{} {} {:,} 个", light.shape, tell(light.word), counts[code])
        for code, light in LIGHTS.items()
        if counts.get(code)
    )
    lines = [tell("公开项目 {:,} 个", projects.height) + (tell("：{}。", lights) if lights else "。")]
    if projects["planned_end"].null_count() < projects.height:
        late = projects.filter(pl.col("days_late") > 0).sort(
            ["days_late", "project_id"], descending=[True, False]
        )
        lines.append(tell("{:,} 个比计划晚。", late.height))
        lines += [
            tell("最晚的：{}，晚 {:,} 天。", row["name"], row["days_late"])
            for row in late.head(5).iter_rows(named=True)
        ]
    return tuple(lines)


def _hidden(edition: Edition) -> tuple[str, ...]:
    view = disclosure_view(edition)
    lines = [
        tell(
            "{}·{}：{:,} 个数里公布 {:,} 个，依规不公开 {:,} 个，合并 {:,} 个，尚未报送 {:,} 个。",
            tell(table.title),
            tell(table.measure),
            table.values,
            table.published,
            table.withheld,
            table.merged,
            table.not_reported,
        )
        for table in view.tables
        if table.values
    ]
    ledger = coverage(edition)
    balanced = sum(1 for line in ledger if line.is_balanced)
    if ledger:
        lines.append(
            tell("对账：{} 行里 {} 行“公布 + 合并 + 不公开 = 官方合计”，到分。", len(ledger), balanced)
        )
    return tuple(lines)
