"""Search documents from the public tables of a release, and the index made of them.

Only what is in the public tables goes in, so an index can be rebuilt from the release alone and gives nothing away:
an amount that is withheld there is missing here. The index lies in a folder of its own per release and is complete
before the release's pointer moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from publishing.errors import ReleaseError
from publishing.release.content import PublishedTable
from publishing.release.reader import Release, open_release
from publishing.release.store import ReleaseStore
from search.documents import Kind, SearchDocument
from search.engine import IndexReport
from search.engines.embedded import index_directory
from search.engines.serving import SearchServer, ServedIndexBuilder
from search.lexicon import Lexicon, Term

_LONGEST_PROJECT_YEARS = 30
_PLACE_ENDINGS = ("自治州", "自治县", "自治区", "地区", "新区", "省", "市", "县", "区", "镇", "乡")
_TREE_DEPTH = 10

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The report of a release as a search hit: `number` and `as_of` are those of the release."""

    number: int
    title: str
    as_of: date


@dataclass(frozen=True)
class _Tables:
    """The public tables by name, and the trees that other rows point into."""

    tables: Mapping[str, PublishedTable]

    @classmethod
    def of(cls, tables: Iterable[PublishedTable]) -> _Tables:
        return cls({table.spec.name: table for table in tables})

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a table; none when the release does not have it."""
        if name in self.tables:
            yield from self.tables[name].frame.iter_rows(named=True)

    def by(self, name: str, column: str) -> dict[str, Row]:
        return {row[column]: row for row in self.rows(name)}

    @cached_property
    def regions(self) -> dict[str, Row]:
        return self.by("regions", "region_code")

    @cached_property
    def functions(self) -> dict[str, Row]:
        return self.by("functions", "function_code")

    @cached_property
    def organisations(self) -> dict[str, Row]:
        return self.by("organisations", "org_id")

    @cached_property
    def policies(self) -> dict[str, Row]:
        return self.by("policies", "policy_id")

    @cached_property
    def projects(self) -> dict[str, Row]:
        return self.by("projects", "project_id")

    @cached_property
    def supplier_ids(self) -> frozenset[str]:
        frame = (
            self.tables["suppliers"].frame
            if "suppliers" in self.tables
            else pl.DataFrame({"supplier_id": []})
        )
        return frozenset(frame["supplier_id"].to_list())

    def region_path(self, code: str | None) -> tuple[str, ...]:
        return _path(code, self.regions)

    def function_path(self, code: str | None) -> tuple[str, ...]:
        return tuple(part for part in _path(code, self.functions) if part != "total")

    def region_names(self, code: str | None) -> str:
        return _joined(
            *(self.regions[part]["name"] for part in self.region_path(code) if part in self.regions)
        )


def search_documents(
    tables: Iterable[PublishedTable], reports: Sequence[ReportFacts] = ()
) -> Iterator[SearchDocument]:
    """One document per project, contract, supplier, budget unit, dataset and report."""
    known = _Tables.of(tables)
    kinds: tuple[Callable[[_Tables], Iterator[SearchDocument]], ...] = (
        _projects,
        _contracts,
        _suppliers,
        _organisations,
        _datasets,
    )
    for make in kinds:
        yield from make(known)
    for report in reports:
        yield _report(report)


def search_lexicon(
    tables: Iterable[PublishedTable], synonyms: Iterable[tuple[str, ...]] = (), base: Lexicon | None = None
) -> Lexicon:
    """The words of this release: its places, classes, sectors, units, indicators and tables.

    `synonyms` are groups of names for the same thing, such as a place and its earlier name.
    """
    known = _Tables.of(tables)
    places = [row["name"] for row in known.rows("regions")]
    sectors = dict.fromkeys(row["sector"] for row in known.rows("organisations") if row["sector"])
    words = chain(places, map(_stem, places), sectors, (row["name"] for row in known.rows("functions")))
    named = base or Lexicon()
    return named.extended(words=(word for word in words if word), synonyms=synonyms, terms=_terms(known))


def build_search_index(
    tables: Iterable[PublishedTable],
    directory: Path,
    *,
    reports: Sequence[ReportFacts] = (),
    synonyms: Iterable[tuple[str, ...]] = (),
) -> IndexReport:
    """Build the index of a release in a directory; a reader of that directory sees it when it is complete.

    Where a search server is configured (SUNSHINE_MEILISEARCH_URL), the same index is built there too.

    Raises: IndexBusy when another process builds there.
    """
    kept = tuple(tables)
    lexicon = search_lexicon(kept, synonyms)
    return ServedIndexBuilder(directory, SearchServer.configured()).build(
        search_documents(kept, reports), lexicon
    )


def released_tables(release: Release) -> tuple[PublishedTable, ...]:
    """The public tables of a stored release, verified: all that is needed to build its index again.

    Raises: CorruptObject when a stored table does not match the manifest.
    """
    return tuple(PublishedTable(spec, release.table(spec.name)) for spec in release.specs)


def rebuild_search_index(release: Release, store: ReleaseStore, indexes: Path) -> IndexReport:
    """Build the index of a stored release again, in the folder under `indexes` that belongs to it.

    Raises: CorruptObject when a stored table does not match the manifest; IndexBusy when another process builds there.
    """
    lineage = release.manifest.lineage
    tables = released_tables(release)
    return build_search_index(
        tables,
        index_directory(indexes, release.id),
        reports=[ReportFacts(release.number, lineage.title, lineage.as_of)],
        synonyms=renamed_places(tables, store, before=release.number),
    )


def renamed_places(
    tables: Iterable[PublishedTable], store: ReleaseStore, *, before: int
) -> tuple[tuple[str, ...], ...]:
    """Places that had another name in an earlier release: the name now, then the earlier ones, the newest first.

    A release that cannot be read any more is left out: an index that lacks an old name is better than none.
    """
    now = {row["region_code"]: row["name"] for row in _Tables.of(tables).rows("regions") if row["name"]}
    names: dict[str, dict[str, None]] = {code: {name: None} for code, name in now.items()}
    for number in sorted((number for number in store.numbers() if number < before), reverse=True):
        for code, name in _places_of(store, number):
            if name and code in names:
                names[code][name] = None
    return tuple(tuple(group) for group in names.values() if len(group) > 1)


def _places_of(store: ReleaseStore, number: int) -> list[tuple[str, str | None]]:
    try:
        return open_release(store, number).table("regions").select("region_code", "name").rows()
    except ReleaseError:
        return []


def _projects(known: _Tables) -> Iterator[SearchDocument]:
    for row in known.projects.values():
        policy = known.policies.get(row["policy_id"] or "", {})
        yield SearchDocument(
            id=f"project:{row['project_id']}",
            kind=Kind.PROJECT,
            title=row["name"] or row["project_id"],
            url=f"/projects/{quote(row['project_id'], safe='')}",
            body=_joined(
                row["description"],
                known.region_names(row["region_code"]),
                row["address"],
                row["org_name"],
                row["function_name"],
                policy.get("title"),
            ),
            aliases=(row["project_id"],),
            regions=known.region_path(row["region_code"]),
            functions=known.function_path(row["function_code"]),
            sector=row["sector"],
            years=_years(row["starts_on"], row["ended_on"] or row["planned_end"]),
            amount_fen=row["total_investment"],
            dated_on=row["starts_on"],
            status=row["status"],
            light=row["light"],
        )


def _contracts(known: _Tables) -> Iterator[SearchDocument]:
    for row in known.rows("contracts"):
        project = known.projects.get(row["project_id"] or "", {})
        organisation = known.organisations.get(row["org_id"] or "", {})
        region = project.get("region_code") or organisation.get("region_code")
        yield SearchDocument(
            id=f"contract:{row['contract_id']}",
            kind=Kind.CONTRACT,
            title=row["title"] or row["contract_id"],
            url=_contract_url(row, project, known),
            body=_joined(
                row["supplier_name"],
                row["org_name"],
                project.get("name"),
                row["method"],
                known.region_names(region),
            ),
            aliases=(row["contract_id"],),
            regions=known.region_path(region),
            functions=known.function_path(project.get("function_code")),
            sector=organisation.get("sector"),
            years=_years(row["signed_on"], row["signed_on"]),
            amount_fen=row["amount"],
            dated_on=row["signed_on"],
        )


def _contract_url(row: Row, project: Row, known: _Tables) -> str:
    """The page a contract stands on: its project's, else its supplier's, else its unit's."""
    anchor = f"#contract-{quote(row['contract_id'], safe='')}"
    if project:
        return f"/projects/{quote(row['project_id'], safe='')}{anchor}"
    if row["supplier_id"] in known.supplier_ids:
        return f"/suppliers/{quote(row['supplier_id'], safe='')}{anchor}"
    return f"/organisations/{quote(row['org_id'] or '', safe='')}{anchor}"


