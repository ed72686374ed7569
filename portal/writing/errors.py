"""What can go wrong while somebody writes. No error here knows a status of HTTP.

WritingError
├── NotThere           no such thing, or none that is yours: told in the same words on purpose
├── NotAllowed         no rule of the permission table allows the action
│   └── OwnWork        the second person may not be the first
├── Conflict           the state of things does not allow it (any more)
│   ├── WrongOrder     the step is not legal from the present status
│   ├── Stale          somebody else changed it in between
│   └── AlreadyDone    it may be done once, and was
├── InputRefused       a field that cannot be taken as it is; `field` names it
│   ├── WeakPassword   the password breaks a rule
│   └── PictureRefused the file is no picture that we take
├── LinkRefused        a link, token or code that is unknown, used or expired
├── ProofRefused       the proof of work does not hold, or was used before
├── TooMany            wait; `retry_after_seconds` says how long
├── DeadlinesRefused   the table of deadlines cannot be used; the message names the place
├── LogBroken          the operation log does not verify; `sequence` is the first bad entry
├── SealBroken         a sealed secret does not open: another key, another account, or damaged
├── DatabaseBusy       locked or unreachable; try again
└── DatabaseBehind     its tables are older than the program: migrate first
"""

from __future__ import annotations


class WritingError(Exception):
    """Base of what goes wrong while somebody writes; the message is for the person who must act."""


class NotThere(WritingError):
    """There is no such thing, or it is not yours: nobody learns which."""

    def __init__(self) -> None:
        super().__init__("没有找到，或您无权查看。")


class NotAllowed(WritingError):
    """No rule of the permission table allows this person this action."""


class OwnWork(NotAllowed):
    """The second person may not be the first."""


class Conflict(WritingError):
    """The state of things does not allow it, or does not allow it any more."""


class WrongOrder(Conflict):
    """The step is not legal from the present status."""


class Stale(Conflict):
    """Somebody else changed it since it was read."""

    def __init__(self) -> None:
        super().__init__("内容已被他人改动。请刷新后再操作，您的修改没有保存。")


class AlreadyDone(Conflict):
    """It may be done once, and was."""


class InputRefused(WritingError):
    """A field cannot be taken as it is."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class WeakPassword(InputRefused):
    """The password breaks a rule."""

    def __init__(self, message: str) -> None:
        super().__init__("password", message)


class PictureRefused(InputRefused):
    """The file is no picture that we take."""

    def __init__(self, message: str) -> None:
        super().__init__("picture", message)


class LinkRefused(WritingError):
    """A link, token or code that is unknown, used or expired: nobody learns which."""

    def __init__(self) -> None:
        super().__init__("链接无效、已使用或已过期。请重新申请。")


class ProofRefused(WritingError):
    """The proof of work does not hold, has expired, or was used before."""

    def __init__(self) -> None:
        super().__init__("人机验证未通过或已过期，请重新提交；您填写的内容没有丢失。")


class TooMany(WritingError):
    """Too many tries in a short time."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"操作太频繁，请在 {retry_after_seconds} 秒后再试。")
        self.retry_after_seconds = retry_after_seconds


class DeadlinesRefused(WritingError):
    """The table of deadlines cannot be used."""


class LogBroken(WritingError):
    """The operation log does not verify."""

    def __init__(self, sequence: int, reason: str) -> None:
        super().__init__(f"操作日志第 {sequence} 条起不可信：{reason}")
        self.sequence = sequence
        self.reason = reason


class SealBroken(WritingError):
    """A sealed secret cannot be opened."""

    def __init__(self) -> None:
        super().__init__("第二因素的密钥无法打开：请确认 keys/ 目录与数据库来自同一份备份。")


class DatabaseBusy(WritingError):
    """The database is locked or cannot be reached just now."""

    def __init__(self) -> None:
        super().__init__("业务数据库暂时繁忙，请稍后再试。公开数据不受影响。")


class DatabaseBehind(WritingError):
    """The tables of the database are older, or newer, than the program."""
