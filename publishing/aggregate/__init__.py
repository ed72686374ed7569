"""Rows in, publishable tables out: pure functions over frames, money in whole fen.

Each function returns a `Draft`: the table of a spec, not yet protected, together with who stands behind each
measure under disclosure control. `publishing.protect` alone turns drafts into public tables.
"""

from __future__ import annotations

from publishing.aggregate.draft import Draft
from publishing.aggregate.rows import SourceRows, read_rows
from publishing.aggregate.tables import Aggregates, aggregate

__all__ = ["Aggregates", "Draft", "SourceRows", "aggregate", "read_rows"]
