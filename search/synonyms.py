"""What people call the things of the national classifications. Data, reviewed as such; codes are only used when a
release has them and calls them by a name that contains the given stem.

Source of the classes: 政府收支分类科目 (Ministry of Finance), see the functions and economics tables of a release.
"""

from __future__ import annotations

FUNCTION_CLASS_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "201": ("公共服务", ("一般公共服务", "公共服务", "general public services", "public administration")),
    "202": ("外交", ("外交", "diplomacy", "foreign affairs")),
    "203": ("国防", ("国防", "national defense", "national defence", "defence", "defense")),
    "204": ("公共安全", ("公共安全", "公安司法", "public security", "public safety")),
    "205": ("教育", ("教育", "教育事业", "education", "schooling")),
    "206": (
        "科学",
        ("科学技术", "科技", "科学", "science and technology", "science", "technology", "sci-tech"),
    ),
    "207": (
        "文化",
        (
            "文化旅游体育与传媒",
            "文化旅游体育",
            "文旅体育与传媒",
            "文旅体育",
            "文旅",
            "文体",
            "文化体育与传媒",
            "文化体育",
            "文化旅游",
            "文化",
            "culture tourism and sports",
            "culture, tourism, sports and media",
            "culture and tourism",
            "culture",
        ),
    ),
    "208": (
        "社会保障",
        (
            "社会保障和就业",
            "社会保障与就业",
            "社会保障",
            "社保和就业",
            "社保就业",
            "社保",
            "social security and employment",
            "social security",
        ),
    ),
    "210": (
        "卫生",
        (
            "卫生健康",
            "医疗卫生",
            "医疗卫生健康",
            "卫健",
            "医疗",
            "卫生",
            "看病",
            "health care",
            "healthcare",
            "health",
            "public health care",
            "medical care",
        ),
    ),
    "211": (
        "环保",
        (
            "节能环保",
            "环保",
            "环境保护",
            "环境治理",
            "节能",
            "environmental protection",
            "environment",
            "energy saving",
        ),
    ),
    "212": (
        "城乡社区",
        (
            "城乡社区",
            "城乡社区事务",
            "城市建设和社区",
            "urban and rural community",
            "urban and rural communities",
        ),
    ),
    "213": (
        "农林水",
        (
            "农林水",
            "农林水事务",
            "三农",
            "农业林业水利",
            "agriculture forestry and water",
            "agriculture, forestry and water",
            "agriculture",
        ),
    ),
    "214": ("交通", ("交通运输", "交通", "transportation", "transport")),
    "215": (
        "工业",
        (
            "资源勘探工业信息等",
            "资源勘探工业信息",
            "资源勘探信息",
            "工业信息",
            "resource exploration and industry",
        ),
    ),
    "216": (
        "商业",
        ("商业服务业等", "商业服务业", "商业服务", "commerce and services", "commercial services"),
    ),
    "217": ("金融", ("金融", "finance sector", "financial sector")),
    "219": ("援助", ("援助其他地区", "对口支援", "aid to other regions")),
    "220": ("自然资源", ("自然资源海洋气象等", "自然资源海洋气象", "国土海洋气象", "natural resources")),
    "221": ("住房", ("住房保障", "住房", "保障性住房", "housing support", "housing security", "housing")),
    "222": ("粮油", ("粮油物资储备", "粮油储备", "粮油物资", "grain and oil reserves")),
    "223": ("国有资本", ("国有资本经营预算",)),
    "224": (
        "应急",
        (
            "灾害防治及应急管理",
            "灾害防治和应急管理",
            "灾害防治",
            "应急管理",
            "应急",
            "防灾减灾",
            "disaster prevention",
            "emergency management",
        ),
    ),
    "227": ("预备费", ("预备费", "reserve fund")),
    "231": ("还本", ("债务还本", "还债本金", "debt principal")),
    "232": ("付息", ("债务付息", "债务利息", "还债利息", "debt interest")),
    "233": ("发行", ("债务发行费用",)),
}
FUNCTION_CLASS_WORDS |= {
    "20819": ("最低生活保障", ("低保",)),
    "20402": ("公安", ("公安",)),
    "21002": ("公立医院", ("公立医院",)),
    "20503": ("职业教育", ("职业教育", "职教")),
    "2050201": ("学前教育", ("学前教育", "幼儿园教育", "幼教")),
    "2050202": ("小学教育", ("小学教育", "小学")),
    "2050203": ("初中教育", ("初中教育", "初中")),
    "2050204": ("高中教育", ("高中教育", "高中")),
    "2050205": ("高等教育", ("高等教育", "高校", "大学")),
    "21004": ("公共卫生", ("公共卫生",)),
}
"""Class code -> (a stem its official name must contain, what people say)."""

FUND_SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "general": (
        "一般公共预算",
        ("一般公共预算资金", "一般公共预算", "general public budget", "general budget"),
    ),
    "fund": (
        "政府性基金",
        ("政府性基金预算", "政府性基金", "基金预算", "government funds", "government fund"),
    ),
    "state_capital": (
        "国有资本经营预算",
        ("国有资本经营预算资金", "国有资本经营预算", "国有资本经营", "国资预算", "state capital"),
    ),
    "social_insurance": (
        "社会保险基金",
        ("社会保险基金预算", "社会保险基金", "社保基金", "social insurance fund", "social insurance"),
    ),
    "bond": (
        "债券资金",
        ("地方政府债券", "政府债券", "专项债券", "专项债", "债券资金", "债券", "发债", "bond", "bonds"),
    ),
    "transfer": (
        "转移支付",
        (
            "转移支付资金",
            "转移支付",
            "上级转移支付",
            "上级补助",
            "中央转移支付",
            "transfer",
            "transfers",
            "transfer payments",
        ),
    ),
}