def _suppliers(known: _Tables) -> Iterator[SearchDocument]:
    for row in known.rows("suppliers"):
        yield SearchDocument(
            id=f"supplier:{row['supplier_id']}",
            kind=Kind.SUPPLIER,
            title=row["name"] or row["supplier_id"],
            url=f"/suppliers/{quote(row['supplier_id'], safe='')}",
            body=_joined(row["credit_code"], known.region_names(row["region_code"])),
            aliases=_present(row["supplier_id"], row["credit_code"]),
            regions=known.region_path(row["region_code"]),
            amount_fen=row["amount"],
        )


def _organisations(known: _Tables) -> Iterator[SearchDocument]:
    for row in known.organisations.values():
        yield SearchDocument(
            id=f"organisation:{row['org_id']}",
            kind=Kind.ORGANISATION,
            title=row["name"] or row["org_id"],
            url=f"/organisations/{quote(row['org_id'], safe='')}",
            body=_joined(row["sector"], known.region_names(row["region_code"])),
            aliases=(row["org_id"],),
            regions=known.region_path(row["region_code"]),
            sector=row["sector"],
        )


def _datasets(known: _Tables) -> Iterator[SearchDocument]:
    for table in known.tables.values():
        spec = table.spec
        columns = "、".join(column.title for column in spec.columns)
        yield SearchDocument(
            id=f"dataset:{spec.name}",
            kind=Kind.DATASET,
            title=spec.title,
            url=f"/datasets/{spec.name}",
            body=_joined(spec.description, f"每行：{spec.grain}", f"字段：{columns}", spec.grain_en),
            aliases=(spec.title_en, spec.name),
        )


