"""Alerts on the desk: the unit explains and plans, finance or supervision closes. We flag; we do not stop payments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath
from sqlmodel import Session

from portal.back_office import names_of, office_of
from portal.reading.edition import Edition
from portal.reading.errors import NothingPublished
from portal.web.asking import parameters_of
from portal.web.guarding import Desk, works_with
from portal.web.private_pages import form_of, private_page, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Subject, Work
from portal.writing.alerts import (
    AlertFilter,
    AlertKind,
    AlertOut,
    alert_kinds,
    alert_queue,
    close_alert,
    count_alerts,
    explain,
    plan,
    read_alert,
)
from portal.writing.clocks import ClockFace, Punctuality
from portal.writing.errors import InputRefused
from portal.writing.models.words import ALERT_STATUS_NAMES, AlertStatus
from portal.writing.permissions import Row, visible_fields

GRADES = {"notice": "提醒", "attention": "关注", "urgent": "紧急"}
STEPS = {AlertStatus.OPEN: "explain", AlertStatus.EXPLAINED: "plan", AlertStatus.PLANNED: "close"}
CLOCKS = {"explanation": "说明", "plan": "整改方案"}
DONE = {"explain": "说明已提交。", "plan": "整改方案已提交。", "close": "已验收销号。"}
LATE = frozenset({Punctuality.OVERDUE, Punctuality.LONG_OVERDUE})
OPEN = tuple(status for status in AlertStatus if status is not AlertStatus.CLOSED)
PAGE = 100


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert with what the internal release says about it; `evidence` is None without the clearance."""

    alert: AlertOut
    title: str
    unit: str
    project_id: str
    month: str
    light: str
    evidence: str | None
    fields: frozenset[str]

    @property
    def running(self) -> ClockFace | None:
        """The clock that runs now."""
        is_open = self.alert.status in {AlertStatus.OPEN, AlertStatus.EXPLAINED}
        return self.alert.clocks[-1][1] if is_open and self.alert.clocks else None

    @property
    def is_late(self) -> bool:
        """Whether its clock ran out."""
        return self.running is not None and self.running.punctuality in LATE


@dataclass(frozen=True, slots=True)
class AlertsView:
    """Alerts in scope, the gravest first; `kinds` counts them by rule. Empty `rule` and `grade`: all of them."""

    lines: tuple[AlertLine, ...]
    counts: tuple[tuple[str, str, int], ...]
    kinds: tuple[KindLine, ...]
    status: str
    rule: str
    grade: str
    total: int


@dataclass(frozen=True, slots=True)
class KindLine:
    """One rule with its grade and how many alerts of it stand so."""

    rule: str
    title: str
    grade: str
    light: str
    count: int


@dataclass(frozen=True, slots=True)
class OneAlertView:
    """One alert with the step that comes next; `step` is empty when it is not for this person."""

    line: AlertLine
    step: str
    done: str
    typed: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def _facts(request: AnyRequest) -> Edition | None:
    """The internal release, where there is one."""
    try:
        return office_of(request).internal()
    except NothingPublished:
        return None


@get("/desk/alerts", guards=[Desk("alert", "read")])
async def alerts_page(request: AnyRequest) -> Response[bytes]:
    """AlertsView."""
    room, caller = room_of(request), caller_of(request)
    given = parameters_of(request)
    status, rule, grade = (given.get(name, [""])[-1][:80] for name in ("status", "rule", "grade"))
    edition = await to_thread.run_sync(_facts, request)

    def look(session: Session) -> AlertsView:
        counted = count_alerts(session, caller.subject)
        counts = tuple((each.value, ALERT_STATUS_NAMES[each], counted[each]) for each in AlertStatus)
        chosen = tuple(each for each in AlertStatus if each == status) or OPEN
        wanted = AlertFilter(chosen, rule, grade)
        found = alert_queue(session, room.rules, caller.acting.today, caller.subject, wanted, PAGE)
        kinds = alert_kinds(session, caller.subject, AlertFilter(chosen))
        total = sum(kind.count for kind in kinds if rule in {"", kind.rule} and grade in {"", kind.grade})
        lines = tuple(lines_of(found, caller.subject, edition))
        return AlertsView(lines, counts, kind_lines(kinds, edition), status, rule, grade, total)

    return private_page(
        request, "desk/alerts.html", await room.read(look), grades=GRADES, statuses_of=ALERT_STATUS_NAMES
    )


