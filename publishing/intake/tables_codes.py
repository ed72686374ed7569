"""Contracts of the code tables: places, units, classes, policies and suppliers."""

from __future__ import annotations

from publishing.intake.schema import Column, ColumnType, Reference, Sensitivity, Table

_CODE, _TEXT = ColumnType.CODE, ColumnType.TEXT
_PUBLIC, _INTERNAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL

REGION_LEVELS = ("province", "city", "county")
"""From the root down; a region stands exactly one level below its parent."""

SUPPLIER_KINDS = ("company", "institution", "public_body")

REGION_CODE_PATTERN = r"^[0-9]{6}$"
REGION_CODE_ADVICE = "六位数字的行政区划代码，保留前导零 (six digits, leading zeros kept)"

REGIONS = Table(
    name="regions",
    title="行政区划",
    description="一行是省内的一个行政区划，含全省本身；省是唯一的根，市在省下，县在市下。",
    columns=(
        Column(
            "region_code",
            _CODE,
            "区划代码",
            "GB/T 2260 六位代码",
            sensitivity=_PUBLIC,
            pattern=REGION_CODE_PATTERN,
            pattern_advice=REGION_CODE_ADVICE,
        ),
        Column("name", _TEXT, "名称", "行政区划全称", sensitivity=_PUBLIC),
        Column(
            "parent_code",
            _CODE,
            "上级区划代码",
            "上一级行政区划；全省为空",
            required=False,
            sensitivity=_PUBLIC,
            pattern=REGION_CODE_PATTERN,
            pattern_advice=REGION_CODE_ADVICE,
        ),
        Column(
            "level",
            ColumnType.CHOICE,
            "级别",
            "province 省，city 市，county 县",
            sensitivity=_PUBLIC,
            choices=REGION_LEVELS,
        ),
        Column(
            "lon",
            ColumnType.DECIMAL,
            "经度",
            "标注点经度",
            unit="度",
            sensitivity=_PUBLIC,
            minimum=-180,
            maximum=180,
        ),
        Column(
            "lat",
            ColumnType.DECIMAL,
            "纬度",
            "标注点纬度",
            unit="度",
            sensitivity=_PUBLIC,
            minimum=-90,
            maximum=90,
        ),
        Column(
            "population",
            ColumnType.INTEGER,
            "常住人口",
            "年末常住人口，用于人均指标",
            required=False,
            unit="人",
            sensitivity=_PUBLIC,
            minimum=0,
            maximum=1_500_000_000,
        ),
    ),
    key=("region_code",),
    references=(Reference("parent_code", "regions", "region_code"),),
    required=True,
)

REGION_GROUPS = Table(
    name="region_groups",
    title="地区分组",
    description="一行说一个地区属于一个分组，例如沿海、山区、某都市圈；一个地区可以属于几个分组。",
    columns=(
        Column("group", _TEXT, "分组", "人们怎样称呼这些地区，例如“北部山区”", sensitivity=_PUBLIC),
        Column(
            "region_code",
            _CODE,
            "区划代码",
            "属于这个分组的地区；一个分组里的地区应在同一级",
            sensitivity=_PUBLIC,
            pattern=REGION_CODE_PATTERN,
            pattern_advice=REGION_CODE_ADVICE,
        ),
    ),
    key=("group", "region_code"),
    references=(Reference("region_code", "regions", "region_code"),),
    younger=True,
)

ORGANISATIONS = Table(
    name="organisations",
    title="预算单位",
    description="一行是一个预算单位；可有上级单位。",
    columns=(
        Column("org_id", _CODE, "单位编号", "预算单位编号", sensitivity=_PUBLIC),
        Column("name", _TEXT, "单位名称", "预算单位全称", sensitivity=_PUBLIC),
        Column("region_code", _CODE, "区划代码", "单位所属行政区划", sensitivity=_PUBLIC),
        Column("sector", _TEXT, "主管部门", "所属行业或主管部门，例如教育", sensitivity=_PUBLIC),
        Column(
            "parent_org_id",
            _CODE,
            "上级单位编号",
            "上级预算单位；没有则为空",
            required=False,
            sensitivity=_PUBLIC,
        ),
    ),
    key=("org_id",),
    references=(
        Reference("region_code", "regions", "region_code"),
        Reference("parent_org_id", "organisations", "org_id"),
    ),
    required=True,
)

