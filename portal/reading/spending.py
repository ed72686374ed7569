"""Where the money goes: the spending cube by region and by function, one step of either at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from portal.reading.charts import BarRow, BarTable, Figure, Point, bar_table, series, short
from portal.reading.edition import Edition
from portal.reading.leading import all_known, claim, leads_for_sure
from portal.reading.places import Place
from portal.reading.quantities import ABSENT, NOT_REPORTED, Amount, amount_in, percent, share
from portal.reading.tongue import is_chinese, tell, tell_month
from search.plan import Plan, to_parameters

TOTAL = "total"
ORDERS = {"paid": "按已支付", "rate": "按执行率", "code": "按代码"}
VIEWS = {"tree": "矩形图", "rings": "旭日图", "flow": "资金流向", "months": "按月", "heat": "月度热力图"}
CUTS = {"function": "按科目", "sector": "按部门和单位", "region": "按地区"}


@dataclass(frozen=True, slots=True)
class SpendingQuery:
    """A state of the explorer: which region, which function class, which year, in which order."""

    region: str = ""
    function: str = TOTAL
    year: str = ""
    order: str = "paid"
    view: str = "tree"
    by: str = "function"
    sector: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> SpendingQuery:
        """Take what is known from the address."""
        given = {name: values[-1].strip()[:40] for name, values in parameters.items() if values}
        order, view, by = given.get("order", ""), given.get("view", ""), given.get("by", "")
        return cls(
            given.get("region", ""),
            given.get("function", "") or TOTAL,
            given.get("year", ""),
            order if order in ORDERS else "paid",
            view if view in VIEWS else "tree",
            by if by in CUTS else "function",
            given.get("sector", ""),
        )

    def parameters(self) -> dict[str, str]:
        """The state as the parameters of an address, defaults left out."""
        given = {
            "region": self.region,
            "function": "" if self.function == TOTAL else self.function,
            "year": self.year,
            "view": "" if self.view == "tree" else self.view,
            "by": "" if self.by == "function" else self.by,
            "sector": self.sector,
            "order": "" if self.order == "paid" else self.order,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Measures:
    """The three sums of a row of the cube and the one formula over them."""

    approved: Amount
    adjusted: Amount
    paid: Amount

    @property
    def rate(self) -> float | None:
        """执行率 = paid / adjusted, in percent; None when either is unknown or nothing was budgeted."""
        return share(self.paid, self.adjusted)


NOTHING = Measures(ABSENT, ABSENT, ABSENT)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a breadcrumb: a code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SpendingView:
    """One state of the spending explorer; `functions_api` and `regions_api` ask the interface for the same rows."""

    query: SpendingQuery
    year: int | None
    years: tuple[int, ...]
    place: Place | None
    place_line: tuple[Step, ...]
    function_line: tuple[Step, ...]
    totals: Measures
    by_function: BarTable
    by_region: BarTable
    over_years: Figure | None
    months: Figure | None
    hidden: int
    per_head: Amount | None
    functions_api: str = ""
    regions_api: str = ""


def measures_in(row: Mapping[str, Any]) -> Measures:
    """The three sums of a row."""
    return Measures(amount_in(row, "approved"), amount_in(row, "adjusted"), amount_in(row, "paid"))


def cell(edition: Edition, year: int, region: str, function: str) -> Measures:
    """One cell of the cube; nothing reported when it has none."""
    rows = edition.runs("spending", "fiscal_year", "region_code", "function_code").rows(
        year, region, function
    )
    return measures_in(rows[0]) if rows else NOTHING


def function_parents(edition: Edition) -> dict[str, str]:
    """The parent of each function class, `total` above the top ones; by code length where no table says it."""
    return edition.keep("function parents", lambda: _function_parents(edition))


def _function_parents(edition: Edition) -> dict[str, str]:
    parents = {
        code: parent or TOTAL
        for code, parent in edition.frame("functions").select("function_code", "parent_code").iter_rows()
    }
    for (code,) in edition.frame("spending").select("function_code").unique().iter_rows():
        if code not in parents:
            parents[code] = code[:-2] if len(code) > 3 and code[:-2] in parents else TOTAL
    parents.pop(TOTAL, None)
    return parents


def function_names(edition: Edition) -> dict[str, str]:
    """What the function classes are called."""
    return edition.keep(("function names", is_chinese()), lambda: _function_names(edition))


def _function_names(edition: Edition) -> dict[str, str]:
    named = dict(
        edition.frame("spending").select("function_code", "function_name").unique("function_code").iter_rows()
    )
    named.update(edition.frame("functions").select("function_code", "name").iter_rows())
    named[TOTAL] = tell("全部支出")
    return named


def spending_view(edition: Edition, query: SpendingQuery) -> SpendingView:
    """The state of the explorer that the query asks for; what it does not know falls back to the whole."""
    year = year_of(edition, query.year)
    place = edition.places.get(query.region) or edition.places.root
    parents, names = function_parents(edition), function_names(edition)
    function = query.function if query.function in parents else TOTAL
    if place is None or year is None:
        empty = bar_table("", "", ())
        return SpendingView(
            query, year, edition.years, place, (), (), NOTHING, empty, empty, None, None, 0, None
        )
    query = replace(query, region=place.code, function=function, year=str(year))
    totals = cell(edition, year, place.code, function)
    by_function = by_functions(edition, year, place, function, query.order)
    by_region = by_regions(edition, year, place, function, query.order)
    rows = (*by_function.rows, *by_region.rows)
    return SpendingView(
        query=query,
        year=year,
        years=edition.years,
        place=place,
        place_line=tuple(Step(found.code, found.name) for found in edition.places.line(place.code)),
        function_line=_function_line(function, parents, names),
        totals=totals,
        by_function=by_function,
        by_region=by_region,
        over_years=over_years(edition, place, function),
        months=by_months(edition, place, function, year),
        hidden=sum(1 for row in rows if row.paid.is_hidden),
        per_head=per_head(totals.paid, place),
        functions_api=_rows_of(edition, year, (place.code,), _codes(by_function)),
        regions_api=_rows_of(edition, year, _codes(by_region), (function,)),
    )


def _codes(table: BarTable) -> tuple[str, ...]:
    return tuple(row.link for row in table.rows if row.link)


def _rows_of(edition: Edition, year: int, regions: Sequence[str], functions: Sequence[str]) -> str:
    """Where the interface gives the rows of a table; empty for an empty table, which would ask for everything."""
    if not regions or not functions:
        return ""
    plan = (
        Plan("spending")
        .where("fiscal_year", str(year))
        .where("region_code", *regions)
        .where("function_code", *functions)
    )
    return f"/api/v1/datasets/spending@{edition.number}/rows?{urlencode(to_parameters(plan))}"


def per_head(paid: Amount, place: Place) -> Amount | None:
    """人均 = paid / population of the same region; None when either is unknown."""
    if paid.fen is None or not place.population:
        return None
    return Amount(round(paid.fen / place.population))


def year_of(edition: Edition, asked: str) -> int | None:
    """The year that was asked for, else the one pages open with; None when the release has no spending."""
    if asked.isascii() and asked.isdigit() and int(asked) in edition.years:
        return int(asked)
    return edition.year if edition.years else None


def _function_line(function: str, parents: Mapping[str, str], names: Mapping[str, str]) -> tuple[Step, ...]:
    line: list[Step] = []
    code = function
    while code != TOTAL and len(line) < 6:
        line.append(Step(code, names.get(code, code)))
        code = parents.get(code, TOTAL)
    return (Step(TOTAL, names[TOTAL]), *reversed(line))


def by_functions(edition: Edition, year: int, place: Place, function: str, order: str = "paid") -> BarTable:
    """The classes directly below a function class in one region and year."""
    parents, names = function_parents(edition), function_names(edition)
    rows = edition.runs("spending", "fiscal_year", "region_code").rows(year, place.code)
    whole = cell(edition, year, place.code, function).paid
    found = [
        _row(row["function_code"], names[row["function_code"]], measures_in(row), whole)
        for row in rows
        if parents.get(row["function_code"]) == function
    ]
    ordered = _ordered(found, order)
    subtitle = tell(
        "{} 年，{}，{}；框为调整预算，实心为已支付", year, place.name, names.get(function, function)
    )
    return bar_table(_where_title(ordered, whole, edition), subtitle, ordered)


def by_regions(edition: Edition, year: int, place: Place, function: str, order: str = "paid") -> BarTable:
    """The places directly below a region in one year and function class."""
    children = edition.places.children(place.code)
    whole = cell(edition, year, place.code, function).paid
    rows = {
        row["region_code"]: measures_in(row)
        for row in edition.runs("spending", "fiscal_year", "function_code").rows(year, function)
    }
    found = [
        _row(child.code, child.name, rows[child.code], whole) for child in children if child.code in rows
    ]
    ordered = _ordered(found, order)
    subtitle = tell("{} 年，{}各地，{}", year, place.name, function_names(edition).get(function, function))
    return bar_table(_place_title(ordered, edition), subtitle, ordered)


def _row(code: str, name: str, measures: Measures, whole: Amount) -> BarRow:
    return BarRow(
        name, measures.paid, measures.adjusted, measures.rate, share(measures.paid, whole), "", code
    )


def _ordered(rows: list[BarRow], order: str) -> list[BarRow]:
    if order == "code":
        return sorted(rows, key=lambda row: row.link or "")
    if order == "rate":
        return sorted(rows, key=lambda row: (row.rate is None, -(row.rate or 0), row.link or ""))
    return sorted(rows, key=lambda row: (row.paid.fen is None, -(row.paid.fen or 0), row.link or ""))


def _where_title(rows: Sequence[BarRow], whole: Amount, edition: Edition) -> str:
    known = [row for row in rows if row.paid.fen]
    if not known:
        has_zeros = any(row.paid.is_known for row in rows)
        return tell("各科目还没有支付") if has_zeros else tell("这里没有可以公布的下级科目")
    top = max(known, key=lambda row: row.paid.fen or 0)
    if top.share is not None and len(rows) > 1:
        is_sure = leads_for_sure([row.paid for row in rows], whole)
        return claim(tell("{}用得最多，占 {}", top.name, percent(top.share)), is_sure=is_sure)
    return tell("{}用了 {}", top.name, short(top.paid, edition.currency))


def _place_title(rows: Sequence[BarRow], edition: Edition) -> str:
    known = [row for row in rows if row.paid.fen]
    if not known and any(row.paid.is_known for row in rows):
        return tell("各地还没有支付")
    if len(known) < 2:
        return (
            tell("这里没有可以公布的下级地区")
            if not known
            else f"{known[0].name} {short(known[0].paid, edition.currency)}"
        )
    ranked = sorted(known, key=lambda row: -(row.paid.fen or 0))
    title = tell(
        "{}最多，{}；{}最少，{}",
        ranked[0].name,
        short(ranked[0].paid, edition.currency),
        ranked[-1].name,
        short(ranked[-1].paid, edition.currency),
    )
    return claim(title, is_sure=all_known(row.paid for row in rows))


def over_years(edition: Edition, place: Place, function: str) -> Figure | None:
    """Budget (outline) and paid (fill) of each fiscal year; None when there is only one year."""
    if len(edition.years) < 2:
        return None
    cells = [(year, cell(edition, year, place.code, function)) for year in edition.years]
    as_of = edition.release.as_of
    points = [
        Point(
            f"{year}",
            found.paid,
            found.adjusted,
            tell("{}年", year) + (tell("（到{:%-m月}）", as_of) if year == as_of.year else ""),
        )
        for year, found in cells
    ]
    return series(
        _years_title(cells, as_of.year),
        tell("各财政年度，框为调整预算，实心为已支付")
        + (tell("；{} 年到 {:%-m} 月底", as_of.year, as_of) if as_of.month < 12 else ""),
        points,
        edition.currency,
        paid_word=tell("已支付"),
        plan_word=tell("调整预算"),
    )


def _years_title(cells: Sequence[tuple[int, Measures]], running: int) -> str:
    """The finding compares whole years only: a running year is not a year."""
    whole = [(year, found.paid.fen) for year, found in cells if found.paid.fen and year < running]
    if len(whole) < 2:
        return tell("各年预算与支付")
    (first, before), (last, after) = whole[0], whole[-1]
    change = (after - before) / before * 100 if before and after is not None else 0
    word = tell("增加") if change >= 0 else tell("减少")
    return tell("{} 年比 {} 年{} {}", last, first, word, percent(abs(change)))


def has_months(edition: Edition, dataset: str = "spending_monthly") -> bool:
    """Whether the release tells months apart: a source of whole years books each in one month, which tells nothing."""
    return edition.keep(f"months of {dataset}", lambda: _has_months(edition, dataset))


def _has_months(edition: Edition, dataset: str) -> bool:
    if not edition.has(dataset):
        return False
    return edition.frame(dataset)["month"].dt.month().n_unique() > 1


def by_months(edition: Edition, place: Place, function: str, year: int) -> Figure | None:
    """What was paid month by month with the plan as an outline; published for cities and function classes only."""
    if not has_months(edition):
        return None
    rows = [
        row
        for row in edition.runs("spending_monthly", "region_code", "function_code").rows(place.code, function)
        if row["month"].year == year
    ]
    if not rows:
        return None
    points = [
        Point(
            tell("{}月", row["month"].month),
            amount_in(row, "paid"),
            amount_in(row, "planned"),
            tell_month(row["month"]),
        )
        for row in rows
    ]
    return series(
        _months_title(points, cell(edition, year, place.code, function).paid, edition),
        tell(
            "{} 年各月，{}，{}；框为当月计划，实心为已支付",
            year,
            place.name,
            function_names(edition).get(function, function),
        ),
        points,
        edition.currency,
        paid_word=tell("已支付"),
        plan_word=tell("当月计划"),
    )


def _months_title(points: Sequence[Point], whole: Amount, edition: Edition) -> str:
    """The dearest month; what is not shown of the year may have been one dearer still."""
    known = [point for point in points if point.paid.fen]
    top = max(known, key=lambda point: point.paid.fen or 0, default=None)
    if top is None:
        return tell("各月支付")
    is_sure = leads_for_sure([point.paid for point in points if point.paid.status != NOT_REPORTED], whole)
    return claim(tell("{}支付最多，{}", top.label, short(top.paid, edition.currency)), is_sure=is_sure)
