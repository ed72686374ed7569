"""Fund flow: from fund sources over departments to kinds of payees, as ribbons and as the lines behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.reading.charts.model import Chart, Flow, Ribbon, Row, money
from portal.reading.edition import Edition
from portal.reading.places import Place
from portal.reading.quantities import Amount, amount_in, percent
from portal.reading.spending import TOTAL, SpendingQuery
from portal.reading.spending_state import state_chart
from portal.reading.tongue import tell

FUND_SOURCES = {
    "general": "一般公共预算",
    "fund": "政府性基金",
    "state_capital": "国有资本经营",
    "social_insurance": "社会保险基金",
    "bond": "政府债券",
    "transfer": "上级转移支付",
}
PAYEE_GROUPS = {"company": "企业", "institution": "事业单位", "public_body": "机关团体", "individual": "个人"}


def flow_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """Fund source -> department -> kind of payee, of the whole province; the table has every published line."""
    del place, query  # published for the whole only
    rows = edition.runs("fund_flow", "fiscal_year").rows(year) if edition.has("fund_flow") else []
    sectors = _by_size(rows, "sector")
    sources = [code for code in FUND_SOURCES if any(row["fund_source"] == code for row in rows)]
    groups = [code for code in PAYEE_GROUPS if any(row["payee_group"] == code for row in rows)]
    names = (
        *(tell(FUND_SOURCES[code]) for code in sources),
        *sectors,
        *(tell(PAYEE_GROUPS[code]) for code in groups),
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
                tell(FUND_SOURCES.get(row["fund_source"], row["fund_source"])),
                row["sector"],
                tell(PAYEE_GROUPS.get(row["payee_group"], row["payee_group"])),
            ),
            money(amount_in(row, "paid"), edition.currency),
        )
        for row in rows
    )
    layers = (len(sources), len(sectors), len(groups))
    root = edition.places.root
    whole = SpendingQuery(root.code if root else "", TOTAL, str(year), view="flow")
    return state_chart(
        edition,
        whole,
        _flow_title(rows),
        tell(
            "{} 年已支付，{}：资金来源 → 主管部门 → 收款方；带的粗细为金额，斜纹为依规不公开（粗细不代表金额）",
            year,
            root.name if root else "",
        ),
        body=Flow(
            (tell("资金来源"), tell("主管部门"), tell("收款方")), layers, names, tuple(ribbons), behind
        ),
        dataset="fund_flow",
        note="" if rows else tell("这一号发布没有这一年的资金流向。"),
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
        return tell("没有可以公布的资金流向")
    top = max(by_group, key=lambda code: by_group[code])
    return tell(
        "公布的支付里，{}付给了{}", percent(by_group[top] / total * 100), tell(PAYEE_GROUPS.get(top, top))
    )
