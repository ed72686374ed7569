"""What projects there are: names, what they build, what a unit of it costs, and by which figures they are judged.

Costs are yuan per unit of the first output, in the range that such works are tendered for, so that a division of
money by output gives a believable price.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Output:
    """A quantity a project delivers; for secondary outputs `low` and `high` are per unit of the first output."""

    indicator: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure other than quantity: what kind, in what unit, between which targets."""

    kind: str
    indicator: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ProjectKind:
    """A template of projects. `trade` names the kind of contractor; `grant` means subsidies without a contract."""

    key: str
    sector: str
    level: str
    function: str
    economic: str
    trade: str
    titles: tuple[str, ...]
    reason: str
    output: Output
    yuan_per_unit: tuple[float, float]
    years: int
    livelihood: bool
    share: float
    more_outputs: tuple[Output, ...]
    effects: tuple[Effect, ...]


QUALITY = Effect("quality", "工程质量验收合格率", "%", 100, 100)
SERVICE_QUALITY = Effect("quality", "服务质量考核达标率", "%", 90, 98)
GOODS_QUALITY = Effect("quality", "设备验收合格率", "%", 100, 100)
ON_TIME = Effect("timeliness", "按期完成率", "%", 95, 100)
PAID_ON_TIME = Effect("timeliness", "补助资金按时发放率", "%", 95, 100)
COST = Effect("cost", "投资控制率（决算/概算）", "%", 95, 100)
SATISFACTION = Effect("satisfaction", "受益群众满意度", "%", 85, 96)
COMPANY_SATISFACTION = Effect("satisfaction", "企业满意度", "%", 85, 95)


def _outputs(text: str) -> tuple[Output, ...]:
    parts = (item.split() for item in text.split(";") if item.strip())
    return tuple(Output(p[0], p[1], float(p[2]), float(p[3])) for p in parts)


def _effects(text: str) -> tuple[Effect, ...]:
    parts = (item.split() for item in text.split(";") if item.strip())
    return tuple(Effect(p[0], p[1], p[2], float(p[3]), float(p[4])) for p in parts)


def _kind(  # noqa: PLR0913, PLR0917 - one row of the table below
    key: str, where: str, classes: str, titles: str, reason: str, output: str, cost: tuple[float, float],
    shape: tuple[int, bool, float], more: str = "", effects: str = "",
) -> ProjectKind:  # fmt: skip
    sector, level = where.split()
    function, economic, trade = classes.split()
    years, livelihood, share = shape
    return ProjectKind(
        key, sector, level, function, economic, trade, tuple(titles.split("|")), reason, _outputs(output)[0], cost,
        years, livelihood, share, _outputs(more), _effects(effects),
    )  # fmt: skip


