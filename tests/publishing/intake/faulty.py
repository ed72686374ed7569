"""Faults of a hand-over: each is one row changed so that it breaks one rule, at a column that can be named."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from tests.publishing.intake.packages import Package, Row, valid_package

CLONES = 60
"""Rows that a large package has besides the valid ones, in each table that faults are planted in."""


@dataclass(frozen=True)
class Fault:
    """A rule that is broken by setting values in one row of a table; `column` is where the report must point."""

    rule: str
    table: str
    column: str
    values: Callable[[Random, Row], Row]


@dataclass(frozen=True)
class Planted:
    """A fault in its row; row numbers count as in a spreadsheet."""

    rule: str
    file: str
    row: int
    column: str


def _one_of(rule: str, table: str, column: str, *texts: str, **others: str) -> Fault:
    return Fault(rule, table, column, lambda chance, _row: {column: chance.choice(texts)} | others)


def _inserted(rule: str, table: str, column: str, *characters: str) -> Fault:
    """A character in the middle of the text."""

    def spoil(chance: Random, row: Row) -> Row:
        text = row[column]
        place = chance.randrange(1, len(text)) if len(text) > 1 else 0
        return {column: text[:place] + chance.choice(characters) + text[place:]}

    return Fault(rule, table, column, spoil)


def _refund(rule: str, column: str, **values: str) -> Fault:
    usual = {"amount": "-1.00", "reverses": "F0001", "paid_on": "2025-05-20"}
    return Fault(rule, "payments", column, lambda _chance, _row: usual | values)


FAULTS: tuple[Fault, ...] = (
    _one_of("money_not_a_number", "payments", "amount", "壹佰元", "12x", "1,2O0", "--5"),
    _one_of("money_fullwidth", "payments", "amount", "１２００.００", "1２0"),
    _one_of("money_separators", "payments", "amount", "1,200.00", "12,345,678.90"),
    _one_of("money_scientific", "payments", "amount", "1e5", "1.2E+07"),
    _one_of("money_not_finite", "payments", "amount", "NaN", "inf"),
    _one_of("money_three_decimals", "payments", "amount", "1.234", "99.999"),
    _one_of("money_overflow", "payments", "amount", "99999999999999999999.00"),
    _one_of("value_missing", "payments", "amount", ""),
    _one_of("value_missing", "payments", "paid_on", ""),
    _one_of("value_missing", "payments", "payee_name", ""),
    _one_of("date_wrong", "payments", "paid_on", "2025/03/15", "20250315", "15.3.2025"),
    _one_of("date_impossible", "payments", "paid_on", "2025-02-30", "2025-13-01"),
    _one_of("date_out_of_range", "payments", "paid_on", "1812-01-01", "2190-12-31"),
    _one_of("choice_unknown", "payments", "payee_kind", "robot", "企业"),
    _one_of("reference_broken", "payments", "line_id", "L998", "L999"),
    _one_of("reference_broken", "payments", "project_id", "P998"),
    _one_of("reference_broken", "payments", "contract_id", "C998"),
    _one_of("reference_broken", "payments", "org_id", "U998"),
    _one_of("reference_broken", "payments", "supplier_id", "S998"),
    _one_of("key_duplicated", "payments", "payment_id", "F0001", "F0002"),
    _inserted("control_character", "payments", "purpose", "\x07", "\x1b"),
    _inserted("hidden_character", "payments", "purpose", "\u202e", "\u2066"),
    _inserted("replacement_character", "payments", "purpose", "\ufffd"),
    _inserted("whitespace_padded", "payments", "payment_id", " ", "\u200b"),
    _refund("refund_without_reverses", "reverses", reverses=""),
    _refund("refund_not_negative", "amount", amount="1.00"),
    Fault("refund_of_itself", "payments", "reverses", lambda _chance, row: {"amount": "-1.00", "reverses": row["payment_id"]}),
    _refund("refund_of_unknown", "reverses", reverses="F9999"),
    _refund("refund_of_refund", "reverses", reverses="F0004"),
    _refund("refund_exceeds_payment", "amount", amount="-600000.00"),
    _refund("refund_on_other_line", "line_id", line_id="L002", project_id="", contract_id=""),
    _refund("refund_before_payment", "paid_on", paid_on="2025-03-02", reverses="F0002"),
    _one_of("individual_with_supplier", "payments", "supplier_id", "S001", payee_kind="individual"),
    _one_of("contract_of_other_project", "payments", "contract_id", "C001", line_id="L002", project_id="P002"),
    _one_of("line_of_other_project", "payments", "project_id", "P002", contract_id=""),
    _one_of("choice_unknown", "projects", "status", "done", "在建"),
    _one_of("boolean_wrong", "projects", "livelihood", "maybe", "是"),
    _one_of("dates_disordered", "projects", "planned_end", "2024-01-01", "2025-01-31"),
    _one_of("out_of_range", "projects", "lon", "181", "-500.5"),
    _one_of("number_wrong", "projects", "lat", "north", "25..4"),
    _one_of("number_fullwidth", "projects", "lat", "２５.４"),
    _one_of("coordinates_incomplete", "projects", "lon", "110.41", "110.2", lat=""),
    _one_of("money_negative", "projects", "total_investment", "-1.00"),
    _one_of("leading_zero_lost", "regions", "region_code", "99010", "10102"),
    _one_of("code_malformed", "regions", "region_code", "99O1O2", "9901021"),
    _one_of("reference_broken", "projects", "policy_id", "ZC-0"),
    _one_of("key_duplicated", "projects", "project_id", "P001"),
    _one_of("integer_wrong", "budget_lines", "fiscal_year", "二〇二五", "2025.5"),
    _one_of("out_of_range", "budget_lines", "fiscal_year", "1066", "9999"),
    _one_of("reference_broken", "budget_lines", "economic_code", "599"),
    _one_of("month_wrong", "plans", "month", "2025-13", "2025/03", "三月"),
    _one_of("plan_outside_year", "plans", "month", "2024-03", "2026-01"),
    _one_of("url_unsafe", "policies", "url", "javascript:alert(1)", "ftp://policy.example/1"),
    _one_of("credit_code_malformed", "suppliers", "credit_code", "123", "91990100MA00"),
    _one_of("credit_code_checksum", "suppliers", "credit_code", "91990100MA0000001H", "91990100MA0000001K"),
    _one_of("class_parent_wrong", "functions", "parent_code", "206"),
    _one_of("date_wrong", "milestones", "planned_on", "someday"),
    _one_of("out_of_range", "milestones", "progress", "101", "-1"),
)  # fmt: skip


def _cloned(table: str, row: Row, number: int) -> Row:
    keys = {
        "payments": {"payment_id": f"G{number:04d}", "amount": "100.00"},
        "projects": {"project_id": f"Q{number:03d}", "name": f"第{number}小学改扩建"},
        "regions": {"region_code": f"9903{number:02d}"},
        "budget_lines": {"line_id": f"M{number:03d}"},
        "policies": {"policy_id": f"ZC-2025-{number}"},
        "suppliers": {"supplier_id": f"T{number:03d}", "credit_code": ""},
        "plans": {"line_id": f"M{number:03d}"},
        "functions": {"function_code": f"205{number + 20}"},
        "milestones": {"name": f"节点{number}"},
    }
    return row | keys[table]


_MODELS = {"regions": 2, "functions": 1, "suppliers": 1}
"""Which valid row is cloned, where it is not the first."""
_TABLES = (
    "regions",
    "policies",
    "functions",
    "projects",
    "budget_lines",
    "plans",
    "suppliers",
    "payments",
    "milestones",
)


def large_package() -> Package:
    """The valid package with many more rows, to which nothing else refers."""
    package = deepcopy(valid_package())
    for table in _TABLES:
        model = package[table][_MODELS.get(table, 0)]
        package[table] += [_cloned(table, model, number) for number in range(CLONES)]
    return package


def plant(package: Package, chance: Random) -> list[Planted]:
    """Plant every fault once, each in a row of its own, and say where."""
    free = {table: list(range(len(package[table]) - CLONES, len(package[table]))) for table in _TABLES}
    for rows in free.values():
        chance.shuffle(rows)
    planted = []
    for fault in chance.sample(FAULTS, len(FAULTS)):
        position = free[fault.table].pop()
        row = package[fault.table][position]
        row |= fault.values(chance, row)
        planted.append(Planted(fault.rule, f"{fault.table}.csv", position + 2, fault.column))
    return planted
