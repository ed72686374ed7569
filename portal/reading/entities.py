"""Pages of one region, one budget unit and one supplier."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from portal.reading.charts import BarRow, BarTable, Figure, bar_table, short
from portal.reading.edition import Edition
from portal.reading.errors import NotInRelease, Suggestion
from portal.reading.leading import claim, leads_for_sure
from portal.reading.places import LEVEL_WORDS, Place
from portal.reading.project_page import ContractLine, contract_line
from portal.reading.projects import ProjectLine, line_of, prepared, projects_by
from portal.reading.quantities import Amount, amount_in, percent, share
from portal.reading.spending import (
    NOTHING,
    TOTAL,
    Measures,
    Step,
    by_functions,
    cell,
    measures_in,
    over_years,
    per_head,
)
from portal.reading.tongue import tell
from portal.reading.words import SUPPLIER_KINDS

LISTED = 8


@dataclass(frozen=True, slots=True)
class Output:
    """What was built or delivered in a place in a year, over the projects that reported it."""

    indicator: str
    unit: str
    target: float | None
    actual: float | None
    projects: int
    reported: int


@dataclass(frozen=True, slots=True)
class RegionPage:
    """One region in one year."""

    place: Place
    level: str
    line: tuple[Step, ...]
    year: int | None
    totals: Measures
    per_head: Amount | None
    functions: BarTable
    children: tuple[Place, ...]
    over_years: Figure | None
    outputs: tuple[Output, ...]
    outputs_year: int | None
    projects: tuple[ProjectLine, ...]
    project_count: int
    late_count: int


def region_page(edition: Edition, code: str) -> RegionPage:
    """The page of a region.

    Raises: NotInRelease with the regions whose code or name is nearest.
    """
    places = edition.places
    place = places.get(code)
    if place is None:
        near = [
            found for found in places.by_code.values() if found.code[:4] == code[:4] or code in found.name
        ]
        raise NotInRelease(
            tell("没有代码为 {} 的地区。", code),
            tuple(Suggestion(f"/regions/{found.code}", found.name) for found in near[:5]),
        )
    year = edition.year if edition.years else None
    totals = cell(edition, year, code, TOTAL) if year else NOTHING
    projects = prepared(edition).filter(pl.col("region_code").is_in(sorted(places.subtree(code))))
    outputs, outputs_year = _outputs(edition, code)
    return RegionPage(
        place=place,
        level=LEVEL_WORDS.get(place.level, ""),
        line=tuple(Step(found.code, found.name) for found in places.line(code)),
        year=year,
        totals=totals,
        per_head=per_head(totals.paid, place),
        functions=by_functions(edition, year, place, TOTAL) if year else bar_table("", "", ()),
        children=places.children(code),
        over_years=over_years(edition, place, TOTAL),
        outputs=outputs,
        outputs_year=outputs_year,
        projects=_most_urgent(projects),
        project_count=projects.height,
        late_count=projects.filter(pl.col("days_late") > 0).height,
    )


def _most_urgent(projects: pl.DataFrame) -> tuple[ProjectLine, ...]:
    ordered = projects.sort(
        ["light_rank", "adjusted", "project_id"], descending=[False, True, False], nulls_last=True
    )
    return tuple(line_of(row) for row in ordered.head(LISTED).iter_rows(named=True))


def _outputs(edition: Edition, code: str) -> tuple[tuple[Output, ...], int | None]:
    if "outputs" not in edition.specs:
        return (), None
    rows = [row for row in edition.runs("outputs", "region_code").rows(code) if row["actual"] is not None]
    if not rows:
        return (), None
    year = max(row["fiscal_year"] for row in rows)
    shown = sorted(
        (row for row in rows if row["fiscal_year"] == year),
        key=lambda row: (-row["projects"], row["indicator"]),
    )
    return (
        tuple(
            Output(
                row["indicator"],
                row["unit"],
                row["target"],
                row["actual"],
                row["projects"] or 0,
                row["reported"] or 0,
            )
            for row in shown[:24]
        ),
        year,
    )


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One budget unit in one year."""

    org_id: str
    name: str
    sector: str
    region: Step | None
    parent: Step | None
    year: int | None
    totals: Measures
    economics: BarTable
    projects: tuple[ProjectLine, ...]
    project_count: int


