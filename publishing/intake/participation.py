"""The hand-over of the writing room: one row per rating and per case, checked like every other source.

The file is internal. A rating is one person's opinion and never leaves the bureau; what is published are sums over many
persons, after disclosure control. Persons stand in it under a code that is the same in every hand-over, because two
releases can only be protected together when one knows who came in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from publishing.intake.digest import digest_of_table
from publishing.intake.errors import PackageRefused
from publishing.intake.keys import check_key, check_references
from publishing.intake.readers import SourceFile, read_batches
from publishing.intake.report import ReportBuilder
from publishing.intake.schema import Column, ColumnType, Reference, Sensitivity, Table
from publishing.intake.table_rows import ROW, TableRows
from publishing.intake.values import BatchTyper

STARS = ("overall", "usefulness", "quality", "progress", "openness")
CASE_KINDS = ("question", "complaint", "suggestion", "wrong_number", "disclosure_request", "inquiry")
REPLIES = ("open", "on_time", "late")

_CODE, _CHOICE = ColumnType.CODE, ColumnType.CHOICE


def _stars(name: str, title: str) -> Column:
    return Column(
        name,
        ColumnType.INTEGER,
        title,
        "1 至 5 分；未评为空",
        required=False,
        unit="分",
        minimum=1,
        maximum=5,
    )


PARTICIPATION = Table(
    name="participation",
    title="参与",
    description="一行是一个人对一个项目的评分，或者一件来件。内部数据；公开的只有经披露控制的汇总数。",
    columns=(
        Column("record_id", _CODE, "记录编号", "评分或来件的代号，各次移交相同"),
        Column("record", _CHOICE, "记录类别", "rating 评分，case 来件", choices=("rating", "case")),
        Column(
            "quarter",
            _CODE,
            "季度",
            "评分或来件所在的季度，如 2026Q3",
            pattern=r"^(19|20)[0-9]{2}Q[1-4]$",
            pattern_advice="写成 2026Q3 (write 2026Q3)",
        ),
        Column(
            "person", _CODE, "参与人代号", "同一个人在各次移交中代号相同", sensitivity=Sensitivity.PERSONAL
        ),
        Column("project_id", _CODE, "项目编号", "评分的项目；来件可为空", required=False),
        Column("org_id", _CODE, "单位编号", "答复来件的单位；评分为空，按项目取", required=False),
        Column("region_code", _CODE, "行政区划代码", "来件所在地区；评分为空，按项目取", required=False),
        _stars("overall", "总体满意"),
        _stars("usefulness", "是否实用"),
        _stars("quality", "工程质量"),
        _stars("progress", "进度"),
        _stars("openness", "信息公开"),
        Column("case_kind", _CHOICE, "来件类别", "来件才填", required=False, choices=CASE_KINDS),
        Column("is_listed", ColumnType.BOOLEAN, "是否公开列出", "来件是否在公开列表中", required=False),
        Column(
            "reply",
            _CHOICE,
            "答复",
            "open 未答复，on_time 按时，late 超期；来件才填",
            required=False,
            choices=REPLIES,
        ),
        _stars("reply_rating", "对答复的评分"),
    ),
    key=("record_id",),
    references=(
        Reference("project_id", "projects", "project_id"),
        Reference("org_id", "organisations", "org_id"),
        Reference("region_code", "regions", "region_code"),
    ),
)
_NEEDED = {
    "rating": ("project_id", "overall"),
    "case": ("org_id", "region_code", "case_kind", "is_listed", "reply"),
}
_REFERRED = ("projects", "organisations", "regions")


@dataclass(frozen=True, slots=True)
class ParticipationSource:
    """A checked hand-over: the rows of finished quarters under the names of the contract, and the digest of the file."""

    rows: pl.DataFrame
    digest: str


def read_participation(
    path: Path, tables: Mapping[str, Path], *, as_of: date, today: date, rejects: Path | None = None
) -> ParticipationSource:
    """Read and check the file against the staged tables of the source package it comes with.

    Quarters that are not over on `as_of` wait for a later release; one that begins after both days is refused.
    Raises: PackageRefused with the whole report.
    """
    with ReportBuilder(rejects) as report:
        source = SourceFile(PARTICIPATION.name, path, path.name)
        rows = TableRows(PARTICIPATION, path.name, _typed(source, report))
        staged = {name: pl.read_parquet(tables[name]) for name in _REFERRED}
        referred = {name: _whole(name, frame) for name, frame in staged.items()}
        check_key(rows, report)
        check_references(rows, referred, report)
        _check_shape(rows, report)
        _check_projects(rows, staged["projects"], report)
        _check_quarters(rows, as_of, today, report)
        if report.has_errors:
            raise PackageRefused(report.build())
    over = rows.frame.filter(_quarter_end() <= as_of).drop(ROW).sort("record_id")
    return ParticipationSource(over, digest_of_table(PARTICIPATION, over))


def _typed(source: SourceFile, report: ReportBuilder) -> pl.DataFrame:
    typer = BatchTyper(PARTICIPATION, source.name, report, skip_text_checks=frozenset())
    frames = [PARTICIPATION.empty().with_columns(pl.Series(ROW, np.empty(0, dtype=np.int64)))]
    for batch in read_batches(source, PARTICIPATION, report):
        typed = typer.type(batch)
        frames.append(typed.frame.with_columns(pl.Series(ROW, typed.rows, dtype=pl.Int64)))
    return pl.concat(frames, rechunk=True)


def _whole(name: str, frame: pl.DataFrame) -> TableRows:
    """A staged table as something that can be pointed at."""
    return TableRows(Table(name, name, "", (), ()), name, frame)


def _check_shape(rows: TableRows, report: ReportBuilder) -> None:
    """Each kind of record has what it needs and nothing of the other; nobody rates a project twice."""
    for kind, needed in _NEEDED.items():
        of_kind = rows.frame.filter(record=kind)
        for column in needed:
            rows.tell(report, "value_missing", of_kind.filter(pl.col(column).is_null()), column, kind)
        foreign = [*STARS] if kind == "case" else ["case_kind", "reply", "reply_rating"]
        for column in foreign:
            rows.tell(report, "value_of_other_record", of_kind.filter(pl.col(column).is_not_null()), column)
    unanswered = rows.frame.filter((pl.col("reply") == "open") & pl.col("reply_rating").is_not_null())
    rows.tell(report, "rating_of_no_reply", unanswered, "reply_rating")
    ratings = rows.frame.filter(record="rating").drop_nulls(["project_id", "person"])
    again = ratings.filter(~pl.struct("project_id", "person").is_first_distinct())
    rows.tell(report, "project_rated_twice", again, "project_id")


def _check_projects(rows: TableRows, projects: pl.DataFrame, report: ReportBuilder) -> None:
    """What belongs to secret and internal projects is no subject of public opinion: not even their number may show."""
    closed = projects.filter(pl.col("secrecy") != "public").select("project_id")
    rows.tell(
        report, "project_not_public", rows.frame.join(closed, on="project_id", how="semi"), "project_id"
    )


def _check_quarters(rows: TableRows, as_of: date, today: date, report: ReportBuilder) -> None:
    known = rows.frame.filter(pl.col("quarter").str.contains(r"^\d{4}Q[1-4]$"))
    last = max(as_of, today)
    begin = _quarter_begin()
    rows.tell(report, "quarter_in_future", known.filter(begin > last), "quarter", f"> {last}")
    rows.tell(report, "quarter_not_over", known.filter((begin <= last) & (_quarter_end() > as_of)), "quarter")


def _quarter_begin() -> pl.Expr:
    quarter = pl.col("quarter")
    year = quarter.str.slice(0, 4).cast(pl.Int32, strict=False)
    number = quarter.str.slice(5, 1).cast(pl.Int8, strict=False)
    return pl.date(year, number * 3 - 2, 1)


def _quarter_end() -> pl.Expr:
    return _quarter_begin().dt.offset_by("3mo").dt.offset_by("-1d")
