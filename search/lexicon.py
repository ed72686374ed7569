"""The words an index knows: domain words, groups of words that mean the same, names to suggest.

The general words below are the language of the field. Everything that belongs to one province (places and
their earlier names, units, indicators) is given by whoever builds the index, as data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

DOMAIN_WORDS: tuple[str, ...] = (
    "一般公共预算", "政府性基金", "国有资本经营预算", "社会保险基金", "专项债券", "一般债券", "转移支付", "三公经费",
    "预算执行", "执行率", "绩效评价", "绩效目标", "政府采购", "公开招标", "竞争性磋商", "单一来源", "国库集中支付",
    "农村公路", "四好农村路", "高标准农田", "老旧小区", "保障性住房", "公租房", "廉租房", "棚户区改造", "污水处理",
    "污水管网", "垃圾分类", "义务教育", "学前教育", "中小学校", "校舍", "卫生院", "社区卫生", "疾病预防控制",
    "养老服务", "乡村振兴", "水利工程", "小型水库", "河道治理", "防洪排涝", "饮水安全", "海绵城市", "轨道交通",
    "文化馆", "图书馆", "体育馆", "应急管理", "智慧城市", "雪亮工程", "综合管廊", "人居环境",
)  # fmt: skip

SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("农村公路", "乡村公路", "村道", "乡道"),
    ("公租房", "公共租赁住房", "廉租房", "廉租住房"),
    ("老旧小区", "旧小区", "老小区"),
    ("中小学", "中小学校"),
    ("幼儿园", "学前教育"),
    ("卫生院", "乡镇医院"),
    ("养老院", "敬老院", "福利院", "养老机构"),
    ("污水处理", "污水治理"),
    ("厕所", "公厕", "公共卫生间"),
    ("地铁", "轨道交通"),
    ("水库", "山塘"),
    ("自来水", "饮水安全", "供水"),
    ("维修", "维护", "养护", "修缮"),
    ("改造", "改建", "整治"),
    ("补助", "补贴", "资助"),
    ("农田", "耕地"),
    ("图书馆", "图书室", "农家书屋"),
)

FILLER_WORDS: frozenset[str] = frozenset((
    "的", "了", "吗", "呢", "吧", "啊", "是", "在", "有", "和", "与", "及", "或", "把", "被", "给",
    "对", "从", "到", "这", "那", "个", "些", "我", "你", "您", "他", "们", "想", "要", "请", "问",
    "查", "搜", "看", "找", "叫", "帮", "the", "a", "an", "of", "in", "on", "for", "and", "please",
    "show", "find", "me",
))  # fmt: skip
"""Words that say nothing about what is looked for; left out when closeness is measured, never when text is found."""

FILLER_PHRASES: frozenset[str] = frozenset((
    "请问", "请帮我", "帮我", "麻烦", "谢谢", "告诉我", "我想知道", "我想了解", "我想查一下",
    "我想查", "我想找", "我要查", "我要找", "想查一下", "想知道", "想了解", "查一下", "查询",
    "查找", "搜索", "看一下", "看看", "了解一下", "怎么样", "怎么", "如何", "什么", "哪些", "哪个",
    "哪里", "多少", "关于", "有关", "进展", "现在", "目前", "那个", "这个", "一个", "叫做", "好像",
    "大概", "应该", "不知道", "是不是", "有没有", "情况",
))  # fmt: skip
"""The same for longer turns of phrase, recognised before text is cut into words."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name worth suggesting, and where it leads when it stands for one thing."""

    text: str
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What an index knows besides its documents.

    words      kept whole when text is cut into words
    synonyms   groups of words of which any stands for all: spellings, abbreviations, earlier names of places
    terms      names to suggest in the search box
    """

    words: tuple[str, ...] = DOMAIN_WORDS
    synonyms: tuple[tuple[str, ...], ...] = SYNONYMS
    terms: tuple[Term, ...] = field(default=())

    def extended(
        self,
        *,
        words: Iterable[str] = (),
        synonyms: Iterable[tuple[str, ...]] = (),
        terms: Iterable[Term] = (),
    ) -> Lexicon:
        """The same lexicon with more entries; duplicates are dropped, order is kept."""
        return Lexicon(
            tuple(dict.fromkeys((*self.words, *words))),
            tuple(dict.fromkeys((*self.synonyms, *(group for group in synonyms if len(group) > 1)))),
            tuple(dict.fromkeys((*self.terms, *terms))),
        )

    def to_json(self) -> bytes:
        """The lexicon as it is kept beside an index."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, content: bytes) -> Lexicon:
        """Read a lexicon back."""
        return msgspec.json.decode(content, type=cls)
