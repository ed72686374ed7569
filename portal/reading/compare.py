"""Comparison: up to six regions, budget units or projects side by side, with the denominators of every ratio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from portal.reading.charts import BarRow, BarTable, bar_table, short
from portal.reading.edition import Edition
from portal.reading.finders import Finder
from portal.reading.number_bars import NumberBar, NumberBars, number_bars
from portal.reading.projects import Choice, prepared
from portal.reading.quantities import ABSENT, Amount, amount_in, percent, say_each, share
from portal.reading.spending import NOTHING, TOTAL, Measures, cell, measures_in, per_head, year_of
from search.documents import Kind
from search.engine import Filters, Query

MOST = 6
CANDIDATES = 8
KINDS = {"region": "地区", "organisation": "预算单位", "project": "项目"}
SEARCHED = {"organisation": Kind.ORGANISATION, "project": Kind.PROJECT}


@dataclass(frozen=True, slots=True)
class CompareQuery:
    """What is compared: one kind of thing, its codes in the order they were chosen, a year, and a search for more."""

    kind: str = "region"
    codes: tuple[str, ...] = ()
    year: str = ""
    q: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> CompareQuery:
        """Take what is known from the address; what is named twice counts once."""
        kind = (parameters.get("kind") or ["region"])[-1]
        codes = [code.strip()[:80] for code in (*parameters.get("with", ()), *parameters.get("add", ()))]
        return cls(
            kind if kind in KINDS else "region",
            tuple(dict.fromkeys(code for code in codes if code)),
            (parameters.get("year") or [""])[-1][:4],
            (parameters.get("q") or [""])[-1].strip()[:100],
        )

    def address(self, codes: Sequence[str], **changes: str) -> str:
        """The query string that compares these instead."""
        pairs = [("kind", self.kind), *(("with", code) for code in codes)]
        pairs += [("year", self.year)] if self.year else []
        return "?" + urlencode(pairs + list(changes.items()))


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that is compared. `whole` is what its share is of, in words; None where there is none."""

    code: str
    name: str
    place: str
    url: str
    measures: Measures
    people: int | None = None
    each: Amount | None = None
    share_pct: float | None = None
    whole: str = ""
    investment: Amount | None = None
    progress: float | None = None
    days_late: int = 0
    without: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be added."""

    name: str
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class CompareView:
    """The comparison: what is in it, its charts, and what can be added."""

    query: CompareQuery
    kinds: tuple[Choice, ...]
    years: tuple[Choice, ...]
    year: int | None
    things: tuple[Compared, ...]
    unknown: tuple[str, ...]
    is_full: bool
    title: str
    totals: BarTable
    ratios: tuple[NumberBars, ...]
    regions: tuple[tuple[str, tuple[Choice, ...]], ...]
    candidates: tuple[Candidate, ...]
    has_searched: bool
    examples: tuple[tuple[str, str], ...]


def compare_view(edition: Edition, finder: Finder, query: CompareQuery) -> CompareView:
    """Compare what the query names; at most six, the rest is left out and said."""
    year = year_of(edition, query.year)
    found = _found(edition, query)
    known = {code: thing for code, thing in found.items() if thing is not None}
    codes = tuple(known)[:MOST]
    things = tuple(_removable(query, codes, known[code]) for code in codes)
    return CompareView(
        query=query,
        kinds=tuple(Choice(kind, word, None, kind == query.kind) for kind, word in KINDS.items()),
        years=tuple(Choice(str(each), f"{each} 年", None, each == year) for each in reversed(edition.years)),
        year=year if query.kind != "project" else None,
        things=things,
        unknown=tuple(code for code, thing in found.items() if thing is None),
        is_full=len(known) >= MOST,
        title=_title(edition, things),
        totals=_totals(things, year if query.kind != "project" else None),
        ratios=tuple(_ratios(edition, query.kind, things)),
        regions=_regions(edition) if query.kind == "region" else (),
        candidates=_candidates(finder, edition, query, codes),
        has_searched=bool(query.q) and query.kind in SEARCHED,
        examples=tuple(_examples(edition, query)) if not things else (),
    )


def compared(edition: Edition, query: CompareQuery) -> tuple[Compared, ...]:
    """The things that the query names and the release has, at most six."""
    return tuple(thing for thing in _found(edition, query).values() if thing is not None)[:MOST]


def _found(edition: Edition, query: CompareQuery) -> dict[str, Compared | None]:
    year = year_of(edition, query.year)
    return {code: _MAKERS[query.kind](edition, code, year) for code in query.codes[: 4 * MOST]}


def _removable(query: CompareQuery, codes: Sequence[str], thing: Compared) -> Compared:
    without = query.address([code for code in codes if code != thing.code])
    return Compared(
        **{name: getattr(thing, name) for name in Compared.__slots__ if name != "without"}, without=without
    )


# ---------------------------------------------------------------- the things


def _region(edition: Edition, code: str, year: int | None) -> Compared | None:
    place = edition.places.get(code)
    if place is None:
        return None
    found = cell(edition, year, code, TOTAL) if year else NOTHING
    root = edition.places.root
    whole = cell(edition, year, root.code, TOTAL).paid if root and year else ABSENT
    line = edition.places.line(code)
    return Compared(
        code,
        place.name,
        line[-2].name if len(line) > 1 else "",
        f"/regions/{quote(code, safe='')}",
        found,
        place.population,
        per_head(found.paid, place),
        share(found.paid, whole),
        f"{root.name}已支付 {short(whole, edition.currency)}" if root and whole.is_known else "",
    )


def _organisation(edition: Edition, code: str, year: int | None) -> Compared | None:
    rows = edition.runs("organisations", "org_id").rows(code)
    if not rows:
        return None
    spent = edition.runs("spending_by_organisation", "org_id").rows(code)
    found = next(
        (measures_in(row) for row in spent if row["fiscal_year"] == year and row["economic_code"] == TOTAL),
        NOTHING,
    )
    region = rows[0]["region_code"] or ""
    whole = cell(edition, year, region, TOTAL).paid if year else ABSENT
    name = edition.places.name(region)
    return Compared(
        code,
        rows[0]["name"],
        name,
        f"/organisations/{quote(code, safe='')}",
        found,
        share_pct=share(found.paid, whole),
        whole=f"{name}已支付 {short(whole, edition.currency)}" if whole.is_known else "",
    )


def _project(edition: Edition, code: str, year: int | None) -> Compared | None:
    del year  # a project is compared over its whole life
    index = edition.keep(
        "project rows", lambda: {found: at for at, found in enumerate(prepared(edition)["project_id"])}
    )
    if code not in index:
        return None
    row: Mapping[str, Any] = prepared(edition).row(index[code], named=True)
    investment = amount_in(row, "total_investment")
    paid = amount_in(row, "paid")
    return Compared(
        code,
        row["name"],
        row["region_name"] or "",
        f"/projects/{quote(code, safe='')}",
        measures_in(row),
        share_pct=share(paid, investment),
        whole=f"总投资 {short(investment, edition.currency)}" if investment.is_known else "",
        investment=investment,
        progress=row["progress"],
        days_late=row["days_late"],
    )


_MAKERS: dict[str, Callable[[Edition, str, int | None], Compared | None]] = {
    "region": _region,
    "organisation": _organisation,
    "project": _project,
}


# ---------------------------------------------------------------- the charts


def _title(edition: Edition, things: Sequence[Compared]) -> str:
    """The finding: per head where there are heads, else the sum."""
    heads = [(thing, thing.each.fen) for thing in things if thing.each and thing.each.fen]
    if len(heads) > 1:
        first, last = max(heads, key=lambda pair: pair[1]), min(heads, key=lambda pair: pair[1])
        return f"{first[0].name}人均支出最高，是{last[0].name}的 {first[1] / last[1]:.2f} 倍"
    known = [thing for thing in things if thing.measures.paid.fen]
    if len(known) > 1:
        biggest = max(known, key=lambda thing: thing.measures.paid.fen or 0)
        return f"{biggest.name}支付最多，{short(biggest.measures.paid, edition.currency)}"
    return ""


def _totals(things: Sequence[Compared], year: int | None) -> BarTable:
    rows = [
        BarRow(
            thing.name, thing.measures.paid, thing.measures.adjusted, thing.measures.rate, None, "", thing.url
        )
        for thing in sorted(things, key=lambda thing: -(thing.measures.paid.fen or 0))
    ]
    when = f"{year} 年" if year else "开工以来"
    return bar_table("合计：付了多少，预算多少", f"{when}，框为调整预算，实心为已支付", rows)


def _ratios(edition: Edition, kind: str, things: Sequence[Compared]) -> list[NumberBars]:
    if not things:
        return []
    charts = []
    if any(thing.people for thing in things):
        bars = [_head_bar(edition, thing) for thing in things]
        charts.append(_chart("人均支出", "已支付 ÷ 同一地区的常住人口", bars))
    subtitles = {
        "region": ("占全省的份额", "已支付 ÷ 全省已支付"),
        "organisation": ("占所在地区的份额", "已支付 ÷ 所在地区全部已支付"),
        "project": ("付了总投资的多少", "已支付 ÷ 总投资"),
    }
    bars = [
        NumberBar(
            thing.name,
            thing.share_pct,
            percent(thing.share_pct, 2),
            f"÷ {thing.whole}" if thing.whole else "",
            thing.url,
            is_withheld=_is_hidden(thing.measures.paid),
        )
        for thing in things
    ]
    charts.append(_chart(*subtitles[kind], bars))
    bars = [
        NumberBar(
            thing.name,
            thing.measures.rate,
            percent(thing.measures.rate),
            f"÷ 调整预算 {short(thing.measures.adjusted, edition.currency)}",
            thing.url,
            is_withheld=_is_hidden(thing.measures.paid),
        )
        for thing in things
    ]
    charts.append(_chart("执行率", "已支付 ÷ 调整预算", bars))
    if kind == "project" and any(thing.progress is not None for thing in things):
        bars = [
            NumberBar(thing.name, thing.progress, percent(thing.progress, 0), "", thing.url)
            for thing in things
        ]
        charts.append(_chart("工程进度", "最近一个已完成节点的进度", bars))
    return charts


def _is_hidden(amount: Amount) -> bool:
    return amount.status in ("withheld", "merged")


def _head_bar(edition: Edition, thing: Compared) -> NumberBar:
    under = f"÷ {thing.people:,} 人" if thing.people else ""
    if thing.each is None or thing.each.fen is None:
        return NumberBar(thing.name, None, "—", under, thing.url, is_withheld=_is_hidden(thing.measures.paid))
    said = str(say_each(thing.each, edition.currency))
    return NumberBar(thing.name, thing.each.fen / 100, said, under, thing.url)


def _chart(title: str, subtitle: str, bars: Sequence[NumberBar]) -> NumberBars:
    ordered = sorted(bars, key=lambda item: (item.number is None, -(item.number or 0)))
    return number_bars(title, subtitle, ordered)


# ---------------------------------------------------------------- what can be added


def _regions(edition: Edition) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Every region, the cities first, then the counties of each city."""
    root = edition.places.root
    if root is None:
        return ()
    cities = edition.places.children(root.code)
    groups = [(root.name, tuple(Choice(city.code, city.name) for city in cities))]
    groups += [
        (city.name, tuple(Choice(county.code, county.name) for county in edition.places.children(city.code)))
        for city in cities
    ]
    return tuple(group for group in groups if group[1])


def _candidates(
    finder: Finder, edition: Edition, query: CompareQuery, codes: Sequence[str]
) -> tuple[Candidate, ...]:
    if not query.q or query.kind not in SEARCHED or len(codes) >= MOST:
        return ()
    asked = Query(query.q, Filters(kinds=(SEARCHED[query.kind],)), page_size=CANDIDATES)
    found = []
    for hit in finder.engine.search(asked).hits:
        code = hit.document.id.partition(":")[2]
        if code not in codes:
            place = edition.places.name(hit.document.regions[-1]) if hit.document.regions else ""
            found.append(Candidate(hit.document.title, place, query.address([*codes, code])))
    return tuple(found)


def _examples(edition: Edition, query: CompareQuery) -> list[tuple[str, str]]:
    """Comparisons to begin with: words and address."""
    root = edition.places.root
    if root is None:
        return []
    cities = sorted(edition.places.children(root.code), key=lambda place: -(place.population or 0))
    ends = [*cities[:2], *cities[-1:]] if len(cities) > MOST // 2 else list(cities)
    regions = CompareQuery("region", (), query.year)
    if len(ends) < 2:
        return []
    names = "、".join(place.name for place in ends)
    return [(f"{names}", regions.address([place.code for place in ends]))]