PAYEE_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "company": (
        "企业",
        ("公司企业", "企业", "公司", "付给企业", "companies", "company", "enterprises", "businesses"),
    ),
    "institution": ("事业单位", ("事业单位", "institutions")),
    "public_body": (
        "机关团体",
        ("机关团体", "国家机关", "行政机关", "机关", "政府机关", "public bodies", "government bodies"),
    ),
    "individual": (
        "个人",
        ("个人和家庭", "个人", "自然人", "老百姓个人", "individuals", "private persons", "persons"),
    ),
}

STATUSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "planned": (
        "未开工",
        (
            "尚未开工",
            "还未开工",
            "还没开工",
            "还没有开工",
            "没有开工",
            "没开工",
            "未开工",
            "未启动",
            "筹备中",
            "计划中",
            "拟建",
            "待开工",
            "planned",
            "not started",
        ),
    ),
    "under_way": (
        "在建",
        (
            "正在建设",
            "正在实施",
            "在建设",
            "建设中",
            "实施中",
            "施工中",
            "进行中",
            "正在进行",
            "正在推进",
            "在建",
            "在施",
            "under way",
            "underway",
            "ongoing",
            "under construction",
            "in progress",
        ),
    ),
    "completed": (
        "已完工",
        (
            "已经完工",
            "已完工",
            "已经完成",
            "已完成",
            "已竣工",
            "已经竣工",
            "竣工",
            "完工",
            "建成",
            "已建成",
            "已经建成",
            "已经建好",
            "建好",
            "做完",
            "completed",
            "finished",
        ),
    ),
    "suspended": (
        "暂停",
        ("已经暂停", "暂停", "停工", "已停工", "停建", "缓建", "烂尾", "suspended", "halted", "paused"),
    ),
    "cancelled": (
        "已取消",
        ("已经取消", "已取消", "取消", "终止", "已终止", "撤销", "cancelled", "canceled"),
    ),
}

LIGHTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "green": ("绿灯", ("绿灯", "亮绿灯", "绿色", "正常", "green light", "green lights", "green")),
    "yellow": (
        "黄灯",
        ("黄灯", "亮黄灯", "黄色预警", "黄色", "提醒级", "yellow light", "yellow lights", "yellow"),
    ),
    "orange": (
        "橙灯",
        ("橙灯", "亮橙灯", "橙色预警", "橙色", "关注级", "orange light", "orange lights", "orange"),
    ),
    "red": (
        "红灯",
        ("红灯", "亮红灯", "亮了红灯", "红色预警", "红色", "紧急级", "red light", "red lights", "red"),
    ),
}

PROCUREMENT_WORDS: dict[str, tuple[str, ...]] = {
    "公开招标": ("公开招标", "公开招投标", "招标", "open tender", "open tendering"),
    "邀请招标": ("邀请招标", "邀标"),
    "竞争性谈判": ("竞争性谈判",),
    "询价": ("询价", "询价采购"),
    "单一来源采购": ("单一来源采购", "单一来源", "sole source", "single source"),
    "竞争性磋商": ("竞争性磋商",),
    "框架协议采购": ("框架协议采购", "框架协议"),
}

UNIT_WORDS: tuple[tuple[str, ...], ...] = (
    ("公里", "千米", "km", "kilometers", "kilometres", "里程"),
    ("平方米", "平米", "m2", "平方"),
    ("万平方米", "万平米"),
    ("立方米", "方", "m3"),
    ("万立方米", "万方"),
    ("个", "所", "座", "处"),
    ("人次", "人次数"),
    ("人", "名", "位"),
    ("万人次",),
    ("张", "床"),
    ("户", "家"),
    ("套", "间"),
    ("亩",),
    ("万亩",),
    ("吨",),
    ("万吨",),
    ("万吨/日", "万吨每日", "万吨每天", "万吨/天"),
    ("吨/日", "吨每日", "吨每天", "吨/天"),
    ("件", "项"),
    ("台", "辆", "部"),
    ("公顷",),
    ("米", "延米"),
)
"""Words that may stand for a unit of measurement; the first is the usual one. Units of different size are never mixed."""

OTHER_PLACES: tuple[str, ...] = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
    "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆",
    "香港", "澳门", "石家庄", "太原", "沈阳", "大连", "长春", "哈尔滨", "南京", "苏州", "无锡", "杭州", "宁波", "温州", "合肥", "福州",
    "厦门", "南昌", "济南", "青岛", "郑州", "武汉", "长沙", "广州", "深圳", "珠海", "佛山", "东莞", "南宁", "海口", "三亚", "成都",
    "贵阳", "昆明", "拉萨", "西安", "兰州", "西宁", "银川", "乌鲁木齐", "呼和浩特", "中国", "全国", "美国", "日本", "英国", "法国", "德国",
    "俄罗斯", "韩国", "印度", "国外", "外省", "邻省", "其他省", "别的省", "兄弟省份", "beijing", "shanghai", "guangdong",
    "shenzhen", "guangzhou", "china", "japan", "zhejiang", "jiangsu", "sichuan", "hunan",
)  # fmt: skip
"""Real places outside the province. They are recognised so that they are refused, not overlooked; a release that has
a place of that name comes first."""
