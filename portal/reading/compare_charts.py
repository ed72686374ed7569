"""The charts of a comparison: sums, per-head figures, shares and rates as bars, like projects as stars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from portal.reading.charts.model import Bar, Bars, Chart, Radar, Reading, Star, money, stamp_of
from portal.reading.compare_things import Compared, CompareQuery, compared
from portal.reading.edition import Edition
from portal.reading.leading import claim
from portal.reading.likeness import AXES, ranks_of
from portal.reading.quantities import NOT_APPLICABLE, Amount, percent, say_each
from portal.reading.spending import year_of
from portal.reading.tongue import tell

DATASETS = {"region": "spending", "organisation": "spending_by_organisation", "project": "projects"}
WHOLES = {"region": "全省已支付", "organisation": "所在地区全部已支付", "project": "总投资"}
SAME_POINTS = 0.05
"""Percentages that differ by less are said to be the same: they read the same."""


def compare_charts(edition: Edition, query: CompareQuery) -> dict[str, Chart]:
    """The charts of a comparison by name; none when fewer than two things are compared."""
    things = compared(edition, query)
    if len(things) < 2:
        return {}
    charts = [_paid(edition, query, things)]
    if any(thing.people for thing in things):
        charts.append(_per_head(edition, query, things))
    charts += [_share(edition, query, things), _rate(edition, query, things)]
    if query.kind == "project":
        charts.append(_stars(edition, query, things))
    return {chart.name: chart for chart in charts if not chart.is_empty}


def compare_chart(name: str) -> Callable[[Edition, CompareQuery], Chart | None]:
    """The maker of one of them."""

    def make(edition: Edition, query: CompareQuery) -> Chart | None:
        return compare_charts(edition, query).get(name)

    return make


def _chart(
    edition: Edition,
    query: CompareQuery,
    things: Sequence[Compared],
    name: str,
    words: tuple[str, str],
    body: Bars | Radar,
    note: str = "",
) -> Chart:
    pairs = [("kind", query.kind), *(("with", thing.code) for thing in things)]
    year = year_of(edition, query.year)
    pairs += [("year", str(year))] if year and query.kind != "project" else []
    when = tell("{} 年", year) if query.kind != "project" else tell("开工以来")
    address = urlencode(pairs)
    return Chart(
        name,
        address,
        words[0],
        tell("{}，{}", when, words[1]),
        body,
        stamp_of(edition),
        DATASETS[query.kind],
        note,
        "/compare?" + address,
    )


def _ordered(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    return tuple(sorted(bars, key=lambda bar: (bar.size.value is None, -(bar.size.value or 0), bar.name)))


def _finding(bars: Sequence[Bar], what: str) -> str:
    known = [bar for bar in bars if bar.size.value and bar.size.value > 0]
    if len(known) < 2:
        return what
    times = (known[0].size.value or 0) / (known[-1].size.value or 1)
    if times < 1.005:
        return tell("{}：都差不多", what)
    title = tell("{}：{}最高，是{}的 {:.2f} 倍", what, known[0].name, known[-1].name, times)
    return claim(title, is_sure=_is_whole(bars))


def _is_whole(bars: Sequence[Bar]) -> bool:
    return not any(bar.size.is_hidden for bar in bars)


def _finding_of_rates(bars: Sequence[Bar], what: str) -> str:
    """Rates are told apart by their difference: how many times as much one is says little."""
    known = [bar for bar in bars if bar.size.value is not None]
    if len(known) < 2:
        return what
    points = (known[0].size.value or 0) - (known[-1].size.value or 0)
    if points < SAME_POINTS:
        return tell("{}：都差不多", what)
    title = tell("{}：{}最高，比{}高 {:.1f} 个百分点", what, known[0].name, known[-1].name, points)
    return claim(title, is_sure=_is_whole(bars))


def _paid(edition: Edition, query: CompareQuery, things: Sequence[Compared]) -> Chart:
    bars = _ordered(
        [
            Bar(
                thing.name,
                money(thing.measures.paid, edition.currency),
                "",
                money(thing.measures.adjusted, edition.currency),
                thing.url,
            )
            for thing in things
        ]
    )
    body = Bars(bars, tell("已支付"), outline_word=tell("调整预算"))
    words = (_finding(bars, tell("已支付")), tell("框为调整预算，实心为已支付"))
    return _chart(edition, query, things, "compare-paid", words, body)


def _per_head(edition: Edition, query: CompareQuery, things: Sequence[Compared]) -> Chart:
    bars = _ordered(
        [Bar(thing.name, _each(edition, thing), _people(thing), None, thing.url) for thing in things]
    )
    body = Bars(bars, tell("人均支出"))
    words = (_finding(bars, tell("人均支出")), tell("已支付 ÷ 同一地区的常住人口"))
    return _chart(edition, query, things, "compare-per-head", words, body)


def _each(edition: Edition, thing: Compared) -> Reading:
    if thing.each is None:
        paid = money(thing.measures.paid, edition.currency)
        return paid if not paid.is_known else Reading(None, tell("— 没有人口数"), NOT_APPLICABLE)
    return Reading(thing.each.fen, str(say_each(thing.each, edition.currency)))


def _people(thing: Compared) -> str:
    return tell("÷ {:,} 人", thing.people) if thing.people else ""


def _share(edition: Edition, query: CompareQuery, things: Sequence[Compared]) -> Chart:
    bars = _ordered(
        [
            Bar(
                thing.name,
                _part(edition, thing, thing.share_pct, 2),
                f"÷ {thing.whole}" if thing.whole else "",
                None,
                thing.url,
            )
            for thing in things
        ]
    )
    whole = tell(WHOLES[query.kind])
    body = Bars(bars, tell("份额"), "%", is_money=False)
    words = (_finding(bars, tell("占{}的份额", whole)), tell("已支付 ÷ {}", whole))
    return _chart(edition, query, things, "compare-share", words, body)


def _rate(edition: Edition, query: CompareQuery, things: Sequence[Compared]) -> Chart:
    bars = _ordered(
        [
            Bar(
                thing.name,
                _part(edition, thing, thing.measures.rate, 1),
                tell("÷ 调整预算 {}", money(thing.measures.adjusted, edition.currency).said),
                None,
                thing.url,
            )
            for thing in things
        ]
    )
    body = Bars(bars, tell("执行率"), "%", is_money=False)
    return _chart(
        edition,
        query,
        things,
        "compare-rate",
        (_finding_of_rates(bars, tell("执行率")), tell("已支付 ÷ 调整预算")),
        body,
    )


def _part(edition: Edition, thing: Compared, value: float | None, decimals: int) -> Reading:
    if value is not None:
        return Reading(value, percent(value, decimals))
    paid: Amount = thing.measures.paid
    return (
        money(paid, edition.currency)
        if not paid.is_known
        else Reading(None, tell("— 不适用"), NOT_APPLICABLE)
    )


def _stars(edition: Edition, query: CompareQuery, things: Sequence[Compared]) -> Chart:
    stars = []
    for thing in things:
        ranks = ranks_of(edition, thing.code)
        stars.append(
            Star(
                thing.name,
                tuple(rank.score for rank in ranks),
                tuple(rank.basis for rank in ranks),
                thing.url,
            )
        )
    note = tell(
        "每条轴是“不差于百分之几的同类项目”，越靠外越好。单位成本的同类是报同一数量指标的已完成项目，其余是同一部门的项目；同类不足五个或没有报送，这条轴上就没有点。满意度是项目自己报送的指标。"
    )
    words = (_stars_title(stars), tell("单位成本、工期、满意度、目标完成在同类中的位置"))
    return _chart(
        edition,
        query,
        things,
        "compare-stars",
        words,
        Radar(tuple(tell(axis) for axis in AXES), tuple(stars)),
        note,
    )


def _stars_title(stars: Sequence[Star]) -> str:
    """Who stands best on the axis that most of them have a score on."""
    by_axis = [
        [(star.scores[at].value or 0, star) for star in stars if star.scores[at].is_known]
        for at in range(len(AXES))
    ]
    at = max(range(len(AXES)), key=lambda axis: len(by_axis[axis]))
    if len(by_axis[at]) < 2:
        return tell("在同类项目里各排在哪里")
    _, best = max(by_axis[at], key=lambda pair: pair[0])
    return tell("{}：{}排得最靠前，{}", tell(AXES[at]), best.name, best.scores[at].said)
