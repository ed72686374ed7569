"""What the books said on one day, as far as protection needs it: amounts by place and purpose, and who received them.

This is kept with each internal release. Two releases that are harmless each may give somebody away by their difference, so
a new release is protected together with all earlier ones, and for that the amounts behind those must be known.
Persons and closed projects appear as numbers only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.rows import SourceRows
from publishing.aggregate.spending import (
    contributions_with_dimensions,
    flows_with_dimensions,
    planned_by_month,
)
from publishing.compute import PROJECT_CONTRIBUTOR
from publishing.errors import ProtectionFailed

DIMENSIONS = {
    "fiscal_year": pl.Int32,
    "month": pl.Date,
    "region_code": pl.String,
    "function_code": pl.String,
    "org_id": pl.String,
    "sector": pl.String,
    "economic_class": pl.String,
    "fund_source": pl.String,
    "payee_group": pl.String,
    "project_id": pl.String,
}
"""`project_id` names public projects only; it is null for spending outside projects and for closed ones."""

PAID, APPROVED, ADJUSTED, PLANNED = "paid", "approved", "adjusted", "planned"
MEASURES = (PAID, APPROVED, ADJUSTED, PLANNED)
_FINGERPRINT = "hash-of"
_PROBE = "阳光财政"


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """One measure. values: the dimensions · value_fen; people: the dimensions · contributor u64 · amount_fen."""

    values: pl.DataFrame
    people: pl.DataFrame

    def less(self, earlier: MeasureRows) -> MeasureRows:
        """What came in between two days: this less the earlier, without what stayed the same."""
        return MeasureRows(
            _difference(self.values, earlier.values, [*DIMENSIONS], "value_fen"),
            _difference(self.people, earlier.people, [*DIMENSIONS, "contributor"], "amount_fen"),
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """All measures of one hand-over."""

    measures: Mapping[str, MeasureRows]

    def to_documents(self) -> dict[str, bytes]:
        """As files of an internal release."""
        return {
            f"recorded-{measure}-{kind}.parquet": _to_parquet(frame)
            for measure, rows in self.measures.items()
            for kind, frame in (("values", rows.values), ("people", rows.people))
        } | {"recorded-hash.txt": _fingerprint().encode()}

    @classmethod
    def from_documents(cls, documents: Mapping[str, bytes]) -> Recorded:
        """Read it back.

        Raises: ProtectionFailed when the program now numbers payees differently from then, so that the two days cannot
        be compared.
        """
        if documents["recorded-hash.txt"].decode() != _fingerprint():
            raise ProtectionFailed(
                "an earlier release numbered its payees with another version of polars; publish its source package again "
                "into a fresh home with this version, so that the releases can be protected together"
            )
        return cls(
            {
                measure: MeasureRows(
                    pl.read_parquet(io.BytesIO(documents[f"recorded-{measure}-values.parquet"])),
                    pl.read_parquet(io.BytesIO(documents[f"recorded-{measure}-people.parquet"])),
                )
                for measure in MEASURES
            }
        )


def document_names() -> tuple[str, ...]:
    """Names of the files that `Recorded.to_documents` makes."""
    return (
        "recorded-hash.txt",
        *(f"recorded-{measure}-{kind}.parquet" for measure in MEASURES for kind in ("values", "people")),
    )


def record(rows: SourceRows) -> Recorded:
    """Take down what protection needs of one source package."""
    closed = rows.projects.filter("closed").select("project_ix")
    public = rows.projects.filter(~pl.col("closed")).select("project_ix", "project_id")
    flows = flows_with_dimensions(rows).join(public, on="project_ix", how="left")
    people = contributions_with_dimensions(rows).join(public, on="project_ix", how="left")
    lines = rows.lines.drop("project_id").join(public, on="project_ix", how="left")
    plans = (
        planned_by_month(rows)
        .drop("project_id")
        .join(rows.lines.select("line_id", "fiscal_year"), on="line_id")
    )
    plans = plans.join(public, on="project_ix", how="left")
    return Recorded(
        {
            PAID: MeasureRows(
                _summed(flows.rename({"amount_fen": "value_fen"}), "value_fen"),
                _summed(people, "amount_fen", "contributor"),
            ),
            APPROVED: _budget(lines, "approved_fen", closed),
            ADJUSTED: _budget(lines, "adjusted_fen", closed),
            PLANNED: _budget(plans, "planned_fen", closed),
        }
    )


def _budget(lines: pl.DataFrame, column: str, closed: pl.DataFrame) -> MeasureRows:
    people = lines.join(closed, on="project_ix", how="semi").with_columns(
        (pl.col("project_ix").cast(pl.UInt64) + PROJECT_CONTRIBUTOR).alias("contributor")
    )
    return MeasureRows(
        _summed(lines.rename({column: "value_fen"}), "value_fen"),
        _summed(people.rename({column: "amount_fen"}), "amount_fen", "contributor"),
    )


def _summed(frame: pl.DataFrame, amount: str, *more: str) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in DIMENSIONS.items() if name not in frame.columns
    ]
    keys = [*DIMENSIONS, *more]
    return frame.with_columns(missing).group_by(*keys).agg(pl.col(amount).sum()).sort(*keys, nulls_last=True)


def _difference(new: pl.DataFrame, old: pl.DataFrame, keys: list[str], amount: str) -> pl.DataFrame:
    signed = pl.concat([new, old.with_columns(-pl.col(amount))])
    return (
        signed.group_by(*keys)
        .agg(pl.col(amount).sum())
        .filter(pl.col(amount) != 0)
        .sort(*keys, nulls_last=True)
    )


def _to_parquet(frame: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.write_parquet(sink, compression="zstd", statistics=False)
    return sink.getvalue()


def _fingerprint() -> str:
    return f"{_FINGERPRINT} {_PROBE}: {pl.Series([_PROBE]).hash(2).item()}"