def organisation_page(edition: Edition, org_id: str) -> OrganisationPage:
    """The page of a budget unit.

    Raises: NotInRelease.
    """
    rows = edition.runs("organisations", "org_id").rows(org_id)
    if not rows:
        raise NotInRelease(tell("没有代码为 {} 的预算单位。", org_id))
    row = rows[0]
    parents = edition.runs("organisations", "org_id").rows(row["parent_org_id"])
    year, totals, economics = _by_economics(edition, org_id)
    projects = projects_by(edition, "org_id").of(org_id)
    region = row["region_code"]
    return OrganisationPage(
        org_id=org_id,
        name=row["name"],
        sector=row["sector"] or "",
        region=Step(region, edition.places.name(region)) if edition.places.get(region) else None,
        parent=Step(row["parent_org_id"], parents[0]["name"]) if parents else None,
        year=year,
        totals=totals,
        economics=economics,
        projects=_most_urgent(projects),
        project_count=projects.height,
    )


def _by_economics(edition: Edition, org_id: str) -> tuple[int | None, Measures, BarTable]:
    empty = bar_table("", "", ())
    if "spending_by_organisation" not in edition.specs:
        return None, NOTHING, empty
    rows = edition.runs("spending_by_organisation", "org_id").rows(org_id)
    if not rows:
        return None, NOTHING, empty
    years = sorted({row["fiscal_year"] for row in rows})
    year = edition.year if edition.year in years else years[-1]
    current = [row for row in rows if row["fiscal_year"] == year]
    totals = next((measures_in(row) for row in current if row["economic_code"] == TOTAL), NOTHING)
    found = [
        (row["economic_name"] or row["economic_code"], measures_in(row))
        for row in current
        if row["economic_code"] != TOTAL
    ]
    bars = [
        BarRow(name, measures.paid, measures.adjusted, measures.rate, share(measures.paid, totals.paid))
        for name, measures in sorted(found, key=lambda pair: -(pair[1].paid.fen or 0))
    ]
    title = ""
    if bars and bars[0].paid.fen:
        title = tell("{}最多，{}", bars[0].name, short(bars[0].paid, edition.currency))
        if bars[0].share is not None:
            title += tell("，占 {}", percent(bars[0].share))
        title = claim(title, is_sure=leads_for_sure([bar.paid for bar in bars], totals.paid))
    return year, totals, bar_table(title, tell("{} 年，按政府预算支出经济分类", year), bars)


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """One supplier with its public contracts."""

    supplier_id: str
    name: str
    credit_code: str
    kind: str
    region: Step | None
    amount: Amount
    paid: Amount
    contracts: tuple[ContractLine, ...]
    contract_count: int


def supplier_page(edition: Edition, supplier_id: str) -> SupplierPage:
    """The page of a supplier.

    Raises: NotInRelease.
    """
    rows = edition.runs("suppliers", "supplier_id").rows(supplier_id)
    if not rows:
        raise NotInRelease(tell("没有编号为 {} 的供应商，或它是自然人：自然人不公开。", supplier_id))
    row = rows[0]
    contracts = [contract_line(found) for found in edition.runs("contracts", "supplier_id").rows(supplier_id)]
    contracts.sort(key=lambda line: (line.signed_on is None, line.signed_on), reverse=True)
    region = row["region_code"]
    return SupplierPage(
        supplier_id=supplier_id,
        name=row["name"],
        credit_code=row["credit_code"] or "",
        kind=SUPPLIER_KINDS.get(row["kind"] or "", ""),
        region=Step(region, edition.places.name(region)) if edition.places.get(region) else None,
        amount=amount_in(row, "amount"),
        paid=amount_in(row, "paid"),
        contracts=tuple(contracts[:100]),
        contract_count=row["contracts"] or len(contracts),
    )
