"""What was found wrong: collected in bounded memory, told in plain words.

However many rows are wrong, at most `KEPT_PER_RULE` violations of each rule are held; the rest are counted
and, on request, written to a rejects file (Parquet or CSV) as they are found.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from publishing.intake.rules import RULES, Severity

SHOWN_VIOLATIONS = 1_000
KEPT_PER_RULE = 1_000
_FEW_OF_EACH = 10
_LONGEST_VALUE = 80

_REJECT_SCHEMA = {
    "file": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "rule": pl.String,
    "severity": pl.String,
    "message": pl.String,
}


@dataclass(frozen=True)
class Violation:
    """One broken rule. `row` counts records as a spreadsheet does: the header is row 1, the first record row 2.

    A quoted field that runs over several lines still is one record, so `row` may be smaller than the
    number of the line in a text editor.
    """

    rule: str
    severity: Severity
    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        """One line for the person who must correct the file."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        value = "" if self.value is None else f" “{self.value}”"
        return f"{place}:{value} {self.message} [{self.rule}]"


@dataclass(frozen=True)
class RuleCount:
    """How often one rule was broken in one file."""

    rule: str
    severity: Severity
    file: str
    count: int
    title: str


@dataclass(frozen=True)
class CheckReport:
    """Everything found in one run; `violations` holds the first thousand errors and the first thousand warnings."""

    error_count: int = 0
    warning_count: int = 0
    counts: tuple[RuleCount, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the package may be published."""
        return self.error_count == 0

    def of_rule(self, rule: str) -> tuple[Violation, ...]:
        """The violations shown of one rule."""
        return tuple(violation for violation in self.violations if violation.rule == rule)

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "accepted": self.is_accepted,
            "errors": self.error_count,
            "warnings": self.warning_count,
            "rules": [asdict(count) for count in self.counts],
            "violations": [asdict(violation) for violation in self.violations],
            "shown": len(self.violations),
        }

    def to_text(self) -> str:
        """For a terminal: the violations, then a summary by rule."""
        lines = [f"{violation.severity.value}: {violation}" for violation in self.violations]
        total = self.error_count + self.warning_count
        if total > len(self.violations):
            lines.append(
                f"… 只显示 {len(self.violations):,} 条，共 {total:,} 条；全部请用 --rejects 导出 "
                f"({len(self.violations):,} of {total:,} shown; --rejects FILE writes all)"
            )
        if self.counts:
            lines.append("")
            lines += [
                f"{count.count:>10,}  {count.severity.value:7}  {count.rule}  {count.file}  {count.title}"
                for count in self.counts
            ]
            lines.append("")
        verdict = (
            "通过 accepted" if self.is_accepted else "不通过，没有写入任何内容 refused, nothing was written"
        )
        lines.append(f"{verdict}: {self.error_count:,} 个错误 errors, {self.warning_count:,} 个警告 warnings")
        return "\n".join(lines)


def clip(value: str) -> str:
    """A value short enough for a message, without anything that could move the cursor of a terminal."""
    plain = "".join(
        character if character.isprintable() else "�" for character in value[: _LONGEST_VALUE + 1]
    )
    return plain if len(value) <= _LONGEST_VALUE else plain[:_LONGEST_VALUE] + "…"


def mask(values: pl.Series) -> pl.Series:
    """The first character and the length: enough to find the cell, too little to learn a person from it."""
    masked = pl.format("{}***({})", pl.col("value").str.slice(0, 1), pl.col("value").str.len_chars())
    return values.alias("value").to_frame().select(masked).to_series()


@dataclass
class _Kept:
    errors: list[Violation] = field(default_factory=list)
    warnings: list[Violation] = field(default_factory=list)


class RejectsFile:
    """Every violation, written as found; `.csv` or `.parquet` by the file's name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._csv = path.suffix.lower() == ".csv"
        if self._csv:
            self._stream = path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._stream).writerow(_REJECT_SCHEMA)
        else:
            arrow_schema = pl.DataFrame(schema=_REJECT_SCHEMA).to_arrow().schema
            self._parquet = pq.ParquetWriter(path, arrow_schema)

    def append(self, frame: pl.DataFrame) -> None:
        """Add rows."""
        if self._csv:
            escaped = frame.with_columns(
                pl.col("value").str.replace(r"^([=+\-@\t\r])", "'${1}")  # the file is opened in spreadsheets
            )
            self._stream.write(escaped.write_csv(include_header=False))
        else:
            table: pa.Table = frame.to_arrow()
            self._parquet.write_table(table)

    def close(self) -> None:
        """Finish the file."""
        if self._csv:
            self._stream.close()
        else:
            self._parquet.close()


class Finding(NamedTuple):
    """A rule broken so many `times` in a file; `rows` and `values` are as long, and None where there are none.

    rows i64 (numbered as in a spreadsheet) · values str, masked where they are personal
    """

    rule: str
    file: str
    column: str | None
    times: int
    rows: pl.Series | None
    values: pl.Series | None
    detail: str


