"""English for the data dictionary: metrics, datasets, their columns. The words of `publishing.specs` are the keys."""

from __future__ import annotations

METRICS: dict[str, str] = {
    "Σ 年初批复的预算指标": "Σ of the budget approved at the start of the year",
    "年初由人民代表大会批准、财政部门批复的预算金额，不含年中调整。": (
        "The budget approved by the People's Congress and allotted by finance, without changes during the year."
    ),
    "Σ 调整后的预算指标": "Σ of the budget after changes",
    "年初预算加减年中追加、追减、调剂以后的当前预算金额。": "The approved budget after additions, cuts and shifts during the year.",
    "Σ 国库支付金额（退款为负）": "Σ of treasury payments (refunds negative)",
    "国库已经实际支付出去的金额；退回的款项在退回当月冲减。": "What the treasury has paid out; refunds are deducted in the month they come back.",
    "已支付金额占调整预算的百分比。调整预算为零时不适用。": "Paid in percent of the adjusted budget; not applicable when that is zero.",
    "已支付 ÷ 同一地区常住人口": "paid ÷ residents of the same region",
    "元/人": "yuan per head",
    "该地区已支付金额除以同一地区的常住人口。": "What the region paid, divided by its residents.",
    "用款计划": "Plan of the month",
    "Σ 当月计划用款": "Σ planned for the month",
    "预算单位报送的当月计划用款；累计计划减去上月累计计划。": "What units plan to spend in the month: the plan so far less that of the month before.",
    "累计用款计划": "Planned so far",
    "Σ 截至当月的累计用款计划": "Σ planned up to the month",
    "截至该月底计划累计用款。": "What was to be spent by the end of the month.",
    "Σ 项目总投资": "Σ of total investment",
    "项目批复的总投资，含以前年度和以后年度。": "Approved total of a project, years before and after included.",
    "Σ 合同金额": "Σ of contracts",
    "已签订合同的金额合计。": "Sum of the contracts signed.",
    "合同数": "Contracts",
    "合同的份数": "number of contracts",
    "已公开合同的份数。": "How many contracts are published.",
    "形象进度": "Work done",
    "最近一个已完成里程碑的进度": "progress at the last completed milestone",
    "项目单位报送的最近一个已完成节点所对应的工程进度。": "Progress that goes with the last completed step the unit reported.",
    "目标值": "Target",
    "年度绩效目标值": "target of the year",
    "按指标": "as the indicator",
    "项目申报并批复的年度绩效目标值。": "Target of the year as applied for and approved.",
    "实际完成值": "Reached",
    "年度实际完成值": "reached in the year",
    "项目单位报送的年度实际完成值。": "What the unit reports as reached in the year.",
}
DATASETS: dict[str, str] = {
    "地区支出（按功能分类）": "Spending by region and function",
    "一个地区 × 一个功能分类科目 × 一个财政年度，地区与科目的每一层级": "one region × one function × one fiscal year, on every level of both",
    "分月支出": "Monthly spending",
    "一个市（含省本级）× 一个功能分类（类）× 一个月": "one city (or the province itself) × one broad function × one month",
    "预算单位支出（按经济分类）": "Spending by unit and economic class",
    "一个预算单位 × 一个经济分类（类）× 一个财政年度；`total` 为该单位合计": (
        "one budget unit × one economic class × one fiscal year; `total` is the unit's sum"
    ),
    "资金来源 × 主管部门 × 收款方类别 × 财政年度": "source of funds × department × kind of payee × fiscal year",
    "一个公开项目": "one public project",
    "项目分月支付": "Monthly payments of projects",
    "一个项目 × 一个月": "one project × one month",
    "项目节点": "Steps of projects",
    "一个项目的一个节点": "one step of one project",
    "一份公开合同": "one published contract",
    "一家供应商（不含自然人）": "one supplier (no natural persons)",
    "绩效指标": "Indicators",
    "一个项目 × 一个指标 × 一个财政年度": "one project × one indicator × one fiscal year",
    "产出汇总": "Outputs",
    "一个地区 × 一个可加总的指标 × 一个财政年度": "one region × one indicator that adds up × one fiscal year",
    "参与和答复": "Participation and replies",
    "一个地区、预算单位、项目或来件类别 × 一个季度": "one region, unit, project or kind of case × one quarter",
    "覆盖对账": "Coverage ledger",
    "一个数据集的一个指标 × 一个财政年度": "one measure of one dataset × one fiscal year",
    "行政区划": "Regions",
    "一个地区": "one region",
    "一个预算单位": "one budget unit",
    "一个功能分类科目": "one function",
    "一个经济分类科目": "one economic class",
    "政策文件": "Policies",
    "一份政策文件": "one policy document",
}
COLUMNS: dict[str, str] = {
    "行政区划代码": "Region code",
    "GB/T 2260 六位代码；一地的数含其下级。": "Six digits of GB/T 2260; the numbers of a place include those below it.",
    "地区层级": "Level of the region",
    "行所在的层级；不同层级的数不能相加。": "Level of the row; numbers of different levels do not add up.",
    "功能分类科目": "Function code",
    "政府收支分类科目（类3位、款5位、项7位）；`total` 为全部科目。": (
        "Classes of government revenue and spending (3, 5 or 7 digits); `total` is all of them."
    ),
    "功能分类名称": "Function",
    "科目层级": "Level of the class",
    "财政年度": "Fiscal year",
    "预算所属年度（1月1日至12月31日，除非来源另有说明）。": "Year of the budget (1 January to 31 December unless the source says otherwise).",
    "年初批复的预算金额。": "Budget approved at the start of the year.",
    "该数为何在此或不在此：published=已公布、withheld=依规不公开、merged=合并公布、not_reported=尚未报送、not_applicable=不适用": (
        "Why the number is there or not: published, withheld by rule, published merged, not yet reported, not applicable"
    ),
    "依规不公开时所依据的规则：threshold=受保护收款人不足三人、p_percent=可由一人推算另一人所得、dominance=少数收款人占绝大部分、sample=参与人数不足，样本太小、unanimous=所有人评分相同、secondary=防止由合计相减推算、history=防止与以往发布相减推算": (
        "The rule by which it is withheld: threshold (fewer than three protected payees), p_percent (one could work out another's), "
        "dominance (few make up nearly all), sample (too few took part), unanimous (all ratings equal), secondary (not to be "
        "had by subtraction from totals), history (nor from earlier releases)"
    ),
    "调整后的当前预算金额。": "Present budget after changes.",
    "国库实际支付，退款冲减。": "Paid by the treasury, refunds deducted.",
    "支付发生的自然月。": "Calendar month of the payment.",
    "当月计划用款。": "Planned for the month.",
    "经济分类科目": "Economic code",
    "政府预算支出经济分类（类3位）；`total` 为合计。": "Economic class of the state budget (3 digits); `total` is the sum.",
    "经济分类名称": "Economic class",
    "收款方类别": "Kind of payee",
    "项目名称": "Name of the project",
    "项目状态": "State of the project",
    "开工（启动）日期": "Begun on",
    "计划完成日期": "Planned end",
    "实际完成日期": "Completed on",
    "项目批复的总投资。": "Approved total investment.",
    "已签订合同金额合计。": "Sum of the contracts signed.",
    "已支付 ÷ 调整预算；任一不可公布或调整预算为零时为空。": "Paid ÷ adjusted budget; empty when either is withheld or the budget is zero.",
    "最近一个已完成节点的进度。": "Progress at the last completed step.",
    "绿=正常，黄=提醒，橙=关注，红=紧急；规则见预警规则表。": "green: normal, yellow: notice, orange: watch, red: urgent; see the rules of the lights.",
    "亮灯原因": "Why the light",
    "项目说明": "Description",
    "已作脱敏处理的说明文字。": "Text with personal details replaced.",
    "建设地点": "Site",
    "经度": "Longitude",
    "纬度": "Latitude",
    "截至该月的累计用款计划。": "Planned up to the month.",
    "节点": "Step",
    "计划日期": "Planned on",
    "完成日期": "Completed on",
    "完成该节点时的进度。": "Progress when the step is done.",
    "合同编号": "Contract number",
    "合同名称": "Title of the contract",
    "签订日期": "Signed on",
    "到期日期": "Ends on",
    "采购方式": "Procurement",
    "合同签订金额。": "Amount of the contract as signed.",
    "公开合同份数。": "How many published contracts.",
    "公开合同金额合计。": "Sum of published contracts.",
    "在公开合同上支付的金额合计；没有合同的支付不列到供应商。": (
        "Paid on published contracts; payments without a contract are not listed for suppliers."
    ),
    "计量单位": "Unit of measure",
    "指标类型": "Kind of indicator",
    "按计量单位": "as the unit of measure",
    "年度绩效目标。": "Target of the year.",
    "年度实际完成；空为尚未报送。": "Reached in the year; empty: not yet reported.",
    "测量日期": "Measured on",
    "项目数": "Projects",
    "报送该指标的公开项目数。": "Public projects that report the indicator.",
    "年度目标合计。": "Sum of the targets of the year.",
    "已报送的实际完成合计；空为尚无项目报送。": "Sum of what is reported as reached; empty: no project has reported.",
    "已报送项目数": "Projects reporting",
    "已报送实际完成值的项目数。": "Projects that reported what they reached.",
    "对象类别": "Kind of subject",
    "对象代码": "Code of the subject",
    "季度": "Quarter",
    "如 2026Q3；只公布已经结束的季度。": "As 2026Q3; only quarters that are over are published.",
    "来件数": "Cases",
    "受理的来件。": "Cases accepted.",
    "已答复数": "Answered",
    "已经答复的来件。": "Cases answered.",
    "按时答复数": "Answered in time",
    "在期限内答复的来件。": "Cases answered within the term.",
    "答复满意度": "Satisfaction with replies",
    "来件人对答复的评分，1至5分的平均。": "Mean rating of the replies by the askers, 1 to 5.",
    "评分人次": "Ratings",
    "人次": "ratings",
    "给项目评分的人次；一人一个项目只算一次。": "Ratings of projects; one counts per person and project.",
    "总体满意，1至5分的平均；样本不足时不公布。": "Overall satisfaction, mean of 1 to 5; not published for small samples.",
    "评分的一个方面，1至5分的平均。": "One aspect of the ratings, mean of 1 to 5.",
    "进度评价": "Rating of progress",
    "信息公开评价": "Rating of openness",
    "公开表中能看到的金额。": "What public tables show.",
    "只在合并项中公布的金额。": "What is published only within merged numbers.",
    "依规不公开、但包含在合计里的金额。": "What is withheld by rule but included in totals.",
    "来源系统的控制总数。": "Control total of the source.",
    "上级代码": "Code of the level above",
    "层级": "Level",
    "年末常住人口。": "Residents at the end of the year.",
    "所属分组": "Groups",
    "地区的习惯分组，例如沿海、山区；多个之间用“；”隔开。": (
        "Customary groups of regions, such as the coast or the mountains; several are separated by “；”."
    ),
    "科目代码": "Code of the class",
    "上级科目": "Class above",
    "政策编号": "Policy number",
    "标题": "Title",
    "发文机关": "Issued by",
    "发文日期": "Issued on",
    "网址": "Address",
}


def with_twins(words: dict[str, str]) -> dict[str, str]:
    """The words with those of the two columns that stand beside every measure: its status and the rule."""
    twins = {f"{text}·状态": f"{said} · status" for text, said in words.items()}
    return words | twins | {f"{text}·规则": f"{said} · rule" for text, said in words.items()}


MEASURES = with_twins(
    {
        "年初预算": "Approved budget",
        "调整预算": "Adjusted budget",
        "已支付": "Paid",
        "用款计划": METRICS["用款计划"],
        "累计用款计划": METRICS["累计用款计划"],
        "满意度": "Satisfaction",
        "是否实用": "Usefulness",
        "工程质量": "Quality of work",
        **{
            name: COLUMNS[name]
            for name in (
                "来件数",
                "已答复数",
                "按时答复数",
                "答复满意度",
                "评分人次",
                "进度评价",
                "信息公开评价",
            )
        },
    }
)
DICTIONARY: dict[str, str] = COLUMNS | METRICS | DATASETS | MEASURES