def _report(report: ReportFacts) -> SearchDocument:
    return SearchDocument(
        id=f"report:{report.number}",
        kind=Kind.REPORT,
        title=report.title,
        url=f"/reports/{report.number}",
        body=f"第 {report.number} 号发布，数据截至 {report.as_of.isoformat()}。",
        years=(report.as_of.year,),
        dated_on=report.as_of,
    )


def _terms(known: _Tables) -> Iterator[Term]:
    """Names to suggest: places from the province down, then what is spent on, then by whom."""
    for row in sorted(known.rows("regions"), key=lambda row: len(known.region_path(row["region_code"]))):
        yield Term(row["name"], "region", f"/regions/{quote(row['region_code'], safe='')}")
    for row in sorted(
        known.rows("functions"), key=lambda row: (len(row["function_code"]), row["function_code"])
    ):
        if row["function_code"] != "total":
            yield Term(row["name"], "function")
    yield from (Term(row["indicator"], "indicator") for row in known.rows("outputs"))
    for table in known.tables.values():
        yield Term(table.spec.title, Kind.DATASET.value, f"/datasets/{table.spec.name}")
    for row in known.organisations.values():
        yield Term(row["name"], Kind.ORGANISATION.value, f"/organisations/{quote(row['org_id'], safe='')}")


def _path(code: str | None, tree: Mapping[str, Row]) -> tuple[str, ...]:
    """Codes from the root of a tree down to this one; a loop or a missing parent ends it."""
    found: list[str] = []
    while code and code not in found and len(found) < _TREE_DEPTH:
        found.append(code)
        code = tree[code]["parent_code"] if code in tree else None
    return tuple(reversed(found))


def _years(first: date | None, last: date | None) -> tuple[int, ...]:
    if first is None:
        return ()
    final = max(first.year, last.year if last else first.year)
    return tuple(range(first.year, min(final, first.year + _LONGEST_PROJECT_YEARS) + 1))


def _stem(place: str) -> str:
    """The name without what kind of place it is, when two characters or more are left."""
    for ending in _PLACE_ENDINGS:
        if place.endswith(ending) and len(place) - len(ending) >= 2:
            return place[: -len(ending)]
    return place


def _present(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _joined(*values: str | None) -> str:
    """Parts of a text as one sentence; a part that ends with a stop of its own loses it."""
    return "；".join(value.rstrip("。") for value in _present(*values))
