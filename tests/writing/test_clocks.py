from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from portal.writing.case_clocks import recount_running_clocks
from portal.writing.case_views import public_page
from portal.writing.clocks import (
    Calendar,
    Punctuality,
    Span,
    arrangement,
    china_day,
    due_day,
    read_clock,
)
from portal.writing.deadlines import (
    ANOMALY_EXPLANATION,
    ANOMALY_PLAN,
    CITIZEN_CASE,
    DISCLOSURE_REQUEST,
    INQUIRY,
    Deadlines,
)
from portal.writing.errors import DeadlinesRefused
from tests.writing.office import Office, accepted

CALENDAR = Calendar()


@dataclass(frozen=True)
class GeneratedCase:
    day_zero: date
    working_days: int
    pauses: tuple[Span, ...]


def generated_cases(count: int) -> list[GeneratedCase]:
    """Cases of 2021 to 2026, many of them around holidays and year ends, some with pauses."""
    draw = random.Random(20261105)  # noqa: S311 - the same cases every time
    around = [
        (1, 1),
        (1, 28),
        (2, 10),
        (2, 16),
        (4, 30),
        (9, 20),
        (9, 29),
        (10, 1),
        (10, 6),
        (12, 24),
        (12, 31),
    ]
    cases = []
    for _ in range(count):
        year = draw.randint(2021, 2025)
        month, day = draw.choice(around)
        start = date(year, month, day) + timedelta(days=draw.randint(-6, 6))
        pauses, at = [], start
        for _ in range(draw.choice([0, 0, 1, 1, 2, 3])):
            at += timedelta(days=draw.randint(0, 9))
            until = at + timedelta(days=draw.randint(0, 14))
            pauses.append(Span(at, until))
            at = until - timedelta(days=draw.choice([0, 0, 3]))
        cases.append(GeneratedCase(start, draw.choice([2, 5, 10, 20]), tuple(pauses)))
    return cases


def independent_due_day(case: GeneratedCase) -> date:
    """By listing: all working days of the library's own function, less every paused day, then the n-th."""
    paused = {
        pause.from_on + timedelta(days=step)
        for pause in case.pauses
        if pause.until_on is not None
        for step in range((pause.until_on - pause.from_on).days)
    }
    first = case.day_zero + timedelta(days=1)
    days: list[date] = chinese_calendar.get_workdays(first, first + timedelta(days=90))
    return [day for day in days if day not in paused][case.working_days - 1]


def test_due_days_of_500_generated_cases_equal_an_independent_calculation() -> None:
    cases = generated_cases(500)
    assert sum(bool(case.pauses) for case in cases) > 250
    assert sum(independent_due_day(case).year > case.day_zero.year for case in cases) > 50
    for case in cases:
        due = due_day(CALENDAR, case.day_zero, case.working_days, case.pauses)
        assert due.on == independent_due_day(case), case


@pytest.mark.parametrize(
    ("day_zero", "working_days", "due"),
    [
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # 1-7 October free, Saturday the 10th worked
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # Saturday the 14th worked, 15-23 February free
        (date(2025, 12, 31), 2, date(2026, 1, 5)),  # 1-3 January free, Sunday the 4th worked
        (date(2026, 10, 17), 5, date(2026, 10, 23)),  # arrived on a Saturday
        (date(2026, 10, 10), 2, date(2026, 10, 13)),  # arrived on a Saturday that is worked
    ],
    ids=["national-day", "spring-festival", "year-end", "saturday", "worked-saturday"],
)
def test_due_days_around_the_holidays_of_2026(day_zero: date, working_days: int, due: date) -> None:
    assert due_day(CALENDAR, day_zero, working_days).on == due


def test_a_year_whose_holidays_are_not_announced_is_counted_and_said() -> None:
    assert not CALENDAR.covers(2031)
    due = due_day(CALENDAR, date(2030, 12, 30), 5)
    assert due.on == date(2031, 1, 6)
    assert due.uncovered == (2030, 2031)
    assert due.remark.startswith("2030、2031 年的放假安排尚未公布")
    assert due_day(CALENDAR, date(2026, 3, 2), 5).remark == ""


def test_a_year_can_be_added_and_a_known_one_cannot_be_overridden() -> None:
    ours = Calendar(
        {
            2031: arrangement([date(2031, 1, 1), date(2031, 1, 2)], [date(2031, 1, 4)]),
            2026: arrangement([date(2026, 3, 3)], []),
        }
    )
    due = due_day(ours, date(2030, 12, 31), 2)
    assert (due.on, due.uncovered) == (date(2031, 1, 4), (2030,))
    assert ours.is_working_day(date(2031, 1, 4))
    assert ours.is_working_day(date(2026, 3, 3))


def test_an_open_pause_has_no_due_day_unless_it_began_behind_it() -> None:
    assert due_day(CALENDAR, date(2026, 11, 2), 5, [Span(date(2026, 11, 4))]).on is None
    assert due_day(CALENDAR, date(2026, 11, 2), 5, [Span(date(2026, 11, 20))]).on == date(2026, 11, 9)


