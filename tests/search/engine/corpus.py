"""Invented documents of any number: enough different names to search in, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from search.documents import Kind, SearchDocument

_FIRST = "青白云南北东西清明安永长新平大石龙凤金银玉松柏梅兰竹桃柳杏枫星月海河江湖泉溪沙岭"
_SECOND = "山水川原林阳城口桥堂塘湾溪坪岗坝洲浦港屿峰台岩源田庄沟坡"
_THINGS = (
    "农村公路", "乡村小学校舍", "中学实验楼", "幼儿园", "卫生院门诊楼", "公租房", "老旧小区",
    "污水处理厂", "污水管网", "自来水厂", "小型水库", "河道", "灌区", "高标准农田", "垃圾中转站",
    "文化馆", "图书馆", "体育公园", "养老服务中心", "殡仪馆", "消防站", "派出所", "智慧交通平台",
    "应急指挥中心", "农贸市场", "桥梁", "隧道", "公交首末站", "充电设施", "森林防火通道",
    "湿地公园", "疾病预防控制中心", "残疾人康复中心", "职业技术学校", "人才公寓", "停车场",
    "公共厕所", "路灯", "雨水泵站", "防洪堤",
)  # fmt: skip
_WORKS = (
    "新建工程", "改扩建工程", "改造提升项目", "养护维修工程", "设备购置项目", "运行维护服务",
    "勘察设计", "绿化工程", "加固工程", "配套设施建设项目",
)  # fmt: skip
_OFFICES = (
    "交通运输局", "教育局", "卫生健康局", "水务局", "住房和城乡建设局", "农业农村局",
    "文化和旅游局", "应急管理局", "民政局", "城市管理局",
)  # fmt: skip
_REASONS = (
    "改善群众出行条件", "解决学位紧缺", "提高基层诊疗能力", "保障供水安全", "消除安全隐患",
    "补齐公共服务短板", "提升人居环境", "支持乡村振兴",
)  # fmt: skip
_STATUSES = ("planned", "under_way", "completed", "suspended", "cancelled")
_LIGHTS = ("green", "green", "green", "yellow", "orange", "red")
CITIES, COUNTIES_PER_CITY = 14, 8
KINDS = (Kind.PROJECT, Kind.PROJECT, Kind.PROJECT, Kind.CONTRACT, Kind.SUPPLIER)


def city_name(city: int) -> str:
    return f"{_FIRST[city % len(_FIRST)]}{_SECOND[city % len(_SECOND)]}市"


def county_name(city: int, county: int) -> str:
    number = city * COUNTIES_PER_CITY + county
    return f"{_FIRST[(number * 7 + 3) % len(_FIRST)]}{_SECOND[(number * 5 + 1) % len(_SECOND)]}县"


def place_names() -> list[str]:
    return [city_name(city) for city in range(CITIES)] + [
        county_name(city, county) for city in range(CITIES) for county in range(COUNTIES_PER_CITY)
    ]


def documents(count: int, seed: int = 1) -> Iterator[SearchDocument]:
    """That many documents, one after the other."""
    chance = random.Random(seed)  # noqa: S311 - the same world for the same seed
    for number in range(count):
        yield _document(number, chance)


def _document(number: int, chance: random.Random) -> SearchDocument:
    city, county = chance.randrange(CITIES), chance.randrange(COUNTIES_PER_CITY)
    thing, kind = chance.randrange(len(_THINGS)), chance.choice(KINDS)
    year, office = chance.randrange(2019, 2027), _OFFICES[thing % len(_OFFICES)]
    town = chance.choice(_FIRST) + chance.choice(_SECOND)
    title = f"{county_name(city, county)}{town}镇{_THINGS[thing]}{chance.choice(_WORKS)}"
    if chance.random() < 0.4:
        title += f"（{year}年第{chance.randrange(1, 30)}标段）"
    body = f"建设单位为{city_name(city)}{office}，为{chance.choice(_REASONS)}，由财政资金安排，计划于{year}年完成。"
    return SearchDocument(
        id=f"{kind.value}:{number}",
        kind=kind,
        title=title,
        url=f"/{kind.value}s/{number}",
        body=body,
        regions=("990000", f"99{city:02d}00", f"99{city:02d}{county + 1:02d}"),
        functions=(str(201 + thing % 20), f"{201 + thing % 20}{thing % 7 + 1:02d}"),
        sector=office,
        years=(year,) if number % 3 else (year, year + 1),
        amount_fen=chance.randrange(10**6, 10**11),
        dated_on=date(year, number % 12 + 1, number % 28 + 1),
        status=chance.choice(_STATUSES),
        light=chance.choice(_LIGHTS),
    )
