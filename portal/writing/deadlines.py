"""The reviewed table of deadlines (`deadlines.toml`): versions, rules, and calendars of years the library lacks."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.writing.clocks import Calendar, YearArrangement, arrangement
from portal.writing.errors import DeadlinesRefused
from portal.writing.models.words import CaseKind

DEFAULT_PATH = Path(__file__).with_name("deadlines.toml")
CITIZEN_CASE, DISCLOSURE_REQUEST, INQUIRY = "citizen_case", "disclosure_request", "inquiry"
ANOMALY_EXPLANATION, ANOMALY_PLAN = "anomaly_explanation", "anomaly_plan"
RULES = (CITIZEN_CASE, DISCLOSURE_REQUEST, INQUIRY, ANOMALY_EXPLANATION, ANOMALY_PLAN)
RULE_OF_KIND = {
    CaseKind.QUESTION: CITIZEN_CASE,
    CaseKind.COMPLAINT: CITIZEN_CASE,
    CaseKind.SUGGESTION: CITIZEN_CASE,
    CaseKind.WRONG_NUMBER: CITIZEN_CASE,
    CaseKind.DISCLOSURE_REQUEST: DISCLOSURE_REQUEST,
    CaseKind.INQUIRY: INQUIRY,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One rule: how many working days, what it is called, where it comes from."""

    rule: str
    version: str
    working_days: int
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Version:
    """One reviewed state of the table, in force from a day on."""

    name: str
    effective_from: date
    reviewed_by: str
    long_overdue_after: int
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All versions, oldest first, and the calendar they are counted with."""

    versions: tuple[Version, ...]
    calendar: Calendar

    @classmethod
    def read(cls, path: Path = DEFAULT_PATH) -> Deadlines:
        """Read and check a table. Raises: DeadlinesRefused, naming the place."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            versions = tuple(_version(entry) for entry in table["version"])
            added = {
                int(year): _arrangement(int(year), days) for year, days in table.get("calendar", {}).items()
            }
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise DeadlinesRefused(f"{path.name}：{error}") from error
        starts = [version.effective_from for version in versions]
        names = {version.name for version in versions}
        if not versions or starts != sorted(set(starts)) or len(names) != len(versions):
            raise DeadlinesRefused(f"{path.name}：各版本须按 effective_from 先后排列，日期和名称均不得重复。")
        return cls(versions, Calendar(added))

    def in_force_on(self, day: date) -> Version:
        """The version of a day; the oldest for days before it."""
        return next(
            (found for found in reversed(self.versions) if found.effective_from <= day), self.versions[0]
        )

    def deadline(self, rule: str, day_zero: date) -> Deadline:
        """The rule as it was in force on day zero."""
        return next(found for found in self.in_force_on(day_zero).deadlines if found.rule == rule)


def _version(entry: dict[str, Any]) -> Version:
    name = str(entry["name"])
    rules: dict[str, Any] = entry["rules"]
    if set(rules) != set(RULES):
        raise ValueError(f"版本 {name} 的规则应为 {'、'.join(RULES)}")
    days = entry["effective_from"]
    if type(days) is not date:
        raise ValueError(f"版本 {name} 的 effective_from 应为日期")
    return Version(
        name,
        days,
        str(entry["reviewed_by"]),
        _positive(entry["long_overdue_after"], f"{name}.long_overdue_after"),
        tuple(
            Deadline(
                rule,
                name,
                _positive(rules[rule]["working_days"], f"{name}.{rule}.working_days"),
                str(rules[rule]["title"]),
                str(rules[rule]["source"]),
            )
            for rule in RULES
        ),
    )


def _positive(number: object, place: str) -> int:
    if type(number) is not int or number < 1:
        raise ValueError(f"{place} 应为正整数，而不是 {number!r}")
    return number


def _arrangement(year: int, days: dict[str, list[date]]) -> YearArrangement:
    wrong = [day for day in (*days["rest"], *days["work"]) if type(day) is not date or day.year != year]
    if wrong:
        raise ValueError(f"calendar.{year} 里有不属于该年的日期：{wrong[0]}")
    return arrangement(days["rest"], days["work"])
