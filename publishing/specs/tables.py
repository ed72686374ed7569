"""The published tables, in the order of the catalogue."""

from __future__ import annotations

from publishing.specs.model import RULES, STATUSES, Column, ColumnType, DatasetSpec, Disclosure, Role

GROUP_JOINT = "；"
"""Between the names of the groups that a region belongs to."""
REGION_LEVELS = ("province", "city", "county")
FUNCTION_LEVELS = ("total", "class", "section", "item")
ECONOMIC_LEVELS = ("total", "class")
LIGHTS = ("green", "yellow", "orange", "red")
PROJECT_STATUSES = ("planned", "under_way", "completed", "suspended", "cancelled")
PAYEE_GROUPS = ("company", "institution", "public_body", "individual")
SUBJECT_KINDS = ("region", "organisation", "project", "case_kind")
"""What participation is counted of; a case kind is counted over the whole province."""
FUND_SOURCES = ("general", "fund", "state_capital", "social_insurance", "bond", "transfer")


def _code(name: str, title: str, title_en: str, hierarchy: str | None = None, **more: str) -> Column:
    return Column(
        name,
        title,
        title_en,
        ColumnType.CODE,
        Role.DIMENSION,
        more.get("description", ""),
        hierarchy=hierarchy,
        references=more.get("references", hierarchy),
    )


def _attribute(
    name: str, title: str, title_en: str, kind: ColumnType = ColumnType.TEXT, **more: str
) -> Column:
    return Column(
        name,
        title,
        title_en,
        kind,
        Role.ATTRIBUTE,
        more.get("description", ""),
        more.get("unit"),
        references=more.get("references"),
    )


def _level(name: str, title: str, title_en: str, of: str, enum: tuple[str, ...]) -> Column:
    return Column(
        name,
        title,
        title_en,
        ColumnType.CODE,
        Role.ATTRIBUTE,
        "行所在的层级；不同层级的数不能相加。",
        level_of=of,
        enum=enum,
    )


def _choice(
    name: str, title: str, title_en: str, enum: tuple[str, ...], role: Role = Role.ATTRIBUTE
) -> Column:
    return Column(name, title, title_en, ColumnType.CODE, role, enum=enum)


def _money(
    name: str, title: str, title_en: str, description: str, *, protected: bool = True
) -> tuple[Column, ...]:
    measure = Column(
        name,
        title,
        title_en,
        ColumnType.MONEY,
        Role.MEASURE,
        description,
        "元",
        additive=True,
        protected=protected,
    )
    if not protected:
        return (measure,)
    return (measure, *_twins(name, title, title_en))


def _voices(name: str, title: str, title_en: str, description: str, unit: str) -> tuple[Column, ...]:
    """A count of what people did (whole, additive), or a mean of what they said (分)."""
    is_count = unit != "分"
    kind = ColumnType.INTEGER if is_count else ColumnType.NUMBER
    measure = Column(
        name,
        title,
        title_en,
        kind,
        Role.MEASURE,
        description,
        unit,
        additive=is_count,
        protected=True,
    )
    return (measure, *_twins(name, title, title_en))


def _twins(name: str, title: str, title_en: str) -> tuple[Column, Column]:
    twin = Column(
        f"{name}_status",
        f"{title}·状态",
        f"{title_en}: status",
        ColumnType.STATUS,
        Role.STATUS,
        "该数为何在此或不在此：" + "、".join(f"{code}={title}" for code, title in STATUSES.items()),
        enum=tuple(STATUSES),
    )
    rule = Column(
        f"{name}_rule",
        f"{title}·规则",
        f"{title_en}: rule",
        ColumnType.CODE,
        Role.ATTRIBUTE,
        "依规不公开时所依据的规则：" + "、".join(f"{code}={words}" for code, words in RULES.items()),
        enum=tuple(RULES),
    )
    return (twin, rule)


