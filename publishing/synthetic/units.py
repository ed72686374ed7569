"""Budget units (预算单位): who spends, on what, and how much per inhabitant."""

from __future__ import annotations

from dataclasses import dataclass

from publishing.synthetic.geography import Geography, Region


@dataclass(frozen=True, slots=True)
class Spending:
    """One general budget item a kind of unit has every year, and its share of the unit's money."""

    function: str
    economic: str
    fund: str
    weight: float


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A bureau that exists once per region of a level; `yuan_per_head` is for 2021."""

    sector: str
    bureau: str
    yuan_per_head: float
    spending: tuple[Spending, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of `organisations`, with the general spending that its budget lines are made from."""

    org_id: str
    name: str
    region: Region
    sector: str
    parent_org_id: str | None
    yuan_per_head: float
    spending: tuple[Spending, ...]


def _spending(text: str) -> tuple[Spending, ...]:
    """`function economic weight [fund]; ...`: the general fund unless said otherwise."""
    parts = (item.split() for item in text.split(";"))
    return tuple(Spending(p[0], p[1], p[3] if len(p) > 3 else "general", float(p[2])) for p in parts)


STAFF = "2080505 50102 0.05; 2210201 50103 0.03"

COUNTY_KINDS = (
    UnitKind("教育", "教育局", 2400, _spending(f"2050202 50501 0.36; 2050203 50501 0.24; 2050204 50501 0.18; 2050201 50502 0.07; 2050302 50501 0.05; 20509 50601 0.04; 2050101 50101 0.02; {STAFF}")),
    UnitKind("卫生健康", "卫生健康局", 980, _spending(f"2101202 51002 0.30 social_insurance; 2100302 50501 0.26; 2100408 50502 0.18; 2100201 50502 0.14; 2100401 50501 0.05; 2101102 50501 0.04; {STAFF}")),
    UnitKind("民政", "民政局", 1250, _spending(f"2082602 51002 0.50 social_insurance; 2082102 50299 0.12 transfer; 2081006 50502 0.12; 2080201 50101 0.10; 2081001 50205 0.06 transfer; {STAFF}")),
    UnitKind("农业农村", "农业农村局", 920, _spending(f"2130705 59908 0.24; 2130122 50799 0.22 transfer; 2130153 50302 0.18 transfer; 2130101 50101 0.12; 2130135 50205 0.08; 2130108 50299 0.05; {STAFF}")),
    UnitKind("综合财政", "财政局", 1450, _spending(f"2010301 50101 0.26; 2040201 50101 0.22; 2120501 50299 0.18; 2120399 50302 0.12 fund; 2010601 50101 0.06; 2013801 50201 0.06; 2010302 50208 0.02; 2010301 50206 0.01; {STAFF}")),
)  # fmt: skip

CITY_KINDS = (
    UnitKind("教育", "教育局", 430, _spending(f"2050204 50501 0.40; 2050305 50501 0.30; 2050701 50501 0.06; 2050801 50203 0.04; 2050101 50101 0.06; {STAFF}")),
    UnitKind("卫生健康", "卫生健康委员会", 340, _spending(f"2100201 50502 0.42; 2100202 50502 0.14; 2100401 50501 0.14; 2100403 50502 0.10; 2100101 50101 0.06; {STAFF}")),
    UnitKind("公共安全", "公安局", 520, _spending(f"2040201 50101 0.60; 2040220 50299 0.16; 2040219 50306 0.08; 2240204 50299 0.08; 2040201 50208 0.03; {STAFF}")),
    UnitKind("住房城乡建设", "住房和城乡建设局", 420, _spending("2120501 50299 0.30; 2120399 50302 0.34 fund; 2120104 50101 0.16; 2120101 50101 0.08; 2210106 50209 0.08")),
    UnitKind("交通运输", "交通运输局", 330, _spending("2140106 50209 0.40; 2140104 50302 0.30 transfer; 2140110 50299 0.12; 2140101 50101 0.12; 2140101 50208 0.02")),
    UnitKind("人力资源社会保障", "人力资源和社会保障局", 420, _spending(f"2082602 51002 0.62 social_insurance; 2080799 50799 0.14 transfer; 2080101 50101 0.10; 2080101 50201 0.04; {STAFF}")),
    UnitKind("生态环境", "生态环境局", 150, _spending("2110302 50205 0.34; 2110301 50205 0.22; 2110299 50306 0.18; 2110101 50101 0.20")),
    UnitKind("水利", "水利局", 150, _spending("2130306 50209 0.42; 2130314 50299 0.20; 2130301 50101 0.22; 2130335 50302 0.12 transfer")),
    UnitKind("文化旅游", "文化广电旅游体育局", 120, _spending("2070104 50502 0.26; 2070109 50502 0.26; 2070205 50502 0.18; 2070307 50502 0.14; 2070101 50101 0.14")),
    UnitKind("综合财政", "财政局", 330, _spending("2010301 50101 0.34; 2320301 51101 0.30; 2010601 50101 0.10; 2010607 50205 0.06; 2010302 50202 0.03; 2010301 50206 0.01; 2010302 50207 0.01")),
    UnitKind("科技", "科学技术局", 90, _spending("2060404 50799 0.44; 2060503 50799 0.26; 2060101 50101 0.16; 2060702 50502 0.08")),
)  # fmt: skip