FUNCTIONS = Table(
    name="functions",
    title="支出功能分类",
    description="一行是政府收支分类科目的一个支出功能科目：类三位，款五位，项七位。",
    columns=(
        Column(
            "function_code",
            _CODE,
            "功能科目编码",
            "类（3 位）、款（5 位）、项（7 位）",
            sensitivity=_PUBLIC,
            pattern=r"^(?:[0-9]{3}|[0-9]{5}|[0-9]{7})$",
            pattern_advice="三位、五位或七位数字 (3, 5 or 7 digits)",
        ),
        Column("name", _TEXT, "科目名称", "功能科目名称", sensitivity=_PUBLIC),
        Column(
            "parent_code",
            _CODE,
            "上级科目编码",
            "款的上级是类，项的上级是款；类为空",
            required=False,
            sensitivity=_PUBLIC,
            pattern=r"^(?:[0-9]{3}|[0-9]{5})$",
            pattern_advice="三位或五位数字 (3 or 5 digits)",
        ),
    ),
    key=("function_code",),
    references=(Reference("parent_code", "functions", "function_code"),),
    required=True,
)

ECONOMICS = Table(
    name="economics",
    title="政府预算支出经济分类",
    description="一行是一个政府经济分类科目：类三位，款五位。",
    columns=(
        Column(
            "economic_code",
            _CODE,
            "经济科目编码",
            "类（3 位）、款（5 位）",
            sensitivity=_PUBLIC,
            pattern=r"^(?:[0-9]{3}|[0-9]{5})$",
            pattern_advice="三位或五位数字 (3 or 5 digits)",
        ),
        Column("name", _TEXT, "科目名称", "经济科目名称", sensitivity=_PUBLIC),
        Column(
            "parent_code",
            _CODE,
            "上级科目编码",
            "款的上级是类；类为空",
            required=False,
            sensitivity=_PUBLIC,
            pattern=r"^[0-9]{3}$",
            pattern_advice="三位数字 (3 digits)",
        ),
    ),
    key=("economic_code",),
    references=(Reference("parent_code", "economics", "economic_code"),),
    required=True,
)

POLICIES = Table(
    name="policies",
    title="政策依据",
    description="一行是一份政策文件，资金据此安排。",
    columns=(
        Column("policy_id", _CODE, "政策编号", "政策文件编号或文号", sensitivity=_PUBLIC),
        Column("title", _TEXT, "标题", "政策文件标题", sensitivity=_PUBLIC),
        Column("issued_by", _TEXT, "发文机关", "印发文件的机关", sensitivity=_PUBLIC),
        Column("issued_on", ColumnType.DATE, "发文日期", "印发日期", sensitivity=_PUBLIC),
        Column("url", ColumnType.URL, "网址", "政策原文网址", required=False, sensitivity=_PUBLIC),
    ),
    key=("policy_id",),
)

SUPPLIERS = Table(
    name="suppliers",
    title="收款单位",
    description="一行是一个不是自然人的收款单位。",
    columns=(
        Column("supplier_id", _CODE, "供应商编号", "收款单位编号", sensitivity=_PUBLIC),
        Column("name", _TEXT, "名称", "收款单位全称", sensitivity=_PUBLIC),
        Column(
            "credit_code",
            _CODE,
            "统一社会信用代码",
            "十八位统一社会信用代码，含校验位（GB 32100-2015）",
            required=False,
            sensitivity=_PUBLIC,
        ),
        Column(
            "kind",
            ColumnType.CHOICE,
            "类型",
            "company 企业，institution 事业单位或社会组织，public_body 机关",
            sensitivity=_PUBLIC,
            choices=SUPPLIER_KINDS,
        ),
        Column("region_code", _CODE, "区划代码", "注册地；省外为空", required=False, sensitivity=_INTERNAL),
    ),
    key=("supplier_id",),
    references=(Reference("region_code", "regions", "region_code"),),
)

CODE_TABLES = (REGIONS, REGION_GROUPS, ORGANISATIONS, FUNCTIONS, ECONOMICS, POLICIES, SUPPLIERS)
