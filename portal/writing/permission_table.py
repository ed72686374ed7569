"""The one declared table of who may do what, to which rows, and which fields they see. Whatever is not here is denied.

A rule lets holders of `role` with at least `clearance` do `actions` to `resource` in `scope`, and see `fields` of it
(as far as their clearance reaches `FIELD_CLEARANCE`). The web layer declares each route by (resource, action).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.writing.models.words import Role


class Scope(StrEnum):
    """Which rows a rule reaches."""

    PUBLIC = "public"
    OWN = "own"
    GRANTED = "granted"
    ALL = "all"


SCOPE_NAMES = {
    Scope.PUBLIC: "已公开的",
    Scope.OWN: "本人的",
    Scope.GRANTED: "授权范围（单位、地区、领域）内的",
    Scope.ALL: "全部",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    role: Role
    resource: str
    actions: frozenset[str]
    scope: Scope
    fields: frozenset[str]
    clearance: int = 1

    @property
    def name(self) -> str:
        """How the rule is called where it is explained."""
        return f"{self.role}/{self.resource}/{self.scope}/{'+'.join(sorted(self.actions))}"


# How secret each field is. 1: whoever sees the row sees it.
FIELD_CLEARANCE: dict[str, dict[str, int]] = {
    "case": {
        "number": 1, "kind": 1, "status": 1, "subject": 1, "project": 1, "unit": 1, "due": 1, "timeline": 1,
        "asker_messages": 2, "notes": 3, "drafts": 3, "pictures": 2, "spam_hints": 2, "original": 5, "asker": 8,
    },
    "alert": {"handling": 1, "explanation": 2, "plan": 2, "evidence": 3, "payees": 9},
    "rating": {"statistics": 1, "own": 1},
    "approval": {"state": 1, "body": 3, "author": 3},
    "template": {"title": 1, "body": 1},
    "account": {"login": 1, "display_name": 1, "grants": 1, "sessions": 6, "person_key": 12},
    "log": {"entry": 1, "changes": 6, "origin": 9},
    "release": {"candidate": 1, "disclosure_report": 4, "difference": 1},
    "internal_table": {"rows": 2, "payees": 9},
    "letter": {"state": 1},
}  # fmt: skip

_CASE_PUBLIC = frozenset({"number", "kind", "status", "subject", "project", "unit", "due", "timeline"})
_CASE_ASKER = _CASE_PUBLIC | {"asker_messages", "pictures", "original"}
_CASE_DESK = frozenset(FIELD_CLEARANCE["case"])
_ALERT = frozenset(FIELD_CLEARANCE["alert"])


def _all(resource: str) -> frozenset[str]:
    return frozenset(FIELD_CLEARANCE[resource])


def _acts(words: str) -> frozenset[str]:
    return frozenset(words.split())


ASKING = (Role.CITIZEN, Role.MEDIA, Role.DEPUTY)
R, S = Role, Scope
RULES: tuple[Rule, ...] = (
    # Everyone, signed in or not
    Rule(R.ANYONE, "case", _acts("read"), S.PUBLIC, _CASE_PUBLIC),
    Rule(R.ANYONE, "case", _acts("open"), S.ALL, frozenset()),
    Rule(R.ANYONE, "rating", _acts("read"), S.ALL, frozenset({"statistics"})),
    # Those who ask and rate
    *(
        rule
        for role in ASKING
        for rule in (
            Rule(role, "case", _acts("read supplement withdraw rate_reply"), S.OWN, _CASE_ASKER),
            Rule(role, "rating", _acts("rate read_own"), S.OWN, frozenset({"own"})),
        )
    ),
    Rule(R.CITIZEN, "case", _acts("open_request"), S.ALL, frozenset()),
    *(Rule(role, "case", _acts("open_request open_inquiry"), S.ALL, frozenset()) for role in (R.MEDIA, R.DEPUTY)),
    # A budget unit
    Rule(R.OFFICIAL, "case", _acts("read work note triage"), S.GRANTED, _CASE_DESK, 2),
    Rule(R.OFFICIAL, "case", _acts("review transfer"), S.GRANTED, _CASE_DESK, 4),
    Rule(R.OFFICIAL, "template", _acts("read write"), S.GRANTED, _all("template"), 2),
    Rule(R.OFFICIAL, "alert", _acts("read explain plan"), S.GRANTED, _ALERT, 2),
    Rule(R.OFFICIAL, "internal_table", _acts("read export"), S.GRANTED, _all("internal_table"), 2),
    # Finance
    Rule(R.FINANCE, "case", _acts("read note triage transfer moderate work review"), S.GRANTED, _CASE_DESK, 4),
    Rule(R.FINANCE, "case", _acts("correct"), S.GRANTED, _CASE_DESK, 4),
    Rule(R.FINANCE, "alert", _acts("read close"), S.GRANTED, _ALERT, 4),
    Rule(R.FINANCE, "release", _acts("read stage"), S.ALL, _all("release"), 4),
    Rule(R.FINANCE, "release", _acts("approve withdraw"), S.ALL, _all("release"), 7),
    Rule(R.FINANCE, "internal_table", _acts("read export"), S.GRANTED, _all("internal_table"), 4),
    Rule(R.FINANCE, "template", _acts("read"), S.GRANTED, _all("template"), 2),
    # Supervision reads, remarks and closes alerts; it does not answer for the units
    Rule(R.SUPERVISION, "case", _acts("read note escalate"), S.GRANTED, _CASE_DESK, 5),
    Rule(R.SUPERVISION, "alert", _acts("read close"), S.GRANTED, _ALERT, 5),
    Rule(R.SUPERVISION, "internal_table", _acts("read export"), S.GRANTED, _all("internal_table"), 5),
    # The auditor reads everything and changes nothing
    *(
        Rule(R.AUDITOR, resource, _acts("read export"), S.ALL, _all(resource), 1)
        for resource in ("case", "alert", "approval", "template", "log", "release", "internal_table", "account")
    ),
    # The administrator gives roles, and sees no content
    Rule(R.ADMINISTRATOR, "account", _acts("read invite grant disable reset end_sessions"), S.ALL, _all("account"), 1),
    Rule(R.ADMINISTRATOR, "letter", _acts("read"), S.ALL, _all("letter"), 1),
)  # fmt: skip
RESOURCE_NAMES = {
    "case": "来件", "alert": "预警", "rating": "评价", "approval": "审核稿", "template": "答复模板", "account": "账户",
    "log": "操作日志", "release": "发布", "internal_table": "内部数据", "letter": "信件",
}  # fmt: skip
ACTION_NAMES = {
    "read": "查看", "open": "提出", "supplement": "补充", "withdraw": "撤回", "rate_reply": "评价答复", "rate": "评价",
    "read_own": "查看自己的", "open_request": "申请公开", "open_inquiry": "询问", "work": "办理", "note": "备注",
    "triage": "受理", "review": "审核", "transfer": "转办", "write": "编写", "explain": "说明", "plan": "报整改方案",
    "export": "导出", "moderate": "筛查", "correct": "纠错", "close": "验收销号", "stage": "制作候选版本",
    "approve": "批准", "escalate": "督办", "invite": "邀请", "grant": "授权", "disable": "停用", "reset": "重设密码",
    "end_sessions": "结束登录",
}  # fmt: skip
READING_ACTIONS = frozenset({"read", "export", "read_own"})
RESOURCES = tuple(FIELD_CLEARANCE)
ACTIONS = tuple(sorted({(rule.resource, action) for rule in RULES for action in rule.actions}))
