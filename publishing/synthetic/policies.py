"""Policy documents that projects rest on: invented titles of the usual kinds, issued before and during the years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from publishing.synthetic.arrays import generator
from publishing.synthetic.place_names import PROVINCE_NAME

THEMES = {
    "交通运输": ("“四好农村路”高质量发展", "综合立体交通网建设", "农村公路安全生命防护"),
    "教育": ("义务教育优质均衡发展", "学前教育普及普惠", "职业教育提质培优"),
    "卫生健康": ("优质高效医疗卫生服务体系建设", "紧密型县域医共体建设", "基本公共卫生服务均等化"),
    "民政": ("基本养老服务体系建设", "社会救助兜底保障", "未成年人保护"),
    "人力资源社会保障": ("高质量充分就业促进", "职业技能提升行动", "城乡居民基本养老保险"),
    "生态环境": ("城镇污水处理提质增效", "农村生活污水治理", "深入打好污染防治攻坚战"),
    "住房城乡建设": ("城镇老旧小区改造", "保障性住房建设和供给", "城市生命线安全工程"),
    "水利": ("病险水库除险加固", "农村供水高质量发展", "江河堤防达标提升"),
    "农业农村": ("高标准农田建设", "乡村振兴衔接资金管理", "宜居宜业和美乡村建设"),
    "文化旅游": ("公共文化服务高质量发展", "文物保护利用改革", "全民健身公共服务"),
    "科技": ("重大科技专项组织实施", "科技成果转化促进", "全民科学素质提升"),
    "公共安全": ("基层公安基础建设", "地质灾害防治", "综合应急救援能力提升"),
    "综合财政": ("数字政府建设", "预算绩效管理", "小城镇补短板"),
    "发展改革": ("中小企业发展促进", "自然资源节约集约利用", "县域商业体系建设"),
}
FORMS = ("三年行动方案", "实施意见", "专项资金管理办法", "“十四五”规划")


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of `policies`, and the sector whose projects cite it."""

    policy_id: str
    title: str
    issued_by: str
    issued_on: dt.date
    sector: str


def build_policies(seed: int) -> tuple[Policy, ...]:
    """Six documents for each sector, the first always older than any project."""
    rng = generator(seed, "policies")
    policies: list[Policy] = []
    for sector, themes in THEMES.items():
        for number in range(6):
            theme, form = themes[number % 3], FORMS[(number + len(sector)) % len(FORMS)]
            year = 2017 if number == 0 else 2018 + number + int(rng.integers(0, 2))
            issued_on = dt.date(year, 1, 6) + dt.timedelta(days=int(rng.integers(0, 330)))
            issuer = f"{PROVINCE_NAME}人民政府办公厅" if number % 2 == 0 else f"{PROVINCE_NAME}财政厅"
            serial = len(policies) + 1
            title = f"{issuer}关于印发《{PROVINCE_NAME}{theme}{form}》的通知（澜{'政办发' if number % 2 == 0 else '财'}〔{year}〕{int(rng.integers(3, 96))}号）"
            policies.append(Policy(f"ZC{serial:03d}", title, issuer, issued_on, sector))
    return tuple(policies)
