"""What is compared: regions, budget units or projects, each with its sums and the denominators of its ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from portal.reading.charts.simple import short
from portal.reading.edition import Edition
from portal.reading.projects import prepared
from portal.reading.quantities import ABSENT, Amount, amount_in, share
from portal.reading.spending import NOTHING, TOTAL, Measures, cell, measures_in, per_head, year_of
from portal.reading.tongue import tell

MOST = 6
KINDS = {"region": "地区", "organisation": "预算单位", "project": "项目"}


@dataclass(frozen=True, slots=True)
class CompareQuery:
    """What is compared: one kind of thing, its codes in the order they were chosen, a year, and a search for more."""

    kind: str = "region"
    codes: tuple[str, ...] = ()
    year: str = ""
    q: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> CompareQuery:
        """Take what is known from the address; what is named twice counts once."""
        kind = (parameters.get("kind") or ["region"])[-1]
        codes = [code.strip()[:80] for code in (*parameters.get("with", ()), *parameters.get("add", ()))]
        return cls(
            kind if kind in KINDS else "region",
            tuple(dict.fromkeys(code for code in codes if code)),
            (parameters.get("year") or [""])[-1][:4],
            (parameters.get("q") or [""])[-1].strip()[:100],
        )

    def address(self, codes: Sequence[str], **changes: str) -> str:
        """The query string that compares these instead."""
        pairs = [("kind", self.kind), *(("with", code) for code in codes)]
        pairs += [("year", self.year)] if self.year else []
        return "?" + urlencode(pairs + list(changes.items()))


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that is compared. `whole` is what its share is of, in words; None where there is none."""

    code: str
    name: str
    place: str
    url: str
    measures: Measures
    people: int | None = None
    each: Amount | None = None
    share_pct: float | None = None
    whole: str = ""
    investment: Amount | None = None
    progress: float | None = None
    days_late: int = 0
    without: str = ""


def compared(edition: Edition, query: CompareQuery) -> tuple[Compared, ...]:
    """The things that the query names and the release has, at most six."""
    return tuple(thing for thing in found_things(edition, query).values() if thing is not None)[:MOST]


def found_things(edition: Edition, query: CompareQuery) -> dict[str, Compared | None]:
    """What each code of the query stands for; None where the release does not have it."""
    year = year_of(edition, query.year)
    return {code: _MAKERS[query.kind](edition, code, year) for code in query.codes[: 4 * MOST]}


def _region(edition: Edition, code: str, year: int | None) -> Compared | None:
    place = edition.places.get(code)
    if place is None:
        return None
    found = cell(edition, year, code, TOTAL) if year else NOTHING
    root = edition.places.root
    whole = cell(edition, year, root.code, TOTAL).paid if root and year else ABSENT
    line = edition.places.line(code)
    return Compared(
        code,
        place.name,
        line[-2].name if len(line) > 1 else "",
        f"/regions/{quote(code, safe='')}",
        found,
        place.population,
        per_head(found.paid, place),
        share(found.paid, whole),
        tell("{}已支付 {}", root.name, short(whole, edition.currency)) if root and whole.is_known else "",
    )


def _organisation(edition: Edition, code: str, year: int | None) -> Compared | None:
    rows = edition.runs("organisations", "org_id").rows(code)
    if not rows:
        return None
    spent = edition.runs("spending_by_organisation", "org_id").rows(code)
    found = next(
        (measures_in(row) for row in spent if row["fiscal_year"] == year and row["economic_code"] == TOTAL),
        NOTHING,
    )
    region = rows[0]["region_code"] or ""
    whole = cell(edition, year, region, TOTAL).paid if year else ABSENT
    name = edition.places.name(region)
    return Compared(
        code,
        rows[0]["name"],
        name,
        f"/organisations/{quote(code, safe='')}",
        found,
        share_pct=share(found.paid, whole),
        whole=tell("{}已支付 {}", name, short(whole, edition.currency)) if whole.is_known else "",
    )


def _project(edition: Edition, code: str, year: int | None) -> Compared | None:
    del year  # a project is compared over its whole life
    index = edition.keep(
        "project rows", lambda: {found: at for at, found in enumerate(prepared(edition)["project_id"])}
    )
    if code not in index:
        return None
    row: Mapping[str, Any] = prepared(edition).row(index[code], named=True)
    investment = amount_in(row, "total_investment")
    paid = amount_in(row, "paid")
    return Compared(
        code,
        row["name"],
        row["region_name"] or "",
        f"/projects/{quote(code, safe='')}",
        measures_in(row),
        share_pct=share(paid, investment),
        whole=tell("总投资 {}", short(investment, edition.currency)) if investment.is_known else "",
        investment=investment,
        progress=row["progress"],
        days_late=row["days_late"],
    )


_MAKERS: dict[str, Callable[[Edition, str, int | None], Compared | None]] = {
    "region": _region,
    "organisation": _organisation,
    "project": _project,
}