class ReportBuilder:
    """Collects violations while a package is read."""

    def __init__(self, rejects: Path | None = None) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._by_rule: Counter[str] = Counter()
        self._kept = _Kept()
        self._rejects = None if rejects is None else RejectsFile(rejects)
        self.cut_short: set[str] = set()
        """Files that could not be read to their end; what points there cannot be judged."""

    def __enter__(self) -> Self:
        """Open until the package is read."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the rejects file, whatever happened."""
        self.close()

    def close(self) -> None:
        """Finish the rejects file."""
        if self._rejects is not None:
            self._rejects.close()
            self._rejects = None

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far refuses the package."""
        return any(RULES[rule].severity is Severity.ERROR for rule in self._by_rule)

    def has_fault(self, file: str) -> bool:
        """Whether a file already has an error (so that its emptiness need not be told as well)."""
        return any(name == file and RULES[rule].severity is Severity.ERROR for rule, name in self._counts)

    def add(
        self,
        rule: str,
        file: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        detail: str = "",
    ) -> None:
        """One violation."""
        rows = None if row is None else pl.Series([row], dtype=pl.Int64)
        values = None if value is None else pl.Series([value], dtype=pl.String)
        self.take(Finding(rule, file, column, 1, rows, values, detail))

    def add_rows(
        self,
        rule: str,
        file: str,
        *,
        rows: pl.Series,
        column: str | None = None,
        values: pl.Series | None = None,
        detail: str = "",
        personal: bool = False,
    ) -> None:
        """The same rule broken in many rows; personal values are masked."""
        if rows.len() == 0:
            return
        if values is not None:
            values = values.cast(pl.String)
            if personal:
                values = mask(values)
        self.take(Finding(rule, file, column, rows.len(), rows.cast(pl.Int64), values, detail))

    def take(self, finding: Finding) -> None:
        """One finding: the first of each rule are kept, all are counted and go to the rejects file."""
        rule, file, column, count, rows, values, detail = finding
        known = RULES[rule]
        message = known.chinese + (f"：{detail}" if detail else "") + f" ({known.english})"
        room = KEPT_PER_RULE - self._by_rule[rule]
        kept = self._kept.errors if known.severity is Severity.ERROR else self._kept.warnings
        for position in range(min(room, count)):
            value = None if values is None else values[position]
            kept.append(
                Violation(
                    rule,
                    known.severity,
                    file,
                    None if rows is None else rows[position],
                    column,
                    None if value is None else clip(value),
                    message,
                )
            )
        self._counts[rule, file] += count
        self._by_rule[rule] += count
        if self._rejects is not None:
            self._rejects.append(
                _reject_rows(known.severity, rule, file, column, count, rows, values, message)
            )

    def build(self) -> CheckReport:
        """The report as it stands."""
        counts = tuple(
            RuleCount(
                rule, RULES[rule].severity, file, count, f"{RULES[rule].chinese} ({RULES[rule].english})"
            )
            for (rule, file), count in sorted(
                self._counts.items(), key=lambda item: (RULES[item[0][0]].severity, -item[1], item[0])
            )
        )
        return CheckReport(
            error_count=sum(count.count for count in counts if count.severity is Severity.ERROR),
            warning_count=sum(count.count for count in counts if count.severity is Severity.WARNING),
            counts=counts,
            violations=(*_first(self._kept.errors), *_first(self._kept.warnings)),
        )


def _first(violations: list[Violation]) -> list[Violation]:
    """The first thousand in the order found, but a few of each rule in any case."""
    if len(violations) <= SHOWN_VIOLATIONS:
        return violations
    seen: Counter[str] = Counter()
    early: list[int] = []
    for position, violation in enumerate(violations):
        seen[violation.rule] += 1
        if seen[violation.rule] <= _FEW_OF_EACH:
            early.append(position)
    chosen = set(early[:SHOWN_VIOLATIONS])
    for position in range(len(violations)):
        if len(chosen) >= SHOWN_VIOLATIONS:
            break
        chosen.add(position)
    return [violations[position] for position in sorted(chosen)]


def _reject_rows(  # noqa: PLR0913, PLR0917 - the columns of the rejects file
    severity: Severity,
    rule: str,
    file: str,
    column: str | None,
    count: int,
    rows: pl.Series | None,
    values: pl.Series | None,
    message: str,
) -> pl.DataFrame:
    nothing = pl.Series([None] * count)
    longest = 1_000
    return pl.DataFrame(
        {
            "row": (nothing if rows is None else rows).cast(pl.Int64),
            "value": (nothing.cast(pl.String) if values is None else values).str.slice(0, longest),
        }
    ).select(
        pl.lit(file).alias("file"),
        "row",
        pl.lit(column, dtype=pl.String).alias("column"),
        "value",
        pl.lit(rule).alias("rule"),
        pl.lit(severity.value).alias("severity"),
        pl.lit(message).alias("message"),
    )
