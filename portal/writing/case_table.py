"""Which step of a case is legal from which status, who may take it, and what it leaves in the timeline.

This table is the only place that knows; a step that is not listed for a status raises `WrongOrder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.writing.errors import WrongOrder
from portal.writing.models.words import STATUS_NAMES, Audience, MessageKind, Status


class Step(StrEnum):
    """What can be done to a case."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    RESTORE = "restore"
    TRANSFER = "transfer"
    ASSIGN = "assign"
    CLAIM = "claim"
    HAND_BACK = "hand_back"
    PAUSE = "pause"
    RESUME = "resume"
    SUPPLY = "supply"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    RECORD_FINDING = "record_finding"
    REOPEN = "reopen"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


STEP_NAMES = {
    Step.ACCEPT: "受理",
    Step.REFUSE: "不予受理",
    Step.RESTORE: "恢复",
    Step.TRANSFER: "转办",
    Step.ASSIGN: "指派",
    Step.CLAIM: "认领",
    Step.HAND_BACK: "退回待办",
    Step.PAUSE: "暂停计时",
    Step.RESUME: "恢复计时",
    Step.SUPPLY: "补充后恢复",
    Step.SUBMIT: "提交审核",
    Step.SEND_BACK: "退回修改",
    Step.PUBLISH: "公开答复",
    Step.RECORD_FINDING: "记录核查结论",
    Step.REOPEN: "重新办理",
    Step.CLOSE: "办结",
    Step.WITHDRAW: "撤回",
    Step.CORRECT: "登记更正版本",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """A step: from which statuses, to which, by which permission on `case`, with which message for whom."""

    step: Step
    sources: frozenset[Status]
    target: Status
    permission: str
    message: MessageKind
    audience: Audience


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


S, M, A = Status, MessageKind, Audience
_NOT_ANSWERED = _from(S.RECEIVED, S.ASSIGNED, S.WORKING, S.PAUSED, S.IN_REVIEW)
_LIST = (
    Transition(Step.ACCEPT, _from(S.RECEIVED), S.ASSIGNED, "triage", M.ACCEPTED, A.EVERYONE),
    Transition(Step.REFUSE, _from(S.RECEIVED, S.ASSIGNED), S.REFUSED, "triage", M.REFUSAL, A.ASKER),
    Transition(Step.RESTORE, _from(S.REFUSED), S.RECEIVED, "moderate", M.RESTORED, A.OFFICE),
    Transition(Step.TRANSFER, _from(S.ASSIGNED, S.WORKING), S.ASSIGNED, "transfer", M.TRANSFER, A.EVERYONE),
    Transition(Step.ASSIGN, _from(S.ASSIGNED, S.WORKING), S.WORKING, "transfer", M.CLAIM, A.OFFICE),
    Transition(Step.CLAIM, _from(S.ASSIGNED), S.WORKING, "work", M.CLAIM, A.OFFICE),
    Transition(Step.HAND_BACK, _from(S.WORKING), S.ASSIGNED, "work", M.HAND_BACK, A.OFFICE),
    Transition(Step.PAUSE, _from(S.WORKING), S.PAUSED, "work", M.PAUSE, A.EVERYONE),
    Transition(Step.RESUME, _from(S.PAUSED), S.WORKING, "work", M.RESUME, A.EVERYONE),
    Transition(Step.SUPPLY, _from(S.PAUSED), S.WORKING, "supplement", M.SUPPLEMENT, A.EVERYONE),
    Transition(Step.RECORD_FINDING, _from(S.WORKING), S.WORKING, "work", M.FINDING, A.OFFICE),
    Transition(Step.SUBMIT, _from(S.WORKING), S.IN_REVIEW, "work", M.REVIEW, A.OFFICE),
    Transition(Step.SEND_BACK, _from(S.IN_REVIEW), S.WORKING, "review", M.SENT_BACK, A.OFFICE),
    Transition(Step.PUBLISH, _from(S.IN_REVIEW), S.ANSWERED, "review", M.REPLY, A.EVERYONE),
    Transition(Step.REOPEN, _from(S.ANSWERED), S.WORKING, "rate_reply", M.REOPENED, A.EVERYONE),
    Transition(Step.CLOSE, _from(S.ANSWERED), S.CLOSED, "rate_reply", M.CLOSED, A.EVERYONE),
    Transition(Step.WITHDRAW, _NOT_ANSWERED, S.WITHDRAWN, "withdraw", M.WITHDRAWAL, A.OFFICE),
    Transition(Step.CORRECT, _from(S.ANSWERED, S.CLOSED), S.CLOSED, "correct", M.CORRECTION, A.EVERYONE),
)
TRANSITIONS = {transition.step: transition for transition in _LIST}


def transition_from(status: Status, step: Step) -> Transition:
    """The transition. Raises: WrongOrder when the step is not legal from the status."""
    found = TRANSITIONS[step]
    if status not in found.sources:
        allowed = "、".join(STATUS_NAMES[source] for source in sorted(found.sources, key=list(Status).index))
        raise WrongOrder(
            f"此件现在是“{STATUS_NAMES[status]}”，不能{STEP_NAMES[step]}；"
            f"只有“{allowed}”的件可以。请刷新后再看。"
        )
    return found


def legal_steps(status: Status) -> tuple[Step, ...]:
    """What can be done from a status."""
    return tuple(step for step, transition in TRANSITIONS.items() if status in transition.sources)
