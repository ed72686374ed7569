"""Contracts of what is decided before money moves: projects, budget lines, plans, contracts."""

from __future__ import annotations

from publishing.intake.schema import Column, ColumnType, Reference, Sensitivity, Table

_CODE, _TEXT, _MONEY, _DATE = ColumnType.CODE, ColumnType.TEXT, ColumnType.MONEY, ColumnType.DATE
_PUBLIC = Sensitivity.PUBLIC

PROJECT_STATUSES = ("planned", "under_way", "completed", "suspended", "cancelled")
SECRECY_LEVELS = ("public", "internal", "secret")
FUND_SOURCES = ("general", "fund", "state_capital", "social_insurance", "bond", "transfer")

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Fiscal years and dates outside are taken for slips of the keyboard."""

PROCUREMENT_METHODS = (
    "公开招标",
    "邀请招标",
    "竞争性谈判",
    "竞争性磋商",
    "询价",
    "单一来源采购",
    "框架协议采购",
    "合作创新采购",
    "电子卖场",
    "网上商城",
    "非政府采购",
)
"""Known names of 采购方式; another name is kept with a warning, because local platforms have their own."""

PROJECTS = Table(
    name="projects",
    title="项目",
    description="一行是一个项目或专项。",
    columns=(
        Column("project_id", _CODE, "项目编号", "项目编号", sensitivity=_PUBLIC),
        Column("name", _TEXT, "项目名称", "项目名称；涉密项目不公开"),
        Column("region_code", _CODE, "区划代码", "项目所在行政区划"),
        Column("org_id", _CODE, "单位编号", "负责的预算单位"),
        Column("function_code", _CODE, "功能科目编码", "支出功能分类"),
        Column("policy_id", _CODE, "政策编号", "政策依据；没有则为空", required=False),
        Column(
            "status",
            ColumnType.CHOICE,
            "状态",
            "planned 计划，under_way 在建，completed 完成，suspended 暂停，cancelled 取消",
            choices=PROJECT_STATUSES,
        ),
        Column("starts_on", _DATE, "开始日期", "开工或启动日期"),
        Column("planned_end", _DATE, "计划完成日期", "批复的完成日期，不早于开始日期"),
        Column("ended_on", _DATE, "实际完成日期", "未完成为空", required=False),
        Column("total_investment", _MONEY, "总投资", "批复总投资", unit="元", minimum=0),
        Column("description", _TEXT, "简介", "建设内容和目的"),
        Column(
            "lon",
            ColumnType.DECIMAL,
            "经度",
            "项目地点",
            required=False,
            unit="度",
            minimum=-180,
            maximum=180,
        ),
        Column(
            "lat", ColumnType.DECIMAL, "纬度", "项目地点", required=False, unit="度", minimum=-90, maximum=90
        ),
        Column("address", _TEXT, "地址", "项目地址", required=False),
        Column("livelihood", ColumnType.BOOLEAN, "民生项目", "是否民生项目：true 或 false"),
        Column(
            "secrecy",
            ColumnType.CHOICE,
            "密级",
            "public 公开，internal 内部，secret 涉密",
            choices=SECRECY_LEVELS,
        ),
    ),
    key=("project_id",),
    references=(
        Reference("region_code", "regions", "region_code"),
        Reference("org_id", "organisations", "org_id"),
        Reference("function_code", "functions", "function_code"),
        Reference("policy_id", "policies", "policy_id"),
    ),
    required=True,
)

BUDGET_LINES = Table(
    name="budget_lines",
    title="预算指标",
    description="一行是一个财政年度里一条批准的预算指标。",
    columns=(
        Column("line_id", _CODE, "指标编号", "预算指标编号"),
        Column(
            "fiscal_year",
            ColumnType.INTEGER,
            "财政年度",
            "四位年份",
            unit="年",
            minimum=FIRST_YEAR,
            maximum=LAST_YEAR,
        ),
        Column("org_id", _CODE, "单位编号", "使用指标的预算单位"),
        Column("project_id", _CODE, "项目编号", "对应项目；基本支出为空", required=False),
        Column("function_code", _CODE, "功能科目编码", "支出功能分类"),
        Column("economic_code", _CODE, "经济科目编码", "政府预算支出经济分类"),
        Column(
            "fund_source",
            ColumnType.CHOICE,
            "资金来源",
            "general 一般公共预算，fund 政府性基金，state_capital 国有资本经营，"
            "social_insurance 社会保险基金，bond 债券，transfer 上级转移支付",
            choices=FUND_SOURCES,
        ),
        Column("approved", _MONEY, "年初预算", "人大批准的年初预算数", unit="元", minimum=0),
        Column("adjusted", _MONEY, "调整预算", "调整后的当前预算数", unit="元", minimum=0),
    ),
    key=("line_id",),
    references=(
        Reference("org_id", "organisations", "org_id"),
        Reference("project_id", "projects", "project_id"),
        Reference("function_code", "functions", "function_code"),
        Reference("economic_code", "economics", "economic_code"),
    ),
    required=True,
)

PLANS = Table(
    name="plans",
    title="用款计划",
    description="一行是一条指标到某月为止计划累计支出。",
    columns=(
        Column("line_id", _CODE, "指标编号", "预算指标编号"),
        Column("month", ColumnType.MONTH, "月份", "YYYY-MM，在指标的财政年度内"),
        Column(
            "planned_cumulative", _MONEY, "计划累计支出", "年初到本月的计划累计支出", unit="元", minimum=0
        ),
    ),
    key=("line_id", "month"),
    references=(Reference("line_id", "budget_lines", "line_id"),),
)

CONTRACTS = Table(
    name="contracts",
    title="合同",
    description="一行是一份合同。",
    columns=(
        Column("contract_id", _CODE, "合同编号", "合同编号"),
        Column("project_id", _CODE, "项目编号", "对应项目；没有则为空", required=False),
        Column("org_id", _CODE, "单位编号", "签订合同的预算单位"),
        Column("supplier_id", _CODE, "供应商编号", "中标或成交供应商"),
        Column("title", _TEXT, "合同名称", "合同名称"),
        Column("signed_on", _DATE, "签订日期", "合同签订日期"),
        Column("amount", _MONEY, "合同金额", "合同金额", unit="元", minimum=0),
        Column("method", _TEXT, "采购方式", "例如公开招标、竞争性磋商"),
        Column("ends_on", _DATE, "到期日期", "合同到期日期，不早于签订日期", required=False),
    ),
    key=("contract_id",),
    references=(
        Reference("project_id", "projects", "project_id"),
        Reference("org_id", "organisations", "org_id"),
        Reference("supplier_id", "suppliers", "supplier_id"),
    ),
)

BUDGET_TABLES = (PROJECTS, BUDGET_LINES, PLANS, CONTRACTS)
