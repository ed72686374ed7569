"""The closed lists of words the tables use; the Chinese beside each is what people read."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the portal. `ANYONE` is held by every visitor and is never granted."""

    ANYONE = "anyone"
    CITIZEN = "citizen"
    MEDIA = "media"
    DEPUTY = "deputy"
    OFFICIAL = "official"
    FINANCE = "finance"
    SUPERVISION = "supervision"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.ANYONE: "访客",
    Role.CITIZEN: "市民",
    Role.MEDIA: "媒体",
    Role.DEPUTY: "人大代表",
    Role.OFFICIAL: "单位经办",
    Role.FINANCE: "财政",
    Role.SUPERVISION: "监督",
    Role.AUDITOR: "审计",
    Role.ADMINISTRATOR: "管理员",
}
GRANTABLE = tuple(role for role in Role if role is not Role.ANYONE)
STAFF = frozenset({Role.OFFICIAL, Role.FINANCE, Role.SUPERVISION, Role.AUDITOR, Role.ADMINISTRATOR})


class CaseKind(StrEnum):
    """What a case is."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    WRONG_NUMBER = "wrong_number"
    DISCLOSURE_REQUEST = "disclosure_request"
    INQUIRY = "inquiry"


CASE_KIND_NAMES = {
    CaseKind.QUESTION: "咨询",
    CaseKind.COMPLAINT: "投诉",
    CaseKind.SUGGESTION: "建议",
    CaseKind.WRONG_NUMBER: "数据纠错",
    CaseKind.DISCLOSURE_REQUEST: "依申请公开",
    CaseKind.INQUIRY: "代表、媒体询问",
}


class Status(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    WORKING = "working"
    PAUSED = "paused"
    IN_REVIEW = "in_review"
    ANSWERED = "answered"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATUS_NAMES = {
    Status.RECEIVED: "已收到，待受理",
    Status.ASSIGNED: "已受理，待办理",
    Status.WORKING: "办理中",
    Status.PAUSED: "暂停计时",
    Status.IN_REVIEW: "答复审核中",
    Status.ANSWERED: "已答复",
    Status.CLOSED: "已办结",
    Status.REFUSED: "不予受理",
    Status.WITHDRAWN: "已撤回",
}
PUBLIC_STATUSES = (
    Status.ASSIGNED,
    Status.WORKING,
    Status.PAUSED,
    Status.IN_REVIEW,
    Status.ANSWERED,
    Status.CLOSED,
)


class Audience(StrEnum):
    """Who may read a message of a case."""

    EVERYONE = "everyone"
    ASKER = "asker"
    OFFICE = "office"


class MessageKind(StrEnum):
    """What a message of a case is."""

    OPENED = "opened"
    SUPPLEMENT = "supplement"
    NOTE = "note"
    ACCEPTED = "accepted"
    TRANSFER = "transfer"
    CLAIM = "claim"
    HAND_BACK = "hand_back"
    PAUSE = "pause"
    RESUME = "resume"
    REVIEW = "review"
    SENT_BACK = "sent_back"
    REPLY = "reply"
    RATING = "rating"
    REOPENED = "reopened"
    REFUSAL = "refusal"
    RESTORED = "restored"
    WITHDRAWAL = "withdrawal"
    FINDING = "finding"
    CORRECTION = "correction"
    ESCALATION = "escalation"
    CLOSED = "closed"


class Finding(StrEnum):
    """What the check of a reported wrong number found."""

    CONFIRMED = "confirmed"
    NO_ERROR = "no_error"


class ApprovalState(StrEnum):
    """Where something that needs a second person stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DROPPED = "dropped"


class AlertStatus(StrEnum):
    """Where the handling of an alert stands."""

    OPEN = "open"
    EXPLAINED = "explained"
    PLANNED = "planned"
    CLOSED = "closed"


ALERT_STATUS_NAMES = {
    AlertStatus.OPEN: "待说明",
    AlertStatus.EXPLAINED: "已说明，待整改方案",
    AlertStatus.PLANNED: "整改中，待验收",
    AlertStatus.CLOSED: "已销号",
}


class ClockSubject(StrEnum):
    """What a clock runs for."""

    CASE = "case"
    ALERT = "alert"


class TokenPurpose(StrEnum):
    """What a one-time link is for."""

    INVITATION = "invitation"
    RESET = "reset"


class FollowKind(StrEnum):
    """What can be followed."""

    PROJECT = "project"
    REGION = "region"
    UNIT = "unit"
    SEARCH = "search"
    CASE = "case"


class FollowState(StrEnum):
    """Where a subscription stands."""

    WAITING = "waiting"
    ACTIVE = "active"
    LEFT = "left"
