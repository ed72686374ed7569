"""A small source package, already staged, for tests of what comes after intake."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

KINDS = ("company", "institution", "public_body", "individual")


@dataclass
class Staged:
    """Rows of the staged tables; `payments` as (paid_on, line, kind, payee, fen, project, contract, supplier)."""

    lines: list[tuple[str, int, str, str | None, str, str, str, int, int]] = field(default_factory=list)
    payments: list[tuple[date, str, str, int, int, str | None]] = field(default_factory=list)
    projects: list[tuple[str, str, str, str]] = field(default_factory=list)
    contracts: list[tuple[str, str | None, int]] = field(default_factory=list)
    plans: list[tuple[str, date, int]] = field(default_factory=list)

    def line(
        self, line: str, *, year: int = 2025, org: str = "O-prov", project: str | None = None, function: str = "2050201",
        economic: str = "50901", fund: str = "general", approved: int = 0, adjusted: int = 0,
    ) -> Staged:  # fmt: skip
        self.lines.append((line, year, org, project, function, economic, fund, approved, adjusted))
        return self

    def pay(
        self, line: str, fen: int, *, payee: int = 1, kind: str = "individual", on: date = date(2025, 3, 5),
        contract: str | None = None,
    ) -> Staged:  # fmt: skip
        self.payments.append((on, line, kind, payee, fen, contract))
        return self

    def contract(self, contract: str, *, project: str | None = None, fen: int = 0) -> Staged:
        self.contracts.append((contract, project, fen))
        return self

    def plan(self, line: str, cumulative_fen: int, *, month: date = date(2025, 3, 1)) -> Staged:
        self.plans.append((line, month, cumulative_fen))
        return self

    def project(
        self, project: str, *, secrecy: str = "public", region: str = "990101", org: str = "O-prov"
    ) -> Staged:
        self.projects.append((project, secrecy, region, org))
        return self

    def write(self, folder: Path) -> dict[str, Path]:
        """Write every table as intake would leave it."""
        line_ix = {line: index for index, line in enumerate(sorted(row[0] for row in self.lines))}
        project_ix = {project: index for index, project in enumerate(sorted(row[0] for row in self.projects))}
        contract_ix = {
            contract: index for index, contract in enumerate(sorted(row[0] for row in self.contracts))
        }
        of_line = {row[0]: row[3] for row in self.lines}
        frames = {
            "regions": pl.DataFrame(
                {
                    "region_code": ["990000", "990100", "990101", "990102", "990200"],
                    "name": ["某省", "甲市", "甲一县", "甲二县", "乙市"],
                    "parent_code": [None, "990000", "990100", "990100", "990000"],
                    "level": ["province", "city", "county", "county", "city"],
                    "lon": [1.0] * 5,
                    "lat": [2.0] * 5,
                    "population": [100, 60, 30, 30, 40],
                }
            ),
            "organisations": pl.DataFrame(
                {
                    "org_id": ["O-prov", "O-city", "O-c1", "O-c2", "O-city2"],
                    "name": ["省厅", "甲市局", "甲一县局", "甲二县局", "乙市局"],
                    "region_code": ["990000", "990100", "990101", "990102", "990200"],
                    "sector": ["教育"] * 5,
                    "parent_org_id": [None, "O-prov", "O-city", "O-city", "O-prov"],
                }
            ),
            "functions": pl.DataFrame(
                {
                    "function_code": ["205", "20502", "2050201", "2050202", "204", "20402", "2040201"],
                    "name": ["教育", "普通教育", "学前", "小学", "公共安全", "公安", "公安一"],
                    "parent_code": [None, "205", "20502", "20502", None, "204", "20402"],
                }
            ),
            "economics": pl.DataFrame(
                {
                    "economic_code": ["509", "50901", "302", "30217", "30201"],
                    "name": ["补助", "救助", "商品和服务", "公务接待费", "办公费"],
                    "parent_code": [None, "509", None, "302", "302"],
                }
            ),
            "projects": pl.DataFrame(
                [
                    (project, f"项目{project}", region, org, "2050201", None, "under_way", date(2025, 1, 1), date(2025, 12, 1), None, 5, "说明", None, None, None, True, secrecy)
                    for project, secrecy, region, org in self.projects
                ],
                schema={
                    "project_id": pl.String, "name": pl.String, "region_code": pl.String, "org_id": pl.String, "function_code": pl.String,
                    "policy_id": pl.String, "status": pl.String, "starts_on": pl.Date, "planned_end": pl.Date, "ended_on": pl.Date,
                    "total_investment_fen": pl.Int64, "description": pl.String, "lon": pl.Float64, "lat": pl.Float64, "address": pl.String,
                    "livelihood": pl.Boolean, "secrecy": pl.String,
                },
                orient="row",
            ),
            "budget_lines": pl.DataFrame(
                self.lines,
                schema={
                    "line_id": pl.String, "fiscal_year": pl.Int32, "org_id": pl.String, "project_id": pl.String, "function_code": pl.String,
                    "economic_code": pl.String, "fund_source": pl.String, "approved_fen": pl.Int64, "adjusted_fen": pl.Int64,
                },
                orient="row",
            ),
            "payments": pl.DataFrame(
                [
                    (on, line_ix[line], project_ix.get(of_line[line] or ""), contract_ix.get(contract or ""), None, payee, KINDS.index(kind), fen)
                    for on, line, kind, payee, fen, contract in self.payments
                ],
                schema={
                    "paid_on": pl.Date, "line_ix": pl.UInt32, "project_ix": pl.UInt32, "contract_ix": pl.UInt32, "supplier_ix": pl.UInt32,
                    "payee_key": pl.UInt64, "payee_kind": pl.UInt8, "amount_fen": pl.Int64,
                },
                orient="row",
            ),
        }  # fmt: skip
        if self.contracts:
            frames["contracts"] = pl.DataFrame(
                [
                    (contract, project, "O-prov", "S1", f"合同{contract}", date(2025, 2, 1), fen, "public_tender", None)
                    for contract, project, fen in self.contracts
                ],
                schema={
                    "contract_id": pl.String, "project_id": pl.String, "org_id": pl.String, "supplier_id": pl.String,
                    "title": pl.String, "signed_on": pl.Date, "amount_fen": pl.Int64, "method": pl.String, "ends_on": pl.Date,
                },
                orient="row",
            )  # fmt: skip
        if self.plans:
            schema = {"line_id": pl.String, "month": pl.Date, "planned_cumulative_fen": pl.Int64}
            frames["plans"] = pl.DataFrame(self.plans, schema=schema, orient="row")
        paths = {}
        for name, frame in frames.items():
            paths[name] = folder / f"{name}.parquet"
            frame.write_parquet(paths[name])
        return paths
