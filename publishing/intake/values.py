"""Raw columns to typed columns: text to fen, dates, numbers and codes, every wrong value told by its row.

Each type has a fast vectorised path that accepts what is plainly right. Whatever it does not accept is looked at
value by value in exact arithmetic (`scalars`), which either accepts it or names the rule it breaks. A wrong
value becomes null in the typed column; the package is refused anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from publishing.intake import limits, scalars
from publishing.intake.readers import RawBatch
from publishing.intake.report import ReportBuilder
from publishing.intake.schema import Column, ColumnType, Table

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}]"
_HIDDEN = r"[\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200E}\u{200F}]"
_SUSPICIOUS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}\u{FFFD}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200E}\u{200F}]|^[\s=+\-@]|\s$"
_SUSPICIOUS_CODE = r"[\s\x00-\x1f\x7f\u{80}-\u{9f}\u{FFFD}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200B}\u{200E}\u{200F}\u{FEFF}]|^[=+@]"
_MOST_EXAMINED = 20_000
"""Distinct wrong values that are examined one by one in a batch; beyond, they get the general rule."""

_TEXTUAL = {ColumnType.CODE, ColumnType.TEXT, ColumnType.URL}
"""Types whose characters are looked at. Those of a choice are when a value is not one of the choices."""


@dataclass(frozen=True)
class TypedBatch:
    """Typed columns under their staged names; nulls are empty or were reported as wrong."""

    frame: pl.DataFrame
    rows: npt.NDArray[np.int64]


class BatchTyper:
    """Types the batches of one file of one table."""

    def __init__(
        self, table: Table, file: str, report: ReportBuilder, *, skip_text_checks: frozenset[str]
    ) -> None:
        self._table = table
        self._file = file
        self._report = report
        self._skip = skip_text_checks
        """Codes that are looked up in another table: a strange one is found there, and examined then."""

    def type(self, batch: RawBatch) -> TypedBatch:
        """Type all columns of a batch."""
        batch = self._without_giants(batch)
        suspects = self._suspects(batch.frame)
        columns = [
            _ColumnTyper(column, self._file, self._report, batch.rows).type(
                batch.frame.get_column(column.name),
                missing=column.name in batch.missing,
                suspicious=column.name in suspects,
            )
            for column in self._table.columns
        ]
        return TypedBatch(pl.DataFrame(columns), batch.rows)

    def _without_giants(self, batch: RawBatch) -> RawBatch:
        """Fields of absurd size are told and cut before anything looks at all their bytes."""
        texts = [column for column in self._table.columns if batch.frame.schema[column.name] == pl.String]
        longest = batch.frame.select(pl.col(column.name).str.len_bytes().max() for column in texts).row(
            0, named=True
        )
        frame = batch.frame
        for column in texts:
            if (longest[column.name] or 0) > limits.LARGEST_FIELD:
                raw = frame.get_column(column.name)
                giants = raw.str.len_bytes() > limits.LARGEST_FIELD
                clipped = (
                    raw.to_frame().select(pl.when(~giants).then(raw).otherwise(raw.str.head(100))).to_series()
                )
                typer = _ColumnTyper(column, self._file, self._report, batch.rows)
                typer.tell("field_too_large", giants, clipped, f"{longest[column.name]:,} 字节 (bytes)")
                frame = frame.with_columns(clipped.alias(column.name))
        return replace(batch, frame=frame)

    def _suspects(self, frame: pl.DataFrame) -> frozenset[str]:
        """Text columns in which some value needs a closer look; one parallel pass over the batch."""
        looks: list[pl.Expr] = []
        for column in self._table.columns:
            if frame.schema[column.name] != pl.String or column.name in self._skip:
                continue
            text = pl.col(column.name)
            if column.type in _TEXTUAL:
                pattern = _SUSPICIOUS_CODE if column.type is ColumnType.CODE else _SUSPICIOUS
                looks.append(text.str.contains(pattern).any())
        if not looks or not frame.height:
            return frozenset()
        found = frame.lazy().select(looks).collect().row(0, named=True)
        return frozenset(name for name, is_suspect in found.items() if is_suspect)


class _ColumnTyper:
    """Types one column of one batch."""

    def __init__(self, column: Column, file: str, report: ReportBuilder, rows: npt.NDArray[np.int64]) -> None:
        self.column = column
        self.file = file
        self.report = report
        self.rows = rows

    def type(self, raw: pl.Series, *, missing: bool, suspicious: bool) -> pl.Series:
        """The typed column under its staged name."""
        column = self.column
        if isinstance(raw.dtype, (pl.Categorical, pl.Enum)):
            raw = raw.cast(pl.String)
        if raw.dtype == pl.String:
            raw = self._text(raw, suspicious=suspicious)
        if missing or raw.dtype == pl.Null:
            typed = pl.Series(column.name, [None], dtype=column.staged_type).new_from_index(0, raw.len())
        else:
            typed = _TYPERS[column.type](self, raw)
        if column.required and not missing and raw.null_count():
            self.tell("value_missing", raw.is_null(), None)
        return typed.alias(column.staged_name)

    def tell(self, rule: str, wrong: pl.Series, values: pl.Series | None, detail: str = "") -> None:
        """Report the rows in which `wrong` is true."""
        mask = wrong.fill_null(value=False)
        if not mask.any():
            return
        positions = mask.arg_true()
        self.report.add_rows(
            rule,
            self.file,
            rows=pl.Series(self.rows[positions.to_numpy()]),
            column=self.column.name,
            values=None if values is None else values.gather(positions),
            detail=detail or self.column.title,
            personal=self.column.is_personal,
        )

    def wrong_type(self, raw: pl.Series) -> pl.Series:
        """A Parquet column that cannot hold such values."""
        expected = self.column.type.value
        self.report.add(
            "type_wrong",
            self.file,
            row=2,
            column=self.column.name,
            detail=f"{raw.dtype}，应为 (expected) {expected}",
        )
        return _nulls(self.column, raw.len())

    def _text(self, raw: pl.Series, *, suspicious: bool) -> pl.Series:
        """Empty is null; characters that have no place in a table are told."""
        lengths = raw.str.len_bytes()
        if (lengths == 0).any():
            raw = raw.set(lengths == 0, None)
        if not suspicious:
            return raw
        self.tell_characters(raw)
        return raw

    def tell_characters(self, raw: pl.Series) -> None:
        """Report characters that have no place in a table."""
        column = self.column
        self.tell("control_character", raw.str.contains(_CONTROL), raw)
        self.tell("hidden_character", raw.str.contains(_HIDDEN), raw)
        self.tell("replacement_character", raw.str.contains("\ufffd", literal=True), raw)
        if column.type in {ColumnType.CODE, ColumnType.CHOICE, ColumnType.URL}:
            self.tell("whitespace_padded", raw.str.contains(r"[\s\u{200B}\u{FEFF}]"), raw)
        elif column.type is ColumnType.TEXT:
            self.tell("text_padded", raw.str.contains(r"^\s|\s$"), raw)
        if column.type in {ColumnType.CODE, ColumnType.TEXT}:
            self.tell("formula_like", raw.str.contains(r"^[=+\-@\t\r]"), raw)

    def examine(
        self, raw: pl.Series, unread: pl.Series, judge: Callable[[str], object | None], general: str
    ) -> dict[str, object]:
        """Look at unread texts one by one: values that are right after all; the others are reported."""
        accepted: dict[str, object] = {}
        by_rule: dict[str, list[str]] = {}
        distinct = raw.filter(unread).unique(maintain_order=True)
        for text in distinct.head(_MOST_EXAMINED):
            verdict = judge(text)
            if isinstance(verdict, str):
                by_rule.setdefault(verdict, []).append(text)
            else:
                accepted[text] = verdict
        rest = distinct.slice(_MOST_EXAMINED)
        if rest.len():
            by_rule.setdefault(general, []).extend(rest.to_list())
        for rule, texts in by_rule.items():
            self.tell(rule, raw.is_in(pl.Series(texts, dtype=pl.String).implode()), raw)
        return accepted


def _nulls(column: Column, height: int) -> pl.Series:
    return pl.Series(column.name, [None], dtype=column.staged_type).new_from_index(0, height)


def _code(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype != pl.String:
        return typer.wrong_type(raw)
    column = typer.column
    if column.pattern:
        wrong = ~raw.str.contains(column.pattern)
        if wrong.any():
            short = (
                wrong & raw.str.contains(r"^[1-9][0-9]*$") & (column.name in {"region_code", "parent_code"})
            )
            short &= raw.str.len_bytes() == 5
            padded = raw.str.contains(r"\s")
            typer.tell("leading_zero_lost", short & ("{6}" in column.pattern), raw)
            wrong &= ~padded & ~(short & ("{6}" in column.pattern))
            typer.tell("code_malformed", wrong, raw, column.pattern_advice or "")
    return raw


def _text(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    return raw if raw.dtype == pl.String else typer.wrong_type(raw)


def _url(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype != pl.String:
        return typer.wrong_type(raw)
    typer.tell("url_unsafe", ~raw.str.contains(r"^https?://[^\s/?#]+"), raw)
    return raw


def _choice(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype != pl.String:
        return typer.wrong_type(raw)
    codes = raw.cast(pl.Enum(typer.column.choices), strict=False)
    if codes.null_count() > raw.null_count():
        typer.tell_characters(raw)
        wrong = codes.is_null() & raw.is_not_null()
        typer.tell("choice_unknown", wrong, raw, "可用 (allowed): " + ", ".join(typer.column.choices))
    return codes.cast(pl.String)


def _money(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.String:
        fen = _money_from_text(typer, raw)
    elif isinstance(raw.dtype, pl.Decimal):
        fen = _money_from_decimal(typer, raw)
    elif raw.dtype.is_integer():
        yuan = raw.cast(pl.Int64, strict=False)
        largest = scalars.LARGEST_FEN // 100
        over = (yuan > largest) | (yuan < -largest) | (yuan.is_null() & raw.is_not_null())
        typer.tell("money_overflow", over, raw)
        fen = yuan.set(over.fill_null(value=False), None) * 100
    elif raw.dtype.is_float():
        typer.report.add("money_is_float", typer.file, row=2, column=typer.column.name, detail=str(raw.dtype))
        return _nulls(typer.column, raw.len())
    else:
        return typer.wrong_type(raw)
    if typer.column.minimum is not None:
        typer.tell("money_negative", fen < 0, raw)
    return fen


def _money_from_text(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    plain = raw.str.contains(r"^-?[0-9]{1,16}(?:\.[0-9]{1,2})?$")
    digits = raw.str.replace(".", "", literal=True)
    decimals = (
        pl.when(pl.col("raw").str.slice(-3, 1) == ".")
        .then(1)
        .when(pl.col("raw").str.slice(-2, 1) == ".")
        .then(10)
        .otherwise(100)
    )
    scale = raw.alias("raw").to_frame().select(decimals.cast(pl.Int64)).to_series()
    fen = digits.cast(pl.Int64, strict=False) * scale
    unread = ~plain
    if not unread.any():
        return fen
    fen = fen.set(unread.fill_null(value=False), None)
    accepted = typer.examine(raw, unread, scalars.money_fen, "money_not_a_number")
    return _fill(fen, raw, accepted)


def _fill(typed: pl.Series, raw: pl.Series, accepted: dict[str, object]) -> pl.Series:
    """Values that only the exact reading understood."""
    if not accepted:
        return typed
    texts = pl.Series(list(accepted), dtype=pl.String)
    values = pl.Series(list(accepted.values()), dtype=typed.dtype)
    return typed.fill_null(raw.replace_strict(texts, values, default=None, return_dtype=typed.dtype))


def _money_from_decimal(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    dtype = raw.dtype
    assert isinstance(dtype, pl.Decimal)  # noqa: S101 - told apart by the caller
    if dtype.scale > 2:
        cut = raw.cast(pl.Decimal(38, 2), strict=False).cast(dtype, strict=False)
        finer = (cut != raw).fill_null(value=False) | (cut.is_null() & raw.is_not_null())
        typer.tell("money_three_decimals", finer, raw)
        raw = raw.set(finer, None)
    fen = (raw.cast(pl.Decimal(38, 2)) * 100).cast(pl.Int64, strict=False)
    if fen.null_count() > raw.null_count():
        typer.tell("money_overflow", fen.is_null() & raw.is_not_null(), raw)
    return fen


def _integer(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.String:
        plain = raw.str.contains(r"^-?[0-9]{1,18}$")
        typed = raw.cast(pl.Int64, strict=False)
        if not plain.all():
            typed = typed.set((~plain).fill_null(value=False), None)
            typer.examine(raw, ~plain, lambda text: scalars.number_fault(text, whole=True), "integer_wrong")
    elif raw.dtype.is_integer():
        typed = raw.cast(pl.Int64, strict=False)
        typer.tell("out_of_range", typed.is_null() & raw.is_not_null(), raw)
    else:
        return typer.wrong_type(raw)
    return _ranged(typer, typed)


def _decimal(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.String:
        plain = raw.str.contains(r"^-?[0-9]{1,15}(?:\.[0-9]{1,17})?$")
        typed = raw.cast(pl.Float64, strict=False)
        if not plain.all():
            typed = typed.set((~plain).fill_null(value=False), None)
            typer.examine(raw, ~plain, lambda text: scalars.number_fault(text, whole=False), "number_wrong")
    elif raw.dtype.is_numeric():
        typed = raw.cast(pl.Float64)
        infinite = ~typed.is_finite()
        typer.tell("number_wrong", infinite, raw)
        typed = typed.set(infinite.fill_null(value=False), None)
    else:
        return typer.wrong_type(raw)
    return _ranged(typer, typed + 0.0)  # -0.0 and 0.0 are one value in the digest


def _ranged(typer: _ColumnTyper, typed: pl.Series) -> pl.Series:
    low, high = typer.column.minimum, typer.column.maximum
    if low is not None and high is not None:
        typer.tell("out_of_range", (typed < low) | (typed > high), typed, f"{low:g} – {high:g}")
    elif low is not None:
        typer.tell("out_of_range", typed < low, typed, f">= {low:g}")
    return typed


def _date(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.Date:
        typed = raw
        years = typed.dt.year()
        strange = (years < 1900) | (years > 2100)
        typer.tell("date_out_of_range", strange, typed)
        return typed.set(strange.fill_null(value=False), None)
    if raw.dtype != pl.String:
        return typer.wrong_type(raw)
    typed = raw.str.to_date("%Y-%m-%d", strict=False)
    years = typed.dt.year()
    dashes = (raw.str.slice(4, 1) == "-") & (raw.str.slice(7, 1) == "-")
    good = (raw.str.len_bytes() == 10) & dashes & (years >= 1900) & (years <= 2100)
    unread = ~(good.fill_null(value=False)) & raw.is_not_null()
    if unread.any():
        typed = typed.set(unread, None)
        typer.examine(raw, unread, scalars.date_fault, "date_wrong")
    return typed


def _month(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.Date:
        typer.tell("month_wrong", raw.dt.day() != 1, raw)
        return raw
    if raw.dtype != pl.String:
        return typer.wrong_type(raw)
    wrong = ~raw.str.contains(r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])$")
    typer.tell("month_wrong", wrong, raw)
    return (raw + "-01").str.to_date("%Y-%m-%d", strict=False)


def _boolean(typer: _ColumnTyper, raw: pl.Series) -> pl.Series:
    if raw.dtype == pl.Boolean:
        return raw
    if raw.dtype != pl.String:
        return typer.wrong_type(raw)
    typed = raw.replace_strict(
        ["true", "True", "TRUE", "false", "False", "FALSE"],
        [True, True, True, False, False, False],
        default=None,
        return_dtype=pl.Boolean,
    )
    typer.tell("boolean_wrong", typed.is_null() & raw.is_not_null(), raw)
    return typed


_TYPERS: dict[ColumnType, Callable[[_ColumnTyper, pl.Series], pl.Series]] = {
    ColumnType.CODE: _code,
    ColumnType.TEXT: _text,
    ColumnType.URL: _url,
    ColumnType.CHOICE: _choice,
    ColumnType.MONEY: _money,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DATE: _date,
    ColumnType.MONTH: _month,
    ColumnType.BOOLEAN: _boolean,
}
