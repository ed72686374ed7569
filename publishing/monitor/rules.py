"""The early-warning rules as data: what fires, how grave it is, how long the unit has to explain."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

GRADE_TITLES = {"notice": "提醒", "attention": "关注", "urgent": "紧急"}
LIGHT_OF_GRADE = {"notice": "yellow", "attention": "orange", "urgent": "red"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `threshold` is the number its words name; `parameters` are all of its numbers."""

    id: str
    title: str
    grade: str
    days: int
    words: str
    parameters: dict[str, float]

    @property
    def threshold(self) -> float:
        """The number that is compared with what was observed."""
        return next(iter(self.parameters.values()))

    @property
    def explanation(self) -> str:
        """The rule in words, with its threshold."""
        return self.words.format(threshold=self.threshold)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one version."""

    version: str
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of that id.

        Raises: KeyError when the book has no such rule.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def to_json(self) -> dict[str, Any]:
        """As it is published with a release."""
        return {
            "version": self.version,
            "rules": [
                {
                    "id": rule.id,
                    "title": rule.title,
                    "grade": rule.grade,
                    "grade_title": GRADE_TITLES[rule.grade],
                    "light": LIGHT_OF_GRADE[rule.grade],
                    "working_days": rule.days,
                    "words": rule.explanation,
                    "parameters": rule.parameters,
                }
                for rule in self.rules
            ],
        }


def read_rules(text: str | None = None) -> RuleBook:
    """Read a rule book; without text, the one that ships with the program."""
    if text is None:
        text = files("publishing.monitor").joinpath("rules.toml").read_text(encoding="utf-8")
    book = tomllib.loads(text)
    rules = tuple(
        Rule(
            row["id"],
            row["title"],
            row["grade"],
            row["days"],
            row["words"],
            {name: float(number) for name, number in row["threshold"].items()},
        )
        for row in book["rule"]
    )
    return RuleBook(book["version"], rules)
