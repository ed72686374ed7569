"""The words for codes: one place, used by pages, tables and tooltips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Light:
    """A light: a shape, a word and a colour together, so that no one of them has to be seen."""

    code: str
    shape: str
    word: str


LIGHTS: dict[str, Light] = {
    "red": Light("red", "■", "紧急"),
    "orange": Light("orange", "◆", "关注"),
    "yellow": Light("yellow", "▲", "提醒"),
    "green": Light("green", "●", "正常"),
}

STATUS_WORDS: dict[str, str] = {
    "planned": "待开工",
    "under_way": "进行中",
    "completed": "已完成",
    "suspended": "已暂停",
    "cancelled": "已取消",
}

SUPPLIER_KINDS: dict[str, str] = {"company": "企业", "institution": "事业单位", "public_body": "机关团体"}

INDICATOR_KINDS: dict[str, str] = {
    "quantity": "数量指标",
    "quality": "质量指标",
    "timeliness": "时效指标",
    "cost": "成本指标",
    "economic": "经济效益",
    "social": "社会效益",
    "ecological": "生态效益",
    "satisfaction": "满意度",
}

CADENCES: dict[str, str] = {"monthly": "每月", "quarterly": "每季", "yearly": "每年", "daily": "每日"}

THEMES: dict[str, str] = {
    "spending": "支出",
    "projects": "项目",
    "contracts": "合同与供应商",
    "performance": "绩效",
    "participation": "参与",
    "trust": "对账与信任",
    "dimensions": "代码表",
}

TYPE_WORDS: dict[str, str] = {
    "text": "文本",
    "code": "代码（文本）",
    "money": "金额",
    "integer": "整数",
    "number": "数值",
    "boolean": "是/否",
    "date": "日期",
    "month": "月份",
    "year": "年度",
    "status": "状态",
}

FORMAT_WORDS: dict[str, str] = {
    "csv": "CSV（Excel 可直接打开）",
    "xlsx": "XLSX（Excel 工作簿）",
    "parquet": "Parquet（分析用）",
    "jsonl": "JSON Lines（程序用）",
}
