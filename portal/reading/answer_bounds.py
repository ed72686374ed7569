"""Whether numbers that are not published could change an extreme, a rank or a count, judged from public numbers only.

All that is known of a withheld amount is its ceiling: what is left of the place (or class) above it when everything
published beside it is taken away, and, for payments, its published budget. A payment must not exceed its budget; twice
the budget is taken, for what was overdrawn nevertheless. Refunds are small beside what was paid, so amounts count as not
negative. A ceiling is computed by anyone with the public tables, so saying what follows from it gives nothing away;
and where it does not decide, there is no answer: the largest of the published ones need not be the largest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from portal.reading.answer_cells import Row, Scene, cell_of
from search.parse import Reading
from search.plan import Filter, Measure, Operator, Plan
from search.vocabulary import TOTAL, Tree

_LEVELS = {"region_code": "region_level", "function_code": "function_level"}
_BOUNDED = ("paid", "approved", "adjusted", "planned")

Doubt = Callable[[float | None], bool]
"""Whether a hidden number with this ceiling (None: nothing known) could matter."""


def could_be_above(threshold: float, *, or_equal: bool = True) -> Doubt:
    """Doubt about a number that matters when it is above a threshold."""
    return lambda ceiling: ceiling is None or (ceiling >= threshold if or_equal else ceiling > threshold)


def always(_ceiling: float | None) -> bool:
    """Doubt about a number that matters when it is small: nothing is known from below."""
    return True


def doubtful(scene: Scene, plan: Plan, hidden: Sequence[Row], doubt: Doubt) -> int:
    """How many of the hidden members could matter."""
    if not hidden:
        return 0
    ceilings = ceilings_of(scene, plan, [row["code"] for row in hidden])
    return sum(1 for row in hidden if doubt(ceilings.get(row["code"])))


def doubt_of(reading: Reading) -> Doubt:
    """Doubt about members that might meet the conditions of a reading: one condition rules a member out, or none does."""
    for item in reading.plan.having:
        if item.operator in (Operator.ABOVE, Operator.AT_LEAST) and len(item.values) == 1:
            return could_be_above(float(item.values[0]), or_equal=item.operator is Operator.AT_LEAST)
    return always


def ceilings_of(scene: Scene, plan: Plan, codes: Sequence[str]) -> Mapping[str, float]:
    """What each hidden member can be at most; members that nothing bounds are left out."""
    column = plan.group_by[0]
    measure = scene.reading.column
    if plan.group_by == ("org_id",) and plan.dataset == "spending_by_organisation" and measure == "paid":
        return _ceilings_of_units(scene, plan, codes)
    amount = measure.removesuffix("_per_head")
    if len(plan.group_by) != 1 or column not in _LEVELS or amount not in _BOUNDED:
        return {}
    tree = scene.vocabulary.regions if column == "region_code" else scene.vocabulary.functions
    amounts, budgets = _amounts(scene, plan, column, amount), _budgets(scene, plan, column, amount)
    found = {}
    for code in codes:
        ceiling = _lowest(_ceiling(code, tree, amounts), budgets.get(code))
        people = _people(scene, code) if measure != amount else 1
        if ceiling is not None and people:
            found[code] = ceiling / people
    return found


_ROOM = 2
_BUDGETED = ("spending", "spending_by_organisation")


def _budgets(scene: Scene, plan: Plan, column: str, measure: str) -> dict[str, float]:
    """Twice the published budget of every member, where payments are asked for and budgets are published."""
    if measure != "paid" or plan.dataset not in _BUDGETED:
        return {}
    amounts = _amounts(scene, plan, column, "adjusted")
    return {code: _ROOM * amount for code, amount in amounts.items() if amount is not None}


def _lowest(*bounds: float | None) -> float | None:
    return min((bound for bound in bounds if bound is not None), default=None)


def _ceilings_of_units(scene: Scene, plan: Plan, codes: Sequence[str]) -> dict[str, float]:
    """A unit spends at most what is left of its place, when the units published there are taken away."""
    places = Plan(
        "spending",
        measures=(Measure("paid"),),
        filters=(Filter("function_code", Operator.EQUALS, (TOTAL,)),),
        period=plan.period,
    )
    units = replace(
        places,
        dataset=plan.dataset,
        filters=(Filter("economic_code", Operator.EQUALS, (TOTAL,)),),
    )
    wholes, paid = _amounts(scene, places, "region_code", "paid"), _amounts(scene, units, "org_id", "paid")
    budgets = _budgets(scene, units, "org_id", "paid")
    tree, rows = scene.vocabulary.regions, scene.vocabulary.organisations_by_id
    shown: dict[str, float] = {}
    for unit, amount in paid.items():
        row = rows.get(unit)
        for place in tree.above((row.region or "") if row is not None and amount is not None else ""):
            shown[place] = shown.get(place, 0) + (amount or 0)
    found = {}
    for code in codes:
        row = rows.get(code)
        left = [
            whole - shown.get(place, 0)
            for place in tree.above((row.region or "") if row is not None else "")
            if (whole := wholes.get(place)) is not None
        ]
        ceiling = _lowest(*left, budgets.get(code))
        if ceiling is not None:
            found[code] = ceiling
    return found


def _people(scene: Scene, code: str) -> int:
    node = scene.vocabulary.regions.nodes.get(code)
    return (node.population or 0) if node is not None else 0


def _amounts(scene: Scene, plan: Plan, column: str, measure: str) -> dict[str, float | None]:
    """Every published amount on all levels, for the rest of the plan's scope."""
    kept = tuple(item for item in plan.filters if item.column not in (column, _LEVELS.get(column)))
    wide = replace(
        plan, measures=(Measure(measure),), filters=kept, group_by=(column,), having=(), order=(), limit=None
    )
    result = scene.run(wide)
    return {row[column]: cell_of(result, row, measure).number for row in result.frame.to_dicts()}


def _ceiling(code: str, tree: Tree, amounts: Mapping[str, float | None]) -> float | None:
    """The tightest of: each thing above it, less what is published beside it on its level."""
    level = tree.nodes[code].level if code in tree.nodes else ""
    above = [place for place in tree.above(code) if place != code]
    scopes: list[tuple[str, str | None]] = [(place, place) for place in above]
    scopes += [] if above and level == "county" else [(TOTAL, None)]
    found = []
    for place, under in scopes:
        whole = amounts.get(place)
        if whole is None:
            continue
        beside = [amounts.get(other) for other in tree.at_level(level, under) if other != code]
        found.append(whole - sum(amount for amount in beside if amount is not None))
    return min(found, default=None)


def hidden_rows(scene: Scene, plan: Plan) -> int:
    """How many rows the conditions on protected amounts left out because their amount is not published."""
    spec = scene.release.spec(plan.dataset)
    protected = {column.name for column in spec.columns if column.protected}
    needs = {"execution_rate": "paid"} if "paid" in protected else {}
    left_out = 0
    for item in plan.filters:
        column = needs.get(item.column, item.column)
        if column not in protected or item.operator is Operator.IS_NULL:
            continue
        others = tuple(other for other in plan.filters if other.column != item.column)
        status = Filter(f"{column}_status", Operator.EQUALS, ("withheld", "merged"))
        rows = replace(
            plan, filters=(*others, status), measures=(), group_by=(), order=(), limit=1, having=()
        )
        left_out = max(left_out, scene.run(rows).total)
    return left_out
