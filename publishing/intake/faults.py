"""A fault after which a file cannot be read any further; it becomes a violation in the report."""

from __future__ import annotations


class UnreadableFile(Exception):
    """Reading of one file ends here. `rule` names the broken rule, `row` the place if known."""

    def __init__(self, rule: str, detail: str = "", row: int | None = None) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.detail = detail
        self.row = row
