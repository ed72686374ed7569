"""`/openapi.json`: the interface described for machines (OpenAPI 3.1), made from the specs of the current release."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Response, get

from portal.reading.aggregation import GROUPABLE
from portal.reading.edition import Edition
from portal.reading.exports import FORMATS
from portal.reading.finding_address import LAST_PAGE
from portal.reading.quantities import Currency
from portal.reading.query import DEFAULT_LIMIT, GROUP_WORDS, HOW, LARGEST_LIMIT, OPERATORS, ROW_WORDS
from portal.web.asking import CURRENT_HEADERS, AnyRequest, edition_of
from portal.web.pages import site_of
from publishing.specs import Column, ColumnType, DatasetSpec
from search.documents import Kind
from search.engine import Sort

JsonObject = dict[str, Any]

SCHEMAS: dict[ColumnType, JsonObject] = {
    ColumnType.TEXT: {"type": ["string", "null"]},
    ColumnType.CODE: {"type": ["string", "null"]},
    ColumnType.STATUS: {"type": ["string", "null"]},
    ColumnType.MONEY: {"type": ["number", "null"]},
    ColumnType.INTEGER: {"type": ["integer", "null"]},
    ColumnType.NUMBER: {"type": ["number", "null"]},
    ColumnType.BOOLEAN: {"type": ["boolean", "null"]},
    ColumnType.DATE: {"type": ["string", "null"], "format": "date"},
    ColumnType.MONTH: {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}$"},
    ColumnType.YEAR: {"type": ["integer", "null"]},
}


@get("/openapi.json", sync_to_thread=False)
def openapi(request: AnyRequest) -> Response[bytes]:
    """The description of the interface."""
    document = description(edition_of(request), site_of(request).settings.base_url)
    return Response(msgspec.json.encode(document), media_type="application/json", headers=CURRENT_HEADERS)


def description(edition: Edition, base_url: str) -> JsonObject:
    """The whole document."""
    names = list(edition.specs)
    paths: JsonObject = {
        "/api/v1/releases": _operation("全部发布", "releases", [], _object("releases", "current")),
        "/api/v1/quota": _operation("还剩多少限额", "quota", [], _object("limit", "remaining")),
        "/api/v1/datasets": _operation("全部数据集", "datasets", [], _object("release", "datasets")),
        "/api/v1/datasets/{name}": _operation(
            "一个数据集的字典和文件", "dataset", [_name(names)], _object("release", "columns", "files")
        ),
        "/api/v1/projects/{project_id}": _operation(
            "一个项目", "project", [_project(edition)], _object("release", "project")
        ),
    }
    paths["/api/v1/datasets/{name}/count"] = _operation(
        "下载以前先数：一个查询有多少行。条件的写法和 rows 一样",
        "count",
        [_name(names)],
        _object("release", "dataset", "count", "files"),
    )
    paths |= _question_paths()
    paths |= _finding_paths(edition.currency)
    for spec in edition.specs.values():
        paths |= _dataset_paths(spec)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "阳光财政 数据接口",
            "version": "1",
            "summary": "财政预算、支付、项目和合同的公开数据",
            "description": "不用注册。每个回答写明出自哪一号发布；在数据集名后加 @号码，答案永远不变。"
            f"数据集名后面都可以加 @号码。金额单位为{edition.currency.label}。",
        },
        "servers": [{"url": base_url or "/"}],
        "paths": paths,
        "components": {"schemas": {"Problem": PROBLEM, "Release": RELEASE}},
    }


def _question_paths() -> JsonObject:
    """Questions with a short address that stays."""
    address = {"type": "string", "maxLength": 2000, "pattern": TEXT_FILTER["pattern"]}
    of = _asked("of", "rows 或 aggregate 的地址", address, "/api/v1/datasets/regions/rows?level=city")
    name = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "短链接里的十六个字符",
        "schema": {"type": "string", "pattern": "^[a-z2-7]{16}$"},
    }
    said = _object("id", "url", "dataset", "release", "view", "parameters", "answer", "current")
    said["properties"] = {"release": {"type": "integer", "minimum": 1}}
    return {
        "/api/v1/queries": _operation(
            "给一个问题一个永久的短地址", "keep_query", [{**of, "required": True}], said
        ),
        "/api/v1/queries/{id}": _operation("一个短地址问的是什么", "query", [name], said),
    }


def _finding_paths(currency: Currency) -> JsonObject:
    """Search and questions."""
    answered = _object("status", "question", "answer", "reading", "rows", "release", "suggestions")
    answered["properties"]["status"] = {"type": "string", "enum": ["answered", "refused", "ambiguous"]}
    day = _asked("today", "把哪一天当作今天", {"type": "string", "format": "date"}, "2026-10-31")
    pinned = _asked("release", "向哪一号发布提问", {"type": "integer", "minimum": 1}, 1)
    searched = [
        _asked(name, said.format(currency=currency.label), schema)
        for name, (said, schema) in SEARCH_PARAMETERS.items()
    ]
    return {
        "/api/v1/ask": _operation(
            "用一句话问一个数", "ask", [_words("2025年教育支出是多少"), day, pinned], answered
        ),
        "/api/v1/search": _operation(
            "检索发布的内容；kind=case 单独检索来件（不在发布里，不分面，从新到旧）",
            "search",
            [_words("农村公路"), *searched],
            _object("release", "count", "hits", "facets"),
        ),
        "/api/v1/suggest": _operation(
            "边写边提示", "suggest", [_words("农村")], _object("release", "suggestions")
        ),
    }


_CHOICE: JsonObject = {"type": "string", "maxLength": 200, "pattern": r"^[^\u0000-\u001f\u007f]*$"}
_SUM: JsonObject = {"type": "integer", "minimum": -(10**12), "maximum": 10**12}
SEARCH_PARAMETERS: dict[str, tuple[str, JsonObject]] = {
    "kind": ("类别", {"type": "string", "enum": list(Kind)}),
    "region": ("地区代码，含下级", _CHOICE),
    "function": ("功能分类代码，含下级", _CHOICE),
    "sector": ("主管部门", _CHOICE),
    "year": ("年度", {"type": "integer", "minimum": 1900, "maximum": 2200}),
    "status": ("状态", _CHOICE),
    "light": ("预警灯", _CHOICE),
    "min": ("金额不低于（{currency}）", _SUM),
    "max": ("金额不高于（{currency}）", _SUM),
    "sort": ("排序", {"type": "string", "enum": list(Sort)}),
    "page": ("第几页", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE}),
}


def _words(example: str) -> JsonObject:
    return _asked("q", "要问或要找的话", {"type": "string", "pattern": TEXT_FILTER["pattern"]}, example)


def _asked(name: str, said: str, schema: JsonObject, example: str | int | None = None) -> JsonObject:
    found: JsonObject = {"name": name, "in": "query", "description": said, "schema": schema}
    return found if example is None else found | {"example": example}


RELEASE: JsonObject = {
    "type": "object",
    "required": ["number", "id", "published_at"],
    "properties": {
        "number": {"type": "integer", "minimum": 1},
        "id": {"type": "string"},
        "published_at": {"type": "string", "format": "date-time"},
    },
}
PROBLEM: JsonObject = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "request_id": {"type": "string"},
    },
}


def _object(*required: str) -> JsonObject:
    properties = {name: {"$ref": "#/components/schemas/Release"} for name in required if name == "release"}
    return {"type": "object", "required": list(required), "properties": properties}


def _operation(summary: str, name: str, parameters: list[JsonObject], schema: JsonObject) -> JsonObject:
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": "成功", "content": {"application/json": {"schema": schema}}},
                **{code: {"description": said, "content": refused} for code, said in REFUSALS.items()},
            },
        }
    }


REFUSALS = {
    "400": "请求的写法有误，errors 指出位置",
    "404": "没有找到",
    "405": "只能读取：请用 GET 或 HEAD",
    "406": "没有所要的格式，errors 列出给得出的格式",
    "410": "这一号发布已经撤回",
    "414": "地址太长",
    "429": "请求太频繁，Retry-After 写明要等几秒",
    "503": "暂时不能提供",
}


def _name(names: list[str]) -> JsonObject:
    example = "spending" if "spending" in names else names[0]
    return {
        "name": "name",
        "in": "path",
        "required": True,
        "description": f"数据集名，可以加 @号码。有：{'、'.join(names)}",
        "schema": {"type": "string", "minLength": 1},
        "example": example,
    }


def _project(edition: Edition) -> JsonObject:
    ids = edition.frame("projects")["project_id"]
    return {
        "name": "project_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "example": ids[0] if ids.len() else "P0001",
    }


def _dataset_paths(spec: DatasetSpec) -> JsonObject:
    row = {"type": "object", "properties": {column.name: _schema(column) for column in spec.columns}}
    rows = _operation(
        f"{spec.title}：取行",
        f"rows_{spec.name}",
        [*_filters(spec, reserved=ROW_WORDS), *_paging(spec), _select(spec)],
        _paged(row),
    )
    paths = {f"/api/v1/datasets/{spec.name}/rows": rows}
    if any(column.additive for column in spec.columns):
        grouping = _grouping(spec)
        paths[f"/api/v1/datasets/{spec.name}/aggregate"] = _operation(
            f"{spec.title}：汇总",
            f"aggregate_{spec.name}",
            [*_filters(spec, reserved=GROUP_WORDS), *_paging(spec), *grouping],
            _paged({"type": "object"}),
        )
    for path in list(paths):
        view = paths[path]["get"]
        view["description"] = f"加后缀 {'、'.join('.' + ending for ending in FORMATS)} 得到整个结果的文件。"
    return paths


def _grouping(spec: DatasetSpec) -> list[JsonObject]:
    groups = [column.name for column in spec.columns if column.role in GROUPABLE]
    measures = [column.name for column in spec.measures]
    first = "fiscal_year" if "fiscal_year" in spec.key else spec.key[0]
    summed = next(column.name for column in spec.columns if column.additive)
    measured = f"{_one_of(measures)}(:({'|'.join(HOW)}))?"
    return [
        _list("group_by", "按哪些列分组", first, _one_of(groups)),
        _list("measure", "要哪些数：名，或 名:mean|min|max|count", summed, measured, required=True),
    ]


def _schema(column: Column) -> JsonObject:
    schema = {**SCHEMAS[column.type], "title": column.title}
    if column.description:
        schema["description"] = column.description
    if column.enum:
        schema["enum"] = [*column.enum, None]
    return schema


def _paged(row: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "required": ["release", "dataset", "count", "rows", "next"],
        "properties": {
            "release": {"$ref": "#/components/schemas/Release"},
            "dataset": {"type": "string"},
            "count": {"type": "integer", "minimum": 0},
            "rows": {"type": "array", "items": row},
            "next": {"type": ["string", "null"]},
        },
    }


def _filters(spec: DatasetSpec, *, reserved: tuple[str, ...]) -> list[JsonObject]:
    """A parameter for each column; a column named like a word of the grammar cannot be filtered by."""
    return [
        {
            "name": column.name,
            "in": "query",
            "description": f"{column.title}。可以重复（或），可以加 {'、'.join('__' + operator for operator in OPERATORS)}。",
            "schema": {"type": "array", "items": _filter_type(column)},
            "style": "form",
            "explode": True,
        }
        for column in spec.columns
        if column.name not in reserved
    ]


FILTERS: dict[ColumnType, JsonObject] = {
    ColumnType.YEAR: {"type": "integer", "minimum": 1900, "maximum": 2200},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.INTEGER: {"type": "integer", "minimum": -(10**12), "maximum": 10**12},
    ColumnType.MONEY: {"type": "integer", "minimum": -(10**12), "maximum": 10**12},
    ColumnType.NUMBER: {"type": "integer", "minimum": -(10**12), "maximum": 10**12},
    ColumnType.MONTH: {"type": "string", "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])$"},
    ColumnType.DATE: {"type": "string", "format": "date"},
}
TEXT_FILTER: JsonObject = {"type": "string", "maxLength": 500, "pattern": r"^[^\u0000-\u001f\u007f]*$"}


def _filter_type(column: Column) -> JsonObject:
    if column.enum:
        return {"type": "string", "enum": list(column.enum)}
    return FILTERS.get(column.type, TEXT_FILTER)


def _paging(spec: DatasetSpec) -> list[JsonObject]:
    return [
        {
            "name": "limit",
            "in": "query",
            "description": "每页行数",
            "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        },
        {
            "name": "cursor",
            "in": "query",
            "description": "下一页：照抄回答里的 next",
            "schema": {"type": "string"},
        },
        _list(
            "sort",
            "按哪些列排，前面加 - 为从大到小；汇总时只能按分组的列和所要的数排",
            spec.key[0],
            f"-?{_one_of([column.name for column in spec.columns])}",
        ),
    ]


def _select(spec: DatasetSpec) -> JsonObject:
    names = [column.name for column in spec.columns]
    return _list("select", "要哪些列", spec.columns[0].name, _one_of(names))


def _one_of(names: list[str]) -> str:
    return f"({'|'.join(map(re.escape, names))})"


def _list(name: str, said: str, example: str, item: str, *, required: bool = False) -> JsonObject:
    return {
        "name": name,
        "in": "query",
        "description": f"{said}；逗号分隔。",
        "required": required,
        "schema": {"type": "string", "pattern": f"^{item}(,{item})*$"},
        "example": example,
    }