_APPROVED = _money("approved", "年初预算", "approved budget", "年初批复的预算金额。")
_ADJUSTED = _money("adjusted", "调整预算", "adjusted budget", "调整后的当前预算金额。")
_PAID = _money("paid", "已支付", "paid", "国库实际支付，退款冲减。")
_PLANNED = _money("planned", "用款计划", "planned spending", "当月计划用款。")
_YEAR = Column(
    "fiscal_year",
    "财政年度",
    "fiscal year",
    ColumnType.YEAR,
    Role.DIMENSION,
    "预算所属年度（1月1日至12月31日，除非来源另有说明）。",
)
_MONTH = Column("month", "月份", "month", ColumnType.MONTH, Role.DIMENSION, "支付发生的自然月。")
_REGION = (
    _code(
        "region_code",
        "行政区划代码",
        "region code",
        "regions",
        description="GB/T 2260 六位代码；一地的数含其下级。",
    ),
    _attribute("region_name", "地区", "region"),
    _level("region_level", "地区层级", "region level", "region_code", REGION_LEVELS),
)
_FUNCTION = (
    _code(
        "function_code",
        "功能分类科目",
        "function class code",
        "functions",
        description="政府收支分类科目（类3位、款5位、项7位）；`total` 为全部科目。",
    ),
    _attribute("function_name", "功能分类名称", "function class"),
    _level("function_level", "科目层级", "function level", "function_code", FUNCTION_LEVELS),
)
_ORG = (
    _code("org_id", "预算单位代码", "budget unit id", None, references="organisations"),
    _attribute("org_name", "预算单位", "budget unit"),
)
_PROJECT = (
    _code("project_id", "项目编号", "project id", None, references="projects"),
    _attribute("project_name", "项目名称", "project"),
)
_AT_REGION = _attribute("region_code", "行政区划代码", "region code", ColumnType.CODE, references="regions")

