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
from portal.reading.spending import TOTAL, SpendingQuery, cell
from portal.reading.spending_flow import flow_chart
from portal.reading.spending_parts import tree_chart
from portal.reading.spending_state import settled
from portal.reading.spending_times import heat_chart, months_chart, year_chart
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
    parts = edition.keep("white paper", lambda: tuple(_parts(edition)))
    before = note_before(notes, edition.number)
    own = next((note.note for note in notes if note.number == edition.number), "")
    place = edition.places.root
    return WhitePaper(
        edition.number,
        f"{place.name if place else edition.release.lineage.title}财政执行白皮书",
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
    heading = f"{paper.title}（第 {paper.number} 号发布）"
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
            Part("总览", _overview(edition, place, year), _shown(year_chart(edition, query, place, year)))
        )
        tree = tree_chart(edition, query, place, year)
        flow = flow_chart(edition, query, place, year) if edition.has("fund_flow") else None
        parts.append(Part("钱花到哪里", (tree.title + "。",), _shown(tree, flow)))
        if edition.has("spending_monthly"):
            months, heat = months_chart(edition, query, place, year), heat_chart(edition, query, place, year)
            ahead = forecast_chart(edition, place)
            parts.append(Part("什么时候花的", (months.title + "。",), _shown(months, heat, ahead)))
    parts.append(Part("项目", _projects(edition)))
    parts.append(Part("没有公布的和对得上的", _hidden(edition)))
    return parts


def _shown(*charts: Chart | None) -> tuple[Shown, ...]:
    return tuple(show(chart) for chart in charts if chart is not None)


def _overview(edition: Edition, place: Place, year: int) -> tuple[str, ...]:
    found = cell(edition, year, place.code, TOTAL)
    currency = edition.currency
    as_of = edition.release.as_of
    sums = f"已支付 {say(found.paid, currency)}，调整预算 {say(found.adjusted, currency)}"
    rate = f"执行率 {percent(found.rate)}（已支付 ÷ 调整预算）"
    lines = [f"到 {as_of:%Y年%-m月%-d日}，{place.name} {year} 年{sums}，{rate}。"]
    if place.population and found.paid.fen:
        lines.append(
            f"按常住人口 {place.population:,} 人，人均 {found.paid.fen / place.population / 100:,.0f} {currency.label}。"
        )
    return tuple(lines)


def _projects(edition: Edition) -> tuple[str, ...]:
    projects = prepared(edition)
    counts = dict(projects.group_by("light").len().iter_rows())
    lights = "，".join(
        f"{light.shape} {light.word} {counts[code]:,} 个"
        for code, light in LIGHTS.items()
        if counts.get(code)
    )
    lines = [f"公开项目 {projects.height:,} 个" + (f"：{lights}。" if lights else "。")]
    if projects["planned_end"].null_count() < projects.height:
        late = projects.filter(pl.col("days_late") > 0).sort(
            ["days_late", "project_id"], descending=[True, False]
        )
        lines.append(f"{late.height:,} 个比计划晚。")
        lines += [
            f"最晚的：{row['name']}，晚 {row['days_late']:,} 天。"
            for row in late.head(5).iter_rows(named=True)
        ]
    return tuple(lines)


def _hidden(edition: Edition) -> tuple[str, ...]:
    view = disclosure_view(edition)
    lines = [
        f"{table.title}·{table.measure}：{table.values:,} 个数里公布 {table.published:,} 个，"
        f"依规不公开 {table.withheld:,} 个，合并 {table.merged:,} 个，尚未报送 {table.not_reported:,} 个。"
        for table in view.tables
        if table.values
    ]
    ledger = coverage(edition)
    balanced = sum(1 for line in ledger if line.is_balanced)
    if ledger:
        lines.append(f"对账：{len(ledger)} 行里 {balanced} 行“公布 + 合并 + 不公开 = 官方合计”，到分。")
    return tuple(lines)
