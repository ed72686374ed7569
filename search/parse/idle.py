"""Words that a reading leaves out must be idle where they stand.

Fillers and politeness change no number; but a word that is idle in one place restricts in another: 请统计各市支出 asks,
统计支出 would be the spending on statistics; 单笔最大的合同 says nothing more than 最大的合同, 单笔支出 is no sum. And two
letters that are idle each by itself may be one word that is not: 应付, 可用, 按时. What is not idle is a word that was not
understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import rjieba

from search.parse.edges import Sort, Token
from search.parse.lexicon import PHRASES, Word
from search.parse.meaning import Meaning
from search.parse.participation import PEOPLE_MEASURES
from search.parse.placing import Unplaced, lost
from search.vocabulary import Kind

_LEFT_OUT = (Word.FILLER, Word.POLITE)


def refuse_busy(tokens: Sequence[Token], meaning: Meaning) -> None:
    """Refuse a question in which a word that would be left out says something where it stands.

    Raises: Unplaced naming the first such word.
    """
    for number, token in enumerate(tokens):
        if token.is_word_any(*_LEFT_OUT) and not _is_idle(number, tokens, meaning):
            raise Unplaced(lost(token))
    joined = next(_joined_words(tokens), None)
    if joined is not None:
        raise Unplaced(lost(joined))


def _is_idle(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    token = tokens[number]
    rule = _RULES.get(token.value)
    if rule is not None:
        return rule(number, tokens, meaning)
    return not (token.is_word(Word.POLITE) and _IS_VERB.match(token.text)) or _is_request(
        number, tokens, meaning
    )


# ---------------------------------------------------------------- politeness that may be a noun

_IS_VERB = re.compile(
    "(?:查询?|看|问|算|说明?|讲|找|列示?|统计|核|搜索?|数|调|了解|知道|打听|咨询|请教|介绍|汇报|汇总|总结|公布|核实|核对|确认|查证|检索"
    "|展示|显示|回答|告知|求助|求问|急|关心)+$"
)
_SELDOM_ASKED = re.compile("咨询|调查|核查|核算|求助|急|回答|公布|介绍|数|调")
_SINGLE_VERBS = frozenset("调核列搜讲")
_NAMES_MONEY = ("资金", "经费", "款项", "款", "钱", "投入")


def _is_request(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """Whether a bare verb asks for the answer: before or behind everything else, or not right before what it would narrow."""
    del meaning
    if (
        tokens[number].text in _SINGLE_VERBS
        and _has_content(tokens[:number])
        and _has_content(tokens[number + 1 :])
    ):
        return False
    if tokens[number].text != "的" and [token.text for token in tokens[number + 1 : number + 2]] == ["的"]:
        return False  # 咨询的
    following = _adjacent(number, tokens)
    narrows = following is not None and (
        following.is_word_any(Word.MEASURE, Word.SUBJECT, Word.SPLIT) or following.text in _NAMES_MONEY
    )
    if not narrows:
        return True
    if number and tokens[number - 1].is_word(Word.POLITE) and tokens[number - 1].text != "的":
        return True
    return not _has_content(tokens[:number]) and not _SELDOM_ASKED.search(tokens[number].text)


def _adjacent(number: int, tokens: Sequence[Token]) -> Token | None:
    """The next word, when nothing but 的 stands between."""
    following = tokens[number + 1 : number + 3]
    if following and following[0].text == "的":
        following = following[1:]
    return following[0] if following else None


def _has_content(tokens: Sequence[Token]) -> bool:
    return any(not (token.sort is Sort.MARK or token.is_word_any(*_LEFT_OUT)) for token in tokens)


# ---------------------------------------------------------------- fillers that are idle in one place only


def _of_single_things(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """单笔最大的合同, 单笔合同超过500万元: each contract is one anyway, and so it is where contracts are picked."""
    del number, tokens
    measures = {meaning.measure, *(name for name, _ in meaning.conditions)}
    about = "contract" in (*meaning.subjects, *meaning.splits) or "contracted" in measures
    picked = meaning.extreme or meaning.conditions or meaning.has("average")
    return bool(about and picked)


def _of_suppliers(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    del number, tokens
    return "supplier" in (*meaning.subjects, *meaning.splits) or meaning.measure == "suppliers"


def _of_people(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """群众满意度; 群众想知道: who is asked, or who asks."""
    following = _adjacent(number, tokens)
    asks = following is not None and following.is_word(Word.POLITE) and not _has_content(tokens[:number])
    return asks or meaning.measure in PEOPLE_MEASURES


def _in_general(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """一般来说; but 一般支出 and 一般债券 are kinds."""
    del meaning
    following = _adjacent(number, tokens)
    return following is None or following.is_word_any(Word.FILLER, Word.POLITE, Word.ASK, Word.LEVEL)


def _of_places(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """澜州这个地方; but 地方资金 is a source of funds."""
    following = _adjacent(number, tokens)
    money = following is not None and (
        following.text.startswith(_NAMES_MONEY)
        or Kind.FUND_SOURCE in following.kinds()
        or following.text == "配套"
    )
    return not money and "fund_source" not in meaning.splits


def _no_real_growth(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """实际支出 is what was spent; 实际增长 is growth without the rise of prices, and not published."""
    del meaning
    following = _adjacent(number, tokens)
    return following is None or not following.is_word(Word.CHANGE)


def _of_some_years(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """近三年累计; but 截至2025年底累计新建 counts from a beginning that is not said."""
    del number
    until = any(token.sort is Sort.TIME and token.text.startswith(("截", "到")) for token in tokens)
    return not (until and meaning.of(Kind.INDICATOR))


def _not_of_two(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """同时在建和红灯 are two conditions; 同时在鹿泽市和溯川市 would be what both have, and not their sum."""
    del number, tokens
    kinds = [item.kind for item in meaning.things]
    return len(kinds) == len(set(kinds))


def _of_each_year(number: int, tokens: Sequence[Token], meaning: Meaning) -> bool:
    """一年花多少; but 超过工期一年 is how late."""
    del number, tokens
    return not meaning.of(Kind.STATUS, Kind.LIGHT) and not meaning.date_role


_RULES: dict[str, Callable[[int, Sequence[Token], Meaning], bool]] = {
    "single": _of_single_things,
    "supplier": _of_suppliers,
    "people": _of_people,
    "general": _in_general,
    "place": _of_places,
    "actual": _no_real_growth,
    "cumulative": _of_some_years,
    "year": _of_each_year,
    "both": _not_of_two,
}


# ---------------------------------------------------------------- letters that are one word together

_IDLE_WORDS = """
那里 那时 那条 那位 那次 那场 那栋 请求 得以 得出 得来 这时 这份 这家 这笔 这项 这位 这件 这次 这辆 这场 这部 这栋 这幢 求得
整整 却是 共有 总共 总是 总之 总会 总能 总算 有着 为了 为此 在于 于是 该是 该所 该笔 该条 该项 该处 此时 此条 此项 此处 此次
已有 给钱 就要 就算 还要 才能 来到 等于 之内 之间 其间 其次 所在 所用 所以 从中 由于 可是 可能 要求 要是 而是 算了
得到 已付 会付 还是 或是 都是 也是 较为 中排 付给 用款 所有 对应 算出 列出 那种 这种 多有 较之 只是 共花 共支 总花 在建 人数
户数 件数 次数 家数 座数 张数 台数 亩数 个数 着急
"""
_IDLE_JOINED = frozenset(_IDLE_WORDS.split())
_TAILS = ("", "的", "了", "在", "于")
_PARTICLES = frozenset("了的地得着过掉来里给上下中内在到于出去吗呢啊")


def _joined_words(tokens: Sequence[Token]) -> Iterator[Token]:
    """Words of an ordinary dictionary that were read as several, one letter of them idle: 应付 is not 付."""
    text = "".join(
        " " * (token.start - before) + token.text
        for before, token in zip((0, *(token.end for token in tokens)), tokens, strict=False)
    )
    starts = {token.start: number for number, token in enumerate(tokens)}
    start = 0
    for word in _dictionary_words(text):
        first, start = start, start + len(word)
        if len(word) < _SHORTEST_WORD or word in PHRASES or word in _IDLE_JOINED or first not in starts:
            continue
        inside = [token for token in tokens[starts[first] :] if token.start < start]
        ends = len(inside) > 1 and text[start : inside[-1].end] in _TAILS
        if ends and _are_one(inside):
            yield Token(Sort.UNKNOWN, first, start, word)


_SHORTEST_WORD = 2


def _dictionary_words(text: str) -> Iterator[str]:
    """The text cut into words of a dictionary; compounds of four letters as their two words: 结构调整."""
    for word in rjieba.cut(text, hmm=False):
        halves = (word[:_SHORTEST_WORD], word[_SHORTEST_WORD:])
        if len(word) == 2 * _SHORTEST_WORD and all(len(rjieba.cut(half, hmm=False)) == 1 for half in halves):
            yield from halves
        else:
            yield word


def _are_one(inside: Sequence[Token]) -> bool:
    """Whether tokens that a dictionary has as one word lost a letter: an idle one that is no mere ending."""
    if any(token.sort is not Sort.PHRASE for token in inside):
        return False
    *before, last = inside
    idle = [token for token in before if token.is_word_any(*_LEFT_OUT) and len(token.text) == 1]
    ends_idle = last.is_word_any(*_LEFT_OUT) and len(last.text) == 1 and last.text not in _PARTICLES
    return bool(idle) or ends_idle
