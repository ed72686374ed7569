"""What people call the things of the national classifications. Data, reviewed as such; codes are only used when a
release has them and calls them by a name that contains the given stem.

Source of the classes: 政府收支分类科目 (Ministry of Finance), see the functions and economics tables of a release.
"""

from __future__ import annotations

FUNCTION_CLASS_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "201": ("公共服务", ("一般公共服务", "公共服务", "general public services", "public administration")),
    "202": ("外交", ("外交", "diplomacy", "foreign affairs")),
    "203": ("国防", ("国防", "national defense", "national defence", "defence", "defense")),
    "204": ("公共安全", ("公共安全", "公安司法", "公检法", "政法", "public security", "public safety")),
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
            "生态环保",
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
            "农业",
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

SECTOR_WORDS: dict[str, tuple[str, ...]] = {
    "综合财政": ("财政",),
    "发展改革": ("发改", "发展和改革"),
    "生态环境": ("环保", "环境保护", "环境"),
    "住房城乡建设": ("住建", "住房和城乡建设", "城建", "住房建设", "建设"),
    "文化旅游": ("文旅", "文化", "文化和旅游", "文化旅游体育", "文体"),
    "卫生健康": ("卫健", "卫生", "医疗", "医疗卫生"),
    "科技": ("科学技术", "科学"),
    "公共安全": ("公安", "政法"),
    "人力资源社会保障": ("人社", "人力资源和社会保障", "社保", "人力资源", "社会保障"),
    "交通运输": ("交通",),
    "农业农村": ("农业", "农村", "三农"),
}
"""Sector -> what its authorities are called for short; said with 部门, 系统 and the like behind it."""

GROUPS: dict[str, tuple[str, ...]] = {
    "珠三角": ("广州市", "深圳市", "珠海市", "佛山市", "惠州市", "东莞市", "中山市", "江门市", "肇庆市"),
    "粤东": ("汕头市", "汕尾市", "潮州市", "揭阳市"),
    "粤西": ("阳江市", "湛江市", "茂名市"),
    "粤北": ("韶关市", "河源市", "梅州市", "清远市", "云浮市"),
    "苏南": ("南京市", "无锡市", "常州市", "苏州市", "镇江市"),
    "苏中": ("南通市", "扬州市", "泰州市"),
    "苏北": ("徐州市", "连云港市", "淮安市", "盐城市", "宿迁市"),
    "杭嘉湖": ("杭州市", "嘉兴市", "湖州市"),
    "长株潭": ("长沙市", "株洲市", "湘潭市"),
    "胶东": ("青岛市", "烟台市", "威海市", "潍坊市", "日照市"),
    "皖江": ("合肥市", "芜湖市", "马鞍山市", "铜陵市", "安庆市", "池州市", "滁州市", "宣城市"),
    "闽南": ("厦门市", "漳州市", "泉州市"),
    "关中": ("西安市", "宝鸡市", "咸阳市", "铜川市", "渭南市"),
    "陕北": ("延安市", "榆林市"),
    "陕南": ("汉中市", "安康市", "商洛市"),
}
"""Usual names for groups of cities; a release has the group when it has every member under exactly these names."""

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

INDICATOR_ENGLISH: dict[str, tuple[str, ...]] = {
    "农村公路": ("rural roads", "rural road", "country roads"),
    "国省干线": ("trunk roads", "national and provincial roads", "highways"),
    "污水管网": ("sewers", "sewer pipes", "sewage pipes", "sewage pipelines", "sewer network"),
    "雨水管网": ("storm drains", "stormwater pipes", "storm sewers"),
    "供水管道": ("water pipes", "water supply pipes"),
    "绿道": ("greenways", "greenway"),
    "健身步道": ("fitness trails", "walking trails"),
    "口袋公园": ("pocket parks", "pocket park"),
    "养老床位": ("elderly care beds", "nursing home beds", "old-age care beds", "beds for the elderly"),
    "护理型床位": ("nursing beds",),
    "医院床位": ("hospital beds",),
    "基层床位": ("primary care beds", "clinic beds"),
    "儿童福利床位": ("child welfare beds",),
    "加装电梯": ("elevators", "lifts", "elevators installed"),
    "老旧小区": (
        "old residential communities",
        "old neighbourhoods",
        "old neighborhoods",
        "old residential compounds",
    ),
    "老旧管网": ("old pipes", "old pipelines"),
    "公办学位": ("public school places", "school places", "public school seats"),
    "初中学位": ("junior high school places", "middle school places"),
    "幼儿园学位": ("kindergarten places", "preschool places"),
    "公交车": ("buses", "bus"),
    "公交线路": ("bus routes", "bus lines"),
    "高标准农田": ("high-standard farmland", "high standard farmland", "high-standard fields"),
    "和美乡村": ("beautiful villages", "harmonious villages"),
    "农村户厕": ("rural toilets", "household toilets"),
    "危旧桥梁": ("dangerous bridges", "old bridges"),
    "新建桥梁": ("new bridges",),
    "水库": ("reservoirs", "reservoir"),
    "堤防": ("dykes", "dikes", "embankments"),
    "路灯": ("street lights", "streetlights", "street lamps"),
    "村卫生室": ("village clinics",),
    "保障性住房": ("affordable homes", "affordable housing units", "public housing units"),
    "高新技术企业": ("high-tech enterprises", "high-tech companies", "high-tech firms"),
    "发明专利": ("invention patents", "patents"),
    "城镇新增就业": ("new urban jobs", "urban jobs"),
    "职业技能培训": ("vocational training", "skills training", "people trained in vocational skills"),
    "适老化改造": ("homes adapted for the elderly", "age-friendly home renovations"),
    "社区食堂": ("community canteens",),
    "就业服务站": ("employment service stations", "job centres", "job centers"),
    "空气自动监测站": ("air monitoring stations", "air quality stations"),
    "消防救援车": ("fire engines", "fire trucks"),
    "文化惠民演出": ("public performances", "cultural performances"),
    "污水处理能力": ("sewage treatment capacity", "wastewater treatment capacity"),
    "垃圾处理能力": ("waste treatment capacity", "garbage treatment capacity"),
}
"""A piece of an indicator's name -> what it is called in English."""

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
