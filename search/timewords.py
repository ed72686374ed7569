"""Words for time, read as days: 去年, 上半年, 前三季度, 近三年, 今年以来, 截至6月底, "十四五"期间, 2024年1月至6月.

The fiscal year is the calendar year. "Today" is an argument, never the clock. A part of a year without a year
belongs to the year that was named before it, else to this year, else (when it has not begun yet) to the last one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from search.numerals import read_number
from search.plan import Period, end_of_month

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DIGIT_YEAR = r"(?:(?:19|20)\d{2}|[一二][零九〇一二][零一二三四五六七八九]{2})"
_YEAR = (
    rf"(?P<year>{_DIGIT_YEAR})(?:财政年度|会计年度|预算年度|年度|年| ?nian(?![a-z])|(?![\d万亿千百元个.年%]))|(?P<short>\d{{2}})年度?"
    r"|(?P<word>上上年度?|大前年度?|前年度?|去年度?|上年度?|上一年度?|前一年度?|昨年|旧年|今年度?|本年度?|这一年|当年|明年度?|来年|下一年度?|下年度?|后年"
    r"|last year|previous year|this year|current year|next year)"
)
_MONTH = rf"(?P<month>{_N})月(?:份)?(?P<month_on>以来|至今|起|到现在|到目前)?"
_PART = (
    rf"第?(?P<from_quarter>[一二三四1-4])(?:季度)?(?:至|到|-|~)第?(?P<to_quarter>[一二三四1-4])季度|第?(?P<quarter>[一二三四1-4])季度?|(?P<q_en>q[1-4])|(?P<half>上半年|前半年|下半年|后半年|h1|h2)"
    rf"|[前头](?P<quarters>[一二两三四1-4])个?季度?|[前头](?P<months>{_N})个月"
    rf"|(?P<from_month>{_N})月?份?(?:至|到|-|~|—)(?P<to_month>{_N})月(?:份)?"
    rf"|(?:截至|截止|截止到|截至到|到)(?P<until>{_N})月(?:份)?(?:底|末|止|为止)?"
    rf"|(?P<until_end>{_N})月(?:底|末)(?:以前|之前|前)?"
    rf"|{_MONTH}(?:(?P<day>\d{{1,2}})[日号])?|(?P<whole>全年|整年|一整年|一年|全年度)|(?P<since>以来|至今|到现在|到目前)"
)
_WHOLE_RANGE = re.compile(
    rf"(?:从|自|由|between|from)? ?(?P<first>{_DIGIT_YEAR})年?度?(?: ?(?:至|到|-|~|to|and|through) ?)(?P<last>{_DIGIT_YEAR})(?:年度?|(?!\d))(?:这?[一二两三四五六七八九十\d]{{1,2}}年)?(?:期间|这几年|之间|间|以来|来)?"
)
_MONTH_RANGE = re.compile(
    rf"(?:从|自|由)?(?P<y1>{_DIGIT_YEAR})年(?P<m1>{_N})月?份?(?:至|到|-|~)(?P<y2>{_DIGIT_YEAR})年(?P<m2>{_N})月(?:份)?(?:底|末|期间)?"
)
_ISO = re.compile(
    r"(?P<year>(?:19|20)\d{2})[-/.](?P<month>1[0-2]|0?[1-9])(?![\d])(?:[-/.](?P<day>\d{1,2})(?!\d))?"
)
_YEAR_AND_PART = re.compile(
    rf"(?P<by>截至到?|截止到?|到)?(?:在|于|从|自|in |during |for |fy ?)?(?:{_YEAR})(?: ?的?(?:{_PART}))?"
    r"(?:期间|时候|里面|这年|年?底|年?末|里|内|间)?"
)
_PART_ALONE = re.compile(rf"(?:在|从|自)?(?:{_PART})(?:期间)?")
_RECENT = re.compile(
    rf"(?P<kind>近|最近|这|过去|前|此前|last|past|recent)(?:的)? ?(?P<count>{_N}) ?个?(?P<unit>整?年度?|月|季度|years?|months?|quarters?)(?:来|以来|里|间|期间|内)?"
)
_PLAN = re.compile(
    r"(?:第)?(?P<plan>十一五|十二五|十三五|十四五|十五五|十六五)(?: ?(?P<since>以来)| ?(?:规划)?(?:时期|期间|规划期|规划)?)"
)
_RELATIVE = re.compile(
    r"(?P<month>上上个月|上上月|上个月|上月|上一个月|本月|这个月|当月|下个月|下月|last month|this month|next month)"
    r"|(?P<quarter>上上个?季度|上个?季度|上一季度|本季度|这个?季度|当季|下个?季度|last quarter|this quarter|next quarter)"
)
_TO_DATE = re.compile(
    r"(?:今年|本年|年初|今年年初|本年度)(?:以来|至今|到现在|到目前(?:为止)?|迄今|到今天|截至目前|截止目前|截至今天)|year to date|ytd|so far this year"
)
_SAME = re.compile(
    r"(?P<word>去年|上年|前年|上一年|上年度)(?:的)?(?:同期|同一时期|同时期|这个时候|同月|同季)|同期|same period last year|the same period of last year"
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_NAME = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_ENGLISH_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 4,
}
_ENGLISH_COUNTS = {"two": 2, "three": 3, "2": 2, "3": 3}
_ENGLISH = re.compile(
    r"(?:in |during |for |from )?(?:the )?(?:(?P<half>first|second) half|(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th) quarter"
    rf"|first (?P<quarters>two|three|2|3) quarters|(?P<short>q[1-4]|h[12])|(?P<from>\b{_ENGLISH_NAME}\b)(?: ?(?:to|-|through|and) ?(?P<to>{_ENGLISH_NAME}\b))?|(?P<since>(?<=the )year(?= of (?:19|20))))"
    r"(?: ?(?:of |in |,)? ?(?:(?P<year>(?:19|20)\d{2})|(?P<word>last year|this year)))?"
)
_WORD_YEARS = {
    "上上年": -2, "大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "前一年": -1, "昨年": -1, "旧年": -1, "今年": 0, "本年": 0,
    "这一年": 0, "当年": 0, "明年": 1, "来年": 1, "下一年": 1, "下年": 1, "后年": 2,
    "last year": -1, "previous year": -1, "this year": 0, "current year": 0, "next year": 1,
}  # fmt: skip
_FIRST_FIVE_YEAR_PLAN = 1953  # the n-th plan runs from 1953 + 5 (n - 1) until 2005; 十一五 began in 2006
_PLAN_NUMBERS = {"十一五": 11, "十二五": 12, "十三五": 13, "十四五": 14, "十五五": 15, "十六五": 16}


@dataclass(frozen=True, slots=True)
class TimeMatch:
    """Words for time in a text, from `start` to `end`.

    `period` is None for 同期, which means the same part of another year: `shift` years from the period that the rest
    of the question is about. `to_date` says that the words mean "until today". `inherits` says that the year was not
    spoken, so that it may be taken from a year named before. `relative` that the words (上年, 前一年) count from the year
    the question is about, when it names one; `preceding` that they (上月, 上季度) mean the one right before it.
    """

    start: int
    end: int
    period: Period | None
    shift: int = 0
    to_date: bool = False
    inherits: bool = False
    relative: bool = False
    preceding: bool = False


def match_time(text: str, start: int, today: date) -> TimeMatch | None:
    """Read the longest words for time that begin at that place of a normalized text; None when there are none."""
    found = [match for reader in _READERS if (match := reader(text, start, today)) is not None]
    return max(found, key=lambda match: match.end, default=None)


def in_year(match: TimeMatch, year: int) -> TimeMatch:
    """The same part of another year, for a part whose own year was not spoken."""
    if match.period is None:
        return match
    return replace(match, period=shifted(match.period, year - match.period.start.year), inherits=False)


def shifted(period: Period, years: int) -> Period:
    """The same days some years later (29 February becomes the 28th)."""
    return Period(_moved(period.start, years), _moved(period.end, years))


def describe(period: Period) -> str:
    """A period in Chinese, as short as it can be said."""
    start, end = period.start, period.end
    whole_months = start.day == 1 and end == end_of_month(end.year, end.month)
    if not whole_months:
        if start == end:
            return _day(start)
        return f"{_day(start)}至{_day(end)}"
    if period.is_whole_years:
        return f"{start.year}年" if start.year == end.year else f"{start.year}年至{end.year}年"
    if start.year != end.year:
        return f"{start.year}年{start.month}月至{end.year}年{end.month}月"
    if start.month == end.month:
        return f"{start.year}年{start.month}月"
    named = {
        (1, 3): "一季度",
        (4, 6): "二季度",
        (7, 9): "三季度",
        (10, 12): "四季度",
        (1, 6): "上半年",
        (7, 12): "下半年",
        (1, 9): "前三季度",
    }
    part = named.get((start.month, end.month), f"{start.month}月至{end.month}月")
    return f"{start.year}年{part}"


def year_period(year: int) -> Period:
    """A whole year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def months_period(year: int, first: int, last: int) -> Period:
    """Whole months of one year."""
    return Period(date(year, first, 1), end_of_month(year, last))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moved(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# ---------------------------------------------------------------- readers, one for each kind of words


def _read_whole_range(text: str, start: int, _today: date) -> TimeMatch | None:
    found = _WHOLE_RANGE.match(text, start)
    if found is None:
        return None
    first, last = _digits(found["first"]), _digits(found["last"])
    if first > last:
        return None
    return TimeMatch(start, found.end(), Period(date(first, 1, 1), date(last, 12, 31)))


def _read_month_range(text: str, start: int, _today: date) -> TimeMatch | None:
    found = _MONTH_RANGE.match(text, start)
    if found is None:
        return None
    first, last = _number(found["m1"]), _number(found["m2"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    period = Period(date(_digits(found["y1"]), first, 1), end_of_month(_digits(found["y2"]), last))
    return TimeMatch(start, found.end(), period) if period.start < period.end else None


def _read_iso(text: str, start: int, _today: date) -> TimeMatch | None:
    found = _ISO.match(text, start)
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"])
    if found["day"] is None:
        return TimeMatch(start, found.end(), months_period(year, month, month))
    return _one_day(start, found.end(), year, month, int(found["day"]))


def _one_day(start: int, end: int, year: int, month: int, day: int) -> TimeMatch | None:
    try:
        chosen = date(year, month, day)
    except ValueError:
        return None
    return TimeMatch(start, end, Period(chosen, chosen))


def _read_year_and_part(text: str, start: int, today: date) -> TimeMatch | None:
    found = _YEAR_AND_PART.match(text, start)
    if found is None:
        return None
    year = _year_of(found, today)
    if year is None:
        return None
    match = _part_of(found, start, year, today)
    spoken = found["word"] or ""
    return (
        None
        if match is None
        else replace(match, inherits=False, relative=spoken.startswith(("上", "前一", "previous")))
    )


def _read_part(text: str, start: int, today: date) -> TimeMatch | None:
    found = _PART_ALONE.match(text, start)
    if found is None or found["since"] is not None:
        return None
    if found["whole"] is not None:
        known = found["whole"].startswith(("全年", "整年"))
        return TimeMatch(start, found.end(), year_period(today.year), inherits=True) if known else None
    match = _part_of(found, start, today.year, today)
    if match is None or match.period is None:
        return None
    until = bool(found["until"] or found["until_end"])
    if match.period.start > today or (until and match.period.end > today):
        match = in_year(match, today.year - 1)  # 12月, and 截至12月底, asked in October, are last year's
    return replace(match, inherits=True)


def _read_recent(text: str, start: int, today: date) -> TimeMatch | None:
    found = _RECENT.match(text, start)
    if found is None:
        return None
    count = _number(found["count"])
    unit = found["unit"]
    if count < 1 or count > 60:
        return None
    before = found["kind"] in ("过去", "前", "此前")  # whole ones before the present one
    if ("年" in unit or unit.startswith("year")) and count == 1 and not before:
        return TimeMatch(start, found.end(), _recent_months(12, today, whole=False, step=1))
    if "年" in unit or unit.startswith("year"):
        last = today.year - 1 if before else today.year
        return TimeMatch(start, found.end(), Period(date(last - count + 1, 1, 1), date(last, 12, 31)))
    if found["kind"] == "前":
        return None  # 前三个月, 前三季度: the first ones of a year
    step = 3 if "季" in unit or unit.startswith("quarter") else 1
    return TimeMatch(start, found.end(), _recent_months(count * step, today, whole=before, step=step))


def _recent_months(count: int, today: date, *, whole: bool, step: int) -> Period:
    last = today.year * 12 + today.month - 1
    if step == 3:
        last = last // 3 * 3 + 2
    if whole:
        last -= step
    first = last - count + 1
    return Period(date(first // 12, first % 12 + 1, 1), end_of_month(last // 12, last % 12 + 1))


def _read_plan(text: str, start: int, today: date) -> TimeMatch | None:
    found = _PLAN.match(text, start)
    if found is None:
        return None
    number = _PLAN_NUMBERS[found["plan"]]
    first = 2006 + 5 * (number - 11)
    last = today.year if found["since"] else first + 4
    if last < first:
        return None
    period = Period(date(first, 1, 1), date(last, 12, 31))
    return TimeMatch(start, found.end(), period, to_date=bool(found["since"]))


def _read_relative(text: str, start: int, today: date) -> TimeMatch | None:
    found = _RELATIVE.match(text, start)
    if found is None:
        return None
    words = found.group()
    step = -1 if words.startswith(("上", "last")) else 1 if words.startswith(("下", "next")) else 0
    step *= 2 if words.startswith("上上") else 1
    place = today.year * 12 + today.month - 1
    if found["month"]:
        place += step
        month = months_period(place // 12, place % 12 + 1, place % 12 + 1)
        return TimeMatch(start, found.end(), month, preceding=step == -1)
    place = place // 3 * 3 + 3 * step
    quarter = months_period(place // 12, place % 12 + 1, place % 12 + 3)
    return TimeMatch(start, found.end(), quarter, preceding=step == -1)


def _read_to_date(text: str, start: int, today: date) -> TimeMatch | None:
    found = _TO_DATE.match(text, start)
    if found is None:
        return None
    return TimeMatch(start, found.end(), year_period(today.year), to_date=True)


def _read_english(text: str, start: int, today: date) -> TimeMatch | None:
    found = _ENGLISH.match(text, start)
    if found is None:
        return None
    spoken = found["year"]
    year = int(spoken) if spoken else today.year + _WORD_YEARS.get(found["word"] or "this year", 0)
    first, last = _english_months(found)
    period = months_period(year, first, last) if first <= last else None
    if period is None:
        return None
    spoken_year = bool(spoken or found["word"])
    if not spoken_year and period.start > today:
        period = shifted(period, -1)
    return TimeMatch(start, found.end(), period, inherits=not spoken_year)


def _english_months(found: re.Match[str]) -> tuple[int, int]:
    if found["since"]:
        return 1, 12
    if found["short"]:
        place = int(found["short"][1])
        return (3 * place - 2, 3 * place) if found["short"][0] == "q" else (6 * place - 5, 6 * place)
    if found["half"]:
        return (1, 6) if found["half"] == "first" else (7, 12)
    if found["quarter"]:
        quarter = _ENGLISH_ORDINALS[found["quarter"]]
        return 3 * quarter - 2, 3 * quarter
    if found["quarters"]:
        return 1, 3 * _ENGLISH_COUNTS[found["quarters"]]
    first = _ENGLISH_MONTHS.index(found["from"][:3]) + 1
    return first, _ENGLISH_MONTHS.index(found["to"][:3]) + 1 if found["to"] else first


def _read_same(text: str, start: int, _today: date) -> TimeMatch | None:
    found = _SAME.match(text, start)
    if found is None:
        return None
    return TimeMatch(start, found.end(), None, shift=-2 if found["word"] == "前年" else -1)


_READERS: tuple[Callable[[str, int, date], TimeMatch | None], ...] = (
    _read_whole_range,
    _read_month_range,
    _read_iso,
    _read_year_and_part,
    _read_part,
    _read_recent,
    _read_plan,
    _read_relative,
    _read_to_date,
    _read_english,
    _read_same,
)


# ---------------------------------------------------------------- the parts


def _year_of(found: re.Match[str], today: date) -> int | None:
    if found["year"]:
        return _digits(found["year"])
    if found["short"]:
        year = 2000 + int(found["short"])
        return year if 10 <= year - 2000 <= 49 else None
    word = found["word"]
    if word not in _WORD_YEARS:
        word = word.removesuffix("度")
    return today.year + _WORD_YEARS[word]


def _part_of(found: re.Match[str], start: int, year: int, today: date) -> TimeMatch | None:
    end = found.end()
    months = _months_of(found)
    if months is not None:
        first, last = months
        if not (1 <= first <= last <= 12):
            return None
        if found["day"]:
            return _one_day(start, end, year, first, int(found["day"]))
        if found["month_on"]:
            period = Period(date(year, first, 1), end_of_month(today.year, today.month))
            return TimeMatch(start, end, period, to_date=True) if period.start <= period.end else None
        if found.groupdict().get("by") and found["month"]:
            first = 1
        return TimeMatch(start, end, months_period(year, first, last))
    if found["since"]:
        return TimeMatch(
            start, end, Period(date(year, 1, 1), date(max(year, today.year), 12, 31)), to_date=True
        )
    return TimeMatch(start, end, year_period(year))


def _months_of(found: re.Match[str]) -> tuple[int, int] | None:
    parts: dict[str, Callable[[str], tuple[int, int]]] = {
        "quarter": lambda text: (3 * _number(text) - 2, 3 * _number(text)),
        "q_en": lambda text: (3 * int(text[1]) - 2, 3 * int(text[1])),
        "half": lambda text: (1, 6) if text in ("上半年", "前半年", "h1") else (7, 12),
        "quarters": lambda text: (1, 3 * _number(text)),
        "months": lambda text: (1, _number(text)),
        "until": lambda text: (1, _number(text)),
        "until_end": lambda text: (1, _number(text)),
        "month": lambda text: (_number(text), _number(text)),
    }
    if found["from_quarter"]:
        return 3 * _number(found["from_quarter"]) - 2, 3 * _number(found["to_quarter"])
    if found["from_month"]:
        return _number(found["from_month"]), _number(found["to_month"])
    for name, months in parts.items():
        if found[name]:
            return months(found[name])
    return None


def _number(text: str) -> int:
    number = read_number(text, 0)
    return 0 if number is None or number.end != len(text) else int(number.value)


def _digits(text: str) -> int:
    return _number(text)
