"""Each rule at its threshold: what must fire fires, what is just inside does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from publishing.aggregate import read_rows
from publishing.monitor import monitor, read_rules
from tests.publishing.staged import Staged

AS_OF = date(2025, 12, 31)


def fired(
    staged: Staged, folder: Path, *, planned: dict[str, list[int]] | None = None
) -> set[tuple[str, str]]:
    """(rule, line) of every alert; `planned` maps a line to its cumulative plan, January first."""
    paths = staged.write(folder)
    if planned:
        paths["plans"] = folder / "plans.parquet"
        pl.DataFrame(
            [
                (line, date(2025, month, 1), amount)
                for line, plan in planned.items()
                for month, amount in enumerate(plan, 1)
            ],
            schema={"line_id": pl.String, "month": pl.Date, "planned_cumulative_fen": pl.Int64},
            orient="row",
        ).write_parquet(paths["plans"])
    alerts = monitor(read_rows(paths), paths["payments"], as_of=AS_OF).frame
    return set(alerts.select("rule", "subject_id").iter_rows())


def spread(line: str, amounts: list[int], *, adjusted: int = 1_200, fund: str = "general") -> Staged:
    staged = Staged().line(line, approved=adjusted, adjusted=adjusted, fund=fund)
    for month, amount in enumerate(amounts, 1):
        if amount:
            staged.pay(line, amount, on=date(2025, month, 9))
    return staged


EVEN_PLAN = [100 * month for month in range(1, 13)]


@pytest.mark.parametrize(
    ("rule", "amounts", "fires"),
    [
        ("month_above_80_percent_of_plan", [81] + [75] * 11, True),
        ("month_above_80_percent_of_plan", [80] + [75] * 11, False),
        ("above_plan_two_months", [101, 101] + [70] * 10, True),
        ("above_plan_two_months", [101, 99, 101] + [70] * 9, False),
        ("below_70_percent_two_months", [69, 69] + [80] * 10, True),
        ("below_70_percent_two_months", [69, 80] + [80] * 10, False),
        ("month_above_20_percent_of_budget", [241] + [70] * 11, True),
        ("month_above_20_percent_of_budget", [240] + [70] * 11, False),
        ("three_months_at_zero", [80, 0, 0, 0, 80, 80, 80, 80, 80, 80, 80, 80], True),
        ("three_months_at_zero", [80, 0, 0, 80, 0, 0, 80, 80, 80, 80, 80, 80], False),
        ("year_end_deviation", [94] * 12, True),
        ("year_end_deviation", [96] * 12, False),
        ("over_budget_up_to_10_percent", [101] * 12, True),
        ("over_budget_up_to_10_percent", [100] * 12, False),
        ("over_budget_beyond_10_percent", [111] * 12, True),
        ("over_budget_beyond_10_percent", [110] * 12, False),
    ],
)
def test_a_rule_fires_beyond_its_threshold_and_not_at_it(
    rule: str,
    amounts: list[int],
    fires: bool,
    tmp_path: Path,
) -> None:
    found = fired(spread("L1", amounts), tmp_path, planned={"L1": EVEN_PLAN})
    assert ((rule, "L1") in found) is fires


def test_an_idle_special_balance_needs_six_months_and_a_special_fund(tmp_path: Path) -> None:
    idle = [80] + [0] * 6 + [80] * 5
    assert ("special_balance_untouched_six_months", "L1") in fired(
        spread("L1", idle, fund="transfer"), tmp_path
    )
    assert ("special_balance_untouched_six_months", "L1") not in fired(
        spread("L1", idle, fund="general"), tmp_path
    )


def test_spending_without_a_budget_is_urgent(tmp_path: Path) -> None:
    found = fired(spread("L1", [5], adjusted=0), tmp_path)
    assert ("payment_without_budget", "L1") in found


def test_four_payments_just_under_the_limit_within_a_week_are_split_payments(tmp_path: Path) -> None:
    staged = Staged().line("L1", adjusted=10**10)
    for day in range(3, 7):
        staged.pay("L1", 49_900_000, kind="company", payee=5, on=date(2025, 3, day))
    assert ("split_payments", "L1") in fired(staged, tmp_path)


def test_the_same_payments_spread_over_months_are_not(tmp_path: Path) -> None:
    staged = Staged().line("L1", adjusted=10**10)
    for month in range(3, 7):
        staged.pay("L1", 49_900_000, kind="company", payee=5, on=date(2025, month, 3))
    assert ("split_payments", "L1") not in fired(staged, tmp_path)


def test_an_alert_keeps_its_id_from_release_to_release(tmp_path: Path) -> None:
    staged = spread("L1", [111] * 12)
    paths = staged.write(tmp_path)
    first = monitor(read_rows(paths), paths["payments"], as_of=AS_OF).frame
    second = monitor(read_rows(staged.line("L2").write(tmp_path)), paths["payments"], as_of=AS_OF).frame
    assert set(first["alert_id"]) <= set(second["alert_id"])


def test_every_rule_states_its_threshold_in_words() -> None:
    for rule in read_rules().rules:
        assert "{" not in rule.explanation
        assert rule.explanation.endswith("。")
        assert rule.grade in {"notice", "attention", "urgent"}