def kind_lines(kinds: Sequence[AlertKind], edition: Edition | None) -> tuple[KindLine, ...]:
    """The kinds with the titles and lights that the internal release gives their rules."""
    if edition is None or not edition.has("alerts"):
        known = {}
    else:
        columns = ("rule", "grade", "rule_title", "light")
        rows = edition.frame("alerts").select(columns).unique().sort(columns).iter_rows()
        known = {(rule, grade): (title, light) for rule, grade, title, light in rows}
    return tuple(
        KindLine(
            kind.rule,
            str(known.get((kind.rule, kind.grade), ("", ""))[0] or kind.rule),
            kind.grade,
            str(known.get((kind.rule, kind.grade), ("", ""))[1] or ""),
            kind.count,
        )
        for kind in kinds
    )


def lines_of(alerts: Sequence[AlertOut], subject: Subject, edition: Edition | None) -> list[AlertLine]:
    """The alerts with their facts from the internal release."""
    names = names_of(edition, (alert.where.unit_id for alert in alerts)) if edition else {}
    lines = []
    for alert in alerts:
        fields = visible_fields(subject, "alert", Row(alert.where))
        rows = edition.runs("alerts", "alert_id").rows(alert.alert_id) if edition else []
        fact = rows[0] if rows else {}
        month = fact.get("month")
        unit = names.get(alert.where.unit_id, alert.where.unit_id)
        told = str(fact.get("explanation") or "") if "evidence" in fields else None
        title = str(fact.get("rule_title") or alert.rule)
        project = str(fact.get("project_id") or "")
        light = str(fact.get("light") or "")
        lines.append(
            AlertLine(alert, title, unit, project, f"{month:%Y-%m}" if month else "", light, told, fields)
        )
    return lines


@get("/desk/alerts/{alert_id:str}", guards=[Desk("alert", "read")])
async def alert_page(request: AnyRequest, alert_id: FromPath[str]) -> Response[bytes]:
    """OneAlertView."""
    return await _one(request, alert_id)


async def _one(
    request: AnyRequest, alert_id: str, typed: str = "", errors: dict[str, str] | None = None
) -> Response[bytes]:
    room, caller = room_of(request), caller_of(request)
    edition = await to_thread.run_sync(_facts, request)
    done = parameters_of(request).get("done", [""])[-1]

    def look(session: Session) -> OneAlertView:
        alert = read_alert(session, room.rules, caller.acting.today, caller.subject, alert_id)
        line = lines_of((alert,), caller.subject, edition)[0]
        step = STEPS.get(alert.status, "")
        mine = step if step and works_with(caller.subject, "alert", step) else ""
        return OneAlertView(line, mine, done, typed, errors or {})

    view = await room.read(look)
    return private_page(
        request,
        "desk/alert.html",
        view,
        status=422 if errors else 200,
        grades=GRADES,
        statuses_of=ALERT_STATUS_NAMES,
        messages=DONE,
        clock_names=CLOCKS,
    )


Act = Callable[[Work, str, str, int | None], None]


async def _do(request: AnyRequest, alert_id: str, act: Act, step: str) -> Response[bytes]:
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    text, version = form.text("text"), form.whole("version")
    try:
        await room.write(caller.acting, lambda work: act(work, alert_id, text, version))
    except InputRefused as error:
        return await _one(request, alert_id, text, {"text": str(error)})
    return see_other(request, f"/desk/alerts/{alert_id}?done={step}")


@post("/desk/alerts/{alert_id:str}/explain", guards=[Desk("alert", "explain")], status_code=303)
async def explain_alert(request: AnyRequest, alert_id: FromPath[str]) -> Response[bytes]:
    """The unit says why."""
    return await _do(request, alert_id, explain, "explain")


@post("/desk/alerts/{alert_id:str}/plan", guards=[Desk("alert", "plan")], status_code=303)
async def plan_alert(request: AnyRequest, alert_id: FromPath[str]) -> Response[bytes]:
    """The unit says what it will do."""
    return await _do(request, alert_id, plan, "plan")


@post("/desk/alerts/{alert_id:str}/close", guards=[Desk("alert", "close")], status_code=303)
async def close_one(request: AnyRequest, alert_id: FromPath[str]) -> Response[bytes]:
    """Finance or supervision accepts."""
    return await _do(request, alert_id, close_alert, "close")


DESK_ALERTS = [alerts_page, alert_page, explain_alert, plan_alert, close_one]
