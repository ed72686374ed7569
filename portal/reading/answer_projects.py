"""Answers about one project: who, where, when, why late; and what a metric means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from portal.reading.answer_cells import Outcome, Row, Scene
from portal.reading.answer_words import FORMULAS, Value, as_yuan, say, spoken_in
from publishing.specs import METRICS
from search.parse import Code
from search.plan import Plan

Project = dict[str, Any]


def look_up(scene: Scene) -> Outcome:
    """One attribute of one project."""
    attribute = scene.reading.attribute
    if attribute == "contractor":
        return _contractor(scene)
    project = _project(scene)
    if project is None:
        return Outcome("公开数据里没有这个项目。", code=Code.NOT_IN_DATA)
    return _TELLERS[attribute](scene, project)


def _project(scene: Scene) -> Project | None:
    rows = scene.run(scene.reading.plan).frame.to_dicts()
    return rows[0] if rows else None


def _row(project: Project, *columns: str) -> tuple[Row, ...]:
    def shown(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return ({column: shown(project.get(column)) for column in ("project_id", "name", *columns)},)


def _told(text: str, value: str | None, rows: tuple[Row, ...]) -> Outcome:
    if value is None or not value:
        return Outcome(f"{text}公开数据里没有写明。", code=Code.NOT_IN_DATA)
    return Outcome(f"{text}{value}。", Value(value, ""), rows, formula="项目表的原样登记")


def _owner(_scene: Scene, project: Project) -> Outcome:
    value = project["org_name"]
    return _told(f"{project['name']}由谁负责：", value, _row(project, "org_name", "sector"))


def _place(_scene: Scene, project: Project) -> Outcome:
    place = project["address"] or project["region_name"]
    return _told(f"{project['name']}的地点：", place, _row(project, "region_name", "address"))


def _start(_scene: Scene, project: Project) -> Outcome:
    return _told(
        f"{project['name']}的开工（启动）日期：", _day(project["starts_on"]), _row(project, "starts_on")
    )


def _end(scene: Scene, project: Project) -> Outcome:
    rows = _row(project, "planned_end", "ended_on", "status")
    if project["ended_on"] is not None:
        text = f"{project['name']}已于{say_day(project['ended_on'])}完工（计划{say_day(project['planned_end'])}）。"
        return Outcome(text, Value(project["ended_on"].isoformat(), ""), rows, formula="项目表的原样登记")
    if project["planned_end"] is None:
        return Outcome(f"{project['name']}没有公布计划完工日期。", code=Code.NOT_IN_DATA)
    text = f"{project['name']}还没有完工（{scene.name('status', project['status'])}），计划{say_day(project['planned_end'])}完工。"
    return Outcome(text, Value(project["planned_end"].isoformat(), ""), rows, formula="项目表的原样登记")


def _status(scene: Scene, project: Project) -> Outcome:
    name = scene.name("status", project["status"])
    return _told(f"{project['name']}的状态：", name, _row(project, "status", "progress", "ended_on"))


def _light(scene: Scene, project: Project) -> Outcome:
    if project["light"] is None:
        return Outcome(f"{project['name']}没有公布预警灯。", code=Code.NOT_IN_DATA)
    reason = f"：{project['light_reason']}" if project["light_reason"] else ""
    name = scene.name("light", project["light"])
    return Outcome(
        f"{project['name']}亮{name}{reason}。",
        Value(name, ""),
        _row(project, "light", "light_reason"),
        formula="预警规则表",
    )


def _late(scene: Scene, project: Project) -> Outcome:
    """What is on record about lateness: dates, progress and the reason of the light. No reason is invented."""
    end, planned = project["ended_on"], project["planned_end"]
    as_of = scene.release.as_of
    if planned is None:
        return Outcome(f"{project['name']}没有公布计划完工日期，看不出是否延期。", code=Code.NOT_IN_DATA)
    if end is not None:
        days = (end - planned).days
        told = (
            f"已于{say_day(end)}完工，比计划{'晚' if days > 0 else '早'}{abs(days)}天"
            if days
            else f"已于{say_day(end)}按计划完工"
        )
    else:
        days = (as_of - planned).days
        told = f"计划{say_day(planned)}完工，截至{say_day(as_of)}" + (
            f"已超过{days}天" if days > 0 else "还没有到期"
        )
    reason = project["light_reason"]
    because = f"登记的预警原因：{reason}" if reason else "数据里没有登记延期原因"
    text = f"{project['name']}{told}；状态：{scene.name('status', project['status'])}；{because}。"
    rows = _row(project, "planned_end", "ended_on", "status", "progress", "light", "light_reason")
    return Outcome(text, Value(reason or because, ""), rows, formula="项目表的原样登记")


def _policy(scene: Scene, project: Project) -> Outcome:
    if not project["policy_id"]:
        return Outcome(f"{project['name']}没有登记政策依据。", code=Code.NOT_IN_DATA)
    rows = scene.run(Plan("policies").where("policy_id", project["policy_id"])).frame.to_dicts()
    title = rows[0]["title"] if rows else project["policy_id"]
    return _told(f"{project['name']}的政策依据：", title, _row(project, "policy_id"))


def _about(scene: Scene, project: Project) -> Outcome:
    money = project["total_investment"]
    parts = [project["org_name"] or "", scene.name("status", project["status"])]
    if money is not None:
        parts.append(f"总投资{say(as_yuan(money), scene.currency.label)}")
    text = f"{project['name']}：{'，'.join(part for part in parts if part)}。{project['description'] or ''}"
    return Outcome(
        text,
        Value(project["description"] or project["name"], ""),
        _row(project, "org_name", "status", "description"),
        formula="项目表的原样登记",
    )


def _contractor(scene: Scene) -> Outcome:
    rows = scene.run(scene.reading.plan).frame.sort("amount", descending=True).to_dicts()
    subject = scene.reading.subject
    name = subject.label if subject is not None else ""
    if not rows:
        return Outcome(f"{name}没有公开的合同，查不到承建（供货）单位。", code=Code.NOT_IN_DATA)
    listed = "；".join(
        f"{row['supplier_name']}（{row['title']}，{say(as_yuan(row['amount']), scene.currency.label)}）"
        for row in rows[:8]
    )
    shown = tuple(
        {
            "contract_id": row["contract_id"],
            "title": row["title"],
            "supplier_id": row["supplier_id"],
            "supplier_name": row["supplier_name"],
            "amount": as_yuan(row["amount"]),
        }
        for row in rows
    )
    value = "、".join(dict.fromkeys(row["supplier_name"] or "" for row in rows))
    return Outcome(
        f"{name}的承建（供货）单位：{listed}。", Value(value, ""), shown, formula="合同表的原样登记"
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def say_day(day: date) -> str:
    """A day in Chinese."""
    return f"{day.year}年{day.month}月{day.day}日"


_TELLERS: dict[str, Callable[[Scene, Project], Outcome]] = {
    "org_name": _owner,
    "address": _place,
    "starts_on": _start,
    "ended_on": _end,
    "status": _status,
    "light": _light,
    "late": _late,
    "policy_id": _policy,
    "description": _about,
}


def define(scene: Scene) -> Outcome:
    """What a metric means, from the metric dictionary."""
    name = scene.reading.column
    metric = next((item for item in METRICS if item.name == name), None)
    if metric is None:
        formula = FORMULAS.get(name)
        if formula is None:
            return Outcome("指标词典里没有这一项。", code=Code.NOT_IN_DATA)
        return Outcome(f"{formula}。", Value(formula, ""), (), formula)
    text = f"{metric.title}：{metric.definition}公式：{metric.formula}。"
    return Outcome(
        text,
        Value(metric.formula, spoken_in(metric.unit, scene.currency)),
        (),
        f"{metric.title} = {metric.formula}",
    )
