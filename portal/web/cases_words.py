"""What the clock, the steps and the messages of a case are called on pages."""

from __future__ import annotations

from dataclasses import dataclass

from portal.reading.tongue import tell, tell_day
from portal.writing.case_views import PublicCase
from portal.writing.clocks import PUNCTUALITY_NAMES, ClockFace, Punctuality
from portal.writing.models.words import Audience, CaseKind, Finding, MessageKind, Status

MESSAGE_NAMES = {
    MessageKind.OPENED: "来件",
    MessageKind.SUPPLEMENT: "补充",
    MessageKind.NOTE: "内部备注",
    MessageKind.ACCEPTED: "受理",
    MessageKind.TRANSFER: "转办",
    MessageKind.CLAIM: "认领、指派",
    MessageKind.HAND_BACK: "退回待办",
    MessageKind.PAUSE: "暂停计时",
    MessageKind.RESUME: "恢复计时",
    MessageKind.REVIEW: "答复送审",
    MessageKind.SENT_BACK: "退回修改",
    MessageKind.REPLY: "答复",
    MessageKind.RATING: "评价",
    MessageKind.REOPENED: "对答复不满意，重新办理",
    MessageKind.REFUSAL: "不予受理",
    MessageKind.RESTORED: "恢复",
    MessageKind.WITHDRAWAL: "撤回",
    MessageKind.FINDING: "核查结论",
    MessageKind.CORRECTION: "更正",
    MessageKind.ESCALATION: "督办",
    MessageKind.CLOSED: "办结",
}
AUDIENCE_NAMES = {
    Audience.EVERYONE: "公开",
    Audience.ASKER: "提问人可见",
    Audience.OFFICE: "内部",
}
FINDING_NAMES = {Finding.CONFIRMED: "确有错误", Finding.NO_ERROR: "没有错误"}
KIND_HELP = {
    CaseKind.QUESTION: "想知道一件事：为什么、什么时候、花了多少。",
    CaseKind.COMPLAINT: "有事没有办好，希望得到处理。",
    CaseKind.SUGGESTION: "有办法让事情更好。",
    CaseKind.WRONG_NUMBER: "网站上的某个数字不对。从该数字旁的“数字不对？”进入，会自动带上位置。",
    CaseKind.DISCLOSURE_REQUEST: "申请公开网站上没有的政府信息（须登录）。",
    CaseKind.INQUIRY: "人大代表、媒体正式询问（须以代表或媒体身份登录）。",
}
STARS_WORDS = {1: "很不满意", 2: "不满意", 3: "一般", 4: "满意", 5: "很满意"}
_SHAPES = {
    Punctuality.RUNNING: "●",
    Punctuality.DUE_TODAY: "▲",
    Punctuality.PAUSED: "‖",
    Punctuality.OVERDUE: "◆",
    Punctuality.LONG_OVERDUE: "■",
    Punctuality.ON_TIME: "✓",
    Punctuality.LATE: "◇",
}
_ENDED_WITHOUT_REPLY = (Status.REFUSED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock as people read it: a shape, a word, a sentence, and whether it is late."""

    code: str
    shape: str
    word: str
    sentence: str
    remark: str

    @property
    def is_late(self) -> bool:
        """Whether it is overdue now."""
        return self.code in (Punctuality.OVERDUE.value, Punctuality.LONG_OVERDUE.value)


def clock_words(case: PublicCase) -> ClockWords | None:
    """The clock of a case in words; None when it ended without a reply, so that there is nothing to be late with."""
    if case.status in _ENDED_WITHOUT_REPLY:
        return None
    face = case.clock
    return ClockWords(
        face.punctuality.value,
        _SHAPES[face.punctuality],
        PUNCTUALITY_NAMES[face.punctuality],
        _sentence(face, case.pause_reason),
        face.due.remark,
    )


def _sentence(face: ClockFace, pause_reason: str) -> str:
    due = tell_day(face.due.on) if face.due.on else ""
    if face.punctuality is Punctuality.RUNNING:
        return tell("应于 {}前答复，还剩 {} 个工作日", due, face.days_left)
    if face.punctuality is Punctuality.DUE_TODAY:
        return tell("应于今天（{}）答复", due)
    if face.punctuality is Punctuality.PAUSED:
        return tell("计时已暂停：{}", pause_reason) if pause_reason else tell("计时已暂停")
    if face.punctuality in (Punctuality.OVERDUE, Punctuality.LONG_OVERDUE):
        # Without a day late no working day has passed since: a weekend, say.
        late = tell("已超期 {} 个工作日", face.days_late) if face.days_late else tell("期限已过")
        return tell("应于 {}前答复，{}", due, late)
    if face.punctuality is Punctuality.LATE:
        return tell("比期限（{}）晚 {} 个工作日答复", due, face.days_late) if due else tell("超期答复")
    return tell("在期限（{}）内答复", due) if due else tell("按时答复")
