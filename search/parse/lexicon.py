"""The words of questions themselves: what is asked, of which measure, how things are compared. Data, one phrase list
for each meaning; names of places, classes and projects come from the release's vocabulary instead.

A phrase is matched as written here against the normalized question (simplified, half width, small letters), longest
first. `FILLER` may be left out of a question without changing its answer; nothing else may.
"""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """What a word does in a question. The part before the dot groups them; the part after it is the value."""

    FILLER = "filler"
    POLITE = "polite"  # filler too, but never worth reporting
    UNIT_NOUN = "unit_noun"  # 元, 个: may follow a number or 多少
    MEASURE = "measure"
    SUBJECT = "subject"
    LEVEL = "level"
    SPLIT = "split"
    ASK = "ask"
    EXTREME = "extreme"
    AND = "and"
    VERSUS = "versus"
    OF = "of"
    NOT = "not"
    CHANGE = "change"
    DATE_ROLE = "date_role"
    LIVELIHOOD = "livelihood"
    OWN_LEVEL = "own_level"
    WHOLE = "whole"
    VERB = "verb"
    COUNT = "count"
    REFUSE = "refuse"


_RAW: dict[tuple[Word, str], str] = {
    # ------------------------------------------------------------ nothing lost without these
    (Word.POLITE, ""): """
        请问|请问一下|麻烦问一下|麻烦|劳驾|你好|您好|谢谢|谢谢你|谢谢您|多谢|辛苦了|请教一下|想请教|请教|请|帮忙|帮我|帮我看看|帮我查一下|帮我查查|帮我算一下|帮我看一下|给我|
        给我查一下|我想知道|我想了解|我想问|我想问一下|想知道|想了解|想问|想问一下|想问问|问一下|想查|我想查|我要查|查一下|查查|查询|查|看看|看一下|了解一下|了解|告诉我|说说|说一下|
        讲讲|算一下|算算|麻烦查一下|能不能告诉我|能否告诉我|可以告诉我|你能告诉我|能告诉我|知不知道|你知道|知道|到底|究竟|大概|大约|具体|具体是|具体来说|其实|话说|那么|那|呢|吗|嘛|啊|呀|吧|
        哦|哈|了|的|地|得|嗯|诶|哎|喂|作为市民|作为一个市民|作为纳税人|我是市民|我是记者|我是一名记者|我是|一名|市民|记者|纳税人|老百姓|咱们|咱|我们|我|你们|你|您|他们|大家|
        please|hi|hello|thanks|thank you|could you tell me|can you tell me|tell me|i want to know|i would like to know|show me|show|give me|i|me|us|we|the|a|an|of|for|on|in|at|to|by|with|is|was|were|are|be|been|
        does|do|did|has|have|had|that|there|it|its|this|these|their|s|about|from|as|our|my|what is|what was|what are|what were|what's|what|so|just|exactly
    """,
    (Word.FILLER, ""): """
        一下|一共|总共|共|总计|合计|合计是|加起来|加在一起|总的|总|全部|所有|所有的|整体|整个|整体上|总体|总体上|累计|共计|总额|总数|一起|是|有|为|在|于|用|用于|用在|花在|投在|投入到|投到|投向|方面|
        领域|这块|这一块|这方面|上面|上|里|里面|中|当中|其中|之中|内|范围内|这个|那个|这些|那些|该|本次|此|以|把|被|给|对|对于|关于|就|就是|都|也|还|又|才|已经|已|目前|现在|眼下|截至目前|
        截止目前|到目前为止|目前为止|到现在|至今|迄今|迄今为止|当前|最新|最新的|情况|情况如何|的情况|情形|数据|数字|数值|数额|数目|资料|财政|财政资金|公共财政|政府|财政上|公共|资金|经费|
        款项|钱|金额|款|资金量|投入|水平|总体水平|地方|来|来说|来看|而言|分别|各自|各是|各为|一年|当年的|这一年|本地|等|等等|之|其|所|从|到|由|会|能|可以|可|要|需要|应|并|并且|而|及其|
        什么|什么样|怎么样|怎样|如何|怎么|是什么|多少是|的话|时候|时|期间|公布的|公开的|已公布|一样|呢|下来|出去|出|进|进去|掉|过|着|实际|实际上|真正|事业|工作|事务|建设方面|那块|
        so far|currently|now|total|overall|altogether|in total|all|money|fund|funds|amount|amounts|number|figure|figures|value|each|per|during|within|area|field|sector|government|public|data|how
    """,
    (
        Word.UNIT_NOUN,
        "",
    ): "元|块|块钱|元钱|人民币|万元|亿元|千元|个|份|家|笔|条|项|座|所|处|户|名|位|张|套|件|次|人|人次|公里|千米|平方米|平米|亩|吨|万吨|万|亿|yuan|rmb|km|kilometers|kilometres|百分点|个百分点|吨/日|万吨/日|床|公顷|米|台|辆|门|期|棵|株|万亩|立方米|万立方米|万人次|万平方米",
    # ------------------------------------------------------------ measures
    (Word.MEASURE, "paid"): """
        支出|花了|花费|花销|花掉|花|花钱|支付|支付了|付了|付|已支付|实际支付|实际支出|已支出|执行数|支出数|支出额|支出金额|支付金额|支付额|支付数|实际执行|实际花了|实付|付出去|付款|付钱|拨付|拨付了|投入了|用了|用掉|
        支出总额|总支出|财政支出|开支|开销|决算|决算数|用钱|使用了|使用|使了|砸了|砸钱|投了|投入资金|烧了|掏了|掏|花出去|支出规模|支出情况|支出总量|公共支出|预算支出|资金支出|经费支出|资金支付|拨款|拨了|拿出|
        spend|spent|spending|spends|expenditure|expenditures|paid|pay|payment|payments|cost|costs|disbursed|disbursement|outlay|outlays
    """,
    (Word.MEASURE, "approved"): """
        年初预算|年初预算数|年初批复预算|批复预算|预算批复数|批准的预算|批复的预算|年初批准的预算|年初安排|年初预算安排|初始预算|原预算|年初的预算|年初批复|approved budget|original budget|initial budget|budget approved|approved|初预算
    """,
    (Word.MEASURE, "adjusted"): """
        调整预算|调整预算数|调整后预算|调整后的预算|调整后的预算数|当前预算|现行预算|现在的预算|调整后预算数|预算调整数|调整后|年中调整后的预算|最新预算|adjusted budget|revised budget|current budget|budget after adjustment|adjusted|revised
    """,
    (
        Word.MEASURE,
        "budget",
    ): "预算|预算数|预算额|预算金额|预算安排|安排预算|预算总额|总预算|预算资金|预算规模|安排了|安排|budget|budgets|budgeted|预算是|列了预算",
    (Word.MEASURE, "execution_rate"): """
        执行率|预算执行率|支出进度|执行进度|支付进度|预算执行进度|预算支出进度|预算完成率|执行比例|支付率|支出率|预算执行比例|预算执行情况|预算执行|预算使用率|资金使用率|execution rate|budget execution rate|implementation rate|budget execution|execution
    """,
    (
        Word.MEASURE,
        "planned",
    ): "用款计划|计划用款|计划支出|用款计划数|计划用款额|计划支付|支出计划|planned spending|planned|计划花|计划花费|计划花多少",
    (Word.MEASURE, "planned_cumulative"): "累计用款计划|累计计划|累计计划用款",
    (
        Word.MEASURE,
        "total_investment",
    ): "总投资|总投资额|投资总额|投资额|投资规模|总造价|造价|投资|计划投资|项目总投资|total investment|investment|投资金额",
    (
        Word.MEASURE,
        "contracted",
    ): "合同金额|合同额|合同总额|合同总金额|合同价|合同价款|合同款|中标金额|中标价|成交金额|成交额|签约金额|签约额|签约总额|采购金额|采购额|contract amount|contract value|contract amounts|contracted amount|contracted|value of contracts|合同总价",
    (
        Word.MEASURE,
        "contracts",
    ): "合同数|合同数量|合同份数|合同总数|合同个数|number of contracts|签约数|签约数量",
    (Word.MEASURE, "projects"): "项目数|项目数量|项目个数|项目总数|工程数量|number of projects|project count",
    (Word.MEASURE, "suppliers"): "供应商数|供应商数量|供应商个数|number of suppliers",
    (
        Word.MEASURE,
        "organisations",
    ): "单位数|单位数量|预算单位数|预算单位数量|单位个数|number of budget units",
    (
        Word.MEASURE,
        "progress",
    ): "形象进度|工程进度|建设进度|施工进度|完成进度|进度|physical progress|progress|进展|进展情况|建设情况|建到什么程度|干到什么程度|进行到哪一步|到哪一步了|进行到什么程度",
    (
        Word.MEASURE,
        "target",
    ): "目标值|目标|指标值|计划值|年度目标|绩效目标|预期目标|计划目标|目标任务|任务数|任务|target|targets|计划完成|计划",
    (
        Word.MEASURE,
        "actual",
    ): "实际完成值|实际完成|完成值|完成数|实际完成数|实际值|完成了|完成情况|完成|actual|achieved|实际做了|实现了|做到了|实现",
    (
        Word.MEASURE,
        "completion",
    ): "完成率|目标完成率|完成比例|指标完成率|任务完成率|completion rate|达成率|目标达成率",
    (
        Word.MEASURE,
        "population",
    ): "人口|常住人口|人口数|人口数量|总人口|常住人口数|多少人口|population|inhabitants|residents",
    (
        Word.MEASURE,
        "cases",
    ): "来件|来件数|来件量|投诉|投诉件|咨询件|诉求|诉求件|群众来件|市民来件|留言|受理件|受理的来件|cases|complaints",
    (Word.MEASURE, "on_time"): "按时答复|按时答复数|按期答复|按时办结|按时回复|及时答复|answered on time",
    (Word.MEASURE, "on_time_rate"): "按时答复率|按期答复率|按时办结率|及时答复率|on-time rate",
    (Word.MEASURE, "satisfaction"): "满意度|群众满意度|评分|打分|得分|satisfaction|rating",
    (
        Word.MEASURE,
        "withheld",
    ): "依规不公开|没有公开|没公开|未公开|不公开|没有公布|没公布|未公布|不公布|保密|隐去|遮蔽|withheld|not published",
    # ------------------------------------------------------------ subjects
    (Word.SUBJECT, "project"): "项目|工程|建设项目|财政项目|政府项目|公开项目|工程项目|projects|project",
    (
        Word.SUBJECT,
        "contract",
    ): "合同|政府采购合同|采购合同|采购|政府采购|contracts|contract|签订的合同|公开合同|procurement",
    (
        Word.SUBJECT,
        "supplier",
    ): "供应商|供货商|承包商|中标单位|中标企业|中标公司|中标商|承建商|suppliers|supplier|vendors|vendor|contractor|contractors|公司企业供应商|施工企业",
    (Word.SUBJECT, "organisation"): "预算单位|单位|budget unit|budget units|units|agencies|agency|机构",
    (Word.SUBJECT, "indicator"): "绩效指标|指标|indicator|indicators|绩效",
    # ------------------------------------------------------------ levels and splits
    (Word.LEVEL, "city"): """
        各市|各个市|各地市|各地级市|各城市|每个市|每个城市|每市|每个地市|各市州|市级层面各市|哪个市|哪个城市|哪个地市|哪个地级市|哪座城市|哪市|哪些市|哪些城市|哪些地市|哪几个市|哪几个城市|哪几个地市|几个市|几个城市|地市|地级市|
        城市|个市|个城市|个地市|个地级市|的市|市|21个市|所有市|所有的市|全部市|所有城市|每一个市|分市|按市|分城市|按城市|分地市|按地市|哪一个市|哪一个城市|什么市|which city|which cities|cities|each city|every city|by city|city|per city
    """,
    (Word.LEVEL, "county"): """
        各县|各区|各区县|各县区|各县市区|各县(市,区)|各县(市、区)|各个县|各个区|各个县区|各个区县|每个县|每个区|每个区县|每个县区|哪个县|哪个区|哪个县区|哪个区县|哪个县市区|哪些县|哪些区|哪些县区|哪些区县|哪几个县|哪几个区|
        哪几个县区|哪几个区县|几个县|几个区县|几个县区|县区|区县|县(市,区)|县(市、区)|县市区|个县|个区|个县区|个区县|的县|县|区|所有县|所有的县|所有区县|所有县区|所有县市区|全部区县|分县|按县|分区县|按区县|按县区|哪一个县|哪一个区|下辖各县|下辖区县|下辖各区县|下属各县|
        which county|which counties|counties|each county|every county|by county|county|which district|districts|by district
    """,
    (
        Word.LEVEL,
        "any",
    ): "各地|各地区|每个地区|哪个地方|哪个地区|哪里|哪些地方|哪些地区|哪儿|什么地方|哪块地方|各个地方|各地方|哪几个地方|哪几个地区|哪地|where|which region|which regions|which place|regions|by region",
    (Word.SPLIT, "function"): """
        哪个领域|哪些领域|哪方面|哪个方面|哪些方面|哪几个领域|各领域|各个领域|每个领域|哪个科目|哪些科目|哪个支出科目|各科目|各功能科目|各功能分类|按功能分类|按科目|分科目|按领域|分领域|按用途|哪类支出|哪一类支出|哪些类支出|各类支出|各项支出|哪项支出|哪些支出|
        哪一项支出|什么支出|支出结构|支出构成|哪一块|哪块|什么领域|什么方面|哪里去了|哪儿去了|去哪了|去哪里了|到哪里去了|去哪儿了|都花哪了|花哪了|哪个类别|哪类|哪一类|功能分类|科目|which area|which areas|which field|by function|which function|which sector of spending|which category|by category|by area
    """,
    (
        Word.SPLIT,
        "sector",
    ): "哪个部门|哪些部门|各部门|各个部门|每个部门|按部门|分部门|哪个主管部门|哪些主管部门|各主管部门|按主管部门|哪个系统|各系统|哪几个部门|部门|主管部门|哪个行业|各行业|哪家部门|which department|departments|by department|which sector|by sector|sectors",
    (
        Word.SPLIT,
        "organisation",
    ): "哪个单位|哪些单位|各单位|各个单位|每个单位|按单位|分单位|哪个预算单位|哪些预算单位|各预算单位|每个预算单位|哪几个单位|哪家单位|哪几家单位|which unit|which agency|which units|by unit",
    (
        Word.SPLIT,
        "supplier",
    ): "哪个供应商|哪些供应商|哪家供应商|哪几家供应商|各供应商|每个供应商|哪家公司|哪些公司|哪个公司|哪几家公司|哪家企业|哪些企业|哪个企业|哪个承包商|哪家承包商|哪家中标单位|which supplier|which suppliers|which company|which companies|by supplier|which vendor",
    (
        Word.SPLIT,
        "project",
    ): "哪个项目|哪些项目|各项目|每个项目|哪几个项目|哪项工程|哪些工程|哪个工程|哪几项工程|各个项目|按项目|分项目|which project|which projects|by project",
    (
        Word.SPLIT,
        "contract",
    ): "哪份合同|哪些合同|哪个合同|哪笔合同|哪一份合同|哪几份合同|每份合同|which contract|which contracts",
    (
        Word.SPLIT,
        "year",
    ): "哪一年|哪年|哪个年度|各年|每年|历年|逐年|各年度|每一年|每个年度|按年|分年|分年度|按年度|哪几年|哪些年|which year|each year|every year|by year|yearly|annually|annual|per year|over the years",
    (
        Word.SPLIT,
        "month",
    ): "哪个月|哪月|哪一个月|各月|每月|每个月|逐月|按月|分月|各个月|月度|哪几个月|哪些月|which month|each month|every month|by month|monthly|per month",
    (
        Word.SPLIT,
        "quarter",
    ): "哪个季度|各季度|每季度|每个季度|逐季|按季度|分季度|哪一季度|which quarter|each quarter|by quarter|quarterly",
    (
        Word.SPLIT,
        "fund_source",
    ): "资金来源|哪种资金来源|各资金来源|哪个资金来源|哪些资金来源|按资金来源|哪类资金|钱从哪来|钱从哪里来|钱是哪来的|钱从哪儿来|来自哪里|fund source|fund sources|by fund source|source of funds",
    (
        Word.SPLIT,
        "payee_group",
    ): "收款方类别|收款方|收款人类别|哪类收款方|哪些收款方|各类收款方|按收款方|付给了谁|付给谁|给了谁|钱给了谁|流向了谁|流向谁|流向哪里|流向|资金流向|payee group|payee groups|payees",
    (
        Word.SPLIT,
        "economic",
    ): "经济分类|按经济分类|各经济分类|经济科目|哪个经济分类|哪类经济分类|economic class|by economic class",
    (Word.SPLIT, "status"): "各状态|按状态|各种状态|不同状态|by status|项目状态",
    (Word.SPLIT, "light"): "各灯|按预警灯|各种灯|预警灯|各颜色|by light|按灯",
    (
        Word.SPLIT,
        "method",
    ): "采购方式|各采购方式|按采购方式|哪种采购方式|各种采购方式|什么采购方式|by procurement method|procurement method",
    (Word.SPLIT, "indicator"): "哪些指标|各指标|哪些绩效指标|各项指标",
    # ------------------------------------------------------------ what is asked
    (
        Word.ASK,
        "howmuch",
    ): "多少|多少钱|多少元|多少万|多少亿|多少万元|多少亿元|多少资金|多少经费|几多钱|几多|多大|多高|是多少|有多少|为多少|几何|几个亿|几亿|几百万|多少块|多少块钱|how much|how many yuan|how large|how high|how big|多少公共资金|多少财政资金",
    (
        Word.ASK,
        "howmany",
    ): "多少个|多少项|多少份|多少家|多少条|多少笔|几个|几项|几份|几家|几笔|几条|多少宗|多少件|多少单|多少例|多少处|how many|count of|number of|个数|有几个|有多少个|数量|多少名|多少所|多少座|几所|几座|几处",
    (Word.ASK, "which"): "哪个|哪些|哪几个|哪家|哪一个|哪一家|哪|哪几家|which|哪份|哪项|哪一项|哪五个|哪三个",
    (Word.ASK, "who"): "谁|who",
    (
        Word.ASK,
        "list",
    ): "列出|列一下|列举|有哪些|名单|清单|列表|都有哪些|明细|list|列出来|都有什么|都有谁|list all|罗列",
    (
        Word.ASK,
        "exists",
    ): "有没有|是否有|有无|是不是有|存不存在|是否存在|存在不存在|is there|are there|is there any|are there any|有没得|有吗",
    (
        Word.ASK,
        "trend",
    ): "趋势|变化|变化情况|变化趋势|走势|走向|变动|变动情况|变化如何|怎么变|怎么变化|变动趋势|增减变化|trend|trends|over time|曲线|走势如何",
    (
        Word.ASK,
        "rank",
    ): "排第几|排第几名|排第几位|排名第几|排名|排行|排行榜|排在第几|排在第几位|位列第几|位居第几|居第几|第几名|第几|名次|排什么名次|排多少名|排多少位|排序|排个名|排几|排名多少|rank|ranking|ranks|ranked|名列第几",
    (
        Word.ASK,
        "share",
    ): "占比|比重|占的比例|所占比例|所占比重|份额|百分比|比例|百分之几|百分之多少|几成|share|percentage|proportion|percent|what percentage",
    (Word.ASK, "times"): "几倍|多少倍|倍数|倍|how many times",
    (
        Word.ASK,
        "perhead",
    ): "人均|平均每人|每人|每个人|人平|按人均|按人头|人均水平|每位居民|每人平均|人均算|按人口平均|per capita|per head|per person|per inhabitant|per resident",
    (Word.ASK, "average"): "平均|均值|平均值|平均每个|平均数|平均下来|average|mean|on average|平均每",
    (
        Word.ASK,
        "definition",
    ): "什么意思|是什么意思|什么叫|什么是|定义|怎么算|怎么计算|如何计算|怎么算的|怎么算出来的|口径|计算公式|公式|含义|definition|what does|mean by|how is it calculated|formula|指什么|是指什么",
    (
        Word.ASK,
        "start",
    ): "什么时候开工|啥时候开工|何时开工|哪天开工|开工时间|开工日期|什么时候开始|何时开始|何时启动|什么时候启动|启动时间|开始时间|什么时候动工|什么时候开建|开建时间|几时开工|when did it start|when does it start|when did|start date|start|begin|哪年开工|哪一年开工|几月开工",
    (Word.ASK, "end"): """
        什么时候完工|啥时候完工|何时完工|何时竣工|什么时候竣工|什么时候建成|何时建成|什么时候结束|何时结束|完工时间|竣工时间|完成时间|完工日期|竣工日期|什么时候完成|何时完成|啥时候能完工|什么时候能完工|什么时候能建好|什么时候建好|什么时候修好|什么时候能修好|
        啥时候建好|啥时候能建好|什么时候能完成|什么时候可以完工|何时能完工|计划什么时候完工|计划何时完工|计划完工时间|计划完成时间|计划竣工时间|工期|几时完工|什么时候投入使用|何时投入使用|预计什么时候完工|预计何时完工|哪天完工|哪一年完工|哪年完工|什么时候做完|
        end date|completion date|when will it be completed|when will it be finished|be completed|be finished|end|finish|when will
    """,
    (Word.ASK, "when"): "什么时候|何时|啥时候|几时|哪天|什么时间|when|时间",
    (
        Word.ASK,
        "place",
    ): "在哪里|在哪儿|在哪|在什么地方|位于哪里|位于哪|位置|地址|建设地点|地点|在什么位置|建在哪|建在哪里|建在什么地方|项目地址|where is|where are|location|address|位于",
    (
        Word.ASK,
        "owner",
    ): "谁负责|由谁负责|谁管|谁在管|归谁管|哪个单位负责|由哪个单位负责|责任单位|负责单位|建设单位|业主单位|业主|实施单位|主管单位|项目单位|哪个部门负责|谁主管|谁建的|谁实施|由谁实施|谁牵头|哪个单位实施|负责部门|who is responsible|responsible|in charge|哪个单位的|是哪个单位|哪个单位管|谁在负责|负责|responsible unit|who runs",
    (
        Word.ASK,
        "contractor",
    ): "谁承建|由谁承建|谁施工|施工单位|施工方|承建单位|承建方|谁中标|谁中的标|中标方|中标人|谁中标了|承包方|谁承包|由谁承包|由谁施工|谁在施工|谁干的|哪家公司承建|哪家公司施工|哪家公司中标|哪家中标|承包单位|由哪家公司承建|哪个公司承建|who built|who won|哪家公司做|供应商是谁|供应商是哪家|谁在修|谁在建|谁修的",
    (
        Word.ASK,
        "late",
    ): "为什么慢|为什么延期|为什么拖延|为何延期|为什么还没完工|为什么没完工|为什么还没有完工|为什么没有完工|为什么还没建好|为什么迟迟|为什么滞后|为何滞后|延期原因|滞后原因|为什么这么慢|怎么这么慢|怎么还没完工|怎么还没建好|怎么还没修好|为什么还没修好|拖延|为什么落后|为什么停工|为何停工|为什么晚|为什么亮|为何亮|为什么是|亮灯原因|为什么|为何|为啥|原因|why|怎么回事|延期了|延期|逾期|超期|拖了|晚了|滞后|延误|delayed|late",
    (
        Word.ASK,
        "status",
    ): "什么状态|状态|处于什么状态|目前状态|完工了吗|完工了没有|完工没有|建好了吗|建好了没有|修好了吗|修好了没有|开工了吗|开工了没有|建成了吗|竣工了吗|做完了吗|完成了吗|完工没|建好没|修好没|有没有完工|是否完工|是否竣工|是否已完工|是否开工|有没有开工|停工了吗|status",
    (
        Word.ASK,
        "lamp",
    ): "什么灯|亮什么灯|亮的什么灯|预警级别|预警等级|预警状态|什么颜色的灯|灯是什么颜色|预警情况",
    (
        Word.ASK,
        "policy",
    ): "政策依据|依据什么政策|依据的政策|依据什么文件|根据什么文件|什么文件|依据是什么|政策|依据|policy basis|policy",
    (
        Word.ASK,
        "about",
    ): "介绍|介绍一下|简介|概况|基本情况|是做什么的|是干什么的|干什么的|做什么用|内容|建设内容|详情|description|是什么项目",
    (Word.ASK, "population_of"): "有多少人|多少人口|有多少人口|多少常住人口",
    (Word.ASK, "signed"): "签订|签了|签订了|签署|签约|签的|签订的|签|signed|签订日期|什么时候签的",
    # ------------------------------------------------------------ comparing
    (Word.EXTREME, "most"): """
        最多|最高|最大|最快|最好|最贵|最靠前|花得最多|花的最多|花钱最多|第一|第一名|排第一|排名第一|排在第一|最厉害|居首|居首位|排首位|最强|最领先|最大的一笔|最长|头名|排头名|数一数二|名列前茅|largest|most|highest|biggest|top|fastest|greatest|maximum|max|best|the most
    """,
    (
        Word.EXTREME,
        "least",
    ): "最少|最低|最小|最慢|最差|最便宜|垫底|倒数第一|排最后|最后一名|排名最后|最后|末位|最末|最落后|最短|lowest|least|smallest|fewest|slowest|minimum|min|worst|bottom",
    (
        Word.CHANGE,
        "growth",
    ): "同比|同比增长|同比增长率|同比变化|同比增减|同比增速|增速|增长率|增幅|增长幅度|增长了百分之几|增长百分之几|增长了百分之多少|增长百分之多少|下降了百分之几|涨幅|降幅|变化率|增长了几个百分点|同比情况|同比增加|同比增长了|同比下降|同比减少|year on year|year-on-year|yoy|growth rate|growth|percent change|grow by what percentage|涨了百分之几|同比增幅|增长比例",
    (Word.CHANGE, "difference"): """
        多多少|少多少|多了多少|少了多少|增加多少|增加了多少|减少多少|减少了多少|增长多少|增长了多少|下降多少|下降了多少|多花了多少|多花多少|少花了多少|少花多少|多支出多少|多支出了多少|少支出了多少|高多少|低多少|高了多少|低了多少|提高了多少|提高多少|上升了多少|上升多少|
        差多少|差了多少|相差多少|差距多大|差距|差额|相差|之差|增加额|增长额|增量|变化多少|变化了多少|涨了多少|降了多少|差别|差异|多出多少|少了几多|多几多|多花了几多|增长了|增加了|减少了|下降了|多花了|少花了|多支出|增加|减少|增长|下降|提高|上涨|增减|增减多少|how much more|how much less|difference|increase|decrease|change|changed|increased|decreased|rise|fall|多少差距|降低了多少|降低多少|降低|高出多少|多多少钱|少多少钱|多花多少钱|多花了多少钱|差多少钱|相差多少钱|增加了多少钱|减少了多少钱|多了多少钱|少了多少钱|grow|grew
    """,
    (
        Word.VERSUS,
        "",
    ): "比|相比|相较|较|对比|比起|与之相比|相比于|相对于|compared with|compared to|versus|vs|vs.|than|compare|跟去年比|比较|比一比|对照|比一下",
    (
        Word.ASK,
        "larger",
    ): "哪个多|哪个更多|谁多|谁更多|哪个大|哪个更大|谁大|谁更大|哪个高|哪个更高|谁高|谁更高|哪个花得多|谁花得多|谁花的多|哪个花的多|哪个花钱多|谁花钱多|哪里多|哪边多|哪个市多|哪个县多|哪个多一些|哪个多一点|谁多一些|谁多一点|谁花得更多|谁的多|哪个的多|谁的高|哪个的高|谁的更高|哪个的更高|谁更高一些|哪个快|谁快|哪个更快|谁更快|哪年多|哪一年多|哪年更多|更多|更高|更大|多一些|多还是|which is higher|which is larger|which spent more|who spent more|more|higher|larger|greater|谁花钱更多|谁领先|谁比较多|谁比较高|哪个比较多|哪个比较高",
    (
        Word.ASK,
        "smaller",
    ): "哪个少|哪个更少|谁少|谁更少|哪个低|哪个更低|谁低|谁更低|哪个小|哪个更小|谁的少|谁的低|哪个慢|谁慢|更少|更低|less|lower|smaller|fewer|谁花得少|哪个花得少|哪个比较少|哪个比较低",
    (Word.AND, ""): "和|与|跟|同|以及|及|、|,|还有|且|and|&|;|or|还是|或|或者",
    (Word.OF, ""): "占|占了|占到|占到了|在其中占|占全部|as a share of|as a percentage of",
    (
        Word.NOT,
        "",
    ): "不|不是|没有|没|未|非|无|除|除了|除去|除外|以外|之外|不含|不包括|不包含|不算|扣除|扣掉|剔除|减去|减|去掉|去除|排除|其余|其他|其它|剩下|剩余|另外|not|except|excluding|without|other than|minus|no|别的|不到位|never|none",
    (
        Word.WHOLE,
        "",
    ): "总支出|全部支出|所有支出|支出总额|总盘子|全部财政支出|财政总支出|全部预算|支出的总额|total spending|total expenditure|all spending",
    (Word.WHOLE, "city"): "全市|整个市|全市范围",
    (Word.WHOLE, "county"): "全县|全区|整个县|全县范围",
    (
        Word.OWN_LEVEL,
        "",
    ): "省本级|市本级|县本级|区本级|本级|省级|市级|县级|区级|省直|市直|县直|provincial level|本级财政|乡镇|街道|镇|村|镇级|乡级|乡",
    (
        Word.LIVELIHOOD,
        "yes",
    ): "民生项目|民生工程|民生实事|民生类项目|民生|惠民项目|惠民工程|民生实事项目|livelihood projects|livelihood project|livelihood",
    (Word.LIVELIHOOD, "no"): "非民生项目|非民生|不是民生",
    # ------------------------------------------------------------ roles of a date
    (
        Word.DATE_ROLE,
        "starts_on",
    ): "开工|开工的|启动|启动的|动工|动工的|新开工|新开工的|开建|开建的|立项|新上|started|starting|launched|新启动",
    (
        Word.DATE_ROLE,
        "ended_on",
    ): "完工的|竣工的|建成的|完成的|办结的|结束的|建好的|completed in|finished in|实际完工",
    (
        Word.DATE_ROLE,
        "planned_end",
    ): "计划完工|计划完工的|计划竣工|计划建成|应完工|应该完工|到期|到期的|预计完工|计划完成的|应当完工|due",
    # ------------------------------------------------------------ verbs of outputs
    (
        Word.VERB,
        "build",
    ): "新建|新建了|新修|新修了|修建|修建了|建成|建成了|建设|建设了|建了|建起|兴建|兴建了|盖了|盖|建|建造|建造了|新建成|built|build|constructed|construction",
    (Word.VERB, "repair"): "修了|修|整修|维修|维修了|修缮|修缮了|养护|养护了|修好|修好了|修通|修通了|修完",
    (
        Word.VERB,
        "rebuild",
    ): "改造|改造了|改建|改建了|翻新|翻新了|整治|整治了|提升改造|升级改造|改扩建|改扩建了|renovated|renovate|upgraded|rebuilt|改",
    (Word.VERB, "add"): "新增|新增了|增设|增设了|添置|添了|增添|扩建|扩建了|新添|新添了|added|add|多了",
    (Word.VERB, "train"): "培训|培训了|trained|train",
    (Word.VERB, "give"): "发放|发放了|补贴|补贴了|补助|补助了|资助|资助了|发了|发",
    (Word.VERB, "treat"): "治理|治理了|整治好|清理|清理了|疏浚|疏浚了|清淤",
    (Word.VERB, "strengthen"): "加固|加固了|除险加固|除险加固了",
    (Word.VERB, "plant"): "种植|种植了|造林|绿化|绿化了|种了|种|栽种|植树",
    (
        Word.VERB,
        "help",
    ): "帮扶|帮扶了|救助|救助了|惠及|惠及了|服务|服务了|受益|帮助|帮助了|扶持|扶持了|支持|支持了|保障|保障了",
    (
        Word.VERB,
        "lay",
    ): "铺设|铺设了|铺了|安装|安装了|敷设|埋设|装了|购置|购置了|买了|采购了|更新|更新了|更换|更换了|配备|配备了",
    (Word.VERB, "hold"): "举办|举办了|开展|开展了|办了|组织|组织了|提供|提供了",
    (
        Word.VERB,
        "do",
    ): "做了|搞了|干了|办|搞|弄了|获得|拿到|拿了|得到|得了|收到|收到了|收了|拿|中了|中标|中标了|有过|达到|达|受理|受理了|接到|接到了|承接|承接了|承担|接了|won|received|receive|get|got",
    # ------------------------------------------------------------ what is not for us
    (
        Word.REFUSE,
        "forecast",
    ): "预测|预计|预估|估计|估算|将会|将要|会不会|未来|以后会|明年会|下一步|前景|forecast|predict|expected|will|future|would|有望|推测|展望|今后|将来|预期|还会|接下来",
    (
        Word.REFUSE,
        "opinion",
    ): "合理吗|合理|应该|应不应该|该不该|值不值|值得|值得吗|好不好|好吗|好用吗|浪费|浪费了|是否浪费|怎么看|如何看|你觉得|你认为|觉得|认为|看法|评价|评价一下|评论|意见|建议|够不够|太多|太少|太高|太低|公平|公平吗|满不满意|腐败|贪污|贪|贪官|有问题吗|问题大吗|靠谱|靠谱吗|谁的责任|黑幕|猫腻|should|opinion|reasonable|fair|waste|wasted|corrupt|corruption|do you think|recommend|喜欢|支持哪个|好还是坏|严重吗|厉害吗|划算|划算吗|值|不值|能力强|最优秀|是否合理|是否公平|是否应该|批评|表扬|负责任吗",
    (
        Word.REFUSE,
        "person",
    ): "身份证|身份证号|手机号|电话|电话号码|联系方式|银行卡|银行账号|账号|卡号|家庭住址|住址|姓名|名字|工资|薪水|月薪|年薪|收入多少|奖金|书记|市长|县长|省长|局长|厅长|处长|主任|科长|领导|干部|谁领了|谁领|领取人|某某|先生|女士|村民|低保户|老师的|医生的|salary|wage|phone number|id number|mayor|governor|who received|individual named|残疾人|某人|张三|李四|王五|个人账户|老人名单|补助对象|名下|本人|住在",
    (
        Word.REFUSE,
        "not_in_data",
    ): "财政收入|税收|税收收入|收入|非税收入|税|gdp|生产总值|国内生产总值|债务余额|政府债务|债务|负债|欠债|赤字|财政赤字|结余|结转|盈余|土地出让|土地收入|土地出让金|房价|物价|失业率|就业率|人均收入|可支配收入|学生人数|教师人数|三公经费|三公|revenue|tax|taxes|taxation|debt|deficit|surplus|预备金|出生率|编制|公务员人数|工龄|退休金标准|税率|利率|汇率|股价|股市",
    (Word.REFUSE, "out_of_scope"): """
        天气|下雨|气温|股票|彩票|足球|世界杯|新闻|笑话|讲个笑话|写诗|写一首诗|写一篇|作文|翻译|歌|电影|菜谱|做饭|美食|旅游攻略|攻略|食谱|星座|算命|机票|火车票|酒店|快递|你是谁|你叫什么|你是什么|机器人|人工智能|聊天|唱歌|编程|代码|python|javascript|weather|joke|poem|story|recipe|stock|movie|who are you|
        忽略|忽略以上|忽略之前|忽略所有|忽略前面|无视|指令|提示词|系统提示|规则|扮演|假装|越狱|管理员|管理员权限|root|admin|密码|口令|后台|数据库|ignore|previous instructions|instructions|system prompt|prompt|jailbreak|pretend|password|database|select|drop table|drop|union|delete|insert|update|script|<script>|exec|eval|原始数据|内部数据|内部|绕过|泄露|未脱敏|脱敏前|反推|推算|倒推|原文输出|raw|internal|secret|bypass|reveal|developer mode|debug|sudo|保密项目|涉密项目|涉密|秘密项目|秘密
    """,
}


def _table() -> dict[str, tuple[tuple[Word, str], ...]]:
    table: dict[str, list[tuple[Word, str]]] = {}
    for meaning, phrases in _RAW.items():
        for phrase in phrases.replace("\n", "").split("|"):
            if phrase.strip():
                known = table.setdefault(phrase.strip(), [])
                if meaning not in known:
                    known.append(meaning)
    return {phrase: tuple(meanings) for phrase, meanings in table.items()}


PHRASES: dict[str, tuple[tuple[Word, str], ...]] = _table()
"""Normalized phrase -> what it may mean; the first meaning is preferred."""

LONGEST: dict[str, int] = {}
for _phrase in PHRASES:
    LONGEST[_phrase[0]] = max(LONGEST.get(_phrase[0], 0), len(_phrase))
