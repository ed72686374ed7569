"""What a sum is made of: by function class, by department and unit, or by region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from portal.reading.charts.model import Chart, Node, Reading, Tree, money
from portal.reading.charts.simple import short
from portal.reading.edition import Edition
from portal.reading.leading import claim, leads_for_sure
from portal.reading.places import Place
from portal.reading.quantities import ABSENT, Amount, amount_in, percent
from portal.reading.spending import TOTAL, SpendingQuery, function_names, function_parents
from portal.reading.spending_state import address, state_chart
from portal.reading.tongue import tell


def tree_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """What a sum is made of: by function class, by department and unit, or by region."""
    names = function_names(edition)
    cut = {"sector": _by_sector, "region": _by_region}.get(query.by, _by_function)
    whole = cut(edition, query, place, year)
    word = {"sector": tell("部门（单位）"), "region": tell("地区")}.get(query.by, tell("科目"))
    scope = (
        names.get(query.function, query.function)
        if query.by != "sector"
        else query.sector or tell("全部部门")
    )
    is_rings = query.view == "rings"
    shape = tell("环的角度") if is_rings else tell("面积")
    return state_chart(
        edition,
        query,
        _part_title(whole, edition),
        tell("{} 年已支付，{}，{}；{}为金额，点开看下一级", year, place.name, scope, shape),
        body=Tree(whole, is_rings, word),
        dataset="spending_by_organisation" if query.by == "sector" else "spending",
        note=_hidden_note(whole),
    )


def _part_title(whole: Node, edition: Edition) -> str:
    known = [part for part in whole.parts if (part.size.value or 0) > 0]
    if not known:
        has_numbers = any(part.size.is_known for part in whole.parts)
        words = "{}下面还没有支付" if has_numbers else "{}下面没有可以公布的明细"
        return tell(words, whole.name)
    top = max(known, key=lambda part: part.size.value or 0)
    total = whole.size.value or 0
    if total > 0 and len(whole.parts) > 1:
        title = tell("{}用得最多，占 {}", top.name, percent((top.size.value or 0) / total * 100))
        is_sure = leads_for_sure([_as_amount(part.size) for part in whole.parts], Amount(round(total)))
        return claim(title, is_sure=is_sure)
    return tell("{}用了 {}", top.name, short(Amount(round(top.size.value or 0)), edition.currency))


def _as_amount(size: Reading) -> Amount:
    return Amount(None if size.value is None else round(size.value), size.status)


def _hidden_note(whole: Node) -> str:
    hidden = sum(1 for part in whole.parts if part.size.is_hidden)
    return tell("{} 项依规不公开，画成斜纹，大小不代表金额；它们仍然算在合计里。", hidden) if hidden else ""


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
        by_sector.setdefault(row["sector"] or tell("未注明部门"), []).append(row)
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
    return tell("（另有 {} 个单位的数没有公布，不在内）", hidden) if hidden else ""
