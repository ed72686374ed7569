"""The rules behind the lights, as the release was published with them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from portal.reading.edition import Edition
from portal.reading.words import LIGHTS, Light


@dataclass(frozen=True, slots=True)
class LightRule:
    """One early-warning rule: its light, its name, the rule in words, and within how many working days it is answered."""

    rule_id: str
    title: str
    words: str
    light: Light | None
    grade: str
    working_days: int | None


def light_rules(edition: Edition) -> tuple[LightRule, ...]:
    """All rules of the release; none when it carries none."""
    return edition.keep("light rules", lambda: _read(edition))


def _read(edition: Edition) -> tuple[LightRule, ...]:
    content = edition.document("rules.json")
    stated = json.loads(content) if content else {}
    rules = stated.get("rules", []) if isinstance(stated, dict) else stated
    return tuple(
        LightRule(
            str(rule.get("id", "")),
            str(rule.get("title", "")),
            str(rule.get("words", "")),
            LIGHTS.get(str(rule.get("light", ""))),
            str(rule.get("grade_title", "")),
            rule.get("working_days"),
        )
        for rule in rules
        if isinstance(rule, dict)
    )
