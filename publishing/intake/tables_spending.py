"""Contracts of what happened: payments, performance indicators, milestones."""

from __future__ import annotations

from publishing.intake.schema import Column, ColumnType, Reference, Sensitivity, Table

_CODE, _TEXT, _MONEY, _DATE = ColumnType.CODE, ColumnType.TEXT, ColumnType.MONEY, ColumnType.DATE
_PERSONAL = Sensitivity.PERSONAL

PAYEE_KINDS = ("company", "institution", "public_body", "individual")
"""Staged payments carry the position in this tuple."""

INDICATOR_KINDS = (
    "quantity",
    "quality",
    "timeliness",
    "cost",
    "economic",
    "social",
    "ecological",
    "satisfaction",
)

PAYMENTS = Table(
    name="payments",
    title="支付",
    description="一行是一笔国库集中支付；退款和更正是负数，并用 reverses 指明所冲销的支付。",
    columns=(
        Column("payment_id", _CODE, "支付编号", "支付编号"),
        Column("paid_on", _DATE, "支付日期", "资金支付日期"),
        Column("line_id", _CODE, "指标编号", "列支的预算指标"),
        Column("project_id", _CODE, "项目编号", "对应项目；没有则为空", required=False),
        Column("contract_id", _CODE, "合同编号", "对应合同；没有则为空", required=False),
        Column("org_id", _CODE, "单位编号", "付款的预算单位"),
        Column("supplier_id", _CODE, "供应商编号", "收款单位；自然人为空", required=False),
        Column("payee_name", _TEXT, "收款人", "收款人名称，可能是自然人姓名", sensitivity=_PERSONAL),
        Column(
            "payee_kind",
            ColumnType.CHOICE,
            "收款人类型",
            "company 企业，institution 事业单位或社会组织，public_body 机关，individual 自然人",
            choices=PAYEE_KINDS,
        ),
        Column("payee_account", _TEXT, "收款账号", "收款人银行账号", sensitivity=_PERSONAL),
        Column("payee_id_number", _TEXT, "证件号码", "自然人证件号码", required=False, sensitivity=_PERSONAL),
        Column("amount", _MONEY, "金额", "支付金额；退款为负数", unit="元"),
        Column("purpose", _TEXT, "用途", "用途说明，可能含姓名和号码", sensitivity=_PERSONAL),
        Column("reverses", _CODE, "冲销的支付编号", "退款或更正所冲销的支付", required=False),
    ),
    key=("payment_id",),
    references=(
        Reference("line_id", "budget_lines", "line_id"),
        Reference("project_id", "projects", "project_id"),
        Reference("contract_id", "contracts", "contract_id"),
        Reference("org_id", "organisations", "org_id"),
        Reference("supplier_id", "suppliers", "supplier_id"),
    ),
    required=True,
)

INDICATORS = Table(
    name="indicators",
    title="绩效指标",
    description="一行是一个项目一个绩效指标一个年度的目标值和完成值。",
    columns=(
        Column("project_id", _CODE, "项目编号", "项目编号"),
        Column("indicator", _TEXT, "指标名称", "例如新建农村公路里程"),
        Column("unit", _TEXT, "计量单位", "例如公里"),
        Column(
            "kind",
            ColumnType.CHOICE,
            "指标类型",
            "quantity 数量，quality 质量，timeliness 时效，cost 成本，economic 经济效益，"
            "social 社会效益，ecological 生态效益，satisfaction 满意度",
            choices=INDICATOR_KINDS,
        ),
        Column(
            "fiscal_year", ColumnType.INTEGER, "财政年度", "四位年份", unit="年", minimum=1990, maximum=2100
        ),
        Column("target", ColumnType.DECIMAL, "目标值", "年度目标值"),
        Column("actual", ColumnType.DECIMAL, "完成值", "未测量为空", required=False),
        Column("measured_on", _DATE, "测量日期", "未测量为空", required=False),
    ),
    key=("project_id", "indicator", "fiscal_year"),
    references=(Reference("project_id", "projects", "project_id"),),
)

MILESTONES = Table(
    name="milestones",
    title="项目节点",
    description="一行是项目的一个计划节点。",
    columns=(
        Column("project_id", _CODE, "项目编号", "项目编号"),
        Column("name", _TEXT, "节点名称", "节点名称"),
        Column("planned_on", _DATE, "计划日期", "计划完成日期"),
        Column("done_on", _DATE, "完成日期", "未完成为空", required=False),
        Column(
            "progress",
            ColumnType.DECIMAL,
            "形象进度",
            "到此节点的累计进度，0 到 100",
            unit="%",
            minimum=0,
            maximum=100,
        ),
    ),
    key=("project_id", "name"),
    references=(Reference("project_id", "projects", "project_id"),),
)

SPENDING_TABLES = (PAYMENTS, INDICATORS, MILESTONES)
