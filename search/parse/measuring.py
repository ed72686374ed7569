"""Which measure is meant, when several are named or none."""

from __future__ import annotations

from dataclasses import replace

from search.parse.measures import MEASURE_TITLES, MERGED, ORDERED
from search.parse.outcome import Code, Refusal
from search.parse.placing import Draft, Unplaced
from search.vocabulary import Kind


def measure_of(draft: Draft) -> str:
    """The measure asked for, '' when none was named; what several named together mean.

    Raises: Unplaced when they cannot be asked together.
    """
    _place_best(draft)
    name = _merged_measure(draft)
    if "perhead" in draft.asks:
        draft.asks.discard("average")  # 每个居民平均
    if "percent" in draft.asks:  # 完成了百分之多少 asks for the rate, 教育支出是总支出的百分之几 for a share
        draft.asks.discard("percent")
        if name not in _RATES and draft.change != "growth":
            draft.asks.add("share")
    return name


_RATES = frozenset({"execution_rate", "completion", "progress", "satisfaction", "on_time_rate"})


def _place_best(draft: Draft) -> None:
    """最好 and 最快 mean something for rates only; for anything else they ask for an opinion."""
    if draft.extreme not in ("best", "worst"):
        return
    if draft.change:  # 增长最快
        draft.change = "growth"
    elif not any(token.value in _RATES for token in draft.measures):
        raise Unplaced(
            Refusal(
                Code.OUT_OF_SCOPE,
                "这里只回答数据里有的事实，不评价好坏；可以问哪里的支出、执行率或完成率最高。",
            )
        )
    draft.extreme = "most" if draft.extreme == "best" else "least"


def _merged_measure(draft: Draft) -> str:
    spoken = [token for token in draft.measures if token.value != "spent_on"]
    if not spoken and draft.measures:
        return "paid"  # 用于教育的钱
    draft.measures = spoken
    _place_pair(draft)
    names = tuple(dict.fromkeys(token.value for token in draft.measures))
    if draft.second_measure and "adjusted" in names:
        return "adjusted"
    if len(names) < 2:
        return names[0] if names else ""
    if set(names) == {"paid", "budget"} and _are_joined(draft):
        raise Unplaced(Refusal(Code.NOT_UNDERSTOOD, "一次只能问一个数：这里同时提到了支出和预算。"))
    if "budget" in names and len(names) == 2 and draft.versus:
        raise Unplaced(
            Refusal(
                Code.NOT_UNDERSTOOD,
                "“预算”有两个数，请写明是和年初预算还是和调整预算相比，例如“支出比年初预算少多少”。",
            )
        )
    if set(names) == {"paid", "progress"} and not _adjacent(draft):
        raise Unplaced(
            Refusal(Code.NOT_UNDERSTOOD, "一次只能问一个数：这里同时提到了进度和支出，请分开来问。")
        )
    if set(names) == {"paid", "budget"}:
        return _paid_or_budget(draft)
    if set(names) == {"target", "actual"}:
        return "completion" if "share" in draft.asks else "actual"
    if names not in ORDERED and frozenset(names) not in MERGED:
        titles = "、".join(MEASURE_TITLES[name] for name in names)
        raise Unplaced(Refusal(Code.NOT_UNDERSTOOD, f"一次只能问一个数：这里同时提到了{titles}。"))
    return ORDERED.get(names) or MERGED[frozenset(names)]


def _are_joined(draft: Draft) -> bool:
    """支出和预算: the two are asked for side by side, where nothing sets them against each other."""
    first, last = draft.measures[0].end, draft.measures[-1].start
    against = draft.versus or draft.change or draft.asks & {"percent", "share", "times", "larger", "smaller"}
    return not against and any(first <= joint < last for joint in draft.joints)


def _paid_or_budget(draft: Draft) -> str:
    if "percent" in draft.asks:
        return "execution_rate"  # 预算花了百分之多少
    return "budget" if draft.measures[-1].value == "budget" and _adjacent(draft) else "paid"


_AMOUNTS = frozenset({"paid", "approved", "adjusted", "planned"})


def _place_pair(draft: Draft) -> None:
    """调整预算比年初预算多多少, 教育支出和年初预算相差多少: two amounts of the same scope set against each other."""
    against = draft.versus or draft.joined
    spoken = draft.change == "difference" or (draft.change == "growth" and not draft.over_time)
    if not against or not (spoken or draft.asks & {"larger", "smaller", "times"}):
        return
    places = [(token.start, token.value) for token in draft.measures if token.value in _AMOUNTS]
    if len(places) == 1 and len(draft.measures) == 1 and places[0][1] != "paid":
        spent = [
            token for token in draft.things if token.text.endswith("支出") and Kind.FUNCTION in token.kinds()
        ]
        if len(spent) == 1 and len(draft.times) < 2 and draft.baseline is None:
            places = sorted([*places, (spent[0].start, "paid")])
    names = [name for _, name in places]
    if len(names) == 2 and names[0] != names[1] and len(draft.measures) <= 2:
        draft.second_measure = names[1]
        draft.measures = [replace(token, value=names[0]) for token in draft.measures[:1]]


def _adjacent(draft: Draft) -> bool:
    paid, budget = draft.measures[-2], draft.measures[-1]
    return paid.end == budget.start
