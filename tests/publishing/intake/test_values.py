"""Single values that are refused: each with its file, row, column and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.intake import PackageRefused, read_package
from tests.publishing.intake.packages import Package, changed, valid_package, write_package

# table, record (0 is the first), changes, rule, column
WRONG_VALUES = [
    ("payments", 0, {"amount": "1,2O0"}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": "1,200.00"}, "money_separators", "amount"),
    ("payments", 0, {"amount": "￥500"}, "money_separators", "amount"),
    ("payments", 0, {"amount": "５００"}, "money_fullwidth", "amount"),
    ("payments", 0, {"amount": "500.123"}, "money_three_decimals", "amount"),
    ("payments", 0, {"amount": "500.000"}, "money_three_decimals", "amount"),
    ("payments", 0, {"amount": "99999999999999999.99"}, "money_overflow", "amount"),
    ("payments", 0, {"amount": "92233720368547758.08"}, "money_overflow", "amount"),
    ("payments", 0, {"amount": "9" * 500}, "money_overflow", "amount"),
    ("payments", 0, {"amount": "1e400"}, "money_scientific", "amount"),
    ("payments", 0, {"amount": "5E5"}, "money_scientific", "amount"),
    ("payments", 0, {"amount": "NaN"}, "money_not_finite", "amount"),
    ("payments", 0, {"amount": "-inf"}, "money_not_finite", "amount"),
    ("payments", 0, {"amount": "+500"}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": "--500"}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": " 500"}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": "500."}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": "0x1F4"}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": "五百元"}, "money_not_a_number", "amount"),
    ("payments", 0, {"amount": ""}, "value_missing", "amount"),
    ("payments", 2, {"payee_name": ""}, "value_missing", "payee_name"),
    ("payments", 0, {"payment_id": ""}, "value_missing", "payment_id"),
    ("payments", 0, {"payment_id": "F0001 "}, "whitespace_padded", "payment_id"),
    ("payments", 0, {"payment_id": "F\u200b0001"}, "whitespace_padded", "payment_id"),
    ("payments", 0, {"paid_on": "2025-02-30"}, "date_impossible", "paid_on"),
    ("payments", 0, {"paid_on": "2025-13-01"}, "date_impossible", "paid_on"),
    ("payments", 0, {"paid_on": "2025/03/15"}, "date_wrong", "paid_on"),
    ("payments", 0, {"paid_on": "20250315"}, "date_wrong", "paid_on"),
    ("payments", 0, {"paid_on": "2025-3-15"}, "date_wrong", "paid_on"),
    ("payments", 0, {"paid_on": "+2025-1-01"}, "date_wrong", "paid_on"),
    ("payments", 0, {"paid_on": "45000"}, "date_wrong", "paid_on"),
    ("payments", 0, {"paid_on": "0025-03-15"}, "date_out_of_range", "paid_on"),
    ("payments", 0, {"payee_kind": "person"}, "choice_unknown", "payee_kind"),
    ("payments", 0, {"purpose": "拨款\u0007"}, "control_character", "purpose"),
    ("payments", 0, {"purpose": "拨款\u202e退"}, "hidden_character", "purpose"),
    ("payments", 0, {"purpose": "拨\ufffd款"}, "replacement_character", "purpose"),
    ("payments", 0, {"purpose": "字" * 400_000}, "field_too_large", "purpose"),
    ("regions", 2, {"region_code": "99010"}, "leading_zero_lost", "region_code"),
    ("regions", 2, {"region_code": "99010A"}, "code_malformed", "region_code"),
    ("regions", 2, {"region_code": "９９０１０２"}, "code_malformed", "region_code"),
    ("regions", 2, {"lon": "190"}, "out_of_range", "lon"),
    ("regions", 2, {"lat": "-91"}, "out_of_range", "lat"),
    ("regions", 2, {"lat": "二十五"}, "number_wrong", "lat"),
    ("regions", 2, {"lat": "NaN"}, "number_wrong", "lat"),
    ("regions", 2, {"lat": "２５"}, "number_fullwidth", "lat"),
    ("regions", 2, {"population": "-1"}, "out_of_range", "population"),
    ("regions", 2, {"population": "12.5"}, "integer_wrong", "population"),
    ("regions", 2, {"level": "town"}, "choice_unknown", "level"),
    ("functions", 1, {"function_code": "2050"}, "code_malformed", "function_code"),
    ("economics", 1, {"economic_code": "5030201"}, "code_malformed", "economic_code"),
    ("policies", 0, {"url": "javascript:alert(1)"}, "url_unsafe", "url"),
    ("policies", 0, {"url": "data:text/html,x"}, "url_unsafe", "url"),
    ("projects", 0, {"livelihood": "是"}, "boolean_wrong", "livelihood"),
    ("projects", 0, {"status": "ongoing"}, "choice_unknown", "status"),
    ("projects", 0, {"secrecy": "机密"}, "choice_unknown", "secrecy"),
    ("projects", 0, {"total_investment": "-1"}, "money_negative", "total_investment"),
    ("projects", 0, {"lat": ""}, "coordinates_incomplete", "lon"),
    ("budget_lines", 0, {"approved": "-0.01"}, "money_negative", "approved"),
    ("budget_lines", 0, {"adjusted": "-5"}, "money_negative", "adjusted"),
    ("budget_lines", 0, {"fiscal_year": "25"}, "out_of_range", "fiscal_year"),
    ("budget_lines", 0, {"fiscal_year": "2025年"}, "integer_wrong", "fiscal_year"),
    ("budget_lines", 0, {"fund_source": "一般公共预算"}, "choice_unknown", "fund_source"),
    ("plans", 0, {"month": "2025-13"}, "month_wrong", "month"),
    ("plans", 0, {"month": "2025-3"}, "month_wrong", "month"),
    ("plans", 0, {"month": "2024-12"}, "plan_outside_year", "month"),
    ("suppliers", 0, {"credit_code": "91990100MA0000001"}, "credit_code_malformed", "credit_code"),
    ("suppliers", 0, {"credit_code": "91990100MA0000001H"}, "credit_code_checksum", "credit_code"),
    ("contracts", 0, {"amount": "-1"}, "money_negative", "amount"),
    ("indicators", 0, {"target": "很多"}, "number_wrong", "target"),
    ("indicators", 0, {"target": "1e400"}, "number_wrong", "target"),
    ("indicators", 0, {"kind": "other"}, "choice_unknown", "kind"),
    ("milestones", 0, {"progress": "101"}, "out_of_range", "progress"),
    ("milestones", 0, {"progress": "-1"}, "out_of_range", "progress"),
    # relations between rows and tables
    ("payments", 1, {"payment_id": "F0001"}, "key_duplicated", "payment_id"),
    ("payments", 0, {"line_id": "L999"}, "reference_broken", "line_id"),
    ("payments", 0, {"project_id": "P999"}, "reference_broken", "project_id"),
    ("payments", 0, {"contract_id": "C999"}, "reference_broken", "contract_id"),
    ("payments", 0, {"org_id": "U999"}, "reference_broken", "org_id"),
    ("payments", 0, {"supplier_id": "S999"}, "reference_broken", "supplier_id"),
    ("payments", 0, {"project_id": "P002"}, "line_of_other_project", "project_id"),
    ("payments", 0, {"project_id": "P002"}, "contract_of_other_project", "contract_id"),
    ("payments", 2, {"supplier_id": "S001"}, "individual_with_supplier", "supplier_id"),
    ("payments", 0, {"amount": "-5"}, "refund_without_reverses", "reverses"),
    ("payments", 3, {"amount": "100.10"}, "refund_not_negative", "amount"),
    ("payments", 3, {"amount": "0"}, "refund_not_negative", "amount"),
    ("payments", 3, {"reverses": "F0004"}, "refund_of_itself", "reverses"),
    ("payments", 3, {"reverses": "F9999"}, "refund_of_unknown", "reverses"),
    ("payments", 3, {"amount": "-250000.11"}, "refund_exceeds_payment", "amount"),
    (
        "payments",
        3,
        {"line_id": "L002", "project_id": "", "contract_id": ""},
        "refund_on_other_line",
        "line_id",
    ),
    ("payments", 3, {"paid_on": "2025-04-14"}, "refund_before_payment", "paid_on"),
    ("projects", 0, {"region_code": "990199"}, "reference_broken", "region_code"),
    ("projects", 0, {"org_id": "U999"}, "reference_broken", "org_id"),
    ("projects", 0, {"function_code": "206"}, "reference_broken", "function_code"),
    ("projects", 0, {"policy_id": "ZC-0"}, "reference_broken", "policy_id"),
    ("projects", 0, {"planned_end": "2025-01-31"}, "dates_disordered", "planned_end"),
    ("projects", 0, {"ended_on": "2025-01-31", "status": "completed"}, "dates_disordered", "ended_on"),
    ("budget_lines", 0, {"org_id": "U999"}, "reference_broken", "org_id"),
    ("budget_lines", 0, {"project_id": "P999"}, "reference_broken", "project_id"),
    ("budget_lines", 0, {"function_code": "20599"}, "reference_broken", "function_code"),
    ("budget_lines", 0, {"economic_code": "599"}, "reference_broken", "economic_code"),
    ("budget_lines", 1, {"line_id": "L001"}, "key_duplicated", "line_id"),
    ("plans", 0, {"line_id": "L999"}, "reference_broken", "line_id"),
    ("plans", 1, {"month": "2025-03"}, "key_duplicated", "line_id"),
    ("contracts", 0, {"supplier_id": "S999"}, "reference_broken", "supplier_id"),
    ("contracts", 0, {"project_id": "P999"}, "reference_broken", "project_id"),
    ("contracts", 0, {"org_id": "U999"}, "reference_broken", "org_id"),
    ("contracts", 0, {"ends_on": "2025-02-28"}, "dates_disordered", "ends_on"),
    ("organisations", 0, {"region_code": "991000"}, "reference_broken", "region_code"),
    ("organisations", 1, {"parent_org_id": "U009"}, "reference_broken", "parent_org_id"),
    ("organisations", 0, {"parent_org_id": "U002"}, "hierarchy_cycle", "parent_org_id"),
    ("organisations", 0, {"parent_org_id": "U001"}, "hierarchy_cycle", "parent_org_id"),
    ("suppliers", 0, {"region_code": "991000"}, "reference_broken", "region_code"),
    ("suppliers", 1, {"supplier_id": "S001"}, "key_duplicated", "supplier_id"),
    ("indicators", 0, {"project_id": "P999"}, "reference_broken", "project_id"),
    ("indicators", 1, {"indicator": "新增公办学位"}, "key_duplicated", "project_id"),
    ("milestones", 0, {"project_id": "P999"}, "reference_broken", "project_id"),
    ("milestones", 1, {"name": "主体封顶"}, "key_duplicated", "project_id"),
    ("regions", 1, {"parent_code": ""}, "hierarchy_roots", "region_code"),
    ("regions", 0, {"parent_code": "990100"}, "hierarchy_cycle", "parent_code"),
    ("regions", 2, {"parent_code": "991000"}, "reference_broken", "parent_code"),
    ("regions", 2, {"parent_code": "990000"}, "region_level_wrong", "level"),
    ("regions", 2, {"level": "city"}, "region_level_wrong", "level"),
    ("functions", 1, {"parent_code": "206"}, "class_parent_wrong", "parent_code"),
    ("functions", 2, {"parent_code": "205"}, "class_parent_wrong", "parent_code"),
    ("functions", 0, {"parent_code": "20502"}, "class_parent_wrong", "parent_code"),
    ("economics", 1, {"parent_code": "504"}, "class_parent_wrong", "parent_code"),
]


def _name(case: tuple[str, int, dict[str, str], str, str]) -> str:
    table, _, changes, rule, _ = case
    value = next(iter(changes.values()))
    return f"{rule}-{table}-{value[:12].encode('unicode_escape').decode()}"


def refusal(folder: Path, package: Package | None) -> PackageRefused:
    source = write_package(folder / "source", package) if package is not None else folder / "source"
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=folder / "work")
    return caught.value


@pytest.mark.parametrize("case", WRONG_VALUES, ids=_name)
def test_a_wrong_value_is_refused_with_its_file_row_and_column(
    tmp_path: Path, case: tuple[str, int, dict[str, str], str, str]
) -> None:
    table, record, changes, rule, column = case
    refused = refusal(tmp_path, changed(table, record, **changes))
    places = {(found.file, found.row, found.column) for found in refused.report.of_rule(rule)}
    assert (f"{table}.csv", record + 2, column) in places
    assert not any((tmp_path / "work").iterdir())


def test_the_valid_package_breaks_no_rule(tmp_path: Path) -> None:
    package = read_package(write_package(tmp_path / "source"), workdir=tmp_path / "work")
    assert package.report.violations == ()
    assert package.row_counts["payments"] == 4


def test_every_broken_rule_is_found_in_one_run(tmp_path: Path) -> None:
    package = valid_package()
    package["payments"][0]["amount"] = "abc"
    package["payments"][1]["paid_on"] = "2025-02-30"
    package["plans"][0]["month"] = "03/2025"
    package["projects"][0]["org_id"] = "U999"
    package["regions"][2]["lon"] = "x"
    rules = {count.rule for count in refusal(tmp_path, package).report.counts}
    assert rules >= {
        "money_not_a_number",
        "date_impossible",
        "month_wrong",
        "reference_broken",
        "number_wrong",
    }


def test_a_negative_zero_is_zero(tmp_path: Path) -> None:
    package = read_package(
        write_package(tmp_path / "source", changed("budget_lines", 1, approved="-0.00")),
        workdir=tmp_path / "work",
    )
    assert package.control_totals["budget_lines", "approved", 2025] == 300_000_000


WARNINGS = [
    ("payments", 0, {"amount": "0"}, "payment_zero"),
    ("payments", 0, {"purpose": "=HYPERLINK(1)"}, "formula_like"),
    ("payments", 0, {"purpose": " 工程款"}, "text_padded"),
    ("payments", 0, {"supplier_id": ""}, "payee_not_in_register"),
    ("payments", 0, {"payee_kind": "institution"}, "payee_kind_differs"),
    ("payments", 0, {"paid_on": "2025-02-28"}, "payment_before_contract"),
    ("payments", 2, {"paid_on": "2024-12-31"}, "payment_outside_year"),
    ("payments", 0, {"org_id": "U001"}, "line_of_other_organisation"),
    ("payments", 0, {"amount": "3100000.00"}, "contract_overpaid"),
    ("payments", 0, {"amount": "3100000.00"}, "line_overspent"),
    ("payments", 3, {"supplier_id": "S002", "payee_kind": "institution"}, "refund_to_other_payee"),
    ("payments", 0, {"supplier_id": "S002", "payee_kind": "institution"}, "contract_of_other_supplier"),
    ("plans", 1, {"planned_cumulative": "400000"}, "plan_decreasing"),
    ("plans", 1, {"planned_cumulative": "3200000.01"}, "plan_above_budget"),
    ("contracts", 0, {"method": "抽签"}, "method_unknown"),
    ("projects", 0, {"status": "completed"}, "completed_without_end"),
    ("projects", 0, {"ended_on": "2025-12-01"}, "ended_but_not_completed"),
    ("indicators", 1, {"actual": "91"}, "actual_without_date"),
    ("suppliers", 1, {"credit_code": "91990100MA0000001G"}, "credit_code_shared"),
    ("suppliers", 0, {"kind": "company", "credit_code": "", "name": "赵铁柱"}, "supplier_may_be_person"),
    ("regions", 2, {"region_code": "990202"}, "region_prefix_differs"),
]


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case[3])
def test_a_finding_is_kept_as_a_warning(tmp_path: Path, case: tuple[str, int, dict[str, str], str]) -> None:
    table, record, changes, rule = case
    package = changed(table, record, **changes)
    if rule == "region_prefix_differs":
        package["projects"][0]["region_code"] = "990202"
    read = read_package(write_package(tmp_path / "source", package), workdir=tmp_path / "work")
    assert rule in {count.rule for count in read.report.counts}
    assert read.report.error_count == 0