DATASETS: tuple[DatasetSpec, ...] = (
    DatasetSpec(
        "spending",
        "地区支出（按功能分类）",
        "Spending by region and function",
        "一个地区 × 一个功能分类科目 × 一个财政年度，地区与科目的每一层级",
        "region x function x fiscal year, every level of both hierarchies",
        (*_REGION, *_FUNCTION, _YEAR, *_APPROVED, *_ADJUSTED, *_PAID),
        ("fiscal_year", "region_code", "function_code"),
        Disclosure.CELLS,
        ("budget_lines", "payments"),
        "spending",
    ),
    DatasetSpec(
        "spending_monthly",
        "分月支出",
        "Monthly spending",
        "一个市（含省本级）× 一个功能分类（类）× 一个月",
        "city x function class x month",
        (*_REGION, *_FUNCTION, _MONTH, *_PAID, *_PLANNED),
        ("month", "region_code", "function_code"),
        Disclosure.CELLS,
        ("payments", "plans"),
        "spending",
    ),
    DatasetSpec(
        "spending_by_organisation",
        "预算单位支出（按经济分类）",
        "Spending by budget unit and economic class",
        "一个预算单位 × 一个经济分类（类）× 一个财政年度；`total` 为该单位合计",
        "budget unit x economic class x fiscal year",
        (
            *_ORG,
            _AT_REGION,
            _attribute("sector", "主管部门", "sector"),
            _code(
                "economic_code",
                "经济分类科目",
                "economic class code",
                "economics",
                description="政府预算支出经济分类（类3位）；`total` 为合计。",
            ),
            _attribute("economic_name", "经济分类名称", "economic class"),
            _level("economic_level", "科目层级", "economic level", "economic_code", ECONOMIC_LEVELS),
            _YEAR,
            *_APPROVED,
            *_ADJUSTED,
            *_PAID,
        ),
        ("fiscal_year", "org_id", "economic_code"),
        Disclosure.CELLS,
        ("budget_lines", "payments"),
        "spending",
    ),
    DatasetSpec(
        "fund_flow",
        "资金流向",
        "Fund flow",
        "资金来源 × 主管部门 × 收款方类别 × 财政年度",
        "fund source x sector x payee group x fiscal year",
        (
            _choice("fund_source", "资金来源", "fund source", FUND_SOURCES, Role.DIMENSION),
            Column("sector", "主管部门", "sector", ColumnType.TEXT, Role.DIMENSION),
            _choice("payee_group", "收款方类别", "payee group", PAYEE_GROUPS, Role.DIMENSION),
            _YEAR,
            *_PAID,
        ),
        ("fiscal_year", "fund_source", "sector", "payee_group"),
        Disclosure.CELLS,
        ("payments", "budget_lines"),
        "spending",
    ),
    DatasetSpec(
        "projects",
        "项目",
        "Projects",
        "一个公开项目",
        "a public project",
        (
            _code("project_id", "项目编号", "project id"),
            _attribute("name", "项目名称", "name"),
            *(_AT_REGION, _attribute("region_name", "地区", "region")),
            *(
                _attribute(
                    "org_id", "预算单位代码", "budget unit id", ColumnType.CODE, references="organisations"
                ),
                _attribute("org_name", "预算单位", "budget unit"),
                _attribute("sector", "主管部门", "sector"),
                _attribute(
                    "function_code",
                    "功能分类科目",
                    "function class code",
                    ColumnType.CODE,
                    references="functions",
                ),
                _attribute("function_name", "功能分类名称", "function class"),
                _attribute("policy_id", "政策依据", "policy", ColumnType.CODE, references="policies"),
            ),
            _choice("status", "项目状态", "status", PROJECT_STATUSES),
            _attribute("starts_on", "开工（启动）日期", "starts on", ColumnType.DATE),
            _attribute("planned_end", "计划完成日期", "planned end", ColumnType.DATE),
            _attribute("ended_on", "实际完成日期", "ended on", ColumnType.DATE),
            *_money("total_investment", "总投资", "total investment", "项目批复的总投资。", protected=False),
            *_APPROVED,
            *_ADJUSTED,
            *_PAID,
            *_money("contracted", "合同金额", "contracted", "已签订合同金额合计。", protected=False),
            Column(
                "execution_rate",
                "执行率",
                "execution rate",
                ColumnType.NUMBER,
                Role.MEASURE,
                "已支付 ÷ 调整预算；任一不可公布或调整预算为零时为空。",
                "%",
            ),
            Column(
                "progress",
                "形象进度",
                "physical progress",
                ColumnType.NUMBER,
                Role.MEASURE,
                "最近一个已完成节点的进度。",
                "%",
            ),
            Column(
                "light",
                "预警灯",
                "light",
                ColumnType.CODE,
                Role.ATTRIBUTE,
                "绿=正常，黄=提醒，橙=关注，红=紧急；规则见预警规则表。",
                enum=LIGHTS,
            ),
            _attribute("light_reason", "亮灯原因", "reason of the light"),
            _attribute("livelihood", "民生项目", "livelihood project", ColumnType.BOOLEAN),
            _attribute("description", "项目说明", "description", description="已作脱敏处理的说明文字。"),
            _attribute("address", "建设地点", "site"),
            _attribute("lon", "经度", "longitude", ColumnType.NUMBER, unit="°"),
            _attribute("lat", "纬度", "latitude", ColumnType.NUMBER, unit="°"),
        ),
        ("project_id",),
        Disclosure.CELLS,
        ("projects", "budget_lines", "payments", "contracts", "milestones"),
        "projects",
    ),
    DatasetSpec(
        "project_months",
        "项目分月支付",
        "Project months",
        "一个项目 × 一个月",
        "project x month",
        (
            *_PROJECT,
            _MONTH,
            *_PAID,
            *_money("planned_cumulative", "累计用款计划", "cumulative plan", "截至该月的累计用款计划。"),
        ),
        ("project_id", "month"),
        Disclosure.CELLS,
        ("payments", "plans"),
        "projects",
    ),
    DatasetSpec(
        "milestones",
        "项目节点",
        "Milestones",
        "一个项目的一个节点",
        "a planned step of a project",
        (
            *_PROJECT,
            Column("name", "节点", "step", ColumnType.TEXT, Role.DIMENSION),
            _attribute("planned_on", "计划日期", "planned on", ColumnType.DATE),
            _attribute("done_on", "完成日期", "done on", ColumnType.DATE),
            Column(
                "progress",
                "形象进度",
                "physical progress",
                ColumnType.NUMBER,
                Role.MEASURE,
                "完成该节点时的进度。",
                "%",
            ),
        ),
        ("project_id", "name"),
        Disclosure.PUBLIC,
        ("milestones",),
        "projects",
    ),
    DatasetSpec(
        "contracts",
        "合同",
        "Contracts",
        "一份公开合同",
        "a public contract",
        (
            _code("contract_id", "合同编号", "contract id"),
            _attribute("title", "合同名称", "title"),
            _attribute("project_id", "项目编号", "project id", ColumnType.CODE, references="projects"),
            _attribute(
                "org_id", "预算单位代码", "budget unit id", ColumnType.CODE, references="organisations"
            ),
            _attribute("org_name", "预算单位", "budget unit"),
            _attribute("supplier_id", "供应商编号", "supplier id", ColumnType.CODE, references="suppliers"),
            _attribute("supplier_name", "供应商", "supplier"),
            _attribute("signed_on", "签订日期", "signed on", ColumnType.DATE),
            _attribute("ends_on", "到期日期", "ends on", ColumnType.DATE),
            _attribute("method", "采购方式", "procurement method"),
            *_money("amount", "合同金额", "contract amount", "合同签订金额。", protected=False),
            *_PAID,
        ),
        ("contract_id",),
        Disclosure.CELLS,
        ("contracts", "payments"),
        "contracts",
    ),
    DatasetSpec(
        "suppliers",
        "供应商",
        "Suppliers",
        "一家供应商（不含自然人）",
        "a supplier that is no private person",
        (
            _code("supplier_id", "供应商编号", "supplier id"),
            _attribute("name", "名称", "name"),
            _attribute("credit_code", "统一社会信用代码", "unified social credit code", ColumnType.CODE),
            _choice("kind", "类别", "kind", ("company", "institution", "public_body")),
            _AT_REGION,
            Column(
                "contracts",
                "合同数",
                "contracts",
                ColumnType.INTEGER,
                Role.MEASURE,
                "公开合同份数。",
                "份",
                additive=True,
            ),
            *_money("amount", "合同金额", "contract amount", "公开合同金额合计。", protected=False),
            *_money("paid", "已支付", "paid", "在公开合同上支付的金额合计；没有合同的支付不列到供应商。"),
        ),
        ("supplier_id",),
        Disclosure.CELLS,
        ("suppliers", "contracts", "payments"),
        "contracts",
    ),
    DatasetSpec(
        "indicators",
        "绩效指标",
        "Performance indicators",
        "一个项目 × 一个指标 × 一个财政年度",
        "project x indicator x fiscal year",
        (
            *_PROJECT,
            Column("indicator", "指标", "indicator", ColumnType.TEXT, Role.DIMENSION),
            _attribute("unit", "计量单位", "unit"),
            _attribute("kind", "指标类型", "kind", ColumnType.CODE),
            _YEAR,
            Column(
                "target", "目标值", "target", ColumnType.NUMBER, Role.MEASURE, "年度绩效目标。", "按计量单位"
            ),
            Column(
                "actual",
                "实际完成值",
                "actual",
                ColumnType.NUMBER,
                Role.MEASURE,
                "年度实际完成；空为尚未报送。",
                "按计量单位",
            ),
            _attribute("measured_on", "测量日期", "measured on", ColumnType.DATE),
        ),
        ("project_id", "indicator", "fiscal_year"),
        Disclosure.PUBLIC,
        ("indicators",),
        "performance",
    ),
    DatasetSpec(
        "outputs",
        "产出汇总",
        "Outputs by region",
        "一个地区 × 一个可加总的指标 × 一个财政年度",
        "region x additive indicator x fiscal year",
        (
            *_REGION,
            Column("indicator", "指标", "indicator", ColumnType.TEXT, Role.DIMENSION),
            Column("unit", "计量单位", "unit", ColumnType.TEXT, Role.DIMENSION),
            _YEAR,
            Column(
                "projects",
                "项目数",
                "projects",
                ColumnType.INTEGER,
                Role.MEASURE,
                "报送该指标的公开项目数。",
                "个",
                additive=True,
            ),
            Column(
                "target",
                "目标值",
                "target",
                ColumnType.NUMBER,
                Role.MEASURE,
                "年度目标合计。",
                "按计量单位",
                additive=True,
            ),
            Column(
                "actual",
                "实际完成值",
                "actual",
                ColumnType.NUMBER,
                Role.MEASURE,
                "已报送的实际完成合计；空为尚无项目报送。",
                "按计量单位",
                additive=True,
            ),
            Column(
                "reported",
                "已报送项目数",
                "projects reported",
                ColumnType.INTEGER,
                Role.MEASURE,
                "已报送实际完成值的项目数。",
                "个",
                additive=True,
            ),
        ),
        ("fiscal_year", "region_code", "indicator", "unit"),
        Disclosure.PUBLIC,
        ("indicators", "projects"),
        "performance",
    ),
    DatasetSpec(
        "participation",
        "参与和答复",
        "Participation",
        "一个地区、预算单位、项目或来件类别 × 一个季度",
        "region, unit, project or kind of case x quarter",
        (
            _choice("subject_kind", "对象类别", "kind of subject", SUBJECT_KINDS, Role.DIMENSION),
            _code("subject_id", "对象代码", "subject"),
            _attribute("subject_name", "对象", "name"),
            Column(
                "quarter",
                "季度",
                "quarter",
                ColumnType.CODE,
                Role.DIMENSION,
                "如 2026Q3；只公布已经结束的季度。",
            ),
            *_voices("cases", "来件数", "cases", "受理的来件。", "件"),
            *_voices("answered", "已答复数", "answered", "已经答复的来件。", "件"),
            *_voices("on_time", "按时答复数", "answered on time", "在期限内答复的来件。", "件"),
            *_voices(
                "reply_rating", "答复满意度", "rating of replies", "来件人对答复的评分，1至5分的平均。", "分"
            ),
            *_voices("ratings", "评分人次", "ratings", "给项目评分的人次；一人一个项目只算一次。", "人次"),
            *_voices(
                "satisfaction", "满意度", "satisfaction", "总体满意，1至5分的平均；样本不足时不公布。", "分"
            ),
            *_voices("usefulness", "是否实用", "usefulness", "评分的一个方面，1至5分的平均。", "分"),
            *_voices("quality", "工程质量", "quality", "评分的一个方面，1至5分的平均。", "分"),
            *_voices("progress", "进度评价", "rating of progress", "评分的一个方面，1至5分的平均。", "分"),
            *_voices(
                "openness", "信息公开评价", "rating of openness", "评分的一个方面，1至5分的平均。", "分"
            ),
        ),
        ("quarter", "subject_kind", "subject_id"),
        Disclosure.SAMPLE,
        ("cases", "ratings"),
        "participation",
        "quarterly",
    ),
    DatasetSpec(
        "coverage",
        "覆盖对账",
        "Coverage ledger",
        "一个数据集的一个指标 × 一个财政年度",
        "dataset x measure x fiscal year",
        (
            Column("dataset", "数据集", "dataset", ColumnType.CODE, Role.DIMENSION),
            Column("measure", "指标", "measure", ColumnType.CODE, Role.DIMENSION),
            _YEAR,
            *_money("published", "已公布", "published", "公开表中能看到的金额。", protected=False),
            *_money("merged", "合并公布", "merged", "只在合并项中公布的金额。", protected=False),
            *_money(
                "withheld", "依规不公开", "withheld", "依规不公开、但包含在合计里的金额。", protected=False
            ),
            *_money("official_total", "官方总数", "official total", "来源系统的控制总数。", protected=False),
            _attribute("explanation", "说明", "explanation"),
        ),
        ("dataset", "measure", "fiscal_year"),
        Disclosure.PUBLIC,
        ("budget_lines", "payments", "contracts"),
        "trust",
    ),
    DatasetSpec(
        "regions",
        "行政区划",
        "Regions",
        "一个地区",
        "a region",
        (
            _code("region_code", "行政区划代码", "region code"),
            _attribute("name", "名称", "name"),
            _attribute("parent_code", "上级代码", "parent", ColumnType.CODE, references="regions"),
            _choice("level", "层级", "level", REGION_LEVELS),
            _attribute("lon", "经度", "longitude", ColumnType.NUMBER, unit="°"),
            _attribute("lat", "纬度", "latitude", ColumnType.NUMBER, unit="°"),
            Column(
                "population",
                "常住人口",
                "population",
                ColumnType.INTEGER,
                Role.MEASURE,
                "年末常住人口。",
                "人",
                additive=True,
            ),
            _attribute(
                "groups",
                "所属分组",
                "groups",
                description="地区的习惯分组，例如沿海、山区；多个之间用“；”隔开。",
            ),
        ),
        ("region_code",),
        Disclosure.PUBLIC,
        ("regions",),
        "dimensions",
        "yearly",
    ),
    DatasetSpec(
        "organisations",
        "预算单位",
        "Budget units",
        "一个预算单位",
        "a budget unit",
        (
            _code("org_id", "预算单位代码", "budget unit id"),
            _attribute("name", "名称", "name"),
            _AT_REGION,
            _attribute("sector", "主管部门", "sector"),
            _attribute("parent_org_id", "上级单位", "parent", ColumnType.CODE, references="organisations"),
        ),
        ("org_id",),
        Disclosure.PUBLIC,
        ("organisations",),
        "dimensions",
        "yearly",
    ),
    DatasetSpec(
        "functions",
        "功能分类科目",
        "Function classes",
        "一个功能分类科目",
        "a function class",
        (
            _code("function_code", "科目代码", "code"),
            _attribute("name", "名称", "name"),
            _attribute("parent_code", "上级科目", "parent", ColumnType.CODE, references="functions"),
            _choice("level", "层级", "level", FUNCTION_LEVELS),
        ),
        ("function_code",),
        Disclosure.PUBLIC,
        ("functions",),
        "dimensions",
        "yearly",
    ),
    DatasetSpec(
        "economics",
        "经济分类科目",
        "Economic classes",
        "一个经济分类科目",
        "an economic class",
        (
            _code("economic_code", "科目代码", "code"),
            _attribute("name", "名称", "name"),
            _attribute("parent_code", "上级科目", "parent", ColumnType.CODE, references="economics"),
            _choice("level", "层级", "level", ("class", "section")),
        ),
        ("economic_code",),
        Disclosure.PUBLIC,
        ("economics",),
        "dimensions",
        "yearly",
    ),
    DatasetSpec(
        "policies",
        "政策文件",
        "Policies",
        "一份政策文件",
        "a policy document",
        (
            _code("policy_id", "政策编号", "policy id"),
            _attribute("title", "标题", "title"),
            _attribute("issued_by", "发文机关", "issued by"),
            _attribute("issued_on", "发文日期", "issued on", ColumnType.DATE),
            _attribute("url", "网址", "link"),
        ),
        ("policy_id",),
        Disclosure.PUBLIC,
        ("policies",),
        "dimensions",
        "yearly",
    ),
)


def dataset_spec(name: str) -> DatasetSpec:
    """Return the spec of that dataset.

    Raises: KeyError when there is no dataset of that name.
    """
    for spec in DATASETS:
        if spec.name == name:
            return spec
    raise KeyError(name)
