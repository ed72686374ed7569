"""Each token into its place: a thing, a time, a measure, a question. What has no place is reported, never skipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from search.parse.edges import Condition, Sort, Token
from search.parse.lexicon import Word
from search.parse.outcome import Ambiguity, Code, Refusal, WordUse
from search.timewords import TimeMatch, in_year
from search.vocabulary import Concept, Kind


class Unplaced(Exception):
    """A word found no place in the meaning; `outcome` is what to say."""

    def __init__(self, outcome: Refusal | Ambiguity) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


@dataclass
class Draft:
    """Collects the parts of a meaning while the tokens are read from left to right."""

    things: list[Token] = field(default_factory=list)
    levels: list[Token] = field(default_factory=list)
    splits: list[Token] = field(default_factory=list)
    times: list[TimeMatch] = field(default_factory=list)
    baseline: TimeMatch | None = None
    measures: list[Token] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    asks: set[str] = field(default_factory=set)
    verbs: list[str] = field(default_factory=list)
    verb_words: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    conditions: list[tuple[str, Condition]] = field(default_factory=list)
    numbers: list[Token] = field(default_factory=list)
    extreme: str = ""
    top: int | None = None
    change: str = ""
    versus: bool = False
    joined: bool = False
    negated: bool = False
    date_role: str = ""
    livelihood: str = ""
    own: str = ""
    skip: int = 0
    ascending: bool = False
    preceding: bool = False
    less: bool = False
    more: bool = False
    spread: bool = False
    over_time: bool = False
    spent: bool = False
    mainly: bool = False
    largest: Token | None = None
    joints: list[int] = field(default_factory=list)
    counts: list[Token] = field(default_factory=list)
    whole_place: str = ""
    commas: tuple[int, ...] = ()
    second_measure: str = ""
    notes: list[str] = field(default_factory=list)


def place_token(token: Token, before: Sequence[Token], after: Sequence[Token], draft: Draft) -> None:
    """Put one token into the draft. Raises: Unplaced when there is no place for it."""
    if token.sort is Sort.UNKNOWN:
        raise Unplaced(lost(token))
    if _asks_stock(token, before):
        draft.asks.add("stock")  # 养老床位数 are all there are, and not those that came
    if token.sort is Sort.THING:
        draft.things.append(token)
        draft.spent = draft.spent or (bool(draft.subjects) and token.text.endswith("支出"))
    elif token.sort is Sort.TIME and token.time is not None:
        _place_time(token.time, before, draft)
    elif token.sort is Sort.CONDITION and token.condition is not None:
        _place_condition(token.condition, before, draft)
    elif token.sort is Sort.TOP:
        way, _, skip = token.value.partition("+")
        draft.extreme = draft.extreme or way
        draft.top, draft.skip = int(token.number or 1), int(skip or 0)
    elif token.sort is Sort.NUMBER:
        draft.numbers.append(token)
    elif token.sort is Sort.PHRASE and token.text in ("领域", "方面", "科目") and _after_extreme(before):
        draft.splits.append(replace(token, word=Word.SPLIT, value="function"))
    elif token.sort is Sort.PHRASE and token.word is not None:
        _place_phrase(token, before, after, draft)


_HOW_MANY_THERE_ARE = ("数", "数量", "个数", "总数", "总量", "总", "总长", "总长度", "总里程")


def _asks_stock(token: Token, before: Sequence[Token]) -> bool:
    """Whether all that there is of something is asked for: 床位数, 公路总里程."""
    if token.text.endswith("里程") and _is_loose_indicator(token):
        return True
    return token.text in _HOW_MANY_THERE_ARE and bool(before) and _is_loose_indicator(before[-1])


def _is_loose_indicator(token: Token) -> bool:
    """Whether a token names an indicator without its verb."""
    return Kind.INDICATOR in token.kinds() and all(
        concept.loose and concept.detail not in token.text for concept in token.concepts
    )


def _after_extreme(before: Sequence[Token]) -> bool:
    return any(token.is_word(Word.EXTREME) or token.sort is Sort.TOP for token in before)


def _last_content(before: Sequence[Token]) -> Token | None:
    for token in reversed(before):
        if not (token.sort is Sort.PHRASE and token.word in (Word.FILLER, Word.POLITE, Word.UNIT_NOUN)):
            return token
    return None


def _place_time(time: TimeMatch, before: Sequence[Token], draft: Draft) -> None:
    last = _last_content(before)
    if time.inherits and draft.times and draft.times[-1].period is not None:
        time = in_year(time, draft.times[-1].period.start.year)
    follows = (
        last is not None
        and last.is_word(Word.VERSUS)
        and any(token.sort in (Sort.THING, Sort.TIME) or token.word is Word.MEASURE for token in before)
        and not any(last.end <= comma < time.start for comma in draft.commas)
    )
    if follows or time.period is None:
        draft.baseline = time
    else:
        draft.times.append(time)


def _place_condition(condition: Condition, before: Sequence[Token], draft: Draft) -> None:
    last = _last_content(before)
    if condition.measure:
        draft.conditions.append((condition.measure, condition))
    elif last is not None and last.is_word(Word.MEASURE) and draft.measures and draft.measures[-1] is last:
        draft.measures.pop()
        draft.conditions.append((last.value, condition))
    elif last is not None and last.is_word(Word.ASK, "money"):
        draft.asks.discard("money")  # 金额在500万到1000万之间
        draft.conditions.append(("", condition))
    elif last is not None and last.is_word(Word.ASK, "perhead"):
        draft.conditions.append(("perhead", condition))
    else:
        draft.conditions.append(("", condition))


def _place_phrase(token: Token, before: Sequence[Token], after: Sequence[Token], draft: Draft) -> None:
    word = token.word
    simple = {
        Word.LEVEL: draft.levels.append,
        Word.SPLIT: draft.splits.append,
        Word.MEASURE: draft.measures.append,
    }
    if word in simple:
        simple[word](token)
        _place_total(token, before, draft)
        if word is Word.SPLIT:
            _place_split(token, draft)
    elif word is Word.ASK:
        _place_ask(token, before, after, draft)
    elif word is Word.UNIT_NOUN:
        leads = token.text.isascii() and not before  # kilometres of rural roads
        if token.text not in MONEY_UNITS and not leads and not _may_be_counted(before):
            raise Unplaced(lost(token))
        draft.units.append(token.text)
    else:
        _place_word(token, before, after, draft)


_SUPPLIERS = ("供应商", "供货商", "suppliers")


def _place_split(token: Token, draft: Draft) -> None:
    """哪类支出 asks for spending, 各类供应商 for suppliers."""
    if "支出" in token.text or "花" in token.text:
        draft.measures.append(replace(token, word=Word.MEASURE, value="paid"))
    elif token.value == "payee_group" and any(word in token.text for word in _SUPPLIERS):
        draft.subjects.append("supplier")


def _place_ask(token: Token, before: Sequence[Token], after: Sequence[Token], draft: Draft) -> None:
    """What is asked: how much, how many, which, who."""
    value = token.value
    if token.text == "哪个单位的" and after:  # 哪个单位的支出最多: of each, and not whose it is
        draft.splits.append(replace(token, word=Word.SPLIT, value="organisation"))
        return
    if len(token.text) == 1 and value in ("larger", "smaller") and not _ends_clause(after):
        raise Unplaced(lost(token))
    if value in ("larger", "smaller") and any(letter in token.text for letter in "花支投用"):
        draft.measures.append(replace(token, word=Word.MEASURE, value="spent_on"))  # 谁花得少
    _place_total(token, before, draft)
    if value == "share" and token.text in ("比例", "比重") and draft.joined:
        draft.asks.add("ratio")
    if value in ("howmuch", "howmany") and token.text.startswith("有"):
        draft.asks.add("stock")  # how many there are, and not how many came
    if value != "altogether":
        draft.asks.add(value)


_TOTALS = ("总额", "总金额", "资金总额", "合计金额", "金额合计", "总价值", "金额总数")


def _place_total(token: Token, before: Sequence[Token], draft: Draft) -> None:
    """最高的三份合同总额 is their sum; 合同总额最高的三家 is not: a total is of what was picked out before it."""
    picked = _after_extreme(before) or any(
        item.sort is Sort.CONDITION or item.is_word(Word.LEVEL) for item in before
    )
    if picked and (token.value == "altogether" or token.text.endswith(_TOTALS)):
        draft.asks.add("altogether")


def _place_word(token: Token, before: Sequence[Token], after: Sequence[Token], draft: Draft) -> None:
    word, value = token.word, token.value
    if word is Word.SUBJECT:
        draft.subjects.append(value)
        if value == "supplier" and token.text.startswith("中标"):
            draft.asks.add("winners")
    elif word is Word.VERB:
        draft.verbs.append(value)
        draft.verb_words.append(token.text)
    elif word is Word.EXTREME:
        if draft.extreme and draft.extreme != value:
            _place_spread(token, draft)
            return
        draft.extreme = value
        draft.largest = token if "大" in token.text else draft.largest
        draft.mainly = token.text.startswith("主要")
    elif word is Word.COUNT:
        draft.counts.append(token)
    elif word is Word.CHANGE:
        if any(letter in token.text for letter in "花支投"):
            draft.measures.append(replace(token, word=Word.MEASURE, value="spent_on"))
        draft.preceding = draft.preceding or token.text.startswith("环比")
        draft.change = "growth" if "growth" in (value, draft.change) else value
        draft.less = draft.less or _says_less(token.text)
        draft.more = draft.more or _says_more(token.text)
        draft.over_time = draft.over_time or any(word in token.text for word in _OVER_TIME)
    else:
        _place_other(token, before, after, draft)


def _place_spread(token: Token, draft: Draft) -> None:
    """最高的市和最低的市: both ends at once; anything but one largest and one smallest is asked one by one."""
    ends = {draft.extreme, token.value}
    if draft.spread or draft.top or ends not in ({"most", "least"}, {"best", "worst"}):
        raise Unplaced(Refusal(Code.NOT_UNDERSTOOD, "最多和最少请分开来问，一次问一个。"))
    draft.spread = True


_LESS = ("少", "低", "减", "降", "跌", "less", "lower", "decrease", "fell", "drop")
_MORE = ("多", "高", "增", "升", "涨", "more", "higher", "increase", "rise", "grow", "还是")


def _says_less(words: str) -> bool:
    """少花了多少, 下降了百分之几: the number asked for is by how much less, 多了还是少了 is not."""
    neutral = words.replace("多少", "")
    return any(word in neutral for word in _LESS) and not any(word in neutral for word in _MORE)


_OVER_TIME = (
    "同比",
    "环比",
    "增速",
    "增长",
    "增幅",
    "涨幅",
    "降幅",
    "增减",
    "变化",
    "变动",
    "growth",
    "year",
    "grow",
)


def _says_more(words: str) -> bool:
    neutral = words.replace("多少", "")
    either = any(word in neutral for word in _LESS) or "还是" in neutral
    return not either and any(word in neutral for word in _MORE)


def check_count(token: Token, draft: Draft) -> None:
    """2023、2024、2025三年: the years were named, and are so many; otherwise it is not known which years are meant."""
    named = len({time.period for time in draft.times})
    spans = [len(time.period.years) for time in draft.times if time.period is not None]
    if int(token.value) not in (named, *spans):
        raise Unplaced(lost(token))


def _ends_clause(after: Sequence[Token]) -> bool:
    """Whether 多 and 高 stand where they can only mean "more": at the end, or before 还是."""
    following = [item for item in after if not item.is_word(Word.POLITE)]
    while following and following[-1].sort is Sort.TIME:
        following.pop()
    return not following or (following[0].is_word(Word.AND) and following[0].text in ("还是", "或", "或者"))


MONEY_UNITS = frozenset(
    {"元", "万元", "亿元", "千元", "人民币", "yuan", "rmb", "元钱", "块钱", "块", "万", "亿"}
)
"""Words in which an amount of money is asked for."""


_NEVER_COUNTED = frozenset(
    {"satisfaction", "execution_rate", "progress", "on_time_rate", "paid", "approved", "adjusted", "planned"}
)


def _may_be_counted(before: Sequence[Token]) -> bool:
    """A unit means something after a number or a question for one; anywhere else it is a piece of an unknown word."""
    if not before:
        return False
    last = before[-1]
    if last.is_word_any(Word.UNIT_NOUN, Word.ASK, Word.CHANGE, Word.EXTREME):
        return True
    if last.is_word(Word.MEASURE):
        return last.value not in _NEVER_COUNTED
    return last.sort in (Sort.NUMBER, Sort.TOP, Sort.CONDITION) or (
        last.sort is Sort.THING and Kind.INDICATOR in last.kinds()
    )


def _place_other(token: Token, before: Sequence[Token], after: Sequence[Token], draft: Draft) -> None:
    word = token.word
    if word is Word.VERSUS:
        draft.versus = True
    elif word is Word.AND:
        draft.joined = True
        draft.joints.append(token.start)
    elif word is Word.DATE_ROLE:
        _place_date_role(token, before, draft)
    elif word is Word.LIVELIHOOD and not _sums_up(token, before):
        draft.livelihood = token.value
        if "项目" in token.text or "工程" in token.text or "project" in token.text:
            draft.subjects.append("project")
    elif word is Word.WHOLE:
        draft.whole_place = token.value
        if not token.value:
            draft.measures.append(replace(token, word=Word.MEASURE, value="paid"))
    elif word is Word.OWN_LEVEL:
        _place_own_level(token, draft)
    elif word is Word.NOT:
        _place_not(token, after, draft)
    else:
        _place_order(token, draft)


def _sums_up(token: Token, before: Sequence[Token]) -> bool:
    """教育、卫生、社保三项民生支出: what those that were named and counted are called together."""
    counted = [item for item in before[-2:] if item.sort is Sort.NUMBER]
    classes = sum(1 for item in before if item.kinds() & {Kind.FUNCTION, Kind.SECTOR})
    return token.text == "民生" and any(item.number == classes for item in counted)


def _place_own_level(token: Token, draft: Draft) -> None:
    if "本级" not in token.text:
        raise Unplaced(
            Refusal(
                Code.NOT_IN_DATA,
                f"“{token.text}”没有单独公布：一个地区的数包含它的全部下级；市县的本级可以问“某市本级”。",
            )
        )
    draft.own = token.text


def _place_order(token: Token, draft: Draft) -> None:
    """从高到低 is a ranking; 预算调整了多少 is the adjusted budget less the approved one; 除外 must have excluded something."""
    if token.word is Word.ORDER:
        draft.ascending = token.value == "ascending"
        draft.asks.add("rank")
    elif token.word is Word.PAIR:
        other = "paid" if token.value == "unspent" else "approved"
        draft.measures = [item for item in draft.measures if item.value != "budget"]  # 预算还剩多少没花
        draft.measures.append(replace(token, word=Word.MEASURE, value="adjusted"))
        draft.second_measure, draft.change, draft.versus = other, "difference", True
    elif token.word is Word.EXCEPT:
        raise Unplaced(lost(token))


_COMPLETED = Concept(Kind.STATUS, "completed", "已完工")


def _place_date_role(token: Token, before: Sequence[Token], draft: Draft) -> None:
    """完工的 is a role of a date where there is a date (2025年完工的), else a status."""
    if token.value == "ended_on" and (draft.negated or not draft.times):
        draft.things.append(replace(token, sort=Sort.THING, word=None, concepts=(_COMPLETED,)))
        return
    del before
    draft.date_role = token.value


def _place_not(token: Token, after: Sequence[Token], draft: Draft) -> None:
    following = after[0] if after else None
    completed = following is not None and following.is_word(Word.DATE_ROLE, "ended_on")
    which = any(item.text.startswith("哪") for item in (*draft.levels, *draft.splits))
    lacking = which and token.text in (
        "没有",
        "没",
    )  # 哪些市没有暂停的项目: none at all, and not those that go on
    if not lacking and (
        completed
        or (following is not None and any(concept.kind is Kind.STATUS for concept in following.concepts))
    ):
        draft.negated = True
        return
    raise Unplaced(
        Refusal(
            Code.NOT_UNDERSTOOD,
            f"“{token.text}”表示否定或排除，目前还不会这样计算；请直接说要统计的范围，例如“云溪市2025年教育支出”。".replace(
                "云溪市", "全省"
            ),
        )
    )


def lost(token: Token) -> Refusal:
    """What to say about a word that has no place."""
    return Refusal(
        Code.NOT_UNDERSTOOD,
        f"没有看懂“{token.text}”在这里的意思，不敢忽略它来回答。",
        words=(WordUse(token.text, "没有看懂", "unknown"),),
    )