PROJECT_KINDS = (
    _kind("rural_road", "交通运输 county", "2140104 50302 road", "{county}{town}至{town2}农村公路改造工程|{county}{town}“四好农村路”提升工程|{county}{town}通村公路窄路加宽工程", "解决{town}一带群众出行难、农产品运不出的问题", "新建农村公路里程 公里 3 48", (620_000, 1_180_000), (2, True, 5.0), "生命防护工程里程 公里 0.3 0.6", "economic 农产品外运时间缩短 % 15 35; social 通行受益人口 人 2000 26000"),
    _kind("trunk_road", "交通运输 city", "2140104 50302 road", "{county}至{county2}省道改扩建工程|{city}环城快速路{town}段工程", "打通区域交通干线瓶颈路段", "新改建国省干线里程 公里 8 46", (12_000_000, 34_000_000), (3, True, 0.9), "新建桥梁 座 0.1 0.3", "economic 平均通行时间缩短 % 15 40; ecological 施工期扬尘达标率 % 95 100"),
    _kind("bridge", "交通运输 county", "2140106 50307 road", "{county}{town}危旧桥梁改造工程|{county}农村公路危桥改造项目", "消除桥梁安全隐患，保障汛期通行", "改造危旧桥梁 座 1 9", (1_600_000, 5_200_000), (1, True, 2.0), "", "social 危桥整改率 % 100 100; social 通行受益人口 人 1500 18000"),
    _kind("road_upkeep", "交通运输 city", "2140106 50209 road", "{city}普通国省道养护工程|{city}{county}片区公路预防性养护项目", "保持路网良好技术状况", "公路养护里程 公里 40 320", (90_000, 260_000), (1, False, 1.2), "", "quality 国省道优良路率 % 88 95"),
    _kind("bus", "交通运输 city", "2140110 50306 equipment", "{city}城乡公交一体化车辆更新项目", "提升城乡公共交通服务水平", "新增或更新公交车辆 辆 20 180", (520_000, 880_000), (1, True, 0.7), "新增公交线路 条 0.03 0.08", "ecological 新能源车辆占比 % 80 100; social 建制村通客车率 % 98 100"),
    _kind("school", "教育 county", "2050202 50601 building", "{county}{town}中心小学改扩建工程|{county}第{no}小学新建工程|{county}{town}九年一贯制学校建设项目", "缓解学位紧张、化解大班额", "新增公办学位 个 180 2160", (26_000, 46_000), (2, True, 4.0), "新建校舍面积 平方米 8 13", "social 大班额化解率 % 90 100; social 服务半径内学生就近入学率 % 92 100"),
    _kind("middle_school", "教育 county", "2050203 50601 building", "{county}第{no}中学迁建工程|{county}{town}初级中学扩建项目", "满足适龄人口高峰期入学需要", "新增初中学位 个 300 2400", (34_000, 58_000), (2, True, 1.6), "新建校舍面积 平方米 10 15", "social 义务教育巩固率 % 97 99.8"),
    _kind("kindergarten", "教育 county", "2050201 50601 building", "{county}{town}公办幼儿园建设项目|{county}第{no}幼儿园新建工程", "扩大普惠性学前教育资源", "新增幼儿园学位 个 180 540", (22_000, 38_000), (1, True, 2.0), "新建园舍面积 平方米 9 12", "social 普惠性幼儿园覆盖率 % 85 95"),
    _kind("dormitory", "教育 county", "2050202 50601 building", "{county}乡村寄宿制学校条件改善项目|{county}义务教育薄弱环节改善与能力提升项目", "改善农村寄宿学校吃住条件", "改善寄宿条件学生数 人 300 3800", (5_200, 11_000), (1, True, 2.2), "更新课桌椅 套 0.4 0.9", "social 寄宿生满床率 % 85 98"),
    _kind("vocational", "教育 city", "2050302 50601 building", "{city}职业教育实训基地建设项目|{city}中等职业学校达标工程", "对接产业需求培养技能人才", "新增实训工位 个 200 2600", (16_000, 34_000), (2, False, 0.7), "", "social 毕业生初次就业率 % 92 98"),
    _kind("smart_school", "教育 county", "2050299 50306 it", "{county}智慧校园建设项目|{county}义务教育学校“班班通”更新项目", "推动优质教育资源共享", "更新多媒体教室 间 40 420", (21_000, 42_000), (1, False, 1.4), "", "social 优质课程资源覆盖学校比例 % 90 100"),
    _kind("student_aid", "教育 county", "2050299 50902 grant", "{county}家庭经济困难学生资助项目", "确保不让一名学生因家庭经济困难失学", "资助困难学生人次 人次 800 9600", (1_000, 2_400), (1, True, 1.6), "", "social 应助尽助率 % 100 100"),
    _kind("hospital", "卫生健康 city", "2100201 50601 building", "{city}人民医院住院综合楼建设项目|{city}中心医院{county}院区建设项目", "扩充优质医疗资源，缓解住院难", "新增医院床位 张 120 900", (420_000, 780_000), (3, True, 0.8), "新建业务用房面积 平方米 70 100", "social 县域内就诊率 % 88 95"),
    _kind("township_clinic", "卫生健康 county", "2100302 50601 building", "{county}{town}卫生院改扩建项目|{county}乡镇卫生院标准化建设项目", "让群众在家门口看得上病", "标准化乡镇卫生院 个 1 6", (2_200_000, 6_800_000), (1, True, 2.4), "新增基层床位 张 8 20", "social 基层诊疗量占比 % 55 68"),
    _kind("village_clinic", "卫生健康 county", "2100408 50306 equipment", "{county}村卫生室能力提升项目", "补齐村级卫生服务短板", "改造村卫生室 个 12 120", (45_000, 120_000), (1, True, 1.6), "配备智慧健康设备 套 1 1", "social 家庭医生签约率 % 40 72"),
    _kind("medical_equipment", "卫生健康 city", "2100202 50306 equipment", "{city}县域医共体影像设备购置项目|{city}中医医院诊疗设备更新项目", "提升诊疗能力", "购置大型医疗设备 台 3 26", (1_500_000, 6_500_000), (1, False, 1.2), "", "social 检查结果互认率 % 85 98"),
    _kind("screening", "卫生健康 county", "2100408 50205 service", "{county}适龄妇女“两癌”免费筛查项目|{county}老年人免费健康体检项目", "早发现、早诊断、早治疗", "免费筛查人次 人次 3000 46000", (90, 210), (1, True, 1.8), "", "social 异常病例随访率 % 95 100"),
    _kind("public_health", "卫生健康 county", "2100408 50502 service", "{county}基本公共卫生服务补助项目", "免费向居民提供基本公共卫生服务", "建立居民电子健康档案 份 60000 420000", (42, 66), (1, True, 1.4), "", "social 适龄儿童疫苗接种率 % 95 99"),
    _kind("elder_home", "民政 county", "2081006 50601 building", "{county}{town}区域养老服务中心建设项目|{county}失能老年人养护院建设项目", "应对人口老龄化，提升兜底养老能力", "新增养老床位 张 60 420", (95_000, 190_000), (2, True, 2.4), "其中护理型床位 张 0.5 0.8", "social 机构护理型床位占比 % 60 80"),
    _kind("home_care", "民政 county", "2081006 50205 service", "{county}居家养老上门服务采购项目|{county}特殊困难老年人家庭适老化改造项目", "让老年人在家安享晚年", "适老化改造户数 户 120 1600", (3_200, 6_400), (1, True, 2.0), "上门服务人次 人次 8 20", "social 服务对象家属认可率 % 88 97"),
    _kind("canteen", "民政 county", "2081006 50306 building", "{county}社区“幸福食堂”建设项目", "方便老年人就餐", "新建社区食堂 个 3 26", (280_000, 650_000), (1, True, 1.4), "日均助餐人次 人次 40 90", "social 十五分钟助餐圈覆盖率 % 70 95"),
    _kind("child_welfare", "民政 city", "2081001 50601 building", "{city}未成年人救助保护中心建设项目", "加强困境儿童保护", "新增儿童福利床位 张 30 160", (140_000, 260_000), (1, True, 0.5), "", "social 困境儿童建档率 % 100 100"),
    _kind("job_subsidy", "人力资源社会保障 city", "2080799 50799 grant", "{city}稳岗就业补贴项目|{city}重点群体就业创业扶持项目", "稳定和扩大就业", "城镇新增就业人数 人 2000 36000", (900, 2_300), (1, True, 1.6), "帮扶困难人员就业 人 0.06 0.14", "economic 城镇登记失业率控制 % 3.2 4.5; social 零就业家庭动态清零率 % 100 100"),
    _kind("training", "人力资源社会保障 city", "2080799 50203 service", "{city}职业技能提升培训项目|{city}“乡村工匠”培训项目", "提高劳动者技能素质", "开展职业技能培训人次 人次 1200 18000", (900, 1_900), (1, True, 1.6), "", "quality 培训合格率 % 90 98; social 培训后就业率 % 60 85"),
    _kind("job_station", "人力资源社会保障 city", "2080101 50306 building", "{city}家门口就业服务站建设项目", "把就业服务送到群众身边", "新建就业服务站 个 10 90", (140_000, 320_000), (1, True, 0.8), "", "social 服务求职者 人次 3000 42000"),
    _kind("sewage_plant", "生态环境 city", "2110302 50302 municipal", "{county}第{no}污水处理厂及配套管网工程|{city}{county}污水处理厂提标扩容工程", "改善水环境质量", "新增污水处理能力 万吨/日 0.5 8", (26_000_000, 52_000_000), (2, True, 1.2), "新建污水管网 公里 6 16", "ecological 出水水质达标率 % 98 100; ecological 国控断面优良率 % 90 100"),
    _kind("village_sewage", "生态环境 city", "2110402 50302 municipal", "{county}农村生活污水治理工程|{county}{town}流域农村环境整治项目", "消除农村黑臭水体", "治理农村污水行政村 个 6 72", (900_000, 2_400_000), (1, True, 1.8), "新建污水管网 公里 1.5 4", "ecological 农村生活污水治理率 % 55 82"),
    _kind("air", "生态环境 city", "2110301 50205 service", "{city}大气污染防治监测能力建设项目|{city}工业炉窑深度治理补助项目", "持续改善空气质量", "建成空气自动监测站 个 3 28", (480_000, 1_100_000), (1, False, 0.9), "", "ecological 空气质量优良天数比率 % 88 98; ecological PM2.5年均浓度控制 微克/立方米 22 34"),
    _kind("solid_waste", "生态环境 city", "2110304 50302 municipal", "{county}生活垃圾无害化处理设施工程", "提升固体废物处置能力", "新增垃圾处理能力 吨/日 150 1200", (260_000, 460_000), (2, True, 0.6), "", "ecological 生活垃圾无害化处理率 % 99 100"),
    _kind("river_restore", "生态环境 city", "2110302 50302 water", "{county}{town}河道生态修复工程|{city}重要湿地保护修复项目", "恢复河湖生态功能", "修复河道长度 公里 3 28", (2_600_000, 6_800_000), (2, False, 1.0), "新增植被面积 公顷 1 4", "ecological 水质达标断面比例 % 88 100"),
    _kind("old_community", "住房城乡建设 city", "2210108 50307 building", "{county}{town}片区老旧小区改造工程|{county}城镇老旧小区改造项目（第{no}批）", "改善老旧小区居住条件，补齐水电气路和加装电梯短板", "改造老旧小区户数 户 260 4200", (11_000, 24_000), (1, True, 3.2), "加装电梯 部 0.004 0.012; 改造老旧管网 米 3 9", "social 居民同意率 % 85 98"),
    _kind("public_rental", "住房城乡建设 city", "2210106 50301 building", "{city}{county}公租房建设项目|{county}保障性租赁住房建设项目", "解决新市民、青年人住房困难", "新增保障性住房 套 160 2400", (165_000, 290_000), (2, True, 1.0), "", "social 保障性住房分配率 % 85 98"),
    _kind("pipes", "住房城乡建设 city", "2120399 50302 municipal", "{county}城市燃气等老化管网更新改造工程|{county}供水管网漏损治理工程", "消除城市生命线安全隐患", "更新改造管网长度 公里 8 96", (850_000, 2_100_000), (1, True, 1.4), "", "social 管网漏损率控制 % 6 9"),
    _kind("flood_drain", "住房城乡建设 city", "2120399 50302 municipal", "{county}城市易涝点整治工程|{city}海绵城市示范片区建设项目", "提高城市排水防涝能力", "整治城市易涝点 处 4 36", (2_400_000, 7_500_000), (1, True, 1.0), "新建雨水管网 公里 0.6 1.8", "social 内涝积水消退时间 小时 0.5 2"),
    _kind("park", "住房城乡建设 city", "2120399 50302 municipal", "{county}口袋公园和城市绿道建设项目", "让群众推窗见绿、出门入园", "新建绿道长度 公里 4 32", (1_400_000, 3_600_000), (1, True, 1.0), "新建口袋公园 个 0.3 0.7", "ecological 人均公园绿地面积 平方米 12 16"),
    _kind("reservoir", "水利 city", "2130305 50302 water", "{county}{town}水库除险加固工程|{county}小型水库除险加固项目（第{no}批）", "消除病险，确保水库安全度汛", "除险加固水库 座 1 12", (3_200_000, 9_800_000), (2, True, 2.4), "恢复防洪库容 万立方米 20 90", "social 下游受保护人口 人 3000 60000"),
    _kind("irrigation", "水利 city", "2130316 50302 water", "{county}中型灌区续建配套与节水改造项目", "提高灌溉用水效率和粮食产能", "改善灌溉面积 万亩 0.6 9", (5_600_000, 11_500_000), (2, False, 1.4), "新建改造渠道 公里 8 20", "economic 新增粮食生产能力 万公斤 30 420; ecological 灌溉水有效利用系数 系数 0.55 0.64"),
    _kind("rural_water", "水利 city", "2130335 50302 water", "{county}农村供水保障工程|{county}{town}集中供水厂建设项目", "让农村群众喝上放心水", "农村供水受益人口 人 4000 68000", (480, 1_150), (1, True, 1.8), "新建供水管道 公里 0.001 0.003", "social 农村自来水普及率 % 92 99"),
    _kind("levee", "水利 city", "2130305 50302 water", "{county}江河堤防达标加固工程|{county}中小河流治理工程（{town}段）", "提高防洪标准", "加固堤防长度 公里 4 42", (3_800_000, 8_600_000), (2, True, 1.4), "", "social 防洪标准 年一遇 10 50"),
    _kind("farmland", "农业农村 county", "2130153 50302 water", "{county}高标准农田建设项目|{county}{town}高标准农田改造提升项目", "夯实粮食安全根基", "建成高标准农田 万亩 0.5 7", (15_500_000, 26_000_000), (1, True, 3.6), "新建机耕路 公里 4 10", "economic 亩均粮食增产 公斤 40 110; ecological 节水灌溉面积占比 % 40 75"),
    _kind("village_build", "农业农村 county", "2130504 50302 municipal", "{county}{town}宜居宜业和美乡村建设项目|{county}乡村振兴示范片区建设项目", "补齐村庄基础设施短板", "建成和美乡村 个 2 26", (1_600_000, 4_600_000), (1, True, 3.0), "硬化村内道路 公里 1.5 4", "social 农村生活垃圾收运处置覆盖率 % 92 100"),
    _kind("toilet", "农业农村 county", "2130135 50299 municipal", "{county}农村卫生厕所改造项目", "改善农村人居环境", "改造农村户厕 户 300 5200", (2_100, 3_600), (1, True, 1.6), "", "quality 改厕验收合格率 % 96 100"),
    _kind("industry", "农业农村 county", "2130505 50799 grant", "{county}特色产业发展衔接资金项目|{county}{town}设施农业产业园项目", "带动脱贫人口稳定增收", "扶持特色产业基地 个 2 22", (900_000, 3_400_000), (1, True, 2.2), "带动农户 户 30 120", "economic 带动农户年均增收 元 1500 6800"),
    _kind("cold_chain", "农业农村 county", "2130122 50799 grant", "{county}农产品产地冷藏保鲜设施建设项目", "减少产后损失", "新增冷藏库容 立方米 2000 32000", (420, 860), (1, False, 1.2), "", "economic 产后损失率降低 % 8 20"),
    _kind("pest", "农业农村 county", "2130108 50205 service", "{county}重大动植物疫病防控项目|{county}农作物病虫害统防统治项目", "保障农业生产安全", "统防统治面积 万亩次 4 68", (160_000, 330_000), (1, False, 1.4), "", "quality 病虫危害损失率控制 % 2 5"),
    _kind("forest", "农业农村 city", "2130205 50205 service", "{county}国土绿化和森林质量提升项目", "筑牢生态安全屏障", "完成营造林面积 公顷 260 4200", (7_500, 16_000), (1, False, 1.0), "", "quality 造林成活率 % 85 95; ecological 森林覆盖率 % 48 66"),
    _kind("library", "文化旅游 city", "2070104 50601 building", "{county}图书馆、文化馆新馆建设项目", "完善公共文化服务体系", "新建公共文化场馆面积 平方米 3000 22000", (5_200, 8_800), (2, True, 0.7), "", "social 年接待读者 人次 60000 480000"),
    _kind("culture_service", "文化旅游 city", "2070109 50205 service", "{city}送戏下乡和文化惠民演出项目|{city}公共文化服务体系示范项目", "丰富群众精神文化生活", "文化惠民演出 场 80 900", (6_500, 16_000), (1, True, 1.0), "受益观众 人次 200 420", "social 公共文化设施免费开放率 % 100 100"),
    _kind("heritage", "文化旅游 city", "2070204 50307 building", "{county}古建筑群保护修缮工程|{county}历史文化街区保护利用项目", "保护和传承历史文化遗产", "修缮文物建筑面积 平方米 600 7200", (4_200, 9_500), (2, False, 0.7), "", "quality 修缮方案落实率 % 100 100"),
    _kind("sports", "文化旅游 city", "2070308 50306 building", "{county}全民健身中心建设项目|{county}社区“十五分钟健身圈”项目", "满足群众就近健身需求", "新增体育场地面积 平方米 2000 36000", (780, 2_300), (1, True, 1.0), "新建健身步道 公里 0.0002 0.0006", "social 人均体育场地面积 平方米 2.4 3.2"),
    _kind("lab", "科技 province", "2060902 50799 it", "{city}重点实验室建设与重大科技专项|澜江省{topic}关键技术攻关项目", "突破关键核心技术", "支持科技攻关课题 项 3 26", (1_200_000, 4_600_000), (3, False, 0.9), "新增发明专利 件 1.2 4", "economic 带动企业研发投入 万元 1200 26000"),
    _kind("tech_transfer", "科技 city", "2060404 50799 grant", "{city}科技成果转化与高新技术企业培育项目", "促进科技创新和产业创新融合", "培育高新技术企业 家 8 160", (160_000, 380_000), (1, False, 1.1), "技术合同成交额 万元 120 420", "economic 高新技术产业增加值增速 % 6 14"),
    _kind("science_pop", "科技 city", "2060702 50205 service", "{city}科普示范基地与流动科技馆项目", "提高公民科学素质", "开展科普活动 场 30 260", (12_000, 34_000), (1, False, 0.6), "", "social 公民具备科学素质比例 % 11 17"),
    _kind("police_station", "公共安全 city", "2040299 50301 building", "{county}{town}派出所业务用房建设项目", "夯实基层公安基础", "新建派出所业务用房面积 平方米 1200 6200", (4_300, 6_600), (2, False, 0.7), "", "social 群众安全感 % 96 99"),
    _kind("video", "公共安全 city", "2040219 50306 it", "{city}公共安全视频联网应用项目|{city}智慧交管系统升级项目", "提高社会治理智能化水平", "建设联网点位 个 400 4600", (6_500, 13_000), (1, False, 0.8), "", "timeliness 警情平均处置时间 分钟 5 12"),
    _kind("fire", "公共安全 city", "2240204 50306 equipment", "{city}消防救援装备配备项目|{county}乡镇消防站建设项目", "提升综合应急救援能力", "配备消防救援车辆 辆 4 32", (900_000, 2_300_000), (1, True, 0.8), "", "timeliness 到场救援平均时间 分钟 6 15"),
    _kind("geohazard", "公共安全 city", "2240601 50302 water", "{county}地质灾害综合治理工程|{county}{town}地质灾害避险搬迁项目", "保护受威胁群众生命财产安全", "治理地质灾害隐患点 处 3 32", (1_300_000, 4_200_000), (1, True, 1.2), "", "social 受保护群众 人 300 5200"),
    _kind("gov_service", "综合财政 county", "2010607 50205 it", "{county}政务服务“一网通办”平台升级项目|{county}预算管理一体化运维项目", "让数据多跑路、群众少跑腿", "上线政务服务事项 项 120 1600", (2_200, 6_200), (1, False, 1.8), "", "social 网上可办率 % 92 100; timeliness 平均办理时限压缩 % 40 75"),
    _kind("street_light", "综合财政 county", "2120303 50302 municipal", "{county}{town}小城镇基础设施补短板工程", "提升集镇承载能力", "改造集镇道路 公里 2 18", (1_900_000, 4_200_000), (1, True, 1.6), "新装路灯 盏 26 44", "social 集镇常住受益人口 人 2000 24000"),
    _kind("sme", "发展改革 province", "2150805 50799 grant", "{city}中小企业发展专项资金项目|{city}县域商业体系建设项目", "激发民营经济活力", "支持中小企业 家 30 420", (120_000, 380_000), (1, False, 0.9), "", "economic 带动社会投资 万元 2000 62000"),
    _kind("energy", "发展改革 province", "2200106 50205 service", "{city}自然资源调查与节约集约利用项目", "提高资源利用效率", "完成调查面积 平方公里 300 4200", (2_600, 6_800), (1, False, 0.5), "", "ecological 单位地区生产总值能耗下降 % 2 4"),
)  # fmt: skip

