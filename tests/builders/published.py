"""Small releases for the portal's tests, written by the real writer into a real store.

`province_tables` is a small believable province; `review_sheet_tables` is what Japan's review sheets give: one region,
no contracts, no plans, no months, no geometry. Everything is invented and the same every time.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from publishing.index import build_search_index, released_tables
from publishing.monitor import ALERTS
from publishing.release.content import PublishedTable, ReleaseContent
from publishing.release.keys import load_or_create_signing_key
from publishing.release.manifest import Audience, Lineage, Manifest
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from publishing.release.writer import write_release
from publishing.specs import DATASETS, DatasetSpec, dataset_spec
from search.engines.embedded import index_directory

Rows = list[dict[str, Any]]
AS_OF = date(2026, 10, 31)
YEARS = (2023, 2024, 2025, 2026)
CLASSES = {
    "201": "一般公共服务支出",
    "205": "教育支出",
    "206": "科学技术支出",
    "208": "社会保障和就业支出",
    "210": "卫生健康支出",
    "211": "节能环保支出",
    "212": "城乡社区支出",
    "213": "农林水支出",
    "214": "交通运输支出",
    "221": "住房保障支出",
}
SECTIONS = {"20502": "普通教育", "20503": "职业教育", "21401": "公路水路运输", "21303": "水利"}
SECTORS = ("教育", "交通运输", "水利", "卫生健康", "住房城乡建设", "民政")
WORKS = ("农村公路改造", "小学扩建", "水库除险加固", "老旧小区改造", "污水处理厂提标", "养老服务中心建设")
LIGHTS = ("green", "green", "green", "yellow", "green", "orange", "green", "red")


def table(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """A published table from rows that name only what matters: the rest is null, twins follow the values."""
    spec = dataset_spec(name)
    complete = []
    for row in rows:
        filled = {column.name: row.get(column.name) for column in spec.columns}
        for measure in spec.protected:
            given = row.get(f"{measure}_status")
            filled[f"{measure}_status"] = given or (
                "not_reported" if filled[measure] is None else "published"
            )
        complete.append(filled)
    return pl.DataFrame(complete, schema=spec.schema, orient="row").sort(spec.key)


def regions(cities: int = 5, counties: int = 4) -> Rows:
    """A province of that many cities with that many counties each."""
    rows: Rows = [region_row("990000", "云岭省", None, "province", 0, 0, cities * counties * 410_000)]
    for city in range(1, cities + 1):
        code = f"99{city:02d}00"
        rows.append(
            region_row(
                code,
                f"云{'甲乙丙丁戊己庚辛壬癸'[city % 10]}{city}市",
                "990000",
                "city",
                city,
                0,
                counties * 410_000,
            )
        )
        rows.extend(
            region_row(
                f"99{city:02d}{county:02d}", f"第{city}市{county}县", code, "county", city, county, 410_000
            )
            for county in range(1, counties + 1)
        )
    return rows


def region_row(
    code: str, name: str, parent: str | None, level: str, x: int, y: int, people: int
) -> dict[str, Any]:
    """One region."""
    return {
        "region_code": code,
        "name": name,
        "parent_code": parent,
        "level": level,
        "lon": 110.0 + x % 5 + 0.1 * y,
        "lat": 24.0 + x // 5 + 0.05 * y,
        "population": people,
    }


def function_rows() -> Rows:
    """Classes and a few sections, with the total above them."""
    rows: Rows = [{"function_code": "total", "name": "全部支出", "parent_code": None, "level": "total"}]
    rows += [
        {"function_code": code, "name": name, "parent_code": "total", "level": "class"}
        for code, name in CLASSES.items()
    ]
    rows += [
        {"function_code": code, "name": name, "parent_code": code[:3], "level": "section"}
        for code, name in SECTIONS.items()
    ]
    return rows


def _paid(region: int, function: int, year: int) -> int:
    """An amount in fen that looks arbitrary and is not."""
    return 1_000_000_00 * (7 + (region * 37 + function * 101 + year * 13) % 83) + 7


def spending_rows(region_rows: Rows, years: Iterable[int]) -> Rows:
    """The cube, every level: counties first, their sums above; two classes of some counties are withheld."""
    named = {row["region_code"]: row for row in region_rows}
    levels = {"total": ("全部支出", "total")} | {code: (name, "class") for code, name in CLASSES.items()}
    levels |= {code: (name, "section") for code, name in SECTIONS.items()}
    return [
        _cell(named[region], function, *levels[function], year, paid)
        for (region, function, year), paid in _cube(region_rows, years).items()
        if region in named
    ]


def _cube(region_rows: Rows, years: Iterable[int]) -> dict[tuple[str, str, int], int]:
    counties = [row for row in region_rows if row["level"] == "county"] or region_rows[:1]
    sums: dict[tuple[str, str, int], int] = {}
    keys = itertools.product(enumerate(counties), enumerate(CLASSES), years)
    for (position, county), (index, code), year in keys:
        paid = _paid(position, index, year)
        parts = [(code, paid), ("total", paid)]
        parts += [(section, paid // 2) for section in SECTIONS if section.startswith(code)]
        places = (county["region_code"], county["region_code"][:4] + "00", "990000")
        for region, (function, amount) in itertools.product(places, parts):
            sums[region, function, year] = sums.get((region, function, year), 0) + amount
    return sums


def _cell(
    place: Mapping[str, Any], function: str, name: str, level: str, year: int, paid: int
) -> dict[str, Any]:
    is_hidden = place["region_code"].endswith("01") and function in ("208", "221")
    return {
        "region_code": place["region_code"],
        "region_name": place["name"],
        "region_level": place["level"],
        "function_code": function,
        "function_name": name,
        "function_level": level,
        "fiscal_year": year,
        "approved": paid * 11 // 10,
        "adjusted": paid * 12 // 10,
        "paid": None if is_hidden else paid,
        "paid_status": "withheld" if is_hidden else "published",
    }


def project_rows(region_rows: Rows, count: int) -> Rows:
    """Projects of every sector, light and status, spread over the counties."""
    counties = [row for row in region_rows if row["level"] == "county"] or region_rows[:1]
    rows = []
    for index in range(count):
        place = counties[index * 7 % len(counties)]
        adjusted = 100_000_000 * (3 + index * 29 % 97)
        paid = adjusted * (20 + index * 17 % 85) // 100
        starts = date(2021 + index % 5, 1 + index % 12, 1)
        ends = starts + timedelta(days=500 + index * 11 % 700)
        is_done = index % 4 == 0
        light = LIGHTS[index % len(LIGHTS)]
        is_hidden = index % 23 == 5
        rows.append(
            {
                "project_id": f"P{2021 + index % 5}{index:05d}",
                "name": f"{place['name']}{WORKS[index % len(WORKS)]}工程（{index}）",
                "region_code": place["region_code"],
                "region_name": place["name"],
                "org_id": f"U{index % 12:03d}",
                "org_name": f"{place['name'][:3]}{SECTORS[index % 6]}局",
                "sector": SECTORS[index % 6],
                "function_code": "205",
                "function_name": "教育支出",
                "policy_id": "Z001" if index % 3 else None,
                "status": "completed" if is_done else ("under_way", "planned", "suspended")[index % 3],
                "starts_on": starts,
                "planned_end": ends,
                "ended_on": min(ends + timedelta(days=30), AS_OF) if is_done else None,
                "total_investment": adjusted * 2,
                "approved": adjusted * 9 // 10,
                "adjusted": adjusted,
                "paid": None if is_hidden else paid,
                "paid_status": "withheld" if is_hidden else "published",
                "contracted": adjusted * 8 // 10,
                "execution_rate": None if is_hidden else round(paid / adjusted * 100, 2),
                "progress": float(20 + index * 13 % 80),
                "light": light,
                "light_reason": "" if light == "green" else "已连续两个月低于应有进度的 70%。",
                "livelihood": index % 2 == 0,
                "description": "改善群众出行和公共服务条件。",
                "address": f"{place['name']}建设路 {index} 号",
                "lon": place["lon"],
                "lat": place["lat"],
            }
        )
    return rows


def project_month_rows(projects: Rows) -> Rows:
    """Ten months of the as-of year for each project; one month of some is withheld."""
    rows = []
    for index, project in enumerate(projects):
        for month in range(1, 11):
            is_hidden = index % 9 == 4 and month == 6
            rows.append(
                {
                    "project_id": project["project_id"],
                    "project_name": project["name"],
                    "month": date(2026, month, 1),
                    "paid": None if is_hidden else project["adjusted"] // 14,
                    "paid_status": "withheld" if is_hidden else "published",
                    "planned_cumulative": project["adjusted"] * month // 12,
                }
            )
    return rows


def milestone_rows(projects: Rows) -> Rows:
    """申报 to 验收 for every project, the first steps done."""
    names = ("申报", "立项", "招标", "开工", "完工", "验收")
    return [
        {
            "project_id": project["project_id"],
            "project_name": project["name"],
            "name": name,
            "planned_on": project["starts_on"] + timedelta(days=90 * step),
            "done_on": project["starts_on"] + timedelta(days=90 * step + 12)
            if step < 3 + index % 3
            else None,
            "progress": (0.0, 5.0, 10.0, 30.0, 90.0, 100.0)[step],
        }
        for index, project in enumerate(projects)
        for step, name in enumerate(names)
    ]


def contract_rows(projects: Rows) -> Rows:
    """One contract for every second project."""
    return [
        {
            "contract_id": f"C{index:05d}",
            "title": f"{project['name']}施工合同",
            "project_id": project["project_id"],
            "org_id": project["org_id"],
            "org_name": project["org_name"],
            "supplier_id": f"S{index % 9:03d}",
            "supplier_name": f"云岭第{index % 9}建设有限公司",
            "signed_on": project["starts_on"],
            "ends_on": project["planned_end"],
            "method": "公开招标",
            "amount": project["adjusted"] * 8 // 10,
            "paid": project["adjusted"] // 2,
        }
        for index, project in enumerate(projects)
        if index % 2 == 0
    ]


def supplier_rows(contracts: Rows) -> Rows:
    """The suppliers of the contracts."""
    rows = []
    for supplier_id in sorted({row["supplier_id"] for row in contracts}):
        own = [row for row in contracts if row["supplier_id"] == supplier_id]
        rows.append(
            {
                "supplier_id": supplier_id,
                "name": own[0]["supplier_name"],
                "credit_code": "91990000MA00000000",
                "kind": "company",
                "region_code": "990100",
                "contracts": len(own),
                "amount": sum(row["amount"] for row in own),
                "paid": sum(row["paid"] for row in own),
            }
        )
    return rows


def indicator_rows(projects: Rows) -> Rows:
    """A quantity for each project, not yet reported for every fifth."""
    return [
        {
            "project_id": project["project_id"],
            "project_name": project["name"],
            "indicator": "新建农村公路里程",
            "unit": "公里",
            "kind": "quantity",
            "fiscal_year": 2026,
            "target": 12.5,
            "actual": None if index % 5 == 0 else 10.0 + index % 4,
        }
        for index, project in enumerate(projects)
    ]


def coverage_rows(spending: Rows) -> Rows:
    """A ledger that adds up."""
    rows = []
    for year in sorted({row["fiscal_year"] for row in spending}):
        shown = sum(
            row["paid"] or 0
            for row in spending
            if row["fiscal_year"] == year
            and row["region_level"] == "county"
            and row["function_level"] == "class"
        )
        rows.append(
            {
                "dataset": "spending",
                "measure": "paid",
                "fiscal_year": year,
                "published": shown,
                "merged": 0,
                "withheld": 100,
                "official_total": shown + 100,
            }
        )
    return rows


def participation_rows(places: Rows, projects: Rows, organisations: Rows) -> Rows:
    """Ratings of one quarter: every fourth place, project and unit below the sample; cases of the units."""
    subjects = [
        *(("region", place["region_code"], place["name"]) for place in places if place["level"] != "county"),
        *(("project", work["project_id"], work["name"]) for work in projects[:9]),
        *(("organisation", unit["org_id"], unit["name"]) for unit in organisations[:5]),
    ]
    rows: Rows = []
    for index, (kind, code, name) in enumerate(subjects):
        row = {"subject_kind": kind, "subject_id": code, "subject_name": name, "quarter": "2026Q3"}
        told = {
            "ratings": 40 - index,
            "satisfaction": round(4.6 - index / 10, 2),
            "quality": 3.5,
            "progress": 4.0,
        }
        if index % 4 == 3:
            names = (*told, "usefulness", "openness")
            row |= {f"{name}_status": "withheld" for name in names} | {
                f"{name}_rule": "sample" for name in names
            }
        else:
            row |= told
        if kind != "project":
            row |= {"cases": 12, "answered": 10, "on_time": 9, "reply_rating": 4.2}
        rows.append(row)
    return rows


def province_tables(*, cities: int = 5, counties: int = 4, projects: int = 60) -> dict[str, pl.DataFrame]:
    """Every table of a small province."""
    places = regions(cities, counties)
    spending = spending_rows(places, YEARS)
    works = project_rows(places, projects)
    contracts = contract_rows(works)
    organisations = [
        {
            "org_id": f"U{index:03d}",
            "name": f"云岭{SECTORS[index % 6]}局{index}",
            "region_code": "990100",
            "sector": SECTORS[index % 6],
        }
        for index in range(12)
    ]
    monthly = [
        {
            **{name: row[name] for name in ("region_code", "region_name", "region_level")},
            **{name: row[name] for name in ("function_code", "function_name", "function_level")},
            "month": date(2026, month, 1),
            "paid": (row["paid"] or 0) // 11,
            "planned": (row["adjusted"] or 0) // 12,
        }
        for row in spending
        if row["fiscal_year"] == 2026
        and row["region_level"] != "county"
        and row["function_level"] != "section"
        for month in range(1, 11)
    ]
    by_organisation = [
        {
            "org_id": unit["org_id"],
            "org_name": unit["name"],
            "region_code": unit["region_code"],
            "sector": unit["sector"],
            "economic_code": code,
            "economic_name": name,
            "economic_level": level,
            "fiscal_year": 2026,
            "approved": amount,
            "adjusted": amount,
            "paid": amount * 7 // 10,
        }
        for unit in organisations
        for code, name, level, amount in (
            ("total", "合计", "total", 9_000_000_00),
            ("502", "机关商品和服务支出", "class", 6_000_000_00),
            ("503", "机关资本性支出", "class", 3_000_000_00),
        )
    ]
    rows: dict[str, Rows] = {
        "spending": spending,
        "spending_monthly": monthly,
        "spending_by_organisation": by_organisation,
        "projects": works,
        "project_months": project_month_rows(works),
        "milestones": milestone_rows(works),
        "contracts": contracts,
        "suppliers": supplier_rows(contracts),
        "indicators": indicator_rows(works),
        "outputs": [
            {
                "region_code": place["region_code"],
                "region_name": place["name"],
                "region_level": place["level"],
                "indicator": "新建农村公路里程",
                "unit": "公里",
                "fiscal_year": 2026,
                "projects": 4,
                "target": 50.0,
                "actual": 41.5,
                "reported": 3,
            }
            for place in places
        ],
        "participation": participation_rows(places, works, organisations),
        "coverage": coverage_rows(spending),
        "regions": places,
        "organisations": organisations,
        "functions": function_rows(),
        "economics": [
            {"economic_code": "502", "name": "机关商品和服务支出", "parent_code": None, "level": "class"}
        ],
        "policies": [
            {
                "policy_id": "Z001",
                "title": "云岭省农村公路建设三年行动方案",
                "issued_by": "云岭省人民政府",
                "issued_on": date(2024, 3, 1),
                "url": "https://example.invalid/policy",
            }
        ],
    }
    return {spec.name: table(spec.name, rows.get(spec.name, ())) for spec in DATASETS}


def review_sheet_tables(projects: int = 12) -> dict[str, pl.DataFrame]:
    """What Japan's review sheets give: a country without regions below it, units, projects, indicators."""
    country = region_row("000000", "日本国", None, "province", 0, 0, 0) | {
        "population": None,
        "lon": None,
        "lat": None,
    }
    works: Rows = []
    for index in range(projects):
        amount = 12_300_000_00 * (index + 1)
        works.append(
            {
                "project_id": f"2020-{index:04d}",
                "name": f"地域活性化推進事業{index}",
                "region_code": "000000",
                "region_name": "日本国",
                "org_id": "M01",
                "org_name": "総務省",
                "sector": "総務省",
                "function_code": "901",
                "function_name": "地域振興",
                "status": "under_way",
                "starts_on": date(2015, 4, 1),
                "approved": amount,
                "adjusted": amount,
                "paid": amount * 9 // 10,
                "execution_rate": 90.0,
                "light": "green",
                "description": "地域の活性化を図る。",
            }
        )
    total = sum(row["adjusted"] for row in works)
    cube = [
        {
            "region_code": "000000",
            "region_name": "日本国",
            "region_level": "province",
            "function_code": code,
            "function_name": name,
            "function_level": level,
            "fiscal_year": 2019,
            "approved": total,
            "adjusted": total,
            "paid": total * 9 // 10,
        }
        for code, name, level in (("total", "全部", "total"), ("901", "地域振興", "class"))
    ]
    rows: dict[str, Rows] = {
        "spending": cube,
        "projects": works,
        "indicators": [
            {
                "project_id": row["project_id"],
                "project_name": row["name"],
                "indicator": "参加自治体数",
                "unit": "団体",
                "fiscal_year": 2019,
                "target": 100.0,
                "actual": 87.0,
            }
            for row in works
        ],
        "regions": [country],
        "organisations": [{"org_id": "M01", "name": "総務省", "region_code": "000000", "sector": "総務省"}],
        "functions": [{"function_code": "901", "name": "地域振興", "parent_code": None, "level": "class"}],
    }
    return {spec.name: table(spec.name, rows.get(spec.name, ())) for spec in DATASETS}


