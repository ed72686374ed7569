"""What the books said on one day, as far as protection needs it: amounts by place and purpose, and who received them.

This is kept with each internal release. Two releases that are harmless each may give somebody away by their difference, so
a new release is protected together with all earlier ones, and for that the amounts behind those must be known.
Persons and closed projects appear as numbers only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.policy import KnownByLaw
from publishing.aggregate.rows import SourceRows
from publishing.aggregate.spending import flows_with_dimensions, planned_by_month
from publishing.compute import PROJECT_CONTRIBUTOR
from publishing.errors import ProtectionFailed

DIMENSIONS = {
    "line_id": pl.String,
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
    "under_contract": pl.Boolean,
    "by_law": pl.Boolean,
}
"""`project_id` names public projects only; it is null for spending outside projects and for closed ones. `under_contract`:
paid on a public contract. `by_law`: of a kind that must be published by law, whatever we do."""

PAID, APPROVED, ADJUSTED, PLANNED = "paid", "approved", "adjusted", "planned"
MEASURES = (PAID, APPROVED, ADJUSTED, PLANNED)
_FINGERPRINT = "books 2, hash-of"
_PROBE = "阳光财政"


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """One measure.

    atoms   one row per finest place: atom u32 · the dimensions · value_fen i64; sorted by atom
    people  one row per (atom, protected contributor): atom u32 · contributor u64 · amount_fen i64
    """

    atoms: pl.DataFrame
    people: pl.DataFrame

    def less(self, earlier: MeasureRows) -> MeasureRows:
        """What came in between two days: this less the earlier, without the places where nothing changed."""
        places = (
            pl.concat([self.atoms.select(*DIMENSIONS), earlier.atoms.select(*DIMENSIONS)])
            .unique()
            .sort(*DIMENSIONS)
        )
        places = places.with_row_index("_place")
        new, old = _placed(self, places), _placed(earlier, places)
        values = _difference(new[0], old[0], ["_place"], "value_fen")
        people = _difference(new[1], old[1], ["_place", "contributor"], "amount_fen")
        # A place where money moved between persons without changing the sum is a place where something changed.
        changed = (
            pl.concat([values.select("_place"), people.select("_place")])
            .unique()
            .sort("_place")
            .with_row_index("atom")
        )
        atoms = (
            changed.join(places, on="_place", maintain_order="left")
            .join(values, on="_place", how="left", maintain_order="left")
            .with_columns(pl.col("value_fen").fill_null(0))
        )
        return MeasureRows(
            atoms.select("atom", *DIMENSIONS, "value_fen"),
            people.join(changed, on="_place")
            .select("atom", "contributor", "amount_fen")
            .sort("atom", "contributor"),
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
            for kind, frame in (("atoms", rows.atoms), ("people", rows.people))
        } | {"recorded-hash.txt": _fingerprint().encode()}

    @classmethod
    def from_documents(cls, documents: Mapping[str, bytes]) -> Recorded:
        """Read it back.

        Raises: ProtectionFailed when the program now numbers payees differently from then, so that the two days cannot
        be compared.
        """
        if documents["recorded-hash.txt"].decode() != _fingerprint():
            raise ProtectionFailed(
                "the books of an earlier release were kept by another version of this program or of polars; publish its "
                "source package again into a fresh home with this version, so that the releases can be protected together"
            )
        return cls(
            {
                measure: MeasureRows(
                    pl.read_parquet(io.BytesIO(documents[f"recorded-{measure}-atoms.parquet"])),
                    pl.read_parquet(io.BytesIO(documents[f"recorded-{measure}-people.parquet"])),
                )
                for measure in MEASURES
            }
        )


def document_names() -> tuple[str, ...]:
    """Names of the files that `Recorded.to_documents` makes."""
    return (
        "recorded-hash.txt",
        *(f"recorded-{measure}-{kind}.parquet" for measure in MEASURES for kind in ("atoms", "people")),
    )


def record(rows: SourceRows, known_by_law: Sequence[KnownByLaw] = ()) -> Recorded:
    """Take down what protection needs of one source package.

    In: known_by_law  entries of the policy; those with the dimension `economic_code` name budget lines by the start of
                      their code. What closed projects spend is secret even there.
    """
    public = rows.projects.filter(~pl.col("closed")).select("project_ix", "project_id")
    flows = (
        flows_with_dimensions(rows)
        .rename({"amount_fen": "value_fen"})
        .join(public, on="project_ix", how="left")
    )
    lines = rows.lines.drop("project_id").join(public, on="project_ix", how="left")
    plans = (
        planned_by_month(rows)
        .drop("project_id")
        .join(rows.lines.select("line_id", "fiscal_year"), on="line_id")
    )
    plans = plans.join(public, on="project_ix", how="left")
    lawful = {measure: _lines_by_law(rows, known_by_law, measure) for measure in (PAID, APPROVED, ADJUSTED)}
    closed = rows.projects.filter("closed")
    open_flows = flows.join(closed.select("project_ix", "closed"), on="project_ix", how="left").with_columns(
        pl.col("closed").fill_null(value=False)
    )
    return Recorded(
        {
            PAID: MeasureRows(
                _shaped(_marked(open_flows, lawful[PAID])).sort("atom"), rows.sums.contributions
            ),
            APPROVED: _budget(_marked(lines, lawful[APPROVED]), "approved_fen"),
            ADJUSTED: _budget(_marked(lines, lawful[ADJUSTED]), "adjusted_fen"),
            PLANNED: _budget(plans, "planned_fen"),
        }
    )


def _lines_by_law(rows: SourceRows, known: Sequence[KnownByLaw], measure: str) -> pl.DataFrame:
    """The budget lines whose amounts the law makes public: line_id."""
    codes = [
        code
        for entry in known
        if entry.dimension == "economic_code" and measure in (entry.measures or MEASURES)
        for code in entry.codes
    ]
    starts = pl.any_horizontal(
        [pl.lit(value=False), *(pl.col("economic_code").str.starts_with(c) for c in codes)]
    )
    return rows.lines.filter(starts.fill_null(value=False)).select("line_id")


def _marked(frame: pl.DataFrame, lawful: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        (pl.col("line_id").is_in(lawful["line_id"].implode()) & ~pl.col("closed")).alias("by_law")
    )


def _budget(lines: pl.DataFrame, column: str) -> MeasureRows:
    """A measure behind which only closed projects stand, each of them one contributor."""
    atoms = (
        lines.rename({column: "value_fen"})
        .sort("line_id", *(["month"] if "month" in lines.columns else []))
        .with_row_index("atom")
    )
    people = atoms.filter("closed").select(
        "atom",
        (pl.col("project_ix").cast(pl.UInt64) + PROJECT_CONTRIBUTOR).alias("contributor"),
        pl.col("value_fen").alias("amount_fen"),
    )
    return MeasureRows(_shaped(atoms), people)


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [
        pl.lit(value=False if kind == pl.Boolean else None, dtype=kind).alias(name)
        for name, kind in DIMENSIONS.items()
        if name not in frame.columns
    ]
    return frame.with_columns(missing).select("atom", *DIMENSIONS, "value_fen")


def _placed(rows: MeasureRows, places: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    atoms = rows.atoms.join(places, on=list(DIMENSIONS), nulls_equal=True)
    people = rows.people.join(atoms.select("atom", "_place"), on="atom")
    return atoms.select("_place", "value_fen"), people.select("_place", "contributor", "amount_fen")


def _difference(new: pl.DataFrame, old: pl.DataFrame, keys: list[str], amount: str) -> pl.DataFrame:
    signed = pl.concat([new, old.with_columns(-pl.col(amount))])
    return signed.group_by(*keys).agg(pl.col(amount).sum()).filter(pl.col(amount) != 0).sort(*keys)


def _to_parquet(frame: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.write_parquet(sink, compression="zstd", statistics=False)
    return sink.getvalue()


def _fingerprint() -> str:
    return f"{_FINGERPRINT} {_PROBE}: {pl.Series([_PROBE]).hash(2).item()}"
