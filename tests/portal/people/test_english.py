"""The pages people write on, read in English: no word of the chrome is left in Chinese."""

from __future__ import annotations

import html
import re

from tests.builders.people import ask, visitor
from tests.builders.rooms import House

CHINESE = re.compile("[\u3400-\u9fff]+")
SILENT = re.compile(r"<(script|style)\b.*?</\1>|<head>.*?</head>", re.DOTALL)
SENT = re.compile(r' (?:href|value|src|action|data-[a-z]+)="[^"]*"')
OTHER_LANGUAGE = re.compile(r'<a [^>]*hreflang="zh-CN">中文</a>')
WORDS = (
    "来件",
    "答复",
    "期限",
    "提交",
    "评分",
    "查询码",
    "撤回",
    "登录",
    "受理",
    "办理",
    "图片",
    "关注",
    "项目编号",
)
"""What these pages talk about: none of it may be left."""


def test_cases_ratings_and_following_are_read_in_english(filed_village: House) -> None:
    asked = ask(filed_village)
    reader = visitor(filed_village)
    left = {}
    for path in (
        "/cases",
        "/cases/new",
        "/cases/new?kind=wrong_number",
        "/cases/new?kind=complaint",
        "/cases/statistics",
        "/ratings",
        "/login",
        f"/cases/{asked.number}?code={asked.code}",
    ):
        page = reader.get(path + ("&" if "?" in path else "?") + "lang=en")
        assert page.status_code == 200, path
        shown = html.unescape(SENT.sub("", OTHER_LANGUAGE.sub("", SILENT.sub("", page.text))))
        found = {run for run in CHINESE.findall(shown) if any(word in run for word in WORDS)}
        if found:
            left[path] = sorted(found)
    assert left == {}
