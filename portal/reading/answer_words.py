"""Numbers and names as answers say them: 1.23亿元 with the exact amount beside it, and what codes are called.

The reader of questions says 元 for the unit of account whatever the currency is. `in_currency` and `spoken_in` put the
currency of the release in its place, before anything is said: from there on a unit names its currency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from portal.reading.quantities import CNY, KNOWN_CURRENCIES, Currency
from search import synonyms
from search.parse import Reading
from search.parse.measures import measure_title
from search.vocabulary import TOTAL, Vocabulary

PER_HEAD = "/人"
_CURRENCIES = {currency.label: currency for currency in KNOWN_CURRENCIES.values()}
# As the reader writes a condition on money into the scope: 支出超过1000万元.
_LIMIT = re.compile(rf"((?:超过|不低于|低于|不超过)[\d.]+[万亿]?){CNY.label}(?=、|$)")


@dataclass(frozen=True, slots=True)
class Value:
    """The answer itself: an exact number (money in the unit of account, percent, pieces) or a text, and its unit."""

    number: float | int | str | None
    unit: str


def as_yuan(fen: int) -> float | int:
    """Fen as yuan; a whole number stays whole."""
    return fen // 100 if fen % 100 == 0 else float(Decimal(fen) / 100)


def rounded(number: float, places: int = 2) -> float:
    """Half up, as accountants do."""
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def is_money(unit: str) -> bool:
    """Whether numbers of that unit are sums of money: 元, 円."""
    return unit in _CURRENCIES


def say(number: float | str | None, unit: str) -> str:
    """A number with its unit in words: 12.35亿元（1,234,567,890.00元）, 87.65%, 1,234个."""
    if number is None:
        return "没有数"
    if isinstance(number, str):
        return number
    if unit in _CURRENCIES:
        return _money(Decimal(repr(number)), _CURRENCIES[unit])
    if unit in ("%", "个百分点"):
        return f"{rounded(number):,.2f}{unit}" if unit == "%" else f"{rounded(number):,.2f}个百分点"
    if unit.removesuffix(PER_HEAD) in _CURRENCIES:
        return f"{rounded(number):,.2f}{unit.removesuffix(PER_HEAD)}"
    return f"{_plain(number)}{unit}"


def _money(amount: Decimal, currency: Currency) -> str:
    *large, account = currency.units
    is_whole = account.decimals == 0 and amount == amount.to_integral_value()
    exact = f"{amount:,.{0 if is_whole else 2}f}{currency.label}"
    for unit in large:
        scale = Decimal(unit.factor_fen) / 100
        if abs(amount) >= scale:
            return f"{(amount / scale).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}{unit.label}（{exact}）"
    return exact


def spoken_in(unit: str, currency: Currency) -> str:
    """A unit of the reader or of a column, with the currency of the release where it says 元."""
    return currency.in_place_of_yuan(unit)


def in_currency(reading: Reading, currency: Currency) -> Reading:
    """The same reading with its unit, and the amounts in its scope, in the currency of the release."""
    if currency == CNY:
        return reading
    scope = tuple(_LIMIT.sub(rf"\g<1>{currency.label}", part) for part in reading.scope)
    return replace(reading, unit=spoken_in(reading.unit, currency), scope=scope)


def _plain(number: float) -> str:
    if number == int(number):
        return f"{int(number):,}"
    return f"{Decimal(repr(rounded(number, 6))).normalize():,f}"


def name_of(vocabulary: Vocabulary, column: str, code: object) -> str:
    """What a code is called, by the column it stands in."""
    text = str(code)
    trees = {
        "region_code": vocabulary.regions,
        "function_code": vocabulary.functions,
        "economic_code": vocabulary.economics,
    }
    if column in trees:
        return "全部" if text == TOTAL else trees[column].label(text)
    rows = {
        "org_id": vocabulary.organisation_names,
        "supplier_id": vocabulary.supplier_names,
        "project_id": vocabulary.project_names,
        "subject_id": _subjects(vocabulary, text),
    }
    if column in rows:
        return rows[column].get(text, text)
    tables = {
        "fund_source": synonyms.FUND_SOURCES,
        "payee_group": synonyms.PAYEE_GROUPS,
        "kind": synonyms.PAYEE_GROUPS,
        "status": synonyms.STATUSES,
        "light": synonyms.LIGHTS,
    }
    if column in tables and text in tables[column]:
        return tables[column][text][0]
    if column == "fiscal_year":
        return f"{text}年"
    if column == "month":
        return f"{text[:4]}年{int(text[5:7])}月"
    return text


def _subjects(vocabulary: Vocabulary, code: str) -> Mapping[str, str]:
    """The names of whatever people speak about that has this code: a place, a unit or a project."""
    place = vocabulary.regions.nodes.get(code)
    if place is not None:
        return {code: place.name}
    is_unit = code in vocabulary.organisations_by_id
    return vocabulary.organisation_names if is_unit else vocabulary.project_names


FORMULAS = {
    "execution_rate": "执行率 = 已支付 ÷ 调整预算 × 100%",
    "paid_per_head": "人均支出 = 已支付 ÷ 同一地区常住人口",
    "approved_per_head": "人均年初预算 = 年初预算 ÷ 同一地区常住人口",
    "adjusted_per_head": "人均调整预算 = 调整预算 ÷ 同一地区常住人口",
    "completion": "目标完成率 = 实际完成值 ÷ 目标值 × 100%",
    "on_time_rate": "按时答复率 = 按时答复数 ÷ 来件数 × 100%",
    "paid": "支出 = Σ 国库支付金额（退款为负）",
    "approved": "年初预算 = Σ 年初批复的预算指标",
    "adjusted": "调整预算 = Σ 调整后的预算指标",
    "planned": "用款计划 = Σ 当月计划用款",
    "amount": "合同金额 = Σ 合同签订金额",
    "contracted": "合同金额 = Σ 合同签订金额",
    "total_investment": "总投资 = Σ 项目批复的总投资",
    "actual": "实际完成值 = Σ 项目单位报送的年度实际完成值",
    "target": "目标值 = Σ 年度绩效目标值",
    "population": "年末常住人口",
    "rows": "符合条件的公开记录的个数",
    "withheld": "依规不公开 = 包含在合计里、但不单独列出的金额",
    "satisfaction": "满意度 = 1至5分的平均；样本不足时不公布",
    "cases": "来件数 = 受理的来件",
    "progress": "形象进度 = 最近一个已完成节点的进度",
}
"""One formula for each metric, as the metric dictionary has it."""

STATUS_REASONS = {
    "withheld": "这个数依规不公开（涉及可识别的收款人，或者会让别的不公开的数被推算出来）",
    "merged": "这个数只在合并项里公布",
    "not_reported": "这个数尚未报送",
    "not_applicable": "这个数不适用",
    "absent": "公开数据里没有这一项的记录",
}


def formula_of(column: str) -> str:
    """How a metric is computed, in one line."""
    return FORMULAS.get(column.partition(":")[0], measure_title(column))


def whole_in_words(reading: Reading) -> str:
    """What a share is a share of, read aloud: 2025年澜江省支出; a part that the next one begins with is said once."""
    parts = [part for part in reading.base_scope.split("、") if part]
    following = [*parts[1:], ""]
    return "".join(part for part, after in zip(parts, following, strict=True) if not after.startswith(part))