def test_the_clock_reads_by_the_day_it_is_given() -> None:
    due = due_day(CALENDAR, date(2026, 11, 2), 5)
    shown = {
        day: (face.punctuality, face.days_left, face.days_late)
        for day in (date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 24))
        for face in [read_clock(CALENDAR, due, day, 10)]
    }
    assert list(shown.values()) == [
        (Punctuality.RUNNING, 5, 0),
        (Punctuality.DUE_TODAY, 0, 0),
        (Punctuality.OVERDUE, 0, 1),
        (Punctuality.LONG_OVERDUE, 0, 11),
    ]
    stopped = read_clock(CALENDAR, due, date(2030, 1, 1), 10, stopped_on=date(2026, 11, 11))
    assert (stopped.punctuality, stopped.days_late) == (Punctuality.LATE, 2)


def test_the_day_of_an_instant_is_the_day_in_china() -> None:
    assert china_day(datetime(2026, 11, 2, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 2)
    assert china_day(datetime(2026, 11, 2, 16, 0, 0, tzinfo=UTC)) == date(2026, 11, 3)
    with pytest.raises(ValueError, match="time zone"):
        china_day(datetime(2026, 11, 2))  # noqa: DTZ001 - what is refused


def test_the_table_of_deadlines_says_what_was_promised() -> None:
    deadlines = Deadlines.read()
    days = {
        rule: deadlines.deadline(rule, date(2026, 11, 2)).working_days
        for rule in (CITIZEN_CASE, DISCLOSURE_REQUEST, INQUIRY, ANOMALY_EXPLANATION, ANOMALY_PLAN)
    }
    assert list(days.values()) == [5, 20, 10, 2, 5]


VERSION = """
[[version]]
name = "{name}"
effective_from = {day}
reviewed_by = "评审组"
long_overdue_after = 10
[version.rules]
citizen_case = {{working_days = {days}, title = "市民", source = "承诺"}}
disclosure_request = {{working_days = 20, title = "申请", source = "条例"}}
inquiry = {{working_days = 10, title = "询问", source = "承诺"}}
anomaly_explanation = {{working_days = 2, title = "说明", source = "办法"}}
anomaly_plan = {{working_days = 5, title = "方案", source = "办法"}}
"""


def test_the_version_in_force_on_day_zero_counts(tmp_path: Path) -> None:
    path = tmp_path / "deadlines.toml"
    path.write_text(
        VERSION.format(name="1", day="2025-01-01", days=5)
        + VERSION.format(name="2", day="2026-06-01", days=3),
        encoding="utf-8",
    )
    deadlines = Deadlines.read(path)
    found = [deadlines.deadline(CITIZEN_CASE, day) for day in (date(2026, 5, 31), date(2026, 6, 1))]
    assert [(deadline.version, deadline.working_days) for deadline in found] == [("1", 5), ("2", 3)]


@pytest.mark.parametrize(
    "text",
    [
        VERSION.format(name="1", day="2025-01-01", days=0),
        VERSION.format(name="1", day="2025-01-01", days='"5"'),
        VERSION.format(name="1", day="2025-01-01T00:00:00", days=5),
        VERSION.format(name="1", day="2025-01-01", days=5).replace("inquiry", "enquiry"),
        VERSION.format(name="1", day="2025-01-01", days=5)
        + VERSION.format(name="1", day="2025-02-01", days=5),
        VERSION.format(name="2", day="2025-03-01", days=5)
        + VERSION.format(name="1", day="2025-02-01", days=5),
        VERSION.format(name="1", day="2025-01-01", days=5) + "[calendar.2027]\nrest=[2028-01-01]\nwork=[]\n",
        "version = 3",
        "not toml",
    ],
    ids=["zero", "text", "instant", "unknown-rule", "same-name", "order", "wrong-year", "shape", "syntax"],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deadlines.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeadlinesRefused, match=r"deadlines\.toml"):
        Deadlines.read(path)


def test_running_clocks_are_counted_anew_when_a_year_becomes_known(office: Office) -> None:
    office.move_to(date(2030, 12, 30))
    opened = accepted(office)
    known = Calendar(
        {
            2030: arrangement([], []),
            2031: arrangement([date(2031, 1, 1), date(2031, 1, 2), date(2031, 1, 3)], []),
        }
    )
    office.rules = type(office.rules)(
        Deadlines(office.rules.deadlines.versions, known), office.rules.scrub, office.rules.entropy
    )
    with office.system() as work:
        assert recount_running_clocks(work) == 1
    with office.database.reading() as session:
        due = public_page(session, office.rules, office.today, opened.number).case.clock.due
    assert (opened.due.on, opened.due.is_provisional) == (date(2031, 1, 6), True)
    assert (due.on, due.is_provisional) == (date(2031, 1, 9), False)
