"""Shares of several members, and how a share has changed."""

from __future__ import annotations

from dataclasses import replace

from portal.reading.answer_bounds import always, could_be_above, doubtful
from portal.reading.answer_cells import Outcome, Row, Scene, rounded_gap, single, unavailable
from portal.reading.answer_tables import meets, omitted_note, row_json, table_rows, undecided
from portal.reading.answer_words import Value, rounded, say, whole_in_words
from search.plan import Plan
from search.timewords import describe

_FORMULA = "占比 = 部分 ÷ 整体 × 100%"


def tell_shares(scene: Scene) -> Outcome:
    """The share of each member in one whole, or in its own. What is not published has no share."""
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    plan = replace(reading.plan, limit=None, having=())
    table = table_rows(scene, plan)
    own = bool(base.group_by)
    wholes = {row["code"]: row["value"] for row in table_rows(scene, base).rows} if own else {}
    whole = None if own else single(scene, base)
    if whole is not None and not whole.number:
        return unavailable(scene, "not_applicable" if whole.number == 0 else whole.status, "整体")
    common = None if whole is None else whole.number
    rows = [_with_share(row, wholes.get(row["code"]) if own else common) for row in table.rows]
    shown = [row for row in rows if row["share_pct"] is not None]
    hidden = (*table.hidden, *(row for row in rows if row["share_pct"] is None))
    if not shown:
        return unavailable(scene, "withheld" if hidden else "absent")
    return _told(scene, shown, hidden, common, plan)


def _with_share(row: Row, whole: float | None) -> Row:
    share = rounded(row["value"] * 100 / whole) if whole else None
    return {**row, "share_pct": share}


def _told(
    scene: Scene, shown: list[Row], hidden: tuple[Row, ...], common: float | None, plan: Plan
) -> Outcome:
    reading = scene.reading
    chosen = [row for row in shown if meets(row["share_pct"], reading.plan)]
    if plan.order and not _in_time(plan):
        chosen.sort(
            key=lambda row: (-row["share_pct"] if reading.descending else row["share_pct"], row["code"])
        )
    limit = reading.plan.limit
    if limit:
        chosen = chosen[reading.skip : reading.skip + limit]
    listed = "；".join(f"{row['name']} {row['share_pct']:.2f}%" for row in chosen[:10])
    if hidden and (limit or reading.plan.having):
        doubts = _doubts(scene, plan, hidden, chosen, common)
        if doubts:
            return undecided(scene, doubts, f"已公布的里面是：{listed}" if listed else "已公布的里面没有")
    if not chosen:
        return Outcome(f"{scene.scope}：公开数据里没有符合条件的。", Value(0, "个"), formula=_FORMULA)
    more = f"……共{len(chosen)}项" if len(chosen) > 10 else ""
    text = f"{scene.scope}：{listed}{more}。"
    value = Value(len(chosen), "个")
    if limit == 1:
        value = Value(chosen[0]["share_pct"], "%")
    elif reading.attribute == "sum" and common:
        total = rounded(sum(row["value"] for row in chosen) * 100 / common)
        value, text = Value(total, "%"), f"{text}合计占{total:.2f}%。"
    rows = tuple({**row_json(scene, row), "share_pct": row["share_pct"]} for row in chosen)
    return Outcome(text, value, rows, formula=_FORMULA, notes=omitted_note(len(hidden)))


def _in_time(plan: Plan) -> bool:
    return plan.group_by[:1] in (("fiscal_year",), ("month",), ("signed_on",))


def _doubts(
    scene: Scene, plan: Plan, hidden: tuple[Row, ...], chosen: list[Row], common: float | None
) -> int:
    """How many members without a share could change which ones are named."""
    reading = scene.reading
    decided = reading.descending and not reading.plan.having and chosen and common
    doubt = could_be_above(min(row["value"] for row in chosen)) if decided else always
    return doubtful(scene, plan, hidden, doubt)


def tell_share_change(scene: Scene) -> Outcome:
    """A share now and the same share then, and the difference in percentage points."""
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    if reading.base_period is None or reading.period is None:
        return unavailable(scene, "not_applicable")
    shares = []
    for period in (reading.period, reading.base_period):
        part = single(scene, replace(reading.plan, period=period))
        whole = single(scene, replace(base, period=period))
        missing = part if part.number is None else whole
        if part.number is None or not whole.number:
            return unavailable(scene, missing.status, f"{scene.scope}（{describe(period)}）")
        shares.append(rounded(part.number * 100 / whole.number))
    now, then = shares
    gap = rounded_gap(now - then, "元")
    word = "提高" if gap >= 0 else "下降"
    text = (
        f"{scene.scope}占{whole_in_words(reading)}的比重：{describe(reading.period)} {now:.2f}%，"
        f"{describe(reading.base_period)} {then:.2f}%，{word}{say(abs(gap), '个百分点')}。"
    )
    rows = tuple(
        {"name": describe(period), "share_pct": share, "status": "published"}
        for period, share in ((reading.period, now), (reading.base_period, then))
    )
    value = Value(-gap if reading.attribute == "less" else gap, "个百分点")
    return Outcome(text, value, rows, formula="占比的变化 = 本期占比 − 上期占比")