SECRET_NAMES = (
    ("203", "2030603", "人防指挥工程{no}号"), ("203", "2030603", "国防动员设施{no}号"), ("203", "2030603", "战备物资库{no}号"),
    ("204", "2040219", "公安专用信息系统{no}号"), ("204", "2040219", "专用侦控装备{no}号"), ("204", "2040219", "专用通信网{no}号"),
    ("204", "2040219", "特种技术平台{no}号"), ("204", "2040219", "涉密基础设施{no}号"),
    ("206", "2060902", "涉密科研专项{no}号"), ("206", "2060902", "专用装备预研{no}号"), ("206", "2060902", "关键材料攻关{no}号"),
    ("206", "2060902", "保密测试平台{no}号"),
    ("222", "2220599", "重要物资储备库{no}号"), ("222", "2220599", "战略储备专项{no}号"),
)  # fmt: skip

TOPICS = (
    "新型储能", "海洋生物医药", "智能农机", "先进材料", "工业软件", "现代种业", "高端装备", "数字诊疗", "绿色建材", "低空应用",
)  # fmt: skip


def effects_of(kind: ProjectKind) -> tuple[Effect, ...]:
    """The kind's own figures and those every project of its sort has."""
    common: tuple[Effect, ...]
    if kind.trade == "grant":
        common = (SERVICE_QUALITY, PAID_ON_TIME, SATISFACTION if kind.livelihood else COMPANY_SATISFACTION)
    elif kind.trade in {"it", "equipment"}:
        common = (GOODS_QUALITY, ON_TIME, COST, SATISFACTION)
    elif kind.trade == "service":
        common = (SERVICE_QUALITY, ON_TIME, SATISFACTION)
    else:
        common = (QUALITY, ON_TIME, COST, SATISFACTION)
    return (*kind.effects, *common)
