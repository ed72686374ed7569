"""Every published table, before protection, in the order of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from publishing.aggregate import projects, spending
from publishing.aggregate.dimensions import dimensions
from publishing.aggregate.draft import Draft
from publishing.aggregate.participation import no_books, participation
from publishing.aggregate.performance import indicators, outputs
from publishing.aggregate.projects import Scrub
from publishing.aggregate.rows import SourceRows


@dataclass(frozen=True, slots=True)
class Aggregates:
    """All drafts of one source package, by name."""

    drafts: dict[str, Draft]


def aggregate(rows: SourceRows, scrub: Scrub, voices: pl.DataFrame | None = None) -> Aggregates:
    """Compute every published table from the rows of one source package, and from the books of participation.

    `scrub` takes a column of free text and returns it without personal data.
    """
    drafts = [
        spending.spending(rows),
        spending.spending_monthly(rows),
        spending.spending_by_organisation(rows),
        spending.fund_flow(rows),
        projects.projects(rows, scrub),
        projects.project_months(rows),
        projects.milestones(rows),
        projects.contracts(rows, scrub),
        projects.suppliers(rows),
        indicators(rows),
        outputs(rows),
        participation(no_books() if voices is None else voices, rows),
        *dimensions(rows),
    ]
    return Aggregates({one.spec.name: one for one in drafts})
