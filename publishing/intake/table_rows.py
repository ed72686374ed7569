"""A whole table in memory while it is checked: every table but the payments."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from publishing.intake.report import ReportBuilder
from publishing.intake.schema import Table

ROW = "__row"
"""Column with the row number in the file."""


@dataclass(frozen=True)
class TableRows:
    """Typed rows under staged names, with their row numbers in the column `__row`."""

    table: Table
    file: str
    frame: pl.DataFrame

    def tell(
        self,
        report: ReportBuilder,
        rule: str,
        wrong: pl.DataFrame,
        column: str | None = None,
        detail: str = "",
    ) -> None:
        """Report the rows of `wrong`, a part of `frame`; `column` is the name in the file."""
        if not wrong.height:
            return
        values = None
        personal = False
        if column is not None:
            contract = self.table.by_name[column]
            personal = contract.is_personal
            values = wrong.get_column(contract.staged_name)
            if contract.staged_name.endswith("_fen"):
                values = yuan_text(values)
        report.add_rows(
            rule,
            self.file,
            rows=wrong.get_column(ROW),
            column=column,
            values=values,
            detail=detail,
            personal=personal,
        )


def yuan_text(fen: pl.Series) -> pl.Series:
    """Whole fen as the yuan text of a file, for messages."""
    absolute = pl.col("fen").abs()
    text = pl.format(
        "{}{}.{}",
        pl.when(pl.col("fen") < 0).then(pl.lit("-")).otherwise(pl.lit("")),
        absolute // 100,
        (absolute % 100).cast(pl.String).str.zfill(2),
    )
    return fen.alias("fen").to_frame().select(text).to_series()
