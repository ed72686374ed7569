"""A dozen documents that the tests search in, and builders for more."""

from __future__ import annotations

from datetime import date
from typing import Any

from search.documents import Kind, SearchDocument
from search.lexicon import Lexicon, Term

PROVINCE, EAST, WEST, EAST_COUNTY, WEST_COUNTY = "990000", "990100", "990200", "990101", "990201"

LEXICON = Lexicon().extended(
    words=("清河市", "清河", "望山市", "望山"),
    synonyms=(("清河市", "旧名府"),),
    terms=(
        Term("清河市", "region", "/regions/990100"),
        Term("望山市", "region", "/regions/990200"),
        Term("教育", "function"),
    ),
)


def a_document(name: str, title: str = "某某项目", **more: Any) -> SearchDocument:
    kind = more.pop("kind", Kind.PROJECT)
    return SearchDocument(
        id=f"{kind.value}:{name}", kind=kind, title=title, url=f"/{kind.value}s/{name}", **more
    )


ROAD = a_document(
    "road",
    "2024年清河市农村公路养护工程（二期）",
    body="由交通运输局组织实施，改善沿线群众出行条件。",
    regions=(PROVINCE, EAST, EAST_COUNTY),
    functions=("214", "21401"),
    sector="交通运输",
    years=(2024, 2025),
    amount_fen=500_000_00,
    dated_on=date(2024, 3, 1),
    status="under_way",
    light="green",
)
SCHOOL = a_document(
    "school",
    "清河市第三中学教学楼扩建",
    body="新增学位一千二百个。",
    regions=(PROVINCE, EAST),
    functions=("205", "20502"),
    sector="教育",
    years=(2023,),
    amount_fen=900_000_00,
    dated_on=date(2023, 5, 1),
    status="completed",
    light="green",
)
PLANT = a_document(
    "plant",
    "望山市污水处理厂提标改造",
    body="出水达到一级标准，由水务局组织实施。",
    regions=(PROVINCE, WEST, WEST_COUNTY),
    functions=("211", "21103"),
    sector="水务",
    years=(2024,),
    amount_fen=2_000_000_00,
    dated_on=date(2024, 9, 9),
    status="suspended",
    light="red",
)
LIBRARY = a_document(
    "library",
    "望山市图书馆ＡＢＣ智慧化项目",
    regions=(PROVINCE, WEST),
    functions=("207", "20701"),
    sector="文化",
    years=(2025,),
    status="planned",
    light="yellow",
)
CONTRACT = a_document(
    "paving",
    "农村公路路面工程施工合同",
    kind=Kind.CONTRACT,
    body="清河路桥有限公司；公开招标",
    regions=(PROVINCE, EAST),
    functions=("214",),
    years=(2024,),
    amount_fen=400_000_00,
    dated_on=date(2024, 4, 2),
)
SUPPLIER = a_document("builder", "清河路桥有限公司", kind=Kind.SUPPLIER, regions=(PROVINCE, EAST))
DATASET = a_document("projects", "项目", kind=Kind.DATASET, aliases=("Projects",), body="一个公开项目")

ALL = (ROAD, SCHOOL, PLANT, LIBRARY, CONTRACT, SUPPLIER, DATASET)
