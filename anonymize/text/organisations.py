"""Where the names of firms and shops stand: a person's name inside one is the firm's."""

from __future__ import annotations

import re
from typing import NamedTuple

from anonymize.lists import words
from anonymize.text.segments import Segmentation

_SUFFIX = re.compile(
    r"公司|集团|合作社|事务所|经营部|商行|商店|超市|酒店|饭店|宾馆|餐馆|餐厅|小吃店|早餐店|五金店|药店|药房|诊所|门诊部|厂|店|工作室|"
    r"农场|养殖场|种植场|苗圃|加油站|农庄|茶庄|酒家|协会|基金会|研究院|研究所|设计院|律所|银行(?!流水|卡|账|存|回单|户)|出版社|杂志社|旅行社|电视台|剧团|经销处|销售部|服务部|门市部|批发部|修理部|商贸|家具城"
)
# Businesses of one person or family, many of them called by their owner's name.
_SHOP = re.compile(r"店|诊所|工作室|农场|养殖场|种植场|苗圃|经销处|销售部|服务部|门市部|批发部|修理部")
_STOP_TAGS = ("p", "c", "u", "r", "d", "y", "x")
_STOP_WORDS = frozenset(words("verbs_before")) | frozenset(
    ["个体户", "个体工商户", "村民", "居民", "经营者", "经营户", "业主", "店主", "摊主", "老板"]
) - {"和", "通过", "发", "领", "安置", "代", "聘", "照顾", "护理"}
_LONGEST_TOKENS = 9


class Organisation(NamedTuple):
    """Start and end of the name of a firm or a shop, as far left as it can reach."""

    start: int
    end: int
    is_shop: bool


def organisations(segmentation: Segmentation) -> list[Organisation]:
    """The names of all firms and shops."""
    spans = []
    for suffix in _SUFFIX.finditer(segmentation.text):
        index = segmentation.index_at(suffix.start())
        start = segmentation.tokens[index].start
        for token in reversed(segmentation.tokens[max(0, index - _LONGEST_TOKENS) : index]):
            is_joint = token.text in "()和"
            if not is_joint and (
                token.tag.startswith(_STOP_TAGS) or token.text in _STOP_WORDS or token.text.isdigit()
            ):
                break
            start = token.start
        spans.append(Organisation(start, suffix.end(), _SHOP.search(suffix[0]) is not None))
    return spans
