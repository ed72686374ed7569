"""The charts of the spending explorer: where the money goes, through whom it flows, when it is paid.

Every chart is a function of the release and the state of the explorer (`SpendingQuery`), which is its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import polars as pl

from portal.reading.charts.model import (
    Chart,
    Flow,
    Grid,
    GridRow,
    Node,
    Period,
    Periods,
    Reading,
    Ribbon,
    Row,
    Tree,
    money,
    stamp_of,
)
from portal.reading.charts.shown import Shown, show_all
from portal.reading.charts.simple import short
from portal.reading.edition import Edition
from portal.reading.places import Place
from portal.reading.quantities import ABSENT, Amount, amount_in, percent, share
from portal.reading.spending import TOTAL, SpendingQuery, cell, function_names, function_parents, year_of

FUND_SOURCES = {
    "general": "一般公共预算",
    "fund": "政府性基金",
    "state_capital": "国有资本经营",
    "social_insurance": "社会保险基金",
    "bond": "政府债券",
    "transfer": "上级转移支付",
}
PAYEE_GROUPS = {"company": "企业", "institution": "事业单位", "public_body": "机关团体", "individual": "个人"}
RUSH_SHARE = 100 / 12


def settled(edition: Edition, query: SpendingQuery) -> tuple[SpendingQuery, Place, int] | None:
    """The query with what it does not know replaced by the whole; None when there is no spending to show."""
    place = edition.places.get(query.region) or edition.places.root
    year = year_of(edition, query.year)
    if place is None or year is None:
        return None
    function = query.function if query.function in function_parents(edition) else TOTAL
    return replace(query, region=place.code, function=function, year=str(year)), place, year


def address(query: SpendingQuery, **changes: str) -> str:
    """The page of that state."""
    return "/spending?" + urlencode(replace(query, **changes).parameters())


def spending_chart(edition: Edition, query: SpendingQuery) -> Chart | None:
    """The chart that the state of the explorer asks for."""
    found = settled(edition, query)
    if found is None:
        return None
    query, place, year = found
    makers = {"flow": flow_chart, "months": months_chart, "heat": heat_chart}
    if query.view in makers:
        return makers[query.view](edition, query, place, year)
    return tree_chart(edition, query, place, year)


def spending_charts(edition: Edition, query: SpendingQuery) -> tuple[Shown, ...]:
    """The charts of one state of the explorer: the one asked for; by months also the year as it went."""
    found = settled(edition, query)
    if found is None:
        return ()
    also = year_chart(edition, *found) if query.view == "months" else None
    return show_all(spending_chart(edition, query), also)


def _chart(edition: Edition, query: SpendingQuery, title: str, subtitle: str, **more: Any) -> Chart:
    parameters = query.parameters()
    view = parameters.pop("view", "tree")
    parameters.pop("order", "")  # of the tables beside the chart, not of the chart
    return Chart(
        f"spending-{view}",
        urlencode(parameters),
        title,
        subtitle,
        more.pop("body"),
        stamp_of(edition),
        page="/spending?" + urlencode(query.parameters()),
        **more,
    )


# ---------------------------------------------------------------- parts of a whole


def tree_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """What a sum is made of: by function class, by department and unit, or by region."""
    names = function_names(edition)
    cut = {"sector": _by_sector, "region": _by_region}.get(query.by, _by_function)
    whole = cut(edition, query, place, year)
    word = {"sector": "部门（单位）", "region": "地区"}.get(query.by, "科目")
    scope = names.get(query.function, query.function) if query.by != "sector" else query.sector or "全部部门"
    is_rings = query.view == "rings"
    shape = "环的角度" if is_rings else "面积"
    return _chart(
        edition,
        query,
        _part_title(whole, edition),
        f"{year} 年已支付，{place.name}，{scope}；{shape}为金额，点开看下一级",
        body=Tree(whole, is_rings, word),
        dataset="spending_by_organisation" if query.by == "sector" else "spending",
        note=_hidden_note(whole),
    )


def _part_title(whole: Node, edition: Edition) -> str:
    known = [part for part in whole.parts if (part.size.value or 0) > 0]
    if not known:
        return f"{whole.name}下面没有可以公布的明细"
    top = max(known, key=lambda part: part.size.value or 0)
    total = whole.size.value or 0
    if total > 0 and len(whole.parts) > 1:
        return f"{top.name}用得最多，占 {percent((top.size.value or 0) / total * 100)}"
    return f"{top.name}用了 {short(Amount(round(top.size.value or 0)), edition.currency)}"


def _hidden_note(whole: Node) -> str:
    hidden = sum(1 for part in whole.parts if part.size.status in ("withheld", "merged"))
    return f"{hidden} 项依规不公开，画成斜纹，大小不代表金额；它们仍然算在合计里。" if hidden else ""


def _by_function(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Node:
    parents, names = function_parents(edition), function_names(edition)
    rows = edition.runs("spending", "fiscal_year", "region_code").rows(year, place.code)
    sizes = {row["function_code"]: money(amount_in(row, "paid"), edition.currency) for row in rows}
    below: dict[str, list[str]] = {}
    for code in sizes:
        below.setdefault(parents.get(code, ""), []).append(code)

    def node(code: str, depth: int) -> Node:
        parts = tuple(node(child, depth - 1) for child in sorted(below.get(code, []))) if depth else ()
        size = sizes.get(code) or money(ABSENT, edition.currency)
        has_more = code in below and code != query.function
        return Node(
            code, names.get(code, code), size, address(query, function=code) if has_more else "", parts
        )

    return node(query.function, 2 if query.view == "rings" else 1)


def _by_region(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Node:
    rows = {
        row["region_code"]: money(amount_in(row, "paid"), edition.currency)
        for row in edition.runs("spending", "fiscal_year", "function_code").rows(year, query.function)
    }

    def node(found: Place, depth: int) -> Node:
        parts = (
            tuple(node(child, depth - 1) for child in edition.places.children(found.code)) if depth else ()
        )
        size = rows.get(found.code) or money(ABSENT, edition.currency)
        has_more = bool(edition.places.children(found.code)) and found.code != place.code
        return Node(
            found.code, found.name, size, address(query, region=found.code) if has_more else "", parts
        )

    return node(place, 2 if query.view == "rings" else 1)


def _by_sector(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Node:
    """Departments, and the units of the chosen one. Sums over units count what is published, and say what is not."""
    codes = edition.places.subtree(place.code)
    rows = [
        row
        for row in edition.runs("spending_by_organisation", "fiscal_year", "economic_code").rows(year, TOTAL)
        if row["region_code"] in codes
    ]
    by_sector: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_sector.setdefault(row["sector"] or "未注明部门", []).append(row)
    if query.sector in by_sector:
        parts = tuple(_unit(edition, row) for row in by_sector[query.sector])
        return Node(query.sector, query.sector, _sum(edition, by_sector[query.sector]), "", parts)
    depth = query.view == "rings"
    parts = tuple(
        Node(
            sector,
            sector,
            _sum(edition, units),
            address(query, sector=sector),
            tuple(_unit(edition, row) for row in units) if depth else (),
            _missing(units),
        )
        for sector, units in sorted(by_sector.items())
    )
    return Node(place.code, place.name, _sum(edition, rows), "", parts)


def _unit(edition: Edition, row: Mapping[str, Any]) -> Node:
    link = f"/organisations/{quote(row['org_id'], safe='')}"
    return Node(
        row["org_id"], row["org_name"] or row["org_id"], money(amount_in(row, "paid"), edition.currency), link
    )


def _sum(edition: Edition, rows: Iterable[Mapping[str, Any]]) -> Reading:
    amounts = [amount_in(row, "paid") for row in rows]
    known = [amount.fen for amount in amounts if amount.fen is not None]
    if not known:
        return money(amounts[0] if amounts else ABSENT, edition.currency)
    return money(Amount(sum(known)), edition.currency)


def _missing(rows: Iterable[Mapping[str, Any]]) -> str:
    hidden = sum(1 for row in rows if not amount_in(row, "paid").is_known)
    return f"（另有 {hidden} 个单位的数没有公布，不在内）" if hidden else ""


# ---------------------------------------------------------------- flow


def flow_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """Fund source -> department -> kind of payee, of the whole province; the table has every published line."""
    del place, query  # published for the whole only
    rows = edition.runs("fund_flow", "fiscal_year").rows(year) if edition.has("fund_flow") else []
    sectors = _by_size(rows, "sector")
    sources = [code for code in FUND_SOURCES if any(row["fund_source"] == code for row in rows)]
    groups = [code for code in PAYEE_GROUPS if any(row["payee_group"] == code for row in rows)]
    names = (
        *(FUND_SOURCES[code] for code in sources),
        *sectors,
        *(PAYEE_GROUPS[code] for code in groups),
    )
    at = {("fund_source", code): index for index, code in enumerate(sources)}
    at |= {("sector", code): len(sources) + index for index, code in enumerate(sectors)}
    at |= {("payee_group", code): len(sources) + len(sectors) + index for index, code in enumerate(groups)}
    ribbons = [
        *_ribbons(edition, rows, at, ("fund_source", "sector")),
        *_ribbons(edition, rows, at, ("sector", "payee_group")),
    ]
    behind = tuple(
        Row(
            (
                FUND_SOURCES.get(row["fund_source"], row["fund_source"]),
                row["sector"],
                PAYEE_GROUPS.get(row["payee_group"], row["payee_group"]),
            ),
            money(amount_in(row, "paid"), edition.currency),
        )
        for row in rows
    )
    layers = (len(sources), len(sectors), len(groups))
    root = edition.places.root
    whole = SpendingQuery(root.code if root else "", TOTAL, str(year), view="flow")
    return _chart(
        edition,
        whole,
        _flow_title(rows),
        f"{year} 年已支付，{root.name if root else ''}：资金来源 → 主管部门 → 收款方；带的粗细为金额，斜纹为依规不公开（粗细不代表金额）",
        body=Flow(("资金来源", "主管部门", "收款方"), layers, names, tuple(ribbons), behind),
        dataset="fund_flow",
        note="" if rows else "这一号发布没有这一年的资金流向。",
    )


def _by_size(rows: Iterable[Mapping[str, Any]], column: str) -> list[str]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[column]] = sums.get(row[column], 0) + (amount_in(row, "paid").fen or 0)
    return sorted(sums, key=lambda name: (-sums[name], name))


def _ribbons(
    edition: Edition, rows: list[dict[str, Any]], at: Mapping[tuple[str, str], int], ends: tuple[str, str]
) -> Iterable[Ribbon]:
    start, end = ends
    sums: dict[tuple[str, str, str], int] = {}
    for row in rows:
        amount = amount_in(row, "paid")
        key = (row[start], row[end], amount.status)
        sums[key] = sums.get(key, 0) + (amount.fen or 0)
    for (source, target, status), fen in sorted(sums.items()):
        if (start, source) in at and (end, target) in at:
            amount = Amount(fen) if status == "published" else Amount(None, status)
            yield Ribbon(at[start, source], at[end, target], money(amount, edition.currency))


def _flow_title(rows: list[dict[str, Any]]) -> str:
    by_group: dict[str, int] = {}
    for row in rows:
        by_group[row["payee_group"]] = by_group.get(row["payee_group"], 0) + (amount_in(row, "paid").fen or 0)
    total = sum(by_group.values())
    if total <= 0:
        return "没有可以公布的资金流向"
    top = max(by_group, key=lambda code: by_group[code])
    return f"公布的支付里，{percent(by_group[top] / total * 100)}付给了{PAYEE_GROUPS.get(top, top)}"


# ---------------------------------------------------------------- months


def _month_rows(edition: Edition, place: Place, function: str) -> list[dict[str, Any]]:
    if not edition.has("spending_monthly"):
        return []
    as_of = edition.release.as_of
    rows = edition.runs("spending_monthly", "region_code", "function_code").rows(place.code, function)
    # A month that has not come yet has a plan and a zero: drawn, it would look like a month without payments.
    return sorted((row for row in rows if row["month"] <= as_of), key=lambda row: row["month"])


def months_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """Every month of every year, Decembers marked: whether the money is paid evenly or rushed at the end."""
    del year  # the rush shows only when years stand side by side
    rows = _month_rows(edition, place, query.function)
    currency = edition.currency
    periods = tuple(
        Period(
            f"{row['month']:%y}/{row['month'].month}",
            f"{row['month']:%Y年%-m月}",
            money(amount_in(row, "paid"), currency),
            money(amount_in(row, "planned"), currency),
            is_marked=row["month"].month == 12,
        )
        for row in rows
    )
    has_plan = any(period.plan is not None and period.plan.is_known for period in periods)
    names = function_names(edition)
    return _chart(
        edition,
        query,
        _rush_title(rows) if rows else "这里没有分月的支付",
        f"各月已支付，{place.name}，{names.get(query.function, query.function)}；虚线为当月用款计划",
        body=Periods(periods, "已支付", "当月计划" if has_plan else "", marked_word="12 月"),
        dataset="spending_monthly",
        note="分月的数只公布到市和功能分类的类。" if not rows else "",
    )


def _rush_title(rows: list[dict[str, Any]]) -> str:
    """How much of the last whole year was paid in its last month."""
    by_year: dict[int, dict[int, Amount]] = {}
    for row in rows:
        by_year.setdefault(row["month"].year, {})[row["month"].month] = amount_in(row, "paid")
    whole = [
        year
        for year, months in by_year.items()
        if len(months) == 12 and all(m.is_known for m in months.values())
    ]
    if not whole:
        return "各月支付"
    year = max(whole)
    total = sum(amount.fen or 0 for amount in by_year[year].values())
    last = share(by_year[year][12], Amount(total))
    if last is None:
        return "各月支付"
    compared = "高于" if last > RUSH_SHARE else "不高于"
    return f"{year} 年 12 月付了全年的 {percent(last)}，{compared}平均每月的 {percent(RUSH_SHARE)}"


def year_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart | None:
    """One year as it went: paid so far, plan so far, and the budget as the line to reach; None without months."""
    rows = [row for row in _month_rows(edition, place, query.function) if row["month"].year == year]
    if not rows:
        return None
    currency = edition.currency
    budget = money(cell(edition, year, place.code, query.function).adjusted, currency)
    periods: list[Period] = []
    paid, plan = Amount(0), Amount(0)
    for row in rows:
        paid, plan = _more(paid, amount_in(row, "paid")), _more(plan, amount_in(row, "planned"))
        month = row["month"]
        periods.append(
            Period(
                f"{month.month}月", f"{month:%Y年%-m月}", money(paid, currency), money(plan, currency), budget
            )
        )
    done = periods[-1]
    part = done.paid.value / budget.value * 100 if done.paid.value and budget.value else None
    title = (
        f"{year} 年到 {done.label}付了预算的 {percent(part)}"
        if part is not None
        else f"{year} 年各月累计支付"
    )
    names = function_names(edition)
    return replace(
        _chart(
            edition,
            query,
            title,
            f"{year} 年各月累计，{place.name}，{names.get(query.function, query.function)}；横线为全年调整预算，虚线为累计计划",
            body=Periods(tuple(periods), "累计已支付", "累计计划", "调整预算"),
            dataset="spending_monthly",
        ),
        name="spending-year",
    )


def _more(so_far: Amount, amount: Amount) -> Amount:
    """A running sum; it stops at the first month that is not published, which it would else give away."""
    if so_far.fen is None:
        return so_far
    return Amount(so_far.fen + amount.fen) if amount.fen is not None else Amount(None, amount.status)


def heat_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """Function classes by months: what share of its year's budget each class paid in each month."""
    months = list(range(1, 13))
    rows: list[GridRow] = []
    table = edition.frame("spending_monthly").filter(
        (pl.col("region_code") == place.code)
        & (pl.col("month").dt.year() == year)
        & (pl.col("month") <= edition.release.as_of)
    )
    names = function_names(edition)
    by_class: dict[str, dict[int, Amount]] = {}
    for row in table.sort("function_code", "month").iter_rows(named=True):
        by_class.setdefault(row["function_code"], {})[row["month"].month] = amount_in(row, "paid")
    as_of = edition.release.as_of
    last = as_of.month if year == as_of.year else 12
    order = sorted(by_class, key=lambda code: (code != TOTAL, code))
    for code in order:
        budget = cell(edition, year, place.code, code).adjusted
        # Within the reported months no row means that nothing was paid; after them nothing is known yet.
        amounts = [by_class[code].get(month, Amount(0) if month <= last else ABSENT) for month in months]
        rows.append(
            GridRow(
                names.get(code, code),
                tuple(money(amount, edition.currency) for amount in amounts),
                tuple(share(amount, budget) for amount in amounts),
                address(query, function=code),
            )
        )
    return _chart(
        edition,
        query,
        _heat_title(rows, year),
        f"{year} 年各月已支付占该科目全年调整预算的百分比，{place.name}",
        body=Grid(tuple(f"{month}月" for month in months), tuple(rows), "科目", "已支付", "占全年预算"),
        dataset="spending_monthly",
        note="" if rows else "分月的数只公布到市；这里没有。",
    )


def _heat_title(rows: list[GridRow], year: int) -> str:
    peaks = [
        (part, row.name, month + 1)
        for row in rows[1:]
        for month, part in enumerate(row.shares)
        if part is not None
    ]
    if not peaks:
        return f"{year} 年各月支付"
    part, name, month = max(peaks)
    return f"{name}在 {month} 月最集中，一个月付了全年预算的 {percent(part)}"
