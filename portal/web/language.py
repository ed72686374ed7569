"""The words of the chrome in the second language. Chinese is the key; what is not listed stays Chinese."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

ENGLISH: dict[str, str] = {
    "阳光财政": "Sunshine",
    "首页": "Home",
    "支出": "Spending",
    "项目": "Projects",
    "数据": "Data",
    "发布": "Releases",
    "公开说明": "Disclosure",
    "长者模式": "Large text",
    "退出长者模式": "Standard text",
    "跳到正文": "Skip to content",
    "下载": "Download",
    "数据字典": "Dictionary",
    "如何核验": "Verify",
    "接口": "API",
    "本站展示的是虚构的演示数据，人物、单位、地名和金额都是编造的。": (
        "This is fictional demonstration content: people, offices, places and amounts are invented."
    ),
    "查找": "Search",
    "数据截至": "Figures up to",
    "来源": "Source",
    "中文": "中文",
}


def translate(text: str, language: Language) -> str:
    """The text in that language."""
    return ENGLISH.get(text, text) if language == "en" else text
