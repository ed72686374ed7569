"""What this package refuses, and why.

    AnonymizeError
    ├── HierarchyError     a code list is no tree (cycle, two roots, orphan)
    ├── TableError         cells that contradict themselves, each other or their totals
    ├── PolicyError        a policy file with unknown or impossible settings
    ├── LinkError          linked tables that disagree about a cell
    ├── CertificateError   a certificate that does not prove what it should
    └── LedgerError        a ledger whose chain is broken

Messages are for the person who must act: they name the place and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_PROBLEMS = 20


class AnonymizeError(Exception):
    """Input that cannot be protected as it stands."""


class HierarchyError(AnonymizeError):
    """A code list that is no tree with one root."""

    def __init__(self, hierarchy: str, code: str | None, reason: str) -> None:
        self.hierarchy = hierarchy
        self.code = code
        self.reason = reason
        place = f"hierarchy {hierarchy!r}" + (f", code {code!r}" if code is not None else "")
        super().__init__(f"{place}: {reason}")


@dataclass(frozen=True)
class TableProblem:
    """One broken rule. `row` counts rows of the given table from 1; None means the whole table."""

    row: int | None
    column: str | None
    reason: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column!r}" if self.column is not None else "",
            )
            if part
        )
        return f"{place}: {self.reason}" if place else self.reason


class TableError(AnonymizeError):
    """Cells that contradict themselves, each other or their totals; carries every problem found."""

    def __init__(self, table: str, problems: Sequence[TableProblem]) -> None:
        self.table = table
        self.problems = tuple(problems)
        shown = [f"{table}, {problem}" for problem in self.problems[:SHOWN_PROBLEMS]]
        hidden = len(self.problems) - len(shown)
        if hidden > 0:
            shown.append(f"and {hidden} more problems of the same kinds")
        super().__init__("\n".join(shown))


class PolicyError(AnonymizeError):
    """A setting that the policy does not know or cannot mean. `place` is its path in the file."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"policy, {place}: {reason}")


class LinkError(AnonymizeError):
    """Linked tables that disagree about one cell, or a relation over cells that do not exist."""

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        self.reason = reason
        super().__init__(f"cell {key!r}: {reason}")


class CertificateError(AnonymizeError):
    """A certificate that does not prove what it should."""


class LedgerError(AnonymizeError):
    """A ledger whose chain of hashes is broken, or an entry that contradicts an earlier one."""
