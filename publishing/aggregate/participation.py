"""What people did and said: counts of cases and ratings, and means of what they gave, by place, unit, project and kind.

The books keep one row per rating and case, because protection asks how many *persons* stand behind a number and who came
in between two releases. What is published is made of sums of them only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.rows import SourceRows

BOOKS = {
    "quarter": pl.String,
    "record": pl.String,
    "contributor": pl.UInt64,
    "project_id": pl.String,
    "org_id": pl.String,
    "region_code": pl.String,
    "case_kind": pl.String,
    "is_listed": pl.Boolean,
    "reply": pl.String,
    "reply_rating": pl.Int64,
    "overall": pl.Int64,
    "usefulness": pl.Int64,
    "quality": pl.Int64,
    "progress": pl.Int64,
    "openness": pl.Int64,
}
"""One row per rating or case. Persons are numbers that are the same in every release."""

CASE, RATING = "case", "rating"
LEAST_STAR, MOST_STARS = 1, 5
TOP = MOST_STARS - LEAST_STAR
"""A rating is counted in points above the least star, 0 to 4, so that it is bounded on both sides."""

PLACE = ("quarter", "project_id", "org_id", "region_code", "case_kind")


@dataclass(frozen=True, slots=True)
class Voice:
    """One published measure of participation.

    record    which records count
    counted   which of them, and `points` what each of them adds
    base      the measure without which this one is not shown: a mean tells how many stood behind it
    is_mean   a mean of stars rather than a count
    """

    name: str
    record: str
    counted: pl.Expr
    points: pl.Expr
    base: str | None = None
    is_mean: bool = False


def _mean(name: str, record: str, column: str, base: str) -> Voice:
    return Voice(name, record, pl.col(column).is_not_null(), pl.col(column) - LEAST_STAR, base, is_mean=True)


_EACH = pl.col("record").is_not_null()
_ANSWERED = pl.col("reply") != "open"
VOICES: tuple[Voice, ...] = (
    Voice("cases", CASE, _EACH, _EACH.cast(pl.Int64)),
    Voice("answered", CASE, _EACH, _ANSWERED.cast(pl.Int64), "cases"),
    Voice("on_time", CASE, _ANSWERED, (pl.col("reply") == "on_time").cast(pl.Int64), "cases"),
    _mean("reply_rating", CASE, "reply_rating", "cases"),
    Voice("ratings", RATING, _EACH, _EACH.cast(pl.Int64)),
    _mean("satisfaction", RATING, "overall", "ratings"),
    *(_mean(name, RATING, name, "ratings") for name in ("usefulness", "quality", "progress", "openness")),
)
VOICE_OF: Mapping[str, Voice] = {voice.name: voice for voice in VOICES}
SUBJECTS_OF: Mapping[str, tuple[str, ...]] = {
    CASE: ("region", "organisation", "case_kind"),
    RATING: ("region", "organisation", "project"),
}
"""What each kind of record is counted by."""


def no_books() -> pl.DataFrame:
    """The books of a release without participation."""
    return pl.DataFrame(schema=BOOKS)


def books_of(source: pl.DataFrame | None, rows: SourceRows) -> pl.DataFrame:
    """The books of one hand-over: a rating belongs to the unit and place of its project.

    In: checked rows of the hand-over under the names of its contract, or None when there is none.
    """
    if source is None:
        return no_books()
    projects = rows.projects.select("project_id", of_org="org_id", of_region="region_code")
    numbers = {person: _number(person) for person in source["person"].unique()}
    placed = source.join(projects, on="project_id", how="left", maintain_order="left").with_columns(
        pl.coalesce("org_id", "of_org").alias("org_id"),
        pl.coalesce("region_code", "of_region").alias("region_code"),
        pl.col("person").replace_strict(numbers, return_dtype=pl.UInt64).alias("contributor"),
    )
    return placed.select(pl.col(name).cast(kind) for name, kind in BOOKS.items()).sort(*BOOKS)


def _number(person: str) -> int:
    # Not polars' hash: it may change with its version, and the books of two releases must agree.
    return int.from_bytes(hashlib.sha256(person.encode()).digest()[:8]) >> 2


def entries_of(books: pl.DataFrame, voice: Voice) -> pl.DataFrame:
    """Who adds what to a measure: one row per (place, contributor).

    Out: the place · contributor u64 · base i64 (records counted) · points i64 · listed i64 (of them public anyway)
    """
    return (
        books.filter((pl.col("record") == voice.record) & voice.counted)
        .with_columns(voice.points.alias("points"))
        .group_by(*PLACE, "contributor")
        .agg(
            pl.len().cast(pl.Int64).alias("base"),
            pl.col("points").sum(),
            pl.col("is_listed").fill_null(value=False).cast(pl.Int64).sum().alias("listed"),
        )
        .sort(*PLACE, "contributor")
    )


def participation(books: pl.DataFrame, rows: SourceRows) -> Draft:
    """Sum up per quarter and region (every level), unit, project and kind of case.

    Counts are 0 where nothing of the kind happened; a mean is null where nobody rated.
    """
    if books.is_empty():
        return draft("participation", pl.DataFrame())
    ancestors = rows.regions.select("region_code", "region_province", "region_city", "region_county")
    placed = books.join(ancestors, on="region_code", how="left")
    parts = []
    for record, kinds in SUBJECTS_OF.items():
        voices = [voice for voice in VOICES if voice.record == record]
        of_record = placed.filter(record=record)
        for kind in kinds:
            parts += [_summed(of_record, kind, column, voices) for column in _columns_of(kind)]
    measures = [voice.name for voice in VOICES]
    keys = ["quarter", "subject_kind", "subject_id"]
    frame = pl.concat(parts, how="diagonal").group_by(*keys).agg(pl.col(*measures).drop_nulls().first())
    counts = {
        voice.name: record
        for record in SUBJECTS_OF
        for voice in VOICES
        if voice.record == record and not voice.is_mean
    }
    filled = frame.with_columns(
        pl.when(pl.col("subject_kind").is_in(SUBJECTS_OF[record])).then(pl.col(name).fill_null(0)).alias(name)
        for name, record in counts.items()
    )
    named = filled.join(_names(rows), on=["subject_kind", "subject_id"], how="left")
    never = {voice.name: ~pl.col("subject_kind").is_in(SUBJECTS_OF[voice.record]) for voice in VOICES}
    made = draft("participation", named)
    return Draft(made.spec, made.frame, made.not_applicable, never)


def _columns_of(kind: str) -> Sequence[str]:
    return {
        "region": ("region_province", "region_city", "region_county"),
        "organisation": ("org_id",),
        "project": ("project_id",),
        "case_kind": ("case_kind",),
    }[kind]


def _summed(placed: pl.DataFrame, kind: str, column: str, voices: Sequence[Voice]) -> pl.DataFrame:
    return (
        placed.drop_nulls(column)
        .group_by("quarter", pl.col(column).alias("subject_id"))
        .agg(_value(voice).alias(voice.name) for voice in voices)
        .with_columns(pl.lit(kind).alias("subject_kind"))
    )


def _value(voice: Voice) -> pl.Expr:
    points = voice.points.filter(voice.counted)
    return (points.mean() + LEAST_STAR).round(2) if voice.is_mean else points.sum().cast(pl.Int64)


CASE_KIND_TITLES = {
    "question": "咨询",
    "complaint": "投诉",
    "suggestion": "建议",
    "wrong_number": "数据纠错",
    "disclosure_request": "依申请公开",
    "inquiry": "代表、媒体询问",
}


def _names(rows: SourceRows) -> pl.DataFrame:
    kinds = pl.DataFrame(
        {"subject_id": list(CASE_KIND_TITLES), "subject_name": list(CASE_KIND_TITLES.values())}
    )
    sources = {
        "region": rows.regions.select(subject_id="region_code", subject_name="name"),
        "organisation": rows.organisations.select(subject_id="org_id", subject_name="name"),
        "project": rows.projects.filter(~pl.col("closed")).select(
            subject_id="project_id", subject_name="name"
        ),
        "case_kind": kinds,
    }
    return pl.concat(
        frame.with_columns(pl.lit(kind).alias("subject_kind")) for kind, frame in sources.items()
    )