PROVINCE_KINDS = (
    UnitKind("综合财政", "财政厅", 130, _spending("2320301 51101 0.62; 2010601 50101 0.16; 2010607 50205 0.10; 2010302 50207 0.02")),
    UnitKind("发展改革", "发展和改革委员会", 30, _spending("2010401 50101 0.50; 2010401 50205 0.30; 2200106 50205 0.20")),
    UnitKind("教育", "教育厅", 150, _spending("2050205 50501 0.66; 2050305 50501 0.22; 2050101 50101 0.04; 2050801 50203 0.04")),
    UnitKind("科技", "科学技术厅", 95, _spending("2060902 50799 0.46; 2060203 50502 0.24; 2060503 50799 0.16; 2060101 50101 0.08")),
    UnitKind("公共安全", "公安厅", 90, _spending("2040201 50101 0.60; 2040220 50299 0.20; 2040219 50306 0.12")),
    UnitKind("民政", "民政厅", 40, _spending("2081006 50502 0.52; 2080201 50101 0.28; 2081001 50502 0.16")),
    UnitKind("人力资源社会保障", "人力资源和社会保障厅", 340, _spending("2082602 51002 0.86 social_insurance; 2080799 50799 0.08; 2080101 50101 0.05")),
    UnitKind("生态环境", "生态环境厅", 40, _spending("2110299 50306 0.40; 2110302 50205 0.34; 2110101 50101 0.22")),
    UnitKind("住房城乡建设", "住房和城乡建设厅", 20, _spending("2120101 50101 0.60; 2120101 50205 0.36")),
    UnitKind("交通运输", "交通运输厅", 190, _spending("2140601 50402 0.54 transfer; 2140106 50209 0.32; 2140101 50101 0.08")),
    UnitKind("水利", "水利厅", 70, _spending("2130305 50402 0.52 transfer; 2130306 50209 0.26; 2130301 50101 0.18")),
    UnitKind("农业农村", "农业农村厅", 60, _spending("2130106 50502 0.40; 2130101 50101 0.30; 2130108 50299 0.26")),
    UnitKind("文化旅游", "文化和旅游厅", 35, _spending("2070205 50502 0.36; 2070104 50502 0.30; 2070101 50101 0.24; 2070204 50502 0.10")),
    UnitKind("卫生健康", "卫生健康委员会", 90, _spending("2100201 50502 0.50; 2100401 50501 0.26; 2100101 50101 0.14; 2100403 50502 0.08")),
)  # fmt: skip

PROVINCE_OFFICES = (
    UnitKind("公共安全", "国防动员办公室", 6, _spending("2030603 50101 0.60; 2030699 50205 0.40")),
    UnitKind("公共安全", "应急管理厅", 22, _spending("2240101 50101 0.40; 2240106 50205 0.28; 2240703 50299 0.30 transfer")),
    UnitKind("发展改革", "粮食和物资储备局", 18, _spending("2220401 50799 0.70; 2220101 50101 0.30")),
    UnitKind("教育", "澜江大学", 60, _spending("2050205 50501 0.70; 2050205 50502 0.30")),
    UnitKind("教育", "师范大学", 36, _spending("2050205 50501 0.72; 2050205 50502 0.28")),
    UnitKind("教育", "交通职业技术学院", 16, _spending("2050305 50501 0.70; 2050305 50502 0.30")),
    UnitKind("卫生健康", "人民医院", 24, _spending("2100201 50502 1.0")),
    UnitKind("卫生健康", "疾病预防控制中心", 10, _spending("2100401 50501 1.0")),
    UnitKind("卫生健康", "妇幼保健院", 8, _spending("2100403 50502 1.0")),
    UnitKind("文化旅游", "博物馆", 5, _spending("2070205 50502 1.0")),
    UnitKind("文化旅游", "图书馆", 4, _spending("2070104 50502 1.0")),
    UnitKind("交通运输", "公路事业发展中心", 70, _spending("2140106 50502 1.0")),
    UnitKind("水利", "防汛抗旱物资中心", 5, _spending("2130314 50502 1.0")),
    UnitKind("农业农村", "农业科学院", 12, _spending("2130106 50502 1.0")),
    UnitKind("科技", "科技创新发展中心", 9, _spending("2060404 50502 1.0")),
    UnitKind("综合财政", "审计厅", 9, _spending("2010801 50101 0.8; 2010801 50205 0.2")),
)  # fmt: skip

SECTORS = tuple(kind.sector for kind in PROVINCE_KINDS)


def build_units(geography: Geography) -> tuple[Unit, ...]:
    """All units, province first; a bureau's parent is the bureau of its sector one level up, else the treasury's."""
    units: list[Unit] = []
    by_place: dict[tuple[str, str], str] = {}
    for region in geography.regions:
        kinds = {"province": PROVINCE_KINDS, "city": CITY_KINDS, "county": COUNTY_KINDS}[region.level]
        for serial, kind in enumerate(kinds, start=1):
            units.append(_unit(region, kind, serial, _parent(by_place, region, kind.sector)))
            by_place[region.code, kind.sector] = units[-1].org_id
        if region.level == "province":
            units.extend(
                _unit(region, kind, 50 + serial, by_place[region.code, kind.sector])
                for serial, kind in enumerate(PROVINCE_OFFICES)
            )
    return tuple(units)


def _parent(by_place: dict[tuple[str, str], str], region: Region, sector: str) -> str | None:
    if region.parent_code is None:
        return None
    province = region.code[:2] + "0000"
    for place in (region.parent_code, province):
        if (place, sector) in by_place:
            return by_place[place, sector]
    return by_place[province, "综合财政"]


def _unit(region: Region, kind: UnitKind, serial: int, parent: str | None) -> Unit:
    name = kind.bureau if kind.bureau.startswith("澜江") else region.name + kind.bureau
    per_head = kind.yuan_per_head * region.wealth
    return Unit(f"U{region.code}{serial:03d}", name, region, kind.sector, parent, per_head, kind.spending)
