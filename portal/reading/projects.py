"""The list of projects: what was asked for, which projects answer it, a page of them, and the choices beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from portal.reading.edition import Edition, Runs
from portal.reading.quantities import Amount, amount_in
from portal.reading.svg import bar
from portal.reading.tongue import tell
from portal.reading.words import LIGHTS, STATUS_WORDS

PAGE_SIZE = 20
SORTS: dict[str, tuple[str, tuple[str, ...], tuple[bool, ...]]] = {
    "urgent": ("最需关注", ("light_rank", "adjusted"), (False, True)),
    "paid": ("支付最多", ("paid",), (True,)),
    "budget": ("预算最多", ("adjusted",), (True,)),
    "late": ("逾期最久", ("days_late",), (True,)),
    "newest": ("最近开工", ("starts_on",), (True,)),
    "name": ("名称", ("name",), (False,)),
}
LIGHT_RANK = {"red": 0, "orange": 1, "yellow": 2, "green": 3}


@dataclass(frozen=True, slots=True)
class ProjectQuery:
    """What a reader asked the list for. Empty text means: not asked."""

    q: str = ""
    region: str = ""
    sector: str = ""
    status: str = ""
    light: str = ""
    year: str = ""
    org: str = ""
    late: str = ""
    sort: str = "urgent"
    page: int = 1

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> ProjectQuery:
        """Take what is known from the address; a page must never fail over a stray parameter."""
        given = {name: values[-1].strip()[:200] for name, values in parameters.items() if values}
        sort = given.get("sort", "")
        page = given.get("page", "1")
        return cls(
            q=given.get("q", ""),
            region=given.get("region", ""),
            sector=given.get("sector", ""),
            status=given.get("status", ""),
            light=given.get("light", ""),
            year=given.get("year", ""),
            org=given.get("org", ""),
            late=given.get("late", ""),
            sort=sort if sort in SORTS else "urgent",
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page[:9]) < 10**6 else 1,
        )

    def parameters(self) -> dict[str, str]:
        """The address that asks for the same, without what is the default."""
        values = {
            name: str(getattr(self, name))
            for name in ("q", "region", "sector", "status", "light", "year", "org", "late")
        }
        kept = {name: value for name, value in values.items() if value}
        if self.sort != "urgent":
            kept["sort"] = self.sort
        if self.page > 1:
            kept["page"] = str(self.page)
        return kept

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but order and page was asked for."""
        return bool(replace(self, sort="urgent", page=1).parameters())


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project as it stands in a list."""

    project_id: str
    name: str
    region_code: str
    region_name: str
    sector: str
    org_name: str
    status: str
    light: str
    light_reason: str
    adjusted: Amount
    paid: Amount
    execution_rate: float | None
    progress: float | None
    planned_end: date | None
    ended_on: date | None
    days_late: int

    @property
    def drawing(self) -> str:
        """What was paid inside an outline that is the budget; nothing to draw without a budget."""
        if not self.adjusted.fen or self.adjusted.fen < 0:
            return ""
        paid = None if self.paid.fen is None else float(self.paid.fen)
        over = paid is not None and paid > self.adjusted.fen
        whole = max(paid or 0.0, float(self.adjusted.fen))
        return bar(paid, float(self.adjusted.fen), whole, late=over, is_hidden=self.paid.is_hidden)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter with the number of projects it would leave."""

    value: str
    label: str
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ProjectList:
    """A page of the list of projects, with the filters that made it and their choices."""

    query: ProjectQuery
    lines: tuple[ProjectLine, ...]
    found: int
    all: int
    pages: int
    sectors: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    lights: tuple[Choice, ...]
    years: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    place: str
    organisation: str
    has_regions: bool


def prepared(edition: Edition) -> pl.DataFrame:
    """All projects with what the list filters and sorts by, made once per release.

    Adds: haystack str (lower case, everything a reader may type) · light_rank i8 (0 most urgent) ·
    days_late i64 (past the planned end on the as-of day, 0 when not late or already ended).
    """
    return edition.keep(
        "projects prepared", lambda: _prepare(edition.frame("projects"), edition.release.as_of)
    )


def projects_by(edition: Edition, column: str) -> Runs:
    """The prepared projects, ready to be looked up by that column."""
    return edition.keep(("projects by", column), lambda: Runs(prepared(edition), (column,)))


def _prepare(projects: pl.DataFrame, as_of: date) -> pl.DataFrame:
    open_work = pl.col("ended_on").is_null() & ~pl.col("status").is_in(["completed", "cancelled"])
    late = (pl.lit(as_of) - pl.col("planned_end")).dt.total_days()
    searched = ("project_id", "name", "region_name", "org_name", "sector", "function_name", "address")
    return projects.with_columns(
        pl.concat_str([pl.col(name).fill_null("") for name in searched], separator=" ")
        .str.to_lowercase()
        .alias("haystack"),
        pl.col("light").replace_strict(LIGHT_RANK, default=4, return_dtype=pl.Int8).alias("light_rank"),
        pl.when(open_work & (late > 0)).then(late).otherwise(0).fill_null(0).alias("days_late"),
        pl.col("starts_on").dt.year().alias("first_year"),
        pl.coalesce("ended_on", "planned_end").dt.year().alias("last_year"),
    )


