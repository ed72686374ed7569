"""Sentences by construction: templates of several styles, filled with invented persons and places.

The name and place inventories are written for this file alone; the scrubber's lists know nothing of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
_SECOND = "建志文国明晓小玉秀春海永世少家德宗思子雨梓浩俊嘉佳美丽桂凤金银红爱彩月翠冬秋慧淑雅静欣怡诗若语舒一昕宇泽天承启光庆学荣长兴立振正克耀显炳锦润"
_LAST = "伟芳娜敏静强磊军洋勇艳杰娟涛超霞平刚英华兰梅琴云莲珍玲霖琪涵轩萱彤瑶妍琳欣怡豪鹏飞龙辉斌波峰林生福贵祥明亮东海山清武文才德仁义礼康宁安泉源涌洲凯睿哲昊然博航阳晨曦辰"
_ETHNIC = [
    "阿不都拉·艾合买提",
    "热依汗古丽·买买提",
    "帕尔哈提·托合提",
    "努尔古丽·赛力克",
    "扎西旺堆",
    "德吉央宗",
    "洛桑次仁",
    "格桑卓玛",
    "苏和巴图",
    "娜仁其其格",
]
_VILLAGES = ["石桥", "柳河", "上塘", "大岭", "白沙", "东坪", "青竹", "双溪", "长田", "罗洞", "枫树", "古井"]
_TOWNS = ["平江镇", "新圩镇", "沙田乡", "河口镇", "文昌街道", "龙山镇"]
_ROADS = ["人民路", "环城北路", "建设大道", "文明街", "解放西路", "学前街", "朝阳路"]
_ESTATES = ["金桂花园", "锦绣家园", "翠湖小区", "百合苑", "丽景新城"]

_PERSONAL = (
    "付{NAME:%n}劳务费",
    "支付{NAME:%n}%m",
    "发放{NAME:%n}%m",
    "报销{NAME:%n}差旅费",
    "{NAME:%n}%m",
    "拨付{NAME:%n}（身份证{ID_CARD:@}）%m",
    "转{NAME:%n}%m，卡号{BANK_ACCOUNT:@}",
    "收款人：{NAME:%n}，账号：{BANK_ACCOUNT:@}",
    "{NAME:%n}、{NAME:%n}、{NAME:%n}等3人评审费",
    "慰问%r{NAME:%n}",
    "%r{NAME:%n}反映补贴未到账，联系电话{MOBILE:@}",
    "我叫{NAME:%n}，家住{ADDRESS:%h}，电话{MOBILE:@}",
    "本人{NAME:%n}，身份证号{ID_CARD:@}，申请%m",
    "{NAME:%n}同志医疗费报销",
    "联系人：{NAME:%n}　手机：{MOBILE:@}",
    "退还{NAME:%n}保证金%y",
    "户主{NAME:%n}，住址：{ADDRESS:%h}",
    "邮寄地址：{ADDRESS:%h}，{NAME:%n}收",
    "{NAME:%n}\t{ID_CARD:@}\t{BANK_ACCOUNT:@}\t1200.00",
    "%r{NAME:%n}因病住院，给予临时救助",
    "支付{PLATE:@}维修费",
    "公务用车{PLATE:@}燃油费",
    "座机{LANDLINE:@}，晚上可接听",
    "请发邮件至{EMAIL:@}",
    "微信：{WECHAT:@}",
    "QQ号{QQ:@}",
    "护照号{PASSPORT:@}的外籍专家讲课费",
    "个体工商户（{USCC:@}）餐费",
    "{ADDRESS:%v}村民{NAME:%n}危房改造补助",
    "已电话联系{NAME:%n}女士（{MOBILE:@}）",
    "付给民工{NAME:%n}工资",
    "经办人{NAME:%n}",
    "向{NAME:%n}支付房屋租金",
    "给{NAME:%n}等五户发放慰问金",
    "监护人{NAME:%n}代领孤儿基本生活费",
)
_CLEAN = (
    "%t%p村村道硬化工程",
    "支付%t卫生院设备采购款",
    "关于下达2024年%m的通知",
    "%e老旧小区改造",
    "%o88号市民中心维修",
    "建设地点：%t%o16号",
    "粤财农〔2024〕%d号",
    "合同编号：HT2024%d",
    "%p村%d组道路硬化",
    "全市%m发放对象认定",
    "监督电话：0751-8%d12",
    "%t中心小学运动场改造",
    "拨打12345热线反映路灯不亮",
    "支付第三方审计服务费",
    "统一社会信用代码91440200MA4W%d8X1X",
    "高标准农田建设%d亩",
    "拨付%t人民政府%m",
    "%t%p村饮水安全巩固提升",
    "全县安全生产应急演练",
    "金额%d000.00元",
)
_MONEY = (
    "困难补助",
    "耕地地力保护补贴",
    "高龄津贴",
    "临时救助金",
    "青苗补偿款",
    "讲课费",
    "稿酬",
    "抚恤金",
    "护林员工资",
    "助学金",
)
_ROLES = ("村民", "居民", "退休教师", "低保户", "脱贫户", "老党员", "患者", "学生", "护林员")
_YEARS = ("", "", "（2024年）", "2,000元")


def name(rng: random.Random) -> str:
    if rng.random() < 0.04:
        return rng.choice(_ETHNIC)
    if rng.random() < 0.03:
        return rng.choice(["欧阳", "司徒", "上官", "诸葛"]) + rng.choice(_LAST)
    if rng.random() < 0.25:
        return rng.choice(_SURNAMES) + rng.choice(_LAST)
    return rng.choice(_SURNAMES) + rng.choice(_SECOND) + rng.choice(_LAST)


def home(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return f"{rng.choice(_TOWNS)}{rng.choice(_VILLAGES)}村{rng.choice(['3组', '第五村民小组', '八组12号', '6社'])}"
    return rng.choice(
        [
            f"{rng.choice(_TOWNS)}{rng.choice(_ROADS)}{rng.randint(1, 300)}号{rng.randint(1, 20)}栋{rng.randint(101, 1805)}",
            f"{rng.choice(_ESTATES)}{rng.randint(1, 20)}栋{rng.randint(1, 4)}单元{rng.randint(101, 1805)}室",
            f"{rng.choice(_ROADS)}{rng.randint(1, 300)}号",
        ]
    )


def line(rng: random.Random) -> str:
    """One marked-up sentence; a third of them are clean."""
    template = rng.choice(_CLEAN if rng.random() < 1 / 3 else _PERSONAL)
    fillers: dict[str, Callable[[random.Random], str]] = {
        "%n": name,
        "%h": home,
        "%v": lambda r: f"{r.choice(_VILLAGES)}村{r.choice('一二三四五六')}组",
        "%m": lambda r: r.choice(_MONEY),
        "%r": lambda r: r.choice(_ROLES),
        "%y": lambda r: r.choice(_YEARS),
        "%t": lambda r: r.choice(_TOWNS),
        "%p": lambda r: r.choice(_VILLAGES),
        "%o": lambda r: r.choice(_ROADS),
        "%e": lambda r: r.choice(_ESTATES),
        "%d": lambda r: str(r.randint(10, 999)),
    }
    for slot, make in fillers.items():
        while slot in template:
            template = template.replace(slot, make(rng), 1)
    return template
