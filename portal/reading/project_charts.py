"""The charts of a project: its year as paid against planned, the way of its money, its rank among its like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from portal.reading.charts import periods_of
from portal.reading.charts.model import Bar, Bars, Chart, Periods, Stop, Way, money, stamp_of
from portal.reading.charts.shown import Shown, show
from portal.reading.compare_things import CompareQuery
from portal.reading.edition import Edition
from portal.reading.likeness import AXES, like_projects, ranks_of
from portal.reading.project_page import ContractLine, ProjectPage
from portal.reading.tongue import tell

MOST_STOPS = 5
LIKE_NOTE = (
    "分数是不差于百分之几的同类项目，越长越好。单位成本的同类是报同一数量指标的已完成项目，其余是同一部门的项目；"
    "同类不足五个或没有报送就没有分数。"
)


@dataclass(frozen=True, slots=True)
class ProjectCharts:
    """The charts of a project page; None where the release does not have what a chart needs.

    `like_count` projects of its kind are compared with it at `/compare` + `like_address`.
    """

    curve: Shown | None
    way: Shown
    ranks: Shown | None
    like_count: int = 0
    like_address: str = ""


def project_charts(edition: Edition, view: ProjectPage) -> ProjectCharts:
    """The charts of a page."""
    curve, ranks = curve_chart(edition, view), ranks_chart(edition, view)
    like = like_projects(edition, view.line.project_id) if ranks else ()
    return ProjectCharts(
        show(curve) if curve else None,
        show(way_chart(edition, view)),
        show(ranks) if ranks else None,
        len(like),
        CompareQuery("project").address([view.line.project_id, *like]),
    )


def _page(view: ProjectPage) -> str:
    return f"/projects/{quote(view.line.project_id, safe='')}"


def curve_chart(edition: Edition, view: ProjectPage) -> Chart | None:
    """Paid so far and planned so far, month by month of one year; None without months."""
    if view.months is None:
        return None
    periods = periods_of(view.months, edition.currency)
    has_plan = any(period.plan is not None and period.plan.is_known for period in periods)
    return Chart(
        "project-curve",
        urlencode({"id": view.line.project_id, "year": str(view.year)}),
        view.months.title,
        tell("{}；{}", view.line.name, view.months.subtitle),
        Periods(periods, tell("累计已支付"), tell("累计计划") if has_plan else ""),
        stamp_of(edition),
        "project_months",
        tell("有的月份依规不公开，斜纹不是零；累计数到那里为止。") if view.months.note else "",
        _page(view),
    )


# ---------------------------------------------------------------- the way of the money


def way_chart(edition: Edition, view: ProjectPage) -> Chart:
    """Policy -> class of spending -> unit -> project -> contracts -> payees, what there is of it."""
    stops: list[Stop] = []
    lines: list[tuple[int, int]] = []
    before: int | None = None
    for stop in _line(edition, view):
        stops.append(stop)
        if before is not None:
            lines.append((before, len(stops) - 1))
        before = len(stops) - 1
    project = len(stops) - 1
    payees: dict[str, int] = {}
    shown = sorted(view.contracts, key=lambda found: -(found.amount.fen or 0))[:MOST_STOPS]
    for contract in shown:
        stops.append(_contract(edition, contract))
        at = len(stops) - 1
        lines.append((project, at))
        if contract.supplier_id:
            if contract.supplier_id not in payees:
                link = f"/suppliers/{quote(contract.supplier_id, safe='')}"
                stops.append(Stop(5, tell("收款人"), contract.supplier_name, "", link))
                payees[contract.supplier_id] = len(stops) - 1
            lines.append((at, payees[contract.supplier_id]))
    more = len(view.contracts) - len(shown)
    return Chart(
        "project-way",
        urlencode({"id": view.line.project_id}),
        tell("{}的钱走过的路", view.line.name),
        tell("从政策依据到收款人")
        + (tell("；画出金额最大的 {} 份合同，另有 {} 份", len(shown), more) if more else ""),
        Way(tuple(stops), tuple(lines)),
        stamp_of(edition),
        "projects",
        "" if view.knows_contracts else tell("这份来源不含合同，路只画到项目。"),
        _page(view),
    )


def _line(edition: Edition, view: ProjectPage) -> Iterator[Stop]:
    if view.policy:
        yield Stop(0, tell("政策依据"), view.policy.title)
    if view.function_name:
        link = "/spending?" + urlencode({"function": view.function_code})
        yield Stop(1, tell("预算科目"), view.function_name, "", link)
    if view.line.org_name:
        yield Stop(
            2, tell("负责单位"), view.line.org_name, "", f"/organisations/{quote(view.org_id, safe='')}"
        )
    said = money(view.line.adjusted, edition.currency).said
    yield Stop(3, tell("项目"), view.line.name, tell("预算 {}", said), is_here=True)


def _contract(edition: Edition, contract: ContractLine) -> Stop:
    said = money(contract.amount, edition.currency).said
    return Stop(4, tell("合同"), contract.title, said)


# ---------------------------------------------------------------- among its like


def ranks_chart(edition: Edition, view: ProjectPage) -> Chart | None:
    """Its rank among like projects on each axis; None when it has no rank at all."""
    ranks = ranks_of(edition, view.line.project_id)
    if not any(rank.score.is_known for rank in ranks):
        return None
    bars = tuple(
        Bar(tell(axis), rank.score, tell(rank.basis)) for axis, rank in zip(AXES, ranks, strict=True)
    )
    known = [bar for bar in bars if bar.size.is_known]
    best = max(known, key=lambda bar: bar.size.value or 0)
    return Chart(
        "project-ranks",
        urlencode({"id": view.line.project_id}),
        tell("在同类项目里：{}{}", best.name, best.size.said),
        tell("{}；单位成本、工期、满意度、目标完成在同类中的位置", view.line.name),
        Bars(bars, tell("不差于百分之几的同类"), "%", is_money=False),
        stamp_of(edition),
        "indicators",
        tell(LIKE_NOTE),
        _page(view),
    )
