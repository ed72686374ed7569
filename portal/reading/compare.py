"""Comparison: up to six regions, budget units or projects side by side, with the denominators of every ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.reading.charts.shown import Shown, show_all
from portal.reading.charts.simple import short
from portal.reading.compare_charts import compare_charts
from portal.reading.compare_things import KINDS, MOST, Compared, CompareQuery, found_things
from portal.reading.edition import Edition
from portal.reading.finders import Finder
from portal.reading.leading import claim
from portal.reading.projects import Choice
from portal.reading.spending import year_of
from portal.reading.tongue import tell, tell_all
from search.documents import Kind
from search.engine import Filters, Query

CANDIDATES = 8
SEARCHED = {"organisation": Kind.ORGANISATION, "project": Kind.PROJECT}


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
    charts: tuple[Shown, ...]
    regions: tuple[tuple[str, tuple[Choice, ...]], ...]
    candidates: tuple[Candidate, ...]
    has_searched: bool
    examples: tuple[tuple[str, str], ...]


def compare_view(edition: Edition, finder: Finder, query: CompareQuery) -> CompareView:
    """Compare what the query names; at most six, the rest is left out and said."""
    year = year_of(edition, query.year)
    found = found_things(edition, query)
    known = {code: thing for code, thing in found.items() if thing is not None}
    codes = tuple(known)[:MOST]
    things = tuple(_removable(query, codes, known[code]) for code in codes)
    return CompareView(
        query=query,
        kinds=tuple(Choice(kind, word, None, kind == query.kind) for kind, word in KINDS.items()),
        years=tuple(
            Choice(str(each), tell("{} 年", each), None, each == year) for each in reversed(edition.years)
        ),
        year=year if query.kind != "project" else None,
        things=things,
        unknown=tuple(code for code, thing in found.items() if thing is None),
        is_full=len(known) >= MOST,
        title=_title(edition, things),
        charts=show_all(*compare_charts(edition, query).values()),
        regions=_regions(edition) if query.kind == "region" else (),
        candidates=_candidates(finder, edition, query, codes),
        has_searched=bool(query.q) and query.kind in SEARCHED,
        examples=tuple(_examples(edition, query)) if not things else (),
    )


def _removable(query: CompareQuery, codes: Sequence[str], thing: Compared) -> Compared:
    without = query.address([code for code in codes if code != thing.code])
    return replace(thing, without=without)


def _title(edition: Edition, things: Sequence[Compared]) -> str:
    """The finding: per head where there are heads, else the sum."""
    heads = [(thing, thing.each.fen) for thing in things if thing.each and thing.each.fen]
    if len(heads) > 1:
        first, last = max(heads, key=lambda pair: pair[1]), min(heads, key=lambda pair: pair[1])
        title = (
            tell("{}人均支出最高，是{}的 {:.2f} 倍", first[0].name, last[0].name, first[1] / last[1])
            if last[1] > 0
            else tell("{}人均支出最高", first[0].name)
        )
        return claim(title, is_sure=len(heads) == len(things))
    known = [thing for thing in things if thing.measures.paid.fen]
    if len(known) > 1:
        biggest = max(known, key=lambda thing: thing.measures.paid.fen or 0)
        title = tell("{}支付最多，{}", biggest.name, short(biggest.measures.paid, edition.currency))
        return claim(title, is_sure=all(thing.measures.paid.is_known for thing in things))
    return ""


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
    names = tell_all(place.name for place in ends)
    return [(f"{names}", regions.address([place.code for place in ends]))]
