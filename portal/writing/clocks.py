"""Working days and deadlines. Pure: dates in, dates out; today is an argument.

Day zero is the day something arrives (in China's time zone, at whatever hour, on a working day or not). Counting begins
with the next working day: with five working days, the fifth working day after day zero is the due day, and the clock is
overdue when that day has ended. A working day inside a pause does not count; the day a pause begins belongs to it, the
day it ends counts again. Saturdays and Sundays that are worked in exchange for a holiday (调休) count.

Source: 国务院办公厅关于部分节假日安排的通知 of each year, as kept by the library chinesecalendar; a year it does not
know yet can be added to the table of deadlines (`[calendar.2027]`). Where neither knows the year, Monday to Friday
are counted and the answer is marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

from chinese_calendar import constants

CHINA = timezone(timedelta(hours=8), "CST")
DAY = timedelta(days=1)


def china_day(instant: datetime) -> date:
    """The date an instant has in China, which has one zone and no summer time."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant.astimezone(UTC).astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class YearArrangement:
    """What a year's notice says: weekdays that are free, and weekend days that are worked."""

    rest: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days. `added` holds years the library does not know; it never overrides one that it knows."""

    added: Mapping[int, YearArrangement] = field(default_factory=dict)

    def covers(self, year: int) -> bool:
        """Whether the arrangement of the year is known."""
        return year in _KNOWN_YEARS or year in self.added

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked; Monday to Friday where the year is not covered."""
        if day.year in _KNOWN_YEARS:
            return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)
        arrangement = self.added.get(day.year)
        if arrangement is None:
            return day.weekday() < 5
        return day in arrangement.work or (day.weekday() < 5 and day not in arrangement.rest)

    def uncovered_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years between two days whose arrangement is not known."""
        return tuple(year for year in range(first.year, last.year + 1) if not self.covers(year))

    def working_days_between(self, after: date, until: date) -> int:
        """Working days behind `after`, up to and with `until`; 0 when `until` is not later."""
        span = (until - after).days
        return sum(self.is_working_day(after + DAY * step) for step in range(1, span + 1))


_KNOWN_YEARS = frozenset(day.year for day in constants.holidays)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a pause: from the first that does not count to the first that counts again (None: still paused)."""

    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due. `on` is None while it is paused; `uncovered` are years counted Monday to Friday."""

    on: date | None
    uncovered: tuple[int, ...] = ()

    @property
    def is_provisional(self) -> bool:
        """Whether a notice that is still to come may move the day."""
        return bool(self.uncovered)

    @property
    def remark(self) -> str:
        """What must be said beside the day, or nothing."""
        if not self.uncovered:
            return ""
        years = "、".join(str(year) for year in self.uncovered)
        return f"{years} 年的放假安排尚未公布，期限暂按周一至周五计算，公布后将重新计算。"


def due_day(calendar: Calendar, day_zero: date, working_days: int, pauses: Sequence[Span] = ()) -> Due:
    """The day on which the last of `working_days` falls."""
    if working_days < 1:
        raise ValueError(f"a deadline has at least one working day, not {working_days}")
    open_from = min((pause.from_on for pause in pauses if pause.until_on is None), default=None)
    day, left = day_zero, working_days
    while left:
        day += DAY
        if open_from is not None and day >= open_from:
            return Due(None, calendar.uncovered_years(day_zero, day))
        if calendar.is_working_day(day) and not any(pause.holds(day) for pause in pauses):
            left -= 1
    return Due(day, calendar.uncovered_years(day_zero, day))


class Punctuality(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    DUE_TODAY = "due_today"
    PAUSED = "paused"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"
    ON_TIME = "on_time"
    LATE = "late"


PUNCTUALITY_NAMES = {
    Punctuality.RUNNING: "期限内",
    Punctuality.DUE_TODAY: "今日到期",
    Punctuality.PAUSED: "暂停计时",
    Punctuality.OVERDUE: "已超期",
    Punctuality.LONG_OVERDUE: "严重超期",
    Punctuality.ON_TIME: "按时办结",
    Punctuality.LATE: "超期办结",
}


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a clock shows on a day: working days left (0 on the due day) or late by, and how that is called."""

    due: Due
    punctuality: Punctuality
    days_left: int
    days_late: int


def read_clock(
    calendar: Calendar, due: Due, today: date, long_overdue_after: int, stopped_on: date | None = None
) -> ClockFace:
    """How a clock stands: `today` when it still runs, on the day it stopped when it has."""
    if due.on is None and stopped_on is None:
        return ClockFace(due, Punctuality.PAUSED, 0, 0)
    if stopped_on is not None:
        late = 0 if due.on is None else calendar.working_days_between(due.on, stopped_on)
        is_late = due.on is not None and stopped_on > due.on
        return ClockFace(due, Punctuality.LATE if is_late else Punctuality.ON_TIME, 0, late)
    assert due.on is not None  # noqa: S101 - told to the type checker; both cases returned above
    if today > due.on:
        late = calendar.working_days_between(due.on, today)
        is_long = late > long_overdue_after
        return ClockFace(due, Punctuality.LONG_OVERDUE if is_long else Punctuality.OVERDUE, 0, late)
    left = calendar.working_days_between(today, due.on)
    return ClockFace(due, Punctuality.DUE_TODAY if today == due.on else Punctuality.RUNNING, left, 0)


def arrangement(rest: Iterable[date], work: Iterable[date]) -> YearArrangement:
    """A year's arrangement from plain dates."""
    return YearArrangement(frozenset(rest), frozenset(work))
