"""The way of a project's money as a list: policy, class of spending, unit, project, contracts, those who were paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from portal.reading.project_page import ProjectPage
from portal.reading.quantities import Amount
from portal.reading.tongue import tell

MOST_CONTRACTS = 5


@dataclass(frozen=True, slots=True)
class TrailItem:
    """One thing on the way. `url` is empty where it has no page here."""

    name: str
    url: str = ""
    amount: Amount | None = None
    word: str = ""
    function: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What the address takes along."""
        return {"function": self.function} if self.function else {}


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step of the way with the things on it; `more` of them are not listed."""

    title: str
    things: tuple[TrailItem, ...]
    more: int = 0


def trail_of(view: ProjectPage) -> tuple[TrailStep, ...]:
    """The steps that the release knows of, in the order the money takes."""
    return tuple(step for step in _steps(view) if step.things)


def _steps(view: ProjectPage) -> Iterator[TrailStep]:
    line = view.line
    if view.policy:
        yield TrailStep(tell("依据"), (TrailItem(view.policy.title, view.policy.url),))
    if view.function_name:
        yield TrailStep(
            tell("预算科目"),
            (TrailItem(view.function_name, "/spending", function=view.function_code),),
        )
    if line.org_name:
        yield TrailStep(
            tell("负责单位"), (TrailItem(line.org_name, f"/organisations/{quote(view.org_id, safe='')}"),)
        )
    yield TrailStep(tell("项目"), (TrailItem(line.name, "", line.adjusted, tell("调整预算")),))
    shown = view.contracts[:MOST_CONTRACTS]
    more = len(view.contracts) - len(shown)
    yield TrailStep(
        tell("合同"), tuple(TrailItem(found.title, "", found.amount, tell("合同额")) for found in shown), more
    )
    suppliers = {found.supplier_id: found for found in shown if found.supplier_id}
    yield TrailStep(
        tell("收款人"),
        tuple(
            TrailItem(found.supplier_name, f"/suppliers/{quote(code, safe='')}", found.paid, tell("已支付"))
            for code, found in suppliers.items()
        ),
        more,
    )