def square_geometry(places: Rows) -> bytes:
    """Squares for the cities, clockwise, side by side."""
    features = []
    for place in places:
        if place["level"] != "city":
            continue
        x, y = place["lon"], place["lat"]
        ring = [[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"region_code": place["region_code"]},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return json.dumps(
        {"type": "FeatureCollection", "source": "虚构的几何，非真实边界", "features": features}
    ).encode()


REPORT = {
    "promise": "每个公布的数都是真实的数。",
    "limits": ["本期还没有做互补隐藏：隐去的数也许可以从合计倒推。"],
    "attack": "not run",
    "text": {"removed": {"MOBILE": 12, "NAME": 3}},
}


def publish(
    home: Path,
    tables: Mapping[str, pl.DataFrame],
    *,
    note: str = "",
    currency: str = "CNY",
    fictional: bool = True,
    title: str = "云岭省",
    attribution: str = "云岭省财政厅（虚构）",
    as_of: date = AS_OF,
    documents: Mapping[str, bytes] | None = None,
    published_at: datetime = datetime(2026, 11, 5, 8, tzinfo=UTC),
    stage: bool = False,
    maker: str = "测试",
    internal: bool = False,
) -> Manifest:
    """Publish the tables as the next release of `home/public`; with `stage` they wait for another person."""
    lineage = Lineage(
        source_digest="sha256:" + "1" * 64,
        policy_digest="sha256:" + "2" * 64,
        as_of=as_of,
        title=title,
        fictional=fictional,
        currency=currency,
        attribution=attribution,
        program_version="test",
    )
    given = {"disclosure.json": json.dumps(REPORT, ensure_ascii=False).encode(), **(documents or {})}
    content = ReleaseContent(
        [PublishedTable(_spec(name), frame) for name, frame in tables.items()], given, lineage
    )
    audience: Audience = "internal" if internal else "public"
    return write_release(
        ReleaseStore(home / audience),
        content,
        stage=stage,
        maker=maker,
        note=note,
        audience=audience,
        published_at=published_at,
        keys=load_or_create_signing_key(home / "keys", audience),
    )


def _spec(name: str) -> DatasetSpec:
    return ALERTS if name == "alerts" else dataset_spec(name)


def alert_frame(projects: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """One alert for each project, in the shape of the internal table."""
    rows = [
        {column.name: None for column in ALERTS.columns}
        | {
            "alert_id": f"A-{project['project_id']}",
            "rule": "over_plan",
            "rule_title": "月度支出超过计划",
            "grade": "attention",
            "light": "orange",
            "subject_kind": "project",
            "subject_id": project["project_id"],
            "project_id": project["project_id"],
            "org_id": project["org_id"],
            "month": date(2026, 10, 1),
            "observed": 1.2,
            "threshold": 1.0,
            "explanation": "10 月支出是当月计划的 120 %。",
        }
        for project in projects
    ]
    return pl.DataFrame(rows, schema=ALERTS.schema).sort("alert_id")


def publish_internal(home: Path) -> Manifest:
    """The internal release behind the small province: the same tables, and an alert for every sixth project."""
    tables = province_tables()
    projects = tables["projects"].to_dicts()[::6]
    return publish(home, {**tables, "alerts": alert_frame(projects)}, internal=True)


def publish_province(home: Path, *, is_indexed: bool = False, **sizes: int) -> Manifest:
    """Publish the small province with its geometry; with its search index when a test searches."""
    geometry = square_geometry(regions(sizes.get("cities", 5), sizes.get("counties", 4)))
    manifest = publish(
        home, province_tables(**sizes), documents={"regions.geojson": geometry}, note="首次发布"
    )
    if is_indexed:
        release = open_release(ReleaseStore(home / "public"), manifest.number)
        build_search_index(released_tables(release), index_directory(home / "search", release.id))
    return manifest
