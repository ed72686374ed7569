"""The one way a value of a published table is written as text: in digests, CSV and JSON Lines alike.

| column type | text | null |
| --- | --- | --- |
| text, code, status | as it is | null |
| money (Int64 fen) | yuan, exactly two decimals, `-` only before a negative amount: `-0.05` | null |
| integer, year | decimal digits | null |
| number (Float64) | shortest digits that read back the same double, as Python's `repr` writes them; `-0.0` is `0.0` | null |
| boolean | `true`, `false` | null |
| date, month | `YYYY-MM-DD`, `YYYY-MM` | null |

Numbers go through Python's `repr` and not through Polars, whose choice between `0.00001` and `1e-05` is its own
and may change with a version; a digest must not.
"""

from __future__ import annotations

import polars as pl

from publishing.specs import Column, ColumnType

TEXT_TYPES = frozenset({ColumnType.TEXT, ColumnType.CODE, ColumnType.STATUS})


def plain_text(values: pl.Series, column: Column) -> pl.Series:
    """Write the values of one column as text, one for one; nulls stay null."""
    if column.type in TEXT_TYPES:
        return values
    if column.type is ColumnType.NUMBER:
        texts = [None if value is None else repr(value + 0.0) for value in values.to_list()]
        return pl.Series(values.name, texts, dtype=pl.String)
    return values.to_frame().select(_text_of(pl.col(values.name), column.type)).to_series()


def _text_of(value: pl.Expr, kind: ColumnType) -> pl.Expr:
    if kind is ColumnType.MONEY:
        digits = value.abs().cast(pl.String).str.zfill(3)
        sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
        return pl.concat_str(sign, digits.str.head(-2), pl.lit("."), digits.str.tail(2)).alias("text")
    if kind is ColumnType.MONTH:
        return value.dt.strftime("%Y-%m")
    if kind is ColumnType.DATE:
        return value.dt.strftime("%Y-%m-%d")
    return value.cast(pl.String)  # integers, years, booleans


def replaced(values: pl.Series, trigger: str, replacements: tuple[tuple[str, str], ...]) -> pl.Series:
    """Replace texts in the given order, but only when some value matches the pattern `trigger`.

    Looking first is cheap; most columns hold nothing that needs replacing.
    """
    if not values.str.contains(trigger).any():
        return values
    for old, new in replacements:
        values = values.str.replace_all(old, new, literal=True)
    return values
