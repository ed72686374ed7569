"""What a question says about its answer must fit the answer: a gap has two sides, an amount is counted in yuan.

差额, 相差多少 and 差距 ask for two numbers, where a growth asks for one and the year before it; 支出多少次 and 支出多少人 ask for
something that is no amount of money.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.measures import measure_title
from search.parse.outcome import Code, Form, Reading
from search.parse.placing import MONEY_UNITS, Unplaced, lost
from search.parse.route import refuse
from search.vocabulary import Kind


def refuse_one_sided(tokens: Sequence[Token], meaning: Meaning) -> None:
    """Refuse a question for a gap of which only one side was said; the year before would be a guess.

    Raises: NoRoute.
    """
    if meaning.less and meaning.more:  # 支出增长但执行率下降的市
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一种增减，请分开来问。")
    gap = next((token for token in tokens if token.is_word(Word.CHANGE) and "差" in token.text), None)
    if gap is None or _has_sides(meaning):
        return
    raise refuse(
        Code.NOT_UNDERSTOOD, f"没有看懂“{gap.text}”要比较哪两个数；请写明两个地区、两个科目或者两个时间。"
    )


def _has_sides(meaning: Meaning) -> bool:
    said = meaning.versus or meaning.joined or meaning.spread or meaning.second_measure
    several = len(meaning.times) > 1 or len(meaning.things) > 1 or meaning.level or meaning.splits
    return bool(said or several or meaning.baseline is not None or meaning.preceding or meaning.over_time)


def refuse_nested(tokens: Sequence[Token]) -> None:
    """Refuse 执行率最高的市的教育支出 and 合同最多的供应商合同金额: what is asked of the one that was picked is another question.

    Raises: NoRoute.
    """
    words = [token for token in tokens if token.sort is not Sort.MARK and token.text != "的"]
    for number in range(1, len(words) - 1):
        before, member, after = words[number - 1], words[number], words[number + 1 :]
        picks = before.is_word(Word.EXTREME) or before.sort is Sort.TOP
        is_member = (
            member.is_word_any(Word.LEVEL, Word.SPLIT, Word.SUBJECT) or Kind.PAYEE_GROUP in member.kinds()
        )
        if picks and is_member:
            asked = next((token for token in after if _asks_number(token)), None)
            ranked = {_number_of(token) for token in words[:number]} - {""}
            ranked = ranked & set(_OF_EACH) or ranked  # the highest per head is not the highest
            if any(token.kinds() & _SPENT for token in words[:number]) and _says_spent(asked):
                continue  # 教育支出最多的市花了多少: on what was just named
            if asked is not None and ranked and _number_of(asked) not in ranked:
                one = member.text.removeprefix("的")
                raise refuse(Code.NOT_UNDERSTOOD, f"请分两次问：先问是哪一个{one}，再问它的{_title(asked)}。")


_SPENT = frozenset({Kind.FUNCTION, Kind.SECTOR, Kind.ECONOMIC})
_NAMED = _SPENT | {Kind.STATUS, Kind.LIGHT}
_OF_EACH = ("perhead", "share")


def _asks_number(token: Token) -> bool:
    return (
        token.is_word(Word.MEASURE)
        or (token.is_word(Word.ASK) and token.value in _OF_EACH)
        or bool(token.kinds() & _NAMED)
        or (token.is_word(Word.VERB) and token.text.startswith("收"))
    )


def _says_spent(token: Token | None) -> bool:
    return (
        token is not None and token.is_word(Word.MEASURE, "paid") and token.text.startswith(tuple("花用投掏"))
    )


def _title(token: Token) -> str:
    return measure_title(token.value) if token.is_word(Word.MEASURE) else token.text


def _number_of(token: Token) -> str:
    """The number a word asks for: a measure, a class of spending, how many of something; '' for any other word."""
    if token.is_word(Word.MEASURE):
        return "paid" if token.value == "spent_on" else token.value
    if token.is_word(Word.SUBJECT) or (token.is_word(Word.ASK) and token.value in _OF_EACH):
        return token.value
    return token.text if token.kinds() & _NAMED else ""


def refuse_two_numbers(tokens: Sequence[Token], meaning: Meaning) -> None:
    """Refuse 支出多少，执行率多少: two questions, of which one answer would leave out the other.

    Raises: NoRoute.
    """
    words = [
        token for token in tokens if token.sort is not Sort.MARK and token.text not in ("的", "是", "有")
    ]
    asked = [
        before
        for before, after in pairwise(words)
        if before.is_word_any(Word.MEASURE, Word.SUBJECT)
        and (after.is_word(Word.ASK, "howmuch") or after.is_word(Word.ASK, "howmany"))
    ]
    titles = list(dict.fromkeys(_title(token) for token in asked))
    if len({_number_of(token) for token in asked}) > 1 and not meaning.second_measure:
        raise refuse(Code.NOT_UNDERSTOOD, f"一次只能问一个数，请分开来问：{'、'.join(titles)}。")


def refuse_crossed(tokens: Sequence[Token], reading: Reading) -> None:
    """Refuse alternatives that were read as two conditions at once: 教育和卫生项目, 大于5亿或者小于50万的.

    Raises: NoRoute.
    """
    words = [token for token in tokens if token.sort is not Sort.MARK]
    for before, joint, after in zip(words, words[1:], words[2:], strict=False):
        if not joint.is_word(Word.AND):
            continue
        limits = before.sort is Sort.CONDITION and after.sort is Sort.CONDITION
        crossed = _columns_of(before, reading), _columns_of(after, reading)
        if (limits and joint.text in _OR) or (all(crossed) and crossed[0].isdisjoint(crossed[1])):
            raise refuse(
                Code.NOT_UNDERSTOOD,
                f"“{before.text}”和“{after.text}”不是同一种条件，还不会把两边合起来算；请分开来问。",
            )


_OR = ("或", "或者", "or", "还是")


def _columns_of(token: Token, reading: Reading) -> frozenset[str]:
    codes = {concept.code for concept in token.concepts if concept.kind in _SPENT}
    return frozenset(item.column for item in reading.plan.filters if codes.intersection(item.values))


_SHARES = frozenset({Form.SHARE, Form.SHARES, Form.SHARE_CHANGE})
_CHANGES = frozenset({Form.CHANGE, Form.GROWTH, Form.CHANGES, Form.SHARE_CHANGE})
_COMPARED = frozenset({Form.DIFFERENCE, Form.SPREAD, Form.TIMES, Form.LARGER})
_ASKED_AS: dict[str, tuple[str, frozenset[Form]]] = {
    "share": ("占比", _SHARES),
    "rank": ("名次", frozenset({Form.RANK, Form.TABLE, Form.TOP, Form.CHANGES, Form.SHARES})),
    "times": ("倍", frozenset({Form.TIMES, Form.SPREAD})),
}


def refuse_other_form(reading: Reading, meaning: Meaning) -> None:
    """Refuse an answer of another sort than was asked for: an amount for a share, one year for a trend.

    Raises: NoRoute naming what would be left out.
    """
    lost = next(_lost_forms(reading, meaning), "")
    if lost:
        raise refuse(
            Code.NOT_UNDERSTOOD, f"没有看懂“{lost}”在这里怎么算，不敢忽略它来回答；请换一种更直接的问法。"
        )


def _lost_forms(reading: Reading, meaning: Meaning) -> Iterator[str]:
    if reading.form in (Form.LOOKUP, Form.DEFINITION):
        return
    yield from (
        title
        for ask, (title, forms) in _ASKED_AS.items()
        if ask in meaning.asks and reading.form not in forms
    )
    if meaning.has("perhead") and reading.unit != "元/人":
        yield "人均"
    if meaning.change and reading.form not in _CHANGES | _COMPARED and reading.plan.dataset != "outputs":
        yield "增减"
    period = reading.plan.period
    is_year = period is not None and len(period.years) == 1 and period.is_whole_years
    if meaning.has("trend") and is_year and reading.plan.group_by == ("fiscal_year",):
        yield "变化"


_MONEY = ("元", "元/人")
_MEANS = frozenset({"资金", "经费", "款项", "钱", "资金量", "财政资金", "money", "fund", "funds"})


def refuse_other_unit(tokens: Sequence[Token], meaning: Meaning, reading: Reading) -> None:
    """Refuse an amount of money where something else was to be counted, and a count where money was asked for.

    Raises: Unplaced naming the unit.
    """
    if reading.form is Form.COUNT and not meaning.has("howmany", "list", "which"):
        money = next((token for token in tokens if token.is_word(Word.FILLER) and token.text in _MEANS), None)
        if money is not None:  # 停工项目涉及的资金 is no number of projects
            raise Unplaced(lost(money))
    if reading.unit not in _MONEY:
        return
    words = [token for token in tokens if token.sort is not Sort.MARK]
    for asked, unit in pairwise(words):
        counted = asked.is_word(Word.ASK, "howmuch") and unit.is_word(Word.UNIT_NOUN)
        if counted and unit.text not in MONEY_UNITS:
            raise Unplaced(lost(unit))
