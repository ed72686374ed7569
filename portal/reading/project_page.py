"""One project: its stages, its money, its months, its results, its contracts, its light and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import polars as pl

from portal.reading.charts import Figure, Point, series, short
from portal.reading.edition import Edition
from portal.reading.errors import NotInRelease, Suggestion
from portal.reading.lights import light_rules
from portal.reading.projects import ProjectLine, line_of, prepared, projects_by
from portal.reading.quantities import ABSENT, INAPPLICABLE, Amount, amount_in, percent, share
from portal.reading.spending import has_months
from portal.reading.svg import bar
from portal.reading.tongue import tell
from portal.reading.words import INDICATOR_KINDS


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the project. `state`: done, done_late, late (should be done), next, ahead."""

    name: str
    planned_on: date | None
    done_on: date | None
    progress: float | None
    state: str
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One of the sums of a project with its bar."""

    name: str
    amount: Amount
    drawing: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator: what was aimed at, what was reached."""

    name: str
    unit: str
    kind: str
    year: int
    target: float | None
    actual: float | None
    reached_pct: float | None
    drawing: str


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract as it stands in a list."""

    contract_id: str
    title: str
    supplier_id: str
    supplier_name: str
    signed_on: date | None
    ends_on: date | None
    method: str
    amount: Amount
    paid: Amount
    project_id: str = ""
    org_name: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The document the money rests on."""

    policy_id: str
    title: str
    issued_by: str
    issued_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything a project page shows. What a release does not have is an empty tuple or None, and is said."""

    line: ProjectLine
    description: str
    address: str
    org_id: str
    function_code: str
    function_name: str
    livelihood: bool | None
    starts_on: date | None
    sentence: str
    rate: Amount | None
    investment: Amount
    stages: tuple[Stage, ...]
    money: tuple[MoneyLine, ...]
    year: int | None
    years: tuple[int, ...]
    months: Figure | None
    results: tuple[Result, ...]
    contracts: tuple[ContractLine, ...]
    policy: Policy | None
    same_policy: tuple[ProjectLine, ...]
    places: tuple[tuple[str, str], ...]
    knows_contracts: bool
    knows_plans: bool
    rules: tuple[str, ...]


def project_page(edition: Edition, project_id: str, year: int | None = None) -> ProjectPage:
    """The page of one project.

    Raises: NotInRelease when the release has no public project of that number.
    """
    prepared(edition)
    rows = _by_id(edition, project_id)
    if not rows:
        raise NotInRelease(
            tell("没有编号为 {} 的公开项目。", project_id[:60]), nearest_projects(edition, project_id)
        )
    row = rows[0]
    line = line_of(row)
    months, shown_year, years = _months(edition, row["project_id"], year)
    return ProjectPage(
        line=line,
        description=row["description"] or "",
        address=row["address"] or "",
        org_id=row["org_id"] or "",
        function_code=row["function_code"] or "",
        function_name=row["function_name"] or "",
        livelihood=row["livelihood"],
        starts_on=row["starts_on"],
        sentence=_sentence(edition, line),
        rate=_why_no_rate(row),
        investment=amount_in(row, "total_investment"),
        stages=_stages(edition, project_id),
        money=_money(row),
        year=shown_year,
        years=years,
        months=months,
        results=_results(edition, project_id),
        contracts=_contracts(edition, project_id),
        policy=_policy(edition, row["policy_id"]),
        same_policy=_same_policy(edition, row),
        places=tuple((place.code, place.name) for place in edition.places.line(line.region_code)),
        knows_contracts=edition.has("contracts"),
        knows_plans=edition.has("project_months"),
        rules=tuple(
            rule.words for rule in light_rules(edition) if rule.title and rule.title in line.light_reason
        ),
    )


def _contracts(edition: Edition, project_id: str) -> tuple[ContractLine, ...]:
    """The contracts of a project, the largest first."""
    lines = [contract_line(row) for row in edition.runs("contracts", "project_id").rows(project_id)]
    return tuple(sorted(lines, key=lambda line: (-(line.amount.fen or 0), line.contract_id)))


def _by_id(edition: Edition, project_id: str) -> list[dict[str, Any]]:
    frame = prepared(edition)
    index = edition.keep(
        "project index",
        lambda: {found: place for place, found in enumerate(frame["project_id"].to_list())},
    )
    place = index.get(project_id)
    return [] if place is None else frame.slice(place, 1).to_dicts()


def nearest_projects(edition: Edition, project_id: str) -> tuple[Suggestion, ...]:
    """Projects whose number looks like the one that was asked for: same beginning, at most five."""
    projects = edition.frame("projects")
    for length in range(min(len(project_id), 40), 2, -1):
        found = projects.filter(pl.col("project_id").str.starts_with(project_id[:length])).head(5)
        if found.height:
            rows = found.select("project_id", "name").iter_rows()
            return tuple(Suggestion(f"/projects/{quote(code, safe='')}", name) for code, name in rows)
    return ()


def _sentence(edition: Edition, line: ProjectLine) -> str:
    """What a neighbour would want to know, in one sentence."""
    currency = edition.currency
    if not line.paid.is_known:
        return tell("已支付金额{}。", short(line.paid, currency).removeprefix("◫ ").removeprefix("… "))
    said = tell("到 {:%Y年%-m月%-d日}，已支付 {}", edition.release.as_of, short(line.paid, currency))
    part = share(line.paid, line.adjusted)
    if part is not None:
        said += tell("，是调整预算的 {}", percent(part))
    if line.progress is not None:
        said += tell("；工程进度 {}", percent(line.progress, 0))
    if line.days_late:
        said += tell("；比计划晚了 {} 天", line.days_late)
    return said + "。"


def _why_no_rate(row: Mapping[str, Any]) -> Amount | None:
    """Why there is no execution rate: the mark to show in its place; None when there is a rate."""
    if row["execution_rate"] is not None:
        return None
    for measure in ("paid", "adjusted"):
        amount = amount_in(row, measure)
        if not amount.is_known:
            return amount
    return INAPPLICABLE


def _stages(edition: Edition, project_id: str) -> tuple[Stage, ...]:
    rows = edition.runs("milestones", "project_id").rows(project_id) if "milestones" in edition.specs else []
    rows.sort(key=lambda row: (row["progress"] or 0, row["planned_on"] or date.max, row["name"]))
    as_of = edition.release.as_of
    stages: list[Stage] = []
    is_next_found = False
    for row in rows:
        planned, done = row["planned_on"], row["done_on"]
        due = done or as_of
        days = max((due - planned).days, 0) if planned else 0
        if done:
            state = "done_late" if days else "done"
        elif days:
            state = "late"
        else:
            state = "ahead" if is_next_found else "next"
            is_next_found = True
        stages.append(Stage(row["name"], planned, done, row["progress"], state, days))
    return tuple(stages)


def _money(row: Mapping[str, Any]) -> tuple[MoneyLine, ...]:
    named = (
        ("total_investment", tell("总投资"), tell("项目批复的总投资，含以前年度和以后年度")),
        ("approved", tell("年初预算"), tell("各年年初批复的预算合计")),
        ("adjusted", tell("调整预算"), tell("年中追加、追减以后的预算合计")),
        ("contracted", tell("合同金额"), tell("已签订的公开合同合计")),
        ("paid", tell("已支付"), tell("国库已经付出的钱，退款已冲减")),
    )
    amounts = [(name, title, amount_in(row, name), meaning) for name, title, meaning in named]
    whole = float(max((amount.fen or 0 for _, _, amount, _ in amounts), default=0))
    return tuple(
        MoneyLine(title, amount, _money_bar(name, amount, whole), meaning)
        for name, title, amount, meaning in amounts
    )


def _money_bar(name: str, amount: Amount, whole: float) -> str:
    if not amount.is_known and amount.status != "withheld":
        return ""
    fen = None if amount.fen is None else float(amount.fen)
    return bar(fen, None, whole) if name == "paid" or fen is None else bar(0, fen, whole)


def _months(
    edition: Edition, project_id: str, year: int | None
) -> tuple[Figure | None, int | None, tuple[int, ...]]:
    told = has_months(edition, "project_months")
    rows = edition.runs("project_months", "project_id").rows(project_id) if told else []
    years = tuple(sorted({found["month"].year for found in rows}))
    if not years:
        return None, None, ()
    shown = year if year is not None and year in years else years[-1]
    by_month = {found["month"].month: found for found in rows if found["month"].year == shown}
    as_of = edition.release.as_of
    last = as_of.month if shown == as_of.year else 12
    points: list[Point] = []
    total = 0
    known = True
    hidden = False
    for month in range(1, last + 1):
        found = by_month.get(month)
        paid = amount_in(found, "paid") if found else Amount(0)
        if paid.fen is None and paid.status == "withheld":
            known, hidden = False, True
        total += paid.fen or 0
        plan = amount_in(found, "planned_cumulative") if found else None
        # A cumulative sum over a withheld month would give the month away, or be wrong: it stops there.
        points.append(
            Point(
                tell("{}月", month),
                Amount(total) if known else Amount(None, "withheld"),
                plan,
                tell("{}年{}月", shown, month),
            )
        )
    return _month_figure(edition, points, shown, hidden=hidden), shown, years


def _month_figure(edition: Edition, points: list[Point], year: int, *, hidden: bool) -> Figure:
    currency = edition.currency
    last = points[-1]
    plan = next((point.plan for point in reversed(points) if point.plan and point.plan.is_known), None)
    if hidden:
        title = tell("有的月份依规不公开，累计数到那里为止")
    elif plan is not None and plan.fen:
        part = share(last.paid, plan)
        title = tell("{} 年累计支付 {}，是计划的 {}", year, short(last.paid, currency), percent(part))
    else:
        title = tell("{} 年累计支付 {}", year, short(last.paid, currency))
    note = tell("斜纹为依规不公开的月份，不是零。") if hidden else ""
    return series(
        title,
        tell("{} 年各月累计，柱为已支付，虚线为用款计划", year)
        if plan
        else tell("{} 年各月累计已支付", year),
        points,
        currency,
        paid_word=tell("累计已支付"),
        plan_word=tell("累计计划"),
        plan_as="line",
        note=note,
    )


def _results(edition: Edition, project_id: str) -> tuple[Result, ...]:
    rows = edition.runs("indicators", "project_id").rows(project_id)
    rows.sort(key=lambda row: (-row["fiscal_year"], row["indicator"]))
    return tuple(_result(row) for row in rows)


def _result(row: Mapping[str, Any]) -> Result:
    target, actual = row["target"], row["actual"]
    reached = actual / target * 100 if target and target > 0 and actual is not None else None
    top = max(target or 0, actual or 0)
    return Result(
        row["indicator"],
        row["unit"] or "",
        INDICATOR_KINDS.get(row["kind"] or "", row["kind"] or ""),
        row["fiscal_year"],
        target,
        actual,
        reached,
        bar(actual, target, top) if actual is not None and top > 0 else "",
    )


def contract_line(row: Mapping[str, Any]) -> ContractLine:
    """A row of `contracts` as a line of a list."""
    return ContractLine(
        row["contract_id"],
        row["title"] or "",
        row["supplier_id"] or "",
        row["supplier_name"] or "",
        row["signed_on"],
        row["ends_on"],
        row["method"] or "",
        amount_in(row, "amount"),
        amount_in(row, "paid") if "paid" in row else ABSENT,
        row["project_id"] or "",
        row["org_name"] or "",
    )


def _policy(edition: Edition, policy_id: str | None) -> Policy | None:
    if not policy_id:
        return None
    rows = edition.runs("policies", "policy_id").rows(policy_id)
    if not rows:
        return Policy(policy_id, policy_id, "", None, "")
    row = rows[0]
    url = row["url"] or ""
    # A link comes from outside: only a web address may be one.
    safe = url if url.startswith(("https://", "http://")) else ""
    return Policy(policy_id, row["title"] or policy_id, row["issued_by"] or "", row["issued_on"], safe)


def _same_policy(edition: Edition, row: Mapping[str, Any]) -> tuple[ProjectLine, ...]:
    if not row["policy_id"]:
        return ()
    found = projects_by(edition, "policy_id").rows(row["policy_id"])
    others = [line_of(other) for other in found if other["project_id"] != row["project_id"]]
    near = [line for line in others if line.region_code[:4] == (row["region_code"] or "")[:4]]
    return tuple((near or others)[:4])