def line_of(row: Mapping[str, Any]) -> ProjectLine:
    """A row of the prepared projects as a line of a list."""
    return ProjectLine(
        project_id=row["project_id"],
        name=row["name"],
        region_code=row["region_code"] or "",
        region_name=row["region_name"] or "",
        sector=row["sector"] or "",
        org_name=row["org_name"] or "",
        status=row["status"] or "",
        light=row["light"] or "",
        light_reason=row["light_reason"] or "",
        adjusted=amount_in(row, "adjusted"),
        paid=amount_in(row, "paid"),
        execution_rate=row["execution_rate"],
        progress=row["progress"],
        planned_end=row["planned_end"],
        ended_on=row["ended_on"],
        days_late=row["days_late"],
    )


def _conditions(edition: Edition, query: ProjectQuery) -> dict[str, pl.Expr]:
    asked: dict[str, pl.Expr] = {}
    if query.q:
        words = query.q.lower().split()
        asked["q"] = pl.all_horizontal(
            [pl.col("haystack").str.contains(word, literal=True) for word in words]
        )
    if query.region:
        asked["region"] = pl.col("region_code").is_in(sorted(edition.places.subtree(query.region)))
    for name, column in (("sector", "sector"), ("status", "status"), ("light", "light"), ("org", "org_id")):
        if value := getattr(query, name):
            asked[name] = pl.col(column) == value
    if query.year.isascii() and query.year.isdigit() and len(query.year) == 4:
        year = int(query.year)
        asked["year"] = (pl.col("first_year") <= year) & (pl.col("last_year") >= year)
    if query.late:
        asked["late"] = pl.col("days_late") > 0
    return asked


def _kept(frame: pl.DataFrame, asked: Mapping[str, pl.Expr], but: str = "") -> pl.DataFrame:
    conditions = [condition for name, condition in asked.items() if name != but]
    return frame.filter(conditions) if conditions else frame


def _choices(
    frame: pl.DataFrame, column: str, chosen: str, words: Mapping[str, str] | None = None
) -> tuple[Choice, ...]:
    counts = dict(frame.group_by(column).len().iter_rows())
    values = list(words) if words is not None else sorted(value for value in counts if value)
    return tuple(
        Choice(value, tell(words[value]) if words else value, counts.get(value, 0), value == chosen)
        for value in values
        if counts.get(value) or value == chosen
    )


def project_list(edition: Edition, query: ProjectQuery) -> ProjectList:
    """The page of the list that the query asks for; beside each filter the counts that the other filters leave."""
    everything = prepared(edition)
    asked = _conditions(edition, query)
    found = _kept(everything, asked)
    pages = max(1, -(-found.height // PAGE_SIZE))
    query = replace(query, page=min(query.page, pages))
    _, columns, descending = SORTS[query.sort]
    ordered = found.sort([*columns, "project_id"], descending=[*descending, False], nulls_last=True)
    shown = ordered.slice((query.page - 1) * PAGE_SIZE, PAGE_SIZE)
    light_words = {code: f"{light.shape} {tell(light.word)}" for code, light in LIGHTS.items()}
    org = found["org_name"][0] if query.org and found.height else ""
    return ProjectList(
        query=query,
        lines=tuple(line_of(row) for row in shown.iter_rows(named=True)),
        found=found.height,
        all=everything.height,
        pages=pages,
        sectors=_choices(_kept(everything, asked, "sector"), "sector", query.sector),
        statuses=_choices(_kept(everything, asked, "status"), "status", query.status, STATUS_WORDS),
        lights=_choices(_kept(everything, asked, "light"), "light", query.light, light_words),
        years=_year_choices(everything, query.year),
        regions=_region_choices(edition, query.region),
        sorts=tuple(
            Choice(value, tell(label), None, value == query.sort) for value, (label, _, _) in SORTS.items()
        ),
        place=edition.places.name(query.region) if query.region else "",
        organisation=org,
        has_regions=len(edition.places.by_code) > 1,
    )


def _year_choices(projects: pl.DataFrame, chosen: str) -> tuple[Choice, ...]:
    first, last = projects["first_year"].min(), projects["last_year"].max()
    if not isinstance(first, int) or not isinstance(last, int):
        return ()
    return tuple(
        Choice(str(year), tell("{} 年", year), None, str(year) == chosen)
        for year in range(last, max(first, last - 30) - 1, -1)
    )


def _region_choices(edition: Edition, chosen: str) -> tuple[Choice, ...]:
    """The cities, and when one is chosen (or a county in it) its counties under it."""
    places = edition.places
    if places.root is None:
        return ()
    line = [place.code for place in places.line(chosen)] if places.get(chosen) else []
    choices: list[Choice] = []
    for city in places.children(places.root.code):
        choices.append(Choice(city.code, city.name, None, city.code == chosen))
        if city.code in line:
            choices.extend(
                Choice(county.code, f"　{county.name}", None, county.code == chosen)
                for county in places.children(city.code)
            )
    return tuple(choices)
